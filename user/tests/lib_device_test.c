// SPDX-License-Identifier: GPL-2.0-only
/* The library on the real device. Skipped where there is none. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include "internal.h"
#include "tap.h"

#define MSEC	INT64_C(1000000)
#define SEC	INT64_C(1000000000)
#define RECV	MBOX_RIGHT_RECV
#define SEND	MBOX_RIGHT_SEND

static const struct mbox_open_options create = {
	.flags = MBOX_OPEN_CREATE | MBOX_OPEN_EXCL,
	.limits = { .max_size = 1 << 20 },
};

static struct mbox *new_mailbox(const char *name)
{
	struct mbox *mbox = NULL;
	int ret = mbox_open(&mbox, name, &create);

	if (ret) {
		printf("# cannot make %s: %s\n", name, strerror(-ret));
		exit(1);
	}
	return mbox;
}

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SEC + ts.tv_nsec;
}

/* ---- messages --------------------------------------------------------------- */

static void test_one_message(struct mbox *mbox)
{
	struct mbox_handle_stat handle;
	struct mbox_header header;
	struct mbox_stat stat;
	char buf[16] = "";

	is_int(mbox_send(mbox, 7, "hello", 5, 0), 0, "send");
	is_int(mbox_info(mbox, &stat, &handle), 0, "info");
	is_str(stat.name, "lib", "name");
	ok(stat.msgs == 1 && stat.bytes == 5 && stat.sent == 1 &&
	   stat.mode == 0600 && stat.limits.max_size == 1 << 20, "state");
	ok(handle.rights == (RECV | SEND) && handle.next_size == 5, "handle");
	is_int(mbox_recv(mbox, &header, buf, sizeof(buf), 0), 1, "recv");
	is_str(buf, "hello", "payload");
	ok(header.type == 7 && header.len == 5 && header.seq == 1 &&
	   header.sender == handle.id && header.pid == (uint32_t)getpid() &&
	   header.uid == geteuid(), "header");
}

static void test_empty_message(struct mbox *mbox)
{
	struct mbox_header header;

	is_int(mbox_send(mbox, 1, NULL, 0, 0), 0, "send nothing");
	is_int(mbox_recv(mbox, &header, NULL, 0, 0), 1, "receive it");
	is_int(header.len, 0, "nothing");
}

static void test_no_message(struct mbox *mbox)
{
	int64_t start = now();
	char buf[16];

	is_int(mbox_recv(mbox, NULL, buf, 16, 0), -EAGAIN, "not to wait");
	is_int(mbox_recv(mbox, NULL, buf, 16, 20 * MSEC), -ETIMEDOUT, "20 ms");
	ok(now() - start >= 20 * MSEC, "not before its time");
	is_int(mbox_recv(mbox, NULL, buf, 16, -2), -EINVAL, "timeout -2");
}

static void test_sizes(struct mbox *mbox)
{
	struct mbox_header header = { .len = 0 };
	char *big = malloc(300000);
	void *data = NULL;
	char buf[4];

	memset(big, 'x', 300000);
	is_int(mbox_send(mbox, 9, big, 300000, 0), 0, "300000 bytes");
	is_int(mbox_recv(mbox, &header, buf, 4, 0), -EMSGSIZE, "into 4");
	is_int(header.len, 300000, "the length is told");
	is_int(mbox_recv_filter(mbox, NULL, MBOX_RECV_PEEK | MBOX_RECV_TRUNC,
				&header, buf, 4, 0), 1, "its head");
	ok(header.flags & MBOX_MSG_TRUNC && !memcmp(buf, "xxxx", 4), "is there");
	is_int(mbox_recv_alloc(mbox, NULL, &header, &data, 0), 1, "all of it");
	ok(header.len == 300000 && !memcmp(data, big, 300000) &&
	   !((char *)data)[300000], "is there, and a NUL");
	is_int(mbox_send(mbox, 9, big, (2 << 20), 0), -EMSGSIZE, "2 MiB");
	free(data);
	free(big);
}

