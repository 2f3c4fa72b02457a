/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libmbox: typed messages over /dev/mbox.
 *
 * Rules that hold throughout:
 *
 * - A function that can fail returns 0 (or a count where it says so) on
 *   success and a negative errno on failure; errno itself is not part of the
 *   interface. A function that fails has changed nothing.
 * - The library starts no threads, installs no signal handlers, keeps no
 *   global state and writes to no stream. Every descriptor is close-on-exec.
 * - A function that makes an object sets its pointer to NULL if it fails, and
 *   every function that ends one takes NULL.
 * - Objects may be used by one thread at a time unless the function says
 *   that it is thread-safe. Different objects are independent.
 * - Times are durations in nanoseconds: MBOX_FOREVER waits without limit, 0
 *   does not wait. A wait is measured on CLOCK_MONOTONIC from the call.
 * - A negative timeout other than MBOX_FOREVER is -EINVAL.
 * - A signal ends a wait with -EINTR if its handler was installed without
 *   SA_RESTART.
 *
 * The semantics of the device are in mbox(4) and Documentation/userspace-api/.
 */
#ifndef LIBMBOX_MBOX_H
#define LIBMBOX_MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/mbox.h>
#include <linux/mbox_netlink.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Wait without limit. */
#define MBOX_FOREVER	INT64_C(-1)

/* Version of this header; mbox_version() tells that of the library. */
#define MBOX_VERSION	"0.1.0"

/**
 * mbox_version() - version of the library that runs
 *
 * Thread-safe.
 *
 * Return: a static string such as "0.1.0".
 */
const char *mbox_version(void);

/* ---- filters ---------------------------------------------------------- */

/**
 * mbox_filter_any() - filter that takes every type, oldest message first
 *
 * Return: the filter. Thread-safe, as all filter functions.
 */
struct mbox_filter mbox_filter_any(void);

/**
 * mbox_filter_range() - filter that takes the types @lo to @hi
 * @lo: lowest type, 1 to MBOX_TYPE_MAX
 * @hi: highest type, @lo to MBOX_TYPE_MAX
 * @flags: MBOX_FILTER_LOWEST, MBOX_FILTER_EXCEPT or 0
 *
 * The device checks the values when the filter is used.
 *
 * Return: the filter.
 */
struct mbox_filter mbox_filter_range(uint64_t lo, uint64_t hi, uint32_t flags);

/**
 * mbox_filter_parse() - read a filter as people write it
 * @spec: "any"; "5"; "3-9"; "<=4" (types up to 4, lowest first); "!5" and
 *	  "!3-9" (all but those); each but "<=" also after "lowest:" (lowest
 *	  type first)
 * @filter: where the filter goes
 *
 * Numbers are decimal, without sign, space or leading zero.
 *
 * Return: 0, or -EINVAL for anything else, types of 0 and "!" of every type
 * included.
 */
int mbox_filter_parse(const char *spec, struct mbox_filter *filter);

/**
 * mbox_filter_format() - write a filter as mbox_filter_parse() reads it
 * @filter: filter
 * @buf: where the text and its NUL go; MBOX_FILTER_TEXT_MAX bytes suffice
 * @size: size of @buf in bytes
 *
 * Return: 0, or -ENOSPC if @buf is too small, or -EINVAL for a filter that the
 * device would refuse.
 */
int mbox_filter_format(const struct mbox_filter *filter, char *buf, size_t size);

#define MBOX_FILTER_TEXT_MAX	64

/* ---- handles ---------------------------------------------------------- */

/* A handle: one open file description of /dev/mbox bound to a mailbox. */
struct mbox;

/**
 * struct mbox_open_options - how mbox_open() opens and creates
 * @rights: MBOX_RIGHT_* wanted; 0 for both
 * @flags: MBOX_OPEN_CREATE, MBOX_OPEN_EXCL, MBOX_OPEN_PERSIST
 * @nonblock: set O_NONBLOCK on the handle
 * @mode: permission bits of a mailbox that is created, 0 for 0600
 * @limits: limits of a mailbox that is created; zero members for the defaults
 */
struct mbox_open_options {
	uint32_t rights;
	uint32_t flags;
	bool nonblock;
	uint32_t mode;
	struct mbox_limits limits;
};

/**
 * mbox_open() - open a mailbox by name
 * @out: where the handle goes
 * @name: 1 to 255 bytes without '/' and control bytes; NULL with
 *	  MBOX_OPEN_CREATE makes an anonymous mailbox
 * @options: options, or NULL for both rights on an existing mailbox
 *
 * Return: 0; -ENODEV if the module is not loaded; -ENOENT if there is no mailbox
 * of that name; or another negative errno of open(2) on /dev/mbox or of
 * MBOX_IOC_OPEN.
 */
int mbox_open(struct mbox **out, const char *name,
	      const struct mbox_open_options *options);

/**
 * mbox_open_id() - open an existing mailbox by its id
 * @out: where the handle goes
 * @id: id, from mbox_info() or an event
 * @options: @rights and @nonblock count, the rest must be zero; or NULL
 *
 * Return: 0 or a negative errno as mbox_open().
 */
