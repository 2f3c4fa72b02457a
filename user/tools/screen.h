/* SPDX-License-Identifier: GPL-2.0-only */
/* A terminal that is drawn on again and again, and given back as it was. */
#ifndef MBOX_TOOLS_SCREEN_H
#define MBOX_TOOLS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What ended a wait. */
enum screen_event {
	SCREEN_TIME,
	SCREEN_KEY,
	SCREEN_REDRAW,
	SCREEN_INTERRUPTED,
	SCREEN_GONE,
};

/* Whether standard output is a terminal that can be drawn on. */
bool screen_is_there(void);

/*
 * 0 or a negative errno. From then on the signals that would end or stop the
 * command do so only in screen_wait(), which also takes the terminal, or after
 * screen_close(), which gives it back.
 */
int screen_open(void);
void screen_close(void);

/* The size as it is now. */
void screen_size(int *width, int *height);

/* Writes all of it; 0 or a negative errno. */
int screen_write(const char *data, size_t len);

/*
 * Waits until @deadline of CLOCK_MONOTONIC for a key, which goes to @key, or for
 * a reason to draw: the terminal was taken, for the first time or after a stop,
 * or has another size.
 */
enum screen_event screen_wait(int64_t deadline, char *key);

#endif /* MBOX_TOOLS_SCREEN_H */
