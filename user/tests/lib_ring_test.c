// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings, on a device that is played. Built a second time with the thread sanitizer,
 * for which the last test is there.
 */
#include "ring_device.h"
#include "tap.h"

#define HEAD	sizeof(struct mbox_record)
#define RECORDS	100000u

static struct mbox mbox = { .fd = HANDLE_FD };
static struct mbox_ring *out;
static struct mbox_ring *in;

static void open_both(uint32_t batch)
{
	const struct mbox_ring_options producer = {
		.end = MBOX_MAP_PRODUCER,
		.batch = batch,
	};
	const struct mbox_ring_options consumer = { .end = MBOX_MAP_CONSUMER };

	device_reset();
	mbox_ring_open(&out, &mbox, &producer);
	mbox_ring_open(&in, &mbox, &consumer);
}

static void close_both(void)
{
	out = mbox_ring_close(out);
	in = mbox_ring_close(in);
}

static int put(uint64_t type, const void *data, size_t len)
{
	void *place;
	int ret = mbox_ring_reserve(out, len, &place, 0);

	if (ret)
		return ret;
	memcpy(place, data, len);
	return mbox_ring_commit(out, type, len);
}

/* The payload's length, after a release; or what peek returned. */
static int get(uint64_t *type, char *buf)
{
	const void *data;
	size_t len;
	int ret = mbox_ring_peek(in, type, &data, &len, 0);

	if (ret <= 0)
		return ret ? ret : -ENODATA;
	memcpy(buf, data, len);
	ret = mbox_ring_release(in);
	return ret ? ret : (int)len;
}

/* ---- open ------------------------------------------------------------------ */

static void test_open(void)
{
	const struct mbox_ring_options options = {
		.end = MBOX_MAP_CONSUMER,
		.size = 1 << 20,
	};
	const struct mbox_ring_options bad = { .spin = -1 };

	device_reset();
	is_int(mbox_ring_open(&in, &mbox, &options), 0, "open");
	ok(device.asked.kind == MBOX_MAP_RING && device.asked.size == 1 << 20 &&
	   device.asked.flags == MBOX_MAP_CONSUMER, "what was asked for");
	is_int(mbox_ring_fd(in), CONSUMER_FD, "descriptor");
	is_int(mbox_ring_room(in), RING_SIZE - HEAD, "room");
	in = mbox_ring_close(in);
	ok(!in && !device.open, "close leaves nothing mapped");
	is_int(mbox_ring_open(&in, &mbox, &bad), -EINVAL, "spin below 0");
	device.error = EBUSY;
	in = (void *)1;
	is_int(mbox_ring_open(&in, &mbox, NULL), -EBUSY, "refused");
	ok(!in && !device.open, "and nothing is left");
	ok(!mbox_ring_close(NULL), "close of nothing");
}

/* Of a handle that may only send: the producer. */
static void test_end_by_right(void)
{
	char buf[8];

	device_reset();
	device.rights = MBOX_RIGHT_SEND;
	mbox_ring_open(&out, &mbox, NULL);
	is_int(put(1, "x", 1), 0, "a sender produces");
	out = mbox_ring_close(out);
	device.rights = MBOX_RIGHT_RECV;
	mbox_ring_open(&in, &mbox, NULL);
	is_int(get(NULL, buf), 1, "a receiver consumes");
	in = mbox_ring_close(in);
}

static void test_state_that_cannot_be(void)
{
	static const struct {
		uint32_t magic;
		uint32_t version;
		uint32_t size;
		const char *name;
	} rows[] = {
		{ 0, 1, 4096, "no magic" },
		{ MBOX_RING_MAGIC, 2, 4096, "another version" },
		{ MBOX_RING_MAGIC, 1, 0, "no size" },
		{ MBOX_RING_MAGIC, 1, 12288, "no power of two" },
		{ MBOX_RING_MAGIC, 1, 1U << 31, "too large" },
	};

	for (size_t i = 0; i < MBX_ARRAY_SIZE(rows); i++) {
		device_reset();
		device.state->magic = rows[i].magic;
		device.state->version = rows[i].version;
		device.state->size = rows[i].size;
		is_int(mbox_ring_open(&in, &mbox, NULL), -EPROTO, rows[i].name);
	}
	is_int(device.open, 0, "nothing is left mapped");
}

/* ---- records --------------------------------------------------------------- */

static void test_records(void)
{
	char buf[64] = "";
	uint64_t type;

	open_both(0);
	is_int(get(&type, buf), -EAGAIN, "nothing there");
	is_int(put(7, "hello", 5), 0, "put");
	is_int(put(UINT64_MAX, "", 0), 0, "put an empty one");
	is_int(get(&type, buf), 5, "get");
	ok(type == 7 && !memcmp(buf, "hello", 5), "what was put");
	is_int(get(&type, buf), 0, "get the empty one");
	ok(type == UINT64_MAX, "its type");
	is_int(get(&type, buf), -EAGAIN, "no more");
	is_int(device.wakes, 0, "nobody had to be woken");
	close_both();
}

