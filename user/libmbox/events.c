// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <netlink/genl/ctrl.h>
#include "internal.h"

/* Room for a burst; the memory is used only while it lasts. */
#define BUFFER_SIZE	(4 << 20)

static int join(struct mbox_events *events)
{
	int fd = nl_socket_get_fd(events->sk);
	int size = BUFFER_SIZE;
	int group;

	group = genl_ctrl_resolve_grp(events->ctl->sk, MBOX_GENL_NAME,
				      MBOX_MCGRP_EVENTS);
	if (group < 0)
		return mbx_nl_errno(group);
	/* Needs more privilege than the group does: the default will do. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		       sizeof(group)) < 0)
		return -errno;
	return 0;
}

/* Events from before the question are old news and will be passed over. */
static int ask_first(struct mbox_events *events)
{
	uint64_t seq;
	int ret = mbx_ctl_event_seq(events->ctl, &seq);

	if (ret == 0)
		events->stream.expected = seq + 1;
	return ret;
}

static int subscribe(struct mbox_events *events)
{
	int ret = join(events);

	if (ret < 0)
		return ret;
	events->stream.family = events->ctl->family;
	return ask_first(events);
}

MBX_EXPORT int mbox_events_open(struct mbox_events **out)
{
	struct mbox_events *events = calloc(1, sizeof(*events));
	int ret;

	*out = NULL;
	if (!events)
		return -ENOMEM;
	ret = mbox_ctl_open(&events->ctl);
	if (ret < 0)
		goto free_events;
	ret = mbx_nl_connect(&events->sk);
	if (ret < 0)
		goto close_ctl;
	ret = subscribe(events);
	if (ret < 0)
		goto free_socket;
	*out = events;
	return 0;

free_socket:
	nl_socket_free(events->sk);
close_ctl:
	mbox_ctl_close(events->ctl);
free_events:
	free(events);
	return ret;
}

MBX_EXPORT struct mbox_events *mbox_events_close(struct mbox_events *events)
{
	if (!events)
		return NULL;
	nl_socket_free(events->sk);
	mbox_ctl_close(events->ctl);
	free(events);
	return NULL;
}

MBX_EXPORT int mbox_events_fd(const struct mbox_events *events)
{
	return nl_socket_get_fd(events->sk);
}

/* libnl would turn ENOBUFS, which means a loss, into "out of memory". */
static int receive(struct mbox_events *events)
{
	struct mbx_stream *stream = &events->stream;
	struct sockaddr_nl src = { 0 };
	struct iovec iov = {
		.iov_base = stream->data,
		.iov_len = sizeof(stream->data),
	};
	struct msghdr hdr = {
		.msg_name = &src,
		.msg_namelen = sizeof(src),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	ssize_t len = recvmsg(nl_socket_get_fd(events->sk), &hdr, MSG_DONTWAIT);

	if (len < 0)
		return -errno;
	if (!mbx_nl_from_kernel(&src, hdr.msg_namelen))
		return 0;
	stream->pos = 0;
	stream->len = (size_t)len;
	return hdr.msg_flags & MSG_TRUNC ? -ENOBUFS : 0;
}

/* No dump is refused for want of a mailbox: it is the family that is gone. */
static int ask_latest(struct mbox_events *events)
{
	int ret = mbx_ctl_event_seq(events->ctl, &events->stream.latest);

	if (ret < 0)
		return ret == -ENOENT ? -ENODEV : ret;
	events->overflow = false;
	return 0;
}

/*
 * The socket is empty. After an overflow that alone does not tell what is
 * missing at the end: the kernel is asked, and what has come in up to its
 * answer is taken first.
 */
static int drained(struct mbox_events *events, struct mbox_event *event,
		   const struct mbx_wait *wait)
{
	if (events->overflow)
		return ask_latest(events);
	if (mbx_stream_tail(&events->stream, event))
		return 1;
	return mbx_wait_fd(wait, nl_socket_get_fd(events->sk));
}

static int step(struct mbox_events *events, struct mbox_event *event,
		const struct mbx_wait *wait)
{
	int ret;

	if (mbx_stream_pull(&events->stream, event))
		return 1;
	ret = receive(events);
	if (ret == -ENOBUFS) {
		events->overflow = true;
		return 0;
	}
	return ret == -EAGAIN ? drained(events, event, wait) : ret;
}

MBX_EXPORT int mbox_events_next(struct mbox_events *events,
				struct mbox_event *event, int64_t timeout)
{
	struct mbx_wait wait;
	int ret = mbx_wait_init(&wait, timeout);

	while (ret == 0)
		ret = step(events, event, &wait);
	return ret;
}
