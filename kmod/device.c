// SPDX-License-Identifier: GPL-2.0
/* /dev/mbox: the file operations. */
#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/splice.h>
#include <linux/uio.h>

#include "breakage.h"
#include "device.h"
#include "domain.h"
#include "filter.h"
#include "handle.h"
#include "ioctl.h"
#include "landing.h"
#include "mailbox.h"
#include "message.h"
#include "poll.h"
#include "pool.h"
#include "receive.h"
#include "send.h"
#include "sender.h"
#include "waiter.h"

static void prepare_file(struct file *file)
{
	stream_open(file_inode(file), file);
	/* Without it io_uring would wait in a thread of its own. */
	if (!mbx_broken(nowait))
		file->f_mode |= FMODE_NOWAIT;
}

static int mbx_fop_open(struct inode *inode, struct file *file)
{
	struct mbx_handle *handle = mbx_handle_new(file);

	if (IS_ERR(handle))
		return PTR_ERR(handle);
	file->private_data = handle;
	prepare_file(file);
	return 0;
}

static int mbx_fop_release(struct inode *inode, struct file *file)
{
	mbx_handle_free(file->private_data);
	return 0;
}

/*
 * A splice comes with the pages of a pipe, whose lock it holds: a call that
 * waited would keep others from the pipe, and its readers from what is in it.
 */
static bool may_not_wait(const struct kiocb *iocb, const struct iov_iter *iter)
{
	return iocb->ki_flags & IOCB_NOWAIT ||
	       iocb->ki_filp->f_flags & O_NONBLOCK || !user_backed_iter(iter);
}

static size_t header_size(const struct mbox_config *config)
{
	return config->framing == MBOX_FRAMING_RECORD ?
	       sizeof(struct mbox_header) : 0;
}

static int copy_header_out(const struct mbx_receive *receive,
			   struct iov_iter *to)
{
	struct mbox_header header mbx_unset;

	mbx_receive_header(receive, &header);
	if (copy_to_iter(&header, sizeof(header), to) != sizeof(header))
		return -EFAULT;
	return 0;
}

static int copy_record_out(const struct mbx_receive *receive,
			   const struct mbox_config *config,
			   struct iov_iter *to)
{
	if (config->framing == MBOX_FRAMING_RECORD &&
	    copy_header_out(receive, to))
		return -EFAULT;
	return mbx_message_copy_out(receive->msg, to);
}

static ssize_t deliver(struct mbx_handle *handle, struct mbx_receive *receive,
		       const struct mbox_config *config, struct iov_iter *to)
{
	if (copy_record_out(receive, config, to)) {
		mbx_receive_put_back(handle, receive, 1);
		return -EFAULT;
	}
	return header_size(config) + receive->msg->len;
}

static ssize_t read_message(struct mbx_handle *handle,
			    const struct mbox_config *config, bool nowait,
			    struct iov_iter *to)
{
	struct mbx_wait wait = { .nowait = nowait, .spin = config->busy_poll };
	struct mbx_receive receive mbx_unset;
	ssize_t ret;

	mbx_receive_init(&receive, handle, &config->filter,
			 iov_iter_count(to) - header_size(config));
	receive.plain = config->framing == MBOX_FRAMING_PLAIN;
	ret = mbx_receive(handle, &receive, 1, &wait, NULL);
	if (ret > 0)
		ret = deliver(handle, &receive, config, to);
	if (receive.msg)
		mbx_message_put(receive.msg);
	return ret;
}

static ssize_t mbx_fop_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct mbx_handle *handle = iocb->ki_filp->private_data;
	struct mbox_config config mbx_unset;
	int err;

	mbx_handle_get_config(handle, &config);
	if (iov_iter_count(to) < header_size(&config))
		return -EINVAL;
	if (!iov_iter_count(to))
		return 0;

	err = mbx_handle_bind_default(handle, iocb->ki_filp,
				      iocb->ki_flags & IOCB_NOWAIT);
	if (err)
		return err;
	return read_message(handle, &config, may_not_wait(iocb, to), to);
}

static int copy_header_in(struct mbox_header *header, struct iov_iter *from)
{
	if (iov_iter_count(from) < sizeof(*header))
		return -EINVAL;
	if (!copy_from_iter_full(header, sizeof(*header), from))
		return -EFAULT;
	if (!mbx_message_header_valid(header))
		return -EINVAL;
	return header->len == iov_iter_count(from) ? 0 : -EINVAL;
}

static ssize_t write_message(struct mbx_handle *handle,
			     const struct mbox_header *header, bool nowait,
			     struct iov_iter *from)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_wait wait = { .nowait = nowait };
	struct mbx_message *msg;
	ssize_t ret;

	ret = mbx_mailbox_first_look(mbox, iov_iter_count(from));
	if (ret)
		return ret;
	msg = mbx_landing_message(handle, header->type, header->to, from);
	if (IS_ERR(msg))
		return PTR_ERR(msg);

	ret = mbx_send(handle, &msg, 1, &wait);
	if (ret < 0)
		mbx_message_put(msg);
	return ret;
}

