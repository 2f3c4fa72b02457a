// SPDX-License-Identifier: GPL-2.0
/* The commands: copy in, check, call, copy out. */
#include <linux/build_bug.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "clock.h"
#include "device.h"
#include "filter.h"
#include "handle.h"
#include "ioctl.h"
#include "limits.h"
#include "mailbox.h"
#include "message.h"
#include "receive.h"
#include "send.h"
#include "sender.h"
#include "waiter.h"

static_assert(sizeof(struct mbox_filter) == 24);
static_assert(sizeof(struct mbox_limits) == 24);
static_assert(sizeof(struct mbox_open) == 64);
static_assert(sizeof(struct mbox_config) == 64);
static_assert(sizeof(struct mbox_info) == 224);
static_assert(sizeof(struct mbox_grant) == 8);
static_assert(sizeof(struct mbox_header) == 80);
static_assert(sizeof(struct mbox_message) == 96);
static_assert(sizeof(struct mbox_send) == 32);
static_assert(sizeof(struct mbox_recv) == 56);

#define OPEN_FLAGS	(MBOX_OPEN_CREATE | MBOX_OPEN_EXCL | MBOX_OPEN_PERSIST)
#define CONFIG_FLAGS	(MBOX_CONFIG_FRAMING | MBOX_CONFIG_TYPE | \
			 MBOX_CONFIG_FILTER | MBOX_CONFIG_BUSY_POLL)
#define RECV_FLAGS	(MBOX_RECV_NOWAIT | MBOX_RECV_PEEK | \
			 MBOX_RECV_TRUNC | MBOX_RECV_FILTER)
#define ALL_RIGHTS	(MBOX_RIGHT_RECV | MBOX_RIGHT_SEND)

/* ---- OPEN ---------------------------------------------------------------- */

static bool asks_for_nothing_new(const struct mbox_open *open)
{
	static const struct mbox_limits none;

	return !open->kind && !open->mode &&
	       !memcmp(&open->limits, &none, sizeof(none));
}

/* What one may ask of a mailbox that is created. */
static bool creation_valid(const struct mbox_open *open,
			   const struct mbox_limits *limits)
{
	if (open->id || open->kind != MBOX_KIND_QUEUE)
		return false;
	if ((open->flags & MBOX_OPEN_PERSIST) && !open->name_len)
		return false;
	return mbx_mode_valid(open->mode) && !mbx_limits_refusal(limits);
}

/* What one may ask of a mailbox that is there. */
static bool lookup_valid(const struct mbox_open *open)
{
	if (open->flags & (MBOX_OPEN_EXCL | MBOX_OPEN_PERSIST))
		return false;
	if (!open->id == !open->name_len)
		return false;
	return asks_for_nothing_new(open);
}

static int copy_name(const struct mbox_open *open, char *name)
{
	if (open->name_len > MBOX_NAME_MAX)
		return -ENAMETOOLONG;
	if (copy_from_user(name, u64_to_user_ptr(open->name), open->name_len))
		return -EFAULT;
	name[open->name_len] = '\0';
	return mbx_name_valid(name, open->name_len) ? 0 : -EINVAL;
}

static int check_open(const struct mbox_open *open, struct mbx_target *target)
{
	if (open->flags & ~OPEN_FLAGS || open->reserved)
		return -EINVAL;
	if (open->name && !open->name_len)
		return -EINVAL;

	target->id = open->id;
	target->flags = open->flags;
	target->kind = open->kind;
	target->mode = open->mode;
	target->limits = open->limits;
	if (!(open->flags & MBOX_OPEN_CREATE))
		return lookup_valid(open) ? 0 : -EINVAL;

	mbx_limits_default(&target->limits);
	return creation_valid(open, &target->limits) ? 0 : -EINVAL;
}

static long ioctl_open(struct file *file, void __user *arg)
{
	char name[MBOX_NAME_MAX + 1] = "";
	struct mbx_target target = { .name = name };
	struct mbox_open open;
	int err;

	if (copy_from_user(&open, arg, sizeof(open)))
		return -EFAULT;
	err = check_open(&open, &target);
	if (!err && open.name_len)
		err = copy_name(&open, name);
	if (err)
		return err;
	return mbx_handle_bind(file->private_data, file, &target);
}

