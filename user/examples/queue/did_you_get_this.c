// SPDX-License-Identifier: GPL-2.0-only
/*
 * did_you_get_this - two processes meet at a key
 *
 * The key is how processes that have nothing in common find one queue: each asks
 * msgget() for the id that belongs to it. The lecture takes 1234, which anyone might
 * have: with an argument this does, too; without one the key is one that nobody has.
 *
 * A lecture counts the type to the size that msgsnd() is told; its size is that of
 * what follows the type. And somebody has to remove the queue, or it stays.
 *
 * Rows: 128, 129, 130
 *
 *	$ examples/queue/did_you_get_this
 *	$ examples/queue/did_you_get_this 1234
 */
#include "sysv.h"

static void send_to(key_t key)
{
	send_text(check_sys(msgget(key, 0), "msgget"), 1, "Did you get this?");
}

static void receive_from(key_t key)
{
	int id = check_sys(msgget(key, 0), "msgget");
	struct text_message message;
	ssize_t len = check_sys(msgrcv(id, &message, TEXT_SIZE, 1, 0), "msgrcv");

	printf("type %ld, %zd bytes: %.*s\n", message.type, len, (int)len, message.text);
}

int main(int argc, char **argv)
{
	pid_t parent = getpid(), child;
	key_t key;
	int id;

	queue_key = argc > 1 ? atoi(argv[1]) : 0;
	id = keep(make_queue_with_key, remove_queue);
	key = state_of_queue(id).msg_perm.__key;
	child = start_child();
	if (!child) {
		end_with_parent(parent);
		receive_from(key);
		return 0;
	}
	send_to(key);
	end_child(child);
	return 0;
}
