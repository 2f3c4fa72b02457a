#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The examples: each says how it is run and has a transcript; all transcripts are
# played, but those that need the module; and those of mbox say that it is
# missing.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
folder=$top/user/examples
examples=${out:-$top/build/user}/examples
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# names: the programs of one source, as THEME/NAME
names() {
	(cd "$folder" && printf '%s\n' */*.c) | sed 's/\.c$//'
}

# each CHECK: fails and names the examples for which CHECK fails
each() {
	lacking=0
	for name in $(names); do
		"$1" "$name" && continue
		echo "not so: $name"
		lacking=$((lacking + 1))
	done
	[ "$lacking" -eq 0 ]
}

# says_how NAME: the head of the source tells how to run it
says_how() {
	head -n 40 "$folder/$1.c" | grep -qE "[#\$] (.* )?examples/$1( |\$)"
}

# has_transcript NAME: it has one, in which it is run
has_transcript() {
	grep -qE "^[\$>] .*examples/$1\\>" "$folder/$1.out"
}

# fails_without_device NAME: one line on standard error, status 1
fails_without_device() {
	timeout 20 "$examples/$1" > "$work/out" 2> "$work/err"
	[ $? -eq 1 ] && [ "$(wc -l < "$work/err")" -eq 1 ] &&
		grep -q 'No such device' "$work/err"
}

# all_played: there is a result for each transcript
all_played() {
	[ "$(grep -cE '^(not )?ok ' "$work/played")" -eq \
		"$(printf '%s\n' "$folder"/*/*.out | wc -l)" ]
}

# What a result is of: the words after its number.
result_name() {
	printf '%s\n' "${1#*ok * - }"
}

# The results of the transcripts go on with our numbers.
play_transcripts() {
	sh "$here/transcript.sh" "$folder"/*/*.out > "$work/played"
	while read -r line; do
		case $line in
		'1..'*) ;;
		'ok '*' # SKIP '*)
			skip "$(result_name "${line%% # SKIP *}")" "${line#* # SKIP }"
			;;
		'ok '*) ok 0 "$(result_name "$line")" ;;
		'not ok '*) ok 1 "$(result_name "$line")" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done < "$work/played"
	check 'each transcript was played' all_played
}

check 'each example says how it is run' each says_how
check 'each example has a transcript' each has_transcript
for name in $(names | grep '^mbox/'); do
	if [ -e /dev/mbox ]; then
		skip "$name: no device" "there is one here"
	else
		check "$name: no device" fails_without_device "$name"
	fi
done
play_transcripts
tap_done
