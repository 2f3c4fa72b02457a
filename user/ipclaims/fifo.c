// SPDX-License-Identifier: GPL-2.0-only
/* Claims on pipes with a name. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "claim.h"
#include "finding.h"
#include "objects.h"
#include "proc.h"

static void check_looks(const char *path)
{
	struct stat state;
	int fd = must(open(path, O_RDWR | O_CLOEXEC), "open");

	must(write(fd, "data", 4), "write");
	must(stat(path, &state), "stat");
	part(S_ISFIFO(state.st_mode) && (state.st_mode & 0777) == 0640,
	     "A FIFO has type 'p', mode %03o and an entry in its folder.", state.st_mode & 0777);
	part(state.st_size == 0 && state.st_blocks == 0,
	     "With 4 bytes in it, its size is %jd and it has %jd blocks on disk.",
	     (intmax_t)state.st_size, (intmax_t)state.st_blocks);
	part(lseek(fd, 0, SEEK_SET) < 0 && errno == ESPIPE, "lseek() gives ESPIPE.");
	close(fd);
}

static void check_reading(const char *path)
{
	int fd = must(open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC), "open");
	char buf[8];

	part(read(fd, buf, sizeof(buf)) < 0 && errno == EAGAIN,
	     "The data went when the last process closed it; the entry stayed.");
	must(write(fd, "more", 4), "write");
	must(read(fd, buf, sizeof(buf)), "read");
	part(read(fd, buf, sizeof(buf)) < 0 && errno == EAGAIN, "What was read is gone.");
	close(fd);
}

static void check_fifo(void)
{
	char path[FILE_PATH_MAX];
	struct stat state;

	file_path("fifo", path);
	need(mkfifo(path, 0640), "mkfifo");
	check_looks(path);
	check_reading(path);
	must(unlink(path), "unlink");
	part(stat(path, &state) < 0 && errno == ENOENT, "Only unlink() removes it.");
	conclude_parts();
}

const struct claim fifo_claims[] = {
	{
		.row = "85",
		.lectures = "S0 S2 S3",
		.text = "a FIFO is a file by name only",
		.says = "It looks like a file; to read it removes the data; it has no "
			"position; nothing is on disk; it stays until it is unlinked.",
		.page = "fifo(7)",
		.check = check_fifo,
		.outcomes = { { "so", VERDICT_TRUE } },
	},
	{ 0 }
};
