#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The library on the real device: runs the test that user/tests has for it.
PROGRAM=/usr/libexec/mbox/lib_device_test
SKIP=4

[ -x "$PROGRAM" ] || {
	echo "# $PROGRAM is not installed"
	exit $SKIP
}
exec "$PROGRAM"
