// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "finding.h"

static struct finding *finding;

void finding_begin(struct finding *where)
{
	memset(where, 0, sizeof(*where));
	finding = where;
}

bool finding_over(void)
{
	return *finding->skipped || *finding->fault;
}

static void add_sentence(const char *format, va_list args)
{
	size_t used = strlen(finding->observed);

	if (used && used + 1 < sizeof(finding->observed))
		finding->observed[used++] = ' ';
	vsnprintf(finding->observed + used, sizeof(finding->observed) - used, format, args);
}

void observe(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_sentence(format, args);
	va_end(args);
}

void part(bool holds, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_sentence(format, args);
	va_end(args);
	if (holds)
		return;
	observe("(This is not what Linux is known for.)");
	finding->differs = true;
}

void conclude(const char *outcome)
{
	conclude_as(outcome, "%s", outcome);
}

void conclude_as(const char *outcome, const char *format, ...)
{
	va_list args;

	snprintf(finding->outcome, sizeof(finding->outcome), "%s", outcome);
	va_start(args, format);
	vsnprintf(finding->brief, sizeof(finding->brief), format, args);
	va_end(args);
}

void conclude_parts(void)
{
	conclude("so");
}

/* @text is one of the two members for it, which are of one size. */
static void set_end(char *text, const char *format, va_list args)
{
	if (!finding_over())
		vsnprintf(text, sizeof(finding->fault), format, args);
}

void note_fault(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_end(finding->fault, format, args);
	va_end(args);
}

void fault(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_end(finding->fault, format, args);
	va_end(args);
	_exit(1);
}

void note_skip(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_end(finding->skipped, format, args);
	va_end(args);
}

void skip(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_end(finding->skipped, format, args);
	va_end(args);
	_exit(0);
}

static bool is_absence(int error)
{
	static const int absences[] = {
		ENOSYS, ENOENT, EPERM, EACCES, ENOSPC, EMFILE, ENFILE, ENOMEM, EAGAIN, ENODEV,
		ENXIO, EAFNOSUPPORT, EPROTONOSUPPORT, ESOCKTNOSUPPORT, EOPNOTSUPP, EROFS,
	};

	for (size_t i = 0; i < sizeof(absences) / sizeof(*absences); i++)
		if (absences[i] == error)
			return true;
	return false;
}

long need(long result, const char *what)
{
	if (result < 0 && is_absence(errno))
		skip("%s: %s", what, error_name(errno));
	return must(result, what);
}

long must(long result, const char *what)
{
	if (result < 0)
		fault("%s: %s", what, error_name(errno));
	return result;
}

void *need_memory(void *address, const char *what)
{
	need(address == (void *)-1 ? -1 : 0, what);
	return address;
}

const char *error_name(int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{ ENOSYS, "ENOSYS" }, { ENOSPC, "ENOSPC" }, { EMFILE, "EMFILE" },
		{ ENFILE, "ENFILE" }, { ENOMEM, "ENOMEM" }, { ENODEV, "ENODEV" },
		{ 0, "no error" }, { EINTR, "EINTR" }, { EINVAL, "EINVAL" },
		{ E2BIG, "E2BIG" }, { EAGAIN, "EAGAIN" }, { ENOMSG, "ENOMSG" },
		{ EIDRM, "EIDRM" }, { EPIPE, "EPIPE" }, { EPERM, "EPERM" },
		{ EACCES, "EACCES" }, { ESPIPE, "ESPIPE" }, { ESRCH, "ESRCH" },
		{ EMSGSIZE, "EMSGSIZE" }, { ENOENT, "ENOENT" }, { EBADF, "EBADF" },
		{ ECONNREFUSED, "ECONNREFUSED" }, { ETIMEDOUT, "ETIMEDOUT" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].error == error)
			return names[i].name;
	return strerror(error);
}
