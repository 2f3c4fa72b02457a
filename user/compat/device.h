/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles of /dev/mbox that the program does not know of. */
#ifndef MBOX_COMPAT_DEVICE_H
#define MBOX_COMPAT_DEVICE_H

#include <mbox.h>

/**
 * device_keep() - take the descriptor out of a handle
 * @mbox: handle of libmbox, which ends here
 *
 * It gets a high number, where it is in nobody's way: programs count on the numbers
 * that open(2) gives, and some close all low ones.
 *
 * Return: the descriptor, close-on-exec, or -EMFILE.
 */
int device_keep(struct mbox *mbox);

/**
 * device_create() - make a persistent mailbox of kind queue
 * @name: name
 * @mode: permission bits; unlike in libmbox 0 is 0
 * @limits: limits
 * @id: where its id goes
 *
 * The handle that makes a mailbox has both rights whatever its mode says, so none is
 * kept.
 *
 * Return: 0; -EEXIST; another negative errno of open(2) or MBOX_IOC_OPEN.
 */
int device_create(const char *name, uint32_t mode, const struct mbox_limits *limits,
		  uint64_t *id);

/**
 * device_ioctl() - one command of the device
 * @fd: descriptor
 * @request: MBOX_IOC_*
 * @arg: its argument
 *
 * Return: its result or a negative errno; errno itself stays.
 */
int device_ioctl(int fd, unsigned long request, void *arg);

/**
 * device_error() - what to say where the device is not there
 * @err: negative errno of libmbox
 *
 * Return: -ENOSYS for -ENODEV, with a line of trace: the system has no such queues
 * then; else @err.
 */
int device_error(int err);

#endif /* MBOX_COMPAT_DEVICE_H */
