/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The currency exchange of the lecture: an office has a stock, customers buy from
 * it and sell to it. It is right as long as the stock is not below zero, and what
 * is in it and what customers have are together what there was.
 */
#ifndef EXAMPLES_EXCHANGE_H
#define EXAMPLES_EXCHANGE_H

#include <stdbool.h>

#include "../process/wait.h"

#define STOCK		100
#define CUSTOMERS	2
#define AMOUNT		60

struct office {
	long stock;
	long bought;
};

/*
 * Plain arithmetic, right only if nobody else is at it. Between the look and the
 * writing others may run, so that it would be seen if they could trade then.
 */
static inline bool buy(volatile struct office *office, long amount)
{
	long seen = office->stock;

	if (seen < amount)
		return false;
	sched_yield();
	office->stock = seen - amount;
	office->bought += amount;
	return true;
}

static inline void sell(volatile struct office *office, long amount)
{
	office->stock += amount;
	office->bought -= amount;
}

static inline void print_office(const struct office *office)
{
	bool right = office->stock >= 0 && office->stock + office->bought == STOCK;

	printf("stock %ld, bought %ld, together %ld: %s\n", office->stock, office->bought,
	       office->stock + office->bought, right ? "right" : "WRONG");
}

/* All customers trade at once: the end of a file is what they wait for. */
static inline void trade_together(void (*trade)(void *office), void *office)
{
	pid_t customers[CUSTOMERS];
	int start[2];

	make_pipe(start);
	for (int i = 0; i < CUSTOMERS; i++) {
		customers[i] = start_child();
		if (customers[i])
			continue;
		close(start[1]);
		wait_for_end(start[0]);
		trade(office);
		exit(EXIT_SUCCESS);
	}
	close(start[0]);
	close(start[1]);
	for (int i = 0; i < CUSTOMERS; i++)
		end_child(customers[i]);
}

#endif /* EXAMPLES_EXCHANGE_H */