static void test_filters(struct mbox *mbox)
{
	struct mbox_filter filter = mbox_filter_range(3, 3, 0);
	struct mbox_header header;

	for (uint64_t type = 5; type; type--)
		mbox_send(mbox, type, NULL, 0, 0);
	is_int(mbox_recv_filter(mbox, &filter, 0, &header, NULL, 0, 0), 1, "3");
	is_int(header.type, 3, "by type");
	is_int(mbox_filter_parse("<=4", &filter), 0, "<=4");
	is_int(mbox_set_filter(mbox, &filter), 0, "for the handle");
	is_int(mbox_recv(mbox, &header, NULL, 0, 0), 1, "lowest first");
	is_int(header.type, 1, "is 1");
	filter = mbox_filter_any();
	mbox_set_filter(mbox, &filter);
	is_int(mbox_recv(mbox, &header, NULL, 0, 0), 1, "oldest");
	is_int(header.type, 5, "is 5");
	filter.lo = 0;
	is_int(mbox_set_filter(mbox, &filter), -EINVAL, "from 0");
	while (mbox_recv(mbox, NULL, NULL, 0, 0) == 1)
		;
}

static void test_vectors(struct mbox *mbox)
{
	struct mbox_message out[3] = { 0 };
	struct mbox_message in[4] = { 0 };
	char bufs[4][4] = { 0 };

	for (int i = 0; i < 3; i++) {
		out[i].header.type = (uint64_t)i + 1;
		out[i].header.len = 2;
		out[i].buf = (uintptr_t)"ab";
	}
	for (int i = 0; i < 4; i++) {
		in[i].buf = (uintptr_t)bufs[i];
		in[i].size = sizeof(bufs[i]);
	}
	is_int(mbox_sendv(mbox, out, 3, 0), 3, "send three");
	is_int(mbox_recvv(mbox, NULL, in, 4, 0), 3, "receive three");
	ok(in[2].header.type == 3 && in[2].header.len == 2 &&
	   !strcmp(bufs[2], "ab"), "the third");
	is_int(mbox_recvv(mbox, NULL, in, 4, 0), -EAGAIN, "no more");
}

static void *send_later(void *mbox)
{
	usleep(30000);
	mbox_send(mbox, 4, "late", 4, 0);
	return NULL;
}

static void test_two_threads(struct mbox *mbox)
{
	pthread_t thread;
	char buf[8] = "";

	pthread_create(&thread, NULL, send_later, mbox);
	is_int(mbox_recv(mbox, NULL, buf, 8, MBOX_FOREVER), 1, "wait for it");
	is_str(buf, "late", "it came");
	pthread_join(thread, NULL);
}

static void on_alarm(int signal)
{
	(void)signal;
}

static void test_signals(struct mbox *mbox)
{
	const struct itimerval soon = { .it_value.tv_usec = 20000 };
	struct sigaction action = { .sa_handler = on_alarm };
	char buf[8];

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	is_int(mbox_recv(mbox, NULL, buf, 8, 5 * SEC), -EINTR, "a signal");
	action.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	is_int(mbox_recv(mbox, NULL, buf, 8, 100 * MSEC), -ETIMEDOUT,
	       "one with SA_RESTART does not end the wait");
}

/* ---- handles ------------------------------------------------------------------ */

static void test_open(void)
{
	const struct mbox_open_options one_way = { .rights = RECV,
						   .nonblock = true };
	struct mbox *mbox = NULL;

	is_int(mbox_open(&mbox, "none", NULL), -ENOENT, "no such mailbox");
	is_int(mbox_open(&mbox, "lib", &create), -EEXIST, "there is one");
	is_int(mbox_open(&mbox, "a/b", &create), -EINVAL, "a slash");
	is_int(mbox_open(&mbox, "lib", &one_way), 0, "to receive");
	is_int(mbox_recv(mbox, NULL, NULL, 0, MBOX_FOREVER), -EAGAIN,
	       "nonblock never waits");
	is_int(mbox_send(mbox, 1, NULL, 0, 0), -EBADF, "no right to send");
	is_int(fcntl(mbox_fd(mbox), F_GETFD), FD_CLOEXEC, "close-on-exec");
	mbox_close(mbox);
}

static void test_open_id(struct mbox *mbox)
{
	struct mbox_stat stat;
	struct mbox_stat again;
	struct mbox *other = NULL;

	mbox_info(mbox, &stat, NULL);
	is_int(mbox_open_id(&other, stat.id, NULL), 0, "open by id");
	mbox_info(other, &again, NULL);
	ok(again.id == stat.id && again.receivers == 2, "the same mailbox");
	mbox_close(other);
	is_int(mbox_open_id(&other, UINT64_MAX, NULL), -ENOENT, "no such id");
}

