#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317,SC3043,SC2034
#
# The command "mbox": create, rm, ls, show, set, purge, monitor.
. "$(dirname "$0")/cli.sh"

# ---- create, rm -------------------------------------------------------------------

test_create_with_defaults() {
	m create "$box" --persist
	gives 0 ''
	is_quiet
	now KIND=queue PERSIST=yes MODE=0600 OWNER=root GROUP=root UID=0 GID=0 \
		POLICY=block MAX-MSGS=1024 MAX-BYTES=1048576 MAX-SIZE=65536 MSGS=0 \
		BYTES=0 SENT=0 RECEIVED=0 LOST=0 RECEIVERS=0 SENDERS=0
}

test_create_with_every_option() {
	m create --kind queue --persist --mode 0640 --max-msgs 7 --max-bytes 2K \
		--max-size 1K --policy drop-oldest "$box"
	gives 0 ''
	now MODE=0640 MAX-MSGS=7 MAX-BYTES=2048 MAX-SIZE=1024 POLICY=drop-oldest
}

test_create_takes_no_umask() {
	umask 077
	m create "$box" --persist --mode 0666
	now MODE=0666
}

test_create_without_persist_goes_with_its_user() {
	m create "$box"
	gives 0 ''
	now PERSIST=no
	m recv "$box" -n
	gives 11
	m show "$box"
	gives 3
}

test_create_again_fails() {
	new
	m create "$box"
	gives 2 ''
	says "$box: there is a mailbox of that name already"
}

test_create_refuses_contradicting_limits() {
	m create "$box" --max-size 2K --max-bytes 1K
	gives 2 ''
	says 'max-size is more than max-bytes' 'max-size is 2048 and max-bytes 1024$'
	m show "$box"
	gives 3
}

test_names() {
	local name
	for name in -dash 'a b' . 'ü' "$(printf '%0255d' 0)"; do
		m create --persist -- "$name"
		gives 0
		m send -- "$name" hello
		gives 0
		m recv -- "$name"
		gives 0 'hello\n'
		m rm -- "$name"
		gives 0
	done
}

test_rm() {
	new
	m rm "$box"
	gives 0 ''
	is_quiet
	m rm "$box"
	gives 3 ''
	says "$box: there is no such mailbox"
}

test_rm_is_all_or_nothing() {
	new
	m rm "$box" "$box-missing"
	gives 3
	says "$box-missing: there is no such mailbox"
	now PERSIST=yes
	mbox create "$box-2" --persist
	m rm "$box" "$box-2"
	gives 0
	m show "$box-2"
	gives 3
}

test_rm_of_one_twice() {
	new
	m rm "$box" "$box"
	gives 0 ''
	is_quiet
	m rm "$box" "$box"
	gives 3 ''
	[ "$(wc -l <"$TMP/err")" -eq 1 ] || wrong "one line" "$(cat "$TMP/err")"
}

test_rm_wakes_the_waiting() {
	new
	start recv "$box"
	eventually has "$box" WAITING-RECEIVERS 1 || wrong "a waiting receiver" "none"
	m rm "$box"
	gives 0
	finish
	gives 3 ''
	says "$box: the mailbox was removed"
}

# ---- ls, show, set, purge -----------------------------------------------------------

test_ls_default_columns() {
	new --mode 0620
	m send "$box" 12345
	m ls
	gives 0
	prints '^NAME *OWNER *MODE *MSGS *BYTES *RECEIVERS *SENDERS *LOST$' \
		"^$box *root *0620 *1 *5 *0 *0 *0$"
}

test_ls_of_nothing() {
	m ls --noheadings
	gives 0 ''
	m ls -J
	gives 0 '{"mailboxes": []}\n'
}

test_ls_columns() {
	new
	m ls -o NAME,mode,Max_Msgs
	gives 0 "NAME       MODE MAX-MSGS\n$box 0600     1024\n"
	m ls --output=MODE --noheadings
	gives 0 '0600\n'
	m ls -o +POLICY
	prints '^NAME .* LOST POLICY$' ' block$'
	m ls -o MODE,LOST,mode
	gives 0 'MODE LOST\n0600    0\n'
	m ls -o +lost,uid
	prints '^NAME .* SENDERS LOST UID$'
	m ls -J -o MODE,mode
	gives 0 '{"mailboxes": [{"mode": "0600"}]}\n'
}

test_ls_json() {
	new
	m ls -J -o NAME,MSGS,PERSIST,MODE
	gives 0 "{\"mailboxes\": [{\"name\": \"$box\", \"msgs\": 0, \"persist\": true, \"mode\": \"0600\"}]}\n"
	m ls --json
	prints "\"name\": \"$box\", \"owner\": \"root\""
}

test_ls_escapes_names() {
	box=$(printf 'a b\233')
	new
	m ls -o NAME --noheadings
	gives 0 'a\\x20b\\x9b\n'
	m ls -J -o NAME
	gives 0 '{"mailboxes": [{"name_base64": "YSBimw=="}]}\n'
	m rm "$box"
	gives 0
}

