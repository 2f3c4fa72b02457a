#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Judges one run of the selftests from its logs, and counts it.
#
#   verdict.sh <run folder> <nonce> <kernel> <qemu's status> [<test>]
#
# Green is only: our nonce, as many results as planned by the guest's count and
# by ours, no failure, exactly the expected skips, no splat, no leak, and a qemu
# that ended by itself in time. Every cause is told apart. The last line is
# "N passed, N failed, N skipped"; each cause beyond failed cases counts as one
# failure. Exit status: 0 green, 1 red, 124 red because of the time limit.
set -euo pipefail
. "$(dirname "$0")/common.sh"

red() {
	echo "RED: $*"
	reds=$((reds + 1))
}

# value <name>: a number out of the guest's verdict.
value() {
	sed -n "s/.* $1=\([0-9]*\).*/\1/p" <<<"$VERDICT"
}

# What the failed cases said: the lines from each one's start to its result, and
# comments right after it, which is where TAP of other make has them.
show_failures() {
	tr -d '\r' <"$RESULTS" | awk '
		/^# #  RUN / || /^# selftests: / { said = ""; after = 0 }
		/^# not ok / { printf "%s", said; print "    " substr($0, 3); said = ""; after = 1; next }
		/^not ok / { printf "%s", said; print "    " $0; said = ""; after = 0; next }
		/^# ok / || /^ok / { said = ""; after = 0; next }
		/^# 1\.\./ { next }
		/^# # / && after { print "      " substr($0, 3); next }
		/^# / { said = said "    " substr($0, 3) "\n" }
		END { printf "%s", said }'
}

show_tail() {
	echo "    the last lines of ${CONSOLE#"$TOP_DIR"/}:"
	tail -n "$1" "$CONSOLE" 2>/dev/null | tr -d '\r' | sed 's/^/    /'
}

judge_end() {
	case $QEMU_STATUS in
	0) ;;
	"$EXIT_TIMEOUT") red "time limit: the guest was still running and was ended" ;;
	*) red "qemu failed with status $QEMU_STATUS: $(cat "$RUN_DIR/qemu.log" 2>/dev/null)" ;;
	esac
}

judge_verdict() {
	VERDICT=$(tr -d '\r' <"$RESULTS" | awk '/^MBOX-VERDICT / { last = $0 } END { print last }')
	if [ -z "$VERDICT" ]; then
		red "verdict missing: the guest stopped before its end"
		[ "$splat_seen" = yes ] || show_tail 25
	elif [[ "$VERDICT " != *" nonce=$NONCE "* ]]; then
		red "wrong nonce: the verdict is not of this run: $VERDICT"
	else
		judge_plan
	fi
}

judge_plan() {
	local ours
	ours="plan=$plan pass=$pass fail=$fail skip=$skip"
	[[ "$VERDICT " == *" $ours "* ]] ||
		red "counts differ: the guest says '$VERDICT', its results say '$ours'"
	[ "$plan" -eq $((pass + fail + skip)) ] ||
		red "plan: $plan cases planned, $((pass + fail + skip)) results"
	[ "$plan" -gt 0 ] || red "no test has run"
	if [ "$(value splat)" != 0 ]; then
		red "splat: the kernel complained"
		grep '^# splat: ' "$RESULTS" | sed 's/^/    /' || true
	fi
	if [ "$(value leak)" != 0 ]; then
		red "leak: the module left something behind"
		grep -A 14 '^# leak: ' "$RESULTS" | sed 's/^/    /' || true
	fi
}

# Programs whose results are not as many as they planned.
judge_programs() {
	local program planned found
	while read -r _ program planned found; do
		red "$program: $planned results planned, $found came"
	done < <(grep '^short ' "$COUNTS")
}

expected_skips() {
	table "$SKIPS" | awk -v kernel="$KERNEL" -v test="$TEST" '
		($1 == kernel || $1 == "*") && (test == "" || $2 == test) { print $2, $3 }' | sort
}

judge_skips() {
	local line
	sed -n 's/^case skip //p' "$COUNTS" | sort >"$RUN_DIR/skips"
	while read -r line; do
		red "unexpected skip: $line (expected ones stand in selftests/vm/expected-skips)"
	done < <(expected_skips | comm -13 - "$RUN_DIR/skips")
	while read -r line; do
		red "expected skip did not come: $line"
	done < <(expected_skips | comm -23 - "$RUN_DIR/skips")
}

# The guest may have died of a splat before it could report it.
judge_console() {
	local splat
	splat_seen=no
	splat=$(grep -m 1 -E 'Kernel panic|Oops:|BUG: |WARNING: CPU' "$CONSOLE" 2>/dev/null) || return 0
	splat_seen=yes
	red "splat on the console: $splat"
	grep -m 1 -A 30 -E 'Kernel panic|Oops:|BUG: |WARNING: CPU' "$CONSOLE" |
		tr -d '\r' | sed 's/^/    /'
}

[ $# -ge 4 ] && [ $# -le 5 ] || usage
RUN_DIR=$1 NONCE=$2 KERNEL=$3 QEMU_STATUS=$4 TEST=${5:-}
SKIPS=${MBOX_EXPECTED_SKIPS:-$VM_DIR/expected-skips}
RESULTS=$RUN_DIR/results.log CONSOLE=$RUN_DIR/console.log COUNTS=$RUN_DIR/counts
touch "$RESULTS"
awk -f "$VM_DIR/ktap.awk" "$RESULTS" >"$COUNTS"
read -r plan pass fail skip < <(sed -n 's/[a-z]*=//g; s/^total //p' "$COUNTS")
reds=0
if [ "$fail" -ne 0 ] || grep -q '^short ' "$COUNTS"; then
	show_failures
fi
judge_end
judge_programs
judge_console
judge_verdict
judge_skips
echo "$pass passed, $((fail + reds)) failed, $skip skipped"
[ "$QEMU_STATUS" -ne "$EXIT_TIMEOUT" ] || exit "$EXIT_TIMEOUT"
[ $((fail + reds)) -eq 0 ] || exit "$EXIT_FAILED"
