// SPDX-License-Identifier: GPL-2.0
/* SysV queues as programs see them: rights, msgctl, processes and descriptors. */
#define _GNU_SOURCE
#include "sysv_msg.h"

/* ---- permissions ----------------------------------------------------- */

#define AS_STRANGER(expected, expression) do {				\
	pid_t _pid = fork();						\
									\
	if (!_pid) {							\
		become_stranger();					\
		_exit(code_of(expression));				\
	}								\
	EXPECT_EQ(expected, reap(_pid));				\
} while (0)

TEST_F(sysv, mode_decides_about_others)
{
	struct msqid_ds ds = stat_of(self->id);

	EXPECT_EQ(0, put(self->id, 1, "x", 0));
	AS_STRANGER(EACCES, put(self->id, 1, "x", IPC_NOWAIT));
	AS_STRANGER(EACCES, take_now(self->id, 2, 0));
	AS_STRANGER(EACCES, take_now(self->id, 2, MSG_COPY));
	AS_STRANGER(EACCES, result(msgctl(self->id, IPC_STAT, &ds)));
	AS_STRANGER(EPERM, result(msgctl(self->id, IPC_RMID, NULL)));
	AS_STRANGER(EPERM, result(msgctl(self->id, IPC_SET, &ds)));
	EXPECT_EQ(0, set_mode(self->id, 0604));
	AS_STRANGER(EACCES, put(self->id, 1, "x", IPC_NOWAIT));
	AS_STRANGER(ENOMSG, take_now(self->id, 2, 0));
	AS_STRANGER(0, result(msgctl(self->id, IPC_STAT, &ds)));
	EXPECT_EQ(0, set_mode(self->id, 0602));
	AS_STRANGER(0, put(self->id, 1, "x", IPC_NOWAIT));
	AS_STRANGER(EACCES, take_now(self->id, 2, 0));
	AS_STRANGER(EACCES, result(msgctl(self->id, IPC_STAT, &ds)));
	EXPECT_EQ(2, stat_of(self->id).msg_qnum);
}

/* A process that uses a queue and becomes somebody else is somebody else. */
TEST_F(sysv, rights_are_those_of_the_moment)
{
	pid_t pid = fork();

	if (!pid) {
		if (put(self->id, 1, "x", 0))
			_exit(1);
		become_stranger();
		_exit(code_of(put(self->id, 1, "x", 0)));
	}
	EXPECT_EQ(EACCES, reap(pid));
}

/* A queue of a stranger, who may do all with it that the mode says, and manage it. */
TEST(owner_without_privileges)
{
	pid_t pid = fork();
	struct msqid_ds ds;
	int id;

	if (pid) {
		EXPECT_EQ(0, reap(pid));
		return;
	}
	become_stranger();
	id = msgget(IPC_PRIVATE, 0400);
	if (id < 0 || put(id, 1, "x", 0) != -EACCES)
		_exit(1);
	ds = stat_of(id);
	if (ds.msg_perm.uid != STRANGER || ds.msg_perm.cuid != STRANGER ||
	    ds.msg_perm.gid != STRANGER || ds.msg_perm.cgid != STRANGER)
		_exit(2);
	ds.msg_perm.mode = 0600;
	if (msgctl(id, IPC_SET, &ds) || put(id, 1, "x", 0))
		_exit(3);
	ds.msg_qbytes = limit("msgmnb") + 1;
	if (result(msgctl(id, IPC_SET, &ds)) != -EPERM)
		_exit(4);
	_exit(msgctl(id, IPC_RMID, NULL) ? 5 : 0);
}

/* ---- msgctl ---------------------------------------------------------- */

