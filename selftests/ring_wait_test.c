// SPDX-License-Identifier: GPL-2.0
/*
 * How the ends of a ring wait for each other, and what ends a wait: progress, a
 * deadline, a signal, the end of the other side, the end of the mailbox.
 */
#include "mbox_genl.h"
#include "mbox_ring.h"

#include <sys/epoll.h>

FIXTURE(wait)
{
	int fd;
	struct ring producer;
	struct ring consumer;
};

FIXTURE_SETUP(wait)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_TRUE(map_end(&self->producer,
			    open_end(self->fd, MBOX_MAP_PRODUCER), true));
	ASSERT_TRUE(map_end(&self->consumer,
			    open_end(self->fd, MBOX_MAP_CONSUMER), false));
}

/* A file goes with its last mapping. */
static void drop_end(struct ring *ring)
{
	unmap_end(ring);
	close(ring->fd);
	ring->fd = -1;
}

FIXTURE_TEARDOWN(wait)
{
	if (self->producer.fd >= 0)
		drop_end(&self->producer);
	if (self->consumer.fd >= 0)
		drop_end(&self->consumer);
	close(self->fd);
}

/* ---- a wait -------------------------------------------------------------- */

TEST_F(wait, index_that_was_not_seen_returns_at_once)
{
	produce(&self->producer, 8);
	EXPECT_EQ(0, ring_wait(self->consumer.fd, 0, 0));
	EXPECT_EQ(0, ring_wait(self->consumer.fd, 12345, 1));
	EXPECT_EQ(-ETIMEDOUT, ring_wait(self->consumer.fd, 8, 1));
	consume(&self->consumer, 8);
	EXPECT_EQ(0, ring_wait(self->producer.fd, 0, 0));
	EXPECT_EQ(-ETIMEDOUT, ring_wait(self->producer.fd, 8, in_ms(20)));
}

TEST_F(wait, nonblocking_end_returns_eagain)
{
	int fd = self->consumer.fd;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	EXPECT_EQ(-EAGAIN, ring_wait(fd, 0, 0));
	produce(&self->producer, 8);
	EXPECT_EQ(0, ring_wait(fd, 0, 0));
}

/* Each side: it sleeps, has asked for a wake-up, and is woken by progress. */
TEST_F(wait, progress_wakes)
{
	struct ring_job *job = new_ring_job(self->consumer.fd, 0, 0);
	pid_t pid = spawn(ring_wait_job, job);

	ASSERT_TRUE(wait_flag(&self->producer.state->consumer_waits));
	ASSERT_TRUE(wait_asleep(pid));
	produce(&self->producer, 8);
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(0, load(&self->producer.state->consumer_waits));

	job->fd = self->producer.fd;
	pid = spawn(ring_wait_job, job);
	ASSERT_TRUE(wait_flag(&self->consumer.state->producer_waits));
	ASSERT_TRUE(wait_asleep(pid));
	consume(&self->consumer, 8);
	EXPECT_EQ(0, reap(pid));
}

/* It sleeps on, and asks again: what wakes it the second time is progress. */
TEST_F(wait, wake_without_progress_is_no_end)
{
	struct ring_job *job = new_ring_job(self->consumer.fd, 0, 0);
	pid_t pid = spawn(ring_wait_job, job);

	ASSERT_TRUE(wait_flag(&self->producer.state->consumer_waits));
	ASSERT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, ring_wake(self->producer.fd));
	ASSERT_TRUE(wait_flag(&self->producer.state->consumer_waits));
	EXPECT_EQ(-ETIMEDOUT, reap_within(pid, 100));
	produce(&self->producer, 8);
	EXPECT_EQ(0, reap(pid));
}

TEST_F(wait, deadline_ends_it)
{
	__s64 start = now(), end = start + 30 * NSEC_PER_MSEC;

	EXPECT_EQ(-ETIMEDOUT, ring_wait(self->consumer.fd, 0, end));
	EXPECT_LE(end, now());
}

static int interrupted_job(void *arg)
{
	catch_signal(SIGUSR1, 0);
	return ring_wait_job(arg);
}

static int restarted_job(void *arg)
{
	catch_signal(SIGUSR1, SA_RESTART);
	return ring_wait_job(arg);
}

TEST_F(wait, signal_returns_eintr)
{
	struct ring_job *job = new_ring_job(self->consumer.fd, 0, 0);
	pid_t pid = spawn(interrupted_job, job);

	ASSERT_TRUE(wait_flag(&self->producer.state->consumer_waits));
	ASSERT_TRUE(wait_asleep(pid));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
}

