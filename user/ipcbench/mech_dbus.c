// SPDX-License-Identifier: GPL-2.0-only
/*
 * dbus - method calls over a message bus
 *
 * A daemon passes messages on between the processes that are connected to it,
 * knows them by names and tells who sent what. The daemon is one of our own, with
 * a socket in our folder: the machine's buses are not touched. A message is a
 * call that wants no reply, or is asked for one; for a broadcast it is a signal.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "../lab/guard.h"
#include "fd.h"
#include "server.h"

#define START_NS	(60 * 1000000000LL)
#define PATH		"/lane"
#define INTERFACE	"org.ipcbench.Lane"
#define MEMBER		"Message"
#define NAME_FORMAT	"org.ipcbench.Lane%u_%u"

/**
 * struct bus_end - an end's @own
 * @bus: connection
 * @sender: unique name of who sent the message received last
 * @request: the message received last, where messages are calls that want a reply
 */
struct bus_end {
	sd_bus *bus;
	sd_bus_message *request;
	char sender[64];
};

static struct {
	pid_t pid;
	char socket[LANE_ADDRESS_MAX];
	unsigned int lanes;
} server;

static const char *absent(void)
{
	if (server_find("dbus-daemon"))
		return NULL;
	return "no dbus-daemon: install the package dbus-daemon";
}

static bool is_ready(void)
{
	return !access(server.socket, F_OK);
}

static int write_configuration(const char *path)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return -errno;
	fprintf(file,
		"<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN'\n"
		" 'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'>\n"
		"<busconfig>\n"
		"<listen>unix:path=%s</listen>\n"
		"<auth>EXTERNAL</auth>\n"
		"<policy context='default'>\n"
		"<allow send_destination='*'/><allow receive_sender='*'/>\n"
		"<allow own='*'/><allow user='*'/>\n"
		"</policy>\n"
		"</busconfig>\n", server.socket);
	return fclose(file) ? -errno : 0;
}

static int start_bus(void)
{
	const char *folder = guard_folder(), *program = server_find("dbus-daemon");
	char configuration[96], log[96], option[128];
	char *argv[] = { (char *)program, option, "--nofork", "--nopidfile", "--nosyslog", NULL };
	int ret;

	if (!folder || !program)
		return -ENOENT;
	snprintf(server.socket, sizeof(server.socket), "%s/bus", folder);
	snprintf(configuration, sizeof(configuration), "%s/bus.conf", folder);
	snprintf(log, sizeof(log), "%s/bus.log", folder);
	snprintf(option, sizeof(option), "--config-file=%s", configuration);
	ret = write_configuration(configuration);
	if (ret)
		return ret;
	server.pid = server_start(argv, NULL, folder, log, is_ready, START_NS);
	return server.pid < 0 ? server.pid : 0;
}

static void stop_bus(void)
{
	server_stop(&server.pid);
	unlink(server.socket);
}

static pid_t server_pid(void)
{
	return server.pid;
}

static int open_bus(struct lane *lane)
{
	if (lane->receivers > 1 && !lane->broadcast)
		return -EOPNOTSUPP;
	snprintf(lane->address, sizeof(lane->address), NAME_FORMAT, (unsigned int)getpid(),
		 server.lanes++);
	return 0;
}

static void close_bus(struct lane *lane)
{
	(void)lane;
}

static int connect_bus(sd_bus **bus)
{
	char address[LANE_ADDRESS_MAX + 16];
	int ret = sd_bus_new(bus);

	if (ret < 0)
		return ret;
	snprintf(address, sizeof(address), "unix:path=%s", server.socket);
	ret = sd_bus_set_address(*bus, address);
	if (ret >= 0)
		ret = sd_bus_negotiate_fds(*bus, true);
	if (ret >= 0)
		ret = sd_bus_set_bus_client(*bus, true);
	return ret < 0 ? ret : sd_bus_start(*bus);
}

