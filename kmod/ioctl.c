// SPDX-License-Identifier: GPL-2.0
/* The commands, and those about handles: copy in, check, call, copy out. */
#include <linux/build_bug.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/uaccess.h>

#include "device.h"
#include "filter.h"
#include "handle.h"
#include "info.h"
#include "ioctl.h"
#include "limits.h"
#include "mailbox.h"
#include "sender.h"

static_assert(sizeof(struct mbox_filter) == 24);
static_assert(sizeof(struct mbox_limits) == 24);
static_assert(sizeof(struct mbox_open) == 64);
static_assert(sizeof(struct mbox_config) == 64);
static_assert(sizeof(struct mbox_info) == 264);
static_assert(sizeof(struct mbox_grant) == 8);
static_assert(sizeof(struct mbox_header) == 96);
static_assert(sizeof(struct mbox_message) == 120);
static_assert(sizeof(struct mbox_send) == 32);
static_assert(sizeof(struct mbox_recv) == 72);
static_assert(sizeof(struct mbox_call) == 168);
static_assert(sizeof(struct mbox_settle) == 48);
static_assert(sizeof(struct mbox_map) == 40);

#define OPEN_FLAGS	(MBOX_OPEN_CREATE | MBOX_OPEN_EXCL | \
			 MBOX_OPEN_PERSIST | MBOX_OPEN_RETAIN)
#define CONFIG_FLAGS	(MBOX_CONFIG_FRAMING | MBOX_CONFIG_TYPE | \
			 MBOX_CONFIG_FILTER | MBOX_CONFIG_BUSY_POLL | \
			 MBOX_CONFIG_QUEUE)
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
	if (open->id || open->kind > MBOX_KIND_TOPIC)
		return false;
	if (open->flags & MBOX_OPEN_RETAIN && open->kind != MBOX_KIND_TOPIC)
		return false;
	if ((open->flags & MBOX_OPEN_PERSIST) && !open->name_len)
		return false;
	return mbx_mode_valid(open->mode) && !mbx_limits_refusal(limits);
}

/* What one may ask of a mailbox that is there. */
static bool lookup_valid(const struct mbox_open *open)
{
	if (open->flags & (MBOX_OPEN_EXCL | MBOX_OPEN_PERSIST |
			   MBOX_OPEN_RETAIN))
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
	if (config->max_msgs > MBOX_MSGS_MAX ||
	    config->policy > MBOX_POLICY_DROP_NEWEST)
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
	if (config->flags & MBOX_CONFIG_QUEUE) {
		named.max_msgs = config->max_msgs;
		named.policy = config->policy;
	}
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

	err = mbx_info_get(mbox, handle, info);
	if (err)
		return err;
	info->name_len = strlen(mbox->name);
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
		return mbx_ioctl_send(file, argp);
	case MBOX_IOC_RECV:
		return mbx_ioctl_recv(file, argp);
	case MBOX_IOC_CALL:
		return mbx_ioctl_call(file, argp);
	case MBOX_IOC_SETTLE:
		return mbx_ioctl_settle(file, argp);
	case MBOX_IOC_MAP:
		return mbx_ioctl_map(file, argp);
	default:
		return -ENOTTY;
	}
}
