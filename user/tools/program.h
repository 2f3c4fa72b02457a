/* SPDX-License-Identifier: GPL-2.0-only */
/* Can a program be given a library? */
#ifndef MBOX_TOOLS_PROGRAM_H
#define MBOX_TOOLS_PROGRAM_H

#include <stddef.h>

/* The file that execvp(3) would run for @name, or 0 if there is none. */
int program_find(const char *name, char *path, size_t size);

/*
 * Why the dynamic linker would not load another library into the program of this
 * file, for "PATH: ...", or NULL if it would. A script is as good as its interpreter,
 * which is not looked at.
 */
const char *program_refusal(const char *path);

#endif /* MBOX_TOOLS_PROGRAM_H */
