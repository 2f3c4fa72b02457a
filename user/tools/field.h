/* SPDX-License-Identifier: GPL-2.0-only */
/* What there is to tell about a mailbox: columns of ls, members in JSON. */
#ifndef MBOX_TOOLS_FIELD_H
#define MBOX_TOOLS_FIELD_H

#include <stddef.h>
#include <stdint.h>

#include <mbox.h>

#include "output.h"

#define FIELD_TEXT_MAX	ESCAPED_NAME_MAX

/**
 * struct field - one thing to tell
 * @name: member name in JSON; capitals and '-' make it the heading
 * @text: writes it as one word, or NULL for a number
 * @offset: where the number is in struct mbox_stat
 * @size: its size in bytes
 */
struct field {
	const char *name;
	void (*text)(const struct mbox_stat *stat, char *buf);
	size_t offset;
	size_t size;
};

/* All fields, the last one without a name. */
extern const struct field fields[];

/* The field of a name or heading, of @len bytes, in any case; or NULL. */
const struct field *field_find(const char *name, size_t len);
void field_heading(const struct field *field, char *buf);
void field_text(const struct field *field, const struct mbox_stat *stat, char *buf);
void field_json(const struct field *field, const struct mbox_stat *stat,
		struct json *json);

/* All fields as the members of an object. */
void stat_json(const struct mbox_stat *stat, struct json *json);

#endif /* MBOX_TOOLS_FIELD_H */
