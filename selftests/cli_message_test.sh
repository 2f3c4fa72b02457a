#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317,SC3043,SC2034
#
# The command "mbox": send, recv, peek, cat.
. "$(dirname "$0")/cli.sh"

# ---- send ---------------------------------------------------------------------------

test_send_arguments() {
	new
	m send "$box" -t 7 one 'two words' ''
	gives 0 ''
	is_quiet
	m recv "$box" -C 3 -F '%s %t %l %P'
	gives 0 '1 7 3 one\n2 7 9 two words\n3 7 0 \n'
}

test_send_dashes() {
	new
	m send "$box" -t 2 -- -x --
	gives 0
	m recv "$box" -C 2
	gives 0 '-x\n--\n'
}

test_send_standard_input() {
	new
	given 'two\nlines\n' send "$box"
	gives 0
	now MSGS=1 BYTES=10
	given '' send "$box"
	gives 0
	now MSGS=2
}

test_send_lines() {
	new
	given 'one\n\nthree' send -l "$box"
	gives 0
	m recv "$box" -C 3 -F '%l:%P'
	gives 0 '3:one\n0:\n5:three\n'
	given 'x\n' send --lines "$box"
	now MSGS=1
}

test_send_records() {
	new
	given 'one\ntwo\0three\0' send -0 "$box" --type 9
	gives 0
	m recv "$box" -0 -C 2
	gives 0 'one\ntwo\0three\0'
	given 'x\0' send --null "$box"
	now MSGS=1
}

test_send_creates() {
	m send "$box" x
	gives 3 ''
	says "$box: there is no such mailbox"
	m send -c "$box" x
	gives 0
	now PERSIST=yes
	m send --create "$box" y
	gives 0
	now MSGS=2
}

test_send_creates_for_nothing_else() {
	head -c 65537 /dev/zero | mbox send -c "$box" 2>"$TMP/err"
	status=$?
	gives 2
	says 'message of 65537 bytes is larger than max-size 65536'
	m show "$box"
	gives 3
}

test_send_too_long() {
	new --max-size 3
	m send "$box" abc abcd
	gives 2 ''
	says "^mbox: send: $box: message of 4 bytes is larger than max-size 3$" \
		"^(mbox set $box --max-size N)$"
	now MSGS=0
	given 'ok\ntoo long\nok\n' send -l "$box"
	gives 2
	says '1 message sent before that'
	now MSGS=1
}

test_send_longer_than_any() {
	new --max-size 1M
	head -c 1048577 /dev/zero | mbox send "$box" 2>"$TMP/err"
	status=$? ran="mbox send $box"
	gives 2
	says "$box: message of more than 1048576 bytes, the most that there can be$"
	grep -q -- --max-size "$TMP/err" && wrong "no hint" "--max-size"
	now MSGS=0
}

test_send_nonblock() {
	new --max-msgs 1
	m send -n "$box" x y
	gives 11 ''
	says "$box: the mailbox is full: max-msgs 1 is reached" '1 message sent before'
	m send --nonblock "$box" x
	gives 11
	now MSGS=1
}

test_send_full_of_bytes() {
	new --max-bytes 10 --max-size 10
	m send "$box" 1234567
	m send -n "$box" 1234
	gives 11
	says '4 bytes more than the 7 queued exceed max-bytes 10'
}

test_send_wait() {
	new --max-msgs 1
	m send "$box" x
	m send -W 200ms "$box" y
	gives 124 ''
	says 'full and stayed so: max-msgs 1 is reached'
	m send --wait 0 "$box" y
	gives 124
	now MSGS=1
}

test_send_waits_for_room() {
	new --max-msgs 1
	m send "$box" x
	start send "$box" y
	eventually has "$box" WAITING-SENDERS 1 || wrong "a waiting sender" "none"
	m recv "$box"
	gives 0 'x\n'
	finish
	gives 0
	m recv "$box"
	gives 0 'y\n'
}

test_send_warns_of_loss() {
	mbox create "$box"
	m send "$box" x
	gives 0
	says "$box: not persistent, and nobody else has it open: 1 message lost"
}

# ---- recv, peek ---------------------------------------------------------------------

test_recv_types() {
	new
	for type in 5 3 9 4 1; do
		mbox send "$box" -t "$type" "m$type"
	done
	m recv "$box" -t 9
	gives 0 'm9\n'
	m recv "$box" -t '<=4'
	gives 0 'm1\n'
	m recv "$box" -t '!5'
	gives 0 'm3\n'
	m recv "$box" -t 2-4
	gives 0 'm4\n'
	m recv "$box" --type any
	gives 0 'm5\n'
	m recv "$box" -n -t 3-9
	gives 11 ''
	says "$box: no message of type 3-9 is there"
}

test_recv_nonblock() {
	new
	m recv -n "$box"
	gives 11 ''
	says "$box: no message is there"
	m recv --nonblock "$box"
	gives 11
}

