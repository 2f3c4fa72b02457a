// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: answers made up by this test, and, since every kernel has it, real
 * transactions with the family "nlctrl" in the place of "mbox".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include "internal.h"
#include "tap.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static struct nl_msg *answer(uint8_t cmd)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, 0, 0, 77, 0, 0, cmd, 1))
		abort();
	return msg;
}

static void test_stat(void)
{
	struct nl_msg *msg = answer(MBOX_CMD_GET);
	struct mbox_stat stat;

	nla_put_u64(msg, MBOX_A_MAILBOX_ID, 1ULL << 40);
	nla_put_string(msg, MBOX_A_MAILBOX_NAME, "jobs");
	nla_put_flag(msg, MBOX_A_MAILBOX_PERSIST);
	nla_put_u32(msg, MBOX_A_MAILBOX_KIND, 3);
	nla_put_u32(msg, MBOX_A_MAILBOX_MODE, 4);
	nla_put_u32(msg, MBOX_A_MAILBOX_UID, 5);
	nla_put_u32(msg, MBOX_A_MAILBOX_GID, 6);
	nla_put_u32(msg, MBOX_A_MAILBOX_POLICY, 7);
	nla_put_u32(msg, MBOX_A_MAILBOX_MAX_MSGS, 8);
	nla_put_u32(msg, MBOX_A_MAILBOX_MAX_SIZE, 9);
	nla_put_u64(msg, MBOX_A_MAILBOX_MAX_BYTES, 1ULL << 33);
	nla_put_u32(msg, MBOX_A_MAILBOX_MSGS, 11);
	nla_put_u64(msg, MBOX_A_MAILBOX_BYTES, 12);
	nla_put_u32(msg, MBOX_A_MAILBOX_PEAK_MSGS, 13);
	nla_put_u64(msg, MBOX_A_MAILBOX_PEAK_BYTES, 14);
	nla_put_u64(msg, MBOX_A_MAILBOX_SENT, 15);
	nla_put_u64(msg, MBOX_A_MAILBOX_RECEIVED, 16);
	nla_put_u64(msg, MBOX_A_MAILBOX_LOST, 17);
	nla_put_u32(msg, MBOX_A_MAILBOX_RECEIVERS, 18);
	nla_put_u32(msg, MBOX_A_MAILBOX_SENDERS, 19);
	nla_put_u32(msg, MBOX_A_MAILBOX_WAITING_RECEIVERS, 20);
	nla_put_u32(msg, MBOX_A_MAILBOX_WAITING_SENDERS, 21);
	nla_put_u64(msg, MBOX_A_MAILBOX_CREATED, 22);
	nla_put_u64(msg, MBOX_A_MAILBOX_EVENT_SEQ, 23);
	is_int(mbx_stat_decode(nlmsg_hdr(msg), &stat), 0, "a whole mailbox");
	is_str(stat.name, "jobs", "name");
	ok(stat.id == 1ULL << 40 && stat.persist && stat.kind == 3 &&
	   stat.mode == 4 && stat.uid == 5 && stat.gid == 6, "identity");
	ok(stat.limits.policy == 7 && stat.limits.max_msgs == 8 &&
	   stat.limits.max_size == 9 && stat.limits.max_bytes == 1ULL << 33,
	   "limits");
	ok(stat.msgs == 11 && stat.bytes == 12 && stat.peak_msgs == 13 &&
	   stat.peak_bytes == 14 && stat.sent == 15 && stat.received == 16 &&
	   stat.lost == 17, "counters");
	ok(stat.receivers == 18 && stat.senders == 19 &&
	   stat.waiting_receivers == 20 && stat.waiting_senders == 21 &&
	   stat.created == 22, "more counters");
	nlmsg_free(msg);
}

static void test_stat_without_id(void)
{
	struct nl_msg *msg = answer(MBOX_CMD_GET);
	struct mbox_stat stat = { .id = 99 };
	uint64_t seq = 0;

	nla_put_u64(msg, MBOX_A_MAILBOX_EVENT_SEQ, 23);
	is_int(mbx_stat_decode(nlmsg_hdr(msg), &stat), -ENOENT, "no id");
	is_int(stat.id, 99, "the result is as it was");
	is_int(mbx_u64_decode(nlmsg_hdr(msg), MBOX_CMD_GET,
			      MBOX_A_MAILBOX_EVENT_SEQ, &seq), 0, "a number");
	is_int(seq, 23, "that number");
	is_int(mbx_u64_decode(nlmsg_hdr(msg), MBOX_CMD_GET,
			      MBOX_A_MAILBOX_PURGED, &seq), -ENOENT,
	       "another number");
	is_int(mbx_u64_decode(nlmsg_hdr(msg), MBOX_CMD_PURGE,
			      MBOX_A_MAILBOX_EVENT_SEQ, &seq), -EPROTO,
	       "another command");
	nlmsg_free(msg);
}

