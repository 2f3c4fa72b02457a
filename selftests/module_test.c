// SPDX-License-Identifier: GPL-2.0
/*
 * The module comes and goes: refused while anything is open, always possible
 * afterwards, and a thousand times over without leaving anything behind.
 *
 * It needs the module file: $MBOX_KO, or one of the places below. It leaves
 * the module loaded, but without the mailboxes that there were.
 */
#include "mbox_genl.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#define ROUNDS		1000
#define RACE_ROUNDS	25
#define LEAK_MAX_KB	2048
#define EXPEDITED	"/sys/kernel/rcu_expedited"
#define SECOND_CPU	"/sys/devices/system/cpu/cpu1/online"

static const char *module_path(void)
{
	static const char * const places[] = { "/vm/mbox.ko", "/lib/mbox.ko" };
	static char installed[128];
	struct utsname kernel;
	size_t i;

	if (getenv("MBOX_KO"))
		return getenv("MBOX_KO");
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		if (!access(places[i], R_OK))
			return places[i];
	}
	uname(&kernel);
	snprintf(installed, sizeof(installed),
		 "/lib/modules/%s/updates/mbox.ko", kernel.release);
	return access(installed, R_OK) ? NULL : installed;
}

static int load(void)
{
	int fd = open(module_path(), O_RDONLY | O_CLOEXEC);
	int ret = or_errno(syscall(SYS_finit_module, fd, "", 0));

	close(fd);
	return ret;
}

static int unload(void)
{
	return or_errno(syscall(SYS_delete_module, "mbox", O_NONBLOCK));
}

/* What is just being closed elsewhere keeps the module for a moment. */
static int unload_soon(void)
{
	__s64 end = in_ms(PATIENCE_MS);
	int ret;

	do {
		ret = unload();
		if (ret != -EAGAIN)
			break;
		usleep(1000);
	} while (now() < end);
	return ret;
}

FIXTURE(module)
{
	int fd;
};

FIXTURE_SETUP(module)
{
	if (!module_path())
		SKIP(return, "the module's file is not found, see MBOX_KO");
	write_file(EXPEDITED, "1");
	self->fd = open_device(O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(module)
{
	close(self->fd);
	load();
	write_file(EXPEDITED, "0");
	write_file(SECOND_CPU, "1");
}

TEST_F(module, open_handle_refuses_unloading)
{
	/* Unbound, then bound. */
	EXPECT_EQ(-EAGAIN, unload());
	ASSERT_EQ(1, write(self->fd, "x", 1));
	EXPECT_EQ(-EAGAIN, unload());
	EXPECT_STREQ("x", take(self->fd).text);
	close(self->fd);
	EXPECT_EQ(0, unload());
	EXPECT_EQ(-ENOENT, open_device(O_RDWR));
	EXPECT_EQ(0, load());
	self->fd = open_device(O_RDWR);
	EXPECT_LE(0, self->fd);
}

TEST_F(module, granted_handle_refuses_unloading)
{
	int fd = open_mailbox(NULL, O_RDWR);
	int other = grant(fd, MBOX_RIGHT_RECV);

	close(fd);
	close(self->fd);
	EXPECT_EQ(-EAGAIN, unload());
	close(other);
	EXPECT_EQ(0, unload_soon());
}

TEST_F(module, blocked_caller_refuses_unloading)
{
	struct job *job = new_job(open_mailbox(NULL, O_RDWR));
	pid_t pid = spawn(recv_job, job);

	close(self->fd);
	ASSERT_TRUE(wait_receivers(job->fd, 1));
	close(job->fd);
	EXPECT_EQ(-EAGAIN, unload());
	kill(pid, SIGKILL);
	EXPECT_EQ(256 + SIGKILL, reap(pid));
	EXPECT_EQ(0, unload_soon());
}

TEST_F(module, handle_in_an_epoll_set_is_no_obstacle_once_closed)
{
	struct epoll_event event = { .events = EPOLLIN };
	int ep = epoll_create1(EPOLL_CLOEXEC);
	int fd = open_mailbox(NULL, O_RDWR);

	close(self->fd);
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event));
	EXPECT_EQ(-EAGAIN, unload());
	close(fd);
	EXPECT_EQ(0, unload_soon());
	EXPECT_EQ(0, epoll_wait(ep, &event, 1, 0));
	close(ep);
}

/* Whom a socket carries is open, and goes with the socket. */
TEST_F(module, handle_in_flight_refuses_unloading)
{
	int socks[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, socks));
	ASSERT_EQ(1, pass_fd(socks[0], self->fd));
	close(self->fd);
	EXPECT_EQ(-EAGAIN, unload());
	close(socks[0]);
	close(socks[1]);
	EXPECT_EQ(0, unload_soon());
}

