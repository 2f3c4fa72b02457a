// SPDX-License-Identifier: GPL-2.0-only
#include "../../check.h"
#include "services.h"

static struct service services[SERVICES_MAX];
static int count;

const struct service *find_service(const char *name)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(services[i].name, name))
			return &services[i];
	return NULL;
}

int add_service(const char *name, uint32_t uid, uint32_t pid, uint64_t id)
{
	struct service *service = &services[count];
	int ret;

	if (find_service(name))
		return -EEXIST;
	if (count == SERVICES_MAX)
		return -ENOSPC;
	ret = open_mailbox_of(uid, id, &service->mbox);
	if (ret < 0)
		return ret;
	snprintf(service->name, NAME_SIZE, "%s", name);
	service->id = id;
	service->pid = pid;
	count++;
	return 0;
}

/* POLLHUP comes unasked. */
int watch_services(struct pollfd *pollfds)
{
	for (int i = 0; i < count; i++)
		pollfds[i] = (struct pollfd) { .fd = mbox_fd(services[i].mbox) };
	return count;
}

static void forget(struct service *service)
{
	printf("nameserver: '%s' of process %u is gone\n", service->name, service->pid);
	mbox_close(service->mbox);
	*service = services[--count];
}

/* From the last on, as the last one takes the place of one that is forgotten. */
void forget_the_dead(const struct pollfd *pollfds)
{
	for (int i = count - 1; i >= 0; i--)
		if (pollfds[i].revents & POLLHUP)
			forget(&services[i]);
}

void forget_all(void)
{
	while (count)
		mbox_close(services[--count].mbox);
}
