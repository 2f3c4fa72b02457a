#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317,SC3043,SC2034
#
# The command "mbox": every exit code, help, version, completion.
. "$(dirname "$0")/cli.sh"

PARAMETERS=/sys/module/mbox/parameters

# ---- exit codes and the rest ----------------------------------------------------------

# interrupt SIGNAL ARGUMENT...: send it to a command in the foreground that waits
interrupt() {
	local signal="$1" column="$2"
	shift 2
	(eventually has "$box" "$column" 1
	kill "-$signal" "$(cat "$TMP/pid")") &
	sh -c 'echo $$ >"$0"; exec mbox "$@"' "$TMP/pid" "$@" \
		>"$TMP/out" 2>"$TMP/err" </dev/null
	status=$?
	ran="mbox $* (SIG$signal)"
	wait
}

test_interrupted() {
	new --max-msgs 1
	interrupt INT WAITING-RECEIVERS recv "$box"
	gives 130 ''
	is_quiet
	interrupt TERM WAITING-RECEIVERS cat "$box"
	gives 130 ''
	m send "$box" x
	interrupt INT WAITING-SENDERS send "$box" y
	gives 130 ''
	now MSGS=1
}

test_not_permitted() {
	new --mode 0620
	alice recv "$box"
	gives 4 ''
	says "$box: mode 0620 of owner root does not let you receive from it"
	alice send "$box" x
	gives 4
	says 'does not let you send to it'
	alice set "$box" --mode 0666
	gives 4
	says 'owner' 'root'
	alice rm "$box"
	gives 4
	alice purge "$box"
	gives 4
	now MODE=0620
	alice monitor
	gives 4
	says CAP_NET_ADMIN
}

test_group_may_send() {
	new --mode 0620
	m set "$box" --group alice
	alice send "$box" hello
	gives 0
	m recv "$box" -F '%u %P'
	gives 0 '1000 hello\n'
}

test_owner_may_set() {
	new
	m set "$box" --owner alice
	alice set "$box" --mode 0622
	gives 0
	alice set "$box" --owner bob
	gives 4
	says CAP_IPC_OWNER
	now UID=1000
	alice rm "$box"
	gives 0
}

# with PARAMETER VALUE COMMAND...
with() {
	local parameter="$1" value="$2" old
	shift 2
	old=$(cat "$PARAMETERS/$parameter")
	echo "$value" >"$PARAMETERS/$parameter"
	"$@"
	echo "$old" >"$PARAMETERS/$parameter"
}

test_quota_of_bytes() {
	new
	head -c 5000 /dev/zero >"$TMP/5000"
	with user_bytes 4096 m send "$box" "$(tr '\0' x <"$TMP/5000")"
	gives 75 ''
	says "$box: a message of 5000 bytes would exceed the user's quota of 4096$" \
		'^(receive some, or raise /sys/module/mbox/parameters/user_bytes)$'
	with domain_bytes 4096 m send "$box" "$(tr '\0' x <"$TMP/5000")"
	gives 75
	says domain_bytes
	now MSGS=0
}

test_quota_of_mailboxes() {
	new
	with user_mailboxes 1 m create "$box-2"
	gives 75 ''
	says "$box-2: one more mailbox would exceed the user's quota of 1$" \
		'^(remove some, or raise /sys/module/mbox/parameters/user_mailboxes)$'
	with domain_mailboxes 1 m send -c "$box-2" x
	gives 75
	says domain_mailboxes
	m show "$box-2"
	gives 3
}

test_no_such_mailbox() {
	for verb in rm show purge send recv peek cat; do
		m "$verb" missing
		gives 3 ''
		says "^mbox: $verb: missing: there is no such mailbox"
	done
}

test_wrong_usage() {
	new
	m recv "$box" --frob
	gives 1 ''
	says 'no option --frob' "Try 'mbox recv --help'"
	m
	gives 1 ''
	m frob
	gives 1
	m recv "$box" -F %z
	gives 1
	m send "$box" -t 0 x
	gives 1
	now SENT=0
}

test_no_device() {
	unshare -m sh -c 'mount -t tmpfs none /dev && exec mbox recv x' \
		>"$TMP/out" 2>"$TMP/err" </dev/null
	status=$? ran="mbox recv x (without /dev)"
	gives 2 ''
	says 'the mbox module is not loaded (insmod mbox.ko, or make vm)'
}

test_help_and_version() {
	m help
	gives 0
	prints '^  monitor ' '^Exit codes: '
	m recv --help
	gives 0
	prints '^Usage: mbox recv NAME ' '^  -W, --wait TIME '
	m help recv
	prints '^Usage: mbox recv NAME '
	m version
	gives 0
	prints '^mbox [0-9.]*$' '^libmbox [0-9.]*$' '^module '
}

test_completion_of_names() {
	local file=/usr/share/bash-completion/completions/mbox
	[ -r "$file" ] || return 0
	new
	mbox create --persist "$box two"
	bash -c '. "$1"; COMP_WORDS=(mbox recv "$2"); COMP_CWORD=2; _mbox
		printf "%s\n" "${COMPREPLY[@]}"' bash "$file" "${box%?}" >"$TMP/out" 2>&1
	status=0 ran="completion of mbox recv ${box%?}"
	gives 0 "$box\n$box\\\\ two\n"
	m rm "$box two"
}

run_tests "$@"
