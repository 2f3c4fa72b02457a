# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# TAP for host tests that are scripts, as tap.h is for programs.

tap_count=0
tap_failures=0

# ok STATUS NAME: STATUS 0 is a pass
ok() {
	tap_count=$((tap_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_count - $2"
	else
		echo "not ok $tap_count - $2"
		tap_failures=$((tap_failures + 1))
	fi
}

# check NAME COMMAND...: a pass if COMMAND succeeds; its output is shown if not
check() {
	tap_name=$1
	shift
	if tap_output=$("$@" 2>&1); then
		ok 0 "$tap_name"
	else
		ok 1 "$tap_name"
		printf '%s\n' "$tap_output" | sed 's/^/# /'
	fi
}

# skip NAME WHY
skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

tap_done() {
	echo "1..$tap_count"
	[ "$tap_failures" -eq 0 ]
}
