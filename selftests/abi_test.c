// SPDX-License-Identifier: GPL-2.0
/*
 * The ABI itself: sizes and offsets, unknown commands, unknown flag bits,
 * reserved members and bad addresses of every command. Built a second time as
 * a 32-bit program (abi_test32), which has to see the same.
 */
#include "mbox_test.h"

#include <assert.h>
#include <stddef.h>

#define LAYOUT(type, member, offset)					\
	static_assert(offsetof(struct type, member) == (offset),	\
		      #type "." #member)

static_assert(sizeof(struct mbox_filter) == 24, "mbox_filter");
static_assert(sizeof(struct mbox_limits) == 24, "mbox_limits");
static_assert(sizeof(struct mbox_open) == 64, "mbox_open");
static_assert(sizeof(struct mbox_config) == 64, "mbox_config");
static_assert(sizeof(struct mbox_info) == 264, "mbox_info");
static_assert(sizeof(struct mbox_grant) == 8, "mbox_grant");
static_assert(sizeof(struct mbox_header) == 96, "mbox_header");
static_assert(sizeof(struct mbox_message) == 120, "mbox_message");
static_assert(sizeof(struct mbox_send) == 32, "mbox_send");
static_assert(sizeof(struct mbox_recv) == 72, "mbox_recv");
static_assert(sizeof(struct mbox_call) == 168, "mbox_call");
static_assert(sizeof(struct mbox_settle) == 48, "mbox_settle");
static_assert(sizeof(struct mbox_map) == 40, "mbox_map");

LAYOUT(mbox_filter, hi, 8);
LAYOUT(mbox_filter, flags, 16);
LAYOUT(mbox_limits, max_bytes, 8);
LAYOUT(mbox_limits, policy, 16);
LAYOUT(mbox_limits, max_deliveries, 20);
LAYOUT(mbox_open, name, 16);
LAYOUT(mbox_open, limits, 32);
LAYOUT(mbox_open, reserved, 56);
LAYOUT(mbox_config, type, 8);
LAYOUT(mbox_config, filter, 16);
LAYOUT(mbox_config, busy_poll, 40);
LAYOUT(mbox_config, policy, 52);
LAYOUT(mbox_info, id, 24);
LAYOUT(mbox_info, limits, 56);
LAYOUT(mbox_info, msgs, 80);
LAYOUT(mbox_info, sent, 104);
LAYOUT(mbox_info, next_size, 144);
LAYOUT(mbox_info, withdrawn, 160);
LAYOUT(mbox_info, calls, 168);
LAYOUT(mbox_info, owed, 172);
LAYOUT(mbox_info, leased, 176);
LAYOUT(mbox_info, expired, 184);
LAYOUT(mbox_info, steps, 192);
LAYOUT(mbox_info, last_sent, 200);
LAYOUT(mbox_info, last_sender, 224);
LAYOUT(mbox_info, creator_uid, 232);
LAYOUT(mbox_info, reserved, 240);
LAYOUT(mbox_header, lost, 56);
LAYOUT(mbox_header, pid, 64);
LAYOUT(mbox_header, flags, 76);
LAYOUT(mbox_header, deadline, 80);
LAYOUT(mbox_header, room, 88);
LAYOUT(mbox_header, deliveries, 92);
LAYOUT(mbox_message, buf, 96);
LAYOUT(mbox_message, offset, 112);
LAYOUT(mbox_send, vec, 8);
LAYOUT(mbox_send, deadline, 16);
LAYOUT(mbox_send, ttl, 24);
LAYOUT(mbox_recv, filter, 24);
LAYOUT(mbox_recv, lease, 48);
LAYOUT(mbox_recv, blocks, 56);
LAYOUT(mbox_recv, skip, 68);
LAYOUT(mbox_call, cookie, 8);
LAYOUT(mbox_call, to, 24);
LAYOUT(mbox_call, reply, 48);
LAYOUT(mbox_call, deadline, 64);
LAYOUT(mbox_call, header, 72);
LAYOUT(mbox_settle, cookie, 8);
LAYOUT(mbox_settle, next, 40);
LAYOUT(mbox_map, size, 8);
LAYOUT(mbox_map, deadline, 16);
LAYOUT(mbox_map, seen, 24);
LAYOUT(mbox_map, reserved, 32);

FIXTURE(abi)
{
	int fd;
	char buf[64];
	struct mbox_message vec[2];
	struct mbox_send send;
	struct mbox_recv recv;
};

FIXTURE_SETUP(abi)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->vec[0].header.type = 5;
	self->vec[0].header.len = 4;
	self->vec[0].buf = addr("text");
	self->vec[1] = self->vec[0];
	self->send.count = 1;
	self->send.vec = addr(self->vec);
	self->recv.flags = MBOX_RECV_NOWAIT;
	self->recv.count = 1;
	self->recv.vec = addr(self->vec);
}