test_recv_wait() {
	new
	m recv -W 100ms "$box"
	gives 124 ''
	says "$box: no message came within 100ms"
	m send "$box" x
	m recv --wait 5 -C 2 "$box" -W 0.2
	gives 124 'x\n'
	says 'came within 0.2 seconds$'
	m recv -W 1 "$box"
	gives 124
	says 'came within 1 second$'
}

test_recv_waits() {
	new
	start recv "$box"
	eventually has "$box" WAITING-RECEIVERS 1 || wrong "a waiting receiver" "none"
	m send "$box" late
	finish
	gives 0 'late\n'
	is_quiet
}

test_recv_count() {
	new
	m send "$box" a b c
	m recv "$box" -C 2
	gives 0 'a\nb\n'
	m recv "$box" --count 2 -n
	gives 11 'c\n'
}

test_recv_follow() {
	new
	m send "$box" a b
	start recv -f "$box"
	eventually grep -q b "$TMP/bg.out" || wrong "b, flushed" "nothing"
	m send "$box" c
	eventually grep -q c "$TMP/bg.out" || wrong "c, flushed" "nothing"
	kill -TERM "$pid"
	finish
	gives 130 'a\nb\nc\n'
	is_quiet
	m send "$box" d
	m recv --follow -n "$box"
	gives 11 'd\n'
}

test_recv_json() {
	new
	m send "$box" -t 5 'say "hi"'
	m recv -j "$box"
	gives 0
	prints '^{"type": 5, "seq": 1, "pid": [1-9][0-9]*, "uid": 0, "gid": 0, "sender": [1-9]' \
		'"time": "20[^"]*", "monotonic": [1-9][0-9]*, "lost": 0, "len": 8, ' \
		'"payload": "say \\"hi\\""}$'
	given '\377' send "$box"
	m recv --json "$box"
	prints '"payload_base64": "/w=="}$'
}

test_recv_format() {
	new
	mbox send "$box" -t 5 hi
	m recv "$box" -F '%t\t%s %u %l %L %P%%\\.'
	gives 0 '5\t1 0 2 0 hi%\\.\n'
	m send "$box" x
	m recv "$box" --format '%p %T'
	prints '^[1-9][0-9]* 20[0-9-]*T[0-9:.]*[+-][0-9:]*$'
	m send "$box" x
	m recv "$box" -F '%P\n'
	gives 0 'x\n'
	m send "$box" 'x y'
	m recv "$box" -F '%P\c'
	gives 0 'x y'
}

test_recv_hex() {
	new
	given 'hi\n' send "$box"
	m recv -x "$box"
	gives 0 '00000000  68 69 0a                                          |hi.|\n00000003\n'
	m send "$box" ''
	m recv --hex "$box"
	gives 0 '00000000\n'
}

test_recv_null() {
	new
	m send "$box" a b
	m recv -0 -C 2 "$box"
	gives 0 'a\0b\0'
	m send "$box" c
	m recv --null "$box" -F %t
	gives 0 '1\0'
}

test_recv_of_any_length() {
	new --max-size 1M
	head -c 1048576 /dev/urandom >"$TMP/big"
	mbox send "$box" <"$TMP/big" || wrong "1M to go out" "status $?"
	mbox recv "$box" -F '%P\c' >"$TMP/got"
	status=$? ran="mbox recv $box"
	gives 0
	cmp -s "$TMP/big" "$TMP/got" || wrong "the same 1M" "another"
}

test_recv_reports_loss() {
	new --policy drop-oldest --max-msgs 2
	m send "$box" a b c d
	gives 0
	m recv "$box" -F '%L %P'
	gives 0 '2 c\n'
	says "$box: 2 messages lost since the last receive"
	m recv "$box"
	gives 0 'd\n'
	is_quiet
}

test_recv_drop_newest() {
	new --policy drop-newest --max-msgs 2
	m send "$box" a b c
	m recv "$box" -C 2
	gives 0 'a\nb\n'
	says '1 message lost'
}

test_recv_into_a_full_device() {
	new
	m send "$box" a
	mbox recv "$box" >/dev/full 2>"$TMP/err"
	status=$? ran="mbox recv $box >/dev/full"
	gives 2
	says 'standard output: No space left on device' \
		"^mbox: recv: $box: 1 message was taken and could not be written$"
	now MSGS=0
	m send "$box" a
	mbox peek "$box" >/dev/full 2>"$TMP/err"
	grep -q taken "$TMP/err" && wrong "no word of taking" "$(cat "$TMP/err")"
	mbox cat "$box" >/dev/full 2>"$TMP/err"
	status=$? ran="mbox cat $box >/dev/full"
	gives 2
	says '1 message was taken and could not be written$'
}

test_recv_without_output_takes_nothing() {
	new
	m send "$box" a
	mbox recv "$box" >&- 2>"$TMP/err"
	status=$? ran="mbox recv $box >&-"
	gives 2
	now MSGS=1
}

