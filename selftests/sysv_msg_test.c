// SPDX-License-Identifier: GPL-2.0
/* SysV queues as programs see them: to get one, to send, to receive; each errno. */
#define _GNU_SOURCE
#include "sysv_msg.h"

/* ---- msgget ---------------------------------------------------------- */

#define KEY	0x4d624f78

static void remove_key(void)
{
	int id = msgget(KEY, 0);

	if (id >= 0)
		msgctl(id, IPC_RMID, NULL);
}

TEST(get_by_key)
{
	int id;

	remove_key();
	EXPECT_EQ(-ENOENT, result(msgget(KEY, 0600)));
	EXPECT_EQ(-ENOENT, result(msgget(KEY, IPC_EXCL | 0600)));
	id = msgget(KEY, IPC_CREAT | IPC_EXCL | 0640);
	ASSERT_LE(0, id);
	EXPECT_EQ(id, msgget(KEY, 0));
	EXPECT_EQ(id, msgget(KEY, IPC_CREAT | 0600));
	EXPECT_EQ(id, msgget(KEY, IPC_EXCL));
	EXPECT_EQ(-EEXIST, result(msgget(KEY, IPC_CREAT | IPC_EXCL | 0600)));
	EXPECT_EQ(KEY, stat_of(id).msg_perm.__key);
	EXPECT_EQ(0640, stat_of(id).msg_perm.mode);
	EXPECT_EQ(0, msgctl(id, IPC_RMID, NULL));
	EXPECT_EQ(-ENOENT, result(msgget(KEY, 0600)));
}

TEST(get_negative_key_is_a_key)
{
	int id = msgget(-2, IPC_CREAT | 0600);

	ASSERT_LE(0, id);
	EXPECT_EQ(id, msgget(-2, 0));
	EXPECT_EQ(-2, stat_of(id).msg_perm.__key);
	EXPECT_EQ(0, msgctl(id, IPC_RMID, NULL));
}

TEST(get_with_mode_zero)
{
	int id = msgget(IPC_PRIVATE, 0);
	pid_t pid;

	ASSERT_LE(0, id);
	EXPECT_EQ(0, stat_of(id).msg_perm.mode);
	pid = fork();
	if (!pid) {
		become_stranger();
		id = msgget(IPC_PRIVATE, 0);
		_exit(id < 0 || put(id, 1, "x", 0) != -EACCES ||
		      msgctl(id, IPC_RMID, NULL));
	}
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(0, msgctl(id, IPC_RMID, NULL));
}

TEST_F(sysv, get_private_is_new_each_time)
{
	int other = msgget(IPC_PRIVATE, 0600);

	EXPECT_LE(0, other);
	EXPECT_NE(self->id, other);
	EXPECT_EQ(IPC_PRIVATE, stat_of(other).msg_perm.__key);
	EXPECT_EQ(0, msgctl(other, IPC_RMID, NULL));
}

TEST(get_checks_the_mode_that_is_asked_for)
{
	int id;
	pid_t pid;

	remove_key();
	id = msgget(KEY, IPC_CREAT | 0604);
	ASSERT_LE(0, id);
	pid = fork();
	if (!pid) {
		become_stranger();
		if (msgget(KEY, 0) != id || msgget(KEY, 0400) != id ||
		    msgget(KEY, 0004) != id)
			_exit(1);
		if (result(msgget(KEY, 0200)) != -EACCES ||
		    result(msgget(KEY, 0006)) != -EACCES)
			_exit(2);
		_exit(result(msgget(KEY, IPC_CREAT | IPC_EXCL | 0600)) == -EEXIST ? 0 : 3);
	}
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(0, msgctl(id, IPC_RMID, NULL));
}

/* Two processes that want the same queue get the same, and one of them makes it. */
TEST(get_race_makes_one_queue)
{
	int round, i, made, ids[2];

	for (round = 0; round < 50; round++) {
		int ends[2];
		struct {
			int id;
			int mine;
		} got;

		remove_key();
		ASSERT_EQ(0, pipe(ends));
		for (i = 0; i < 2; i++) {
			if (fork())
				continue;
			got.id = msgget(KEY, IPC_CREAT | IPC_EXCL | 0600);
			got.mine = got.id >= 0;
			if (!got.mine)
				got.id = msgget(KEY, 0600);
			_exit(write(ends[1], &got, sizeof(got)) != sizeof(got));
		}
		for (i = made = 0; i < 2; i++) {
			ASSERT_EQ(sizeof(got), read(ends[0], &got, sizeof(got)));
			ids[i] = got.id;
			made += got.mine;
		}
		while (wait(NULL) > 0)
			;
		EXPECT_EQ(1, made);
		EXPECT_LE(0, ids[0]);
		EXPECT_EQ(ids[0], ids[1]);
		close(ends[0]);
		close(ends[1]);
	}
	remove_key();
}