TEST_F(sysv, control_wrong_arguments)
{
	struct msqid_ds ds;

	EXPECT_EQ(-EINVAL, result(msgctl(self->id, 4711, &ds)));
	EXPECT_EQ(-EINVAL, result(msgctl(-1, IPC_STAT, &ds)));
	EXPECT_EQ(-EINVAL, result(msgctl(NO_QUEUE, IPC_STAT, &ds)));
	EXPECT_EQ(-EINVAL, result(msgctl(NO_QUEUE, IPC_RMID, NULL)));
	memset(&ds, 0, sizeof(ds));
	EXPECT_EQ(-EINVAL, result(msgctl(NO_QUEUE, IPC_SET, &ds)));
	EXPECT_EQ(-EINVAL, result(msgctl(0x7fff, MSG_STAT, &ds)));
	EXPECT_EQ(-EINVAL, result(msgctl(0x7fff, MSG_STAT_ANY, &ds)));
	EXPECT_EQ(-EFAULT, result(msgctl(self->id, IPC_STAT, nowhere())));
	EXPECT_EQ(-EFAULT, result(msgctl(self->id, IPC_SET, nowhere())));
	EXPECT_EQ(-EFAULT, result(msgctl(NO_QUEUE, IPC_SET, nowhere())));
	EXPECT_EQ(-EINVAL, result(msgctl(NO_QUEUE, IPC_STAT, nowhere())));
	EXPECT_EQ(-EFAULT, result(msgctl(0, IPC_INFO, nowhere())));
}

TEST_F(sysv, members_of_a_fresh_queue)
{
	struct msqid_ds ds = stat_of(self->id);
	time_t now = time(NULL);

	EXPECT_EQ(0600, ds.msg_perm.mode);
	EXPECT_EQ(geteuid(), ds.msg_perm.uid);
	EXPECT_EQ(getegid(), ds.msg_perm.gid);
	EXPECT_EQ(geteuid(), ds.msg_perm.cuid);
	EXPECT_EQ(getegid(), ds.msg_perm.cgid);
	EXPECT_EQ(0, ds.msg_stime);
	EXPECT_EQ(0, ds.msg_rtime);
	EXPECT_GE(now, ds.msg_ctime);
	EXPECT_LE(now - 10, ds.msg_ctime);
	EXPECT_EQ(0, ds.__msg_cbytes);
	EXPECT_EQ(0, ds.msg_qnum);
	EXPECT_EQ(limit("msgmnb"), ds.msg_qbytes);
	EXPECT_EQ(0, ds.msg_lspid);
	EXPECT_EQ(0, ds.msg_lrpid);
}

TEST_F(sysv, members_follow_what_happens)
{
	time_t before = time(NULL);
	struct msqid_ds ds;

	EXPECT_EQ(0, put(self->id, 1, "hello", 0));
	EXPECT_EQ(0, put(self->id, 2, "you", 0));
	ds = stat_of(self->id);
	EXPECT_EQ(8, ds.__msg_cbytes);
	EXPECT_EQ(2, ds.msg_qnum);
	EXPECT_EQ(getpid(), ds.msg_lspid);
	EXPECT_EQ(0, ds.msg_lrpid);
	EXPECT_LE(before, ds.msg_stime + 1);
	EXPECT_GE(time(NULL), ds.msg_stime);
	EXPECT_EQ(0, ds.msg_rtime);
	EXPECT_EQ(2, take_now(self->id, 2, 0));
	ds = stat_of(self->id);
	EXPECT_EQ(5, ds.__msg_cbytes);
	EXPECT_EQ(1, ds.msg_qnum);
	EXPECT_EQ(getpid(), ds.msg_lrpid);
	EXPECT_LE(before, ds.msg_rtime + 1);
	EXPECT_GE(time(NULL), ds.msg_rtime);
}

TEST_F(sysv, set_changes_what_it_may)
{
	struct msqid_ds old = stat_of(self->id), ds;

	ds = old;
	ds.msg_perm.uid = STRANGER;
	ds.msg_perm.gid = STRANGER + 1;
	ds.msg_perm.mode = 0460;
	ds.msg_qbytes = 1000;
	ds.msg_qnum = 77;
	ds.msg_lspid = 77;
	sleep(2);
	EXPECT_EQ(0, msgctl(self->id, IPC_SET, &ds));
	ds = stat_of(self->id);
	EXPECT_EQ(STRANGER, ds.msg_perm.uid);
	EXPECT_EQ(STRANGER + 1, ds.msg_perm.gid);
	EXPECT_EQ(old.msg_perm.cuid, ds.msg_perm.cuid);
	EXPECT_EQ(old.msg_perm.cgid, ds.msg_perm.cgid);
	EXPECT_EQ(0460, ds.msg_perm.mode);
	EXPECT_EQ(1000, ds.msg_qbytes);
	EXPECT_EQ(0, ds.msg_qnum);
	EXPECT_EQ(0, ds.msg_lspid);
	EXPECT_LT(old.msg_ctime, ds.msg_ctime);
	ds.msg_perm.uid = -1;
	EXPECT_EQ(-EINVAL, result(msgctl(self->id, IPC_SET, &ds)));
	/* Root may have more than the limit. */
	EXPECT_EQ(0, set_qbytes(self->id, limit("msgmnb") + 1));
}

