// SPDX-License-Identifier: GPL-2.0-only
/*
 * The terminal belongs to one process group at a time, the foreground one: it
 * may read, and Ctrl-C, Ctrl-\ and Ctrl-Z signal its processes, all of them and
 * nobody else. The shell gives the terminal to a job and takes it back.
 */
#include <poll.h>
#include <signal.h>

#include "shell.h"

static bool ours;
static sigset_t awaited;
static sigset_t original;
static struct termios shell_modes;

/* SIGTTOU, too: it is what the shell gets that takes its terminal back. */
static const int ignored[] = { SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };

bool terminal_is_ours(void)
{
	return ours;
}

/* To end the wait for a line; the default would end the shell. */
static void on_interrupt(int signal)
{
	(void)signal;
}

static void set_signal(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigemptyset(&action.sa_mask);
	check_sys(sigaction(number, &action, NULL), "sigaction");
}

void terminal_default_signals(void)
{
	if (ours) {
		set_signal(SIGINT, SIG_DFL);
		for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
			set_signal(ignored[i], SIG_DFL);
	}
	/* Last: a Ctrl-C that came meanwhile is for the command, and ends it. */
	check_sys(sigprocmask(SIG_SETMASK, &original, NULL), "sigprocmask");
}

/* Started in the background, we stop until we are brought to the foreground. */
static void await_foreground(void)
{
	while (check_sys(tcgetpgrp(STDIN_FILENO), "tcgetpgrp") != getpgrp())
		check_sys(kill(0, SIGTTIN), "kill");
}

static void give_to_group(pid_t group)
{
	/* A group that has ended already needs no terminal. */
	if (tcsetpgrp(STDIN_FILENO, group) < 0 && errno != EPERM && errno != ESRCH)
		fail("tcsetpgrp", errno);
}

static void set_modes(const struct termios *modes)
{
	check_sys(tcsetattr(STDIN_FILENO, TCSADRAIN, modes), "tcsetattr");
}

/* They come only while we wait for them, so that none comes just before. */
static void block_signals(void)
{
	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	if (ours)
		sigaddset(&awaited, SIGINT);
	check_sys(sigprocmask(SIG_BLOCK, &awaited, &original), "sigprocmask");
}

bool terminal_await_input(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	int ret = ppoll(&input, 1, NULL, &original);

	if (ret < 0 && errno != EINTR)
		fail("ppoll", errno);
	return ret > 0;
}

bool terminal_await_child(void)
{
	return sigwaitinfo(&awaited, NULL) == SIGCHLD;
}

void terminal_open(bool interactive)
{
	ours = interactive;
	block_signals();
	if (!ours)
		return;
	await_foreground();
	set_signal(SIGINT, on_interrupt);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		set_signal(ignored[i], SIG_IGN);
	/* The leader of a session has a group of its own, and may not change it. */
	if (getpgrp() != getpid())
		check_sys(setpgid(0, 0), "setpgid");
	give_to_group(getpgrp());
	check_sys(tcgetattr(STDIN_FILENO, &shell_modes), "tcgetattr");
}

void terminal_give(struct job *job)
{
	if (!ours)
		return;
	if (job->modes_saved)
		set_modes(&job->modes);
	give_to_group(job->group);
}

/* A stopped editor leaves the terminal in its own modes: keep them for it. */
void terminal_take_back(struct job *job)
{
	if (!ours)
		return;
	give_to_group(getpgrp());
	job->modes_saved = job_state(job) == STOPPED;
	if (job->modes_saved)
		check_sys(tcgetattr(STDIN_FILENO, &job->modes), "tcgetattr");
	set_modes(&shell_modes);
}
