// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mbox answers to the limits that the lectures see, as far as the module
 * goes today. No mailbox here is persistent: all go with their handles.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

#include <mbox.h>

#include "claim.h"
#include "finding.h"
#include "proc.h"

#define MILLISECOND	INT64_C(1000000)

const char *mbox_missing(void)
{
	int fd = open("/dev/mbox", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	else if (errno == ENOENT || errno == ENXIO || errno == ENODEV)
		return "no module mbox";
	return NULL;
}

/* need() for the library, which returns a negative errno. */
static int works(int result, const char *what)
{
	errno = result < 0 ? -result : 0;
	return need(result, what);
}

static struct mbox *make_mailbox(const char *name, uint32_t flags)
{
	const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE | flags };
	struct mbox *mbox;

	works(mbox_open(&mbox, name, &options), "mbox_open");
	return mbox;
}

static struct mbox_stat stat_of(struct mbox *mbox)
{
	struct mbox_stat stat;

	works(mbox_info(mbox, &stat, NULL), "mbox_info");
	return stat;
}

static void send_text(struct mbox *mbox, uint64_t type, const char *text)
{
	works(mbox_send(mbox, type, text, strlen(text), 0), "mbox_send");
}

#define NAME_SIZE	64

static const char *random_name(char name[NAME_SIZE])
{
	uint64_t number;

	must(getrandom(&number, sizeof(number), 0), "getrandom");
	snprintf(name, NAME_SIZE, "ipclaims-%016jx", (uintmax_t)number);
	return name;
}

/* ---- messages -------------------------------------------------------------------- */

static bool is_signed_by_child(struct mbox *mbox)
{
	uint64_t id = stat_of(mbox).id;
	struct mbox_header header = { 0 };
	pid_t child = start();
	struct mbox *own;
	char text[16];

	if (!child) {
		works(mbox_open_id(&own, id, NULL), "mbox_open_id");
		send_text(own, 1, "who am I?");
		_exit(0);
	}
	ends_well(child);
	works(mbox_recv(mbox, &header, text, sizeof(text), 0), "mbox_recv");
	return header.pid == (uint32_t)child && header.uid == geteuid();
}

static void check_sender(void)
{
	struct mbox *mbox = make_mailbox(NULL, 0);

	part(is_signed_by_child(mbox) && is_signed_by_child(mbox), "The headers of messages of two "
	     "processes have the pid and the uid of each.");
	conclude_parts();
}

static void check_short(void)
{
	struct mbox *mbox = make_mailbox(NULL, 0);
	struct mbox_header header = { 0 };
	char text[64] = "";
	int result;

	send_text(mbox, 1, "Hello");
	send_text(mbox, 1, "How about an answer?");
	result = mbox_recv(mbox, &header, text, 4, 0);
	part(result == -EMSGSIZE && header.len == 5, "A receive of 4 bytes gives %s and says that "
	     "there are %d.", error_name(-result), (int)header.len);
	works(mbox_recv(mbox, &header, text, sizeof(text) - 1, 0), "mbox_recv");
	part(!strcmp(text, "Hello"), "One of 63 gives '%s',", text);
	works(mbox_recv(mbox, &header, text, sizeof(text) - 1, 0), "mbox_recv");
	part(!strcmp(text, "How about an answer?"), "the next '%s'.", text);
	conclude_parts();
}

#define BATCH	100

static void check_batch(void)
{
	struct mbox *mbox = make_mailbox(NULL, 0);
	struct mbox_message messages[BATCH];
	char texts[BATCH][4];
	int sent, received;

	memset(messages, 0, sizeof(messages));
	for (int i = 0; i < BATCH; i++) {
		messages[i].header.type = i + 1;
		messages[i].header.len = sizeof(texts[i]);
		messages[i].buf = (uintptr_t)texts[i];
		memcpy(texts[i], &i, sizeof(i));
	}
	sent = works(mbox_sendv(mbox, messages, BATCH, 0), "mbox_sendv");
	memset(messages, 0, sizeof(messages));
	for (int i = 0; i < BATCH; i++) {
		messages[i].buf = (uintptr_t)texts[i];
		messages[i].size = sizeof(texts[i]);
	}
	received = works(mbox_recvv(mbox, NULL, messages, BATCH, 0), "mbox_recvv");
	part(sent == BATCH && received == BATCH && messages[BATCH - 1].header.type == BATCH,
	     "One system call sends %d messages, one receives %d, each with its header.", sent,
	     received);
	conclude_parts();
}

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

