// SPDX-License-Identifier: GPL-2.0-only
/*
 * posix-mq - whole messages with a priority, in a queue with a name
 *
 * The most urgent message comes first, always. All room is set aside when the queue
 * is made, so how long messages are and how many must be known by then. Calls have
 * a time limit of their own, by the clock on the wall; on Linux the queue is a
 * descriptor that poll() takes. The queue stays until it is removed.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "../lab/guard.h"
#include "fd.h"

#define NSEC_PER_SEC	1000000000LL

/* What a queue holds if nobody says more; the sysctl fs.mqueue.msg_default. */
#define DEPTH_DEFAULT	10

#define SIZE_LIMIT	"/proc/sys/fs/mqueue/msgsize_max"
#define SIZE_DEFAULT	8192

/**
 * struct queue_end - an end's @own
 * @queue: descriptor of the queue
 */
struct queue_end {
	mqd_t queue;
};

static const char *absent(void)
{
	if (mq_open("/", O_RDONLY) < 0 && errno == ENOSYS)
		return "the kernel has no POSIX message queues: use one with CONFIG_POSIX_MQUEUE";
	return NULL;
}

/*
 * A user's queues together may take RLIMIT_MSGQUEUE bytes. Whoever may lift that
 * may exceed the other limits, too.
 */
static bool lift_limits(void)
{
	static const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };

	return !setrlimit(RLIMIT_MSGQUEUE, &none);
}

static size_t max_size(void)
{
	return lift_limits() ? LANE_SIZE_MAX : limit_read(SIZE_LIMIT, SIZE_DEFAULT);
}

static void close_queue(struct lane *lane)
{
	guard_remove_name(lane->address);
}

static int open_queue(struct lane *lane)
{
	struct mq_attr attributes = {
		.mq_msgsize = lane->size,
		.mq_maxmsg = lane->depth ? lane->depth : DEPTH_DEFAULT,
	};
	mqd_t queue;
	int ret = lane->broadcast ? -EOPNOTSUPP :
		  guard_name(GUARD_MQ_NAME, lane->address, sizeof(lane->address));

	if (ret)
		return ret;
	lift_limits();
	queue = mq_open(lane->address, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	if (queue < 0) {
		ret = -errno;
		close_queue(lane);
		return ret;
	}
	mq_close(queue);
	return 0;
}

static int join_queue(struct end *end)
{
	int flag = end->role == ROLE_SENDER ? O_WRONLY : O_RDONLY;
	mqd_t queue = mq_open(end->lane->address, flag | O_CLOEXEC);
	struct queue_end *own;

	if (queue < 0)
		return -errno;
	if (own_alloc(&end->own, sizeof(*own))) {
		mq_close(queue);
		return -ENOMEM;
	}
	own = end->own;
	own->queue = queue;
	return 0;
}

static void leave_queue(struct end *end)
{
	struct queue_end *own = end->own;

	mq_close(own->queue);
	free(own);
	end->own = NULL;
}

/* Where a time that is over means: do not wait. */
static struct timespec wall_clock_end(int64_t wait)
{
	struct timespec ts = { 0, 0 };

	if (wait == WAIT_NEVER)
		return ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	wait += ts.tv_nsec;
	ts.tv_sec += wait / NSEC_PER_SEC;
	ts.tv_nsec = wait % NSEC_PER_SEC;
	return ts;
}

static ssize_t limited(ssize_t ret, int64_t wait)
{
	if (ret < 0 && errno == ETIMEDOUT && wait == WAIT_NEVER)
		return -EAGAIN;
	return or_errno(ret);
}

static int put(struct end *end, unsigned int priority, const void *data, size_t len, int64_t wait)
{
	struct queue_end *own = end->own;
	struct timespec ts;

	if (wait == WAIT_FOREVER)
		return or_errno(mq_send(own->queue, data, len, priority));
	ts = wall_clock_end(wait);
	return limited(mq_timedsend(own->queue, data, len, priority, &ts), wait);
}

static int send_queue(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	(void)type;
	return put(end, 0, data, len, wait);
}

static ssize_t recv_queue(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	struct queue_end *own = end->own;
	struct timespec ts;

	(void)type;
	if (wait == WAIT_FOREVER)
		return or_errno(mq_receive(own->queue, buf, size, NULL));
	ts = wall_clock_end(wait);
	return limited(mq_timedreceive(own->queue, buf, size, NULL, &ts), wait);
}

static int send_priority(struct end *end, unsigned int priority, const void *data, size_t len)
{
	return put(end, priority, data, len, WAIT_FOREVER);
}

static ssize_t recv_priority(struct end *end, void *buf, size_t size)
{
	return recv_queue(end, 0, buf, size, WAIT_FOREVER);
}

static int poll_fd(struct end *end)
{
	struct queue_end *own = end->own;

	return own->queue;
}

static bool remains(const char *address)
{
	mqd_t queue = mq_open(address, O_RDONLY);

	if (queue < 0)
		return false;
	mq_close(queue);
	return true;
}

const struct mechanism mech_posix_mq = {
	.name = "posix-mq",
	.title = "POSIX queue",
	.group = "queue",
	.absent = absent,
	.max_size = max_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_queue,
	.close = close_queue,
	.join = join_queue,
	.leave = leave_queue,
	.send = send_queue,
	.recv = recv_queue,
	.poll_fd = poll_fd,
	.send_priority = send_priority,
	.recv_priority = recv_priority,
	.remains = remains,
};
