// SPDX-License-Identifier: GPL-2.0-only
/* Two anonymous mailboxes: one for calls, one for replies. */
#include <mbox.h>

#include "../../check.h"
#include "carrier.h"

static int send_mbox(struct carrier *carrier, const void *data, size_t len)
{
	return mbox_send(carrier->out, 1, data, len, MBOX_FOREVER);
}

static ssize_t recv_mbox(struct carrier *carrier, void *buf, size_t size, int64_t timeout)
{
	struct mbox_header header;
	int ret = mbox_recv(carrier->in, &header, buf, size, timeout);

	return ret > 0 ? (ssize_t)header.len : ret;
}

static void close_mbox(struct carrier *carrier)
{
	carrier->in = mbox_close(carrier->in);
	carrier->out = mbox_close(carrier->out);
}

static const struct carrier over_mbox = {
	.name = "mbox",
	.send = send_mbox,
	.recv = recv_mbox,
	.close = close_mbox,
};

/* With one-way handles each side learns that the other has gone. */
static void make_one_way(struct mbox **sender, struct mbox **receiver)
{
	static const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	struct mbox *both;

	check(mbox_open(&both, NULL, &options), "make a mailbox");
	check(mbox_grant(both, MBOX_RIGHT_SEND, sender), "grant sending");
	check(mbox_grant(both, MBOX_RIGHT_RECV, receiver), "grant receiving");
	mbox_close(both);
}

void connect_mbox(struct carrier *client, struct carrier *server)
{
	*client = over_mbox;
	*server = over_mbox;
	make_one_way(&client->out, &server->in);
	make_one_way(&server->out, &client->in);
}
