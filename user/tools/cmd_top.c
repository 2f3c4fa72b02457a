// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arg.h"
#include "cli.h"
#include "cmd.h"
#include "interrupt.h"
#include "manage.h"
#include "output.h"
#include "report.h"
#include "screen.h"
#include "stream.h"
#include "top.h"

#define DEFAULT_DELAY	"2s"

/* Less would be for the machine, not for eyes. */
#define DELAY_MIN	INT64_C(10000000)

/**
 * struct top - what top was asked for, and what it has seen
 * @ctl: management socket
 * @names: mailboxes to show, or NULL for all
 * @delay: time between two readings as it was given
 * @interval: that in nanoseconds
 * @count: how many readings behind the first one; 0 for any number
 * @sort: the order
 * @live: standard output is a terminal
 * @before: the reading before the last one
 * @now: the last one
 * @rows: what is shown of it; points into @now
 */
struct top {
	struct mbox_ctl *ctl;
	char **names;
	const char *delay;
	int64_t interval;
	uint64_t count;
	enum top_sort sort;
	bool live;
	struct top_reading before;
	struct top_reading now;
	struct top_rows rows;
};

static const struct cli_option options[] = {
	{ 'd', "delay", "TIME", "look again each TIME; " DEFAULT_DELAY " by default" },
	{ 'C', "count", "COUNT", "end after COUNT times" },
	{ 's', "sort", "ORDER", "what comes first; busy by default" },
	{ 0, NULL, NULL, NULL }
};

static const char details[] =
	"F marks a frozen mailbox. USE tells how near it is to max-msgs or max-bytes.\n"
	"SENT, RECV and LOST are messages a second since the last look. RWAIT and SWAIT\n"
	"are receivers and senders that wait. OWED are calls without a reply, and leased\n"
	"messages.\n"
	"\n"
	"Keys: q quits, s and S change the order, a space looks at once. Where standard\n"
	"output is no terminal, tables are printed, one by default.\n";

static void list_orders(FILE *out)
{
	fprintf(out, "\nOrders:");
	for (int sort = 0; sort < TOP_SORTS; sort++)
		fprintf(out, " %s", top_sort_name(sort));
	fprintf(out, "\n");
}

/* ---- looking ---------------------------------------------------------------- */

/* -EAGAIN: too much was created and removed meanwhile; the last reading stays. */
static int look(struct top *top)
{
	struct top_reading reading = { .list = NULL };
	int err = mbox_ctl_list(top->ctl, &reading.list, &reading.count);

	if (err)
		return err;
	reading.time = time_now();
	free(top->rows.rows);
	free(top->before.list);
	top->before = top->now;
	top->now = reading;
	return top_compare(&top->rows, &top->now, &top->before, top->names);
}

static bool is_there(const struct top *top, const char *name)
{
	for (size_t i = 0; i < top->now.count; i++)
		if (!strcmp(top->now.list[i].name, name))
			return true;
	return false;
}

/* A mailbox may go later, and come back, but a wrong name is told at once. */
static int first_look(struct top *top)
{
	int err = look(top);

	if (err)
		return fail_device(err);
	for (char **name = top->names; name && *name; name++)
		if (!is_there(top, *name))
			return fail_ctl(top->ctl, *name, -ENOENT);
	return CLI_OK;
}

/* There is no family of netlink any more that could list anything. */
static int fail_look(int err)
{
	if (err != -ENOENT && err != -ENODEV)
		return fail_device(err);
	report("the mbox module was unloaded");
	return exit_code(-ENODEV);
}

static int64_t next_look(const struct top *top)
{
	int64_t next;

	if (__builtin_add_overflow(top->now.time, top->interval, &next))
		return INT64_MAX;
	return next;
}

/* ---- drawing ---------------------------------------------------------------- */

static void draw(struct top *top, FILE *out)
{
	char time[TIME_TEXT_MAX], delay[64];
	struct top_picture picture = {
		.live = top->live,
		.time = time,
		.delay = delay,
		.sort = top->sort,
	};

	format_time_short(time_of_day(top->now.time), time);
	memmove(time, time + strlen("YYYY-MM-DD "), sizeof("hh:mm:ss"));
	time[strlen("hh:mm:ss")] = '\0';
	snprintf(delay, sizeof(delay), "%s%s", top->delay, time_unit(top->delay));
	if (top->live)
		screen_size(&picture.width, &picture.height);
	top_sort(&top->rows, top->sort);
	top_draw(out, &top->rows, &picture);
}

/* At one go, so that no half of it is seen. */
static int draw_live(struct top *top)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int err;

	if (!out)
		return -ENOMEM;
	draw(top, out);
	err = fclose(out) ? -ENOMEM : screen_write(text, len);
	free(text);
	return err;
}

/* ---- on a terminal ------------------------------------------------------------ */

static int change_order(struct top *top, int step)
{
	top->sort = (top->sort + TOP_SORTS + step) % TOP_SORTS;
	return draw_live(top);
}

