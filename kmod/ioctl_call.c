// SPDX-License-Identifier: GPL-2.0
/* The commands that call and reply. */
#include <linux/fs.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "call.h"
#include "clock.h"
#include "copy.h"
#include "delivery.h"
#include "filter.h"
#include "handle.h"
#include "ioctl.h"
#include "landing.h"
#include "mailbox.h"
#include "message.h"
#include "topic.h"
#include "waiter.h"

#define SETTLE_OUTCOMES	(MBOX_SETTLE_REPLY | MBOX_SETTLE_RETURN | \
			 MBOX_SETTLE_CHECK | MBOX_SETTLE_ACK)
#define SETTLE_FLAGS	(SETTLE_OUTCOMES | MBOX_SETTLE_NEXT)

/* ---- CALL ------------------------------------------------------------------ */

static int check_call(const struct mbox_call *call)
{
	if (call->flags & ~MBOX_CALL_NOWAIT || call->reserved ||
	    call->deadline < 0)
		return -EINVAL;
	/* What goes on has been sent: no matter what would be sent now. */
	if (call->cookie)
		return 0;
	return mbx_type_valid(call->type) ? 0 : -EINVAL;
}

static u32 reply_room(const struct mbx_handle *handle, u64 room)
{
	const struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);

	return min_t(u64, room, READ_ONCE(mbox->limits.max_size));
}

static struct mbx_message *copy_request(struct mbx_handle *handle,
					const struct mbox_call *args)
{
	struct iov_iter from;

	iov_iter_ubuf(&from, ITER_SOURCE, u64_to_user_ptr(args->buf),
		      args->len);
	return mbx_landing_message(handle, args->type, args->to, &from);
}

/* With the address written to before, there will be no surprise later. */
static struct mbx_call *new_call(struct mbx_handle *handle,
				 const struct mbox_call *args, s64 deadline,
				 struct mbox_call __user *arg)
{
	int err;

	if (mbx_topic_is(mbx_handle_mailbox(handle)))
		return ERR_PTR(-EOPNOTSUPP);
	err = mbx_mailbox_first_look(mbx_handle_mailbox(handle), args->len);
	if (!err && put_user(0, &arg->cookie))
		err = -EFAULT;
	if (err)
		return ERR_PTR(err);
	return mbx_call_new(handle, reply_room(handle, args->room), deadline);
}

static int copy_reply_out(const struct mbx_call *call,
			  const struct mbox_call *args,
			  struct mbox_call __user *arg)
{
	struct mbox_header header mbx_unset;
	struct iov_iter to;
	int err;

	mbx_call_header(call, &header);
	iov_iter_ubuf(&to, ITER_DEST, u64_to_user_ptr(args->reply),
		      min_t(u64, args->room, MBOX_SIZE_MAX));
	err = mbx_call_copy_out(call, &to);
	if (err)
		return err;
	return copy_to_user(&arg->header, &header, sizeof(header)) ? -EFAULT : 0;
}

static bool goes_on(long result)
{
	return result == -ERESTARTSYS || result == -EINPROGRESS;
}

/* Take the cookie back, unless the program never had it or needs it again. */
static int clear_cookie(const struct mbox_call *args,
			struct mbox_call __user *arg)
{
	return args->cookie && put_user(0, &arg->cookie) ? -EFAULT : 0;
}

/* Have the program resume the call; it loses what it cannot be told of. */
static long leave_call(struct mbx_call *call, long reason,
		       const struct mbox_call *args,
		       struct mbox_call __user *arg)
{
	/* Before its number is known: whoever has that finds the call. */
	mbx_call_enter(call);
	if (!args->cookie && put_user(call->cookie.value, &arg->cookie)) {
		mbx_call_finish(call);
		return -EFAULT;
	}
	mbx_call_release(call);
	return reason;
}

static long finish_call(struct mbx_call *call, long result,
			const struct mbox_call *args,
			struct mbox_call __user *arg)
{
	int err = 0;

	/* Who is being killed resumes nothing, though others may have the handle. */
	if (goes_on(result) && !fatal_signal_pending(current))
		return leave_call(call, result, args, arg);
	if (!result)
		err = copy_reply_out(call, args, arg);
	if (!err && !goes_on(result))
		err = clear_cookie(args, arg);
	/* A call that was given up cannot be resumed, whatever is in the struct. */
	if (err && result != -ETIMEDOUT)
		return leave_call(call, err, args, arg);
	mbx_call_finish(call);
	return result;
}

