/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Userspace ABI of /dev/mbox: typed messages over named and anonymous mailboxes.
 *
 * Rules that hold for every command:
 *
 * - Structs hold only fixed-width integers, have no implicit padding and the
 *   same layout for 32- and 64-bit programs. Addresses travel as __u64.
 * - Every struct is copied in once. Reserved members must be zero; an unknown
 *   flag bit or a non-zero reserved member is refused with EINVAL, an unknown
 *   command with ENOTTY.
 * - A command that returns an error has changed nothing.
 * - Times are CLOCK_MONOTONIC nanoseconds unless said otherwise.
 *
 * The semantics, with the errno table of each command, are in
 * Documentation/userspace-api/.
 */
#ifndef _UAPI_LINUX_MBOX_H
#define _UAPI_LINUX_MBOX_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Longest mailbox name in bytes. Names hold no '/' and no control bytes. */
#define MBOX_NAME_MAX		255

/* The mailbox that the first read, write or poll of an unbound handle binds. */
#define MBOX_DEFAULT_NAME	"default"

/* Message types are 1 to MBOX_TYPE_MAX. */
#define MBOX_TYPE_MAX		0x7fffffffffffffffULL

/* Most messages that one SEND or RECV carries. */
#define MBOX_VEC_MAX		128

/* Most leases that a handle may have at a time. */
#define MBOX_LEASES_MAX		1024

/* Shortest payload that is put into a landing pool, bytes. */
#define MBOX_POOL_MIN		4096

/* Longest busy-poll time of a handle in nanoseconds: one millisecond. */
#define MBOX_BUSY_POLL_MAX	1000000

/* Limits of a mailbox: what zero stands for, and the largest value taken. */
#define MBOX_MSGS_DEFAULT	1024
#define MBOX_MSGS_MAX		(1U << 20)
#define MBOX_BYTES_DEFAULT	(1ULL << 20)
#define MBOX_BYTES_MAX		(1ULL << 28)
#define MBOX_SIZE_DEFAULT	(1U << 16)
#define MBOX_SIZE_MAX		(1U << 20)

/* Rights of a handle, and what MBOX_IOC_GRANT hands on. */
#define MBOX_RIGHT_RECV		(1U << 0)
#define MBOX_RIGHT_SEND		(1U << 1)

/**
 * enum mbox_kind - how a mailbox distributes its messages
 * @MBOX_KIND_QUEUE: each message goes to one receiver
 * @MBOX_KIND_TOPIC: each message goes to every subscriber: each handle that may
 *		     receive
 */
enum mbox_kind {
	MBOX_KIND_QUEUE = 0,
	MBOX_KIND_TOPIC = 1,
};

/**
 * enum mbox_policy - what happens to a message that finds its mailbox full
 * @MBOX_POLICY_BLOCK: the sender waits, or gets EAGAIN or ETIMEDOUT
 * @MBOX_POLICY_DROP_OLDEST: the oldest queued messages make room
 * @MBOX_POLICY_DROP_NEWEST: the new message is discarded
 *
 * Discarded messages are counted, see &mbox_header.lost.
 */
enum mbox_policy {
	MBOX_POLICY_BLOCK = 0,
	MBOX_POLICY_DROP_OLDEST = 1,
	MBOX_POLICY_DROP_NEWEST = 2,
};

/**
 * enum mbox_framing - what read() and write() carry on a handle
 * @MBOX_FRAMING_PLAIN: the payload alone; sent with the handle's default type
 * @MBOX_FRAMING_RECORD: a &struct mbox_header and then the payload
 */
enum mbox_framing {
	MBOX_FRAMING_PLAIN = 0,
	MBOX_FRAMING_RECORD = 1,
};

/* &mbox_filter.flags: lowest type first, and the oldest within that type. */
#define MBOX_FILTER_LOWEST	(1U << 0)
/* &mbox_filter.flags: all types but those of the range. */
#define MBOX_FILTER_EXCEPT	(1U << 1)

