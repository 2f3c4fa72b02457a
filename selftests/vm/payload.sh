#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Gathers what a guest is to have besides the base: the module, the tools, the
# examples, the tests, the command to run.
#
#   payload.sh <folder>
#
# KERNEL and BREAK choose the module; GUEST_COMMAND is for mode cmd.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/mirror.sh"

add_module() {
	local module
	module=$("$VM_DIR/module.sh" "$KERNEL" "$BREAK")
	mkdir -p "$PAYLOAD/vm"
	cp "$module" "$PAYLOAD/vm/mbox.ko"
}

# The kernel's own modules go to the guest by path, listed in their load order.
add_kernel_modules() {
	local folder file
	: >"$PAYLOAD/vm/modules"
	[ -n "$(table "$VM_DIR/modules")" ] || return 0
	folder=$("$VM_DIR/kernel.sh" modules "$KERNEL")
	table "$VM_DIR/modules" | while read -r file; do
		cp "$folder/kernel/$file" "$PAYLOAD/vm/"
		echo "/vm/${file##*/}" >>"$PAYLOAD/vm/modules"
	done
}

add_tools() {
	local out=$BUILD_DIR/user
	quiet_make "$out.log" -C "$TOP_DIR/user" O="$out" all ||
		die "the tools do not build"
	quiet_make "$out.install.log" -C "$TOP_DIR/user" O="$out" install \
		DESTDIR="$PAYLOAD" PREFIX=/usr || die "the tools cannot be installed"
	mkdir -p "$PAYLOAD/root/examples"
	(cd "$out/examples" && find . -type f -perm -u+x -print0 |
		xargs -0 cp --parents -t "$PAYLOAD/root/examples")
}

# The transcripts of the examples, the pages of the lab and what plays them, for
# selftests/examples_test.sh and lab_test.sh.
add_transcripts() {
	local place=$PAYLOAD/usr/libexec/mbox
	mkdir -p "$place"
	(cd "$TOP_DIR" && cp -t "$place" --parents user/tests/transcript*.sh \
		user/tests/transcript*.awk user/tests/tap.sh user/examples/*/*.out \
		Documentation/lab/*.rst)
}

add_tests() {
	local tests
	tests=$("$VM_DIR/tests.sh" "$KERNEL")
	cp -r "$tests/." "$PAYLOAD"
}

# The library's test of the device, for selftests/lib_test.sh.
add_library_test() {
	local out=$BUILD_DIR/user
	quiet_make "$out.device_test.log" -C "$TOP_DIR/user" O="$out" device_test ||
		die "the test of the library does not build"
	mkdir -p "$PAYLOAD/usr/libexec/mbox"
	cp "$out/tests/lib_device_test" "$PAYLOAD/usr/libexec/mbox"
}

# What only a debugger reads would be most of the guest. Scripts are refused by
# strip, which does not matter; so is nothing else.
strip_programs() {
	find "$PAYLOAD" -type f -perm -u+x -print0 |
		xargs -0 strip -g 2>/dev/null || true
}

[ $# -eq 1 ] || usage
PAYLOAD=$(realpath -m "$1")
KERNEL=${KERNEL:-6.1}
BREAK=${BREAK:-}
mkdir -p "$BUILD_DIR"
exec 8>"$BUILD_DIR/lock"
flock 8
say "building the module, the tools and the tests for $KERNEL${BREAK:+ with BREAK=$BREAK}"
add_module
add_kernel_modules
add_tools
add_transcripts
add_tests
add_library_test
strip_programs
printf '%s\n' "${GUEST_COMMAND:-}" >"$PAYLOAD/vm/cmd"
