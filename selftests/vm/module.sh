#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Builds the module for one of the harness's kernels and prints where it is.
#
#   module.sh [kernel] [breakage]
#
# A breakage is a name that the module's build takes as BREAK=; it breaks one
# behaviour on purpose. KDIR=<folder> builds against another kernel.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/mirror.sh"

kernel=${1:-6.1}
breakage=${2:-}
kdir=${KDIR:-}
[ -n "$kdir" ] || kdir=$("$VM_DIR/kernel.sh" kdir "$kernel")
folder=$BUILD_DIR/kmod-$kernel${breakage:+-$breakage}
mirror "$TOP_DIR/kmod" "$folder"
quiet_make "$folder.log" -C "$folder" KDIR="$kdir" BREAK="$breakage" modules ||
	die "the module does not build for $kernel${breakage:+ with BREAK=$breakage}"
echo "$folder/mbox.ko"
