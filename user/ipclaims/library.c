// SPDX-License-Identifier: GPL-2.0-only
/*
 * Claims on messaging libraries. They are loaded only here and only if they are
 * there: linked, they would bring a dozen more along, and where they are missing
 * nothing at all could be checked.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "claim.h"
#include "finding.h"
#include "objects.h"
#include "proc.h"

/* ---- ZeroMQ ------------------------------------------------------------------ */

#define ZMQ_PAIR	0

static struct {
	void *(*ctx_new)(void);
	void *(*socket)(void *context, int type);
	int (*bind)(void *socket, const char *address);
	int (*connect)(void *socket, const char *address);
	int (*send)(void *socket, const void *data, size_t size, int flags);
	int (*recv)(void *socket, void *data, size_t size, int flags);
	int (*close)(void *socket);
	int (*ctx_term)(void *context);
} zmq;

static void *find(void *library, const char *name)
{
	void *function = dlsym(library, name);

	if (!function)
		skip("the library has no %s()", name);
	return function;
}

static void load_zmq(void)
{
	void *library = dlopen("libzmq.so.5", RTLD_NOW);

	if (!library)
		skip("no libzmq.so.5 here");
	zmq.ctx_new = find(library, "zmq_ctx_new");
	zmq.socket = find(library, "zmq_socket");
	zmq.bind = find(library, "zmq_bind");
	zmq.connect = find(library, "zmq_connect");
	zmq.send = find(library, "zmq_send");
	zmq.recv = find(library, "zmq_recv");
	zmq.close = find(library, "zmq_close");
	zmq.ctx_term = find(library, "zmq_ctx_term");
}

static void *open_zmq(void **context)
{
	void *socket;

	*context = zmq.ctx_new();
	socket = *context ? zmq.socket(*context, ZMQ_PAIR) : NULL;
	if (!socket)
		need(-1, "zmq_socket");
	return socket;
}

/* To end the context waits until the message has gone. */
static _Noreturn void send_zmq(const char *address)
{
	void *context, *socket = open_zmq(&context);

	must(zmq.connect(socket, address), "zmq_connect");
	must(zmq.send(socket, "hello", 5, 0), "zmq_send");
	zmq.close(socket);
	zmq.ctx_term(context);
	_exit(0);
}

static void check_zmq(void)
{
	char address[FILE_PATH_MAX + 8] = "ipc://", text[8] = "";
	void *context, *socket;
	pid_t child;

	load_zmq();
	file_path("zmq", address + strlen(address));
	child = start();
	if (!child)
		send_zmq(address);
	socket = open_zmq(&context);
	must(zmq.bind(socket, address), "zmq_bind");
	must(zmq.recv(socket, text, sizeof(text) - 1, 0), "zmq_recv");
	ends_well(child);
	part(!strcmp(text, "hello"), "By ZeroMQ, loaded from libzmq, one process sends '%s' to "
	     "another over %.6s; no third process takes part.", text, address);
	conclude_parts();
}

/* ---- RabbitMQ ------------------------------------------------------------------ */

#define AMQP_PORT	5672

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

/* A port to which nobody listens, as long as the descriptor is open. */
static int take_port(int *port)
{
	int fd = need(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
	struct sockaddr_in address = loopback(0);
	socklen_t length = sizeof(address);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		skip("no loopback device: %s", strerror(errno));
	must(getsockname(fd, (struct sockaddr *)&address, &length), "getsockname");
	*port = ntohs(address.sin_port);
	return fd;
}

static struct {
	void *(*new_connection)(void);
	void *(*tcp_socket_new)(void *connection);
	int (*socket_open)(void *socket, const char *host, int port);
} amqp;

/* The status of librabbitmq's connection to where no server is, or 0 if it has one. */
static int connect_alone(void *library)
{
	int port, fd = take_port(&port), status;

	amqp.new_connection = find(library, "amqp_new_connection");
	amqp.tcp_socket_new = find(library, "amqp_tcp_socket_new");
	amqp.socket_open = find(library, "amqp_socket_open");
	status = amqp.socket_open(amqp.tcp_socket_new(amqp.new_connection()), "127.0.0.1", port);
	close(fd);
	return status;
}

/* What librabbitmq can do without a server; it is a client. */
static void conclude_by_library(void *library)
{
	int status = connect_alone(library);

	observe("librabbitmq, its client library, %s where nobody listens.",
		status ? "gets no connection" : "is connected");
	conclude(status ? "needs server" : "no server");
}

/* The head of what an AMQP server says to a client that greets it. */
static long greet(int fd, char *answer, size_t size)
{
	static const char greeting[8] = { 'A', 'M', 'Q', 'P', 0, 0, 9, 1 };
	static const struct timeval patience = { .tv_sec = 5 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (send(fd, greeting, sizeof(greeting), MSG_NOSIGNAL) < 0)
		return -1;
	return recv(fd, answer, size, 0);
}

/* The first step of the protocol, which every client has to take. */
static void conclude_by_port(void)
{
	struct sockaddr_in address = loopback(AMQP_PORT);
	int fd = need(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
	char answer[512];
	long length;

	if (!connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		length = greet(fd, answer, sizeof(answer));
		if (length <= 0 || !memmem(answer, length, "RabbitMQ", 8))
			skip("no librabbitmq, and port %d is another's", AMQP_PORT);
		observe("A server answers at port %d and says that it is RabbitMQ.", AMQP_PORT);
	} else if (errno == ECONNREFUSED) {
		observe("A client's first step, to connect to a broker at port %d, is refused: "
			"without the server nobody takes a message.", AMQP_PORT);
	} else {
		skip("no librabbitmq, and no loopback device: %s", strerror(errno));
	}
	conclude("needs server");
}

static void check_rabbitmq(void)
{
	void *library = dlopen("librabbitmq.so.4", RTLD_NOW);

	if (library)
		conclude_by_library(library);
	else
		conclude_by_port();
}

const struct claim library_claims[] = {
	{
		.row = "149",
		.lectures = "S0",
		.text = "messaging may be a library alone",
		.says = "ZeroMQ and RabbitMQ are libraries for messages between processes.",
		.page = "zmq(7)",
		.check = check_zmq,
		.outcomes = { { "so", VERDICT_TRUE } },
		.note = "Whether RabbitMQ is one, too, is claim A2.22.",
	}, {
		.row = "A2.22",
		.lectures = "S0",
		.text = "RabbitMQ is a library",
		.says = "ZeroMQ and RabbitMQ are libraries for messages between processes.",
		.page = "rabbitmq-server(8)",
		.check = check_rabbitmq,
		.outcomes = {
			{ "no server", VERDICT_TRUE },
			{ "needs server", VERDICT_OUTDATED },
		},
	},
	{ 0 }
};
