#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Packs the guest's root: busybox, the guest's scripts, and what it is given.
#
#   initramfs.sh <output> [<folder>...]
#
# Each folder is laid over the root; shared libraries that its programs need are
# found and added. The same input gives the same output, byte for byte.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/elf.sh"

# Programs of the host that busybox lacks or has less of: bash for completion,
# timeout for an option that the kernel's runner uses, script for a terminal, tmux
# for one that can be looked at, and what lists SysV queues and makes some. And the one
# server that is small.
HOST_PROGRAMS="bash script timeout tmux ipcs ipcmk ipcrm lsipc dbus-daemon"
# What characters there are, without which tmux does not start.
CHARACTERS=/usr/lib/locale/C.utf8/LC_CTYPE
TERMINALS="linux screen screen-256color tmux tmux-256color vt100 vt102 vt220 xterm xterm-256color"

make_folders() {
	local name
	mkdir -p "$ROOT"/{dev,etc,proc,root,run,sys,tmp,usr/{bin,sbin,lib,lib32,lib64}}
	for name in bin sbin lib lib32 lib64; do
		ln -s "usr/$name" "$ROOT/$name"
	done
}

add_busybox() {
	cp "$(command -v busybox)" "$ROOT/usr/bin/busybox"
	busybox --list | while read -r applet; do
		[ "$applet" = busybox ] || echo "$ROOT/usr/bin/$applet"
	done | xargs -n 1 ln -s busybox
}

# A host program replaces the applet's link; it must not be written through it.
add_host_programs() {
	local name path
	for name in $HOST_PROGRAMS; do
		path=$(type -P "$name") || die "this machine has no program '$name'"
		rm -f "$ROOT/usr/bin/$name"
		cp -L "$path" "$ROOT/usr/bin/$name"
	done
}

add_terminals() {
	local name folder
	for name in $TERMINALS; do
		for folder in /lib/terminfo /usr/share/terminfo; do
			[ ! -e "$folder/${name:0:1}/$name" ] ||
				add_file "$ROOT" "$folder/${name:0:1}/$name"
		done
	done
}

add_characters() {
	[ -e "$CHARACTERS" ] || die "this machine has no locale C.UTF-8"
	add_file "$ROOT" "$CHARACTERS"
}

add_guest() {
	mkdir -p "$ROOT/vm"
	cp "$VM_DIR"/guest/*.sh "$VM_DIR/guest/welcome" "$VM_DIR/ktap.awk" "$ROOT/vm"
	cp "$VM_DIR"/guest/{passwd,group,profile,hosts,nsswitch.conf,machine-id} "$ROOT/etc"
	install -m 755 "$VM_DIR/guest/init" "$ROOT/init"
}

add_folders() {
	local folder
	for folder; do
		cp -r --remove-destination "$folder/." "$ROOT"
	done
}

pack() {
	find "$ROOT" -exec touch -h -d @0 {} +
	(cd "$ROOT" && find . -print0 | LC_ALL=C sort -z |
		cpio -0 -o --quiet -H newc --reproducible -R 0:0) >"$1"
}

[ $# -ge 1 ] || usage
output=$1
shift
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
ROOT=$WORK/root
make_folders
add_busybox
add_host_programs
add_terminals
add_characters
add_guest
add_folders "$@"
add_libraries "$ROOT"
pack "$output"
