// SPDX-License-Identifier: GPL-2.0
/* The commands that send and receive. */
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "clock.h"
#include "delivery.h"
#include "filter.h"
#include "handle.h"
#include "ioctl.h"
#include "landing.h"
#include "leave.h"
#include "mailbox.h"
#include "memory.h"
#include "message.h"
#include "receive.h"
#include "send.h"
#include "topic.h"
#include "waiter.h"

#define SEND_FLAGS	(MBOX_SEND_NOWAIT | MBOX_SEND_SYNC | MBOX_SEND_INTR)
#define RECV_FLAGS	(MBOX_RECV_NOWAIT | MBOX_RECV_PEEK | \
			 MBOX_RECV_TRUNC | MBOX_RECV_FILTER | \
			 MBOX_RECV_LEASE | MBOX_RECV_POOL | MBOX_RECV_INTR)

/**
 * mbx_ioctl_wait() - how long a command is ready to wait
 * @wait: where that goes
 * @file: file of the handle
 * @nowait: the command is not to wait
 * @deadline: valid deadline of the current process, or 0
 *
 * Context: process context.
 */
void mbx_ioctl_wait(struct mbx_wait *wait, const struct file *file, bool nowait,
		    s64 deadline)
{
	wait->nowait = nowait || file->f_flags & O_NONBLOCK;
	wait->deadline = ns_to_ktime(mbx_clock_deadline(deadline));
	wait->spin = 0;
	wait->aside = NULL;
}

/* What a signal does: restart the command, or, with a handler, end it for good. */
static long interrupted(long ret, bool for_good)
{
	return ret == -ERESTARTSYS && for_good ? -ERESTARTNOHAND : ret;
}

/**
 * mbx_ioctl_usable() - may the handle be used for this?
 * @handle: handle
 * @right: MBOX_RIGHT_* that it takes
 *
 * Context: any.
 * Return: 0, -ENOTCONN or -EBADF.
 */
int mbx_ioctl_usable(const struct mbx_handle *handle, u32 right)
{
	if (!mbx_handle_mailbox(handle))
		return -ENOTCONN;
	return handle->rights & right ? 0 : -EBADF;
}

/*
 * Working memory for a vector. Most vectors have one element, for which the
 * stack has a place; @one is that place in the functions below.
 */
static void *vector_alloc(u32 count, size_t size, void *one)
{
	return count == 1 ? one : kmalloc_array(count, size, GFP_KERNEL);
}

static void vector_free(void *vec, void *one)
{
	if (vec != one)
		kfree(vec);
}

static struct mbox_message *copy_vector(u64 address, u32 count,
					struct mbox_message *one)
{
	struct mbox_message *vec;

	if (!count || count > MBOX_VEC_MAX)
		return ERR_PTR(-EINVAL);
	/* Of a size that the compiler knows, a copy is not checked at run time. */
	if (count == 1)
		return copy_from_user(one, u64_to_user_ptr(address),
				      sizeof(*one)) ? ERR_PTR(-EFAULT) : one;
	vec = kmalloc_array(count, sizeof(*vec), GFP_KERNEL);
	if (!vec)
		return ERR_PTR(-ENOMEM);
	if (!copy_from_user(vec, u64_to_user_ptr(address),
			    array_size(count, sizeof(*vec))))
		return vec;
	kfree(vec);
	return ERR_PTR(-EFAULT);
}

static int check_vector(const struct mbox_message *vec, u32 count,
			struct mbx_mailbox *mbox)
{
	int err = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		if (!mbx_message_header_valid(&vec[i].header) ||
		    vec[i].size || vec[i].offset)
			return -EINVAL;
	}
	for (i = 0; i < count && !err; i++)
		err = mbx_mailbox_first_look(mbox, vec[i].header.len);
	return err;
}

static void put_messages(struct mbx_message **msgs, u32 count)
{
	while (count)
		mbx_message_put(msgs[--count]);
}

static int copy_messages(struct mbx_handle *handle,
			 const struct mbox_message *vec, u32 count,
			 struct mbx_message **msgs)
{
	struct iov_iter from;
	u32 i;

	for (i = 0; i < count; i++) {
		iov_iter_ubuf(&from, ITER_SOURCE, u64_to_user_ptr(vec[i].buf),
			      vec[i].header.len);
		msgs[i] = mbx_landing_message(handle, vec[i].header.type,
					      vec[i].header.to, &from);
		if (IS_ERR(msgs[i])) {
			put_messages(msgs, i);
			return PTR_ERR(msgs[i]);
		}
	}
	return 0;
}

