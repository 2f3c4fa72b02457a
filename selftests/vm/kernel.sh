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
	table "$VM_DIR/kernels" | awk -v name="$1" '$1 == name { print $2, $3, $4, $5 }'
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

# Newer kernels come in several packages, of which this one is the least.
fetch_image() {
	local package=linux-image-$RELEASE prefix needed
	package_unpack "$package" "$1"
	for prefix in linux-binary- linux-modules-; do
		needed=$(package_concrete "$package" "$prefix")
		[ -z "$needed" ] || package_unpack "$needed" "$1"
	done
}

# find_below <folder> <path>...: the first that is there.
find_below() {
	local folder=$1 path
	shift
	for path in "$@"; do
		[ ! -e "$folder/$path" ] || { echo "$folder/$path"; return; }
	done
	die "the packages of $RELEASE have none of: $*"
}

# The headers name themselves and their common part by the installed path: make that
# relative.
relocate_headers() {
	local makefile=$1/Makefile here='$(dir $(lastword $(MAKEFILE_LIST)))'
	sed -i -e "s|^include /usr/src/|include $here../|" \
		-e "s|^KBUILD_OUTPUT=/usr/src/.*|KBUILD_OUTPUT := \$(abspath $here)|" "$makefile"
	! grep -q '/usr/src' "$makefile" || die "$makefile still names /usr/src"
}

# The programs of another suite want its libraries: those lie beside them, and a
# script in each program's place starts it with them. Of a program that only chooses
# between others by the machine it is for, the script takes the one for this machine.
wrap_programs() {
	local folder=$1 host=$KERNEL_DIR/headers/host/usr/lib/x86_64-linux-gnu program real other
	find "$folder" -type f -perm -u+x ! -name '*.real-*' | while read -r program; do
		[ "$(head -c 4 "$program" | tail -c 3)" = ELF ] || continue
		real=$program.elf
		mv "$program" "$real"
		for other in "$program.real-x86" "$program.real-lsb-64"; do
			[ ! -e "$other" ] || real=$other
		done
		real=$KERNEL_DIR/headers/${real#"$2/"}
		printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' \
			"$host/ld-linux-x86-64.so.2" "$host" "$real" >"$program"
		chmod +x "$program"
	done
}

# The configuration says what the compiler of that suite can do; ours is older. What
# it says of the kernel's structures stays.
adapt_headers() {
	local folder=$1 lacking='CONFIG_CC_HAS_(MIN_FUNCTION_ALIGNMENT|COUNTED_BY|COUNTED_BY_PTR)'
	sed -i -E 's/gcc-[0-9]+/gcc-12/' "$folder/.kernelvariables"
	sed -i -E "/^($lacking|CONFIG_DEBUG_INFO_BTF_MODULES)=/d" "$folder/include/config/auto.conf"
	sed -i -E "/^#define $lacking /d" "$folder/include/generated/autoconf.h"
}

adapt_to_host() {
	local package
	for package in libc6 libelf1t64 zlib1g libzstd1; do
		package_unpack "$package" "$1/host"
	done
	wrap_programs "$1/usr/lib" "$1"
	adapt_headers "$2"
}

fetch_headers() {
	local package=linux-headers-$RELEASE prefix needed
	package_unpack "$package" "$1"
	for prefix in linux-headers- linux-kbuild-; do
		needed=$(package_concrete "$package" "$prefix")
		package_unpack "$needed" "$1"
	done
	relocate_headers "$1/usr/src/$package"
	[ "$SUITE" = - ] || adapt_to_host "$1" "$1/usr/src/$package"
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
		need_part image '/vmlinuz'
		find_below "$KERNEL_DIR/image" "boot/vmlinuz-$RELEASE" \
			"usr/lib/modules/$RELEASE/vmlinuz"
		;;
	modules)
		need_part image '/modules/'
		find_below "$KERNEL_DIR/image" "lib/modules/$RELEASE" "usr/lib/modules/$RELEASE"
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
read -r SUITE IMAGE_PACKAGE _ SOURCE_PACKAGE <<<"$row"
if [ "$1" = source ] && [[ $SOURCE_PACKAGE == =* ]]; then
	exec "$VM_DIR/kernel.sh" source "${SOURCE_PACKAGE#=}"
fi
KERNEL_DIR=$CACHE_DIR/$name
mkdir -p "$KERNEL_DIR"
exec 9>"$CACHE_DIR/lock"
flock 9
[ "$SUITE" = - ] || apt_use_suite "$SUITE" "$CACHE_DIR/apt/$SUITE"
resolve_release
RELEASE=$(cat "$KERNEL_DIR/release")
print_part "$1"