static ssize_t mbx_fop_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct mbx_handle *handle = iocb->ki_filp->private_data;
	size_t count = iov_iter_count(from);
	struct mbox_header header mbx_unset;
	struct mbox_config config mbx_unset;
	ssize_t ret;

	mbx_handle_get_config(handle, &config);
	header.type = config.type;
	header.to = 0;
	if (config.framing == MBOX_FRAMING_RECORD) {
		ret = copy_header_in(&header, from);
		if (ret)
			return ret;
	}

	ret = mbx_handle_bind_default(handle, iocb->ki_filp,
				      iocb->ki_flags & IOCB_NOWAIT);
	if (ret)
		return ret;
	ret = write_message(handle, &header, may_not_wait(iocb, from),
			    from);
	return ret < 0 ? ret : count;
}

static __poll_t mbx_fop_poll(struct file *file, struct poll_table_struct *table)
{
	struct mbx_handle *handle = file->private_data;

	poll_wait(file, &handle->wait, table);
	if (mbx_handle_bind_default(handle, file, false))
		return EPOLLERR;
	return mbx_poll_state(handle, mbx_handle_mailbox(handle));
}

static int mbx_fop_fasync(int fd, struct file *file, int on)
{
	struct mbx_handle *handle = file->private_data;
	int ret;

	/* Binding holds the lock too, so one of the two registers. */
	mutex_lock(&handle->domain->lock);
	ret = fasync_helper(fd, file, on, &handle->fasync);
	if (on && handle->mbox)
		mbx_poll_bound(handle, handle->mbox);
	mutex_unlock(&handle->domain->lock);
	return ret < 0 ? ret : 0;
}

static int mbx_fop_mmap(struct file *file, struct vm_area_struct *vma)
{
	return mbx_landing_mmap(file->private_data, vma);
}

static void show_filter(struct seq_file *seq, const struct mbox_filter *filter)
{
	seq_printf(seq, "mbox-filter:\t%s%llu-%llu%s\n",
		   filter->flags & MBOX_FILTER_EXCEPT ? "!" : "", filter->lo,
		   filter->hi,
		   filter->flags & MBOX_FILTER_LOWEST ? " lowest" : "");
}

static void mbx_fop_show_fdinfo(struct seq_file *seq, struct file *file)
{
	struct mbx_handle *handle = file->private_data;
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbx_pool *pool = mbx_landing_pool(handle);
	struct mbox_config config mbx_unset;

	mbx_handle_get_config(handle, &config);
	seq_printf(seq, "mbox-handle:\t%llu\n", handle->sender->id);
	seq_printf(seq, "mbox-rights:\t%s%s\n",
		   handle->rights & MBOX_RIGHT_RECV ? "r" : "-",
		   handle->rights & MBOX_RIGHT_SEND ? "w" : "-");
	seq_printf(seq, "mbox-framing:\t%s\n",
		   config.framing == MBOX_FRAMING_RECORD ? "record" : "plain");
	seq_printf(seq, "mbox-type:\t%llu\n", config.type);
	show_filter(seq, &config.filter);
	if (!mbox)
		return;

	seq_printf(seq, "mbox-id:\t%llu\n", mbox->id);
	seq_printf(seq, "mbox-name:\t%s\n", mbox->name);
	seq_printf(seq, "mbox-next-size:\t%lld\n",
		   mbx_receive_next_size(handle));
	if (pool) {
		seq_printf(seq, "mbox-pool-size:\t%zu\n", pool->size);
		seq_printf(seq, "mbox-pool-free:\t%zu\n",
			   mbx_pool_free_bytes(pool));
	}
}

static const struct file_operations mbx_fops = {
	.owner = THIS_MODULE,
	.open = mbx_fop_open,
	.release = mbx_fop_release,
	.read_iter = mbx_fop_read_iter,
	.write_iter = mbx_fop_write_iter,
	.splice_read = mbx_splice_read,
	.splice_write = iter_file_splice_write,
	.mmap = mbx_fop_mmap,
	.poll = mbx_fop_poll,
	.fasync = mbx_fop_fasync,
	.unlocked_ioctl = mbx_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.show_fdinfo = mbx_fop_show_fdinfo,
};

static int access_mode(u32 rights)
{
	if (rights == (MBOX_RIGHT_RECV | MBOX_RIGHT_SEND))
		return O_RDWR;
	return rights == MBOX_RIGHT_SEND ? O_WRONLY : O_RDONLY;
}

/**
 * mbx_device_file() - make an open file of a handle
 * @handle: handle; the file owns it from then on
 *
 * Context: may sleep.
 * Return: the file, or an ERR_PTR: -ENFILE, -ENOMEM.
 */
struct file *mbx_device_file(struct mbx_handle *handle)
{
	struct file *file = anon_inode_getfile("[mbox]", &mbx_fops, handle,
					       access_mode(handle->rights));

	if (!IS_ERR(file))
		prepare_file(file);
	return file;
}

static struct miscdevice mbx_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mbox",
	.fops = &mbx_fops,
	.mode = 0666,
};

/**
 * mbx_device_init() - make /dev/mbox appear
 *
 * Context: module load.
 * Return: 0 or an errno of misc_register().
 */
int mbx_device_init(void)
{
	return misc_register(&mbx_misc);
}

/**
 * mbx_device_exit() - make /dev/mbox disappear
 *
 * Context: module unload; no handle is open.
 */
void mbx_device_exit(void)
{
	misc_deregister(&mbx_misc);
}
