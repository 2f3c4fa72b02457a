// SPDX-License-Identifier: GPL-2.0
/* Management of mailboxes over generic netlink. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/user_namespace.h>
#include <net/genetlink.h>
#include <net/sock.h>
#include <linux/mbox_netlink.h>

#include "change.h"
#include "domain.h"
#include "info.h"
#include "limits.h"
#include "mailbox.h"
#include "netlink.h"
#include "registry.h"

/* ---- what is asked ------------------------------------------------------- */

/*
 * Whose rights count: those of the opener of the socket. A set-uid program that
 * is made to write to a socket of its caller must not lend it its rights.
 */
static const struct file *requester(const struct sk_buff *skb)
{
	return NETLINK_CB(skb).sk->sk_socket->file;
}

static struct mbx_domain *domain_of(struct genl_info *info)
{
	return mbx_domain_of(genl_info_net(info));
}

static struct mbx_mailbox *find_asked(struct mbx_domain *domain,
				      struct genl_info *info)
{
	struct nlattr *name = info->attrs[MBOX_A_MAILBOX_NAME];
	struct nlattr *id = info->attrs[MBOX_A_MAILBOX_ID];
	struct mbx_mailbox *mbox;

	if (!id == !name) {
		NL_SET_ERR_MSG(info->extack,
			       "which mailbox: give its id or its name");
		return ERR_PTR(-EINVAL);
	}

	mbox = id ? mbx_registry_find_id(domain, nla_get_u64(id)) :
		    mbx_registry_find_name(domain, nla_data(name));
	if (!mbox) {
		NL_SET_ERR_MSG_ATTR(info->extack, id ? id : name,
				    "no such mailbox");
		return ERR_PTR(-ENOENT);
	}
	return mbox;
}

/* As find_asked(), for what only the owner may do. */
static struct mbx_mailbox *find_owned(struct mbx_domain *domain,
				      struct sk_buff *skb,
				      struct genl_info *info)
{
	struct mbx_mailbox *mbox = find_asked(domain, info);

	if (IS_ERR(mbox) || mbx_mailbox_owned(mbox, requester(skb)))
		return mbox;
	NL_SET_ERR_MSG(info->extack,
		       "only the owner or CAP_IPC_OWNER may do that");
	return ERR_PTR(-EPERM);
}

/* ---- what is answered ------------------------------------------------------ */

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, MBOX_A_MAILBOX_PAD);
}

static int put_identity(struct sk_buff *skb, const struct mbx_mailbox *mbox,
			const struct mbox_info *info)
{
	if (put_u64(skb, MBOX_A_MAILBOX_ID, info->id) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_KIND, info->kind) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_MODE, info->mode) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_UID, info->uid) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_GID, info->gid))
		return -EMSGSIZE;
	if (mbox->name[0] &&
	    nla_put_string(skb, MBOX_A_MAILBOX_NAME, mbox->name))
		return -EMSGSIZE;
	if (mbox->persist && nla_put_flag(skb, MBOX_A_MAILBOX_PERSIST))
		return -EMSGSIZE;
	if (mbox->dead_letter && !mbx_mailbox_removed(mbox->dead_letter) &&
	    put_u64(skb, MBOX_A_MAILBOX_DEAD_LETTER, mbox->dead_letter->id))
		return -EMSGSIZE;
	if (mbox->retain && nla_put_flag(skb, MBOX_A_MAILBOX_RETAIN))
		return -EMSGSIZE;
	if (nla_put_u32(skb, MBOX_A_MAILBOX_FROZEN,
			!!(info->flags & MBOX_INFO_FROZEN)))
		return -EMSGSIZE;
	return nla_put_u32(skb, MBOX_A_MAILBOX_STEPS, info->steps);
}

static int put_limits(struct sk_buff *skb, const struct mbox_limits *limits)
{
	if (nla_put_u32(skb, MBOX_A_MAILBOX_POLICY, limits->policy) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_MAX_MSGS, limits->max_msgs) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_MAX_DELIVERIES,
			limits->max_deliveries) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_MAX_SIZE, limits->max_size))
		return -EMSGSIZE;
	return put_u64(skb, MBOX_A_MAILBOX_MAX_BYTES, limits->max_bytes);
}