static void test_sparse_stat(void)
{
	struct nl_msg *msg = answer(MBOX_CMD_GET);
	struct mbox_stat stat;

	nla_put_u64(msg, MBOX_A_MAILBOX_ID, 1);
	memset(&stat, 0xff, sizeof(stat));
	is_int(mbx_stat_decode(nlmsg_hdr(msg), &stat), 0, "the id alone");
	ok(stat.id == 1 && !stat.name[0] && !stat.sent && !stat.persist &&
	   !stat.limits.max_bytes && !stat.mode, "the rest is zero");
	nlmsg_free(msg);
}

/* Attributes that are shorter than their type, one at a time. */
static void test_short_attributes(void)
{
	int refused = 0;
	int numbers = 0;

	for (int type = 1; type <= MBOX_A_MAILBOX_MAX; type++) {
		struct nl_msg *msg = answer(MBOX_CMD_GET);
		struct mbox_stat stat;

		if (type == MBOX_A_MAILBOX_PAD || type == MBOX_A_MAILBOX_NAME ||
		    type == MBOX_A_MAILBOX_PERSIST || type == MBOX_A_MAILBOX_RETAIN)
			goto next;
		if (type != MBOX_A_MAILBOX_ID)
			nla_put_u64(msg, MBOX_A_MAILBOX_ID, 1);
		nla_put(msg, type, 3, "abc");
		numbers++;
		refused += mbx_stat_decode(nlmsg_hdr(msg), &stat) == -EPROTO;
next:
		nlmsg_free(msg);
	}
	is_int(numbers, MBOX_A_MAILBOX_MAX - 4, "each number cut to 3 bytes");
	is_int(refused, numbers, "is refused");
}

static void test_names(void)
{
	static const struct row {
		int len;
		size_t want;
	} rows[] = { { 0, 0 }, { 1, 1 }, { 255, 255 }, { 256, 255 },
		     { 300, 255 } };
	char text[300];

	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct nl_msg *msg = answer(MBOX_CMD_GET);
		struct mbox_stat stat;

		nla_put_u64(msg, MBOX_A_MAILBOX_ID, 1);
		nla_put(msg, MBOX_A_MAILBOX_NAME, rows[i].len, text);
		is_int(mbx_stat_decode(nlmsg_hdr(msg), &stat), 0,
		       "a name without a NUL");
		is_int(strlen(stat.name), rows[i].want, "ends in time");
		nlmsg_free(msg);
	}
}

/* Cut anywhere, a message is refused or decoded, and never read beyond. */
static void test_cut_messages(void)
{
	struct nl_msg *msg = answer(MBOX_CMD_GET);
	const struct nlmsghdr *whole = nlmsg_hdr(msg);
	int decoded = 0;

	nla_put_u64(msg, MBOX_A_MAILBOX_ID, 1);
	nla_put_string(msg, MBOX_A_MAILBOX_NAME, "jobs");
	nla_put_u64(msg, MBOX_A_MAILBOX_SENT, 1);
	for (uint32_t len = NLMSG_HDRLEN; len <= whole->nlmsg_len; len++) {
		struct nlmsghdr *cut = malloc(len);
		struct mbox_stat stat;

		memcpy(cut, whole, len);
		cut->nlmsg_len = len;
		decoded += mbx_stat_decode(cut, &stat) == 0;
		free(cut);
	}
	ok(decoded > 0 && decoded < (int)whole->nlmsg_len,
	   "cut messages are not read beyond their end");
	nlmsg_free(msg);
}

/* ---- the kernel's words ------------------------------------------------- */

/**
 * struct refusal - an NLMSG_ERROR message
 * @flags: NLM_F_CAPPED, NLM_F_ACK_TLVS
 * @request: bytes of the request that it repeats after its header
 * @text: the words
 */
struct refusal {
	int flags;
	int request;
	const char *text;
};

static struct nl_msg *refusal(const struct refusal *how)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsgerr err = {
		.error = -EPERM,
		.msg.nlmsg_len = (uint32_t)(NLMSG_HDRLEN + how->request),
	};

	if (!msg || !nlmsg_put(msg, 0, 0, NLMSG_ERROR, 0, how->flags))
		abort();
	nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	if (!(how->flags & NLM_F_CAPPED))
		nlmsg_reserve(msg, (size_t)how->request, NLMSG_ALIGNTO);
	nla_put_u32(msg, NLMSGERR_ATTR_OFFS, 4);
	if (how->text)
		nla_put_string(msg, NLMSGERR_ATTR_MSG, how->text);
	return msg;
}

