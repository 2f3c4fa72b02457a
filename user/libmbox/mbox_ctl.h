/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libmbox: management of mailboxes, and their events.
 *
 * A part of mbox.h, which includes it: the rules that are written there hold here.
 */
#ifndef LIBMBOX_MBOX_CTL_H
#define LIBMBOX_MBOX_CTL_H

#ifndef LIBMBOX_MBOX_H
#error "include mbox.h, of which this is a part"
#endif

/* ---- management ---------------------------------------------------------- */

/* A netlink socket for management requests. */
struct mbox_ctl;

/**
 * mbox_ctl_open() - open a management socket
 * @out: where it goes
 *
 * Return: 0, -ENODEV if the module is not loaded, or another negative errno.
 */
int mbox_ctl_open(struct mbox_ctl **out);

/**
 * mbox_ctl_close() - close a management socket
 * @ctl: socket, or NULL
 *
 * Return: NULL.
 */
struct mbox_ctl *mbox_ctl_close(struct mbox_ctl *ctl);

/**
 * mbox_ctl_error() - the kernel's words for the last refusal
 * @ctl: socket
 *
 * Return: the text, which names what was refused and which limit, valid until
 * the next call on @ctl; "" if there is none.
 */
const char *mbox_ctl_error(const struct mbox_ctl *ctl);

/**
 * mbox_ctl_get() - state of one mailbox
 * @ctl: socket
 * @name: name
 * @stat: where the state goes
 *
 * Return: 0, or -ENOENT.
 */
int mbox_ctl_get(struct mbox_ctl *ctl, const char *name, struct mbox_stat *stat);

/**
 * mbox_ctl_get_id() - state of one mailbox, named or not
 * @ctl: socket
 * @id: id
 * @stat: where the state goes
 *
 * Return: 0, or -ENOENT.
 */
int mbox_ctl_get_id(struct mbox_ctl *ctl, uint64_t id, struct mbox_stat *stat);

/**
 * mbox_ctl_list() - state of every mailbox of the domain, by ascending id
 * @ctl: socket
 * @list: where the address of an array goes, to be freed with free(3)
 * @count: where its length goes
 *
 * A listing that the kernel reports as inconsistent is taken again. The array
 * of no mailboxes may be NULL.
 *
 * Return: 0; -EAGAIN if the domain changed during each of many attempts; or
 * another negative errno.
 */
int mbox_ctl_list(struct mbox_ctl *ctl, struct mbox_stat **list, size_t *count);

/**
 * mbox_ctl_new() - create a named mailbox
 * @ctl: socket
 * @name: name
 * @options: @flags (MBOX_OPEN_PERSIST, MBOX_OPEN_RETAIN), @kind, @mode and @limits;
 *	     the rest, which is about a handle, plays no part; or NULL
 * @id: where its id goes, or NULL
 *
 * A mailbox that is not persistent goes with its last handle; until it gets
 * its first one it stays.
 *
 * Return: 0, or -EEXIST, -EINVAL, -EDQUOT, -ENOSPC, -ENOMEM.
 */
int mbox_ctl_new(struct mbox_ctl *ctl, const char *name,
		 const struct mbox_open_options *options, uint64_t *id);

/* What mbox_ctl_set() changes. */
#define MBOX_SET_MODE		(1U << 0)
#define MBOX_SET_UID		(1U << 1)
#define MBOX_SET_GID		(1U << 2)
#define MBOX_SET_POLICY		(1U << 3)
#define MBOX_SET_MAX_MSGS	(1U << 4)
#define MBOX_SET_MAX_SIZE	(1U << 5)
#define MBOX_SET_MAX_BYTES	(1U << 6)
#define MBOX_SET_MAX_DELIVERIES	(1U << 7)
#define MBOX_SET_DEAD_LETTER	(1U << 8)
#define MBOX_SET_FROZEN		(1U << 9)
#define MBOX_SET_STEPS		(1U << 10)

/**
 * struct mbox_settings - what mbox_ctl_set() changes
 * @which: MBOX_SET_* of the members that count
 * @mode: permission bits
 * @uid: owner
 * @gid: group
 * @limits: limits and policy
 * @dead_letter: id of the mailbox that gets what came back too often; 0 for none
 * @frozen: give out no message
 * @steps: but so many more, of a mailbox that is frozen
 */
struct mbox_settings {
	uint32_t which;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	struct mbox_limits limits;
	uint64_t dead_letter;
	bool frozen;
	uint32_t steps;
};

/**
 * mbox_ctl_set() - change a mailbox
 * @ctl: socket
 * @name: name
 * @settings: what to change; all of it or nothing is
 *
 * Return: 0, or -ENOENT, -EPERM (not the owner), -EINVAL, -EIDRM.
 */
int mbox_ctl_set(struct mbox_ctl *ctl, const char *name,
		 const struct mbox_settings *settings);

/**
 * mbox_ctl_set_id() - change a mailbox, named or not
 * @ctl: socket
 * @id: id
 * @settings: what to change; all of it or nothing is
 *
 * Return: as mbox_ctl_set().
 */
int mbox_ctl_set_id(struct mbox_ctl *ctl, uint64_t id,
		    const struct mbox_settings *settings);