/**
 * struct mbox_filter - which types a receive takes
 * @lo: lowest type of the range, 1 to MBOX_TYPE_MAX
 * @hi: highest type of the range, @lo to MBOX_TYPE_MAX
 * @flags: MBOX_FILTER_LOWEST, MBOX_FILTER_EXCEPT
 * @reserved: must be zero
 *
 * Without MBOX_FILTER_LOWEST the oldest message of any matching type is taken.
 * The modes of SysV msgrcv(2) are: type 0 = [1, MAX]; t > 0 = [t, t];
 * t < 0 = [1, -t] with LOWEST; MSG_EXCEPT t = [t, t] with EXCEPT.
 * EXCEPT of the full range could never match and is refused with EINVAL.
 */
struct mbox_filter {
	__u64 lo;
	__u64 hi;
	__u32 flags;
	__u32 reserved;
};

/**
 * struct mbox_limits - the bounds of a mailbox
 * @max_msgs: most queued messages; 0 for MBOX_MSGS_DEFAULT
 * @max_size: longest payload in bytes; 0 for MBOX_SIZE_DEFAULT, or @max_bytes
 *	      where that is less
 * @max_bytes: most queued payload bytes; 0 for MBOX_BYTES_DEFAULT, or @max_size
 *	       where that is more; at least @max_size
 * @policy: an &enum mbox_policy
 * @max_deliveries: how often a message may be handed out and come back; then it is
 *		    discarded, or goes to the mailbox for dead letters; 0 for any
 *		    number
 */
struct mbox_limits {
	__u32 max_msgs;
	__u32 max_size;
	__u64 max_bytes;
	__u32 policy;
	__u32 max_deliveries;
};

/* &mbox_open.flags: create the mailbox if there is none of that name. */
#define MBOX_OPEN_CREATE	(1U << 0)
/* &mbox_open.flags: with CREATE, fail with EEXIST if there is one. */
#define MBOX_OPEN_EXCL		(1U << 1)
/* &mbox_open.flags: with CREATE and a name, outlive the last handle. */
#define MBOX_OPEN_PERSIST	(1U << 2)
/* &mbox_open.flags: with CREATE: a topic that hands its last message to newcomers. */
#define MBOX_OPEN_RETAIN	(1U << 3)

/**
 * struct mbox_open - argument of MBOX_IOC_OPEN
 * @flags: MBOX_OPEN_*
 * @kind: an &enum mbox_kind, for a mailbox that is created
 * @mode: permission bits of a mailbox that is created: r is receive, w is send,
 *	  for owner, group and others (0666 at most; no umask is applied)
 * @name_len: length of the name in bytes; 0 for none
 * @name: address of the name, which needs no terminating NUL
 * @id: id of an existing mailbox to bind; 0 for none
 * @limits: limits of a mailbox that is created
 * @reserved: must be zero
 *
 * A name binds by name, an @id by id, and neither with MBOX_OPEN_CREATE binds
 * a new anonymous mailbox. Without CREATE, @kind, @mode and @limits must be
 * zero; with it they are ignored if the mailbox is there already.
 */
struct mbox_open {
	__u32 flags;
	__u32 kind;
	__u32 mode;
	__u32 name_len;
	__u64 name;
	__u64 id;
	struct mbox_limits limits;
	__u64 reserved;
};

/* &mbox_config.flags: the members that are set. */
#define MBOX_CONFIG_FRAMING	(1U << 0)
#define MBOX_CONFIG_TYPE	(1U << 1)
#define MBOX_CONFIG_FILTER	(1U << 2)
#define MBOX_CONFIG_BUSY_POLL	(1U << 3)
#define MBOX_CONFIG_QUEUE	(1U << 4)	/* @max_msgs and @policy */

/**
 * struct mbox_config - argument of MBOX_IOC_CONFIG: how a handle reads and writes
 * @flags: MBOX_CONFIG_*: the members to set; 0 to read all of them
 * @framing: an &enum mbox_framing; plain at open
 * @type: type of messages sent by write() in plain framing; 1 at open
 * @filter: what read() and poll() take; every type at open
 * @busy_poll: how long a blocking receive spins before it sleeps, in
 *	       nanoseconds, up to MBOX_BUSY_POLL_MAX; 0 at open
 * @max_msgs: of a topic: most messages that wait for this subscriber, where that is
 *	      less than the topic has it; 0 at open: as the topic
 * @policy: of a topic: an &enum mbox_policy for this subscriber; 0 at open: as the
 *	    topic
 * @reserved: must be zero
 *
 * Members that are not named by @flags must be zero. The struct is written
 * back only with @flags 0.
 */
