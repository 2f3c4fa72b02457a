// SPDX-License-Identifier: GPL-2.0-only
/*
 * state - what the kernel knows of a queue, and what can be changed: msqid_ds
 *
 * Owner, mode, what waits, how much may, who sent and received last. IPC_SET changes
 * owner, mode and how many bytes may wait. A queue that is full blocks the sender,
 * or refuses with IPC_NOWAIT.
 *
 * Rows: 116, 119, 130, 139
 *
 *	$ examples/queue/state
 */
#include <stdint.h>

#include "sysv.h"

static const char *who(pid_t pid, pid_t child)
{
	return !pid ? "nobody" : pid == child ? "child" : pid == getpid() ? "us" : "?";
}

static void show(int id, const char *when, pid_t child)
{
	struct msqid_ds state = state_of_queue(id);

	printf("%-13s mode %03o, messages %ju, bytes %ju of %ju, sent by %s, received by %s\n",
	       when, state.msg_perm.mode, (uintmax_t)state.msg_qnum,
	       (uintmax_t)state.__msg_cbytes, (uintmax_t)state.msg_qbytes,
	       who(state.msg_lspid, child), who(state.msg_lrpid, child));
}

static void change(int id, unsigned short mode, unsigned long bytes)
{
	struct msqid_ds state = state_of_queue(id);

	state.msg_perm.mode = mode;
	state.msg_qbytes = bytes;
	check_sys(msgctl(id, IPC_SET, &state), "msgctl(IPC_SET)");
}

/* By a child, so that who sent and who received are two. */
static pid_t send_two(int id)
{
	pid_t child = start_child();

	if (!child) {
		send_text(id, 1, "one");
		send_text(id, 2, "two");
		exit(EXIT_SUCCESS);
	}
	end_child(child);
	return child;
}

int main(void)
{
	struct text_message message;
	int id = new_queue();
	pid_t child;

	show(id, "made", 0);
	child = send_two(id);
	show(id, "two sent", child);
	check_sys(msgrcv(id, &message, TEXT_SIZE, 2, 0), "msgrcv");
	show(id, "one received", child);
	change(id, 0640, 8);
	show(id, "changed", child);
	if (try_to_send(id, 3, "three is too much", IPC_NOWAIT) < 0)
		printf("send 17 bytes: %s\n", strerror(errno));
	return 0;
}
