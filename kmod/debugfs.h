/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_DEBUGFS_H
#define MBX_DEBUGFS_H

void mbx_debugfs_init(void);
void mbx_debugfs_exit(void);

#endif /* MBX_DEBUGFS_H */
