#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the commands of transcripts and compares what they print:
# transcript.sh FILE...
#
# A line "$ command" is a command, lines "> ..." go on with it, what follows is
# what it prints. In that, <n> stands for any decimal number, <x> for any
# hexadecimal one, <*> for any text, and a line "..." for any number of lines. A
# command that ends with another status than 0 is a failure. Lines before the
# first command are comments, but "needs: WORD..." names what must be there:
#
#	mbox	the module is loaded
#	root	the user is root
#	32-bit	the kernel runs 32-bit programs
#
# The commands of one file run in one shell, in an empty folder in which
# "examples" leads to the examples. Each file is one test. Of a page (.rst) the
# blocks ".. code-block:: console" are the transcript.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
examples=${examples:-${out:-$top/build/user}/examples}
limit=${transcript_limit:-60}
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# transcript FILE
transcript() {
	case $1 in
	*.rst) awk -f "$here/transcript_rst.awk" "$1" ;;
	*) cat "$1" ;;
	esac
}

has() {
	case $1 in
	mbox) [ -e /dev/mbox ] ;;
	root) [ "$(id -u)" -eq 0 ] ;;
	32-bit) "$examples/ptrace/victim32" > /dev/null 2>&1 || [ $? -ne 126 ] ;;
	*) command -v "$1" > /dev/null ;;
	esac
}

# missing FILE: what the transcript needs and this machine does not have
missing() {
	transcript "$1" | sed -n '/^\$ /q; s/^needs: //p' | tr ' ' '\n' | while read -r word; do
		has "$word" || echo "$word"
	done
}

# play FILE: run its commands, each one's output in a file of its own
play() {
	rm -rf "${work:?}/steps" "${work:?}/home"
	mkdir "$work/steps" "$work/home"
	ln -s "$examples" "$work/home/examples"
	transcript "$1" | awk -v steps="$work/steps" -f "$here/transcript.awk" \
		> "$work/script" || return 1
	(cd "$work/home" && HOME=$work/home timeout "$limit" sh "$work/script" \
		< /dev/null)
}

# agrees FILE: it printed what the transcript says
agrees() {
	play "$1"
	status=$?
	[ "$status" -eq 0 ] || echo "the commands ended with status $status"
	differences=0
	for expected in "$work"/steps/*.expected; do
		awk -f "$here/transcript_compare.awk" "$expected" "${expected%.expected}.got" ||
			differences=$((differences + 1))
	done
	[ "$status" -eq 0 ] && [ "$differences" -eq 0 ]
}

for file; do
	name=${file#"$top/"}
	lacking=$(missing "$file")
	if [ -n "$lacking" ]; then
		skip "$name" "no $(echo "$lacking" | tr '\n' ' ')here"
	else
		check "$name" agrees "$file"
	fi
done
tap_done