static int set_lifetimes(struct mbx_message **msgs, u32 count, u64 ttl)
{
	int err = 0;
	u32 i;

	for (i = 0; ttl && i < count && !err; i++)
		err = mbx_message_set_ttl(msgs[i], ttl, mbx_leave_expired_locked,
					  MBX_GFP);
	return err;
}

/* The messages stay the caller's but for the first ones, which were sent. */
static int send_messages(struct mbx_handle *handle, struct mbx_message **msgs,
			 const struct mbox_send *send,
			 const struct mbx_wait *wait)
{
	int ret = set_lifetimes(msgs, send->count, send->ttl);

	if (ret)
		return ret;
	if (!(send->flags & MBOX_SEND_SYNC))
		return mbx_send(handle, msgs, send->count, wait);
	if (mbx_topic_is(mbx_handle_mailbox(handle)))
		return -EOPNOTSUPP;
	ret = mbx_send_sync(handle, msgs[0], wait);
	if (ret)
		return ret;
	mbx_message_put(msgs[0]);
	return 1;
}

static long send_vector(struct mbx_handle *handle,
			const struct mbox_message *vec,
			const struct mbox_send *send,
			const struct mbx_wait *wait)
{
	struct mbx_message **msgs, *one;
	u32 count = send->count;
	int sent;

	sent = check_vector(vec, count, mbx_handle_mailbox(handle));
	if (sent)
		return sent;
	msgs = vector_alloc(count, sizeof(*msgs), &one);
	if (!msgs)
		return -ENOMEM;

	sent = copy_messages(handle, vec, count, msgs);
	if (!sent) {
		sent = send_messages(handle, msgs, send, wait);
		if (sent < (int)count)
			put_messages(msgs + max(sent, 0), count - max(sent, 0));
	}
	vector_free(msgs, &one);
	return sent;
}

static int check_send(const struct mbox_send *send)
{
	if (send->flags & ~SEND_FLAGS || send->deadline < 0 ||
	    send->ttl > S64_MAX)
		return -EINVAL;
	return send->flags & MBOX_SEND_SYNC && send->count != 1 ? -EINVAL : 0;
}

/**
 * mbx_ioctl_send() - carry out MBOX_IOC_SEND
 * @file: file of a handle
 * @arg: address of the struct mbox_send
 *
 * Context: may sleep.
 * Return: what the command documents.
 */
long mbx_ioctl_send(struct file *file, void __user *arg)
{
	struct mbx_handle *handle = file->private_data;
	struct mbox_message *vec, one mbx_unset;
	struct mbox_send send mbx_unset;
	struct mbx_wait wait mbx_unset;
	long ret;

	if (copy_from_user(&send, arg, sizeof(send)))
		return -EFAULT;
	ret = check_send(&send);
	if (!ret)
		ret = mbx_ioctl_usable(handle, MBOX_RIGHT_SEND);
	if (ret)
		return ret;
	vec = copy_vector(send.vec, send.count, &one);
	if (IS_ERR(vec))
		return PTR_ERR(vec);

	mbx_ioctl_wait(&wait, file, send.flags & MBOX_SEND_NOWAIT, send.deadline);
	ret = send_vector(handle, vec, &send, &wait);
	vector_free(vec, &one);
	return interrupted(ret, send.flags & MBOX_SEND_INTR);
}

/* Nothing is to be received: blocks are to be given back. */
static bool only_gives_back(const struct mbox_recv *recv)
{
	struct mbox_recv blocks = {
		.blocks = recv->blocks,
		.block_count = recv->block_count,
	};

	return recv->block_count && !memcmp(&blocks, recv, sizeof(blocks));
}

static int check_blocks(const struct mbox_recv *recv)
{
	if (recv->block_count > MBOX_VEC_MAX)
		return -EINVAL;
	return recv->blocks && !recv->block_count ? -EINVAL : 0;
}

/* To wait for what comes later would be to count what comes before it. */
static bool skip_valid(const struct mbox_recv *recv)
{
	const u32 needed = MBOX_RECV_PEEK | MBOX_RECV_NOWAIT;

	if (!recv->skip)
		return true;
	return recv->skip <= MBOX_SKIP_MAX && (recv->flags & needed) == needed;
}

static bool is_none(const struct mbox_filter *filter)
{
	return !(filter->lo | filter->hi | filter->flags | filter->reserved);
}

