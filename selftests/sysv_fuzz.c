// SPDX-License-Identifier: GPL-2.0
/*
 * sysv_fuzz SEED STEPS: random calls of SysV queues, see compat_fuzz.h.
 *
 * Left out is what libmbox-compat(7) calls different: a send to a full queue that a
 * waiting receiver takes, one that overtakes a waiting sender, and what only a receive
 * with a wrong address can tell.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <limits.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include "compat_fuzz.h"

#ifndef MSG_COPY
#define MSG_COPY	040000
#endif

#define QUEUES		6
#define TEXT_SIZE	8192
#define STRANGER	4711
#define FIRST_KEY	0x66757a00
#define NO_QUEUE	0x7fffff00

enum kind { GET, SEND, RECV, STAT, SET, REMOVE, INFO };

static int ids[QUEUES];

static struct {
	long type;
	unsigned char text[TEXT_SIZE + 1];
} message;

/* ---- calls ----------------------------------------------------------------- */

static long result(long ret)
{
	return ret < 0 ? -errno : ret;
}

static unsigned int sum_of(const unsigned char *text, long size)
{
	unsigned int sum = 0;
	long i;

	for (i = 0; i < size; i++)
		sum = sum * 31 + text[i];
	return sum;
}

static long send_op(const struct op *op)
{
	message.type = op->type;
	if (op->size >= 0 && op->size <= TEXT_SIZE)
		memset(message.text, (int)(op->type + op->size), op->size);
	return result(msgsnd(op->id, &message, op->size, op->flags));
}

static long set_op(const struct op *op)
{
	struct msqid_ds ds;

	if (msgctl(op->id, IPC_STAT, &ds))
		return -errno;
	ds.msg_qbytes = op->size;
	return result(msgctl(op->id, IPC_SET, &ds));
}

static void do_op(const struct op *op, struct answer *answer)
{
	struct msqid_ds ds;

	switch ((enum kind)op->kind) {
	case GET:
		answer->ret = result(msgget(op->key, op->flags));
		break;
	case SEND:
		answer->ret = send_op(op);
		break;
	case RECV:
		answer->ret = result(msgrcv(op->id, &message, op->size, op->type, op->flags));
		answer->type = answer->ret < 0 ? 0 : message.type;
		answer->sum = sum_of(message.text, answer->ret);
		break;
	case STAT:
		answer->ret = result(msgctl(op->id, IPC_STAT, &ds));
		break;
	case SET:
		answer->ret = set_op(op);
		break;
	case REMOVE:
		answer->ret = result(msgctl(op->id, IPC_RMID, NULL));
		break;
	case INFO:
		answer->ret = result(msgctl(op->id, op->flags, &ds));
		break;
	}
}

static bool may_block(const struct op *op)
{
	return (op->kind == SEND || op->kind == RECV) && !(op->flags & IPC_NOWAIT);
}

/* The last one has no privileges. */
static void begin_worker(int number)
{
	if (number < WORKERS - 1)
		return;
	if (setgroups(0, NULL) || setresgid(STRANGER, STRANGER, STRANGER) ||
	    setresuid(STRANGER, STRANGER, STRANGER))
		fuzz_die("setresuid");
}

/* ---- what is told ------------------------------------------------------------ */

static int queue_of(int id)
{
	int i;

	for (i = 0; i < QUEUES; i++)
		if (ids[i] >= 0 && ids[i] == id)
			return i;
	return -1;
}

static int worker_of(pid_t pid)
{
	int i;

	if (!pid)
		return -2;
	for (i = 0; i < WORKERS; i++)
		if (workers[i].pid == pid)
			return i;
	return pid == getpid() ? WORKERS : -1;
}

static void tell(int who, const struct op *op, const struct answer *answer)
{
	static const char *const names[] = {
		"get", "send", "recv", "stat", "set", "remove", "info"
	};
	long ret = answer->ret;

	/* Ids are the system's own. */
	if (op->kind == GET && ret >= 0)
		ret = queue_of(ret);
	printf("%d %s q%d t%ld s%ld f%o k%x = %ld type %ld sum %x\n", who, names[op->kind],
	       queue_of(op->id), op->type, op->size, op->flags, op->key, ret, answer->type,
	       answer->sum);
}

