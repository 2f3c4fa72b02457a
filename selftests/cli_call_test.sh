#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317,SC3043,SC2034
#
# The command "mbox": call, serve.
. "$(dirname "$0")/cli.sh"

# serve ARGUMENT...: a server of $box in the background, that has it open
serve() {
	mbox serve "$@" >"$TMP/server.out" 2>"$TMP/server.err" </dev/null &
	server=$!
	eventually has "$box" RECEIVERS 1 || wrong "a server" "$(cat "$TMP/server.err")"
}

# served STATUS [PATTERN...]: how the server ended, and what it said
served() {
	local want="$1"
	shift
	wait "$server"
	status=$? ran="mbox serve $box"
	cp "$TMP/server.err" "$TMP/err"
	cp "$TMP/server.out" "$TMP/out"
	gives "$want"
	says "$@"
}

# running NAME: whether a process of that name is there
running() {
	grep -qxs "$1" /proc/[0-9]*/comm
}

# gone NAME: no such process is left, or not for long
gone() {
	! running "$1"
}

# end_all NAME: end the processes of that name
end_all() {
	grep -lxs "$1" /proc/[0-9]*/comm | cut -d / -f 3 | xargs -r kill -9
}

# stop: end the server as Ctrl-C does
stop() {
	kill -TERM "$server"
	served 130
}

# ---- serve with a command -------------------------------------------------------------

test_call_gets_what_the_command_prints() {
	new
	serve "$box" -C 2 -- tr a-z A-Z
	m call "$box" 'make me tall'
	gives 0 'MAKE ME TALL\n'
	is_quiet
	given 'from\nstandard input\n' call "$box" -W 5s
	gives 0 'FROM\nSTANDARD INPUT\n'
	served 0
	is_quiet
	now MSGS=0 CALLS=0 SENT=2 RECEIVED=2
}

test_call_reply_in_other_forms() {
	new
	serve "$box" --count 4 cat
	m call "$box" -t 7 -F '%t %u %l %P' hi
	gives 0 '1 0 2 hi\n'
	m call "$box" --type 7 -F '%p'
	prints '^[1-9][0-9]*$'
	m call "$box" --json 'say "hi"'
	prints '^{"type": 1, "seq": 3, .*"payload": "say \\"hi\\""}$'
	m call "$box" --hex hi
	prints '|hi|$'
	served 0
}

test_serve_tells_the_command_who_asks() {
	new
	serve "$box" -C 1 -- sh -c 'echo "$MBOX_TYPE $MBOX_UID $MBOX_SEQ"; ps -o comm= "$MBOX_PID" || :'
	m call "$box" -t 9 x
	gives 0
	prints '^9 0 1$'
	served 0
}

test_serve_large_both_ways() {
	new --max-size 1M --max-bytes 4M
	head -c 1048576 /dev/urandom >"$TMP/big"
	serve "$box" -C 2 -- cat
	mbox call "$box" -F '%P\c' <"$TMP/big" >"$TMP/got"
	status=$? ran="mbox call $box <big"
	gives 0
	cmp -s "$TMP/big" "$TMP/got" || wrong "the same 1M" "another"
	# A command that does not read its input may end all the same.
	mbox call "$box" -W 20s <"$TMP/big" >"$TMP/got" || wrong "an end" "none"
	served 0
}

test_serve_command_that_fails() {
	new
	serve "$box" -C 2 -- sh -c 'echo out; exit 3'
	m call "$box" -F '%t %P' x
	gives 0 '4 out\n'
	m call "$box" -F '%t' x
	gives 0 '4\n'
	served 0 "message 1: sh ended with status 3" "message 2: sh ended with status 3"
}

test_serve_command_that_is_killed() {
	new
	serve "$box" -C 1 -- sh -c 'kill -9 $$'
	m call "$box" -F '%t' x
	gives 0 '138\n'
	served 0 'was killed by signal 9'
}

