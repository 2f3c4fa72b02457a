# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2317,SC3043
#
# For the tests of the command "mbox": running it, and checking what it gives.
# One function test_X a case; each says what it expected and what it got. They
# run in a network namespace, and so in a domain, of their own.

# ---- running the command --------------------------------------------------------

# m ARGUMENT...: run mbox; its status, output and errors are for the checks below
m() {
	mbox "$@" >"$TMP/out" 2>"$TMP/err" </dev/null
	status=$?
	ran="mbox $*"
}

# given TEXT ARGUMENT...: run mbox with TEXT (as for printf %b) on standard input
given() {
	local text="$1"
	shift
	printf '%b' "$text" | mbox "$@" >"$TMP/out" 2>"$TMP/err"
	status=$?
	ran="printf '$text' | mbox $*"
}

# alice ARGUMENT...: run mbox as a user without any rights of root
alice() {
	su -s /bin/sh alice -c 'exec mbox "$@"' -- sh "$@" >"$TMP/out" 2>"$TMP/err" </dev/null
	status=$?
	ran="mbox $* (as alice)"
}

# start ARGUMENT...: run mbox in the background
start() {
	mbox "$@" >"$TMP/bg.out" 2>"$TMP/bg.err" </dev/null &
	pid=$!
	ran="mbox $* &"
}

# finish: wait for what was started, and take it for what was run
finish() {
	wait "$pid"
	status=$?
	cp "$TMP/bg.out" "$TMP/out"
	cp "$TMP/bg.err" "$TMP/err"
}

# eventually COMMAND...: until it succeeds, five seconds at most
eventually() {
	local i=0
	while ! "$@"; do
		i=$((i + 1))
		[ "$i" -lt 100 ] || return 1
		sleep 0.05
	done
}

# column NAME COLUMN: what ls says there
column() {
	mbox ls -o "NAME,$2" --noheadings | awk -v name="$1" '$1 == name { print $2 }'
}

# has NAME COLUMN VALUE
has() {
	[ "$(column "$1" "$2")" = "$3" ]
}

# ---- checks -----------------------------------------------------------------------

wrong() {
	failed=1
	echo "# $ran"
	echo "#   expected $1"
	echo "#   got $2"
}

# gives STATUS [OUTPUT]: the status, and with OUTPUT (printf %b) all of the output
gives() {
	local got
	[ "$status" -eq "$1" ] ||
		wrong "status $1" "status $status: $(head -n 1 "$TMP/err")"
	[ $# -eq 1 ] && return
	printf '%b' "$2" >"$TMP/want"
	cmp -s "$TMP/want" "$TMP/out" && return
	got=$(head -c 300 "$TMP/out" | cat -v | tr '\n' '~')
	wrong "output '$2'" "'$got'"
}

# says PATTERN...: each in the errors
says() {
	local pattern
	for pattern; do
		grep -qe "$pattern" "$TMP/err" || wrong "an error with '$pattern'" \
			"'$(head -n 3 "$TMP/err" | tr '\n' '~')'"
	done
}

# prints PATTERN...: each in the output
prints() {
	local pattern
	for pattern; do
		grep -qe "$pattern" "$TMP/out" || wrong "output with '$pattern'" \
			"'$(head -n 20 "$TMP/out" | tr '\n' '~')'"
	done
}

# is_quiet: no errors
is_quiet() {
	[ ! -s "$TMP/err" ] || wrong "no words" "'$(head -n 2 "$TMP/err" | tr '\n' '~')'"
}

# now COLUMN=VALUE...: of the mailbox $box
now() {
	local pair columns='' want='' got
	for pair; do
		columns="$columns,${pair%%=*}"
		want="$want ${pair#*=}"
	done
	got=$(mbox ls -o "NAME$columns" --noheadings |
		awk -v name="$box" '$1 == name { $1 = ""; print }')
	[ "$got" = "$want" ] || wrong "of $box: $*" "$got"
}

new() {
	mbox create "$box" --persist "$@" || wrong "a mailbox $box" "none"
}

# ---- running them all --------------------------------------------------------------

cleanup() {
	mbox ls -o NAME --noheadings | xargs -r mbox rm --
}

run_test() {
	failed=0
	box=${1#test_}
	"$1"
	cleanup >/dev/null 2>&1
	number=$((number + 1))
	if [ "$failed" -eq 0 ]; then
		echo "ok $number ${1#test_}"
	else
		echo "not ok $number ${1#test_}"
		failures=$((failures + 1))
	fi
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 4
}

# run_tests "$@": all functions test_X of the script that was started
run_tests() {
	if [ "$1" != --in-namespace ]; then
		echo "TAP version 13"
		[ -c /dev/mbox ] || skip_all "there is no /dev/mbox"
		command -v mbox >/dev/null || skip_all "there is no command mbox"
		[ "$(id -u)" -eq 0 ] || skip_all "this must be run as root"
		exec unshare -n sh "$0" --in-namespace
	fi
	TMP=$(mktemp -d) || exit 1
	trap 'rm -rf "$TMP"' EXIT
	tests=$(sed -n 's/^\(test_[a-z_]*\)() {$/\1/p' "$0")
	number=0 failures=0
	echo "1..$(echo "$tests" | wc -l)"
	for one in $tests; do
		run_test "$one"
	done
	exit $((failures > 0))
}
