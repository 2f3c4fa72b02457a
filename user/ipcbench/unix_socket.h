/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What UNIX sockets of all types have in common: they have a path, say who has
 * sent (with SO_PASSCRED), and carry descriptors.
 */
#ifndef IPCBENCH_UNIX_SOCKET_H
#define IPCBENCH_UNIX_SOCKET_H

#include "mechanism.h"

/* Bytes that a message may have if it must stay whole. */
size_t unix_max_size(void);

/* With SOCK_DGRAM receivers share one socket; else one accepts a connection. */
int unix_open(struct lane *lane, int type);
void unix_close(struct lane *lane);
int unix_join(struct end *end, int type);

int unix_sender(struct end *end, pid_t *pid);
int unix_forge(struct end *end, pid_t as, const void *data, size_t len);
int unix_send_fd(struct end *end, int fd);
int unix_recv_fd(struct end *end);

#endif /* IPCBENCH_UNIX_SOCKET_H */
