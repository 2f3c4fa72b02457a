/* SPDX-License-Identifier: GPL-2.0-only */
/* What top shows: rates between two readings, an order, and a picture of both. */
#ifndef MBOX_TOOLS_TOP_H
#define MBOX_TOOLS_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <mbox.h>

/* Room for a number as top_number() and top_rate_text() write it. */
#define TOP_NUMBER_MAX	8

/* Orders, of which all but the one by name begin with the most. */
enum top_sort {
	TOP_BUSY,
	TOP_NAME,
	TOP_MSGS,
	TOP_USE,
	TOP_BYTES,
	TOP_SENT,
	TOP_RECV,
	TOP_LOST,
	TOP_RWAIT,
	TOP_SWAIT,
	TOP_OWED,
	TOP_SORTS
};

/**
 * struct top_reading - all mailboxes at one time
 * @list: the mailboxes by ascending id, or NULL
 * @count: how many
 * @time: CLOCK_MONOTONIC nanoseconds; 0 before the first reading
 */
struct top_reading {
	struct mbox_stat *list;
	size_t count;
	int64_t time;
};

/**
 * struct top_row - a mailbox, and what it did between two readings
 * @stat: the mailbox, as the later one has it
 * @sent: messages sent a second
 * @received: messages received a second
 * @lost: messages lost a second
 */
struct top_row {
	const struct mbox_stat *stat;
	double sent;
	double received;
	double lost;
};

/**
 * struct top_rows - what is shown of a reading
 * @rows: the mailboxes
 * @count: how many
 * @rates: there are rates, since there was a reading before
 */
struct top_rows {
	struct top_row *rows;
	size_t count;
	bool rates;
};

/**
 * struct top_picture - how it is drawn
 * @live: on a terminal, over what is there; else as lines of text
 * @width: columns of the terminal
 * @height: lines of the terminal
 * @time: of the reading, for the first line
 * @delay: time between two readings, in words
 * @sort: the order, for people
 */
struct top_picture {
	bool live;
	int width;
	int height;
	const char *time;
	const char *delay;
	enum top_sort sort;
};

/*
 * How fast a counter counted in @ns nanoseconds; 0 if it went back, as the
 * number of received messages does when a leased one returns.
 */
double top_rate(uint64_t now, uint64_t before, int64_t ns);

/*
 * Fills @rows, whose member @rows is to be freed, with those mailboxes of @now
 * that @names has, or with all if @names is NULL. Returns 0 or -ENOMEM.
 */
int top_compare(struct top_rows *rows, const struct top_reading *now,
		const struct top_reading *before, char *const *names);

/* Calls without their reply, and leased messages that may come back. */
uint64_t top_owed(const struct mbox_stat *stat);

/*
 * How near to its bounds a mailbox is, 1 being full. -1 for a topic: it has none
 * itself, but each of its subscribers has.
 */
double top_use(const struct mbox_stat *stat);

void top_sort(struct top_rows *rows, enum top_sort sort);

/* The word for an order, and the order of a word: TOP_SORTS if there is none. */
const char *top_sort_name(enum top_sort sort);
enum top_sort top_sort_find(const char *name);

/* Numbers of at most five characters; K, M, G are powers of 1024. */
char *top_number(uint64_t number, char *buf);

/* The same of messages a second, where k, M, G are powers of 1000. */
char *top_rate_text(double rate, char *buf);

/* Never more than @height lines of @width columns, if it is @live. */
void top_draw(FILE *out, const struct top_rows *rows,
	      const struct top_picture *picture);

#endif /* MBOX_TOOLS_TOP_H */
