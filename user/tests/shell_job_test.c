// SPDX-License-Identifier: GPL-2.0-only
/*
 * Job control of examples/shell, at a terminal: types Ctrl-Z, fg, bg, Ctrl-C,
 * and looks at what is printed, at whom the terminal belongs to, at the states
 * of the processes and at the modes of the terminal.
 *
 * What is typed comes back as echo; what a command prints is told apart from
 * that by the line break before it. A job says so when it has begun.
 */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "tap.h"

/* Only a failure takes as long. */
#define LIMIT_MS	30000

#define CTRL_C		"\003"
#define CTRL_D		"\004"
#define CTRL_Z		"\032"
#define CTRL_QUIT	"\034"

#define PROMPT		"\r\nshell> "
#define CAT		"sh -c 'echo begun; exec cat'"

/**
 * struct session - a shell and the terminal that it runs at
 * @master: our side of the terminal
 * @shell: the shell
 * @text: what was printed and not yet expected
 * @len: how much of it
 */
static struct session {
	int master;
	pid_t shell;
	char text[1 << 16];
	size_t len;
} session;

static void start_shell(void)
{
	static const struct rlimit no_core;
	struct winsize size = { .ws_row = 24, .ws_col = 200 };
	const char *out = getenv("out");
	char path[4096];

	snprintf(path, sizeof(path), "%s/examples/shell/shell", out ? out : "build/user");
	session.shell = forkpty(&session.master, NULL, NULL, &size);
	if (session.shell)
		return;
	setrlimit(RLIMIT_CORE, &no_core);
	setenv("LC_ALL", "C", 1);
	execl(path, "shell", NULL);
	perror(path);
	_exit(127);
}

/* False after the limit, or when nobody is left at the other side. */
static bool read_more(void)
{
	struct pollfd master = { .fd = session.master, .events = POLLIN };
	ssize_t len;

	if (session.len >= sizeof(session.text) - 1 || poll(&master, 1, LIMIT_MS) <= 0)
		return false;
	len = read(session.master, session.text + session.len,
		   sizeof(session.text) - 1 - session.len);
	if (len <= 0)
		return false;
	session.len += len;
	session.text[session.len] = '\0';
	return true;
}

static void show(const char *label, const char *text, size_t len)
{
	printf("# %s: ", label);
	for (size_t i = 0; i < len; i++)
		printf((unsigned char)text[i] < ' ' ? "\\%03o" : "%c", text[i]);
	putchar('\n');
}

/* The text comes; what is before it does not matter. */
static void expect(const char *want, const char *name)
{
	char *found;

	while (!(found = strstr(session.text, want)))
		if (!read_more())
			break;
	ok(found, name);
	if (!found) {
		show("want", want, strlen(want));
		show("got", session.text, session.len);
		exit(tap_done());
	}
	found += strlen(want);
	session.len -= found - session.text;
	memmove(session.text, found, session.len + 1);
}

static void type(const char *keys)
{
	size_t len = strlen(keys);

	if (write(session.master, keys, len) != (ssize_t)len) {
		perror("write to the terminal");
		exit(1);
	}
}

/* All that was typed before is done, and its output comes before this. */
static void catch_up(void)
{
	type("echo caught' 'up\n");
	expect("caught up" PROMPT, "the shell goes on");
}

static pid_t foreground(void)
{
	return tcgetpgrp(session.master);
}

/* The output of a command can come before the shell knows of its end. */
static void await_foreground(pid_t group)
{
	while (foreground() > 0 && foreground() != group)
		poll(NULL, 0, 1);
}

static bool echoes(void)
{
	struct termios modes;

	return !tcgetattr(session.master, &modes) && modes.c_lflag & ECHO;
}

/**
 * struct stat_line - what /proc/PID/stat says of a process
 * @name: its command; none has a ')' here
 * @state: R, S, D, T (stopped) or Z (ended, and not waited for)
 * @group: process group
 * @session: session
 */
struct stat_line {
	char name[32];
	char state;
	pid_t group;
	pid_t session;
};

static bool read_stat(const char *pid, struct stat_line *line)
{
	char path[300];
	FILE *file;
	int got;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	got = fscanf(file, "%*d (%31[^)]) %c %*d %d %d", line->name, &line->state,
		     &line->group, &line->session);
	fclose(file);
	return got == 4;
}

