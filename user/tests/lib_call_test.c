// SPDX-License-Identifier: GPL-2.0-only
/* Calls and replies: what the library asks of a device that this test plays. */
#include <errno.h>
#include <stdarg.h>
#include <time.h>
#include "internal.h"
#include "tap.h"
#include "wrap.h"

#define SEC	INT64_C(1000000000)
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define MOST_STEPS	4

/**
 * struct step - what the device does with one command
 * @error: errno, or 0
 * @result: what it returns otherwise
 * @cookie: what it leaves in the struct
 * @header: of the reply, or of the next message
 * @payload: of it, or NULL
 */
struct step {
	int error;
	int result;
	uint64_t cookie;
	struct mbox_header header;
	const char *payload;
};

static const struct step *script;
static int steps;
static unsigned long request;
static struct mbox_call calls[MOST_STEPS];
static struct mbox_settle settled;
static struct mbox_recv next;
static struct mbox_message message;
static struct mbox mbox = { .fd = 1000 };

static void put(uint64_t address, const struct step *step)
{
	if (step->payload)
		memcpy((void *)(uintptr_t)address, step->payload,
		       strlen(step->payload));
}

static void play_call(struct mbox_call *call, const struct step *step)
{
	calls[steps - 1] = *call;
	call->cookie = step->cookie;
	if (step->error)
		return;
	call->header = step->header;
	put(call->reply, step);
}

static void play_settle(struct mbox_settle *settle, const struct step *step)
{
	struct mbox_message *vec;

	settled = *settle;
	settle->cookie = step->cookie;
	if (!settle->next)
		return;
	next = *(struct mbox_recv *)(uintptr_t)settle->next;
	vec = (void *)(uintptr_t)next.vec;
	message = *vec;
	vec->header = step->header;
	if (!step->error)
		put(vec->buf, step);
}

int __wrap_ioctl(int fd, unsigned long command, ...)
{
	const struct step *step = &script[steps++];
	va_list args;
	void *arg;

	va_start(args, command);
	arg = va_arg(args, void *);
	va_end(args);
	request = command;
	if (fd != 1000 || steps > MOST_STEPS)
		return -1;
	if (command == MBOX_IOC_CALL)
		play_call(arg, step);
	else
		play_settle(arg, step);
	errno = step->error;
	return step->error ? -1 : step->result;
}

static void play(const struct step *what)
{
	script = what;
	steps = 0;
	settled = (struct mbox_settle){ .cookie = UINT64_MAX };
	next = (struct mbox_recv){ .count = UINT32_MAX };
}

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SEC + ts.tv_nsec;
}

static bool about_one_second_ahead(int64_t deadline)
{
	return deadline > now() && deadline <= now() + SEC;
}

static bool has_passed(int64_t deadline)
{
	return deadline > 0 && deadline < now();
}

/* ---- the caller ------------------------------------------------------------- */

static void test_call(void)
{
	const struct step reply = {
		.header = { .type = 9, .len = 4, .seq = 3, .pid = 77 },
		.payload = "pong",
	};
	const struct mbox_call want = {
		.type = 7, .len = 4, .room = 10,
	};
	struct mbox_header header;
	struct mbox_call asked;
	char buf[10] = "";

	play(&reply);
	is_int(mbox_call(&mbox, 7, "ping", 4, &header, buf, 10, MBOX_FOREVER), 0,
	       "call");
	is_str(buf, "pong", "payload of the reply");
	ok(!memcmp(&header, &reply.header, sizeof(header)), "its header");
	ok(request == MBOX_IOC_CALL && steps == 1, "in one system call");
	asked = calls[0];
	ok(!memcmp((void *)(uintptr_t)asked.buf, "ping", 4) &&
	   asked.reply == (uintptr_t)buf, "request and buffer");
	asked.buf = 0;
	asked.reply = 0;
	ok(!memcmp(&asked, &want, sizeof(asked)), "the rest zero");
	play(&reply);
	mbox_call(&mbox, 7, NULL, 0, NULL, buf, 10, SEC);
	ok(about_one_second_ahead(calls[0].deadline), "one second");
}

