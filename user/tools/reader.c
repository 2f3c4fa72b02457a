// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "arg.h"
#include "cli.h"
#include "interrupt.h"
#include "output.h"
#include "reader.h"
#include "report.h"
#include "stream.h"
#include "topic.h"

void reader_init(struct reader *reader)
{
	*reader = (struct reader) {
		.filter = mbox_filter_any(),
		.timeout = MBOX_FOREVER,
	};
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
	default:
		style_option(&reader->style, key, value);
	}
}

void reader_check(const struct reader *reader)
{
	if (reader->nowait && reader->wait)
		usage_error("--nonblock and --wait contradict each other");
	style_check(&reader->style);
}

static int64_t deadline_of(const struct reader *reader)
{
	int64_t deadline;

	if (__builtin_add_overflow(time_now(), reader->timeout, &deadline))
		return INT64_MAX;
	return deadline;
}

static int open_mailbox(struct reader *reader)
{
	const struct mbox_open_options options = {
		.rights = MBOX_RIGHT_RECV,
		.filter = &reader->filter,
	};
	int err;

	if (reader->topic)
		return topic_open(&reader->mbox, reader->name, &options);
	err = mbox_open(&reader->mbox, reader->name, &options);
	return err ? fail_open(reader->name, MBOX_RIGHT_RECV, err) : CLI_OK;
}

int reader_open(struct reader *reader, const char *name)
{
	int err = stream_writable();

	if (err)
		return err;
	reader->name = name;
	style_terminal(&reader->style);
	reader->deadline = deadline_of(reader);
	interrupt_catch();
	err = open_mailbox(reader);
	if (!err)
		reader->fd = mbox_fd(reader->mbox);
	return err;
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
		report("%s: %llu %s lost since the last receive",
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
		ret = stream_wait(reader->fd, left);
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

static int print(struct reader *reader, const struct mbox_header *header, const void *data)
{
	int code;

	print_message(stdout, &reader->style, header, data);
	code = reader->peek ? stream_flush() : flush_taken(reader->name);
	if (!code && reader->done)
		code = reader->done(reader, header);
	return code;
}

static void drop(struct reader *reader, void *data)
{
	if (reader->drop)
		reader->drop(reader, data);
	else
		free(data);
}

int reader_print(struct reader *reader, reader_take_fn take)
{
	struct mbox_header header;
	void *data;
	int ret;

	if (interrupted())
		return CLI_INTERRUPTED;
	ret = wait_and_take(reader, take, &header, &data);
	reader->ended = reader->ends && !ret;
	if (reader->ended)
		return CLI_OK;
	if (ret <= 0)
		return fail_take(reader, ret);
	ret = reader->work ? reader->work(reader, &header, data) :
			     print(reader, &header, data);
	drop(reader, data);
	report_lost(reader->name, &header);
	return ret;
}
