#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs host tests and adds up their results: run.sh TEST...
#
# A test passes if it ends with status 0 within the time limit and has printed
# a plan and exactly the results that the plan announces, none of them
# "not ok". Whatever else it says does not make it pass.

limit=${limit:-300}
here=$(dirname "$0")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export top out mbox CC CXX here

run() {
	case $1 in
	*.sh) timeout "$limit" sh "$1" ;;
	*) timeout "$limit" "$1" ;;
	esac
}

: > "$work/all"
for test; do
	name=$(basename "$test" .sh)
	run "$test" > "$work/output" 2> "$work/errors" < /dev/null
	status=$?
	sed 's/^/# /' "$work/errors" >> "$work/output"
	awk -v name="$name" -v status="$status" -f "$here/tap.awk" \
		"$work/output" | tee -a "$work/all"
done

awk '
	/^not ok/ { failed++; next }
	/^ok.* # SKIP/ { skipped++; next }
	/^ok/ { passed++ }
	END {
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed || !passed
	}' "$work/all"
