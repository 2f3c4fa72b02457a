#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gives the parts of a kernel, out of distribution packages kept in the cache.
#
#   kernel.sh <part> [name]      name: a row of the file "kernels", default 6.1
#
#   image     the bootable kernel
#   kdir      the folder to build modules against (make -C <kdir> M=...)
#   modules   the folder of the kernel's own modules
#   source    the source tree's scripts and selftests (only what source-files lists)
#   release   the kernel's release, as uname -r prints it
#   forget    remove this kernel from the cache; the next use fetches the newest
#
# The first use of a part downloads it, telling so on stderr. The cache is
# $MBOX_CACHE, or ~/.cache/mbox.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/apt.sh"
. "$VM_DIR/fetch.sh"

kernel_row() {
	table "$VM_DIR/kernels" | awk -v name="$1" '$1 == name { print $2, $3, $4 }'
}

# The release is resolved once, so that image and headers stay a pair.
resolve_release() {
	local file=$KERNEL_DIR/release package
	[ ! -s "$file" ] || return 0
	package=$(package_concrete "$IMAGE_PACKAGE" linux-image-)
	if [ -z "$package" ] && apt_refresh; then
		package=$(package_concrete "$IMAGE_PACKAGE" linux-image-)
	fi
	[ -n "$package" ] ||
		die "apt knows no package '$IMAGE_PACKAGE': run 'apt-get update' and try again"
	echo "${package#linux-image-}" >"$file"
}

fetch_image() {
	package_unpack "linux-image-$RELEASE" "$1"
}

# The headers name their common part by its installed path: make that relative.
relocate_headers() {
	local makefile=$1/Makefile
	sed -i 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' "$makefile"
	! grep -q '/usr/src' "$makefile" || die "$makefile still names /usr/src"
}

fetch_headers() {
	local package=linux-headers-$RELEASE prefix needed
	package_unpack "$package" "$1"
	for prefix in linux-headers- linux-kbuild-; do
		needed=$(package_concrete "$package" "$prefix")
		package_unpack "$needed" "$1"
	done
	relocate_headers "$1/usr/src/$package"
}

fetch_source() {
	local package=$SOURCE_PACKAGE work=$1.deb
	package_unpack "$package" "$work"
	say "unpacking the needed files of $package"
	mkdir -p "$1"
	table "$VM_DIR/source-files" | sed "s|^|$package/|" |
		tar -xJf "$work/usr/src/$package.tar.xz" -C "$1" \
			--strip-components=1 --files-from=-
	rm -rf "$work"
}

# need_part <image|headers|source> [pattern]: fetch a part if it is missing or
# differs from what was unpacked; the pattern says which files matter.
need_part() {
	local part=$1 work
	! manifest_holds "$KERNEL_DIR/$part" "${2:-.}" || return 0
	work=$(mktemp -d "$CACHE_DIR/tmp.XXXXXX")
	"fetch_$part" "$work/$part"
	folder_publish "$work/$part" "$KERNEL_DIR/$part"
	rmdir "$work"
}

print_part() {
	case $1 in
	image)
		need_part image ' ./boot/'
		echo "$KERNEL_DIR/image/boot/vmlinuz-$RELEASE"
		;;
	modules)
		need_part image ' ./lib/modules/'
		echo "$KERNEL_DIR/image/lib/modules/$RELEASE"
		;;
	kdir)
		need_part headers
		echo "$KERNEL_DIR/headers/usr/src/linux-headers-$RELEASE"
		;;
	source)
		need_part source
		echo "$KERNEL_DIR/source"
		;;
	release) echo "$RELEASE" ;;
	forget) rm -rf "$KERNEL_DIR" ;;
	*) usage ;;
	esac
}

case $# in
1 | 2) ;;
*) usage ;;
esac
name=${2:-6.1}
row=$(kernel_row "$name")
[ -n "$row" ] || die "no kernel '$name': the file selftests/vm/kernels has $(table "$VM_DIR/kernels" | awk '{ printf "%s ", $1 }')"
read -r IMAGE_PACKAGE _ SOURCE_PACKAGE <<<"$row"
KERNEL_DIR=$CACHE_DIR/$name
mkdir -p "$KERNEL_DIR"
exec 9>"$CACHE_DIR/lock"
flock 9
resolve_release
RELEASE=$(cat "$KERNEL_DIR/release")
print_part "$1"
