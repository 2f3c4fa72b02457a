// SPDX-License-Identifier: GPL-2.0-only
/*
 * exchange_mbox - the same exchange, with a server that owns the stock
 *
 * Nothing is shared, so nothing has to be locked: the customers send their
 * wishes, and one process does one after the other. The answers go back through a
 * second mailbox, where each customer takes the type that is his process id.
 *
 * Rows: 107, 108, 138
 *
 *	$ examples/shm/exchange_mbox
 */
#include <mbox.h>

#include "exchange.h"

#define BUY	1
#define SELL	2
#define LEAVE	3

#define TRADES	1000

static struct mbox *make_mailbox(void)
{
	static const struct mbox_open_options options = { .flags = MBOX_OPEN_CREATE };
	struct mbox *mbox;

	check(mbox_open(&mbox, NULL, &options), "make a mailbox");
	return mbox;
}

/* A handle of our own: a filter belongs to a handle. */
static struct mbox *open_again(struct mbox *mbox)
{
	static const struct mbox_open_options options = { 0 };
	struct mbox_stat stat;
	struct mbox *again;

	check(mbox_info(mbox, &stat, NULL), "ask for its id");
	check(mbox_open_id(&again, stat.id, &options), "open by id");
	return again;
}

static void answer(struct mbox *answers, uint64_t to, char done)
{
	check(mbox_send(answers, to, &done, 1, MBOX_FOREVER), "answer");
}

static void serve(struct mbox *wishes, struct mbox *answers, struct office *office)
{
	struct mbox_header header;

	for (int customers = CUSTOMERS; customers;) {
		check(mbox_recv(wishes, &header, NULL, 0, MBOX_FOREVER), "receive");
		/* The kernel says who has asked: nobody can ask for another. */
		if (header.type == BUY) {
			answer(answers, header.pid, buy(office, AMOUNT));
		} else if (header.type == SELL) {
			sell(office, AMOUNT);
			answer(answers, header.pid, true);
		} else {
			customers--;
		}
	}
}

static bool ask(struct mbox *wishes, struct mbox *answers, uint64_t wish)
{
	struct mbox_header header;
	char done;

	check(mbox_send(wishes, wish, NULL, 0, MBOX_FOREVER), "ask");
	check(mbox_recv(answers, &header, &done, 1, MBOX_FOREVER), "hear the answer");
	return done;
}

static void trade(struct mbox *all_wishes, struct mbox *all_answers)
{
	struct mbox *wishes = open_again(all_wishes), *answers = open_again(all_answers);
	struct mbox_filter mine = mbox_filter_range(getpid(), getpid(), 0);

	check(mbox_set_filter(answers, &mine), "set the filter");
	for (int i = 0; i < TRADES; i++)
		if (ask(wishes, answers, BUY))
			ask(wishes, answers, SELL);
	check(mbox_send(wishes, LEAVE, NULL, 0, MBOX_FOREVER), "take leave");
	mbox_close(answers);
	mbox_close(wishes);
}

int main(void)
{
	struct mbox *wishes = make_mailbox(), *answers = make_mailbox();
	struct office office = { .stock = STOCK };
	pid_t server = getpid(), customers[CUSTOMERS];

	for (int i = 0; i < CUSTOMERS; i++) {
		customers[i] = start_child();
		if (!customers[i]) {
			end_with_parent(server);
			trade(wishes, answers);
			return 0;
		}
	}
	serve(wishes, answers, &office);
	for (int i = 0; i < CUSTOMERS; i++)
		end_child(customers[i]);
	printf("%d customers, %d times each: ", CUSTOMERS, TRADES);
	print_office(&office);
	mbox_close(answers);
	mbox_close(wishes);
	return 0;
}
