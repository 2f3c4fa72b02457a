/* SPDX-License-Identifier: GPL-2.0 */
/* The ring without a library: ends, areas, and the two indices. */
#ifndef MBOX_RING_TEST_H
#define MBOX_RING_TEST_H

#include "mbox_proc.h"

#define RING_SIZE	8192u
#define AREAS		4

/* One end, mapped as it should be. */
struct ring {
	int fd;
	const struct mbox_ring_state *state;
	struct mbox_ring_index *producer;
	struct mbox_ring_index *consumer;
	unsigned char *data;
};

static inline size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

static inline int map_kind(int fd, __u32 kind, __u32 flags, __u64 size)
{
	struct mbox_map args = { .kind = kind, .flags = flags, .size = size };

	return do_ioctl(fd, MBOX_IOC_MAP, &args);
}

static inline int open_end(int fd, __u32 flags)
{
	return map_kind(fd, MBOX_MAP_RING, flags, RING_SIZE);
}

static inline int ring_wait(int fd, __u32 seen, __s64 deadline)
{
	struct mbox_map args = {
		.kind = MBOX_MAP_WAIT,
		.seen = seen,
		.deadline = deadline,
	};

	return do_ioctl(fd, MBOX_IOC_MAP, &args);
}

static inline int ring_wake(int fd)
{
	return map_kind(fd, MBOX_MAP_WAKE, 0, 0);
}

static inline size_t area_size(int area)
{
	return area == MBOX_RING_AREA_DATA ? 2 * RING_SIZE : page_size();
}

/* The area, or MAP_FAILED with errno. */
static inline void *map_area(int fd, int area, int prot)
{
	return mmap(NULL, area_size(area), prot, MAP_SHARED, fd,
		    area * page_size());
}

/* 0 if that mapping can be made, or why not; it is not kept. */
static inline int try_map(int fd, off_t offset, size_t size, int prot, int flags)
{
	void *mem = mmap(NULL, size, prot, flags, fd, offset);

	if (mem == MAP_FAILED)
		return -errno;
	munmap(mem, size);
	return 0;
}

static inline bool map_end(struct ring *ring, int fd, bool producer)
{
	int own = PROT_READ | PROT_WRITE;

	ring->fd = fd;
	ring->state = map_area(fd, MBOX_RING_AREA_STATE, PROT_READ);
	ring->producer = map_area(fd, MBOX_RING_AREA_PRODUCER,
				  producer ? own : PROT_READ);
	ring->consumer = map_area(fd, MBOX_RING_AREA_CONSUMER,
				  producer ? PROT_READ : own);
	ring->data = map_area(fd, MBOX_RING_AREA_DATA,
			      producer ? own : PROT_READ);
	return ring->state != MAP_FAILED && ring->producer != MAP_FAILED &&
	       ring->consumer != MAP_FAILED && ring->data != MAP_FAILED;
}

static inline void unmap_end(struct ring *ring)
{
	munmap((void *)ring->state, area_size(0));
	munmap(ring->producer, area_size(1));
	munmap(ring->consumer, area_size(2));
	munmap(ring->data, area_size(3));
}

static inline __u32 load(const __u32 *word)
{
	return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static inline void store(__u32 *word, __u32 value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

/* Goes on by @bytes, and wakes the other end if that waits. */
static inline void produce(struct ring *ring, __u32 bytes)
{
	store(&ring->producer->index, load(&ring->producer->index) + bytes);
	if (load(&ring->state->consumer_waits))
		ring_wake(ring->fd);
}

static inline void consume(struct ring *ring, __u32 bytes)
{
	store(&ring->consumer->index, load(&ring->consumer->index) + bytes);
	if (load(&ring->state->producer_waits))
		ring_wake(ring->fd);
}

static inline short ring_poll(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN | POLLOUT };

	if (poll(&pfd, 1, ms) < 0)
		return -1;
	return pfd.revents;
}

/* True once the other end, and nothing but it, has asked to be woken. */
static inline bool wait_flag(const __u32 *flag)
{
	__s64 end = in_ms(PATIENCE_MS);

	while (!load(flag)) {
		if (now() > end)
			return false;
		usleep(500);
	}
	return true;
}

/* A wait of a child, and what became of it; lives in shared(). */
struct ring_job {
	int fd;
	__u32 seen;
	__s64 deadline;
	int ret;
};

static inline int ring_wait_job(void *arg)
{
	struct ring_job *job = arg;

	job->ret = ring_wait(job->fd, job->seen, job->deadline);
	return job->ret;
}

static inline struct ring_job *new_ring_job(int fd, __u32 seen, __s64 deadline)
{
	struct ring_job *job = shared(sizeof(*job));

	job->fd = fd;
	job->seen = seen;
	job->deadline = deadline;
	return job;
}

#endif /* MBOX_RING_TEST_H */
