// SPDX-License-Identifier: GPL-2.0-only
#include "claim.h"

const struct group groups[] = {
	{ "process", "children, zombies and orphans", process_claims, NULL },
	{ "signal", "how signals are delivered", signal_claims, NULL },
	{ "action", "signal numbers and what signals do", action_claims, NULL },
	{ "restart", "interrupted system calls", restart_claims, NULL },
	{ "pipe", "pipes between processes", pipe_claims, NULL },
	{ "fifo", "pipes with a name", fifo_claims, NULL },
	{ "socket", "sockets within one machine", socket_claims, NULL },
	{ "shm", "shared memory", shm_claims, NULL },
	{ "ids", "keys and ids of System V IPC", id_claims, NULL },
	{ "sem", "System V semaphores", sem_claims, NULL },
	{ "msg", "System V message queues", msg_claims, NULL },
	{ "ptrace", "tracing another process", ptrace_claims, NULL },
	{ "speed", "which mechanism is the fastest", speed_claims, NULL },
	{ "library", "messaging in libraries", library_claims, NULL },
	{ "mbox", "what mbox answers", mbox_claims, mbox_missing },
	{ 0 }
};
