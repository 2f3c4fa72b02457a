#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Documentation/lab/rows.csv: it has each row of the lectures, what a row points to
# is there, and it is of the kinds that lab_rows.kinds asks for.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
out=${out:-$top/build/user}
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

table=$top/Documentation/lab/rows.csv
lab=$top/Documentation/lab
examples=$top/user/examples
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

grep -v '^#' "$here/lab_rows.kinds" > "$work/kinds"
awk -f "$here/lab_rows.awk" "$table" > "$work/pointers"
"$out/ipclaims" -l | awk 'NR > 1 { print $1 }' > "$work/claims"
"$out/ipcbench" list | awk '/^Mechanisms/ { on = 1 } /^$/ { exit } on && NF { print $1 }' \
	> "$work/mechanisms"
"$out/ipcbench" features --help | sed -n '/^Features:/,$s/^  \([a-z-]*\) .*/\1/p' \
	> "$work/features"
# Labels of places that have a text: what follows is neither the end nor a directive.
awk '/^\.\. _lab-[a-z-]+:$/ { label = substr($2, 2, length($2) - 2); next }
	label && NF { if ($1 != "..") print label; label = "" }' "$lab"/*.rst > "$work/labels"

# ---- which rows ------------------------------------------------------------------

all_rows() {
	seq 152
	seq -f 'A2.%g' 22
}

# same_rows FILE SEPARATOR: its first column has all of them, in their order
same_rows() {
	cut -d "$2" -f 1 "$1" > "$work/rows"
	all_rows | diff - "$work/rows"
}

sed 1d "$table" > "$work/table"

# ---- what a row points to ----------------------------------------------------------

# source_of THEME/NAME: a file of that name, or the main one of several
source_of() {
	if [ -e "$examples/$1.c" ]; then
		echo "$examples/$1.c"
	else
		echo "$examples/${1%/*}/parts/main.c"
	fi
}

# names_row FILE ROW: the head comment, in which "Rows:" may go on with another line
names_row() {
	awk -v row="$2" '
		/\*\// { exit }
		/^ \* Rows: / { on = 1; sub(/Rows:/, "") }
		on && !/^ \*[ 0-9,.]*$/ { on = 0 }
		on { gsub(/[^0-9]+/, " "); rows = rows $0 " " }
		END { exit !index(" " rows, " " row " ") }' "$1"
}

# is_example NAME ROW
is_example() {
	source=$(source_of "$1")
	grep -qs "^ \* ${1#*/} - " "$source" && [ -s "$examples/$1.out" ] &&
		names_row "$source" "$2"
}

listed() {
	grep -qxF "$2" "$work/$1"
}

is_label() {
	[ "$(grep -cxF "$1" "$work/labels")" -eq 1 ]
}

# leads_somewhere ROW KIND TARGET
leads_somewhere() {
	case $2 in
	example) is_example "$3" "$1" ;;
	claim) listed claims "$3" ;;
	feature) listed features "$3" ;;
	mechanism) listed mechanisms "$3" ;;
	selftest) [ -e "$top/selftests/$3.c" ] || [ -e "$top/selftests/$3.sh" ] ;;
	doc) [ -s "$top/Documentation/$3.rst" ] ;;
	lab) is_label "$3" ;;
	not-yet) [ -n "$3" ] ;;
	*) false ;;
	esac
}

# all_lead KIND: those of one kind, of which there are some
all_lead() {
	grep " $1 " "$work/pointers" > "$work/these"
	lost=0
	while read -r row kind target; do
		leads_somewhere "$row" "$kind" "$target" && continue
		echo "row $row: $kind: $target"
		lost=$((lost + 1))
	done < "$work/these"
	[ -s "$work/these" ] && [ "$lost" -eq 0 ]
}

unknown_kinds() {
	! grep -vE '^[^ ]+ (example|claim|feature|mechanism|selftest|doc|lab|not-yet) .' \
		"$work/pointers"
}

# ---- of which kinds ------------------------------------------------------------------

# targets ROW KIND
targets() {
	awk -v row="$1" -v kind="$2" '$1 == row && $2 == kind { print $3 }' "$work/pointers"
}

has() {
	[ -n "$(targets "$1" "$2")" ]
}

# The line of mbox in the table of features of the course, which the guest compares
# with what is the case.
sed -n 's/^ *mbox  *\([Y.~]  *.*[Y.~]\)$/\1/p' "$lab/12-choosing.rst" > "$work/answers"

# lacking ROW: features that the row points to and mbox has not; to leave nothing
# behind is one
lacking() {
	targets "$1" feature | while read -r feature; do
		number=$(grep -nxF "$feature" "$work/features" | cut -d : -f 1)
		good=Y
		[ "$feature" != residue ] || good=.
		[ "$(awk -v n="$number" '{ print $n }' "$work/answers")" = "$good" ] ||
			echo "$feature"
	done
}

# shown_on_mbox ROW: something that runs shows it on a mailbox
shown_on_mbox() {
	[ -z "$(lacking "$1")" ] || return
	has "$1" feature || has "$1" selftest || targets "$1" claim | grep -q '^A3\.' ||
		for name in $(targets "$1" example); do
			grep -q '^needs:.*mbox' "$examples/$name.out" && echo yes
		done | grep -q yes
}

# A feature is documented and runs; or is not there, which is said and explained.
has_F() {
	if has "$1" not-yet; then
		has "$1" lab
	else
		targets "$1" doc | grep -q '^userspace-api/' && shown_on_mbox "$1"
	fi
}

has_X() {
	has "$1" example
}

has_T() {
	targets "$1" claim | grep -qxF "$1"
}

has_D() {
	has "$1" lab
}

# answered KIND
answered() {
	awk -v kind="$1" '{ for (i = 2; i <= NF; i++) if ($i == kind) print $1 }' \
		"$work/kinds" > "$work/these"
	open=0
	while read -r row; do
		"has_$1" "$row" && continue
		echo "row $row has no answer of kind $1"
		open=$((open + 1))
	done < "$work/these"
	[ -s "$work/these" ] && [ "$open" -eq 0 ]
}

# A row that says "not yet" must be about a feature.
not_yet_is_a_feature() {
	awk '$2 == "not-yet" { print $1 }' "$work/pointers" | while read -r row; do
		grep -q "^$row .*F" "$work/kinds" || echo "row $row is no feature"
	done | { ! grep .; }
}

check 'the list of kinds has all rows' same_rows "$work/kinds" ' '
check 'the table has all rows, once' same_rows "$work/table" '|'
check 'the table is well formed' unknown_kinds
for kind in example claim feature mechanism selftest doc lab; do
	check "each $kind is there" all_lead "$kind"
done
check 'F: features of mbox, documented and shown' answered F
check 'X: examples' answered X
check 'T: claims' answered T
check 'D: paragraphs' answered D
check 'what is not there yet is a feature' not_yet_is_a_feature
tap_done
