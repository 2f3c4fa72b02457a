// SPDX-License-Identifier: GPL-2.0-only
/*
 * events - see what happens to mailboxes, as it happens
 *
 * The kernel tells over generic netlink what happens to every mailbox; needs
 * CAP_NET_ADMIN. A child makes a mailbox with room for one message, sends two,
 * and leaves; the parent prints the events up to the end of that mailbox.
 *
 *	# examples/mbox/events
 */
#include <mbox.h>

#include "../check.h"

#define NAME	"events-example"

static void use_mailbox(void)
{
	static const struct mbox_open_options options = {
		.flags = MBOX_OPEN_CREATE | MBOX_OPEN_EXCL,
		.limits = { .max_msgs = 1 },
	};
	struct mbox *mbox;
	char text[3];

	check(mbox_open(&mbox, NAME, &options), "make the mailbox '" NAME "'");
	check(mbox_send(mbox, 1, "one", 3, 0), "send");
	if (mbox_send(mbox, 1, "two", 3, 0) != -EAGAIN)
		fail("the mailbox should be full", EPROTO);
	check(mbox_recv(mbox, NULL, text, sizeof(text), 0), "receive");
	mbox_close(mbox);
}

static void print_event(const struct mbox_event *event)
{
	printf("%4ju %-9s", (uintmax_t)event->seq, mbox_event_name(event->type));
	if (event->type == MBOX_EVENT_MISSED)
		printf(" %ju events were lost", (uintmax_t)event->count);
	else
		printf(" %s", *event->name ? event->name : "(anonymous)");
	if (event->handle)
		printf(" handle %ju", (uintmax_t)event->handle);
	putchar('\n');
}

static void follow(struct mbox_events *events)
{
	struct mbox_event event;

	do {
		check(mbox_events_next(events, &event, 10 * INT64_C(1000000000)),
		      "wait for an event");
		print_event(&event);
	} while (event.type != MBOX_EVENT_REMOVED || strcmp(event.name, NAME));
}

int main(void)
{
	struct mbox_events *events;
	pid_t child;

	check(mbox_events_open(&events), "subscribe to events");
	child = start_child();
	if (!child) {
		use_mailbox();
		return 0;
	}
	end_child(child);
	follow(events);
	mbox_events_close(events);
	return 0;
}
