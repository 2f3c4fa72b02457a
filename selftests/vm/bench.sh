#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Runs ipcbench in a guest that has the servers it can measure, and brings the
# results out.
#
#   bench.sh time [<argument>...]      ipcbench run, by the clock, on two CPUs
#   bench.sh icount [<argument>...]    ipcbench run, by the count of instructions
#   bench.sh features [<argument>...]  ipcbench features
#   bench.sh scale [<subject>...]      selftests/bench, by the count of instructions
#   bench.sh sysv                      SysV queues: the kernel's, and mailboxes for them
#
# Arguments are handed on to ipcbench. What came out is in build/bench/<date>,
# to which latest and latest-<what> lead: result.json, and made of it result.txt,
# result.csv and result.html; or features.json, .txt and .html; or scale.csv, sysv.csv.
#
# time: the CPUs never sleep (idle=poll): waking one that does takes up to a
# tick under emulation. The host should have nothing else to do.
#
# icount: the machine's clocks count one nanosecond an instruction, and each boot
# does the same as the one before, to the last digit. For that
#   - nothing may come from outside: the clock, the seeds, the addresses and the
#     command line are fixed (with them a nonce and the terminal's size, since the
#     command line goes into the kernel's random numbers), there is no input, and
#     what the guest prints goes to files, which never make it wait;
#   - the same programs must be in the same places: initramfs.sh packs the same
#     files to the same bytes; a changed program moves all numbers a little;
#   - it has one CPU, without ERMS, where each byte of a copy would count;
#   - 60 s of sleep come first, in which the kernel ends what it began at boot.
#     They take no time: a machine that sleeps jumps to its next timer.
#
# From the environment: KERNEL, MBOX_LIMIT=<s> (time 1800, icount 5400, features
# 900), and for time and features MBOX_ACCEL, MBOX_SMP and MBOX_MEMORY, as in
# run.sh. Exit status: that of ipcbench, 124 time limit, 125 the harness could not
# do its work.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/machine.sh"
MBOX_SERVERS=${MBOX_SERVERS-1}
. "$VM_DIR/boot.sh"

POLL_LINE="idle=poll tsc=reliable transparent_hugepage=never"
COUNT_LINE="nokaslr norandmaps randomize_kstack_offset=off tsc=reliable"
COUNT_LINE+=" no_timer_check cryptomgr.notests"
SETTLE_SECONDS=60
BUSY_PERCENT=7

# So that System V queues, too, carry every size; root may have larger POSIX ones.
LIMITS="sysctl -qw kernel.msgmax=1048576 kernel.msgmnb=2097152"

# The one place that knows ipcbench's command line.
guest_command() {
	local verb=$1
	shift
	case $verb in
	time) echo "ipcbench run --json result.json ${*@Q} >result.txt" ;;
	icount) echo "ipcbench run --unit instructions --json result.json ${*@Q} >result.txt" ;;
	features)
		echo "ipcbench features --json features.json --html features.html ${*@Q} >features.txt"
		;;
	scale) echo "/usr/libexec/mbox/scale ${*@Q} >scale.csv && cp scale.csv scale.txt" ;;
	sysv)
		echo "{ /usr/libexec/mbox/sysv_speed kernel &&" \
			"mbox run --sysv -- /usr/libexec/mbox/sysv_speed mbox; } >sysv.csv &&" \
			"cp sysv.csv sysv.txt"
		;;
	esac
}

report() {
	"$BUILD_DIR/user/ipcbench" report --csv "$1/result.csv" --html "$1/result.html" \
		"$1/result.json" >"$1/result.txt"
}

cpu_times() {
	awk '$1 == "cpu" { print $2 + $3 + $4 + $5 + $6 + $7 + $8, $5 + $6 }' /proc/stat
}

# Times taken beside other work are too long, by nobody knows how much.
warn_of_work() {
	local all idle all_then idle_then busy
	read -r all_then idle_then < <(cpu_times)
	sleep 2
	read -r all idle < <(cpu_times)
	[ "$all" -gt "$all_then" ] || return 0
	busy=$((100 - 100 * (idle - idle_then) / (all - all_then)))
	[ "$busy" -le "$BUSY_PERCENT" ] ||
		say "warning: this machine is $busy % busy: times will be too long"
}

