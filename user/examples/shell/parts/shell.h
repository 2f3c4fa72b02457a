/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the shell share: one noun a file. */
#ifndef EXAMPLES_SHELL_H
#define EXAMPLES_SHELL_H

#include <stdbool.h>
#include <termios.h>

#include "../../check.h"

#define MAX_WORDS	64
#define MAX_COMMANDS	16
#define MAX_JOBS	16

/* ---- parse.c: from a line to what is to be done ---------------------------- */

/**
 * struct command - one part of a pipeline
 * @words: name and arguments, then NULL; in the memory of the line
 * @count: how many words
 * @input: file that standard input is to come from, or NULL
 * @output: file that standard output is to go to, or NULL
 * @append: @output is appended to
 */
struct command {
	char *words[MAX_WORDS + 1];
	int count;
	char *input;
	char *output;
	bool append;
};

/**
 * struct pipeline - commands of which each reads what the one before writes
 * @commands: the commands
 * @count: how many
 * @background: nobody waits for it
 * @text: what the user typed, not terminated
 * @length: length of @text
 */
struct pipeline {
	struct command commands[MAX_COMMANDS];
	int count;
	bool background;
	const char *text;
	int length;
};

/**
 * struct parser - a line that is being read
 * @next: what was not read yet
 * @words: memory for the words, twice as long as the line
 */
struct parser {
	const char *next;
	char *words;
};

/* 1 if there was a pipeline, 0 at the end of the line, -1 after an error. */
int parse_pipeline(struct parser *parser, struct pipeline *pipeline);

/* ---- job.c: a pipeline that was started ------------------------------------ */

enum state { RUNNING, STOPPED, ENDED };

/**
 * struct process - one command of a job
 * @pid: process
 * @state: what waitpid() has told of it
 * @status: the wait status that said so
 */
struct process {
	pid_t pid;
	enum state state;
	int status;
};

/**
 * struct job - a pipeline that was started
 * @text: what the user typed; NULL if the entry of the table is free
 * @group: process group, which is the shell's own if there is no job control
 * @processes: its processes
 * @count: how many
 * @modes: the terminal's, when it was stopped in the foreground
 * @modes_saved: @modes are valid
 * @order: when it was started or stopped; the highest is the current job
 * @told: the user knows of its state
 */
struct job {
	char *text;
	pid_t group;
	struct process processes[MAX_COMMANDS];
	int count;
	struct termios modes;
	bool modes_saved;
	unsigned int order;
	bool told;
};

void job_add(struct job *job, pid_t pid);
void job_drop(struct job *job);
enum state job_state(const struct job *job);
void job_print(struct job *job);
/* Wait until it ends or stops. Returns the exit status for the shell. */
int job_wait(struct job *job);
int job_continue(struct job *job, bool foreground);

/* ---- jobs.c: the table of all jobs ----------------------------------------- */

/* NULL, after a message, if there are too many. */
struct job *jobs_new(const struct pipeline *pipeline);
int jobs_number(const struct job *job);
/* The job "%1" or "1", or the current one if @name is NULL; NULL if none is. */
struct job *jobs_find(const char *name);
/* Wait for news of a child; false if there is none. */
bool jobs_wait_for_one(int flags);
void jobs_collect(void);
/* Print those whose state has changed, or @all; forget those that ended. */
void jobs_report(bool all);
/* Wait until none runs any more; false if Ctrl-C came first. */
bool jobs_wait(void);
bool jobs_any(enum state state);
void jobs_hang_up(void);

/* ---- terminal.c: who may read from it -------------------------------------- */

/* Job control is for a shell that has a terminal. */
bool terminal_is_ours(void);
void terminal_open(bool interactive);
/* False: Ctrl-C came first. */
bool terminal_await_input(void);
bool terminal_await_child(void);
void terminal_give(struct job *job);
void terminal_take_back(struct job *job);
/* In a child: signals as they were before the shell set its own. */
void terminal_default_signals(void);

/* ---- run.c, builtin.c ------------------------------------------------------ */

int run_pipeline(const struct pipeline *pipeline);
bool redirect(const struct command *command);

typedef int builtin_t(char *const *words);

/* What the shell has to do itself, as nobody else could change its state. */
builtin_t *find_builtin(const char *name);

#endif /* EXAMPLES_SHELL_H */
