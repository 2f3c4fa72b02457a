// SPDX-License-Identifier: GPL-2.0
/* Trees of what programs name by a number. */
#include "cookie.h"

#define to_cookie(rb)	rb_entry(rb, struct mbx_cookie, node)

static bool is_less(struct rb_node *rb, const struct rb_node *other)
{
	return to_cookie(rb)->value < to_cookie(other)->value;
}

static int compare(const void *value, const struct rb_node *rb)
{
	u64 wanted = *(const u64 *)value;

	if (wanted == to_cookie(rb)->value)
		return 0;
	return wanted < to_cookie(rb)->value ? -1 : 1;
}

/**
 * mbx_cookie_add() - give something its number
 * @tree: tree, which has none of this number
 * @cookie: cookie that is in no tree
 * @value: number
 *
 * Context: the user's lock of the tree is held.
 */
void mbx_cookie_add(struct rb_root *tree, struct mbx_cookie *cookie, u64 value)
{
	cookie->value = value;
	rb_add(&cookie->node, tree, is_less);
}

/**
 * mbx_cookie_remove() - take a number back
 * @tree: tree
 * @cookie: cookie that is in it
 *
 * Context: the user's lock of the tree is held.
 */
void mbx_cookie_remove(struct rb_root *tree, struct mbx_cookie *cookie)
{
	rb_erase(&cookie->node, tree);
	RB_CLEAR_NODE(&cookie->node);
}

/**
 * mbx_cookie_find() - what has this number?
 * @tree: tree
 * @value: number
 *
 * Context: the user's lock of the tree is held.
 * Return: the cookie, or NULL.
 */
struct mbx_cookie *mbx_cookie_find(const struct rb_root *tree, u64 value)
{
	struct rb_node *rb = rb_find(&value, tree, compare);

	return rb ? to_cookie(rb) : NULL;
}

/**
 * mbx_cookie_first() - the one with the least number
 * @tree: tree
 *
 * Context: the user's lock of the tree is held.
 * Return: the cookie, or NULL.
 */
struct mbx_cookie *mbx_cookie_first(const struct rb_root *tree)
{
	struct rb_node *rb = rb_first(tree);

	return rb ? to_cookie(rb) : NULL;
}

/**
 * mbx_cookie_is_in() - is it in a tree?
 * @cookie: cookie
 *
 * Context: the user's lock of the tree is held.
 * Return: true from mbx_cookie_add() to mbx_cookie_remove().
 */
bool mbx_cookie_is_in(const struct mbx_cookie *cookie)
{
	return !RB_EMPTY_NODE(&cookie->node);
}
