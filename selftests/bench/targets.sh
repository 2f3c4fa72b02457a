#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Measures what the file "targets" asks for, and says of each row whether it is met.
#
#   targets.sh icount [<kernel>...]   instructions; all kernels of the table if none
#   targets.sh time [<kernel>...]     time across two processors, on an idle machine
#
# The results are in build/bench, of each kernel apart, as bench.sh leaves them; the
# verdicts are also in build/bench/targets-<kind>-<kernel>. Exit status: 0 if all was
# measured, whatever the verdicts.
set -euo pipefail
BENCH_DIR=$(cd "$(dirname "$0")" && pwd)
. "$BENCH_DIR/../vm/common.sh"

PEERS=(pipe sysv-msg posix-mq eventfd futex-shm unix-dgram unix-seqpacket unix-stream
	tcp zmq-ipc process-vm)
OURS=(mbox mbox-call mbox-batch mbox-ring mbox-pool)

# bench <kernel> <log> <argument>...
bench() {
	local kernel=$1 log=$2
	shift 2
	KERNEL=$kernel MBOX_SERVERS=0 "$VM_DIR/bench.sh" "$@" >"$log" 2>&1 || {
		cat "$log" >&2
		return 1
	}
}

# measure_<kind> <kernel> <log>: prints where the figures are.
measure_icount() {
	bench "$1" "$2" icount --no-syscalls --time 10 --workload pingpong,stream,oneway \
		"${OURS[@]}" "${PEERS[@]}" &&
		readlink -f "$BUILD_DIR/bench/latest-icount/result.csv" &&
		bench "$1" "$2" scale &&
		readlink -f "$BUILD_DIR/bench/latest-scale/scale.csv"
}

measure_time() {
	bench "$1" "$2" time --no-syscalls --sizes 8,64 --place across \
		--workload pingpong,stream "${OURS[@]}" "${PEERS[@]}" spin-shm &&
		readlink -f "$BUILD_DIR/bench/latest-time/result.csv"
}

place_of() {
	case $1 in
	icount) echo same ;;
	time) echo across ;;
	esac
}

# column_of <kernel>: of the table, whose last columns are in the order of "kernels".
column_of() {
	table "$VM_DIR/kernels" | awk -v name="$1" '$1 == name { print 6 + NR }'
}

# judge <kind> <kernel>
judge() {
	local kind=$1 kernel=$2 log out=$BUILD_DIR/bench/targets-$1-$2 column figures
	column=$(column_of "$kernel")
	[ -n "$column" ] || die "no kernel '$kernel' in selftests/vm/kernels"
	mkdir -p "$BUILD_DIR/bench"
	log=$out.log
	figures=$("measure_$kind" "$kernel" "$log") || die "nothing was measured on $kernel"
	say "== $kind on $kernel"
	# Several files, and a row that is missed is no fault of ours.
	# shellcheck disable=SC2086
	{
		awk -v kind="$kind" -v column="$column" -v place="$(place_of "$kind")" \
			-f "$BENCH_DIR/verdicts.awk" "$BENCH_DIR/targets" $figures ||
			[ $? -eq 1 ]
	} | tee "$out"
}

[ $# -ge 1 ] || usage
kind=$1
shift
case $kind in icount | time) ;; *) usage ;; esac
[ $# -gt 0 ] || mapfile -t kernels < <(table "$VM_DIR/kernels" | awk '{ print $1 }')
for kernel in "${@:-${kernels[@]}}"; do
	judge "$kind" "$kernel"
done
