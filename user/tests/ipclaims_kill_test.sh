#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# ipclaims, killed at a random moment: soon after, none of its processes is there,
# no System V object, nothing in /dev/shm or among the message queues, no file.
#
# This has name spaces of its own, so that whatever is there is its own, and other
# programs that run at the time play no part.

: "${here:?run by run.sh}" "${out:?}"
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$here/tap.sh"

ipclaims=$out/ipclaims
KILLS=20

# enter MODE...: this script once more in the name spaces
enter() {
	ALONE=yes exec unshare --ipc --mount --pid --fork --kill-child --mount-proc "$@" sh "$0"
}

can_enter() {
	unshare --ipc --mount --pid --fork --kill-child --mount-proc "$@" \
		mount -t tmpfs none /dev/shm 2> /dev/null
}

if [ -z "${ALONE:-}" ]; then
	can_enter && enter
	can_enter --map-root-user && enter --map-root-user
	skip 'killed at a random moment' 'no name spaces of its own are to be had here'
	tap_done
	exit
fi

work=/dev/shm/work
queues=$work/queues
export TMPDIR=$work/tmp

prepare() {
	mount -t tmpfs none /dev/shm && mkdir -p "$queues" "$TMPDIR" "$work/cwd" &&
		mount -t mqueue none "$queues"
}
check 'name spaces of its own' prepare
cd "$work/cwd" || exit

# others: the processes here but this one and zombies, each with its state
others() {
	for stat in /proc/[0-9]*/stat; do
		[ "$stat" != "/proc/$$/stat" ] && read -r line 2> /dev/null < "$stat" ||
			continue
		case ${line##*)} in
		' Z'*) ;;
		*) echo "${line%%)*})" ;;
		esac
	done
}

# gone NAME: a pass if within 20 seconds no other process is there. Neither check nor
# a pipe, each of which would be a process more.
gone() {
	left=400
	others > "$work/others"
	while [ -s "$work/others" ] && [ "$left" -gt 0 ]; do
		sleep 0.05
		left=$((left - 1))
		others > "$work/others"
	done
	[ ! -s "$work/others" ]
	ok $? "$1"
	sed 's/^/# /' "$work/others"
}

# left_behind: all objects and files that are there
left_behind() {
	for list in /proc/sysvipc/*; do
		sed "1d; s,^,$list: ," "$list"
	done
	find /dev/shm -mindepth 1 -maxdepth 1 ! -path "$work"
	find "$queues" "$TMPDIR" "$work/cwd" -mindepth 1
}

clean() {
	left_behind > "$work/left"
	cat "$work/left"
	[ ! -s "$work/left" ]
}

# random LIMIT: a number below it
random() {
	number=$(od -An -N2 -tu2 /dev/urandom)
	echo $((number % $1))
}

# The processes of ipclaims: the first is the one that was started.
victims() {
	for stat in /proc/[0-9]*/stat; do
		process=${stat#/proc/}
		echo "${process%/stat}"
	done | grep -vx -e 1 -e "$$" | sort -n
}

# The test must be able to see what it looks for.
plant() {
	sleep 100 &
	planted=$!
	: > "$TMPDIR/file"
	others > "$work/others"
	[ -s "$work/others" ] && ! clean > /dev/null
}
plant
ok $? 'a file and a process would be found'
kill "$planted"
wait 2> /dev/null
rm "$TMPDIR/file"
check 'nothing is there before' clean

milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}

begin=$(milliseconds)
"$ipclaims" > "$work/out" 2>&1
check 'run to its end: status 0' test $? -eq 0
duration=$(($(milliseconds) - begin))
gone 'run to its end: no process is left'
check 'run to its end: nothing is left' clean

# kill_one SIGNAL WHICH: the process that was started, or any of the first five
kill_one() {
	"$ipclaims" > "$work/out" 2>&1 &
	started=$!
	moment=$(random "$duration")
	sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
	victim=$started
	if [ "$2" = any ]; then
		set -- "$1" "$(victims | sed -n "$(($(random 5) + 1))p")"
		victim=${2:-$started}
	fi
	kill "-$1" "$victim" 2> /dev/null
	wait "$started" 2> /dev/null
	after="signal $1 to $victim of $started after $moment of $duration ms"
}

number=0
while [ "$number" -lt "$KILLS" ]; do
	number=$((number + 1))
	case $((number % 4)) in
	0) kill_one TERM started ;;
	1) kill_one KILL any ;;
	*) kill_one KILL started ;;
	esac
	gone "kill $number: no process is left"
	check "kill $number: nothing is left" clean
	echo "# $after"
done

tap_done
