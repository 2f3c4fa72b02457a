// SPDX-License-Identifier: GPL-2.0-only
/* What Linux has a descriptor for. */
#include <signal.h>
#include <stdint.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#include "../../check.h"
#include "loop.h"

#define TIMER_NS	1000000

static bool read_text(const struct source *source, const char *name)
{
	char text[64];
	ssize_t len = check_sys(read(source->fd, text, sizeof(text)), name);

	if (len)
		printf("%-8s %.*s\n", name, (int)len, text);
	else
		printf("%-8s end of file\n", name);
	return len > 0;
}

static bool socket_ready(struct source *source)
{
	return read_text(source, "socket:");
}

struct source socket_source(const struct peer *peer)
{
	return (struct source) { .ready = socket_ready, .fd = peer->socket };
}

static bool pipe_ready(struct source *source)
{
	return read_text(source, "pipe:");
}

struct source pipe_source(const struct peer *peer)
{
	return (struct source) { .ready = pipe_ready, .fd = peer->pipe };
}

static bool child_ready(struct source *source)
{
	siginfo_t info;

	check_sys(waitid(P_PIDFD, source->fd, &info, WEXITED), "waitid");
	printf("child:   process %d has ended with status %d\n", info.si_pid,
	       info.si_status);
	return false;
}

struct source child_source(const struct peer *peer)
{
	return (struct source) {
		.ready = child_ready,
		.fd = check_sys(pidfd_open(peer->pid, 0), "pidfd_open"),
	};
}

static bool timer_ready(struct source *source)
{
	uint64_t times;

	check_sys(read(source->fd, &times, sizeof(times)), "read the timer");
	printf("timer:   has expired %ju times since the last look\n", (uintmax_t)times);
	return true;
}

struct source timer_source(void)
{
	return (struct source) {
		.ready = timer_ready,
		.fd = check_sys(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC),
				"timerfd_create"),
	};
}

static bool signal_ready(struct source *source)
{
	static const struct itimerspec soon = { .it_value.tv_nsec = TIMER_NS };
	struct signalfd_siginfo info;

	check_sys(read(source->fd, &info, sizeof(info)), "read the signal");
	printf("signal:  SIG%s from process %u; it starts the timer\n",
	       sigabbrev_np(info.ssi_signo), info.ssi_pid);
	check_sys(timerfd_settime(source->other, 0, &soon, NULL), "timerfd_settime");
	return true;
}

/* A signal that is not blocked would not wait for us to read it. */
struct source signal_source(const struct source *timer)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	check_sys(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
	return (struct source) {
		.ready = signal_ready,
		.fd = check_sys(signalfd(-1, &set, SFD_CLOEXEC), "signalfd"),
		.other = timer->fd,
	};
}
