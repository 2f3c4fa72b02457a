// SPDX-License-Identifier: GPL-2.0-only
/* Landing pools: what the library asks of a device that is played by this test. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "internal.h"
#include "tap.h"
#include "wrap.h"

#define HANDLE_FD	1000
#define UNIT		((size_t)MBOX_POOL_MIN)
#define SIZE		(8 * UNIT)

/**
 * struct step - what the device does with one RECV
 * @error: errno, or 0
 * @bogus: blocks that it is given are refused: they stay the library's
 * @header: what it puts into the header of the element
 * @offset: where in the pool it says the payload is
 */
struct step {
	int error;
	bool bogus;
	struct mbox_header header;
	uint64_t offset;
};

static char memory[8 * MBOX_POOL_MIN] __attribute__((aligned(4096)));
static const struct step *script;
static int calls;
static int map_error;
static int mmap_error;
static int mapped;
static struct mbox_map made;
static struct mbox_recv asked;
static uint64_t blocks[MBOX_VEC_MAX];
static struct mbox_message element;
static struct mbox mbox = { .fd = HANDLE_FD };
static struct mbox_pool *pool;

static int do_map(const struct mbox_map *arg)
{
	made = *arg;
	errno = map_error;
	return map_error ? -1 : 0;
}

static void take_blocks(struct mbox_recv *arg)
{
	memset(blocks, 0xff, sizeof(blocks));
	memcpy(blocks, (void *)(uintptr_t)arg->blocks,
	       arg->block_count * sizeof(blocks[0]));
	arg->block_count = 0;
}

static int do_recv(struct mbox_recv *arg)
{
	const struct step *step = &script[calls++];
	struct mbox_message *message = (void *)(uintptr_t)arg->vec;

	asked = *arg;
	if (arg->block_count && !step->bogus)
		take_blocks(arg);
	if (message) {
		element = *message;
		message->header = step->header;
		message->offset = step->offset;
		if (!step->error && !(step->header.flags & MBOX_MSG_POOL) &&
		    step->header.len <= message->size)
			memset((void *)(uintptr_t)message->buf, 'c',
			       step->header.len);
	}
	errno = step->error;
	return step->error ? -1 : (int)arg->count;
}

int __wrap_ioctl(int fd, unsigned long command, ...)
{
	va_list args;
	void *arg;

	va_start(args, command);
	arg = va_arg(args, void *);
	va_end(args);
	if (fd == HANDLE_FD && command == MBOX_IOC_MAP)
		return do_map(arg);
	if (fd == HANDLE_FD && command == MBOX_IOC_RECV)
		return do_recv(arg);
	errno = ENOTTY;
	return -1;
}

void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);

void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	errno = mmap_error;
	if (mmap_error || addr || len != SIZE || prot != PROT_READ ||
	    flags != MAP_SHARED || fd != HANDLE_FD || offset)
		return MAP_FAILED;
	mapped++;
	return memory;
}

int __wrap_munmap(void *addr, size_t len);

int __wrap_munmap(void *addr, size_t len)
{
	if (addr != memory || len != SIZE)
		return -1;
	mapped--;
	return 0;
}

static void play(const struct step *steps)
{
	script = steps;
	calls = 0;
}

static struct step landed_at(uint64_t offset, uint64_t len)
{
	return (struct step) {
		.header = { .type = 1, .len = len, .flags = MBOX_MSG_POOL },
		.offset = offset,
	};
}

static const void *recv_one(const struct step *step)
{
	const void *data = NULL;

	play(step);
	return mbox_pool_recv(pool, NULL, NULL, &data, 0) == 1 ? data : NULL;
}

/* ---- open and close --------------------------------------------------------- */

static void test_open(void)
{
	is_int(mbox_pool_open(&pool, &mbox, SIZE), 0, "open");
	ok(made.kind == MBOX_MAP_POOL && made.size == SIZE && !made.flags &&
	   mapped == 1, "makes and maps it");
	pool = mbox_pool_close(pool);
	ok(!pool && !mapped, "close leaves nothing mapped");
	map_error = EEXIST;
	is_int(mbox_pool_open(&pool, &mbox, SIZE), 0, "the same once more");
	pool = mbox_pool_close(pool);
	ok(!mbox_pool_close(NULL), "close of none");
	map_error = 0;
}

static void test_open_errors(void)
{
	pool = (void *)1;
	map_error = EDQUOT;
	is_int(mbox_pool_open(&pool, &mbox, SIZE), -EDQUOT, "refused");
	ok(!pool, "leaves no pool");
	map_error = 0;
	mmap_error = ENOMEM;
	is_int(mbox_pool_open(&pool, &mbox, SIZE), -ENOMEM, "cannot be mapped");
	ok(!pool && !mapped, "leaves none either");
	mmap_error = 0;
	is_int(mbox_pool_open(&pool, &mbox, MBOX_MAP_SIZE_MIN - 1), -EINVAL, "small");
	is_int(mbox_pool_open(&pool, &mbox, MBOX_MAP_SIZE_MAX + 1), -EINVAL, "large");
}

/* ---- receive ---------------------------------------------------------------- */

