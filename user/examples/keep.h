/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has a name or a key belongs to no process: it stays until somebody removes
 * it. Here somebody does, however the program ends. A child, the keeper, makes it
 * (so that it knows of it from the start) and waits for nothing but our end.
 */
#ifndef EXAMPLES_KEEP_H
#define EXAMPLES_KEEP_H

#include <poll.h>
#include <sys/pidfd.h>

#include "process/wait.h"

static struct {
	void (*remove)(int id);
	int id;
	pid_t owner;
	pid_t keeper;
} kept;

/* At exit(); also of the children, whose object it is not. */
static inline void remove_kept(void)
{
	if (getpid() != kept.owner)
		return;
	kept.remove(kept.id);
	kill(kept.keeper, SIGKILL);
	waitpid(kept.keeper, NULL, 0);
}

/* A session of its own is out of reach of the terminal's Ctrl-C. */
static inline void be_keeper(struct pollfd *owner, int id_pipe, int (*make)(void))
{
	check_sys(setsid(), "setsid");
	kept.id = make();
	/* If the owner has gone already, then nobody reads it. */
	signal(SIGPIPE, SIG_IGN);
	if (write(id_pipe, &kept.id, sizeof(kept.id)) < 0 && errno != EPIPE)
		perror("write");
	close(id_pipe);
	while (poll(owner, 1, -1) < 0 && errno == EINTR)
		;
	kept.remove(kept.id);
	_exit(EXIT_SUCCESS);
}

/*
 * Makes something for this program, and returns what @make does, its id. For once,
 * and before there are other children. @make is called in the keeper: what it
 * leaves in variables, this process does not see.
 */
static inline int keep(int (*make)(void), void (*remove)(int id))
{
	struct pollfd owner = { .events = POLLIN };
	int id_pipe[2];

	owner.fd = check_sys(pidfd_open(getpid(), 0), "pidfd_open");
	kept.remove = remove;
	make_pipe(id_pipe);
	kept.keeper = start_child();
	if (!kept.keeper)
		be_keeper(&owner, id_pipe[1], make);
	close(owner.fd);
	close(id_pipe[1]);
	if (check_sys(read(id_pipe[0], &kept.id, sizeof(kept.id)), "read") != sizeof(kept.id)) {
		/* The keeper has said why. */
		end_child(kept.keeper);
		exit(EXIT_FAILURE);
	}
	close(id_pipe[0]);
	kept.owner = getpid();
	if (atexit(remove_kept))
		fail("atexit", ENOMEM);
	return kept.id;
}

#endif /* EXAMPLES_KEEP_H */
