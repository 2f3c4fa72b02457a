// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "mechanisms.h"

const struct mechanism *const mechanisms[] = {
	&mech_pipe,
	&mech_packet_pipe,
	&mech_fifo,
	&mech_unix_stream,
	&mech_unix_dgram,
	&mech_unix_seqpacket,
	&mech_tcp,
	&mech_udp,
	&mech_sysv_msg,
	&mech_posix_mq,
	&mech_sysv_shm,
	&mech_posix_shm,
	&mech_futex_shm,
	&mech_spin_shm,
	&mech_file_lock,
	&mech_eventfd,
	&mech_rt_signal,
	&mech_signalfd,
	&mech_ptrace,
	&mech_process_vm,
	&mech_uring_pipe,
	&mech_zmq_ipc,
	&mech_zmq_tcp,
	&mech_dbus,
	&mech_rabbitmq,
	&mech_mbox,
	&mech_mbox_call,
	&mech_mbox_batch,
	&mech_mbox_pool,
	&mech_mbox_ring,
	NULL
};

const struct mechanism *mechanism_find(const char *name)
{
	for (const struct mechanism *const *how = mechanisms; *how; how++)
		if (!strcmp((*how)->name, name))
			return *how;
	return NULL;
}

size_t any_size(void)
{
	return LANE_SIZE_MAX;
}