TEST_F(sysv, removed_queue_is_no_queue)
{
	struct msqid_ds ds;

	EXPECT_EQ(0, put(self->id, 1, "x", 0));
	EXPECT_EQ(0, msgctl(self->id, IPC_RMID, NULL));
	EXPECT_EQ(-EINVAL, put(self->id, 1, "x", 0));
	EXPECT_EQ(-EINVAL, take_now(self->id, 0, 0));
	EXPECT_EQ(-EINVAL, take(self->id, 1, 0, 0));
	EXPECT_EQ(-EINVAL, result(msgctl(self->id, IPC_STAT, &ds)));
	EXPECT_EQ(-EINVAL, result(msgctl(self->id, IPC_RMID, NULL)));
}

/* Removed by another process while this one has used it. */
TEST_F(sysv, removed_by_another_process)
{
	pid_t pid;

	EXPECT_EQ(0, put(self->id, 1, "x", 0));
	pid = fork();
	if (!pid)
		_exit(code_of(result(msgctl(self->id, IPC_RMID, NULL))));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(-EINVAL, take(self->id, 1, 0, 0));
	EXPECT_EQ(-EINVAL, put(self->id, 1, "x", 0));
}

TEST_F(sysv, info)
{
	struct msginfo info, other;
	long highest = result(msgctl(0, IPC_INFO, (struct msqid_ds *)&info));

	EXPECT_LE(0, highest);
	EXPECT_EQ(limit("msgmax"), info.msgmax);
	EXPECT_EQ(limit("msgmnb"), info.msgmnb);
	EXPECT_EQ(limit("msgmni"), info.msgmni);
	EXPECT_EQ(16, info.msgssz);
	EXPECT_EQ(0xffff, info.msgseg);
	EXPECT_EQ(16384, info.msgmap);
	EXPECT_EQ(16384, info.msgtql);
	EXPECT_EQ(512000, info.msgpool);
	EXPECT_LE(0, result(msgctl(0, MSG_INFO, (struct msqid_ds *)&info)));
	EXPECT_EQ(0, put(self->id, 1, "hello", 0));
	EXPECT_EQ(0, put(self->id, 1, "you", 0));
	EXPECT_LE(0, result(msgctl(0, MSG_INFO, (struct msqid_ds *)&other)));
	EXPECT_EQ(info.msgmap + 2, other.msgmap);
	EXPECT_EQ(info.msgtql + 8, other.msgtql);
	EXPECT_EQ(info.msgpool, other.msgpool);
	EXPECT_LE(1, info.msgpool);
}

/* How often @cmd finds the queue, of all indices up to the highest. */
static int times_found(int id, int cmd, long *error)
{
	struct msginfo info;
	int highest = msgctl(0, MSG_INFO, (struct msqid_ds *)&info), i, found = 0;

	*error = 0;
	for (i = 0; i <= highest; i++) {
		struct msqid_ds ds;
		long ret = result(msgctl(i, cmd, &ds));

		found += ret == id && ds.msg_perm.mode == 0600;
		if (ret == -EACCES)
			*error = ret;
	}
	return found;
}

TEST_F(sysv, stat_by_index)
{
	long error;
	pid_t pid;

	EXPECT_EQ(1, times_found(self->id, MSG_STAT, &error));
	EXPECT_EQ(1, times_found(self->id, MSG_STAT_ANY, &error));
	pid = fork();
	if (!pid) {
		become_stranger();
		if (times_found(self->id, MSG_STAT, &error) || error != -EACCES)
			_exit(1);
		_exit(times_found(self->id, MSG_STAT_ANY, &error) != 1 || error);
	}
	EXPECT_EQ(0, reap(pid));
}

/* ---- processes and descriptors --------------------------------------- */

TEST_F(sysv, child_is_the_sender_of_what_it_sends)
{
	pid_t pid;

	EXPECT_EQ(0, put(self->id, 1, "mine", 0));
	EXPECT_EQ(getpid(), stat_of(self->id).msg_lspid);
	pid = fork();
	if (!pid)
		_exit(code_of(put(self->id, 2, "its", 0)) +
		      (stat_of(self->id).msg_lspid != getpid()));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(1, take_now(self->id, 1, 0));
	EXPECT_EQ(2, take_now(self->id, 2, 0));
	EXPECT_EQ(getpid(), stat_of(self->id).msg_lrpid);
}

