// SPDX-License-Identifier: GPL-2.0-only
/*
 * talk - one message through /dev/mbox, without the library
 *
 * The commands of the device as the kernel sees them, for strace to show. The
 * library does the same; but it is built for 64 bits, and talk32, the same
 * source built for 32, shows that the structs are the same for both.
 *
 * Rows: 143, 144
 *
 *	$ examples/ptrace/strace -e ioctl examples/ptrace/talk
 */
#include <fcntl.h>
#include <linux/mbox.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "../check.h"

#define NAME		"talk-example"
#define TEXT		"hello, kernel"
#define QUESTION	"who is there?"
#define ANSWER		"me"

/* Addresses travel as 64-bit numbers. */
static uint64_t address(const void *pointer)
{
	return (uintptr_t)pointer;
}

static void bind_handle(int fd)
{
	static const char name[] = NAME;
	struct mbox_open open_args = {
		.flags = MBOX_OPEN_CREATE | MBOX_OPEN_EXCL,
		.mode = 0600,
		.name = address(name),
		.name_len = strlen(name),
		.limits = { .max_msgs = 2 },
	};

	check_sys(ioctl(fd, MBOX_IOC_OPEN, &open_args), "make the mailbox '" NAME "'");
}

static void take_only(int fd, uint64_t lo, uint64_t hi)
{
	struct mbox_config config = {
		.flags = MBOX_CONFIG_FILTER,
		.filter = { .lo = lo, .hi = hi },
	};

	check_sys(ioctl(fd, MBOX_IOC_CONFIG, &config), "set the filter");
}

static int grant_sending(int fd)
{
	struct mbox_grant grant = { .rights = MBOX_RIGHT_SEND };

	return check_sys(ioctl(fd, MBOX_IOC_GRANT, &grant), "grant sending");
}

static void send_text(int fd, uint64_t type)
{
	struct mbox_message message = {
		.header = { .type = type, .len = strlen(TEXT) },
		.buf = address(TEXT),
	};
	struct mbox_send send = { .count = 1, .vec = address(&message) };

	check_sys(ioctl(fd, MBOX_IOC_SEND, &send), "send");
}

static void receive_text(int fd)
{
	char text[64];
	struct mbox_message message = { .buf = address(text), .size = sizeof(text) };
	struct mbox_recv recv = {
		.flags = MBOX_RECV_NOWAIT,
		.count = 1,
		.vec = address(&message),
	};

	check_sys(ioctl(fd, MBOX_IOC_RECV, &recv), "receive");
	printf("%zu-bit program: a message of type %ju: %.*s\n", 8 * sizeof(void *),
	       (uintmax_t)message.header.type, (int)message.header.len, text);
	fflush(stdout);
	if (ioctl(fd, MBOX_IOC_RECV, &recv) >= 0 || errno != EAGAIN)
		fail("the mailbox should be empty", EPROTO);
}

static void settle(int fd, uint64_t cookie)
{
	struct mbox_settle settle = {
		.flags = MBOX_SETTLE_REPLY,
		.cookie = cookie,
		.type = 9,
		.buf = address(ANSWER),
		.len = strlen(ANSWER),
	};

	check_sys(ioctl(fd, MBOX_IOC_SETTLE, &settle), "reply");
}

static void answer(int fd)
{
	char text[64];
	struct mbox_message message = { .buf = address(text), .size = sizeof(text) };
	struct mbox_recv recv = { .count = 1, .vec = address(&message) };

	check_sys(ioctl(fd, MBOX_IOC_RECV, &recv), "receive a request");
	settle(fd, message.header.cookie);
}

/* One process is both sides here, so that the call must not wait for its reply. */
static void call_oneself(int caller, int server)
{
	char reply[64];
	struct mbox_call call = {
		.flags = MBOX_CALL_NOWAIT,
		.type = 8,
		.buf = address(QUESTION),
		.len = strlen(QUESTION),
		.reply = address(reply),
		.room = sizeof(reply),
	};

	if (ioctl(caller, MBOX_IOC_CALL, &call) >= 0 || errno != EINPROGRESS)
		fail("the call should go on", EPROTO);
	answer(server);
	check_sys(ioctl(caller, MBOX_IOC_CALL, &call), "fetch the reply");
}

static void ask_state(int fd)
{
	struct mbox_info info = { 0 };

	check_sys(ioctl(fd, MBOX_IOC_INFO, &info), "ask for the state");
}

int main(void)
{
	int fd = check_sys(open("/dev/mbox", O_RDWR | O_CLOEXEC), "/dev/mbox");
	int sender;

	bind_handle(fd);
	take_only(fd, 1, 9);
	sender = grant_sending(fd);
	send_text(sender, 7);
	receive_text(fd);
	call_oneself(sender, fd);
	ask_state(fd);
	close(sender);
	close(fd);
	return 0;
}
