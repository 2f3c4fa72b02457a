#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# ipclaims under a library that answers for the kernel, and not as Linux does: what
# it says comes from what it sees. A claim becomes true, or outdated; or its
# experiment goes as it never should, which is "not ok" and status 1; or cannot be
# made, which is never "ok".

: "${here:?run by run.sh}" "${out:?}" "${CC:?}"
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$here/tap.sh"

ipclaims=$out/ipclaims
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

if ! "$CC" -shared -fPIC -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -o "$work/lies.so" \
	"$here/ipclaims_lies.c" 2> "$work/err"; then
	ok 1 'the library is built'
	sed 's/^/# /' "$work/err"
	tap_done
	exit
fi

run() {
	LIE=$1 LD_PRELOAD=$work/lies.so "$ipclaims" --limit 2 "$2" > "$work/out" 2> "$work/err" \
		< /dev/null
	status=$?
}

# lie LIE ROW STATUS LINE: what ipclaims says and its status
lie() {
	run "$1" "$2"
	line=$(grep -E '^(not )?ok ' "$work/out" | sed 's/ - [^#]*#/ - #/; s/ - [^#]*$//')
	[ "$status" -eq "$3" ] && [ "$line" = "$4" ]
	ok $? "$1: $2 gives '$(echo "$4" | sed 's/ - # / /')', status $3"
	[ "$line" = "$4" ] || sed 's/^/# /' "$work/out"
}

# says LIE ROW WORDS: as a comment
says() {
	run "$1" "$2"
	grep -qF "$3" "$work/out"
	ok $? "$1: $2 says '$3'"
}

outdated='ok 1 - # claim is outdated: observed'

lie truth A2.3 0 "$outdated E2BIG"
lie cut A2.3 0 'ok 1'
lie cut 135 0 'ok 1'
lie truth A2.1 0 "$outdated killed"
lie mild A2.1 0 'ok 1'
lie truth A2.5 0 'ok 1'
lie exact A2.5 0 "$outdated 2"

lie truth 131 0 'ok 1'
lie exact 131 1 'not ok 1'
says exact 131 'This is not what Linux is known for.'
says exact 131 'failed:    a part of it was not as expected'
says exact 131 ', 1 unexpected'
lie small A2.10 1 'not ok 1'
says small A2.10 'outcome:   not its size'
says small A2.10 "expected:  '512' or 'more'"
lie odd 123 1 'not ok 1'
says odd 123 'failed:    semop: '
lie crash 123 1 'not ok 1'
lie hang 123 1 'not ok 1'
says hang 123 'failed:    it took more than 2 seconds'

lie few A2.3 0 'ok 1 - # SKIP msgget: ENOSPC'
lie none A2.3 0 'ok 1 - # SKIP no System V IPC here'
lie closed 142 0 'ok 1 - # SKIP ptrace: EPERM'
lie closed A2.20 0 'ok 1 - # SKIP ptrace: EPERM'
says none A2.3 '# 1 claims: 0 true, 0 outdated, 1 skipped'

# One experiment that goes wrong does not touch the others.
LIE=hang LD_PRELOAD=$work/lies.so "$ipclaims" -q --limit 2 sem msg > "$work/out" 2>&1
[ $? -eq 1 ] && [ "$(grep -c '^not ok' "$work/out")" -eq 2 ] &&
	[ "$(grep -c '^ok' "$work/out")" -eq 11 ]
ok $? 'hang: only the claims on semaphores fail'

tap_done
