/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_IOCTL_H
#define MBX_IOCTL_H

struct file;

long mbx_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

#endif /* MBX_IOCTL_H */