static void test_call_arguments(void)
{
	char buf[4];

	play(NULL);
	is_int(mbox_call(&mbox, 7, NULL, 0, NULL, buf, 4, -2), -EINVAL,
	       "timeout -2");
	is_int(mbox_call(&mbox, 7, NULL, 0, NULL, buf, 4, 0), -EINVAL,
	       "timeout 0: no reply can come in no time");
	is_int(steps, 0, "which the device never sees");
	play(&(struct step){ .header.len = 5 });
	is_int(mbox_call(&mbox, 7, NULL, 0, NULL, buf, 4, SEC), -EPROTO,
	       "a length beyond the buffer is not passed on");
	play(&(struct step){ .result = 1 });
	is_int(mbox_call(&mbox, 7, NULL, 0, NULL, buf, 4, SEC), -EPROTO,
	       "a result that the command does not have");
}

static void test_call_errors(void)
{
	static const struct row {
		int error;
		const char *name;
	} rows[] = {
		{ EAGAIN, "EAGAIN" }, { EBADF, "EBADF" }, { EDQUOT, "EDQUOT" },
		{ EHOSTUNREACH, "EHOSTUNREACH" }, { EIDRM, "EIDRM" },
		{ EINTR, "EINTR, and nothing was sent" },
		{ EINVAL, "EINVAL" }, { EMSGSIZE, "EMSGSIZE" },
		{ ENOBUFS, "ENOBUFS" }, { ENOMEM, "ENOMEM" },
		{ ENOSPC, "ENOSPC" }, { EOPNOTSUPP, "EOPNOTSUPP" },
		{ EOWNERDEAD, "EOWNERDEAD" }, { EPIPE, "EPIPE" },
		{ ETIMEDOUT, "ETIMEDOUT" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mbox_header header = { .type = 99 };

		play(&(struct step){ .error = rows[i].error });
		is_int(mbox_call(&mbox, 7, "x", 1, &header, NULL, 0, SEC),
		       -rows[i].error, rows[i].name);
		ok(steps == 1 && header.type == 99, "at once, without a header");
	}
}

/* The request was sent: nobody must be left to answer a call without a caller. */
static void test_interrupted_call_is_given_up(void)
{
	const struct step given_up[] = {
		{ .error = EINTR, .cookie = 5 },
		{ .error = ETIMEDOUT },
	};
	char buf[4];

	play(given_up);
	is_int(mbox_call(&mbox, 7, "x", 1, NULL, buf, 4, MBOX_FOREVER), -EINTR,
	       "a signal in the wait");
	is_int(steps, 2, "a second command");
	is_int(calls[1].cookie, 5, "for the same call");
	ok(has_passed(calls[1].deadline), "gives it up");
	ok(calls[1].reply == (uintptr_t)buf && calls[1].room == 4,
	   "and would take a reply");
}

static void test_interrupted_call_gets_its_reply(void)
{
	const struct step replied[] = {
		{ .error = EINTR, .cookie = 5 },
		{ .header = { .type = 2, .len = 1 }, .payload = "y" },
	};
	struct mbox_header header;
	char buf[4] = "";

	play(replied);
	is_int(mbox_call(&mbox, 7, "x", 1, &header, buf, 4, SEC), 0,
	       "a signal, and a reply that has come");
	ok(header.type == 2 && *buf == 'y', "is not lost");
}

static void test_interrupted_call_has_ended(void)
{
	const struct step ended[] = {
		{ .error = EINTR, .cookie = 5 },
		{ .error = EOWNERDEAD },
	};
	char buf[4];

	play(ended);
	is_int(mbox_call(&mbox, 7, "x", 1, NULL, buf, 4, SEC), -EOWNERDEAD,
	       "a signal, and an end that has come");
}

static void test_step(void)
{
	const struct step three[] = {
		{ .error = EINPROGRESS, .cookie = 6 },
		{ .error = EINPROGRESS, .cookie = 6 },
		{ .header = { .type = 1, .len = 2 }, .payload = "ok" },
	};
	char buf[4] = "";
	struct mbox_call call = {
		.flags = MBOX_CALL_NOWAIT,
		.type = 7,
		.reply = (uintptr_t)buf,
		.room = 4,
	};

	play(three);
	is_int(mbox_call_step(&mbox, &call), -EINPROGRESS, "begin");
	is_int(mbox_call_step(&mbox, &call), -EINPROGRESS, "look");
	ok(!calls[0].cookie && calls[1].cookie == 6, "the same call");
	is_int(mbox_call_step(&mbox, &call), 0, "fetch the reply");
	is_str(buf, "ok", "which is this");
	ok(call.header.len == 2 && !call.cookie, "and the call is over");
	play(&(struct step){ .header.len = 5 });
	is_int(mbox_call_step(&mbox, &call), -EPROTO, "longer than the room");
	play(&(struct step){ .error = EBUSY, .cookie = 6 });
	is_int(mbox_call_step(&mbox, &call), -EBUSY, "another thread has it");
	is_int(steps, 1, "and keeps it");
}

/* ---- the receiver ------------------------------------------------------------ */

static void test_outcomes(void)
{
	static const struct row {
		int (*settle)(struct mbox *mbox, uint64_t cookie);
		uint32_t flags;
		const char *name;
	} rows[] = {
		{ mbox_ack, MBOX_SETTLE_ACK, "ack" },
		{ mbox_return, MBOX_SETTLE_RETURN, "return" },
		{ mbox_wanted, MBOX_SETTLE_CHECK, "wanted" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct mbox_settle want = {
			.flags = rows[i].flags,
			.cookie = 8,
		};

		play(&(struct step){ .error = 0 });
		is_int(rows[i].settle(&mbox, 8), 0, rows[i].name);
		is_int(request, MBOX_IOC_SETTLE, "by SETTLE");
		ok(!memcmp(&settled, &want, sizeof(want)), "the rest zero");
		play(&(struct step){ .error = ECANCELED });
		is_int(rows[i].settle(&mbox, 8), -ECANCELED, "not wanted");
		play(&(struct step){ .result = 1 });
		is_int(rows[i].settle(&mbox, 8), -EPROTO, "a result of 1");
	}
}

static void test_reply(void)
{
	const struct mbox_settle want = {
		.flags = MBOX_SETTLE_REPLY,
		.cookie = 8, .type = 4, .len = 5,
	};
	static const int errors[] = {
		EALREADY, EBADF, EBUSY, ECANCELED, EIDRM, EINVAL, EMSGSIZE,
		EPERM,
	};

	play(&(struct step){ .error = 0 });
	is_int(mbox_reply(&mbox, 8, 4, "reply", 5), 0, "reply");
	ok(!strcmp((char *)(uintptr_t)settled.buf, "reply"), "that payload");
	settled.buf = 0;
	ok(!memcmp(&settled, &want, sizeof(want)), "the rest zero");
	for (size_t i = 0; i < COUNT(errors); i++) {
		play(&(struct step){ .error = errors[i] });
		is_int(mbox_reply(&mbox, 8, 4, "reply", 5), -errors[i],
		       strerror(errors[i]));
	}
}

static void test_reply_recv(void)
{
	const struct step step = {
		.result = 1,
		.header = { .type = 3, .len = 2, .cookie = 21 },
		.payload = "hi",
	};
	struct mbox_header header;
	uint64_t cookie = 20;
	char buf[8] = "";

	play(&step);
	is_int(mbox_reply_recv(&mbox, &cookie, 4, "reply", 5, &header, buf, 8, SEC),
	       1, "reply and receive");
	is_int(settled.flags, MBOX_SETTLE_REPLY | MBOX_SETTLE_NEXT, "both");
	ok(settled.cookie == 20 && settled.type == 4 && settled.len == 5 &&
	   !strcmp((char *)(uintptr_t)settled.buf, "reply"), "that reply");
	ok(next.count == 1 && !next.flags && message.size == 8 &&
	   about_one_second_ahead(next.deadline), "the next within a second");
	is_int(cookie, 0, "is answered");
	ok(header.cookie == 21 && !strcmp(buf, "hi"), "that is the next");
}

static void test_loop_begins(void)
{
	const struct mbox_settle want = { .flags = MBOX_SETTLE_NEXT };
	struct mbox_header header;
	uint64_t cookie = 0;
	char buf[8];

	play(&(struct step){ .result = 1 });
	is_int(mbox_reply_recv(&mbox, &cookie, 0, "x", 1, &header, buf, 8, 0), 1,
	       "nothing to answer");
	settled.next = 0;
	ok(!memcmp(&settled, &want, sizeof(want)), "it only receives");
	is_int(next.flags, MBOX_RECV_NOWAIT, "without waiting");
	play(&(struct step){ .result = 0 });
	is_int(mbox_reply_recv(&mbox, &cookie, 1, "x", 1, &header, buf, 8, 0), 0,
	       "end of file");
	play(NULL);
	is_int(mbox_reply_recv(&mbox, &cookie, 1, "x", 1, &header, buf, 8, -2),
	       -EINVAL, "timeout -2");
	is_int(steps, 0, "which the device never sees");
}

/* After an error the cookie tells which of the two has failed. */
static void test_reply_recv_errors(void)
{
	static const struct row {
		int error;
		uint64_t left;
		const char *name;
	} rows[] = {
		{ EINTR, 0, "a signal in the wait: answered" },
		{ EAGAIN, 0, "no message: answered" },
		{ ETIMEDOUT, 0, "no message in time: answered" },
		{ ECANCELED, 0, "the caller has gone: settled" },
		{ EPERM, 20, "no such delivery" },
		{ EFAULT, 20, "nothing was done" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct step step = {
			.error = rows[i].error,
			.cookie = rows[i].left,
		};
		struct mbox_header header = { .type = 99 };
		uint64_t cookie = 20;
		char buf[8];

		play(&step);
		is_int(mbox_reply_recv(&mbox, &cookie, 1, "x", 1, &header,
				       buf, 8, SEC), -rows[i].error,
		       rows[i].name);
		is_int(cookie, rows[i].left, "says the cookie");
		is_int(header.type, 99, "without a header");
	}
}

static void test_next_too_long(void)
{
	struct mbox_header header = { .type = 99 };
	uint64_t cookie = 20;
	char buf[8];

	play(&(struct step){ .error = EMSGSIZE, .header.len = 9 });
	is_int(mbox_reply_recv(&mbox, &cookie, 1, "x", 1, &header, buf, 8, SEC),
	       -EMSGSIZE, "the next is too long");
	ok(!cookie && header.len == 9, "by how much is told");
	play(&(struct step){ .result = 1, .header.len = 9 });
	is_int(mbox_reply_recv(&mbox, &cookie, 1, "x", 1, &header, buf, 8, SEC),
	       -EPROTO, "a length beyond the buffer is not passed on");
}

static void test_reply_too_long(void)
{
	struct mbox_header header = { .type = 99 };
	uint64_t cookie = 20;
	char buf[8];

	play(&(struct step){ .error = EMSGSIZE, .cookie = 20 });
	is_int(mbox_reply_recv(&mbox, &cookie, 1, "x", 1, &header, buf, 8, SEC),
	       -EMSGSIZE, "the reply is too long");
	is_int(cookie, 20, "and can be given again");
	is_int(header.type, 99, "the header of its request is as it was");
}

int main(void)
{
	test_call();
	test_call_arguments();
	test_call_errors();
	test_interrupted_call_is_given_up();
	test_interrupted_call_gets_its_reply();
	test_interrupted_call_has_ended();
	test_step();
	test_outcomes();
	test_reply();
	test_reply_recv();
	test_loop_begins();
	test_reply_recv_errors();
	test_next_too_long();
	test_reply_too_long();
	return tap_done();
}
