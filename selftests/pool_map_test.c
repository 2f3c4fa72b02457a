// SPDX-License-Identifier: GPL-2.0
/* Landing pools: making one, what it costs, and who may see and change its memory. */
#include "fixture_pool.h"

#include <sys/resource.h>

#define PARAMETERS	"/sys/module/mbox/parameters/"

/* ---- making one -------------------------------------------------------- */

TEST_F(pool, handle_has_one_for_good)
{
	EXPECT_EQ(-EEXIST, make_pool(self->reader, POOL_SIZE));
	EXPECT_EQ(-EEXIST, make_pool(self->reader, 0));
	EXPECT_EQ(POOL_SIZE, fdinfo_number(self->reader, "mbox-pool-size:"));
	EXPECT_EQ(-1, pool_free(self->writer));
}

TEST_F(pool, needs_a_receiver_of_a_queue)
{
	int unbound = open_device(O_RDONLY), topic, removed;
	struct mbox_open args = open_args("test-pool-topic", MBOX_OPEN_CREATE);

	args.kind = MBOX_KIND_TOPIC;
	topic = open_with(O_RDWR, &args);
	removed = open_mailbox("test-pool-removed", O_RDWR);
	ASSERT_LE(0, topic);
	ASSERT_LE(0, removed);
	ASSERT_EQ(0, remove_mailbox(removed));
	EXPECT_EQ(-ENOTCONN, make_pool(unbound, 0));
	EXPECT_EQ(-EBADF, make_pool(self->writer, 0));
	EXPECT_EQ(-EOPNOTSUPP, make_pool(topic, 0));
	EXPECT_EQ(-EIDRM, make_pool(removed, 0));
	EXPECT_EQ(NULL, map_pool(topic, MBOX_MAP_SIZE_DEFAULT));
	EXPECT_EQ(ENODEV, errno);
	close(unbound);
	close(topic);
	close(removed);
}

TEST_F(pool, zero_stands_for_the_default)
{
	int fd = open_mailbox(NULL, O_RDWR);
	unsigned char *base;
	size_t i;

	EXPECT_EQ(NULL, map_pool(fd, MBOX_MAP_SIZE_DEFAULT));
	EXPECT_EQ(ENODEV, errno);
	ASSERT_EQ(0, make_pool(fd, 0));
	base = map_pool(fd, MBOX_MAP_SIZE_DEFAULT);
	ASSERT_NE(NULL, base);
	/* Nothing of the kernel's is there to be read. */
	for (i = 0; i < MBOX_MAP_SIZE_DEFAULT; i++)
		ASSERT_EQ(0, base[i]);
	munmap(base, MBOX_MAP_SIZE_DEFAULT);
	close(fd);
}

/* ---- what it costs ----------------------------------------------------- */

static int fill_quota(void *arg)
{
	size_t half = 128 << 10;
	int a = open_mailbox(NULL, O_RDWR), b = open_mailbox(NULL, O_RDWR);

	if (make_pool(a, half) || send_text(a, 1, "x") != 1)
		return 1;
	if (make_pool(b, half) != -*(int *)arg)
		return 2;
	if (map_pool(b, half) || errno != ENODEV)
		return 3;
	if (make_pool(b, half / 2))
		return 4;
	if (send_pattern(a, 1, 65536) != -*(int *)arg)
		return 5;
	close(b);
	if (send_pattern(a, 1, 65536) != 1)
		return 6;
	close(a);
	a = open_mailbox(NULL, O_RDWR);
	return make_pool(a, half) ? 7 : 0;
}

FIXTURE(pool_quota)
{
	char user[32];
	char domain[32];
};

FIXTURE_SETUP(pool_quota)
{
	ASSERT_LT(0, read_file(PARAMETERS "user_bytes", self->user, 32));
	ASSERT_LT(0, read_file(PARAMETERS "domain_bytes", self->domain, 32));
}

FIXTURE_TEARDOWN(pool_quota)
{
	write_file(PARAMETERS "user_bytes", self->user);
	write_file(PARAMETERS "domain_bytes", self->domain);
}

/* In a domain of its own nobody else's memory counts. */
static int fill_in_domain(void *arg)
{
	if (unshare(CLONE_NEWNET))
		return errno;
	return fill_quota(arg);
}

