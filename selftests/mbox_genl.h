/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Generic netlink without a library: requests of the family "mbox", their
 * answers, the text of a refusal, and events.
 */
#ifndef MBOX_GENL_H
#define MBOX_GENL_H

#include "mbox_proc.h"

#include <linux/genetlink.h>
#include <linux/mbox_netlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK	270
#endif

#define GENL_BUF	32768

/* One message, being built or received. */
struct genl_msg {
	union {
		struct nlmsghdr nlh;
		char data[GENL_BUF];
	};
};

/* A socket, what the kernel knows the family by, and the last refusal. */
struct genl {
	int fd;
	__u16 family;
	__u32 group;
	__u32 seq;
	char text[256];
	struct genl_msg msg;
};

static inline struct genlmsghdr *genl_head(struct genl_msg *msg)
{
	return NLMSG_DATA(&msg->nlh);
}

static inline void genl_start(struct genl *nl, struct genl_msg *msg, int cmd,
			      int flags)
{
	memset(msg, 0, NLMSG_LENGTH(GENL_HDRLEN));
	msg->nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	msg->nlh.nlmsg_type = nl->family;
	msg->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	msg->nlh.nlmsg_seq = ++nl->seq;
	genl_head(msg)->cmd = cmd;
	genl_head(msg)->version = MBOX_GENL_VERSION;
}

static inline void genl_put(struct genl_msg *msg, int type, const void *data,
			    size_t len)
{
	struct nlattr *attr;

	attr = (void *)(msg->data + NLMSG_ALIGN(msg->nlh.nlmsg_len));
	memset(attr, 0, NLA_HDRLEN + NLA_ALIGN(len));
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy((char *)attr + NLA_HDRLEN, data, len);
	msg->nlh.nlmsg_len = NLMSG_ALIGN(msg->nlh.nlmsg_len) + NLA_HDRLEN +
			     NLA_ALIGN(len);
}

static inline void genl_put_u32(struct genl_msg *msg, int type, __u32 value)
{
	genl_put(msg, type, &value, sizeof(value));
}

static inline void genl_put_u64(struct genl_msg *msg, int type, __u64 value)
{
	genl_put(msg, type, &value, sizeof(value));
}

static inline void genl_put_name(struct genl_msg *msg, int type,
				 const char *name)
{
	genl_put(msg, type, name, strlen(name) + 1);
}

/* The payload of an attribute of a message, or NULL. */
static inline void *attr_find(void *start, int len, int type)
{
	struct nlattr *attr = start;

	while (len >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN &&
	       attr->nla_len <= len) {
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return (char *)attr + NLA_HDRLEN;
		len -= NLA_ALIGN(attr->nla_len);
		attr = (void *)((char *)attr + NLA_ALIGN(attr->nla_len));
	}
	return NULL;
}

static inline void *genl_attr(struct genl_msg *msg, int type)
{
	int offset = NLMSG_LENGTH(GENL_HDRLEN);

	return attr_find(msg->data + offset, msg->nlh.nlmsg_len - offset,
			 type);
}

static inline __u32 genl_u32(struct genl_msg *msg, int type)
{
	__u32 value = ~0U;
	void *data = genl_attr(msg, type);

	if (data)
		memcpy(&value, data, sizeof(value));
	return value;
}

static inline __u64 genl_u64(struct genl_msg *msg, int type)
{
	__u64 value = ~0ULL;
	void *data = genl_attr(msg, type);

	if (data)
		memcpy(&value, data, sizeof(value));
	return value;
}

static inline const char *genl_name(struct genl_msg *msg, int type)
{
	const char *name = genl_attr(msg, type);

	return name ? name : "";
}

static inline int genl_send(struct genl *nl, struct genl_msg *msg)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int ret = sendto(nl->fd, msg, msg->nlh.nlmsg_len, 0,
			 (struct sockaddr *)&kernel, sizeof(kernel));

	return ret < 0 ? -errno : 0;
}