/* ---- CONFIG ---------------------------------------------------------------- */

static bool config_values_valid(const struct mbox_config *config)
{
	u32 flags = config->flags;

	if (config->framing > MBOX_FRAMING_RECORD)
		return false;
	if ((flags & MBOX_CONFIG_TYPE) && !mbx_type_valid(config->type))
		return false;
	if ((flags & MBOX_CONFIG_FILTER) && !mbx_filter_valid(&config->filter))
		return false;
	return config->busy_poll <= MBOX_BUSY_POLL_MAX;
}

/* Nothing but the members that the flags name may be set. */
static bool config_unnamed_zero(const struct mbox_config *config)
{
	struct mbox_config named = { .flags = config->flags };

	if (config->flags & MBOX_CONFIG_FRAMING)
		named.framing = config->framing;
	if (config->flags & MBOX_CONFIG_TYPE)
		named.type = config->type;
	if (config->flags & MBOX_CONFIG_FILTER)
		named.filter = config->filter;
	if (config->flags & MBOX_CONFIG_BUSY_POLL)
		named.busy_poll = config->busy_poll;
	return !memcmp(&named, config, sizeof(named));
}

static long ioctl_config(struct file *file, void __user *arg)
{
	struct mbx_handle *handle = file->private_data;
	struct mbox_config config;

	if (copy_from_user(&config, arg, sizeof(config)))
		return -EFAULT;
	if (config.flags & ~CONFIG_FLAGS || !config_unnamed_zero(&config) ||
	    !config_values_valid(&config))
		return -EINVAL;

	if (config.flags) {
		mbx_handle_set_config(handle, &config);
		return 0;
	}
	mbx_handle_get_config(handle, &config);
	return copy_to_user(arg, &config, sizeof(config)) ? -EFAULT : 0;
}

/* ---- INFO -------------------------------------------------------------------- */

static int fill_info(struct mbx_handle *handle, struct mbox_info *info)
{
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	int err;

	err = mbx_mailbox_info(mbox, info);
	if (err)
		return err;
	info->name_len = strlen(mbox->name);
	info->rights = handle->rights;
	info->handle = handle->sender->id;
	info->next_size = mbx_receive_next_size(handle);
	return 0;
}

static long ioctl_info(struct file *file, void __user *arg)
{
	struct mbx_handle *handle = file->private_data;
	struct mbx_mailbox *mbox = mbx_handle_mailbox(handle);
	struct mbox_info info, request = {};
	u32 name_room;
	int err;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	request.name = info.name;
	request.name_size = info.name_size;
	if (memcmp(&request, &info, sizeof(info)))
		return -EINVAL;
	if (!mbox)
		return -ENOTCONN;

	err = fill_info(handle, &info);
	if (err)
		return err;
	name_room = min(info.name_size, info.name_len);
	if (copy_to_user(u64_to_user_ptr(info.name), mbox->name, name_room))
		return -EFAULT;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

/* ---- GRANT --------------------------------------------------------------------- */

static struct file *granted_file(struct mbx_handle *original, u32 rights)
{
	struct mbx_handle *handle = mbx_handle_clone(original, rights);
	struct file *file;

	if (IS_ERR(handle))
		return ERR_CAST(handle);
	file = mbx_device_file(handle);
	if (IS_ERR(file))
		mbx_handle_free(handle);
	return file;
}

static long grant(struct mbx_handle *handle, u32 rights)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;

	if (fd < 0)
		return fd;
	file = granted_file(handle, rights);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

static long ioctl_grant(struct file *file, void __user *arg)
{
	struct mbx_handle *handle = file->private_data;
	struct mbox_grant request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (!request.rights || request.rights & ~ALL_RIGHTS || request.reserved)
		return -EINVAL;
	if (!mbx_handle_mailbox(handle))
		return -ENOTCONN;
	if (request.rights & ~handle->rights)
		return -EACCES;
	return grant(handle, request.rights);
}

/* ---- SEND and RECV --------------------------------------------------------------- */

static void set_wait(struct mbx_wait *wait, const struct file *file,
		     bool nowait, s64 deadline)
{
	wait->nowait = nowait || file->f_flags & O_NONBLOCK;
	wait->deadline = ns_to_ktime(mbx_clock_deadline(deadline));
	wait->spin = 0;
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
	vec = vector_alloc(count, sizeof(*vec), one);
	if (!vec)
		return ERR_PTR(-ENOMEM);
	if (!copy_from_user(vec, u64_to_user_ptr(address),
			    array_size(count, sizeof(*vec))))
		return vec;
	vector_free(vec, one);
	return ERR_PTR(-EFAULT);
}

static int check_vector(const struct mbox_message *vec, u32 count,
			struct mbx_mailbox *mbox)
{
	int err = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		if (!mbx_message_header_valid(&vec[i].header) || vec[i].size)
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
		msgs[i] = mbx_message_new(handle->sender, vec[i].header.type,
					  &from);
		if (IS_ERR(msgs[i])) {
			put_messages(msgs, i);
			return PTR_ERR(msgs[i]);
		}
	}
	return 0;
}

