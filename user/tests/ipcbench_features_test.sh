#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The measured features of the classic mechanisms are those that are known of
# them (ipcbench_features.expected): a probe that finds something else is wrong,
# or the kernel has changed.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
out=${out:-$top/build/user}
ipcbench=${ipcbench:-$out/ipcbench}
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# row FILE MECHANISM: the mechanism's line of a table
row() {
	awk -v name="$2" '$1 == name' "$1"
}

# is_as_expected MECHANISM
is_as_expected() {
	echo "expected: $(row "$here/ipcbench_features.expected" "$1")"
	echo "got:      $(row "$work/table" "$1")"
	[ "$(row "$here/ipcbench_features.expected" "$1")" = "$(row "$work/table" "$1")" ]
}

is_absent() {
	row "$work/table" "$1" | grep -q ' absent$'
}

# refused WORDS ARGUMENT...: status 2 and the words on standard error
refused() {
	words=$1
	shift
	"$ipcbench" features "$@" > "$work/out" 2> "$work/err"
	[ $? -eq 2 ] && grep -qF "$words" "$work/err" && [ ! -s "$work/out" ]
}

asks_only() {
	"$ipcbench" features -f sender,types --json "$work/json" pipe unix-dgram > "$work/out" &&
		grep -qE '^pipe +\. +\.$' "$work/out" &&
		grep -qE '^unix-dgram +\. +Y$' "$work/out" &&
		[ "$(grep -c '"answer"' "$work/json")" -eq 4 ]
}

writes_page() {
	"$ipcbench" features -f poll --html "$work/page" pipe > "$work/out" &&
		grep -q '<td class="yes" title="epoll reported the message' "$work/page" &&
		grep -q '</html>' "$work/page"
}

runs_all() {
	"$ipcbench" features > "$work/table"
}

fits() {
	awk 'length > 80 { print; bad = 1 } END { exit bad }' "$work/table"
}

check 'every probe comes to an answer' runs_all
check 'the table fits 80 columns' fits
awk '!/^#/ { print $1 }' "$here/ipcbench_features.expected" > "$work/names"
while read -r name; do
	if is_absent "$name"; then
		skip "$name" "absent here"
	else
		check "$name" is_as_expected "$name"
	fi
done < "$work/names"
check 'only what is asked for' asks_only
check 'a page' writes_page
check 'unknown mechanism' refused "no mechanism 'telepathy'" telepathy
check 'unknown feature' refused "no feature 'colour'" -f colour
check 'unknown option' refused "try 'ipcbench features --help'" --colour
tap_done
