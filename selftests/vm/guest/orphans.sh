# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Ends what a test program leaves behind when it runs out of time: its children
# go to init and keep the runner's pipe open, so that the runner waits for ever.
# Sourced by check.sh.

ORPHAN_SECONDS=5

# Prints the processes of test programs whose parent is init.
list_orphans() {
	local stat pid name parent
	for stat in /proc/[0-9]*/stat; do
		read -r pid name _ parent _ 2>/dev/null <"$stat" || continue
		[ "$parent" = 1 ] || continue
		case $name in
		*_test*) echo "$pid" ;;
		esac
	done
}

# A process that is an orphan in two looks has been one for long enough.
watch_orphans() {
	local before='' now pid
	while sleep "$ORPHAN_SECONDS"; do
		now=$(list_orphans | tr '\n' ' ')
		for pid in $now; do
			case " $before " in
			*" $pid "*) kill -9 "$pid" ;;
			esac
		done
		before=$now
	done
}
