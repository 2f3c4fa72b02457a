#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The order that the ring relies on, in the memory model of the kernel, where herd7
# and that model are: HERD_MODEL names the folder that has linux-kernel.cfg,
# tools/memory-model of a kernel source.

: "${here:?run by run.sh}" "${top:?}"
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$here/tap.sh"

litmus=$top/selftests/litmus
model=${HERD_MODEL:-}

# expected FILE: "Never" or "Sometimes", as it says
expected() {
	sed -n 's/^ \* Result: //p' "$1"
}

as_expected() {
	(cd "$model" && herd7 -conf linux-kernel.cfg "$1") |
		grep -q "^Observation $(basename "$1" .litmus) $(expected "$1") "
}

says_one() {
	case $(expected "$1") in
	Never | Sometimes) return 0 ;;
	esac
	return 1
}

for file in "$litmus"/*.litmus; do
	name=$(basename "$file" .litmus)
	check "$name says what is expected" says_one "$file"
	if ! command -v herd7 > /dev/null; then
		skip "$name" 'no herd7'
	elif [ ! -f "$model/linux-kernel.cfg" ]; then
		skip "$name" 'no HERD_MODEL'
	else
		check "$name" as_expected "$file"
	fi
done

# What can be seen only without the order shows that a test can fail.
pairs() {
	for without in "$litmus"/*-without-*.litmus; do
		[ -f "${without%-without-*}.litmus" ] || return 1
	done
}
check 'each test without its order has one with it' pairs

tap_done