struct mbox_config {
	__u32 flags;
	__u32 framing;
	__u64 type;
	struct mbox_filter filter;
	__u64 busy_poll;
	__u32 max_msgs;
	__u32 policy;
	__u64 reserved;
};

/* &mbox_info.flags: the mailbox outlives its last handle. */
#define MBOX_INFO_PERSIST	(1U << 0)
/* &mbox_info.flags: the mailbox has no name. */
#define MBOX_INFO_ANONYMOUS	(1U << 1)
/* &mbox_info.flags: a topic that keeps its last message. */
#define MBOX_INFO_RETAIN	(1U << 2)
/* &mbox_info.flags: the mailbox gives out no message, but for @steps. */
#define MBOX_INFO_FROZEN	(1U << 3)

/**
 * struct mbox_info - argument of MBOX_IOC_INFO: state of a handle's mailbox
 * @name: in: address of a buffer for the name, or 0
 * @name_size: in: size of that buffer in bytes, or 0
 * @name_len: out: length of the name; the buffer gets up to @name_size bytes of
 *	      it and no NUL
 * @flags: out: MBOX_INFO_*
 * @rights: out: MBOX_RIGHT_* of this handle
 * @id: out: id of the mailbox; never used again
 * @handle: out: id of this handle, the &mbox_header.sender of what it sends
 * @kind: out: an &enum mbox_kind
 * @mode: out: permission bits
 * @uid: out: owner, as the reader's user namespace sees it
 * @gid: out: group, likewise
 * @limits: out: limits in force
 * @msgs: out: queued messages
 * @peak_msgs: out: most messages that were ever queued
 * @bytes: out: queued payload bytes
 * @peak_bytes: out: most payload bytes that were ever queued
 * @sent: out: messages accepted from senders
 * @received: out: messages taken by receivers
 * @lost: out: messages accepted and then discarded by a policy or a purge
 * @withdrawn: out: requests and SYNC messages whose sender gave up before a
 *	       receiver took them
 * @receivers: out: handles that may receive
 * @senders: out: handles that may send
 * @waiting_receivers: out: receives that are blocked
 * @waiting_senders: out: sends that are blocked
 * @next_size: out: payload length of the message that a read() of this handle
 *	       would take now; -1 if there is none
 * @created: out: CLOCK_REALTIME nanoseconds of the creation
 * @calls: out: calls that wait for a reply, their request queued or taken
 * @owed: out: deliveries that this handle has to settle
 * @leased: out: messages among the @received that may come back
 * @expired: out: messages among the @lost that have had their time
 * @steps: out: messages that a frozen mailbox gives out all the same
 * @reserved32: must be zero
 * @last_sent: out: when a message was accepted last, of CLOCK_REALTIME in
 *	       nanoseconds, but of whole seconds; 0 for never
 * @last_received: out: when a message was received last, likewise
 * @changed: out: when settings were changed last, at first @created, likewise
 * @last_sender: out: process that opened the handle which sent last, as the
 *		 reader's pid namespace sees it; 0 for none, or one not seen
 * @last_receiver: out: likewise the one that received last
 * @creator_uid: out: whoever created the mailbox, as the reader's user namespace
 *		 sees it
 * @creator_gid: out: its group, likewise
 * @reserved: must be zero
 *
 * All other members must be zero on entry. At any moment
 * @sent = @received + @lost + @withdrawn + @msgs.
 */
struct mbox_info {
	__u64 name;
	__u32 name_size;
	__u32 name_len;
	__u32 flags;
	__u32 rights;
	__u64 id;
	__u64 handle;
	__u32 kind;
	__u32 mode;
	__u32 uid;
	__u32 gid;
	struct mbox_limits limits;
	__u32 msgs;
	__u32 peak_msgs;
	__u64 bytes;
	__u64 peak_bytes;
	__u64 sent;
	__u64 received;
	__u64 lost;
	__u32 receivers;
	__u32 senders;
	__u32 waiting_receivers;
	__u32 waiting_senders;
	__s64 next_size;
	__s64 created;
	__u64 withdrawn;
	__u32 calls;
	__u32 owed;
	__u64 leased;
	__u64 expired;
	__u32 steps;
	__u32 reserved32;
	__s64 last_sent;
	__s64 last_received;
	__s64 changed;
	__u32 last_sender;
	__u32 last_receiver;
	__u32 creator_uid;
	__u32 creator_gid;
	__u64 reserved[3];
};