static void tell_state(int queue)
{
	struct msqid_ds ds;

	if (msgctl(ids[queue], IPC_STAT, &ds)) {
		printf("  q%d errno %d\n", queue, errno);
		return;
	}
	printf("  q%d %lu messages %lu bytes of %lu, mode %o uid %u cuid %u key %x", queue,
	       ds.msg_qnum, ds.__msg_cbytes, ds.msg_qbytes, ds.msg_perm.mode,
	       ds.msg_perm.uid, ds.msg_perm.cuid, ds.msg_perm.__key);
	printf(" ls %d lr %d %s%s%s\n", worker_of(ds.msg_lspid), worker_of(ds.msg_lrpid),
	       ds.msg_stime ? "s" : "-", ds.msg_rtime ? "r" : "-", ds.msg_ctime ? "c" : "-");
}

/* ---- what may be asked ---------------------------------------------------------- */

static int blocked_on(int id, enum kind kind)
{
	int i, count = 0;

	for (i = 0; i < WORKERS; i++)
		count += workers[i].busy && workers[i].op.id == id &&
			 workers[i].op.kind == (int)kind;
	return count;
}

/* Would the message fit, with room to spare? */
static bool fits(int id, long size)
{
	struct msqid_ds ds;

	if (msgctl(id, IPC_STAT, &ds))
		return true;
	return ds.__msg_cbytes + size <= ds.msg_qbytes && ds.msg_qnum + 1 <= ds.msg_qbytes;
}

static long qbytes_of(int id)
{
	struct msqid_ds ds;

	return msgctl(id, IPC_STAT, &ds) ? LONG_MAX : (long)ds.msg_qbytes;
}

/* See above what is left out. */
static bool is_same_everywhere(const struct op *op)
{
	switch ((enum kind)op->kind) {
	case SEND:
		if (blocked_on(op->id, SEND))
			return false;
		if (blocked_on(op->id, RECV))
			return fits(op->id, op->size);
		return op->flags & IPC_NOWAIT || op->size <= qbytes_of(op->id);
	case RECV:
		if (!blocked_on(op->id, SEND))
			return true;
		return !op->type && op->flags & IPC_NOWAIT && !(op->flags & MSG_COPY);
	case SET:
		return !blocked_on(op->id, SEND) && !blocked_on(op->id, RECV);
	default:
		return true;
	}
}

/* ---- what is asked ----------------------------------------------------------------- */

static const long sizes[] = {
	0, 0, 1, 1, 5, 5, 8, 8, 40, 40, 64, 64, 100, 100, 300, 300, TEXT_SIZE, TEXT_SIZE + 1, -1
};

static const long types[] = { 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 7, 7, 7, LONG_MAX, 0, -1 };

static const long wanted[] = { 0, 0, 1, 2, 3, 7, -1, -2, -3, -7, LONG_MIN, LONG_MAX, 5 };

static const int modes[] = { 0600, 0600, 0666, 0604, 0602, 0 };

#define ANY_OF(table)	((table)[one_of(sizeof(table) / sizeof(*(table)))])

static int any_id(void)
{
	return chance(2) ? (chance(50) ? -1 : NO_QUEUE) : ids[one_of(QUEUES)];
}

static void ask_get(struct op *op)
{
	op->key = FIRST_KEY + one_of(QUEUES);
	op->flags = ANY_OF(modes);
	if (chance(70))
		op->flags |= IPC_CREAT;
	if (chance(20))
		op->flags |= IPC_EXCL;
}

static void ask_recv(struct op *op)
{
	op->type = ANY_OF(wanted);
	op->size = chance(70) ? TEXT_SIZE : ANY_OF(sizes);
	if (op->size > TEXT_SIZE)
		op->size = TEXT_SIZE;
	op->flags = chance(92) ? IPC_NOWAIT : 0;
	if (chance(15))
		op->flags |= MSG_EXCEPT;
	if (chance(25))
		op->flags |= MSG_NOERROR;
	if (chance(8)) {
		op->flags |= MSG_COPY;
		op->type = one_of(12) - 1;
	}
}

