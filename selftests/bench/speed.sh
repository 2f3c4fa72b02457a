#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Is mbox as fast as it has been? Counts instructions on 6.1 and holds the ratios to
# the file "floors". What else the machine does makes no difference.
#
#   speed.sh
#
# The last line is "N passed, N failed, N skipped".
set -euo pipefail
BENCH_DIR=$(cd "$(dirname "$0")" && pwd)
. "$BENCH_DIR/../vm/common.sh"

MARGIN=0.05
MECHANISMS=(mbox mbox-call mbox-batch pipe sysv-msg posix-mq unix-dgram)

measure() {
	KERNEL=6.1 MBOX_SERVERS=0 "$VM_DIR/bench.sh" icount --no-syscalls \
		--workload pingpong,stream --sizes 8,64,4096 --time 10 "${MECHANISMS[@]}"
}

# As every part of "make check" ends.
print_totals() {
	sed -n 's/^\([0-9]*\) met, \([0-9]*\) missed, \([0-9]*\) not measured$/\1 \2 \3/p' "$1" |
		while read -r met missed unknown; do
			echo "$met passed, $((missed + unknown)) failed, 0 skipped"
		done
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
measure >"$log" 2>&1 || {
	cat "$log"
	die "nothing was measured"
}
status=0
awk -v kind=icount -v margin="$MARGIN" -f "$BENCH_DIR/verdicts.awk" "$BENCH_DIR/floors" \
	"$BUILD_DIR/bench/latest-icount/result.csv" >"$log" || status=$?
sed -e '$d' -e 's/^met /ok  /; s/^missed/not ok/; s/^not measured/not ok      /; s/^/  /' "$log"
print_totals "$log"
exit "$status"