/**
 * struct mbox_grant - argument of MBOX_IOC_GRANT
 * @rights: MBOX_RIGHT_* of the new handle: at least one, none that this lacks
 * @reserved: must be zero
 *
 * The command returns a new file descriptor, close-on-exec, bound to the same
 * mailbox, with the credentials of the granting handle.
 */
struct mbox_grant {
	__u32 rights;
	__u32 reserved;
};

/* &mbox_header.flags: the buffer got only the head of the payload. */
#define MBOX_MSG_TRUNC		(1U << 0)
/* &mbox_header.flags: a request: whoever receives it owes a reply. */
#define MBOX_MSG_CALL		(1U << 1)
/* &mbox_header.flags: leased: it comes back unless it is settled. */
#define MBOX_MSG_LEASED		(1U << 2)
/* &mbox_header.flags: the payload lies in the receiver's pool. */
#define MBOX_MSG_POOL		(1U << 3)

/**
 * struct mbox_header - what the kernel tells about a message
 * @type: type, 1 to MBOX_TYPE_MAX
 * @len: payload length in bytes, also where the payload was cut
 * @seq: number of the message in its mailbox, from 1; discarded ones count
 * @time: when it was sent
 * @sender: id of the handle that sent it
 * @to: id of the only handle that may receive it; 0 for any
 * @cookie: names the delivery to MBOX_IOC_SETTLE; 0 where nothing is owed
 * @lost: messages of this mailbox discarded since the last header was received
 * @pid: process that opened the sending handle; 0 if the reader's pid namespace
 *	 does not show it
 * @uid: effective user of that process at the time, or the overflow uid
 * @gid: effective group likewise
 * @flags: MBOX_MSG_*
 * @deadline: when the caller of a request gives up or a lease ends, whichever is
 *	      earlier; 0 for never
 * @room: request: longest reply that the caller has room for, in bytes
 * @deliveries: how often the message was delivered before this time
 *
 * A sender fills in @type, @len and perhaps @to; every other member must be zero.
 */
struct mbox_header {
	__u64 type;
	__u64 len;
	__u64 seq;
	__s64 time;
	__u64 sender;
	__u64 to;
	__u64 cookie;
	__u64 lost;
	__u32 pid;
	__u32 uid;
	__u32 gid;
	__u32 flags;
	__s64 deadline;
	__u32 room;
	__u32 deliveries;
};

/**
 * struct mbox_message - one element of the vector of MBOX_IOC_SEND or _RECV
 * @header: send: @type, @len, @to; receive: ignored on entry, filled in
 * @buf: address of the payload, or of the buffer for it
 * @size: send: must be zero; receive: size of the buffer in bytes
 * @offset: send: must be zero; receive: ignored on entry, filled in with
 *	    MBOX_MSG_POOL: where in the pool the payload is, in bytes from its
 *	    beginning; @buf was not touched then
 */
struct mbox_message {
	struct mbox_header header;
	__u64 buf;
	__u64 size;
	__u64 offset;
};

/* &mbox_send.flags: do not wait for room. */
#define MBOX_SEND_NOWAIT	(1U << 0)
/* &mbox_send.flags: wait until a receiver has the message; @count must be 1. */
#define MBOX_SEND_SYNC		(1U << 1)
/* &mbox_send.flags: a signal handler ends the wait, also one with SA_RESTART. */
#define MBOX_SEND_INTR		(1U << 2)

/**
 * struct mbox_send - argument of MBOX_IOC_SEND
 * @flags: MBOX_SEND_*
 * @count: elements of the vector, 1 to MBOX_VEC_MAX
 * @vec: address of an array of &struct mbox_message
 * @deadline: when to give up waiting for room, or with SYNC for a receiver; 0 for
 *	      never
 * @ttl: how long each message may wait for a receiver once it is accepted, in
 *	 nanoseconds, up to the largest __s64; 0 for ever
 *
 * The command returns how many messages it sent, from the first on: all,
 * or fewer if it had to wait for room after the first and could not.
 */