FIXTURE_TEARDOWN(abi)
{
	close(self->fd);
}

/* The member at @member of the struct at @args, 4 or 8 bytes, is refused. */
static int refused(int fd, unsigned long cmd, void *args, void *member,
		   size_t size, __u64 value)
{
	char old[8];
	int ret;

	memcpy(old, member, size);
	if (size == 4)
		*(__u32 *)member |= value;
	else
		*(__u64 *)member |= value;
	ret = do_ioctl(fd, cmd, args);
	memcpy(member, old, size);
	return ret;
}

#define EXPECT_REFUSED(fd, cmd, args, member, value)			\
	EXPECT_EQ(-EINVAL, refused(fd, cmd, args, &(member),		\
				   sizeof(member), value))

/* Every bit that is not in @known, one by one. */
#define EXPECT_BITS_REFUSED(fd, cmd, args, member, known)		\
do {									\
	unsigned int _bit;						\
									\
	for (_bit = 0; _bit < 8 * sizeof(member); _bit++) {		\
		if (!((known) >> _bit & 1))				\
			EXPECT_REFUSED(fd, cmd, args, member,		\
				       1ULL << _bit);			\
	}								\
} while (0)

TEST(sizes_are_those_of_the_other_width)
{
	TH_LOG("%zu-bit: open %zu config %zu info %zu grant %zu send %zu recv %zu",
	       8 * sizeof(long), sizeof(struct mbox_open),
	       sizeof(struct mbox_config), sizeof(struct mbox_info),
	       sizeof(struct mbox_grant), sizeof(struct mbox_send),
	       sizeof(struct mbox_recv));
	TH_LOG("call %zu settle %zu map %zu", sizeof(struct mbox_call),
	       sizeof(struct mbox_settle), sizeof(struct mbox_map));
	EXPECT_EQ(0x4040bb00u, MBOX_IOC_OPEN);
	EXPECT_EQ(0xc040bb01u, MBOX_IOC_CONFIG);
	EXPECT_EQ(0xc108bb02u, MBOX_IOC_INFO);
	EXPECT_EQ(0x4008bb03u, MBOX_IOC_GRANT);
	EXPECT_EQ(0x4020bb04u, MBOX_IOC_SEND);
	EXPECT_EQ(0xc048bb05u, MBOX_IOC_RECV);
	EXPECT_EQ(0xc0a8bb06u, MBOX_IOC_CALL);
	EXPECT_EQ(0xc030bb07u, MBOX_IOC_SETTLE);
	EXPECT_EQ(0x4028bb08u, MBOX_IOC_MAP);
}

/* No command number beyond ours, and none of ours with another size. */
TEST_F(abi, unknown_command_returns_enotty)
{
	static const unsigned int wrong[] = {
		_IO(MBOX_IOC_MAGIC, 0),
		_IOW(MBOX_IOC_MAGIC, 4, struct mbox_open),
		_IOR(MBOX_IOC_MAGIC, 4, struct mbox_send),
		_IOW(MBOX_IOC_MAGIC, 5, struct mbox_recv),
		_IOW(MBOX_IOC_MAGIC, 6, struct mbox_call),
		_IOWR(MBOX_IOC_MAGIC, 6, struct mbox_settle),
		_IOW(MBOX_IOC_MAGIC, 7, struct mbox_settle),
		_IOWR(MBOX_IOC_MAGIC, 8, struct mbox_map),
		0, 4, 0x5401, 0xffffffff,
	};
	unsigned int i, cmd;

	for (i = 9; i < 256; i++) {
		cmd = _IOW(MBOX_IOC_MAGIC, i, struct mbox_open);
		EXPECT_EQ(-ENOTTY, do_ioctl(self->fd, cmd, &self->send));
	}
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_EQ(-ENOTTY, do_ioctl(self->fd, wrong[i], &self->send));
	EXPECT_EQ(0, info_of(self->fd).sent);
}