static long send_vector(struct mbx_handle *handle,
			const struct mbox_message *vec, u32 count,
			const struct mbx_wait *wait)
{
	struct mbx_message **msgs, *one;
	int sent;

	sent = check_vector(vec, count, mbx_handle_mailbox(handle));
	if (sent)
		return sent;
	msgs = vector_alloc(count, sizeof(*msgs), &one);
	if (!msgs)
		return -ENOMEM;

	sent = copy_messages(handle, vec, count, msgs);
	if (!sent) {
		sent = mbx_send(handle, msgs, count, wait);
		if (sent < (int)count)
			put_messages(msgs + max(sent, 0), count - max(sent, 0));
	}
	vector_free(msgs, &one);
	return sent;
}

static int check_usable(const struct mbx_handle *handle, u32 right)
{
	if (!mbx_handle_mailbox(handle))
		return -ENOTCONN;
	return handle->rights & right ? 0 : -EBADF;
}

static long ioctl_send(struct file *file, void __user *arg)
{
	struct mbx_handle *handle = file->private_data;
	struct mbox_message *vec, one;
	struct mbox_send send;
	struct mbx_wait wait;
	long ret;

	if (copy_from_user(&send, arg, sizeof(send)))
		return -EFAULT;
	if (send.flags & ~MBOX_SEND_NOWAIT || send.deadline < 0 ||
	    send.reserved)
		return -EINVAL;
	ret = check_usable(handle, MBOX_RIGHT_SEND);
	if (ret)
		return ret;
	vec = copy_vector(send.vec, send.count, &one);
	if (IS_ERR(vec))
		return PTR_ERR(vec);

	set_wait(&wait, file, send.flags & MBOX_SEND_NOWAIT, send.deadline);
	ret = send_vector(handle, vec, send.count, &wait);
	vector_free(vec, &one);
	return ret;
}

static int check_recv(const struct mbox_recv *recv)
{
	static const struct mbox_filter none;

	if (recv->flags & ~RECV_FLAGS || recv->deadline < 0 || recv->reserved)
		return -EINVAL;
	if ((recv->flags & MBOX_RECV_PEEK) && recv->count != 1)
		return -EINVAL;
	if (recv->flags & MBOX_RECV_FILTER)
		return mbx_filter_valid(&recv->filter) ? 0 : -EINVAL;
	return memcmp(&recv->filter, &none, sizeof(none)) ? -EINVAL : 0;
}

static void prepare_receives(const struct mbox_recv *recv,
			     const struct mbox_filter *filter,
			     const struct mbox_message *vec,
			     struct mbx_receive *receives)
{
	u32 i;

	for (i = 0; i < recv->count; i++) {
		receives[i] = (struct mbx_receive){
			.filter = *filter,
			.room = min_t(u64, vec[i].size, MBOX_SIZE_MAX),
			.peek = recv->flags & MBOX_RECV_PEEK,
			.trunc = recv->flags & MBOX_RECV_TRUNC,
		};
	}
}

static int copy_header_out(const struct mbx_receive *receive,
			   struct mbox_message __user *to)
{
	struct mbox_header header;

	mbx_receive_header(receive, &header);
	return copy_to_user(&to->header, &header, sizeof(header)) ? -EFAULT : 0;
}

