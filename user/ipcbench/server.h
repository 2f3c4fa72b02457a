/* SPDX-License-Identifier: GPL-2.0-only */
/* Servers that stand between the ends: started for a run, gone after it. */
#ifndef IPCBENCH_SERVER_H
#define IPCBENCH_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Path of a program in the folders where servers are, or NULL. */
const char *server_find(const char *program);

/**
 * server_start - start a program and wait until it is ready
 * @argv: program, by path, and its arguments
 * @environment: all of its environment, ends with NULL; NULL: ours
 * @folder: where it runs
 * @log: where its output goes
 * @is_ready: asked again and again until it says so
 * @limit: how long that may take, nanoseconds
 *
 * The server dies with us. Returns its process id, -ECHILD if it ended by
 * itself, -ETIMEDOUT, or another negative errno.
 */
pid_t server_start(char *const argv[], char *const environment[], const char *folder,
		   const char *log, bool (*is_ready)(void), int64_t limit);

/* Ask it to end, make it end, wait for that; 0 then. */
void server_stop(pid_t *pid);

#endif /* IPCBENCH_SERVER_H */
