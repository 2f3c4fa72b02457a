// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints the arguments of a system call. Nothing tells how many a call has and
 * what they mean, but its manual page; here is what is known of the usual ones.
 * What the call reads is printed at its entry (execve wipes its own arguments
 * out), what it writes at its exit.
 */
#include <fcntl.h>
#include <string.h>

#include "strace.h"

/*
 * A letter an argument: d decimal, u unsigned, x flags or address, o mode, D
 * folder's descriptor, s string, v array of strings, b bytes that are read, B
 * bytes that are written (the next argument is how many), S signal, r ioctl's
 * request, i ioctl's argument. "=x" stands for a result that is an address.
 */
static const struct {
	const char *name;
	const char *form;
} forms[] = {
	{ "access", "so" }, { "alarm", "u" }, { "arch_prctl", "xx" }, { "brk", "x=x" },
	{ "chdir", "s" }, { "clock_gettime", "dx" }, { "clock_nanosleep", "ddxx" },
	{ "close", "d" }, { "connect", "dxu" }, { "copy_file_range", "dxdxux" },
	{ "dup", "d" }, { "dup2", "dd" }, { "epoll_ctl", "dddx" },
	{ "epoll_wait", "dxdd" }, { "execve", "svx" }, { "exit", "d" },
	{ "exit_group", "d" }, { "fadvise64", "duud" }, { "fcntl", "ddx" },
	{ "fcntl64", "ddx" }, { "fork", "" }, { "fstat", "dx" }, { "ftruncate", "du" },
	{ "futex", "xdux" }, { "getegid", "" }, { "geteuid", "" }, { "getgid", "" },
	{ "getpid", "" }, { "getppid", "" }, { "getrandom", "xux" }, { "gettid", "" },
	{ "getuid", "" }, { "ioctl", "dri" }, { "kill", "dS" }, { "lseek", "ddd" },
	{ "mkdir", "so" }, { "mmap", "xuxxdx=x" }, { "mmap2", "xuxxdx=x" },
	{ "mprotect", "xux" }, { "munmap", "xu" }, { "nanosleep", "xx" },
	{ "newfstatat", "Dsxx" }, { "open", "sxo" }, { "openat", "Dsxo" },
	{ "pause", "" }, { "pipe", "x" }, { "pipe2", "xx" }, { "poll", "xud" },
	{ "pread64", "dBux" }, { "prlimit64", "duxx" }, { "read", "dBu" },
	{ "readlink", "sBu" }, { "recvfrom", "dBuxxx" }, { "rename", "ss" },
	{ "rmdir", "s" }, { "rseq", "xuxx" }, { "rt_sigaction", "Sxxu" },
	{ "rt_sigprocmask", "dxxu" }, { "rt_sigreturn", "" }, { "sendto", "dbuxxu" },
	{ "set_robust_list", "xu" }, { "set_thread_area", "x" },
	{ "set_tid_address", "x" }, { "sigreturn", "" }, { "socket", "ddd" },
	{ "stat", "sx" }, { "statx", "Dsxxx" }, { "tgkill", "ddS" },
	{ "ugetrlimit", "ux" }, { "uname", "x" }, { "unlink", "s" },
	{ "wait4", "dxxx" }, { "waitpid", "dxx" }, { "write", "dbu" },
};

/* What the kernel uses inside to say that a call may be started again. */
static const char *const restarts[] = {
	"ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", NULL, "ERESTART_RESTARTBLOCK",
};

#define FIRST_RESTART	512

static const char *form_of(const struct call *call)
{
	const char *name = call_name(call);

	for (size_t i = 0; name && i < sizeof(forms) / sizeof(*forms); i++)
		if (!strcmp(forms[i].name, name))
			return forms[i].form;
	return "xxxxxx";
}

/* Known only when the call is over? */
static bool is_output(const struct call *call, char letter)
{
	return letter == 'B' || (letter == 'i' && ioctl_answers(call->args[1]));
}

static void print_signal(FILE *out, uint64_t number)
{
	const char *name = sigabbrev_np((int)number);

	if (name)
		fprintf(out, "SIG%s", name);
	else
		fprintf(out, "%d", (int)number);
}

static void print_folder(FILE *out, int fd)
{
	if (fd == AT_FDCWD)
		fputs("AT_FDCWD", out);
	else
		fprintf(out, "%d", fd);
}

static void print_output(FILE *out, const struct call *call, uint64_t address,
			 const struct result *result)
{
	if (result && !result->failed)
		print_bytes(out, call->pid, address, result->value);
	else
		fprintf(out, "%#jx", (uintmax_t)address);
}

static void print_number(FILE *out, uint64_t value, char letter)
{
	switch (letter) {
	case 'd':
		fprintf(out, "%d", (int)value);
		break;
	case 'u':
		fprintf(out, "%ju", (uintmax_t)value);
		break;
	case 'o':
		fprintf(out, "%#jo", (uintmax_t)value);
		break;
	case 'D':
		print_folder(out, (int)value);
		break;
	case 'S':
		print_signal(out, value);
		break;
	case 'r':
		print_request(out, value);
		break;
	default:
		fprintf(out, "%#jx", (uintmax_t)value);
	}
}

static void print_argument(FILE *out, const struct call *call, int i, char letter,
			   const struct result *result)
{
	uint64_t value = call->args[i];

	switch (letter) {
	case 's':
		print_string(out, call->pid, value);
		break;
	case 'v':
		print_strings(out, call, value);
		break;
	case 'b':
		print_bytes(out, call->pid, value, call->args[i + 1]);
		break;
	case 'B':
		print_output(out, call, value, result);
		break;
	case 'i':
		print_ioctl(out, call, result);
		break;
	default:
		print_number(out, value, letter);
	}
}

/* At the entry, without a result, as far as they are known; then the rest. */
void print_arguments(FILE *out, struct call *call, const struct result *result)
{
	const char *form = form_of(call);

	for (; form[call->next] && form[call->next] != '='; call->next++) {
		char letter = form[call->next];

		if (!result && is_output(call, letter))
			return;
		if (call->next)
			fputs(", ", out);
		print_argument(out, call, call->next, letter, result);
	}
}

static const char *error_name(int64_t error)
{
	int64_t restart = error - FIRST_RESTART;

	if (restart >= 0 && restart < (int64_t)(sizeof(restarts) / sizeof(*restarts)))
		return restarts[restart];
	return strerrorname_np((int)error);
}

void print_result(FILE *out, const struct call *call, const struct result *result)
{
	const char *name = result->failed ? error_name(-result->value) : NULL;

	if (name)
		fprintf(out, "-1 %s\n", name);
	else if (strchr(form_of(call), '='))
		fprintf(out, "%#jx\n", (uintmax_t)result->value);
	else
		fprintf(out, "%jd\n", (intmax_t)result->value);
}
