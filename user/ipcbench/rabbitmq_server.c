// SPDX-License-Identifier: GPL-2.0-only
/*
 * The broker's Erlang machine is run as it is, without the scripts around it:
 * they change the user and leave a name server (epmd) running. Without the
 * distribution, which only a cluster needs, the one socket is that of AMQP.
 */
#include <glob.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lab/array.h"
#include "../lab/guard.h"
#include "fd.h"
#include "loopback.h"
#include "rabbitmq_server.h"
#include "server.h"

#define ERLANG		"/usr/lib/erlang"
#define ERLANG_BIN	ERLANG "/erts-*/bin"
#define RABBITMQ_HOME	"/usr/lib/rabbitmq/lib/rabbitmq_server-*"

/* An emulated machine takes a minute. */
#define START_NS	(300 * 1000000000LL)

#define WORDS_MAX	96
#define WORD_MAX	512

/* A list of words, as execve() takes it. */
struct words {
	char *list[WORDS_MAX];
	size_t count;
};

static struct {
	pid_t pid;
	int port;
	char bin[128];
	char home[128];
	char folder[96];
} server;

/*
 * What the broker loads of the libraries is all of their modules, in search of
 * steps of its own start; told that they have none it is ready a third sooner.
 */
static const char no_modules[] =
	"[case file:consult(code:where_is_file(atom_to_list(A) ++ \".app\")) of"
	" {ok, [{application, A, P}]} -> application:load({application, A,"
	" lists:keystore(modules, 1, P, {modules, []})}); _ -> ok end || A <-"
	" [asn1, compiler, crypto, cuttlefish, enough, getopt, inets, jsx, mnesia,"
	" observer_cli, os_mon, public_key, ranch, recon, runtime_tools, ssl, syntax_tools,"
	" syslog, systemd, tools, xmerl]].";

static const char *const machine_options[] = {
	"-noinput", "-s", "rabbit", "boot", "-boot", "start_sasl", "+W", "w", "+B", "i",
	/* How the distribution's own script runs it. */
	"+MBas", "ageffcbf", "+MHas", "ageffcbf", "+MBlmbcs", "512", "+MHlmbcs", "512",
	"+MMmcs", "30", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none",
	/* No name server, no port for a cluster. */
	"-sname", "rabbit@localhost", "-dist_listen", "false", "-start_epmd", "false",
	"-erl_epmd_port", "1", "-setcookie", "none",
	"-syslog", "logger", "[]", "-syslog", "syslog_error_logger", "false",
	"-kernel", "prevent_overlapping_partitions", "false",
};

static void add_word(struct words *words, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_word(struct words *words, const char *format, ...)
{
	va_list args;
	char *word;

	va_start(args, format);
	if (vasprintf(&word, format, args) >= 0 && words->count < WORDS_MAX - 1)
		words->list[words->count++] = word;
	va_end(args);
}

static void free_words(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->list[i]);
}

/* The versions are part of the paths. */
static bool find_path(const char *pattern, char *path, size_t size)
{
	bool found = false;
	glob_t paths;

	if (glob(pattern, 0, NULL, &paths))
		return false;
	if (strlen(paths.gl_pathv[0]) < size) {
		strcpy(path, paths.gl_pathv[0]);
		found = true;
	}
	globfree(&paths);
	return found;
}

const char *rabbitmq_absent(void)
{
	char path[256];

	if (find_path(ERLANG_BIN "/erlexec", path, sizeof(path)) &&
	    find_path(RABBITMQ_HOME "/plugins/rabbit-*/ebin", path, sizeof(path)))
		return NULL;
	return "no rabbitmq-server: install that package, or use make bench";
}

static bool is_ready(void)
{
	struct sockaddr_in address = loopback_address(server.port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ready = fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address));

	fd_close(&fd);
	return ready;
}

/* One that is free now; the broker takes no socket that is bound already. */
static int free_port(void)
{
	struct sockaddr_in address = loopback_address(0);
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int port = -EADDRNOTAVAIL;

	if (fd >= 0 && !bind(fd, (struct sockaddr *)&address, len) &&
	    !getsockname(fd, (struct sockaddr *)&address, &len))
		port = ntohs(address.sin_port);
	fd_close(&fd);
	return port;
}

