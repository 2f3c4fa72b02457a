/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Can a program be given a library? */
#ifndef MBOX_COMPAT_PROGRAM_H
#define MBOX_COMPAT_PROGRAM_H

#include <stddef.h>

/* The file that execvp(3) would run for @name, or 0 if there is none. */
int program_find(const char *name, char *path, size_t size);

/*
 * Why the dynamic linker would not load another library into the program of this
 * file, for "PATH: ...", or NULL if it would. A script is as good as its interpreter,
 * which is not looked at.
 */
const char *program_refusal(const char *path);

#endif /* MBOX_COMPAT_PROGRAM_H */
