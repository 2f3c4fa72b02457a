// SPDX-License-Identifier: GPL-2.0-only
/*
 * rabbitmq - queues of a broker, reached with librabbitmq
 *
 * A broker is a server that stores messages for others; it could be on another
 * machine. Ours runs on the loopback interface for the time of the measurement
 * (rabbitmq_server.c). A sender publishes to the broker, which pushes to the
 * receivers, without acknowledgements unless they are asked for.
 */
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "fd.h"
#include "rabbitmq_server.h"

#define CHANNEL		1
#define FRAME_MAX	131072
#define NS_PER_US	1000
#define NS_PER_MS	1000000

/**
 * struct broker_end - an end's @own
 * @connection: to the broker
 * @broken: nothing can be told to the broker any more
 * @tag: names the message received last
 */
struct broker_end {
	amqp_connection_state_t connection;
	bool broken;
	uint64_t tag;
};

static unsigned int lanes;

static int status_error(int status, int64_t wait)
{
	switch (status) {
	case AMQP_STATUS_OK:
		return 0;
	case AMQP_STATUS_TIMEOUT:
		return wait == WAIT_NEVER ? -EAGAIN : -ETIMEDOUT;
	case AMQP_STATUS_NO_MEMORY:
		return -ENOMEM;
	case AMQP_STATUS_CONNECTION_CLOSED:
	case AMQP_STATUS_SOCKET_CLOSED:
		return -EPIPE;
	default:
		return -EIO;
	}
}

static int reply_error(amqp_rpc_reply_t reply, int64_t wait)
{
	switch (reply.reply_type) {
	case AMQP_RESPONSE_NORMAL:
		return 0;
	case AMQP_RESPONSE_LIBRARY_EXCEPTION:
		return status_error(reply.library_error, wait);
	case AMQP_RESPONSE_SERVER_EXCEPTION:
		return reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD ? -ENOENT : -EPIPE;
	default:
		return -EIO;
	}
}

static int log_in(struct broker_end *own)
{
	amqp_socket_t *socket = amqp_tcp_socket_new(own->connection);
	int ret;

	if (!socket)
		return -ENOMEM;
	if (amqp_socket_open(socket, "127.0.0.1", rabbitmq_port()))
		return -ECONNREFUSED;
	ret = reply_error(amqp_login(own->connection, "/", 1, FRAME_MAX, 0,
				     AMQP_SASL_METHOD_PLAIN, "guest", "guest"), WAIT_FOREVER);
	if (ret)
		return ret;
	amqp_channel_open(own->connection, CHANNEL);
	return reply_error(amqp_get_rpc_reply(own->connection), WAIT_FOREVER);
}

static void hang_up(struct broker_end *own)
{
	if (!own->connection)
		return;
	if (!own->broken)
		amqp_connection_close(own->connection, AMQP_REPLY_SUCCESS);
	amqp_destroy_connection(own->connection);
	own->connection = NULL;
}

static int call(struct broker_end *own)
{
	own->broken = false;
	own->connection = amqp_new_connection();
	if (!own->connection)
		return -ENOMEM;
	own->broken = true;
	if (log_in(own))
		return -ECONNREFUSED;
	own->broken = false;
	return 0;
}

static int last_error(struct broker_end *own)
{
	return reply_error(amqp_get_rpc_reply(own->connection), WAIT_FOREVER);
}

/* A queue of the lane's name, or for a broadcast an exchange that copies. */
static int declare(struct broker_end *own, const struct lane *lane)
{
	amqp_bytes_t name = amqp_cstring_bytes(lane->address);

	if (lane->broadcast)
		amqp_exchange_declare(own->connection, CHANNEL, name,
				      amqp_cstring_bytes("fanout"), 0, 0, 0, 0, amqp_empty_table);
	else
		amqp_queue_declare(own->connection, CHANNEL, name, 0, 0, 0, 0, amqp_empty_table);
	return last_error(own);
}

static void undeclare(struct broker_end *own, const struct lane *lane)
{
	amqp_bytes_t name = amqp_cstring_bytes(lane->address);

	if (lane->broadcast)
		amqp_exchange_delete(own->connection, CHANNEL, name, 0);
	else
		amqp_queue_delete(own->connection, CHANNEL, name, 0, 0);
	last_error(own);
}

