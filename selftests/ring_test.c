// SPDX-License-Identifier: GPL-2.0
/*
 * The ring: who may have an end, what each may map, and how long it all lives.
 */
#include "mbox_genl.h"
#include "mbox_ring.h"

#include <sys/resource.h>

#define BYTES_PARAM	"/sys/module/mbox/parameters/user_bytes"

FIXTURE(ring)
{
	int fd;
	int in;
	int out;
	struct ring producer;
	struct ring consumer;
};

FIXTURE_SETUP(ring)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->out = open_end(self->fd, MBOX_MAP_PRODUCER);
	ASSERT_LE(0, self->out);
	self->in = open_end(self->fd, MBOX_MAP_CONSUMER);
	ASSERT_LE(0, self->in);
	ASSERT_TRUE(map_end(&self->producer, self->out, true));
	ASSERT_TRUE(map_end(&self->consumer, self->in, false));
}

FIXTURE_TEARDOWN(ring)
{
	unmap_end(&self->producer);
	unmap_end(&self->consumer);
	close(self->in);
	close(self->out);
	close(self->fd);
}

/* ---- who may have an end ------------------------------------------------- */

TEST(right_says_which_end)
{
	int fd = open_mailbox(NULL, O_RDWR);
	int receiver = grant(fd, MBOX_RIGHT_RECV);
	int sender = grant(fd, MBOX_RIGHT_SEND);
	struct ring in, out;

	EXPECT_EQ(-EINVAL, open_end(fd, 0));
	EXPECT_EQ(-EBADF, open_end(receiver, MBOX_MAP_PRODUCER));
	EXPECT_EQ(-EBADF, open_end(sender, MBOX_MAP_CONSUMER));
	EXPECT_TRUE(map_end(&in, open_end(receiver, 0), false));
	EXPECT_TRUE(map_end(&out, open_end(sender, 0), true));
	EXPECT_EQ(MBOX_RING_PRODUCER | MBOX_RING_CONSUMER, in.state->state);
	unmap_end(&in);
	unmap_end(&out);
	close(in.fd);
	close(out.fd);
	close(receiver);
	close(sender);
	close(fd);
}

TEST(unbound_handle_returns_enotconn)
{
	int fd = open_device(O_RDWR);

	EXPECT_EQ(-ENOTCONN, open_end(fd, MBOX_MAP_PRODUCER));
	close(fd);
}

TEST(topic_returns_eopnotsupp)
{
	struct mbox_open args = open_args(NULL, MBOX_OPEN_CREATE);
	int fd;

	args.kind = MBOX_KIND_TOPIC;
	fd = open_with(O_RDWR, &args);
	EXPECT_EQ(-EOPNOTSUPP, open_end(fd, MBOX_MAP_PRODUCER));
	close(fd);
}

TEST(removed_mailbox_returns_eidrm)
{
	int fd = open_mailbox(own_name(), O_RDWR);

	ASSERT_EQ(0, remove_mailbox(fd));
	EXPECT_EQ(-EIDRM, open_end(fd, MBOX_MAP_PRODUCER));
	close(fd);
}

TEST_F(ring, second_end_of_a_side_returns_ebusy)
{
	EXPECT_EQ(-EBUSY, open_end(self->fd, MBOX_MAP_PRODUCER));
	EXPECT_EQ(-EBUSY, open_end(self->fd, MBOX_MAP_CONSUMER));
	/* What was refused left nothing behind. */
	EXPECT_EQ(MBOX_RING_PRODUCER | MBOX_RING_CONSUMER,
		  self->producer.state->state);
}

/* The ring stays with the two; the mailbox can have another. */
TEST_F(ring, end_that_goes_makes_way_for_a_new_ring)
{
	struct ring next;
	int fd;

	close(self->in);
	unmap_end(&self->consumer);
	EXPECT_EQ(MBOX_RING_CONSUMER_GONE,
		  self->producer.state->state & MBOX_RING_CONSUMER_GONE);
	fd = open_end(self->fd, MBOX_MAP_CONSUMER);
	ASSERT_LE(0, fd);
	ASSERT_TRUE(map_end(&next, fd, false));
	EXPECT_EQ(MBOX_RING_CONSUMER, next.state->state);
	produce(&self->producer, 8);
	EXPECT_EQ(0, load(&next.producer->index));
	unmap_end(&next);
	close(fd);
	self->in = open_end(self->fd, MBOX_MAP_CONSUMER);
	ASSERT_TRUE(map_end(&self->consumer, self->in, false));
}

