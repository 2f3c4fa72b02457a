// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: decoding, order and loss, with datagrams made up by this test. It
 * also plays the socket and the kernel that knows the latest number.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <netlink/genl/genl.h>
#include "internal.h"
#include "tap.h"
#include "wrap.h"

#define FAMILY	77
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/**
 * struct datagram - what one recvmsg() gives
 * @error: errno instead
 * @sender: port of the sender; 0 for the kernel
 * @flags: MSG_TRUNC
 * @len: bytes of @data
 * @data: messages
 */
struct datagram {
	int error;
	uint32_t sender;
	int flags;
	size_t len;
	unsigned char data[4096];
};

static struct datagram inbox[16];
static size_t arrived;
static size_t taken;
/* What the kernel says its latest event is, and what comes in meanwhile. */
static uint64_t latest;
static int latest_error;
static size_t meanwhile;
static int questions;

ssize_t __wrap_recvmsg(int fd, struct msghdr *hdr, int flags)
{
	const struct datagram *next = &inbox[taken];
	const struct sockaddr_nl src = {
		.nl_family = AF_NETLINK,
		.nl_pid = next->sender,
	};

	(void)fd;
	errno = flags & MSG_DONTWAIT ? EAGAIN : EDOM;
	if (taken == arrived)
		return -1;
	taken++;
	errno = next->error;
	if (next->error)
		return -1;
	memcpy(hdr->msg_name, &src, sizeof(src));
	hdr->msg_namelen = sizeof(src);
	hdr->msg_flags = next->flags;
	memcpy(hdr->msg_iov->iov_base, next->data, next->len);
	return (ssize_t)next->len;
}

int __wrap_mbx_ctl_event_seq(struct mbox_ctl *ctl, uint64_t *seq)
{
	(void)ctl;
	questions++;
	arrived += meanwhile;
	meanwhile = 0;
	if (latest_error)
		return latest_error;
	*seq = latest;
	return 0;
}

/* ---- making datagrams ----------------------------------------------------- */

static void clear(void)
{
	memset(inbox, 0, sizeof(inbox));
	arrived = 0;
	taken = 0;
	latest = 0;
	latest_error = 0;
	meanwhile = 0;
	questions = 0;
}

static struct nl_msg *event(int family, uint8_t cmd, uint64_t seq)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, 0, 0, family, 0, 0, cmd, 1))
		abort();
	nla_put_u64(msg, MBOX_A_EVENT_SEQ, seq);
	nla_put_u64(msg, MBOX_A_EVENT_ID, 5);
	return msg;
}

/* Adds a message to the datagram that is being made. */
static void add(struct nl_msg *msg)
{
	struct datagram *datagram = &inbox[arrived];
	const struct nlmsghdr *nlh = nlmsg_hdr(msg);

	memcpy(datagram->data + datagram->len, nlh, nlh->nlmsg_len);
	datagram->len += NLMSG_ALIGN(nlh->nlmsg_len);
	nlmsg_free(msg);
}

static void add_full(uint64_t seq)
{
	add(event(FAMILY, MBOX_CMD_FULL_NTF, seq));
}

static void arrive(void)
{
	arrived++;
}

static void arrive_full(uint64_t seq)
{
	add_full(seq);
	arrive();
}

static void arrive_error(int error)
{
	inbox[arrived].error = error;
	arrive();
}

/* ---- taking events -------------------------------------------------------- */

static struct mbox_events *subscription(uint64_t expected)
{
	struct mbox_events *events = calloc(1, sizeof(*events));

	if (!events)
		abort();
	events->sk = nl_socket_alloc();
	events->stream.family = FAMILY;
	events->stream.expected = expected;
	return events;
}

static void drop(struct mbox_events *events)
{
	nl_socket_free(events->sk);
	free(events);
}

static void is_event(struct mbox_events *events, enum mbox_event_type type,
		     uint64_t seq, uint64_t count, const char *name)
{
	struct mbox_event got = { .seq = 0 };
	int ret = mbox_events_next(events, &got, 0);

	ok(ret == 1 && got.type == type && got.seq == seq &&
	   got.count == count, name);
	if (ret != 1 || got.type != type || got.seq != seq ||
	    got.count != count)
		printf("# %d %s seq %" PRIu64 " count %" PRIu64 "\n", ret,
		       mbox_event_name(got.type), got.seq, got.count);
}

static void is_full(struct mbox_events *events, uint64_t seq, const char *name)
{
	is_event(events, MBOX_EVENT_FULL, seq, 0, name);
}

static void is_missed(struct mbox_events *events, uint64_t seq, uint64_t count,
		      const char *name)
{
	is_event(events, MBOX_EVENT_MISSED, seq, count, name);
}

