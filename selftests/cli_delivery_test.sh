#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317,SC3043,SC2034
#
# The command "mbox": leases, rendezvous, lifetimes, addresses, topics, freezing.
. "$(dirname "$0")/cli.sh"

# ---- leases -------------------------------------------------------------------------

test_lease_acknowledged_or_put_back() {
	new
	m send "$box" one two
	m recv "$box" --lease --exec 'exit 1'
	gives 2 ''
	says 'the command failed'
	now MSGS=2 LEASED=0
	m recv "$box" -l --exec 'cat; echo " $MBOX_SEQ"'
	gives 0 'one 1\n'
	m recv "$box" --lease
	gives 0 'two\n'
	now MSGS=0 RECEIVED=2
}

test_lease_of_a_killed_worker_comes_back() {
	new
	m send "$box" work
	start recv "$box" --lease --exec 'sleep 60'
	eventually has "$box" LEASED 1
	kill -9 "$pid"
	finish
	now MSGS=1 LEASED=0
}

test_lease_time_ends_the_work() {
	new
	m send "$box" work
	m recv "$box" --lease-time 0.3s --exec 'sleep 60'
	gives 2
	says 'went back'
	now MSGS=1 LEASED=0
}

test_dead_letters() {
	new --max-deliveries 2
	mbox create "$box-dead" --persist
	m set "$box" --dead-letter "$box-dead"
	gives 0
	m send "$box" bad
	m recv "$box" --lease --exec false
	m recv "$box" --lease --exec false
	now MSGS=0 LOST=1
	m recv "$box-dead" -n
	gives 0 'bad\n'
	m set "$box" --dead-letter nowhere
	gives 3
}

# ---- sends with conditions ------------------------------------------------------------

test_rendezvous() {
	new
	m send "$box" -s -W 0.2s lonely
	gives 124
	says 'taken back'
	now MSGS=0 WITHDRAWN=1
	start recv "$box"
	m send "$box" --sync met
	gives 0
	finish
	gives 0 'met\n'
}

test_lifetime() {
	new
	m send "$box" --ttl 0.2s short
	gives 0
	eventually has "$box" EXPIRED 1
	m recv "$box" -n
	gives 11
	now MSGS=0 LOST=1
}

test_address() {
	new
	m send "$box" --to 999999 x
	gives 2
	says 'no handle of that number'
	now SENT=0
}

# ---- topics -----------------------------------------------------------------------------

test_topic_reaches_all() {
	new --kind topic
	start sub "$box" -C 2 -F '%t %P'
	eventually has "$box" RECEIVERS 1
	mbox sub "$box" -t 5 -C 1 >"$TMP/other" &
	eventually has "$box" RECEIVERS 2
	m pub "$box" -t 1 'it rains'
	gives 0
	given 'it pours' pub "$box" -t 5
	gives 0
	wait $!
	[ "$(cat "$TMP/other")" = 'it pours' ] || wrong 'it pours' "$(cat "$TMP/other")"
	finish
	gives 0 '1 it rains\n5 it pours\n'
}

test_topic_retains() {
	new --kind topic --retain
	m pub "$box" first last
	m sub "$box" -C 1
	gives 0 'last\n'
}

test_topics_and_queues_are_told_apart() {
	new
	m pub "$box" x
	gives 2
	says 'not a topic'
	m sub "$box"
	gives 2
	mbox create "$box-t" --persist --kind topic
	m call "$box-t" x
	gives 2
	says 'a topic has no one who could reply'
	m send "$box-t" --sync x
	gives 2
}

# ---- freezing ----------------------------------------------------------------------------

test_freeze_step_thaw() {
	new
	m freeze "$box"
	gives 0
	m send "$box" a b c
	gives 0
	m recv "$box" -n
	gives 11
	now FROZEN=yes MSGS=3
	m step "$box"
	gives 0
	m recv "$box" -C 2 -n
	gives 11 'a\n'
	start recv "$box"
	eventually has "$box" WAITING-RECEIVERS 1
	m step "$box" 1
	finish
	gives 0 'b\n'
	m thaw "$box"
	m recv "$box" -n
	gives 0 'c\n'
	m step "$box"
	gives 2
	says 'steps are for a frozen mailbox'
}

test_only_the_owner_freezes() {
	new
	alice freeze "$box"
	gives 4
	now FROZEN=no
}

run_tests "$@"
