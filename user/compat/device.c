// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"
#include "trace.h"

/* The lowest number that is tried first; a limit of descriptors may be below it. */
#define HIGH	512

int device_keep(struct mbox *mbox)
{
	int fd = -1;

	for (int least = HIGH; fd < 0 && least; least /= 2)
		fd = fcntl(mbox_fd(mbox), F_DUPFD_CLOEXEC, least);
	mbox_close(mbox);
	return fd < 0 ? -EMFILE : fd;
}

static int create(int fd, struct mbox_open *open, uint64_t *id)
{
	struct mbox_info info = { .name = 0 };
	int err = device_ioctl(fd, MBOX_IOC_OPEN, open);

	if (!err)
		err = device_ioctl(fd, MBOX_IOC_INFO, &info);
	*id = info.id;
	return err;
}

int device_create(const char *name, uint32_t mode, const struct mbox_limits *limits,
		  uint64_t *id)
{
	struct mbox_open bind = {
		.flags = MBOX_OPEN_CREATE | MBOX_OPEN_EXCL | MBOX_OPEN_PERSIST,
		.mode = mode,
		.name = (uintptr_t)name,
		.name_len = strlen(name),
		.limits = *limits,
	};
	int fd = open("/dev/mbox", O_RDWR | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno == ENOENT || errno == ENXIO ? -ENODEV : -errno;
	err = create(fd, &bind, id);
	close(fd);
	return err;
}

int device_ioctl(int fd, unsigned long request, void *arg)
{
	int saved = errno;
	int ret = ioctl(fd, request, arg);

	if (ret < 0) {
		ret = -errno;
		errno = saved;
	}
	return ret;
}

int device_error(int err)
{
	if (err != -ENODEV)
		return err;
	trace("there is no /dev/mbox: is the module loaded?");
	return -ENOSYS;
}
