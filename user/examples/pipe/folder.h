/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A folder for the FIFOs of an example, which goes with the program, however that
 * ends: at exit() the program removes it; if it is killed, a keeper does, a child
 * that waits for nothing else.
 */
#ifndef EXAMPLES_FOLDER_H
#define EXAMPLES_FOLDER_H

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>

#include "../process/wait.h"

static char folder[256];
static pid_t folder_owner, folder_keeper;

static void remove_folder(void)
{
	DIR *stream = opendir(folder);
	struct dirent *entry;

	while (stream && (entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlinkat(dirfd(stream), entry->d_name, 0);
	if (stream)
		closedir(stream);
	rmdir(folder);
}

/* The children end through exit(), too, and it is not theirs. */
static void leave_folder(void)
{
	if (getpid() != folder_owner)
		return;
	remove_folder();
	kill(folder_keeper, SIGKILL);
	waitpid(folder_keeper, NULL, 0);
}

/* A session of its own is out of reach of the terminal's Ctrl-C. */
static void be_keeper(int alive, int name)
{
	check_sys(setsid(), "setsid");
	if (!mkdtemp(folder))
		fail(folder, errno);
	check_sys(write(name, folder, sizeof(folder)), "write");
	close(name);
	wait_for_end(alive);
	remove_folder();
	_exit(EXIT_SUCCESS);
}

/* Makes the folder and enters it. The keeper makes it, to know of it from the start. */
static void enter_new_folder(void)
{
	const char *parent = getenv("TMPDIR");
	int alive[2], name[2];

	snprintf(folder, sizeof(folder), "%s/example.XXXXXX", parent ? parent : "/tmp");
	make_pipe(alive);
	make_pipe(name);
	folder_keeper = start_child();
	if (!folder_keeper) {
		close(alive[1]);
		be_keeper(alive[0], name[1]);
	}
	close(alive[0]);
	close(name[1]);
	if (check_sys(read(name[0], folder, sizeof(folder)), "read") != sizeof(folder))
		exit(EXIT_FAILURE);
	close(name[0]);
	folder_owner = getpid();
	if (atexit(leave_folder))
		fail("atexit", ENOMEM);
	check_sys(chdir(folder), folder);
}

#endif /* EXAMPLES_FOLDER_H */
