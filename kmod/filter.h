/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_FILTER_H
#define MBX_FILTER_H

#include <linux/types.h>
#include <linux/mbox.h>

/* Takes every type: what a handle has at open. */
#define MBX_FILTER_ANY	{ .lo = 1, .hi = MBOX_TYPE_MAX }

bool mbx_type_valid(u64 type);
bool mbx_filter_valid(const struct mbox_filter *filter);
bool mbx_filter_matches(const struct mbox_filter *filter, u64 type);

#endif /* MBX_FILTER_H */
