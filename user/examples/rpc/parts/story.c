// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>

#include "../../check.h"
#include "calc.h"
#include "story.h"
#include "transport.h"

static void divide(CLIENT *client, int a, int b)
{
	enum clnt_stat status;
	quotient result = { 0 };

	printf("client: calls divide_1(%d, %d)\n", a, b);
	status = divide_1((pair) { .a = a, .b = b }, &result, client);
	if (status != RPC_SUCCESS)
		printf("client: %s\n\n", clnt_sperrno(status));
	else if (!result.possible)
		printf("client: there is no quotient\n\n");
	else
		printf("client: the quotient is %d\n\n", result.quotient_u.value);
}

/* One number more than the server's interface allows is never sent. */
static void sum(CLIENT *client, u_int count)
{
	int all[NUMBERS_MAX + 1] = { 1000000000, 2000000000, 3 };
	numbers list = { .numbers_len = count, .numbers_val = all };
	enum clnt_stat status;
	quad_t result = 0;

	printf("client: calls sum_1() with %u numbers\n", count);
	status = sum_1(list, &result, client);
	if (status == RPC_SUCCESS)
		printf("client: the sum is %jd\n\n", (intmax_t)result);
	else
		printf("client: %s\n\n", clnt_sperrno(status));
}

/* There is no stub for a procedure that there is not. */
static void call_unknown(CLIENT *client)
{
	static const struct timeval timeout = { .tv_sec = 25 };
	enum clnt_stat status;

	printf("client: calls procedure 99\n");
	status = clnt_call(client, 99, xdr_nothing, NULL, xdr_nothing, NULL, timeout);
	printf("client: %s\n\n", clnt_sperrno(status));
}

static void kill_server(pid_t server)
{
	int status;

	check_sys(kill(server, SIGKILL), "kill");
	check_sys(waitpid(server, &status, 0), "waitpid");
	if (!WIFSIGNALED(status))
		fail("the server should have been there still", ECHILD);
	printf("The server is killed.\n\n");
}

static pid_t start_server(struct carrier *ours, struct carrier *theirs)
{
	pid_t server = start_child();

	if (server)
		return server;
	ours->close(ours);
	serve(theirs, CALC, CALC_V1, calc_1);
	theirs->close(theirs);
	exit(EXIT_SUCCESS);
}

void tell_story(connector *connect)
{
	struct carrier ours, theirs;
	struct client client;
	pid_t server;

	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	connect(&ours, &theirs);
	server = start_server(&ours, &theirs);
	theirs.close(&theirs);
	client_init(&client, &ours, CALC, CALC_V1);
	divide(&client.rpc, 17, 5);
	divide(&client.rpc, 1, 0);
	sum(&client.rpc, 3);
	sum(&client.rpc, NUMBERS_MAX + 1);
	call_unknown(&client.rpc);
	kill_server(server);
	divide(&client.rpc, 17, 5);
	clnt_destroy(&client.rpc);
	ours.close(&ours);
}
