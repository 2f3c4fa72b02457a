/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses of TCP and UDP that never leave this machine. */
#ifndef IPCBENCH_LOOPBACK_H
#define IPCBENCH_LOOPBACK_H

#include <netinet/in.h>

#include "mechanism.h"

/* Why the loopback interface cannot be used, or NULL. */
const char *loopback_absent(void);

/* An address there, with a port in host order; 0: any that is free. */
struct sockaddr_in loopback_address(uint16_t port);

/* Make the lane's address of one, with the port that @fd is bound to. */
int loopback_publish(struct lane *lane, int fd, struct in_addr host);

/* And back; with the family 0 if it is none. */
struct sockaddr_in loopback_parse(const char *address);

#endif /* IPCBENCH_LOOPBACK_H */