TEST_F(pool_quota, is_charged_to_the_user)
{
	int want = EDQUOT;

	ASSERT_EQ(0, write_file(PARAMETERS "user_bytes", "262144"));
	EXPECT_EQ(0, run(fill_in_domain, &want));
}

TEST_F(pool_quota, is_charged_to_the_domain)
{
	int want = ENOSPC;

	ASSERT_EQ(0, write_file(PARAMETERS "domain_bytes", "262144"));
	EXPECT_EQ(0, run(fill_in_domain, &want));
}

/* ---- the mapping ------------------------------------------------------- */

/* The errno of a mapping that must not be. */
static int refused(int fd, size_t size, int prot, int flags, off_t offset)
{
	void *base = mmap(NULL, size, prot, flags, fd, offset);

	if (base == MAP_FAILED)
		return errno;
	munmap(base, size);
	return 0;
}

TEST_F(pool, is_mapped_whole_shared_and_for_reading)
{
	int fd = self->reader;

	EXPECT_EQ(EINVAL, refused(fd, UNIT, PROT_READ, MAP_SHARED, 0));
	EXPECT_EQ(EINVAL, refused(fd, POOL_SIZE - UNIT, PROT_READ, MAP_SHARED,
				  0));
	EXPECT_EQ(EINVAL, refused(fd, POOL_SIZE + UNIT, PROT_READ, MAP_SHARED,
				  0));
	EXPECT_EQ(EINVAL, refused(fd, POOL_SIZE, PROT_READ, MAP_SHARED, UNIT));
	EXPECT_EQ(EINVAL, refused(fd, POOL_SIZE - UNIT, PROT_READ, MAP_SHARED,
				  UNIT));
	EXPECT_EQ(EINVAL, refused(fd, POOL_SIZE, PROT_READ, MAP_PRIVATE, 0));
	EXPECT_EQ(EACCES, refused(fd, POOL_SIZE, PROT_READ | PROT_EXEC,
				  MAP_SHARED, 0));
	EXPECT_EQ(EACCES, refused(fd, POOL_SIZE, PROT_READ | PROT_WRITE,
				  MAP_SHARED, 0));
	/* As often as one likes. */
	EXPECT_EQ(0, refused(fd, POOL_SIZE, PROT_READ, MAP_SHARED, 0));
	EXPECT_EQ(0, refused(fd, POOL_SIZE, PROT_NONE, MAP_SHARED, 0));
}

/* Not even by a handle that may write, which the kernel would not stop itself. */
TEST_F(pool, cannot_be_made_writable)
{
	int fd = open_mailbox(NULL, O_RDWR);
	unsigned char *base = new_pool(fd);

	ASSERT_NE(NULL, base);
	EXPECT_EQ(EACCES, refused(fd, POOL_SIZE, PROT_WRITE, MAP_SHARED, 0));
	EXPECT_EQ(EACCES, refused(fd, POOL_SIZE, PROT_READ | PROT_WRITE,
				  MAP_SHARED, 0));
	EXPECT_EQ(-EACCES, or_errno(mprotect(base, POOL_SIZE,
					     PROT_READ | PROT_WRITE)));
	EXPECT_EQ(-EACCES, or_errno(mprotect(base, UNIT, PROT_WRITE)));
	EXPECT_EQ(-EACCES, or_errno(mprotect(base, POOL_SIZE,
					     PROT_READ | PROT_EXEC)));
	munmap(base, POOL_SIZE);
	close(fd);
}

static int store(void *arg)
{
	unsigned char *base = map_pool(*(int *)arg, POOL_SIZE);
	struct rlimit none = { 0, 0 };

	if (!base)
		return 1;
	setrlimit(RLIMIT_CORE, &none);
	*(volatile unsigned char *)base = 1;
	return 0;
}

/* The way round the protection that debuggers take. */
static int poke(void *arg)
{
	unsigned char *base = map_pool(*(int *)arg, POOL_SIZE);
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	if (!base || mem < 0)
		return 1;
	if (pwrite(mem, "x", 1, (uintptr_t)base) != -1)
		return 2;
	return base[0] ? 3 : 0;
}