# What does not fit is no success, and there is word of it.
test_serve_reply_that_is_cut() {
	new --max-size 100
	serve "$box" -C 3 -- sh -c 'head -c "$(cat)" /dev/zero'
	m call "$box" -F '%t %l' 100
	gives 0 '1 100\n'
	m call "$box" -F '%t %l' 101
	gives 0 '142 100\n'
	m call "$box" -F '%t %l' 1000000
	gives 0 '142 100\n'
	served 0 'message 2: sh printed more than the 100 bytes that its caller has' \
		'message 3: sh printed more' "mbox set $box --max-size N"
	grep -q 'message 1' "$TMP/err" && wrong "no word of message 1" "some"
}

# Another server may know the command.
test_serve_no_such_command() {
	new
	serve "$box" -- frob
	start call "$box" x
	served 2 '^mbox: serve: frob: No such file or directory$'
	now MSGS=1 CALLS=1
	m serve "$box" -C 1 -- cat
	gives 0 ''
	finish
	gives 0 'x\n'
	serve "$box" -- frob
	m send "$box" x
	served 2 'message 2 was taken, and nothing became of it'
}

test_serve_by_type() {
	new
	serve "$box" -t 3-4 -C 1 -- cat
	m call "$box" -t 5 -W 200ms x
	gives 124
	m call "$box" -t 4 x
	gives 0 'x\n'
	served 0
	now WITHDRAWN=1
}

test_serve_messages_that_are_no_requests() {
	new
	serve "$box" -C 2 -- tr a-z A-Z
	m send "$box" plain
	m call "$box" asked
	gives 0 'ASKED\n'
	served 0
	prints '^PLAIN$'
	grep -q ASKED "$TMP/out" && wrong "the reply at its caller alone" "it at the server"
	now CALLS=0
}

# The command reads nothing and leaves a process behind that has its output.
test_serve_does_not_wait_for_grandchildren() {
	new
	serve "$box" -C 1 -- sh -c 'sleep 60 & echo done'
	m call "$box" -W 20s x
	gives 0 'done\n'
	served 0
	end_all sleep
}

# ---- the end of a call ------------------------------------------------------------------

test_call_nobody_serves() {
	new
	m call "$box" -W 200ms x
	gives 124 ''
	says "^mbox: call: $box: no reply came within 200ms$" "mbox show $box"
	now MSGS=0 WITHDRAWN=1 CALLS=0 SENT=1 RECEIVED=0
}

test_call_server_that_dies() {
	new
	serve "$box" -- sleep 30
	start call "$box" x
	eventually has "$box" RECEIVED 1 || wrong "a request that is taken" "none"
	kill -KILL "$server"
	finish
	gives 69 ''
	says "$box: the receiver took the request and ended without a reply"
	end_all sleep
	wait "$server" 2>/dev/null
}

test_call_removed() {
	new
	start call "$box" x
	eventually has "$box" CALLS 1 || wrong "a call" "none"
	m rm "$box"
	finish
	gives 3 ''
	says "$box: the mailbox was removed"
}

test_call_purged() {
	new
	start call "$box" x
	eventually has "$box" MSGS 1 || wrong "a request" "none"
	m purge "$box"
	gives 0
	finish
	gives 74 ''
	says "$box: the request was discarded, by the policy or a purge"
	now LOST=1 CALLS=0
}

test_call_interrupted() {
	new
	start call "$box" x
	eventually has "$box" MSGS 1 || wrong "a request" "none"
	kill -TERM "$pid"
	finish
	gives 130 ''
	is_quiet
	now MSGS=0 WITHDRAWN=1 CALLS=0
}

test_call_too_long() {
	new --max-size 3
	m call "$box" abcd
	gives 2 ''
	says "message of 4 bytes is larger than max-size 3$"
	now SENT=0 CALLS=0
}

test_call_full() {
	new --max-msgs 1
	m send "$box" x
	m call "$box" -W 200ms y
	gives 124
	now MSGS=1 SENT=1 CALLS=0
	m call "$box" -W 0.1 y
	gives 124
	says 'no reply came within 0.1 seconds$'
}

test_call_no_mailbox() {
	m call "$box" x
	gives 3
	says "$box: there is no such mailbox"
	m serve "$box" --echo
	gives 3
	m call "$box" x
	gives 3
}

test_call_topic() {
	new --kind topic
	m call "$box" x
	[ "$status" -ne 0 ] || wrong "a failure" "status 0"
	says "$box: a topic has no one who could reply"
}