static void check_events(void)
{
	struct mbox *mbox = make_mailbox(NULL, 0);
	struct mbox_header header;
	int messages = 0, last = 0, value;

	handle(SIGUSR1, count_signal, 0);
	mask(SIG_BLOCK, SIGUSR1);
	for (int i = 1; i <= 5; i++) {
		must(kill(getpid(), SIGUSR1), "kill");
		works(mbox_send(mbox, 1, &i, sizeof(i), 0), "mbox_send");
	}
	mask(SIG_UNBLOCK, SIGUSR1);
	while (mbox_recv(mbox, &header, &value, sizeof(value), 0) > 0) {
		messages++;
		if (value == last + 1)
			last = value;
	}
	part(signals == 1 && messages == 5 && last == 5, "Of 5 events, each told by SIGUSR1 and "
	     "by a message, %d signal and %d messages arrive, and each has its number.",
	     signals, messages);
	conclude_parts();
}

/* ---- descriptors -------------------------------------------------------------------- */

static bool has_line(int fd, const char *begin)
{
	char path[64], line[256];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		found |= !strncmp(line, begin, strlen(begin));
	if (file)
		fclose(file);
	return found;
}

static bool is_readable(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return must(poll(&poll_fd, 1, 0), "poll") && poll_fd.revents == POLLIN;
}

static void check_file(void)
{
	int fd = mbox_fd(make_mailbox(NULL, 0));
	char text[16] = "";
	bool before, after;

	before = is_readable(fd);
	must(write(fd, "hello", 5), "write");
	after = is_readable(fd);
	must(read(fd, text, sizeof(text)), "read");
	part(!before && after && !strcmp(text, "hello"), "write() sends, poll() sees the message, "
	     "and read() receives '%s'.", text);
	part(has_line(fd, "mbox-"), "/proc/self/fdinfo tells about the handle.");
	conclude_parts();
}

static void watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static int make_signal_ready(void)
{
	sigset_t set;

	mask(SIG_BLOCK, SIGUSR1);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	raise(SIGUSR1);
	return need(signalfd(-1, &set, SFD_CLOEXEC), "signalfd");
}

static int make_timer_ready(void)
{
	const struct itimerspec soon = { .it_value.tv_nsec = 1 };
	int fd = need(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC), "timerfd_create");

	must(timerfd_settime(fd, 0, &soon, NULL), "timerfd_settime");
	return fd;
}

static int make_child_ready(void)
{
	pid_t child = start();

	if (!child)
		_exit(0);
	return need(syscall(SYS_pidfd_open, child, 0), "pidfd_open");
}

static int make_pipe_ready(void)
{
	int ends[2];

	make_pipe(ends, 0);
	send_byte(ends[1]);
	return ends[0];
}

static int make_mbox_ready(void)
{
	struct mbox *mbox = make_mailbox(NULL, 0);

	send_text(mbox, 1, "ready");
	return mbox_fd(mbox);
}

