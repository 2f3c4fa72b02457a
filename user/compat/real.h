/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The functions of libc that stand behind ours. */
#ifndef MBOX_COMPAT_REAL_H
#define MBOX_COMPAT_REAL_H

/* As dlsym(3) of the next library; ends the process where libc lacks @name. */
void *real_find(const char *name);

/* libc's own function of that name, looked up at its first use. */
#define REAL(name) ({							\
	static __typeof__(name) *real_function;				\
									\
	if (!real_function)						\
		real_function = real_find(#name);			\
	real_function;							\
})

#endif /* MBOX_COMPAT_REAL_H */