TEST_F(abi, open_unknown_flag_returns_einval)
{
	struct mbox_open args = open_args(own_name(), MBOX_OPEN_CREATE);
	int fd = open_device(O_RDWR);

	EXPECT_BITS_REFUSED(fd, MBOX_IOC_OPEN, &args, args.flags,
			    MBOX_OPEN_CREATE | MBOX_OPEN_EXCL |
			    MBOX_OPEN_PERSIST);
	EXPECT_EQ(-ENOTCONN, do_ioctl(fd, MBOX_IOC_SEND, &self->send));
	close(fd);
}

TEST_F(abi, open_reserved_and_unknown_values_return_einval)
{
	struct mbox_open args = open_args(own_name(), MBOX_OPEN_CREATE);
	int fd = open_device(O_RDWR);

	EXPECT_BITS_REFUSED(fd, MBOX_IOC_OPEN, &args, args.reserved, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_OPEN, &args, args.kind, 1);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_OPEN, &args, args.limits.policy, 3);
	EXPECT_REFUSED(fd, MBOX_IOC_OPEN, &args, args.limits.policy, 3);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_OPEN, &args, args.mode, 0666);
	close(fd);
}

TEST_F(abi, config_unknown_flag_returns_einval)
{
	struct mbox_config args = { 0 };

	EXPECT_BITS_REFUSED(self->fd, MBOX_IOC_CONFIG, &args, args.flags, 0x1f);
}

TEST_F(abi, config_unnamed_member_returns_einval)
{
	struct mbox_config args = { 0 };
	int fd = self->fd;

	EXPECT_BITS_REFUSED(fd, MBOX_IOC_CONFIG, &args, args.framing, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_CONFIG, &args, args.type, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_CONFIG, &args, args.filter.lo, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_CONFIG, &args, args.filter.hi, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_CONFIG, &args, args.filter.flags, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_CONFIG, &args, args.busy_poll, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_CONFIG, &args, args.max_msgs, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_CONFIG, &args, args.policy, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_CONFIG, &args, args.reserved, 0);
}

/* Settings of a refused CONFIG do not stick, not even the good ones. */
TEST_F(abi, config_bad_value_returns_einval_and_sets_nothing)
{
	struct mbox_config args = {
		.flags = MBOX_CONFIG_TYPE | MBOX_CONFIG_BUSY_POLL,
		.type = 9,
		.busy_poll = MBOX_BUSY_POLL_MAX + 1,
	};
	struct mbox_config seen = { 0 };

	EXPECT_EQ(-EINVAL, set_config(self->fd, &args));
	EXPECT_EQ(0, set_config(self->fd, &seen));
	EXPECT_EQ(1, seen.type);
	EXPECT_EQ(0, seen.busy_poll);
	EXPECT_EQ(-EINVAL, set_type(self->fd, 0));
	EXPECT_EQ(-EINVAL, set_type(self->fd, MBOX_TYPE_MAX + 1));
	EXPECT_EQ(-EINVAL, set_framing(self->fd, 2));
	args.busy_poll = MBOX_BUSY_POLL_MAX;
	EXPECT_EQ(0, set_config(self->fd, &args));
}

TEST_F(abi, config_reads_back_what_was_set)
{
	struct mbox_config args = {
		.flags = 0xf,
		.framing = MBOX_FRAMING_RECORD,
		.type = MBOX_TYPE_MAX,
		.filter = { .lo = 3, .hi = 9, .flags = MBOX_FILTER_EXCEPT },
		.busy_poll = 5,
	};
	struct mbox_config seen = { 0 };

	EXPECT_EQ(0, set_config(self->fd, &args));
	EXPECT_EQ(0, set_config(self->fd, &seen));
	args.flags = 0;
	EXPECT_EQ(0, memcmp(&args, &seen, sizeof(args)));
}

