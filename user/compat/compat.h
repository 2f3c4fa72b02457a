/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libmbox-compat: the calls of older message queues, served by /dev/mbox.
 *
 * What holds for all of it is in Documentation/design/compat.rst.
 */
#ifndef MBOX_COMPAT_COMPAT_H
#define MBOX_COMPAT_COMPAT_H

#include <stdbool.h>

/* Put before each function that programs call instead of libc's. */
#define COMPAT_EXPORT	__attribute__((visibility("default")))

/* What the environment asks for. */
#define COMPAT_SYSV	(1U << 0)
#define COMPAT_TRACE	(1U << 1)

/*
 * Words with commas between, as "mbox run" sets it: "sysv", "trace". Without the
 * variable SysV queues are served.
 */
#define COMPAT_VARIABLE	"MBOX_COMPAT"

/**
 * compat_has() - does the environment ask for this?
 * @option: one of COMPAT_*
 *
 * The environment is read once. Safe in threads, in constructors of other libraries
 * and in signal handlers.
 *
 * Return: true if it does.
 */
bool compat_has(unsigned int option);

/**
 * compat_fail() - end a call as libc does
 * @err: negative errno, or a result
 *
 * Return: @err, or -1 with errno set.
 */
long compat_fail(long err);

#endif /* MBOX_COMPAT_COMPAT_H */
