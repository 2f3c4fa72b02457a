/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One interface for every mechanism: the workloads, the probes of features and
 * the reports know nothing else of them.
 */
#ifndef IPCBENCH_MECHANISM_H
#define IPCBENCH_MECHANISM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#define LANE_ADDRESS_MAX	128
#define LANE_SIZE_MAX		(1 << 20)

/* Most messages that a call of those that take several carries. */
#define LANE_BATCH_MAX		32

/* How long a call may wait, in nanoseconds; anything above 0 is a time limit. */
#define WAIT_FOREVER	(-1)
#define WAIT_NEVER	0

/*
 * What a receive returns when nothing is left and every sender has gone for
 * good. An empty message is a length of 0.
 */
#define RECV_END	(-ENODATA)

enum role {
	ROLE_SENDER,
	ROLE_RECEIVER,
};

/*
 * What a mechanism is. Nothing here is a claim about its features: those are
 * measured.
 */
enum {
	/* Keeps no boundaries: the receiver reads on until it has the size. */
	MECHANISM_STREAM = 1 << 0,
	/* Waits by asking again and again, and so takes a processor. */
	MECHANISM_BUSY = 1 << 1,
	/* recv() chooses by type; without it the reader must sort by itself. */
	MECHANISM_TYPES = 1 << 2,
	/* Every send waits for the receiver to take the message. */
	MECHANISM_RENDEZVOUS = 1 << 3,
	/* Its calls have no time limit: the signal of a timer has to end them. */
	MECHANISM_TIMER = 1 << 4,
};

struct mechanism;

/**
 * struct lane - one way for messages, from its senders to its receivers
 * @how: the mechanism
 * @size: largest message that will be sent, bytes
 * @depth: messages it is to hold without a receiver, 0 for as many as it holds
 *	   by itself. A mechanism that cannot be told so ignores it, one that can
 *	   but may not refuses to open with -EPERM or its own errno
 * @senders: how many processes will join as senders
 * @receivers: how many will join as receivers
 * @broadcast: every receiver is to get every message
 * @acknowledge: what is received is gone only when ack() says so; for a mechanism
 *		 with @ack
 * @calls: messages are requests, by call(), and get replies; for a mechanism with
 *	   @call
 * @address: by which a process that has inherited nothing finds the lane; ""
 *	     if there is no such thing
 * @own: the mechanism's, made by open(); a process that has inherited nothing has
 *	 NULL here
 */
struct lane {
	const struct mechanism *how;
	size_t size;
	unsigned int depth;
	unsigned int senders;
	unsigned int receivers;
	bool broadcast;
	bool acknowledge;
	bool calls;
	char address[LANE_ADDRESS_MAX];
	void *own;
};

/**
 * struct end - one process's end of a lane
 * @lane: whose
 * @role: what this process does there
 * @index: number among the lane's ends of that role, from 0
 * @own: the mechanism's, made by join()
 */
struct end {
	struct lane *lane;
	enum role role;
	unsigned int index;
	void *own;
};

