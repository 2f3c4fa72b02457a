// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints the argument of an ioctl of /dev/mbox. The structs are the same for
 * 32- and 64-bit programs, so that there is nothing to tell apart here.
 */
#include <linux/mbox.h>

#include "strace.h"

#define MESSAGES_MAX	3

/**
 * struct printer - prints the members of a struct
 * @out: where
 * @call: the call that the struct is an argument of
 * @result: its result, or NULL at its entry
 * @separator: what comes before the next member
 *
 * Members that are 0 are left out.
 */
struct printer {
	FILE *out;
	const struct call *call;
	const struct result *result;
	const char *separator;
};

static void begin(struct printer *p, const char *name)
{
	fprintf(p->out, "%s%s=", p->separator, name);
	p->separator = ", ";
}

static void number(struct printer *p, const char *name, uint64_t value)
{
	if (!value)
		return;
	begin(p, name);
	fprintf(p->out, "%ju", (uintmax_t)value);
}

static void flags(struct printer *p, const char *name, const char *prefix, uint64_t value)
{
	if (!value)
		return;
	begin(p, name);
	print_flags(p->out, prefix, value);
}

static void bytes(struct printer *p, const char *name, uint64_t address, uint64_t len)
{
	if (!len)
		return;
	begin(p, name);
	print_bytes(p->out, p->call->pid, address, len);
}

static void filter(struct printer *p, const struct mbox_filter *f)
{
	if (!f->lo)
		return;
	begin(p, "filter");
	fprintf(p->out, "[%ju, %ju]", (uintmax_t)f->lo, (uintmax_t)f->hi);
	flags(p, "filter.flags", "MBOX_FILTER_", f->flags);
}

static void limits(struct printer *p, const struct mbox_limits *l)
{
	number(p, "max_msgs", l->max_msgs);
	number(p, "max_size", l->max_size);
	number(p, "max_bytes", l->max_bytes);
	number(p, "policy", l->policy);
}

static void open_members(struct printer *p, const void *object)
{
	const struct mbox_open *open = object;

	flags(p, "flags", "MBOX_OPEN_", open->flags);
	if (open->mode) {
		begin(p, "mode");
		fprintf(p->out, "%#o", open->mode);
	}
	bytes(p, "name", open->name, open->name_len);
	number(p, "id", open->id);
	limits(p, &open->limits);
}

static void config_members(struct printer *p, const void *object)
{
	const struct mbox_config *config = object;

	flags(p, "flags", "MBOX_CONFIG_", config->flags);
	number(p, "framing", config->framing);
	number(p, "type", config->type);
	filter(p, &config->filter);
	number(p, "busy_poll", config->busy_poll);
}

static void info_members(struct printer *p, const void *object)
{
	const struct mbox_info *info = object;

	number(p, "id", info->id);
	number(p, "handle", info->handle);
	flags(p, "flags", "MBOX_INFO_", info->flags);
	flags(p, "rights", "MBOX_RIGHT_", info->rights);
	number(p, "msgs", info->msgs);
	number(p, "sent", info->sent);
	number(p, "received", info->received);
	number(p, "lost", info->lost);
	limits(p, &info->limits);
}

static void grant_members(struct printer *p, const void *object)
{
	const struct mbox_grant *grant = object;

	flags(p, "rights", "MBOX_RIGHT_", grant->rights);
}

/* There is no buffer size where a message is sent; a received one may be cut. */
static void message(const struct printer *outer, const struct mbox_message *msg)
{
	struct printer p = { .out = outer->out, .call = outer->call, .separator = "" };
	uint64_t len = msg->header.len;

	if (msg->size && msg->size < len)
		len = msg->size;
	fputc('{', p.out);
	number(&p, "type", msg->header.type);
	number(&p, "seq", msg->header.seq);
	number(&p, "pid", msg->header.pid);
	number(&p, "lost", msg->header.lost);
	number(&p, "cookie", msg->header.cookie);
	flags(&p, "flags", "MBOX_MSG_", msg->header.flags);
	number(&p, "len", msg->header.len);
	bytes(&p, "payload", msg->buf, len);
	fputc('}', p.out);
}