static int check_recv(const struct mbox_recv *recv)
{
	if (recv->flags & ~RECV_FLAGS || recv->deadline < 0 ||
	    check_blocks(recv) || !skip_valid(recv))
		return -EINVAL;
	if (!recv->count && !only_gives_back(recv))
		return -EINVAL;
	if ((recv->flags & MBOX_RECV_PEEK) &&
	    (recv->count != 1 ||
	     recv->flags & (MBOX_RECV_LEASE | MBOX_RECV_POOL)))
		return -EINVAL;
	if (recv->lease > S64_MAX ||
	    (recv->lease && !(recv->flags & MBOX_RECV_LEASE)))
		return -EINVAL;
	if (recv->flags & MBOX_RECV_FILTER)
		return mbx_filter_valid(&recv->filter) ? 0 : -EINVAL;
	return is_none(&recv->filter) ? 0 : -EINVAL;
}

static bool reads_element(struct mbx_receive *receive,
			  const struct mbox_message __user *from)
{
	u64 size;

	if (!user_access_begin(from, sizeof(*from)))
		return false;
	unsafe_get_user(receive->buf, &from->buf, fault);
	unsafe_get_user(size, &from->size, fault);
	user_access_end();
	receive->room = min_t(u64, size, MBOX_SIZE_MAX);
	return true;

fault:
	user_access_end();
	return false;
}

static int prepare_receives(struct mbx_recv_job *job, struct mbx_handle *handle,
			    const struct mbox_filter *filter)
{
	const struct mbox_message __user *from = u64_to_user_ptr(job->recv.vec);
	const struct mbox_recv *recv = &job->recv;
	u32 i;

	for (i = 0; i < recv->count; i++) {
		struct mbx_receive *receive = &job->receives[i];

		mbx_receive_init(receive, handle, filter, 0);
		receive->peek = recv->flags & MBOX_RECV_PEEK;
		receive->skip = recv->skip;
		receive->trunc = recv->flags & MBOX_RECV_TRUNC;
		receive->pool = recv->flags & MBOX_RECV_POOL;
		receive->lease_ns = recv->lease;
		if (!reads_element(receive, &from[i]))
			return -EFAULT;
	}
	return 0;
}

static int prepare_leases(struct mbx_receive *receives, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		receives[i].lease = mbx_delivery_new_lease();
		if (!receives[i].lease)
			return -ENOMEM;
	}
	return 0;
}

static int copy_header_out(const struct mbx_receive *receive,
			   struct mbox_message __user *to)
{
	struct mbox_header header mbx_unset;

	mbx_receive_header(receive, &header);
	return copy_to_user(&to->header, &header, sizeof(header)) ? -EFAULT : 0;
}

static int copy_element_out(const struct mbx_receive *receive,
			    struct mbox_message __user *to)
{
	struct iov_iter iter;

	if (receive->landed) {
		if (put_user(mbx_landing_offset(receive), &to->offset))
			return -EFAULT;
		return copy_header_out(receive, to);
	}
	iov_iter_ubuf(&iter, ITER_DEST, u64_to_user_ptr(receive->buf),
		      receive->room);
	if (mbx_message_copy_out(receive->msg, &iter))
		return -EFAULT;
	return copy_header_out(receive, to);
}

static void put_back(struct mbx_handle *handle, struct mbx_receive *receives,
		     u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		mbx_landing_take_back(&receives[i]);
	mbx_receive_put_back(handle, receives, count);
}

/* What cannot be copied out goes back to where it was. */
static int deliver(struct mbx_handle *handle, const struct mbox_recv *recv,
		   struct mbx_receive *receives, int count)
{
	struct mbox_message __user *to = u64_to_user_ptr(recv->vec);
	int i;

	for (i = 0; i < count; i++) {
		if (copy_element_out(&receives[i], &to[i]))
			break;
	}
	if (i < count && !(recv->flags & MBOX_RECV_PEEK))
		put_back(handle, receives + i, count - i);
	return i ? i : -EFAULT;
}

static void put_received(struct mbx_receive *receives, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		mbx_delivery_free_lease(receives[i].lease);
		if (receives[i].msg)
			mbx_message_put(receives[i].msg);
	}
}

static long receive(struct mbx_handle *handle, const struct mbox_recv *recv,
		    struct mbx_receive *receives, const struct mbx_wait *wait,
		    struct mbx_reply *reply)
{
	struct mbox_message __user *first = u64_to_user_ptr(recv->vec);
	int ret = mbx_receive(handle, receives, recv->count, wait, reply);

	if (ret > 0)
		ret = deliver(handle, recv, receives, ret);
	/* Without a message it was the reply that was too long. */
	else if (ret == -EMSGSIZE && receives->msg &&
		 copy_header_out(receives, first))
		ret = -EFAULT;
	return ret;
}

