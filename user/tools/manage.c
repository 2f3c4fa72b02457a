// SPDX-License-Identifier: GPL-2.0-only
#include "manage.h"
#include "report.h"

struct mbox_ctl *manage_open(int *code)
{
	struct mbox_ctl *ctl;
	int err = mbox_ctl_open(&ctl);

	*code = err ? fail_device(err) : CLI_OK;
	return err ? NULL : ctl;
}

int manage_get(struct mbox_ctl *ctl, const char *name, struct mbox_stat *stat)
{
	int err = mbox_ctl_get(ctl, name, stat);

	return err ? fail_ctl(ctl, name, err) : CLI_OK;
}
