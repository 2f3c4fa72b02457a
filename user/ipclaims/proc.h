/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes of an experiment: starting, watching, waking and ending them. */
#ifndef IPCLAIMS_PROC_H
#define IPCLAIMS_PROC_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lab/array.h"

/* fork(); the child ends itself with _exit(). */
pid_t start(void);

/* Wait for the end of a child: its status as waitpid() gives it. */
int end_of(pid_t child);

/* As end_of(), for a child that has to succeed. */
void ends_well(pid_t child);

/* Ends a child by SIGKILL. */
void end_now(pid_t child);

/* The letter of a process's state in /proc: 'R', 'S', 'Z', ...; 0 if it is gone. */
char state_of(pid_t pid);

/*
 * Waits until a child either sleeps, as one does that is blocked in a system
 * call, or has ended; true if it sleeps.
 */
bool sleeps(pid_t child);

/* For a loop that waits for another process; ends ours if that one has given up. */
void wait_a_little(void);

/* Waits until another process has set *@word to @value. */
void until(const volatile int *word, int value);

/* Waits until it has set it to anything but @value; returns what. */
int until_not(const volatile int *word, int value);

/* Zeroed memory that is shared with the children to come. */
void *shared_memory(size_t size);

/* A pipe, and a byte through it. */
void make_pipe(int ends[2], int flags);
void send_byte(int fd);
void await_byte(int fd);

/* A line of /proc/self/status as a hexadecimal number, e.g. "SigPnd". */
unsigned long status_mask(const char *field);

/* Installs a handler; @flags as SA_*; all signals are blocked while it runs. */
void handle(int number, void (*handler)(int number), int flags);

/* Blocks or unblocks one signal: @how as of sigprocmask(). */
void mask(int how, int number);

/* No core file, and no program for core files, whatever kills this process. */
void forbid_core(void);

/* From now on this process has no privilege, whoever it belongs to. */
void drop_capabilities(void);

#endif /* IPCLAIMS_PROC_H */