TEST_F(abi, config_at_open_is_plain_type_1_every_type)
{
	struct mbox_config want = { .type = 1, .filter = any_type };
	struct mbox_config seen = { 0 };
	int fd = open_device(O_RDONLY);

	EXPECT_EQ(0, set_config(fd, &seen));
	EXPECT_EQ(0, memcmp(&want, &seen, sizeof(want)));
	close(fd);
}

/* Members 0 (name) and 2 (name_size) are in; every other word must be 0. */
TEST_F(abi, info_nonzero_member_returns_einval)
{
	struct mbox_info args;
	__u32 *words = (__u32 *)&args;
	size_t i;

	memset(&args, 0, sizeof(args));
	for (i = 3; i < sizeof(args) / sizeof(*words); i++)
		EXPECT_REFUSED(self->fd, MBOX_IOC_INFO, &args, words[i], 1);
	EXPECT_EQ(0, do_ioctl(self->fd, MBOX_IOC_INFO, &args));
}

TEST_F(abi, grant_unknown_right_returns_einval)
{
	struct mbox_grant args = { .rights = MBOX_RIGHT_RECV };

	EXPECT_BITS_REFUSED(self->fd, MBOX_IOC_GRANT, &args, args.rights,
			    MBOX_RIGHT_RECV | MBOX_RIGHT_SEND);
	EXPECT_BITS_REFUSED(self->fd, MBOX_IOC_GRANT, &args, args.reserved, 0);
	EXPECT_EQ(-EINVAL, grant(self->fd, 0));
}

TEST_F(abi, send_unknown_flag_and_reserved_return_einval)
{
	struct mbox_send *args = &self->send;

	EXPECT_BITS_REFUSED(self->fd, MBOX_IOC_SEND, args, args->flags,
			    MBOX_SEND_NOWAIT | MBOX_SEND_SYNC | MBOX_SEND_INTR);
	EXPECT_REFUSED(self->fd, MBOX_IOC_SEND, args, args->ttl, 1ULL << 63);
	EXPECT_EQ(0, info_of(self->fd).sent);
}

/* One bad element spoils the vector, and nothing of it is sent. */
TEST_F(abi, send_nonzero_header_member_returns_einval)
{
	struct mbox_send *args = &self->send;
	struct mbox_header *h = &self->vec[1].header;
	int fd = self->fd;

	args->count = 2;
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->seq, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->time, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->sender, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->cookie, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->lost, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->pid, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->uid, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->gid, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->flags, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->deadline, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->room, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, h->deliveries, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, self->vec[1].size, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SEND, args, self->vec[1].offset, 0);
	EXPECT_EQ(0, info_of(fd).sent);
	EXPECT_EQ(2, do_ioctl(fd, MBOX_IOC_SEND, args));
}

TEST_F(abi, recv_unknown_flag_and_reserved_return_einval)
{
	struct mbox_recv *args = &self->recv;
	int fd = self->fd;

	ASSERT_EQ(1, send_text(fd, 5, "stays"));
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_RECV, args, args->flags, 0x7f);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_RECV, args, args->lease, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_RECV, args, args->blocks, 0);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_RECV, args, args->block_count,
			    2 * MBOX_VEC_MAX - 1);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_RECV, args, args->skip, 0);
	args->flags = MBOX_RECV_PEEK;
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_RECV, args, args->skip, 0);
	args->flags = MBOX_RECV_PEEK | MBOX_RECV_NOWAIT;
	EXPECT_REFUSED(fd, MBOX_IOC_RECV, args, args->skip, MBOX_SKIP_MAX + 1);
	EXPECT_EQ(1, msgs_of(fd));
}

