// SPDX-License-Identifier: GPL-2.0
/*
 * Sending: types, sizes, vectors, and that a refused send sends nothing.
 * Blocking is in block_test, limits in limits_test, framing in rw_test.
 */
#include "mbox_proc.h"

#define VEC	MBOX_VEC_MAX

FIXTURE(send)
{
	int fd;
	char *page;
	struct mbox_message vec[VEC];
};

FIXTURE_SETUP(send)
{
	int i;

	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
	/* One page that can be read, and one behind it that cannot. */
	self->page = shared(8192);
	ASSERT_NE(NULL, self->page);
	mprotect(self->page + 4096, 4096, PROT_NONE);
	for (i = 0; i < VEC; i++) {
		self->vec[i].header.type = i + 1;
		self->vec[i].header.len = 1;
		self->vec[i].buf = addr(self->page + i);
		self->page[i] = i;
	}
}

FIXTURE_TEARDOWN(send)
{
	close(self->fd);
}

static int send_vec(int fd, const struct mbox_message *vec, __u32 count,
		    __u32 flags)
{
	struct mbox_send args = {
		.flags = flags,
		.count = count,
		.vec = addr(vec),
	};

	return do_ioctl(fd, MBOX_IOC_SEND, &args);
}

/* A send of a length without the memory for it. */
static int send_len(int fd, __u64 len, const void *buf)
{
	struct mbox_message message = {
		.header = { .type = 1, .len = len },
		.buf = addr(buf),
	};

	return send_vec(fd, &message, 1, 0);
}

TEST_F(send, type_0_and_above_max_return_einval)
{
	EXPECT_EQ(-EINVAL, send_text(self->fd, 0, "no"));
	EXPECT_EQ(-EINVAL, send_text(self->fd, MBOX_TYPE_MAX + 1, "no"));
	EXPECT_EQ(-EINVAL, send_text(self->fd, ~0ULL, "no"));
	EXPECT_EQ(0, info_of(self->fd).sent);
}

TEST_F(send, type_1_and_max_arrive)
{
	EXPECT_EQ(1, send_text(self->fd, 1, "low"));
	EXPECT_EQ(1, send_text(self->fd, MBOX_TYPE_MAX, "high"));
	EXPECT_EQ(1, take_type(self->fd));
	EXPECT_EQ(MBOX_TYPE_MAX, take_type(self->fd));
}

TEST_F(send, empty_message_is_a_message)
{
	struct got got;

	EXPECT_EQ(1, send_bytes(self->fd, 3, NULL, 0));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->fd).bytes);
	got = take(self->fd);
	EXPECT_EQ(1, got.ret);
	EXPECT_EQ(3, got.header.type);
	EXPECT_EQ(0, got.header.len);
}

/* Sizes 0, 1, max, max + 1, 2^31, 2^64 - 1. */
TEST_F(send, payload_above_max_size_returns_emsgsize)
{
	char *buf = shared(MBOX_SIZE_DEFAULT + 1);
	static const __u64 over[] = {
		MBOX_SIZE_DEFAULT + 1, 1U << 31, 1ULL << 32,
		(1ULL << 32) + 1, 1ULL << 63, ~0ULL,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(over); i++)
		EXPECT_EQ(-EMSGSIZE, send_len(self->fd, over[i], buf));
	EXPECT_EQ(0, info_of(self->fd).sent);
	EXPECT_EQ(1, send_len(self->fd, MBOX_SIZE_DEFAULT, buf));
	EXPECT_EQ(1, send_len(self->fd, 1, buf));
	EXPECT_EQ(1, send_len(self->fd, 0, buf));
	EXPECT_EQ(3, info_of(self->fd).sent);
}

/* The length is judged before a byte of the payload is looked at. */
TEST_F(send, emsgsize_comes_before_efault)
{
	EXPECT_EQ(-EMSGSIZE, send_len(self->fd, MBOX_SIZE_DEFAULT + 1,
				      nowhere()));
	EXPECT_EQ(-EFAULT, send_len(self->fd, MBOX_SIZE_DEFAULT, nowhere()));
	EXPECT_EQ(-EFAULT, send_len(self->fd, 1, nowhere()));
	EXPECT_EQ(1, send_len(self->fd, 0, nowhere()));
}

TEST_F(send, fault_in_the_middle_of_a_payload_sends_nothing)
{
	EXPECT_EQ(-EFAULT, send_len(self->fd, 4097, self->page));
	EXPECT_EQ(-EFAULT, send_len(self->fd, 2, self->page + 4095));
	EXPECT_EQ(0, info_of(self->fd).sent);
	EXPECT_EQ(1, send_len(self->fd, 4096, self->page));
}

/* Every size around a page and around powers of two arrives as it was. */
TEST_F(send, payload_of_any_size_arrives_unchanged)
{
	char *out = shared(MBOX_SIZE_DEFAULT), *in = shared(MBOX_SIZE_DEFAULT);
	struct mbox_header header;
	int size, delta, i;

	for (i = 0; i < MBOX_SIZE_DEFAULT; i++)
		out[i] = i * 31 + i / 251;
	for (size = 1; size < MBOX_SIZE_DEFAULT; size *= 2) {
		for (delta = -1; delta <= 1; delta++) {
			ASSERT_EQ(1, send_bytes(self->fd, 1, out,
						size + delta));
			memset(in, 0, MBOX_SIZE_DEFAULT);
			ASSERT_EQ(1, recv_into(self->fd, &header, in,
					       MBOX_SIZE_DEFAULT, 0, NULL, 0));
			EXPECT_EQ(size + delta, header.len);
			EXPECT_EQ(0, memcmp(out, in, size + delta));
		}
	}
}