static void messages(struct printer *p, uint64_t vec, uint64_t count)
{
	struct mbox_message msg;

	begin(p, "vec");
	fputc('[', p->out);
	for (uint64_t i = 0; i < count && i < MESSAGES_MAX; i++) {
		if (!read_object(p->call->pid, vec + i * sizeof(msg), &msg, sizeof(msg)))
			break;
		fputs(i ? ", " : "", p->out);
		message(p, &msg);
	}
	fputs(count > MESSAGES_MAX ? ", ...]" : "]", p->out);
}

static void send_members(struct printer *p, const void *object)
{
	const struct mbox_send *send = object;

	flags(p, "flags", "MBOX_SEND_", send->flags);
	number(p, "count", send->count);
	number(p, "deadline", send->deadline);
	messages(p, send->vec, send->count);
}

/* The result is how many elements were filled in. */
static void recv_members(struct printer *p, const void *object)
{
	const struct mbox_recv *recv = object;

	flags(p, "flags", "MBOX_RECV_", recv->flags);
	number(p, "count", recv->count);
	number(p, "deadline", recv->deadline);
	filter(p, &recv->filter);
	if (p->result && !p->result->failed)
		messages(p, recv->vec, p->result->value);
}

/* The reply is there only if it has come. */
static void call_members(struct printer *p, const void *object)
{
	const struct mbox_call *call = object;

	flags(p, "flags", "MBOX_CALL_", call->flags);
	number(p, "cookie", call->cookie);
	number(p, "type", call->type);
	number(p, "to", call->to);
	bytes(p, "payload", call->buf, call->len);
	number(p, "room", call->room);
	number(p, "deadline", call->deadline);
	if (!p->result || p->result->failed)
		return;
	number(p, "reply.type", call->header.type);
	bytes(p, "reply", call->reply, call->header.len);
}

static void settle_members(struct printer *p, const void *object)
{
	const struct mbox_settle *settle = object;

	flags(p, "flags", "MBOX_SETTLE_", settle->flags);
	number(p, "cookie", settle->cookie);
	number(p, "type", settle->type);
	bytes(p, "payload", settle->buf, settle->len);
}

static void map_members(struct printer *p, const void *object)
{
	const struct mbox_map *map = object;

	number(p, "kind", map->kind);
	flags(p, "flags", "MBOX_MAP_", map->flags);
	number(p, "size", map->size);
	number(p, "deadline", map->deadline);
	number(p, "seen", map->seen);
}

/**
 * struct command - a command of the device
 * @request: its number
 * @answers: it writes to the caller's memory
 * @members: prints the struct that it takes
 */
static const struct command {
	uint64_t request;
	bool answers;
	void (*members)(struct printer *p, const void *object);
} commands[] = {
	{ MBOX_IOC_OPEN, false, open_members },
	{ MBOX_IOC_CONFIG, true, config_members },
	{ MBOX_IOC_INFO, true, info_members },
	{ MBOX_IOC_GRANT, false, grant_members },
	{ MBOX_IOC_SEND, false, send_members },
	{ MBOX_IOC_RECV, true, recv_members },
	{ MBOX_IOC_CALL, true, call_members },
	{ MBOX_IOC_SETTLE, false, settle_members },
	{ MBOX_IOC_MAP, false, map_members },
};

static const struct command *find_command(uint64_t request)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (commands[i].request == request)
			return &commands[i];
	return NULL;
}

bool ioctl_answers(uint64_t request)
{
	const struct command *command = find_command(request);

	return command && command->answers;
}

void print_ioctl(FILE *out, const struct call *call, const struct result *result)
{
	const struct command *command = find_command(call->args[1]);
	struct printer p = { .out = out, .call = call, .result = result, .separator = "" };
	union {
		struct mbox_open open;
		struct mbox_config config;
		struct mbox_info info;
		struct mbox_grant grant;
		struct mbox_send send;
		struct mbox_recv recv;
		struct mbox_call call;
		struct mbox_settle settle;
		struct mbox_map map;
	} object;

	if (!command || !read_object(call->pid, call->args[2], &object,
				     _IOC_SIZE(command->request))) {
		fprintf(out, "%#jx", (uintmax_t)call->args[2]);
		return;
	}
	fputc('{', out);
	command->members(&p, &object);
	fputc('}', out);
}
