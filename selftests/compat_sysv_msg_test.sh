#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# sysv_msg_test once more, with mailboxes for queues: the same is expected.
SKIP=4

command -v mbox >/dev/null || {
	echo "# mbox is not installed"
	exit $SKIP
}
exec mbox run --sysv -- "$(dirname "$0")/sysv_msg_test"
