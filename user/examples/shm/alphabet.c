// SPDX-License-Identifier: GPL-2.0-only
/*
 * alphabet - a producer, a consumer, and '*' as the answer
 *
 * The producer writes the alphabet, the consumer finds the memory by its key,
 * prints it and answers with '*'. The sample of the lecture overwrites the first
 * letter with it, and looks there again and again with plain reads: the compiler
 * may make one read of all, and nothing says that the letters are seen in the
 * order in which they were written. And key 5678 may be another's. Here the mark
 * is a word of its own, which tells that what was written before it is there; who
 * waits for it sleeps; and without an argument the key is one that nobody has.
 *
 * Rows: 106
 *
 *	$ examples/shm/alphabet
 *	$ examples/shm/alphabet 5678
 */
#include "futex.h"
#include "segment.h"

struct area {
	_Atomic uint32_t mark;
	char letters[26];
};

static void produce(struct area *area)
{
	for (size_t i = 0; i < sizeof(area->letters); i++)
		area->letters[i] = 'a' + i;
	set_word(&area->mark, 'a');
	await_word(&area->mark, '*');
	printf("producer: the mark is '%c', all was read\n", (int)area->mark);
}

/* All that it knows is the key. */
static void consume(key_t key)
{
	int id = check_sys(shmget(key, sizeof(struct area), 0), "shmget");
	struct area *area = attach(id, 0);

	await_word(&area->mark, 'a');
	printf("consumer: %.*s\n", (int)sizeof(area->letters), area->letters);
	fflush(stdout);
	set_word(&area->mark, '*');
}

int main(int argc, char **argv)
{
	int id = make_segment_with_key(argc, argv, sizeof(struct area));
	pid_t parent = getpid(), child = start_child();

	if (!child) {
		end_with_parent(parent);
		consume(key_of(id));
		return 0;
	}
	produce(attach(id, 0));
	end_child(child);
	return 0;
}
