// SPDX-License-Identifier: LGPL-2.1-or-later
#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"

/* Where execvp(3) looks without PATH. */
#define DEFAULT_PATH	"/bin:/usr/bin"

static const unsigned char our_class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;

static bool is_program(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

static bool in_folder(const char *folder, size_t len, const char *name, char *path,
		      size_t size)
{
	int want = len ? snprintf(path, size, "%.*s/%s", (int)len, folder, name) :
			 snprintf(path, size, "./%s", name);

	return want > 0 && (size_t)want < size && is_program(path);
}

int program_find(const char *name, char *path, size_t size)
{
	const char *folders = getenv("PATH");

	if (strchr(name, '/')) {
		snprintf(path, size, "%s", name);
		return is_program(path);
	}
	for (folders = folders ? folders : DEFAULT_PATH;; folders++) {
		size_t len = strcspn(folders, ":");

		if (in_folder(folders, len, name, path, size))
			return 1;
		folders += len;
		if (!*folders)
			return 0;
	}
}

static bool has_interpreter(int fd, const Elf64_Ehdr *head)
{
	for (unsigned int i = 0; i < head->e_phnum; i++) {
		off_t at = head->e_phoff + (off_t)i * head->e_phentsize;
		Elf64_Phdr segment;

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			return false;
		if (segment.p_type == PT_INTERP)
			return true;
	}
	return false;
}

static const char *refusal_of_elf(int fd)
{
	Elf64_Ehdr head;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG))
		return NULL;
	if (head.e_ident[EI_CLASS] != our_class)
		return "is not a 64-bit program, and the library is";
	if (!has_interpreter(fd, &head))
		return "is linked statically: it takes no other library";
	return NULL;
}

/* The real ids are what the linker compares: who is root already gains nothing. */
static bool gains_rights(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return false;
	return (st.st_mode & S_ISUID && st.st_uid != getuid()) ||
	       (st.st_mode & S_ISGID && st.st_mode & 0010 && st.st_gid != getgid());
}

const char *program_refusal(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *refusal;

	/* What may be run but not read is left to execve(2). */
	if (fd < 0)
		return NULL;
	refusal = gains_rights(fd) ? "is set-uid or set-gid: no library may be forced on it" :
				     refusal_of_elf(fd);
	close(fd);
	return refusal;
}
