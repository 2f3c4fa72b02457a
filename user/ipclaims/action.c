// SPDX-License-Identifier: GPL-2.0-only
/* Claims on the numbers of signals and on what signals do. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <termios.h>

#include "claim.h"
#include "finding.h"
#include "objects.h"
#include "proc.h"

/* ---- numbers ---------------------------------------------------------------- */

static void touch_closed(void)
{
	volatile char *page = need_memory(mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
					       -1, 0), "mmap");

	*page = 1;
}

static void touch_beyond_end(void)
{
	int fd = need(memfd_create("empty", MFD_CLOEXEC), "memfd_create");
	volatile char *page = need_memory(mmap(NULL, 1, PROT_WRITE, MAP_SHARED, fd, 0), "mmap");

	*page = 1;
}

static void write_to_nobody(void)
{
	int ends[2];

	make_pipe(ends, 0);
	close(ends[0]);
	must(write(ends[1], "", 1), "write");
}

static void let_timer_end(void)
{
	const struct itimerval soon = { .it_value.tv_usec = 1 };

	must(setitimer(ITIMER_REAL, &soon, NULL), "setitimer");
	for (;;)
		pause();
}

static void exceed_file_size(void)
{
	const struct rlimit limit = { 0, 0 };
	int fd = need(memfd_create("full", MFD_CLOEXEC), "memfd_create");

	must(setrlimit(RLIMIT_FSIZE, &limit), "setrlimit");
	must(write(fd, "", 1), "write");
}

static const struct {
	const char *event;
	void (*cause)(void);
	int number;
} causes[] = {
	{ "abort()", abort, 6 },
	{ "memory beyond the end of a file", touch_beyond_end, 7 },
	{ "memory that is closed to it", touch_closed, 11 },
	{ "a pipe without readers", write_to_nobody, 13 },
	{ "a timer", let_timer_end, 14 },
	{ "a file over its limit", exceed_file_size, 25 },
};

static int signal_caused_by(void (*cause)(void))
{
	pid_t child = start();
	int status;

	if (!child) {
		forbid_core();
		cause();
		_exit(0);
	}
	status = end_of(child);
	if (!WIFSIGNALED(status))
		fault("an event that should kill a process did not");
	return WTERMSIG(status);
}

static void check_numbers(void)
{
	bool same = true;

	observe("What kills a process:");
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
		int number = signal_caused_by(causes[i].cause);

		same &= number == causes[i].number;
		observe("%s %d%c", causes[i].event, number,
			i + 1 < ARRAY_SIZE(causes) ? ',' : '.');
	}
	conclude(same ? "so" : "others");
}

/* ---- a terminal --------------------------------------------------------------- */

static int open_terminal(int *leader_side)
{
	int user_side = need(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), "/dev/ptmx");
	char *name;

	need(grantpt(user_side), "grantpt");
	need(unlockpt(user_side), "unlockpt");
	name = ptsname(user_side);
	if (!name)
		skip("ptsname: %s", strerror(errno));
	*leader_side = need(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC), name);
	return user_side;
}

static _Noreturn void wait_for_signals(void)
{
	for (;;)
		pause();
}

/* A shell as small as can be: one job in the foreground; says how each one ends. */
static _Noreturn void lead(int terminal, int ready, volatile int *number)
{
	must(setsid(), "setsid");
	must(ioctl(terminal, TIOCSCTTY, 0), "TIOCSCTTY");
	signal(SIGTTOU, SIG_IGN);
	for (;;) {
		pid_t job = start();
		int status;

		if (!job)
			wait_for_signals();
		must(setpgid(job, job), "setpgid");
		must(tcsetpgrp(terminal, job), "tcsetpgrp");
		send_byte(ready);
		must(waitpid(job, &status, WUNTRACED), "waitpid");
		*number = WIFSTOPPED(status) ? WSTOPSIG(status) : WTERMSIG(status);
		if (WIFSTOPPED(status))
			end_now(job);
	}
}

static int type_key(int terminal, int ready, volatile int *number, char key)
{
	*number = 0;
	await_byte(ready);
	must(write(terminal, &key, 1), "write");
	return until_not(number, 0);
}

static void check_terminal(void)
{
	volatile int *number = shared_memory(sizeof(*number));
	int ready[2], leader_side, user_side, interrupt, quit, stop, hangup;
	pid_t leader;

	make_pipe(ready, 0);
	user_side = open_terminal(&leader_side);
	leader = start();
	if (!leader) {
		close(user_side);
		forbid_core();
		lead(leader_side, ready[1], number);
	}
	close(leader_side);
	interrupt = type_key(user_side, ready[0], number, 'C' & 0x1f);
	quit = type_key(user_side, ready[0], number, '\\' & 0x1f);
	stop = type_key(user_side, ready[0], number, 'Z' & 0x1f);
	await_byte(ready[0]);
	close(user_side);
	hangup = WTERMSIG(end_of(leader));
	part(interrupt == 2 && quit == 3 && hangup == 1, "Typed at a terminal of our own: "
	     "Ctrl-C ends the job by signal %d, Ctrl-\\ by %d,", interrupt, quit);
	observe("Ctrl-Z stops it by %d. To hang up ends the shell by %d.", stop, hangup);
	if (stop == 1)
		conclude("1");
	else if (stop == SIGTSTP)
		conclude_as("another", "%d", stop);
	else
		conclude("neither");
}

/* ---- actions -------------------------------------------------------------------- */

static pid_t start_raiser(int number)
{
	pid_t child = start();

	if (!child) {
		/* In a group whose parent is elsewhere in the session, to be stopped. */
		must(setpgid(0, 0), "setpgid");
		forbid_core();
		raise(number);
		_exit(0);
	}
	return child;
}

