# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# The file systems that tests and people expect. Sourced by init.

# mount_one <type> <folder> [options]: not each kernel has each file system.
mount_one() {
	mkdir -p "$2"
	mount -t "$1" -o "${3:-defaults}" "$1" "$2" 2>/dev/null
}

mount_all() {
	mount_one proc /proc
	mount_one sysfs /sys
	mount_one devtmpfs /dev
	mount_one devpts /dev/pts mode=620,ptmxmode=666
	mount_one tmpfs /dev/shm mode=1777
	mount_one mqueue /dev/mqueue
	mount_one tmpfs /tmp mode=1777
	mount_one tmpfs /run mode=755
	mount_one debugfs /sys/kernel/debug
	mount_one tracefs /sys/kernel/tracing
	mount_one cgroup2 /sys/fs/cgroup
	ln -sf /proc/self/fd /dev/fd
	ln -sf /proc/self/fd/0 /dev/stdin
	ln -sf /proc/self/fd/1 /dev/stdout
	ln -sf /proc/self/fd/2 /dev/stderr
}
