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
