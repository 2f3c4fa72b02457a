// SPDX-License-Identifier: GPL-2.0
/*
 * A peer that writes nonsense to all it may write, at random and at the worst
 * moments: it may confuse the other side, and harms nobody else. No call hangs
 * that a deadline does not end, and the kernel says nothing.
 */
#include "mbox_genl.h"
#include "mbox_ring.h"

#include <pthread.h>

#define ROUNDS		300

FIXTURE(hostile)
{
	int fd;
	struct ring producer;
	struct ring consumer;
};

FIXTURE_SETUP(hostile)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_TRUE(map_end(&self->producer,
			    open_end(self->fd, MBOX_MAP_PRODUCER), true));
	ASSERT_TRUE(map_end(&self->consumer,
			    open_end(self->fd, MBOX_MAP_CONSUMER), false));
}

FIXTURE_TEARDOWN(hostile)
{
	unmap_end(&self->producer);
	unmap_end(&self->consumer);
	close(self->producer.fd);
	close(self->consumer.fd);
	close(self->fd);
}

/* Numbers that are the same each time. */
static __u32 next_random(__u32 *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8 ^ *state << 13;
}

/* Now near the truth, now far from it. */
static __u32 nonsense(__u32 *state)
{
	static const __u32 edges[] = {
		0, 1, 7, RING_SIZE - 8, RING_SIZE, RING_SIZE + 8, 1U << 31,
		(1U << 31) - 1, ~0U, -RING_SIZE,
	};
	__u32 value = next_random(state);

	return value & 1 ? edges[(value >> 1) % 10] : value;
}

static void scribble_page(struct mbox_ring_index *page, __u32 *state)
{
	__u32 *words = (__u32 *)page;
	__u32 at = next_random(state) % (page_size() / sizeof(*words));

	store(&words[at], nonsense(state));
	store(&page->index, nonsense(state));
	store(&page->cpu, nonsense(state));
}

struct scribbler {
	struct ring *ring;
	bool producer;
	bool stop;
	pthread_t thread;
};

static void *scribble(void *arg)
{
	struct scribbler *self = arg;
	__u32 state = self->producer ? 1 : 2;

	while (!__atomic_load_n(&self->stop, __ATOMIC_RELAXED)) {
		if (!self->producer) {
			scribble_page(self->ring->consumer, &state);
			continue;
		}
		scribble_page(self->ring->producer, &state);
		self->ring->data[next_random(&state) % (2 * RING_SIZE)] = state;
	}
	return NULL;
}

static void start(struct scribbler *self, struct ring *ring, bool producer)
{
	*self = (struct scribbler){ .ring = ring, .producer = producer };
	pthread_create(&self->thread, NULL, scribble, self);
}

static void stop(struct scribbler *self)
{
	__atomic_store_n(&self->stop, true, __ATOMIC_RELAXED);
	pthread_join(self->thread, NULL);
}

/* Everything that an end can be asked, again and again. */
static int ask_everything(struct ring *ring, __u32 *state)
{
	int ret = ring_wait(ring->fd, nonsense(state), now() + NSEC_PER_MSEC);
	short events = ring_poll(ring->fd, 0);

	if (ret && ret != -ETIMEDOUT)
		return ret;
	if (events & ~(POLLIN | POLLOUT))
		return events;
	return ring_wake(ring->fd);
}

TEST_F(hostile, nonsense_ends_in_nothing_worse_than_a_timeout)
{
	struct scribbler out, in;
	__u32 state = 3;
	int i;

	start(&out, &self->producer, true);
	start(&in, &self->consumer, false);
	for (i = 0; i < ROUNDS; i++) {
		EXPECT_EQ(0, ask_everything(&self->producer, &state));
		EXPECT_EQ(0, ask_everything(&self->consumer, &state));
	}
	stop(&out);
	stop(&in);
}

