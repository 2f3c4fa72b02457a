// SPDX-License-Identifier: GPL-2.0-only
/*
 * unix_path - a UNIX socket is found by a path, which outlives it
 *
 * bind() makes an entry in the file system, whose permissions say who may
 * connect; no data goes through the disk. When the server ends, the entry stays
 * and leads to nobody; a new server has to remove it before it can bind there.
 *
 * Rows: 97, 101
 *
 *	$ examples/socket/unix_path [PATH]
 */
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "../check.h"

static struct sockaddr_un address = { .sun_family = AF_UNIX };

static int new_socket(void)
{
	return check_sys(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
}

static int bind_path(int fd)
{
	return bind(fd, (struct sockaddr *)&address, sizeof(address));
}

static int connect_path(int fd)
{
	return connect(fd, (struct sockaddr *)&address, sizeof(address));
}

static void report(const char *what, int ret)
{
	printf("%s: %s\n", what, ret < 0 ? strerror(errno) : "success");
}

static void try_bind(const char *what)
{
	int fd = new_socket();

	report(what, bind_path(fd));
	close(fd);
}

static void try_connect(const char *what)
{
	int fd = new_socket();

	report(what, connect_path(fd));
	close(fd);
}

static void show_entry(void)
{
	struct stat entry;

	check_sys(lstat(address.sun_path, &entry), "lstat");
	printf("%s: a %s of %jd bytes, mode %03o\n", address.sun_path,
	       S_ISSOCK(entry.st_mode) ? "socket" : "file", (intmax_t)entry.st_size,
	       entry.st_mode & 0777);
}

static void be_client(void)
{
	int fd = new_socket();

	check_sys(connect_path(fd), "connect");
	check_sys(send(fd, "hello", 5, MSG_NOSIGNAL), "send");
}

static void serve_one(int server)
{
	pid_t child = start_child();
	char text[16];
	ssize_t len;
	int client;

	if (!child) {
		be_client();
		exit(EXIT_SUCCESS);
	}
	client = check_sys(accept4(server, NULL, NULL, SOCK_CLOEXEC), "accept");
	len = check_sys(recv(client, text, sizeof(text), 0), "recv");
	printf("a client connected by path and said '%.*s'\n", (int)len, text);
	close(client);
	end_child(child);
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "unix_path.socket";
	int server = new_socket();

	if (strlen(path) >= sizeof(address.sun_path))
		fail("a path for bind", ENAMETOOLONG);
	strcpy(address.sun_path, path);
	umask(077);
	if (bind_path(server) < 0)
		fail(path, errno);
	check_sys(listen(server, 1), "listen");
	show_entry();
	serve_one(server);
	close(server);
	try_connect("connect, the server has gone");
	try_bind("bind, the entry is still there");
	check_sys(unlink(path), "unlink");
	try_connect("connect after unlink");
	try_bind("bind after unlink");
	check_sys(unlink(path), "unlink");
	return 0;
}
