// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <netlink/genl/genl.h>
#include "internal.h"

#define DEFAULT_MODE	0600

/* How often a listing is taken again before the domain is too busy for it. */
#define LIST_TRIES	64

MBX_EXPORT int mbox_ctl_open(struct mbox_ctl **out)
{
	struct mbox_ctl *ctl = calloc(1, sizeof(*ctl));
	int ret;

	*out = NULL;
	if (!ctl)
		return -ENOMEM;
	ret = mbx_nl_connect(&ctl->sk);
	if (ret < 0)
		goto free_ctl;
	ret = mbx_nl_family(ctl->sk);
	if (ret < 0)
		goto free_socket;
	ctl->family = ret;
	*out = ctl;
	return 0;

free_socket:
	nl_socket_free(ctl->sk);
free_ctl:
	free(ctl);
	return ret;
}

MBX_EXPORT struct mbox_ctl *mbox_ctl_close(struct mbox_ctl *ctl)
{
	if (ctl)
		nl_socket_free(ctl->sk);
	free(ctl);
	return NULL;
}

MBX_EXPORT const char *mbox_ctl_error(const struct mbox_ctl *ctl)
{
	return ctl->error;
}

/* The library's own refusals have no text of the kernel. */
static int check_name(struct mbox_ctl *ctl, const char *name)
{
	ctl->error[0] = '\0';
	if (!name || !*name)
		return -EINVAL;
	return strlen(name) > MBOX_NAME_MAX ? -ENAMETOOLONG : 0;
}

static int transact(struct mbox_ctl *ctl, struct nl_msg *msg,
		    mbx_answer_fn answer, void *arg)
{
	ctl->error[0] = '\0';
	return mbx_nl_transact(ctl, msg, answer, arg);
}

/* A request about the mailbox @name, to which attributes can be added. */
static int named_request(struct mbox_ctl *ctl, uint8_t cmd, const char *name,
			 struct nl_msg **out)
{
	struct nl_msg *msg;
	int ret = check_name(ctl, name);

	if (ret < 0)
		return ret;
	msg = mbx_nl_request(ctl, cmd, 0);
	if (!msg)
		return -ENOMEM;
	if (nla_put_string(msg, MBOX_A_MAILBOX_NAME, name) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	*out = msg;
	return 0;
}

/* Likewise about the mailbox of an id. */
static int id_request(struct mbox_ctl *ctl, uint8_t cmd, uint64_t id,
		      struct nl_msg **out)
{
	struct nl_msg *msg = mbx_nl_request(ctl, cmd, 0);

	ctl->error[0] = '\0';
	if (!msg)
		return -ENOMEM;
	if (nla_put_u64(msg, MBOX_A_MAILBOX_ID, id) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	*out = msg;
	return 0;
}

/* ---- answers -------------------------------------------------------------- */

/**
 * struct number - a number that an answer should hold
 * @cmd: command of the answer
 * @type: its attribute
 * @value: what it was
 * @found: it was there
 */
struct number {
	uint8_t cmd;
	int type;
	uint64_t value;
	bool found;
};

static int take_number(const struct nlmsghdr *nlh, void *arg)
{
	struct number *number = arg;
	int ret = mbx_u64_decode(nlh, number->cmd, number->type,
				 &number->value);

	if (ret == -ENOENT)
		return 0;
	number->found |= ret == 0;
	return ret;
}

static int transact_number(struct mbox_ctl *ctl, struct nl_msg *msg,
			   struct number *number)
{
	int ret = transact(ctl, msg, take_number, number);

	if (ret < 0)
		return ret;
	return number->found ? 0 : -EPROTO;
}

/**
 * struct one - the one mailbox that was asked for
 * @stat: its state
 * @found: it was there
 */
struct one {
	struct mbox_stat stat;
	bool found;
};

static int take_one(const struct nlmsghdr *nlh, void *arg)
{
	struct one *one = arg;
	int ret = mbx_stat_decode(nlh, &one->stat);

	if (ret < 0)
		return -EPROTO;
	one->found = true;
	return 0;
}

static int transact_one(struct mbox_ctl *ctl, struct nl_msg *msg,
			struct mbox_stat *stat)
{
	struct one one = { .found = false };
	int ret = transact(ctl, msg, take_one, &one);

	if (ret < 0)
		return ret;
	if (!one.found)
		return -EPROTO;
	*stat = one.stat;
	return 0;
}

/* ---- reading -------------------------------------------------------------- */

MBX_EXPORT int mbox_ctl_get(struct mbox_ctl *ctl, const char *name,
			    struct mbox_stat *stat)
{
	struct nl_msg *msg;
	int ret = named_request(ctl, MBOX_CMD_GET, name, &msg);

