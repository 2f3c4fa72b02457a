#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Builds the selftests as in a kernel tree and prints a folder to lay over the
# guest's root, which has them with the kernel's own runner.
#
#   tests.sh [kernel]
#
# The tree is made of links: selftests/ is its tools/testing/selftests/mbox, and
# the kernel's part comes from the linux-source package.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$VM_DIR/mirror.sh"

link_kernel_files() {
	local selftests=tools/testing/selftests
	mkdir -p "$TREE/$selftests" "$TREE/usr/include"
	ln -sfn "$SOURCE/tools/scripts" "$TREE/tools/scripts"
	ln -sf "$SOURCE/$selftests"/* "$TREE/$selftests"
	ln -sfn "$TOP_DIR/kmod/include/uapi/linux" "$TREE/usr/include/linux"
}

install_tests() {
	local place=$ROOT/usr/lib/kselftests
	rm -rf "$ROOT"
	mkdir -p "$place"
	cp -rL "$SOURCE"/tools/testing/selftests/{kselftest,run_kselftest.sh} "$place"
	quiet_make "$TREE.install.log" -C "$TESTS" OUTPUT="$TESTS" \
		INSTALL_PATH="$place/mbox" install
	make -s --no-print-directory -C "$TESTS" OUTPUT="$TESTS" COLLECTION=mbox \
		emit_tests >"$place/kselftest-list.txt"
}

add_bench() {
	quiet_make "$TREE.bench.log" -C "$TESTS/bench" all ||
		die "the measuring programs do not build"
	mkdir -p "$ROOT/usr/libexec/mbox"
	cp "$TESTS/bench/scale" "$TESTS/bench/sysv_speed" "$ROOT/usr/libexec/mbox"
}

kernel=${1:-6.1}
SOURCE=$("$VM_DIR/kernel.sh" source "$kernel")
TREE=$BUILD_DIR/selftests-$kernel
TESTS=$TREE/tools/testing/selftests/mbox
ROOT=$TREE/root
link_kernel_files
mirror "$TOP_DIR/selftests" "$TESTS"
quiet_make "$TREE.log" -C "$TESTS" OUTPUT="$TESTS" all || die "the selftests do not build"
install_tests || die "the selftests cannot be installed"
add_bench
echo "$ROOT"
