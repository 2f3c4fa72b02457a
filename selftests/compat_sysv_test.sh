#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2119,SC2317,SC3043,SC2034
#
# Tools that know nothing of mbox see and change the SysV queues of "mbox run".
. "$(dirname "$0")/cli.sh"

# r ARGUMENT...: run a program with its queues in mailboxes
r() {
	m run --sysv -- "$@"
}

# list_of_kernel_file: what a program finds in the file of the kernel; cat is static here
list_of_kernel_file() {
	# shellcheck disable=SC2016 # for the inner shell
	r bash -c 'echo "$(</proc/sysvipc/msg)"'
}

# of_kernel: the kernel's own queues, of which none is to come from here
of_kernel() {
	tail -n +2 /proc/sysvipc/msg | wc -l
}

test_ipcmk_ipcs_ipcrm() {
	local before
	before=$(of_kernel)
	r ipcmk -Q -p 0640
	gives 0
	prints '^Message queue id: [0-9]*$'
	id=$(sed -n 's/.*: //p' "$TMP/out")
	r ipcs -q
	gives 0
	prints "^0x[0-9a-f]* *$id *root *640 *0 *0 *$"
	r ipcs -q -i "$id"
	gives 0
	prints "msqid=$id" 'mode=0640' 'qnum=0'
	r ipcrm -q "$id"
	gives 0
	r ipcrm -q "$id"
	gives 1
	[ "$before" -eq "$(of_kernel)" ] || wrong "$before queues of the kernel" "$(of_kernel)"
}

test_ipcs_tells_what_is_in_it() {
	r ipcmk -Q
	id=$(sed -n 's/.*: //p' "$TMP/out")
	box=$(mbox ls -o NAME,ID --noheadings | awk -v id="$id" '$2 == id { print $1 }')
	m send "$box" -t 3 hello
	r ipcs -q
	prints " $id  *root  *644  *5  *1 "
	r ipcs -q -t -i "$id"
	prints "cbytes=5"
	r ipcs -q -p
	gives 0
	prints "^$id *root"
	r ipcs -q -u
	prints 'allocated queues = 1' 'used headers = 1' 'used space = 5 bytes'
	r ipcs -q -l
	prints 'max queues system wide = '
	r lsipc -q
	prints "$id"
	r lsipc -q -i "$id"
	gives 0
	prints "$id"
}

test_removed_by_key() {
	r ipcmk -Q
	id=$(sed -n 's/.*: //p' "$TMP/out")
	key=$(mbox ls --sysv --noheadings | awk -v id="$id" '$2 == id { print $1 }')
	r ipcrm -Q "$key"
	gives 0
	list_of_kernel_file
	gives 0
	[ "$(wc -l <"$TMP/out")" -eq 1 ] || wrong 'a heading alone' "$(cat "$TMP/out")"
}

test_list_as_ipcs() {
	r ipcmk -Q -p 0600
	m ls --sysv
	gives 0
	prints '^KEY *MSQID *OWNER *PERMS *USED-BYTES *MESSAGES$' '^0x[0-9a-f]\{8\} .* root  *600  *0  *0$'
	r ipcs -q
	awk '/^0x/ { print $1, $2, $3, $4, $5, $6 }' "$TMP/out" >"$TMP/ipcs"
	mbox ls --sysv --noheadings | awk '{ print $1, $2, $3, $4, $5, $6 }' >"$TMP/ls"
	cmp -s "$TMP/ipcs" "$TMP/ls" || wrong "$(cat "$TMP/ipcs")" "$(cat "$TMP/ls")"
	new
	[ "$(mbox ls --sysv --noheadings | wc -l)" -eq 1 ] ||
		wrong 'the queue alone' "$(mbox ls --sysv)"
	m ls --sysv -J
	gives 1
	says contradict
}

test_list_has_the_form_of_the_kernel() {
	r ipcmk -Q
	list_of_kernel_file
	[ "$(head -n 1 /proc/sysvipc/msg)" = "$(head -n 1 "$TMP/out")" ] ||
		wrong "$(head -n 1 /proc/sysvipc/msg)" "$(head -n 1 "$TMP/out")"
	prints '^ *-\{0,1\}[0-9]*  *[0-9]*   644 '
}

test_refused_programs() {
	r busybox true
	gives 2
	says 'is linked statically'
	cp "$(command -v ipcs)" "$TMP/ipcs"
	chown 4711 "$TMP/ipcs"
	chmod 4755 "$TMP/ipcs"
	r "$TMP/ipcs" -q
	gives 2
	says 'is set-uid'
	r no-such-program
	gives 2
	says 'no such program'
}

test_trace_says_what_is_not_served() {
	m run --trace -- bash -c 'busybox true; true'
	gives 0
	says 'mbox-compat: [0-9]*: .*busybox is linked statically'
	m run --trace -- bash -c 'exec -c /usr/bin/ipcs -q'
	gives 0
	says 'ipcs is started without LD_PRELOAD'
	m run -- bash -c 'busybox true; true'
	is_quiet
}

test_status_is_that_of_the_program() {
	r bash -c 'exit 42'
	gives 42
}

test_library_serves_only_what_the_variable_names() {
	local before library
	before=$(of_kernel)
	# shellcheck disable=SC2016 # for the inner shell
	library=$(mbox run -- bash -c 'echo $LD_PRELOAD')
	MBOX_COMPAT=trace LD_PRELOAD=$library ipcmk -Q >"$TMP/out" 2>"$TMP/err"
	status=$?
	gives 0
	[ "$((before + 1))" -eq "$(of_kernel)" ] || wrong 'a queue of the kernel' none
	ipcrm -q "$(sed -n 's/.*: //p' "$TMP/out")"
}

run_tests "$@"
