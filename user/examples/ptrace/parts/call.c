// SPDX-License-Identifier: GPL-2.0-only
/* Shows a system call: its name and arguments at its entry, the rest at its exit. */
#include <elf.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/ptrace.h>

#include "../../check.h"
#include "strace.h"

static bool is_wanted(const struct call *call, const char *name)
{
	size_t len = strlen(name);

	if (!call->wanted)
		return true;
	for (const char *at = call->wanted; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, name, len) && (!at[len] || at[len] == ','))
			return true;
	}
	return false;
}

static void enter(struct call *call, const struct __ptrace_syscall_info *info)
{
	const char *name;

	if (info->arch != call->arch)
		fprintf(stderr, "[ %d-bit program ]\n",
			info->arch == AUDIT_ARCH_X86_64 ? 64 : 32);
	call->arch = info->arch;
	call->nr = info->entry.nr;
	memcpy(call->args, info->entry.args, sizeof(call->args));
	call->next = 0;
	call->open = true;
	name = call_name(call);
	call->shown = is_wanted(call, name ? name : "?");
	if (!call->shown)
		return;
	if (name)
		fprintf(stderr, "%s(", name);
	else
		fprintf(stderr, "call %ju(", (uintmax_t)call->nr);
	print_arguments(stderr, call, NULL);
}

static void leave(struct call *call, const struct __ptrace_syscall_info *info)
{
	struct result result = { .value = info->exit.rval, .failed = info->exit.is_error };

	if (call->open && call->shown) {
		print_arguments(stderr, call, &result);
		fputs(") = ", stderr);
		print_result(stderr, call, &result);
	}
	call->open = false;
}

/* The request fails with ESRCH if the process was killed at that moment. */
void show_call(struct call *call)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, call->pid, sizeof(info), &info) < 0) {
		if (errno != ESRCH)
			fail("what the call is", errno);
		return;
	}
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		enter(call, &info);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		leave(call, &info);
}
