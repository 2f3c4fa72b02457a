/* SPDX-License-Identifier: GPL-2.0-only */
/* One loop over whatever has a descriptor, and the sources that Linux has. */
#ifndef EXAMPLES_LOOP_H
#define EXAMPLES_LOOP_H

#include <stdbool.h>
#include <sys/types.h>

struct mbox;

/**
 * struct source - something that the loop waits for
 * @ready: takes what it brings; false at its end
 * @fd: descriptor that polls readable
 * @other: another descriptor that @ready works with
 * @mbox: mailbox, for the source that is one
 */
struct source {
	bool (*ready)(struct source *source);
	int fd;
	int other;
	struct mbox *mbox;
};

/**
 * struct peer - a child that does one thing after the other
 * @pid: its process
 * @socket: ours, which is a source and tells the peer to go on
 * @pipe: ours to read from
 * @peer_socket: the peer's
 * @peer_pipe: the peer's to write to
 */
struct peer {
	pid_t pid;
	int socket;
	int pipe;
	int peer_socket;
	int peer_pipe;
};

/* Each makes a source; the timer is armed by the signal. */
struct source socket_source(const struct peer *peer);
struct source pipe_source(const struct peer *peer);
struct source child_source(const struct peer *peer);
struct source timer_source(void);
struct source signal_source(const struct source *timer);

/*
 * Waits for the sources until as many of them have ended. After each event the
 * peer is told to go on, so that they come one at a time.
 */
void wait_for_sources(struct source *sources, int count, int ends, const struct peer *peer);

/* Makes the socket and the pipe, before the sources. */
void connect_peer(struct peer *peer);

/* Starts a child that calls @act, ends the connections, and ends with status 7. */
void start_peer(struct peer *peer, void (*act)(const struct peer *peer));

/* In the peer: returns when we are told to go on. */
void await_turn(const struct peer *peer);

#endif /* EXAMPLES_LOOP_H */
