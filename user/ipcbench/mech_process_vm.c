// SPDX-License-Identifier: GPL-2.0-only
/*
 * process-vm - a message that is copied once, out of its sender's memory
 *
 * process_vm_readv() copies from another process's memory into our own. The
 * sender says where the message lies, and waits until it is taken: it must not
 * change it before. Who may look into a process is decided as for a debugger.
 */
#include "offer.h"

static ssize_t recv_vm(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	(void)type;
	return offer_recv(end, offer_read, buf, size, wait);
}

static ssize_t peek_vm(struct end *end, void *buf, size_t size)
{
	return offer_peek(end, offer_read, buf, size);
}

const struct mechanism mech_process_vm = {
	.name = "process-vm",
	.title = "process_vm_readv",
	.group = "process",
	.note = "waits are by a futex",
	.flags = MECHANISM_RENDEZVOUS,
	.absent = offer_absent,
	.max_size = any_size,
	.open = offer_open,
	.close = offer_close,
	.join = offer_join,
	.leave = offer_leave,
	.send = offer_send,
	.recv = recv_vm,
	.peek = peek_vm,
};
