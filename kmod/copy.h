/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_COPY_H
#define MBX_COPY_H

#include <linux/types.h>

struct iov_iter;

int mbx_copy_in(void *to, size_t len, struct iov_iter *from);
int mbx_copy_out(const void *from, size_t len, struct iov_iter *to);

#endif /* MBX_COPY_H */
