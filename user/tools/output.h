/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that is safe to print, JSON, and times. */
#ifndef MBOX_TOOLS_OUTPUT_H
#define MBOX_TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What put_escaped() leaves alone of the bytes it would write as \xNN. */
#define KEEP_LAYOUT	1	/* line feeds and tabs */
#define KEEP_BLANKS	2	/* spaces, and backslashes */

/* Room for a mailbox name as escaped_name() writes it. */
#define ESCAPED_NAME_MAX	1024

/* Room for a time as format_time() writes it. */
#define TIME_TEXT_MAX	48

/*
 * Length of the UTF-8 sequence at @data, 1 to 4, and its code point; 0 if
 * there is none.
 */
size_t utf8_next(const void *data, size_t len, uint32_t *code);
bool utf8_valid(const void *data, size_t len);

/*
 * Writes text so that it cannot control a terminal: control characters and
 * bytes that are no UTF-8 come out as \xNN.
 */
void put_escaped(FILE *out, const void *data, size_t len, int keep);

/*
 * A mailbox name as one word of at most ESCAPED_NAME_MAX bytes, "-" for an
 * anonymous one. What comes out names one mailbox only.
 */
char *escaped_name(const char *name, char *buf);

void put_base64(FILE *out, const void *data, size_t len);

/* As hexdump -C: an offset, sixteen bytes and their text, a last offset. */
void put_hex(FILE *out, const void *data, size_t len);

/* A JSON value that is being written. */
struct json {
	FILE *out;
	bool comma;
};

/* Members with @key NULL are elements of an array. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
void json_number(struct json *json, const char *key, int64_t value);
void json_unsigned(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
void json_string(struct json *json, const char *key, const char *text);
/* A string, or where it is no UTF-8 a member "@key_base64". */
void json_bytes(struct json *json, const char *key, const void *data, size_t len);

/* "2026-07-01T12:34:56.789012+02:00" of CLOCK_REALTIME nanoseconds. */
const char *format_time(int64_t ns, char *buf);
/* "2026-07-01 12:34:56.789", for people. */
const char *format_time_short(int64_t ns, char *buf);
/* CLOCK_REALTIME of a CLOCK_MONOTONIC time; that of now for 0. */
int64_t time_of_day(int64_t monotonic);
/* CLOCK_MONOTONIC nanoseconds. */
int64_t time_now(void);

#endif /* MBOX_TOOLS_OUTPUT_H */
