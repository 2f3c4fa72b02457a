// SPDX-License-Identifier: GPL-2.0-only
/*
 * two_slots - requests and replies in shared memory, with a status in front
 *
 * The area has one slot for the request and one for the reply, each with a status
 * that says whether it is full. Who waits for a status sleeps until it changes.
 * The two have to trust each other: to write to the area is to write anywhere in
 * it, at any time; and if one of them dies, nobody tells the other.
 *
 * Rows: 111
 *
 *	$ examples/shm/two_slots
 */
#include <ctype.h>
#include <sys/mman.h>

#include "../process/wait.h"
#include "futex.h"

#define TEXT_SIZE	60

enum status { EMPTY, FULL };

struct slot {
	_Atomic uint32_t status;
	char text[TEXT_SIZE];
};

struct area {
	struct slot request;
	struct slot reply;
};

static void put(struct slot *slot, const char *text)
{
	await_word(&slot->status, EMPTY);
	snprintf(slot->text, sizeof(slot->text), "%s", text);
	set_word(&slot->status, FULL);
}

/* A copy, which ends even if the other side has not ended it. */
static void take(struct slot *slot, char text[TEXT_SIZE])
{
	await_word(&slot->status, FULL);
	memcpy(text, slot->text, TEXT_SIZE);
	text[TEXT_SIZE - 1] = '\0';
	set_word(&slot->status, EMPTY);
}

/* Gives back in capitals what it gets, until it gets nothing. */
static void serve(struct area *area)
{
	char text[TEXT_SIZE];

	for (;;) {
		take(&area->request, text);
		if (!*text)
			return;
		for (char *at = text; *at; at++)
			*at = toupper((unsigned char)*at);
		put(&area->reply, text);
	}
}

static void ask(struct area *area, const char *text)
{
	char reply[TEXT_SIZE];

	put(&area->request, text);
	take(&area->reply, reply);
	printf("%s -> %s\n", text, reply);
}

int main(void)
{
	struct area *area = mmap(NULL, sizeof(*area), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t parent = getpid(), child;

	if (area == MAP_FAILED)
		fail("mmap", errno);
	child = start_child();
	if (!child) {
		end_with_parent(parent);
		serve(area);
		return 0;
	}
	ask(area, "one request");
	ask(area, "and another");
	put(&area->request, "");
	end_child(child);
	return 0;
}
