#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs every check of the project, one part after the other, and adds them up.
#
#   check.sh [<test program>]    with a name: only that program, in the guest
#
# The last line is "N passed, N failed, N skipped" over all parts. Exit status:
# 0 if none failed, else 1.
set -uo pipefail
. "$(dirname "$0")/common.sh"

passed=0 failed=0 skipped=0

# add_totals <file> <status>: the totals line of one part; a part that ends red
# without counting why, or without the line, counts as one failure.
add_totals() {
	local line p=0 f=0 s=0
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$1" | tail -n 1)
	if [ -n "$line" ]; then
		read -r p _ f _ s _ <<<"$line 0"
	fi
	if [ -z "$line" ] || { [ "$2" -ne 0 ] && [ "$f" -eq 0 ]; }; then
		f=$((f + 1))
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# part <title> <command...>
part() {
	local title=$1 status=0 started=$SECONDS log
	shift
	log=$(mktemp)
	echo "== $title"
	"$@" 2>&1 | tee "$log" | sed -u '/^[0-9]* passed, [0-9]* failed/s/^/  /'
	status=${PIPESTATUS[0]}
	[ "$status" -eq 0 ] || echo "  RED: $title (status $status)"
	echo "  $((SECONDS - started)) s"
	add_totals "$log" "$status"
	rm -f "$log"
}

# The single good results of the host tests are many and quick: they are left out.
host_tests() {
	make --no-print-directory -C "$TOP_DIR/user" O="$BUILD_DIR/user" check |
		grep -v '^ok '
	return "${PIPESTATUS[0]}"
}

KERNEL=${KERNEL:-6.1}
export KERNEL
if [ $# -eq 0 ]; then
	part "style" "$TOP_DIR/selftests/style.sh"
	part "tests of the harness" "$VM_DIR/harness_test.sh"
	part "tests on the host" host_tests
	part "model of call and reply" "$TOP_DIR/selftests/model/check.sh"
fi
part "selftests on $KERNEL${1:+: $1}" "$VM_DIR/run.sh" check "${1:-}"
if [ $# -eq 0 ]; then
	part "deliberate breakages" "$VM_DIR/breakages.sh"
	part "speed, in instructions" "$TOP_DIR/selftests/bench/speed.sh"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] || exit "$EXIT_FAILED"
