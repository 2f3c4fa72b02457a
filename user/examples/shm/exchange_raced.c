// SPDX-License-Identifier: GPL-2.0-only
/*
 * exchange_raced - two customers at once, and nothing keeps them apart
 *
 * To buy is to look at the stock, to see that it is enough, and to write what is
 * left. Two who look before either has written both find enough, and the office
 * sells what it has not got; or one writes over what the other has written. By
 * itself that happens seldom, and so is found late. Here the two are stopped
 * between the look and the writing, so that it happens each time.
 *
 * Rows: 107, 108
 *
 *	$ examples/shm/exchange_raced
 */
#include "exchange.h"
#include "segment.h"

static void take_from_now(struct office *office, long seen)
{
	(void)seen;
	office->stock -= AMOUNT;
}

static void take_from_seen(struct office *office, long seen)
{
	office->stock = seen - AMOUNT;
}

/* As buy(), with a pause at the wrong moment. */
static void buy_slowly(struct office *office, void (*take)(struct office *office, long seen),
		       int looked, int go_on)
{
	long seen = office->stock;

	tell(looked);
	hear(go_on);
	if (seen < AMOUNT)
		return;
	take(office, seen);
	office->bought += AMOUNT;
}

static void race(struct office *office, void (*take)(struct office *office, long seen))
{
	int looked[2], go_on[CUSTOMERS][2];
	pid_t customers[CUSTOMERS];

	*office = (struct office){ .stock = STOCK };
	make_pipe(looked);
	for (int i = 0; i < CUSTOMERS; i++) {
		make_pipe(go_on[i]);
		customers[i] = start_child();
		if (customers[i])
			continue;
		close(go_on[i][1]);
		buy_slowly(office, take, looked[1], go_on[i][0]);
		exit(EXIT_SUCCESS);
	}
	close(looked[1]);
	for (int i = 0; i < CUSTOMERS; i++)
		hear(looked[0]);
	close(looked[0]);
	/* One after the other: what goes wrong is not the writing. */
	for (int i = 0; i < CUSTOMERS; i++) {
		tell(go_on[i][1]);
		close(go_on[i][0]);
		close(go_on[i][1]);
		end_child(customers[i]);
	}
}

int main(void)
{
	struct office *office = make_segment(sizeof(*office));

	printf("stock %d, %d customers look at it, and each buys %d\n", STOCK, CUSTOMERS, AMOUNT);
	race(office, take_from_now);
	printf("from what there is by then: ");
	print_office(office);
	race(office, take_from_seen);
	printf("from what each has seen:    ");
	print_office(office);
	return 0;
}