/* Through every offset in the ring, and past the end of it. */
static void test_around(void)
{
	char data[RING_SIZE], buf[RING_SIZE];
	bool same = true;

	open_both(0);
	for (unsigned int i = 0; i < 3000; i++) {
		size_t len = i * 7 % 5000;

		memset(data, i, len);
		same = same && put(i, data, len) == 0 && get(NULL, buf) == (int)len &&
		       !memcmp(data, buf, len);
	}
	ok(same, "records of all lengths at all places");
	is_int(put(1, data, RING_SIZE - HEAD), 0, "the longest");
	is_int(get(NULL, buf), RING_SIZE - HEAD, "comes");
	close_both();
}

static void test_index_wraps(void)
{
	char buf[64];
	bool same = true;

	open_both(0);
	out->index = 0u - 64;
	out->seen = out->index;
	in->index = out->index;
	in->seen = out->index;
	device.index[0]->index = out->index;
	device.index[1]->index = out->index;
	for (int i = 0; i < 10; i++)
		same = same && put(i, "12345678", 8) == 0 && get(NULL, buf) == 8;
	ok(same, "indices pass 2^32");
	close_both();
}

static void test_full(void)
{
	char buf[64];
	void *place;
	int count = 0;

	open_both(0);
	while (put(1, "12345678", 8) == 0)
		count++;
	is_int(count, RING_SIZE / (HEAD + 8), "what fits");
	is_int(put(1, "12345678", 8), -EAGAIN, "full");
	is_int(mbox_ring_reserve(out, 8, &place, 1), -ETIMEDOUT, "full, in no time");
	is_int(mbox_ring_wait(out, 0), -EAGAIN, "not all is read");
	get(NULL, buf);
	is_int(put(1, "12345678", 8), 0, "room for one");
	while (get(NULL, buf) == 8)
		;
	is_int(mbox_ring_wait(out, 0), 0, "all is read");
	close_both();
}

static void test_refusals(void)
{
	const void *data;
	void *place;
	size_t len;

	open_both(0);
	is_int(mbox_ring_reserve(out, RING_SIZE - HEAD + 1, &place, 0), -EMSGSIZE,
	       "longer than the ring");
	is_int(mbox_ring_reserve(out, SIZE_MAX, &place, 0), -EMSGSIZE, "much longer");
	is_int(mbox_ring_commit(out, 1, 0), -EINVAL, "commit of nothing");
	is_int(mbox_ring_reserve(out, 8, &place, 0), 0, "reserve");
	is_int(mbox_ring_commit(out, 1, 9), -EINVAL, "commit of more");
	is_int(mbox_ring_commit(out, 1, 3), 0, "commit of less");
	is_int(mbox_ring_commit(out, 1, 3), -EINVAL, "a second time");
	is_int(mbox_ring_peek(out, NULL, &data, &len, 0), -EBADF, "a producer peeks");
	is_int(mbox_ring_release(out), -EINVAL, "and releases");
	is_int(mbox_ring_reserve(in, 1, &place, 0), -EBADF, "a consumer reserves");
	is_int(mbox_ring_commit(in, 1, 1), -EINVAL, "and commits");
	is_int(mbox_ring_release(in), -EINVAL, "release of nothing");
	is_int(mbox_ring_peek(in, NULL, &data, &len, 0), 1, "peek");
	is_int(mbox_ring_peek(in, NULL, &data, &len, 0), 1, "peek again");
	is_int(len, 3, "the same record");
	is_int(mbox_ring_release(in), 0, "release");
	is_int(mbox_ring_release(in), -EINVAL, "a second time");
	is_int(mbox_ring_wait(in, -5), -EINVAL, "a time below 0");
	close_both();
}

/* ---- nonsense -------------------------------------------------------------- */

static void test_producer_lies(void)
{
	static const struct {
		uint32_t index;
		uint32_t len;
		const char *name;
	} rows[] = {
		{ RING_SIZE + 8, 8, "more than the ring holds" },
		{ 0u - 8, 8, "less than nothing" },
		{ 1U << 31, 8, "half of all numbers" },
		{ 8, 0, "half a head" },
		{ 1, 0, "one byte" },
		{ 24, 9, "a record that reaches beyond" },
		{ RING_SIZE, RING_SIZE - HEAD + 1, "longer than the ring" },
		{ RING_SIZE, UINT32_MAX, "longest of all" },
		{ RING_SIZE, UINT32_MAX - 20, "whose sum overflows" },
	};
	const void *data;
	size_t len;

	for (size_t i = 0; i < MBX_ARRAY_SIZE(rows); i++) {
		struct mbox_record *record;

		open_both(0);
		record = device.area[3];
		record->len = rows[i].len;
		device.index[0]->index = rows[i].index;
		is_int(mbox_ring_peek(in, NULL, &data, &len, 0), -EBADMSG, rows[i].name);
		is_int(mbox_ring_release(in), -EINVAL, "nothing to release");
		is_int(device.index[1]->index, 0, "and the consumer stays");
		close_both();
	}
}

