/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of strace share. */
#ifndef EXAMPLES_STRACE_H
#define EXAMPLES_STRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define ARGUMENTS	6

/**
 * struct call - the system call that the traced process is in
 * @pid: that process
 * @wanted: the calls to show, "read,write", or NULL for all
 * @arch: AUDIT_ARCH_*, which tells what @nr means and how wide a pointer is
 * @nr: number of the call
 * @args: its arguments
 * @next: the argument to print next
 * @open: its entry was seen, its exit not yet
 * @shown: it is one of the wanted
 */
struct call {
	pid_t pid;
	const char *wanted;
	uint32_t arch;
	uint64_t nr;
	uint64_t args[ARGUMENTS];
	int next;
	bool open;
	bool shown;
};

/**
 * struct result - what a system call returned
 * @value: value, or a negative errno
 * @failed: it is an errno
 */
struct result {
	int64_t value;
	bool failed;
};

/**
 * struct name - a number that has a name
 * @name: name
 * @number: number
 */
struct name {
	const char *name;
	uint64_t number;
};

/* call.c */
void show_call(struct call *call);

/* names.c */
const char *call_name(const struct call *call);
void print_request(FILE *out, uint64_t request);
void print_flags(FILE *out, const char *prefix, uint64_t flags);

/* memory.c: of another process. It is not ours, so all of it may be wrong. */
bool read_object(pid_t pid, uint64_t address, void *object, size_t size);
void print_string(FILE *out, pid_t pid, uint64_t address);
void print_bytes(FILE *out, pid_t pid, uint64_t address, uint64_t len);
void print_strings(FILE *out, const struct call *call, uint64_t address);

/* arguments.c */
void print_arguments(FILE *out, struct call *call, const struct result *result);
void print_result(FILE *out, const struct call *call, const struct result *result);

/* ioctl.c */
bool ioctl_answers(uint64_t request);
void print_ioctl(FILE *out, const struct call *call, const struct result *result);

#endif /* EXAMPLES_STRACE_H */