TEST_F(wait, signal_with_restart_waits_on)
{
	struct ring_job *job = new_ring_job(self->consumer.fd, 0, 0);
	pid_t pid = spawn(restarted_job, job);

	ASSERT_TRUE(wait_flag(&self->producer.state->consumer_waits));
	ASSERT_TRUE(wait_asleep(pid));
	kill(pid, SIGUSR1);
	EXPECT_EQ(-ETIMEDOUT, reap_within(pid, 100));
	produce(&self->producer, 8);
	EXPECT_EQ(0, reap(pid));
}

/* Restarted, it has the same deadline. */
TEST_F(wait, signal_with_restart_keeps_the_deadline)
{
	struct ring_job *job = new_ring_job(self->consumer.fd, 0, in_ms(300));
	pid_t pid = spawn(restarted_job, job);

	ASSERT_TRUE(wait_flag(&self->producer.state->consumer_waits));
	kill(pid, SIGUSR1);
	EXPECT_EQ(ETIMEDOUT, reap(pid));
	EXPECT_LE(job->deadline, now());
}

/* ---- what is over -------------------------------------------------------- */

TEST_F(wait, end_of_the_other_side_returns_epipe)
{
	produce(&self->producer, 8);
	drop_end(&self->producer);
	/* What was written before is still there to read. */
	EXPECT_EQ(0, ring_wait(self->consumer.fd, 0, 0));
	EXPECT_EQ(-EPIPE, ring_wait(self->consumer.fd, 8, 0));
}

struct lone_wait {
	struct ring *mine;
	struct ring *theirs;
};

static int lone_wait_job(void *arg)
{
	struct lone_wait *lone = arg;

	drop_end(lone->theirs);
	return ring_wait(lone->mine->fd, 0, 0);
}

/* Of both sides, each while the other sleeps in a wait. */
TEST_F(wait, end_of_the_other_side_ends_a_sleep)
{
	struct lone_wait consumer = { &self->consumer, &self->producer };
	pid_t pid = spawn(lone_wait_job, &consumer);

	ASSERT_TRUE(wait_flag(&self->producer.state->consumer_waits));
	ASSERT_TRUE(wait_asleep(pid));
	drop_end(&self->producer);
	EXPECT_EQ(EPIPE, reap(pid));
}

TEST_F(wait, end_of_the_consumer_ends_a_sleep)
{
	struct lone_wait producer = { &self->producer, &self->consumer };
	pid_t pid = spawn(lone_wait_job, &producer);

	ASSERT_TRUE(wait_flag(&self->consumer.state->producer_waits));
	ASSERT_TRUE(wait_asleep(pid));
	drop_end(&self->consumer);
	EXPECT_EQ(EPIPE, reap(pid));
}

/* Killed in the middle of what it does, with the areas mapped. */
TEST_F(wait, killed_producer_ends_a_sleep)
{
	struct ring_job *job = new_ring_job(self->consumer.fd, 0, 0);
	struct lone_wait lone = { &self->consumer, &self->producer };
	pid_t owner, pid;

	/* Its own wait keeps it alive: the consumer never moves. */
	job->fd = self->producer.fd;
	owner = spawn(ring_wait_job, job);
	ASSERT_TRUE(wait_flag(&self->consumer.state->producer_waits));
	pid = spawn(lone_wait_job, &lone);
	ASSERT_TRUE(wait_flag(&self->consumer.state->consumer_waits));
	ASSERT_TRUE(wait_asleep(pid));
	drop_end(&self->producer);
	EXPECT_EQ(-ETIMEDOUT, reap_within(pid, 50));
	kill(owner, SIGKILL);
	EXPECT_EQ(EPIPE, reap(pid));
	reap(owner);
}

TEST_F(wait, removal_wakes_both_with_eidrm)
{
	struct ring_job *in = new_ring_job(self->consumer.fd, 0, 0);
	struct ring_job *out = new_ring_job(self->producer.fd, 0, 0);
	pid_t reader = spawn(ring_wait_job, in);
	pid_t writer = spawn(ring_wait_job, out);

	ASSERT_TRUE(wait_flag(&self->producer.state->consumer_waits));
	ASSERT_TRUE(wait_flag(&self->producer.state->producer_waits));
	ASSERT_TRUE(wait_asleep(reader));
	ASSERT_TRUE(wait_asleep(writer));
	ASSERT_EQ(0, remove_mailbox(self->fd));
	EXPECT_EQ(EIDRM, reap(reader));
	EXPECT_EQ(EIDRM, reap(writer));
	EXPECT_EQ(MBOX_RING_REMOVED,
		  self->producer.state->state & MBOX_RING_REMOVED);
	EXPECT_EQ(-EIDRM, ring_wait(self->producer.fd, 0, 0));
	EXPECT_EQ(POLLHUP, ring_poll(self->consumer.fd, 0));
	EXPECT_EQ(POLLHUP | POLLOUT, ring_poll(self->producer.fd, 0));
}

