#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prints a folder to lay over the guest's root, which has the servers that some
# mechanisms need: the packages of the file "guest-packages", unpacked.
#
#   servers.sh           the folder; what is missing is fetched, telling so on stderr
#   servers.sh programs  likewise of the packages of "guest-programs"
#   servers.sh forget    remove both from the cache; the next use fetches the newest
#
# The cache is $MBOX_CACHE, or ~/.cache/mbox.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/apt.sh"
. "$VM_DIR/fetch.sh"

# use <name> <file>: FOLDER is where the packages of that file are.
use() {
	PACKAGES=$VM_DIR/$2
	FOLDER=$CACHE_DIR/$1
	# Of what the folder was made; beside it, to be no part of a guest.
	LIST=$FOLDER.list
}

# What no guest needs of a package: escript has the commands that want an Erlang
# node which other nodes can reach, and ours cannot be reached.
SUPERFLUOUS=(etc lib/systemd usr/lib/systemd usr/lib/ocf 'usr/lib/rabbitmq/lib/*/escript'
	usr/share/{doc,info,lintian,locale,man})

prune() {
	local pattern
	for pattern in "${SUPERFLUOUS[@]}"; do
		# The patterns are meant to be expanded.
		# shellcheck disable=SC2086
		rm -rf -- "${1:?}"/$pattern
	done
}

# The guest's root has /bin, /sbin and /lib as links below /usr.
merge_usr() {
	local name
	for name in bin sbin lib lib64; do
		[ -d "$1/$name" ] || continue
		mkdir -p "$1/usr/$name"
		cp -a "$1/$name/." "$1/usr/$name"
		rm -rf "${1:?}/$name"
	done
}

fetch_servers() {
	local work package
	work=$(mktemp -d "$CACHE_DIR/tmp.XXXXXX")
	while read -r package; do
		package_unpack "$package" "$work/servers" </dev/null
	done < <(table "$PACKAGES")
	prune "$work/servers"
	merge_usr "$work/servers"
	folder_publish "$work/servers" "$FOLDER"
	rmdir "$work"
	table "$PACKAGES" >"$LIST"
}

is_current() {
	table "$PACKAGES" | cmp -s - "$LIST" && manifest_holds "$FOLDER"
}

forget() {
	rm -rf "$FOLDER" "$FOLDER.sha256" "$LIST"
}

[ $# -le 1 ] || usage
mkdir -p "$CACHE_DIR"
exec 9>"$CACHE_DIR/lock"
flock 9
case ${1:-} in
'') use servers guest-packages ;;
programs) use programs guest-programs ;;
forget)
	use servers guest-packages
	forget
	use programs guest-programs
	forget
	exit
	;;
*) usage ;;
esac
is_current || fetch_servers
echo "$FOLDER"
