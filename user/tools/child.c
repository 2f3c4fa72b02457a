// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "interrupt.h"

enum { IN, OUT, END, WANTED, FD_COUNT };

/**
 * struct run - a command that runs
 * @child: what it is
 * @pid: process
 * @fds: its input, its output, its end, and whether its outcome is still wanted; -1
 *	 what there is not, or no longer
 * @written: bytes of the payload that it has got
 */
struct run {
	struct child *child;
	pid_t pid;
	struct pollfd fds[FD_COUNT];
	size_t written;
};

static void set_number(const char *name, unsigned long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", value);
	setenv(name, text, 1);
}

/* Its process group is its own, so that what it starts is killed with it. */
static _Noreturn void become(const struct child *child, int in, int out, int failed)
{
	const struct mbox_header *header = child->header;

	setpgid(0, 0);
	set_number("MBOX_TYPE", header->type);
	set_number("MBOX_PID", header->pid);
	set_number("MBOX_UID", header->uid);
	set_number("MBOX_SEQ", header->seq);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in, STDIN_FILENO) >= 0 &&
	    (out < 0 || dup2(out, STDOUT_FILENO) >= 0))
		execvp(child->argv[0], child->argv);
	if (write(failed, &errno, sizeof(errno)) < 0)
		_exit(126);
	_exit(127);
}

/* The error of a child that could not become the command; 0 if it has become it. */
static int exec_error(int failed)
{
	int error = 0;
	ssize_t len;

	do {
		len = read(failed, &error, sizeof(error));
	} while (len < 0 && errno == EINTR);
	close(failed);
	return len == sizeof(error) ? -error : 0;
}

static void close_end(struct run *run, int which)
{
	if (run->fds[which].fd >= 0)
		close(run->fds[which].fd);
	run->fds[which].fd = -1;
}

static int start(struct run *run)
{
	struct child *child = run->child;
	int in[2], failed[2], out[2] = { -1, -1 };

	if (pipe2(in, O_CLOEXEC) || pipe2(failed, O_CLOEXEC) ||
	    (child->keep && pipe2(out, O_CLOEXEC)))
		return -errno;
	fflush(stdout);
	run->pid = fork();
	if (!run->pid)
		become(child, in[0], out[1], failed[1]);
	close(in[0]);
	close(failed[1]);
	if (child->keep)
		close(out[1]);
	run->fds[IN] = (struct pollfd){ in[1], POLLOUT, 0 };
	run->fds[OUT] = (struct pollfd){ out[0], POLLIN, 0 };
	run->fds[WANTED] = (struct pollfd){ mbox_fd(child->mbox), POLLPRI, 0 };
	if (run->pid < 0) {
		close(failed[0]);
		return -EAGAIN;
	}
	setpgid(run->pid, run->pid);
	run->fds[END] = (struct pollfd){ pidfd_open(run->pid, 0), POLLIN, 0 };
	fcntl(in[1], F_SETFL, O_NONBLOCK);
	return exec_error(failed[0]);
}

/* A command that does not read all of its input may have good reasons. */
static void feed(struct run *run)
{
	const struct child *child = run->child;
	size_t left = child->header->len - run->written;
	ssize_t done = left ? write(run->fds[IN].fd, (const char *)child->data + run->written,
				    left) : 0;

	if (done > 0)
		run->written += done;
	if (run->written == child->header->len || (done < 0 && errno != EAGAIN))
		close_end(run, IN);
}

/*
 * There is memory for one byte more than what fits. With that the command has
 * written too much, and finds its output closed.
 */
static void drain(struct run *run)
{
	struct child *child = run->child;
	size_t left = child->room + 1 - child->length;
	ssize_t got = read(run->fds[OUT].fd, child->output + child->length, left);

	if (got > 0)
		child->length += got;
	child->cut = child->length > child->room;
	if (child->cut)
		child->length = child->room;
	if (got <= 0 || child->cut)
		close_end(run, OUT);
}

/* Whatever it is, it is asked once: it would be told for ever. */
static bool is_unwanted(struct run *run)
{
	const struct child *child = run->child;

	if (!run->fds[WANTED].revents)
		return false;
	run->fds[WANTED].fd = -1;
	return child->header->cookie &&
	       mbox_wanted(child->mbox, child->header->cookie) == -ECANCELED;
}

static int attend(struct run *run)
{
	while (run->fds[OUT].fd >= 0 || !(run->fds[END].revents & POLLIN)) {
		if (poll(run->fds, FD_COUNT, -1) < 0 && errno != EINTR)
			return -errno;
		if (interrupted())
			return -EINTR;
		if (is_unwanted(run))
			return -ECANCELED;
		if (run->fds[IN].revents)
			feed(run);
		if (run->fds[OUT].revents)
			drain(run);
		else if (run->fds[END].revents & POLLIN)
			close_end(run, OUT);
	}
	return 0;
}

static int finish(struct run *run, int err)
{
	int status = 0;

	if (err && run->pid > 0)
		kill(-run->pid, SIGKILL);
	while (run->pid > 0 && waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
		;
	close_end(run, IN);
	close_end(run, OUT);
	close_end(run, END);
	return err ? err : status;
}

int child_run(struct child *child)
{
	struct run run = {
		.child = child,
		.fds = { { .fd = -1 }, { .fd = -1 }, { .fd = -1 }, { .fd = -1 } },
	};
	int err;

	child->length = 0;
	child->output = child->keep ? malloc(child->room + 1) : NULL;
	if (child->keep && !child->output)
		return -ENOMEM;
	signal(SIGPIPE, SIG_IGN);
	err = start(&run);
	if (!err)
		err = attend(&run);
	return finish(&run, err);
}