static void test_from_fd(struct mbox *mbox)
{
	int bound = dup(mbox_fd(mbox));
	int unbound = open("/dev/mbox", O_RDWR);
	int null = open("/dev/null", O_RDWR);
	struct mbox *other = NULL;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		return;
	is_int(mbox_from_fd(&other, null), -ENOTTY, "/dev/null");
	is_int(mbox_from_fd(&other, fds[0]), -ENOTTY, "a socket");
	is_int(mbox_from_fd(&other, unbound), -ENOTCONN, "an unbound handle");
	is_int(mbox_from_fd(&other, 999), -EBADF, "no descriptor");
	is_int(mbox_from_fd(&other, bound), 0, "a bound handle");
	is_int(fcntl(bound, F_GETFD), FD_CLOEXEC, "becomes close-on-exec");
	mbox_close(other);
	close(unbound);
	close(null);
	close(fds[0]);
	close(fds[1]);
}

static void test_anonymous(void)
{
	struct mbox *both = new_mailbox(NULL);
	struct mbox *in = NULL;
	struct mbox *out = NULL;
	struct mbox *more = NULL;
	void *data = &data;

	is_int(mbox_grant(both, RECV, &in), 0, "grant one end");
	is_int(mbox_grant(both, SEND, &out), 0, "and the other");
	is_int(mbox_grant(in, SEND, &more), -EACCES, "not what one has not");
	mbox_close(both);
	is_int(mbox_send(out, 1, "x", 1, 0), 0, "a message");
	mbox_close(out);
	is_int(mbox_recv_alloc(in, NULL, NULL, &data, 0), 1, "is received");
	free(data);
	data = &data;
	is_int(mbox_recv_alloc(in, NULL, NULL, &data, 0), 0, "end of file");
	ok(data == &data, "and no data");
	mbox_close(in);
	both = new_mailbox(NULL);
	mbox_grant(both, RECV, &in);
	mbox_grant(both, SEND, &out);
	mbox_close(both);
	mbox_close(in);
	is_int(mbox_send(out, 1, "x", 1, 0), -EPIPE, "no receiver");
	mbox_close(out);
}

/* ---- management ----------------------------------------------------------------- */

static void test_ctl_new(struct mbox_ctl *ctl)
{
	const struct mbox_open_options options = {
		.flags = MBOX_OPEN_PERSIST,
		.mode = 0640,
		.limits = { .max_msgs = 5, .policy = MBOX_POLICY_DROP_OLDEST },
	};
	struct mbox_stat stat;
	uint64_t id = 0;

	is_int(mbox_ctl_new(ctl, "ctl", &options, &id), 0, "new");
	is_int(mbox_ctl_get(ctl, "ctl", &stat), 0, "get");
	ok(stat.id == id && stat.persist && stat.mode == 0640 &&
	   stat.limits.max_msgs == 5 &&
	   stat.limits.policy == MBOX_POLICY_DROP_OLDEST &&
	   stat.limits.max_size == MBOX_SIZE_DEFAULT, "as it was asked for");
	is_str(stat.name, "ctl", "with that name");
	is_int(mbox_ctl_get_id(ctl, id, &stat), 0, "get by id");
	is_int(mbox_ctl_new(ctl, "ctl", &options, &id), -EEXIST, "once only");
	ok(*mbox_ctl_error(ctl), "with words");
	printf("# %s\n", mbox_ctl_error(ctl));
	is_int(mbox_ctl_new(ctl, "a/b", NULL, NULL), -EINVAL, "a slash");
	printf("# %s\n", mbox_ctl_error(ctl));
	is_int(mbox_ctl_get(ctl, "none", &stat), -ENOENT, "no such mailbox");
	ok(*mbox_ctl_error(ctl), "with words");
	is_int(mbox_ctl_get(ctl, "ctl", &stat), 0, "get");
	is_str(mbox_ctl_error(ctl), "", "without words");
}

