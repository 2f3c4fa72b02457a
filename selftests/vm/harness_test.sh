#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests the harness without a guest: made-up logs go to the verdict, and each
# thing that it must refuse has to turn it red for that reason.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/report.sh"
. "$VM_DIR/apt.sh"
. "$VM_DIR/fetch.sh"

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
NONCE=0123456789abcdef
GOOD_VERDICT="MBOX-VERDICT nonce=$NONCE plan=4 pass=3 fail=0 skip=1 splat=0 leak=0"

# A run of three programs, as the kernel's runner prints it.
good_results() {
	cat <<-EOT
		TAP version 13
		1..3
		# selftests: mbox: poll_test
		# TAP version 13
		# 1..2
		# #  RUN           poll.sees_message ...
		# #            OK  poll.sees_message
		# ok 1 poll.sees_message
		# #  RUN           poll.sees_room ...
		# #            OK  poll.sees_room
		# ok 2 poll.sees_room
		ok 1 selftests: mbox: poll_test
		# selftests: mbox: memcg_test
		# TAP version 13
		# 1..1
		# #  RUN           memcg.charges ...
		# #      SKIP      no memory controller
		# #            OK  memcg.charges
		# ok 1 # SKIP no memory controller
		ok 2 selftests: mbox: memcg_test
		# selftests: mbox: cli_test.sh
		ok 3 selftests: mbox: cli_test.sh
		$GOOD_VERDICT
	EOT
}

# A fresh run folder, good in all; the tests below spoil one thing each.
new_run() {
	RUN=$(mktemp -d "$WORK/run.XXXXXX")
	good_results >"$RUN/results.log"
	echo "[    2.1] mbox: loading out-of-tree module taints kernel." >"$RUN/console.log"
	echo "* memcg_test memcg.charges" >"$RUN/expected"
}

judge() {
	MBOX_EXPECTED_SKIPS=$RUN/expected \
		"$VM_DIR/verdict.sh" "$RUN" "$NONCE" 6.1 "${1:-0}" "${2:-}"
}

# green [<qemu's status> [<test>]]
green() {
	judge "$@"
}

# red <status> <words> [<qemu's status> [<test>]]: red, and says those words.
red() {
	local want=$1 words=$2 status=0 output
	shift 2
	output=$(judge "$@") || status=$?
	echo "status $status:"
	echo "$output"
	[ "$status" -eq "$want" ] && grep -qF -- "$words" <<<"$output"
}

spoil() {
	sed -i "$1" "$RUN/results.log"
}

test_green() {
	new_run
	check "a good run is green" green
	check "a good run is counted" red 0 "3 passed, 0 failed, 1 skipped"
	new_run
	spoil 's/$/\r/'
	check "carriage returns do not matter" green
}

test_verdict_line() {
	new_run
	spoil '/MBOX-VERDICT/d'
	check "no verdict" red 1 "verdict missing: the guest stopped before its end"
	new_run
	spoil 's/nonce=0/nonce=f/'
	check "the verdict of another run" red 1 "wrong nonce"
	new_run
	: >"$RUN/results.log"
	check "no results at all" red 1 "verdict missing"
	new_run
	printf '%s\n' "MBOX-VERDICT nonce=$NONCE plan=0 pass=0 fail=0 skip=0 splat=0 leak=0" \
		>"$RUN/results.log"
	: >"$RUN/expected"
	check "a run without tests" red 1 "no test has run"
}

test_plan() {
	new_run
	spoil '/ok 2 poll.sees_room/d'
	check "a result got lost" red 1 "poll_test: 2 results planned, 1 came"
	new_run
	spoil '/^ok 3/d'
	check "a program did not end" red 1 "cli_test.sh"
	new_run
	spoil '/cli_test.sh/d'
	check "a program is missing" red 1 "runner: 3 results planned, 2 came"
	new_run
	spoil 's/plan=4 pass=3/plan=5 pass=4/'
	check "the guest counted otherwise" red 1 "counts differ"
}

