/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_IOCTL_H
#define MBX_IOCTL_H

#include <linux/types.h>
#include <linux/mbox.h>

#include "receive.h"

struct file;
struct mbx_aside;
struct mbx_handle;
struct mbx_wait;

/**
 * struct mbx_recv_job - a receive that was checked and can be carried out
 * @arg: where its argument came from
 * @recv: the argument
 * @receives: what is wanted: @one, or an array that is freed afterwards; or NULL
 * @one: the place for a single receive
 * @spin: for &mbx_wait.spin
 * @aside: for &mbx_wait.aside
 * @reply: short reply that is made before; or NULL
 * @blocks: blocks to give back: @one_block, or an array likewise; or NULL
 * @one_block: the place for a single one
 */
struct mbx_recv_job {
	void __user *arg;
	struct mbox_recv recv;
	struct mbx_receive *receives;
	struct mbx_receive one;
	u64 spin;
	struct mbx_aside *aside;
	struct mbx_reply *reply;
	u64 *blocks;
	u64 one_block;
};

long mbx_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

long mbx_ioctl_send(struct file *file, void __user *arg);
long mbx_ioctl_recv(struct file *file, void __user *arg);
long mbx_ioctl_call(struct file *file, void __user *arg);
long mbx_ioctl_settle(struct file *file, void __user *arg);
long mbx_ioctl_map(struct file *file, void __user *arg);

int mbx_ioctl_recv_prepare(struct mbx_recv_job *job,
			   struct mbx_handle *handle, void __user *arg);
long mbx_ioctl_recv_run(struct mbx_recv_job *job, const struct file *file);
void mbx_ioctl_recv_end(struct mbx_recv_job *job);

int mbx_ioctl_usable(const struct mbx_handle *handle, u32 right);
void mbx_ioctl_wait(struct mbx_wait *wait, const struct file *file, bool nowait,
		    s64 deadline);

#endif /* MBX_IOCTL_H */
