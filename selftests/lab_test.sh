#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The course, Documentation/lab, where the module is loaded: types the commands of each
# page and compares what they print. In a network namespace, and so a domain, of its
# own, whose mailboxes go with it.
FOLDER=/usr/libexec/mbox
SKIP=4

skip_all() {
	echo "# $1"
	exit $SKIP
}

if [ "$1" != --in-namespace ]; then
	[ -e "$FOLDER/user/tests/transcript.sh" ] ||
		skip_all "the transcripts' player is not installed in $FOLDER"
	[ -e "$FOLDER/Documentation/lab/01-why.rst" ] ||
		skip_all "the pages are not installed in $FOLDER"
	[ "$(id -u)" -eq 0 ] || skip_all "this must be run as root"
	# The runner's descriptors are not for the programs, which show the numbers of theirs.
	exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
	exec unshare -n sh "$0" --in-namespace
fi
ip link set lo up || exit 1
export top="$FOLDER" examples=/root/examples
exec sh "$FOLDER/user/tests/transcript.sh" "$FOLDER"/Documentation/lab/[01f]*.rst