/* Persistent mailboxes and their messages go with the module. */
TEST_F(module, unloading_ends_persistent_mailboxes)
{
	struct mbox_open args = open_args("persistent", MBOX_OPEN_CREATE |
							MBOX_OPEN_PERSIST);
	int fd = open_with(O_RDWR, &args), i;

	for (i = 0; i < 100; i++)
		ASSERT_EQ(1, send_text(fd, i % 7 + 1, "left behind"));
	close(fd);
	close(self->fd);
	EXPECT_EQ(0, unload_soon());
	EXPECT_EQ(0, load());
	EXPECT_EQ(-ENOENT, open_existing("persistent", O_RDWR));
	self->fd = open_device(O_RDWR);
}

TEST_F(module, netlink_sockets_do_not_keep_it)
{
	struct genl nl;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, genl_join(&nl));
	close(self->fd);
	EXPECT_EQ(0, unload_soon());
	EXPECT_GT(0, genl_by_name(&nl, MBOX_CMD_GET, "default"));
	EXPECT_EQ(0, load());
	close(nl.fd);
	ASSERT_EQ(0, genl_open(&nl));
	EXPECT_EQ(-ENOENT, genl_by_name(&nl, MBOX_CMD_GET, "default"));
	close(nl.fd);
}

/* ---- against those who just come --------------------------------------- */

static int open_and_close(void *arg)
{
	int *stop = arg;
	int fd;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		fd = open_mailbox(NULL, O_RDWR);
		if (fd < 0)
			continue;
		if (send_text(fd, 1, "x") != 1 || take(fd).ret != 1)
			return 1;
		close(fd);
	}
	return 0;
}

static int dump_and_dump(void *arg)
{
	int *stop = arg;
	struct genl_msg msg;
	struct genl nl;

	while (!__atomic_load_n(stop, __ATOMIC_RELAXED)) {
		if (genl_open(&nl) == 0) {
			genl_start(&nl, &msg, MBOX_CMD_GET, NLM_F_DUMP);
			genl_send(&nl, &msg);
			genl_recv(&nl);
		}
		close(nl.fd);
	}
	return 0;
}

/* True if unloading succeeded at least once while @fn ran. */
static bool races(int (*fn)(void *arg))
{
	int *stop = shared(sizeof(*stop)), i, unloaded = 0;
	pid_t pid = spawn(fn, stop);

	for (i = 0; i < RACE_ROUNDS; i++) {
		if (unload_soon() == 0) {
			unloaded++;
			load();
		}
	}
	__atomic_store_n(stop, 1, __ATOMIC_RELAXED);
	return reap(pid) == 0 && unloaded;
}

TEST_F_TIMEOUT(module, unloading_races_with_opening, 120)
{
	close(self->fd);
	EXPECT_TRUE(races(open_and_close));
}

TEST_F_TIMEOUT(module, unloading_races_with_dumps, 120)
{
	close(self->fd);
	EXPECT_TRUE(races(dump_and_dump));
}

/* ---- a thousand times -------------------------------------------------- */

/* Kernel memory that is neither free nor to be had back, in KiB. */
static long kernel_memory(void)
{
	static const char * const lines[] = {
		"SUnreclaim:", "VmallocUsed:", "Percpu:",
	};
	char text[4096], *line;
	long sum = 0;
	size_t i;

	if (read_file("/proc/meminfo", text, sizeof(text)) < 0)
		return 0;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		line = strstr(text, lines[i]);
		if (line)
			sum += atol(line + strlen(lines[i]));
	}
	return sum;
}

static int use(int round)
{
	int fd = open_mailbox("round", O_RDWR), ret;

	if (fd < 0)
		return fd;
	ret = send_text(fd, round + 1, "round");
	if (ret == 1)
		ret = take_type(fd) == round + 1 ? 0 : -EIO;
	/* Every second round leaves a message behind. */
	if (!ret && round & 1)
		ret = send_text(fd, 1, "left") == 1 ? 0 : -EIO;
	close(fd);
	return ret;
}

static int do_round(int round)
{
	int ret = load();

	if (!ret)
		ret = use(round);
	return ret ?: unload_soon();
}

TEST_F_TIMEOUT(module, a_thousand_rounds_leave_nothing_behind, 300)
{
	long before = 0;
	int i;

	close(self->fd);
	ASSERT_EQ(0, unload_soon());
	/* Most of a round is two emulated processors waiting for each other. */
	write_file(SECOND_CPU, "0");
	for (i = 0; i < ROUNDS; i++) {
		/* The first rounds fill the kernel's caches. */
		if (i == 50)
			before = kernel_memory();
		ASSERT_EQ(0, do_round(i));
	}
	TH_LOG("kernel memory went from %ld to %ld KiB", before,
	       kernel_memory());
	EXPECT_GT(LEAK_MAX_KB, kernel_memory() - before);
}

TEST_HARNESS_MAIN
