// SPDX-License-Identifier: GPL-2.0-only
/*
 * mailslot - one reader, many writers, fire and forget
 *
 * The reader makes the mailslot and waits for so long and no longer; a writer finds
 * it by its name, leaves a message and need not stay. The name goes with the reader.
 * As on Windows, a message comes as it was written, and the reader can ask how many
 * wait and how long the next one is. Unlike there, each says who wrote it; and with
 * the policy drop-newest no writer ever waits for room.
 *
 * A second reader would need the right to receive, which the mode gives to nobody;
 * what the maker of a mailbox may do with its handle the mode does not say.
 *
 * Rows: 147
 *
 *	$ examples/windows/mailslot
 */
#include <mbox.h>

#include "../check.h"

#define NAME		"mailslot-example"
#define PATIENCE	INT64_C(50000000)

/* CreateMailslot() */
static struct mbox *make_mailslot(void)
{
	const struct mbox_open_options options = {
		.rights = MBOX_RIGHT_RECV,
		.flags = MBOX_OPEN_CREATE | MBOX_OPEN_EXCL,
		.mode = 0222,
		.limits = { .policy = MBOX_POLICY_DROP_NEWEST, .max_msgs = 100 },
	};
	struct mbox *slot;

	check(mbox_open(&slot, NAME, &options), "make the mailslot");
	return slot;
}

/* CreateFile(), WriteFile(), CloseHandle() */
static int leave_message(const char *text)
{
	const struct mbox_open_options options = { .rights = MBOX_RIGHT_SEND };
	struct mbox *slot;
	int ret;

	ret = mbox_open(&slot, NAME, &options);
	if (ret < 0)
		return ret;
	ret = mbox_send(slot, 1, text, strlen(text), 0);
	mbox_close(slot);
	return ret;
}

static void run_writer(const char *text)
{
	pid_t writer = start_child();

	if (!writer) {
		check(leave_message(text), "leave a message");
		_exit(EXIT_SUCCESS);
	}
	end_child(writer);
	printf("writer: has left a message and has ended\n");
}

/* GetMailslotInfo() */
static void show_state(struct mbox *slot)
{
	struct mbox_handle_stat handle;
	struct mbox_stat stat;

	check(mbox_info(slot, &stat, &handle), "state of the mailslot");
	printf("reader: %u messages wait, the next one has %lld bytes\n", stat.msgs,
	       (long long)handle.next_size);
}

/* ReadFile() of a mailslot that was made with a time limit */
static int read_message(struct mbox *slot)
{
	struct mbox_header header;
	char text[64];
	int ret = mbox_recv(slot, &header, text, sizeof(text), PATIENCE);

	if (ret > 0)
		printf("reader: process %u writes '%.*s'\n", header.pid, (int)header.len, text);
	else
		printf("reader: %s\n", ret == -ETIMEDOUT ? "nothing came in time" : strerror(-ret));
	return ret;
}

int main(void)
{
	struct mbox *slot = make_mailslot();

	run_writer("hello");
	run_writer("is anybody there?");
	show_state(slot);
	while (read_message(slot) > 0)
		;
	mbox_close(slot);
	printf("writer, after the reader has gone: %s\n", strerror(-leave_message("too late")));
	return 0;
}
