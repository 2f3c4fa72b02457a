# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Brings distribution packages into the cache, unpacked and never installed.
# What came in is checked against apt's own metadata; what lies in the cache is
# checked against the manifest made when it was unpacked. Sourced, never run;
# needs apt.sh.

# package_download <package>: into the current folder.
package_download() {
	local quiet=-qq
	[ -t 2 ] && quiet=
	# The sandbox user cannot write below a home folder; apt still checks hashes.
	# shellcheck disable=SC2086
	apt-get $quiet -o APT::Sandbox::User="$(id -un)" download "$1" >&2
}

# package_check <package> <file>: the file is what apt's metadata says.
package_check() {
	local want have
	want=$(package_field "$1" SHA256)
	have=$(sha256sum "$2" | cut -d' ' -f1)
	[ -n "$want" ] && [ "$want" = "$have" ]
}

# package_unpack <package> <folder>: download, check and unpack one package.
package_unpack() {
	local package=$1 folder=$2 size work deb
	size=$(package_field "$package" Size)
	if [ -z "$size" ] && apt_refresh; then
		size=$(package_field "$package" Size)
	fi
	[ -n "$size" ] || die "apt knows no package '$package': run 'apt-get update' and try again"
	say "fetching $package ($((size / 1000000)) MB)"
	work=$(mktemp -d "$CACHE_DIR/tmp.XXXXXX")
	(cd "$work" && package_download "$package") ||
		{ apt_refresh && (cd "$work" && package_download "$package"); } ||
		die "cannot download $package: run 'apt-get update' and try again"
	deb=$(echo "$work"/*.deb)
	package_check "$package" "$deb" ||
		die "$package does not have the hash that apt's metadata gives: refused"
	dpkg-deb -x "$deb" "$folder" || die "cannot unpack $package"
	rm -rf "$work"
}

manifest_write() {
	(cd "$1" && find . -type f ! -name '*.o' -print0 | sort -z |
		xargs -0 sha256sum) >"$1.sha256"
}

# manifest_holds <folder> [pattern]: the files (matching) are what was unpacked.
manifest_holds() {
	[ -s "$1.sha256" ] || return 1
	(cd "$1" && grep -E -- "${2:-.}" "$1.sha256" |
		sha256sum --quiet --status -c -)
}

# folder_publish <work folder> <folder>: put a finished folder in its place.
folder_publish() {
	rm -rf "$2" "$2.sha256"
	mv "$1" "$2"
	manifest_write "$2"
}