/* As a daemon does: what a library has opened is closed behind its back. */
TEST_F(sysv, all_descriptors_are_closed)
{
	int fd, i;

	EXPECT_EQ(0, put(self->id, 1, "a", 0));
	for (fd = 3; fd < 2048; fd++)
		close(fd);
	EXPECT_EQ(0, put(self->id, 1, "b", 0));
	close_range(3, ~0U, 0);
	EXPECT_EQ(0, put(self->id, 1, "c", 0));
	/* And something else is there then. */
	for (fd = 3; fd < 1000; fd++)
		dup2(1, fd);
	EXPECT_EQ(0, put(self->id, 1, "d", 0));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(1, take_now(self->id, 1, 0));
	EXPECT_EQ(-ENOMSG, take_now(self->id, 1, 0));
	close_range(3, ~0U, 0);
}

/* Descriptors of the program keep the numbers that they would have. */
TEST_F(sysv, descriptors_are_the_lowest_free)
{
	int first = dup(1), second;

	EXPECT_EQ(0, put(self->id, 1, "a", 0));
	second = dup(1);
	EXPECT_EQ(first + 1, second);
	close(first);
	close(second);
}

TEST_F(sysv, more_queues_than_one_keeps_open)
{
	int ids[200], i;

	for (i = 0; i < 200; i++) {
		ids[i] = msgget(IPC_PRIVATE, 0600);
		ASSERT_LE(0, ids[i]);
	}
	for (i = 0; i < 200; i++)
		EXPECT_EQ(0, put(ids[i], i + 1, "x", 0));
	for (i = 0; i < 200; i++)
		EXPECT_EQ(i + 1, take_now(ids[i], 0, 0));
	for (i = 0; i < 200; i++)
		EXPECT_EQ(0, msgctl(ids[i], IPC_RMID, NULL));
}

struct taker {
	pthread_t thread;
	int id;
	pid_t tid;
};

static void *take_in_thread(void *arg)
{
	struct taker *taker = arg;
	struct message message;

	__atomic_store_n(&taker->tid, gettid(), __ATOMIC_RELEASE);
	return (void *)result(msgrcv(taker->id, &message, TEXT_SIZE, 0, 0));
}

static bool wait_thread_asleep(struct taker *taker)
{
	pid_t tid;

	while (!(tid = __atomic_load_n(&taker->tid, __ATOMIC_ACQUIRE)))
		usleep(1000);
	return wait_asleep(tid);
}

TEST_F(sysv, threads_wait_on_one_queue)
{
	struct taker takers[4] = {};
	void *ret;
	int i;

	for (i = 0; i < 4; i++) {
		takers[i].id = self->id;
		ASSERT_EQ(0, pthread_create(&takers[i].thread, NULL, take_in_thread,
					    &takers[i]));
	}
	for (i = 0; i < 4; i++)
		EXPECT_TRUE(wait_thread_asleep(&takers[i]));
	EXPECT_EQ(0, put(self->id, 1, "hello", 0));
	EXPECT_EQ(0, put(self->id, 1, "hello", 0));
	EXPECT_EQ(0, stat_of(self->id).msg_qnum);
	EXPECT_EQ(0, msgctl(self->id, IPC_RMID, NULL));
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(0, pthread_join(takers[i].thread, &ret));
		EXPECT_TRUE((long)ret == 5 || (long)ret == -EIDRM);
	}
}

static int handler_id;

static void send_from_handler(int sig)
{
	put(handler_id, 9, "from a handler", 0);
}

TEST_F(sysv, signal_handler_sends)
{
	struct sigaction action = { .sa_handler = send_from_handler };
	pid_t pid = fork();

	if (!pid) {
		handler_id = self->id;
		sigaction(SIGUSR1, &action, NULL);
		_exit(code_of(take(self->id, TEXT_SIZE, 8, 0)));
	}
	EXPECT_TRUE(wait_asleep(pid));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
	EXPECT_EQ(9, take_now(self->id, 0, 0));
}

TEST_HARNESS_MAIN
