// SPDX-License-Identifier: GPL-2.0-only
/* The client's side: a stub hands over its arguments, we return the result. */
#include "../../check.h"
#include "transport.h"

bool_t xdr_nothing(XDR *xdrs, ...)
{
	(void)xdrs;
	return TRUE;
}

void show_message(const char *what, const char *data, size_t start, size_t len)
{
	printf("%s: %zu bytes of header, %zu of data", what, start, len - start);
	for (size_t i = start; i < len; i++)
		printf("%s%02x", i == start ? ": " : (i - start) % 4 ? "" : " ",
		       (unsigned char)data[i]);
	putchar('\n');
}

/* The length of the message, or 0 if the arguments are not what they should be. */
static size_t marshal(struct client *client, char *buf, xdrproc_t xdr, void *arguments)
{
	size_t start, len = 0;
	XDR xdrs;

	xdrmem_create(&xdrs, buf, MESSAGE_MAX, XDR_ENCODE);
	if (xdr_callmsg(&xdrs, &client->call)) {
		start = xdr_getpos(&xdrs);
		if (xdr(&xdrs, arguments)) {
			len = xdr_getpos(&xdrs);
			show_message("client: marshals the call", buf, start, len);
		}
	}
	xdr_destroy(&xdrs);
	return len;
}

static enum clnt_stat unmarshal(struct client *client, char *buf, size_t len,
				struct rpc_msg *reply)
{
	XDR xdrs;

	xdrmem_create(&xdrs, buf, len, XDR_DECODE);
	if (xdr_replymsg(&xdrs, reply))
		_seterr_reply(reply, &client->error);
	else
		client->error.re_status = RPC_CANTDECODERES;
	xdr_destroy(&xdrs);
	return client->error.re_status;
}

static enum clnt_stat fail_with(struct client *client, enum clnt_stat status, int error)
{
	client->error.re_status = status;
	client->error.re_errno = error;
	return status;
}

static enum clnt_stat receive(struct client *client, struct rpc_msg *reply, int64_t timeout)
{
	char buf[MESSAGE_MAX];
	ssize_t len;
	uint32_t xid;

	do {
		len = client->carrier->recv(client->carrier, buf, sizeof(buf), timeout);
		if (len == -ETIMEDOUT)
			return fail_with(client, RPC_TIMEDOUT, ETIMEDOUT);
		if (len < (ssize_t)sizeof(xid))
			return fail_with(client, RPC_CANTRECV, len < 0 ? -len : EPIPE);
		/* A late reply belongs to a call that was given up. */
		memcpy(&xid, buf, sizeof(xid));
	} while (ntohl(xid) != client->call.rm_xid);
	printf("client: receives %zd bytes and unmarshals them\n", len);
	return unmarshal(client, buf, len, reply);
}

static enum clnt_stat call(CLIENT *rpc, rpcproc_t procedure, xdrproc_t xdr_arguments,
			   void *arguments, xdrproc_t xdr_result, void *result,
			   struct timeval timeout)
{
	int64_t ns = timeout.tv_sec * INT64_C(1000000000) + timeout.tv_usec * INT64_C(1000);
	struct client *client = rpc->cl_private;
	struct rpc_msg reply = { 0 };
	char buf[MESSAGE_MAX];
	size_t len;
	int ret;

	client->call.rm_xid++;
	client->call.rm_call.cb_proc = procedure;
	len = marshal(client, buf, xdr_arguments, arguments);
	if (!len)
		return fail_with(client, RPC_CANTENCODEARGS, 0);
	printf("client: sends %zu bytes over %s\n", len, client->carrier->name);
	ret = client->carrier->send(client->carrier, buf, len);
	if (ret < 0)
		return fail_with(client, RPC_CANTSEND, -ret);
	reply.acpted_rply.ar_verf = _null_auth;
	reply.acpted_rply.ar_results.where = result;
	reply.acpted_rply.ar_results.proc = xdr_result;
	return receive(client, &reply, ns);
}

static void abort_call(CLIENT *rpc)
{
	(void)rpc;
}

static void get_error(CLIENT *rpc, struct rpc_err *error)
{
	const struct client *client = rpc->cl_private;

	*error = client->error;
}

static bool_t free_result(CLIENT *rpc, xdrproc_t xdr_result, void *result)
{
	(void)rpc;
	xdr_free(xdr_result, result);
	return TRUE;
}

static void destroy(CLIENT *rpc)
{
	(void)rpc;
}

static bool_t control(CLIENT *rpc, u_int request, void *info)
{
	(void)rpc;
	(void)request;
	(void)info;
	return FALSE;
}

void client_init(struct client *client, struct carrier *carrier, rpcprog_t program,
		 rpcvers_t version)
{
	static struct clnt_ops ops = {
		.cl_call = call,
		.cl_abort = abort_call,
		.cl_geterr = get_error,
		.cl_freeres = free_result,
		.cl_destroy = destroy,
		.cl_control = control,
	};

	*client = (struct client) { .carrier = carrier };
	client->rpc.cl_ops = &ops;
	client->rpc.cl_private = client;
	client->call.rm_direction = CALL;
	client->call.rm_call.cb_rpcvers = RPC_MSG_VERSION;
	client->call.rm_call.cb_prog = program;
	client->call.rm_call.cb_vers = version;
}
