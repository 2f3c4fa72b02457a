#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The examples as far as a machine without the module goes: they say what is
# missing and fail; and compare puts its questions to the other mechanisms.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
examples=${out:-$top/build/user}/examples
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

sources() {
	for source in "$top"/user/examples/*.c; do
		basename "$source" .c
	done
}

# fails_without_device NAME: one line on standard error, status 1
fails_without_device() {
	timeout 20 "$examples/$1" > "$work/out" 2> "$work/err"
	[ $? -eq 1 ] && [ "$(wc -l < "$work/err")" -eq 1 ] &&
		grep -q 'No such device' "$work/err"
}

# says_how NAME: the head of the source tells how to run it
says_how() {
	head -n 24 "$top/user/examples/$1.c" | grep -qE "[#\$] examples/$1\$"
}

# refused WORDS ARGUMENT...: compare says so and fails
refused() {
	words=$1
	shift
	"$examples/compare" "$@" > "$work/out" 2> "$work/err"
	[ $? -eq 1 ] && grep -qF "$words" "$work/err" && [ ! -s "$work/out" ]
}

# row NAME BOUNDARIES SENDER CHOICE POLL: what compare finds out about it
row() {
	"$examples/compare" -n 200 -r 1 "$1" > "$work/out" 2> "$work/err" &&
		grep -qE "^$1 +$2 +$3 +$4 +$5 +[1-9][0-9]* +[1-9][0-9]*\$" "$work/out" &&
		grep -q 'none was lost' "$work/out"
}

for name in $(sources); do
	check "$name: says how to run it" says_how "$name"
	if [ -e /dev/mbox ]; then
		skip "$name: no device" "there is one here"
	else
		check "$name: no device" fails_without_device "$name"
	fi
done
check 'compare: unknown mechanism' refused "no mechanism 'telepathy'" telepathy
check 'compare: no messages' refused 'Usage: compare' -n 0
check 'compare: too many rounds' refused 'Usage: compare' -r 100
check 'compare: no number' refused 'Usage: compare' -r 3x
check 'compare: pipe' row pipe no no no yes
check 'compare: FIFO' row FIFO no no no yes
check 'compare: signal' row signal yes yes yes yes
check 'compare: SysV msg' row 'SysV msg' yes last yes no
check 'compare: UNIX seqpacket' row 'UNIX seqpacket' yes yes no yes
tap_done
