// SPDX-License-Identifier: GPL-2.0
/* Payloads to and from user space. */
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "copy.h"

/*
 * Up to here a copy word by word is done before the general routines have found
 * out what they were asked.
 */
#define SMALL_MAX	256

#define WORD	sizeof(unsigned long)

static bool is_small(const struct iov_iter *iter, size_t len)
{
	return len <= SMALL_MAX && iter_is_ubuf(iter);
}

static int copy_small_in(u8 *to, size_t len, const u8 __user *from)
{
	if (!user_access_begin(from, len))
		return -EFAULT;
	for (; len >= WORD; len -= WORD) {
		unsafe_get_user(*(unsigned long *)to,
				(unsigned long __user *)from, fault);
		to += WORD;
		from += WORD;
	}
	for (; len; len--)
		unsafe_get_user(*to++, from++, fault);
	user_access_end();
	return 0;

fault:
	user_access_end();
	return -EFAULT;
}

static int copy_small_out(u8 __user *to, size_t len, const u8 *from)
{
	if (!user_access_begin(to, len))
		return -EFAULT;
	for (; len >= WORD; len -= WORD) {
		unsafe_put_user(*(const unsigned long *)from,
				(unsigned long __user *)to, fault);
		to += WORD;
		from += WORD;
	}
	for (; len; len--)
		unsafe_put_user(*from++, to++, fault);
	user_access_end();
	return 0;

fault:
	user_access_end();
	return -EFAULT;
}

/**
 * mbx_copy_in() - copy from user space, or from where else an iterator leads
 * @to: where it goes; aligned to a word
 * @len: how many bytes, at most what is left of @from
 * @from: source; not moved on by a small copy, so it is of no use afterwards
 *
 * Context: may sleep; no lock held.
 * Return: 0 or -EFAULT.
 */
int mbx_copy_in(void *to, size_t len, struct iov_iter *from)
{
	if (is_small(from, len))
		return copy_small_in(to, len, from->ubuf + from->iov_offset);
	return copy_from_iter_full(to, len, from) ? 0 : -EFAULT;
}

/**
 * mbx_copy_out() - copy to user space, or to where else an iterator leads
 * @from: source; aligned to a word
 * @len: how many bytes, at most what is left of @to
 * @to: destination, likewise
 *
 * Context: may sleep; no lock held.
 * Return: 0 or -EFAULT.
 */
int mbx_copy_out(const void *from, size_t len, struct iov_iter *to)
{
	if (is_small(to, len))
		return copy_small_out(to->ubuf + to->iov_offset, len, from);
	return copy_to_iter(from, len, to) == len ? 0 : -EFAULT;
}
