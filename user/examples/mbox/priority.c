// SPDX-License-Identifier: GPL-2.0-only
/*
 * priority - the lowest type first, and the oldest message within a type
 *
 * "<=9" takes types up to 9, lowest first: the type is a priority then, 1 the
 * most urgent. (It is what msgrcv(2) does for a type of -9.) The message of
 * type 10 is not taken and stays.
 *
 *	$ examples/mbox/priority
 */
#include <mbox.h>

#include "../check.h"

static const struct job {
	uint64_t type;
	const char *text;
} jobs[] = {
	{ 5, "sweep the floor" },
	{ 3, "answer the post" },
	{ 10, "plan the holidays" },
	{ 1, "put out the fire" },
	{ 3, "file the answers" },
};

static void send_job(struct mbox *mbox, const struct job *job)
{
	printf("send     %2ju: %s\n", (uintmax_t)job->type, job->text);
	check(mbox_send(mbox, job->type, job->text, strlen(job->text), MBOX_FOREVER),
	      "send");
}

static void receive_all(struct mbox *mbox, const char *spec)
{
	struct mbox_filter filter;
	struct mbox_header header;
	char text[64];
	int ret;

	check(mbox_filter_parse(spec, &filter), spec);
	while ((ret = mbox_recv_filter(mbox, &filter, 0, &header, text,
				       sizeof(text), 0)) > 0)
		printf("received %2llu: %.*s\n", header.type, (int)header.len, text);
	if (ret != -EAGAIN)
		check(ret, "receive");
}

int main(void)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE,
	};
	struct mbox_stat stat;
	struct mbox *mbox;

	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	for (size_t i = 0; i < sizeof(jobs) / sizeof(*jobs); i++)
		send_job(mbox, &jobs[i]);
	receive_all(mbox, "<=9");
	check(mbox_info(mbox, &stat, NULL), "ask what is left");
	printf("left     %2u\n", stat.msgs);
	mbox_close(mbox);
	return 0;
}