static long make_call(struct mbx_handle *handle, const struct mbox_call *args,
		      const struct mbx_wait *wait, struct mbox_call __user *arg)
{
	struct mbx_message *request;
	struct mbx_call *call;
	bool sent = false;
	long ret;

	call = new_call(handle, args, wait->deadline, arg);
	if (IS_ERR(call))
		return PTR_ERR(call);

	request = copy_request(handle, args);
	ret = PTR_ERR_OR_ZERO(request);
	if (!ret)
		ret = mbx_call_make(call, request, wait, &sent);
	if (sent)
		ret = finish_call(call, ret, args, arg);
	mbx_call_put(call);
	return ret;
}

static long resume_call(struct mbx_handle *handle, const struct mbox_call *args,
			const struct mbx_wait *wait,
			struct mbox_call __user *arg)
{
	struct mbx_call *call = mbx_call_claim(handle, args->cookie);
	long ret;

	if (IS_ERR(call))
		return PTR_ERR(call);
	ret = finish_call(call, mbx_call_wait(call, wait), args, arg);
	mbx_call_put(call);
	return ret;
}

/**
 * mbx_ioctl_call() - carry out MBOX_IOC_CALL
 * @file: file of a handle
 * @argp: address of the struct mbox_call
 *
 * Context: may sleep.
 * Return: what the command documents.
 */
long mbx_ioctl_call(struct file *file, void __user *argp)
{
	struct mbx_handle *handle = file->private_data;
	struct mbox_call __user *arg = argp;
	struct mbox_call args mbx_unset;
	struct mbx_wait wait mbx_unset;
	long ret;

	/* The header is only written. */
	if (copy_from_user(&args, arg, offsetof(struct mbox_call, header)))
		return -EFAULT;
	ret = check_call(&args);
	if (!ret)
		ret = mbx_ioctl_usable(handle, MBOX_RIGHT_SEND);
	if (ret)
		return ret;

	mbx_ioctl_wait(&wait, file, args.flags & MBOX_CALL_NOWAIT,
		       args.deadline);
	wait.aside = &handle->aside;
	if (args.cookie)
		return resume_call(handle, &args, &wait, arg);
	return make_call(handle, &args, &wait, arg);
}

/* ---- SETTLE ------------------------------------------------------------------ */

static bool has_one_outcome(const struct mbox_settle *settle)
{
	return hweight32(settle->flags & SETTLE_OUTCOMES) == 1;
}

static bool has_reply(const struct mbox_settle *settle)
{
	return settle->type || settle->buf || settle->len;
}

static int check_settle(const struct mbox_settle *settle)
{
	bool next = settle->flags & MBOX_SETTLE_NEXT;
	bool reply = settle->flags & MBOX_SETTLE_REPLY;

	if (settle->flags & ~SETTLE_FLAGS || settle->reserved)
		return -EINVAL;
	if (!has_one_outcome(settle) &&
	    (settle->flags & SETTLE_OUTCOMES || !next || settle->cookie))
		return -EINVAL;
	if (!settle->cookie && !next)
		return -EINVAL;
	if (!next && settle->next)
		return -EINVAL;
	if (next && settle->flags & MBOX_SETTLE_CHECK)
		return -EINVAL;
	if (!reply && has_reply(settle))
		return -EINVAL;
	return reply && !mbx_type_valid(settle->type) ? -EINVAL : 0;
}

/* What cannot be read has its place among the refusals: see what is wrong then. */
static bool fetch_short(const struct mbox_settle *settle, u8 *text)
{
	struct iov_iter from;

	if (settle->len > MBX_REPLY_SHORT)
		return false;
	iov_iter_ubuf(&from, ITER_SOURCE, u64_to_user_ptr(settle->buf),
		      settle->len);
	return !mbx_copy_in(text, settle->len, &from);
}

/* A short payload is fetched to @text, which has MBX_REPLY_SHORT bytes. */
static void prepare_reply(struct mbx_reply *reply,
			  const struct mbox_settle *settle, u8 *text)
{
	reply->cookie = settle->cookie;
	reply->type = settle->type;
	reply->len = settle->len;
	reply->text = fetch_short(settle, text) ? text : NULL;
	reply->buf = settle->buf;
	reply->made = false;
}

