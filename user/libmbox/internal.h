/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LIBMBOX_INTERNAL_H
#define LIBMBOX_INTERNAL_H

#include <sys/socket.h>
#include <linux/netlink.h>
#include <netlink/netlink.h>
#include "mbox.h"

#define MBX_EXPORT	__attribute__((visibility("default")))
#define MBX_DEVICE	"/dev/mbox"
#define MBX_ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

struct mbox {
	int fd;
};

/* wait.c */

/**
 * struct mbx_wait - a timeout, fixed at the moment of the call
 * @nowait: do not wait at all
 * @deadline: when to give up, CLOCK_MONOTONIC; 0 for never
 */
struct mbx_wait {
	bool nowait;
	int64_t deadline;
};

int64_t mbx_deadline(int64_t now, int64_t timeout);
int mbx_wait_init(struct mbx_wait *wait, int64_t timeout);
bool mbx_wait_over(const struct mbx_wait *wait);
int mbx_wait_fd(const struct mbx_wait *wait, int fd);

/* handle.c */
int mbx_ioctl(int fd, unsigned long request, void *arg, int most);

/* netlink.c */

/**
 * struct mbox_ctl - a socket for requests
 * @sk: socket
 * @family: number of the family in this boot
 * @error: the kernel's words for the last refusal
 */
struct mbox_ctl {
	struct nl_sock *sk;
	int family;
	char error[256];
};

/* Takes one message of an answer; a negative errno ends the request. */
typedef int (*mbx_answer_fn)(const struct nlmsghdr *nlh, void *arg);

int mbx_nl_errno(int nlerr);
bool mbx_nl_from_kernel(const struct sockaddr_nl *src, socklen_t len);
int mbx_nl_connect(struct nl_sock **out);
int mbx_nl_family(struct nl_sock *sk);
struct nl_msg *mbx_nl_request(const struct mbox_ctl *ctl, uint8_t cmd,
			      int flags);
int mbx_nl_transact(struct mbox_ctl *ctl, struct nl_msg *msg,
		    mbx_answer_fn answer, void *arg);
void mbx_extack_text(const struct nlmsghdr *nlh, char *buf, size_t size);

/* stat.c */
int mbx_stat_decode(const struct nlmsghdr *nlh, struct mbox_stat *stat);
int mbx_u64_decode(const struct nlmsghdr *nlh, uint8_t cmd, int type,
		   uint64_t *value);
void mbx_name_copy(char name[MBOX_NAME_MAX + 1], const void *data, size_t len);

/* ctl.c */
int mbx_ctl_event_seq(struct mbox_ctl *ctl, uint64_t *seq);

/* stream.c */

/* A type that mbx_event_decode() gives to news of a later kernel. */
#define MBX_EVENT_UNKNOWN	((enum mbox_event_type)-1)

/**
 * struct mbx_stream - turns datagrams into events and finds what is missing
 * @family: number of the family: messages of other types are ignored
 * @expected: number of the next event; 0 if that is not known yet
 * @latest: number of an event that is known to have been sent
 * @held: @pending is to be delivered next
 * @pending: the event in whose place a loss was reported
 * @pos: next message in @data
 * @len: bytes in @data
 * @align: aligns @data
 * @data: a datagram
 */
struct mbx_stream {
	int family;
	uint64_t expected;
	uint64_t latest;
	bool held;
	struct mbox_event pending;
	size_t pos;
	size_t len;
	union {
		struct nlmsghdr align;
		unsigned char data[16384];
	};
};

int mbx_event_decode(const struct nlmsghdr *nlh, struct mbox_event *event);
bool mbx_stream_pull(struct mbx_stream *stream, struct mbox_event *event);
bool mbx_stream_tail(struct mbx_stream *stream, struct mbox_event *event);

/* events.c */

/**
 * struct mbox_events - a subscription
 * @sk: socket that is a member of the group
 * @ctl: socket that asks for the number of the latest event
 * @overflow: the group's socket lost something, and @ctl was not asked yet
 * @stream: state of the decoder
 */
struct mbox_events {
	struct nl_sock *sk;
	struct mbox_ctl *ctl;
	bool overflow;
	struct mbx_stream stream;
};

#endif /* LIBMBOX_INTERNAL_H */
