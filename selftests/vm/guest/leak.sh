# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Finds what the module left behind. Sourced by check.sh.
#
# After the module has gone, its addresses have no name any more: an allocation
# whose caller prints as a bare module address was made by it and never freed.

MODULE_ADDRESS='0x?ffffffffc[0-9a-f]{7}'
KMEMLEAK=/sys/kernel/debug/kmemleak

leak_before() {
	[ ! -w "$KMEMLEAK" ] || echo clear >"$KMEMLEAK"
}

find_slab_caches() {
	local cache
	for cache in /sys/kernel/slab/mbx* /sys/kernel/slab/mbox*; do
		[ ! -e "$cache" ] || count_leak "slab cache ${cache##*/} is still there"
	done
}

# The memory cgroup's book on a page of a cache lives as long as the page, and
# whoever takes the first object of the page is in its stack. Newer kernels have
# another name for it, and keep a sheaf of objects for each CPU besides, which
# whoever finds it empty replaces.
BOOKS='^(memcg_alloc_slab_cgroups|alloc_slab_obj_exts|__pcs_replace_(empty|full)_main)'

module_objects() {
	awk -v RS= -v wanted="$MODULE_ADDRESS" -v books="$BOOKS" \
		'$0 ~ wanted && $2 !~ books' "$1"
}

# Needs slub_debug=U on the command line.
find_slab_objects() {
	local trace
	for trace in /sys/kernel/debug/slab/*/alloc_traces; do
		module_objects "$trace" >/tmp/objects
		[ -s /tmp/objects ] || continue
		count_leak "objects of the module in ${trace%/*}"
		sed 's/^/# /' /tmp/objects >"$RESULTS"
	done
}

find_vmalloc_areas() {
	grep -E " $MODULE_ADDRESS" /proc/vmallocinfo >/tmp/areas
	while read -r area; do
		count_leak "vmalloc area $area"
	done </tmp/areas
}

# A first scan may see what is only on its way to being freed.
find_kmemleaks() {
	[ -w "$KMEMLEAK" ] || return 0
	echo scan >"$KMEMLEAK"
	sleep 5
	echo scan >"$KMEMLEAK"
	[ -s "$KMEMLEAK" ] || return 0
	count_leak "kmemleak reports"
	sed 's/^/# /' "$KMEMLEAK" >"$RESULTS"
}

find_leaks() {
	# Freeing after an RCU grace period may still be under way.
	sleep 1
	find_slab_caches
	find_slab_objects
	find_vmalloc_areas
	find_kmemleaks
	[ ! -e /sys/kernel/debug/mbox ] || count_leak "debugfs still has mbox"
	[ ! -e /sys/module/mbox ] || count_leak "the module is still there"
}
