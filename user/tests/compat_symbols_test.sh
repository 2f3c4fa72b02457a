#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What libmbox-compat.so exports is what its map lists and what its manual page has
# something to say of; and nothing of libmbox or libnl can be seen from without.

: "${here:?run by run.sh}" "${top:?}" "${out:?}"
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$here/tap.sh"

so=$out/libmbox-compat.so
page=$top/user/man/libmbox-compat.7
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# Items ".It Fn msgget , Fn msgsnd".
functions_of_page() {
	sed -n 's/^\.It Fn //p' "$1" | sed 's/ , Fn /\n/g' | sort
}

sed -n 's/^\t\t\([a-z_0-9]*\);$/\1/p' "$top/user/compat/compat.map" | sort > "$work/map"
nm -D --defined-only "$so" | sed 's/.* //' | sort > "$work/so"
functions_of_page "$page" > "$work/page"

# Each item of one or more functions begins with a verdict.
verdicts() {
	awk '
		/^\.It Fn / { wait = 1; name = $0; next }
		wait && /^(Same\.|Same |Different:|Passed on[,;.]|Not possible)/ { wait = 0 }
		wait { print name; wait = 0 }' "$1"
}

none() {
	! "$@" | grep .
}

differ() {
	! cmp -s "$1" "$2"
}

check 'there are functions' test "$(wc -l < "$work/map")" -ge 20
check 'map and library agree' diff "$work/map" "$work/so"
check 'the manual page has each of them' diff "$work/so" "$work/page"
check 'each has a verdict' none verdicts "$page"

sed '/^\.It Fn msgsnd/d' "$page" > "$work/changed"
functions_of_page "$work/changed" > "$work/found"
check 'a lost function of the page is found' differ "$work/so" "$work/found"

versions() {
	nm -D --defined-only "$so" | grep @
}
check 'no symbol has a version, which would keep it from standing in' none versions

needed() {
	readelf -d "$so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
		grep -vE '^(libc\.so\.6|libnl-3\.so\.200|libnl-genl-3\.so\.200|libdl\.so\.2|ld-linux.*)$'
}
check 'it needs libc and libnl, not libmbox' none needed

tap_done
