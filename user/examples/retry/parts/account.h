/* SPDX-License-Identifier: GPL-2.0-only */
/* A server that keeps an account, and what its client and it tell each other. */
#ifndef EXAMPLES_ACCOUNT_H
#define EXAMPLES_ACCOUNT_H

#include <mbox.h>
#include <sys/types.h>

/**
 * struct request - deposit an amount; the message's type is its number
 * @amount: 0 to ask only
 */
struct request {
	int64_t amount;
};

/**
 * struct answer - what came of it; the message's type is the request's number
 * @balance: of the account
 * @deposits: how many were made, of all requests
 */
struct answer {
	int64_t balance;
	uint64_t deposits;
};

/**
 * struct server - the client's view of the server
 * @pid: its process
 * @requests: to send to
 * @answers: to receive from
 */
struct server {
	pid_t pid;
	struct mbox *requests;
	struct mbox *answers;
};

/*
 * Starts the server. If it @remembers, it knows a request that it has had already,
 * and gives the same answer again.
 */
void server_start(struct server *server, bool remembers);

void server_stop(const struct server *server);
void server_continue(const struct server *server);

/* Ends the server, which ends when no client is left. */
void server_end(struct server *server);

#endif /* EXAMPLES_ACCOUNT_H */