/* ---- msgsnd ---------------------------------------------------------- */

TEST_F(sysv, send_wrong_arguments)
{
	EXPECT_EQ(-EINVAL, put(-1, 1, "x", 0));
	EXPECT_EQ(-EINVAL, put(NO_QUEUE, 1, "x", 0));
	EXPECT_EQ(-EINVAL, put(self->id, 0, "x", 0));
	EXPECT_EQ(-EINVAL, put(self->id, -1, "x", 0));
	EXPECT_EQ(-EINVAL, put(self->id, LONG_MIN, "x", 0));
	EXPECT_EQ(-EINVAL, result(msgsnd(self->id, &taken, (size_t)-1, 0)));
	taken.type = 1;
	EXPECT_EQ(-EINVAL, result(msgsnd(self->id, &taken, limit("msgmax") + 1, 0)));
	EXPECT_EQ(0, stat_of(self->id).msg_qnum);
	EXPECT_EQ(0, put(self->id, LONG_MAX, "", 0));
	EXPECT_EQ(LONG_MAX, take_now(self->id, 0, 0));
}

TEST_F(sysv, send_from_nowhere_is_efault)
{
	char *page = nowhere();

	EXPECT_EQ(-EFAULT, result(msgsnd(self->id, NULL, 1, 0)));
	EXPECT_EQ(-EFAULT, result(msgsnd(self->id, page, 1, 0)));
	EXPECT_EQ(-EFAULT, result(msgsnd(-1, page, 1, 0)));
	EXPECT_EQ(-EFAULT, result(msgsnd(self->id, (void *)-1L, 1, 0)));
	/* The type is there, the text is not. */
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
	page = mremap(page, 4096, 8192, MREMAP_MAYMOVE);
	mprotect(page + 4096, 4096, PROT_NONE);
	*(long *)(page + 4096 - sizeof(long)) = 5;
	EXPECT_EQ(-EFAULT, result(msgsnd(self->id, page + 4096 - sizeof(long), 1, 0)));
	EXPECT_EQ(0, result(msgsnd(self->id, page + 4096 - sizeof(long), 0, 0)));
	EXPECT_EQ(5, take_now(self->id, 0, 0));
}

TEST_F(sysv, longest_message)
{
	long msgmax = limit("msgmax");

	ASSERT_LE(msgmax, TEXT_SIZE);
	EXPECT_EQ(0, put_bytes(self->id, 1, msgmax, 0));
	EXPECT_EQ(1, take_now(self->id, 0, 0));
	EXPECT_EQ(msgmax, taken_size);
}

TEST_F(sysv, full_by_bytes)
{
	EXPECT_EQ(0, set_qbytes(self->id, 100));
	EXPECT_EQ(0, put_bytes(self->id, 1, 60, IPC_NOWAIT));
	EXPECT_EQ(-EAGAIN, put_bytes(self->id, 1, 41, IPC_NOWAIT));
	EXPECT_EQ(0, put_bytes(self->id, 1, 40, IPC_NOWAIT));
	EXPECT_EQ(-EAGAIN, put_bytes(self->id, 1, 1, IPC_NOWAIT));
	EXPECT_EQ(0, put_bytes(self->id, 1, 0, IPC_NOWAIT));
	EXPECT_EQ(100, stat_of(self->id).__msg_cbytes);
	EXPECT_EQ(3, stat_of(self->id).msg_qnum);
	EXPECT_EQ(1, take_now(self->id, 0, 0));
	EXPECT_EQ(0, put_bytes(self->id, 1, 60, IPC_NOWAIT));
}

/* A queue of N bytes holds N messages at most, also such without any bytes. */
TEST_F(sysv, full_by_number)
{
	int i;

	EXPECT_EQ(0, set_qbytes(self->id, 10));
	for (i = 0; i < 10; i++)
		EXPECT_EQ(0, put(self->id, 1, "", IPC_NOWAIT));
	EXPECT_EQ(-EAGAIN, put(self->id, 1, "", IPC_NOWAIT));
	EXPECT_EQ(1, take_now(self->id, 0, 0));
	EXPECT_EQ(0, put(self->id, 1, "", IPC_NOWAIT));
}

