# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Counts checks and says how each ended. Sourced, never run.

passed=0 failed=0 skipped=0

# check <name> <command...>: green if the command succeeds; what it printed is
# shown only if it does not.
check() {
	local name=$1 output
	shift
	if output=$("$@" 2>&1); then
		passed=$((passed + 1))
		echo "  ok $name"
	else
		failed=$((failed + 1))
		echo "  not ok $name"
		printf '%s\n' "$output" | sed 's/^/      /'
	fi
}

skip() {
	skipped=$((skipped + 1))
	echo "  skip $1: $2"
}

totals() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] || exit "$EXIT_FAILED"
}