TEST_F(ring, first_end_sets_the_size)
{
	struct ring ring;
	int out, in;

	close(self->in);
	unmap_end(&self->consumer);
	out = map_kind(self->fd, MBOX_MAP_RING, MBOX_MAP_PRODUCER, 4 * RING_SIZE);
	in = map_kind(self->fd, MBOX_MAP_RING, MBOX_MAP_CONSUMER, RING_SIZE);
	ASSERT_LE(0, out);
	ASSERT_LE(0, in);
	ring.state = map_area(in, MBOX_RING_AREA_STATE, PROT_READ);
	EXPECT_EQ(MBOX_RING_MAGIC, ring.state->magic);
	EXPECT_EQ(MBOX_RING_VERSION, ring.state->version);
	EXPECT_EQ(4 * RING_SIZE, ring.state->size);
	close(out);
	self->in = in;
	self->consumer = self->producer;
}

TEST(size_0_is_the_default)
{
	int fd = open_mailbox(NULL, O_RDWR);
	int out = map_kind(fd, MBOX_MAP_RING, MBOX_MAP_PRODUCER, 0);
	const struct mbox_ring_state *state;

	state = map_area(out, MBOX_RING_AREA_STATE, PROT_READ);
	ASSERT_NE(MAP_FAILED, state);
	EXPECT_EQ(MBOX_MAP_SIZE_DEFAULT, state->size);
	close(out);
	close(fd);
}

TEST_F(ring, descriptor_is_close_on_exec)
{
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->in, F_GETFD) & FD_CLOEXEC);
}

TEST(no_descriptor_left_returns_emfile_and_no_end)
{
	int fd = open_mailbox(NULL, O_RDWR);
	struct rlimit old, none = { .rlim_cur = fd + 1 };
	int out;

	getrlimit(RLIMIT_NOFILE, &old);
	none.rlim_max = old.rlim_max;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	EXPECT_EQ(-EMFILE, open_end(fd, MBOX_MAP_PRODUCER));
	setrlimit(RLIMIT_NOFILE, &old);
	out = open_end(fd, MBOX_MAP_PRODUCER);
	EXPECT_LE(0, out);
	close(out);
	close(fd);
}

/* ---- commands of an end -------------------------------------------------- */

TEST_F(ring, other_commands_return_enotty)
{
	struct mbox_info info = { 0 };

	EXPECT_EQ(-ENOTTY, do_ioctl(self->in, MBOX_IOC_INFO, &info));
	EXPECT_EQ(-ENOTTY, grant(self->in, MBOX_RIGHT_RECV));
	EXPECT_EQ(-EINVAL, or_errno(read(self->in, &info, 8)));
	EXPECT_EQ(-EINVAL, or_errno(write(self->out, &info, 8)));
}

TEST_F(ring, member_that_a_kind_does_not_use_returns_einval)
{
	struct mbox_map args = { 0 };
	size_t i;

	EXPECT_EQ(-EFAULT, do_ioctl(self->in, MBOX_IOC_MAP, nowhere()));
	for (i = 0; i < 8; i++) {
		args.kind = i;
		if (i != MBOX_MAP_WAIT && i != MBOX_MAP_WAKE)
			EXPECT_EQ(-EINVAL,
				  do_ioctl(self->in, MBOX_IOC_MAP, &args));
	}
	for (i = 1; i < sizeof(args) / sizeof(__u32); i++) {
		args = (struct mbox_map){ .kind = MBOX_MAP_WAKE };
		((__u32 *)&args)[i] = 1;
		EXPECT_EQ(-EINVAL, do_ioctl(self->in, MBOX_IOC_MAP, &args));
		args.kind = MBOX_MAP_WAIT;
		/* A deadline and an index are what a wait is about. */
		if (i < 4 || i > 6)
			EXPECT_EQ(-EINVAL,
				  do_ioctl(self->in, MBOX_IOC_MAP, &args));
	}
	EXPECT_EQ(-EINVAL, ring_wait(self->in, 0, -1));
}

/* ---- what can be mapped -------------------------------------------------- */

/* What each may write, by area: none, P, C, data. */
static const bool writable[2][AREAS] = {
	{ false, true, false, true },
	{ false, false, true, false },
};