TEST_F(sysv, send_waits_for_room)
{
	pid_t pid;

	EXPECT_EQ(0, set_qbytes(self->id, 100));
	EXPECT_EQ(0, put_bytes(self->id, 1, 100, 0));
	pid = sender(self->id, 2, 50);
	EXPECT_TRUE(wait_asleep(pid));
	EXPECT_EQ(1, stat_of(self->id).msg_qnum);
	EXPECT_EQ(1, take_now(self->id, 0, 0));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(2, take_now(self->id, 0, 0));
	EXPECT_EQ(pid, stat_of(self->id).msg_lspid);
}

TEST_F(sysv, larger_queue_lets_a_sender_go_on)
{
	pid_t pid;

	EXPECT_EQ(0, set_qbytes(self->id, 100));
	EXPECT_EQ(0, put_bytes(self->id, 1, 100, 0));
	pid = sender(self->id, 2, 50);
	EXPECT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, set_qbytes(self->id, 150));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(2, stat_of(self->id).msg_qnum);
}

/* It could never be sent, and is no error: the queue may become larger. */
TEST_F(sysv, message_longer_than_the_queue_waits)
{
	pid_t pid;

	EXPECT_EQ(0, set_qbytes(self->id, 10));
	EXPECT_EQ(-EAGAIN, put_bytes(self->id, 1, 11, IPC_NOWAIT));
	pid = sender(self->id, 2, 11);
	EXPECT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, set_qbytes(self->id, 11));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(2, take_now(self->id, 0, 0));
	pid = sender(self->id, 2, 12);
	EXPECT_TRUE(wait_asleep(pid));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
	pid = sender(self->id, 2, 12);
	EXPECT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, msgctl(self->id, IPC_RMID, NULL));
	EXPECT_EQ(EIDRM, reap(pid));
}

TEST_F(sysv, smaller_queue_keeps_what_it_has)
{
	EXPECT_EQ(0, put_bytes(self->id, 1, 50, 0));
	EXPECT_EQ(0, put_bytes(self->id, 2, 50, 0));
	EXPECT_EQ(0, set_qbytes(self->id, 20));
	EXPECT_EQ(20, stat_of(self->id).msg_qbytes);
	EXPECT_EQ(2, stat_of(self->id).msg_qnum);
	EXPECT_EQ(-EAGAIN, put_bytes(self->id, 1, 0, IPC_NOWAIT) ?: -EAGAIN);
	EXPECT_EQ(1, take_now(self->id, 0, 0));
	EXPECT_EQ(50, taken_size);
}

/* SA_RESTART does not help. */
TEST_F(sysv, send_is_interrupted_and_never_restarted)
{
	pid_t pid;

	EXPECT_EQ(0, set_qbytes(self->id, 100));
	EXPECT_EQ(0, put_bytes(self->id, 1, 100, 0));
	pid = sender(self->id, 2, 50);
	EXPECT_TRUE(wait_asleep(pid));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
	EXPECT_EQ(1, stat_of(self->id).msg_qnum);
}

TEST_F(sysv, removal_wakes_a_sender)
{
	pid_t pid;

	EXPECT_EQ(0, set_qbytes(self->id, 100));
	EXPECT_EQ(0, put_bytes(self->id, 1, 100, 0));
	pid = sender(self->id, 2, 50);
	EXPECT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, msgctl(self->id, IPC_RMID, NULL));
	EXPECT_EQ(EIDRM, reap(pid));
}

/* ---- msgrcv ---------------------------------------------------------- */

TEST_F(sysv, receive_wrong_arguments)
{
	EXPECT_EQ(-EINVAL, take(-1, 1, 0, 0));
	EXPECT_EQ(-EINVAL, take(NO_QUEUE, 1, 0, 0));
	EXPECT_EQ(-EINVAL, take(self->id, (size_t)-1, 0, 0));
	EXPECT_EQ(-EINVAL, take(self->id, (size_t)LONG_MAX + 1, 0, IPC_NOWAIT));
	EXPECT_EQ(-ENOMSG, take(self->id, LONG_MAX, 0, IPC_NOWAIT));
	EXPECT_EQ(-EINVAL, take(self->id, 1, 0, MSG_COPY));
	EXPECT_EQ(-EINVAL, take(self->id, 1, 0, MSG_COPY | MSG_EXCEPT | IPC_NOWAIT));
}