/**
 * mbox_ctl_del() - remove a mailbox; all who wait on it get -EIDRM
 * @ctl: socket
 * @name: name
 *
 * Return: 0, or -ENOENT, -EPERM.
 */
int mbox_ctl_del(struct mbox_ctl *ctl, const char *name);

/**
 * mbox_ctl_del_id() - remove a mailbox, named or not
 * @ctl: socket
 * @id: id
 *
 * Return: as mbox_ctl_del().
 */
int mbox_ctl_del_id(struct mbox_ctl *ctl, uint64_t id);

/**
 * mbox_ctl_purge() - discard all queued messages
 * @ctl: socket
 * @name: name
 * @purged: where their number goes, or NULL
 *
 * Return: 0, or -ENOENT, -EPERM.
 */
int mbox_ctl_purge(struct mbox_ctl *ctl, const char *name, uint64_t *purged);

/* ---- events -------------------------------------------------------------- */

/* A subscription to the events of the domain. */
struct mbox_events;

/**
 * enum mbox_event_type - what happened
 * @MBOX_EVENT_CREATED: a mailbox came to be
 * @MBOX_EVENT_REMOVED: a mailbox is gone
 * @MBOX_EVENT_CHANGED: mode, owner, limits or policy changed
 * @MBOX_EVENT_ATTACHED: a handle was bound
 * @MBOX_EVENT_DETACHED: a bound handle was closed
 * @MBOX_EVENT_FULL: a message found no room
 * @MBOX_EVENT_WRITABLE: there is room again
 * @MBOX_EVENT_LOST: messages were discarded; @count says how many
 * @MBOX_EVENT_TIMED_OUT: a send, receive, call or lease reached its deadline
 * @MBOX_EVENT_OWNER_DIED: a handle was closed that owed replies; @count says to
 *	how many calls
 * @MBOX_EVENT_MISSED: events themselves were lost; @count says how many. The
 *	state of the domain is best read anew with mbox_ctl_list(); every event
 *	with a @seq up to this one's @seq is then already reflected
 */
enum mbox_event_type {
	MBOX_EVENT_CREATED,
	MBOX_EVENT_REMOVED,
	MBOX_EVENT_CHANGED,
	MBOX_EVENT_ATTACHED,
	MBOX_EVENT_DETACHED,
	MBOX_EVENT_FULL,
	MBOX_EVENT_WRITABLE,
	MBOX_EVENT_LOST,
	MBOX_EVENT_TIMED_OUT,
	MBOX_EVENT_OWNER_DIED,
	MBOX_EVENT_MISSED,
};

/**
 * struct mbox_event - one event
 * @type: what happened
 * @seq: number of the event in its domain
 * @time: CLOCK_MONOTONIC nanoseconds; 0 for MISSED
 * @id: mailbox; 0 for MISSED
 * @name: its name, or ""
 * @handle: handle, for ATTACHED, DETACHED, TIMED_OUT and OWNER_DIED, and for LOST
 *	    where the messages were for one; 0 otherwise
 * @rights: its MBOX_RIGHT_*; for TIMED_OUT what it tried; 0 otherwise
 * @count: messages for LOST, calls for OWNER_DIED, events for MISSED; 0 otherwise
 */
struct mbox_event {
	enum mbox_event_type type;
	uint64_t seq;
	int64_t time;
	uint64_t id;
	char name[MBOX_NAME_MAX + 1];
	uint64_t handle;
	uint32_t rights;
	uint64_t count;
};

/**
 * mbox_events_open() - subscribe
 * @out: where the subscription goes
 *
 * Events from the return of this call on are delivered. Needs CAP_NET_ADMIN
 * over the network namespace.
 *
 * Return: 0, -ENODEV if the module is not loaded, -EPERM.
 */
int mbox_events_open(struct mbox_events **out);

/**
 * mbox_events_close() - end a subscription
 * @events: subscription, or NULL
 *
 * Return: NULL.
 */
struct mbox_events *mbox_events_close(struct mbox_events *events);

/**
 * mbox_events_fd() - descriptor that polls readable when there are events
 * @events: subscription
 *
 * Return: the descriptor, which stays the subscription's.
 */
int mbox_events_fd(const struct mbox_events *events);

/**
 * mbox_events_next() - take the next event
 * @events: subscription
 * @event: where it goes
 * @timeout: how long to wait for one
 *
 * Losses are found by gaps in the sequence numbers and by the socket's
 * overflow, and reported as MBOX_EVENT_MISSED in their place in the order.
 * Messages that do not come from the kernel are ignored. As in poll(2), a
 * signal handler ends the wait whether or not it has SA_RESTART.
 *
 * Return: 1, or -EAGAIN (@timeout 0), -ETIMEDOUT, -EINTR; -ENODEV if the module
 * is gone.
 */
int mbox_events_next(struct mbox_events *events, struct mbox_event *event,
		     int64_t timeout);

/**
 * mbox_event_name() - name of an event type as the command prints it
 * @type: type
 *
 * Thread-safe. Return: a static string such as "created"; "unknown" otherwise.
 */
const char *mbox_event_name(enum mbox_event_type type);

#endif /* LIBMBOX_MBOX_CTL_H */
