// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>

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