TEST_F(sysv, types)
{
	static const long types[] = { 5, 3, 9, 3, 1, 5 };
	size_t i;

	for (i = 0; i < 6; i++)
		EXPECT_EQ(0, put(self->id, types[i], "x", 0));
	EXPECT_EQ(-ENOMSG, take_now(self->id, 4, 0));
	EXPECT_EQ(9, take_now(self->id, 9, 0));
	EXPECT_EQ(3, take_now(self->id, -4, MSG_EXCEPT) == 1 ? 3 : -1);
	EXPECT_EQ(3, take_now(self->id, 5, MSG_EXCEPT));
	EXPECT_EQ(-ENOMSG, take_now(self->id, -2, 0));
	EXPECT_EQ(5, take_now(self->id, 0, 0));
	EXPECT_EQ(3, take_now(self->id, LONG_MIN, 0));
	EXPECT_EQ(5, take_now(self->id, -LONG_MAX, 0));
	EXPECT_EQ(-ENOMSG, take_now(self->id, 0, 0));
	EXPECT_EQ(-ENOMSG, take_now(self->id, 0, MSG_EXCEPT));
}

TEST_F(sysv, lowest_type_first_and_oldest_within)
{
	EXPECT_EQ(0, put(self->id, 7, "a", 0));
	EXPECT_EQ(0, put(self->id, 2, "b", 0));
	EXPECT_EQ(0, put(self->id, 2, "c", 0));
	EXPECT_EQ(0, put(self->id, 8, "d", 0));
	EXPECT_EQ(2, take_now(self->id, -7, 0));
	EXPECT_STREQ("b", taken.text);
	EXPECT_EQ(2, take_now(self->id, -7, 0));
	EXPECT_STREQ("c", taken.text);
	EXPECT_EQ(7, take_now(self->id, -7, 0));
	EXPECT_EQ(-ENOMSG, take_now(self->id, -7, 0));
}

TEST_F(sysv, too_small_a_buffer)
{
	EXPECT_EQ(0, put(self->id, 1, "hello", 0));
	EXPECT_EQ(-E2BIG, take(self->id, 4, 0, IPC_NOWAIT));
	EXPECT_EQ(-E2BIG, take(self->id, 0, 1, 0));
	EXPECT_EQ(1, stat_of(self->id).msg_qnum);
	EXPECT_EQ(1, take(self->id, 3, 0, MSG_NOERROR));
	EXPECT_EQ(3, taken_size);
	EXPECT_STREQ("hel", taken.text);
	EXPECT_EQ(0, stat_of(self->id).msg_qnum);
	EXPECT_EQ(0, put(self->id, 1, "hello", 0));
	EXPECT_EQ(1, take(self->id, 0, 0, MSG_NOERROR));
	EXPECT_EQ(0, taken_size);
}

TEST_F(sysv, empty_message)
{
	EXPECT_EQ(0, put(self->id, 6, "", 0));
	EXPECT_EQ(6, take(self->id, 0, 0, 0));
	EXPECT_EQ(0, taken_size);
}

TEST_F(sysv, copy_leaves_the_message)
{
	struct msqid_ds before, after;

	EXPECT_EQ(0, put(self->id, 3, "three", 0));
	EXPECT_EQ(0, put(self->id, 1, "one", 0));
	EXPECT_EQ(0, put(self->id, 2, "two", 0));
	before = stat_of(self->id);
	EXPECT_EQ(3, take_now(self->id, 0, MSG_COPY));
	EXPECT_STREQ("three", taken.text);
	EXPECT_EQ(1, take_now(self->id, 1, MSG_COPY));
	EXPECT_EQ(2, take_now(self->id, 2, MSG_COPY));
	EXPECT_STREQ("two", taken.text);
	EXPECT_EQ(3, taken_size);
	EXPECT_EQ(-ENOMSG, take_now(self->id, 3, MSG_COPY));
	EXPECT_EQ(-ENOMSG, take_now(self->id, -1, MSG_COPY));
	EXPECT_EQ(-ENOMSG, take_now(self->id, LONG_MAX, MSG_COPY));
	EXPECT_EQ(-E2BIG, take(self->id, 2, 2, MSG_COPY | IPC_NOWAIT));
	EXPECT_EQ(-EINVAL, take(self->id, 2, 2, MSG_COPY | MSG_NOERROR | IPC_NOWAIT));
	after = stat_of(self->id);
	EXPECT_EQ(before.msg_qnum, after.msg_qnum);
	EXPECT_EQ(before.__msg_cbytes, after.__msg_cbytes);
	EXPECT_EQ(0, after.msg_rtime);
	EXPECT_EQ(0, after.msg_lrpid);
}

