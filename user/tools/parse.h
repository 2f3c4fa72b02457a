/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading what people write on a command line. */
#ifndef MBOX_TOOLS_PARSE_H
#define MBOX_TOOLS_PARSE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * All return 0, -EINVAL for text that is no such thing, or -ERANGE for a value
 * beyond the bounds; the result is untouched on failure.
 */

/* A decimal number from @min to @max. */
int parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/* A number with an optional K, M or G (powers of 1024), from 1 to @max. */
int parse_size(const char *text, uint64_t max, uint64_t *value);

/* A time such as 500ms, 2s, 1.5 (seconds) or 1m, in nanoseconds. */
int parse_duration(const char *text, int64_t *ns);

/* Octal permission bits, 0666 at most. */
int parse_mode(const char *text, uint32_t *mode);

/* The words of --policy and --kind. */
int parse_policy(const char *text, uint32_t *policy);
int parse_kind(const char *text, uint32_t *kind);
const char *policy_name(uint32_t policy);
const char *kind_name(uint32_t kind);

/* A user or group by number or name; -ENOENT if there is none of that name. */
int parse_user(const char *text, uint32_t *uid);
int parse_group(const char *text, uint32_t *gid);

/* Why @name cannot be a mailbox name, or NULL if it can. */
const char *name_error(const char *name);

#endif /* MBOX_TOOLS_PARSE_H */
