// SPDX-License-Identifier: LGPL-2.1-or-later
#include "forget.h"
#include "sysv.h"

void forget_descriptors(unsigned int first, unsigned int last)
{
	sysv_handle_lost(first, last);
}

void forget_all(void)
{
	sysv_handle_forget_all();
}