struct mbox_send {
	__u32 flags;
	__u32 count;
	__u64 vec;
	__s64 deadline;
	__u64 ttl;
};

/* &mbox_recv.flags: do not wait for a message. */
#define MBOX_RECV_NOWAIT	(1U << 0)
/* &mbox_recv.flags: leave the message where it is; @count must be 1. */
#define MBOX_RECV_PEEK		(1U << 1)
/* &mbox_recv.flags: take the head of a message that the buffer cannot hold. */
#define MBOX_RECV_TRUNC		(1U << 2)
/* &mbox_recv.flags: use &mbox_recv.filter instead of the handle's filter. */
#define MBOX_RECV_FILTER	(1U << 3)
/* &mbox_recv.flags: lease the messages; not with PEEK. */
#define MBOX_RECV_LEASE		(1U << 4)
/* &mbox_recv.flags: leave in the handle's pool what lies there; not with PEEK. */
#define MBOX_RECV_POOL		(1U << 5)
/* &mbox_recv.flags: a signal handler ends the wait, also one with SA_RESTART. */
#define MBOX_RECV_INTR		(1U << 6)

/* The largest &mbox_recv.skip. */
#define MBOX_SKIP_MAX		16384

/**
 * struct mbox_recv - argument of MBOX_IOC_RECV
 * @flags: MBOX_RECV_*
 * @count: elements of the vector, 1 to MBOX_VEC_MAX
 * @vec: address of an array of &struct mbox_message
 * @deadline: when to give up waiting for a message; 0 for never
 * @filter: with MBOX_RECV_FILTER what to take; zero otherwise
 * @lease: with MBOX_RECV_LEASE how long the lease lasts, in nanoseconds, up to
 *	   the largest __s64; 0 for as long as the handle is open; zero otherwise
 * @blocks: address of an array of __u64: each the &mbox_message.offset of a
 *	    message that is done with, once for each time that it was received;
 *	    0 if @block_count is
 * @block_count: in: how many, up to MBOX_VEC_MAX; out: 0 once they are given back
 * @skip: with MBOX_RECV_PEEK and MBOX_RECV_NOWAIT how many of the messages that the
 *	  filter takes to pass over, up to MBOX_SKIP_MAX; zero otherwise
 *
 * The command gives back the blocks, waits for one message, takes as many more as
 * are there, and returns how many it took. 0 is the end of file of an anonymous
 * mailbox. EMSGSIZE fills in the header of the first element all the same.
 *
 * With blocks @count may be 0: then nothing is received, and all else is zero. The
 * blocks are given back all, or with an error none; an error with @block_count 0 on
 * return is one of the receive.
 */
struct mbox_recv {
	__u32 flags;
	__u32 count;
	__u64 vec;
	__s64 deadline;
	struct mbox_filter filter;
	__u64 lease;
	__u64 blocks;
	__u32 block_count;
	__u32 skip;
};

/* &mbox_call.flags: wait neither for room nor for the reply. */
#define MBOX_CALL_NOWAIT	(1U << 0)

/**
 * struct mbox_call - argument of MBOX_IOC_CALL
 * @flags: MBOX_CALL_*
 * @reserved: must be zero
 * @cookie: in: 0 for a new call, or what the device left here for one that goes
 *	    on; out: the number of the call if it goes on, else 0
 * @type: type of the request, 1 to MBOX_TYPE_MAX
 * @to: id of the only handle that may receive the request; 0 for any
 * @buf: address of the request's payload
 * @len: its length in bytes
 * @reply: address of a buffer for the reply
 * @room: size of that buffer in bytes: no longer reply can be given
 * @deadline: when to give up; 0 for never
 * @header: out: of the reply; ignored on entry
 *
 * The command sends a request and waits for its reply. It returns 0 with the
 * reply. With EINTR, EINPROGRESS and EFAULT the call may go on: then @cookie is
 * not zero, and the command repeated with the struct as it is resumes it, which
 * sends nothing and needs no more than @cookie, @reply, @room and @deadline. In
 * the reply's header @seq is that of the request.
 */