# into_head ARGUMENT...: run mbox into a reader that goes after the first message
into_head() {
	ran="mbox $* | head -n 1"
	rm -f "$TMP/status"
	(mbox "$@" 2>"$TMP/err" </dev/null
	echo $? >"$TMP/status") | head -n 1 >"$TMP/out" &
	eventually has "$box" RECEIVERS 1
	mbox send "$box" '1
'
	eventually test -s "$TMP/status" || wrong "an end without a second message" "none"
	mbox send "$box" 2
	wait
	status=$(cat "$TMP/status")
	gives 141 '1\n'
	is_quiet
	now MSGS=1
	mbox recv -n "$box" >"$TMP/second" 2>&1
}

test_recv_into_a_closed_pipe() {
	new
	into_head recv -f "$box"
	into_head recv -C 3 "$box"
	into_head recv -f -t '<=4' -W 60 "$box"
	into_head cat "$box"
}

# The reader is gone before anything was printed.
test_recv_without_a_reader_takes_nothing() {
	new
	for verb in recv peek cat; do
		m send "$box" a
		(sleep 0.2
		mbox "$verb" "$box" 2>"$TMP/err"
		echo $? >"$TMP/status") | :
		status=$(cat "$TMP/status") ran="mbox $verb $box | :"
		gives 141
		is_quiet
		now MSGS=1
		m recv -n "$box"
	done
}

# ignoring SIGPIPE: it cannot end the command
test_recv_without_a_reader_and_signal() {
	new
	m send "$box" a
	(trap '' PIPE
	sleep 0.2
	mbox recv "$box" 2>"$TMP/err"
	echo $? >"$TMP/status") | :
	status=$(cat "$TMP/status") ran="mbox recv $box | : (without SIGPIPE)"
	gives 2
	is_quiet
	now MSGS=1
}

test_recv_into_a_pipe_waits() {
	new
	mbox recv -C 2 "$box" -t 3-4 | cat >"$TMP/bg.out" &
	pid=$!
	eventually has "$box" RECEIVERS 1 || wrong "a receiver" "none"
	m send "$box" other
	m send "$box" -t 4 one
	eventually grep -q one "$TMP/bg.out" || wrong "one, flushed" "nothing"
	m send "$box" -t 3 two
	wait "$pid"
	now MSGS=1
	cmp -s "$TMP/bg.out" - <<-EOF || wrong "one, two" "$(cat "$TMP/bg.out")"
	one
	two
	EOF
	(mbox recv -W 100ms -t 9 "$box" 2>"$TMP/err"
	echo $? >"$TMP/status") | cat
	status=$(cat "$TMP/status") ran="mbox recv -W 100ms | cat"
	gives 124
	says 'no message of type 9 came within 100ms'
	(mbox recv -n -t 9 "$box" 2>"$TMP/err"
	echo $? >"$TMP/status") | cat
	status=$(cat "$TMP/status") ran="mbox recv -n | cat"
	gives 11
}

test_peek() {
	new
	m peek "$box" -n
	gives 11
	m peek "$box" -W 50ms
	gives 124
	m send "$box" -t 5 first
	m send "$box" -t 3 second
	m peek "$box"
	gives 0 'first\n'
	m peek "$box" --type 3 -F '%t %P'
	gives 0 '3 second\n'
	m peek "$box" -0
	gives 0 'first\0'
	m peek "$box" -j
	prints '"payload": "first"'
	m peek "$box" -x
	prints '|first|'
	now MSGS=2 RECEIVED=0
}

test_peek_of_any_length() {
	new --max-size 1M
	head -c 1000000 /dev/zero | mbox send "$box"
	m peek "$box" -F %l
	gives 0 '1000000\n'
	mbox peek "$box" -F '%P\c' | cmp -s - "$TMP/none" && wrong "1000000 bytes" "none"
	[ "$(mbox peek "$box" -F '%P\c' | wc -c)" -eq 1000000 ] || wrong "all bytes" "others"
}

test_peek_waits() {
	new
	start peek "$box"
	eventually has "$box" WAITING-RECEIVERS 1 || wrong "a waiting receiver" "none"
	m send "$box" late
	finish
	gives 0 'late\n'
	now MSGS=1
}

# ---- cat ----------------------------------------------------------------------------

test_cat_carries_a_stream() {
	new
	head -c 300000 /dev/urandom >"$TMP/stream"
	mbox cat "$box" >"$TMP/copy" &
	pid=$!
	mbox cat -i "$box" <"$TMP/stream"
	status=$? ran="mbox cat -i $box"
	gives 0
	wait "$pid"
	status=$? ran="mbox cat $box"
	gives 0
	cmp -s "$TMP/stream" "$TMP/copy" || wrong "the same bytes" "others"
	now MSGS=0
}

test_cat_adds_nothing() {
	new
	m send "$box" a 'b
' c ''
	m cat "$box"
	gives 0 'ab\nc'
}

test_cat_types_and_creation() {
	given data cat --input --create -t 3 "$box"
	gives 0
	now PERSIST=yes
	m recv -n -t '!3' "$box"
	gives 11
	m cat -c --type 3 "$box"
	gives 0 data
	m cat missing
	gives 3
}

run_tests "$@"