static void test_extack_text(const struct refusal *how, const char *want)
{
	struct nl_msg *msg = refusal(how);
	char text[20] = "before";

	mbx_extack_text(nlmsg_hdr(msg), text, sizeof(text));
	is_str(text, want, want);
	nlmsg_free(msg);
}

static void test_extack(void)
{
	const int tlvs = NLM_F_ACK_TLVS;
	const struct refusal with = { tlvs, 20, "with the request" };
	const struct refusal odd = { tlvs, 17, "with 17 bytes" };
	const struct refusal capped = { tlvs | NLM_F_CAPPED, 20, "capped" };
	const struct refusal none = { 0, 20, "not announced" };
	const struct refusal silent = { tlvs, 20, NULL };
	const struct refusal longer = { tlvs, 0, "twenty characters or more" };

	test_extack_text(&with, "with the request");
	test_extack_text(&odd, "with 17 bytes");
	test_extack_text(&capped, "capped");
	test_extack_text(&none, "");
	test_extack_text(&silent, "");
	test_extack_text(&longer, "twenty characters o");
}

/* The length of the request, as it is told, leads out of the message. */
static void test_extack_lies(void)
{
	static const uint32_t lies[] = {
		0, 1, 15, 10000, 1U << 31, UINT32_MAX, UINT32_MAX - 15,
	};
	const struct refusal how = { NLM_F_ACK_TLVS, 20, "words" };

	for (size_t i = 0; i < COUNT(lies); i++) {
		struct nl_msg *msg = refusal(&how);
		struct nlmsgerr *err = nlmsg_data(nlmsg_hdr(msg));
		char text[20];

		err->msg.nlmsg_len = lies[i];
		mbx_extack_text(nlmsg_hdr(msg), text, sizeof(text));
		is_str(text, "", "a length that lies finds no words");
		nlmsg_free(msg);
	}
}

static void test_extack_of_dump(void)
{
	struct nl_msg *msg = nlmsg_alloc();
	int error = -EINVAL;
	char text[20];

	nlmsg_put(msg, 0, 0, NLMSG_DONE, 0, NLM_F_ACK_TLVS);
	nlmsg_append(msg, &error, sizeof(error), NLMSG_ALIGNTO);
	nla_put_string(msg, NLMSGERR_ATTR_MSG, "at the end");
	mbx_extack_text(nlmsg_hdr(msg), text, sizeof(text));
	is_str(text, "at the end", "the words at the end of a dump");
	nlmsg_free(msg);
}

/* ---- sockets -------------------------------------------------------------- */

static void test_from_kernel(void)
{
	struct sockaddr_nl src = { .nl_family = AF_NETLINK };

	ok(mbx_nl_from_kernel(&src, sizeof(src)), "port 0 is the kernel");
	ok(!mbx_nl_from_kernel(&src, 0), "no address is not");
	ok(!mbx_nl_from_kernel(&src, sizeof(src) - 1), "nor half of one");
	src.nl_pid = 1;
	ok(!mbx_nl_from_kernel(&src, sizeof(src)), "port 1 is not");
	src = (struct sockaddr_nl){ .nl_family = AF_UNIX };
	ok(!mbx_nl_from_kernel(&src, sizeof(src)), "nor another family");
}

static void test_errno(void)
{
	is_int(mbx_nl_errno(0), 0, "no error");
	is_int(mbx_nl_errno(-NLE_NOMEM), -ENOMEM, "NLE_NOMEM");
	is_int(mbx_nl_errno(NLE_NOMEM), -ENOMEM, "either sign");
	is_int(mbx_nl_errno(-NLE_OBJ_NOTFOUND), -ENODEV, "no such family");
	is_int(mbx_nl_errno(-12345), -EPROTO, "an unknown one");
}

static int count_answers(const struct nlmsghdr *nlh, void *arg)
{
	(void)nlh;
	++*(int *)arg;
	return 0;
}

static int refuse_answer(const struct nlmsghdr *nlh, void *arg)
{
	(void)nlh;
	++*(int *)arg;
	return -EXDEV;
}

static int get_family(struct mbox_ctl *ctl, const char *name,
		      mbx_answer_fn take, int *answers)
{
	struct nl_msg *msg = mbx_nl_request(ctl, CTRL_CMD_GETFAMILY, 0);

	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, name);
	*answers = 0;
	return mbx_nl_transact(ctl, msg, take, answers);
}