struct mbox_call {
	__u32 flags;
	__u32 reserved;
	__u64 cookie;
	__u64 type;
	__u64 to;
	__u64 buf;
	__u64 len;
	__u64 reply;
	__u64 room;
	__s64 deadline;
	struct mbox_header header;
};

/* &mbox_settle.flags: the outcome, one of these; none only with NEXT. */
#define MBOX_SETTLE_REPLY	(1U << 0)	/* answer a request */
#define MBOX_SETTLE_RETURN	(1U << 1)	/* put the message back */
#define MBOX_SETTLE_CHECK	(1U << 2)	/* none: is it still wanted? */
#define MBOX_SETTLE_ACK		(1U << 4)	/* a leased message is done with */
/* &mbox_settle.flags: then receive as @next says; not with CHECK. */
#define MBOX_SETTLE_NEXT	(1U << 3)

/**
 * struct mbox_settle - argument of MBOX_IOC_SETTLE
 * @flags: MBOX_SETTLE_*
 * @reserved: must be zero
 * @cookie: in: &mbox_header.cookie of the delivery; 0 to do NEXT alone; out: 0
 *	    once it is settled
 * @type: REPLY: type of the reply, 1 to MBOX_TYPE_MAX; otherwise zero
 * @buf: REPLY: address of its payload; otherwise zero
 * @len: REPLY: its length in bytes, at most &mbox_header.room; otherwise zero
 * @next: NEXT: address of a &struct mbox_recv; otherwise zero
 *
 * The command returns 0, or with NEXT what MBOX_IOC_RECV returns: an error of
 * that with @cookie 0 on return says that the delivery was settled before.
 */
struct mbox_settle {
	__u32 flags;
	__u32 reserved;
	__u64 cookie;
	__u64 type;
	__u64 buf;
	__u64 len;
	__u64 next;
};

/**
 * enum mbox_map_kind - what MBOX_IOC_MAP does
 * @MBOX_MAP_POOL: on a handle: make its landing pool
 * @MBOX_MAP_RING: on a handle: make one end of the ring of its mailbox
 * @MBOX_MAP_WAIT: on an end of a ring: sleep until the other end goes on
 * @MBOX_MAP_WAKE: on an end of a ring: wake the other end
 */
enum mbox_map_kind {
	MBOX_MAP_POOL = 1,
	MBOX_MAP_RING = 2,
	MBOX_MAP_WAIT = 3,
	MBOX_MAP_WAKE = 4,
};

/* Bytes that messages may have in a pool or a ring: 0 stands for the default. */
#define MBOX_MAP_SIZE_DEFAULT	(1U << 16)
#define MBOX_MAP_SIZE_MIN	(1U << 12)
#define MBOX_MAP_SIZE_MAX	(1U << 26)

/* &mbox_map.flags: RING: the end that writes; needs the right to send. */
#define MBOX_MAP_PRODUCER	(1U << 0)
/* &mbox_map.flags: RING: the end that reads; needs the right to receive. */
#define MBOX_MAP_CONSUMER	(1U << 1)

/**
 * struct mbox_map - argument of MBOX_IOC_MAP
 * @kind: an &enum mbox_map_kind
 * @flags: MBOX_MAP_PRODUCER, MBOX_MAP_CONSUMER: with RING one of them; of a
 *	   handle with one right 0 stands for the end that this allows
 * @size: POOL, RING: bytes for messages, a power of two from MBOX_MAP_SIZE_MIN
 *	  to MBOX_MAP_SIZE_MAX, which is rounded up to whole pages; 0 for
 *	  MBOX_MAP_SIZE_DEFAULT
 * @deadline: WAIT: when to give up; 0 for never
 * @seen: WAIT: the index of the other end that is not worth waking for
 * @reserved32: must be zero
 * @reserved: must be zero
 *
 * Members that @kind does not name must be zero. The struct is never written.
 */
struct mbox_map {
	__u32 kind;
	__u32 flags;
	__u64 size;
	__s64 deadline;
	__u32 seen;
	__u32 reserved32;
	__u64 reserved;
};

/*
 * A ring is mapped through the descriptor of an end, area by area: each whole, at
 * the offset MBOX_RING_AREA_* times the size of a page, and with MAP_SHARED. The
 * data is mapped twice the size of the ring and repeats there, so that each
 * record lies in one piece.
 */
