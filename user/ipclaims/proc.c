// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>

#include "finding.h"
#include "proc.h"

pid_t start(void)
{
	return need(fork(), "fork");
}

int end_of(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			fault("waitpid: %s", strerror(errno));
	return status;
}

/* A child that skips or finds a fault has said so in the shared finding. */
void ends_well(pid_t child)
{
	int status = end_of(child);

	if (WIFSIGNALED(status))
		fault("a process of the experiment was killed by signal %d", WTERMSIG(status));
	if (status)
		_exit(1);
}

void end_now(pid_t child)
{
	kill(child, SIGKILL);
	end_of(child);
}

char state_of(pid_t pid)
{
	char path[32], line[256], *end;
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	length = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[length] = '\0';
	/* The command's name may hold anything, so that its last bracket counts. */
	end = strrchr(line, ')');
	return end && end[1] ? end[2] : 0;
}

static void pause_shortly(void)
{
	struct timespec time = { .tv_nsec = 100000 };

	nanosleep(&time, NULL);
}

bool sleeps(pid_t child)
{
	for (;;) {
		char state = state_of(child);

		if (state == 'S')
			return true;
		if (state == 'Z' || state == 'X' || !state)
			return false;
		pause_shortly();
	}
}

/* If the other process has given up, there is nothing to wait for. */
void wait_a_little(void)
{
	if (finding_over())
		_exit(1);
	pause_shortly();
}

void until(const volatile int *word, int value)
{
	while (*word != value)
		wait_a_little();
}

int until_not(const volatile int *word, int value)
{
	while (*word == value)
		wait_a_little();
	return *word;
}

void *shared_memory(size_t size)
{
	return need_memory(mmap(NULL, size, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0), "mmap");
}

void make_pipe(int ends[2], int flags)
{
	need(pipe2(ends, flags | O_CLOEXEC), "pipe2");
}

void send_byte(int fd)
{
	must(write(fd, "", 1), "write");
}

void await_byte(int fd)
{
	char byte;

	if (must(read(fd, &byte, 1), "read") != 1)
		_exit(1);
}

unsigned long status_mask(const char *field)
{
	size_t length = strlen(field);
	unsigned long mask = 0;
	char line[256];
	FILE *file = fopen("/proc/self/status", "re");

	if (!file)
		skip("/proc/self/status: %s", strerror(errno));
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, field, length) && line[length] == ':')
			mask = strtoul(line + length + 1, NULL, 16);
	fclose(file);
	return mask;
}

void handle(int number, void (*handler)(int number), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigfillset(&action.sa_mask);
	must(sigaction(number, &action, NULL), "sigaction");
}

void mask(int how, int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	must(sigprocmask(how, &set, NULL), "sigprocmask");
}

/* A limit of 0 would not do: it does not bind a core_pattern that is a program. */
void forbid_core(void)
{
	must(prctl(PR_SET_DUMPABLE, 0), "prctl");
}

void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	must(syscall(SYS_capset, &header, none), "capset");
}
