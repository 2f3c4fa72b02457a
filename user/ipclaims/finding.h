/* SPDX-License-Identifier: GPL-2.0-only */
/* What an experiment finds. Shared by the processes that take part in it. */
#ifndef IPCLAIMS_FINDING_H
#define IPCLAIMS_FINDING_H

#include <stdbool.h>

/**
 * struct finding - what came of one experiment
 * @outcome: its outcome, or "" if it did not come to an end
 * @brief: the outcome in a word or two, for the claim's own line
 * @observed: what this kernel did, in sentences
 * @skipped: why the experiment cannot be made here, or ""
 * @fault: what stopped it, or ""
 * @differs: some part of it did not go as it is known to
 */
struct finding {
	char outcome[32];
	char brief[32];
	char observed[1600];
	char skipped[160];
	char fault[160];
	bool differs;
};

/* Where the functions below write to; memory that is shared over fork(). */
void finding_begin(struct finding *finding);

/* Whether one of the processes has skipped or found a fault. */
bool finding_over(void);

/* Adds a sentence on what was observed. */
void observe(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * As observe(), of something that is known to be so: @holds tells if it was. If not,
 * no outcome is what was expected.
 */
void part(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The outcome; in brief it is called by its name or as the format says. */
void conclude(const char *outcome);
void conclude_as(const char *outcome, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The outcome "so", of an experiment that has no other one if all its parts hold. */
void conclude_parts(void);

/* The first word counts: what comes of it in other processes adds nothing. */
void note_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));
void note_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* These end the process, too. */
void skip(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void fault(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/*
 * Pass on what a system call returned; errno tells why if that is negative. A
 * facility that one needs may be absent, forbidden or used up: that is a reason to
 * skip. What must succeed, once it is there, is a fault if it does not.
 */
long need(long result, const char *what);
long must(long result, const char *what);

/* "EINTR" and its like, or "no error" for 0. */
const char *error_name(int error);

/* As need(), of an address that mmap() or shmat() gave. */
void *need_memory(void *address, const char *what);

#endif /* IPCLAIMS_FINDING_H */
