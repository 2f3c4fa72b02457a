/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages as real-time signals with a value, however they are received. They
 * are queued with the process that is to get them, in the order of their
 * numbers, and among the same number in the order of sending. All that is to be
 * known is the process and the number: the receiver writes both to a file.
 */
#ifndef IPCBENCH_SIGNAL_LANE_H
#define IPCBENCH_SIGNAL_LANE_H

#include <signal.h>

#include "mechanism.h"

/* The value is a pointer, or what else has its size. */
#define SIGNAL_BYTES	sizeof(union sigval)

/**
 * struct signal_end - an end's @own
 * @self: this process
 * @receiver: to which the signals go
 * @number: signal of this lane
 * @set: that signal
 * @urgent: those of all the priorities
 * @sender: who sent the signal received last, as it says
 * @fd: for signalfd: reads @set, or -1
 * @urgent_fd: reads @urgent, or -1
 */
struct signal_end {
	pid_t self;
	pid_t receiver;
	int number;
	sigset_t set;
	sigset_t urgent;
	pid_t sender;
	int fd;
	int urgent_fd;
};

size_t signal_max_size(void);
int signal_open(struct lane *lane);
void signal_close(struct lane *lane);
int signal_join(struct end *end);
void signal_leave(struct end *end);
int signal_send(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait);
int signal_forge(struct end *end, pid_t as, const void *data, size_t len);
int signal_send_priority(struct end *end, unsigned int priority, const void *data, size_t len);
int signal_sender(struct end *end, pid_t *pid);

/* Give out what a signal has brought, and note who sent it: its whole length. */
ssize_t signal_unpack(struct end *end, pid_t sender, int len, const void *value, void *buf,
		      size_t size);

#endif /* IPCBENCH_SIGNAL_LANE_H */
