// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "field.h"
#include "parse.h"

static void name_text(const struct mbox_stat *stat, char *buf)
{
	escaped_name(stat->name, buf);
}

static void kind_text(const struct mbox_stat *stat, char *buf)
{
	strcpy(buf, kind_name(stat->kind));
}

static void persist_text(const struct mbox_stat *stat, char *buf)
{
	strcpy(buf, stat->persist ? "yes" : "no");
}

static void retain_text(const struct mbox_stat *stat, char *buf)
{
	strcpy(buf, stat->retain ? "yes" : "no");
}

static void frozen_text(const struct mbox_stat *stat, char *buf)
{
	strcpy(buf, stat->frozen ? "yes" : "no");
}

static void policy_text(const struct mbox_stat *stat, char *buf)
{
	strcpy(buf, policy_name(stat->limits.policy));
}

static void mode_text(const struct mbox_stat *stat, char *buf)
{
	snprintf(buf, FIELD_TEXT_MAX, "%04o", stat->mode);
}

static void owner_text(const struct mbox_stat *stat, char *buf)
{
	const struct passwd *entry = getpwuid(stat->uid);

	if (entry)
		snprintf(buf, FIELD_TEXT_MAX, "%s", entry->pw_name);
	else
		snprintf(buf, FIELD_TEXT_MAX, "%u", stat->uid);
}

static void group_text(const struct mbox_stat *stat, char *buf)
{
	const struct group *entry = getgrgid(stat->gid);

	if (entry)
		snprintf(buf, FIELD_TEXT_MAX, "%s", entry->gr_name);
	else
		snprintf(buf, FIELD_TEXT_MAX, "%u", stat->gid);
}

static void created_text(const struct mbox_stat *stat, char *buf)
{
	format_time(stat->created, buf);
}

static void time_or_never(int64_t time, char *buf)
{
	if (time)
		format_time(time, buf);
	else
		strcpy(buf, "never");
}

static void last_sent_text(const struct mbox_stat *stat, char *buf)
{
	time_or_never(stat->last_sent, buf);
}

static void last_received_text(const struct mbox_stat *stat, char *buf)
{
	time_or_never(stat->last_received, buf);
}

static void changed_text(const struct mbox_stat *stat, char *buf)
{
	format_time(stat->changed, buf);
}

#define TEXT(name) { #name, name##_text, 0, 0 }
#define NUMBER(name, size) \
	{ #name, NULL, offsetof(struct mbox_stat, name), size }
#define LIMIT(name, size) \
	{ #name, NULL, offsetof(struct mbox_stat, limits.name), size }

const struct field fields[] = {
	NUMBER(id, 8),
	TEXT(name),
	TEXT(kind),
	TEXT(persist),
	TEXT(retain),
	TEXT(frozen),
	TEXT(mode),
	TEXT(owner),
	TEXT(group),
	NUMBER(uid, 4),
	NUMBER(gid, 4),
	TEXT(policy),
	LIMIT(max_msgs, 4),
	LIMIT(max_bytes, 8),
	LIMIT(max_size, 4),
	LIMIT(max_deliveries, 4),
	NUMBER(dead_letter, 8),
	NUMBER(msgs, 4),
	NUMBER(peak_msgs, 4),
	NUMBER(bytes, 8),
	NUMBER(peak_bytes, 8),
	NUMBER(sent, 8),
	NUMBER(received, 8),
	NUMBER(lost, 8),
	NUMBER(withdrawn, 8),
	NUMBER(expired, 8),
	NUMBER(leased, 8),
	NUMBER(calls, 4),
	NUMBER(receivers, 4),
	NUMBER(senders, 4),
	NUMBER(waiting_receivers, 4),
	NUMBER(waiting_senders, 4),
	TEXT(created),
	TEXT(changed),
	TEXT(last_sent),
	TEXT(last_received),
	NUMBER(last_sender, 4),
	NUMBER(last_receiver, 4),
	NUMBER(creator_uid, 4),
	NUMBER(creator_gid, 4),
	{ NULL, NULL, 0, 0 }
};

static char heading_char(char c)
{
	return c == '_' ? '-' : toupper((unsigned char)c);
}

static bool names_field(const struct field *field, const char *name, size_t len)
{
	if (strlen(field->name) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (heading_char(name[i]) != heading_char(field->name[i]))
			return false;
	return true;
}

const struct field *field_find(const char *name, size_t len)
{
	for (const struct field *field = fields; field->name; field++)
		if (names_field(field, name, len))
			return field;
	return NULL;
}

void field_heading(const struct field *field, char *buf)
{
	const char *name = field->name;

	while (*name)
		*buf++ = heading_char(*name++);
	*buf = '\0';
}

static uint64_t number_of(const struct field *field, const struct mbox_stat *stat)
{
	const char *at = (const char *)stat + field->offset;

	if (field->size == sizeof(uint32_t))
		return *(const uint32_t *)at;
	return *(const uint64_t *)at;
}

void field_text(const struct field *field, const struct mbox_stat *stat, char *buf)
{
	if (field->text)
		field->text(stat, buf);
	else
		snprintf(buf, FIELD_TEXT_MAX, "%ju", number_of(field, stat));
}

void field_json(const struct field *field, const struct mbox_stat *stat,
		struct json *json)
{
	char buf[FIELD_TEXT_MAX];

	if (!field->text) {
		json_unsigned(json, field->name, number_of(field, stat));
	} else if (field->text == persist_text) {
		json_bool(json, field->name, stat->persist);
	} else if (field->text == retain_text) {
		json_bool(json, field->name, stat->retain);
	} else if (field->text == frozen_text) {
		json_bool(json, field->name, stat->frozen);
	} else if (field->text != name_text) {
		field->text(stat, buf);
		json_string(json, field->name, buf);
	} else if (*stat->name) {
		json_string(json, field->name, stat->name);
	} else {
		json_null(json, field->name);
	}
}

void stat_json(const struct mbox_stat *stat, struct json *json)
{
	for (const struct field *field = fields; field->name; field++)
		field_json(field, stat, json);
}