int mbox_open_id(struct mbox **out, uint64_t id,
		 const struct mbox_open_options *options);

/**
 * mbox_from_fd() - make a handle of a descriptor of /dev/mbox
 * @out: where the handle goes, which owns @fd from then on
 * @fd: descriptor, for instance one that was inherited or received; it becomes
 *	close-on-exec
 *
 * Return: 0, or -ENOTTY if @fd is not of /dev/mbox; -ENOTCONN if it is not
 * bound to a mailbox; -EIDRM if that was removed; -EBADF. On failure @fd stays
 * the caller's.
 */
int mbox_from_fd(struct mbox **out, int fd);

/**
 * mbox_close() - close a handle
 * @mbox: handle, or NULL
 *
 * Return: NULL, so that ``m = mbox_close(m)`` leaves no dangling pointer.
 */
struct mbox *mbox_close(struct mbox *mbox);

/**
 * mbox_fd() - descriptor of a handle, for poll(2) and its kin
 * @mbox: handle
 *
 * Thread-safe. Return: the descriptor, which stays the handle's.
 */
int mbox_fd(const struct mbox *mbox);

/**
 * mbox_set_filter() - set which types mbox_recv(), read(2) and poll(2) take
 * @mbox: handle
 * @filter: filter
 *
 * Return: 0, or -EINVAL for a filter that is out of range.
 */
int mbox_set_filter(struct mbox *mbox, const struct mbox_filter *filter);

/**
 * mbox_config() - read or set how a handle reads and writes
 * @mbox: handle
 * @config: as MBOX_IOC_CONFIG
 *
 * Return: 0 or a negative errno of MBOX_IOC_CONFIG.
 */
int mbox_config(struct mbox *mbox, struct mbox_config *config);

/**
 * mbox_grant() - make a second handle on the same mailbox with fewer rights
 * @mbox: handle
 * @rights: MBOX_RIGHT_* of the new one
 * @out: where it goes
 *
 * The descriptor of the new handle is what one passes on to a child (clear
 * FD_CLOEXEC first) or over a UNIX socket. The handle may wait, whatever the
 * first one does, and has the settings of a fresh one.
 *
 * Return: 0, or -EACCES if @mbox lacks one of @rights.
 */
int mbox_grant(struct mbox *mbox, uint32_t rights, struct mbox **out);

/* ---- send and receive -------------------------------------------------- */

/**
 * mbox_send() - send one message
 * @mbox: handle with the right to send
 * @type: 1 to MBOX_TYPE_MAX
 * @data: payload; may be NULL if @len is 0
 * @len: payload length in bytes
 * @timeout: how long to wait for room, or MBOX_FOREVER; a handle opened with
 *	     @nonblock never waits
 *
 * Thread-safe.
 *
 * Return: 0, or -EAGAIN (full and @timeout 0), -ETIMEDOUT, -EMSGSIZE,
 * -EDQUOT (the user's quota), -ENOSPC (the domain's), -EIDRM, -EPIPE, -EBADF
 * (no right to send), -EINVAL, -EINTR, -ENOMEM.
 */
int mbox_send(struct mbox *mbox, uint64_t type, const void *data, size_t len,
	      int64_t timeout);

/**
 * mbox_recv() - receive one message that the handle's filter takes
 * @mbox: handle with the right to receive
 * @header: where the header goes, or NULL
 * @buf: buffer for the payload
 * @size: its size in bytes
 * @timeout: how long to wait for a message, or MBOX_FOREVER
 *
 * Thread-safe.
 *
 * Return: 1; 0 at the end of file of an anonymous mailbox; or -EAGAIN,
 * -ETIMEDOUT, -EMSGSIZE (the message stays; @header, len included, is filled
 * in), -EIDRM, -EBADF (no right to receive), -EINTR, -ENOMEM.
 */
int mbox_recv(struct mbox *mbox, struct mbox_header *header, void *buf,
	      size_t size, int64_t timeout);

/**
 * mbox_recv_filter() - as mbox_recv(), with a filter and flags for this call
 * @mbox: handle
 * @filter: filter, or NULL for the handle's
 * @flags: MBOX_RECV_PEEK, MBOX_RECV_TRUNC
 * @header: where the header goes, or NULL
 * @buf: buffer for the payload
 * @size: its size in bytes
 * @timeout: how long to wait
 *
 * Thread-safe. Return: as mbox_recv().
 */
int mbox_recv_filter(struct mbox *mbox, const struct mbox_filter *filter,
		     uint32_t flags, struct mbox_header *header, void *buf,
		     size_t size, int64_t timeout);

/**
 * mbox_recv_alloc() - receive a message of any length into new memory
 * @mbox: handle
 * @filter: filter, or NULL for the handle's
 * @header: where the header goes, or NULL
 * @data: where the address of the payload goes, to be freed with free(3); a
 *	  NUL that does not count follows the payload; set with a return of 1
 *	  only
 * @timeout: how long to wait
 *
 * Thread-safe. Return: as mbox_recv(), but never -EMSGSIZE.
 */
