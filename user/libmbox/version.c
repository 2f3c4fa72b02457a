// SPDX-License-Identifier: LGPL-2.1-or-later
#include "internal.h"

MBX_EXPORT const char *mbox_version(void)
{
	return MBOX_VERSION;
}