/* A filter that no flag announces, and every way a filter can be wrong. */
TEST_F(abi, recv_bad_filter_returns_einval)
{
	struct mbox_recv *args = &self->recv;
	struct mbox_filter *f = &args->filter;
	int fd = self->fd;

	EXPECT_REFUSED(fd, MBOX_IOC_RECV, args, f->lo, 1);
	EXPECT_REFUSED(fd, MBOX_IOC_RECV, args, f->hi, 1);
	EXPECT_REFUSED(fd, MBOX_IOC_RECV, args, f->flags, 1);
	EXPECT_REFUSED(fd, MBOX_IOC_RECV, args, f->reserved, 1);
	args->flags |= MBOX_RECV_FILTER;
	*f = any_type;
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_RECV, args, f->flags, 3);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_RECV, args, f->reserved, 0);
}

/* A call that goes on is no less strict: its flags are those of a new one. */
TEST_F(abi, call_unknown_flag_and_reserved_return_einval)
{
	struct mbox_call args = call_args(5, "text", self->buf, 8);
	struct mbox_info before = info_of(self->fd), after;
	int fd = self->fd, i;

	for (i = 0; i < 2; i++) {
		args.cookie = i;
		EXPECT_BITS_REFUSED(fd, MBOX_IOC_CALL, &args, args.flags,
				    MBOX_CALL_NOWAIT);
		EXPECT_BITS_REFUSED(fd, MBOX_IOC_CALL, &args, args.reserved,
				    0);
		EXPECT_REFUSED(fd, MBOX_IOC_CALL, &args, args.deadline,
			       1ULL << 63);
	}
	args.cookie = 0;
	EXPECT_REFUSED(fd, MBOX_IOC_CALL, &args, args.type, 1ULL << 63);
	args.type = 0;
	EXPECT_REFUSED(fd, MBOX_IOC_CALL, &args, args.type, 0);
	after = info_of(fd);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

/* The header of a call is the device's to write: what is there is no matter. */
TEST_F(abi, call_ignores_the_header_on_entry)
{
	struct mbox_call args = call_args(5, "text", self->buf, 8);
	struct got got;

	memset(&args.header, 0xff, sizeof(args.header));
	args.flags = MBOX_CALL_NOWAIT;
	EXPECT_EQ(-EINPROGRESS, do_call(self->fd, &args));
	got = take(self->fd);
	EXPECT_EQ(0, reply_text(self->fd, got.header.cookie, "yes"));
	EXPECT_EQ(0, do_call(self->fd, &args));
	EXPECT_EQ(0, args.cookie);
	EXPECT_EQ(3, args.header.len);
	EXPECT_EQ(0, args.header.deliveries);
	EXPECT_EQ(0, memcmp("yes", self->buf, 3));
}

TEST_F(abi, settle_unknown_flag_and_reserved_return_einval)
{
	struct mbox_call call = call_args(5, "text", self->buf, 8);
	struct mbox_settle args = { .type = 1, .buf = addr("x"), .len = 1 };
	struct mbox_info before, after;
	int fd = self->fd;

	call.flags = MBOX_CALL_NOWAIT;
	ASSERT_EQ(-EINPROGRESS, do_call(fd, &call));
	args.cookie = take(fd).header.cookie;
	args.flags = MBOX_SETTLE_REPLY;
	before = info_of(fd);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SETTLE, &args, args.flags, 0x1f);
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SETTLE, &args, args.reserved, 0);
	/* Without NEXT there is nothing to receive. */
	EXPECT_BITS_REFUSED(fd, MBOX_IOC_SETTLE, &args, args.next, 0);
	EXPECT_REFUSED(fd, MBOX_IOC_SETTLE, &args, args.type, 1ULL << 63);
	after = info_of(fd);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
	EXPECT_EQ(0, do_settle(fd, &args));
	EXPECT_EQ(0, args.cookie);
}

