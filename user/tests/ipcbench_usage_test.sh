#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The command line of ipcbench: wrong ones end with status 2, one line that says
# what is wrong, and nothing on standard output; right ones give what they are
# asked for.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
ipcbench=${out:-$top/build/user}/ipcbench
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# wrong WORDS ARGUMENT...: refused with status 2, and WORDS are in the first line
wrong() {
	words=$1
	shift
	"$ipcbench" "$@" > "$work/out" 2> "$work/err" < /dev/null
	status=$?
	head -n 1 "$work/err" | grep -qF -- "$words" && [ "$status" -eq 2 ] && [ ! -s "$work/out" ]
	ok $? "ipcbench $*: $words"
	[ "$status" -eq 2 ] || echo "# status $status"
}

# right WORDS ARGUMENT...: status 0, WORDS are in the output, no errors
right() {
	words=$1
	shift
	"$ipcbench" "$@" > "$work/out" 2> "$work/err" < /dev/null
	status=$?
	grep -qF -- "$words" "$work/out" && [ "$status" -eq 0 ] && [ ! -s "$work/err" ]
	ok $? "ipcbench $*: $words"
	[ "$status" -eq 0 ] || sed 's/^/# /' "$work/err"
}

wrong "no mechanism 'frob'" frob
wrong "no mechanism 'frob'" run pipe frob
wrong "no mechanism ''" run ''
wrong 'no option --frob' --frob
wrong 'no option -Z' run -Z
wrong 'option --sizes needs a value' run --sizes
wrong 'option --quick takes no value' run --quick=1
wrong "no workload 'frob'" run --workload pingpong,frob
wrong "no workload ''" run --workload ''
wrong "'stream' is there twice" run --workload stream,stream
wrong "--sizes: '7'" run --sizes 7
wrong "--sizes: '0'" run --sizes 0
wrong "--sizes: '1048577'" run --sizes 8,1048577
wrong "--sizes: '2M'" run --sizes 2M
wrong "--sizes: ''" run --sizes 8,
wrong "'1K' is there twice" run --sizes 1024,1K
wrong "--depths: '0'" run --depths 0
wrong "--depths: '10001'" run --depths 10001
wrong "'10' is there twice" run --depths 10,10
wrong "--place: 'here'" run --place same,here
wrong '--rounds' run --rounds 0
wrong '--rounds' run --rounds 1001
wrong '--orders' run --orders 0
wrong '--count' run --count 0
wrong '--count' run --count 1000001
wrong '--time' run --time 0
wrong '--time' run --time 1s
wrong '--stuck' run --stuck 99
wrong '--stuck' run --stuck 4001
wrong '--unit' run --unit seconds
wrong 'too many: x' list x
wrong 'too many: x' help x
wrong 'too many: x' version x

right 'Usage: ipcbench [run]' help
right 'Usage: ipcbench [run]' --help
right 'Usage: ipcbench [run]' -h
right 'Measure mechanisms' run --help
right 'Measure mechanisms' run -h pipe
right 'ipcbench 0' version
right 'ipcbench 0' --version
right 'ipcbench 0' -V
right 'sysv-msg' list
right 'pingpong' list

# Every mechanism is listed, there or not, and those that are not say why.
"$ipcbench" list > "$work/list"
mechanisms=$(sed '/^Workloads/,$d' "$work/list" | awk '$3 == "present" || $3 == "absent"' | wc -l)
[ "$mechanisms" -ge 20 ]
ok $? 'there are twenty mechanisms and more'
awk '$3 == "absent" { getline; if (NF < 3) bad = 1 } END { exit bad }' "$work/list"
ok $? 'each that is absent says why'
[ "$(sed '1,/^Workloads/d' "$work/list" | wc -l)" -eq 8 ]
ok $? 'there are eight workloads'

small() {
	"$ipcbench" "$@" --count 20 --rounds 2 --place free --sizes 64 < /dev/null
}

# Status, table and files of a run.
small --workload pingpong --json "$work/a.json" --csv "$work/a.csv" pipe fifo \
	> "$work/out" 2> "$work/err"
ok $? 'a run ends with status 0'
[ ! -s "$work/err" ]
ok $? 'nothing is said where there is no terminal'
grep -q '^fifo' "$work/out" && grep -q '^pipe' "$work/out"
ok $? 'the table has a line for each mechanism'
grep -q '"mechanism": "fifo"' "$work/a.json"
ok $? 'results are kept as JSON'
[ "$(wc -l < "$work/a.csv")" -eq 3 ]
ok $? 'and as CSV, a line for each'
"$ipcbench" report "$work/a.json" > "$work/again"
ok $? 'what was kept can be read'
diff "$work/out" "$work/again" | sed 's/^/# /' > "$work/diff"
[ ! -s "$work/diff" ]
ok $? 'and gives the same table'

small -q --workload stream pipe > "$work/out" 2> "$work/err"
[ ! -s "$work/out" ] && [ ! -s "$work/err" ]
ok $? '-q says nothing'
small -v --workload stream pipe fifo 2>&1 > /dev/null | grep -c ' messages$' > "$work/lines"
[ "$(cat "$work/lines")" -ge 4 ]
ok $? '-v has a line for each trial'

# On a terminal there is a bar, and it is gone in the end.
bar="'$ipcbench' --count 20 --rounds 2 --workload stream --no-syscalls --place free pipe"
script -qec "$bar > '$work/out'" /dev/null < /dev/null | tr '\r' '\n' > "$work/bar"
grep -q '^\[[#.]\{20\}\] 1/12 pipe stream 8 free' "$work/bar"
ok $? 'a bar on a terminal says what is being done'
! grep -q '.\{81\}' "$work/bar" && tail -n 2 "$work/bar" | grep -q '^ *$'
ok $? 'it fits into 80 columns, and is wiped out'
grep -q '^pipe' "$work/out"
ok $? 'the table is not mixed with it'

"$ipcbench" --json "$work/none/a.json" pipe > "$work/out" 2> "$work/err" < /dev/null
[ $? -eq 1 ] && grep -q 'none/a.json: No such file' "$work/err" && [ ! -s "$work/out" ]
ok $? 'a file that cannot be written is refused before the run'
small --workload stream pipe > /dev/full 2> "$work/err"
[ $? -eq 1 ]
ok $? 'what cannot be printed is an error'

# Counts are fixed where they are asked for, and the same twice.
for run in 1 2; do
	small -q --workload stream,fanin,request --csv "$work/$run.csv" pipe
done
for run in 1 2; do
	awk -F, -v want="messages" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == want) column = i; next }
		{ print $1, $2, $column }' "$work/$run.csv" > "$work/$run.counts"
done
[ "$(sort -u "$work/1.counts" | wc -l)" -eq 3 ] && cmp -s "$work/1.counts" "$work/2.counts"
ok $? 'two runs with --count have the same counts'
! grep -qv ' 40$' "$work/1.counts"
ok $? 'and they are those that were asked for: two rounds of 20'

tap_done