static void check_one_wait(void)
{
	int epoll = need(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
	int fds[] = { make_signal_ready(), make_timer_ready(), make_child_ready(),
		      make_pipe_ready(), make_mbox_ready() };
	int seen = 0;

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		watch(epoll, fds[i]);
	while (seen < (int)ARRAY_SIZE(fds)) {
		struct epoll_event event;

		must(epoll_wait(epoll, &event, 1, -1), "epoll_wait");
		must(epoll_ctl(epoll, EPOLL_CTL_DEL, event.data.fd, NULL), "epoll_ctl");
		seen++;
	}
	part(seen == 5, "One epoll waits for a signal, a timer, a child, a pipe and a mailbox.");
	conclude_parts();
}

/* ---- names, life, rights ---------------------------------------------------------------- */

static int open_error(const char *name, uint32_t rights)
{
	const struct mbox_open_options options = { .rights = rights };
	struct mbox *mbox;
	int error = mbox_open(&mbox, name, &options);

	mbox_close(mbox);
	return -error;
}

static void check_life(void)
{
	char name[NAME_SIZE];
	pid_t child;
	int ready[2];

	random_name(name);
	make_pipe(ready, 0);
	child = start();
	if (!child) {
		send_text(make_mailbox(name, MBOX_OPEN_EXCL), 1, "left behind");
		send_byte(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	await_byte(ready[0]);
	part(!open_error(name, 0), "A process makes a named mailbox with a message in it.");
	end_now(child);
	part(open_error(name, 0) == ENOENT, "When it is killed, the mailbox is gone: %s.",
	     error_name(open_error(name, 0)));
	conclude_parts();
}

static void check_names(void)
{
	char name[MBOX_NAME_MAX + 1];
	uint64_t last = 0, id = 0;
	bool rises = true;

	memset(name, 'n', sizeof(name) - 1);
	name[MBOX_NAME_MAX] = '\0';
	random_name(name);
	name[strlen(name)] = 'n';
	part(stat_of(make_mailbox(name, 0)).name[MBOX_NAME_MAX - 1] == 'n',
	     "A name has up to %d bytes and is chosen, not computed.", MBOX_NAME_MAX);
	for (int i = 0; i < 100; i++) {
		struct mbox *mbox = make_mailbox(NULL, 0);

		id = stat_of(mbox).id;
		rises &= id > last;
		last = id;
		mbox_close(mbox);
	}
	part(rises, "The ids of 100 mailboxes without a name, each closed before the next is made, "
	     "only rise, to %ju.", (uintmax_t)id);
	conclude_parts();
}

static void set_filter(struct mbox *mbox, const char *spec)
{
	struct mbox_filter filter;

	works(mbox_filter_parse(spec, &filter), spec);
	works(mbox_set_filter(mbox, &filter), "mbox_set_filter");
}

static uint64_t take_by(struct mbox *mbox, const char *spec)
{
	struct mbox_header header = { 0 };
	char text[16];

	set_filter(mbox, spec);
	return mbox_recv(mbox, &header, text, sizeof(text), 0) > 0 ? header.type : 0;
}

static void check_filters(void)
{
	struct mbox *mbox = make_mailbox(NULL, 0);
	bool other, matching;

	for (uint64_t type = 9; type >= 5; type--)
		send_text(mbox, type, "text");
	part(take_by(mbox, "6-8") == 8 && take_by(mbox, "!9") == 7 && take_by(mbox, "<=9") == 5,
	     "Of types 9, 8, 7, 6, 5 a range 6-8 takes 8, all but 9 then 7, the lowest up to 9 "
	     "then 5.");
	set_filter(mbox, "5");
	other = is_readable(mbox_fd(mbox));
	set_filter(mbox, "6");
	matching = is_readable(mbox_fd(mbox));
	part(!other && matching, "poll() follows: it sees a message with the filter 6, and none "
	     "with 5.");
	conclude_parts();
}

static int receive_error(struct mbox *mbox, int64_t timeout)
{
	char byte;

	return mbox_recv(mbox, NULL, &byte, sizeof(byte), timeout);
}

static int removed_error(void)
{
	char name[NAME_SIZE];
	struct mbox *mbox = make_mailbox(random_name(name), MBOX_OPEN_EXCL);
	struct mbox_ctl *ctl;

	works(mbox_ctl_open(&ctl), "mbox_ctl_open");
	works(mbox_ctl_del(ctl, name), "mbox_ctl_del");
	mbox_ctl_close(ctl);
	return receive_error(mbox, MBOX_FOREVER);
}

/* What one sees who has @right when no handle with the other right is left. */
static int lonely_error(uint32_t right)
{
	struct mbox *both = make_mailbox(NULL, 0), *own;

	works(mbox_grant(both, right, &own), "mbox_grant");
	mbox_close(both);
	if (right == MBOX_RIGHT_RECV)
		return receive_error(own, MBOX_FOREVER);
	return mbox_send(own, 1, NULL, 0, MBOX_FOREVER);
}

static void check_peer(void)
{
	int late = receive_error(make_mailbox(NULL, 0), MILLISECOND);
	int removed = removed_error();

	part(late == -ETIMEDOUT, "A receive whose time is over: %s.", error_name(-late));
	part(removed == -EIDRM, "From a mailbox that was removed: %s.", error_name(-removed));
	part(!lonely_error(MBOX_RIGHT_RECV), "Without a sender left: the end.");
	part(lonely_error(MBOX_RIGHT_SEND) == -EPIPE, "To send without a receiver left: EPIPE.");
	conclude_parts();
}

static void check_grant(void)
{
	struct mbox *both = make_mailbox(NULL, 0), *sender, *more;
	int receive, wider;

	works(mbox_grant(both, MBOX_RIGHT_SEND, &sender), "mbox_grant");
	receive = receive_error(sender, 0);
	wider = mbox_grant(sender, MBOX_RIGHT_RECV, &more);
	part(receive == -EBADF && wider == -EACCES, "A handle that may only send gets %s if it "
	     "receives and %s if it wants to hand on more.", error_name(-receive),
	     error_name(-wider));
}

/* Without privilege, which overrides the mode. */
static void check_mode(void)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE | MBOX_OPEN_EXCL,
		.rights = MBOX_RIGHT_SEND,
		.mode = 0200,
	};
	volatile int *errors = shared_memory(2 * sizeof(*errors));
	char name[NAME_SIZE];
	struct mbox *mbox;
	pid_t child;

	works(mbox_open(&mbox, random_name(name), &options), "mbox_open");
	child = start();
	if (!child) {
		drop_capabilities();
		errors[0] = open_error(name, MBOX_RIGHT_SEND);
		errors[1] = open_error(name, MBOX_RIGHT_RECV);
		_exit(0);
	}
	ends_well(child);
	part(!errors[0] && errors[1] == EACCES, "A mailbox of mode 0200 can be opened to send; to "
	     "receive: %s.", error_name(errors[1]));
}

static void check_rights(void)
{
	check_grant();
	check_mode();
	conclude_parts();
}

static bool is_listed(struct mbox_ctl *ctl, const char *name)
{
	struct mbox_stat *list;
	bool found = false;
	size_t count;

	works(mbox_ctl_list(ctl, &list, &count), "mbox_ctl_list");
	for (size_t i = 0; i < count; i++)
		found |= !strcmp(list[i].name, name);
	free(list);
	return found;
}

static bool is_announced(struct mbox_events *events, const char *name)
{
	struct mbox_event event;

	do
		works(mbox_events_next(events, &event, MBOX_FOREVER), "mbox_events_next");
	while (event.type != MBOX_EVENT_MISSED &&
	       (event.type != MBOX_EVENT_CREATED || strcmp(event.name, name)));
	return event.type == MBOX_EVENT_CREATED;
}

static void check_registry(void)
{
	const struct mbox_open_options exclusive = { .flags = MBOX_OPEN_CREATE | MBOX_OPEN_EXCL };
	struct mbox_events *events;
	struct mbox *mbox, *second;
	struct mbox_ctl *ctl;
	char name[NAME_SIZE];
	int error = mbox_events_open(&events);

	works(mbox_ctl_open(&ctl), "mbox_ctl_open");
	mbox = make_mailbox(random_name(name), MBOX_OPEN_EXCL);
	part(is_listed(ctl, name), "A mailbox that a server makes is in the list,");
	part(mbox_open(&second, name, &exclusive) == -EEXIST, "no second one can get its name");
	if (!error)
		part(is_announced(events, name), "and an event tells that it is there.");
	else
		observe("and an event tells whoever has CAP_NET_ADMIN that it is there.");
	mbox_close(mbox);
	part(!is_listed(ctl, name), "It is gone with its server.");
	conclude_parts();
}

const struct claim mbox_claims[] = {
	{
		.row = "A3.1",
		.lectures = "S0 S2",
		.text = "a message has its sender's pid and uid",
		.says = "Pipes cannot tell senders apart.",
		.page = "mbox(4)",
		.check = check_sender,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.2",
		.lectures = "S2",
		.text = "a short receive loses nothing",
		.says = "Streams have no boundaries, and what a short read leaves may be lost.",
		.page = "mbox(4)",
		.check = check_short,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.4",
		.lectures = "S3",
		.text = "a mailbox can be read, written and polled",
		.says = "System V objects have no i-node: no open, read, write, select.",
		.page = "mbox(4)",
		.check = check_file,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.5",
		.lectures = "S1 S4",
		.text = "a mailbox goes with its last handle",
		.says = "Objects outlive their makers and leak.",
		.page = "mbox(4)",
		.check = check_life,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.6",
		.lectures = "S3",
		.text = "names are long, ids are not used again",
		.says = "Keys are numbers that nobody manages.",
		.page = "mbox(4)",
		.check = check_names,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.7",
		.lectures = "S2 S3",
		.text = "filters are ranges, and poll() follows them",
		.says = "There are three ways to choose a type.",
		.page = "mbox(4)",
		.check = check_filters,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.8",
		.lectures = "S4",
		.text = "late, removed and gone are told apart",
		.says = "The state of the peer cannot be known; what is the right timeout?",
		.page = "mbox(4)",
		.check = check_peer,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.9",
		.lectures = "S3 S4",
		.text = "to send and to receive are two rights",
		.says = "Many may send and one receives; not everybody is to connect to a "
			"private server.",
		.page = "mbox(4)",
		.check = check_rights,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.10",
		.lectures = "S4",
		.text = "mailboxes are listed and announced",
		.says = "Servers register with a name service, where clients look them up.",
		.page = "mbox(1), mbox-events(7)",
		.check = check_registry,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.12",
		.lectures = "S1",
		.text = "one epoll waits for everything",
		.says = "Windows has one call to wait for everything.",
		.page = "mbox(4), epoll(7)",
		.check = check_one_wait,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.13",
		.lectures = "S0",
		.text = "one call sends many messages",
		.says = "Each send and each receive is a system call.",
		.page = "mbox(4)",
		.check = check_batch,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A3.15",
		.lectures = "S1 S2",
		.text = "messages are counted, signals are not",
		.says = "Signals of one number become one and carry no data.",
		.page = "mbox(4)",
		.check = check_events,
		.outcomes = { { "so", VERDICT_TRUE } },
	},
	{ 0 }
};