	return ret < 0 ? ret : transact_one(ctl, msg, stat);
}

MBX_EXPORT int mbox_ctl_get_id(struct mbox_ctl *ctl, uint64_t id,
			       struct mbox_stat *stat)
{
	struct nl_msg *msg;
	int ret = id_request(ctl, MBOX_CMD_GET, id, &msg);

	return ret < 0 ? ret : transact_one(ctl, msg, stat);
}

/**
 * struct list - a listing that grows
 * @stats: mailboxes
 * @count: how many
 * @room: how many fit into @stats
 */
struct list {
	struct mbox_stat *stats;
	size_t count;
	size_t room;
};

static int grow(struct list *list)
{
	size_t room = list->room ? 2 * list->room : 16;
	struct mbox_stat *stats = reallocarray(list->stats, room,
					       sizeof(*stats));

	if (!stats)
		return -ENOMEM;
	list->stats = stats;
	list->room = room;
	return 0;
}

static int take_next(const struct nlmsghdr *nlh, void *arg)
{
	struct list *list = arg;
	int ret = 0;

	if (list->count == list->room)
		ret = grow(list);
	if (ret < 0)
		return ret;
	ret = mbx_stat_decode(nlh, &list->stats[list->count]);
	if (ret == -ENOENT)
		return 0;
	if (ret == 0)
		list->count++;
	return ret;
}

static int dump(struct mbox_ctl *ctl, mbx_answer_fn answer, void *arg)
{
	struct nl_msg *msg = mbx_nl_request(ctl, MBOX_CMD_GET, NLM_F_DUMP);

	return msg ? transact(ctl, msg, answer, arg) : -ENOMEM;
}

static int take_list(struct mbox_ctl *ctl, struct list *list)
{
	int ret = -EAGAIN;

	for (int i = 0; i < LIST_TRIES && ret == -EAGAIN; i++) {
		list->count = 0;
		ret = dump(ctl, take_next, list);
	}
	return ret;
}

static int by_id(const void *left, const void *right)
{
	const struct mbox_stat *a = left;
	const struct mbox_stat *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

MBX_EXPORT int mbox_ctl_list(struct mbox_ctl *ctl, struct mbox_stat **list,
			     size_t *count)
{
	struct list all = { .count = 0 };
	int ret = take_list(ctl, &all);

	if (ret < 0) {
		free(all.stats);
		return ret;
	}
	if (all.count)
		qsort(all.stats, all.count, sizeof(*all.stats), by_id);
	*list = all.stats;
	*count = all.count;
	return 0;
}

/* -ENODATA: the kernel did not say, since the domain is empty. */
int mbx_ctl_event_seq(struct mbox_ctl *ctl, uint64_t *seq)
{
	struct number number = {
		.cmd = MBOX_CMD_GET,
		.type = MBOX_A_MAILBOX_EVENT_SEQ,
	};
	int ret = dump(ctl, take_number, &number);

	/* An interrupted dump may lack mailboxes; the number is right. */
	if (ret < 0 && ret != -EAGAIN)
		return ret;
	if (!number.found)
		return -ENODATA;
	*seq = number.value;
	return 0;
}

/* ---- changing ------------------------------------------------------------- */

static int put_new(struct nl_msg *msg, const struct mbox_open_options *options)
{
	const struct mbox_limits *limits = &options->limits;
	uint32_t mode = options->mode ? options->mode : DEFAULT_MODE;

	if (options->flags & MBOX_OPEN_PERSIST)
		NLA_PUT_FLAG(msg, MBOX_A_MAILBOX_PERSIST);
	if (options->flags & MBOX_OPEN_RETAIN)
		NLA_PUT_FLAG(msg, MBOX_A_MAILBOX_RETAIN);
	NLA_PUT_U32(msg, MBOX_A_MAILBOX_KIND, options->kind);
	NLA_PUT_U32(msg, MBOX_A_MAILBOX_MODE, mode);
	NLA_PUT_U32(msg, MBOX_A_MAILBOX_POLICY, limits->policy);
	if (limits->max_msgs)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_MAX_MSGS, limits->max_msgs);
	if (limits->max_size)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_MAX_SIZE, limits->max_size);
	if (limits->max_bytes)
		NLA_PUT_U64(msg, MBOX_A_MAILBOX_MAX_BYTES, limits->max_bytes);
	if (limits->max_deliveries)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_MAX_DELIVERIES, limits->max_deliveries);
	return 0;

nla_put_failure:
	return -ENOMEM;
}

