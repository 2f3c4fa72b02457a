// SPDX-License-Identifier: GPL-2.0-only
/* Claims on pipes. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "claim.h"
#include "finding.h"
#include "proc.h"

static void check_boundaries(void)
{
	static const char first[] = "Hello", second[] = "How about an answer?";
	char head[8] = "", rest[64] = "";
	int ends[2];

	make_pipe(ends, 0);
	must(write(ends[1], first, strlen(first)), "write");
	must(write(ends[1], second, strlen(second)), "write");
	must(read(ends[0], head, 4), "read");
	must(read(ends[0], rest, sizeof(rest) - 1), "read");
	observe("'%s' and '%s', written one after the other and read as 4 and up to 63 bytes, "
		"arrive as '%s' and '%s'.", first, second, head, rest);
	part(!strcmp(head, "Hell") && !strcmp(rest, "oHow about an answer?"),
	     "Nothing tells where one ended.");
	conclude_parts();
}

/* One byte at a time, so that the counter is exact. */
static _Noreturn void write_for_ever(int fd, volatile int *written)
{
	while (write(fd, "", 1) == 1)
		++*written;
	_exit(1);
}

static _Noreturn void read_one(int fd)
{
	char byte;

	_exit(read(fd, &byte, 1) == 1 ? 0 : 1);
}

static void check_room(void)
{
	volatile int *written = shared_memory(sizeof(*written));
	int ends[2];
	pid_t reader, writer;
	bool asleep;

	make_pipe(ends, 0);
	reader = start();
	if (!reader)
		read_one(ends[0]);
	part(sleeps(reader), "A reader of an empty pipe sleeps.");
	end_now(reader);
	writer = start();
	if (!writer)
		write_for_ever(ends[1], written);
	asleep = sleeps(writer);
	part(asleep, "A writer that nobody reads from sleeps after %d bytes.", *written);
	end_now(writer);
	if (*written == 512)
		conclude("512");
	else if (*written > 512 && *written == fcntl(ends[1], F_GETPIPE_SZ))
		conclude_as("more", "%d", *written);
	else
		conclude("not its size");
}

static int fill(int fd)
{
	char block[PIPE_BUF] = "";
	int total = 0, done;

	while ((done = write(fd, block, sizeof(block))) > 0)
		total += done;
	return total;
}

static void check_size(void)
{
	int ends[2], size, filled;
	long atomic;

	make_pipe(ends, O_NONBLOCK);
	size = must(fcntl(ends[1], F_GETPIPE_SZ), "F_GETPIPE_SZ");
	atomic = fpathconf(ends[1], _PC_PIPE_BUF);
	filled = fill(ends[1]);
	observe("F_GETPIPE_SZ says %d bytes, and %d go in before EAGAIN.", size, filled);
	part(atomic >= _POSIX_PIPE_BUF, "PIPE_BUF is %ld bytes.", atomic);
	if (filled == 512)
		conclude("512");
	else if (filled > 512 && filled == size)
		conclude_as("more", "%d", filled);
	else
		conclude("not its size");
}

/* A child that reads to the end of file; it has the write end, too, if @keeps. */
static pid_t start_reader(const int ends[2], bool keeps)
{
	pid_t child = start();
	char byte;

	if (child)
		return child;
	if (!keeps)
		close(ends[1]);
	while (read(ends[0], &byte, 1) > 0)
		;
	_exit(0);
}

/* Whether a reader sees the end when we have written and closed. */
static bool sees_end(bool keeps)
{
	pid_t reader;
	int ends[2];

	make_pipe(ends, 0);
	reader = start_reader(ends, keeps);
	close(ends[0]);
	must(write(ends[1], "data", 4), "write");
	close(ends[1]);
	if (!sleeps(reader)) {
		ends_well(reader);
		return true;
	}
	end_now(reader);
	return false;
}

/* The reader may sleep before it gets its data; we have closed before we look. */
static void check_open_end(void)
{
	int ends[2];
	pid_t reader;

	make_pipe(ends, 0);
	reader = start_reader(ends, false);
	must(write(ends[1], "data", 4), "write");
	part(sleeps(reader), "While we keep the write end, the reader that has read all sleeps.");
	close(ends[1]);
	ends_well(reader);
	observe("When we close it, it sees the end.");
	conclude_parts();
}

static void check_sample(void)
{
	bool sample = sees_end(true);

	observe("A child that reads until the end of file and has not closed its own write end "
		"%s, though the parent has closed both.", sample ? "ends" : "waits for ever");
	part(sees_end(false), "With close(fd[1]) in the child it ends.");
	conclude(sample ? "ends" : "hangs");
}

