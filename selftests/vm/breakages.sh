#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests the tests: builds the module with one behaviour broken at a time and
# demands that the test program which the table "breakages" names turns red.
#
#   breakages.sh [<name>]
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/report.sh"

# A broken module may well hang its test: one "not ok" before the limit will do.
LIMIT=60

# turns_red <breakage> <program> <reason>: and does so for that reason.
turns_red() {
	local breakage=$1 program=$2 reason=$3 status=0 output
	output=$(BREAK=$breakage MBOX_LIMIT=$LIMIT "$VM_DIR/run.sh" check "$program" 2>&1) || status=$?
	if [ "$status" -eq 0 ]; then
		echo "the module with BREAK=$breakage passes $program, which should catch it"
		return 1
	fi
	if [ "$status" -eq "$EXIT_HARNESS" ]; then
		echo "the run itself failed:"
		echo "$output"
		return 1
	fi
	grep -qE -- "$reason" <<<"$output" && return 0
	echo "$program is red, but nothing says '$reason':"
	echo "$output"
	return 1
}

while read -r breakage program reason; do
	[ "${1:-$breakage}" = "$breakage" ] || continue
	check "BREAK=$breakage turns $program red" \
		turns_red "$breakage" "$program" "$reason" </dev/null
done < <(table "$VM_DIR/breakages")
[ $((passed + failed)) -gt 0 ] || die "no breakage '${1:-}' in the file breakages"
totals
