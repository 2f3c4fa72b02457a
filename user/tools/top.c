// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "top.h"

#define NSEC_PER_SEC	1e9

/* ---- rates ---------------------------------------------------------------- */

double top_rate(uint64_t now, uint64_t before, int64_t ns)
{
	if (now <= before || ns <= 0)
		return 0;
	return (now - before) * NSEC_PER_SEC / ns;
}

static int by_id(const void *a, const void *b)
{
	const struct mbox_stat *left = a, *right = b;

	return (left->id > right->id) - (left->id < right->id);
}

/* A mailbox that was not there has done since then all that it ever did. */
static const struct mbox_stat *stat_before(const struct top_reading *before,
					   const struct mbox_stat *stat)
{
	static const struct mbox_stat unborn;
	const struct mbox_stat *found = NULL;

	if (before->count)
		found = bsearch(stat, before->list, before->count, sizeof(*stat), by_id);
	return found ? found : &unborn;
}

static struct top_row compare(const struct mbox_stat *stat,
			      const struct mbox_stat *before, int64_t ns)
{
	return (struct top_row) {
		.stat = stat,
		.sent = top_rate(stat->sent, before->sent, ns),
		.received = top_rate(stat->received, before->received, ns),
		.lost = top_rate(stat->lost, before->lost, ns),
	};
}

static bool is_wanted(char *const *names, const char *name)
{
	for (char *const *wanted = names; wanted && *wanted; wanted++)
		if (!strcmp(*wanted, name))
			return true;
	return !names;
}

int top_compare(struct top_rows *rows, const struct top_reading *now,
		const struct top_reading *before, char *const *names)
{
	int64_t ns = before->time ? now->time - before->time : 0;

	rows->rates = before->time;
	rows->count = 0;
	rows->rows = calloc(now->count + 1, sizeof(*rows->rows));
	if (!rows->rows)
		return -ENOMEM;
	for (size_t i = 0; i < now->count; i++) {
		const struct mbox_stat *stat = &now->list[i];

		if (is_wanted(names, stat->name))
			rows->rows[rows->count++] =
				compare(stat, stat_before(before, stat), ns);
	}
	return 0;
}

/* ---- order ---------------------------------------------------------------- */

static const char *const sort_names[TOP_SORTS] = {
	[TOP_BUSY] = "busy",
	[TOP_NAME] = "name",
	[TOP_MSGS] = "msgs",
	[TOP_USE] = "use",
	[TOP_BYTES] = "bytes",
	[TOP_SENT] = "sent",
	[TOP_RECV] = "recv",
	[TOP_LOST] = "lost",
	[TOP_RWAIT] = "rwait",
	[TOP_SWAIT] = "swait",
	[TOP_OWED] = "owed",
};

const char *top_sort_name(enum top_sort sort)
{
	return sort_names[sort];
}

enum top_sort top_sort_find(const char *name)
{
	enum top_sort sort = TOP_BUSY;

	while (sort < TOP_SORTS && strcmp(sort_names[sort], name))
		sort++;
	return sort;
}

uint64_t top_owed(const struct mbox_stat *stat)
{
	return stat->calls + stat->leased;
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / whole : 0;
}

double top_use(const struct mbox_stat *stat)
{
	double msgs = share(stat->msgs, stat->limits.max_msgs);
	double bytes = share(stat->bytes, stat->limits.max_bytes);

	if (stat->kind == MBOX_KIND_TOPIC)
		return -1;
	return msgs > bytes ? msgs : bytes;
}

static double value_of(const struct top_row *row, enum top_sort sort)
{
	const struct mbox_stat *stat = row->stat;

	switch (sort) {
	case TOP_MSGS:
		return stat->msgs;
	case TOP_USE:
		return top_use(stat);
	case TOP_BYTES:
		return stat->bytes;
	case TOP_SENT:
		return row->sent;
	case TOP_RECV:
		return row->received;
	case TOP_LOST:
		return row->lost;
	case TOP_RWAIT:
		return stat->waiting_receivers;
	case TOP_SWAIT:
		return stat->waiting_senders;
	case TOP_OWED:
		return top_owed(stat);
	default:
		return row->sent + row->received;
	}
}

static int more_first(const struct top_row *a, const struct top_row *b,
		      enum top_sort sort)
{
	double left = value_of(a, sort), right = value_of(b, sort);

	return (left < right) - (left > right);
}

/* Equals are in the order of their creation, so that none jumps about. */
static int compare_rows(const void *left, const void *right, void *arg)
{
	const struct top_row *a = left, *b = right;
	enum top_sort sort = *(enum top_sort *)arg;
	int order;

	if (sort == TOP_NAME)
		order = strcmp(a->stat->name, b->stat->name);
	else
		order = more_first(a, b, sort);
	if (!order)
		order = more_first(a, b, TOP_BUSY);
	if (!order)
		order = more_first(a, b, TOP_MSGS);
	return order ? order : by_id(a->stat, b->stat);
}

void top_sort(struct top_rows *rows, enum top_sort sort)
{
	qsort_r(rows->rows, rows->count, sizeof(*rows->rows), compare_rows, &sort);
}
