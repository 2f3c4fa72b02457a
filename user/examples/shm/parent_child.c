// SPDX-License-Identifier: GPL-2.0-only
/*
 * parent_child - the parent writes, the child answers, and nobody sleeps for it
 *
 * In the sample of the lecture both know key 100, and one of them sleeps a second,
 * in the hope that the other has written by then. There are two moments that are
 * certain without it: what was written before fork() the child finds, and what it
 * writes is there when waitpid() tells of its end. In between a pipe would tell.
 *
 * Rows: 110
 *
 *	$ examples/shm/parent_child
 *	$ examples/shm/parent_child 100
 */
#include "segment.h"

#define SIZE	64

static void answer(key_t key)
{
	char *text = attach(check_sys(shmget(key, SIZE, 0), "shmget"), 0);

	printf("child:  found '%s'\n", text);
	strcpy(text, "fine, and you?");
	check_sys(shmdt(text), "shmdt");
}

int main(int argc, char **argv)
{
	int id = make_segment_with_key(argc, argv, SIZE);
	char *text = attach(id, 0);
	pid_t child;

	strcpy(text, "how are you?");
	child = start_child();
	if (!child) {
		answer(key_of(id));
		return 0;
	}
	end_child(child);
	printf("parent: found '%s'\n", text);
	return 0;
}