MBX_EXPORT int mbox_ctl_new(struct mbox_ctl *ctl, const char *name,
			    const struct mbox_open_options *options,
			    uint64_t *id)
{
	static const struct mbox_open_options plain;
	struct number number = {
		.cmd = MBOX_CMD_NEW,
		.type = MBOX_A_MAILBOX_ID,
	};
	struct nl_msg *msg;
	int ret;

	if (!options)
		options = &plain;
	ctl->error[0] = '\0';
	if (options->flags & ~(MBOX_OPEN_PERSIST | MBOX_OPEN_RETAIN))
		return -EINVAL;
	ret = named_request(ctl, MBOX_CMD_NEW, name, &msg);
	if (ret < 0)
		return ret;
	ret = put_new(msg, options);
	if (ret < 0) {
		nlmsg_free(msg);
		return ret;
	}
	ret = transact_number(ctl, msg, &number);
	if (ret == 0 && id)
		*id = number.value;
	return ret;
}

static int put_settings(struct nl_msg *msg, const struct mbox_settings *new)
{
	const struct mbox_limits *limits = &new->limits;

	if (new->which & MBOX_SET_MODE)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_MODE, new->mode);
	if (new->which & MBOX_SET_UID)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_UID, new->uid);
	if (new->which & MBOX_SET_GID)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_GID, new->gid);
	if (new->which & MBOX_SET_POLICY)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_POLICY, limits->policy);
	if (new->which & MBOX_SET_MAX_MSGS)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_MAX_MSGS, limits->max_msgs);
	if (new->which & MBOX_SET_MAX_SIZE)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_MAX_SIZE, limits->max_size);
	if (new->which & MBOX_SET_MAX_BYTES)
		NLA_PUT_U64(msg, MBOX_A_MAILBOX_MAX_BYTES, limits->max_bytes);
	if (new->which & MBOX_SET_MAX_DELIVERIES)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_MAX_DELIVERIES, limits->max_deliveries);
	return 0;

nla_put_failure:
	return -ENOMEM;
}

static int put_controls(struct nl_msg *msg, const struct mbox_settings *new)
{
	if (new->which & MBOX_SET_DEAD_LETTER)
		NLA_PUT_U64(msg, MBOX_A_MAILBOX_DEAD_LETTER, new->dead_letter);
	if (new->which & MBOX_SET_FROZEN)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_FROZEN, new->frozen);
	if (new->which & MBOX_SET_STEPS)
		NLA_PUT_U32(msg, MBOX_A_MAILBOX_STEPS, new->steps);
	return 0;

nla_put_failure:
	return -ENOMEM;
}

static bool knows(struct mbox_ctl *ctl, const struct mbox_settings *settings)
{
	const uint32_t known = 2 * MBOX_SET_STEPS - 1;

	ctl->error[0] = '\0';
	return !(settings->which & ~known);
}

/* The message is used up. */
static int transact_set(struct mbox_ctl *ctl, struct nl_msg *msg,
			const struct mbox_settings *settings)
{
	int ret = put_settings(msg, settings);

	if (ret == 0)
		ret = put_controls(msg, settings);
	if (ret < 0) {
		nlmsg_free(msg);
		return ret;
	}
	return transact(ctl, msg, NULL, NULL);
}

MBX_EXPORT int mbox_ctl_set(struct mbox_ctl *ctl, const char *name,
			    const struct mbox_settings *settings)
{
	struct nl_msg *msg;
	int ret;

	if (!knows(ctl, settings))
		return -EINVAL;
	ret = named_request(ctl, MBOX_CMD_SET, name, &msg);
	return ret < 0 ? ret : transact_set(ctl, msg, settings);
}

MBX_EXPORT int mbox_ctl_set_id(struct mbox_ctl *ctl, uint64_t id,
			       const struct mbox_settings *settings)
{
	struct nl_msg *msg;
	int ret;

	if (!knows(ctl, settings))
		return -EINVAL;
	ret = id_request(ctl, MBOX_CMD_SET, id, &msg);
	return ret < 0 ? ret : transact_set(ctl, msg, settings);
}

MBX_EXPORT int mbox_ctl_del(struct mbox_ctl *ctl, const char *name)
{
	struct nl_msg *msg;
	int ret = named_request(ctl, MBOX_CMD_DEL, name, &msg);

	return ret < 0 ? ret : transact(ctl, msg, NULL, NULL);
}

MBX_EXPORT int mbox_ctl_del_id(struct mbox_ctl *ctl, uint64_t id)
{
	struct nl_msg *msg;
	int ret = id_request(ctl, MBOX_CMD_DEL, id, &msg);

	return ret < 0 ? ret : transact(ctl, msg, NULL, NULL);
}

MBX_EXPORT int mbox_ctl_purge(struct mbox_ctl *ctl, const char *name,
			      uint64_t *purged)
{
	struct number number = {
		.cmd = MBOX_CMD_PURGE,
		.type = MBOX_A_MAILBOX_PURGED,
	};
	struct nl_msg *msg;
	int ret = named_request(ctl, MBOX_CMD_PURGE, name, &msg);

	if (ret < 0)
		return ret;
	ret = transact_number(ctl, msg, &number);
	if (ret == 0 && purged)
		*purged = number.value;
	return ret;
}