static void test_ctl_set(struct mbox_ctl *ctl)
{
	const struct mbox_settings settings = {
		.which = MBOX_SET_MODE | MBOX_SET_MAX_MSGS | MBOX_SET_POLICY |
			 MBOX_SET_UID | MBOX_SET_GID | MBOX_SET_MAX_SIZE |
			 MBOX_SET_MAX_BYTES,
		.mode = 0666, .uid = 1, .gid = 2,
		.limits = { .max_msgs = 6, .max_size = 7, .max_bytes = 8,
			    .policy = MBOX_POLICY_BLOCK },
	};
	const struct mbox_settings wrong = {
		.which = MBOX_SET_MODE,
		.mode = 0777,
	};
	struct mbox_stat stat;

	is_int(mbox_ctl_set(ctl, "ctl", &settings), 0, "set");
	mbox_ctl_get(ctl, "ctl", &stat);
	ok(stat.mode == 0666 && stat.uid == 1 && stat.gid == 2 &&
	   stat.limits.max_msgs == 6 && stat.limits.max_size == 7 &&
	   stat.limits.max_bytes == 8 &&
	   stat.limits.policy == MBOX_POLICY_BLOCK, "all of it");
	is_int(mbox_ctl_set(ctl, "ctl", &wrong), -EINVAL, "mode 0777");
	ok(*mbox_ctl_error(ctl), "with words");
	printf("# %s\n", mbox_ctl_error(ctl));
}

static void test_ctl_list(struct mbox_ctl *ctl)
{
	struct mbox_stat *list = NULL;
	char name[32];
	size_t count = 0;
	bool sorted = true;

	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		mbox_ctl_new(ctl, name, NULL, NULL);
	}
	is_int(mbox_ctl_list(ctl, &list, &count), 0, "list");
	ok(count >= 301, "all of them");
	for (size_t i = 1; i < count; i++)
		sorted = sorted && list[i - 1].id < list[i].id;
	ok(sorted, "by ascending id");
	free(list);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		mbox_ctl_del(ctl, name);
	}
}

static void test_ctl_purge_and_del(struct mbox_ctl *ctl)
{
	struct mbox *mbox = NULL;
	uint64_t purged = 0;

	mbox_open(&mbox, "ctl", NULL);
	mbox_send(mbox, 1, "a", 1, 0);
	mbox_send(mbox, 1, "b", 1, 0);
	is_int(mbox_ctl_purge(ctl, "ctl", &purged), 0, "purge");
	is_int(purged, 2, "two messages");
	is_int(mbox_ctl_del(ctl, "ctl"), 0, "del");
	is_int(mbox_ctl_del(ctl, "ctl"), -ENOENT, "once only");
	is_int(mbox_send(mbox, 1, "c", 1, 0), -EIDRM, "its handles know");
	is_int(mbox_info(mbox, NULL, NULL), -EIDRM, "info, too");
	mbox_close(mbox);
}

/* ---- events ------------------------------------------------------------------------ */

static void expect(struct mbox_events *events, enum mbox_event_type type,
		   struct mbox_event *event)
{
	int ret = mbox_events_next(events, event, SEC);

	ok(ret == 1 && event->type == type, mbox_event_name(type));
	if (ret != 1 || event->type != type)
		printf("# %d %s\n", ret, mbox_event_name(event->type));
}

static void test_events(struct mbox_ctl *ctl)
{
	const struct mbox_open_options small = {
		.flags = MBOX_OPEN_CREATE, .limits = { .max_msgs = 1 },
	};
	struct mbox_events *events = NULL;
	struct mbox_event event;
	struct mbox *mbox = NULL;
	struct mbox_stat stat;
	uint64_t seq;

	is_int(mbox_events_open(&events), 0, "subscribe");
	is_int(fcntl(mbox_events_fd(events), F_GETFD), FD_CLOEXEC,
	       "close-on-exec");
	is_int(mbox_events_next(events, &event, 0), -EAGAIN, "nothing yet");
	is_int(mbox_events_next(events, &event, 10 * MSEC), -ETIMEDOUT,
	       "nor in 10 ms");
	mbox_open(&mbox, "ev", &small);
	mbox_info(mbox, &stat, NULL);
	expect(events, MBOX_EVENT_CREATED, &event);
	is_str(event.name, "ev", "of that name");
	ok(event.id == stat.id && event.time > 0, "id and time");
	seq = event.seq;
	expect(events, MBOX_EVENT_ATTACHED, &event);
	is_int(event.seq, seq + 1, "the next number");
	ok(event.handle && event.rights == (RECV | SEND), "handle and rights");
	mbox_send(mbox, 1, "x", 1, 0);
	is_int(mbox_send(mbox, 1, "x", 1, 0), -EAGAIN, "full");
	expect(events, MBOX_EVENT_FULL, &event);
	is_int(mbox_send(mbox, 1, "x", 1, 5 * MSEC), -ETIMEDOUT, "still full");
	expect(events, MBOX_EVENT_TIMED_OUT, &event);
	is_int(event.rights, SEND, "it was a send");
	mbox_ctl_purge(ctl, "ev", NULL);
	expect(events, MBOX_EVENT_LOST, &event);
	is_int(event.count, 1, "one message");
	expect(events, MBOX_EVENT_WRITABLE, &event);
	mbox_ctl_set(ctl, "ev", &(struct mbox_settings){
		     .which = MBOX_SET_MODE, .mode = 0600 });
	expect(events, MBOX_EVENT_CHANGED, &event);
	mbox_close(mbox);
	expect(events, MBOX_EVENT_DETACHED, &event);
	expect(events, MBOX_EVENT_REMOVED, &event);
	is_int(mbox_events_next(events, &event, 0), -EAGAIN, "that was all");
	mbox_events_close(events);
}