static void test_transactions(struct mbox_ctl *ctl)
{
	struct nl_msg *msg;
	int answers;

	is_int(get_family(ctl, "nlctrl", count_answers, &answers), 0, "request");
	is_int(answers, 1, "one answer");
	is_int(get_family(ctl, "no-such", count_answers, &answers), -ENOENT,
	       "a refusal");
	is_int(answers, 0, "no answer");
	is_int(get_family(ctl, "nlctrl", refuse_answer, &answers), -EXDEV,
	       "an answer that is not understood");
	is_int(get_family(ctl, "nlctrl", NULL, &answers), 0, "no matter which");
	answers = 0;
	msg = mbx_nl_request(ctl, CTRL_CMD_GETFAMILY, NLM_F_DUMP);
	is_int(mbx_nl_transact(ctl, msg, count_answers, &answers), 0, "dump");
	ok(answers > 1, "several answers");
	answers = 0;
	msg = mbx_nl_request(ctl, CTRL_CMD_GETFAMILY, NLM_F_DUMP);
	is_int(mbx_nl_transact(ctl, msg, refuse_answer, &answers), -EXDEV,
	       "dump that is not understood");
	is_int(answers, 1, "and is not gone on with");
	is_int(get_family(ctl, "nlctrl", count_answers, &answers), 0,
	       "the socket is fit for more");
}

static void test_words_of_this_kernel(struct mbox_ctl *ctl)
{
	struct nl_msg *msg = mbx_nl_request(ctl, CTRL_CMD_GETFAMILY, 0);

	nla_put_u8(msg, CTRL_ATTR_FAMILY_ID, 1);
	is_int(mbx_nl_transact(ctl, msg, NULL, NULL), -ERANGE,
	       "an attribute too short");
	ok(strlen(ctl->error) > 0, "has words");
	printf("# %s\n", ctl->error);
}

/* What a broken-off transaction leaves behind must not answer the next. */
static void test_stale_answer(struct mbox_ctl *ctl)
{
	struct nl_msg *msg = mbx_nl_request(ctl, CTRL_CMD_GETFAMILY, 0);
	int answers;

	nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, "no-such");
	is_int(nl_send_auto(ctl->sk, msg) > 0, 1, "a request left alone");
	nlmsg_free(msg);
	is_int(get_family(ctl, "nlctrl", count_answers, &answers), 0,
	       "its refusal is passed over");
	is_int(answers, 1, "one answer");
}

static void test_socket(void)
{
	struct mbox_ctl ctl = { .family = GENL_ID_CTRL };

	is_int(mbx_nl_connect(&ctl.sk), 0, "connect");
	is_int(fcntl(nl_socket_get_fd(ctl.sk), F_GETFD), FD_CLOEXEC,
	       "the socket is close-on-exec");
	test_transactions(&ctl);
	test_words_of_this_kernel(&ctl);
	test_stale_answer(&ctl);
	nl_socket_free(ctl.sk);
}

static void test_no_module(void)
{
	struct mbox_events *events = NULL;
	struct mbox_ctl *ctl = NULL;
	struct mbox *mbox = NULL;

	if (access("/dev/mbox", F_OK) == 0) {
		tap_skip("without the module", "/dev/mbox is there");
		return;
	}
	is_int(mbox_open(&mbox, "m", NULL), -ENODEV, "open: ENODEV");
	is_int(mbox_ctl_open(&ctl), -ENODEV, "ctl_open: ENODEV");
	is_int(mbox_events_open(&events), -ENODEV, "events_open: ENODEV");
	ok(!mbox && !ctl && !events, "and nothing to close");
	ok(!mbox_ctl_close(NULL) && !mbox_events_close(NULL),
	   "closing nothing is no harm");
}

static void test_library_refusals(void)
{
	const struct mbox_open_options options = { .flags = MBOX_OPEN_EXCL };
	const struct mbox_settings settings = { .which = 1U << 11 };
	struct mbox_ctl ctl = { .error = "before" };
	struct mbox_stat stat;
	char name[257];

	memset(name, 'x', 256);
	name[256] = '\0';
	is_int(mbox_ctl_get(&ctl, name, &stat), -ENAMETOOLONG, "256 bytes");
	is_str(mbox_ctl_error(&ctl), "", "no words of before");
	is_int(mbox_ctl_get(&ctl, "", &stat), -EINVAL, "no bytes");
	is_int(mbox_ctl_new(&ctl, "m", &options, NULL), -EINVAL, "EXCL");
	is_int(mbox_ctl_set(&ctl, "m", &settings), -EINVAL, "unknown setting");
}

int main(void)
{
	test_stat();
	test_stat_without_id();
	test_sparse_stat();
	test_short_attributes();
	test_names();
	test_cut_messages();
	test_extack();
	test_extack_lies();
	test_extack_of_dump();
	test_from_kernel();
	test_errno();
	test_socket();
	test_no_module();
	test_library_refusals();
	return tap_done();
}
