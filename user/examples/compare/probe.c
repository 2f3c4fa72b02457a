// SPDX-License-Identifier: GPL-2.0-only
/* The questions with a word for an answer, each put to the mechanism itself. */
#include <poll.h>

#include "compare.h"

/* What each mechanism can carry, a signal included. */
#define TEXT_SIZE	8

#define FIRST		"message1"
#define SECOND		"message2"

static const char *yes_or_no(bool yes)
{
	return yes ? "yes" : "no";
}

static pid_t send_from_child(struct channel *channel, uint64_t type, const char *text)
{
	pid_t child = start_child();

	if (!child) {
		channel_attach(channel);
		channel->how->send(channel, type, text, TEXT_SIZE);
		_exit(0);
	}
	end_child(child);
	return child;
}

static size_t receive(struct channel *channel, uint64_t type, char *buf, size_t size,
		      pid_t *sender)
{
	ssize_t len = channel->how->recv(channel, type, buf, size, sender);

	if (len < 0)
		fail(channel->how->name, -len);
	return len;
}

/* Two messages, and one receive with room for both. */
const char *probe_boundaries(const struct mechanism *how)
{
	struct channel channel;
	char buf[MESSAGE_SIZE];
	size_t len;

	channel_open(&channel, how, 0);
	send_from_child(&channel, 1, FIRST);
	send_from_child(&channel, 1, SECOND);
	len = receive(&channel, 0, buf, sizeof(buf), NULL);
	how->close(&channel);
	return yes_or_no(len == TEXT_SIZE && !memcmp(buf, FIRST, TEXT_SIZE));
}

/* Two senders: is each named with its own message, or only the last of them? */
const char *probe_sender(const struct mechanism *how)
{
	struct channel channel;
	pid_t real[2], told[2];
	char buf[TEXT_SIZE];

	channel_open(&channel, how, 0);
	real[0] = send_from_child(&channel, 1, FIRST);
	real[1] = send_from_child(&channel, 1, SECOND);
	receive(&channel, 0, buf, sizeof(buf), &told[0]);
	receive(&channel, 0, buf, sizeof(buf), &told[1]);
	how->close(&channel);
	if (told[0] != real[0] && told[1] == real[1])
		return "last";
	return yes_or_no(told[0] == real[0] && told[1] == real[1]);
}

/* Types 2 and 1 are sent in this order; type 1 is asked for. */
const char *probe_choice(const struct mechanism *how)
{
	struct channel channel;
	char buf[TEXT_SIZE];

	channel_open(&channel, how, 0);
	send_from_child(&channel, 2, SECOND);
	send_from_child(&channel, 1, FIRST);
	receive(&channel, 1, buf, sizeof(buf), NULL);
	how->close(&channel);
	return yes_or_no(!memcmp(buf, FIRST, sizeof(buf)));
}

static bool polls_readable(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	check_sys(poll(&pollfd, 1, 0), "poll");
	return pollfd.revents == POLLIN;
}

/* Readable when there is a message, and not before. */
const char *probe_poll(const struct mechanism *how)
{
	bool before = true, after = false;
	struct channel channel;
	int fd;

	channel_open(&channel, how, 0);
	if (how->poll_fd) {
		fd = how->poll_fd(&channel);
		before = polls_readable(fd);
		send_from_child(&channel, 1, FIRST);
		after = polls_readable(fd);
	}
	how->close(&channel);
	return yes_or_no(after && !before);
}
