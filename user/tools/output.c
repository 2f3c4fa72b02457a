// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <time.h>

#include "output.h"

#define NSEC_PER_SEC	INT64_C(1000000000)

static size_t utf8_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	if (first >= 0xf0 && first < 0xf5)
		return 4;
	return 0;
}

/* Over-long forms, surrogates, and what is beyond the last code point. */
static bool utf8_refused(uint32_t code, size_t len)
{
	return (len == 3 && code < 0x800) || (len == 4 && code < 0x10000) ||
	       (code >= 0xd800 && code < 0xe000) || code > 0x10ffff;
}

size_t utf8_next(const void *data, size_t len, uint32_t *code)
{
	const unsigned char *byte = data;
	size_t need = len ? utf8_length(*byte) : 0;

	if (!need || need > len)
		return 0;
	*code = need == 1 ? *byte : *byte & (0x7f >> need);
	for (size_t i = 1; i < need; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (byte[i] & 0x3f);
	}
	return utf8_refused(*code, need) ? 0 : need;
}

bool utf8_valid(const void *data, size_t len)
{
	const char *p = data;
	uint32_t code;

	while (len) {
		size_t step = utf8_next(p, len, &code);

		if (!step)
			return false;
		p += step;
		len -= step;
	}
	return true;
}

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

static bool is_plain(uint32_t code, int keep)
{
	if (code == '\n' || code == '\t')
		return keep & KEEP_LAYOUT;
	if (code == ' ' || code == '\\')
		return keep & KEEP_BLANKS;
	return !is_control(code);
}

void put_escaped(FILE *out, const void *data, size_t len, int keep)
{
	const unsigned char *p = data;

	while (len) {
		uint32_t code;
		size_t step = utf8_next(p, len, &code);

		if (step && is_plain(code, keep)) {
			fwrite(p, 1, step, out);
		} else {
			step = 1;
			fprintf(out, "\\x%02x", *p);
		}
		p += step;
		len -= step;
	}
}

char *escaped_name(const char *name, char *buf)
{
	FILE *out = fmemopen(buf, ESCAPED_NAME_MAX, "w");

	if (!out)
		return strcpy(buf, "?");
	if (!*name)
		fputs("-", out);
	else if (!strcmp(name, "-"))
		fputs("\\x2d", out);
	else
		put_escaped(out, name, strlen(name), 0);
	fclose(out);
	return buf;
}

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void put_base64_group(FILE *out, const unsigned char *p, size_t len)
{
	uint32_t bits = p[0] << 16;

	if (len > 1)
		bits |= p[1] << 8;
	if (len > 2)
		bits |= p[2];
	fputc(base64_digits[bits >> 18], out);
	fputc(base64_digits[bits >> 12 & 63], out);
	fputc(len > 1 ? base64_digits[bits >> 6 & 63] : '=', out);
	fputc(len > 2 ? base64_digits[bits & 63] : '=', out);
}

void put_base64(FILE *out, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (; len > 3; p += 3, len -= 3)
		put_base64_group(out, p, 3);
	if (len)
		put_base64_group(out, p, len);
}

static void put_hex_line(FILE *out, const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < 16; i++) {
		if (i % 8 == 0)
			fputc(' ', out);
		if (i < len)
			fprintf(out, " %02x", p[i]);
		else
			fputs("   ", out);
	}
	fputs("  |", out);
	for (size_t i = 0; i < len; i++)
		fputc(p[i] >= 0x20 && p[i] < 0x7f ? p[i] : '.', out);
	fputs("|\n", out);
}

void put_hex(FILE *out, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t at = 0; at < len; at += 16) {
		size_t rest = len - at;

		fprintf(out, "%08zx", at);
		put_hex_line(out, p + at, rest < 16 ? rest : 16);
	}
	fprintf(out, "%08zx\n", len);
}

static void json_char(FILE *out, const char *p, size_t len, uint32_t code)
{
	if (code == '"' || code == '\\')
		fprintf(out, "\\%c", (int)code);
	else if (code == '\n')
		fputs("\\n", out);
	else if (code == '\t')
		fputs("\\t", out);
	else if (is_control(code))
		fprintf(out, "\\u%04x", code);
	else
		fwrite(p, 1, len, out);
}

/* @data is valid UTF-8. */
static void json_quoted(FILE *out, const char *data, size_t len)
{
	fputc('"', out);
	while (len) {
		uint32_t code;
		size_t step = utf8_next(data, len, &code);

		json_char(out, data, step, code);
		data += step;
		len -= step;
	}
	fputc('"', out);
}

static void json_key(struct json *json, const char *key)
{
	if (json->comma)
		fputs(", ", json->out);
	json->comma = true;
	if (!key)
		return;
	json_quoted(json->out, key, strlen(key));
	fputs(": ", json->out);
}

void json_open(struct json *json, const char *key, char bracket)
{
	json_key(json, key);
	fputc(bracket, json->out);
	json->comma = false;
}

void json_close(struct json *json, char bracket)
{
	fputc(bracket, json->out);
	json->comma = true;
}

void json_number(struct json *json, const char *key, int64_t value)
{
	json_key(json, key);
	fprintf(json->out, "%jd", value);
}

void json_unsigned(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	fprintf(json->out, "%ju", value);
}

void json_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	fputs(value ? "true" : "false", json->out);
}

void json_null(struct json *json, const char *key)
{
	json_key(json, key);
	fputs("null", json->out);
}

void json_string(struct json *json, const char *key, const char *text)
{
	json_bytes(json, key, text, strlen(text));
}

void json_bytes(struct json *json, const char *key, const void *data, size_t len)
{
	char base64_key[64];

	if (utf8_valid(data, len)) {
		json_key(json, key);
		json_quoted(json->out, data, len);
		return;
	}
	snprintf(base64_key, sizeof(base64_key), "%s_base64", key);
	json_key(json, base64_key);
	fputc('"', json->out);
	put_base64(json->out, data, len);
	fputc('"', json->out);
}

static struct tm local_time(int64_t ns)
{
	time_t seconds = ns / NSEC_PER_SEC;
	struct tm tm = { 0 };

	localtime_r(&seconds, &tm);
	return tm;
}

const char *format_time(int64_t ns, char *buf)
{
	struct tm tm = local_time(ns);
	char date[TIME_TEXT_MAX / 2], zone[8];

	strftime(date, sizeof(date), "%FT%T", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(buf, TIME_TEXT_MAX, "%s.%06jd%.3s:%s", date,
		 ns % NSEC_PER_SEC / 1000, zone, zone + 3);
	return buf;
}

const char *format_time_short(int64_t ns, char *buf)
{
	struct tm tm = local_time(ns);
	char date[TIME_TEXT_MAX / 2];

	strftime(date, sizeof(date), "%F %T", &tm);
	snprintf(buf, TIME_TEXT_MAX, "%s.%03jd", date,
		 ns % NSEC_PER_SEC / 1000000);
	return buf;
}

static int64_t read_clock(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

int64_t time_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t time_of_day(int64_t monotonic)
{
	int64_t now = read_clock(CLOCK_REALTIME);

	return monotonic ? now - time_now() + monotonic : now;
}
