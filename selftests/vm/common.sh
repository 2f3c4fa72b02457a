# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What every script of the harness needs: where things are, and how to speak.
# Sourced, never run.

VM_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP_DIR=$(cd "$VM_DIR/../.." && pwd)
BUILD_DIR=${MBOX_BUILD:-$TOP_DIR/build}
CACHE_DIR=${MBOX_CACHE:-$HOME/.cache/mbox}
export VM_DIR TOP_DIR BUILD_DIR CACHE_DIR

# Exit statuses of the harness, the same in each script; 0 is success.
export EXIT_FAILED=1    # a check or a test was red
export EXIT_TIMEOUT=124 # the guest did not end within its time
export EXIT_HARNESS=125 # the harness could not do its work

say() {
	printf '%s\n' "$*" >&2
}

die() {
	say "${0##*/}: $*"
	exit "$EXIT_HARNESS"
}

# The head comment of a script is its help.
usage() {
	sed -n '3,/^[^#]/s/^# \{0,1\}//p' "$0" >&2
	exit "$EXIT_HARNESS"
}

# Prints a table file without its comments and empty lines.
table() {
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$1"
}