/* A child of the shell ignores Ctrl-Z until it has become the command. */
static void await_command(pid_t pid, const char *command)
{
	struct stat_line line = { .name = "" };
	char number[16];

	snprintf(number, sizeof(number), "%d", pid);
	while (read_stat(number, &line) && strcmp(line.name, command))
		poll(NULL, 0, 1);
	is_str(line.name, command, "the command runs");
}

/* How many processes of a group are in one of the states. */
static int count_group(pid_t group, const char *states)
{
	DIR *proc = opendir("/proc");
	struct stat_line line;
	struct dirent *entry;
	int count = 0;

	while (proc && (entry = readdir(proc)))
		if (read_stat(entry->d_name, &line) && line.group == group &&
		    strchr(states, line.state))
			count++;
	if (proc)
		closedir(proc);
	return count;
}

/* The process of the session that runs the command, as soon as there is one. */
static pid_t await_process(const char *command)
{
	struct stat_line line;
	struct dirent *entry;
	pid_t found = 0;

	for (int i = 0; !found && i < LIMIT_MS; i++) {
		DIR *proc = opendir("/proc");

		while (proc && (entry = readdir(proc)))
			if (read_stat(entry->d_name, &line) && line.session == session.shell &&
			    !strcmp(line.name, command))
				found = atoi(entry->d_name);
		if (proc)
			closedir(proc);
		poll(NULL, 0, !found);
	}
	return found;
}

/* After a failure in the middle there may be jobs, which nothing else would end. */
static void end_session(void)
{
	DIR *proc = opendir("/proc");
	struct stat_line line;
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (read_stat(entry->d_name, &line) && line.session == session.shell)
			kill(atoi(entry->d_name), SIGKILL);
	if (proc)
		closedir(proc);
}

static void test_start(void)
{
	start_shell();
	if (session.shell < 0) {
		perror("forkpty");
		exit(1);
	}
	atexit(end_session);
	expect("shell> ", "a terminal gets a prompt");
	is_int(foreground(), session.shell, "the shell has the terminal");
	ok(echoes(), "which echoes");
}

static void test_stop_and_foreground(void)
{
	pid_t job;

	type(CAT "\n");
	expect("\r\nbegun\r\n", "a command starts");
	job = foreground();
	ok(job > 0 && job != session.shell, "it has the terminal");
	type("one\n");
	expect("one\r\none\r\n", "and reads from it");
	type(CTRL_Z);
	expect("^Z\r\n[1] Stopped            " CAT PROMPT, "Ctrl-Z: stopped, and a prompt");
	is_int(foreground(), session.shell, "the shell has the terminal");
	is_int(count_group(job, "T"), 1, "the process is stopped");
	type("jobs\n");
	expect("\r\n[1] Stopped            " CAT PROMPT, "jobs lists it");
	type("fg\n");
	expect("fg\r\n" CAT "\r\n", "fg says what goes on");
	is_int(foreground(), job, "the job has the terminal");
	type("two\n");
	expect("two\r\ntwo\r\n", "and goes on");
	type(CTRL_C);
	expect("^C\r\nInterrupt" PROMPT, "Ctrl-C ends it, and not the shell");
	is_int(foreground(), session.shell, "the shell has the terminal");
	is_int(count_group(job, "RSDTtZ"), 0, "the process is gone and waited for");
}

static void test_background_reads(void)
{
	pid_t job;

	type(CAT "\n");
	expect("\r\nbegun\r\n", "a command starts");
	job = foreground();
	type(CTRL_Z);
	expect("Stopped            " CAT PROMPT, "Ctrl-Z stops it");
	type("bg\n");
	expect("[1] Running            " CAT, "bg lets it go on");
	type("wait\n");
	expect("[1] Stopped (tty input) " CAT PROMPT,
	       "in the background it is stopped when it reads");
	catch_up();
	is_int(count_group(job, "T"), 1, "the process is stopped");
	type("fg %1\n");
	expect("fg %1\r\n" CAT "\r\n", "fg %1 brings it back");
	type("three\n" CTRL_D);
	expect("three\r\nthree\r\n", "it reads what it could not before");
	expect("shell> ", "and ends at the end of file");
	type("jobs\n");
	expect("jobs" PROMPT, "it is no job any more");
}