static int open_broker(struct lane *lane)
{
	struct broker_end own;
	int ret;

	snprintf(lane->address, sizeof(lane->address), "ipcbench.%u.%u", (unsigned int)getpid(),
		 lanes++);
	ret = call(&own);
	if (!ret)
		ret = declare(&own, lane);
	hang_up(&own);
	return ret;
}

static void close_broker(struct lane *lane)
{
	struct broker_end own;

	if (!call(&own))
		undeclare(&own, lane);
	hang_up(&own);
}

/* Of a broadcast each receiver has a queue of its own, which goes with it. */
static int bind_own_queue(struct broker_end *own, const struct lane *lane, amqp_bytes_t *queue)
{
	amqp_queue_declare_ok_t *made = amqp_queue_declare(own->connection, CHANNEL,
							    amqp_empty_bytes, 0, 0, 1, 1,
							    amqp_empty_table);

	if (!made)
		return last_error(own);
	*queue = amqp_bytes_malloc_dup(made->queue);
	amqp_queue_bind(own->connection, CHANNEL, *queue, amqp_cstring_bytes(lane->address),
			amqp_empty_bytes, amqp_empty_table);
	return last_error(own);
}

static int consume(struct broker_end *own, const struct lane *lane)
{
	amqp_bytes_t queue = amqp_cstring_bytes(lane->address);
	int ret = lane->broadcast ? bind_own_queue(own, lane, &queue) : 0;

	if (ret)
		return ret;
	/* What is to be acknowledged comes one by one. */
	if (lane->acknowledge)
		amqp_basic_qos(own->connection, CHANNEL, 0, 1, 0);
	amqp_basic_consume(own->connection, CHANNEL, queue, amqp_empty_bytes, 0,
			   !lane->acknowledge, 0, amqp_empty_table);
	if (lane->broadcast)
		amqp_bytes_free(queue);
	return last_error(own);
}

static void leave_broker(struct end *end)
{
	hang_up(end->own);
	free(end->own);
	end->own = NULL;
}

static int join_broker(struct end *end)
{
	int ret = own_alloc(&end->own, sizeof(struct broker_end));

	if (ret)
		return ret;
	ret = call(end->own);
	if (!ret && end->role == ROLE_RECEIVER)
		ret = consume(end->own, end->lane);
	if (ret)
		leave_broker(end);
	return ret;
}

static int publish(struct end *end, const amqp_basic_properties_t *properties,
		   const void *data, size_t len, int64_t wait)
{
	struct broker_end *own = end->own;
	amqp_bytes_t name = amqp_cstring_bytes(end->lane->address);
	amqp_bytes_t body = { .len = len, .bytes = (void *)data };
	bool broadcast = end->lane->broadcast;

	return status_error(amqp_basic_publish(own->connection, CHANNEL,
					       broadcast ? name : amqp_empty_bytes,
					       broadcast ? amqp_empty_bytes : name, 0, 0,
					       properties, body), wait);
}

static int send_broker(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	(void)type;
	return publish(end, NULL, data, len, wait);
}

/* A time to live is a text, in milliseconds. */
static int send_ttl(struct end *end, int64_t ttl, const void *data, size_t len)
{
	char text[24];
	amqp_basic_properties_t properties = {
		._flags = ttl ? AMQP_BASIC_EXPIRATION_FLAG : 0,
	};

	snprintf(text, sizeof(text), "%lld", (long long)ttl / NS_PER_MS);
	properties.expiration = amqp_cstring_bytes(text);
	return publish(end, &properties, data, len, WAIT_FOREVER);
}

/* Of an empty message there is no memory at all. */
static ssize_t copy_out(amqp_bytes_t body, void *buf, size_t size)
{
	if (body.len)
		memcpy(buf, body.bytes, body.len < size ? body.len : size);
	return body.len;
}

static ssize_t take(struct broker_end *own, void *buf, size_t size, struct timeval *limit,
		    int64_t wait)
{
	amqp_envelope_t envelope;
	ssize_t ret;

	amqp_maybe_release_buffers(own->connection);
	ret = reply_error(amqp_consume_message(own->connection, &envelope, limit, 0), wait);
	if (ret) {
		own->broken |= ret != -EAGAIN && ret != -ETIMEDOUT;
		return ret;
	}
	own->tag = envelope.delivery_tag;
	ret = copy_out(envelope.message.body, buf, size);
	amqp_destroy_envelope(&envelope);
	return ret;
}