/* Whatever the indices say, what the kernel says stays. */
TEST_F(hostile, nonsense_reaches_no_page_of_the_kernel)
{
	struct mbox_ring_state before = *self->producer.state, after;
	struct scribbler out, in;
	__u32 state = 4;
	int i;

	start(&out, &self->producer, true);
	start(&in, &self->consumer, false);
	for (i = 0; i < ROUNDS; i++)
		ask_everything(&self->consumer, &state);
	stop(&out);
	stop(&in);
	after = *self->producer.state;
	after.producer_waits = before.producer_waits;
	after.consumer_waits = before.consumer_waits;
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

/*
 * The worst moment of a wait: the index goes back to what was seen, right after
 * the look that ended the wait, or right before the one that lets it sleep.
 */
TEST_F(hostile, index_that_flips_holds_nobody_beyond_a_deadline)
{
	struct scribbler flip;
	int i, ret;

	start(&flip, &self->producer, true);
	for (i = 0; i < ROUNDS; i++) {
		ret = ring_wait(self->consumer.fd,
				load(&self->consumer.producer->index),
				now() + NSEC_PER_MSEC);
		EXPECT_TRUE(ret == 0 || ret == -ETIMEDOUT) {
			TH_LOG("wait returned %d", ret);
		}
	}
	stop(&flip);
}

/* A peer that never wakes harms who waits without a deadline: until a signal. */
TEST_F(hostile, silent_peer_holds_nobody_from_a_signal)
{
	struct ring_job *job = new_ring_job(self->consumer.fd, 0, 0);
	pid_t pid = spawn(ring_wait_job, job);

	ASSERT_TRUE(wait_flag(&self->producer.state->consumer_waits));
	ASSERT_TRUE(wait_asleep(pid));
	store(&self->producer.producer->index, 8);
	EXPECT_EQ(-ETIMEDOUT, reap_within(pid, 50));
	kill(pid, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap(pid));
}

/* Others of the same mailbox notice nothing. */
TEST_F(hostile, queue_of_the_mailbox_is_unmoved)
{
	struct scribbler out, in;
	int i;

	start(&out, &self->producer, true);
	start(&in, &self->consumer, false);
	for (i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(1, send_text(self->fd, 1, "still here"));
		ring_wake(self->producer.fd);
		EXPECT_STREQ("still here", take(self->fd).text);
	}
	stop(&out);
	stop(&in);
}

/* ---- ends that come and go ------------------------------------------------- */

struct churn {
	int fd;
	__u32 side;
	bool stop;
	unsigned int rings;
	int bad;
	pthread_t thread;
};

static bool harmless(int ret)
{
	return ret == 0 || ret == -EBUSY || ret == -EPIPE || ret == -ETIMEDOUT ||
	       ret == -EIDRM;
}

static int use_end(struct churn *self, int end, __u32 *state)
{
	bool producer = self->side == MBOX_MAP_PRODUCER;
	struct ring ring;
	int ret;

	if (!map_end(&ring, end, producer))
		return -errno;
	store(producer ? &ring.producer->index : &ring.consumer->index,
	      nonsense(state));
	ring_wake(end);
	ret = ring_wait(end, 0, now() + NSEC_PER_MSEC / 4);
	/* Now the descriptor goes last, now the mapping. */
	if (next_random(state) & 1) {
		close(end);
		unmap_end(&ring);
		return ret;
	}
	unmap_end(&ring);
	close(end);
	return ret;
}

static void *churn(void *arg)
{
	struct churn *self = arg;
	__u32 state = self->side;
	int end, ret;

	while (!__atomic_load_n(&self->stop, __ATOMIC_RELAXED)) {
		end = open_end(self->fd, self->side);
		if (end >= 0)
			self->rings++;
		ret = end < 0 ? end : use_end(self, end, &state);
		if (!harmless(ret) && !self->bad)
			self->bad = ret;
	}
	return NULL;
}

static void start_churn(struct churn *self, int fd, __u32 side)
{
	*self = (struct churn){ .fd = fd, .side = side };
	pthread_create(&self->thread, NULL, churn, self);
}

static void stop_churn(struct churn *self)
{
	__atomic_store_n(&self->stop, true, __ATOMIC_RELAXED);
	pthread_join(self->thread, NULL);
}

/* Two of each side at once: one of them gets the end, and all of them end. */
TEST(ends_that_come_and_go_at_once)
{
	int fd = open_mailbox(own_name(), O_RDWR);
	struct churn churns[4];
	unsigned int rings = 0;
	size_t i;

	for (i = 0; i < 4; i++)
		start_churn(&churns[i], fd,
			    i & 1 ? MBOX_MAP_PRODUCER : MBOX_MAP_CONSUMER);
	while (rings < 4 * ROUNDS) {
		usleep(1000);
		for (rings = 0, i = 0; i < 4; i++)
			rings += __atomic_load_n(&churns[i].rings,
						 __ATOMIC_RELAXED);
	}
	EXPECT_EQ(0, remove_mailbox(fd));
	for (i = 0; i < 4; i++) {
		stop_churn(&churns[i]);
		EXPECT_EQ(0, churns[i].bad);
	}
	close(fd);
}

TEST_HARNESS_MAIN
