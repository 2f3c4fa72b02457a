/* SPDX-License-Identifier: GPL-2.0-only */
/* Every mechanism, each in the file of its name. */
#ifndef IPCBENCH_MECHANISMS_H
#define IPCBENCH_MECHANISMS_H

#include "mechanism.h"

extern const struct mechanism mech_pipe;
extern const struct mechanism mech_packet_pipe;
extern const struct mechanism mech_fifo;
extern const struct mechanism mech_unix_stream;
extern const struct mechanism mech_unix_dgram;
extern const struct mechanism mech_unix_seqpacket;
extern const struct mechanism mech_tcp;
extern const struct mechanism mech_udp;
extern const struct mechanism mech_sysv_msg;
extern const struct mechanism mech_posix_mq;
extern const struct mechanism mech_sysv_shm;
extern const struct mechanism mech_posix_shm;
extern const struct mechanism mech_futex_shm;
extern const struct mechanism mech_spin_shm;
extern const struct mechanism mech_file_lock;
extern const struct mechanism mech_eventfd;
extern const struct mechanism mech_rt_signal;
extern const struct mechanism mech_signalfd;
extern const struct mechanism mech_ptrace;
extern const struct mechanism mech_process_vm;
extern const struct mechanism mech_uring_pipe;
extern const struct mechanism mech_zmq_ipc;
extern const struct mechanism mech_zmq_tcp;
extern const struct mechanism mech_rabbitmq;
extern const struct mechanism mech_dbus;
extern const struct mechanism mech_mbox;
extern const struct mechanism mech_mbox_call;
extern const struct mechanism mech_mbox_batch;
extern const struct mechanism mech_mbox_pool;
extern const struct mechanism mech_mbox_ring;

#endif /* IPCBENCH_MECHANISMS_H */