static void test_pipeline(void)
{
	pid_t job;

	type(CAT " | sed -u s/^/got:/\n");
	expect("\r\ngot:begun\r\n", "a pipeline starts");
	job = foreground();
	is_int(count_group(job, "RSD"), 2, "both processes are one group");
	type(CTRL_Z);
	expect("Stopped            " CAT " | sed -u s/^/got:/" PROMPT, "Ctrl-Z: one job");
	is_int(count_group(job, "T"), 2, "both processes are stopped");
	type("fg 1\n");
	expect("got:/\r\n", "fg brings them back");
	type("four\n");
	expect("four\r\ngot:four\r\n", "both go on");
	type(CTRL_QUIT);
	expect("^\\\r\nQuit" PROMPT, "Ctrl-\\ ends it");
	is_int(count_group(job, "RSDTtZ"), 0, "both processes are gone");
}

static void test_modes(void)
{
	type("sh -c 'stty -echo; kill -STOP $$; stty -a | grep -c -e \" -echo \"'\n");
	expect("[1] Stopped (signal)", "a job without echo stops");
	expect(PROMPT, "a prompt");
	ok(echoes(), "the shell has its own modes");
	type("fg\n");
	expect("\"'\r\n1" PROMPT, "the job finds those that it had set");
	ok(echoes(), "the shell has its own again");
}

static void test_background(void)
{
	pid_t job;

	type("sleep 1000 &\n");
	expect("[1] Running            sleep 1000" PROMPT, "& does not wait");
	is_int(foreground(), session.shell, "the shell keeps the terminal");
	type("fg\n");
	expect("fg\r\nsleep 1000\r\n", "fg without a number takes the newest");
	job = foreground();
	await_command(job, "sleep");
	type(CTRL_Z);
	expect("[1] Stopped            sleep 1000" PROMPT, "Ctrl-Z stops it");
	type("bg %1\n");
	expect("[1] Running            sleep 1000" PROMPT, "bg lets it go on");
	kill(-job, SIGTERM);
	type("wait\n");
	expect("[1] Terminated         sleep 1000" PROMPT, "its end is reported");
	type("fg\n");
	expect("\r\nshell: fg: no such job" PROMPT, "fg without a job says so");
	type("bg 7\n");
	expect("\r\nshell: bg: no such job" PROMPT, "bg of no job says so");
}

static void test_interrupted_line(void)
{
	/* Ctrl-C forgets echo that is still to come. */
	type("exit 7");
	expect("exit 7", "half a line");
	type(CTRL_C);
	expect("^C" PROMPT, "Ctrl-C at the prompt: a new one");
	type("echo alive\n");
	expect("\r\nalive" PROMPT, "the line is forgotten, the shell is not");
	type("sleep 1000 &\n");
	expect("[1] Running            sleep 1000" PROMPT, "a job in the background");
	type("echo wait' 'now; wait\n");
	expect("wait now\r\n", "that is waited for");
	await_foreground(session.shell);
	type(CTRL_C);
	expect("^C" PROMPT, "Ctrl-C ends the wait");
	type("fg\n");
	expect("fg\r\nsleep 1000\r\n", "and not the job");
	type(CTRL_C);
	expect("Interrupt" PROMPT, "which Ctrl-C ends when it has the terminal");
}

/* The wait status; what does not end by itself is killed. */
static int await_end(pid_t pid)
{
	int status = 0;
	pid_t ended = 0;

	for (int i = 0; !ended && i < LIMIT_MS; i++) {
		ended = waitpid(pid, &status, WNOHANG);
		poll(NULL, 0, !ended);
	}
	if (!ended && !kill(pid, SIGKILL))
		ended = waitpid(pid, &status, 0);
	return ended == pid ? status : -1;
}

static void is_hung_up(pid_t pid, const char *name)
{
	int status = pid > 0 ? await_end(pid) : -1;

	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP, name);
}

static void test_leave(void)
{
	pid_t stopped, running;

	/* Orphans become our children. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	type(CAT "\n");
	expect("\r\nbegun\r\n", "a command starts");
	stopped = foreground();
	type(CTRL_Z);
	expect("Stopped            " CAT PROMPT, "Ctrl-Z stops it");
	type("sleep 1000 &\n");
	expect("[2] Running            sleep 1000" PROMPT, "another runs in the background");
	running = await_process("sleep");
	type("exit\n");
	expect("\r\nshell: there are stopped jobs" PROMPT, "exit warns");
	type(CTRL_D);
	while (read_more())
		;
	is_int(await_end(session.shell), 0, "Ctrl-D ends the shell, with status 0");
	is_hung_up(stopped, "the job that was stopped is hung up");
	is_hung_up(running, "the job that ran is hung up");
}

int main(void)
{
	test_start();
	test_stop_and_foreground();
	test_background_reads();
	test_pipeline();
	test_modes();
	test_background();
	test_interrupted_line();
	test_leave();
	return tap_done();
}
