#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Installs the packages of the file "packages" that are missing, and no others.
#
#   deps.sh
#
# As root at once, else through sudo, which asks. Where neither can be, it names
# what is missing and the command to run, and fails with status 1. With nothing
# missing it only looks.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/apt.sh"

PACKAGES=${MBOX_PACKAGES:-$VM_DIR/packages}

missing_packages() {
	table "$PACKAGES" | sort -u >"$WORK/wanted"
	# Status 1 says that some are unknown, which is what we are after.
	xargs dpkg-query -W -f '${db:Status-Status} ${Package}\n' <"$WORK/wanted" 2>/dev/null |
		sed -n 's/^installed //p' | sort -u >"$WORK/installed" || true
	comm -23 "$WORK/wanted" "$WORK/installed"
}

refuse() {
	say "$1"
	say "missing packages: ${missing[*]}"
	say "install them with: apt-get update && apt-get install ${missing[*]}"
	exit "$EXIT_FAILED"
}

known_to_apt() {
	apt-cache show "${missing[@]}" >/dev/null 2>&1
}

install_packages() {
	apt_get -qq install -y --no-install-recommends "${missing[@]}"
}

install_missing() {
	say "installing: ${missing[*]}"
	known_to_apt || apt_refresh || refuse "apt-get update failed"
	install_packages || { apt_refresh && install_packages; } ||
		refuse "apt-get could not install them"
}

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	die "this machine has no apt: the harness takes its kernels and tools from Debian packages"
fi
mapfile -t missing < <(missing_packages)
[ "${#missing[@]}" -gt 0 ] || exit 0
may_be_root || refuse "not root, and there is no sudo"
install_missing
