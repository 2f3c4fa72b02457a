// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <unistd.h>

#include "format.h"
#include "output.h"
#include "report.h"

/**
 * struct message - a message that is being printed
 * @out: where to
 * @header: its header
 * @payload: its payload
 * @escape: see struct style
 */
struct message {
	FILE *out;
	const struct mbox_header *header;
	const void *payload;
	bool escape;
};

/* How far what was printed of a message is from the end of a line. */
enum ending {
	LINE_OPEN,
	LINE_ENDED,
	NOTHING_FOLLOWS,
};

static void put_number(FILE *out, uint64_t value)
{
	fprintf(out, "%ju", value);
}

static void put_payload(const struct message *message)
{
	size_t len = message->header->len;

	if (message->escape)
		put_escaped(message->out, message->payload, len,
			    KEEP_LAYOUT | KEEP_BLANKS);
	else
		fwrite(message->payload, 1, len, message->out);
}

static void put_time(const struct message *message)
{
	char text[TIME_TEXT_MAX];

	fputs(format_time(time_of_day(message->header->time), text), message->out);
}

/* What '%' and a letter of format_letters stand for. */
static void put_sequence(const struct message *message, char letter)
{
	const struct mbox_header *header = message->header;
	FILE *out = message->out;

	switch (letter) {
	case 't':
		put_number(out, header->type);
		break;
	case 's':
		put_number(out, header->seq);
		break;
	case 'p':
		put_number(out, header->pid);
		break;
	case 'P':
		put_payload(message);
		break;
	case 'u':
		put_number(out, header->uid);
		break;
	case 'T':
		put_time(message);
		break;
	case 'l':
		put_number(out, header->len);
		break;
	case 'L':
		put_number(out, header->lost);
		break;
	case '%':
		fputc('%', out);
		break;
	}
}

static const char format_letters[] = "tspPuTlL%";
static const char escape_letters[] = "nt\\c";

static char escape_value(char letter)
{
	switch (letter) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	}
	return letter;
}

const char *format_error(const char *format)
{
	for (; *format; format++) {
		const char *known = *format == '%' ? format_letters : escape_letters;

		if (*format != '%' && *format != '\\')
			continue;
		if (!format[1] || !strchr(known, format[1]))
			return format;
		format++;
	}
	return NULL;
}

/* A payload that ends its line itself needs no second line feed. */
static enum ending ending_of_payload(const struct message *message)
{
	const char *payload = message->payload;
	size_t len = message->header->len;

	return len && payload[len - 1] == '\n' ? LINE_ENDED : LINE_OPEN;
}

static enum ending put_escape(const struct message *message, char letter)
{
	if (letter == 'c')
		return NOTHING_FOLLOWS;
	fputc(escape_value(letter), message->out);
	return letter == 'n' ? LINE_ENDED : LINE_OPEN;
}

static enum ending put_format(const struct message *message, const char *format)
{
	enum ending ending = LINE_OPEN;

	for (; *format && ending != NOTHING_FOLLOWS; format++) {
		ending = *format == '\n' ? LINE_ENDED : LINE_OPEN;
		if (*format == '%') {
			put_sequence(message, *++format);
			if (*format == 'P')
				ending = ending_of_payload(message);
		} else if (*format == '\\') {
			ending = put_escape(message, *++format);
		} else {
			fputc(*format, message->out);
		}
	}
	return ending;
}

static void put_json(const struct message *message)
{
	const struct mbox_header *header = message->header;
	struct json json = { .out = message->out };
	char text[TIME_TEXT_MAX];

	json_open(&json, NULL, '{');
	json_unsigned(&json, "type", header->type);
	json_unsigned(&json, "seq", header->seq);
	json_unsigned(&json, "pid", header->pid);
	json_unsigned(&json, "uid", header->uid);
	json_unsigned(&json, "gid", header->gid);
	json_unsigned(&json, "sender", header->sender);
	json_string(&json, "time", format_time(time_of_day(header->time), text));
	json_number(&json, "monotonic", header->time);
	json_unsigned(&json, "lost", header->lost);
	json_unsigned(&json, "len", header->len);
	json_bytes(&json, "payload", message->payload, header->len);
	json_close(&json, '}');
}

static enum ending put_message(const struct message *message, const struct style *style)
{
	if (style->format)
		return put_format(message, style->format);
	if (style->json) {
		put_json(message);
		return LINE_OPEN;
	}
	if (style->hex) {
		put_hex(message->out, message->payload, message->header->len);
		return NOTHING_FOLLOWS;
	}
	put_payload(message);
	return ending_of_payload(message);
}

void print_message(FILE *out, const struct style *style,
		   const struct mbox_header *header, const void *payload)
{
	struct message message = { out, header, payload, style->escape };
	enum ending ending = put_message(&message, style);

	if (ending == NOTHING_FOLLOWS)
		return;
	if (style->null)
		fputc('\0', out);
	else if (ending == LINE_OPEN)
		fputc('\n', out);
}

static const char *arg_format(const char *format)
{
	const char *error = format_error(format);

	if (error)
		usage_error("--format: '%.2s' stands for nothing", error);
	return format;
}

void style_option(struct style *style, int key, const char *value)
{
	switch (key) {
	case 'F':
		style->format = arg_format(value);
		break;
	case 'j':
		style->json = true;
		break;
	case 'x':
		style->hex = true;
		break;
	case '0':
		style->null = true;
		break;
	}
}

void style_check(const struct style *style)
{
	if (!!style->format + style->json + style->hex > 1)
		usage_error("only one of --format, --json and --hex can be");
	if (style->hex && style->null)
		usage_error("--hex and --null contradict each other");
}

void style_terminal(struct style *style)
{
	style->escape = isatty(STDOUT_FILENO);
}
