/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that tests put in the place of others: the linker is told by
 * tests.mk which ones a test replaces, and makes their callers call these.
 */
#ifndef MBOX_TESTS_WRAP_H
#define MBOX_TESTS_WRAP_H

#include <stdint.h>
#include <sys/socket.h>

struct mbox_ctl;

int __wrap_open(const char *path, int flags, ...);
int __wrap_close(int fd);
int __real_close(int fd);
int __wrap_ioctl(int fd, unsigned long request, ...);
ssize_t __wrap_recvmsg(int fd, struct msghdr *hdr, int flags);
int __wrap_mbx_ctl_event_seq(struct mbox_ctl *ctl, uint64_t *seq);

#endif /* MBOX_TESTS_WRAP_H */