/**
 * struct mechanism - how one mechanism does what all are asked for
 *
 * All functions return 0 or a negative errno if nothing else is said, and
 * -EOPNOTSUPP for what the mechanism does not have. Pointers that may be NULL
 * say so; what is NULL is what the mechanism does not have.
 *
 * Life of a lane: the first process calls open(), then forks. Every receiver
 * calls join(), then, once all receivers have, every sender does; then
 * messages go. leave() undoes join(), in each process; close() undoes open(), in
 * the first. Whatever has a name is entered with the guard before it is made
 * (user/lab/guard.h), so that a process that is killed leaves nothing.
 *
 * @name: on the command line and in files: small letters, digits, "-"
 * @title: in tables
 * @group: "pipe", "socket", "queue", "memory", "signal", "process", "library",
 *	   "mbox": what the tables put together
 * @note: what a reader of the table should know, or NULL
 * @flags: MECHANISM_*
 * @absent: why it cannot be used here, or NULL if it can; NULL: always can.
 *	    The text says what is missing and what to do about it
 * @start: before its first lane, once, in the first process: start a server.
 *	   May be NULL
 * @stop: undo start()
 * @server: process id of the server whose processor time counts, or 0. May be NULL
 * @max_size: largest message it carries here and now, bytes; at most
 *	      LANE_SIZE_MAX is asked for
 * @shared_max: largest message for which several processes may share the sending
 *		end or the receiving end, 0 if each pair must have its own lane
 * @open: make the lane
 * @close: remove it
 * @join: get this process ready; @end->own is the mechanism's
 *	  A process that joins in one role gives up what it has inherited for
 *	  the other one
 * @leave: undo join()
 * @release: in a first process that takes no part itself, once all have joined:
 *	     give up what it holds only for others to inherit, so that they learn of
 *	     each other's end (RECV_END, -EPIPE). close() still follows. May be NULL
 * @send: send one message of a type (at least 1). @wait says how long it may
 *	  wait for room: -EAGAIN or -ETIMEDOUT if it was too short, -EPIPE (or what
 *	  the kernel says) if nobody will receive. A stream that had room for a
 *	  part only says so, too: its next send() must be of the same message,
 *	  and goes on with it
 * @recv: receive one message, of @type if the mechanism has types, any if 0.
 *	  Returns its whole length or, with MECHANISM_STREAM, how many bytes were
 *	  there; -EAGAIN, -ETIMEDOUT, RECV_END. A call with WAIT_FOREVER is the
 *	  plain blocking call, with no other system call around it; it returns
 *	  -EINTR if a signal handler ended it
 * @recv_at: as recv(), but say where the message lies, which is valid until the next
 *	     receive: it need not be copied once more. May be NULL; -EOPNOTSUPP at
 *	     an end where nothing can lie
 * @poll_fd: descriptor that polls readable (@end a receiver) when a message is
 *	     there, or writable (a sender) when there is room. A receiver that
 *	     asks before its sender has joined may have to wait for that. May be
 *	     NULL
 * @peek: like recv() with WAIT_NEVER, but the message stays. May be NULL
 * @sender: process id that the kernel (or server) gives as the sender of the
 *	    message received last. A mechanism that must ask for it does so only
 *	    with a @wait other than WAIT_FOREVER. May be NULL
 * @forge: send a message that claims to be from the process @as. May be NULL if
 *	   the sender cannot even be claimed
 * @send_priority: like send(), and more urgent the higher @priority (0 to 9) is.
 *		   May be NULL. Such messages are received by recv_priority()
 * @recv_priority: most urgent message first, oldest first among equals
 * @send_sync: like send(), but return only when a receiver has taken the message.
 *	       May be NULL: send() is asked
 * @send_ttl: send a message that is not delivered any more after @ttl nanoseconds,
 *	      0 for ever. May be NULL
 * @ack: the message received last has been worked on. May be NULL
 * @call: send a request and wait for its reply, and for no other one: its whole
 *	  length, or what recv() returns. May be NULL
 * @reply: answer the request received last. Whether the caller still waits for it
 *	   need not be known
 * @reply_recv: answer the request received last and receive the next one: as recv().
 *		Where it is there, round trips go by call() and this. May be NULL
 * @send_batch: send up to LANE_BATCH_MAX messages of type 1: how many, at least one, from
 *		the first on. Where it is there, messages that follow each other
 *		go by this and recv_batch(). May be NULL
 * @recv_batch: receive one message, and as many more as are there: how many, and in
 *		the vector the length of each; or an error as recv()
 * @send_fd: send a descriptor along with one byte. May be NULL
 * @recv_fd: receive one: the descriptor. May be NULL
 * @in_place: where the next message's payload lies in memory that both ends
 *	      share, so that it need not be copied at all; NULL: there is no such place
 * @remains: whether something of the lane with that address is left after all
 *	     its processes have died without a word. May be NULL
 */
struct mechanism {
	const char *name;
	const char *title;
	const char *group;
	const char *note;
	unsigned int flags;

	const char *(*absent)(void);
	int (*start)(void);
	void (*stop)(void);
	pid_t (*server)(void);

	size_t (*max_size)(void);
	size_t shared_max;

	int (*open)(struct lane *lane);
	void (*release)(struct lane *lane);
	void (*close)(struct lane *lane);
	int (*join)(struct end *end);
	void (*leave)(struct end *end);
	int (*send)(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait);
	ssize_t (*recv)(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait);

	ssize_t (*recv_at)(struct end *end, uint64_t type, const void **at, int64_t wait);

	int (*poll_fd)(struct end *end);
	ssize_t (*peek)(struct end *end, void *buf, size_t size);
	int (*sender)(struct end *end, pid_t *pid);
	int (*forge)(struct end *end, pid_t as, const void *data, size_t len);
	int (*send_priority)(struct end *end, unsigned int priority, const void *data, size_t len);
	ssize_t (*recv_priority)(struct end *end, void *buf, size_t size);
	int (*send_sync)(struct end *end, const void *data, size_t len, int64_t wait);
	int (*send_ttl)(struct end *end, int64_t ttl, const void *data, size_t len);
	int (*ack)(struct end *end);
	ssize_t (*call)(struct end *end, const void *data, size_t len, void *reply, size_t size,
			int64_t wait);
	int (*reply)(struct end *end, const void *data, size_t len);
	ssize_t (*reply_recv)(struct end *end, const void *data, size_t len, void *buf,
			      size_t size, int64_t wait);
	int (*send_batch)(struct end *end, const struct iovec *vec, unsigned int count,
			  int64_t wait);
	int (*recv_batch)(struct end *end, struct iovec *vec, unsigned int count, int64_t wait);
	int (*send_fd)(struct end *end, int fd);
	int (*recv_fd)(struct end *end);
	void *(*in_place)(struct end *end);
	bool (*remains)(const char *address);
};

/* All of them, in the order of the tables; ends with NULL. */
extern const struct mechanism *const mechanisms[];

const struct mechanism *mechanism_find(const char *name);

/* For max_size: as large as anyone asks. */
size_t any_size(void);

#endif /* IPCBENCH_MECHANISM_H */