TEST_F(sysv, receive_waits_for_its_type)
{
	pid_t pid = receiver(self->id, TEXT_SIZE, 7, 0);

	EXPECT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, put(self->id, 6, "six", 0));
	EXPECT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, put(self->id, 7, "seven", 0));
	EXPECT_EQ(0, reap(pid));
	EXPECT_EQ(1, stat_of(self->id).msg_qnum);
	EXPECT_EQ(pid, stat_of(self->id).msg_lrpid);
}

/* Each receiver by each way to choose, and one message that is for one of them. */
TEST_F(sysv, waiting_receivers_get_what_they_chose)
{
	pid_t exact = receiver(self->id, TEXT_SIZE, 5, 0);
	pid_t lowest = receiver(self->id, TEXT_SIZE, -3, 0);
	pid_t except = receiver(self->id, TEXT_SIZE, 9, MSG_EXCEPT);

	EXPECT_TRUE(wait_asleep(exact) && wait_asleep(lowest) && wait_asleep(except));
	EXPECT_EQ(0, put(self->id, 9, "", 0));
	EXPECT_EQ(1, stat_of(self->id).msg_qnum);
	EXPECT_EQ(0, put(self->id, 7, "", 0));
	EXPECT_EQ(0, reap(except));
	EXPECT_EQ(0, put(self->id, 4, "", 0));
	EXPECT_EQ(2, stat_of(self->id).msg_qnum);
	EXPECT_EQ(0, put(self->id, 3, "", 0));
	EXPECT_EQ(0, reap(lowest));
	EXPECT_EQ(0, put(self->id, 5, "", 0));
	EXPECT_EQ(0, reap(exact));
	EXPECT_EQ(2, stat_of(self->id).msg_qnum);
}

TEST_F(sysv, waiting_receiver_without_room_is_told)
{
	pid_t small = receiver(self->id, 2, 1, 0);

	EXPECT_TRUE(wait_asleep(small));
	EXPECT_EQ(0, put(self->id, 1, "hello", 0));
	EXPECT_EQ(E2BIG, reap(small));
	EXPECT_EQ(1, stat_of(self->id).msg_qnum);
	EXPECT_EQ(1, take_now(self->id, 0, 0));
	small = receiver(self->id, 2, 1, MSG_NOERROR);
	EXPECT_TRUE(wait_asleep(small));
	EXPECT_EQ(0, put(self->id, 1, "hello", 0));
	EXPECT_EQ(0, reap(small));
	EXPECT_EQ(0, stat_of(self->id).msg_qnum);
}

TEST_F(sysv, receive_is_interrupted_and_never_restarted)
{
	pid_t pid = receiver(self->id, TEXT_SIZE, 0, 0);

	EXPECT_TRUE(wait_asleep(pid));
	kill(pid, SIGSTOP);
	kill(pid, SIGCONT);
	EXPECT_TRUE(wait_asleep(pid));
	kill(pid, SIGUSR1);
	EXPECT_EQ(EINTR, reap(pid));
}

TEST_F(sysv, removal_wakes_a_receiver)
{
	pid_t pid = receiver(self->id, TEXT_SIZE, 0, 0);

	EXPECT_TRUE(wait_asleep(pid));
	EXPECT_EQ(0, msgctl(self->id, IPC_RMID, NULL));
	EXPECT_EQ(EIDRM, reap(pid));
	EXPECT_EQ(-EINVAL, take_now(self->id, 0, 0));
}

TEST_F(sysv, receive_to_nowhere_is_efault)
{
	EXPECT_EQ(-ENOMSG, result(msgrcv(self->id, nowhere(), 8, 0, IPC_NOWAIT)));
	EXPECT_EQ(0, put(self->id, 1, "hello", 0));
	EXPECT_EQ(-EFAULT, result(msgrcv(self->id, nowhere(), 8, 0, IPC_NOWAIT)));
	EXPECT_EQ(0, put(self->id, 1, "", 0));
	EXPECT_EQ(-EFAULT, result(msgrcv(self->id, NULL, 0, 1, MSG_NOERROR)));
}

TEST_HARNESS_MAIN
