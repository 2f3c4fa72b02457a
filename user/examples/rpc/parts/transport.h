/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A transport of Sun RPC over a carrier: what the generated stubs call on the
 * one side, and what calls the generated dispatcher on the other.
 */
#ifndef EXAMPLES_TRANSPORT_H
#define EXAMPLES_TRANSPORT_H

#include <rpc/rpc.h>

#include "carrier.h"

/**
 * struct client - a client of one server
 * @rpc: the part that stubs know
 * @carrier: carries the messages
 * @call: header of the call that was made last
 * @error: what became of it
 */
struct client {
	CLIENT rpc;
	struct carrier *carrier;
	struct rpc_msg call;
	struct rpc_err error;
};

void client_init(struct client *client, struct carrier *carrier, rpcprog_t program,
		 rpcvers_t version);

typedef void dispatcher(struct svc_req *request, SVCXPRT *transport);

/* Serves calls until the client has gone. */
void serve(struct carrier *carrier, rpcprog_t program, rpcvers_t version,
	   dispatcher *dispatch);

/* As xdr_void(), which is of another type than all that take it. */
bool_t xdr_nothing(XDR *xdrs, ...);

/* Says what was marshalled, and shows the words from @start on. */
void show_message(const char *what, const char *data, size_t start, size_t len);

/* Generated; the generated header does not name it. */
dispatcher calc_1;

#endif /* EXAMPLES_TRANSPORT_H */
