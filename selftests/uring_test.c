// SPDX-License-Identifier: GPL-2.0
/*
 * io_uring by raw system calls: reads that wait for a message without a thread
 * that sleeps, writes that wait for room, poll, cancel, and close.
 */
#include "mbox_genl.h"

#include <dirent.h>
#include <linux/io_uring.h>

#define ENTRIES	16

struct ring {
	int fd;
	unsigned int *sq_tail;
	unsigned int *sq_mask;
	unsigned int *sq_array;
	struct io_uring_sqe *sqes;
	unsigned int *cq_head;
	unsigned int *cq_tail;
	unsigned int *cq_mask;
	struct io_uring_cqe *cqes;
};

static void *map_ring(int fd, size_t size, off_t offset)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, fd, offset);
}

static int ring_open(struct ring *r)
{
	struct io_uring_params p = { 0 };
	char *sq, *cq;

	r->fd = or_errno(syscall(SYS_io_uring_setup, ENTRIES, &p));
	if (r->fd < 0)
		return r->fd;
	sq = map_ring(r->fd, p.sq_off.array + p.sq_entries * 4,
		      IORING_OFF_SQ_RING);
	cq = map_ring(r->fd, p.cq_off.cqes + p.cq_entries * sizeof(*r->cqes),
		      IORING_OFF_CQ_RING);
	r->sqes = map_ring(r->fd, p.sq_entries * sizeof(*r->sqes),
			   IORING_OFF_SQES);
	r->sq_tail = (void *)(sq + p.sq_off.tail);
	r->sq_mask = (void *)(sq + p.sq_off.ring_mask);
	r->sq_array = (void *)(sq + p.sq_off.array);
	r->cq_head = (void *)(cq + p.cq_off.head);
	r->cq_tail = (void *)(cq + p.cq_off.tail);
	r->cq_mask = (void *)(cq + p.cq_off.ring_mask);
	r->cqes = (void *)(cq + p.cq_off.cqes);
	return 0;
}

/* Hands in one request; @data names it in its completion. */
static int submit(struct ring *r, struct io_uring_sqe sqe, __u64 data)
{
	unsigned int tail = *r->sq_tail, index = tail & *r->sq_mask;

	sqe.user_data = data;
	r->sqes[index] = sqe;
	r->sq_array[index] = index;
	__atomic_store_n(r->sq_tail, tail + 1, __ATOMIC_RELEASE);
	return or_errno(syscall(SYS_io_uring_enter, r->fd, 1, 0, 0, NULL, 0));
}

static bool completed(struct ring *r)
{
	return *r->cq_head != __atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE);
}

/* Result of the next completion, whose name must be @data. */
static int result(struct ring *r, __u64 data)
{
	struct io_uring_cqe *cqe;
	__s64 end = in_ms(PATIENCE_MS);
	int res;

	while (!completed(r)) {
		if (now() > end)
			return -ETIME;
		/* Completions may wait for the task to enter the kernel. */
		syscall(SYS_io_uring_enter, r->fd, 0, 0, IORING_ENTER_GETEVENTS,
			NULL, 0);
		usleep(500);
	}
	cqe = &r->cqes[*r->cq_head & *r->cq_mask];
	res = cqe->user_data == data ? cqe->res : -EBADMSG;
	__atomic_store_n(r->cq_head, *r->cq_head + 1, __ATOMIC_RELEASE);
	return res;
}

/* Threads that io_uring made to wait in; one that has no work stays for 5 s. */
static int workers(void)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	char path[300], name[32];
	int count = 0;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/self/task/%s/comm",
			 entry->d_name);
		if (read_file(path, name, sizeof(name)) > 0 &&
		    !strncmp(name, "iou-wrk", 7))
			count++;
	}
	closedir(dir);
	return count;
}

static bool wait_workers(int count)
{
	__s64 end = in_ms(PATIENCE_MS);

	while (workers() != count && now() < end)
		usleep(500);
	return workers() == count;
}

static bool is_gone(__u64 id)
{
	int fd = open_id(id, O_RDWR);

	if (fd >= 0)
		close(fd);
	return fd == -ENOENT;
}

static struct io_uring_sqe sqe_rw(int op, int fd, void *buf, __u32 len)
{
	struct io_uring_sqe sqe = {
		.opcode = op,
		.fd = fd,
		.off = -1,
		.addr = addr(buf),
		.len = len,
	};

	return sqe;
}

static struct io_uring_sqe sqe_poll(int fd, __u32 events)
{
	struct io_uring_sqe sqe = {
		.opcode = IORING_OP_POLL_ADD,
		.fd = fd,
		.poll32_events = events,
	};

	return sqe;
}

FIXTURE(uring)
{
	struct ring ring;
	int fd;
	int full;
	char buf[64];
};