static int put_traffic(struct sk_buff *skb, const struct mbox_info *info)
{
	if (nla_put_u32(skb, MBOX_A_MAILBOX_MSGS, info->msgs) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_PEAK_MSGS, info->peak_msgs) ||
	    put_u64(skb, MBOX_A_MAILBOX_BYTES, info->bytes) ||
	    put_u64(skb, MBOX_A_MAILBOX_PEAK_BYTES, info->peak_bytes) ||
	    put_u64(skb, MBOX_A_MAILBOX_SENT, info->sent) ||
	    put_u64(skb, MBOX_A_MAILBOX_RECEIVED, info->received))
		return -EMSGSIZE;
	if (put_u64(skb, MBOX_A_MAILBOX_WITHDRAWN, info->withdrawn) ||
	    put_u64(skb, MBOX_A_MAILBOX_LEASED, info->leased) ||
	    put_u64(skb, MBOX_A_MAILBOX_EXPIRED, info->expired))
		return -EMSGSIZE;
	return put_u64(skb, MBOX_A_MAILBOX_LOST, info->lost);
}

static int put_ends(struct sk_buff *skb, const struct mbox_info *info)
{
	if (nla_put_u32(skb, MBOX_A_MAILBOX_RECEIVERS, info->receivers) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_SENDERS, info->senders) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_CALLS, info->calls) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_WAITING_RECEIVERS,
			info->waiting_receivers))
		return -EMSGSIZE;
	return nla_put_u32(skb, MBOX_A_MAILBOX_WAITING_SENDERS,
			   info->waiting_senders);
}

static int put_time(struct sk_buff *skb, int attr, s64 time)
{
	return nla_put_s64(skb, attr, time, MBOX_A_MAILBOX_PAD);
}

static int put_history(struct sk_buff *skb, const struct mbox_info *info)
{
	if (put_time(skb, MBOX_A_MAILBOX_CREATED, info->created) ||
	    put_time(skb, MBOX_A_MAILBOX_CHANGED, info->changed) ||
	    put_time(skb, MBOX_A_MAILBOX_LAST_SENT, info->last_sent) ||
	    put_time(skb, MBOX_A_MAILBOX_LAST_RECEIVED, info->last_received) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_LAST_SENDER, info->last_sender) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_LAST_RECEIVER,
			info->last_receiver) ||
	    nla_put_u32(skb, MBOX_A_MAILBOX_CREATOR_UID, info->creator_uid))
		return -EMSGSIZE;
	return nla_put_u32(skb, MBOX_A_MAILBOX_CREATOR_GID, info->creator_gid);
}

static int put_event_seq(struct sk_buff *skb, struct mbx_domain *domain)
{
	u64 seq;

	spin_lock(&domain->event_lock);
	seq = domain->event_seq;
	spin_unlock(&domain->event_lock);
	return put_u64(skb, MBOX_A_MAILBOX_EVENT_SEQ, seq);
}

static int put_mailbox(struct sk_buff *skb, struct mbx_mailbox *mbox)
{
	struct mbox_info info = {};
	int err;

	err = mbx_info_get(mbox, NULL, &info);
	if (err)
		return err;
	if (put_identity(skb, mbox, &info) || put_limits(skb, &info.limits) ||
	    put_traffic(skb, &info) || put_ends(skb, &info) ||
	    put_history(skb, &info))
		return -EMSGSIZE;
	return put_event_seq(skb, mbox->domain);
}

/* An answer under construction. */
struct answer {
	struct sk_buff *skb;
	void *header;
};

static int answer_begin(struct answer *answer, struct genl_info *info)
{
	answer->skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!answer->skb)
		return -ENOMEM;
	answer->header = genlmsg_put_reply(answer->skb, info, &mbx_genl_family,
					   0, info->genlhdr->cmd);
	if (answer->header)
		return 0;
	nlmsg_free(answer->skb);
	return -EMSGSIZE;
}