/* Without a reply nothing of one may be there. */
TEST_F(abi, settle_unused_member_returns_einval)
{
	static const __u32 outcomes[] = {
		MBOX_SETTLE_RETURN, MBOX_SETTLE_CHECK,
		MBOX_SETTLE_RETURN | MBOX_SETTLE_NEXT, MBOX_SETTLE_NEXT,
	};
	struct mbox_settle args = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(outcomes); i++) {
		args.flags = outcomes[i];
		args.cookie = outcomes[i] != MBOX_SETTLE_NEXT;
		args.next = outcomes[i] & MBOX_SETTLE_NEXT ?
			    addr(&self->recv) : 0;
		EXPECT_BITS_REFUSED(self->fd, MBOX_IOC_SETTLE, &args,
				    args.type, 0);
		EXPECT_BITS_REFUSED(self->fd, MBOX_IOC_SETTLE, &args,
				    args.buf, 0);
		EXPECT_BITS_REFUSED(self->fd, MBOX_IOC_SETTLE, &args,
				    args.len, 0);
	}
}

TEST_F(abi, map_unknown_kind_and_reserved_return_einval)
{
	static const __u32 wrong[] = {
		0, MBOX_MAP_WAIT, MBOX_MAP_WAKE, 5, 1U << 31, ~0U,
	};
	struct mbox_map args = { 0 };
	int fd = self->fd;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		args.kind = wrong[i];
		EXPECT_EQ(-EINVAL, do_ioctl(fd, MBOX_IOC_MAP, &args));
	}
	for (args.kind = MBOX_MAP_POOL; args.kind <= MBOX_MAP_RING;
	     args.kind++) {
		args.flags = args.kind == MBOX_MAP_RING ? MBOX_MAP_PRODUCER : 0;
		EXPECT_BITS_REFUSED(fd, MBOX_IOC_MAP, &args, args.flags,
				    args.kind == MBOX_MAP_RING ?
				    MBOX_MAP_PRODUCER : 0);
		EXPECT_BITS_REFUSED(fd, MBOX_IOC_MAP, &args, args.deadline, 0);
		EXPECT_BITS_REFUSED(fd, MBOX_IOC_MAP, &args, args.seen, 0);
		EXPECT_BITS_REFUSED(fd, MBOX_IOC_MAP, &args, args.reserved32, 0);
		EXPECT_BITS_REFUSED(fd, MBOX_IOC_MAP, &args, args.reserved, 0);
	}
}

/* No power of two, less than a page, more than there may be. */
TEST_F(abi, map_size_out_of_range_returns_einval)
{
	static const __u64 sizes[] = {
		1, 2048, 4095, 4097, 6144, 65535, 3 << 20,
		MBOX_MAP_SIZE_MAX + 1, 2ULL * MBOX_MAP_SIZE_MAX,
		(1ULL << 32) + 4096, 1ULL << 32, 1ULL << 63, ~0ULL,
	};
	struct mbox_map args = { .flags = MBOX_MAP_PRODUCER };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		args.size = sizes[i];
		args.kind = MBOX_MAP_RING;
		args.flags = MBOX_MAP_PRODUCER;
		EXPECT_EQ(-EINVAL, do_ioctl(self->fd, MBOX_IOC_MAP, &args));
		args.kind = MBOX_MAP_POOL;
		args.flags = 0;
		EXPECT_EQ(-EINVAL, do_ioctl(self->fd, MBOX_IOC_MAP, &args));
	}
}

TEST_F(abi, bad_struct_address_returns_efault)
{
	int unbound = open_device(O_RDWR);

	EXPECT_EQ(-EFAULT, do_ioctl(unbound, MBOX_IOC_OPEN, nowhere()));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_CONFIG, nowhere()));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_INFO, nowhere()));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_GRANT, nowhere()));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_SEND, nowhere()));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_RECV, nowhere()));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_CALL, nowhere()));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_SETTLE, nowhere()));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_MAP, nowhere()));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_SEND, NULL));
	close(unbound);
}

/* The struct is there, but what it points to is not. */
TEST_F(abi, bad_inner_address_returns_efault)
{
	struct mbox_open open = open_args(own_name(), MBOX_OPEN_CREATE);
	struct mbox_info info = { .name = addr(nowhere()), .name_size = 8 };
	int unbound = open_device(O_RDWR);
	int named = open_mailbox("inner", O_RDWR);

	open.name = addr(nowhere());
	EXPECT_EQ(-EFAULT, do_open(unbound, &open));
	open.name = 1ULL << 63;
	EXPECT_EQ(-EFAULT, do_open(unbound, &open));
	EXPECT_EQ(-EFAULT, do_ioctl(named, MBOX_IOC_INFO, &info));
	self->send.vec = addr(nowhere());
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_SEND, &self->send));
	self->vec[0].buf = addr(nowhere());
	self->send.vec = addr(self->vec);
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_SEND, &self->send));
	self->recv.vec = addr(nowhere());
	ASSERT_EQ(1, send_text(self->fd, 1, "stays"));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_RECV, &self->recv));
	EXPECT_EQ(1, msgs_of(self->fd));
	close(unbound);
	close(named);
}

