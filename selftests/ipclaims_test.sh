#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The claims of the lectures, and those that mbox answers, on this kernel.
SKIP=4

command -v ipclaims >/dev/null || {
	echo "# ipclaims is not installed"
	exit $SKIP
}
exec ipclaims -q
