/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Callers that wait in threads of their own, and how a test waits until a call
 * has come as far as it should: it asks the mailbox.
 */
#ifndef MBOX_CALL_H
#define MBOX_CALL_H

#include "mbox_genl.h"

#include <pthread.h>

/*
 * A call and what became of it. @call is prepared by aim(); a test may change it
 * before start_call().
 */
struct caller {
	pthread_t thread;
	volatile pid_t tid;
	int fd;
	int ret;
	struct mbox_call call;
	char request[TEXT_MAX + 1];
	char reply[TEXT_MAX + 1];
};

static inline void aim(struct caller *caller, int fd, const char *text)
{
	memset(caller, 0, sizeof(*caller));
	caller->fd = fd;
	snprintf(caller->request, sizeof(caller->request), "%s", text);
	caller->call = call_args(1, caller->request, caller->reply, TEXT_MAX);
}

static inline void *call_in_thread(void *arg)
{
	struct caller *caller = arg;

	caller->tid = syscall(SYS_gettid);
	caller->ret = do_call(caller->fd, &caller->call);
	return NULL;
}

static inline void start_call(struct caller *caller)
{
	caller->tid = 0;
	pthread_create(&caller->thread, NULL, call_in_thread, caller);
}

/* What the command returned, or -ECHRNG, which none does, if it never ends. */
static inline int end_call(struct caller *caller)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += PATIENCE_MS / 1000;
	if (pthread_timedjoin_np(caller->thread, NULL, &end))
		return -ECHRNG;
	return caller->ret;
}

/* Begins a call that waits for room, a receiver and the reply. */
static inline void call_text(struct caller *caller, int fd, const char *text)
{
	aim(caller, fd, text);
	start_call(caller);
}

/* Sends the request of a call that nobody waits for. */
static inline int call_nowait(struct caller *caller, int fd, const char *text)
{
	aim(caller, fd, text);
	caller->call.flags = MBOX_CALL_NOWAIT;
	return do_call(fd, &caller->call);
}

/* Fetches the result of a call that goes on, or finds that there is none. */
static inline int fetch(struct caller *caller)
{
	caller->call.flags = MBOX_CALL_NOWAIT;
	return do_call(caller->fd, &caller->call);
}

/* Gives up a call that goes on, by a deadline that has passed. */
static inline int give_up(struct caller *caller)
{
	caller->call.flags = 0;
	caller->call.deadline = 1;
	return do_call(caller->fd, &caller->call);
}

/* Once the thread sleeps; its mailbox has the request then, or its offer. */
static inline bool caller_sleeps(struct caller *caller)
{
	while (!caller->tid)
		usleep(100);
	return wait_asleep(caller->tid);
}

/* ---- state ------------------------------------------------------------- */

/* True once as many calls wait for a reply. */
static inline bool wait_calls(int fd, __u32 count)
{
	__s64 end = in_ms(PATIENCE_MS);

	do {
		if (info_of(fd).calls == count)
			return true;
		usleep(300);
	} while (now() < end);
	return false;
}

/* True once as many requests or other messages are queued. */
static inline bool wait_msgs(int fd, __u32 count)
{
	__s64 end = in_ms(PATIENCE_MS);

	do {
		if (msgs_of(fd) == count)
			return true;
		usleep(300);
	} while (now() < end);
	return false;
}

/* Receives, and waits for what there is to receive. */
static inline struct got take_next(int fd)
{
	return take_with(fd, 0, NULL);
}

/* No call, nothing owed by this handle, nothing queued, and the sums right. */
static inline bool all_settled(int fd)
{
	struct mbox_info info = info_of(fd);

	return !info.calls && !info.owed && !info.msgs &&
	       !info.waiting_senders && !info.waiting_receivers &&
	       info.sent == info.received + info.lost + info.withdrawn;
}

/* A message that goes back was received all the same, if to no avail. */
static inline bool same_info(const struct mbox_info *before, int fd)
{
	struct mbox_info after = info_of(fd);

	after.last_received = before->last_received;
	after.last_receiver = before->last_receiver;
	return !memcmp(before, &after, sizeof(after));
}

/* Discards all that is queued, as an administrator does. */
static inline int purge(int fd)
{
	struct genl nl;
	int ret = genl_open(&nl);

	if (ret < 0)
		return ret;
	ret = genl_by_id(&nl, MBOX_CMD_PURGE, id_of(fd));
	close(nl.fd);
	return ret;
}

/* Two pages: one that can be used, and one behind it that cannot. */
static inline char *page_before_nothing(void)
{
	char *page = shared(8192);

	mprotect(page + 4096, 4096, PROT_NONE);
	return page;
}

#endif /* MBOX_CALL_H */
