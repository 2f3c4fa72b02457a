/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs, each in a file of its own. */
#ifndef MBOX_TOOLS_CMD_H
#define MBOX_TOOLS_CMD_H

#include "cli.h"

extern const struct cli_verb verb_call;
extern const struct cli_verb verb_cat;
extern const struct cli_verb verb_create;
extern const struct cli_verb verb_freeze;
extern const struct cli_verb verb_help;
extern const struct cli_verb verb_ls;
extern const struct cli_verb verb_monitor;
extern const struct cli_verb verb_peek;
extern const struct cli_verb verb_pub;
extern const struct cli_verb verb_purge;
extern const struct cli_verb verb_recv;
extern const struct cli_verb verb_rm;
extern const struct cli_verb verb_run;
extern const struct cli_verb verb_send;
extern const struct cli_verb verb_serve;
extern const struct cli_verb verb_set;
extern const struct cli_verb verb_show;
extern const struct cli_verb verb_step;
extern const struct cli_verb verb_sub;
extern const struct cli_verb verb_thaw;
extern const struct cli_verb verb_top;
extern const struct cli_verb verb_version;

/* What "mbox help" prints. */
void print_help(FILE *out);

#endif /* MBOX_TOOLS_CMD_H */