static int answer_send(struct answer *answer, struct genl_info *info)
{
	genlmsg_end(answer->skb, answer->header);
	return genlmsg_reply(answer->skb, info);
}

/*
 * Answer with one number. Its memory is had before anything is changed, and a
 * requester who cannot take it is told so by netlink: it is no failure.
 */
static int answer_u64(struct answer *answer, struct genl_info *info, int attr,
		      u64 value)
{
	if (WARN_ON_ONCE(put_u64(answer->skb, attr, value)))
		nlmsg_free(answer->skb);
	else
		answer_send(answer, info);
	return 0;
}

/* ---- GET ------------------------------------------------------------------------ */

static int nl_get(struct sk_buff *skb, struct genl_info *info)
{
	struct mbx_domain *domain = domain_of(info);
	struct mbx_mailbox *mbox;
	struct answer answer;
	int err;

	err = answer_begin(&answer, info);
	if (err)
		return err;

	mutex_lock(&domain->lock);
	mbox = find_asked(domain, info);
	err = IS_ERR(mbox) ? PTR_ERR(mbox) : put_mailbox(answer.skb, mbox);
	mutex_unlock(&domain->lock);
	if (err) {
		nlmsg_free(answer.skb);
		return err;
	}
	return answer_send(&answer, info);
}

/**
 * struct dump - how far a dump has come, in &netlink_callback.ctx
 * @begun: the message that leads it was sent
 * @id: last mailbox that was sent
 */
struct dump {
	bool begun;
	u64 id;
};

static void *dump_put(struct sk_buff *skb, struct netlink_callback *cb)
{
	void *header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, &mbx_genl_family,
				   NLM_F_MULTI, MBOX_CMD_GET);

	if (header)
		genl_dump_check_consistent(cb, header);
	return header;
}

static int dump_end(struct sk_buff *skb, void *header, int err)
{
	if (err)
		genlmsg_cancel(skb, header);
	else
		genlmsg_end(skb, header);
	return err;
}

/* The first message holds EVENT_SEQ alone: an empty domain has one too. */
static int dump_lead(struct sk_buff *skb, struct netlink_callback *cb,
		     struct mbx_domain *domain)
{
	void *header = dump_put(skb, cb);

	if (!header)
		return -EMSGSIZE;
	return dump_end(skb, header, put_event_seq(skb, domain));
}

static int dump_mailbox(struct sk_buff *skb, struct netlink_callback *cb,
			struct mbx_mailbox *mbox)
{
	void *header = dump_put(skb, cb);

	if (!header)
		return -EMSGSIZE;
	return dump_end(skb, header, put_mailbox(skb, mbox));
}

static void dump_from(struct sk_buff *skb, struct netlink_callback *cb,
		      struct mbx_domain *domain, struct dump *dump)
{
	struct mbx_mailbox *mbox;

	while ((mbox = mbx_registry_next(domain, dump->id))) {
		if (dump_mailbox(skb, cb, mbox))
			return;
		dump->id = mbox->id;
	}
}

static int nl_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mbx_domain *domain = mbx_domain_of(sock_net(skb->sk));
	struct dump *dump = (struct dump *)cb->ctx;

	mutex_lock(&domain->lock);
	cb->seq = domain->generation;
	if (!dump->begun)
		dump->begun = !dump_lead(skb, cb, domain);
	if (dump->begun)
		dump_from(skb, cb, domain, dump);
	mutex_unlock(&domain->lock);
	return skb->len;
}

/* ---- NEW ------------------------------------------------------------------------ */

static u32 u32_or(const struct nlattr *attr, u32 otherwise)
{
	return attr ? nla_get_u32(attr) : otherwise;
}

static void read_limits(struct nlattr **attrs, struct mbox_limits *limits)
{
	limits->policy = u32_or(attrs[MBOX_A_MAILBOX_POLICY], limits->policy);
	limits->max_msgs = u32_or(attrs[MBOX_A_MAILBOX_MAX_MSGS],
				  limits->max_msgs);
	limits->max_size = u32_or(attrs[MBOX_A_MAILBOX_MAX_SIZE],
				  limits->max_size);
	limits->max_deliveries = u32_or(attrs[MBOX_A_MAILBOX_MAX_DELIVERIES],
					limits->max_deliveries);
	if (attrs[MBOX_A_MAILBOX_MAX_BYTES])
		limits->max_bytes = nla_get_u64(attrs[MBOX_A_MAILBOX_MAX_BYTES]);
}