test_show() {
	new --max-msgs 10
	m send "$box" -- one two
	m recv "$box"
	m show "$box"
	gives 0
	prints "^$box$" '^  owner *root (0), group root (0)$' '^  mode *0600$' \
		'^  messages *1 queued of at most 10, peak 2$' \
		'^  bytes *3 queued of at most 1048576, peak 6$' '^  sent *2$' \
		'^  received *1$' '^  lost *0$' '^  receivers *0 open, 0 waiting$' \
		'^  created *20[0-9][0-9]-'
}

test_show_json() {
	new
	m show -j "$box"
	gives 0
	prints "^{\"id\": [0-9]*, \"name\": \"$box\", \"kind\": \"queue\", \"persist\": true" \
		'"waiting_senders": 0, "created": "20[^"]*", "changed": "20[^"]*", "last_sent": "never", .*"creator_gid": 0}$'
	m show --json "$box" "$box"
	[ "$(wc -l <"$TMP/out")" -eq 2 ] || wrong "two lines" "$(wc -l <"$TMP/out")"
}

test_show_what_is_there() {
	new
	m show missing "$box"
	gives 3
	prints "^$box$"
	says '^mbox: show: missing: there is no such mailbox'
}

test_set() {
	new
	m set "$box" --mode 0606 --owner alice --group 100 --policy drop-newest \
		--max-msgs 2 --max-bytes 3K --max-size 3
	gives 0 ''
	now MODE=0606 UID=1000 GID=100 POLICY=drop-newest MAX-MSGS=2 \
		MAX-BYTES=3072 MAX-SIZE=3
	m set "$box" --mode 0
	gives 0
	now MODE=0000 MAX-MSGS=2
}

test_set_is_all_or_nothing() {
	new --max-bytes 100 --max-size 10
	m set "$box" --max-msgs 5 --max-size 101
	gives 2 ''
	says 'max-size is more than max-bytes' 'max-size is 10 and max-bytes 100'
	now MAX-MSGS=1024 MAX-SIZE=10
	m set missing --max-msgs 5
	gives 3
}

test_purge() {
	new
	m send "$box" a b c
	m purge "$box"
	gives 0 '3 messages discarded\n'
	now MSGS=0 LOST=3
	m send "$box" d
	m purge "$box"
	gives 0 '1 message discarded\n'
	m purge "$box"
	gives 0 '0 messages discarded\n'
	m purge missing
	gives 3 ''
}

# ---- monitor ------------------------------------------------------------------------

# Starts it, and waits until it is listening.
start_monitor() {
	start monitor "$@"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		mbox send -c "$box-probe" x
		mbox rm "$box-probe"
		sleep 0.1
		grep -q removed "$TMP/bg.out" && return
	done
	wrong "a monitor that listens" "nothing in $i attempts"
}

test_monitor() {
	start_monitor
	new --max-msgs 1
	m set "$box" --mode 0660
	m send "$box" x
	m send -n "$box" y
	m recv "$box" -C 2 -W 100ms
	m send "$box" x
	m purge "$box"
	m rm "$box"
	eventually grep -q "removed *$box id=" "$TMP/bg.out"
	kill -TERM "$pid"
	finish
	gives 130
	is_quiet
	prints "^20[0-9-]* [0-9:.]* created *$box id=[0-9]*$" "changed *$box id=" \
		"attached *$box id=[0-9]* handle=[0-9]* rights=send$" \
		"detached *$box id=[0-9]* handle=[0-9]* rights=send$" \
		"full *$box id=" "writable *$box id=" "lost *$box id=[0-9]* messages=1$" \
		"timed-out *$box id=[0-9]* handle=[0-9]* rights=recv$" "removed *$box id="
}

test_monitor_names() {
	start_monitor "$box-probe" "$box"
	new
	mbox create "$box-other" --persist
	m rm "$box-other" "$box"
	eventually grep -q "removed *$box id=" "$TMP/bg.out"
	kill -TERM "$pid"
	finish
	prints "created *$box id="
	grep -q "$box-other" "$TMP/out" && wrong "nothing of $box-other" "an event"
}

test_monitor_json() {
	start_monitor -j
	new
	m send "$box" x
	m purge "$box"
	m rm "$box"
	eventually grep -q "\"removed\", .*\"$box\"" "$TMP/bg.out"
	kill -TERM "$pid"
	finish
	gives 130
	prints '^{"event": "created", "seq": [0-9]*, "time": "20[^"]*", "monotonic": [0-9]*, "id": [0-9]*, "name": ' \
		"\"name\": \"$box\", \"handle\": [0-9]*, \"rights\": \"send\"}$" \
		"\"name\": \"$box\", \"count\": 1}$"
}

# Each message that pushes another one out is an event: too many for a monitor
# that does not read.
test_monitor_says_what_it_missed() {
	new --policy drop-oldest --max-msgs 1
	start_monitor
	kill -STOP "$pid"
	seq 20000 | mbox send -l "$box"
	kill -CONT "$pid"
	eventually grep -q LOST "$TMP/bg.out"
	eventually grep -q " now *$box id=" "$TMP/bg.out"
	kill -TERM "$pid"
	finish
	gives 130
	prints '^20[0-9-]* [0-9:.]* LOST [1-9][0-9]* events$' \
		" now *$box id=[0-9]* messages=1 bytes=5$"
}

run_tests "$@"
