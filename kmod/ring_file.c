// SPDX-License-Identifier: GPL-2.0
/* The file of an end of a ring: what is mapped, polled and waited on. */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "handle.h"
#include "mailbox.h"
#include "memory.h"
#include "pages.h"
#include "ring.h"
#include "sender.h"

static_assert(sizeof(struct mbox_ring_state) == 192);
static_assert(sizeof(struct mbox_ring_index) == 128);
static_assert(sizeof(struct mbox_record) == 16);

/* ---- mapping --------------------------------------------------------------- */

/* The data comes twice, so that no record has to be cut. */
static unsigned long page_at(const struct mbx_ring *ring, unsigned long offset)
{
	if (offset < MBOX_RING_AREA_DATA)
		return offset;
	return MBOX_RING_AREA_DATA +
	       (offset - MBOX_RING_AREA_DATA) % mbx_ring_data_pages(ring);
}

static vm_fault_t ring_fault(struct vm_fault *fault)
{
	const struct mbx_ring_end *end = fault->vma->vm_file->private_data;

	return mbx_pages_fault(end->ring->pages, fault,
			       page_at(end->ring, fault->pgoff));
}

static const struct vm_operations_struct ring_vm_ops = {
	.fault = ring_fault,
};

static bool may_write(const struct mbx_ring_end *end, unsigned long area)
{
	if (end->side == MBX_RING_CONSUMER)
		return area == MBOX_RING_AREA_CONSUMER;
	return area == MBOX_RING_AREA_PRODUCER || area == MBOX_RING_AREA_DATA;
}

static int ring_fop_mmap(struct file *file, struct vm_area_struct *vma)
{
	const struct mbx_ring_end *end = file->private_data;
	unsigned long area = vma->vm_pgoff, count = 1;
	int err;

	if (area > MBOX_RING_AREA_DATA)
		return -EINVAL;
	if (area == MBOX_RING_AREA_DATA)
		count = 2 * mbx_ring_data_pages(end->ring);
	err = mbx_pages_may_map(vma, count, may_write(end, area));
	if (err)
		return err;
	vma->vm_ops = &ring_vm_ops;
	return 0;
}

/* ---- waiting --------------------------------------------------------------- */

static __poll_t ring_fop_poll(struct file *file, struct poll_table_struct *table)
{
	struct mbx_ring_end *end = file->private_data;

	poll_wait(file, &end->ring->wait[end->side], table);
	return mbx_ring_poll_state(end);
}

static bool wait_valid(const struct mbox_map *map)
{
	if (map->flags || map->size || map->reserved32 || map->reserved)
		return false;
	if (map->kind == MBOX_MAP_WAKE)
		return !map->deadline && !map->seen;
	return map->kind == MBOX_MAP_WAIT && map->deadline >= 0;
}

static long ring_fop_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg)
{
	struct mbx_ring_end *end = file->private_data;
	struct mbox_map map;

	if (cmd != MBOX_IOC_MAP)
		return -ENOTTY;
	if (copy_from_user(&map, (void __user *)arg, sizeof(map)))
		return -EFAULT;
	if (!wait_valid(&map))
		return -EINVAL;
	if (map.kind == MBOX_MAP_WAIT)
		return mbx_ring_wait(end, map.seen,
				     mbx_clock_deadline(map.deadline),
				     file->f_flags & O_NONBLOCK);
	mbx_ring_wake(end);
	return 0;
}

/* ---- life ------------------------------------------------------------------ */

static void end_free(struct mbx_ring_end *end)
{
	fput(end->file);
	kfree(end);
}

static int ring_fop_release(struct inode *inode, struct file *file)
{
	struct mbx_ring_end *end = file->private_data;

	/* It may be closed before it was ever attached. */
	if (end->ring)
		mbx_ring_detach(end);
	end_free(end);
	return 0;
}

static void ring_fop_show_fdinfo(struct seq_file *seq, struct file *file)
{
	const struct mbx_ring_end *end = file->private_data;

	seq_printf(seq, "mbox-id:\t%llu\n", end->mbox->id);
	seq_printf(seq, "mbox-ring:\t%s\n",
		   end->side == MBX_RING_PRODUCER ? "producer" : "consumer");
	seq_printf(seq, "mbox-ring-size:\t%lu\n",
		   mbx_ring_data_pages(end->ring) << PAGE_SHIFT);
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.release = ring_fop_release,
	.mmap = ring_fop_mmap,
	.poll = ring_fop_poll,
	.unlocked_ioctl = ring_fop_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.show_fdinfo = ring_fop_show_fdinfo,
};

static struct mbx_ring_end *end_new(struct file *file, enum mbx_ring_side side)
{
	struct mbx_ring_end *end = kzalloc(sizeof(*end), MBX_GFP);

	if (!end)
		return NULL;
	end->file = get_file(file);
	end->mbox = mbx_handle_mailbox(file->private_data);
	end->side = side;
	return end;
}

/* Not attached yet: who closes it has changed nothing. */
static struct file *end_file(struct file *file, enum mbx_ring_side side)
{
	struct mbx_ring_end *end = end_new(file, side);
	struct file *opened;

	if (!end)
		return ERR_PTR(-ENOMEM);
	opened = anon_inode_getfile("[mbox-ring]", &ring_fops, end, O_RDWR);
	if (IS_ERR(opened))
		end_free(end);
	return opened;
}

static int open_attached(struct file *file, enum mbx_ring_side side, u32 size,
			 struct file **opened)
{
	struct mbx_handle *handle = file->private_data;
	int err;

	*opened = end_file(file, side);
	if (IS_ERR(*opened))
		return PTR_ERR(*opened);
	err = mbx_ring_attach((*opened)->private_data, handle->sender->user,
			      size);
	if (err)
		fput(*opened);
	return err;
}

/**
 * mbx_ring_open() - make a descriptor of one end of a mailbox's ring
 * @file: file of a bound handle, which stays open as long as the end
 * @side: which end
 * @size: bytes of a new ring, a power of two and whole pages
 *
 * Nothing can fail once the end is attached: the other side would see it come
 * and go.
 *
 * Context: may sleep.
 * Return: the descriptor; or -EMFILE, -ENFILE, -ENOMEM or an error of
 * mbx_ring_attach().
 */
int mbx_ring_open(struct file *file, enum mbx_ring_side side, u32 size)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *opened;
	int err;

	if (fd < 0)
		return fd;
	err = open_attached(file, side, size, &opened);
	if (err) {
		put_unused_fd(fd);
		return err;
	}
	fd_install(fd, opened);
	return fd;
}
