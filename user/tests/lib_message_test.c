// SPDX-License-Identifier: GPL-2.0-only
/* Messages: what the library asks of a device that is played by this test. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include "internal.h"
#include "tap.h"
#include "wrap.h"

#define SEC	INT64_C(1000000000)

/**
 * struct step - what the device does with one command
 * @error: errno, or 0
 * @result: what it returns otherwise
 * @header: what it puts into the header of each element
 * @payload: what it puts into the buffer of the first
 */
struct step {
	int error;
	int result;
	struct mbox_header header;
	const char *payload;
};

static const struct step *script;
static int calls;
static unsigned long request;
static struct mbox_send sent;
static struct mbox_recv asked;
static struct mbox_recv asked_first;
static struct mbox_message message;
static struct mbox mbox = { .fd = 1000 };

static void fill(const struct mbox_recv *arg, const struct step *step)
{
	struct mbox_message *vec = (void *)(uintptr_t)arg->vec;

	for (int i = 0; i < step->result && i < (int)arg->count; i++)
		vec[i].header = step->header;
	vec[0].header = step->header;
	if (step->payload)
		memcpy((void *)(uintptr_t)vec[0].buf, step->payload,
		       step->header.len);
}

int __wrap_ioctl(int fd, unsigned long command, ...)
{
	const struct step *step = &script[calls++];
	va_list args;
	void *arg;

	va_start(args, command);
	arg = va_arg(args, void *);
	va_end(args);
	request = command;
	if (fd != 1000)
		return -1;
	if (command == MBOX_IOC_SEND) {
		sent = *(struct mbox_send *)arg;
		message = *(struct mbox_message *)(uintptr_t)sent.vec;
	} else {
		asked = *(struct mbox_recv *)arg;
		message = *(struct mbox_message *)(uintptr_t)asked.vec;
		if (calls == 1)
			asked_first = asked;
		fill(&asked, step);
	}
	errno = step->error;
	return step->error ? -1 : step->result;
}

