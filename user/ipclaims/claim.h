/* SPDX-License-Identifier: GPL-2.0-only */
/* The claims of the lectures, and what may come of checking them. */
#ifndef IPCLAIMS_CLAIM_H
#define IPCLAIMS_CLAIM_H

#include <stdbool.h>
#include <stddef.h>

/**
 * enum verdict - what an experiment says about a claim
 * @VERDICT_UNEXPECTED: it went as Linux is not known to do: the checker is wrong
 * @VERDICT_TRUE: the claim holds on this kernel
 * @VERDICT_OUTDATED: it does not, today
 * @VERDICT_SKIPPED: the experiment cannot be made here
 */
enum verdict {
	VERDICT_UNEXPECTED,
	VERDICT_TRUE,
	VERDICT_OUTDATED,
	VERDICT_SKIPPED,
};

/**
 * struct outcome - a way in which the experiment may go
 * @name: what the experiment calls it
 * @verdict: what that says about the claim
 */
struct outcome {
	const char *name;
	enum verdict verdict;
};

#define CLAIM_OUTCOMES_MAX	5

/**
 * struct claim - a claim of the lectures
 * @row: number of the row: "73" of the tables A1, "A2.10" or "A3.1"
 * @lectures: which of S0 to S4 make it
 * @text: the claim, so short that it and the finding fit one line
 * @says: the lecture's words, or their sense
 * @page: the manual page that settles it
 * @check: the experiment; it runs in a process of its own
 * @outcomes: how it may go on Linux; all else is unexpected
 * @note: what one should know besides, or NULL
 */
struct claim {
	const char *row;
	const char *lectures;
	const char *text;
	const char *says;
	const char *page;
	void (*check)(void);
	struct outcome outcomes[CLAIM_OUTCOMES_MAX];
	const char *note;
};

/**
 * struct group - claims on one subject
 * @name: its name
 * @about: a word more, for the listing
 * @claims: its claims, the last one without a row
 * @missing: says why none of them can be checked on this machine, or NULL; a
 *	     group that is missing is left out unless it is asked for
 */
struct group {
	const char *name;
	const char *about;
	const struct claim *claims;
	const char *(*missing)(void);
};

/* In the order of the output, the last one without a name. */
extern const struct group groups[];

extern const struct claim process_claims[];
extern const struct claim signal_claims[];
extern const struct claim action_claims[];
extern const struct claim restart_claims[];
extern const struct claim pipe_claims[];
extern const struct claim fifo_claims[];
extern const struct claim socket_claims[];
extern const struct claim shm_claims[];
extern const struct claim id_claims[];
extern const struct claim sem_claims[];
extern const struct claim msg_claims[];
extern const struct claim ptrace_claims[];
extern const struct claim speed_claims[];
extern const struct claim library_claims[];
extern const struct claim mbox_claims[];

const char *mbox_missing(void);

#endif /* IPCLAIMS_CLAIM_H */
