// SPDX-License-Identifier: GPL-2.0-only
/*
 * poll_loop - one loop over a mailbox, a pipe, a signal and a child's end
 *
 * All four are descriptors, so that one epoll_wait() waits for whatever comes
 * first; each source has a function for what it brings. The mailbox wakes the
 * loop only for the types that its filter takes: not for the child's first
 * message.
 *
 *	$ examples/mbox/poll_loop
 */
#include <signal.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <mbox.h>

#include "../check.h"

#define SOURCES		4
#define PAUSE_US	100000

/**
 * struct source - something that the loop waits for
 * @ready: handles what @fd brings; false at its end
 * @mbox: the mailbox, for the source that is one
 * @fd: descriptor to wait for
 */
struct source {
	bool (*ready)(struct source *source);
	struct mbox *mbox;
	int fd;
};

static bool mailbox_ready(struct source *source)
{
	struct mbox_header header;
	struct mbox_stat stat;
	char text[64];

	check(mbox_recv(source->mbox, &header, text, sizeof(text), 0), "receive");
	check(mbox_info(source->mbox, &stat, NULL), "mailbox state");
	printf("mailbox: type %llu from process %u: %.*s (%u not for me)\n",
	       header.type, header.pid, (int)header.len, text, stat.msgs);
	return true;
}

static bool pipe_ready(struct source *source)
{
	char text[64];
	ssize_t len = check_sys(read(source->fd, text, sizeof(text)), "read");

	if (len)
		printf("pipe:    %.*s\n", (int)len, text);
	else
		printf("pipe:    end of file\n");
	return len > 0;
}

static bool signal_ready(struct source *source)
{
	struct signalfd_siginfo info;

	check_sys(read(source->fd, &info, sizeof(info)), "read the signal");
	printf("signal:  %s from process %u\n", strsignal(info.ssi_signo),
	       info.ssi_pid);
	return true;
}

static bool child_ready(struct source *source)
{
	siginfo_t info;

	check_sys(waitid(P_PIDFD, source->fd, &info, WEXITED), "waitid");
	printf("child:   process %d ended with status %d\n", info.si_pid,
	       info.si_status);
	return false;
}

static void talk_to_parent(uint64_t id, int pipe_end)
{
	static const struct mbox_open_options options = { .rights = MBOX_RIGHT_SEND };
	struct mbox *mbox;

	check(mbox_open_id(&mbox, id, &options), "open by id");
	check(mbox_send(mbox, 99, "wrong type", 10, MBOX_FOREVER), "send");
	check(mbox_send(mbox, 5, "right type", 10, MBOX_FOREVER), "send");
	usleep(PAUSE_US);
	check_sys(write(pipe_end, "some bytes", 10), "write");
	usleep(PAUSE_US);
	check_sys(kill(getppid(), SIGUSR1), "kill");
	usleep(PAUSE_US);
}

static struct mbox *make_mailbox(uint64_t *id)
{
	static const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	struct mbox_filter filter = mbox_filter_range(1, 9, 0);
	struct mbox_stat stat;
	struct mbox *mbox;

	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	check(mbox_set_filter(mbox, &filter), "set the filter");
	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	*id = stat.id;
	return mbox;
}

static int make_signalfd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	check_sys(sigprocmask(SIG_BLOCK, &set, NULL), "sigprocmask");
	return check_sys(signalfd(-1, &set, SFD_CLOEXEC), "signalfd");
}

static void start_talker(struct source *pipe_source, struct source *child_source,
			 uint64_t id)
{
	int ends[2];
	pid_t child;

	check_sys(pipe(ends), "pipe");
	child = start_child();
	if (!child) {
		talk_to_parent(id, ends[1]);
		exit(7);
	}
	close(ends[1]);
	pipe_source->fd = ends[0];
	child_source->fd = check_sys(pidfd_open(child, 0), "pidfd_open");
}

static void loop(struct source *sources, int open)
{
	int epoll = check_sys(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
	struct epoll_event event = { .events = EPOLLIN };

	for (int i = 0; i < open; i++) {
		event.data.ptr = &sources[i];
		check_sys(epoll_ctl(epoll, EPOLL_CTL_ADD, sources[i].fd, &event),
			  "epoll_ctl");
	}
	for (int ends = 0; ends < 2;) {
		struct source *source;

		check_sys(epoll_wait(epoll, &event, 1, -1), "epoll_wait");
		source = event.data.ptr;
		if (source->ready(source))
			continue;
		check_sys(epoll_ctl(epoll, EPOLL_CTL_DEL, source->fd, NULL), "epoll_ctl");
		ends++;
	}
	close(epoll);
}

int main(void)
{
	struct source sources[SOURCES] = {
		{ .ready = mailbox_ready }, { .ready = pipe_ready },
		{ .ready = signal_ready }, { .ready = child_ready },
	};
	uint64_t id;

	sources[0].mbox = make_mailbox(&id);
	sources[0].fd = mbox_fd(sources[0].mbox);
	sources[2].fd = make_signalfd();
	start_talker(&sources[1], &sources[3], id);
	loop(sources, SOURCES);
	mbox_close(sources[0].mbox);
	return 0;
}
