#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prints the accelerator to use here: kvm, or tcg.
#
#   accel.sh [kernel]
#
# /dev/kvm may open and still never run a guest, so a short probe boot decides,
# once for each machine, kernel and qemu; the answer is kept in the cache.
# MBOX_ACCEL=kvm|tcg overrides.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/machine.sh"

PROBE_SECONDS=20

# What the answer depends on; the boot id stands for the machine as it is now.
probe_key() {
	{
		"$VM_DIR/kernel.sh" release "$1"
		qemu-system-x86_64 --version
		cat /proc/sys/kernel/random/boot_id
		uname -r
	} | sha256sum | cut -c 1-16
}

# kvm_boots <image>: a guest under KVM comes up and says our nonce.
kvm_boots() {
	local work nonce result=1
	work=$(mktemp -d)
	nonce=$(make_nonce)
	"$VM_DIR/initramfs.sh" "$work/initramfs"
	machine_arguments kvm 1 256M "$1" "$work/initramfs" \
		"console=ttyS0 panic=-1 -- mode=probe nonce=$nonce"
	file_ports "$work/console" "$work/results"
	(timeout "$PROBE_SECONDS" "${MACHINE[@]}" </dev/null || true) >/dev/null 2>&1
	if grep -qs "^MBOX-PROBE nonce=$nonce" "$work/results"; then
		result=0
	fi
	rm -rf "$work"
	return "$result"
}

probe() {
	if [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then
		echo tcg
		return
	fi
	say "trying KVM (once; at most $PROBE_SECONDS s)"
	if kvm_boots "$1"; then
		echo kvm
	else
		say "KVM does not run this kernel here: using TCG"
		echo tcg
	fi
}

case ${MBOX_ACCEL:-} in
kvm | tcg)
	echo "$MBOX_ACCEL"
	exit
	;;
"") ;;
*) die "MBOX_ACCEL is '$MBOX_ACCEL': it takes kvm or tcg" ;;
esac
kernel=${1:-6.1}
image=$("$VM_DIR/kernel.sh" image "$kernel")
answer=$CACHE_DIR/accel-$(probe_key "$kernel")
[ -s "$answer" ] || probe "$image" >"$answer"
cat "$answer"
