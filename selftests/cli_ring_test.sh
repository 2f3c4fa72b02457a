#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2119,SC2317,SC3043,SC2034
#
# The command "mbox": through the ring of a mailbox.
. "$(dirname "$0")/cli.sh"

# behind ARGUMENT...: run mbox beside what start() runs; its output is out of the way
behind() {
	mbox "$@" >"$TMP/behind.out" 2>"$TMP/behind.err" </dev/null &
	behind=$!
}

# has_end PID: it has an end of a ring
has_end() {
	grep -qs '^mbox-ring:' /proc/"$1"/fdinfo/*
}

test_sender_first() {
	new
	start send "$box" --ring -t 7 one two three
	m recv "$box" --ring -f -F '%t %l %P'
	gives 0 '7 3 one\n7 3 two\n7 5 three\n'
	finish
	gives 0 ''
}

test_receiver_first() {
	new
	start recv "$box" --ring -f
	given 'a\nb\n\nd\n' send "$box" --ring -l
	gives 0 ''
	finish
	gives 0 'a\nb\n\nd\n'
	now MSGS=0 SENT=0
}

test_many_lines() {
	new
	start recv "$box" --ring -f
	seq 20000 | mbox send "$box" --ring -l
	finish
	[ "$status" -eq 0 ] && seq 20000 | cmp - "$TMP/out" ||
		wrong "the numbers 1 to 20000" "$(wc -l <"$TMP/out") lines, status $status"
}

test_one_record_and_an_end() {
	new
	start send "$box" --ring one two
	m recv "$box" --ring
	gives 0 'one\n'
	finish
	gives 2
	cp "$TMP/bg.err" "$TMP/err"
	says 'the other end of the ring has gone'
}

test_more_than_the_sender_has() {
	new
	start send "$box" --ring one
	m recv "$box" --ring -C 2
	gives 2 'one\n'
	says 'the other end of the ring has gone'
	finish
	gives 0
}

test_nobody_reads() {
	new
	m send "$box" --ring -W 0.1s lost
	gives 124
	says 'does not read'
	m recv "$box" --ring -W 0.1s
	gives 124
	m recv "$box" --ring -n
	gives 11
}

test_end_is_taken() {
	new
	behind recv "$box" --ring -f
	eventually has_end "$behind" || wrong 'an end' none
	start recv "$box" --ring -W 5s
	finish
	gives 2
	says 'another process has this end'
	kill "$behind"
	wait "$behind"
}

test_topic_has_none() {
	box=topic-$$
	m create "$box" --kind topic
	m send "$box" --ring x
	gives 2
	says 'a topic has no ring'
	m rm "$box"
}

test_created_on_demand() {
	box=made-$$
	m send "$box" --ring x
	gives 3
	m send "$box" --ring -c -W 0.1s x
	gives 124
	m rm "$box"
	gives 0
}

test_removed_meanwhile() {
	new
	start recv "$box" --ring
	eventually has "$box" RECEIVERS 1
	m rm "$box"
	finish
	gives 3
}

run_tests "$@"