/* 'T' terminate, 'S' stop, 'I' ignore: what a signal does by default. */
static char action_of(int number)
{
	pid_t child = start_raiser(number);
	int status;

	must(waitpid(child, &status, WUNTRACED), "waitpid");
	if (WIFSTOPPED(status)) {
		end_now(child);
		return 'S';
	}
	return WIFSIGNALED(status) && WTERMSIG(status) == number ? 'T' : 'I';
}

static bool continues(void)
{
	pid_t child = start_raiser(SIGSTOP);
	int status, how;

	must(waitpid(child, &status, WUNTRACED), "waitpid");
	must(kill(child, SIGCONT), "kill");
	must(waitpid(child, &how, WCONTINUED), "waitpid");
	/* It may have come to its end before we looked. */
	if (WIFCONTINUED(how))
		how = end_of(child);
	return WIFSTOPPED(status) && WIFEXITED(how);
}

/* Whether a core file can be had that is ours alone to find and to remove. */
static bool has_core_files(void)
{
	char pattern[2] = "";
	struct rlimit limit, file_limit;
	FILE *file = fopen("/proc/sys/kernel/core_pattern", "re");

	if (!file)
		return false;
	if (!fgets(pattern, sizeof(pattern), file))
		pattern[0] = '|';
	fclose(file);
	must(getrlimit(RLIMIT_CORE, &limit), "getrlimit");
	must(getrlimit(RLIMIT_FSIZE, &file_limit), "getrlimit");
	return pattern[0] != '|' && pattern[0] != '/' && limit.rlim_max == RLIM_INFINITY &&
	       file_limit.rlim_cur == RLIM_INFINITY;
}

/* Only the headers of the memory go into the file. */
static void make_core_small(void)
{
	int fd = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	must(write(fd, "0", 1), "coredump_filter");
	close(fd);
}

static bool dumps_core(int number)
{
	const struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
	pid_t child = start();

	if (!child) {
		must(chdir(guard_folder()), "chdir");
		must(setrlimit(RLIMIT_CORE, &limit), "setrlimit");
		make_core_small();
		raise(number);
		_exit(0);
	}
	return WCOREDUMP(end_of(child));
}

static const struct {
	char letter;
	const char *does;
	int numbers[24];
} actions[] = {
	{ 'T', "kill a process,", {
		SIGHUP, SIGINT, SIGKILL, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGIO,
		SIGPROF, SIGVTALRM, SIGPWR, SIGQUIT, SIGILL, SIGABRT, SIGFPE, SIGSEGV,
		SIGBUS, SIGSYS, SIGTRAP, SIGXCPU, SIGXFSZ } },
	{ 'S', "stop it,", { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU } },
	{ 'I', "are ignored,", { SIGCHLD, SIGURG, SIGWINCH } },
};

static void check_kind(size_t kind)
{
	const int *number = actions[kind].numbers;
	int same = 0;

	for (; *number; number++)
		same += action_of(*number) == actions[kind].letter;
	part(same == number - actions[kind].numbers, "%d %s", same, actions[kind].does);
}

static void check_actions(void)
{
	observe("Of the standard signals");
	for (size_t kind = 0; kind < ARRAY_SIZE(actions); kind++)
		check_kind(kind);
	part(continues(), "and SIGCONT lets it go on.");
	if (has_core_files())
		part(dumps_core(SIGQUIT) && !dumps_core(SIGTERM),
		     "Where a core file is allowed, SIGQUIT leaves one and SIGTERM none.");
	else
		observe("Core files were not tried: this system would not put them into a folder "
			"of ours.");
	conclude_parts();
}

static void check_default(void)
{
	char one = action_of(SIGUSR1), two = action_of(SIGUSR2);

	observe("A process without a handler is %s by SIGUSR1 (%d) and %s by SIGUSR2 (%d).",
		one == 'T' ? "killed" : "not killed", SIGUSR1,
		two == 'T' ? "killed" : "not killed", SIGUSR2);
	if (one == 'T' && two == 'T')
		conclude("killed");
	else if (one == 'I' && two == 'I')
		conclude("ignored");
	else
		conclude("neither");
}

const struct claim action_claims[] = {
	{
		.row = "40",
		.lectures = "S1 S2",
		.text = "signal numbers are fixed",
		.says = "Tables give each signal its number.",
		.page = "signal(7)",
		.check = check_numbers,
		.outcomes = { { "so", VERDICT_TRUE }, { "others", VERDICT_OUTDATED } },
		.note = "x86 and ARM have these numbers; MIPS, SPARC, Alpha and PA-RISC have "
			"others.",
	}, {
		.row = "59",
		.lectures = "S1 S2 S4",
		.text = "default actions are of five kinds",
		.says = "By default a signal is ignored, or it kills, stops or continues the "
			"process, or kills it and leaves a core file.",
		.page = "signal(7), core(5)",
		.check = check_actions,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A2.1",
		.lectures = "S2",
		.text = "SIGUSR1 is ignored by default",
		.says = "The table has 'Ignore' as the default action of SIGUSR1 and SIGUSR2.",
		.page = "signal(7)",
		.check = check_default,
		.outcomes = { { "ignored", VERDICT_TRUE }, { "killed", VERDICT_OUTDATED } },
	}, {
		.row = "A2.2",
		.lectures = "S1",
		.text = "SIGTSTP has number 1",
		.says = "The table gives SIGTSTP the number 1.",
		.page = "signal(7), termios(3)",
		.check = check_terminal,
		.outcomes = { { "1", VERDICT_TRUE }, { "another", VERDICT_OUTDATED } },
	},
	{ 0 }
};
