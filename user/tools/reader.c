// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "arg.h"
#include "cli.h"
#include "interrupt.h"
#include "output.h"
#include "reader.h"
#include "report.h"
#include "stream.h"

void reader_init(struct reader *reader)
{
	*reader = (struct reader) {
		.filter = mbox_filter_any(),
		.timeout = MBOX_FOREVER,
	};
}

static const char *arg_format(const char *format)
{
	const char *error = format_error(format);

	if (error)
		usage_error("--format: '%.2s' stands for nothing", error);
	return format;
}

void reader_option(struct reader *reader, int key, const char *value)
{
	switch (key) {
	case 't':
		reader->filter = arg_filter(value);
		reader->spec = value;
		break;
	case 'W':
		reader->timeout = arg_duration("--wait", value);
		reader->wait = value;
		break;
	case 'n':
		reader->nowait = true;
		break;
	case 'F':
		reader->style.format = arg_format(value);
		break;
	case 'j':
		reader->style.json = true;
		break;
	case 'x':
		reader->style.hex = true;
		break;
	case '0':
		reader->style.null = true;
		break;
	}
}

void reader_check(const struct reader *reader)
{
	const struct style *style = &reader->style;

	if (reader->nowait && reader->wait)
		usage_error("--nonblock and --wait contradict each other");
	if (!!style->format + style->json + style->hex > 1)
		usage_error("only one of --format, --json and --hex can be");
	if (style->hex && style->null)
		usage_error("--hex and --null contradict each other");
}

static int64_t deadline_of(const struct reader *reader)
{
	int64_t deadline;

	if (__builtin_add_overflow(time_now(), reader->timeout, &deadline))
		return INT64_MAX;
	return deadline;
}

int reader_open(struct reader *reader, const char *name)
{
	const struct mbox_open_options options = { .rights = MBOX_RIGHT_RECV };
	int err = stream_writable();

	if (err)
		return err;
	reader->name = name;
	reader->style.escape = isatty(STDOUT_FILENO);
	reader->deadline = deadline_of(reader);
	interrupt_catch();
	err = mbox_open(&reader->mbox, name, &options);
	if (err)
		return fail_open(name, MBOX_RIGHT_RECV, err);
	err = mbox_set_filter(reader->mbox, &reader->filter);
	return err ? fail_recv(name, reader->spec, NULL, err) : CLI_OK;
}

static int64_t time_left(const struct reader *reader)
{
	int64_t left;

	if (reader->nowait)
		return 0;
	if (!reader->wait)
		return MBOX_FOREVER;
	left = reader->deadline - time_now();
	return left > 0 ? left : 0;
}

void report_lost(const char *name, const struct mbox_header *header)
{
	unsigned long long lost = header->lost;

	if (lost)
		report("%s: %llu %s lost since the last receive (by policy or purge)",
		       name, lost, messages(lost));
}

int flush_taken(const char *name)
{
	int code = stream_flush();

	if (code)
		report("%s: 1 message was taken and could not be written", name);
	return code;
}

/* Never takes a message that nobody will read. */
static int wait_and_take(struct reader *reader, reader_take_fn take,
			 struct mbox_header *header, void **data)
{
	int64_t left = time_left(reader);
	int ret;

	if (!stream_has_reader())
		return take(reader, header, data, left);
	do {
		left = time_left(reader);
		ret = stream_wait(mbox_fd(reader->mbox), left);
		if (!ret)
			ret = take(reader, header, data, 0);
	} while (ret == -EAGAIN && left);
	return ret;
}

static int fail_take(const struct reader *reader, int err)
{
	/* With no time left the library does not wait, and gives EAGAIN. */
	if (err == -EAGAIN && reader->wait)
		err = -ETIMEDOUT;
	return fail_recv(reader->name, reader->spec, reader->wait, err ? err : -EPIPE);
}

int reader_print(struct reader *reader, reader_take_fn take)
{
	struct mbox_header header;
	void *data;
	int ret;

	if (interrupted())
		return CLI_INTERRUPTED;
	ret = wait_and_take(reader, take, &header, &data);
	if (ret <= 0)
		return fail_take(reader, ret);
	print_message(stdout, &reader->style, &header, data);
	free(data);
	ret = reader->peek ? stream_flush() : flush_taken(reader->name);
	report_lost(reader->name, &header);
	return ret;
}