static int copy_element_out(const struct mbx_receive *receive, u64 buf,
			    struct mbox_message __user *to)
{
	struct iov_iter iter;

	iov_iter_ubuf(&iter, ITER_DEST, u64_to_user_ptr(buf), receive->room);
	if (mbx_message_copy_out(receive->msg, &iter))
		return -EFAULT;
	return copy_header_out(receive, to);
}

/* What cannot be copied out goes back to where it was. */
static int deliver(struct mbx_handle *handle, const struct mbox_recv *recv,
		   struct mbx_receive *receives, int count,
		   const struct mbox_message *vec)
{
	struct mbox_message __user *to = u64_to_user_ptr(recv->vec);
	int i;

	for (i = 0; i < count; i++) {
		if (copy_element_out(&receives[i], vec[i].buf, &to[i]))
			break;
	}
	if (i < count && !(recv->flags & MBOX_RECV_PEEK))
		mbx_receive_put_back(handle, receives + i, count - i);
	return i ? i : -EFAULT;
}

static void put_received(struct mbx_receive *receives, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (receives[i].msg)
			mbx_message_put(receives[i].msg);
	}
}

static long receive_vector(struct mbx_handle *handle,
			   const struct mbox_recv *recv,
			   struct mbx_receive *receives,
			   const struct mbox_message *vec,
			   const struct mbx_wait *wait)
{
	struct mbox_message __user *first = u64_to_user_ptr(recv->vec);
	int ret = mbx_receive(handle, receives, recv->count, wait);

	if (ret > 0)
		ret = deliver(handle, recv, receives, ret, vec);
	else if (ret == -EMSGSIZE && copy_header_out(receives, first))
		ret = -EFAULT;
	put_received(receives, recv->count);
	return ret;
}

static long receive(struct mbx_handle *handle, const struct mbox_recv *recv,
		    const struct mbox_message *vec, struct mbx_wait *wait)
{
	const struct mbox_filter *filter = &recv->filter;
	struct mbx_receive *receives, one;
	struct mbox_config config;
	long ret;

	mbx_handle_get_config(handle, &config);
	wait->spin = config.busy_poll;
	if (!(recv->flags & MBOX_RECV_FILTER))
		filter = &config.filter;

	receives = vector_alloc(recv->count, sizeof(*receives), &one);
	if (!receives)
		return -ENOMEM;
	prepare_receives(recv, filter, vec, receives);
	ret = receive_vector(handle, recv, receives, vec, wait);
	vector_free(receives, &one);
	return ret;
}

static long ioctl_recv(struct file *file, void __user *arg)
{
	struct mbx_handle *handle = file->private_data;
	struct mbox_message *vec, one;
	struct mbox_recv recv;
	struct mbx_wait wait;
	long ret;

	if (copy_from_user(&recv, arg, sizeof(recv)))
		return -EFAULT;
	ret = check_recv(&recv);
	if (!ret)
		ret = check_usable(handle, MBOX_RIGHT_RECV);
	if (ret)
		return ret;
	vec = copy_vector(recv.vec, recv.count, &one);
	if (IS_ERR(vec))
		return PTR_ERR(vec);

	set_wait(&wait, file, recv.flags & MBOX_RECV_NOWAIT, recv.deadline);
	ret = receive(handle, &recv, vec, &wait);
	vector_free(vec, &one);
	return ret;
}

/**
 * mbx_ioctl() - carry out a command
 * @file: file of a handle
 * @cmd: MBOX_IOC_*
 * @arg: address of its argument
 *
 * Context: may sleep.
 * Return: what the command documents; -ENOTTY for one that does not exist.
 */
long mbx_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *argp = (void __user *)arg;

	switch (cmd) {
	case MBOX_IOC_OPEN:
		return ioctl_open(file, argp);
	case MBOX_IOC_CONFIG:
		return ioctl_config(file, argp);
	case MBOX_IOC_INFO:
		return ioctl_info(file, argp);
	case MBOX_IOC_GRANT:
		return ioctl_grant(file, argp);
	case MBOX_IOC_SEND:
		return ioctl_send(file, argp);
	case MBOX_IOC_RECV:
		return ioctl_recv(file, argp);
	default:
		return -ENOTTY;
	}
}