test_failures() {
	new_run
	spoil 's/# ok 1 poll.sees_message/# # poll_test.c:9:sees_message:Expected 1 (1) == 2 (2)\n# not ok 1 poll.sees_message/'
	spoil 's/pass=3 fail=0/pass=2 fail=1/'
	check "a failed case" red 1 "2 passed, 1 failed, 1 skipped"
	check "a failed case shows what it expected" red 1 "Expected 1 (1) == 2 (2)"
	new_run
	spoil 's/^ok 1 selftests: mbox: poll_test/not ok 1 selftests: mbox: poll_test # exit=139/'
	spoil 's/fail=0/fail=1/'
	check "a program that crashed after its cases" red 1 "exit=139"
	new_run
	spoil 's/^ok 3 \(.*\)/not ok 3 \1 # TIMEOUT 60 seconds/'
	spoil 's/pass=3 fail=0/pass=2 fail=1/'
	check "a program that ran out of time" red 1 "TIMEOUT"
}

test_skips() {
	new_run
	: >"$RUN/expected"
	check "an unexpected skip" red 1 "unexpected skip: memcg_test memcg.charges"
	new_run
	echo "6.1 poll_test poll.sees_room" >>"$RUN/expected"
	check "an expected skip that ran" red 1 \
		"expected skip did not come: poll_test poll.sees_room"
	new_run
	echo "6.12 poll_test poll.sees_room" >>"$RUN/expected"
	check "a skip expected of another kernel" green
	new_run
	echo "* other_test other.case" >>"$RUN/expected"
	check "a skip of a program that was not chosen" green 0 memcg_test
}

test_kernel_words() {
	new_run
	spoil 's/splat=0/splat=1/'
	check "a splat that the guest found" red 1 "splat: the kernel complained"
	new_run
	echo "[    9.1] WARNING: CPU: 0 PID: 1 at mbox.c:1" >>"$RUN/console.log"
	check "a splat on the console" red 1 "splat on the console"
	new_run
	spoil 's/leak=0/leak=2/'
	check "a leak" red 1 "leak: the module left something behind"
}

test_end() {
	new_run
	check "a time limit" red 124 "time limit" 124
	new_run
	check "a qemu that failed" red 1 "qemu failed with status 1" 1
}

# refuses <status> <words> <command...>
refuses() {
	local want=$1 words=$2 status=0 output
	shift 2
	output=$("$@" 2>&1 </dev/null) || status=$?
	echo "status $status: $output"
	[ "$status" -eq "$want" ] && grep -qF -- "$words" <<<"$output"
}

test_arguments() {
	check "run.sh without a mode" refuses 125 "run.sh shell" "$VM_DIR/run.sh"
	check "run.sh with an unknown mode" refuses 125 "run.sh shell" "$VM_DIR/run.sh" dance
	check "run.sh cmd without a command" refuses 125 "needs a command" "$VM_DIR/run.sh" cmd ''
	check "a prompt without a terminal" refuses 125 "needs a terminal" "$VM_DIR/run.sh" shell
	check "an unknown kernel" refuses 125 "no kernel '2.4'" "$VM_DIR/kernel.sh" kdir 2.4
	check "an unknown accelerator" refuses 125 "takes kvm or tcg" \
		env MBOX_ACCEL=warp "$VM_DIR/accel.sh"
	check "an unknown breakage" refuses 125 "no breakage 'x'" "$VM_DIR/breakages.sh" x
}

test_deps() {
	echo coreutils >"$WORK/packages"
	check "deps with nothing missing" env MBOX_PACKAGES="$WORK/packages" \
		PATH=/usr/bin:/bin "$VM_DIR/deps.sh"
	echo mbox-no-such-package >>"$WORK/packages"
	mkdir "$WORK/bin"
	printf '#!/bin/sh\nexit 100\n' | tee "$WORK/bin/apt-get" >"$WORK/bin/sudo"
	chmod +x "$WORK/bin/apt-get" "$WORK/bin/sudo"
	check "deps that cannot install" refuses 1 \
		"missing packages: mbox-no-such-package" \
		env MBOX_PACKAGES="$WORK/packages" PATH="$WORK/bin:$PATH" "$VM_DIR/deps.sh"
}

spoiled_manifest() {
	echo changed >"$WORK/part/file"
	! manifest_holds "$WORK/part"
}

test_cache() {
	mkdir "$WORK/part"
	echo good >"$WORK/part/file"
	manifest_write "$WORK/part"
	check "the cache as it was unpacked" manifest_holds "$WORK/part"
	check "the cache with a changed file" spoiled_manifest
	check "a package with a wrong hash" refused_package
}

refused_package() {
	echo "not a package" >"$WORK/coreutils.deb"
	! package_check coreutils "$WORK/coreutils.deb"
}

test_green
test_verdict_line
test_plan
test_failures
test_skips
test_kernel_words
test_end
test_arguments
test_deps
test_cache
totals