/* The name of this machine need not be known to anyone. */
static int write_resolver(void)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/inetrc", server.folder);
	file = fopen(path, "we");
	if (!file)
		return -errno;
	fprintf(file, "{lookup, [file]}.\n{host, {127,0,0,1}, [\"localhost\"]}.\n");
	return fclose(file) ? -errno : 0;
}

static int make_folder(void)
{
	const char *parent = guard_folder();
	char plugins[128];

	if (!parent)
		return -errno;
	snprintf(server.folder, sizeof(server.folder), "%s/rabbitmq", parent);
	snprintf(plugins, sizeof(plugins), "%s/plugins", server.folder);
	if ((mkdir(server.folder, 0700) && errno != EEXIST) ||
	    (mkdir(plugins, 0700) && errno != EEXIST))
		return -errno;
	return write_resolver();
}

static void make_command(struct words *words)
{
	add_word(words, "%s/erlexec", server.bin);
	for (size_t i = 0; i < ARRAY_SIZE(machine_options); i++)
		add_word(words, "%s", machine_options[i]);
	add_word(words, "-eval");
	add_word(words, "%s", no_modules);
}

static void make_environment(struct words *words)
{
	static const char *const paths[] = {
		"RABBITMQ_BASE=%s", "RABBITMQ_MNESIA_BASE=%s/mnesia",
		"RABBITMQ_MNESIA_DIR=%s/mnesia/db", "RABBITMQ_LOG_BASE=%s/log",
		"RABBITMQ_CONF_ENV_FILE=%s/none", "RABBITMQ_CONFIG_FILE=%s/rabbitmq",
		"RABBITMQ_ADVANCED_CONFIG_FILE=%s/advanced.config",
		"RABBITMQ_ENABLED_PLUGINS_FILE=%s/enabled_plugins",
		"RABBITMQ_PLUGINS_DIR=%s/plugins", "RABBITMQ_PID_FILE=%s/pid",
		"RABBITMQ_FEATURE_FLAGS_FILE=%s/ff", "HOME=%s", "TMPDIR=%s",
		"ERL_INETRC=%s/inetrc",
	};
	static const char *const fixed[] = {
		"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "ROOTDIR=" ERLANG, "EMU=beam",
		"PROGNAME=erl", "ERL_CRASH_DUMP_BYTES=0", "RABBITMQ_NODENAME=rabbit@localhost",
		"RABBITMQ_NODE_IP_ADDRESS=127.0.0.1", "RABBITMQ_LOGS=-", "RABBITMQ_LOG=warning",
		"RABBITMQ_ENABLED_PLUGINS=",
	};
	char word[WORD_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		add_word(words, "%s", fixed[i]);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const char *mark = strstr(paths[i], "%s");

		snprintf(word, sizeof(word), "%.*s%s%s", (int)(mark - paths[i]), paths[i],
			 server.folder, mark + 2);
		add_word(words, "%s", word);
	}
	add_word(words, "BINDIR=%s", server.bin);
	add_word(words, "RABBITMQ_HOME=%s", server.home);
	add_word(words, "ERL_LIBS=%s/plugins", server.home);
	add_word(words, "RABBITMQ_NODE_PORT=%d", server.port);
}

static pid_t run(void)
{
	struct words command = { 0 }, environment = { 0 };
	char log[128];
	pid_t pid;

	snprintf(log, sizeof(log), "%s/log.txt", server.folder);
	make_command(&command);
	make_environment(&environment);
	pid = server_start(command.list, environment.list, server.folder, log, is_ready,
			   START_NS);
	free_words(&command);
	free_words(&environment);
	return pid;
}

int rabbitmq_start(void)
{
	int ret = make_folder();

	if (ret)
		return ret;
	if (!find_path(ERLANG_BIN, server.bin, sizeof(server.bin)) ||
	    !find_path(RABBITMQ_HOME, server.home, sizeof(server.home)))
		return -ENOENT;
	server.port = free_port();
	if (server.port < 0)
		return server.port;
	server.pid = run();
	return server.pid < 0 ? server.pid : 0;
}

void rabbitmq_stop(void)
{
	server_stop(&server.pid);
}

pid_t rabbitmq_pid(void)
{
	return server.pid;
}

int rabbitmq_port(void)
{
	return server.port;
}
