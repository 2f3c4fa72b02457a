#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests the harness without a guest: made-up logs go to the verdict, and each
# thing that it must refuse has to turn it red for that reason; a qemu that only
# pretends boots for run.sh and gives results to bench.sh; and made-up programs
# need libraries.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/report.sh"
. "$VM_DIR/apt.sh"
. "$VM_DIR/fetch.sh"
. "$VM_DIR/elf.sh"

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
	spoil 's/# ok 1 poll.sees_message/# not ok 1 - poll.sees_message\n# # got: nothing/'
	spoil 's/pass=3 fail=0/pass=2 fail=1/'
	check "a failed case shows what it says afterwards" red 1 "# got: nothing"
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

# A tree in which all is made up but run.sh, bench.sh and what they source. The qemu there
# does what the file "mood" says, with the files of the folder "out".
make_stage() {
	STAGE=$WORK/stage
	local name vm=$STAGE/selftests/vm
	mkdir -p "$vm" "$STAGE/build/user" "$STAGE/bin" "$STAGE/out"
	cp "$VM_DIR"/{bench,boot,common,machine,run}.sh "$vm"
	for name in accel initramfs kernel payload servers; do
		printf '#!/bin/sh\necho %s\n' "$name" >"$vm/$name.sh"
	done
	pretended_qemu >"$STAGE/bin/qemu-system-x86_64"
	printf '#!/bin/sh\necho "$@" >"%s/report"\necho a table\n' "$STAGE" \
		>"$STAGE/build/user/ipcbench"
	chmod +x "$vm"/*.sh "$STAGE/bin/qemu-system-x86_64" "$STAGE/build/user/ipcbench"
	echo '{}' >"$STAGE/out/result.json"
	: >"$STAGE/out/result.txt"
}

pretended_qemu() {
	echo '#!/bin/bash'
	echo "STAGE=$STAGE"
	cat <<'EOT'
printf '%s\n' "$@" >"$STAGE/arguments"
nonce=$(sed -n 's/.* nonce=\([0-9a-f]*\).*/\1/p' "$STAGE/arguments")
results=$(sed -n 's/^file:\(.*results.log\)$/\1/p' "$STAGE/arguments")
pid_file=$(sed -n '/^-pidfile$/{n;p}' "$STAGE/arguments")
[ -z "$pid_file" ] || echo $$ >"$pid_file"
mood=$(cat "$STAGE/mood")
case $mood in
silent | sleepy)
	echo "[    0.1] Linux" >"$results"
	[ "$mood" = silent ] || echo good >"$STAGE/mood"
	exec sleep 600
	;;
hang) echo $$ >"$STAGE/pid"; exec sleep 600 ;;
die) echo "no such machine" >&2; exit 1 ;;
esac
{
	echo "MBOX-FILES nonce=$nonce"
	tar -cz -C "$STAGE/out" . | base64 | if [ "$mood" = cut ]; then head -c 50; else cat; fi
	echo "MBOX-FILES-END nonce=$nonce"
	[ "$mood" = other ] && nonce=fedcba9876543210
	printf '\nMBOX-EXIT nonce=%s status=%d\n' "$nonce" "$([ "$mood" = failed ] && echo 1)"
} >"$results"
EOT
}

# bench <mood> <argument...>
bench() {
	echo "$1" >"$STAGE/mood"
	shift
	PATH=$STAGE/bin:$PATH MBOX_BUILD='' "$STAGE/selftests/vm/bench.sh" "$@"
}

# boot <mood>: run a command in a guest that has a second to come up.
boot() {
	echo "$1" >"$STAGE/mood"
	PATH=$STAGE/bin:$PATH MBOX_BUILD='' MBOX_BOOT_LIMIT=1 "$STAGE/selftests/vm/run.sh" cmd true
}

