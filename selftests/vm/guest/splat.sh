# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Finds what a kernel says when something went wrong. Sourced by check.sh.

SPLATS='BUG|WARNING|Oops|KASAN|UBSAN|KCSAN|KFENCE|refcount_t|possible (circular|recursive)|suspicious RCU|rcu.*(stall|self-detected)|hung_task|blocked for more than|soft lockup|general protection|kernel panic|kmem_cache_destroy|Slab cache still has|list_(add|del) corruption|sleeping function called|scheduling while atomic'

# Loading a module of ours taints with O (out of tree, 12) and E (unsigned, 13).
OUR_TAINT=$((1 << 12 | 1 << 13))

taint_before() {
	taint=$(($(cat /proc/sys/kernel/tainted) | OUR_TAINT))
}

find_splats() {
	local now
	now=$(($(cat /proc/sys/kernel/tainted) | OUR_TAINT))
	[ "$now" -eq "$taint" ] || count_splat "taint is $now, expected $taint"
	dmesg | grep -E "$SPLATS" | grep -v 'ommand line:' >/tmp/splats
	while read -r line; do
		count_splat "$line"
	done </tmp/splats
}
