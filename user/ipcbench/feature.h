/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What mechanisms can do, found out by trying. A probe knows a mechanism only by
 * its interface and answers from what it has seen.
 */
#ifndef IPCBENCH_FEATURE_H
#define IPCBENCH_FEATURE_H

#include <stddef.h>

#include "mechanism.h"

#define REMARK_MAX	120

enum answer_kind {
	ANSWER_FAILED,	/* the probe could not find out */
	ANSWER_NO,
	ANSWER_PARTLY,
	ANSWER_YES,
};

/**
 * struct answer - what a probe has found out
 * @kind: in one word
 * @remark: what was seen
 */
struct answer {
	enum answer_kind kind;
	char remark[REMARK_MAX];
};

/**
 * struct feature - one question to every mechanism
 * @name: in files and on the command line
 * @title: in tables
 * @question: in full; "yes" is the answer ANSWER_YES
 * @probe: finds the answer out, in a process of its own
 */
struct feature {
	const char *name;
	const char *title;
	const char *question;
	void (*probe)(const struct mechanism *how, struct answer *answer);
};

/* All of them, in the order of the tables; ends with a NULL name. */
extern const struct feature features[];

void answer(struct answer *answer, enum answer_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

const char *answer_name(enum answer_kind kind);

/* "ipcbench features": the arguments after the verb. */
int features_main(int argc, char **argv);

void probe_boundaries(const struct mechanism *how, struct answer *found);
void probe_empty(const struct mechanism *how, struct answer *found);
void probe_types(const struct mechanism *how, struct answer *found);
void probe_priority(const struct mechanism *how, struct answer *found);
void probe_peek(const struct mechanism *how, struct answer *found);
void probe_sender(const struct mechanism *how, struct answer *found);
void probe_unforgeable(const struct mechanism *how, struct answer *found);
void probe_poll(const struct mechanism *how, struct answer *found);
void probe_timeout(const struct mechanism *how, struct answer *found);
void probe_nonblocking(const struct mechanism *how, struct answer *found);
void probe_restart(const struct mechanism *how, struct answer *found);
void probe_bounded(const struct mechanism *how, struct answer *found);
void probe_unrelated(const struct mechanism *how, struct answer *found);
void probe_survives(const struct mechanism *how, struct answer *found);
void probe_reader_learns(const struct mechanism *how, struct answer *found);
void probe_writer_learns(const struct mechanism *how, struct answer *found);
void probe_residue(const struct mechanism *how, struct answer *found);
void probe_broadcast(const struct mechanism *how, struct answer *found);
void probe_sharing(const struct mechanism *how, struct answer *found);
void probe_descriptor(const struct mechanism *how, struct answer *found);
void probe_in_place(const struct mechanism *how, struct answer *found);
void probe_rendezvous(const struct mechanism *how, struct answer *found);
void probe_expiry(const struct mechanism *how, struct answer *found);
void probe_redelivery(const struct mechanism *how, struct answer *found);
void probe_call(const struct mechanism *how, struct answer *found);

#endif /* IPCBENCH_FEATURE_H */