TEST_F(ring, only_its_own_areas_can_be_written)
{
	int fds[] = { self->out, self->in };
	int side, area;

	for (side = 0; side < 2; side++) {
		for (area = 0; area < AREAS; area++) {
			EXPECT_EQ(writable[side][area] ? 0 : -EACCES,
				  try_map(fds[side], area * page_size(),
					  area_size(area),
					  PROT_READ | PROT_WRITE, MAP_SHARED)) {
				TH_LOG("side %d area %d", side, area);
			}
			EXPECT_EQ(0, try_map(fds[side], area * page_size(),
					     area_size(area), PROT_READ,
					     MAP_SHARED));
		}
	}
}

/* What mmap() refuses mprotect() refuses, too. */
TEST_F(ring, mprotect_widens_nothing)
{
	int fds[] = { self->out, self->in };
	int side, area, want;
	void *mem;

	for (side = 0; side < 2; side++) {
		for (area = 0; area < AREAS; area++) {
			want = writable[side][area] ? 0 : -EACCES;
			mem = map_area(fds[side], area, PROT_NONE);
			ASSERT_NE(MAP_FAILED, mem);
			EXPECT_EQ(want, or_errno(mprotect(mem, area_size(area),
							  PROT_READ |
							  PROT_WRITE))) {
				TH_LOG("side %d area %d", side, area);
			}
			EXPECT_EQ(-EACCES, or_errno(mprotect(mem,
							     area_size(area),
							     PROT_READ |
							     PROT_EXEC)));
			munmap(mem, area_size(area));
		}
	}
}

/* Not even a debugger, which writes where a program cannot. */
TEST_F(ring, proc_mem_does_not_write_what_is_read_only)
{
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	__u32 nonsense = 0x55555555;

	ASSERT_LE(0, mem);
	EXPECT_GT(0, pwrite(mem, &nonsense, 4,
			    (off_t)(uintptr_t)&self->consumer.state->state));
	EXPECT_GT(0, pwrite(mem, &nonsense, 4,
			    (off_t)(uintptr_t)self->consumer.data));
	EXPECT_EQ(MBOX_RING_PRODUCER | MBOX_RING_CONSUMER,
		  self->producer.state->state);
	EXPECT_EQ(0, self->producer.data[0]);
	close(mem);
}

TEST_F(ring, executable_or_private_mapping_is_refused)
{
	size_t size = page_size();

	EXPECT_GT(0, try_map(self->in, 0, size, PROT_READ | PROT_EXEC,
			     MAP_SHARED));
	EXPECT_EQ(-EINVAL, try_map(self->in, 0, size, PROT_READ, MAP_PRIVATE));
}

TEST_F(ring, other_size_or_offset_returns_einval)
{
	size_t page = page_size();
	size_t data = area_size(MBOX_RING_AREA_DATA);
	size_t sizes[] = { page, data / 2, data - page, data + page, 2 * data };
	off_t offsets[] = { 4 * page, 5 * page, (off_t)1 << 40 };
	size_t i;

	for (i = 0; i < AREAS - 1; i++) {
		EXPECT_EQ(-EINVAL, try_map(self->in, i * page, 2 * page,
					   PROT_READ, MAP_SHARED));
	}
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		EXPECT_EQ(-EINVAL, try_map(self->in, 3 * page, sizes[i],
					   PROT_READ, MAP_SHARED)) {
			TH_LOG("size %zu", sizes[i]);
		}
	}
	for (i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
		EXPECT_EQ(-EINVAL, try_map(self->in, offsets[i], page,
					   PROT_READ, MAP_SHARED));
		EXPECT_EQ(-EINVAL, try_map(self->in, offsets[i], data,
					   PROT_READ, MAP_SHARED));
	}
}

TEST_F(ring, mapping_does_not_grow)
{
	size_t page = page_size();

	EXPECT_EQ(MAP_FAILED, mremap(self->producer.producer, page, 2 * page,
				     MREMAP_MAYMOVE));
	EXPECT_EQ(EFAULT, errno);
}

