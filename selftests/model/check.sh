#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Searches the model of call and reply, and the model with one line broken at a
# time, which has to be noticed.
#
#   check.sh [<configuration or mutation>...]
#
# Everything is searched first, two at a time, and judged then. What was found is
# kept in build/model. The last line is "N passed, N failed, N skipped".
set -euo pipefail
MODEL_DIR=$(cd "$(dirname "$0")" && pwd)
. "$MODEL_DIR/../vm/common.sh"
. "$MODEL_DIR/../vm/report.sh"

WORK=$BUILD_DIR/model
MEMORY=900 # MiB; two searches at a time
DEPTH=100000

# defines <configuration>
defines() {
	table "$MODEL_DIR/configurations" | awk -v name="$1" '
		$1 == name { for (i = 2; i <= NF; i++) printf "-D%s ", $i }'
}

# how_to <configuration>: the flags of the compiler, and those of the search. With
# fairness, and the assertions left to the others; or for states alone.
how_to() {
	case $(defines "$1") in
	*LIVENESS*) echo "-DNFAIR=3" "-a -f -A" ;;
	*) echo "-DSAFETY" "" ;;
	esac
}

# build <configuration> <optimisation> [<mutation>]: in the current folder
build() {
	local flags compile
	read -r compile _ < <(how_to "$1")
	read -ra flags < <(defines "$1")
	spin "${flags[@]}" ${3:+"-D$3"} -a "$MODEL_DIR/call.pml"
	gcc -w "$2" "$compile" -DCOLLAPSE -DMEMLIM=$MEMORY -o pan pan.c
}

# search <name> <configuration> <optimisation> [<mutation>]: what is found, or why
# nothing could be, goes to the file "found" of the name's folder.
search() {
	local flags
	read -ra flags < <(how_to "$2")
	mkdir -p "$WORK/$1"
	cd "$WORK/$1"
	{ build "$2" "$3" "${4:-}" && ./pan -m$DEPTH "${flags[@]:1}"; } >found 2>&1 || true
}

# Prints the searches that were asked for, all of them if none was named, as
# arguments of search(). What ends soon is better not optimised for long.
searches() {
	{
		table "$MODEL_DIR/configurations" | awk '{ print $1, $1, "-O1" }'
		table "$MODEL_DIR/mutations" | awk '{ print $1, $2, "-O0", $1 }'
	} | awk -v names=" $* " 'names ~ /^ *$/ || index(names, " " $1 " ")'
}

search_all() {
	local name configuration optimisation mutation
	while read -r name configuration optimisation mutation; do
		while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
			wait -n
		done
		search "$name" "$configuration" "$optimisation" "$mutation" &
	done
	wait
}

# holds <configuration>: searched to the end, within memory and depth, and clean.
holds() {
	local found=$WORK/$1/found
	grep -q 'errors: 0$' "$found" &&
		! grep -qE 'pan:[0-9]+:|not completed|too small|MEMLIM' "$found" && return 0
	cat "$found"
	return 1
}

# is_noticed <mutation> <reason>
is_noticed() {
	local found=$WORK/$1/found
	grep -qE "^pan:1: .*$2" "$found" && return 0
	echo "nothing says '$2':"
	cat "$found"
	return 1
}

states() {
	sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1 states/p' "$WORK/$1/found"
}

judge_configurations() {
	local name
	while read -r name _; do
		[ ! -d "$WORK/$name" ] ||
			check "$name: $(defines "$name" | sed 's/-D//g')$(states "$name")" holds "$name"
	done < <(table "$MODEL_DIR/configurations")
}

judge_mutations() {
	local name configuration reason
	while read -r name configuration reason; do
		[ ! -d "$WORK/$name" ] ||
			check "$name makes $configuration fail" is_noticed "$name" "$reason"
	done < <(table "$MODEL_DIR/mutations")
}

rm -rf "$WORK"
mkdir -p "$WORK"
searches "$@" >"$WORK/searches"
[ -s "$WORK/searches" ] || die "no configuration or mutation of that name"
search_all <"$WORK/searches"
judge_configurations
judge_mutations
totals
