// SPDX-License-Identifier: GPL-2.0-only
/* Reads the memory of the traced process, and prints what is there. */
#include <ctype.h>
#include <linux/audit.h>
#include <sys/uio.h>

#include "strace.h"

#define PAGE		4096
#define TEXT_MAX	48
#define STRINGS_MAX	8

bool read_object(pid_t pid, uint64_t address, void *object, size_t size)
{
	struct iovec local = { .iov_base = object, .iov_len = size };
	struct iovec remote = { .iov_base = (void *)address, .iov_len = size };

	return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

/* What follows in the next page may not be there, so a read ends with the page. */
static size_t read_head(pid_t pid, uint64_t address, char *text, size_t size)
{
	size_t done = 0;

	while (done < size) {
		size_t part = PAGE - (address + done) % PAGE;

		if (part > size - done)
			part = size - done;
		if (!read_object(pid, address + done, text + done, part))
			break;
		done += part;
	}
	return done;
}

static void print_escaped(FILE *out, const char *text, size_t len)
{
	fputc('"', out);
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = text[i];

		if (byte == '\n')
			fputs("\\n", out);
		else if (byte == '"' || byte == '\\')
			fprintf(out, "\\%c", byte);
		else if (isprint(byte))
			fputc(byte, out);
		else
			fprintf(out, "\\x%02x", byte);
	}
	fputc('"', out);
}

static size_t length_within(const char *text, size_t size)
{
	size_t len = 0;

	while (len < size && text[len])
		len++;
	return len;
}

void print_string(FILE *out, pid_t pid, uint64_t address)
{
	char text[TEXT_MAX + 1];
	size_t got = read_head(pid, address, text, sizeof(text));
	size_t len = length_within(text, got);

	if (!got) {
		fprintf(out, "%#jx", (uintmax_t)address);
		return;
	}
	print_escaped(out, text, len < TEXT_MAX ? len : TEXT_MAX);
	if (len == got)
		fputs("...", out);
}

void print_bytes(FILE *out, pid_t pid, uint64_t address, uint64_t len)
{
	char text[TEXT_MAX] = "";
	size_t got = read_head(pid, address, text, len < TEXT_MAX ? len : TEXT_MAX);

	if (!got && len) {
		fprintf(out, "%#jx", (uintmax_t)address);
		return;
	}
	print_escaped(out, text, got);
	if (got < len)
		fputs("...", out);
}

/* An array of pointers, as argv is: they are as wide as the program's. */
void print_strings(FILE *out, const struct call *call, uint64_t address)
{
	size_t width = call->arch == AUDIT_ARCH_X86_64 ? 8 : 4;

	fputc('[', out);
	for (size_t i = 0; i <= STRINGS_MAX; i++) {
		uint64_t string = 0;

		if (!read_object(call->pid, address + i * width, &string, width) || !string)
			break;
		if (i)
			fputs(", ", out);
		if (i == STRINGS_MAX)
			fputs("...", out);
		else
			print_string(out, call->pid, string);
	}
	fputc(']', out);
}
