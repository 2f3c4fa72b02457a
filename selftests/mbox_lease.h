/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Leases, and sends that a thread of its own waits for: with SYNC, an address, a
 * time to live.
 */
#ifndef MBOX_LEASE_H
#define MBOX_LEASE_H

#include "mbox_call.h"

#define NSEC_PER_SEC	1000000000LL

/* ---- leasing ----------------------------------------------------------- */

/* Leases into a vector whose elements have their buffers. */
static inline int lease_vec(int fd, struct mbox_message *vec, __u32 count,
			    __u32 flags, __u64 ns)
{
	struct mbox_recv args = {
		.flags = flags | MBOX_RECV_LEASE,
		.count = count,
		.vec = addr(vec),
		.lease = ns,
	};

	return do_ioctl(fd, MBOX_IOC_RECV, &args);
}

/* Leases one message for so many nanoseconds; 0 for as long as the handle. */
static inline struct got lease_flags(int fd, __u32 flags, __u64 ns)
{
	struct got got = { 0 };
	struct mbox_message message = {
		.buf = addr(got.text),
		.size = TEXT_MAX,
	};

	got.ret = lease_vec(fd, &message, 1, flags, ns);
	got.header = message.header;
	return got;
}

static inline struct got lease_for(int fd, __u64 ns)
{
	return lease_flags(fd, MBOX_RECV_NOWAIT, ns);
}

static inline struct got lease(int fd)
{
	return lease_for(fd, 0);
}

static inline int acknowledge(int fd, __u64 cookie)
{
	return settle_by(fd, cookie, MBOX_SETTLE_ACK);
}

/* True once so many messages are leased. */
static inline bool wait_leased(int fd, __u64 count)
{
	__s64 end = in_ms(PATIENCE_MS);

	do {
		if (info_of(fd).leased == count)
			return true;
		usleep(300);
	} while (now() < end);
	return false;
}

/* True once poll reports @events of a descriptor. */
static inline bool wait_poll(int fd, short events)
{
	struct pollfd item = { .fd = fd, .events = events };

	return poll(&item, 1, PATIENCE_MS) == 1 && item.revents & events;
}

/* Until a time has passed: for what must not be there any more by then. */
static inline void wait_until(__s64 when)
{
	while (now() < when)
		;
}

/*
 * What must be so of every mailbox when those who received from it are gone:
 * nothing is leased or owed, and each message is somewhere.
 */
static inline bool books_balance(int fd)
{
	struct mbox_info info;
	int ret = get_info(fd, &info);

	if (ret == -EIDRM)
		return true;
	return !ret && !info.leased && !info.owed && !info.calls &&
	       !info.waiting_senders && info.expired <= info.lost &&
	       info.sent == info.received + info.lost + info.withdrawn +
			    info.msgs;
}

/* ---- sending ----------------------------------------------------------- */

/* A send of one text, and what became of it; a test may change its members. */
struct post {
	pthread_t thread;
	volatile pid_t tid;
	int fd;
	int ret;
	struct mbox_message message;
	struct mbox_send send;
	char text[TEXT_MAX + 1];
};

static inline void write_post(struct post *post, int fd, const char *text)
{
	memset(post, 0, sizeof(*post));
	post->fd = fd;
	snprintf(post->text, sizeof(post->text), "%s", text);
	post->message.header.type = 1;
	post->message.header.len = strlen(text);
	post->message.buf = addr(post->text);
	post->send.count = 1;
	post->send.vec = addr(&post->message);
}

static inline int send_post(struct post *post)
{
	return do_ioctl(post->fd, MBOX_IOC_SEND, &post->send);
}

static inline void *post_in_thread(void *arg)
{
	struct post *post = arg;

	post->tid = syscall(SYS_gettid);
	post->ret = send_post(post);
	return NULL;
}

static inline void start_post(struct post *post)
{
	post->tid = 0;
	pthread_create(&post->thread, NULL, post_in_thread, post);
}

/* What the command returned, or -ECHRNG, which none does, if it never ends. */
static inline int end_post(struct post *post)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += PATIENCE_MS / 1000;
	if (pthread_timedjoin_np(post->thread, NULL, &end))
		return -ECHRNG;
	return post->ret;
}

/* Begins a send that waits until it is taken. */
static inline void post_sync(struct post *post, int fd, const char *text)
{
	write_post(post, fd, text);
	post->send.flags = MBOX_SEND_SYNC;
	start_post(post);
}

static inline int send_ttl(int fd, __u64 type, const char *text, __u64 ttl)
{
	struct post post;

	write_post(&post, fd, text);
	post.message.header.type = type;
	post.send.ttl = ttl;
	return send_post(&post);
}

static inline int send_to(int fd, __u64 type, const char *text, __u64 to)
{
	struct post post;

	write_post(&post, fd, text);
	post.message.header.type = type;
	post.message.header.to = to;
	post.send.flags = MBOX_SEND_NOWAIT;
	return send_post(&post);
}

/* ---- events ------------------------------------------------------------ */

/* The next event of that kind, past all others; false if there is none. */
static inline bool next_event_of(struct genl *nl, int cmd)
{
	while (recv(nl->fd, &nl->msg, sizeof(nl->msg), MSG_DONTWAIT) > 0) {
		if (genl_head(&nl->msg)->cmd == cmd)
			return true;
	}
	return false;
}

/* A domain of its own, so that no one else's events come between. */
static inline int hear_events(struct genl *nl)
{
	int ret = or_errno(unshare(CLONE_NEWNET));

	if (!ret)
		ret = genl_open(nl);
	return ret ? ret : genl_join(nl);
}

#endif /* MBOX_LEASE_H */
