/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_NETLINK_H
#define MBX_NETLINK_H

struct genl_family;

/* Index of the group in the family. */
#define MBX_GENL_EVENTS	0

extern struct genl_family mbx_genl_family;

int mbx_netlink_init(void);
void mbx_netlink_exit(void);

#endif /* MBX_NETLINK_H */
