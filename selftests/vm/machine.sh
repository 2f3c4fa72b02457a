# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The virtual machine: qemu's arguments. Sourced, never run.

# accelerator_arguments <kvm|tcg>
accelerator_arguments() {
	case $1 in
	kvm) MACHINE+=(-accel kvm -cpu host) ;;
	tcg) MACHINE+=(-accel "tcg,thread=multi" -cpu "qemu64,+smep,+smap") ;;
	esac
}

# machine_arguments <accelerator> <cpus> <memory> <image> <initramfs> <command line>:
# sets MACHINE. Ports come with terminal_ports or file_ports.
machine_arguments() {
	MACHINE=(qemu-system-x86_64 -nodefaults -display none -no-reboot
		-smp "$2" -m "$3" -kernel "$4" -initrd "$5" -append "$6")
	accelerator_arguments "$1"
}

# counting_machine <image> <initramfs> <command line>: sets MACHINE to one whose
# clocks count instructions, one a nanosecond, and which does the same in each
# boot. The words that make it so are all needed; see the head of bench.sh.
counting_machine() {
	MACHINE=(qemu-system-x86_64 -machine q35 -accel "tcg,thread=single"
		-cpu "qemu64,+smap,+smep" -smp 1 -m 1024 -icount "shift=0,sleep=off"
		-rtc "base=2026-01-01T00:00:00,clock=vm" -seed 1 -nodefaults
		-display none -no-reboot -kernel "$1" -initrd "$2" -append "$3")
}

# The console is the user's terminal; Ctrl-C goes to the guest, Ctrl-A X ends it.
terminal_ports() {
	MACHINE+=(-chardev "stdio,id=console,mux=on,signal=off" -mon chardev=console
		-serial chardev:console -serial "file:$1")
}

# The console is our standard output, byte for byte.
output_ports() {
	MACHINE+=(-chardev "stdio,id=console,signal=off"
		-serial chardev:console -serial "file:$1")
}

file_ports() {
	MACHINE+=(-serial "file:$1" -serial "file:$2")
}

make_nonce() {
	od -An -N8 -tx1 /dev/urandom | tr -d ' \n'
}