test_boot() {
	make_stage
	check "a guest that comes up" refuses 0 "booting 6.1" boot good
	check "a guest that comes up at the second try" refuses 0 \
		"did not come up within 1 seconds (first try)" boot sleepy
	check "... has its first words kept" grep Linux "$STAGE"/build/vm/*/silent-first/results.log
	check "a guest that never comes up" refuses 125 \
		"did not come up within 1 seconds (second try)" boot silent
}

has_results() {
	(cd "$STAGE/build/bench/$1" && ls) | tr '\n' ' ' | grep -x "$2 "
}

# starts_with <words>: qemu was started with these arguments, in this order
starts_with() {
	tr '\n' ' ' <"$STAGE/arguments" | grep -F -- "$1"
}

# Two starts of the counting machine differ in nothing but the folder's name.
counts_alike() {
	bench good icount pipe 2>"$STAGE/words" || return
	sed "s|$STAGE/build/vm/[^/]*|RUN|" "$STAGE/arguments" >"$STAGE/first"
	bench good icount pipe 2>"$STAGE/words" || return
	sed "s|$STAGE/build/vm/[^/]*|RUN|" "$STAGE/arguments" | diff "$STAGE/first" -
}

# A signal to bench.sh ends its qemu too, before bench.sh itself ends.
ends_with_us() {
	local pid
	rm -f "$STAGE/pid"
	bench hang features >"$STAGE/words" 2>&1 &
	until [ -s "$STAGE/pid" ]; do sleep 0.05; done
	pid=$(pgrep -P "$!" -f bench.sh) || pid=$!
	kill "$pid"
	wait "$!" && return 1
	! kill -0 "$(cat "$STAGE/pid")"
}

test_bench() {
	make_stage
	check "bench.sh without a mode" refuses 125 "bench.sh time" "$VM_DIR/bench.sh"
	check "bench.sh with an unknown mode" refuses 125 "bench.sh time" "$VM_DIR/bench.sh" x
	check "a bench brings results" refuses 0 "a table" bench good icount
	check "they are where they should be" has_results latest-icount "result.json result.txt"
	check "the report is told where results go" grep -F -- "report --csv $STAGE/build/bench/" \
		"$STAGE/report"
	check "ipcbench's failure is ours" refuses 1 "a table" bench failed features
	check "a bench whose files got damaged" refuses 125 "did not arrive whole" bench cut features
	check "a bench of another run" refuses 125 "stopped before its end" bench other features
	check "a bench whose qemu fails" refuses 125 "no such machine" bench die features
	check "a bench that takes too long" refuses 124 "MBOX_LIMIT" \
		env MBOX_LIMIT=1 bash -c "$(declare -f bench); STAGE=$STAGE; bench hang features"
	check "a bench that is ended" ends_with_us
	check "the counting machine is the same each time" counts_alike
	check "the counting machine counts" starts_with "-machine q35 -accel tcg,thread=single -cpu qemu64,+smap,+smep -smp 1 -m 1024 -icount shift=0,sleep=off -rtc base=2026-01-01T00:00:00,clock=vm -seed 1 -nodefaults"
	check "its kernel does nothing at random" starts_with "nokaslr norandmaps randomize_kstack_offset=off tsc=reliable no_timer_check cryptomgr.notests"
	check "a timed guest never sleeps" refuses 0 "" bench good time
	check "... and has two CPUs" starts_with "-smp 2 -m 1536M"
	check "... that poll" starts_with " idle=poll "
}

# A root with one program, which needs a library of the root's own, or of nobody.
needs_library() {
	local root=$WORK/root
	rm -rf "$root"
	mkdir -p "$root/usr/lib" "$root/usr/bin"
	echo 'int f(void) { return 0; }' | gcc -shared -x c - -o "$root/usr/lib/libmade_up.so"
	echo 'int f(void); int main(void) { return f(); }' |
		gcc -x c - -o "$root/usr/bin/program" -L"$root/usr/lib" -lmade_up
	"$@" "$root"
	(add_libraries "$root")
}

test_libraries() {
	check "a library of the guest's own" needs_library true
	check "... and the host's C library" test -e "$WORK/root/lib/x86_64-linux-gnu/libc.so.6"
	check "a library that is nowhere" refuses 125 "needs libmade_up.so, which this machine" \
		needs_library remove_library
}

remove_library() {
	rm "$1/usr/lib/libmade_up.so"
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
test_boot
test_bench
test_libraries
totals
