// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "real.h"

void *real_find(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);

	if (function)
		return function;
	dprintf(2, "libmbox-compat: the C library has no %s\n", name);
	abort();
}
