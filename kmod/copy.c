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
#define CHUNK	(4 * WORD)

static bool is_small(const struct iov_iter *iter, size_t len)
{
	return len <= SMALL_MAX && iter_is_ubuf(iter);
}

static int copy_small_in(void *to, size_t len, const void __user *from)
{
	const unsigned long __user *source = from;
	unsigned long *word = to;
	size_t i;

	if (!user_access_begin(from, len))
		return -EFAULT;
	for (; len >= CHUNK; len -= CHUNK, word += 4, source += 4) {
		unsafe_get_user(word[0], &source[0], fault);
		unsafe_get_user(word[1], &source[1], fault);
		unsafe_get_user(word[2], &source[2], fault);
		unsafe_get_user(word[3], &source[3], fault);
	}
	for (; len >= WORD; len -= WORD)
		unsafe_get_user(*word++, source++, fault);
	for (i = 0; i < len; i++)
		unsafe_get_user(((u8 *)word)[i], (u8 __user *)source + i, fault);
	user_access_end();
	return 0;

fault:
	user_access_end();
	return -EFAULT;
}

static int copy_small_out(void __user *to, size_t len, const void *from)
{
	unsigned long __user *target = to;
	const unsigned long *word = from;
	size_t i;

	if (!user_access_begin(to, len))
		return -EFAULT;
	for (; len >= CHUNK; len -= CHUNK, word += 4, target += 4) {
		unsafe_put_user(word[0], &target[0], fault);
		unsafe_put_user(word[1], &target[1], fault);
		unsafe_put_user(word[2], &target[2], fault);
		unsafe_put_user(word[3], &target[3], fault);
	}
	for (; len >= WORD; len -= WORD)
		unsafe_put_user(*word++, target++, fault);
	for (i = 0; i < len; i++)
		unsafe_put_user(((const u8 *)word)[i], (u8 __user *)target + i,
				fault);
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
