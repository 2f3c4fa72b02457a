// SPDX-License-Identifier: GPL-2.0
/*
 * Nothing of the kernel's memory reaches a program: after the heap and the
 * stack were filled with a pattern, no answer of any kind may hold it, and
 * reserved members and whatever lies behind a payload stay as they should.
 */
#include "mbox_genl.h"

#include <sys/uio.h>

#define PATTERN	0xa5
#define RUN	8

FIXTURE(leak)
{
	int fd;
	char *buf;
};

/* Fills and frees what later allocations of these sizes will be given. */
static void spray_heap(int fd)
{
	static char junk[65536];
	size_t size;
	int i;

	memset(junk, PATTERN, sizeof(junk));
	for (size = 8; size <= sizeof(junk); size *= 2) {
		for (i = 0; i < 8; i++)
			send_bytes(fd, 1, junk, size - 1);
		while (take_with(fd, MBOX_RECV_NOWAIT | MBOX_RECV_TRUNC,
				 NULL).ret == 1)
			;
	}
}

/* A deep system call that copies the pattern onto the kernel's stack. */
static void spray_stack(void)
{
	struct pollfd fds[30];
	struct iovec iov[8];
	int ends[2], i;

	memset(fds, PATTERN, sizeof(fds));
	poll(fds, ARRAY_SIZE(fds), 0);
	if (pipe(ends))
		return;
	for (i = 0; i < 8; i++) {
		iov[i].iov_base = fds;
		iov[i].iov_len = sizeof(fds);
	}
	if (writev(ends[1], iov, 8) < 0)
		return;
	close(ends[0]);
	close(ends[1]);
}

static void spray(int fd)
{
	spray_heap(fd);
	spray_stack();
}

/* Is the pattern in there? */
static bool leaks(const void *mem, size_t len)
{
	static const unsigned char run[RUN] = {
		[0 ... RUN - 1] = PATTERN,
	};

	return memmem(mem, len, run, RUN);
}

static bool all_bytes(const void *mem, size_t len, unsigned char byte)
{
	const unsigned char *p = mem;

	while (len && *p == byte) {
		p++;
		len--;
	}
	return len == 0;
}

FIXTURE_SETUP(leak)
{
	self->fd = open_mailbox(own_name(), O_RDWR);
	ASSERT_LE(0, self->fd);
	self->buf = shared(1 << 17);
	ASSERT_NE(NULL, self->buf);
}

FIXTURE_TEARDOWN(leak)
{
	close(self->fd);
}

TEST_F(leak, pattern_is_found_where_it_is)
{
	memset(self->buf + 100, PATTERN, RUN);
	EXPECT_TRUE(leaks(self->buf, 200));
	EXPECT_FALSE(leaks(self->buf, 100 + RUN - 1));
}

TEST_F(leak, header_is_written_whole)
{
	struct mbox_message message;
	struct mbox_recv args = { .count = 1, .vec = addr(&message) };
	struct mbox_header *h = &message.header;

	spray(self->fd);
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	memset(h, PATTERN, sizeof(*h));
	message.buf = addr(self->buf);
	message.size = 1;
	ASSERT_EQ(1, do_ioctl(self->fd, MBOX_IOC_RECV, &args));
	EXPECT_FALSE(leaks(h, sizeof(*h)));
	EXPECT_EQ(0, h->to);
	EXPECT_EQ(0, h->cookie);
	EXPECT_EQ(0, h->lost);
	EXPECT_EQ(0, h->flags);
	EXPECT_EQ(addr(self->buf), message.buf);
	EXPECT_EQ(1, message.size);
}

TEST_F(leak, header_of_emsgsize_is_written_whole)
{
	struct mbox_message message = { 0 };
	struct mbox_recv args = { .count = 1, .vec = addr(&message) };

	spray(self->fd);
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	memset(&message.header, PATTERN, sizeof(message.header));
	ASSERT_EQ(-EMSGSIZE, do_ioctl(self->fd, MBOX_IOC_RECV, &args));
	EXPECT_FALSE(leaks(&message.header, sizeof(message.header)));
	EXPECT_EQ(1, message.header.len);
}

TEST_F(leak, refused_receive_writes_nothing)
{
	struct mbox_message message;
	struct mbox_recv args = {
		.flags = MBOX_RECV_NOWAIT,
		.count = 1,
		.vec = addr(&message),
	};

	memset(&message, PATTERN, sizeof(message));
	EXPECT_EQ(-EAGAIN, do_ioctl(self->fd, MBOX_IOC_RECV, &args));
	EXPECT_TRUE(all_bytes(&message, sizeof(message), PATTERN));
}

TEST_F(leak, elements_that_were_not_filled_stay)
{
	struct mbox_message vec[4];
	struct mbox_recv args = { .count = 4, .vec = addr(vec) };
	int i;

	memset(vec, 0x11, sizeof(vec));
	for (i = 0; i < 4; i++) {
		vec[i].buf = addr(self->buf + 100 * i);
		vec[i].size = 100;
	}
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(2, do_ioctl(self->fd, MBOX_IOC_RECV, &args));
	for (i = 2; i < 4; i++)
		EXPECT_TRUE(all_bytes(&vec[i].header, sizeof(vec[i].header),
				      0x11));
	EXPECT_TRUE(all_bytes(self->buf + 200, 200, 0));
}

