// SPDX-License-Identifier: GPL-2.0
/* MAP: what a handle shares with user memory. */
#include <linux/fs.h>
#include <linux/log2.h>
#include <linux/uaccess.h>

#include "handle.h"
#include "ioctl.h"
#include "landing.h"
#include "mailbox.h"
#include "ring.h"
#include "topic.h"

#define RING_FLAGS	(MBOX_MAP_PRODUCER | MBOX_MAP_CONSUMER)

static bool size_valid(u64 size)
{
	return !size || (size >= MBOX_MAP_SIZE_MIN &&
			 size <= MBOX_MAP_SIZE_MAX && is_power_of_2(size));
}

static bool map_valid(const struct mbox_map *map)
{
	if (map->deadline || map->seen || map->reserved32 || map->reserved)
		return false;
	if (!size_valid(map->size))
		return false;
	if (map->kind == MBOX_MAP_POOL)
		return !map->flags;
	/* One end at most. */
	return map->kind == MBOX_MAP_RING && !(map->flags & ~RING_FLAGS) &&
	       map->flags != RING_FLAGS;
}

static u32 whole_pages(u64 size)
{
	return max_t(u32, size ? size : MBOX_MAP_SIZE_DEFAULT, PAGE_SIZE);
}

/* Of a handle with one right that says which end; of others the flags do. */
static u32 end_wanted(const struct mbx_handle *handle, u32 flags)
{
	if (flags)
		return flags;
	if (handle->rights == MBOX_RIGHT_SEND)
		return MBOX_MAP_PRODUCER;
	return handle->rights == MBOX_RIGHT_RECV ? MBOX_MAP_CONSUMER : 0;
}

static long map_ring(struct file *file, const struct mbox_map *map)
{
	const struct mbx_handle *handle = file->private_data;
	u32 wanted = end_wanted(handle, map->flags);
	bool producer = wanted == MBOX_MAP_PRODUCER;
	int err;

	if (!wanted)
		return -EINVAL;
	err = mbx_ioctl_usable(handle, producer ? MBOX_RIGHT_SEND :
						  MBOX_RIGHT_RECV);
	if (err)
		return err;
	if (mbx_topic_is(mbx_handle_mailbox(handle)))
		return -EOPNOTSUPP;
	return mbx_ring_open(file, producer ? MBX_RING_PRODUCER :
					      MBX_RING_CONSUMER,
			     whole_pages(map->size));
}

static int make_pool(struct mbx_handle *handle, u64 size)
{
	int err = mbx_ioctl_usable(handle, MBOX_RIGHT_RECV);

	if (err)
		return err;
	return mbx_landing_open(handle, whole_pages(size));
}

/**
 * mbx_ioctl_map() - MBOX_IOC_MAP of a handle
 * @file: file of the handle
 * @arg: address of a struct mbox_map
 *
 * Context: may sleep.
 * Return: what the command documents.
 */
long mbx_ioctl_map(struct file *file, void __user *arg)
{
	struct mbx_handle *handle = file->private_data;
	struct mbox_map map;

	if (copy_from_user(&map, arg, sizeof(map)))
		return -EFAULT;
	if (!map_valid(&map))
		return -EINVAL;
	if (map.kind == MBOX_MAP_RING)
		return map_ring(file, &map);
	if (!mbx_handle_mailbox(handle))
		return -ENOTCONN;
	return make_pool(handle, map.size);
}