static void check_empty(void)
{
	int ends[2];
	char byte;
	pid_t reader;

	make_pipe(ends, 0);
	reader = start();
	if (!reader)
		read_one(ends[0]);
	part(sleeps(reader), "With a writer, read() of an empty pipe waits;");
	end_now(reader);
	must(fcntl(ends[0], F_SETFL, O_NONBLOCK), "fcntl");
	part(read(ends[0], &byte, 1) < 0 && errno == EAGAIN, "with O_NONBLOCK it gives EAGAIN.");
	close(ends[1]);
	part(read(ends[0], &byte, 1) == 0, "Without a writer it gives 0, the end of file.");
	conclude_parts();
}

static void make_packet_pipe(int ends[2], int flags)
{
	if (pipe2(ends, O_DIRECT | O_CLOEXEC | flags) && errno == EINVAL)
		skip("pipe2: this kernel has no O_DIRECT for pipes");
}

static void check_packets(void)
{
	char buf[64];
	int ends[2];
	long first, second;

	make_packet_pipe(ends, 0);
	must(write(ends[1], "Hello", 5), "write");
	must(write(ends[1], "How about an answer?", 20), "write");
	first = must(read(ends[0], buf, sizeof(buf)), "read");
	second = must(read(ends[0], buf, sizeof(buf)), "read");
	part(first == 5 && second == 20, "Through a pipe with O_DIRECT, writes of 5 and 20 bytes "
	     "are read as %ld and %ld.", first, second);
	conclude_parts();
}

static void check_packet_rest(void)
{
	char buf[64];
	int ends[2];
	long got, rest;

	make_packet_pipe(ends, O_NONBLOCK);
	must(write(ends[1], "packet", 6), "write");
	got = must(read(ends[0], buf, 2), "read");
	rest = read(ends[0], buf, sizeof(buf));
	observe("Of a packet of 6 bytes a read of 2 gives %ld; the next read gives %s.", got,
		rest < 0 ? error_name(errno) : "more");
	if (got == 2 && rest == 4)
		conclude("kept");
	else if (got == 2 && rest < 0 && errno == EAGAIN)
		conclude("rest lost");
	else
		conclude("neither");
}

#define WRITERS		3
#define RECORDS		200

struct record {
	int writer;
	int number;
};

static void write_records(int fd, int writer)
{
	for (int number = 0; number < RECORDS; number++) {
		struct record record = { writer, number };

		must(write(fd, &record, sizeof(record)), "write");
	}
}

static void start_writers(int fd)
{
	for (int writer = 0; writer < WRITERS; writer++)
		if (!start()) {
			write_records(fd, writer);
			_exit(0);
		}
}

/* Counts the records that come in the order of their writer. */
static _Noreturn void count_records(int fd, volatile int *count)
{
	int next[WRITERS] = { 0 };
	struct record record;

	while (read(fd, &record, sizeof(record)) == sizeof(record)) {
		if (record.writer < 0 || record.writer >= WRITERS ||
		    record.number < next[record.writer])
			fault("a record came damaged or out of order");
		next[record.writer] = record.number + 1;
		++*count;
	}
	_exit(0);
}

static void check_many(void)
{
	volatile int *counts = shared_memory(2 * sizeof(*counts));
	pid_t readers[2];
	int ends[2];

	make_pipe(ends, 0);
	start_writers(ends[1]);
	close(ends[1]);
	for (int i = 0; i < 2; i++) {
		readers[i] = start();
		if (!readers[i])
			count_records(ends[0], &counts[i]);
	}
	ends_well(readers[0]);
	ends_well(readers[1]);
	part(counts[0] + counts[1] == WRITERS * RECORDS, "Of %d records of %d writers, 2 readers "
	     "get %d and %d: each record whole, once, in the order of its writer.",
	     WRITERS * RECORDS, WRITERS, counts[0], counts[1]);
	observe("The end of file comes when all writers have ended.");
	conclude_parts();
}

static void check_sigpipe(void)
{
	int ends[2], status;
	pid_t child;

	make_pipe(ends, 0);
	close(ends[0]);
	child = start();
	if (!child) {
		must(write(ends[1], "", 1), "write");
		_exit(0);
	}
	status = end_of(child);
	part(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE,
	     "A write to a pipe without readers kills the writer by SIGPIPE.");
	signal(SIGPIPE, SIG_IGN);
	part(write(ends[1], "", 1) < 0 && errno == EPIPE, "If that is ignored, it gives EPIPE.");
	conclude_parts();
}

/* A process that has not inherited the pipe takes it out of /proc. */
static _Noreturn void open_by_path(int request, int answer)
{
	char path[64], text[8];
	int fd;

	must(read(request, path, sizeof(path)), "read");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == EACCES)
		_exit(0);
	if (must(read(need(fd, path), text, sizeof(text)), "read") == 5)
		must(write(answer, text, 5), "write");
	_exit(0);
}