static void play(const struct step *steps)
{
	script = steps;
	calls = 0;
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

static void test_send(void)
{
	const struct mbox_header want = { .type = 7, .len = 3 };

	play(&(struct step){ .result = 1 });
	is_int(mbox_send(&mbox, 7, "abc", 3, MBOX_FOREVER), 0, "send");
	ok(request == MBOX_IOC_SEND && sent.count == 1, "one message");
	ok(!memcmp(&message.header, &want, sizeof(want)),
	   "type and length, the rest zero");
	ok(!strcmp((char *)(uintptr_t)message.buf, "abc"), "that payload");
	ok(!message.size && !sent.ttl, "what was not asked for is zero");
	ok(!sent.flags && !sent.deadline, "without a limit of time");
	play(&(struct step){ .result = 1 });
	mbox_send(&mbox, 7, "abc", 3, 0);
	ok(sent.flags == MBOX_SEND_NOWAIT && !sent.deadline, "without waiting");
	play(&(struct step){ .result = 1 });
	mbox_send(&mbox, 7, "abc", 3, SEC);
	ok(!sent.flags && about_one_second_ahead(sent.deadline), "one second");
}

static void test_send_errors(void)
{
	play(&(struct step){ .error = EMSGSIZE });
	is_int(mbox_send(&mbox, 7, NULL, 0, 0), -EMSGSIZE, "refused");
	play(&(struct step){ .result = 0 });
	is_int(mbox_send(&mbox, 7, NULL, 0, 0), -EPROTO, "sent none of one");
	play(&(struct step){ .result = 2 });
	is_int(mbox_send(&mbox, 7, NULL, 0, 0), -EPROTO, "sent two of one");
	play(NULL);
	is_int(mbox_send(&mbox, 7, NULL, 0, -2), -EINVAL, "timeout -2");
	is_int(calls, 0, "which the device never sees");
}

static void test_sendv(void)
{
	struct mbox_message vec[3] = { 0 };

	play(&(struct step){ .result = 2 });
	is_int(mbox_sendv(&mbox, vec, 3, MBOX_FOREVER), 2, "two of three");
	ok(sent.count == 3 && sent.vec == (uintptr_t)vec, "that vector");
	play(&(struct step){ .result = 4 });
	is_int(mbox_sendv(&mbox, vec, 3, 0), -EPROTO, "four of three");
	play(&(struct step){ .error = EAGAIN });
	is_int(mbox_sendv(&mbox, vec, 3, 0), -EAGAIN, "none of three");
	play(NULL);
	is_int(mbox_sendv(&mbox, vec, 0, 0), -EINVAL, "none at all");
	is_int(mbox_sendv(&mbox, vec, MBOX_VEC_MAX + 1, 0), -EINVAL, "too many");
	is_int(calls, 0, "which the device never sees");
}

static void test_recv(void)
{
	const struct step step = {
		.result = 1,
		.header = { .type = 5, .len = 2, .seq = 9 },
		.payload = "hi",
	};
	struct mbox_header header;
	char buf[10] = "";

	play(&step);
	is_int(mbox_recv(&mbox, &header, buf, sizeof(buf), SEC), 1, "recv");
	is_str(buf, "hi", "payload");
	ok(!memcmp(&header, &step.header, sizeof(header)), "header");
	ok(request == MBOX_IOC_RECV && asked.count == 1, "one message");
	ok(message.size == sizeof(buf), "size of the buffer");
	ok(!asked.flags && !asked.filter.lo, "the handle's filter");
	ok(about_one_second_ahead(asked.deadline), "one second");
	play(&step);
	is_int(mbox_recv(&mbox, NULL, buf, sizeof(buf), 0), 1, "no header");
	is_int(asked.flags, MBOX_RECV_NOWAIT, "without waiting");
	play(&(struct step){ .result = 0 });
	is_int(mbox_recv(&mbox, NULL, buf, sizeof(buf), 0), 0, "end of file");
}

static void test_recv_filter(void)
{
	const struct mbox_filter filter = mbox_filter_range(1, 4, 1);
	const uint32_t flags = MBOX_RECV_PEEK | MBOX_RECV_TRUNC;
	const struct step step = {
		.result = 1,
		.header = { .type = 4, .len = 100, .flags = MBOX_MSG_TRUNC },
	};
	struct mbox_header header;
	char buf[10];

	play(&step);
	is_int(mbox_recv_filter(&mbox, &filter, flags, &header, buf, 10, 0), 1,
	       "peek at the head");
	is_int(asked.flags, flags | MBOX_RECV_FILTER | MBOX_RECV_NOWAIT,
	       "flags");
	ok(!memcmp(&asked.filter, &filter, sizeof(filter)), "filter");
	is_int(header.len, 100, "length of the whole");
	play(NULL);
	is_int(mbox_recv_filter(&mbox, NULL, MBOX_RECV_FILTER, NULL, buf, 1, 0),
	       -EINVAL, "flags that are not the caller's");
	is_int(calls, 0, "which the device never sees");
}

static void test_recv_errors(void)
{
	const struct step too_long = {
		.error = EMSGSIZE,
		.header = { .type = 5, .len = 11 },
	};
	const struct mbox_header before = { .type = 99 };
	struct mbox_header header = before;
	char buf[10];

	play(&(struct step){ .error = EAGAIN, .header.type = 5 });
	is_int(mbox_recv(&mbox, &header, buf, 10, 0), -EAGAIN, "none there");
	is_int(header.type, 99, "the header is as it was");
	play(&too_long);
	is_int(mbox_recv(&mbox, &header, buf, 10, 0), -EMSGSIZE, "too small");
	is_int(header.len, 11, "by how much is told");
	play(&(struct step){ .result = 1, .header.len = 11 });
	is_int(mbox_recv(&mbox, &header, buf, 10, 0), -EPROTO,
	       "a length beyond the buffer is not passed on");
	play(&(struct step){ .result = 2 });
	is_int(mbox_recv(&mbox, &header, buf, 10, 0), -EPROTO, "two of one");
}

static void test_recvv(void)
{
	struct mbox_message vec[3] = {
		{ .size = 4 }, { .size = 4 }, { .size = 4 },
	};
	const struct mbox_filter filter = mbox_filter_range(2, 2, 0);

	play(&(struct step){ .result = 3, .header.len = 4 });
	is_int(mbox_recvv(&mbox, &filter, vec, 3, MBOX_FOREVER), 3, "three");
	ok(asked.count == 3 && asked.vec == (uintptr_t)vec, "that vector");
	is_int(asked.flags, MBOX_RECV_FILTER, "that filter");
	play(&(struct step){ .result = 3, .header.len = 5 });
	is_int(mbox_recvv(&mbox, NULL, vec, 3, 0), -EPROTO, "too long ones");
	play(NULL);
	is_int(mbox_recvv(&mbox, NULL, vec, 0, 0), -EINVAL, "none at all");
	is_int(mbox_recvv(&mbox, NULL, vec, 129, 0), -EINVAL, "too many");
	is_int(mbox_recvv(&mbox, NULL, vec, 1, -7), -EINVAL, "timeout -7");
	is_int(calls, 0, "which the device never sees");
}

static void test_alloc(void)
{
	const struct step steps[] = {
		{ .error = EMSGSIZE, .header = { .type = 5, .len = 5000 } },
		{ .error = EMSGSIZE, .header = { .type = 5, .len = 70000 } },
		{ .result = 1, .header = { .type = 6, .len = 3 },
		  .payload = "abc" },
	};
	struct mbox_header header;
	void *data = NULL;

	play(steps);
	is_int(mbox_recv_alloc(&mbox, NULL, &header, &data, SEC), 1, "alloc");
	is_int(calls, 3, "in three attempts");
	is_int(message.size, 70000, "the last as long as was said");
	ok(asked.deadline == asked_first.deadline, "all with one deadline");
	is_int(header.len, 3, "length");
	is_str(data, "abc", "payload and NUL");
	free(data);
}

static void test_alloc_fills_buffer(void)
{
	char payload[1025];
	const struct step step = {
		.result = 1,
		.header.len = 1024,
		.payload = payload,
	};
	void *data = NULL;

	memset(payload, 'x', 1024);
	payload[1024] = '\0';
	play(&step);
	is_int(mbox_recv_alloc(&mbox, NULL, NULL, &data, 0), 1, "1024 bytes");
	is_str(data, payload, "are all there, and the NUL");
	free(data);
}

static void test_alloc_errors(void)
{
	const struct step cut = {
		.result = 1,
		.header = { .len = UINT64_MAX, .flags = MBOX_MSG_TRUNC },
	};
	void *data = &mbox;

	play(&(struct step){ .result = 0 });
	is_int(mbox_recv_alloc(&mbox, NULL, NULL, &data, 0), 0, "end of file");
	play(&(struct step){ .error = EIDRM });
	is_int(mbox_recv_alloc(&mbox, NULL, NULL, &data, 0), -EIDRM, "removed");
	play(&(struct step){ .error = EMSGSIZE, .header.len = 10 });
	is_int(mbox_recv_alloc(&mbox, NULL, NULL, &data, 0), -EPROTO,
	       "too small for what would fit");
	play(&(struct step){ .error = EMSGSIZE, .header.len = UINT64_MAX });
	is_int(mbox_recv_alloc(&mbox, NULL, NULL, &data, 0), -EPROTO,
	       "longer than any message");
	play(&(struct step){ .result = 1, .header.len = 1025 });
	is_int(mbox_recv_alloc(&mbox, NULL, NULL, &data, 0), -EPROTO,
	       "a length beyond the buffer");
	play(&cut);
	is_int(mbox_recv_alloc(&mbox, NULL, NULL, &data, 0), -EPROTO,
	       "cut, which it was not allowed");
	ok(data == &mbox, "the result is as it was");
}

int main(void)
{
	test_send();
	test_send_errors();
	test_sendv();
	test_recv();
	test_recv_filter();
	test_recv_errors();
	test_recvv();
	test_alloc();
	test_alloc_fills_buffer();
	test_alloc_errors();
	return tap_done();
}
