// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "report.h"

#define PARAMETERS	"/sys/module/mbox/parameters/"

static const char *verb_name;

void report_verb(const char *verb)
{
	verb_name = verb;
}

static void vreport(const char *format, va_list args)
{
	fflush(stdout);
	fputs("mbox: ", stderr);
	if (verb_name)
		fprintf(stderr, "%s: ", verb_name);
	vfprintf(stderr, format, args);
}

void report(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vreport(format, args);
	va_end(args);
	fputc('\n', stderr);
}

void usage_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vreport(format, args);
	va_end(args);
	if (verb_name)
		fprintf(stderr, "\nTry 'mbox %s --help'.\n", verb_name);
	else
		fputs("\nTry 'mbox help'.\n", stderr);
	exit(CLI_USAGE);
}

const char *messages(uint64_t count)
{
	return count == 1 ? "message" : "messages";
}

int exit_code(int err)
{
	switch (-err) {
	case 0:
		return CLI_OK;
	case ENOENT:
	case EIDRM:
		return CLI_NO_MAILBOX;
	case EACCES:
	case EPERM:
		return CLI_NOT_PERMITTED;
	case EAGAIN:
		return CLI_WOULD_BLOCK;
	case EOWNERDEAD:
		return CLI_NO_REPLY;
	case ENOBUFS:
		return CLI_DISCARDED;
	case EDQUOT:
	case ENOSPC:
		return CLI_QUOTA;
	case ETIMEDOUT:
		return CLI_TIMEOUT;
	case EINTR:
		return CLI_INTERRUPTED;
	}
	return CLI_FAILURE;
}

static int fail(int err, const char *name, const char *text)
{
	report("%s: %s", name, text);
	return exit_code(err);
}

static void read_parameter(const char *parameter, char *value, size_t size)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), PARAMETERS "%s", parameter);
	file = fopen(path, "re");
	if (!file || !fgets(value, size, file))
		snprintf(value, size, "some");
	value[strcspn(value, "\n")] = '\0';
	if (file)
		fclose(file);
}

/* @more would exceed the quota of @what, "mailboxes" or "bytes". */
static int fail_quota(const char *name, const char *more, const char *what, int err)
{
	const char *whose = err == -EDQUOT ? "user" : "domain";
	char parameter[32], value[32];

	snprintf(parameter, sizeof(parameter), "%s_%s", whose, what);
	read_parameter(parameter, value, sizeof(value));
	report("%s: %s would exceed the %s's quota of %s\n"
	       "(%s some, or raise " PARAMETERS "%s)", name, more, whose, value,
	       *what == 'b' ? "receive" : "remove", parameter);
	return exit_code(err);
}

int fail_bytes(const char *name, const char *more, int err)
{
	return fail_quota(name, more, "bytes", err);
}

/* What is said of an errno whatever was tried. */
static int fail_common(const char *name, int err)
{
	switch (-err) {
	case EINTR:
		return exit_code(err);
	case ENODEV:
		return fail_device(err);
	case ENOENT:
		report("%s: there is no such mailbox (mbox ls lists them)", name);
		return exit_code(err);
	case EIDRM:
		return fail(err, name, "the mailbox was removed");
	}
	return fail(err, name, strerror(-err));
}

int fail_device(int err)
{
	if (err == -EINTR)
		return CLI_INTERRUPTED;
	if (err == -ENODEV)
		report("the mbox module is not loaded (insmod mbox.ko, or make vm)");
	else
		report("%s", strerror(-err));
	return exit_code(err);
}

int fail_output(void)
{
	if (errno != EPIPE && errno != EINTR)
		report("standard output: %s", strerror(errno));
	return errno == EINTR ? CLI_INTERRUPTED : CLI_FAILURE;
}

static const char *user_name(uint32_t uid, char *buf, size_t size)
{
	const struct passwd *entry = getpwuid(uid);

	if (entry)
		return entry->pw_name;
	snprintf(buf, size, "%u", uid);
	return buf;
}

static bool get_stat(const char *name, struct mbox_stat *stat)
{
	struct mbox_ctl *ctl;
	int err;

	if (mbox_ctl_open(&ctl))
		return false;
	err = mbox_ctl_get(ctl, name, stat);
	mbox_ctl_close(ctl);
	return !err;
}

static const char *verb_of(uint32_t rights)
{
	if (rights == MBOX_RIGHT_SEND)
		return "send to";
	return rights == MBOX_RIGHT_RECV ? "receive from" : "send to and receive from";
}

