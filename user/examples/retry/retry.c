// SPDX-License-Identifier: GPL-2.0-only
/*
 * retry - ask again when no answer comes, and still have it done once
 *
 * A client gives each request a number, waits for the answer with a deadline, and
 * sends the same request again, with the same number and twice the patience. A
 * server that was only slow gets all of them later. If it remembers what it has
 * done, it does it once, and answers each time; if not, it does it each time. Of
 * several answers to a request the client takes one. The number is the type of the
 * messages here, so that a filter finds the answer among late ones.
 *
 * Rows: 12
 *
 *	$ examples/retry/retry
 */
#include "../check.h"
#include "parts/account.h"

#define MS		INT64_C(1000000)
#define TRIES		3
#define FIRST_PATIENCE	(10 * MS)

/* For an answer that is sure to come. */
#define SURE		(10000 * MS)

/* The number of the request that was made last. */
static uint64_t number;

static bool try_once(struct server *server, int64_t amount, int64_t patience,
		     struct answer *answer)
{
	struct mbox_filter filter = mbox_filter_range(number, number, 0);
	struct request request = { .amount = amount };
	int ret;

	check(mbox_send(server->requests, number, &request, sizeof(request), patience),
	      "send a request");
	ret = mbox_recv_filter(server->answers, &filter, 0, NULL, answer, sizeof(*answer),
			       patience);
	if (ret == -ETIMEDOUT)
		return false;
	if (!check(ret, "receive an answer"))
		fail("the server has gone", EPIPE);
	return true;
}

static void must_answer(struct server *server, int64_t amount, struct answer *answer)
{
	if (!try_once(server, amount, SURE, answer))
		fail("the server does not answer", ETIMEDOUT);
}

static void deposit_in_vain(struct server *server, int64_t amount)
{
	int64_t patience = FIRST_PATIENCE;
	struct answer answer;

	for (int i = 1; i <= TRIES; i++, patience *= 2) {
		if (try_once(server, amount, patience, &answer))
			fail("a stopped server has answered", EPROTO);
		printf("  request %ju, try %d: no answer within %jd ms\n",
		       (uintmax_t)number, i, (intmax_t)(patience / MS));
	}
	printf("  is the server dead or slow? Has it made the deposit?\n");
}

static int drop_late_answers(struct server *server)
{
	struct mbox_filter late = mbox_filter_range(1, number, 0);
	struct answer answer;
	int ret, count = 0;

	while ((ret = mbox_recv_filter(server->answers, &late, 0, NULL, &answer,
				       sizeof(answer), 0)) > 0)
		count++;
	if (ret != -EAGAIN)
		check(ret, "receive a late answer");
	return count;
}

static void tell_story(bool remembers)
{
	struct server server;
	struct answer answer;

	printf("a server that %s:\n", remembers ? "remembers requests" : "does not remember");
	server_start(&server, remembers);
	number = 1;
	must_answer(&server, 100, &answer);
	printf("  request 1, 100 more: the balance is %jd\n", (intmax_t)answer.balance);

	server_stop(&server);
	number = 2;
	printf("  the server is stopped; request 2, 10 more:\n");
	deposit_in_vain(&server, 10);
	server_continue(&server);
	must_answer(&server, 10, &answer);
	printf("  request 2, try %d: the balance is %jd\n", TRIES + 1,
	       (intmax_t)answer.balance);

	/* It comes after the copies, and its answer after theirs. */
	number = 3;
	must_answer(&server, 0, &answer);
	printf("  request 3: %ju deposits were made, the balance is %jd\n",
	       (uintmax_t)answer.deposits, (intmax_t)answer.balance);
	printf("  %d late answers dropped\n", drop_late_answers(&server));
	server_end(&server);
}

int main(void)
{
	tell_story(true);
	tell_story(false);
	return 0;
}