/* A call is addressed to the lane's name, a signal goes to who asked for it. */
static int be_receiver(const struct lane *lane, sd_bus *bus)
{
	char match[256];

	if (!lane->broadcast)
		return sd_bus_request_name(bus, lane->address, 0);
	snprintf(match, sizeof(match), "type='signal',interface='" INTERFACE "',path='" PATH "'");
	return sd_bus_add_match(bus, NULL, match, NULL, NULL);
}

static void leave_bus(struct end *end)
{
	struct bus_end *own = end->own;

	sd_bus_message_unref(own->request);
	sd_bus_flush_close_unref(own->bus);
	free(own);
	end->own = NULL;
}

static int join_bus(struct end *end)
{
	struct bus_end *own;
	int ret = own_alloc(&end->own, sizeof(*own));

	if (ret)
		return ret;
	own = end->own;
	ret = connect_bus(&own->bus);
	if (ret >= 0 && end->role == ROLE_RECEIVER)
		ret = be_receiver(end->lane, own->bus);
	if (ret < 0)
		leave_bus(end);
	return ret < 0 ? ret : 0;
}

static int new_message(struct end *end, sd_bus_message **message)
{
	struct bus_end *own = end->own;
	int ret;

	if (end->lane->broadcast)
		return sd_bus_message_new_signal(own->bus, message, PATH, INTERFACE, MEMBER);
	ret = sd_bus_message_new_method_call(own->bus, message, end->lane->address, PATH,
					     INTERFACE, MEMBER);
	if (ret < 0 || end->lane->calls)
		return ret;
	return sd_bus_message_set_expect_reply(*message, false);
}

/* Sent is what the daemon has; what it does with it, it does not say. */
static int send_message(struct bus_end *own, sd_bus_message *message)
{
	int ret = sd_bus_send(own->bus, message, NULL);

	return ret < 0 ? ret : sd_bus_flush(own->bus);
}

static int send_bus(struct end *end, uint64_t type, const void *data, size_t len, int64_t wait)
{
	sd_bus_message *message = NULL;
	int ret = new_message(end, &message);

	(void)type;
	(void)wait;
	if (ret >= 0)
		ret = sd_bus_message_append_array(message, 'y', data, len);
	if (ret >= 0)
		ret = send_message(end->own, message);
	sd_bus_message_unref(message);
	return ret < 0 ? ret : 0;
}

static bool is_ours(sd_bus_message *message)
{
	return sd_bus_message_is_method_call(message, INTERFACE, MEMBER) ||
	       sd_bus_message_is_signal(message, INTERFACE, MEMBER);
}

/* Wait for more from the daemon. */
static int wait_bus(struct bus_end *own, int64_t end)
{
	int64_t left = end > 0 ? end - wait_end(1) : end;
	int ret;

	if (end == WAIT_NEVER)
		return -EAGAIN;
	if (end > 0 && left <= 0)
		return -ETIMEDOUT;
	ret = sd_bus_wait(own->bus, end > 0 ? (uint64_t)left / 1000 + 1 : UINT64_MAX);
	return ret < 0 ? ret : 0;
}

/* The next message that is one of ours; what else the daemon says is passed over. */
static int next_message(struct bus_end *own, int64_t wait, sd_bus_message **message)
{
	int64_t end = wait_end(wait);
	int ret;

	for (;;) {
		ret = sd_bus_process(own->bus, message);
		if (ret < 0)
			return ret;
		if (*message && is_ours(*message))
			return 0;
		*message = sd_bus_message_unref(*message);
		if (!ret)
			ret = wait_bus(own, end);
		if (ret < 0)
			return ret;
	}
}

static void note_sender(struct bus_end *own, sd_bus_message *message)
{
	const char *sender = sd_bus_message_get_sender(message);

	snprintf(own->sender, sizeof(own->sender), "%s", sender ? sender : "");
}

static ssize_t copy_bytes(sd_bus_message *message, void *buf, size_t size)
{
	const void *data;
	size_t len;
	int ret = sd_bus_message_read_array(message, 'y', &data, &len);

	if (ret < 0)
		return ret;
	memcpy(buf, data, len < size ? len : size);
	return len;
}