static void test_consumer_lies(void)
{
	static const uint32_t lies[] = { 8, RING_SIZE + 8, 1U << 31, 0u - RING_SIZE - 8 };
	void *place;

	for (size_t i = 0; i < MBX_ARRAY_SIZE(lies); i++) {
		open_both(0);
		device.index[1]->index = lies[i];
		is_int(mbox_ring_reserve(out, RING_SIZE - HEAD, &place, 0), 0,
		       "not looked at while there is room");
		mbox_ring_commit(out, 1, RING_SIZE - HEAD);
		device.index[1]->index = lies[i] == 8 ? 0u - 8 : lies[i];
		is_int(mbox_ring_reserve(out, 8, &place, 0), -EBADMSG, "a lie");
		close_both();
	}
}

/* ---- wake-ups -------------------------------------------------------------- */

static void test_batch(void)
{
	open_both(4);
	device.state->consumer_waits = 1;
	for (int i = 0; i < 3; i++)
		put(1, "x", 1);
	is_int(device.wakes, 0, "not yet");
	put(1, "x", 1);
	is_int(device.wakes, 1, "the fourth wakes");
	device.state->consumer_waits = 1;
	put(1, "x", 1);
	is_int(device.wakes, 1, "not yet again");
	mbox_ring_flush(out);
	is_int(device.wakes, 2, "flush wakes");
	device.state->consumer_waits = 1;
	mbox_ring_flush(out);
	is_int(device.wakes, 2, "once");
	put(1, "x", 1);
	close_both();
	is_int(device.wakes, 3, "close wakes for what is left");
}

/* A producer that waits is not woken for less than half of the ring. */
static void test_half(void)
{
	char buf[64];
	int count = 0;

	open_both(0);
	while (put(1, "12345678", 8) == 0)
		;
	device.state->producer_waits = 1;
	while (!device.wakes && get(NULL, buf) == 8)
		count++;
	is_int(count, (RING_SIZE / 2 + HEAD + 7) / (HEAD + 8), "half of it first");
	close_both();
}

static void test_ends(void)
{
	const void *data;
	char buf[64];
	size_t len;

	open_both(0);
	put(1, "last", 4);
	device_state(MBOX_RING_PRODUCER_GONE);
	is_int(get(NULL, buf), 4, "what was there");
	is_int(mbox_ring_wait(in, 0), -EPIPE, "then the end, without a wait");
	is_int(device.waits, 0, "and without the device");
	is_int(mbox_ring_peek(in, NULL, &data, &len, MBOX_FOREVER), 0, "and no more");
	close_both();
	open_both(0);
	device_state(MBOX_RING_CONSUMER_GONE);
	is_int(put(1, "x", 1), -EPIPE, "nobody reads");
	device_state(MBOX_RING_REMOVED);
	is_int(put(1, "x", 1), -EIDRM, "no mailbox");
	is_int(mbox_ring_wait(in, MBOX_FOREVER), -EIDRM, "nothing to wait for");
	close_both();
}

/* ---- both at once ---------------------------------------------------------- */

static size_t length_of(uint32_t i)
{
	return i % 61 * 8 % 509;
}

static void *produce(void *arg)
{
	unsigned char *place;

	for (uint32_t i = 0; i < RECORDS; i++) {
		size_t len = length_of(i);

		if (mbox_ring_reserve(out, len, (void **)&place, MBOX_FOREVER))
			return (void *)1;
		memset(place, i, len);
		mbox_ring_commit(out, i, len);
	}
	mbox_ring_flush(out);
	device_state(MBOX_RING_PRODUCER_GONE);
	return arg;
}

static bool is_record(uint32_t i, uint64_t type, const unsigned char *data, size_t len)
{
	if (type != i || len != length_of(i))
		return false;
	for (size_t at = 0; at < len; at++)
		if (data[at] != (unsigned char)i)
			return false;
	return true;
}

static uint32_t consume(void)
{
	const void *data;
	uint64_t type;
	uint32_t i = 0;
	size_t len;

	while (mbox_ring_peek(in, &type, &data, &len, MBOX_FOREVER) == 1) {
		if (!is_record(i, type, data, len))
			return i;
		mbox_ring_release(in);
		i++;
	}
	return i;
}

static void test_stream(uint32_t batch, int64_t spin, const char *name)
{
	pthread_t thread;
	void *failed;

	open_both(batch);
	in->spin = spin;
	out->spin = spin;
	pthread_create(&thread, NULL, produce, NULL);
	is_int(consume(), RECORDS, name);
	pthread_join(thread, &failed);
	ok(!failed, "and the producer is content");
	close_both();
}

int main(void)
{
	test_open();
	test_end_by_right();
	test_state_that_cannot_be();
	test_records();
	test_around();
	test_index_wraps();
	test_full();
	test_refusals();
	test_producer_lies();
	test_consumer_lies();
	test_batch();
	test_half();
	test_ends();
	test_stream(1, 0, "two threads, each record");
	test_stream(32, 0, "two threads, in batches");
	test_stream(1, 20000, "two threads that spin");
	return tap_done();
}