FIXTURE_SETUP(uring)
{
	/* A kernel that has the call looks at its argument. */
	if (or_errno(syscall(SYS_io_uring_setup, 1, NULL)) != -EFAULT)
		SKIP(return, "the kernel has no io_uring");
	ASSERT_EQ(0, ring_open(&self->ring));
	self->fd = open_mailbox(NULL, O_RDWR);
	self->full = open_limited(NULL, O_RDWR, 1, 0, 0);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(1, send_text(self->full, 1, "x"));
}

FIXTURE_TEARDOWN(uring)
{
	close(self->fd);
	close(self->full);
	close(self->ring.fd);
}

#define READ(fd)	sqe_rw(IORING_OP_READ, fd, self->buf, sizeof(self->buf))
#define WRITE(fd, text)	sqe_rw(IORING_OP_WRITE, fd, text, sizeof(text) - 1)

TEST_F(uring, read_of_what_is_there_completes_at_once)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "hello"));
	ASSERT_EQ(1, submit(&self->ring, READ(self->fd), 7));
	EXPECT_TRUE(completed(&self->ring));
	EXPECT_EQ(5, result(&self->ring, 7));
	EXPECT_STREQ("hello", self->buf);
}

TEST_F(uring, read_waits_without_blocking_the_caller)
{
	ASSERT_EQ(1, submit(&self->ring, READ(self->fd), 7));
	EXPECT_FALSE(completed(&self->ring));
	/* It waits by poll, not in a receive. */
	EXPECT_EQ(0, info_of(self->fd).waiting_receivers);
	ASSERT_EQ(1, send_text(self->fd, 1, "hello"));
	EXPECT_EQ(5, result(&self->ring, 7));
	EXPECT_STREQ("hello", self->buf);
	EXPECT_EQ(0, msgs_of(self->fd));
}

TEST_F(uring, read_waits_for_what_its_filter_takes)
{
	EXPECT_EQ(0, set_filter(self->fd, 2, 2, 0));
	ASSERT_EQ(1, submit(&self->ring, READ(self->fd), 7));
	ASSERT_EQ(1, send_text(self->fd, 1, "other"));
	EXPECT_FALSE(completed(&self->ring));
	ASSERT_EQ(1, send_text(self->fd, 2, "mine"));
	EXPECT_EQ(4, result(&self->ring, 7));
	EXPECT_STREQ("mine", self->buf);
}

TEST_F(uring, write_waits_for_room)
{
	ASSERT_EQ(1, submit(&self->ring, WRITE(self->full, "second"), 8));
	EXPECT_FALSE(completed(&self->ring));
	EXPECT_EQ(1, info_of(self->full).sent);
	EXPECT_STREQ("x", take(self->full).text);
	EXPECT_EQ(6, result(&self->ring, 8));
	EXPECT_STREQ("second", take(self->full).text);
	EXPECT_EQ(2, info_of(self->full).sent);
}

TEST_F(uring, rwf_nowait_completes_with_eagain)
{
	struct io_uring_sqe sqe = READ(self->fd);

	sqe.rw_flags = RWF_NOWAIT;
	ASSERT_EQ(1, submit(&self->ring, sqe, 7));
	EXPECT_EQ(-EAGAIN, result(&self->ring, 7));
	sqe = WRITE(self->full, "x");
	sqe.rw_flags = RWF_NOWAIT;
	ASSERT_EQ(1, submit(&self->ring, sqe, 8));
	EXPECT_EQ(-EAGAIN, result(&self->ring, 8));
	EXPECT_EQ(1, info_of(self->full).sent);
}

/* ---- no thread but the caller's ---------------------------------------- */

/* What shows that the next tests would see one: to open a FIFO needs a thread. */
TEST_F(uring, thread_that_waits_is_seen)
{
	struct io_uring_sqe sqe = {
		.opcode = IORING_OP_OPENAT,
		.flags = IOSQE_ASYNC,
		.fd = AT_FDCWD,
		.addr = addr("fifo"),
		.open_flags = O_RDONLY | O_CLOEXEC,
	};
	int fd;

	ASSERT_EQ(0, workers());
	ASSERT_EQ(0, or_errno(mkfifo("fifo", 0600)));
	EXPECT_EQ(1, submit(&self->ring, sqe, 7));
	EXPECT_TRUE(wait_workers(1));
	fd = open("fifo", O_WRONLY | O_CLOEXEC);
	EXPECT_LE(0, fd);
	EXPECT_LE(0, result(&self->ring, 7));
	unlink("fifo");
}

TEST_F(uring, read_makes_no_thread)
{
	ASSERT_EQ(1, submit(&self->ring, READ(self->fd), 7));
	EXPECT_EQ(0, workers());
	ASSERT_EQ(1, send_text(self->fd, 1, "hello"));
	EXPECT_EQ(5, result(&self->ring, 7));
	EXPECT_EQ(0, workers());
	ASSERT_EQ(1, send_text(self->fd, 1, "again"));
	ASSERT_EQ(1, submit(&self->ring, READ(self->fd), 7));
	EXPECT_EQ(5, result(&self->ring, 7));
	EXPECT_EQ(0, workers());
}

