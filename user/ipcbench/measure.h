/* SPDX-License-Identifier: GPL-2.0-only */
/* The clock, and what processes have used. */
#ifndef IPCBENCH_MEASURE_H
#define IPCBENCH_MEASURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define NS_PER_MS	INT64_C(1000000)
#define NS_PER_S	INT64_C(1000000000)

static inline int64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/**
 * struct usage - what a process has used, all its threads together
 * @cpu_ns: processor time
 * @switches: context switches, of either kind
 * @calls: system calls; 0 where they are not counted
 */
struct usage {
	int64_t cpu_ns;
	uint64_t switches;
	uint64_t calls;
};

/* Of this process. */
void usage_self(struct usage *usage);

/* Of another one, zeros if it is gone. */
void usage_of(pid_t pid, struct usage *usage);

void usage_add(struct usage *sum, const struct usage *from, const struct usage *to);

/* State letter of a process as in /proc, 'X' if it is gone. */
char process_state(pid_t pid);

/**
 * struct call_counter - counts the system calls of a process
 * @fds: a counter for each thread it had; those it makes later are counted, too
 * @count: how many
 */
struct call_counter {
	int *fds;
	unsigned int count;
};

/* Whether system calls can be counted here. */
bool calls_can_be_counted(void);

/* Begin to count those of process @pid, or our own if 0; 0 or a negative errno. */
int calls_open(struct call_counter *counter, pid_t pid);
void calls_close(struct call_counter *counter);

/* Since the beginning; our own call to find out is among them. */
uint64_t calls_read(const struct call_counter *counter);

#endif /* IPCBENCH_MEASURE_H */
