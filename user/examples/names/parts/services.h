/* SPDX-License-Identifier: GPL-2.0-only */
/* The names that are registered with the name server. */
#ifndef EXAMPLES_SERVICES_H
#define EXAMPLES_SERVICES_H

#include <poll.h>

#include "names.h"

#define SERVICES_MAX	16

/**
 * struct service - a registered name
 * @name: name
 * @id: its mailbox
 * @pid: who registered it
 * @mbox: our handle on the mailbox
 */
struct service {
	char name[NAME_SIZE];
	uint64_t id;
	uint32_t pid;
	struct mbox *mbox;
};

const struct service *find_service(const char *name);

/* Returns 0, or a negative errno: -EEXIST, -ENOSPC, or why the mailbox is no good. */
int add_service(const char *name, uint32_t uid, uint32_t pid, uint64_t id);

/* Fills in what to poll, and returns how many there are. */
int watch_services(struct pollfd *pollfds);

/* Looks at what poll() found out, and forgets the services that have died. */
void forget_the_dead(const struct pollfd *pollfds);

void forget_all(void);

#endif /* EXAMPLES_SERVICES_H */