static void is_end(struct mbox_events *events)
{
	struct mbox_event got = { .seq = 99 };

	is_int(mbox_events_next(events, &got, 0), -EAGAIN, "no more");
	is_int(got.seq, 99, "the result is as it was");
}

/* ---- decoding ------------------------------------------------------------- */

static void test_types(void)
{
	static const struct row {
		uint8_t cmd;
		enum mbox_event_type type;
		const char *name;
	} rows[] = {
		{ MBOX_CMD_CREATED_NTF, MBOX_EVENT_CREATED, "created" },
		{ MBOX_CMD_REMOVED_NTF, MBOX_EVENT_REMOVED, "removed" },
		{ MBOX_CMD_CHANGED_NTF, MBOX_EVENT_CHANGED, "changed" },
		{ MBOX_CMD_ATTACHED_NTF, MBOX_EVENT_ATTACHED, "attached" },
		{ MBOX_CMD_DETACHED_NTF, MBOX_EVENT_DETACHED, "detached" },
		{ MBOX_CMD_FULL_NTF, MBOX_EVENT_FULL, "full" },
		{ MBOX_CMD_WRITABLE_NTF, MBOX_EVENT_WRITABLE, "writable" },
		{ MBOX_CMD_LOST_NTF, MBOX_EVENT_LOST, "lost" },
		{ MBOX_CMD_TIMED_OUT_NTF, MBOX_EVENT_TIMED_OUT, "timed-out" },
		{ MBOX_CMD_OWNER_DIED_NTF, MBOX_EVENT_OWNER_DIED, "owner-died" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct nl_msg *msg = event(FAMILY, rows[i].cmd, 1);
		struct mbox_event got;

		is_int(mbx_event_decode(nlmsg_hdr(msg), &got), 0, rows[i].name);
		is_int(got.type, rows[i].type, rows[i].name);
		is_str(mbox_event_name(got.type), rows[i].name, rows[i].name);
		nlmsg_free(msg);
	}
	is_int(COUNT(rows), MBOX_CMD_MAX - MBOX_CMD_CREATED_NTF + 1,
	       "that is every notification");
	is_str(mbox_event_name(MBOX_EVENT_MISSED), "missed", "missed");
	is_str(mbox_event_name(MBOX_EVENT_MISSED + 1), "unknown", "unknown");
	is_str(mbox_event_name(MBX_EVENT_UNKNOWN), "unknown", "unknown");
}

static void test_members(void)
{
	struct nl_msg *msg = event(FAMILY, MBOX_CMD_LOST_NTF, 1ULL << 50);
	struct mbox_event got;

	nla_put_u64(msg, MBOX_A_EVENT_TIME, 123);
	nla_put_string(msg, MBOX_A_EVENT_NAME, "jobs");
	nla_put_u64(msg, MBOX_A_EVENT_HANDLE, 7);
	nla_put_u32(msg, MBOX_A_EVENT_RIGHTS, 2);
	nla_put_u64(msg, MBOX_A_EVENT_COUNT, 1ULL << 40);
	nla_put_u64(msg, MBOX_A_EVENT_MAX + 1, 1);
	is_int(mbx_event_decode(nlmsg_hdr(msg), &got), 0, "every attribute");
	ok(got.seq == 1ULL << 50 && got.id == 5 && got.time == 123 &&
	   got.handle == 7 && got.rights == 2 && got.count == 1ULL << 40,
	   "numbers");
	is_str(got.name, "jobs", "name");
	nlmsg_free(msg);
}

static void test_missing_members(void)
{
	struct nl_msg *msg = event(FAMILY, MBOX_CMD_FULL_NTF, 1);
	struct mbox_event got;

	memset(&got, 0xff, sizeof(got));
	is_int(mbx_event_decode(nlmsg_hdr(msg), &got), 0, "number and id");
	ok(!got.time && !got.handle && !got.rights && !got.count &&
	   !got.name[0], "the rest is zero");
	nlmsg_free(msg);
	msg = event(FAMILY, MBOX_CMD_FULL_NTF, 0);
	is_int(mbx_event_decode(nlmsg_hdr(msg), &got), -EPROTO, "number 0");
	nlmsg_free(msg);
	msg = event(FAMILY, MBOX_CMD_GET, 1);
	is_int(mbx_event_decode(nlmsg_hdr(msg), &got), -EPROTO, "no event");
	nlmsg_free(msg);
	msg = nlmsg_alloc();
	genlmsg_put(msg, 0, 0, FAMILY, 0, 0, MBOX_CMD_FULL_NTF, 1);
	is_int(mbx_event_decode(nlmsg_hdr(msg), &got), -EPROTO, "no number");
	nla_put_u64(msg, MBOX_A_EVENT_SEQ, 1);
	is_int(mbx_event_decode(nlmsg_hdr(msg), &got), -EPROTO, "no id");
	nlmsg_free(msg);
}

static void test_short_attributes(void)
{
	int refused = 0;

	for (int type = MBOX_A_EVENT_SEQ; type <= MBOX_A_EVENT_MAX; type++) {
		struct nl_msg *msg = event(FAMILY, MBOX_CMD_FULL_NTF, 1);
		struct mbox_event got;

		nla_put(msg, type, 3, "abc");
		refused += mbx_event_decode(nlmsg_hdr(msg), &got) == -EPROTO;
		nlmsg_free(msg);
	}
	is_int(refused, MBOX_A_EVENT_MAX - 2,
	       "each attribute but the name is refused with 3 bytes");
}

static void test_long_name(void)
{
	struct nl_msg *msg = event(FAMILY, MBOX_CMD_FULL_NTF, 1);
	struct mbox_event got;
	char text[300];

	memset(text, 'x', sizeof(text));
	nla_put(msg, MBOX_A_EVENT_NAME, sizeof(text), text);
	is_int(mbx_event_decode(nlmsg_hdr(msg), &got), 0, "300 bytes of name");
	is_int(strlen(got.name), MBOX_NAME_MAX, "are cut");
	nlmsg_free(msg);
}

static void test_cut_messages(void)
{
	struct nl_msg *msg = event(FAMILY, MBOX_CMD_FULL_NTF, 1);
	const struct nlmsghdr *whole = nlmsg_hdr(msg);
	int decoded = 0;

	nla_put_string(msg, MBOX_A_EVENT_NAME, "jobs");
	for (uint32_t len = NLMSG_HDRLEN; len <= whole->nlmsg_len; len++) {
		struct nlmsghdr *cut = malloc(len);
		struct mbox_event got;

		memcpy(cut, whole, len);
		cut->nlmsg_len = len;
		decoded += mbx_event_decode(cut, &got) == 0;
		free(cut);
	}
	ok(decoded > 0 && decoded < (int)whole->nlmsg_len,
	   "cut messages are not read beyond their end");
	nlmsg_free(msg);
}

/* ---- order and loss ------------------------------------------------------- */

static void test_order(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_full(10);
	add_full(11);
	add_full(12);
	add_full(13);
	arrive();
	arrive_full(14);
	is_full(events, 10, "one event in a datagram");
	is_full(events, 11, "three in the next");
	is_full(events, 12, "in their order");
	is_full(events, 13, "all of them");
	is_full(events, 14, "and one more");
	is_end(events);
	is_int(questions, 0, "without loss nothing is asked");
	drop(events);
}

static void test_gap(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_full(10);
	arrive_full(14);
	arrive_full(15);
	is_full(events, 10, "before the gap");
	is_missed(events, 13, 3, "a gap is reported in its place");
	is_full(events, 14, "the event behind it follows");
	is_full(events, 15, "and the next");
	is_end(events);
	drop(events);
}

static void test_gap_at_the_start(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_full(12);
	is_missed(events, 11, 2, "a gap before the first event");
	is_full(events, 12, "which follows");
	is_end(events);
	drop(events);
}

static void test_gap_within_a_datagram(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	add_full(10);
	add_full(12);
	add_full(13);
	arrive();
	is_full(events, 10, "before");
	is_missed(events, 11, 1, "a gap within a datagram");
	is_full(events, 12, "behind");
	is_full(events, 13, "and on");
	is_end(events);
	drop(events);
}

static void test_huge_gap(void)
{
	struct mbox_events *events = subscription(1);

	clear();
	arrive_full(UINT64_MAX - 1);
	is_missed(events, UINT64_MAX - 2, UINT64_MAX - 2, "a huge gap");
	is_full(events, UINT64_MAX - 1, "behind");
	drop(events);
}

/* From before the subscription, or counted as missed already. */
static void test_old_events(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_full(8);
	arrive_full(9);
	arrive_full(10);
	arrive_full(10);
	is_full(events, 10, "old events are passed over");
	is_end(events);
	drop(events);
}

static void test_foreign_senders(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	inbox[0].sender = 1234;
	arrive_full(10);
	inbox[1].sender = 1;
	arrive_full(500);
	arrive_full(10);
	is_full(events, 10, "what does not come from the kernel is ignored");
	is_end(events);
	drop(events);
}

static void test_foreign_families(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	add(event(FAMILY + 1, MBOX_CMD_CREATED_NTF, 10));
	add(event(FAMILY, MBOX_CMD_GET, 10));
	add_full(10);
	arrive();
	is_full(events, 10, "other families and commands are ignored");
	is_end(events);
	drop(events);
}

static void test_news_of_a_later_kernel(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	add(event(FAMILY, MBOX_CMD_MAX + 1, 10));
	add_full(11);
	add(event(FAMILY, MBOX_CMD_MAX + 1, 14));
	add_full(15);
	arrive();
	is_full(events, 11, "an unknown event is passed over, not missed");
	is_missed(events, 13, 2, "a gap before an unknown event");
	is_full(events, 15, "which is passed over, too");
	is_end(events);
	drop(events);
}

static void test_garbage(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	memset(inbox[0].data, 0xff, 64);
	inbox[0].len = 64;
	arrive();
	inbox[1].len = 3;
	arrive();
	arrive();
	add_full(10);
	inbox[3].len -= 4;
	arrive();
	arrive_full(11);
	is_missed(events, 10, 1, "a message that is cut is missed");
	is_full(events, 11, "the next is not");
	is_end(events);
	drop(events);
}

static void test_overflow_and_gap(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_error(ENOBUFS);
	arrive_full(10);
	arrive_full(15);
	latest = 15;
	is_full(events, 10, "before the overflow");
	is_missed(events, 14, 4, "counted by the gap");
	is_full(events, 15, "after it");
	is_end(events);
	is_int(questions, 1, "the kernel was asked once");
	is_end(events);
	is_int(questions, 1, "and not again");
	drop(events);
}

static void test_overflow_at_the_tail(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_error(ENOBUFS);
	arrive_full(10);
	arrive_full(11);
	latest = 20;
	is_full(events, 10, "before the overflow");
	is_full(events, 11, "the last that came through");
	is_missed(events, 20, 9, "the tail is counted");
	is_end(events);
	arrive_full(21);
	is_full(events, 21, "the next one follows without a gap");
	drop(events);
}

static void test_overflow_of_everything(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_error(ENOBUFS);
	latest = 12;
	is_missed(events, 12, 3, "all that there was");
	is_end(events);
	drop(events);
}

static void test_overflow_without_loss(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_error(ENOBUFS);
	arrive_full(10);
	latest = 10;
	is_full(events, 10, "nothing of ours was lost");
	is_end(events);
	drop(events);
}

/* What comes in while the kernel is asked is no loss. */
static void test_arrival_during_the_question(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_error(ENOBUFS);
	arrive_full(14);
	arrive_full(15);
	arrived -= 2;
	meanwhile = 2;
	latest = 17;
	is_missed(events, 13, 4, "the loss itself");
	is_full(events, 14, "what came in meanwhile");
	is_full(events, 15, "all of it");
	is_missed(events, 17, 2, "and what did not");
	is_end(events);
	is_int(questions, 1, "with one question");
	drop(events);
}

static void test_late_arrival(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_error(ENOBUFS);
	latest = 12;
	is_missed(events, 12, 3, "three are given up");
	arrive_full(12);
	arrive_full(13);
	is_full(events, 13, "one that comes after all does not count twice");
	is_end(events);
	drop(events);
}

static void test_second_overflow(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	arrive_error(ENOBUFS);
	latest = 12;
	is_missed(events, 12, 3, "one overflow");
	arrive_full(13);
	arrive_error(ENOBUFS);
	latest = 14;
	is_full(events, 13, "a good time");
	is_missed(events, 14, 1, "another overflow");
	is_end(events);
	drop(events);
}

static void test_cut_datagram(void)
{
	struct mbox_events *events = subscription(10);

	clear();
	inbox[0].flags = MSG_TRUNC;
	arrive_full(10);
	latest = 12;
	is_full(events, 10, "the head of a datagram that was cut");
	is_missed(events, 12, 2, "its rest is counted");
	is_end(events);
	drop(events);
}

static void test_errors(void)
{
	struct mbox_events *events = subscription(10);
	struct mbox_event got;

	clear();
	arrive_error(ENOMEM);
	is_int(mbox_events_next(events, &got, 0), -ENOMEM, "an error");
	arrive_error(ENOBUFS);
	latest_error = -ENOMEM;
	is_int(mbox_events_next(events, &got, 0), -ENOMEM, "no answer");
	latest_error = -ENOENT;
	is_int(mbox_events_next(events, &got, 0), -ENODEV, "no family");
	latest_error = 0;
	latest = 11;
	is_missed(events, 11, 2, "the loss is not forgotten");
	is_int(mbox_events_next(events, &got, -2), -EINVAL, "timeout -2");
	is_end(events);
	drop(events);
}

int main(void)
{
	test_types();
	test_members();
	test_missing_members();
	test_short_attributes();
	test_long_name();
	test_cut_messages();
	test_order();
	test_gap();
	test_gap_at_the_start();
	test_gap_within_a_datagram();
	test_huge_gap();
	test_old_events();
	test_foreign_senders();
	test_foreign_families();
	test_news_of_a_later_kernel();
	test_garbage();
	test_overflow_and_gap();
	test_overflow_at_the_tail();
	test_overflow_of_everything();
	test_overflow_without_loss();
	test_arrival_during_the_question();
	test_late_arrival();
	test_second_overflow();
	test_cut_datagram();
	test_errors();
	return tap_done();
}
