#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317,SC3043,SC2034
#
# The command "mbox": top, as text and in a terminal, which tmux is.
. "$(dirname "$0")/cli.sh"

HEADINGS='KIND  F  MSGS  USE BYTES SENT/s RECV/s LOST/s RWAIT SWAIT  OWED$'

# ---- as text ------------------------------------------------------------------------

# row NAME: what stands behind the name in the last table of $TMP/out
row() {
	awk -v name="$1" '$1 == name { $1 = ""; row = $0 } END { print row }' "$TMP/out"
}

# is_row NAME PATTERN: all of that row, a blank between the columns
is_row() {
	row "$1" | grep -qx -- " $2" || wrong "a row of $1 '$2'" "'$(row "$1")'"
}

# tables N: as many are in what top has written so far
tables() {
	[ "$(grep -c ' RECV/s ' "$TMP/bg.out")" -ge "$1" ]
}

test_one_table() {
	new --max-msgs 8 --max-bytes 1000 --max-size 1000
	m send "$box" 12345 67
	m top -d 10ms
	gives 0
	is_quiet
	prints '^[0-9][0-9]:[0-9][0-9]:[0-9][0-9]  1 mailbox, 2 msgs, 7 bytes; sent 0/s, recv 0/s, lost 0/s$' \
		"^NAME *$HEADINGS"
	is_row "$box" 'queue - 2 25% 7 0 0 0 0 0 0'
	[ "$(wc -l <"$TMP/out")" -eq 3 ] || wrong "three lines" "$(wc -l <"$TMP/out")"
}

# Sixty and thirty within about three seconds. The second table is about what
# came after the first one.
test_rates() {
	new
	start top -d 3s -C 2
	eventually tables 1 || wrong "a table" "none"
	seq 60 | mbox send -l "$box"
	mbox recv "$box" -C 30 >/dev/null
	mbox purge "$box" >/dev/null
	finish
	gives 0
	is_row "$box" 'queue - 0 0% 0 \(1[5-9]\|20\) \([789].[0-9]\|10\) \([789].[0-9]\|10\) 0 0 0'
}

test_tables_are_text() {
	new
	m top -d 10ms -C 3
	gives 0
	[ "$(grep -c "^NAME " "$TMP/out")" -eq 3 ] || wrong "3 tables" "$(cat "$TMP/out")"
	[ "$(grep -c '^$' "$TMP/out")" -eq 2 ] || wrong "2 empty lines" "others"
	tr -d '\n -~' <"$TMP/out" >"$TMP/odd"
	[ ! -s "$TMP/odd" ] || wrong "plain text" "$(cat -v "$TMP/odd")"
	TERM=dumb script -qec "mbox top -d 10ms" /dev/null >"$TMP/out" </dev/null
	[ "$(grep -c "^NAME " "$TMP/out")" -eq 1 ] || wrong "1 table" "$(cat "$TMP/out")"
	grep -q "$(printf '\033')" "$TMP/out" && wrong "no escape sequence" "one"
}

test_who_waits() {
	new
	mbox create "$box-full" --persist --max-msgs 1
	mbox create "$box-topic" --persist --kind topic
	mbox freeze "$box"
	mbox send "$box-full" x
	start recv "$box"
	mbox send "$box-full" y &
	mbox call "$box" z >/dev/null 2>&1 &
	eventually has "$box" CALLS 1 || wrong "a call" "none"
	eventually has "$box" WAITING-RECEIVERS 1 || wrong "a waiting receiver" "none"
	eventually has "$box-full" WAITING-SENDERS 1 || wrong "a waiting sender" "none"
	m top -d 10ms
	is_row "$box" 'queue F 1 0% 1 0 0 0 1 0 1'
	is_row "$box-full" 'queue - 1 100% 1 0 0 0 0 1 0'
	is_row "$box-topic" 'topic - 0 - 0 0 0 0 0 0 0'
	m rm "$box" "$box-full" "$box-topic"
	wait
}

