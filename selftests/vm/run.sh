#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Boots a guest that has the module, the tools, the examples and the tests.
#
#   run.sh shell             a prompt; exit or Ctrl-D ends the guest
#   run.sh cmd '<command>'   one command; its output alone on stdout, its status is ours
#   run.sh check [<test>]    the selftests, or one of them, and the verdict on them
#
# From the environment:
#   KERNEL=6.1          a row of the file "kernels"
#   BREAK=<name>        build the module with one behaviour broken on purpose
#   MBOX_ACCEL=kvm|tcg  default: what a probe boot has shown
#   MBOX_SMP=2  MBOX_MEMORY=512M
#   MBOX_SERVERS=1      give the guest the servers of the file "guest-packages",
#                       and 1536M of memory
#   MBOX_PROGRAMS=1     give it the older programs of the file "guest-programs", too
#   MBOX_LIMIT=<s>      seconds the guest may take: check 1800, cmd 600, shell no limit
#   MBOX_BOOT_LIMIT=40  seconds it may take to come up, before it is booted again
#
# Logs are kept in build/vm/<date>-<nonce>, those of the last ten runs.
# Exit status: 0 good, 1 red, 124 time limit, 125 the harness could not do its
# work; in mode cmd the command's own.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/machine.sh"
. "$VM_DIR/boot.sh"

# slab_nomerge and slub_debug give the leak check what it looks at.
CHECK_LINE="panic_on_warn=1 oops=panic hung_task_panic=1 slab_nomerge slub_debug=U,mbx_*,kmalloc-*"

run_shell() {
	local status=0
	[ -t 0 ] && [ -t 1 ] ||
		die "a prompt needs a terminal; for one command use: make vm CMD='...'"
	LIMIT=${MBOX_LIMIT:-0}
	prepare "console=ttyS0 loglevel=4 panic=-1 -- mode=shell nonce=$NONCE $(terminal_words)"
	terminal_ports "$RUN_DIR/results.log"
	start "$LIMIT" || status=$?
	end_of "$status"
}

# The kernel talks on the results port, to leave the console to the command.
run_cmd() {
	local status=0 line="console=ttyS1 loglevel=5 panic=-1 -- mode=cmd nonce=$NONCE"
	[ -n "${1:-}" ] || die "cmd needs a command"
	export GUEST_COMMAND=$1
	LIMIT=${MBOX_LIMIT:-600}
	if [ -t 0 ]; then
		prepare "$line stdin=tty $(terminal_words)"
		terminal_ports "$RUN_DIR/results.log"
		start "$LIMIT" || status=$?
	else
		prepare "$line"
		output_ports "$RUN_DIR/results.log"
		start "$LIMIT" </dev/null || status=$?
	fi
	end_of "$status"
}

# Says each test program's end while the guest runs.
follow_progress() {
	tail -n +1 -s 0.3 -f --pid="$1" "$RUN_DIR/results.log" 2>/dev/null |
		sed -n -u 's/\r$//; s/^\(not \)\{0,1\}ok \([0-9]*\) selftests: mbox: /  \1ok \2 /p'
}

run_check() {
	local status=0 test=${1:-}
	LIMIT=${MBOX_LIMIT:-1800}
	prepare "console=ttyS0 loglevel=7 panic=-1 $CHECK_LINE -- mode=check nonce=$NONCE ${test:+test=$test}"
	file_ports "$RUN_DIR/console.log" "$RUN_DIR/results.log"
	: >"$RUN_DIR/results.log"
	start "$LIMIT" </dev/null &
	follow_progress $!
	wait $! || status=$?
	exec "$VM_DIR/verdict.sh" "$RUN_DIR" "$NONCE" "$KERNEL" "$status" "$test"
}

[ $# -ge 1 ] && [ $# -le 2 ] || usage
case $1 in
shell | cmd | check)
	new_run
	"run_$1" "${2:-}"
	;;
*) usage ;;
esac
