// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#if __has_include("cpuid.h")
#include <cpuid.h>
#define HAS_CPUID
#endif

#include "../lab/array.h"
#include "machine.h"
#include "place.h"

/* The first line of a file, blanks in it as single ones; false if there is none. */
static bool read_line(const char *path, char *line, size_t room)
{
	FILE *file = fopen(path, "re");
	bool blank = false;
	size_t len = 0;
	int c;

	if (!file)
		return false;
	while ((c = getc(file)) != EOF && c != '\n' && len + 2 < room) {
		if (!isspace(c)) {
			if (blank && len)
				line[len++] = ' ';
			line[len++] = c;
		}
		blank = isspace(c);
	}
	line[len] = '\0';
	fclose(file);
	return len > 0;
}

static void describe_kernel(struct machine *machine)
{
	struct utsname name;

	if (!uname(&name))
		snprintf(machine->kernel, sizeof(machine->kernel), "%s %s", name.release,
			 name.version);
}

static void describe_processor(struct machine *machine)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[TEXT_MAX];

	snprintf(machine->cpu, sizeof(machine->cpu), "unknown processor");
	while (file && fgets(line, sizeof(line), file)) {
		const char *colon = strchr(line, ':');

		if (strncmp(line, "model name", strlen("model name")) || !colon)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(machine->cpu, sizeof(machine->cpu), "%s", colon + 2);
		break;
	}
	if (file)
		fclose(file);
}

/* ---- hypervisor --------------------------------------------------------- */

/**
 * struct signature - what a hypervisor calls itself
 * @vendor: to the processor's instruction
 * @name: to people
 */
struct signature {
	const char *vendor;
	const char *name;
};

static const struct signature signatures[] = {
	{ "TCGTCGTCGTCG", "QEMU (TCG)" },
	{ "KVMKVMKVM", "KVM" },
	{ "Microsoft Hv", "Hyper-V" },
	{ "VMwareVMware", "VMware" },
	{ "XenVMMXenVMM", "Xen" },
	{ "bhyve bhyve ", "bhyve" },
	{ "VBoxVBoxVBox", "VirtualBox" },
};

static const char *signature_name(const char *vendor)
{
	for (size_t i = 0; i < ARRAY_SIZE(signatures); i++)
		if (!strcmp(signatures[i].vendor, vendor))
			return signatures[i].name;
	return vendor;
}

#ifdef HAS_CPUID
#define LEAF_FEATURES	1
#define LEAF_HYPERVISOR	0x40000000
#define IS_VIRTUAL	(1U << 31)

static void describe_hypervisor(struct machine *machine)
{
	unsigned int a, b, c, d;
	char vendor[13] = "";

	if (!__get_cpuid(LEAF_FEATURES, &a, &b, &c, &d) || !(c & IS_VIRTUAL))
		return;
	__cpuid(LEAF_HYPERVISOR, a, b, c, d);
	memcpy(vendor, &b, sizeof(b));
	memcpy(vendor + 4, &c, sizeof(c));
	memcpy(vendor + 8, &d, sizeof(d));
	snprintf(machine->virtual, sizeof(machine->virtual), "%s",
		 *vendor ? signature_name(vendor) : "an unknown hypervisor");
}
#else
static void describe_hypervisor(struct machine *machine)
{
	if (!read_line("/sys/hypervisor/type", machine->virtual, sizeof(machine->virtual)))
		machine->virtual[0] = '\0';
}
#endif

/* ---- limits ------------------------------------------------------------- */

static const char *const files[] = {
	"/proc/sys/fs/pipe-max-size",
	"/proc/sys/fs/pipe-user-pages-soft",
	"/proc/sys/kernel/msgmax",
	"/proc/sys/kernel/msgmnb",
	"/proc/sys/kernel/shmmax",
	"/proc/sys/fs/mqueue/msg_max",
	"/proc/sys/fs/mqueue/msgsize_max",
	"/proc/sys/fs/mqueue/queues_max",
	"/proc/sys/net/core/wmem_default",
	"/proc/sys/net/core/wmem_max",
	"/proc/sys/net/core/rmem_default",
	"/proc/sys/net/core/rmem_max",
	"/proc/sys/net/ipv4/tcp_wmem",
	"/proc/sys/net/ipv4/tcp_rmem",
	"/proc/sys/net/unix/max_dgram_qlen",
	"/proc/sys/kernel/yama/ptrace_scope",
	"/sys/devices/system/clocksource/clocksource0/current_clocksource",
	"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
	"/sys/module/mbox/version",
};

/**
 * struct resource - a limit of processes
 * @name: as in the shell and in setrlimit(2)
 * @number: RLIMIT_*
 */
struct resource {
	const char *name;
	int number;
};

static const struct resource resources[] = {
	{ "RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE },
	{ "RLIMIT_SIGPENDING", RLIMIT_SIGPENDING },
	{ "RLIMIT_MEMLOCK", RLIMIT_MEMLOCK },
	{ "RLIMIT_NOFILE", RLIMIT_NOFILE },
};

#define LIMITS_MAX	ARRAY_SIZE(((struct machine *)0)->limits)

_Static_assert(ARRAY_SIZE(files) + ARRAY_SIZE(resources) < LIMITS_MAX, "an empty one ends them");

/* The last two parts of its path tell enough. */
static const char *short_name(const char *path)
{
	int slashes = 0;

	for (const char *at = path + strlen(path); at > path; at--)
		if (*at == '/' && ++slashes == 2)
			return at + 1;
	return path;
}

static size_t add_file(struct machine *machine, size_t at, const char *path)
{
	char value[64];

	if (!read_line(path, value, sizeof(value)))
		return at;
	snprintf(machine->limits[at], sizeof(machine->limits[at]), "%s %s", short_name(path),
		 value);
	return at + 1;
}

static size_t add_resource(struct machine *machine, size_t at, const struct resource *resource)
{
	char *limit = machine->limits[at];
	struct rlimit value;

	if (getrlimit(resource->number, &value))
		return at;
	if (value.rlim_cur == RLIM_INFINITY)
		snprintf(limit, sizeof(machine->limits[at]), "%s unlimited", resource->name);
	else
		snprintf(limit, sizeof(machine->limits[at]), "%s %ju", resource->name,
			 (uintmax_t)value.rlim_cur);
	return at + 1;
}

void machine_describe(struct machine *machine, const char *unit)
{
	size_t at = 0;

	describe_kernel(machine);
	describe_processor(machine);
	describe_hypervisor(machine);
	machine->cpus = place_processors();
	snprintf(machine->unit, sizeof(machine->unit), "%s", unit);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		at = add_file(machine, at, files[i]);
	for (size_t i = 0; i < ARRAY_SIZE(resources); i++)
		at = add_resource(machine, at, &resources[i]);
}
