/* SPDX-License-Identifier: GPL-2.0-only */
/* Errors: what is said, and which exit code it gives. */
#ifndef MBOX_TOOLS_REPORT_H
#define MBOX_TOOLS_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include <mbox.h>

/* Names the verb in all that is said from now on. */
void report_verb(const char *verb);

/* "mbox: VERB: text" on standard error. */
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As report(), with a pointer to the help, and exits with CLI_USAGE. */
void usage_error(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* "message" or "messages". */
const char *messages(uint64_t count);

/* The exit code of a negative errno that the device or the library gave. */
int exit_code(int err);

/* These report why something failed and return its exit code. */
int fail_open(const char *name, uint32_t rights, int err);
int fail_ctl(struct mbox_ctl *ctl, const char *name, int err);
int fail_device(int err);
int fail_output(void);

/* What a send waited for: nothing with @timeout 0. */
int fail_send(struct mbox *mbox, const char *name, size_t len, int64_t timeout,
	      int err);
int fail_size(const char *name, size_t len, uint32_t max_size);

/* @more, which is some bytes, would exceed the quota of the user or the domain. */
int fail_bytes(const char *name, const char *more, int err);

/* " seconds" for a time that was given as a number alone, "" for others. */
const char *time_unit(const char *time);

/* @spec is the filter as it was asked for, or NULL. */
int fail_recv(const char *name, const char *spec, const char *timeout, int err);

#endif /* MBOX_TOOLS_REPORT_H */
