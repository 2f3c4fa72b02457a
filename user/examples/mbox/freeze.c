// SPDX-License-Identifier: GPL-2.0-only
/*
 * freeze - stop a mailbox, and let its messages go one by one
 *
 * The owner of a mailbox can have it give out no message: senders send as before,
 * receivers find nothing. Each step lets one message go; when the mailbox thaws, all
 * goes on as if nothing had happened. The orders go by netlink; mbox freeze, step and
 * thaw are the same from the shell.
 *
 *	$ examples/mbox/freeze
 */
#include <mbox.h>

#include "../check.h"

#define NAME	"freeze-example"

static void set(struct mbox_ctl *ctl, const struct mbox_settings *settings)
{
	check(mbox_ctl_set(ctl, NAME, settings), "change the mailbox");
}

static void set_frozen(struct mbox_ctl *ctl, bool frozen)
{
	const struct mbox_settings settings = {
		.which = MBOX_SET_FROZEN, .frozen = frozen,
	};

	set(ctl, &settings);
}

static void step(struct mbox_ctl *ctl)
{
	const struct mbox_settings settings = { .which = MBOX_SET_STEPS, .steps = 1 };

	set(ctl, &settings);
}

static void receive(struct mbox *mbox, const char *when)
{
	struct mbox_header header;
	struct mbox_stat stat;
	char text[64];
	int ret;

	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	ret = mbox_recv(mbox, &header, text, sizeof(text), 0);
	printf("%-15s %u wait, a receive: ", when, stat.msgs);
	if (ret < 0)
		printf("%s\n", strerror(-ret));
	else
		printf("%.*s\n", (int)header.len, text);
}

int main(void)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE | MBOX_OPEN_EXCL,
	};
	static const char *const words[] = { "one", "two", "three" };
	struct mbox_ctl *ctl;
	struct mbox *mbox;

	check(mbox_open(&mbox, NAME, &options), "make the mailbox '" NAME "'");
	check(mbox_ctl_open(&ctl), "open the management");
	set_frozen(ctl, true);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		check(mbox_send(mbox, 1, words[i], strlen(words[i]), 0), "send");
	receive(mbox, "frozen:");
	step(ctl);
	receive(mbox, "one step:");
	receive(mbox, "step used up:");
	set_frozen(ctl, false);
	receive(mbox, "thawed:");
	receive(mbox, "thawed:");
	mbox_ctl_close(ctl);
	mbox_close(mbox);
	return 0;
}
