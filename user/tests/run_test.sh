#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The runner is not taken in: whatever is wrong with a test is a failure.

: "${here:?run by run.sh}"
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$here/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# gives LAST-LINE STATUS SCRIPT: what the runner makes of a test that is SCRIPT
gives() {
	printf '%s\n' "$3" > "$work/sample_test.sh"
	output=$(limit=1 sh "$here/run.sh" "$work/sample_test.sh")
	status=$?
	last=$(printf '%s\n' "$output" | tail -n 1)
	[ "$last" = "$1" ] && [ "$status" -eq "$2" ] && return
	printf '%s\nstatus %s\n' "$output" "$status"
	return 1
}

good='2 passed, 0 failed, 0 skipped'
bad='2 passed, 1 failed, 0 skipped'

check 'two results and a plan pass' gives "$good" 0 \
	'echo ok 1 - a; echo ok 2 - b; echo 1..2'
check 'the plan may come first' gives "$good" 0 \
	'echo 1..2; echo ok 1 - a; echo ok 2 - b'
check 'a failure is one' gives '1 passed, 1 failed, 0 skipped' 1 \
	'echo ok 1 - a; echo not ok 2 - b; echo 1..2; exit 1'
check 'a skip is no pass' gives '1 passed, 0 failed, 1 skipped' 0 \
	'echo ok 1 - a; echo ok 2 - b \# SKIP why; echo 1..2'
check 'nothing but skips is no success' gives '0 passed, 0 failed, 1 skipped' 1 \
	'echo ok 1 - a \# SKIP why; echo 1..1'
check 'without a plan it fails' gives "$bad" 1 'echo ok 1 - a; echo ok 2 - b'
check 'with too few results it fails' gives "$bad" 1 \
	'echo ok 1 - a; echo ok 2 - b; echo 1..3'
check 'with too many results it fails' gives "$bad" 1 \
	'echo ok 1 - a; echo ok 2 - b; echo 1..1'
check 'a status without a failure fails' gives "$bad" 1 \
	'echo ok 1 - a; echo ok 2 - b; echo 1..2; exit 3'
check 'a failure without a status fails' gives '1 passed, 2 failed, 0 skipped' 1 \
	'echo ok 1 - a; echo not ok 2 - b; echo 1..2'
check 'a signal fails' gives "$bad" 1 \
	'echo ok 1 - a; echo ok 2 - b; echo 1..2; kill -SEGV $$'
check 'no result at all fails' gives '0 passed, 1 failed, 0 skipped' 1 'echo 1..0'
check 'an empty test fails' gives '0 passed, 1 failed, 0 skipped' 1 ':'
check 'one that takes too long fails' gives "$bad" 1 \
	'echo ok 1 - a; echo ok 2 - b; echo 1..2; sleep 9'

none() {
	output=$(sh "$here/run.sh")
	[ $? -eq 1 ] && [ "$output" = '0 passed, 0 failed, 0 skipped' ]
}
check 'no tests are no success' none

tap_done
