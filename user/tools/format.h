/* SPDX-License-Identifier: GPL-2.0-only */
/* How a received message is printed. */
#ifndef MBOX_TOOLS_FORMAT_H
#define MBOX_TOOLS_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include <mbox.h>

/**
 * struct style - how messages are printed
 * @format: text with %-sequences, or NULL for the payload alone
 * @json: a JSON object a message
 * @hex: a hex dump a message
 * @null: a NUL ends each message, not a line feed
 * @escape: nothing that is printed may control a terminal
 */
struct style {
	const char *format;
	bool json;
	bool hex;
	bool null;
	bool escape;
};

/* The first sequence of @format that means nothing, or NULL if all do. */
const char *format_error(const char *format);

/* Takes the options -F, -j, -x and -0. */
void style_option(struct style *style, int key, const char *value);

/* Refuses options that contradict each other. */
void style_check(const struct style *style);

/* Keeps standard output from being controlled by what is printed, if that is one. */
void style_terminal(struct style *style);

void print_message(FILE *out, const struct style *style,
		   const struct mbox_header *header, const void *payload);

#endif /* MBOX_TOOLS_FORMAT_H */