static const char *settings_refusal(u32 mode, const struct mbox_limits *limits)
{
	if (!mbx_mode_valid(mode))
		return "mode has bits beyond 0666";
	return mbx_limits_refusal(limits);
}

static int refuse(struct genl_info *info, const char *why)
{
	info->extack->_msg = why;
	return -EINVAL;
}

static int read_plan(struct genl_info *info, struct mbx_plan *plan)
{
	struct nlattr **attrs = info->attrs;
	const char *refusal;

	if (!attrs[MBOX_A_MAILBOX_NAME])
		return refuse(info, "a new mailbox needs a name");
	plan->name = nla_data(attrs[MBOX_A_MAILBOX_NAME]);
	if (!mbx_name_valid(plan->name, strlen(plan->name)))
		return refuse(info,
			      "name is empty, or has a '/' or control bytes");

	plan->kind = u32_or(attrs[MBOX_A_MAILBOX_KIND], MBOX_KIND_QUEUE);
	if (plan->kind > MBOX_KIND_TOPIC)
		return refuse(info, "kind is neither queue nor topic");
	plan->retain = nla_get_flag(attrs[MBOX_A_MAILBOX_RETAIN]);
	if (plan->retain && plan->kind != MBOX_KIND_TOPIC)
		return refuse(info, "only a topic can retain its last message");

	plan->persist = nla_get_flag(attrs[MBOX_A_MAILBOX_PERSIST]);
	plan->mode = u32_or(attrs[MBOX_A_MAILBOX_MODE], 0600);
	read_limits(attrs, &plan->limits);
	mbx_limits_default(&plan->limits);
	refusal = settings_refusal(plan->mode, &plan->limits);
	return refusal ? refuse(info, refusal) : 0;
}

static int explain_creation(struct genl_info *info, int err)
{
	if (err == -EDQUOT)
		NL_SET_ERR_MSG(info->extack,
			       "your quota of mailboxes is used up (module parameter user_mailboxes)");
	else if (err == -ENOSPC)
		NL_SET_ERR_MSG(info->extack,
			       "the domain has all the mailboxes it may (module parameter domain_mailboxes)");
	return err;
}

static struct mbx_mailbox *create(struct mbx_domain *domain,
				  struct sk_buff *skb, struct genl_info *info,
				  const struct mbx_plan *plan)
{
	if (mbx_registry_find_name(domain, plan->name)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[MBOX_A_MAILBOX_NAME],
				    "there is a mailbox of that name");
		return ERR_PTR(-EEXIST);
	}
	return mbx_mailbox_create(domain, requester(skb)->f_cred, plan);
}

static int nl_new(struct sk_buff *skb, struct genl_info *info)
{
	struct mbx_domain *domain = domain_of(info);
	struct mbx_plan plan = {};
	struct mbx_mailbox *mbox;
	struct answer answer;
	u64 id = 0;
	int err;

	err = read_plan(info, &plan);
	if (!err)
		err = answer_begin(&answer, info);
	if (err)
		return err;

	mutex_lock(&domain->lock);
	mbox = create(domain, skb, info, &plan);
	err = PTR_ERR_OR_ZERO(mbox);
	if (!err)
		id = mbox->id;
	mutex_unlock(&domain->lock);
	if (err) {
		nlmsg_free(answer.skb);
		return explain_creation(info, err);
	}
	return answer_u64(&answer, info, MBOX_A_MAILBOX_ID, id);
}

/* ---- SET ------------------------------------------------------------------------ */

static int read_owner(struct sk_buff *skb, struct genl_info *info,
		      struct mbx_change *change)
{
	struct nlattr *uid = info->attrs[MBOX_A_MAILBOX_UID];
	struct nlattr *gid = info->attrs[MBOX_A_MAILBOX_GID];
	const struct file *file = requester(skb);
	struct user_namespace *user_ns = file->f_cred->user_ns;

