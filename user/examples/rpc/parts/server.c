// SPDX-License-Identifier: GPL-2.0-only
/* The server's side: the dispatcher asks for arguments and hands over the reply. */
#include "../../check.h"
#include "transport.h"

/**
 * struct server - our part of a SVCXPRT
 * @rpc: the part that the dispatcher knows
 * @carrier: carries the messages
 * @call: header of the call that is served
 * @xdrs: stands before its arguments
 * @credentials: room for what a header may have
 */
struct server {
	SVCXPRT rpc;
	struct carrier *carrier;
	struct rpc_msg call;
	XDR xdrs;
	char credentials[2][MAX_AUTH_BYTES];
};

static bool_t get_arguments(SVCXPRT *rpc, xdrproc_t xdr, void *arguments)
{
	struct server *server = rpc->xp_p1;

	return xdr(&server->xdrs, arguments);
}

static bool_t free_arguments(SVCXPRT *rpc, xdrproc_t xdr, void *arguments)
{
	(void)rpc;
	xdr_free(xdr, arguments);
	return TRUE;
}

/* Where the header ends, which is the same for all results. */
static size_t header_length(const struct rpc_msg *reply)
{
	struct rpc_msg empty = *reply;

	empty.acpted_rply.ar_results.proc = xdr_nothing;
	return xdr_sizeof((xdrproc_t)xdr_replymsg, &empty);
}

static bool_t send_reply(SVCXPRT *rpc, struct rpc_msg *reply)
{
	struct server *server = rpc->xp_p1;
	char buf[MESSAGE_MAX];
	size_t len = 0;
	XDR xdrs;

	reply->rm_xid = server->call.rm_xid;
	xdrmem_create(&xdrs, buf, sizeof(buf), XDR_ENCODE);
	if (xdr_replymsg(&xdrs, reply))
		len = xdr_getpos(&xdrs);
	xdr_destroy(&xdrs);
	if (!len)
		return FALSE;
	show_message("server: marshals the reply", buf, header_length(reply), len);
	return server->carrier->send(server->carrier, buf, len) == 0;
}

static void dispatch_call(struct server *server, rpcprog_t program, rpcvers_t version,
			  dispatcher *dispatch)
{
	const struct call_body *body = &server->call.rm_call;
	struct svc_req request = {
		.rq_prog = body->cb_prog,
		.rq_vers = body->cb_vers,
		.rq_proc = body->cb_proc,
		.rq_cred = body->cb_cred,
		.rq_xprt = &server->rpc,
	};

	if (request.rq_prog != program)
		svcerr_noprog(&server->rpc);
	else if (request.rq_vers != version)
		svcerr_progvers(&server->rpc, version, version);
	else
		dispatch(&request, &server->rpc);
}

/* False for what is no call, to which there is no reply. */
static bool_t begin_call(struct server *server, char *buf, size_t len)
{
	server->call = (struct rpc_msg) { 0 };
	server->call.rm_call.cb_cred.oa_base = server->credentials[0];
	server->call.rm_call.cb_verf.oa_base = server->credentials[1];
	xdrmem_create(&server->xdrs, buf, len, XDR_DECODE);
	return xdr_callmsg(&server->xdrs, &server->call);
}

void serve(struct carrier *carrier, rpcprog_t program, rpcvers_t version,
	   dispatcher *dispatch)
{
	static const struct xp_ops ops = {
		.xp_getargs = get_arguments,
		.xp_reply = send_reply,
		.xp_freeargs = free_arguments,
	};
	struct server server = { .carrier = carrier };
	char buf[MESSAGE_MAX];
	ssize_t len;

	server.rpc.xp_ops = &ops;
	server.rpc.xp_p1 = &server;
	while ((len = carrier->recv(carrier, buf, sizeof(buf), -1)) > 0) {
		if (begin_call(&server, buf, len)) {
			printf("server: receives %zd bytes, dispatches procedure %u\n",
			       len, server.call.rm_call.cb_proc);
			dispatch_call(&server, program, version, dispatch);
		}
		xdr_destroy(&server.xdrs);
	}
	check((int)len, "receive a call");
}