/* The upper half of an address counts, also for a 32-bit program. */
TEST_F(abi, address_is_not_truncated)
{
	self->vec[0].buf |= 1ULL << 63;
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_SEND, &self->send));
	self->vec[0].buf = addr("text") | 1ULL << 50;
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_SEND, &self->send));
	self->send.vec |= 1ULL << 50;
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_SEND, &self->send));
	EXPECT_EQ(0, info_of(self->fd).sent);
}

/* Likewise of a call, its reply and what a settle receives next. */
TEST_F(abi, address_of_a_call_is_not_truncated)
{
	struct mbox_call call = call_args(5, "text", self->buf, 8);
	struct mbox_settle settle = {
		.flags = MBOX_SETTLE_NEXT,
		.next = addr(&self->recv) | 1ULL << 50,
	};
	__u64 cookie;

	call.flags = MBOX_CALL_NOWAIT;
	call.buf |= 1ULL << 50;
	EXPECT_EQ(-EFAULT, do_call(self->fd, &call));
	EXPECT_EQ(0, info_of(self->fd).sent);
	EXPECT_EQ(-EFAULT, do_settle(self->fd, &settle));
	call.buf = addr("text");
	EXPECT_EQ(-EINPROGRESS, do_call(self->fd, &call));
	cookie = take(self->fd).header.cookie;
	EXPECT_EQ(-EFAULT, reply_bytes(self->fd, cookie, 1,
				       nowhere(), 1));
	EXPECT_EQ(0, reply_text(self->fd, cookie, "yes"));
	call.reply |= 1ULL << 50;
	EXPECT_EQ(-EFAULT, do_call(self->fd, &call));
	call.reply = addr(self->buf);
	EXPECT_EQ(0, do_call(self->fd, &call));
}

TEST_F(abi, count_0_and_129_return_einval)
{
	static const __u32 counts[] = { 0, MBOX_VEC_MAX + 1, 1U << 31, ~0U };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		self->send.count = counts[i];
		self->recv.count = counts[i];
		EXPECT_EQ(-EINVAL,
			  do_ioctl(self->fd, MBOX_IOC_SEND, &self->send));
		EXPECT_EQ(-EINVAL,
			  do_ioctl(self->fd, MBOX_IOC_RECV, &self->recv));
	}
}

/* OPEN, GRANT, SEND and RECV work from memory that cannot be written. */
TEST_F(abi, in_structs_are_not_written_back)
{
	struct mbox_send *ro = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_TRUE(ro != MAP_FAILED);
	*ro = self->send;
	mprotect(ro, 4096, PROT_READ);
	EXPECT_EQ(1, do_ioctl(self->fd, MBOX_IOC_SEND, ro));
	EXPECT_EQ(1, msgs_of(self->fd));
}

/* CONFIG and INFO, which answer, do not. */
TEST_F(abi, answer_that_cannot_be_written_returns_efault)
{
	char *ro = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	ASSERT_TRUE(ro != MAP_FAILED);
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_CONFIG, ro));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, MBOX_IOC_INFO, ro));
}

TEST_F(abi, message_of_one_width_reads_the_same)
{
	struct got got;

	EXPECT_EQ(1, send_text(self->fd, MBOX_TYPE_MAX, "hello"));
	got = take(self->fd);
	EXPECT_EQ(1, got.ret);
	EXPECT_EQ(MBOX_TYPE_MAX, got.header.type);
	EXPECT_EQ(5, got.header.len);
	EXPECT_STREQ("hello", got.text);
}

TEST_HARNESS_MAIN