/* What a live view ends with: 0 for the key, or a negative errno. */
#define GO_ON	1

static int take_key(struct top *top, char key, bool *now)
{
	int err = 0;

	switch (key) {
	case 'q':
	case 'Q':
		return 0;
	case 's':
		err = change_order(top, 1);
		break;
	case 'S':
		err = change_order(top, -1);
		break;
	case ' ':
	case '\r':
	case '\n':
		*now = true;
		break;
	}
	return err ? err : GO_ON;
}

/* Until it is time to look again, which a key can make it. */
static int wait_live(struct top *top)
{
	int64_t deadline = next_look(top);
	bool now = false;
	int ret = GO_ON;
	char key = 0;

	while (ret == GO_ON && !now) {
		switch (screen_wait(deadline, &key)) {
		case SCREEN_TIME:
			return GO_ON;
		case SCREEN_KEY:
			ret = take_key(top, key, &now);
			break;
		case SCREEN_REDRAW:
			ret = draw_live(top);
			ret = ret ? ret : GO_ON;
			break;
		case SCREEN_INTERRUPTED:
			return -EINTR;
		case SCREEN_GONE:
			return 0;
		}
	}
	return ret;
}

static int look_live(struct top *top)
{
	uint64_t looks = 0;
	int ret = 0;

	while (!ret && (!top->count || looks < top->count)) {
		ret = wait_live(top);
		if (ret != GO_ON)
			return ret;
		ret = look(top);
		if (ret == -EAGAIN)
			ret = 0;
		else
			looks++;
		if (!ret)
			ret = draw_live(top);
	}
	return ret;
}

/* What there is to say is said when the terminal is as it was. */
static int run_live(struct top *top)
{
	int err;

	setlocale(LC_CTYPE, "");
	err = screen_open();
	if (err)
		return fail_device(err);
	err = look_live(top);
	screen_close();
	return err ? fail_look(err) : CLI_OK;
}

/* ---- elsewhere ---------------------------------------------------------------- */

static int wait_plain(struct top *top)
{
	int64_t left = next_look(top) - time_now();
	int err = 0;

	while (!err && left > 0 && !interrupted()) {
		err = stream_wait(-1, left);
		left = next_look(top) - time_now();
	}
	return interrupted() ? -EINTR : err;
}

static int print_table(struct top *top, bool first)
{
	if (!first)
		putchar('\n');
	draw(top, stdout);
	return stream_flush();
}

static int run_plain(struct top *top)
{
	uint64_t looks = 0;
	int err, code = CLI_OK;

	while (!code && looks < top->count) {
		err = wait_plain(top);
		if (!err)
			err = look(top);
		if (err == -EAGAIN)
			continue;
		code = err ? fail_look(err) : print_table(top, !looks++);
	}
	return code;
}

/* ---- the verb ------------------------------------------------------------------ */

static void take_option(struct top *top, int key, const char *value)
{
	switch (key) {
	case 'd':
		top->delay = value;
		top->interval = arg_duration("--delay", value);
		if (top->interval < DELAY_MIN)
			usage_error("--delay: '%s' is less than 10ms", value);
		break;
	case 'C':
		top->count = arg_number("--count", value, 1, INT64_MAX);
		break;
	case 's':
		top->sort = top_sort_find(value);
		if (top->sort == TOP_SORTS)
			usage_error("--sort: there is no order '%s'", value);
		break;
	}
}

static void take_arguments(struct top *top, struct cli *cli)
{
	int key;

	take_option(top, 'd', DEFAULT_DELAY);
	while ((key = cli_option(cli)) != CLI_END)
		take_option(top, key, cli->value);
	for (int i = 0; i < cli->count; i++)
		cli_mailbox(cli, i);
	/* The array was made with a NULL at its end. */
	top->names = cli->count ? cli->operands : NULL;
	top->live = screen_is_there();
	if (!top->live && !top->count)
		top->count = 1;
}

static int run_with(struct top *top)
{
	int code = first_look(top);

	if (!code)
		code = top->live ? run_live(top) : run_plain(top);
	free(top->rows.rows);
	free(top->before.list);
	free(top->now.list);
	return code;
}

static int run(struct cli *cli)
{
	struct top top = { .sort = TOP_BUSY };
	int code;

	take_arguments(&top, cli);
	code = stream_writable();
	if (code)
		return code;
	top.ctl = manage_open(&code);
	if (!top.ctl)
		return code;
	if (!top.live)
		interrupt_catch();
	code = run_with(&top);
	mbox_ctl_close(top.ctl);
	return code;
}

const struct cli_verb verb_top = {
	.name = "top",
	.synopsis = "[-d TIME] [-C COUNT] [-s ORDER] [NAME...]",
	.summary = "Watch how busy and how full mailboxes are",
	.options = options,
	.details = details,
	.more_help = list_orders,
	.max_operands = CLI_ANY_NUMBER,
	.run = run,
};
