// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <netlink/genl/genl.h>
#include "internal.h"

/*
 * Lengths are checked by libnl against this. Names are not among it: it would
 * insist on a NUL.
 */
static const struct nla_policy policy[MBOX_A_MAILBOX_MAX + 1] = {
	[MBOX_A_MAILBOX_ID]			= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_KIND]			= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MODE]			= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_UID]			= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_GID]			= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_POLICY]			= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_MSGS]		= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_SIZE]		= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_BYTES]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_MSGS]			= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_BYTES]			= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_PEAK_MSGS]		= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_PEAK_BYTES]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_SENT]			= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_RECEIVED]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_LOST]			= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_RECEIVERS]		= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_SENDERS]		= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_WAITING_RECEIVERS]	= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_WAITING_SENDERS]	= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_CREATED]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_PURGED]			= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_EVENT_SEQ]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_WITHDRAWN]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_CALLS]			= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_LEASED]			= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_EXPIRED]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_FROZEN]			= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_STEPS]			= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_DELIVERIES]		= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_DEAD_LETTER]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_LAST_SENT]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_LAST_RECEIVED]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_CHANGED]		= { .type = NLA_U64 },
	[MBOX_A_MAILBOX_LAST_SENDER]		= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_LAST_RECEIVER]		= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_CREATOR_UID]		= { .type = NLA_U32 },
	[MBOX_A_MAILBOX_CREATOR_GID]		= { .type = NLA_U32 },
};

static int parse(const struct nlmsghdr *nlh, uint8_t cmd, struct nlattr **tb)
{
	struct nlmsghdr *msg = (struct nlmsghdr *)nlh;

	if (!genlmsg_valid_hdr(msg, 0) ||
	    genlmsg_hdr(msg)->cmd != cmd)
		return -EPROTO;
	if (genlmsg_parse(msg, 0, tb, MBOX_A_MAILBOX_MAX, policy) < 0)
		return -EPROTO;
	return 0;
}

static uint32_t get_u32(struct nlattr **tb, int type)
{
	return tb[type] ? nla_get_u32(tb[type]) : 0;
}

static uint64_t get_u64(struct nlattr **tb, int type)
{
	return tb[type] ? nla_get_u64(tb[type]) : 0;
}

static void get_name(struct nlattr *attr, char name[MBOX_NAME_MAX + 1])
{
	size_t len = attr ? (size_t)nla_len(attr) : 0;

	mbx_name_copy(name, attr ? nla_data(attr) : "", len);
}

static void limits_from_attrs(struct mbox_limits *limits, struct nlattr **tb)
{
	limits->max_msgs = get_u32(tb, MBOX_A_MAILBOX_MAX_MSGS);
	limits->max_size = get_u32(tb, MBOX_A_MAILBOX_MAX_SIZE);
	limits->max_bytes = get_u64(tb, MBOX_A_MAILBOX_MAX_BYTES);
	limits->policy = get_u32(tb, MBOX_A_MAILBOX_POLICY);
	limits->max_deliveries = get_u32(tb, MBOX_A_MAILBOX_MAX_DELIVERIES);
}

static void counters_from_attrs(struct mbox_stat *stat, struct nlattr **tb)
{
	stat->msgs = get_u32(tb, MBOX_A_MAILBOX_MSGS);
	stat->peak_msgs = get_u32(tb, MBOX_A_MAILBOX_PEAK_MSGS);
	stat->bytes = get_u64(tb, MBOX_A_MAILBOX_BYTES);
	stat->peak_bytes = get_u64(tb, MBOX_A_MAILBOX_PEAK_BYTES);
	stat->sent = get_u64(tb, MBOX_A_MAILBOX_SENT);
	stat->received = get_u64(tb, MBOX_A_MAILBOX_RECEIVED);
	stat->lost = get_u64(tb, MBOX_A_MAILBOX_LOST);
	stat->withdrawn = get_u64(tb, MBOX_A_MAILBOX_WITHDRAWN);
	stat->expired = get_u64(tb, MBOX_A_MAILBOX_EXPIRED);
	stat->leased = get_u64(tb, MBOX_A_MAILBOX_LEASED);
	stat->calls = get_u32(tb, MBOX_A_MAILBOX_CALLS);
	stat->receivers = get_u32(tb, MBOX_A_MAILBOX_RECEIVERS);
	stat->senders = get_u32(tb, MBOX_A_MAILBOX_SENDERS);
	stat->waiting_receivers = get_u32(tb, MBOX_A_MAILBOX_WAITING_RECEIVERS);
	stat->waiting_senders = get_u32(tb, MBOX_A_MAILBOX_WAITING_SENDERS);
}

static void history_from_attrs(struct mbox_stat *stat, struct nlattr **tb)
{
	stat->created = (int64_t)get_u64(tb, MBOX_A_MAILBOX_CREATED);
	stat->changed = (int64_t)get_u64(tb, MBOX_A_MAILBOX_CHANGED);
	stat->last_sent = (int64_t)get_u64(tb, MBOX_A_MAILBOX_LAST_SENT);
	stat->last_received = (int64_t)get_u64(tb, MBOX_A_MAILBOX_LAST_RECEIVED);
	stat->last_sender = get_u32(tb, MBOX_A_MAILBOX_LAST_SENDER);
	stat->last_receiver = get_u32(tb, MBOX_A_MAILBOX_LAST_RECEIVER);
	stat->creator_uid = get_u32(tb, MBOX_A_MAILBOX_CREATOR_UID);
	stat->creator_gid = get_u32(tb, MBOX_A_MAILBOX_CREATOR_GID);
}

/* -ENOENT: a message of the right kind that describes no mailbox. */
int mbx_stat_decode(const struct nlmsghdr *nlh, struct mbox_stat *stat)
{
	struct nlattr *tb[MBOX_A_MAILBOX_MAX + 1];
	int ret = parse(nlh, MBOX_CMD_GET, tb);

	if (ret < 0)
		return ret;
	if (!tb[MBOX_A_MAILBOX_ID])
		return -ENOENT;
	*stat = (struct mbox_stat){
		.id = nla_get_u64(tb[MBOX_A_MAILBOX_ID]),
		.kind = get_u32(tb, MBOX_A_MAILBOX_KIND),
		.persist = tb[MBOX_A_MAILBOX_PERSIST],
		.retain = tb[MBOX_A_MAILBOX_RETAIN],
		.frozen = get_u32(tb, MBOX_A_MAILBOX_FROZEN),
		.steps = get_u32(tb, MBOX_A_MAILBOX_STEPS),
		.dead_letter = get_u64(tb, MBOX_A_MAILBOX_DEAD_LETTER),
		.mode = get_u32(tb, MBOX_A_MAILBOX_MODE),
		.uid = get_u32(tb, MBOX_A_MAILBOX_UID),
		.gid = get_u32(tb, MBOX_A_MAILBOX_GID),
	};
	get_name(tb[MBOX_A_MAILBOX_NAME], stat->name);
	limits_from_attrs(&stat->limits, tb);
	counters_from_attrs(stat, tb);
	history_from_attrs(stat, tb);
	return 0;
}

int mbx_u64_decode(const struct nlmsghdr *nlh, uint8_t cmd, int type,
		   uint64_t *value)
{
	struct nlattr *tb[MBOX_A_MAILBOX_MAX + 1];
	int ret = parse(nlh, cmd, tb);

	if (ret < 0)
		return ret;
	if (!tb[type])
		return -ENOENT;
	*value = nla_get_u64(tb[type]);
	return 0;
}