/* ---- poll ---------------------------------------------------------------- */

TEST_F(wait, poll_tells_what_there_is)
{
	EXPECT_EQ(0, ring_poll(self->consumer.fd, 0));
	EXPECT_EQ(POLLOUT, ring_poll(self->producer.fd, 0));
	produce(&self->producer, RING_SIZE / 2);
	EXPECT_EQ(POLLIN, ring_poll(self->consumer.fd, 0));
	EXPECT_EQ(POLLOUT, ring_poll(self->producer.fd, 0));
	produce(&self->producer, 8);
	EXPECT_EQ(0, ring_poll(self->producer.fd, 0));
	consume(&self->consumer, 8);
	EXPECT_EQ(POLLOUT, ring_poll(self->producer.fd, 0));
	drop_end(&self->producer);
	EXPECT_EQ(POLLIN | POLLHUP, ring_poll(self->consumer.fd, 0));
	consume(&self->consumer, RING_SIZE / 2);
	EXPECT_EQ(POLLHUP, ring_poll(self->consumer.fd, 0));
}

/* An index may wrap, and then there is no more than before. */
TEST_F(wait, poll_counts_modulo_2_32)
{
	store(&self->producer.producer->index, 0xfffffff8);
	store(&self->consumer.consumer->index, 0xfffffff8);
	EXPECT_EQ(0, ring_poll(self->consumer.fd, 0));
	EXPECT_EQ(POLLOUT, ring_poll(self->producer.fd, 0));
	produce(&self->producer, 16);
	EXPECT_EQ(POLLIN, ring_poll(self->consumer.fd, 0));
	EXPECT_EQ(POLLOUT, ring_poll(self->producer.fd, 0));
	EXPECT_EQ(0, ring_wait(self->consumer.fd, 0xfffffff8, 0));
}

static int poll_job(void *arg)
{
	return ring_poll(*(int *)arg, PATIENCE_MS) != POLLIN;
}

TEST_F(wait, poll_is_woken_by_progress)
{
	pid_t pid = spawn(poll_job, &self->consumer.fd);

	ASSERT_TRUE(wait_flag(&self->producer.state->consumer_waits));
	ASSERT_TRUE(wait_asleep(pid));
	produce(&self->producer, 8);
	EXPECT_EQ(0, reap(pid));
}

/* One event an arrival; a reader that reads all there is misses nothing. */
TEST_F(wait, edge_triggered_epoll_reports_each_arrival)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int set = epoll_create1(EPOLL_CLOEXEC);
	int i;

	ASSERT_EQ(0, epoll_ctl(set, EPOLL_CTL_ADD, self->consumer.fd, &event));
	EXPECT_EQ(0, epoll_wait(set, &event, 1, 0));
	for (i = 0; i < 5; i++) {
		produce(&self->producer, 8);
		EXPECT_EQ(1, epoll_wait(set, &event, 1, PATIENCE_MS));
		EXPECT_EQ(EPOLLIN, event.events);
		EXPECT_EQ(0, epoll_wait(set, &event, 1, 0));
		consume(&self->consumer, 8);
		EXPECT_EQ(0, epoll_wait(set, &event, 1, 0));
	}
	close(set);
}

/* A wait that ends does not take the poller's request with it. */
TEST_F(wait, wait_beside_epoll_costs_it_nothing)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int set = epoll_create1(EPOLL_CLOEXEC);

	ASSERT_EQ(0, epoll_ctl(set, EPOLL_CTL_ADD, self->consumer.fd, &event));
	EXPECT_EQ(0, epoll_wait(set, &event, 1, 0));
	EXPECT_EQ(-ETIMEDOUT, ring_wait(self->consumer.fd, 0, 1));
	produce(&self->producer, 8);
	EXPECT_EQ(1, epoll_wait(set, &event, 1, PATIENCE_MS));
	close(set);
}

TEST_F(wait, hang_up_reaches_epoll)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	int set = epoll_create1(EPOLL_CLOEXEC);

	ASSERT_EQ(0, epoll_ctl(set, EPOLL_CTL_ADD, self->consumer.fd, &event));
	EXPECT_EQ(0, epoll_wait(set, &event, 1, 0));
	drop_end(&self->producer);
	EXPECT_EQ(1, epoll_wait(set, &event, 1, PATIENCE_MS));
	EXPECT_EQ(EPOLLHUP, event.events);
	close(set);
}

TEST_HARNESS_MAIN