#define MBOX_RING_AREA_STATE	0	/* struct mbox_ring_state; read by both */
#define MBOX_RING_AREA_PRODUCER	1	/* struct mbox_ring_index; its to write */
#define MBOX_RING_AREA_CONSUMER	2	/* struct mbox_ring_index; its to write */
#define MBOX_RING_AREA_DATA	3	/* records; the producer's to write */

#define MBOX_RING_MAGIC		0x676e6972	/* "ring" */
#define MBOX_RING_VERSION	1

/* &mbox_ring_state.state: who has come, who has gone, and that all is over. */
#define MBOX_RING_PRODUCER	(1U << 0)
#define MBOX_RING_CONSUMER	(1U << 1)
#define MBOX_RING_PRODUCER_GONE	(1U << 2)
#define MBOX_RING_CONSUMER_GONE	(1U << 3)
#define MBOX_RING_REMOVED	(1U << 4)

/**
 * struct mbox_ring_state - first page of a ring, which only the kernel writes
 * @magic: MBOX_RING_MAGIC
 * @version: MBOX_RING_VERSION
 * @size: bytes for records, a power of two
 * @state: MBOX_RING_*
 * @reserved: zero
 * @producer_waits: the producer wants MBOX_MAP_WAKE when the consumer goes on
 * @reserved1: zero
 * @consumer_waits: the consumer wants MBOX_MAP_WAKE when the producer goes on
 * @reserved2: zero
 */
struct mbox_ring_state {
	__u32 magic;
	__u32 version;
	__u32 size;
	__u32 state;
	__u32 reserved[12];
	__u32 producer_waits;
	__u32 reserved1[15];
	__u32 consumer_waits;
	__u32 reserved2[15];
};

/**
 * struct mbox_ring_index - page of one end of a ring, which that end writes
 * @index: bytes that it has written or read so far, modulo 2^32
 * @reserved: left alone
 * @cpu: number of the CPU that it last ran on, plus one; 0 if it does not tell
 * @reserved1: left alone
 *
 * What lies at index modulo the size of the ring is a &struct mbox_record. The
 * kernel compares @index and computes with it, and relies on nothing of it.
 */
struct mbox_ring_index {
	__u32 index;
	__u32 reserved[15];
	__u32 cpu;
	__u32 reserved1[15];
};

/**
 * struct mbox_record - head of a record in the data of a ring
 * @type: type, by agreement of the two
 * @len: bytes of payload after it
 * @reserved: zero
 *
 * The next record follows the payload at the next multiple of 8. The kernel
 * neither reads nor writes records.
 */
struct mbox_record {
	__u64 type;
	__u32 len;
	__u32 reserved;
};

/*
 * Block 0xBB, 00-0F: unassigned in Documentation/userspace-api/ioctl/
 * ioctl-number.rst up to Linux 7.2, which goes from 0xBA to 0xC0.
 */
#define MBOX_IOC_MAGIC		0xBB

#define MBOX_IOC_OPEN		_IOW(MBOX_IOC_MAGIC, 0x00, struct mbox_open)
#define MBOX_IOC_CONFIG		_IOWR(MBOX_IOC_MAGIC, 0x01, struct mbox_config)
#define MBOX_IOC_INFO		_IOWR(MBOX_IOC_MAGIC, 0x02, struct mbox_info)
#define MBOX_IOC_GRANT		_IOW(MBOX_IOC_MAGIC, 0x03, struct mbox_grant)
#define MBOX_IOC_SEND		_IOW(MBOX_IOC_MAGIC, 0x04, struct mbox_send)
#define MBOX_IOC_RECV		_IOWR(MBOX_IOC_MAGIC, 0x05, struct mbox_recv)
#define MBOX_IOC_CALL		_IOWR(MBOX_IOC_MAGIC, 0x06, struct mbox_call)
#define MBOX_IOC_SETTLE		_IOWR(MBOX_IOC_MAGIC, 0x07, struct mbox_settle)
#define MBOX_IOC_MAP		_IOW(MBOX_IOC_MAGIC, 0x08, struct mbox_map)

#endif /* _UAPI_LINUX_MBOX_H */
