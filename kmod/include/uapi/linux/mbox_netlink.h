/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Generic-netlink family of /dev/mbox: management and events.
 *
 * Documentation/netlink/specs/mbox.yaml is the source of the names and
 * numbers here; a test holds the two together.
 */
#ifndef _UAPI_LINUX_MBOX_NETLINK_H
#define _UAPI_LINUX_MBOX_NETLINK_H

#define MBOX_GENL_NAME		"mbox"
#define MBOX_GENL_VERSION	1
#define MBOX_MCGRP_EVENTS	"events"

/**
 * enum mbox_nl_cmd - operations and notifications
 * @MBOX_CMD_GET: one mailbox by id or name, or a dump of all of the domain
 * @MBOX_CMD_NEW: create a named mailbox; answered with its id
 * @MBOX_CMD_SET: change mode, owner, group, limits or policy; freeze, thaw, step
 * @MBOX_CMD_DEL: remove a mailbox
 * @MBOX_CMD_PURGE: discard all queued messages; answered with their count
 * @MBOX_CMD_CREATED_NTF: a mailbox came to be
 * @MBOX_CMD_REMOVED_NTF: a mailbox is gone
 * @MBOX_CMD_CHANGED_NTF: SET changed a mailbox
 * @MBOX_CMD_ATTACHED_NTF: a handle was bound
 * @MBOX_CMD_DETACHED_NTF: a bound handle was closed
 * @MBOX_CMD_FULL_NTF: a message found no room, for the first time since
 *	there was room
 * @MBOX_CMD_WRITABLE_NTF: there is room again after FULL
 * @MBOX_CMD_LOST_NTF: messages were discarded
 * @MBOX_CMD_TIMED_OUT_NTF: a send, receive or call reached its deadline
 * @MBOX_CMD_OWNER_DIED_NTF: a handle was closed that owed replies
 */
enum mbox_nl_cmd {
	MBOX_CMD_GET = 1,
	MBOX_CMD_NEW,
	MBOX_CMD_SET,
	MBOX_CMD_DEL,
	MBOX_CMD_PURGE,
	MBOX_CMD_CREATED_NTF,
	MBOX_CMD_REMOVED_NTF,
	MBOX_CMD_CHANGED_NTF,
	MBOX_CMD_ATTACHED_NTF,
	MBOX_CMD_DETACHED_NTF,
	MBOX_CMD_FULL_NTF,
	MBOX_CMD_WRITABLE_NTF,
	MBOX_CMD_LOST_NTF,
	MBOX_CMD_TIMED_OUT_NTF,
	MBOX_CMD_OWNER_DIED_NTF,
};

#define MBOX_CMD_MAX	MBOX_CMD_OWNER_DIED_NTF

/**
 * enum mbox_nl_mailbox_attr - attributes of a mailbox, in operations
 * @MBOX_A_MAILBOX_PAD: alignment of 64-bit attributes
 * @MBOX_A_MAILBOX_ID: u64: id
 * @MBOX_A_MAILBOX_NAME: string, 1 to 255 bytes; absent for an anonymous one
 * @MBOX_A_MAILBOX_KIND: u32: enum mbox_kind
 * @MBOX_A_MAILBOX_PERSIST: flag: outlives its last handle
 * @MBOX_A_MAILBOX_MODE: u32: permission bits, 0666 at most
 * @MBOX_A_MAILBOX_UID: u32: owner
 * @MBOX_A_MAILBOX_GID: u32: group
 * @MBOX_A_MAILBOX_POLICY: u32: enum mbox_policy
 * @MBOX_A_MAILBOX_MAX_MSGS: u32: most queued messages
 * @MBOX_A_MAILBOX_MAX_SIZE: u32: longest payload in bytes
 * @MBOX_A_MAILBOX_MAX_BYTES: u64: most queued payload bytes
 * @MBOX_A_MAILBOX_MSGS: u32: queued messages
 * @MBOX_A_MAILBOX_BYTES: u64: queued payload bytes
 * @MBOX_A_MAILBOX_PEAK_MSGS: u32: most messages that were ever queued
 * @MBOX_A_MAILBOX_PEAK_BYTES: u64: most bytes that were ever queued
 * @MBOX_A_MAILBOX_SENT: u64: messages accepted from senders
 * @MBOX_A_MAILBOX_RECEIVED: u64: messages taken by receivers
 * @MBOX_A_MAILBOX_LOST: u64: messages discarded after they were accepted
 * @MBOX_A_MAILBOX_RECEIVERS: u32: handles that may receive
 * @MBOX_A_MAILBOX_SENDERS: u32: handles that may send
 * @MBOX_A_MAILBOX_WAITING_RECEIVERS: u32: blocked receives
 * @MBOX_A_MAILBOX_WAITING_SENDERS: u32: blocked sends
 * @MBOX_A_MAILBOX_CREATED: s64: CLOCK_REALTIME nanoseconds of the creation
 * @MBOX_A_MAILBOX_PURGED: u64: answer of PURGE: how many were discarded
 * @MBOX_A_MAILBOX_EVENT_SEQ: u64: number of the domain's latest event
 * @MBOX_A_MAILBOX_WITHDRAWN: u64: requests taken back by their callers
 * @MBOX_A_MAILBOX_CALLS: u32: calls that wait for a reply
 * @MBOX_A_MAILBOX_LEASED: u64: messages that were received and may come back
 * @MBOX_A_MAILBOX_EXPIRED: u64: messages that have had their time
 * @MBOX_A_MAILBOX_RETAIN: flag: a topic that keeps its last message
 * @MBOX_A_MAILBOX_FROZEN: u32: 1 if it gives out no message, else 0
 * @MBOX_A_MAILBOX_STEPS: u32: how many it gives out all the same; SET adds to them
 * @MBOX_A_MAILBOX_MAX_DELIVERIES: u32: how often a message may come back
 * @MBOX_A_MAILBOX_DEAD_LETTER: u64: id of the mailbox that gets those that came back
 *	too often; 0 for none
 * @MBOX_A_MAILBOX_LAST_SENT: s64: CLOCK_REALTIME nanoseconds, of whole seconds, of
 *	the last message accepted; 0 for never
 * @MBOX_A_MAILBOX_LAST_RECEIVED: s64: of the last message received, likewise
 * @MBOX_A_MAILBOX_CHANGED: s64: of the last change of settings, likewise
 * @MBOX_A_MAILBOX_LAST_SENDER: u32: process whose handle sent last; 0 for none
 * @MBOX_A_MAILBOX_LAST_RECEIVER: u32: process whose handle received last
 * @MBOX_A_MAILBOX_CREATOR_UID: u32: user who created it
 * @MBOX_A_MAILBOX_CREATOR_GID: u32: group of that user at the time
 */
