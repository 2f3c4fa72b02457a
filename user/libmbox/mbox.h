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
 * @flags: MBOX_OPEN_CREATE, MBOX_OPEN_EXCL, MBOX_OPEN_PERSIST, MBOX_OPEN_RETAIN
 * @nonblock: set O_NONBLOCK on the handle
 * @mode: permission bits of a mailbox that is created, 0 for 0600
 * @limits: limits of a mailbox that is created; zero members for the defaults
 * @kind: an &enum mbox_kind, of a mailbox that is created
 * @filter: filter of the handle, set before it is bound, so that a subscriber of a
 *	    topic never gets anything else; or NULL for every type
 * @max_msgs: of a topic: most messages that wait for this handle, 0: as the topic
 * @policy: of a topic: an &enum mbox_policy for this handle, 0: as the topic
 */
struct mbox_open_options {
	uint32_t rights;
	uint32_t flags;
	bool nonblock;
	uint32_t mode;
	struct mbox_limits limits;
	uint32_t kind;
	const struct mbox_filter *filter;
	uint32_t max_msgs;
	uint32_t policy;
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
 * @options: @rights, @nonblock, @filter, @max_msgs and @policy count, the rest must
 *	be zero; or NULL
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
 * struct mbox_send_options - how mbox_send_with() sends
 * @to: id of the only handle that may receive the message; 0 for any
 * @ttl: nanoseconds that it may wait for a receiver; 0 for ever
 * @sync: return only when a receiver has it
 */
struct mbox_send_options {
	uint64_t to;
	uint64_t ttl;
	bool sync;
};

/**
 * mbox_send_with() - as mbox_send(), with an address, a lifetime or a rendezvous
 * @mbox: handle with the right to send
 * @type: 1 to MBOX_TYPE_MAX
 * @data: payload; may be NULL if @len is 0
 * @len: payload length in bytes
 * @options: options
 * @timeout: how long to wait for room, and with @sync for the receiver
 *
 * With @sync a message that is not taken in time is taken back, as it is where a
 * signal ends the wait.
 *
 * Thread-safe.
 *
 * Return: as mbox_send(); also -EHOSTUNREACH (no handle @to receives here); with
 * @sync -EOWNERDEAD (that handle was closed), -ENOBUFS (the message was discarded),
 * -EOPNOTSUPP (a topic).
 */
int mbox_send_with(struct mbox *mbox, uint64_t type, const void *data, size_t len,
		   const struct mbox_send_options *options, int64_t timeout);

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
 * mbox_lease() - receive a message that comes back unless it is acknowledged
 * @mbox: handle with the right to receive
 * @filter: filter, or NULL for the handle's
 * @duration: how long the lease lasts, nanoseconds; 0 for as long as the handle
 * @header: where the header goes; its @cookie is for mbox_ack(), mbox_return() and
 *	    mbox_wanted()
 * @data: where the address of the payload goes, as mbox_recv_alloc() has it
 * @timeout: how long to wait for a message
 *
 * Thread-safe. Return: as mbox_recv_alloc(); also -ENOLCK if the handle has
 * MBOX_LEASES_MAX leases.
 */
int mbox_lease(struct mbox *mbox, const struct mbox_filter *filter, int64_t duration,
	       struct mbox_header *header, void **data, int64_t timeout);

/**
 * mbox_ack() - a leased message is done with
 * @mbox: handle that received it
 * @cookie: &mbox_header.cookie of it
 *
 * Thread-safe.
 *
 * Return: 0; -ECANCELED if the lease has ended, with which the message is somebody
 * else's; -EINVAL if it is a request, which wants a reply; -EALREADY, -EPERM,
 * -EIDRM.
 */
int mbox_ack(struct mbox *mbox, uint64_t cookie);

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

/* ---- call and reply ------------------------------------------------------ */

/**
 * mbox_call() - send a request and wait for its reply
 * @mbox: handle with the right to send
 * @type: type of the request, 1 to MBOX_TYPE_MAX
 * @data: its payload; may be NULL if @len is 0
 * @len: its length in bytes
 * @header: where the header of the reply goes, or NULL
 * @reply: buffer for the payload of the reply
 * @room: its size in bytes: no longer reply can be given
 * @timeout: how long to wait in all, or MBOX_FOREVER; not 0
 *
 * The request is sent once, whatever signals come. Where this returns an error
 * nobody waits for a reply any more; the receiver may have done what it was asked
 * for.
 *
 * Thread-safe.
 *
 * Return: 0; -ETIMEDOUT; -EOWNERDEAD (the receiver took the request and went away);
 * -EIDRM (the mailbox was removed); -ENOBUFS (the request was discarded by a policy
 * or a purge); -EINTR (the call was given up); -EOPNOTSUPP (a topic); or an error
 * of mbox_send().
 */
int mbox_call(struct mbox *mbox, uint64_t type, const void *data, size_t len,
	      struct mbox_header *header, void *reply, size_t room, int64_t timeout);

/**
 * mbox_call_step() - begin or resume a call, for programs with an event loop
 * @mbox: handle with the right to send
 * @call: as MBOX_IOC_CALL; with MBOX_CALL_NOWAIT in its flags this never waits
 *
 * While it returns -EINPROGRESS the call goes on: poll mbox_fd() for POLLPRI and
 * call this again with the struct as it is. Likewise with -EINTR, if @cookie is not
 * zero.
 *
 * Thread-safe, with different structs.
 *
 * Return: 0 with the reply, or a negative errno of MBOX_IOC_CALL.
 */
int mbox_call_step(struct mbox *mbox, struct mbox_call *call);

/**
 * mbox_reply() - answer a request
 * @mbox: handle that received it
 * @cookie: &mbox_header.cookie of it
 * @type: type of the reply, 1 to MBOX_TYPE_MAX
 * @data: its payload; may be NULL if @len is 0
 * @len: its length in bytes, at most &mbox_header.room
 *
 * Never waits. Thread-safe.
 *
 * Return: 0; -ECANCELED if the caller no longer waits, with which the request is
 * settled, too; -EMSGSIZE (longer than @room, the request can still be answered);
 * -EALREADY, -EBUSY (another thread answers), -EPERM (not a request of this
 * handle), -EIDRM, -EINVAL.
 */
int mbox_reply(struct mbox *mbox, uint64_t cookie, uint64_t type, const void *data,
	       size_t len);

/**
 * mbox_return() - put a request or a leased message back to its old place
 * @mbox: handle that received it
 * @cookie: &mbox_header.cookie of it
 *
 * Thread-safe. Return: 0, or as mbox_reply().
 */
int mbox_return(struct mbox *mbox, uint64_t cookie);

/**
 * mbox_wanted() - does anybody still wait for the outcome?
 * @mbox: handle that received the request or leased the message
 * @cookie: &mbox_header.cookie of it
 *
 * Poll mbox_fd() for POLLPRI to learn when to ask. Thread-safe.
 *
 * Return: 0; -ECANCELED if the caller has given up, or the lease has ended; or as
 * mbox_reply().
 */
int mbox_wanted(struct mbox *mbox, uint64_t cookie);

/**
 * mbox_reply_recv() - answer a request and receive the next message, in one call
 * @mbox: handle with both in its hands
 * @cookie: in: request to answer, 0 for none; out: 0 once it is answered
 * @type: type of the reply
 * @data: its payload
 * @len: its length in bytes
 * @header: where the header of the next message goes
 * @buf: buffer for its payload; may be the one that @data is in
 * @size: its size in bytes
 * @timeout: how long to wait for the next message
 *
 * The loop of a server begins with @cookie 0, and goes on with the cookie of each
 * header. -ECANCELED says that the caller no longer waits: nothing was received.
 *
 * Thread-safe. Return: as mbox_recv(), or an error of mbox_reply().
 */
int mbox_reply_recv(struct mbox *mbox, uint64_t *cookie, uint64_t type,
		    const void *data, size_t len, struct mbox_header *header,
		    void *buf, size_t size, int64_t timeout);

/* ---- landing pools ---------------------------------------------------------- */

/* Memory of a handle in which large payloads are received in place. */
struct mbox_pool;

/**
 * mbox_pool_open() - give a handle a landing pool
 * @out: where the pool goes
 * @mbox: handle with the right to receive on a queue; it must outlive the pool
 * @size: bytes, a power of two from MBOX_MAP_SIZE_MIN to MBOX_MAP_SIZE_MAX: some
 *	  times the largest message
 *
 * The kernel puts payloads of MBOX_POOL_MIN bytes and more there where it can, so
 * that they are copied once; see mbox(4). A handle has one pool until it is closed;
 * to open it again, with the same size, is for who has closed it.
 *
 * Return: 0; -EINVAL (size); -EBADF (no right to receive); -EOPNOTSUPP (a topic);
 * -EDQUOT, -ENOSPC (quota); -EIDRM; -ENOMEM.
 */
int mbox_pool_open(struct mbox_pool **out, struct mbox *mbox, size_t size);

/**
 * mbox_pool_close() - unmap a pool
 * @pool: pool, or NULL; what was received into it can no longer be read
 *
 * What was not released is lost to the pool for as long as the handle is open.
 *
 * Return: NULL.
 */
struct mbox_pool *mbox_pool_close(struct mbox_pool *pool);

/**
 * mbox_pool_recv() - receive a message of any length, in place if it can be
 * @pool: pool
 * @filter: filter, or NULL for the handle's
 * @header: where the header goes, or NULL; MBOX_MSG_POOL in its @flags tells that
 *	    the payload was not copied
 * @data: where the address of the payload goes, to be read until it is given to
 *	  mbox_pool_release(); set with a return of 1 only
 * @timeout: how long to wait for a message, or MBOX_FOREVER
 *
 * What does not lie in the pool is copied into new memory. Payloads that were released
 * are given back first.
 *
 * Return: as mbox_recv(), but never -EMSGSIZE.
 */
int mbox_pool_recv(struct mbox_pool *pool, const struct mbox_filter *filter,
		   struct mbox_header *header, const void **data, int64_t timeout);

/**
 * mbox_pool_lease() - as mbox_pool_recv(), a message that comes back
 * @pool: pool
 * @filter: filter, or NULL for the handle's
 * @duration: how long the lease lasts, nanoseconds; 0 for as long as the handle
 * @header: where the header goes; its @cookie is for mbox_ack() and mbox_return()
 * @data: where the address of the payload goes, likewise
 * @timeout: how long to wait for a message
 *
 * The payload may be released before or after the message is settled.
 *
 * Return: as mbox_pool_recv(); also -ENOLCK, see mbox_lease().
 */
int mbox_pool_lease(struct mbox_pool *pool, const struct mbox_filter *filter,
		    int64_t duration, struct mbox_header *header, const void **data,
		    int64_t timeout);

/**
 * mbox_pool_release() - a payload is done with
 * @pool: pool
 * @data: from mbox_pool_recv() or mbox_pool_lease()
 *
 * Its place is given back with the next receive, with mbox_pool_flush(), or once
 * MBOX_VEC_MAX are collected.
 *
 * Return: 0; -EINVAL if @data is in the pool and no payload that is not released.
 */
int mbox_pool_release(struct mbox_pool *pool, const void *data);

/**
 * mbox_pool_flush() - give back now what was released
 * @pool: pool
 *
 * For a receiver that will not receive again soon.
 *
 * Return: 0, or a negative errno of MBOX_IOC_RECV.
 */
int mbox_pool_flush(struct mbox_pool *pool);

/* ---- information ------------------------------------------------------- */

/**
 * struct mbox_stat - state of a mailbox
 * @id: id
 * @name: name, or "" for an anonymous mailbox
 * @kind: an &enum mbox_kind
 * @persist: outlives its last handle
 * @retain: a topic that hands its last message to newcomers
 * @frozen: it gives out no message
 * @steps: how many it gives out all the same
 * @dead_letter: id of the mailbox that gets what came back too often; 0 for none,
 *		 and from mbox_info()
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
 * @withdrawn: messages that their senders took back
 * @expired: part of @lost: those that have had their time
 * @leased: part of @received: those that may come back
 * @calls: calls that wait for a reply
 * @receivers: handles that may receive
 * @senders: handles that may send
 * @waiting_receivers: blocked receives
 * @waiting_senders: blocked sends
 * @created: CLOCK_REALTIME nanoseconds of the creation
 * @last_sent: when a message was accepted last, likewise, but of whole seconds; 0 for
 *	       never
 * @last_received: when a message was received last, likewise
 * @changed: when settings were changed last, or it was created, likewise
 * @last_sender: process that opened the handle which sent last; 0 for none, or one that
 *		 is not seen
 * @last_receiver: likewise the one that received last
 * @creator_uid: who created it
 * @creator_gid: its group at the time
 */
struct mbox_stat {
	uint64_t id;
	char name[MBOX_NAME_MAX + 1];
	uint32_t kind;
	bool persist;
	bool retain;
	bool frozen;
	uint32_t steps;
	uint64_t dead_letter;
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
	uint64_t withdrawn;
	uint64_t expired;
	uint64_t leased;
	uint32_t calls;
	uint32_t receivers;
	uint32_t senders;
	uint32_t waiting_receivers;
	uint32_t waiting_senders;
	int64_t created;
	int64_t last_sent;
	int64_t last_received;
	int64_t changed;
	uint32_t last_sender;
	uint32_t last_receiver;
	uint32_t creator_uid;
	uint32_t creator_gid;
};

/**
 * struct mbox_handle_stat - state of a handle
 * @id: id of the handle, &mbox_header.sender of what it sends
 * @rights: MBOX_RIGHT_* it has
 * @next_size: payload length of the message that a receive would take now, or
 *	       -1 if there is none
 * @owed: deliveries that it has to settle
 */
struct mbox_handle_stat {
	uint64_t id;
	uint32_t rights;
	int64_t next_size;
	uint32_t owed;
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

#include "mbox_ctl.h"
#include "mbox_ring.h"

#ifdef __cplusplus
}
#endif

#endif /* LIBMBOX_MBOX_H */
