#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The command line of ipclaims: what it selects, and what it refuses, before it
# makes any experiment.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
ipclaims=${out:-$top/build/user}/ipclaims
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# wrong WORDS ARGUMENT...: status 2, WORDS and a pointer to the help, and no output
wrong() {
	words=$1
	shift
	"$ipclaims" "$@" > "$work/out" 2> "$work/err" < /dev/null
	status=$?
	[ "$status" -eq 2 ] && [ ! -s "$work/out" ] &&
		head -n 1 "$work/err" | grep -qF -- "$words" &&
		[ "$(sed -n '2,$p' "$work/err")" = "Try 'ipclaims --help'." ]
	ok $? "ipclaims $*: $words"
}

# right WORDS ARGUMENT...: status 0, WORDS are in the output, no errors
right() {
	words=$1
	shift
	"$ipclaims" "$@" > "$work/out" 2> "$work/err" < /dev/null
	status=$?
	[ "$status" -eq 0 ] && [ ! -s "$work/err" ] && grep -qF -- "$words" "$work/out"
	ok $? "ipclaims $*: $words"
}

# chosen ROWS ARGUMENT...: just these rows, in this order, are checked
chosen() {
	expected=$1
	shift
	rows=$("$ipclaims" -q "$@" 2> "$work/err" < /dev/null |
		sed -n 's/^ok [0-9]* - \([^ ]*\).*/\1/p' | xargs)
	[ "$rows" = "$expected" ]
	ok $? "ipclaims $*: $expected"
	[ "$rows" = "$expected" ] || echo "# $rows"
}

# listed ROWS ARGUMENT...: likewise, in the listing
listed() {
	expected=$1
	shift
	rows=$("$ipclaims" --list "$@" | sed '1d; s/ .*//' | xargs)
	[ "$rows" = "$expected" ]
	ok $? "ipclaims --list $*: $expected"
}

wrong "no group, table or row 'frob'" frob
wrong "no group, table or row ''" ''
wrong "no group, table or row 'A2.23'" A2.23
wrong "no group, table or row '7'" 7
wrong "no group, table or row 'frob'" pipe frob
wrong "no group, table or row 'frob'" -l frob
wrong "no group, table or row '-q'" -- -q
wrong 'no option --frob' --frob
wrong 'no option -Z' -Z
wrong 'no option -Z' -qZ
wrong 'option --limit needs its SECONDS' --limit
wrong 'option --list takes no value' --list=3
wrong "--limit: '0' is not a number from 1 to 3600" --limit 0
wrong '--limit' --limit 3601
wrong '--limit' --limit 1s
wrong '--limit' --limit=-1
wrong 'contradict' -q --json
wrong 'contradict' --json --quiet
wrong '--list goes with neither' -l -q
wrong '--list goes with neither' --json --list

right 'Usage: ipclaims' --help
right 'Usage: ipclaims' -h
right 'Usage: ipclaims' pipe --help
right 'ipclaims ' --version
right 'ipclaims ' -V
right 'ROW' -l
right 'ok 1 - 85 ' fifo
right 'ok 1 - 85 ' --limit 100 fifo
right '1..1' 85
right '"claims": [' --json 85

# Each group is in the help, and has claims.
for group in $("$ipclaims" -l | awk 'NR > 1 { print $2 }' | uniq); do
	right "  $group " --help
done

chosen '30 31 A2.17' process
chosen '85' 85 fifo FIFO 85
chosen '30 85' 85 30
chosen 'A2.1' a2.1
chosen '48 85' fifo -q 48
listed '30 31 A2.17' process
listed '73 A2.10' A2.10 73
[ "$("$ipclaims" -l A2 | sed 1d | wc -l)" -eq 22 ]
ok $? 'the table A2 has 22 rows'
[ "$("$ipclaims" -l | sed '1d; s/ .*//' | sort | uniq -d | wc -l)" -eq 0 ]
ok $? 'no row is listed twice'

if [ ! -e /dev/mbox ]; then
	"$ipclaims" -q mbox > "$work/out" && [ "$(grep -c '^ok .*# SKIP no module mbox$' "$work/out")" \
		-eq "$("$ipclaims" -l mbox | sed 1d | wc -l)" ]
	ok $? 'the claims on mbox are skipped where the module is not loaded'
else
	right 'ok 1 - A3.1' mbox
fi

POSIXLY_CORRECT=1 "$ipclaims" fifo -q > "$work/out"
ok $? 'options behind a word with POSIXLY_CORRECT'

# What was printed must get out.
"$ipclaims" --help > /dev/full 2> "$work/err"
[ $? -eq 2 ] && grep -q 'standard output: ' "$work/err"
ok $? 'help into a full device fails'
"$ipclaims" -l 2> /dev/null >&-
ok $(($? != 2)) 'a listing into nothing fails'
"$ipclaims" -q fifo > /dev/full 2> "$work/err"
[ $? -eq 2 ] && grep -q 'standard output: ' "$work/err"
ok $? 'results into a full device fail'
TMPDIR=/dev/null "$ipclaims" fifo > "$work/out" 2> "$work/err"
[ $? -eq 2 ] && [ ! -s "$work/out" ] && grep -q 'TMPDIR' "$work/err"
ok $? 'an unusable TMPDIR is refused'

tap_done
