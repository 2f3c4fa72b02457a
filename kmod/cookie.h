/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MBX_COOKIE_H
#define MBX_COOKIE_H

#include <linux/rbtree.h>
#include <linux/types.h>

/**
 * struct mbx_cookie - a number by which a program names something of a handle
 * @node: in the tree of those of the handle, or empty
 * @value: the number; not 0
 *
 * The user of a tree locks it.
 */
struct mbx_cookie {
	struct rb_node node;
	u64 value;
};

void mbx_cookie_add(struct rb_root *tree, struct mbx_cookie *cookie, u64 value);
void mbx_cookie_remove(struct rb_root *tree, struct mbx_cookie *cookie);
struct mbx_cookie *mbx_cookie_find(const struct rb_root *tree, u64 value);
struct mbx_cookie *mbx_cookie_first(const struct rb_root *tree);
bool mbx_cookie_is_in(const struct mbx_cookie *cookie);

#endif /* MBX_COOKIE_H */
