# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Loads and unloads the module, with those of the kernel's own that tests need.

MODULE=/vm/mbox.ko

load_module() {
	insmod "$MODULE" || return 1
	# devtmpfs makes the node while the module registers; be sure of it.
	[ -c /dev/mbox ]
}

unload_module() {
	rmmod mbox && [ ! -e /dev/mbox ]
}

load_kernel_modules() {
	while read -r file; do
		insmod "$file" || echo "cannot load $file" >&2
	done </vm/modules
}
