/* SPDX-License-Identifier: GPL-2.0-only */
/* What the debugger asks of the program: its memory, its registers, to run. */
#ifndef EXAMPLES_PROGRAM_H
#define EXAMPLES_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

/**
 * struct program - the program that is looked at
 * @pid: its process
 * @slide: how far its addresses are from those of the same things in ours
 */
struct program {
	pid_t pid;
	uintptr_t slide;
};

/* Runs this program once more, with one argument, up to its exec. */
void program_start(struct program *p, char *name, char *argument);
void program_kill(const struct program *p);

/* @what is an address of ours. */
long program_peek(const struct program *p, const void *what);
void program_poke(const struct program *p, const void *what, long word);

struct user_regs_struct program_registers(const struct program *p);
void program_set_registers(const struct program *p, const struct user_regs_struct *regs);

/* Until it stops; says so and returns false if it ends instead. */
bool program_run(const struct program *p);
bool program_step(const struct program *p);

#endif /* EXAMPLES_PROGRAM_H */