TEST_F(pool, cannot_be_written)
{
	EXPECT_EQ(256 + SIGSEGV, run(store, &self->reader));
	EXPECT_EQ(0, run(poke, &self->reader));
}

/* Memory that the process has not mapped. */
static int is_missing(void *arg)
{
	unsigned char vec[POOL_SIZE / UNIT];

	if (mincore(arg, POOL_SIZE, vec) != -1)
		return 1;
	return errno == ENOMEM ? 0 : errno;
}

TEST_F(pool, child_does_not_inherit_it)
{
	EXPECT_EQ(1, is_missing(self->base));
	EXPECT_EQ(0, run(is_missing, self->base));
}

TEST_F(pool, cannot_grow)
{
	EXPECT_EQ(MAP_FAILED, mremap(self->base, POOL_SIZE, 2 * POOL_SIZE,
				     MREMAP_MAYMOVE));
	EXPECT_EQ(EFAULT, errno);
}

/* Pages that are dropped, locked, moved or read by the kernel stay the pool's. */
TEST_F(pool, memory_calls_do_no_harm)
{
	unsigned char *place = mmap(NULL, POOL_SIZE, PROT_NONE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fds[2];

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	recv_landed(self->reader, &self->got);
	mlock(self->base, POOL_SIZE);
	madvise(self->base, POOL_SIZE, MADV_DOFORK);
	self->base = mremap(self->base, POOL_SIZE, POOL_SIZE,
			    MREMAP_MAYMOVE | MREMAP_FIXED, place);
	ASSERT_EQ(place, self->base);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	/* From the pool into a pipe, by the kernel. */
	ASSERT_EQ(0, pipe(fds));
	EXPECT_EQ(UNIT, write(fds[1], self->base, UNIT));
	EXPECT_EQ(UNIT, read(fds[0], self->other.buf, UNIT));
	EXPECT_TRUE(is_pattern(self->other.buf, 1, UNIT));
	madvise(self->base, POOL_SIZE, MADV_DONTNEED);
	madvise(self->base, POOL_SIZE, MADV_REMOVE);
	munmap(self->base, POOL_SIZE);
	self->base = map_pool(self->reader, POOL_SIZE);
	ASSERT_NE(NULL, self->base);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	ASSERT_EQ(1, send_pattern(self->writer, 2, UNIT));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
	close(fds[0]);
	close(fds[1]);
}

/* It can be sent on from where it lies, also to the mailbox that it came from. */
TEST_F(pool, what_lies_there_can_be_sent)
{
	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	recv_landed(self->reader, &self->got);
	ASSERT_EQ(1, send_bytes(self->writer, 1,
				self->base + self->got.message.offset, UNIT));
	recv_landed(self->reader, &self->got);
	EXPECT_TRUE(landed_well(&self->got, self->base, UNIT));
}

/* ---- how long ---------------------------------------------------------- */

TEST_F(pool, mapping_keeps_the_handle)
{
	__u64 offset;

	ASSERT_EQ(1, send_pattern(self->writer, 1, UNIT));
	recv_landed(self->reader, &self->got);
	offset = self->got.message.offset;
	close(self->reader);
	EXPECT_EQ(1, info_of(self->writer).receivers);
	EXPECT_TRUE(is_pattern(self->base + offset, 1, UNIT));
	munmap(self->base, POOL_SIZE);
	self->base = NULL;
	EXPECT_EQ(0, info_of(self->writer).receivers);
	self->reader = open_existing(own_name(), O_RDONLY);
}

/* Two handles with a pool each, made, mapped and closed in any order. */
TEST_F(pool, can_come_and_go)
{
	unsigned char *base;
	int i, fd;

	for (i = 0; i < 100; i++) {
		fd = open_existing(own_name(), O_RDONLY);
		ASSERT_EQ(0, make_pool(fd, MBOX_MAP_SIZE_MIN << i % 5));
		base = map_pool(fd, MBOX_MAP_SIZE_MIN << i % 5);
		ASSERT_NE(NULL, base);
		if (i % 2)
			close(fd);
		munmap(base, MBOX_MAP_SIZE_MIN << i % 5);
		if (i % 2 == 0)
			close(fd);
	}
	EXPECT_EQ(1, info_of(self->writer).receivers);
}

TEST_HARNESS_MAIN
