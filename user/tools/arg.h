/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of options. */
#ifndef MBOX_TOOLS_ARG_H
#define MBOX_TOOLS_ARG_H

#include <stdbool.h>
#include <stdint.h>

#include <mbox.h>

/* None of these returns if the value is wrong. */
uint64_t arg_number(const char *option, const char *text, uint64_t min, uint64_t max);
uint64_t arg_size(const char *option, const char *text, uint64_t max);
uint64_t arg_type(const char *text);
int64_t arg_duration(const char *option, const char *text);
struct mbox_filter arg_filter(const char *text);

/* --mode, --owner, --group, --policy and the limits; false for other keys. */
bool arg_setting(struct mbox_settings *settings, int key, const char *text);

#endif /* MBOX_TOOLS_ARG_H */