	if (!uid && !gid)
		return 0;
	if (!file_ns_capable(file, genl_info_net(info)->user_ns,
			     CAP_IPC_OWNER)) {
		NL_SET_ERR_MSG(info->extack,
			       "owner and group take CAP_IPC_OWNER to change");
		return -EPERM;
	}
	if (uid)
		change->uid = make_kuid(user_ns, nla_get_u32(uid));
	if (gid)
		change->gid = make_kgid(user_ns, nla_get_u32(gid));
	if (!uid_valid(change->uid) || !gid_valid(change->gid))
		return refuse(info, "no such user or group in this namespace");
	return 0;
}

/* Who sets it must be allowed to send there. */
static int read_dead_letter(struct sk_buff *skb, struct genl_info *info,
			    const struct mbx_mailbox *mbox,
			    struct mbx_change *change)
{
	struct nlattr *attr = info->attrs[MBOX_A_MAILBOX_DEAD_LETTER];
	struct mbx_mailbox *to;

	if (!attr)
		return 0;
	change->dead_letter = NULL;
	if (!nla_get_u64(attr))
		return 0;
	to = mbx_registry_find_id(domain_of(info), nla_get_u64(attr));
	if (!to) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "there is no mailbox of that id for dead letters");
		return -ENOENT;
	}
	if (to == mbox || to->kind != MBOX_KIND_QUEUE)
		return refuse(info, "dead letters go to another mailbox of kind queue");
	if (!mbx_mailbox_permits(to, requester(skb), MBOX_RIGHT_SEND)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "you may not send to the mailbox for dead letters");
		return -EPERM;
	}
	change->dead_letter = to;
	return 0;
}

static int read_frozen(struct genl_info *info, struct mbx_change *change)
{
	u32 frozen = u32_or(info->attrs[MBOX_A_MAILBOX_FROZEN], change->frozen);

	if (frozen > 1)
		return refuse(info, "frozen is neither 0 nor 1");
	change->frozen = frozen;
	change->steps = u32_or(info->attrs[MBOX_A_MAILBOX_STEPS], 0);
	if (change->steps > MBOX_MSGS_MAX)
		return refuse(info, "steps is not in 0..1048576");
	if (change->steps && !frozen)
		return refuse(info, "steps are for a frozen mailbox");
	return 0;
}

static int read_change(struct sk_buff *skb, struct genl_info *info,
		       const struct mbx_mailbox *mbox,
		       struct mbx_change *change)
{
	const char *refusal;
	int err;

	err = read_owner(skb, info, change);
	if (err)
		return err;
	err = read_dead_letter(skb, info, mbox, change);
	if (!err)
		err = read_frozen(info, change);
	if (err)
		return err;
	change->mode = u32_or(info->attrs[MBOX_A_MAILBOX_MODE], change->mode);
	read_limits(info->attrs, &change->limits);
	refusal = settings_refusal(change->mode, &change->limits);
	return refusal ? refuse(info, refusal) : 0;
}

static int change_locked(struct sk_buff *skb, struct genl_info *info,
			 struct mbx_mailbox *mbox)
{
	struct mbx_change change;
	int err;

	mbx_change_from(mbox, &change);
	err = read_change(skb, info, mbox, &change);
	if (!err)
		mbx_change_make(mbox, &change);
	return err;
}

static int nl_set(struct sk_buff *skb, struct genl_info *info)
{
	struct mbx_domain *domain = domain_of(info);
	struct mbx_mailbox *mbox;
	int err;

	mutex_lock(&domain->lock);
	mbox = find_owned(domain, skb, info);
	err = IS_ERR(mbox) ? PTR_ERR(mbox) : change_locked(skb, info, mbox);
	mutex_unlock(&domain->lock);
	return err;
}

/* ---- DEL and PURGE ---------------------------------------------------------------- */