static int make_reply(struct mbx_handle *handle,
		      const struct mbox_settle *settle)
{
	u8 text[MBX_REPLY_SHORT] __aligned(8) mbx_unset;
	struct mbx_reply reply mbx_unset;

	if (settle->len > MBOX_SIZE_MAX)
		return -EMSGSIZE;
	prepare_reply(&reply, settle, text);
	return mbx_delivery_reply(handle, &reply);
}

static int settle_delivery(struct mbx_handle *handle,
			   const struct mbox_settle *settle)
{
	if (settle->flags & MBOX_SETTLE_RETURN)
		return mbx_delivery_return(handle, settle->cookie);
	if (settle->flags & MBOX_SETTLE_ACK)
		return mbx_delivery_acknowledge(handle, settle->cookie);
	return make_reply(handle, settle);
}

/* The cookie is taken from the struct first, so that nothing can fail after. */
static int settle_and_clear(struct mbx_handle *handle,
			    const struct mbox_settle *settle,
			    struct mbox_settle __user *arg)
{
	int ret;

	if (put_user(0, &arg->cookie))
		return -EFAULT;
	ret = settle_delivery(handle, settle);
	if (!ret || ret == -ECANCELED)
		return ret;
	return put_user(settle->cookie, &arg->cookie) ? -EFAULT : ret;
}

/* A reply and a receive in one lock section. */
static long reply_and_receive(struct file *file,
			      const struct mbox_settle *settle,
			      struct mbox_settle __user *arg,
			      struct mbx_recv_job *job)
{
	long ret;

	if (put_user(0, &arg->cookie))
		return -EFAULT;
	ret = mbx_ioctl_recv_run(job, file);
	if (ret < 0 && !job->reply->made && put_user(settle->cookie, &arg->cookie))
		return -EFAULT;
	return ret;
}

static long settle_and_receive(struct file *file,
			       const struct mbox_settle *settle,
			       struct mbox_settle __user *arg,
			       struct mbx_recv_job *job)
{
	long ret = 0;

	if (settle->cookie)
		ret = settle_and_clear(file->private_data, settle, arg);
	return ret ? ret : mbx_ioctl_recv_run(job, file);
}

/* Giving back blocks comes between the two, and may fail. */
static bool is_short_reply(const struct mbox_settle *settle,
			   const struct mbox_recv *recv)
{
	return settle->cookie && settle->flags & MBOX_SETTLE_REPLY &&
	       recv->count && !recv->block_count;
}

static long next(struct file *file, const struct mbox_settle *settle,
		 struct mbox_settle __user *arg, struct mbx_recv_job *job)
{
	u8 text[MBX_REPLY_SHORT] __aligned(8) mbx_unset;
	struct mbx_reply reply mbx_unset;

	if (!is_short_reply(settle, &job->recv))
		return settle_and_receive(file, settle, arg, job);
	prepare_reply(&reply, settle, text);
	if (!reply.text)
		return settle_and_receive(file, settle, arg, job);
	job->reply = &reply;
	return reply_and_receive(file, settle, arg, job);
}

static long settle_next(struct file *file, const struct mbox_settle *settle,
			struct mbox_settle __user *arg)
{
	struct mbx_handle *handle = file->private_data;
	struct mbx_recv_job job mbx_unset;
	long ret;

	ret = mbx_ioctl_recv_prepare(&job, handle,
				     u64_to_user_ptr(settle->next));
	job.aside = &handle->aside;
	if (!ret)
		ret = next(file, settle, arg, &job);
	mbx_ioctl_recv_end(&job);
	return ret;
}

/**
 * mbx_ioctl_settle() - carry out MBOX_IOC_SETTLE
 * @file: file of a handle
 * @argp: address of the struct mbox_settle
 *
 * Context: may sleep.
 * Return: what the command documents.
 */
long mbx_ioctl_settle(struct file *file, void __user *argp)
{
	struct mbx_handle *handle = file->private_data;
	struct mbox_settle __user *arg = argp;
	struct mbox_settle settle mbx_unset;
	long ret;

	if (copy_from_user(&settle, arg, sizeof(settle)))
		return -EFAULT;
	ret = check_settle(&settle);
	if (!ret)
		ret = mbx_ioctl_usable(handle, MBOX_RIGHT_RECV);
	if (ret)
		return ret;
	if (settle.flags & MBOX_SETTLE_CHECK)
		return mbx_delivery_check(handle, settle.cookie);
	if (settle.flags & MBOX_SETTLE_NEXT)
		return settle_next(file, &settle, arg);
	return settle_and_clear(handle, &settle, arg);
}