test_call_not_permitted() {
	new --mode 0622
	alice call "$box" -W 100ms x
	gives 124
	alice serve "$box" --echo
	gives 4
	says 'does not let you receive from it'
}

test_call_into_a_full_device() {
	new
	serve "$box" -C 1 --echo
	mbox call "$box" x >/dev/full 2>"$TMP/err"
	status=$? ran="mbox call $box >/dev/full"
	gives 2
	says 'standard output: No space left on device'
	served 0
}

# ---- the end of a server -----------------------------------------------------------------

# Long before the command would end, and without a reply.
test_serve_kills_what_nobody_wants() {
	new
	serve "$box" -C 1 -- sleep 30
	m call "$box" -W 300ms x
	gives 124
	served 0 'the caller gave up'
	eventually gone sleep || wrong "no sleep" "one"
	now CALLS=0 MSGS=0
}

test_serve_kills_all_of_a_command() {
	new
	serve "$box" -C 1 -- sh -c '(sleep 30; echo late) | cat; echo later'
	m call "$box" -W 500ms x
	gives 124
	served 0 'the caller gave up'
	eventually gone sleep || wrong "no sleep" "one"
}

test_serve_interrupted_puts_the_request_back() {
	new
	serve "$box" -- sleep 30
	start call "$box" x
	eventually has "$box" RECEIVED 1 || wrong "a request that is taken" "none"
	stop
	now MSGS=1 CALLS=1 RECEIVED=0
	eventually gone sleep || wrong "no sleep" "one"
	m serve "$box" -C 1 -- echo again
	gives 0 ''
	finish
	gives 0 'again\n'
}

test_serve_interrupted_in_its_wait() {
	new
	serve "$box" -- cat
	stop
	is_quiet
	serve "$box" --echo
	stop
	is_quiet
}

test_serve_removed() {
	new
	serve "$box" -- cat
	m rm "$box"
	served 3 'the mailbox was removed'
}

# ---- echo ---------------------------------------------------------------------------------

test_serve_echo() {
	new
	serve "$box" --echo -C 4
	for i in 1 2 3; do
		m call "$box" -W 10s "ping $i"
		gives 0 "ping $i\n"
	done
	m call "$box" ''
	gives 0 '\n'
	served 0
	now SENT=4 RECEIVED=4 CALLS=0
}

# One that gives up is no trouble for those that follow.
test_serve_echo_after_a_caller_that_gave_up() {
	new
	m call "$box" -W 50ms early
	gives 124
	serve "$box" -e -C 1
	m call "$box" late
	gives 0 'late\n'
	served 0
}

test_serve_echo_many() {
	new
	serve "$box" --echo -C 40
	for i in 1 2 3 4; do
		(for j in 1 2 3 4 5 6 7 8 9 10; do
			[ "$(mbox call "$box" -W 30s "$i-$j")" = "$i-$j" ] || echo "no $i-$j"
		done >"$TMP/caller.$i") &
	done
	served 0
	wait
	cat "$TMP"/caller.* | grep -q . && wrong "each its own reply" "$(cat "$TMP"/caller.*)"
	now SENT=40 RECEIVED=40 CALLS=0
}

# ---- what others see of calls ---------------------------------------------------------------

test_peek_and_recv_of_a_request() {
	new
	start call "$box" question
	eventually has "$box" MSGS 1 || wrong "a request" "none"
	m peek "$box"
	gives 0 'question\n'
	now MSGS=1 CALLS=1
	m recv "$box"
	gives 0 'question\n'
	finish
	gives 69 ''
	says 'ended without a reply'
	now CALLS=0
}

test_show_and_monitor_calls() {
	new
	mbox monitor "$box" >"$TMP/events" 2>/dev/null &
	monitor=$!
	start call "$box" x
	eventually has "$box" CALLS 1 || wrong "a call" "none"
	m show "$box"
	prints 'calls  *1' 'withdrawn  *0'
	eventually has "$box" MSGS 1
	sleep 0.5
	m recv "$box"
	finish
	eventually grep -q owner-died "$TMP/events"
	kill -TERM "$monitor"
	wait "$monitor"
	cp "$TMP/events" "$TMP/out"
	ran="mbox monitor $box"
	prints "owner-died *$box id=[0-9]* handle=[0-9]* calls=1$"
}

run_tests "$@"
