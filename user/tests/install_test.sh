#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What is installed is complete: a program finds header and library by
# pkg-config alone and runs.

: "${here:?run by run.sh}" "${top:?}" "${out:?}"
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$here/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
root=$work/root

install_all() {
	MAKEFLAGS='' "${MAKE:-make}" -s -C "$top/user" O="$out" \
		DESTDIR="$root" PREFIX=/usr LIBDIR=/usr/lib/mbox install
}
check 'install' install_all

for file in include/mbox.h include/mbox_ctl.h include/linux/mbox.h include/linux/mbox_netlink.h \
	lib/mbox/libmbox.a lib/mbox/libmbox.so lib/mbox/libmbox.so.0 \
	lib/mbox/libmbox-compat.so share/man/man1/mbox-run.1 \
	share/man/man7/libmbox-compat.7 lib/mbox/pkgconfig/libmbox.pc share/man/man3/mbox.3 \
	share/man/man4/mbox.4 share/man/man7/mbox-events.7; do
	check "$file is there" test -f "$root/usr/$file"
done

if [ -n "${mbox:-}" ]; then
	check 'the command is there' test -x "$root/usr/bin/mbox"
	check 'its completion is there' \
		test -f "$root/usr/share/bash-completion/completions/mbox"
fi

private_places() {
	! grep -rlF -e "$top" -e "$root" "$root/usr/include" \
		"$root/usr/share" "$root/usr/lib/mbox/pkgconfig"
}
check 'no file names the place where it was built' private_places

cat > "$work/user.c" <<'END'
#include <mbox.h>
#include <stdio.h>

int main(void)
{
	return puts(mbox_version()) < 0;
}
END

options() {
	PKG_CONFIG_PATH=$root/usr/lib/mbox/pkgconfig \
		PKG_CONFIG_SYSROOT_DIR=$root pkg-config "$@" libmbox
}

builds() {
	# shellcheck disable=SC2046 # lists of options
	"$CC" -o "$work/user" "$work/user.c" $(options --cflags --libs)
}

runs() {
	[ "$(LD_LIBRARY_PATH=$root/usr/lib/mbox "$work/user")" = \
		"$(options --modversion)" ]
}

check 'a program builds with pkg-config' builds
check 'and runs with the installed library' runs

tap_done
