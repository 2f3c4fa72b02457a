#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2119,SC2317,SC3043,SC2034
#
# The command "mbox": receiving where messages land.
. "$(dirname "$0")/cli.sh"

# has_pool: what start() runs has one
has_pool() {
	grep -qs '^mbox-pool-size:' /proc/"$pid"/fdinfo/*
}

# large: a text of 100000 bytes in lines
large() {
	seq 100000 199999 | head -c 100000
}

test_large_and_small() {
	new --max-size 1M --max-bytes 4M
	start recv "$box" --pool -C 3 -F '%t %l %P'
	eventually has_pool || wrong 'a pool' none
	large >"$TMP/large"
	m send "$box" -t 1 small
	mbox send "$box" -t 2 <"$TMP/large"
	m send "$box" -t 3 ''
	finish
	{
		printf '1 5 small\n2 100000 '
		cat "$TMP/large"
		printf '\n3 0 \n'
	} >"$TMP/want"
	[ "$status" -eq 0 ] && cmp "$TMP/want" "$TMP/out" ||
		wrong 'what was sent' "$(wc -c <"$TMP/out") bytes, status $status"
}

test_lease_and_command() {
	new --max-size 1M --max-bytes 4M
	large >"$TMP/large"
	start recv "$box" --pool -l --exec "cmp -s - $TMP/large && exit 1"
	eventually has_pool || wrong 'a pool' none
	mbox send "$box" <"$TMP/large"
	finish
	gives 2
	now MSGS=1
	m recv "$box" --pool -n -F '%l'
	gives 0 '100000\n'
	now MSGS=0
}

test_topic_has_none() {
	box=topic-$$
	m create "$box" --kind topic
	m recv "$box" --pool -n
	gives 2
	says 'a topic has no pool'
	m rm "$box"
}

run_tests "$@"
