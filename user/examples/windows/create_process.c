// SPDX-License-Identifier: GPL-2.0-only
/*
 * create_process - start a program with just the handles that it is to have
 *
 * CreateProcess() makes a process of a program; fork() and exec() are two steps, and
 * between them the child inherits all there is. posix_spawn() is one call: a list of
 * actions says which descriptors the child has, as the list of handles does on
 * Windows, and attributes say the rest. All else that was open is closed.
 *
 * The handle of the new process is a pidfd. Unlike its number, which may be another's
 * after its end, it always means this process.
 *
 * Rows: 27, 148
 *
 *	$ examples/windows/create_process
 */
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>

#include "../check.h"

#define HANDLE	3

static char script[] =
	"echo \"child: folder $(pwd), GREETING is $GREETING\"\n"
	"echo \"child: my descriptors\"; ls -1 /proc/$$/fd\n"
	"echo \"through descriptor 3\" >&3\n"
	"exit 7\n";

/* posix_spawn() returns an error, and not by errno. */
static void check_spawn(int error, const char *what)
{
	if (error)
		fail(what, error);
}

/* The pipe's end is descriptor 3 of the child, and there is none above it. */
static void choose_handles(posix_spawn_file_actions_t *actions, int end)
{
	check_spawn(posix_spawn_file_actions_init(actions), "actions");
	check_spawn(posix_spawn_file_actions_addchdir_np(actions, "/"), "chdir");
	check_spawn(posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0),
		    "open");
	check_spawn(posix_spawn_file_actions_adddup2(actions, end, HANDLE), "dup2");
	check_spawn(posix_spawn_file_actions_addclosefrom_np(actions, HANDLE + 1), "closefrom");
}

/* CREATE_NEW_PROCESS_GROUP */
static void choose_group(posix_spawnattr_t *attributes)
{
	check_spawn(posix_spawnattr_init(attributes), "attributes");
	check_spawn(posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP), "flags");
}

static pid_t create_process(const char *program, char *const argv[], int end)
{
	char path[] = "PATH=/usr/bin:/bin", greeting[] = "GREETING=hello";
	char *const environment[] = { path, greeting, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t pid;
	int error;

	choose_handles(&actions, end);
	choose_group(&attributes);
	error = posix_spawn(&pid, program, &actions, &attributes, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return error ? -error : pid;
}

/* WaitForSingleObject() and GetExitCodeProcess() */
static void await_process(pid_t pid)
{
	int handle = check_sys(syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
	struct pollfd polled = { .fd = handle, .events = POLLIN };
	siginfo_t info;

	check_sys(poll(&polled, 1, -1), "poll");
	check_sys(waitid(P_PIDFD, handle, &info, WEXITED), "waitid");
	printf("parent: process %d has ended with status %d\n", info.si_pid, info.si_status);
	close(handle);
}

int main(void)
{
	char name[] = "sh", option[] = "-c";
	char *const argv[] = { name, option, script, NULL };
	char text[64];
	int fd[2];
	ssize_t len;
	pid_t pid;

	check_sys(pipe2(fd, O_CLOEXEC), "pipe");
	fflush(stdout);
	pid = check(create_process("/bin/sh", argv, fd[1]), "posix_spawn");
	close(fd[1]);
	len = check_sys(read(fd[0], text, sizeof(text)), "read");
	if (!len)
		fail("the child has not written", EPIPE);
	await_process(pid);
	printf("parent: the pipe has '%.*s'\n", (int)len - 1, text);
	printf("no such program: %s\n",
	       strerror(-create_process("/no/such/program", argv, fd[0])));
	return 0;
}