static ssize_t recv_broker(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	int64_t us = wait > 0 ? wait / NS_PER_US : 0;
	struct timeval limit = { us / 1000000, us % 1000000 };

	(void)type;
	return take(end->own, buf, size, wait == WAIT_FOREVER ? NULL : &limit, wait);
}

static int ack(struct end *end)
{
	struct broker_end *own = end->own;

	return status_error(amqp_basic_ack(own->connection, CHANNEL, own->tag, 0), WAIT_FOREVER);
}

static int poll_fd_broker(struct end *end)
{
	struct broker_end *own = end->own;

	return amqp_get_sockfd(own->connection);
}

/* Urgency is a property of the queue: it has to be made so. */
static amqp_bytes_t declare_urgent(struct end *end, char *name, size_t size)
{
	amqp_table_entry_t entry = {
		.key = amqp_cstring_bytes("x-max-priority"),
		.value = { .kind = AMQP_FIELD_KIND_U8, .value.u8 = 9 },
	};
	amqp_table_t table = { .num_entries = 1, .entries = &entry };
	struct broker_end *own = end->own;

	snprintf(name, size, "%s.urgent", end->lane->address);
	amqp_queue_declare(own->connection, CHANNEL, amqp_cstring_bytes(name), 0, 0, 0, 1, table);
	return amqp_cstring_bytes(name);
}

static int send_priority(struct end *end, unsigned int priority, const void *data, size_t len)
{
	amqp_basic_properties_t properties = {
		._flags = AMQP_BASIC_PRIORITY_FLAG,
		.priority = priority,
	};
	amqp_bytes_t body = { .len = len, .bytes = (void *)data };
	struct broker_end *own = end->own;
	char name[LANE_ADDRESS_MAX + 16];
	amqp_bytes_t queue = declare_urgent(end, name, sizeof(name));
	int ret = last_error(own);

	if (ret)
		return ret;
	return status_error(amqp_basic_publish(own->connection, CHANNEL, amqp_empty_bytes, queue,
					       0, 0, &properties, body), WAIT_FOREVER);
}

/* Asked for one by one: what is pushed has been chosen already. */
static ssize_t recv_priority(struct end *end, void *buf, size_t size)
{
	struct broker_end *own = end->own;
	char name[LANE_ADDRESS_MAX + 16];
	amqp_bytes_t queue = declare_urgent(end, name, sizeof(name));
	amqp_rpc_reply_t reply;
	amqp_message_t message;
	ssize_t ret;

	do
		reply = amqp_basic_get(own->connection, CHANNEL, queue, 1);
	while (reply.reply_type == AMQP_RESPONSE_NORMAL &&
	       reply.reply.id == AMQP_BASIC_GET_EMPTY_METHOD);
	ret = reply_error(reply, WAIT_FOREVER);
	if (!ret)
		ret = reply_error(amqp_read_message(own->connection, CHANNEL, &message, 0),
				  WAIT_FOREVER);
	if (ret)
		return ret;
	ret = copy_out(message.body, buf, size);
	amqp_destroy_message(&message);
	return ret;
}

/* Asking for a queue that is not there closes the channel. */
static bool remains(const char *address)
{
	struct broker_end own;
	bool there = false;

	if (!call(&own)) {
		amqp_queue_declare(own.connection, CHANNEL, amqp_cstring_bytes(address), 1, 0, 0,
				   0, amqp_empty_table);
		there = !last_error(&own);
	}
	hang_up(&own);
	return there;
}

const struct mechanism mech_rabbitmq = {
	.name = "rabbitmq",
	.title = "RabbitMQ",
	.group = "library",
	.note = "a send ends when the socket has the message; the broker keeps all it is sent",
	.absent = rabbitmq_absent,
	.start = rabbitmq_start,
	.stop = rabbitmq_stop,
	.server = rabbitmq_pid,
	.max_size = any_size,
	.shared_max = LANE_SIZE_MAX,
	.open = open_broker,
	.close = close_broker,
	.join = join_broker,
	.leave = leave_broker,
	.send = send_broker,
	.recv = recv_broker,
	.poll_fd = poll_fd_broker,
	.send_priority = send_priority,
	.recv_priority = recv_priority,
	.send_ttl = send_ttl,
	.ack = ack,
	.remains = remains,
};