/* Of every size, behind the payload not one byte is written. */
TEST_F(leak, nothing_is_written_behind_the_payload)
{
	char *out = self->buf, *in = self->buf + 65536;
	int size;

	memset(out, 0x22, 65536);
	for (size = 0; size <= 65536; size = size * 2 + 1) {
		spray_heap(self->fd);
		ASSERT_EQ(1, send_bytes(self->fd, 1, out, size));
		memset(in, 0x33, 65536);
		ASSERT_EQ(1, recv_into(self->fd, NULL, in, 65536, 0, NULL, 0));
		EXPECT_TRUE(all_bytes(in, size, 0x22));
		EXPECT_TRUE(all_bytes(in + size, 65536 - size, 0x33));
	}
}

TEST_F(leak, trunc_writes_only_the_head)
{
	memset(self->buf, 0x33, 64);
	ASSERT_EQ(1, send_text(self->fd, 1, "0123456789"));
	ASSERT_EQ(1, recv_into(self->fd, NULL, self->buf, 4, MBOX_RECV_TRUNC,
			       NULL, 0));
	EXPECT_EQ(0, memcmp(self->buf, "0123", 4));
	EXPECT_TRUE(all_bytes(self->buf + 4, 60, 0x33));
}

TEST_F(leak, record_is_written_whole)
{
	struct mbox_header h;

	spray(self->fd);
	ASSERT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	memset(self->buf, 0x33, 256);
	ASSERT_EQ(sizeof(h) + 1, read(self->fd, self->buf, 256));
	EXPECT_FALSE(leaks(self->buf, sizeof(h)));
	memcpy(&h, self->buf, sizeof(h));
	EXPECT_EQ(0, h.to);
	EXPECT_EQ(0, h.cookie);
	EXPECT_TRUE(all_bytes(self->buf + sizeof(h) + 1, 100, 0x33));
}

TEST_F(leak, info_and_config_hold_no_pattern)
{
	struct mbox_config config = { 0 };
	struct mbox_info info;

	spray(self->fd);
	ASSERT_EQ(0, get_info(self->fd, &info));
	EXPECT_FALSE(leaks(&info, sizeof(info)));
	EXPECT_TRUE(all_bytes(info.reserved, sizeof(info.reserved), 0));
	EXPECT_EQ(0, info.reserved32);
	spray(self->fd);
	ASSERT_EQ(0, set_config(self->fd, &config));
	EXPECT_FALSE(leaks(&config, sizeof(config)));
	EXPECT_TRUE(all_bytes(&config.reserved, sizeof(config.reserved), 0));
	EXPECT_EQ(0, config.filter.reserved);
	EXPECT_EQ(0, config.flags);
}

TEST_F(leak, name_buffer_gets_no_more_than_the_name)
{
	struct mbox_info info = { .name = addr(self->buf), .name_size = 4096 };

	spray(self->fd);
	memset(self->buf, 0x33, 4096);
	ASSERT_EQ(0, do_ioctl(self->fd, MBOX_IOC_INFO, &info));
	EXPECT_TRUE(all_bytes(self->buf + info.name_len,
			      4096 - info.name_len, 0x33));
}

TEST_F(leak, fdinfo_holds_no_pattern)
{
	char path[64];
	int len;

	spray(self->fd);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", self->fd);
	len = read_file(path, self->buf, 4096);
	ASSERT_LT(0, len);
	EXPECT_FALSE(leaks(self->buf, len));
	EXPECT_EQ(len, strlen(self->buf));
}

/* A page of the pipe holds nothing but the payload. */
TEST_F(leak, splice_moves_only_the_payload)
{
	int ends[2];

	spray(self->fd);
	ASSERT_EQ(0, pipe2(ends, O_NONBLOCK));
	ASSERT_EQ(1, send_text(self->fd, 1, "x"));
	ASSERT_EQ(1, splice(self->fd, NULL, ends[1], NULL, 4096, 0));
	EXPECT_EQ(1, read(ends[0], self->buf, 4096));
	EXPECT_EQ(-EAGAIN, or_errno(read(ends[0], self->buf, 4096)));
}

TEST_F(leak, netlink_answers_hold_no_pattern)
{
	struct genl_msg request;
	struct genl nl;
	int len;

	ASSERT_EQ(0, genl_open(&nl));
	spray(self->fd);
	ASSERT_EQ(0, genl_by_id(&nl, MBOX_CMD_GET, id_of(self->fd)));
	EXPECT_FALSE(leaks(&nl.msg, nl.msg.nlh.nlmsg_len));
	spray(self->fd);
	genl_start(&nl, &request, MBOX_CMD_GET, NLM_F_DUMP);
	ASSERT_EQ(0, genl_send(&nl, &request));
	do {
		len = genl_recv(&nl);
		ASSERT_LT(0, len);
		EXPECT_FALSE(leaks(&nl.msg, len));
	} while (nl.msg.nlh.nlmsg_type != NLMSG_DONE);
}

TEST_F(leak, events_hold_no_pattern)
{
	struct genl nl;
	int fd, len;

	ASSERT_EQ(0, genl_open(&nl));
	ASSERT_EQ(0, genl_join(&nl));
	spray(self->fd);
	fd = open_mailbox("event", O_RDWR);
	take(fd);
	close(fd);
	for (;;) {
		len = recv(nl.fd, &nl.msg, sizeof(nl.msg), MSG_DONTWAIT);
		if (len <= 0)
			break;
		EXPECT_FALSE(leaks(&nl.msg, len));
	}
}

TEST_HARNESS_MAIN
