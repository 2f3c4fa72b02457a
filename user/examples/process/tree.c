// SPDX-License-Identifier: GPL-2.0-only
/*
 * tree - processes that start processes make a tree
 *
 * Each process but those of the last level starts two more. Each tells the first
 * one its own number and its parent's, and stays; from these pairs alone the
 * first one draws the tree, as pstree does.
 *
 * Rows: 28
 *
 *	$ examples/process/tree
 */
#include "wait.h"

#define LEVELS		2
#define BRANCHES	2
#define NODES		6	/* 2 + 4, without the root */

struct node {
	pid_t pid;
	pid_t parent;
	int branch;
};

static int report[2], hold[2];

static void start_children(int level, pid_t children[BRANCHES]);

static void live(int level, int branch)
{
	struct node self = { getpid(), getppid(), branch };
	pid_t children[BRANCHES] = { 0 };

	check_sys(write(report[1], &self, sizeof(self)), "report");
	if (level < LEVELS)
		start_children(level + 1, children);
	close(report[1]);
	wait_for_end(hold[0]);
	for (int i = 0; i < BRANCHES && children[i]; i++)
		end_child(children[i]);
}

static void start_children(int level, pid_t children[BRANCHES])
{
	for (int i = 0; i < BRANCHES; i++) {
		children[i] = start_child();
		if (children[i])
			continue;
		if (level == 1)
			close(hold[1]);
		live(level, i);
		exit(EXIT_SUCCESS);
	}
}

/* Returns how many it printed. */
static int print_below(pid_t parent, int level, const struct node nodes[NODES])
{
	int printed = 0;

	for (int branch = 0; branch < BRANCHES; branch++)
		for (int i = 0; i < NODES; i++) {
			if (nodes[i].parent != parent || nodes[i].branch != branch)
				continue;
			printf("%*sprocess %d\n", 4 * level, "", nodes[i].pid);
			printed += 1 + print_below(nodes[i].pid, level + 1, nodes);
		}
	return printed;
}

int main(void)
{
	struct node nodes[NODES];
	pid_t children[BRANCHES];

	make_pipe(report);
	make_pipe(hold);
	start_children(1, children);
	close(report[1]);
	/* A write this small is never mixed with another one, nor read in part. */
	for (int i = 0; i < NODES; i++)
		if (check_sys(read(report[0], &nodes[i], sizeof(*nodes)), "read") == 0)
			fail("a process ended too early", ECHILD);
	printf("process %d\n", getpid());
	printf("%d processes in the tree\n", 1 + print_below(getpid(), 1, nodes));
	close(hold[1]);
	for (int i = 0; i < BRANCHES; i++)
		end_child(children[i]);
	return 0;
}
