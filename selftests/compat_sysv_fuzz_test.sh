#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The same random calls on the queues of the kernel and on mailboxes: what came of each
# is the same.
#
#   MBOX_FUZZ_STEPS=10000   steps of each run
#   MBOX_FUZZ_RUNS=2        how many runs, each with a seed of its own
#   MBOX_FUZZ_SEED=1        the first seed
SKIP=4
HERE=$(dirname "$0")
STEPS=${MBOX_FUZZ_STEPS:-10000}
RUNS=${MBOX_FUZZ_RUNS:-2}
SEED=${MBOX_FUZZ_SEED:-1}

command -v mbox >/dev/null || {
	echo "# mbox is not installed"
	exit $SKIP
}
TMP=$(mktemp -d) || exit 1
trap 'rm -rf "$TMP"' EXIT

# Where the two part, with what led there.
show_difference() {
	line=$(cmp "$TMP/kernel" "$TMP/mbox" | sed 's/.*line //')
	echo "# they part in line ${line:-at the end}; the kernel's, then the mailboxes':"
	for side in kernel mbox; do
		head -n "${line:-1}" "$TMP/$side" | tail -n 12 | sed "s/^/# $side: /"
	done
}

echo "TAP version 13"
echo "1..$RUNS"
failed=0
for run in $(seq "$RUNS"); do
	seed=$((SEED + run - 1))
	"$HERE/sysv_fuzz" "$seed" "$STEPS" >"$TMP/kernel"
	first=$?
	mbox run --sysv -- "$HERE/sysv_fuzz" "$seed" "$STEPS" >"$TMP/mbox"
	second=$?
	if [ "$first" -eq 0 ] && [ "$second" -eq 0 ] && [ -s "$TMP/kernel" ] &&
		cmp -s "$TMP/kernel" "$TMP/mbox"; then
		echo "ok $run seed $seed, $STEPS steps, $(wc -l <"$TMP/kernel") lines"
	else
		show_difference
		echo "# status $first and $second"
		echo "not ok $run seed $seed, $STEPS steps"
		failed=1
	fi
done
exit $failed