# order ARGUMENT...: the names, as they come
order() {
	m top -d 10ms "$@"
	awk '!/^[0-9]/ && !/^NAME/ { printf "%s ", $1 }' "$TMP/out"
}

test_order() {
	local got
	for name in b c a; do
		mbox create "$name" --persist
	done
	mbox send c x y
	mbox send a xxxxx
	for pair in busy:cab name:abc msgs:cab bytes:acb rwait:cab; do
		got=$(order -s "${pair%:*}" | tr -d ' ')
		[ "$got" = "${pair#*:}" ] || wrong "$pair" "$got"
	done
}

test_names() {
	new
	mbox create "$box-2" --persist
	mbox create "$box two" --persist
	[ "$(order -s name "$box-2" "$box two")" = "$box\\x20two $box-2 " ] ||
		wrong "two names" "$(cat "$TMP/out")"
	m rm "$box two"
	m top "$box" missing
	gives 3 ''
	says '^mbox: top: missing: there is no such mailbox'
}

test_mailboxes_come_and_go() {
	new
	mbox create "$box-old" --persist
	start top -d 2s -C 2
	eventually tables 1
	mbox rm "$box-old"
	mbox send -c "$box-new" x
	finish
	gives 0
	prints '  2 mailboxes, 1 msg, 1 byte;' "^$box-old "
	is_row "$box-new" 'queue - 1 0% 1 0.[345] 0 0 0 0 0'
	sed '1,/^$/d' "$TMP/out" | grep -q "^$box-old " && wrong "no $box-old" "one"
}

test_interrupted() {
	new
	start top -d 1h
	eventually grep -q poll "/proc/$pid/wchan" || wrong "one that waits" "none"
	kill -TERM "$pid"
	finish
	gives 130 ''
	is_quiet
}

# Its output has a reader that goes away.
test_ends_with_its_reader() {
	new
	(mbox top -d 50ms -C 1000
	echo "$?" >"$TMP/status") 2>"$TMP/err" | head -n 1 >"$TMP/out"
	[ "$(cat "$TMP/status")" -eq 141 ] || wrong "SIGPIPE" "$(cat "$TMP/status")"
	is_quiet
}

# ---- in a terminal ------------------------------------------------------------------

t() {
	tmux -L mbox -f /dev/null "$@"
}

# terminal COLUMNS LINES: one with a shell
terminal() {
	t new-session -d -x "$1" -y "$2" 'PS1="ready " exec bash --norc --noprofile'
	shows '^ready' || wrong "a prompt" "$(screen)"
	type_in "stty -g >$TMP/modes"
}

no_terminal() {
	t kill-server
}

type_in() {
	t send-keys -l "$1"
	t send-keys Enter
}

screen() {
	t capture-pane -p
}

on_screen() {
	screen | grep -qe "$1"
}

# shows PATTERN: a line of the screen, now or soon
shows() {
	eventually on_screen "$1"
}

sees() {
	shows "$1" || wrong "a line with '$1'" "$(screen | head -n 30)"
}

# type_top ARGUMENT...: run it there; a word stands before it, and its status behind
type_top() {
	ran="mbox top $* (in a terminal)"
	type_in "clear; echo be''fore; mbox top $*; echo status \$?"
}

top_in_terminal() {
	type_top "$@"
	sees " order: "
}

terminal_is() {
	local got
	got=$(t display-message -p '#{alternate_on}#{cursor_flag}#{wrap_flag}')
	[ "$got" = "$1" ]
}

# as_before STATUS: it has ended, and left nothing behind
as_before() {
	sees "^status $1$"
	sees '^before$'
	terminal_is 011 || wrong "a plain screen" "something else"
	type_in "stty -g | cmp - $TMP/modes && echo the same"
	sees '^the same$'
}

# ended_with STATUS: the shell says so of a job, before one of its prompts. It may have
# missed the job's end, and takes it with that of the next child.
ended_with() {
	type_in '(:)'
	on_screen "Exit $1 "
}