int mbox_recv_alloc(struct mbox *mbox, const struct mbox_filter *filter,
		    struct mbox_header *header, void **data, int64_t timeout);

/**
 * mbox_sendv() - send several messages in one system call
 * @mbox: handle
 * @vec: messages: type, len and buf of each; the rest zero
 * @count: how many, 1 to MBOX_VEC_MAX
 * @timeout: how long to wait for room
 *
 * Thread-safe.
 *
 * Return: how many were sent, from the first on, or as mbox_send() if none.
 */
int mbox_sendv(struct mbox *mbox, const struct mbox_message *vec,
	       unsigned int count, int64_t timeout);

/**
 * mbox_recvv() - receive several messages in one system call
 * @mbox: handle
 * @filter: filter, or NULL for the handle's
 * @vec: elements: buf and size of each; headers are filled in
 * @count: how many, 1 to MBOX_VEC_MAX
 * @timeout: how long to wait for the first
 *
 * Thread-safe.
 *
 * Return: how many were received, or as mbox_recv() if none.
 */
int mbox_recvv(struct mbox *mbox, const struct mbox_filter *filter,
	       struct mbox_message *vec, unsigned int count, int64_t timeout);

/* ---- information ------------------------------------------------------- */

/**
 * struct mbox_stat - state of a mailbox
 * @id: id
 * @name: name, or "" for an anonymous mailbox
 * @kind: an &enum mbox_kind
 * @persist: outlives its last handle
 * @mode: permission bits
 * @uid: owner
 * @gid: group
 * @limits: limits in force
 * @msgs: queued messages
 * @peak_msgs: most messages that were ever queued
 * @bytes: queued payload bytes
 * @peak_bytes: most bytes that were ever queued
 * @sent: messages accepted
 * @received: messages taken
 * @lost: messages discarded
 * @receivers: handles that may receive
 * @senders: handles that may send
 * @waiting_receivers: blocked receives
 * @waiting_senders: blocked sends
 * @created: CLOCK_REALTIME nanoseconds of the creation
 */
struct mbox_stat {
	uint64_t id;
	char name[MBOX_NAME_MAX + 1];
	uint32_t kind;
	bool persist;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	struct mbox_limits limits;
	uint32_t msgs;
	uint32_t peak_msgs;
	uint64_t bytes;
	uint64_t peak_bytes;
	uint64_t sent;
	uint64_t received;
	uint64_t lost;
	uint32_t receivers;
	uint32_t senders;
	uint32_t waiting_receivers;
	uint32_t waiting_senders;
	int64_t created;
};

/**
 * struct mbox_handle_stat - state of a handle
 * @id: id of the handle, &mbox_header.sender of what it sends
 * @rights: MBOX_RIGHT_* it has
 * @next_size: payload length of the message that a receive would take now, or
 *	       -1 if there is none
 */
struct mbox_handle_stat {
	uint64_t id;
	uint32_t rights;
	int64_t next_size;
};

/**
 * mbox_info() - state of a handle and its mailbox
 * @mbox: handle
 * @stat: where the state of the mailbox goes, or NULL
 * @handle: where the state of the handle goes, or NULL
 *
 * Thread-safe. Return: 0, or -EIDRM if the mailbox was removed.
 */
int mbox_info(struct mbox *mbox, struct mbox_stat *stat,
	      struct mbox_handle_stat *handle);

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
 * @options: @flags (MBOX_OPEN_PERSIST or 0), @mode and @limits; @rights and
 *	     @nonblock play no part; or NULL
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

/**
 * struct mbox_settings - what mbox_ctl_set() changes
 * @which: MBOX_SET_* of the members that count
 * @mode: permission bits
 * @uid: owner
 * @gid: group
 * @limits: limits and policy
 */
struct mbox_settings {
	uint32_t which;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	struct mbox_limits limits;
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
 * mbox_ctl_del() - remove a mailbox; all who wait on it get -EIDRM
 * @ctl: socket
 * @name: name
 *
 * Return: 0, or -ENOENT, -EPERM.
 */
int mbox_ctl_del(struct mbox_ctl *ctl, const char *name);

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
 * @MBOX_EVENT_TIMED_OUT: a send or receive reached its deadline
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
	MBOX_EVENT_MISSED,
};

/**
 * struct mbox_event - one event
 * @type: what happened
 * @seq: number of the event in its domain
 * @time: CLOCK_MONOTONIC nanoseconds; 0 for MISSED
 * @id: mailbox; 0 for MISSED
 * @name: its name, or ""
 * @handle: handle, for ATTACHED, DETACHED and TIMED_OUT; 0 otherwise
 * @rights: its MBOX_RIGHT_*; for TIMED_OUT what it tried; 0 otherwise
 * @count: messages for LOST, events for MISSED; 0 otherwise
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

#ifdef __cplusplus
}
#endif

#endif /* LIBMBOX_MBOX_H */
