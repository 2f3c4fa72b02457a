#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The functions that mbox.h declares, libmbox.map lists and libmbox.so exports
# are the same ones.

: "${here:?run by run.sh}" "${top:?}" "${out:?}"
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$here/tap.sh"

lib=$top/user/libmbox
so=$out/libmbox.so.0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

echo '#include "mbox.h"' | "$CC" -E -P -I"$lib" -I"$top/kmod/include/uapi" - |
	tr ';\n' '\n ' | sed -n 's/^[^(]*[ *]\(mbox_[a-z_0-9]*\)(.*/\1/p' |
	sort -u > "$work/header"
sed -n 's/^\t\t\(mbox_[a-z_0-9]*\);$/\1/p' "$lib/libmbox.map" |
	sort > "$work/map"
nm -D --defined-only "$so" | sed -n 's/.* T \(.*\)@@LIBMBOX_0\.1$/\1/p' |
	sort > "$work/so"
nm -D --defined-only "$so" | grep -v ' A LIBMBOX_0\.1$' |
	sed 's/.* //; s/@.*//' | sort > "$work/exports"

check 'there are functions' test "$(wc -l < "$work/header")" -ge 30
check 'header and map agree' diff "$work/header" "$work/map"
check 'map and library agree' diff "$work/map" "$work/so"
check 'the library exports nothing else' diff "$work/so" "$work/exports"

soname() {
	readelf -d "$so" | grep -q 'SONAME.*\[libmbox\.so\.0\]'
}
check 'soname is libmbox.so.0' soname

run_path() {
	! readelf -d "$so" "${mbox:-$so}" | grep -E 'RPATH|RUNPATH'
}
check 'no run path' run_path

# Writable data, initialised or not, would be global state; constants that need
# a relocation are in a section of their own.
no_state() {
	! objdump -h "$out/libmbox.a" | awk '
		$2 ~ /^\.t?(data|bss)$/ && $3 !~ /^0+$/ { print; found = 1 }
		END { exit !found }'
}
check 'the library has no global state' no_state

version() {
	sed -n 's/^#define MBOX_VERSION[[:space:]]*"\(.*\)"$/\1/p' "$lib/mbox.h"
}
check 'the file carries the version' test -f "$out/libmbox.so.$(version)"
check 'so does libmbox.pc' grep -qx "Version: $(version)" "$out/libmbox.pc"

tap_done