enum mbox_nl_mailbox_attr {
	MBOX_A_MAILBOX_PAD = 1,
	MBOX_A_MAILBOX_ID,
	MBOX_A_MAILBOX_NAME,
	MBOX_A_MAILBOX_KIND,
	MBOX_A_MAILBOX_PERSIST,
	MBOX_A_MAILBOX_MODE,
	MBOX_A_MAILBOX_UID,
	MBOX_A_MAILBOX_GID,
	MBOX_A_MAILBOX_POLICY,
	MBOX_A_MAILBOX_MAX_MSGS,
	MBOX_A_MAILBOX_MAX_SIZE,
	MBOX_A_MAILBOX_MAX_BYTES,
	MBOX_A_MAILBOX_MSGS,
	MBOX_A_MAILBOX_BYTES,
	MBOX_A_MAILBOX_PEAK_MSGS,
	MBOX_A_MAILBOX_PEAK_BYTES,
	MBOX_A_MAILBOX_SENT,
	MBOX_A_MAILBOX_RECEIVED,
	MBOX_A_MAILBOX_LOST,
	MBOX_A_MAILBOX_RECEIVERS,
	MBOX_A_MAILBOX_SENDERS,
	MBOX_A_MAILBOX_WAITING_RECEIVERS,
	MBOX_A_MAILBOX_WAITING_SENDERS,
	MBOX_A_MAILBOX_CREATED,
	MBOX_A_MAILBOX_PURGED,
	MBOX_A_MAILBOX_EVENT_SEQ,
	MBOX_A_MAILBOX_WITHDRAWN,
	MBOX_A_MAILBOX_CALLS,
	MBOX_A_MAILBOX_LEASED,
	MBOX_A_MAILBOX_EXPIRED,
	MBOX_A_MAILBOX_RETAIN,
	MBOX_A_MAILBOX_FROZEN,
	MBOX_A_MAILBOX_STEPS,
	MBOX_A_MAILBOX_MAX_DELIVERIES,
	MBOX_A_MAILBOX_DEAD_LETTER,
	MBOX_A_MAILBOX_LAST_SENT,
	MBOX_A_MAILBOX_LAST_RECEIVED,
	MBOX_A_MAILBOX_CHANGED,
	MBOX_A_MAILBOX_LAST_SENDER,
	MBOX_A_MAILBOX_LAST_RECEIVER,
	MBOX_A_MAILBOX_CREATOR_UID,
	MBOX_A_MAILBOX_CREATOR_GID,
};

#define MBOX_A_MAILBOX_MAX	MBOX_A_MAILBOX_CREATOR_GID

/**
 * enum mbox_nl_event_attr - attributes of a notification
 * @MBOX_A_EVENT_PAD: alignment of 64-bit attributes
 * @MBOX_A_EVENT_SEQ: u64: number of the event in its domain; no number is
 *	left out, so a gap is a loss
 * @MBOX_A_EVENT_TIME: s64: CLOCK_MONOTONIC nanoseconds
 * @MBOX_A_EVENT_ID: u64: id of the mailbox
 * @MBOX_A_EVENT_NAME: string: its name; absent for an anonymous one
 * @MBOX_A_EVENT_HANDLE: u64: ATTACHED, DETACHED, TIMED_OUT, OWNER_DIED: id of
 *	the handle; LOST: of whom the messages were for, absent if for nobody alone
 * @MBOX_A_EVENT_RIGHTS: u32: ATTACHED, DETACHED: MBOX_RIGHT_* of the handle;
 *	TIMED_OUT: MBOX_RIGHT_RECV for a receive or a lease, MBOX_RIGHT_SEND for a
 *	send or a call
 * @MBOX_A_EVENT_COUNT: u64: LOST: how many messages were discarded; OWNER_DIED:
 *	how many calls lost their receiver
 */
enum mbox_nl_event_attr {
	MBOX_A_EVENT_PAD = 1,
	MBOX_A_EVENT_SEQ,
	MBOX_A_EVENT_TIME,
	MBOX_A_EVENT_ID,
	MBOX_A_EVENT_NAME,
	MBOX_A_EVENT_HANDLE,
	MBOX_A_EVENT_RIGHTS,
	MBOX_A_EVENT_COUNT,
};

#define MBOX_A_EVENT_MAX	MBOX_A_EVENT_COUNT

#endif /* _UAPI_LINUX_MBOX_NETLINK_H */
