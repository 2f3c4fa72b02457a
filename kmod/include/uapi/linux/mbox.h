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
 */
enum mbox_kind {
	MBOX_KIND_QUEUE = 0,
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
 * @reserved: must be zero
 */
struct mbox_limits {
	__u32 max_msgs;
	__u32 max_size;
	__u64 max_bytes;
	__u32 policy;
	__u32 reserved;
};

/* &mbox_open.flags: create the mailbox if there is none of that name. */
#define MBOX_OPEN_CREATE	(1U << 0)
/* &mbox_open.flags: with CREATE, fail with EEXIST if there is one. */
#define MBOX_OPEN_EXCL		(1U << 1)
/* &mbox_open.flags: with CREATE and a name, outlive the last handle. */
#define MBOX_OPEN_PERSIST	(1U << 2)

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

/**
 * struct mbox_config - argument of MBOX_IOC_CONFIG: how a handle reads and writes
 * @flags: MBOX_CONFIG_*: the members to set; 0 to read all of them
 * @framing: an &enum mbox_framing; plain at open
 * @type: type of messages sent by write() in plain framing; 1 at open
 * @filter: what read() and poll() take; every type at open
 * @busy_poll: how long a blocking receive spins before it sleeps, in
 *	       nanoseconds, up to MBOX_BUSY_POLL_MAX; 0 at open
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
	__u64 reserved[2];
};

/* &mbox_info.flags: the mailbox outlives its last handle. */
#define MBOX_INFO_PERSIST	(1U << 0)
/* &mbox_info.flags: the mailbox has no name. */
#define MBOX_INFO_ANONYMOUS	(1U << 1)

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
 * @receivers: out: handles that may receive
 * @senders: out: handles that may send
 * @waiting_receivers: out: receives that are blocked
 * @waiting_senders: out: sends that are blocked
 * @next_size: out: payload length of the message that a read() of this handle
 *	       would take now; -1 if there is none
 * @created: out: CLOCK_REALTIME nanoseconds of the creation
 * @reserved: must be zero
 *
 * All other members must be zero on entry. At any moment
 * @sent = @received + @lost + @msgs.
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
	__u64 reserved[8];
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

/**
 * struct mbox_header - what the kernel tells about a message
 * @type: type, 1 to MBOX_TYPE_MAX
 * @len: payload length in bytes, also where the payload was cut
 * @seq: number of the message in its mailbox, from 1; discarded ones count
 * @time: when it was sent
 * @sender: id of the handle that sent it
 * @to: must be zero
 * @cookie: zero
 * @lost: messages of this mailbox discarded since the last header was received
 * @pid: process that opened the sending handle; 0 if the reader's pid namespace
 *	 does not show it
 * @uid: effective user of that process at the time, or the overflow uid
 * @gid: effective group likewise
 * @flags: MBOX_MSG_*
 *
 * A sender fills in @type and @len; every other member must be zero.
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
};

/**
 * struct mbox_message - one element of the vector of MBOX_IOC_SEND or _RECV
 * @header: send: @type and @len; receive: ignored on entry, filled in
 * @buf: address of the payload, or of the buffer for it
 * @size: send: must be zero; receive: size of the buffer in bytes
 */
struct mbox_message {
	struct mbox_header header;
	__u64 buf;
	__u64 size;
};

/* &mbox_send.flags: do not wait for room. */
#define MBOX_SEND_NOWAIT	(1U << 0)

/**
 * struct mbox_send - argument of MBOX_IOC_SEND
 * @flags: MBOX_SEND_*
 * @count: elements of the vector, 1 to MBOX_VEC_MAX
 * @vec: address of an array of &struct mbox_message
 * @deadline: when to give up waiting for room; 0 for never
 * @reserved: must be zero
 *
 * The command returns how many messages it sent, from the first on: all,
 * or fewer if it had to wait for room after the first and could not.
 */
struct mbox_send {
	__u32 flags;
	__u32 count;
	__u64 vec;
	__s64 deadline;
	__u64 reserved;
};

/* &mbox_recv.flags: do not wait for a message. */
#define MBOX_RECV_NOWAIT	(1U << 0)
/* &mbox_recv.flags: leave the message where it is; @count must be 1. */
#define MBOX_RECV_PEEK		(1U << 1)
/* &mbox_recv.flags: take the head of a message that the buffer cannot hold. */
#define MBOX_RECV_TRUNC		(1U << 2)
/* &mbox_recv.flags: use &mbox_recv.filter instead of the handle's filter. */
#define MBOX_RECV_FILTER	(1U << 3)

/**
 * struct mbox_recv - argument of MBOX_IOC_RECV
 * @flags: MBOX_RECV_*
 * @count: elements of the vector, 1 to MBOX_VEC_MAX
 * @vec: address of an array of &struct mbox_message
 * @deadline: when to give up waiting for a message; 0 for never
 * @filter: with MBOX_RECV_FILTER what to take; zero otherwise
 * @reserved: must be zero
 *
 * The command waits for one message, takes as many more as are there, and
 * returns how many it took. 0 is the end of file of an anonymous mailbox.
 * EMSGSIZE fills in the header of the first element all the same.
 */
struct mbox_recv {
	__u32 flags;
	__u32 count;
	__u64 vec;
	__s64 deadline;
	struct mbox_filter filter;
	__u64 reserved;
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
#define MBOX_IOC_RECV		_IOW(MBOX_IOC_MAGIC, 0x05, struct mbox_recv)

#endif /* _UAPI_LINUX_MBOX_H */
