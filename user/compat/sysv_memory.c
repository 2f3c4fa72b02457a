// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory of the caller that may not be there. The kernel's calls end with EFAULT where
 * a library would crash, so the kernel is asked to do the access.
 */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "real.h"
#include "sysv.h"

/*
 * rt_sigprocmask() reads a set of 8 bytes, and only then refuses an unknown "how": it
 * has no effect, and costs less than any call that is meant for this.
 */
bool sysv_readable_long(const void *address)
{
	const int unknown = -1;
	int saved = errno;
	bool readable;

	/* NULL is no address to it, but no set. */
	if (!address)
		return false;
	REAL(syscall)(SYS_rt_sigprocmask, unknown, address, NULL, sizeof(long));
	readable = errno != EFAULT;
	errno = saved;
	return readable;
}

/* Where the system forbids the call to all, what is wrong stays unknown. */
static bool is_fault(ssize_t done, size_t size)
{
	return done != (ssize_t)size && (done >= 0 || errno == EFAULT);
}

int sysv_copy_in(void *to, const void *from, size_t size)
{
	struct iovec local = { to, size };
	struct iovec remote = { (void *)from, size };
	ssize_t done = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);

	if (is_fault(done, size))
		return -EFAULT;
	if (done < 0)
		memcpy(to, from, size);
	return 0;
}

int sysv_copy_out(void *to, const void *from, size_t size)
{
	struct iovec local = { (void *)from, size };
	struct iovec remote = { to, size };
	ssize_t done = process_vm_writev(getpid(), &local, 1, &remote, 1, 0);

	if (is_fault(done, size))
		return -EFAULT;
	if (done < 0)
		memcpy(to, from, size);
	return 0;
}
