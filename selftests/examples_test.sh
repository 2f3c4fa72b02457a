#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The examples where the module is loaded: plays the transcript of each one, which
# has the commands and what they print.
FOLDER=/usr/libexec/mbox/user
SKIP=4

[ -e "$FOLDER/tests/transcript.sh" ] || {
	echo "# the transcripts are not installed in $FOLDER"
	exit $SKIP
}
# The runner's descriptors are not for the examples, which show the numbers of theirs.
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
export top="$FOLDER/examples" examples=/root/examples
exec sh "$FOLDER/tests/transcript.sh" "$FOLDER"/examples/*/*.out
