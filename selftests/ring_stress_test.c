// SPDX-License-Identifier: GPL-2.0
/*
 * A stream through the ring between two processes, each record with a checksum,
 * one of the two killed at some moment: what was published arrives whole and in
 * order, and whoever is left learns of the end.
 */
#include "mbox_ring.h"

#define ROUNDS		30
#define PAYLOAD_MAX	600u

static __u32 next_random(__u32 *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static __u32 record_bytes(__u32 len)
{
	return (sizeof(struct mbox_record) + len + 7) & ~7u;
}

static struct mbox_record *record_at(const struct ring *ring, __u32 index)
{
	return (void *)(ring->data + index % RING_SIZE);
}

/* Number and content in one; never the same for two records. */
static __u64 checksum(__u64 number, const unsigned char *data, __u32 len)
{
	__u64 sum = number * 0x9e3779b97f4a7c15ULL + len;
	__u32 i;

	for (i = 0; i < len; i++)
		sum = (sum ^ data[i]) * 0x100000001b3ULL;
	return sum;
}

static void write_record(struct ring *ring, __u64 number, __u32 len,
			 __u32 *random)
{
	struct mbox_record *record =
		record_at(ring, load(&ring->producer->index));
	unsigned char *data = (void *)(record + 1);
	__u32 i;

	for (i = 0; i < len; i++)
		data[i] = next_random(random);
	record->len = len;
	record->type = checksum(number, data, len);
	produce(ring, record_bytes(len));
}

/* 0 once @bytes are free; what ended the wait otherwise. */
static int wait_room(struct ring *ring, __u32 bytes)
{
	__u32 head;
	int ret;

	for (;;) {
		head = load(&ring->consumer->index);
		if (load(&ring->producer->index) - head + bytes <= RING_SIZE)
			return 0;
		ret = ring_wait(ring->fd, head, 0);
		if (ret)
			return ret;
	}
}

/* The two ends, in a process that is to have one of them. */
struct pair {
	struct ring producer;
	struct ring consumer;
};

static void drop_end(struct ring *ring)
{
	unmap_end(ring);
	close(ring->fd);
}

static int stream(struct ring *ring)
{
	__u32 random = 7, len;
	__u64 number;
	int ret;

	for (number = 0; ; number++) {
		len = next_random(&random) % PAYLOAD_MAX;
		ret = wait_room(ring, record_bytes(len));
		if (ret)
			return ret;
		write_record(ring, number, len, &random);
	}
}

static int stream_job(void *arg)
{
	struct pair *pair = arg;

	drop_end(&pair->consumer);
	return stream(&pair->producer);
}

static bool read_record(struct ring *ring, __u64 number)
{
	__u32 index = load(&ring->consumer->index);
	struct mbox_record *record = record_at(ring, index);
	__u32 len = record->len;

	if (len >= PAYLOAD_MAX ||
	    record->type != checksum(number, (void *)(record + 1), len))
		return false;
	consume(ring, record_bytes(len));
	return true;
}

/* How many records were right, up to @most; @ret says why no more came. */
static __u64 drain(struct ring *ring, __u64 from, __u64 most, int *ret)
{
	__u64 number = from;
	__u32 tail;

	while (number < most) {
		tail = load(&ring->producer->index);
		if (tail == load(&ring->consumer->index)) {
			*ret = ring_wait(ring->fd, tail, 0);
			if (*ret)
				break;
			continue;
		}
		*ret = read_record(ring, number) ? 0 : -EBADMSG;
		if (*ret)
			break;
		number++;
	}
	return number;
}

struct drain_args {
	struct pair *pair;
	__u64 most;
};

/* Reads so many, and then sleeps for ever, to be killed. */
static int drain_job(void *arg)
{
	struct drain_args *args = arg;
	int ret = 0;

	drop_end(&args->pair->producer);
	drain(&args->pair->consumer, 0, args->most, &ret);
	if (ret)
		return ret;
	for (;;)
		pause();
}

static bool open_ends(struct pair *pair, int fd)
{
	return map_end(&pair->producer, open_end(fd, MBOX_MAP_PRODUCER), true) &&
	       map_end(&pair->consumer, open_end(fd, MBOX_MAP_CONSUMER), false);
}

TEST(killed_producer_leaves_whole_records_and_an_end)
{
	int fd = open_mailbox(NULL, O_RDWR);
	__u64 before, after;
	struct pair pair;
	__u32 random = 1;
	pid_t pid;
	int i, ret;

	for (i = 0; i < ROUNDS; i++) {
		ASSERT_TRUE(open_ends(&pair, fd));
		pid = spawn(stream_job, &pair);
		drop_end(&pair.producer);
		ret = 0;
		before = drain(&pair.consumer, 0, next_random(&random) % 500,
			       &ret);
		EXPECT_EQ(0, ret);
		kill(pid, SIGKILL);
		after = drain(&pair.consumer, before, ~0ULL, &ret);
		EXPECT_EQ(-EPIPE, ret) {
			TH_LOG("after %llu and %llu records",
			       (unsigned long long)before,
			       (unsigned long long)after);
		}
		EXPECT_EQ(256 + SIGKILL, reap(pid));
		drop_end(&pair.consumer);
	}
	close(fd);
}

TEST(killed_consumer_ends_the_producer)
{
	int fd = open_mailbox(NULL, O_RDWR);
	struct drain_args args;
	struct pair pair;
	__u32 random = 2;
	pid_t reader;
	pid_t writer;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		ASSERT_TRUE(open_ends(&pair, fd));
		args = (struct drain_args){ &pair, next_random(&random) % 500 };
		reader = spawn(drain_job, &args);
		writer = spawn(stream_job, &pair);
		/* It fills the ring, which nobody empties any more, and waits. */
		ASSERT_TRUE(wait_asleep(reader));
		ASSERT_TRUE(wait_flag(&pair.consumer.state->producer_waits));
		drop_end(&pair.producer);
		drop_end(&pair.consumer);
		kill(reader, SIGKILL);
		EXPECT_EQ(EPIPE, reap(writer));
		EXPECT_EQ(256 + SIGKILL, reap(reader));
	}
	close(fd);
}

TEST_HARNESS_MAIN
