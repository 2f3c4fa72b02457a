# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Mode check: load, tests, unload, leak and splat check, and only then the
# verdict. Everything that the host judges goes through the results port.
. /vm/module.sh
. /vm/leak.sh
. /vm/orphans.sh
. /vm/splat.sh

KTAP=/tmp/ktap

# A terminal of its own makes the runner's sed write line by line; so a guest
# that dies in a test has sent what that test said before.
run_tests() {
	watch_orphans &
	local select="-c mbox"
	[ -z "$guest_test" ] || select="-t mbox:$guest_test"
	script -q -f -c "stty -onlcr; exec /usr/lib/kselftests/run_kselftest.sh $select" \
		"$KTAP" </dev/null >"$RESULTS"
	kill $!
}

count_splat() {
	splats=$((splats + 1))
	echo "# splat: $*" >"$RESULTS"
}

count_leak() {
	leaks=$((leaks + 1))
	echo "# leak: $*" >"$RESULTS"
}

# A module that leaves something behind often fails only at its second load.
load_again() {
	load_module || { count_leak "the module does not load again"; return; }
	unload_module || count_leak "the module does not unload again"
}

check_guest() {
	taint_before
	leak_before
	load_kernel_modules
	if load_module >"$RESULTS" 2>&1; then
		run_tests
		unload_module >"$RESULTS" 2>&1 || count_leak "the module does not unload"
		find_leaks
		load_again
	else
		count_splat "the module does not load"
	fi
	find_splats
}

splats=0 leaks=0
dmesg -n 7
: >"$KTAP"
check_guest
# The kernel's own words must not cut into the verdict's line.
dmesg -n 1
counts=$(awk -f /vm/ktap.awk "$KTAP" | sed -n 's/^total //p')
echo "MBOX-VERDICT nonce=$guest_nonce $counts splat=$splats leak=$leaks" >"$RESULTS"