# prepare_plain [<kernel words>]
prepare_plain() {
	prepare "console=ttyS1 loglevel=5 panic=-1 ${1:-} -- mode=cmd files=1 stdin=tty nonce=$NONCE $(terminal_words)"
}

prepare_counting() {
	local image
	image=$("$VM_DIR/kernel.sh" image "$KERNEL")
	pack
	counting_machine "$image" "$RUN_DIR/initramfs" \
		"console=ttyS1 quiet panic=-1 $COUNT_LINE -- mode=cmd files=1 stdin=tty settle=$SETTLE_SECONDS nonce=$NONCE"
	tell_start "tcg, instructions are counted, 1 cpu"
}

# What the guest prints, while it does; without a terminal of ours only its lines,
# and not what it wrote over.
follow_console() {
	if [ -t 1 ]; then
		exec tail -c +1 -s 0.2 -f --pid="$1" "$RUN_DIR/console.log"
	fi
	tail -c +1 -s 0.2 -f --pid="$1" "$RUN_DIR/console.log" |
		sed -u -e 's/\r*$//' -e 's/.*\r//' -e '/^ *$/d'
}

# Whatever ends us ends the guest as well.
# shellcheck disable=SC2317
end_guest() {
	trap - EXIT INT TERM HUP
	[ -z "${QEMU:-}" ] || kill "$QEMU" 2>/dev/null || true
	wait
	rm -rf "$RUN_DIR/initramfs" "$RUN_DIR/payload"
}

# run_guest: sets STATUS to qemu's; a signal to us ends qemu as well.
run_guest() {
	STATUS=0
	: >"$RUN_DIR/console.log"
	file_ports "$RUN_DIR/console.log" "$RUN_DIR/results.log"
	timeout --foreground "$LIMIT" "${MACHINE[@]}" </dev/null 2>"$RUN_DIR/qemu.log" &
	QEMU=$!
	follow_console "$QEMU" &
	wait "$QEMU" || STATUS=$?
	QEMU=
	wait
}

# receive <folder>: what the guest has sent.
receive() {
	mkdir -p "$1"
	tr -d '\r' <"$RUN_DIR/results.log" |
		sed -n "/^MBOX-FILES nonce=$NONCE\$/,/^MBOX-FILES-END nonce=$NONCE\$/p" |
		sed '/^MBOX-FILES/d' | base64 -d | tar -xz -C "$1" ||
		die "the files of the guest did not arrive whole"
}

publish() {
	local name=$1 folder=$2 link
	for link in latest "latest-$name"; do
		ln -sfn "${folder##*/}" "$BUILD_DIR/bench/$link"
	done
}

# deliver <what>: receive, make reports and show them.
deliver() {
	local folder text
	folder=$BUILD_DIR/bench/$(date +%Y%m%d-%H%M%S)
	receive "$folder"
	text=$(echo "$folder"/*.txt)
	if [ -s "$folder/result.json" ]; then
		report "$folder" || die "ipcbench cannot report its results"
	fi
	cat "$text"
	if [ -n "$(find "$folder" -name '*.json' -o -name '*.csv')" ]; then
		publish "$1" "$folder"
		say "results: ${folder#"$TOP_DIR"/}"
	else
		rm -r "$folder"
	fi
}

[ $# -ge 1 ] || usage
what=$1
case $what in
time) LIMIT=${MBOX_LIMIT:-1800} ;;
icount | scale | sysv) LIMIT=${MBOX_LIMIT:-5400} ;;
features) LIMIT=${MBOX_LIMIT:-900} ;;
*) usage ;;
esac
GUEST_COMMAND="$LIMITS && cd out && $(guest_command "$@")"
export GUEST_COMMAND
trap end_guest EXIT
trap 'exit 130' INT TERM HUP
case $what in icount | scale | sysv) NONCE=0000000000000000 ;; esac
new_run
case $what in
time)
	prepare_plain "$POLL_LINE"
	warn_of_work
	;;
icount | scale | sysv) prepare_counting ;;
features) prepare_plain ;;
esac
run_guest
rm -f "$RUN_DIR/initramfs"
[ -z "$(guest_status)" ] || deliver "$what"
end_of "$STATUS"