static int fail_access(const char *name, uint32_t rights, int err)
{
	struct mbox_stat stat;
	char owner[16];

	if (access("/dev/mbox", R_OK | W_OK))
		return fail(err, "/dev/mbox", strerror(-err));
	if (!get_stat(name, &stat))
		return fail(err, name, strerror(-err));
	report("%s: mode %04o of owner %s does not let you %s it\n"
	       "(mbox set %s --mode M)",
	       name, stat.mode, user_name(stat.uid, owner, sizeof(owner)),
	       verb_of(rights), name);
	return exit_code(err);
}

int fail_open(const char *name, uint32_t rights, int err)
{
	switch (-err) {
	case EACCES:
		return fail_access(name, rights, err);
	case EDQUOT:
	case ENOSPC:
		return fail_quota(name, "one more mailbox", "mailboxes", err);
	}
	return fail_common(name, err);
}

static int fail_owner(const char *name, const char *text, int err)
{
	struct mbox_stat stat;
	char owner[16];

	if (!get_stat(name, &stat))
		return fail(err, name, text);
	report("%s: %s (the owner is %s)", name, text,
	       user_name(stat.uid, owner, sizeof(owner)));
	return exit_code(err);
}

int fail_ctl(struct mbox_ctl *ctl, const char *name, int err)
{
	const char *text = mbox_ctl_error(ctl);

	switch (-err) {
	case EEXIST:
		report("%s: there is a mailbox of that name already (mbox show %s)",
		       name, name);
		return exit_code(err);
	case EDQUOT:
	case ENOSPC:
		return fail_quota(name, "one more mailbox", "mailboxes", err);
	case EPERM:
		return fail_owner(name, *text ? text : strerror(-err), err);
	}
	if (*text && err != -ENOENT)
		return fail(err, name, text);
	return fail_common(name, err);
}

int fail_size(const char *name, size_t len, uint32_t max_size)
{
	if (len > MBOX_SIZE_MAX)
		report("%s: message of more than %u bytes, the most that there can be",
		       name, MBOX_SIZE_MAX);
	else
		report("%s: message of %zu bytes is larger than max-size %u\n"
		       "(mbox set %s --max-size N)", name, len, max_size, name);
	return exit_code(-EMSGSIZE);
}

/* Which limit keeps a message of @len bytes out, and its value. */
static void describe_full(const struct mbox_stat *stat, size_t len, char *buf,
			  size_t size)
{
	const struct mbox_limits *limits = &stat->limits;
	uint64_t max_bytes = limits->max_bytes;

	if (stat->msgs >= limits->max_msgs)
		snprintf(buf, size, "max-msgs %u is reached", limits->max_msgs);
	else if (stat->bytes + len > max_bytes)
		snprintf(buf, size, "%zu bytes more than the %ju queued exceed max-bytes %ju",
			 len, stat->bytes, max_bytes);
	else
		snprintf(buf, size, "other senders wait for room");
}

static int fail_full(struct mbox *mbox, const char *name, size_t len,
		     int64_t timeout, int err)
{
	const char *since = timeout ? " and stayed so" : "";
	struct mbox_stat stat;
	char why[128];

	if (mbox_info(mbox, &stat, NULL))
		return fail_common(name, -EIDRM);
	describe_full(&stat, len, why, sizeof(why));
	report("%s: the mailbox is full%s: %s", name, since, why);
	return exit_code(err);
}

static int fail_memory(const char *name, size_t len, int err)
{
	char more[64];

	snprintf(more, sizeof(more), "a message of %zu bytes", len);
	return fail_bytes(name, more, err);
}

int fail_send(struct mbox *mbox, const char *name, size_t len, int64_t timeout,
	      int err)
{
	struct mbox_stat stat;

	switch (-err) {
	case EAGAIN:
	case ETIMEDOUT:
		return fail_full(mbox, name, len, timeout, err);
	case EDQUOT:
	case ENOSPC:
		return fail_memory(name, len, err);
	case EMSGSIZE:
		if (!mbox_info(mbox, &stat, NULL))
			return fail_size(name, len, stat.limits.max_size);
	}
	return fail_common(name, err);
}

const char *time_unit(const char *time)
{
	if (!isdigit((unsigned char)time[strlen(time) - 1]))
		return "";
	return strcmp(time, "1") ? " seconds" : " second";
}

int fail_recv(const char *name, const char *spec, const char *timeout, int err)
{
	const char *of_type = spec ? " of type " : "";
	const char *unit = timeout ? time_unit(timeout) : "";

	if (!spec)
		spec = "";
	if (err == -EAGAIN)
		report("%s: no message%s%s is there", name, of_type, spec);
	else if (err == -ETIMEDOUT)
		report("%s: no message%s%s came within %s%s", name, of_type, spec,
		       timeout, unit);
	else
		return fail_common(name, err);
	return exit_code(err);
}