static void check_reopen(void)
{
	char path[64] = "", text[8] = "";
	int ends[2], request[2], answer[2];
	pid_t child;

	make_pipe(request, 0);
	make_pipe(answer, 0);
	child = start();
	if (!child)
		open_by_path(request[0], answer[1]);
	close(answer[1]);
	make_pipe(ends, 0);
	must(write(ends[1], "hello", 5), "write");
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)getpid(), ends[0]);
	must(write(request[1], path, sizeof(path)), "write");
	must(read(answer[0], text, sizeof(text) - 1), "read");
	ends_well(child);
	observe("A process that was started before the pipe was made opens /proc/PID/fd/%d of "
		"ours and reads '%s'.", ends[0], text);
	conclude(strcmp(text, "hello") ? "refused" : "opened");
}

const struct claim pipe_claims[] = {
	{
		.row = "23",
		.lectures = "S2",
		.text = "pipes keep no message boundaries",
		.says = "'Hello' and 'How about an answer?' may arrive as 'Hell' and "
			"'oHelloHow...'; a fixed length helps.",
		.page = "pipe(7)",
		.check = check_boundaries,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "73",
		.lectures = "S2",
		.text = "a write waits after 512 bytes",
		.says = "A typical pipe has a buffer of 512 bytes; reads and writes may block.",
		.page = "pipe(7)",
		.check = check_room,
		.outcomes = { { "512", VERDICT_TRUE }, { "more", VERDICT_OUTDATED } },
	}, {
		.row = "76",
		.lectures = "S2 S4",
		.text = "an open write end keeps the end away",
		.says = "Unused ends must be closed, or the reader never sees the end of file.",
		.page = "pipe(7)",
		.check = check_open_end,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "77",
		.lectures = "S4",
		.text = "an empty pipe: end, wait or EAGAIN",
		.says = "A read of an empty pipe is at the end of file if there is no writer, "
			"and blocks otherwise, unless O_NONBLOCK is set.",
		.page = "pipe(7), read(2)",
		.check = check_empty,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "83",
		.lectures = "S0",
		.text = "a packet pipe keeps boundaries",
		.says = "Linux has pipes in packet mode, which keep the boundaries of "
			"messages.",
		.page = "pipe(2)",
		.check = check_packets,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "88",
		.lectures = "S3",
		.text = "many may write to and read from a pipe",
		.says = "A pipe has several readers and writers, is read in the order of the "
			"writes, and ends when all ends are closed.",
		.page = "pipe(7)",
		.check = check_many,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "91",
		.lectures = "S1 S2",
		.text = "a write without readers raises SIGPIPE",
		.says = "Who writes to a pipe that nobody reads gets SIGPIPE.",
		.page = "pipe(7)",
		.check = check_sigpipe,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A2.10",
		.lectures = "S2",
		.text = "a pipe's buffer is 512 bytes",
		.says = "A typical pipe has a buffer of 512 bytes.",
		.page = "pipe(7)",
		.check = check_size,
		.outcomes = { { "512", VERDICT_TRUE }, { "more", VERDICT_OUTDATED } },
		.note = "Writes of up to PIPE_BUF bytes are not mixed with others; POSIX asks "
			"for 512, which may be where that number comes from.",
	}, {
		.row = "A2.12",
		.lectures = "S1",
		.text = "a pipe can only be inherited",
		.says = "A pipe that exists can be had by inheritance only.",
		.page = "proc_pid_fd(5), unix(7)",
		.check = check_reopen,
		.outcomes = { { "refused", VERDICT_TRUE }, { "opened", VERDICT_OUTDATED } },
		.note = "It takes the right to look into the other process, as for ptrace(2). "
			"A UNIX socket passes a pipe on, too.",
	}, {
		.row = "A2.14",
		.lectures = "S0",
		.text = "packet pipes lose nothing",
		.says = "A pipe in packet mode keeps the boundaries of messages. (Of what is "
			"left after a short read there is no word.)",
		.page = "pipe(2)",
		.check = check_packet_rest,
		.outcomes = { { "kept", VERDICT_TRUE }, { "rest lost", VERDICT_OUTDATED } },
	}, {
		.row = "A2.19",
		.lectures = "S0",
		.text = "the pipe sample ends",
		.says = "In the sample a child reads from a pipe until the end of file, "
			"without closing its own write end.",
		.page = "pipe(7)",
		.check = check_sample,
		.outcomes = { { "ends", VERDICT_TRUE }, { "hangs", VERDICT_OUTDATED } },
	},
	{ 0 }
};
