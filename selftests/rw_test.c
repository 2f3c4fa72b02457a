// SPDX-License-Identifier: GPL-2.0
/*
 * read and write in both framings, readv and writev, splice and sendfile,
 * preadv2 with RWF_NOWAIT, and what a stream without a position refuses.
 */
#include <stddef.h>
#include "mbox_proc.h"

#include <sys/sendfile.h>
#include <sys/uio.h>

#define HEADER	sizeof(struct mbox_header)

FIXTURE(rw)
{
	int fd;
	char buf[256];
};

FIXTURE_SETUP(rw)
{
	self->fd = open_mailbox(NULL, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(rw)
{
	close(self->fd);
}

/* ---- plain framing ----------------------------------------------------- */

TEST_F(rw, write_is_one_message_and_read_takes_one)
{
	EXPECT_EQ(5, write(self->fd, "hello", 5));
	EXPECT_EQ(3, write(self->fd, "you", 3));
	EXPECT_EQ(2, msgs_of(self->fd));
	EXPECT_EQ(5, read(self->fd, self->buf, sizeof(self->buf)));
	EXPECT_STREQ("hello", self->buf);
	EXPECT_EQ(3, read(self->fd, self->buf, sizeof(self->buf)));
	EXPECT_EQ(0, memcmp("you", self->buf, 3));
}

TEST_F(rw, write_uses_the_type_of_the_handle)
{
	EXPECT_EQ(1, write(self->fd, "a", 1));
	EXPECT_EQ(0, set_type(self->fd, 77));
	EXPECT_EQ(1, write(self->fd, "b", 1));
	EXPECT_EQ(1, take_type(self->fd));
	EXPECT_EQ(77, take_type(self->fd));
}

TEST_F(rw, empty_write_is_an_empty_message)
{
	EXPECT_EQ(0, write(self->fd, "", 0));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, read(self->fd, self->buf, sizeof(self->buf)));
	EXPECT_EQ(0, msgs_of(self->fd));
}

/* The kernel ends it before the device sees it. */
TEST_F(rw, empty_writev_sends_nothing)
{
	struct iovec iov = { .iov_base = self->buf };

	EXPECT_EQ(0, writev(self->fd, &iov, 1));
	EXPECT_EQ(0, msgs_of(self->fd));
}

TEST_F(rw, read_of_0_bytes_takes_nothing)
{
	EXPECT_EQ(0, read(self->fd, self->buf, 0));
	EXPECT_EQ(3, write(self->fd, "msg", 3));
	EXPECT_EQ(0, read(self->fd, self->buf, 0));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(rw, short_read_returns_emsgsize_and_keeps_the_message)
{
	EXPECT_EQ(5, write(self->fd, "hello", 5));
	EXPECT_EQ(-EMSGSIZE, or_errno(read(self->fd, self->buf, 4)));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(5, read(self->fd, self->buf, 5));
}

TEST_F(rw, write_above_max_size_returns_emsgsize)
{
	char *big = shared(MBOX_SIZE_DEFAULT + 1);

	EXPECT_EQ(-EMSGSIZE, or_errno(write(self->fd, big,
					    MBOX_SIZE_DEFAULT + 1)));
	EXPECT_EQ(MBOX_SIZE_DEFAULT, write(self->fd, big, MBOX_SIZE_DEFAULT));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(rw, bad_addresses_return_efault)
{
	EXPECT_EQ(-EFAULT, or_errno(write(self->fd, nowhere(), 5)));
	EXPECT_EQ(0, info_of(self->fd).sent);
	EXPECT_EQ(1, write(self->fd, "x", 1));
	EXPECT_EQ(-EFAULT, or_errno(read(self->fd, nowhere(), 5)));
	EXPECT_EQ(1, msgs_of(self->fd));
}

TEST_F(rw, vectors_are_one_message)
{
	struct iovec out[] = {
		{ "one ", 4 }, { NULL, 0 }, { "message", 7 },
	};
	struct iovec in[] = {
		{ self->buf, 3 }, { self->buf + 100, 50 },
	};

	EXPECT_EQ(11, writev(self->fd, out, 3));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(11, readv(self->fd, in, 2));
	EXPECT_STREQ("one", self->buf);
	EXPECT_STREQ(" message", self->buf + 100);
}

TEST_F(rw, vector_with_a_bad_element_sends_nothing)
{
	struct iovec out[] = { { "good", 4 }, { nowhere(), 4 } };

	EXPECT_EQ(-EFAULT, or_errno(writev(self->fd, out, 2)));
	EXPECT_EQ(0, info_of(self->fd).sent);
}

/* ---- record framing ---------------------------------------------------- */

static ssize_t write_record(int fd, const struct mbox_header *header,
			    const char *text)
{
	struct iovec iov[] = {
		{ (void *)header, HEADER },
		{ (void *)text, strlen(text) },
	};

	return or_errno(writev(fd, iov, 2));
}

TEST_F(rw, record_carries_header_and_payload)
{
	struct mbox_header h = { .type = 42, .len = 5 };

	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	EXPECT_EQ(HEADER + 5, write_record(self->fd, &h, "hello"));
	EXPECT_EQ(HEADER + 5, read(self->fd, self->buf, sizeof(self->buf)));
	memcpy(&h, self->buf, HEADER);
	EXPECT_EQ(42, h.type);
	EXPECT_EQ(5, h.len);
	EXPECT_EQ(1, h.seq);
	EXPECT_EQ(getpid(), h.pid);
	EXPECT_STREQ("hello", self->buf + HEADER);
}

TEST_F(rw, record_of_an_empty_message_is_a_header)
{
	struct mbox_header h = { .type = 42 };

	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	EXPECT_EQ(HEADER, write(self->fd, &h, HEADER));
	EXPECT_EQ(HEADER, read(self->fd, self->buf, HEADER));
	memcpy(&h, self->buf, HEADER);
	EXPECT_EQ(42, h.type);
	EXPECT_EQ(0, h.len);
}

TEST_F(rw, short_record_write_returns_einval)
{
	struct mbox_header h = { .type = 42 };

	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	EXPECT_EQ(-EINVAL, or_errno(write(self->fd, &h, HEADER - 1)));
	EXPECT_EQ(-EINVAL, or_errno(write(self->fd, &h, 0)));
	EXPECT_EQ(0, info_of(self->fd).sent);
}

TEST_F(rw, record_length_that_is_not_the_rest_returns_einval)
{
	struct mbox_header h = { .type = 42 };
	static const __u64 lens[] = { 0, 4, 6, 1ULL << 32, ~0ULL };
	size_t i;

	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		h.len = lens[i];
		EXPECT_EQ(-EINVAL, write_record(self->fd, &h, "hello"));
	}
	EXPECT_EQ(0, info_of(self->fd).sent);
}

TEST_F(rw, record_header_with_a_kernel_member_returns_einval)
{
	struct mbox_header h = { .type = 42, .len = 5 };
	__u32 *words = (__u32 *)&h;
	size_t i;

	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	for (i = 4; i < HEADER / 4; i++) {
		/* The address is the sender's to choose, but there is nobody. */
		bool address = i / 2 == offsetof(struct mbox_header, to) / 8;

		words[i] = ~0U;
		EXPECT_EQ(address ? -EHOSTUNREACH : -EINVAL,
			  write_record(self->fd, &h, "hello"));
		words[i] = 0;
	}
	h.type = 0;
	EXPECT_EQ(-EINVAL, write_record(self->fd, &h, "hello"));
	h.type = MBOX_TYPE_MAX + 1;
	EXPECT_EQ(-EINVAL, write_record(self->fd, &h, "hello"));
	EXPECT_EQ(0, info_of(self->fd).sent);
}

TEST_F(rw, record_above_max_size_returns_emsgsize)
{
	char *big = shared(HEADER + MBOX_SIZE_DEFAULT + 1);
	struct mbox_header *h = (struct mbox_header *)big;

	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	h->type = 1;
	h->len = MBOX_SIZE_DEFAULT + 1;
	EXPECT_EQ(-EMSGSIZE, or_errno(write(self->fd, big, HEADER + h->len)));
	h->len = MBOX_SIZE_DEFAULT;
	EXPECT_EQ(HEADER + h->len, write(self->fd, big, HEADER + h->len));
}

TEST_F(rw, record_read_below_80_bytes_returns_einval)
{
	EXPECT_EQ(1, send_text(self->fd, 1, "x"));
	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	EXPECT_EQ(-EINVAL, or_errno(read(self->fd, self->buf, HEADER - 1)));
	EXPECT_EQ(-EINVAL, or_errno(read(self->fd, self->buf, 0)));
	EXPECT_EQ(-EMSGSIZE, or_errno(read(self->fd, self->buf, HEADER)));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(HEADER + 1, read(self->fd, self->buf, HEADER + 1));
}

TEST_F(rw, record_read_into_a_bad_page_keeps_the_message)
{
	char *page = shared(8192);

	mprotect(page + 4096, 4096, PROT_NONE);
	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	EXPECT_EQ(1, send_text(self->fd, 1, "hello"));
	EXPECT_EQ(-EFAULT, or_errno(read(self->fd, page + 4096 - 40, 200)));
	EXPECT_EQ(-EFAULT, or_errno(read(self->fd, page + 4096 - HEADER - 2,
					 200)));
	EXPECT_EQ(1, msgs_of(self->fd));
	EXPECT_EQ(0, info_of(self->fd).received);
	EXPECT_STREQ("hello", take(self->fd).text);
}

/* One framing writes what the other reads. */
TEST_F(rw, framing_is_the_handles_own)
{
	int other = grant(self->fd, MBOX_RIGHT_RECV);

	EXPECT_EQ(0, set_framing(self->fd, MBOX_FRAMING_RECORD));
	EXPECT_EQ(1, send_text(self->fd, 1, "hello"));
	EXPECT_EQ(5, read(other, self->buf, sizeof(self->buf)));
	EXPECT_STREQ("hello", self->buf);
}

/* ---- no position ------------------------------------------------------- */

TEST_F(rw, positions_return_espipe)
{
	struct iovec iov = { .iov_base = self->buf, .iov_len = 8 };

	EXPECT_EQ(-ESPIPE, or_errno(lseek(self->fd, 0, SEEK_CUR)));
	EXPECT_EQ(-ESPIPE, or_errno(lseek(self->fd, 0, SEEK_END)));
	EXPECT_EQ(-ESPIPE, or_errno(pread(self->fd, self->buf, 8, 0)));
	EXPECT_EQ(-ESPIPE, or_errno(pwrite(self->fd, self->buf, 8, 0)));
	EXPECT_EQ(-ESPIPE, or_errno(preadv(self->fd, &iov, 1, 0)));
	EXPECT_EQ(-ESPIPE, or_errno(pwritev(self->fd, &iov, 1, 0)));
	EXPECT_EQ(0, info_of(self->fd).sent);
}

TEST_F(rw, mmap_returns_enodev)
{
	EXPECT_TRUE(mmap(NULL, 4096, PROT_READ, MAP_SHARED, self->fd, 0) ==
		    MAP_FAILED);
	EXPECT_EQ(ENODEV, errno);
}

/* A lock on the file position would let the reader keep the writer out. */
static int read_one(void *arg)
{
	char buf[16];

	return read(*(int *)arg, buf, sizeof(buf)) == 5 ? 0 : EIO;
}

TEST_F(rw, blocked_reader_and_writer_share_one_descriptor)
{
	pid_t pid = spawn(read_one, &self->fd);

	ASSERT_TRUE(wait_receivers(self->fd, 1));
	EXPECT_EQ(5, write(self->fd, "hello", 5));
	EXPECT_EQ(0, reap(pid));
}

TEST_F(rw, rwf_nowait_returns_eagain)
{
	struct iovec iov = { .iov_base = self->buf, .iov_len = 8 };
	int full = open_limited(NULL, O_RDWR, 1, 0, 0);

	EXPECT_EQ(-EAGAIN, or_errno(preadv2(self->fd, &iov, 1, -1,
					    RWF_NOWAIT)));
	EXPECT_EQ(8, pwritev2(full, &iov, 1, -1, RWF_NOWAIT));
	EXPECT_EQ(-EAGAIN, or_errno(pwritev2(full, &iov, 1, -1, RWF_NOWAIT)));
	EXPECT_EQ(8, preadv2(full, &iov, 1, -1, RWF_NOWAIT));
}

/* ---- splice and sendfile ----------------------------------------------- */

TEST_F(rw, splice_moves_a_message_each_way)
{
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	EXPECT_EQ(5, write(self->fd, "hello", 5));
	EXPECT_EQ(5, splice(self->fd, NULL, ends[1], NULL, 4096, 0));
	EXPECT_EQ(0, msgs_of(self->fd));
	EXPECT_EQ(5, splice(ends[0], NULL, self->fd, NULL, 4096, 0));
	EXPECT_STREQ("hello", take(self->fd).text);
}

TEST_F(rw, splice_of_a_large_message_arrives_whole)
{
	int size = 40000, i, ends[2];
	char *out = shared(size), *in = shared(size);

	for (i = 0; i < size; i++)
		out[i] = i * 7 + i / 256;
	ASSERT_EQ(0, pipe(ends));
	ASSERT_EQ(size, write(self->fd, out, size));
	ASSERT_EQ(size, splice(self->fd, NULL, ends[1], NULL, 65536, 0));
	ASSERT_EQ(size, read(ends[0], in, size));
	EXPECT_EQ(0, memcmp(in, out, size));
}

/* What has no place in the pipe stays in the mailbox. */
TEST_F(rw, splice_of_too_few_bytes_returns_emsgsize)
{
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	EXPECT_EQ(5, write(self->fd, "hello", 5));
	EXPECT_EQ(-EMSGSIZE, or_errno(splice(self->fd, NULL, ends[1], NULL, 4,
					     0)));
	EXPECT_EQ(1, msgs_of(self->fd));
}

static int slurp(void *arg)
{
	char buf[16] = "";

	if (read(*(int *)arg, buf, sizeof(buf)) != 5)
		return 1;
	return strcmp(buf, "hello") ? 2 : 0;
}

/* The reader of the pipe must not wait for the next message. */
TEST_F(rw, splice_from_an_empty_mailbox_does_not_lock_the_pipe)
{
	pid_t reader;
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	EXPECT_EQ(5, write(ends[1], "hello", 5));
	EXPECT_EQ(-EAGAIN, or_errno(splice(self->fd, NULL, ends[1], NULL, 4096,
					   0)));
	reader = spawn(slurp, &ends[0]);
	EXPECT_EQ(0, reap(reader));
}

/* As the reader of a pipe, its writer must not be held up. */
TEST_F(rw, splice_into_a_full_mailbox_returns_eagain)
{
	int full = open_limited(NULL, O_RDWR, 1, 0, 0), ends[2];
	FILE *file = tmpfile();
	off_t offset = 0;

	ASSERT_EQ(0, pipe(ends));
	ASSERT_EQ(1, send_text(full, 1, "x"));
	EXPECT_EQ(5, write(ends[1], "hello", 5));
	EXPECT_EQ(-EAGAIN, or_errno(splice(ends[0], NULL, full, NULL, 5, 0)));
	fputs("from a file", file);
	fflush(file);
	EXPECT_EQ(-EAGAIN, or_errno(sendfile(full, fileno(file), &offset,
					     100)));
	EXPECT_EQ(1, info_of(full).sent);
	/* What was in the pipe still is. */
	EXPECT_EQ(5, read(ends[0], self->buf, sizeof(self->buf)));
	fclose(file);
}

TEST_F(rw, sendfile_from_a_file_sends_a_message)
{
	FILE *file = tmpfile();
	off_t offset = 0;

	fputs("from a file", file);
	fflush(file);
	EXPECT_EQ(11, sendfile(self->fd, fileno(file), &offset, 100));
	EXPECT_STREQ("from a file", take(self->fd).text);
	fclose(file);
}

TEST_F(rw, sendfile_to_a_pipe_takes_a_message)
{
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	EXPECT_EQ(5, write(self->fd, "hello", 5));
	EXPECT_EQ(5, sendfile(ends[1], self->fd, NULL, 4096));
	EXPECT_EQ(5, read(ends[0], self->buf, sizeof(self->buf)));
	EXPECT_STREQ("hello", self->buf);
}

/* The kernel's own rule: sendfile() takes from a stream only into a pipe. */
TEST_F(rw, sendfile_to_a_file_returns_einval_and_takes_nothing)
{
	FILE *file = tmpfile();

	EXPECT_EQ(5, write(self->fd, "hello", 5));
	EXPECT_EQ(-EINVAL, or_errno(sendfile(fileno(file), self->fd, NULL,
					     5)));
	EXPECT_EQ(1, msgs_of(self->fd));
	fclose(file);
}

/* ---- rights ------------------------------------------------------------ */

TEST_F(rw, read_of_a_write_only_handle_returns_ebadf)
{
	int writer = grant(self->fd, MBOX_RIGHT_SEND);
	int reader = grant(self->fd, MBOX_RIGHT_RECV);

	EXPECT_EQ(-EBADF, or_errno(read(writer, self->buf, 8)));
	EXPECT_EQ(-EBADF, or_errno(write(reader, self->buf, 8)));
	EXPECT_EQ(-EBADF, take(writer).ret);
	EXPECT_EQ(-EBADF, send_text(reader, 1, "x"));
}

TEST_HARNESS_MAIN