/* Zeroed, and the same bytes after the end as at the beginning. */
TEST_F(ring, data_repeats)
{
	unsigned char *out = self->producer.data;
	const unsigned char *in = self->consumer.data;
	size_t i;

	for (i = 0; i < 2 * RING_SIZE; i++) {
		if (in[i])
			break;
	}
	EXPECT_EQ(2 * RING_SIZE, i);
	memset(out + RING_SIZE - 4, 7, 8);
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(7, in[i]);
		EXPECT_EQ(7, in[RING_SIZE + i]);
		EXPECT_EQ(7, in[RING_SIZE - 4 + i]);
		EXPECT_EQ(7, in[2 * RING_SIZE - 4 + i]);
	}
	EXPECT_EQ(0, in[4]);
	EXPECT_EQ(0, in[RING_SIZE - 5]);
}

/* What was thrown out of the page table comes back as it was. */
TEST_F(ring, dontneed_loses_nothing)
{
	self->producer.data[5] = 9;
	EXPECT_EQ(0, madvise(self->producer.data, 2 * RING_SIZE, MADV_DONTNEED));
	EXPECT_EQ(9, self->producer.data[5]);
	EXPECT_EQ(9, self->consumer.data[5 + RING_SIZE]);
}

/* ---- life ---------------------------------------------------------------- */

TEST_F(ring, pages_stay_while_they_are_mapped)
{
	store(&self->producer.producer->index, 16);
	self->producer.data[0] = 5;
	close(self->out);
	close(self->in);
	close(self->fd);
	EXPECT_EQ(16, load(&self->consumer.producer->index));
	EXPECT_EQ(5, self->consumer.data[0]);
	/* An end lives as long as it is mapped, and so does its mailbox. */
	EXPECT_EQ(MBOX_RING_PRODUCER | MBOX_RING_CONSUMER,
		  self->consumer.state->state);
	unmap_end(&self->producer);
	EXPECT_EQ(MBOX_RING_PRODUCER_GONE,
		  self->consumer.state->state & MBOX_RING_PRODUCER_GONE);
	EXPECT_EQ(5, self->consumer.data[0]);
	/* The teardown has something to end. */
	self->producer = self->consumer;
	self->fd = -1;
	self->in = -1;
	self->out = -1;
}

static int close_and_write(void *arg)
{
	struct ring *ring = arg;

	close(ring->fd);
	ring->data[1] = 6;
	store(&ring->producer->index, 24);
	return 0;
}

/* A child has the mapping, and keeps the end as it keeps a descriptor. */
TEST_F(ring, fork_inherits_the_mapping)
{
	EXPECT_EQ(0, run(close_and_write, &self->producer));
	EXPECT_EQ(6, self->consumer.data[1]);
	EXPECT_EQ(24, load(&self->consumer.producer->index));
	EXPECT_EQ(0, self->consumer.state->state & MBOX_RING_PRODUCER_GONE);
}

TEST_F(ring, dup_keeps_the_end)
{
	int copy = dup(self->out);

	unmap_end(&self->producer);
	close(self->out);
	EXPECT_EQ(0, self->consumer.state->state & MBOX_RING_PRODUCER_GONE);
	close(copy);
	EXPECT_EQ(MBOX_RING_PRODUCER_GONE,
		  self->consumer.state->state & MBOX_RING_PRODUCER_GONE);
	self->producer = self->consumer;
	self->out = -1;
}

/* The handle counts as long as its end: nobody else ends the mailbox. */
TEST_F(ring, end_keeps_its_mailbox)
{
	__u64 id = info_of(self->fd).id;
	int again;

	close(self->fd);
	again = open_id(id, O_RDWR);
	EXPECT_LE(0, again);
	close(again);
	self->fd = -1;
}

TEST(bytes_count_for_the_user)
{
	char old[32], few[32];
	int fd = open_mailbox(NULL, O_RDWR);
	int out;

	ASSERT_LT(0, read_file(BYTES_PARAM, old, sizeof(old)));
	snprintf(few, sizeof(few), "%zu", RING_SIZE + 3 * page_size());
	ASSERT_EQ(0, write_file(BYTES_PARAM, few));
	EXPECT_EQ(-EDQUOT, map_kind(fd, MBOX_MAP_RING, MBOX_MAP_PRODUCER,
				    2 * RING_SIZE));
	out = open_end(fd, MBOX_MAP_PRODUCER);
	EXPECT_LE(0, out);
	EXPECT_EQ(-EDQUOT, send_text(fd, 1, "no byte left"));
	close(out);
	EXPECT_EQ(1, send_text(fd, 1, "all of it is back"));
	write_file(BYTES_PARAM, old);
	close(fd);
}

TEST_HARNESS_MAIN