static void ask(struct op *op)
{
	int dice = one_of(1000);

	memset(op, 0, sizeof(*op));
	op->id = any_id();
	if (dice < 90) {
		op->kind = GET;
		ask_get(op);
	} else if (dice < 480) {
		op->kind = SEND;
		op->type = ANY_OF(types);
		op->size = ANY_OF(sizes);
		op->flags = chance(92) ? IPC_NOWAIT : 0;
	} else if (dice < 900) {
		op->kind = RECV;
		ask_recv(op);
	} else if (dice < 940) {
		op->kind = SET;
		op->size = chance(50) ? 1 + one_of(400) : 16384;
	} else if (dice < 950) {
		op->kind = REMOVE;
	} else if (dice < 960) {
		op->kind = INFO;
		op->flags = 1000 + one_of(100);
	} else {
		op->kind = STAT;
	}
}

/* ---- the run -------------------------------------------------------------------------- */

static void note(const struct op *op, const struct answer *answer)
{
	if (op->kind == GET && answer->ret >= 0 && queue_of(answer->ret) < 0)
		ids[op->key - FIRST_KEY] = answer->ret;
}

static void ended(int who, const struct op *op, const struct answer *answer)
{
	note(op, answer);
	tell(who, op, answer);
}

/* Who waited for this queue and waits no more. */
static void collect(int id)
{
	struct answer answer;
	int i;

	for (i = 0; i < WORKERS; i++)
		if (workers[i].busy && workers[i].op.id == id &&
		    settle(&workers[i], &answer))
			ended(i, &workers[i].op, &answer);
}

/* This process is a worker of its own, for calls that do not block. */
static void run_op(int who, const struct op *op)
{
	struct answer answer = { .ret = 0 };

	if (who == WORKERS) {
		do_op(op, &answer);
		ended(who, op, &answer);
	} else {
		give(&workers[who], op);
		if (settle(&workers[who], &answer))
			ended(who, op, &answer);
		else
			printf("%d waits\n", who);
	}
	collect(op->id);
}

/* The end of a process, or of its call. */
static void disturb(int who)
{
	int id = workers[who].op.id;

	if (chance(70)) {
		kill(workers[who].pid, SIGUSR1);
		printf("%d is interrupted\n", who);
	} else {
		end_worker(who);
		start_worker(who);
		printf("%d is another\n", who);
	}
	collect(id);
}

static void step(void)
{
	struct op op;
	int who = one_of(2 * WORKERS);

	if (who > WORKERS)
		who = WORKERS;
	if (who < WORKERS && workers[who].busy) {
		if (chance(30))
			disturb(who);
		return;
	}
	ask(&op);
	if (who == WORKERS && may_block(&op))
		op.flags |= IPC_NOWAIT;
	if (!is_same_everywhere(&op))
		return;
	run_op(who, &op);
	if (queue_of(op.id) >= 0 && chance(20))
		tell_state(queue_of(op.id));
}

static void remove_all(void)
{
	int i, id;

	for (i = 0; i < QUEUES; i++) {
		id = msgget(FIRST_KEY + i, 0);
		if (id >= 0)
			msgctl(id, IPC_RMID, NULL);
		ids[i] = NO_QUEUE + 1 + i;
	}
}

int main(int argc, char **argv)
{
	long steps, i;

	if (argc != 3) {
		fprintf(stderr, "Usage: sysv_fuzz SEED STEPS\n");
		return 1;
	}
	fuzz_state = strtoull(argv[1], NULL, 0) * 2 + 1;
	steps = strtol(argv[2], NULL, 0);
	remove_all();
	for (i = 0; i < WORKERS; i++)
		start_worker(i);
	for (i = 0; i < steps; i++)
		step();
	for (i = 0; i < QUEUES; i++)
		tell_state(i);
	for (i = 0; i < WORKERS; i++)
		end_worker(i);
	remove_all();
	return fflush(stdout) ? 2 : 0;
}