TEST_F(uring, write_makes_no_thread)
{
	ASSERT_EQ(1, submit(&self->ring, WRITE(self->full, "second"), 8));
	EXPECT_EQ(0, workers());
	EXPECT_STREQ("x", take(self->full).text);
	EXPECT_EQ(6, result(&self->ring, 8));
	EXPECT_EQ(0, workers());
	EXPECT_STREQ("second", take(self->full).text);
	ASSERT_EQ(1, submit(&self->ring, WRITE(self->full, "third"), 8));
	EXPECT_EQ(5, result(&self->ring, 8));
	EXPECT_EQ(0, workers());
}

TEST_F(uring, poll_makes_no_thread)
{
	ASSERT_EQ(1, submit(&self->ring, sqe_poll(self->fd, POLLIN), 9));
	EXPECT_EQ(0, workers());
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(POLLIN, result(&self->ring, 9));
	EXPECT_EQ(0, workers());
}

static int count_unbound(void *arg)
{
	static char buf[16];
	struct ring ring;
	/* A domain of its own has no mailbox yet. */
	int err = or_errno(unshare(CLONE_NEWNET));
	int fd = open_device(O_RDWR);

	if (err || fd < 0 || ring_open(&ring))
		return 101;
	if (submit(&ring, sqe_rw(IORING_OP_READ, fd, buf, sizeof(buf)), 7) != 1)
		return 102;
	if (workers() || or_errno(write(fd, "first", 5)) != 5)
		return 103;
	if (result(&ring, 7) != 5)
		return 104;
	return workers();
}

TEST_F(uring, use_of_an_unbound_handle_makes_no_thread)
{
	EXPECT_EQ(0, run(count_unbound, NULL));
}

TEST_F(uring, errors_are_those_of_read_and_write)
{
	ASSERT_EQ(1, send_text(self->fd, 1, "hello"));
	ASSERT_EQ(1, submit(&self->ring, sqe_rw(IORING_OP_READ, self->fd,
						self->buf, 4), 7));
	EXPECT_EQ(-EMSGSIZE, result(&self->ring, 7));
	ASSERT_EQ(1, submit(&self->ring, sqe_rw(IORING_OP_READ, self->fd,
						nowhere(), 9), 8));
	EXPECT_EQ(-EFAULT, result(&self->ring, 8));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(uring, poll_completes_when_a_message_comes)
{
	ASSERT_EQ(1, submit(&self->ring, sqe_poll(self->fd, POLLIN), 9));
	EXPECT_FALSE(completed(&self->ring));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(POLLIN, result(&self->ring, 9));
}

TEST_F(uring, removal_completes_what_waits)
{
	ASSERT_EQ(1, submit(&self->ring, READ(self->fd), 7));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(-EIDRM, result(&self->ring, 7));
	ASSERT_EQ(1, submit(&self->ring, sqe_poll(self->fd, POLLIN), 9));
	EXPECT_EQ(POLLHUP, result(&self->ring, 9));
}

TEST_F(uring, cancelled_read_takes_nothing)
{
	struct io_uring_sqe cancel = {
		.opcode = IORING_OP_ASYNC_CANCEL,
		.addr = 7,
	};

	ASSERT_EQ(1, submit(&self->ring, READ(self->fd), 7));
	ASSERT_EQ(1, submit(&self->ring, cancel, 7));
	/* The two completions come in either order: 0 and -ECANCELED. */
	EXPECT_EQ(-ECANCELED, result(&self->ring, 7) + result(&self->ring, 7));
	ASSERT_EQ(1, send_text(self->fd, 1, "stays"));
	EXPECT_STREQ("stays", take(self->fd).text);
}

/* The request keeps the handle, so that closing the descriptor is safe. */
TEST_F(uring, read_outlives_the_descriptor)
{
	int writer = grant(self->fd, MBOX_RIGHT_SEND);

	ASSERT_EQ(1, submit(&self->ring, READ(self->fd), 7));
	close(self->fd);
	self->fd = -1;
	ASSERT_EQ(1, send_text(writer, 1, "late"));
	EXPECT_EQ(4, result(&self->ring, 7));
	EXPECT_STREQ("late", self->buf);
}

static int leave_waiting(void *arg)
{
	static char buf[16];
	struct ring ring;
	int fd = *(int *)arg;

	if (ring_open(&ring))
		return 1;
	submit(&ring, sqe_rw(IORING_OP_READ, fd, buf, sizeof(buf)), 7);
	submit(&ring, sqe_poll(fd, POLLIN), 9);
	return 0;
}

/* Requests that wait when the ring goes are ended with it. */
TEST_F(uring, process_that_exits_releases_the_handle)
{
	__u64 id = id_of(self->fd);
	__s64 end = in_ms(PATIENCE_MS);

	ASSERT_EQ(0, run(leave_waiting, &self->fd));
	close(self->fd);
	self->fd = -1;
	while (!is_gone(id) && now() < end)
		usleep(1000);
	EXPECT_TRUE(is_gone(id));
}

TEST_HARNESS_MAIN