/**
 * struct forgery - an event that no kernel sent
 * @nlh: netlink header
 * @genl: generic-netlink header
 * @seq_attr: header of @seq
 * @seq: number of the event
 * @id_attr: header of @id
 * @id: mailbox
 */
struct forgery {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	struct nlattr seq_attr;
	uint8_t seq[8];
	struct nlattr id_attr;
	uint8_t id[8];
};

static bool forge(struct mbox_events *events, uint64_t seq)
{
	struct forgery forgery = {
		.nlh.nlmsg_len = sizeof(forgery),
		.nlh.nlmsg_type = (uint16_t)events->stream.family,
		.genl.cmd = MBOX_CMD_REMOVED_NTF,
		.seq_attr = { .nla_len = 12, .nla_type = MBOX_A_EVENT_SEQ },
		.id_attr = { .nla_len = 12, .nla_type = MBOX_A_EVENT_ID },
		.id = { 1 },
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	struct sockaddr_nl listener;
	socklen_t len = sizeof(listener);
	ssize_t sent;

	memcpy(forgery.seq, &seq, sizeof(seq));
	getsockname(mbox_events_fd(events), (void *)&listener, &len);
	listener.nl_groups = 0;
	sent = sendto(fd, &forgery, sizeof(forgery), 0, (void *)&listener,
		      sizeof(listener));
	close(fd);
	return sent == sizeof(forgery);
}

static void test_forgery(struct mbox_ctl *ctl)
{
	struct mbox_events *events = NULL;
	struct mbox_event event;

	mbox_events_open(&events);
	ok(forge(events, events->stream.expected), "forge an event");
	ok(forge(events, events->stream.expected + 100), "and another");
	is_int(mbox_events_next(events, &event, 50 * MSEC), -ETIMEDOUT,
	       "neither is taken");
	mbox_ctl_new(ctl, "true", NULL, NULL);
	expect(events, MBOX_EVENT_CREATED, &event);
	is_str(event.name, "true", "a true one is");
	mbox_ctl_del(ctl, "true");
	mbox_events_close(events);
}

/* Each pair of new and del is two events: none may be unaccounted for. */
static void churn(struct mbox_ctl *ctl, int pairs)
{
	for (int i = 0; i < pairs; i++) {
		mbox_ctl_new(ctl, "churn", NULL, NULL);
		mbox_ctl_del(ctl, "churn");
	}
}

static uint64_t count_all(struct mbox_events *events, uint64_t *missed)
{
	struct mbox_event event;
	uint64_t got = 0;

	*missed = 0;
	while (mbox_events_next(events, &event, 0) == 1) {
		if (event.type == MBOX_EVENT_MISSED)
			*missed += event.count;
		else
			got++;
	}
	return got;
}

static void test_overflow(struct mbox_ctl *ctl)
{
	struct mbox_events *events = NULL;
	uint64_t missed;
	int size = 4096;
	uint64_t got;

	mbox_events_open(&events);
	setsockopt(mbox_events_fd(events), SOL_SOCKET, SO_RCVBUF, &size,
		   sizeof(size));
	churn(ctl, 200);
	got = count_all(events, &missed);
	printf("# got %" PRIu64 ", missed %" PRIu64 "\n", got, missed);
	ok(missed > 0, "a small buffer loses events at the tail");
	is_int(got + missed, 400, "all are accounted for");
	churn(ctl, 1);
	got = count_all(events, &missed);
	is_int(got, 2, "then it goes on");
	is_int(missed, 0, "without a loss");
	churn(ctl, 200);
	got = count_all(events, &missed);
	is_int(got + missed, 400, "accounted for again");
	mbox_events_close(events);
}

static void test_empty_domain_overflow(struct mbox_ctl *ctl)
{
	struct mbox_stat *list = NULL;
	size_t count = 99;

	is_int(mbox_ctl_list(ctl, &list, &count), 0, "the domain");
	is_int(count, 0, "is empty now");
	free(list);
	test_overflow(ctl);
}

static void test_management(void)
{
	struct mbox_ctl *ctl = NULL;

	is_int(mbox_ctl_open(&ctl), 0, "ctl_open");
	test_ctl_new(ctl);
	test_ctl_set(ctl);
	test_ctl_list(ctl);
	test_ctl_purge_and_del(ctl);
	test_events(ctl);
	test_forgery(ctl);
	test_empty_domain_overflow(ctl);
	mbox_ctl_close(ctl);
}

/* ---- ring ------------------------------------------------------------------- */

#define RING_RECORDS	20000u

static void *ring_producer(void *arg)
{
	struct mbox_ring *ring = arg;
	void *place;

	for (uint32_t i = 0; i < RING_RECORDS; i++) {
		if (mbox_ring_reserve(ring, i % 300, &place, MBOX_FOREVER))
			return arg;
		memset(place, i, i % 300);
		mbox_ring_commit(ring, i, i % 300);
	}
	return mbox_ring_wait(ring, MBOX_FOREVER) ? arg : NULL;
}

static uint32_t ring_consumer(struct mbox_ring *ring, int64_t timeout, int *ret)
{
	const unsigned char *data;
	uint64_t type;
	uint32_t i = 0;
	size_t len;

	while ((*ret = mbox_ring_peek(ring, &type, (const void **)&data, &len, timeout)) == 1) {
		if (type != i || len != i % 300 || (len && data[len - 1] != (unsigned char)i))
			break;
		mbox_ring_release(ring);
		if (++i == RING_RECORDS)
			break;
	}
	return i;
}

static void test_ring(uint32_t batch, int64_t spin, const char *name)
{
	struct mbox_ring_options options = { MBOX_MAP_PRODUCER, 4096, batch, spin };
	struct mbox_ring *out = NULL, *in = NULL;
	struct mbox *mbox = new_mailbox(NULL);
	pthread_t thread;
	void *failed;
	int ret;

	is_int(mbox_ring_open(&out, mbox, &options), 0, "producer");
	is_int(mbox_ring_open(&in, mbox, &options), -EBUSY, "no second one");
	options.end = MBOX_MAP_CONSUMER;
	is_int(mbox_ring_open(&in, mbox, &options), 0, "consumer");
	mbox_close(mbox);
	is_int(ring_consumer(in, MSEC, &ret), 0, "nothing there");
	is_int(ret, -ETIMEDOUT, "not in time");
	pthread_create(&thread, NULL, ring_producer, out);
	is_int(ring_consumer(in, MBOX_FOREVER, &ret), RING_RECORDS, name);
	pthread_join(thread, &failed);
	ok(!failed, "and the producer is content");
	mbox_ring_close(out);
	is_int(mbox_ring_wait(in, MBOX_FOREVER), -EPIPE, "it has gone");
	is_int(ring_consumer(in, MBOX_FOREVER, &ret) + ret, 0, "and that is the end");
	mbox_ring_close(in);
}

int main(void)
{
	struct mbox *mbox;

	if (access("/dev/mbox", F_OK)) {
		tap_skip("the library on the device", "no /dev/mbox");
		return tap_done();
	}
	/* A domain of our own, which has no mailboxes but ours. */
	if (unshare(CLONE_NEWNET)) {
		tap_skip("the library on the device", "needs CAP_SYS_ADMIN");
		return tap_done();
	}
	mbox = new_mailbox("lib");
	test_one_message(mbox);
	test_empty_message(mbox);
	test_no_message(mbox);
	test_sizes(mbox);
	test_filters(mbox);
	test_vectors(mbox);
	test_two_threads(mbox);
	test_signals(mbox);
	test_open();
	test_open_id(mbox);
	test_from_fd(mbox);
	mbox_close(mbox);
	test_anonymous();
	test_management();
	test_ring(0, 0, "each record through the ring");
	test_ring(32, 0, "in batches");
	test_ring(0, 20000, "with ends that spin");
	return tap_done();
}
