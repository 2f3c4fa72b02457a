// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "fd.h"
#include "socket.h"
#include "unix_socket.h"

/* What a message must leave free of its sender's buffer. */
#define BUFFER_RESERVE	32

size_t unix_max_size(void)
{
	socklen_t len = sizeof(int);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int bytes = BUFFER_RESERVE;

	if (fd < 0)
		return 0;
	socket_deepen(fd, SO_SNDBUF, LANE_SIZE_MAX + BUFFER_RESERVE);
	getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, &len);
	close(fd);
	bytes -= BUFFER_RESERVE;
	return bytes < LANE_SIZE_MAX ? bytes : LANE_SIZE_MAX;
}

/* Of a stream a message may lie in the buffer in part, of all others not. */
static int deepen(int fd, const struct lane *lane, int type)
{
	size_t deep = socket_depth_bytes(lane);
	size_t whole = type == SOCK_STREAM ? 0 : lane->size + BUFFER_RESERVE;

	return socket_deepen(fd, SO_SNDBUF, deep > whole ? deep : whole);
}

/* To be told the senders, one must ask for it before their messages are sent. */
static int ask_for_senders(int fd)
{
	int yes = 1;

	return or_errno(setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes)));
}

static struct sockaddr_un address_of(const struct lane *lane)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memcpy(address.sun_path, lane->address,
	       strnlen(lane->address, sizeof(address.sun_path) - 1));
	return address;
}

/* The buffer will be the sender's; that it may be so large is tried now. */
int unix_open(struct lane *lane, int type)
{
	struct sockaddr_un address;
	int fd, ret;

	if (lane->broadcast || (type != SOCK_DGRAM && !connection_fits(lane)))
		return -EOPNOTSUPP;
	ret = path_choose(lane);
	if (ret)
		return ret;
	address = address_of(lane);
	fd = socket_bound(type == SOCK_DGRAM ? type : type | SOCK_NONBLOCK,
			  (struct sockaddr *)&address, sizeof(address));
	ret = socket_own(lane, fd);
	if (ret)
		return ret;
	ret = deepen(fd, lane, type);
	if (!ret)
		ret = ask_for_senders(fd);
	if (!ret && type != SOCK_DGRAM)
		ret = or_errno(listen(fd, 1));
	if (ret)
		unix_close(lane);
	return ret;
}

void unix_close(struct lane *lane)
{
	socket_close(lane);
	unlink(lane->address);
}

static int join_receiver(struct end *end, int type)
{
	int fd = socket_take(end->lane);

	return type == SOCK_DGRAM ? socket_attach(end, fd) : socket_attach_listener(end, fd);
}

int unix_join(struct end *end, int type)
{
	struct sockaddr_un address = address_of(end->lane);
	int fd, ret;

	if (end->role == ROLE_RECEIVER)
		return join_receiver(end, type);
	fd = or_errno(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
	fd = socket_connect(end->lane, fd, (struct sockaddr *)&address, sizeof(address));
	ret = socket_attach(end, fd);
	if (ret)
		return ret;
	ret = deepen(fd, end->lane, type);
	if (ret)
		socket_leave(end);
	return ret;
}

int unix_sender(struct end *end, pid_t *pid)
{
	struct socket_end *own = end->own;

	*pid = own->sender;
	return own->sender ? 0 : -ENODATA;
}

/**
 * struct parcel - a message with one control message
 * @msg: as sendmsg() and recvmsg() take it
 * @iov: its bytes
 * @control: the control message
 */
struct parcel {
	struct msghdr msg;
	struct iovec iov;
	union control control;
};

static void parcel_make(struct parcel *parcel, const void *data, size_t len)
{
	*parcel = (struct parcel){ .iov = { (void *)data, len } };
	parcel->msg.msg_iov = &parcel->iov;
	parcel->msg.msg_iovlen = 1;
	parcel->msg.msg_control = &parcel->control;
	parcel->msg.msg_controllen = sizeof(parcel->control);
}

static int parcel_send(int fd, struct parcel *parcel, int type, const void *data, size_t len)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(&parcel->msg);

	control->cmsg_level = SOL_SOCKET;
	control->cmsg_type = type;
	control->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(control), data, len);
	parcel->msg.msg_controllen = CMSG_SPACE(len);
	return sendmsg(fd, &parcel->msg, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* The kernel checks the claim: only who has CAP_SYS_ADMIN may make a false one. */
int unix_forge(struct end *end, pid_t as, const void *data, size_t len)
{
	const struct ucred claim = { .pid = as, .uid = geteuid(), .gid = getegid() };
	struct socket_end *own = end->own;
	struct parcel parcel;

	parcel_make(&parcel, data, len);
	return parcel_send(own->fd, &parcel, SCM_CREDENTIALS, &claim, sizeof(claim));
}

/* A descriptor does not travel alone: one byte goes with it. */
int unix_send_fd(struct end *end, int fd)
{
	struct socket_end *own = end->own;
	struct parcel parcel;

	parcel_make(&parcel, "", 1);
	return parcel_send(own->fd, &parcel, SCM_RIGHTS, &fd, sizeof(fd));
}

int unix_recv_fd(struct end *end)
{
	struct socket_end *own = end->own;
	struct parcel parcel;
	int fd = socket_accept(own, WAIT_FOREVER);
	ssize_t n;
	char byte;

	if (fd < 0)
		return fd;
	parcel_make(&parcel, &byte, 1);
	n = or_errno(recvmsg(own->fd, &parcel.msg, MSG_CMSG_CLOEXEC));
	if (n < 0)
		return n;
	return control_find(&parcel.msg, SCM_RIGHTS, &fd, sizeof(fd)) ? fd : RECV_END;
}
