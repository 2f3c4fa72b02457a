// SPDX-License-Identifier: GPL-2.0-only
/*
 * call - ask a server and wait for its reply
 *
 * mbox_call() sends a request and waits for its reply in one system call. The
 * server, a child, answers one request and waits for the next in one, too; the
 * cookie in the header says which one it owes a reply. Asked to end, it goes
 * without a reply: the caller learns that, and waits for nothing.
 *
 *	$ examples/mbox/call
 */
#include <ctype.h>
#include <mbox.h>

#include "../check.h"

enum { CAPITALS = 1, THE_END = 2, NOT_SERVED = 3 };

static void to_capitals(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text[i] = toupper((unsigned char)text[i]);
}

static void serve(uint64_t id)
{
	const struct mbox_filter filter = mbox_filter_range(CAPITALS, THE_END, 0);
	const struct mbox_open_options options = {
		.rights = MBOX_RIGHT_RECV, .filter = &filter,
	};
	struct mbox_header header = { .type = CAPITALS };
	uint64_t cookie = 0;
	struct mbox *mbox;
	char text[64];

	check(mbox_open_id(&mbox, id, &options), "open by id");
	while (header.type != THE_END) {
		check(mbox_reply_recv(mbox, &cookie, CAPITALS, text, header.len,
				      &header, text, sizeof(text), MBOX_FOREVER),
		      "reply and receive");
		cookie = header.cookie;
		to_capitals(text, header.len);
	}
	mbox_close(mbox);
}

static void ask(struct mbox *mbox, uint64_t type, const char *text, int64_t timeout)
{
	struct mbox_header header;
	char reply[64];
	int ret = mbox_call(mbox, type, text, strlen(text), &header, reply,
			    sizeof(reply), timeout);

	if (ret)
		printf("%s: %s\n", text, strerror(-ret));
	else
		printf("%s: %.*s, says process %u\n", text, (int)header.len, reply,
		       header.pid);
}

int main(void)
{
	static const struct mbox_open_options options = {
		.rights = MBOX_RIGHT_RECV | MBOX_RIGHT_SEND,
		.flags = MBOX_OPEN_CREATE,
	};
	struct mbox_stat stat;
	struct mbox *mbox;
	pid_t child;

	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	child = start_child();
	if (!child) {
		serve(stat.id);
		return 0;
	}
	ask(mbox, CAPITALS, "hello", MBOX_FOREVER);
	ask(mbox, CAPITALS, "once more", MBOX_FOREVER);
	ask(mbox, NOT_SERVED, "anybody", 100000000);
	ask(mbox, THE_END, "stop", MBOX_FOREVER);
	check(mbox_info(mbox, &stat, NULL), "mailbox state");
	printf("%ju sent, %ju received, %ju withdrawn\n", (uintmax_t)stat.sent,
	       (uintmax_t)stat.received, (uintmax_t)stat.withdrawn);
	end_child(child);
	mbox_close(mbox);
	return 0;
}
