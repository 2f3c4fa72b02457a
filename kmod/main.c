// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading, part by part. */
#include <linux/module.h>

#include "debugfs.h"
#include "device.h"
#include "domain.h"
#include "handle.h"
#include "memory.h"
#include "message.h"
#include "netlink.h"
#include "sender.h"

static int __init mbx_init(void)
{
	int err;

	err = mbx_memory_init();
	if (err)
		return err;
	err = mbx_sender_init();
	if (err)
		goto exit_memory;
	err = mbx_handle_init();
	if (err)
		goto exit_sender;
	err = mbx_message_init();
	if (err)
		goto exit_handle;
	err = mbx_domain_init();
	if (err)
		goto exit_message;
	err = mbx_netlink_init();
	if (err)
		goto exit_domain;
	err = mbx_device_init();
	if (err)
		goto exit_netlink;
	mbx_debugfs_init();
	return 0;

exit_netlink:
	mbx_netlink_exit();
exit_domain:
	mbx_domain_exit();
exit_message:
	mbx_message_exit();
exit_handle:
	mbx_handle_exit();
exit_sender:
	mbx_sender_exit();
exit_memory:
	mbx_memory_exit();
	return err;
}

static void __exit mbx_exit(void)
{
	mbx_debugfs_exit();
	mbx_device_exit();
	mbx_netlink_exit();
	mbx_domain_exit();
	mbx_message_exit();
	mbx_handle_exit();
	mbx_sender_exit();
	mbx_memory_exit();
}

module_init(mbx_init);
module_exit(mbx_exit);

MODULE_AUTHOR("The mbox authors");
MODULE_DESCRIPTION("Typed message queues over /dev/mbox");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