TEST_F(send, vector_of_128_arrives_in_order)
{
	struct got got;
	int i;

	EXPECT_EQ(VEC, send_vec(self->fd, self->vec, VEC, 0));
	for (i = 0; i < VEC; i++) {
		got = take(self->fd);
		EXPECT_EQ(1, got.ret);
		EXPECT_EQ(i + 1, got.header.type);
		EXPECT_EQ(i + 1, got.header.seq);
		EXPECT_EQ((char)i, got.text[0]);
	}
}

/* Every element is checked before the first is sent. */
TEST_F(send, bad_last_element_sends_none)
{
	struct mbox_message *last = &self->vec[VEC - 1];

	last->header.type = 0;
	EXPECT_EQ(-EINVAL, send_vec(self->fd, self->vec, VEC, 0));
	last->header.type = 1;
	last->header.len = MBOX_SIZE_DEFAULT + 1;
	EXPECT_EQ(-EMSGSIZE, send_vec(self->fd, self->vec, VEC, 0));
	last->header.len = 1;
	last->buf = 8;
	EXPECT_EQ(-EFAULT, send_vec(self->fd, self->vec, VEC, 0));
	last->buf = addr("x");
	last->size = 1;
	EXPECT_EQ(-EINVAL, send_vec(self->fd, self->vec, VEC, 0));
	EXPECT_EQ(0, info_of(self->fd).sent);
	EXPECT_EQ(0, msgs_of(self->fd));
}

/* A vector that reaches beyond the memory that is there. */
TEST_F(send, vector_cut_by_a_bad_page_sends_none)
{
	char *end = self->page + 4096 - sizeof(struct mbox_message);
	struct mbox_message *vec = (struct mbox_message *)end;

	*vec = self->vec[0];
	EXPECT_EQ(-EFAULT, send_vec(self->fd, vec, 2, 0));
	EXPECT_EQ(0, info_of(self->fd).sent);
	EXPECT_EQ(1, send_vec(self->fd, vec, 1, 0));
}

TEST_F(send, vector_without_room_returns_how_many_were_sent)
{
	int fd = open_limited(NULL, O_RDWR, 5, 0, 0);

	EXPECT_EQ(5, send_vec(fd, self->vec, VEC, MBOX_SEND_NOWAIT));
	EXPECT_EQ(-EAGAIN, send_vec(fd, self->vec, VEC, MBOX_SEND_NOWAIT));
	EXPECT_EQ(5, info_of(fd).sent);
	EXPECT_EQ(1, take_type(fd));
	EXPECT_EQ(1, send_vec(fd, self->vec + 5, 1, MBOX_SEND_NOWAIT));
}

TEST_F(send, nonblocking_handle_returns_eagain_when_full)
{
	int fd = open_limited(NULL, O_RDWR, 1, 0, 0);

	EXPECT_EQ(0, set_nonblock(fd));
	EXPECT_EQ(1, send_text(fd, 1, "fits"));
	EXPECT_EQ(-EAGAIN, send_text(fd, 1, "waits"));
	EXPECT_EQ(-EAGAIN, or_errno(write(fd, "waits", 5)));
	EXPECT_EQ(1, info_of(fd).sent);
}

TEST_F(send, deadline_below_0_returns_einval)
{
	EXPECT_EQ(-EINVAL, send_until(self->fd, 1, "x", 1, 0, -1));
	EXPECT_EQ(-EINVAL, send_until(self->fd, 1, "x", 1, 0, INT64_MIN));
	EXPECT_EQ(0, info_of(self->fd).sent);
}

TEST_F(send, past_deadline_with_room_sends)
{
	EXPECT_EQ(1, send_until(self->fd, 1, "x", 1, 0, 1));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(send, header_of_the_receiver_is_complete)
{
	__s64 before = now();
	struct got got;

	EXPECT_EQ(1, send_text(self->fd, 7, "hello"));
	got = take(self->fd);
	EXPECT_EQ(7, got.header.type);
	EXPECT_EQ(5, got.header.len);
	EXPECT_EQ(1, got.header.seq);
	EXPECT_LE(before, got.header.time);
	EXPECT_GE(now(), got.header.time);
	EXPECT_EQ(info_of(self->fd).handle, got.header.sender);
	EXPECT_EQ(0, got.header.to);
	EXPECT_EQ(0, got.header.cookie);
	EXPECT_EQ(0, got.header.lost);
	EXPECT_EQ(getpid(), got.header.pid);
	EXPECT_EQ(0, got.header.flags);
}

/* Numbers go on where a refused send was: it took none. */
TEST_F(send, refused_send_takes_no_sequence_number)
{
	EXPECT_EQ(1, send_text(self->fd, 1, "one"));
	EXPECT_EQ(-EINVAL, send_text(self->fd, 0, "no"));
	EXPECT_EQ(-EMSGSIZE, send_len(self->fd, 1 << 20, self->page));
	EXPECT_EQ(1, send_text(self->fd, 1, "two"));
	EXPECT_EQ(1, take(self->fd).header.seq);
	EXPECT_EQ(2, take(self->fd).header.seq);
}

TEST_HARNESS_MAIN