static int nl_del(struct sk_buff *skb, struct genl_info *info)
{
	struct mbx_domain *domain = domain_of(info);
	struct mbx_mailbox *mbox;

	mutex_lock(&domain->lock);
	mbox = find_owned(domain, skb, info);
	if (!IS_ERR(mbox))
		mbx_mailbox_remove(mbox);
	mutex_unlock(&domain->lock);
	return PTR_ERR_OR_ZERO(mbox);
}

static int nl_purge(struct sk_buff *skb, struct genl_info *info)
{
	struct mbx_domain *domain = domain_of(info);
	struct mbx_mailbox *mbox;
	struct answer answer;
	u64 purged = 0;
	int err;

	err = answer_begin(&answer, info);
	if (err)
		return err;

	mutex_lock(&domain->lock);
	mbox = find_owned(domain, skb, info);
	err = PTR_ERR_OR_ZERO(mbox);
	if (!err)
		purged = mbx_mailbox_purge(mbox);
	mutex_unlock(&domain->lock);
	if (err) {
		nlmsg_free(answer.skb);
		return err;
	}
	return answer_u64(&answer, info, MBOX_A_MAILBOX_PURGED, purged);
}

/* ---- the family -------------------------------------------------------------------- */

#define NAME_POLICY	{ .type = NLA_NUL_STRING, .len = MBOX_NAME_MAX }

static const struct nla_policy which_policy[] = {
	[MBOX_A_MAILBOX_ID] = { .type = NLA_U64 },
	[MBOX_A_MAILBOX_NAME] = NAME_POLICY,
};

static const struct nla_policy new_policy[] = {
	[MBOX_A_MAILBOX_NAME] = NAME_POLICY,
	[MBOX_A_MAILBOX_KIND] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_PERSIST] = { .type = NLA_FLAG },
	[MBOX_A_MAILBOX_RETAIN] = { .type = NLA_FLAG },
	[MBOX_A_MAILBOX_MODE] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_POLICY] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_MSGS] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_SIZE] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_BYTES] = { .type = NLA_U64 },
	[MBOX_A_MAILBOX_MAX_DELIVERIES] = { .type = NLA_U32 },
};

static const struct nla_policy set_policy[] = {
	[MBOX_A_MAILBOX_ID] = { .type = NLA_U64 },
	[MBOX_A_MAILBOX_NAME] = NAME_POLICY,
	[MBOX_A_MAILBOX_MODE] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_UID] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_GID] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_POLICY] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_MSGS] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_SIZE] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_BYTES] = { .type = NLA_U64 },
	[MBOX_A_MAILBOX_FROZEN] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_STEPS] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_MAX_DELIVERIES] = { .type = NLA_U32 },
	[MBOX_A_MAILBOX_DEAD_LETTER] = { .type = NLA_U64 },
};

#define OP(command, function, attributes)		\
	.cmd = (command),				\
	.doit = (function),				\
	.policy = (attributes),				\
	.maxattr = ARRAY_SIZE(attributes) - 1

static const struct genl_ops ops[] = {
	{ OP(MBOX_CMD_GET, nl_get, which_policy), .dumpit = nl_dump },
	{ OP(MBOX_CMD_NEW, nl_new, new_policy) },
	{ OP(MBOX_CMD_SET, nl_set, set_policy) },
	{ OP(MBOX_CMD_DEL, nl_del, which_policy) },
	{ OP(MBOX_CMD_PURGE, nl_purge, which_policy) },
};

static const struct genl_multicast_group groups[] = {
	[MBX_GENL_EVENTS] = {
		.name = MBOX_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family mbx_genl_family __ro_after_init = {
	.name = MBOX_GENL_NAME,
	.version = MBOX_GENL_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/**
 * mbx_netlink_init() - register the family
 *
 * Context: module load; may sleep.
 * Return: 0 or an errno of genl_register_family().
 */
int mbx_netlink_init(void)
{
	BUILD_BUG_ON(sizeof(struct dump) >
		     sizeof_field(struct netlink_callback, ctx));
	return genl_register_family(&mbx_genl_family);
}

/**
 * mbx_netlink_exit() - unregister the family; no request runs any more
 *
 * Context: module unload, or load that failed; may sleep.
 */
void mbx_netlink_exit(void)
{
	genl_unregister_family(&mbx_genl_family);
}
