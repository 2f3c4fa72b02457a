// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "internal.h"

#define DEFAULT_MODE	0600

/* A result beyond what the command can give is not trusted as a count. */
int mbx_ioctl(int fd, unsigned long request, void *arg, int most)
{
	int ret = ioctl(fd, request, arg);

	if (ret < 0)
		return -errno;
	return ret > most ? -EPROTO : ret;
}

static int access_mode(uint32_t rights)
{
	switch (rights) {
	case 0:
	case MBOX_RIGHT_RECV | MBOX_RIGHT_SEND:
		return O_RDWR;
	case MBOX_RIGHT_RECV:
		return O_RDONLY;
	case MBOX_RIGHT_SEND:
		return O_WRONLY;
	}
	return -EINVAL;
}

static int open_device(const struct mbox_open_options *options)
{
	int flags = access_mode(options->rights);
	int fd;

	if (flags < 0)
		return flags;
	if (options->nonblock)
		flags |= O_NONBLOCK;
	fd = open(MBX_DEVICE, flags | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	/* No node, or a node of a module that is gone: both mean no device. */
	return errno == ENOENT || errno == ENXIO ? -ENODEV : -errno;
}

static int wrap(struct mbox **out, int fd)
{
	struct mbox *mbox = malloc(sizeof(*mbox));

	if (!mbox)
		return -ENOMEM;
	mbox->fd = fd;
	*out = mbox;
	return 0;
}

/* Before it is bound: what a topic has for others must never get here. */
static int configure(int fd, const struct mbox_open_options *options)
{
	struct mbox_config config = {
		.max_msgs = options->max_msgs,
		.policy = options->policy,
	};

	if (options->max_msgs || options->policy)
		config.flags |= MBOX_CONFIG_QUEUE;
	if (options->filter) {
		config.flags |= MBOX_CONFIG_FILTER;
		config.filter = *options->filter;
	}
	return config.flags ? mbx_ioctl(fd, MBOX_IOC_CONFIG, &config, 0) : 0;
}

static int open_and_bind(struct mbox **out,
			 const struct mbox_open_options *options,
			 struct mbox_open *bind)
{
	int fd, ret;

	*out = NULL;
	fd = open_device(options);
	if (fd < 0)
		return fd;
	ret = configure(fd, options);
	if (ret < 0)
		goto close_fd;
	ret = mbx_ioctl(fd, MBOX_IOC_OPEN, bind, 0);
	if (ret < 0)
		goto close_fd;
	ret = wrap(out, fd);
	if (ret < 0)
		goto close_fd;
	return 0;

close_fd:
	close(fd);
	return ret;
}

static void bind_from_options(struct mbox_open *bind,
			      const struct mbox_open_options *options)
{
	bind->flags = options->flags;
	bind->mode = options->mode;
	bind->limits = options->limits;
	bind->kind = options->kind;
	if (bind->flags & MBOX_OPEN_CREATE && !bind->mode)
		bind->mode = DEFAULT_MODE;
}

MBX_EXPORT int mbox_open(struct mbox **out, const char *name,
			 const struct mbox_open_options *options)
{
	static const struct mbox_open_options plain;
	struct mbox_open bind = { 0 };

	if (!options)
		options = &plain;
	bind_from_options(&bind, options);
	if (name) {
		bind.name = (uintptr_t)name;
		/* One byte too many is for the kernel to refuse. */
		bind.name_len = (uint32_t)strnlen(name, MBOX_NAME_MAX + 1);
	}
	return open_and_bind(out, options, &bind);
}

MBX_EXPORT int mbox_open_id(struct mbox **out, uint64_t id,
			    const struct mbox_open_options *options)
{
	static const struct mbox_open_options plain;
	struct mbox_open bind = { .id = id };

	if (!options)
		options = &plain;
	*out = NULL;
	if (!id || options->flags)
		return -EINVAL;
	bind_from_options(&bind, options);
	return open_and_bind(out, options, &bind);
}

/* Drivers without our command have more than one word for that. */
static int check_bound(int fd)
{
	struct mbox_info info = { 0 };
	int ret = mbx_ioctl(fd, MBOX_IOC_INFO, &info, 0);

	return ret == -EINVAL || ret == -EOPNOTSUPP ? -ENOTTY : ret;
}

static int set_cloexec(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0 || fcntl(fd, F_SETFD, flags | FD_CLOEXEC) < 0)
		return -errno;
	return 0;
}

MBX_EXPORT int mbox_from_fd(struct mbox **out, int fd)
{
	struct mbox *mbox;
	int ret;

	*out = NULL;
	ret = check_bound(fd);
	if (ret < 0)
		return ret;
	ret = wrap(&mbox, fd);
	if (ret < 0)
		return ret;
	ret = set_cloexec(fd);
	if (ret < 0)
		goto free_mbox;
	*out = mbox;
	return 0;

free_mbox:
	free(mbox);
	return ret;
}

MBX_EXPORT struct mbox *mbox_close(struct mbox *mbox)
{
	if (mbox)
		close(mbox->fd);
	free(mbox);
	return NULL;
}

MBX_EXPORT int mbox_fd(const struct mbox *mbox)
{
	return mbox->fd;
}

MBX_EXPORT int mbox_set_filter(struct mbox *mbox,
			       const struct mbox_filter *filter)
{
	struct mbox_config config = {
		.flags = MBOX_CONFIG_FILTER,
		.filter = *filter,
	};

	return mbox_config(mbox, &config);
}

MBX_EXPORT int mbox_config(struct mbox *mbox, struct mbox_config *config)
{
	return mbx_ioctl(mbox->fd, MBOX_IOC_CONFIG, config, 0);
}

MBX_EXPORT int mbox_grant(struct mbox *mbox, uint32_t rights,
			  struct mbox **out)
{
	struct mbox_grant grant = { .rights = rights };
	int fd, ret;

	*out = NULL;
	fd = mbx_ioctl(mbox->fd, MBOX_IOC_GRANT, &grant, INT_MAX);
	if (fd < 0)
		return fd;
	ret = wrap(out, fd);
	if (ret < 0)
		close(fd);
	return ret;
}
