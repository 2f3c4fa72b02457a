# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# From a kernel's name to a guest that runs, and from its end to a status.
# Sourced, never run; needs common.sh and machine.sh.
#
# What the guest is comes from the environment, and from SMP and MEMORY for the
# machine; the run's logs are in RUN_DIR.

KEPT_RUNS=10

# An emulated kernel may hang as it starts, long before anything of ours: once in
# some thousand boots. What has not come up by then is booted again, once.
BOOT_SECONDS=${MBOX_BOOT_LIMIT:-40}
KERNEL=${KERNEL:-6.1}
SERVERS=${MBOX_SERVERS:-}
PROGRAMS=${MBOX_PROGRAMS:-}
[ "$SERVERS" != 0 ] || SERVERS=
SMP=${MBOX_SMP:-2}
MEMORY=${MBOX_MEMORY:-${SERVERS:+1536M}}
MEMORY=${MEMORY:-${PROGRAMS:+1024M}}
MEMORY=${MEMORY:-512M}
export KERNEL
NONCE=

# The nonce is random if NONCE is not set yet.
new_run() {
	local name
	name=$(make_nonce)
	NONCE=${NONCE:-$name}
	RUN_DIR=$BUILD_DIR/vm/$(date +%Y%m%d-%H%M%S)-$name
	mkdir -p "$RUN_DIR"
	find "$BUILD_DIR/vm" -mindepth 1 -maxdepth 1 -type d | sort |
		head -n -"$KEPT_RUNS" | xargs -r rm -rf
}

# pack: the guest's root, in the run's folder.
pack() {
	local folders=("$RUN_DIR/payload")
	[ -z "$SERVERS" ] || folders+=("$("$VM_DIR/servers.sh")")
	[ -z "$PROGRAMS" ] || folders+=("$("$VM_DIR/servers.sh" programs)")
	"$VM_DIR/payload.sh" "$RUN_DIR/payload"
	"$VM_DIR/initramfs.sh" "$RUN_DIR/initramfs" "${folders[@]}"
	rm -rf "$RUN_DIR/payload"
}

# prepare <kernel line>: everything up to the start of qemu; sets MACHINE.
prepare() {
	local image accel
	image=$("$VM_DIR/kernel.sh" image "$KERNEL")
	accel=$("$VM_DIR/accel.sh" "$KERNEL")
	pack
	machine_arguments "$accel" "$SMP" "$MEMORY" "$image" "$RUN_DIR/initramfs" "$1"
	tell_start "$accel, $SMP cpus, $MEMORY"
}

tell_start() {
	say "booting $KERNEL ($1)"
	say "logs: ${RUN_DIR#"$TOP_DIR"/}"
}

came_up() {
	grep -qs "MBOX-UP nonce=$NONCE" "$RUN_DIR/results.log"
}

# watch_boot <folder>: end a guest that does not come up; its words go there.
watch_boot() {
	local second
	for ((second = 0; second < BOOT_SECONDS; second++)); do
		! came_up || return 0
		sleep 1
	done
	mkdir -p "$1"
	cp "$RUN_DIR"/*.log "$1"
	kill "$(cat "$RUN_DIR/qemu.pid")"
}

# boot <seconds> <folder>: run qemu in the foreground; the time limit is part of it.
boot() {
	local status=0 watch
	watch_boot "$2" >/dev/null 2>&1 </dev/null &
	watch=$!
	timeout --foreground "$1" "${MACHINE[@]}" -pidfile "$RUN_DIR/qemu.pid" \
		2>"$RUN_DIR/qemu.log" || status=$?
	kill "$watch" 2>/dev/null || true
	return "$status"
}

# start <seconds>: boot, and boot again if the guest does not come up.
start() {
	local status try
	for try in first second; do
		status=0
		boot "$1" "$RUN_DIR/silent-$try" || status=$?
		[ -e "$RUN_DIR/silent-$try" ] || break
		say "the guest did not come up within $BOOT_SECONDS seconds ($try try)"
	done
	rm -f "$RUN_DIR/initramfs"
	return "$status"
}

# The status that the guest gave to its command, if it got so far.
guest_status() {
	[ -e "$RUN_DIR/results.log" ] || return 0
	sed -n "s/^MBOX-EXIT nonce=$NONCE status=\([0-9]*\).*/\1/p" "$RUN_DIR/results.log"
}

# end_of <qemu's status>: leave with the guest's status, or say why there is none.
end_of() {
	local status
	status=$(guest_status)
	[ -z "$status" ] || exit "$status"
	if [ "$1" -eq "$EXIT_TIMEOUT" ]; then
		say "the guest was still running after $LIMIT seconds (MBOX_LIMIT) and was ended"
		exit "$EXIT_TIMEOUT"
	fi
	cat "$RUN_DIR/qemu.log" >&2
	die "the guest stopped before its end (see ${RUN_DIR#"$TOP_DIR"/}/results.log)"
}

terminal_words() {
	local size
	size=$(stty size 2>/dev/null) || size="24 80"
	echo "rows=${size% *} cols=${size#* } term=${TERM:-vt102}"
}
