/* SPDX-License-Identifier: GPL-2.0 */
/* Landing pools, and payloads that tell whether they are what was sent. */
#ifndef MBOX_POOL_H
#define MBOX_POOL_H

#include "mbox_lease.h"

#define UNIT		MBOX_POOL_MIN
#define POOL_SIZE	(8 * UNIT)

/* ---- the pool ---------------------------------------------------------- */

static inline int make_pool(int fd, __u64 size)
{
	struct mbox_map map = { .kind = MBOX_MAP_POOL, .size = size };

	return do_ioctl(fd, MBOX_IOC_MAP, &map);
}

/* Its memory, or NULL. */
static inline unsigned char *map_pool(int fd, size_t size)
{
	void *base = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	return base == MAP_FAILED ? NULL : base;
}

/* A pool of POOL_SIZE; NULL if it could not be had. */
static inline unsigned char *new_pool(int fd)
{
	return make_pool(fd, POOL_SIZE) ? NULL : map_pool(fd, POOL_SIZE);
}

/* A number that fdinfo tells under that name; -1 if it does not. */
static inline long long fdinfo_number(int fd, const char *name)
{
	char path[64], text[2048];
	const char *line;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	if (read_file(path, text, sizeof(text)) < 0)
		return -1;
	line = strstr(text, name);
	return line ? atoll(line + strlen(name)) : -1;
}

/* Bytes of the pool that are in no block. */
static inline long long pool_free(int fd)
{
	return fdinfo_number(fd, "mbox-pool-free:");
}

/* The device gives back, and writes what is left into *@count. */
static inline int give_back_vec(int fd, const __u64 *offsets, __u32 *count)
{
	struct mbox_recv args = {
		.blocks = addr(offsets),
		.block_count = *count,
	};
	int ret = do_ioctl(fd, MBOX_IOC_RECV, &args);

	*count = args.block_count;
	return ret;
}

static inline int give_back(int fd, __u64 offset)
{
	__u32 count = 1;

	return give_back_vec(fd, &offset, &count);
}

/* ---- payloads ---------------------------------------------------------- */

/* Bytes that no other seed gives: a mix-up, a tear or a shift is seen. */
static inline unsigned char pattern_at(__u64 seed, size_t i)
{
	__u64 x = seed * 0x9e3779b97f4a7c15ULL + i / 8;

	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9ULL;
	return x >> (i % 8 * 8);
}

static inline void write_pattern(unsigned char *to, __u64 seed, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = pattern_at(seed, i);
}

static inline bool is_pattern(const unsigned char *from, __u64 seed, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (from[i] != pattern_at(seed, i))
			return false;
	}
	return true;
}

/* Sends the pattern of @seed as a message of type @seed, without waiting. */
static inline int send_pattern_to(int fd, __u64 seed, size_t len, __u64 to)
{
	unsigned char *buf = malloc(len);
	struct mbox_message message = {
		.header = { .type = seed, .len = len, .to = to },
		.buf = addr(buf),
	};
	struct mbox_send args = {
		.flags = MBOX_SEND_NOWAIT,
		.count = 1,
		.vec = addr(&message),
	};
	int ret;

	write_pattern(buf, seed, len);
	ret = do_ioctl(fd, MBOX_IOC_SEND, &args);
	free(buf);
	return ret;
}

static inline int send_pattern(int fd, __u64 seed, size_t len)
{
	return send_pattern_to(fd, seed, len, 0);
}

/* ---- receiving --------------------------------------------------------- */

/* One element with its buffer; @message.offset is one that no block has. */
struct landed {
	int ret;
	struct mbox_message message;
	unsigned char buf[4 * UNIT];
};

static inline void recv_landed_with(int fd, struct landed *got, __u32 flags,
				    const struct mbox_filter *filter)
{
	struct mbox_recv args = {
		.flags = flags,
		.count = 1,
		.vec = addr(&got->message),
	};

	memset(got, 0, sizeof(*got));
	got->message.buf = addr(got->buf);
	got->message.size = sizeof(got->buf);
	got->message.offset = ~0ULL;
	if (filter) {
		args.flags |= MBOX_RECV_FILTER;
		args.filter = *filter;
	}
	got->ret = do_ioctl(fd, MBOX_IOC_RECV, &args);
}

/* Receives one message without waiting, in place if it can be. */
static inline void recv_landed(int fd, struct landed *got)
{
	recv_landed_with(fd, got, MBOX_RECV_NOWAIT | MBOX_RECV_POOL, NULL);
}

static inline bool is_in_pool(const struct landed *got)
{
	return got->ret == 1 && got->message.header.flags & MBOX_MSG_POOL;
}

/* What was received in place is the pattern of its type, and @buf untouched. */
static inline bool landed_well(const struct landed *got,
			       const unsigned char *base, size_t len)
{
	const struct mbox_header *header = &got->message.header;
	static const unsigned char untouched[sizeof(got->buf)];

	if (!is_in_pool(got) || header->len != len ||
	    got->message.offset % UNIT)
		return false;
	return is_pattern(base + got->message.offset, header->type, len) &&
	       !memcmp(got->buf, untouched, sizeof(untouched));
}

/* It was copied into the buffer, and the offset not written. */
static inline bool copied_well(const struct landed *got, size_t len)
{
	const struct mbox_header *header = &got->message.header;

	return got->ret == 1 && !(header->flags & MBOX_MSG_POOL) &&
	       header->len == len && got->message.offset == ~0ULL &&
	       is_pattern(got->buf, header->type, len);
}

#endif /* MBOX_POOL_H */
