/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_DEVICE_H
#define MBX_DEVICE_H

struct file;
struct mbx_handle;

struct file *mbx_device_file(struct mbx_handle *handle);

int mbx_device_init(void);
void mbx_device_exit(void);

#endif /* MBX_DEVICE_H */
