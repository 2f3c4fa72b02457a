// SPDX-License-Identifier: GPL-2.0-only
#include "control.h"
#include "manage.h"
#include "report.h"

int control(struct cli *cli, const struct mbox_settings *settings)
{
	const char *name = cli_mailbox(cli, 0);
	struct mbox_ctl *ctl;
	int code, err;

	ctl = manage_open(&code);
	if (!ctl)
		return code;
	err = mbox_ctl_set(ctl, name, settings);
	if (err)
		code = fail_ctl(ctl, name, err);
	mbox_ctl_close(ctl);
	return code;
}
