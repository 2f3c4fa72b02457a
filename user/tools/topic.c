// SPDX-License-Identifier: GPL-2.0-only
#include "cli.h"
#include "report.h"
#include "topic.h"

int topic_open(struct mbox **mbox, const char *name, const struct mbox_open_options *how)
{
	struct mbox_stat stat;
	int err = mbox_open(mbox, name, how);

	if (err)
		return fail_open(name, how->rights, err);
	err = mbox_info(*mbox, &stat, NULL);
	if (!err && stat.kind == MBOX_KIND_TOPIC)
		return CLI_OK;
	*mbox = mbox_close(*mbox);
	if (err)
		return fail_open(name, how->rights, err);
	report("%s: not a topic: each message goes to one receiver\n"
	       "(mbox create NAME --kind topic makes one)", name);
	return CLI_FAILURE;
}