/* What will be answered is kept for that. */
static void keep_request(struct bus_end *own, sd_bus_message *message)
{
	sd_bus_message_unref(own->request);
	own->request = sd_bus_message_ref(message);
}

static ssize_t recv_bus(struct end *end, uint64_t type, void *buf, size_t size, int64_t wait)
{
	sd_bus_message *message = NULL;
	ssize_t ret = next_message(end->own, wait, &message);

	(void)type;
	if (ret < 0)
		return ret;
	ret = copy_bytes(message, buf, size);
	note_sender(end->own, message);
	if (end->lane->calls)
		keep_request(end->own, message);
	sd_bus_message_unref(message);
	return ret;
}

static int poll_fd_bus(struct end *end)
{
	struct bus_end *own = end->own;

	return sd_bus_get_fd(own->bus);
}

/* The message has a name that only the daemon gives; the daemon knows whose it is. */
static int sender_bus(struct end *end, pid_t *pid)
{
	struct bus_end *own = end->own;
	sd_bus_creds *creds = NULL;
	int ret = sd_bus_get_name_creds(own->bus, own->sender, SD_BUS_CREDS_PID, &creds);

	if (ret >= 0)
		ret = sd_bus_creds_get_pid(creds, pid);
	sd_bus_creds_unref(creds);
	return ret < 0 ? ret : 0;
}

static ssize_t call_bus(struct end *end, const void *data, size_t len, void *reply, size_t size,
			int64_t wait)
{
	sd_bus_message *message = NULL, *answer = NULL;
	struct bus_end *own = end->own;
	ssize_t ret = new_message(end, &message);

	if (ret >= 0)
		ret = sd_bus_message_append_array(message, 'y', data, len);
	if (ret >= 0)
		ret = sd_bus_call(own->bus, message, wait > 0 ? (uint64_t)wait / 1000 : UINT64_MAX,
				  NULL, &answer);
	if (ret >= 0)
		ret = copy_bytes(answer, reply, size);
	sd_bus_message_unref(answer);
	sd_bus_message_unref(message);
	return ret;
}

static int reply_bus(struct end *end, const void *data, size_t len)
{
	struct bus_end *own = end->own;
	sd_bus_message *message = NULL;
	int ret = sd_bus_message_new_method_return(own->request, &message);

	if (ret >= 0)
		ret = sd_bus_message_append_array(message, 'y', data, len);
	if (ret >= 0)
		ret = send_message(own, message);
	sd_bus_message_unref(message);
	return ret < 0 ? ret : 0;
}

static int send_fd_bus(struct end *end, int fd)
{
	sd_bus_message *message = NULL;
	int ret = new_message(end, &message);

	if (ret >= 0)
		ret = sd_bus_message_append(message, "h", fd);
	if (ret >= 0)
		ret = send_message(end->own, message);
	sd_bus_message_unref(message);
	return ret < 0 ? ret : 0;
}

static int recv_fd_bus(struct end *end)
{
	sd_bus_message *message = NULL;
	int fd, ret = next_message(end->own, WAIT_FOREVER, &message);

	if (ret < 0)
		return ret;
	ret = sd_bus_message_read(message, "h", &fd);
	if (ret >= 0)
		ret = or_errno(fcntl(fd, F_DUPFD_CLOEXEC, 0));
	sd_bus_message_unref(message);
	return ret;
}

const struct mechanism mech_dbus = {
	.name = "dbus",
	.title = "D-Bus",
	.group = "library",
	.note = "a send ends when the daemon has the message; the daemon keeps all it is sent",
	.absent = absent,
	.start = start_bus,
	.stop = stop_bus,
	.server = server_pid,
	.max_size = any_size,
	.open = open_bus,
	.close = close_bus,
	.join = join_bus,
	.leave = leave_bus,
	.send = send_bus,
	.recv = recv_bus,
	.poll_fd = poll_fd_bus,
	.sender = sender_bus,
	.call = call_bus,
	.reply = reply_bus,
	.send_fd = send_fd_bus,
	.recv_fd = recv_fd_bus,
};
