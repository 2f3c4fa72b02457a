#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Killed at twenty random moments, by Ctrl-C or by SIGKILL to any one of its three
# processes, ipcbench leaves nothing behind: no process, no System V object, no
# entry of /dev/shm or /dev/mqueue, no temporary folder.
#
# Where that is possible it runs in name spaces of its own, in which everything
# that there is is ipcbench's. When it is killed is random; that nothing is left
# is not: it is waited for.

: "${here:?run by run.sh}" "${out:?}"
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$here/tap.sh"

moments=20
patience=300 # tenths of a second in which everything must be gone

if [ -z "${inside:-}" ]; then
	work=$(mktemp -d) || exit 1
	trap 'rm -rf "$work"' EXIT
	export inside="$work" TMPDIR="$work/tmp"
	mkdir "$TMPDIR" "$work/mqueue"
	for user in '' --map-root-user; do
		# shellcheck disable=SC2086 # an option or none
		if unshare $user --mount --ipc --pid --fork --kill-child --mount-proc true 2> /dev/null; then
			# Not exec: the first process of a name space collects all orphans.
			unshare $user --mount --ipc --pid --fork --kill-child \
				--mount-proc sh "$0"
			exit
		fi
	done
	echo '# no name spaces of our own: what others do meanwhile disturbs this test'
	sh "$0"
	exit
fi

mount -t mqueue mqueue "$inside/mqueue" 2> /dev/null || echo '# /dev/mqueue is not looked at'
[ "$$" -ne 1 ] || mount -t tmpfs tmpfs /dev/shm

# Processes but zombies and what runs this test; alone in their name space, or of
# the program's names.
processes() {
	for entry in /proc/[0-9]*; do
		read -r line 2> /dev/null < "$entry/stat" || continue
		name=${line#*(}
		rest=${name##*) }
		name=${name%)*}
		[ "${rest%% *}" != Z ] || continue
		if [ "$$" -eq 1 ]; then
			case ${entry#/proc/} in
			1 | "$probe") ;;
			*) echo "process $name" ;;
			esac
		else
			case $name in
			ipcbench | lab-guard | bench-*) echo "process $name" ;;
			esac
		fi
	done
}

# What is there now. It is written by a shell of its own, which is not part of it.
look() {
	(
		probe=$(exec sh -c 'echo "$PPID"')
		processes
		for file in /proc/sysvipc/msg /proc/sysvipc/sem /proc/sysvipc/shm; do
			sed "1d; s|^ *|${file##*/} |; s|^\([a-z]* *[-0-9]* *[0-9]*\).*|\1|" "$file"
		done
		for entry in /dev/shm/* "$inside"/mqueue/* "$TMPDIR"/*; do
			[ ! -e "$entry" ] || echo "$entry"
		done
	)
}

# child PID: its first child, or nothing
child() {
	read -r first rest 2> /dev/null < "/proc/$1/task/$1/children"
	echo "$first"
}

# A number below $1.
random() {
	od -An -N4 -tu4 /dev/urandom | awk -v below="$1" '{ print $1 % below }'
}

# A terminal's Ctrl-C goes to the group; the others are killed one at a time.
strike() {
	keeper=$(child "$pid")
	case $1 in
	0) kill -INT "-$pid" ;;
	1) kill -KILL "$pid" ;;
	2) kill -KILL "${keeper:-$pid}" ;;
	3) worker=$(child "${keeper:-$pid}")
	   kill -KILL "${worker:-$pid}" ;;
	esac 2> /dev/null
}

await_nothing() {
	tries=0
	while look > "$inside/after"; ! cmp -s "$inside/before" "$inside/after"; do
		[ "$tries" -lt "$patience" ] || return 1
		tries=$((tries + 1))
		sleep 0.1
	done
}

look > "$inside/before"
victims='Ctrl-C watcher keeper worker'
workloads='pingpong stream fanin fanout mixed slow request oneway'
moment=0
while [ "$moment" -lt "$moments" ]; do
	kind=$((moment % 4))
	workload=$(echo "$workloads" | cut -d' ' -f$((moment % 7 + 1)))
	setsid "$out/ipcbench" -q --rounds 1000 --count 50 --sizes 64 --depths 10 \
		--workload "$workload" > "$inside/output" 2>&1 < /dev/null &
	pid=$!
	delay=$(random 1500)
	sleep "$((delay / 1000)).$(printf '%03d' $((delay % 1000)))"
	kill -0 "$pid" 2> /dev/null
	ok $? "$workload still runs after $delay ms"
	strike "$kind"
	wait "$pid" 2> /dev/null
	status=$?
	[ "$kind" -ne 0 ] || [ "$status" -eq 130 ]
	ok $? "it ends with the status of its end: $status"
	await_nothing
	ok $? "nothing is left after $(echo "$victims" | cut -d' ' -f$((kind + 1)))"
	diff "$inside/before" "$inside/after" | sed 's/^/# /'
	moment=$((moment + 1))
done

# The looking itself must see what it looks for.
setsid "$out/ipcbench" -q --rounds 1000 --count 50 --sizes 64 --workload stream sysv-msg posix-mq \
	posix-shm unix-stream > "$inside/output" 2>&1 < /dev/null &
pid=$!
: > "$inside/seen"
tries=0
while [ "$tries" -lt "$patience" ]; do
	look | sed 's/[0-9a-f]*$//; s/ *$//' >> "$inside/seen"
	sort -u -o "$inside/seen" "$inside/seen"
	if grep -q '^msg' "$inside/seen" && grep -q '/shm/' "$inside/seen" &&
		grep -q '/tmp/' "$inside/seen" && grep -q '^process bench' "$inside/seen"; then
		break
	fi
	tries=$((tries + 1))
	sleep 0.02
done
[ "$tries" -lt "$patience" ]
ok $? 'while it runs there is something to be seen'
kill -INT "-$pid"
wait "$pid" 2> /dev/null
await_nothing
ok $? 'and nothing afterwards'

tap_done
