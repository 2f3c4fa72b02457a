// SPDX-License-Identifier: GPL-2.0-only
/*
 * three_fifos - three commands write to three FIFOs, one process reads them in turn
 *
 * A FIFO is a pipe with a name. Who opens it waits there until the other side is
 * opened, too; from then on it is a pipe like any other. So the order in which the
 * commands run does not matter, only that in which the FIFOs are read. By a shell:
 *
 *	$ mkfifo one two three
 *	$ ls > one & cat FILE > two & id -u > three &
 *	$ cat one two three
 *
 * Rows: 86
 *
 *	$ examples/pipe/three_fifos
 */
#include "folder.h"

static const struct {
	const char *fifo;
	char *command[3];
} writers[] = {
	{ "one", { "ls" } },
	{ "two", { "cat", "/proc/self/comm" } },
	{ "three", { "id", "-u" } },
};

#define WRITERS	(sizeof(writers) / sizeof(*writers))

static void be_writer(pid_t parent, const char *fifo, char *const command[3])
{
	int fd;

	end_with_parent(parent);
	fd = check_sys(open(fifo, O_WRONLY | O_CLOEXEC), fifo);
	check_sys(dup2(fd, STDOUT_FILENO), "dup2");
	execvp(command[0], command);
	fail(command[0], errno);
}

static void print_fifo(const char *fifo)
{
	FILE *file = fopen(fifo, "re");
	char line[256];

	if (!file)
		fail(fifo, errno);
	while (fgets(line, sizeof(line), file))
		printf("%s: %s", fifo, line);
	fclose(file);
}

int main(void)
{
	pid_t parent = getpid(), child[WRITERS];

	enter_new_folder();
	for (size_t i = 0; i < WRITERS; i++)
		check_sys(mkfifo(writers[i].fifo, 0600), writers[i].fifo);
	for (size_t i = 0; i < WRITERS; i++) {
		child[i] = start_child();
		if (!child[i])
			be_writer(parent, writers[i].fifo, writers[i].command);
	}
	for (size_t i = 0; i < WRITERS; i++)
		print_fifo(writers[i].fifo);
	for (size_t i = 0; i < WRITERS; i++)
		end_child(child[i]);
	return 0;
}