static int copy_elements(struct mbx_recv_job *job, struct mbx_handle *handle)
{
	const struct mbox_filter *filter = &job->recv.filter;
	struct mbox_config config mbx_unset;
	u32 count = job->recv.count;

	if (count > MBOX_VEC_MAX)
		return -EINVAL;
	mbx_handle_get_config(handle, &config);
	job->spin = config.busy_poll;
	if (!(job->recv.flags & MBOX_RECV_FILTER))
		filter = &config.filter;
	job->receives = vector_alloc(count, sizeof(*job->receives), &job->one);
	if (!job->receives)
		return -ENOMEM;
	return prepare_receives(job, handle, filter);
}

static int copy_blocks(struct mbx_recv_job *job)
{
	u32 count = job->recv.block_count;

	job->blocks = vector_alloc(count, sizeof(*job->blocks),
				   &job->one_block);
	if (!job->blocks)
		return -ENOMEM;
	if (copy_from_user(job->blocks, u64_to_user_ptr(job->recv.blocks),
			   array_size(count, sizeof(*job->blocks))))
		return -EFAULT;
	return 0;
}

/**
 * mbx_ioctl_recv_prepare() - copy in and check what a receive is to do
 * @job: where that goes; to be ended by mbx_ioctl_recv_end()
 * @handle: handle that receives
 * @arg: address of the struct mbox_recv
 *
 * Context: may sleep.
 * Return: 0 or an error that the command documents.
 */
int mbx_ioctl_recv_prepare(struct mbx_recv_job *job,
			   struct mbx_handle *handle, void __user *arg)
{
	int err;

	job->receives = NULL;
	job->aside = NULL;
	job->reply = NULL;
	job->blocks = NULL;
	job->arg = arg;
	if (copy_from_user(&job->recv, arg, sizeof(job->recv)))
		return -EFAULT;
	err = check_recv(&job->recv);
	if (!err)
		err = mbx_ioctl_usable(handle, MBOX_RIGHT_RECV);
	if (!err && job->recv.block_count)
		err = copy_blocks(job);
	if (err || !job->recv.count)
		return err;
	return copy_elements(job, handle);
}

/* With the count written to before, there will be no surprise later. */
static int give_back(const struct mbx_recv_job *job, struct mbx_handle *handle)
{
	struct mbox_recv __user *arg = job->arg;
	u32 count = job->recv.block_count;
	int err;

	if (put_user(0, &arg->block_count))
		return -EFAULT;
	err = mbx_landing_give_back(handle, job->blocks, count);
	if (err && put_user(count, &arg->block_count))
		return -EFAULT;
	return err;
}

/**
 * mbx_ioctl_recv_run() - give back blocks, and receive
 * @job: job that was prepared
 * @file: file of the handle
 *
 * Context: may sleep.
 * Return: what MBOX_IOC_RECV documents.
 */
long mbx_ioctl_recv_run(struct mbx_recv_job *job, const struct file *file)
{
	const struct mbox_recv *recv = &job->recv;
	struct mbx_wait wait mbx_unset;
	long ret = 0;

	if (recv->block_count)
		ret = give_back(job, file->private_data);
	if (ret || !recv->count)
		return ret;
	mbx_ioctl_wait(&wait, file, recv->flags & MBOX_RECV_NOWAIT,
		       recv->deadline);
	wait.spin = job->spin;
	wait.aside = job->aside;
	if (recv->flags & MBOX_RECV_LEASE)
		ret = prepare_leases(job->receives, recv->count);
	if (!ret)
		ret = receive(file->private_data, recv, job->receives, &wait,
			      job->reply);
	put_received(job->receives, recv->count);
	return interrupted(ret, recv->flags & MBOX_RECV_INTR);
}

/**
 * mbx_ioctl_recv_end() - free what mbx_ioctl_recv_prepare() took
 * @job: job, whether it could be prepared or not
 *
 * Context: any.
 */
void mbx_ioctl_recv_end(struct mbx_recv_job *job)
{
	vector_free(job->blocks, &job->one_block);
	vector_free(job->receives, &job->one);
}

/**
 * mbx_ioctl_recv() - carry out MBOX_IOC_RECV
 * @file: file of a handle
 * @arg: address of the struct mbox_recv
 *
 * Context: may sleep.
 * Return: what the command documents.
 */
long mbx_ioctl_recv(struct file *file, void __user *arg)
{
	struct mbx_recv_job job mbx_unset;
	long ret;

	ret = mbx_ioctl_recv_prepare(&job, file->private_data, arg);
	if (!ret)
		ret = mbx_ioctl_recv_run(&job, file);
	mbx_ioctl_recv_end(&job);
	return ret;
}