many() {
	for i in $(seq "$1"); do
		mbox create --persist "many$i"
	done
	new
	mbox send "$box" hello
}

# is_full_screen LINES REST: lines that are full, but for the word on the last one
is_full_screen() {
	screen | sed '$d' | awk -v lines="$1" -v width="$2" '
		NR > 2 && length != width { print "line " NR ": " length; bad = 1 }
		END { exit bad || NR != lines - 1 }' ||
		wrong "$1 lines of $2 columns" "$(screen)"
}

# It looks again only after an hour: whatever changes does so for the new size.
test_live_sizes() {
	many 29
	terminal 80 24
	top_in_terminal -d 1h
	terminal_is 100 || wrong "a screen of its own" "no"
	sees '^and 10 more$'
	screen >"$TMP/out"
	prints '^..:..:..  30 mailboxes, 1 msg, 5 bytes$' \
		'^every 1h, order: busy (s and S change it, space refreshes, q quits)$' \
		"^NAME             $HEADINGS" \
		"^$box       queue -     1   0%     5      -      -      -     0     0     0$"
	is_full_screen 24 80
	t resize-window -x 100 -y 12
	sees '^and 22 more$'
	is_full_screen 12 100
	t resize-window -x 100 -y 33
	sees '^many29 '
	on_screen 'more$' && wrong "room for all" "$(screen)"
	t send-keys q
	as_before 0
	no_terminal
}

test_live_keys() {
	new
	terminal 80 24
	top_in_terminal -d 1h
	t send-keys s
	sees 'order: name '
	t send-keys S S
	sees 'order: owed '
	t send-keys Up
	mbox send "$box" hello
	t send-keys Space
	sees "^$box *queue -     1   0%     5 *[<0-9.]* *0 "
	t send-keys q
	as_before 0
	no_terminal
}

test_live_looks_again() {
	new
	terminal 80 24
	top_in_terminal -d 100ms
	mbox create "newcomer" --persist
	sees "^newcomer *queue "
	mbox rm "newcomer"
	eventually eval '! on_screen "^newcomer "' || wrong "none" "$(screen)"
	t send-keys q
	as_before 0
	type_top -d 100ms -C 2
	as_before 0
	no_terminal
}

test_live_signals() {
	new
	terminal 80 24
	top_in_terminal
	t send-keys C-c
	as_before 130
	top_in_terminal
	killall -TERM mbox
	as_before 130
	top_in_terminal
	killall -HUP mbox
	as_before 129
	no_terminal
}

# without_module COMMAND...: it is loaded again behind it
without_module() {
	rmmod mbox || wrong "a module that goes" "one that is busy"
	"$@"
	insmod "${MBOX_KO:-/vm/mbox.ko}" || wrong "the module again" "none"
}

test_module_goes() {
	[ -e "${MBOX_KO:-/vm/mbox.ko}" ] || return 0
	start top -d 500ms -C 100
	eventually tables 1
	without_module finish
	gives 2
	says '^mbox: top: the mbox module was unloaded$'
	terminal 80 24
	top_in_terminal -d 100ms
	without_module as_before 2
	sees '^mbox: top: the mbox module was unloaded$'
	no_terminal
}

test_live_stop() {
	new
	terminal 80 24
	top_in_terminal -d 1h
	t send-keys C-z
	sees Stopped
	terminal_is 011 || wrong "a plain screen" "something else"
	type_in "stty -g | cmp - $TMP/modes && echo the same"
	sees '^the same$'
	type_in "clear; fg; echo status \$?"
	sees ' order: '
	terminal_is 100 || wrong "a screen of its own" "no"
	sees "^$box *queue "
	t send-keys C-z
	sees Stopped
	type_in 'clear; kill %1'
	eventually ended_with 130 || wrong "an end by kill" "$(screen)"
	no_terminal
}

run_tests "$@"
