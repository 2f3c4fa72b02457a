// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <netlink/genl/genl.h>
#include "internal.h"

static const struct nla_policy policy[MBOX_A_EVENT_MAX + 1] = {
	[MBOX_A_EVENT_SEQ]	= { .type = NLA_U64 },
	[MBOX_A_EVENT_TIME]	= { .type = NLA_U64 },
	[MBOX_A_EVENT_ID]	= { .type = NLA_U64 },
	[MBOX_A_EVENT_HANDLE]	= { .type = NLA_U64 },
	[MBOX_A_EVENT_RIGHTS]	= { .type = NLA_U32 },
	[MBOX_A_EVENT_COUNT]	= { .type = NLA_U64 },
};

static enum mbox_event_type type_of(uint8_t cmd)
{
	switch (cmd) {
	case MBOX_CMD_CREATED_NTF:
		return MBOX_EVENT_CREATED;
	case MBOX_CMD_REMOVED_NTF:
		return MBOX_EVENT_REMOVED;
	case MBOX_CMD_CHANGED_NTF:
		return MBOX_EVENT_CHANGED;
	case MBOX_CMD_ATTACHED_NTF:
		return MBOX_EVENT_ATTACHED;
	case MBOX_CMD_DETACHED_NTF:
		return MBOX_EVENT_DETACHED;
	case MBOX_CMD_FULL_NTF:
		return MBOX_EVENT_FULL;
	case MBOX_CMD_WRITABLE_NTF:
		return MBOX_EVENT_WRITABLE;
	case MBOX_CMD_LOST_NTF:
		return MBOX_EVENT_LOST;
	case MBOX_CMD_TIMED_OUT_NTF:
		return MBOX_EVENT_TIMED_OUT;
	case MBOX_CMD_OWNER_DIED_NTF:
		return MBOX_EVENT_OWNER_DIED;
	}
	return MBX_EVENT_UNKNOWN;
}

static uint64_t get_u64(struct nlattr **tb, int type)
{
	return tb[type] ? nla_get_u64(tb[type]) : 0;
}

static void event_from_attrs(struct mbox_event *event, struct nlattr **tb)
{
	struct nlattr *rights = tb[MBOX_A_EVENT_RIGHTS];
	struct nlattr *name = tb[MBOX_A_EVENT_NAME];

	event->seq = get_u64(tb, MBOX_A_EVENT_SEQ);
	event->time = (int64_t)get_u64(tb, MBOX_A_EVENT_TIME);
	event->id = get_u64(tb, MBOX_A_EVENT_ID);
	event->handle = get_u64(tb, MBOX_A_EVENT_HANDLE);
	event->count = get_u64(tb, MBOX_A_EVENT_COUNT);
	if (rights)
		event->rights = nla_get_u32(rights);
	if (name)
		mbx_name_copy(event->name, nla_data(name),
			      (size_t)nla_len(name));
}

/*
 * What cannot be understood is refused, and so its number is found missing:
 * an event is never lost in silence.
 */
int mbx_event_decode(const struct nlmsghdr *nlh, struct mbox_event *event)
{
	struct nlmsghdr *msg = (struct nlmsghdr *)nlh;
	struct nlattr *tb[MBOX_A_EVENT_MAX + 1];
	uint8_t cmd;

	if (!genlmsg_valid_hdr(msg, 0))
		return -EPROTO;
	cmd = genlmsg_hdr(msg)->cmd;
	if (cmd < MBOX_CMD_CREATED_NTF)
		return -EPROTO;
	if (genlmsg_parse(msg, 0, tb, MBOX_A_EVENT_MAX, policy) < 0)
		return -EPROTO;
	*event = (struct mbox_event){ .type = type_of(cmd) };
	event_from_attrs(event, tb);
	return event->seq && event->id ? 0 : -EPROTO;
}

static const struct nlmsghdr *next_message(struct mbx_stream *stream)
{
	const struct nlmsghdr *nlh = (void *)(stream->data + stream->pos);
	size_t left = stream->len - stream->pos;
	size_t step;

	if (!nlmsg_ok(nlh, (int)left)) {
		stream->pos = stream->len;
		return NULL;
	}
	step = NLMSG_ALIGN(nlh->nlmsg_len);
	stream->pos += step < left ? step : left;
	return nlh;
}

static bool next_event(struct mbx_stream *stream, struct mbox_event *event)
{
	const struct nlmsghdr *nlh;

	while ((nlh = next_message(stream))) {
		if (nlh->nlmsg_type != stream->family)
			continue;
		if (mbx_event_decode(nlh, event) == 0)
			return true;
	}
	return false;
}

/* Reports that the events up to number @last have not come. */
static void report_missed(struct mbx_stream *stream, struct mbox_event *event,
			  uint64_t last)
{
	*event = (struct mbox_event){
		.type = MBOX_EVENT_MISSED,
		.seq = last,
		.count = last - stream->expected + 1,
	};
	stream->expected = last + 1;
}

/* Puts @next in its place in the order; true if there is an @event now. */
static bool place(struct mbx_stream *stream, const struct mbox_event *next,
		  struct mbox_event *event)
{
	bool known = next->type != MBX_EVENT_UNKNOWN;
	bool gap = stream->expected && next->seq > stream->expected;

	if (next->seq < stream->expected)
		return false;
	if (gap) {
		report_missed(stream, event, next->seq - 1);
		stream->pending = *next;
		stream->held = known;
	} else if (known) {
		*event = *next;
	}
	stream->expected = next->seq + 1;
	return gap || known;
}

/* Gives the next event of the datagram; false if there is none left. */
bool mbx_stream_pull(struct mbx_stream *stream, struct mbox_event *event)
{
	struct mbox_event next;

	if (stream->held) {
		stream->held = false;
		*event = stream->pending;
		return true;
	}
	while (next_event(stream, &next)) {
		if (place(stream, &next, event))
			return true;
	}
	return false;
}

/*
 * Gives the loss at the end of all that was received. To be called when
 * nothing is left to receive that was sent before @latest was asked for.
 */
bool mbx_stream_tail(struct mbx_stream *stream, struct mbox_event *event)
{
	if (stream->latest < stream->expected)
		return false;
	report_missed(stream, event, stream->latest);
	return true;
}

MBX_EXPORT const char *mbox_event_name(enum mbox_event_type type)
{
	static const char * const names[] = {
		[MBOX_EVENT_CREATED] = "created",
		[MBOX_EVENT_REMOVED] = "removed",
		[MBOX_EVENT_CHANGED] = "changed",
		[MBOX_EVENT_ATTACHED] = "attached",
		[MBOX_EVENT_DETACHED] = "detached",
		[MBOX_EVENT_FULL] = "full",
		[MBOX_EVENT_WRITABLE] = "writable",
		[MBOX_EVENT_LOST] = "lost",
		[MBOX_EVENT_TIMED_OUT] = "timed-out",
		[MBOX_EVENT_OWNER_DIED] = "owner-died",
		[MBOX_EVENT_MISSED] = "missed",
	};
	size_t index = (size_t)type;

	return index < MBX_ARRAY_SIZE(names) ? names[index] : "unknown";
}