static void test_in_place(void)
{
	const struct step step = landed_at(2 * UNIT, UNIT + 1);
	const struct mbox_filter filter = { .lo = 3, .hi = 4 };
	struct mbox_header header;
	const void *data;

	play(&step);
	is_int(mbox_pool_recv(pool, &filter, &header, &data, 0), 1, "receive");
	ok(data == memory + 2 * UNIT && header.len == UNIT + 1 &&
	   header.flags == MBOX_MSG_POOL, "where it lies");
	ok(asked.flags == (MBOX_RECV_POOL | MBOX_RECV_NOWAIT | MBOX_RECV_FILTER) &&
	   asked.count == 1 && asked.filter.lo == 3 && !asked.block_count &&
	   !asked.blocks && !asked.lease, "what was asked for");
	ok(element.size > 0, "with a buffer for what does not land");
	is_int(mbox_pool_release(pool, data), 0, "release");
	play(&step);
	is_int(mbox_pool_flush(pool), 0, "flush");
	ok(blocks[0] == 2 * UNIT && asked.block_count == 1 && !asked.count &&
	   !asked.flags, "gives it back and asks for nothing");
	is_int(mbox_pool_flush(pool), 0, "once more");
	is_int(calls, 1, "which the device never sees");
}

static void test_copies(void)
{
	const struct step steps[] = {
		{ .error = EMSGSIZE, .header.len = 70000 },
		{ .header.len = 70000 },
	};
	const char *data = recv_one(steps);

	is_int(calls, 2, "longer than the buffer");
	ok(data && data[0] == 'c' && data[69999] == 'c' && !data[70000],
	   "comes with a NUL");
	is_int(mbox_pool_release(pool, data), 0, "and is freed");
	data = recv_one(&(struct step) { .header.len = 0 });
	ok(data && !data[0], "so does an empty one");
	is_int(mbox_pool_release(pool, data), 0, "freed too");
}

/* What is given back goes with the next receive, and once. */
static void test_release(void)
{
	const struct step steps[] = { landed_at(0, UNIT), landed_at(UNIT, UNIT) };
	const struct step none = { .error = EAGAIN };
	const char *first = recv_one(&steps[0]), *second = recv_one(&steps[1]);
	const void *data;

	is_int(mbox_pool_release(pool, first), 0, "release one");
	is_int(mbox_pool_release(pool, first), -EINVAL, "twice");
	is_int(mbox_pool_release(pool, second + 1), -EINVAL, "its middle");
	is_int(mbox_pool_release(pool, memory + 7 * UNIT), -EINVAL, "another");
	is_int(mbox_pool_release(pool, second), 0, "release two");
	play(&none);
	is_int(mbox_pool_recv(pool, NULL, NULL, &data, 0), -EAGAIN, "no message");
	ok(blocks[0] == 0 && blocks[1] == UNIT && asked.block_count == 2,
	   "both given back all the same");
	play(&none);
	mbox_pool_recv(pool, NULL, NULL, &data, 0);
	is_int(asked.block_count, 0, "and not again");
}

static void test_many_releases(void)
{
	const struct step step = landed_at(UNIT, UNIT);

	for (int i = 0; i < MBOX_VEC_MAX; i++)
		mbox_pool_release(pool, recv_one(&step));
	is_int(asked.block_count, 1, "each with the next receive");
	play(&step);
	mbox_pool_flush(pool);
	/* Received often, as leases are, and released at once. */
	for (int i = 0; i <= MBOX_VEC_MAX; i++)
		recv_one(&step);
	play(&step);
	for (int i = 0; i < MBOX_VEC_MAX; i++)
		mbox_pool_release(pool, memory + UNIT);
	is_int(calls, 0, "collected");
	is_int(mbox_pool_release(pool, memory + UNIT), 0, "and one more");
	ok(calls == 1 && asked.block_count == MBOX_VEC_MAX, "are given back");
	play(&step);
	mbox_pool_flush(pool);
}

static void test_refused_blocks(void)
{
	const struct step step = landed_at(0, UNIT);
	const struct step refused = { .error = EINVAL, .bogus = true };

	mbox_pool_release(pool, recv_one(&step));
	play(&refused);
	is_int(mbox_pool_flush(pool), -EINVAL, "refused");
	play(&step);
	is_int(mbox_pool_flush(pool), 0, "and tried again");
	is_int(blocks[0], 0, "the same");
}

/* A device that says where no payload can be is not believed. */
static void test_nonsense(void)
{
	const struct step steps[] = {
		landed_at(SIZE, UNIT), landed_at(SIZE - UNIT, UNIT + 1),
		landed_at(1, UNIT), landed_at(0, SIZE + 1),
		landed_at(UINT64_MAX - UNIT + 1, UNIT),
		{ .header.len = MBOX_SIZE_MAX },
		{ .error = EMSGSIZE, .header.len = 1 },
		{ .error = EMSGSIZE, .header.len = MBOX_SIZE_MAX + 1 },
	};
	const void *data = NULL;

	for (size_t i = 0; i < MBX_ARRAY_SIZE(steps); i++) {
		play(&steps[i]);
		is_int(mbox_pool_recv(pool, NULL, NULL, &data, 0), -EPROTO, "nonsense");
	}
	ok(!data, "sets nothing");
	is_int(mbox_pool_recv(pool, NULL, NULL, &data, -2), -EINVAL, "timeout -2");
}

static void test_lease(void)
{
	const struct step step = landed_at(UNIT, UNIT);
	struct mbox_header header;
	const void *data;

	play(&step);
	is_int(mbox_pool_lease(pool, NULL, 77, &header, &data, MBOX_FOREVER), 1, "lease");
	ok(asked.flags == (MBOX_RECV_POOL | MBOX_RECV_LEASE) && asked.lease == 77 &&
	   !asked.deadline, "for that long");
	is_int(mbox_pool_release(pool, data), 0, "released before it is settled");
	is_int(mbox_pool_lease(pool, NULL, -1, &header, &data, 0), -EINVAL, "for -1");
}

int main(void)
{
	test_open();
	test_open_errors();
	mbox_pool_open(&pool, &mbox, SIZE);
	test_in_place();
	test_copies();
	test_release();
	test_many_releases();
	test_refused_blocks();
	test_nonsense();
	test_lease();
	mbox_pool_close(pool);
	return tap_done();
}
