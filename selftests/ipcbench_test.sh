#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# mbox beside the others: what it can do, as ipcbench finds it out, and that every
# message of every workload arrives.
FOLDER=/usr/libexec/mbox/user/tests
SKIP=4

command -v ipcbench >/dev/null && [ -e "$FOLDER/tap.sh" ] || {
	echo "# ipcbench or the tests' own tools are not installed"
	exit $SKIP
}
# shellcheck source=user/tests/tap.sh
. "$FOLDER/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# Descriptors and payloads in place are not in the device yet.
MBOX="mbox            Y Y Y Y Y Y Y Y Y Y Y Y Y Y Y Y . Y Y . . Y Y Y Y"

has_features() {
	ipcbench features mbox >"$work/features"
	status=$?
	echo "expected: $MBOX"
	echo "got:      $(grep '^mbox ' "$work/features")"
	[ $status -eq 0 ] && [ "$(grep '^mbox ' "$work/features")" = "$MBOX" ]
}

# The fixed count keeps it short: what is asked is whether all arrives.
runs() {
	# shellcheck disable=SC2046 # a word, or none
	ipcbench run --no-syscalls --workload "$1" --count 200 --sizes 8,4096 --depths 10 --place free \
		mbox mbox-call mbox-batch $(pool_for "$1") $(ring_for "$1") pipe >"$work/table" || return 1
	cat "$work/table"
	grep -q '^Every message of every row arrived once' "$work/table" &&
		! grep '^  mbox[a-z-]*: ' "$work/table" | grep -v 'the sender was not held up'
}

# pool_for WORKLOAD: a topic, which a broadcast has, has no pool
pool_for() {
	[ "$1" = fanout ] || echo mbox-pool
}

# ring_for WORKLOAD: a ring has one receiver, and no broadcast
ring_for() {
	[ "$1" = fanout ] || echo mbox-ring
}

# all_listed: nothing is left out, though it may be absent
all_listed() {
	ipcbench list >"$work/list"
	[ "$(grep -cE '^  [a-z-]+ +[a-z]+ +(present|absent)$' "$work/list")" -eq 30 ] &&
		grep -qE '^  mbox +mbox +present$' "$work/list"
}

check 'all mechanisms are listed, mbox is present' all_listed
check 'what mbox can do' has_features
for workload in pingpong stream fanin fanout mixed slow request oneway; do
	check "$workload: everything arrives" runs "$workload"
done
tap_done
