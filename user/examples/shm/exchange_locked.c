// SPDX-License-Identifier: GPL-2.0-only
/*
 * exchange_locked - the same exchange, with a lock
 *
 * The mutex lies in the shared memory and is made for processes. It is robust: if
 * a customer dies who has it, the next one is told (EOWNERDEAD), puts right what
 * was left half done, and goes on; otherwise all would wait for ever.
 *
 * Rows: 107, 108
 *
 *	$ examples/shm/exchange_locked
 */
#include <pthread.h>

#include "exchange.h"
#include "segment.h"

#define TRADES	100000

struct locked_office {
	struct office office;
	pthread_mutex_t mutex;
};

/* The functions of pthread return the error, and leave errno alone. */
static void check_pthread(int error, const char *what)
{
	if (error)
		fail(what, error);
}

static void make_mutex(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attr;

	check_pthread(pthread_mutexattr_init(&attr), "pthread_mutexattr_init");
	check_pthread(pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED), "pshared");
	check_pthread(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST), "robust");
	check_pthread(pthread_mutex_init(mutex, &attr), "pthread_mutex_init");
	check_pthread(pthread_mutexattr_destroy(&attr), "pthread_mutexattr_destroy");
}

static void lock(struct locked_office *locked)
{
	int error = pthread_mutex_lock(&locked->mutex);

	if (error == EOWNERDEAD) {
		/* Who died had taken from the stock, and not noted it. */
		locked->office.bought = STOCK - locked->office.stock;
		error = pthread_mutex_consistent(&locked->mutex);
	}
	check_pthread(error, "pthread_mutex_lock");
}

static void unlock(struct locked_office *locked)
{
	check_pthread(pthread_mutex_unlock(&locked->mutex), "pthread_mutex_unlock");
}

/* Buys if there is enough, which depends on the other, and sells it again. */
static void trade(void *office)
{
	struct locked_office *locked = office;

	for (int i = 0; i < TRADES; i++) {
		bool bought;

		lock(locked);
		bought = buy(&locked->office, AMOUNT);
		unlock(locked);
		if (!bought)
			continue;
		lock(locked);
		sell(&locked->office, AMOUNT);
		unlock(locked);
	}
}

static void die_in_the_middle(struct locked_office *locked)
{
	pid_t customer = start_child();

	if (!customer) {
		lock(locked);
		locked->office.stock -= 30;
		raise(SIGKILL);
	}
	check_sys(waitpid(customer, NULL, 0), "waitpid");
}

int main(void)
{
	struct locked_office *locked = make_segment(sizeof(*locked));

	locked->office.stock = STOCK;
	make_mutex(&locked->mutex);
	trade_together(trade, locked);
	printf("%d customers, %d times each:   ", CUSTOMERS, TRADES);
	print_office(&locked->office);
	die_in_the_middle(locked);
	printf("one has died in the middle:       ");
	print_office(&locked->office);
	lock(locked);
	printf("the next one has put it right:    ");
	print_office(&locked->office);
	unlock(locked);
	return 0;
}