/* Keeps the text that the kernel gives with a refusal. */
static inline void genl_keep_text(struct genl *nl, struct genl_msg *msg)
{
	struct nlmsgerr *err = NLMSG_DATA(&msg->nlh);
	int offset = NLMSG_LENGTH(sizeof(*err));
	const char *text;

	nl->text[0] = 0;
	if (!(msg->nlh.nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(msg->nlh.nlmsg_flags & NLM_F_CAPPED))
		offset += NLMSG_ALIGN(err->msg.nlmsg_len) - NLMSG_HDRLEN;
	text = attr_find(msg->data + offset, msg->nlh.nlmsg_len - offset,
			 NLMSGERR_ATTR_MSG);
	if (text)
		snprintf(nl->text, sizeof(nl->text), "%s", text);
}

/* One datagram of one message; only for answers and events, not for dumps. */
static inline int genl_recv(struct genl *nl)
{
	int len = recv(nl->fd, &nl->msg, sizeof(nl->msg), 0);

	if (len < 0)
		return -errno;
	return len;
}

/*
 * Sends a request and reads up to its ACK: 0 or -errno. The
 * answer, if there is one, is in nl->msg.
 */
static inline int genl_ask(struct genl *nl, struct genl_msg *request)
{
	struct genl_msg *reply;
	int ret, error;

	request->nlh.nlmsg_flags |= NLM_F_ACK;
	nl->msg.nlh.nlmsg_len = 0;
	reply = calloc(1, sizeof(*reply));
	ret = genl_send(nl, request);
	while (ret >= 0) {
		ret = or_errno(recv(nl->fd, reply, sizeof(*reply), 0));
		if (ret < 0)
			break;
		if (reply->nlh.nlmsg_type != NLMSG_ERROR) {
			memcpy(&nl->msg, reply, ret);
			continue;
		}
		error = *(int *)NLMSG_DATA(&reply->nlh);
		genl_keep_text(nl, reply);
		ret = error;
		break;
	}
	free(reply);
	return ret;
}

/* The id of the multicast group, from the nested list of the family. */
static inline __u32 genl_find_group(struct genl_msg *msg, const char *name)
{
	char *groups = genl_attr(msg, CTRL_ATTR_MCAST_GROUPS);
	struct nlattr *list, *group;
	int len, size;
	void *found;

	if (!groups)
		return 0;
	list = (void *)(groups - NLA_HDRLEN);
	len = list->nla_len - NLA_HDRLEN;
	for (group = (void *)groups; len >= NLA_HDRLEN;
	     group = (void *)((char *)group + NLA_ALIGN(group->nla_len))) {
		size = group->nla_len - NLA_HDRLEN;
		found = attr_find(group + 1, size, CTRL_ATTR_MCAST_GRP_NAME);
		if (found && !strcmp(found, name))
			return *(__u32 *)attr_find(group + 1, size,
						   CTRL_ATTR_MCAST_GRP_ID);
		len -= NLA_ALIGN(group->nla_len);
	}
	return 0;
}

/* A socket that knows the family; its waits end after a while. */
static inline int genl_open(struct genl *nl)
{
	struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };
	struct genl_msg *request = calloc(1, sizeof(*request));
	int one = 1, ret;

	memset(nl, 0, sizeof(*nl));
	nl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (nl->fd < 0)
		return -errno;
	setsockopt(nl->fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(nl->fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		   sizeof(patience));
	nl->family = GENL_ID_CTRL;
	genl_start(nl, request, CTRL_CMD_GETFAMILY, 0);
	genl_put_name(request, CTRL_ATTR_FAMILY_NAME, MBOX_GENL_NAME);
	ret = genl_ask(nl, request);
	free(request);
	if (ret < 0)
		return ret;
	nl->family = *(__u16 *)genl_attr(&nl->msg, CTRL_ATTR_FAMILY_ID);
	nl->group = genl_find_group(&nl->msg, MBOX_MCGRP_EVENTS);
	return 0;
}

static inline int genl_join(struct genl *nl)
{
	return or_errno(setsockopt(nl->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
				   &nl->group, sizeof(nl->group)));
}

/* ---- whole operations -------------------------------------------------- */

/* An operation that needs nothing but the mailbox's id. */
static inline int genl_by_id(struct genl *nl, int cmd, __u64 id)
{
	struct genl_msg *msg = calloc(1, sizeof(*msg));
	int ret;

	genl_start(nl, msg, cmd, 0);
	genl_put_u64(msg, MBOX_A_MAILBOX_ID, id);
	ret = genl_ask(nl, msg);
	free(msg);
	return ret;
}

static inline int genl_by_name(struct genl *nl, int cmd, const char *name)
{
	struct genl_msg *msg = calloc(1, sizeof(*msg));
	int ret;

	genl_start(nl, msg, cmd, 0);
	genl_put_name(msg, MBOX_A_MAILBOX_NAME, name);
	ret = genl_ask(nl, msg);
	free(msg);
	return ret;
}

static inline struct genl_msg *genl_begin_set(struct genl *nl, __u64 id)
{
	struct genl_msg *msg = calloc(1, sizeof(*msg));

	genl_start(nl, msg, MBOX_CMD_SET, 0);
	genl_put_u64(msg, MBOX_A_MAILBOX_ID, id);
	return msg;
}

static inline int genl_end_set(struct genl *nl, struct genl_msg *msg)
{
	int ret = genl_ask(nl, msg);

	free(msg);
	return ret;
}

/* SET of one 32-bit attribute. */
static inline int genl_set(struct genl *nl, __u64 id, int attr, __u32 value)
{
	struct genl_msg *msg = genl_begin_set(nl, id);

	genl_put_u32(msg, attr, value);
	return genl_end_set(nl, msg);
}

/* SET of one 64-bit attribute. */
static inline int genl_set_u64(struct genl *nl, __u64 id, int attr, __u64 value)
{
	struct genl_msg *msg = genl_begin_set(nl, id);

	genl_put_u64(msg, attr, value);
	return genl_end_set(nl, msg);
}

static inline int freeze(struct genl *nl, int fd)
{
	return genl_set(nl, id_of(fd), MBOX_A_MAILBOX_FROZEN, 1);
}

static inline int thaw(struct genl *nl, int fd)
{
	return genl_set(nl, id_of(fd), MBOX_A_MAILBOX_FROZEN, 0);
}

/* Lets a frozen mailbox give out so many messages. */
static inline int step(struct genl *nl, int fd, __u32 count)
{
	return genl_set(nl, id_of(fd), MBOX_A_MAILBOX_STEPS, count);
}

/* Removes the mailbox of a handle. */
static inline int remove_mailbox(int fd)
{
	struct genl nl;
	int ret = genl_open(&nl);

	if (ret < 0)
		return ret;
	ret = genl_by_id(&nl, MBOX_CMD_DEL, id_of(fd));
	close(nl.fd);
	return ret;
}

#endif /* MBOX_GENL_H */
