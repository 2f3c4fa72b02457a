#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The command's help, its man page and its completion name the same verbs,
# options, columns and exit codes. The help is made from the tables that the
# command line is read with. Then each of them is changed in a copy, to see that
# the comparison would find it.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
mbox=${mbox:-$top/build/user/mbox}
man=$top/user/man/mbox.1
completion=$top/user/completion/mbox
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# ---- what each says: "verb" and "verb option" lines, sorted ------------------

verbs_of_help() {
	"$mbox" help | awk '/^  [a-z]+ +[A-Z]/ { print $1 }'
}

# "  -t, --type TYPE  what it is" gives "-t" and "--type".
options_of_help() {
	"$mbox" "$1" --help | awk '/^  +-/ {
		for (i = 1; i <= NF && $i ~ /^-/; i++) {
			sub(/,$/, "", $i)
			print $i
		}
	}'
}

from_help() {
	for verb in $(verbs_of_help); do
		echo "$verb"
		options_of_help "$verb" | grep -vxe -h -e --help | sed "s/^/$verb /"
	done | sort
}

# Lines ".It Fl t , Fl Fl type Ar TYPE" in the section ".Ss verb".
from_man() {
	awk '
		/^\.Ss / { verb = $2; print verb; next }
		/^\.Sh / { verb = ""; next }
		/^\.It Fl / && verb != "" {
			for (i = 2; i <= NF && $i != "Ar"; i++)
				if ($i == "Fl" && $(i + 1) == "Fl")
					print verb " --" $(i += 2)
				else if ($i == "Fl")
					print verb " -" $(++i)
		}' "$1" | sort
}

# What the completion offers behind the words of $2.
offered() {
	bash -c '
		. "$1"
		eval "COMP_WORDS=($2)"
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_mbox
		printf "%s\n" "${COMPREPLY[@]}"' offered "$1" "$2"
}

from_completion() {
	offered "$1" 'mbox ""' | while read -r verb; do
		echo "$verb"
		offered "$1" "mbox $verb -" | grep -vxe -h -e --help | sed "s/^/$verb /"
	done | sort
}

exit_codes_of_help() {
	"$mbox" help | sed -n '/^Exit codes:/,$p' | grep -oE '[0-9]+ [a-z]' | sed 's/ .*//'
}

exit_codes_of_man() {
	sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It //p' "$1"
}

# Codes that the source gives names to.
exit_codes_of_source() {
	sed -n '/^enum cli_exit/,/^}/s/.* = \([0-9]*\),$/\1/p' "$top/user/tools/cli.h"
}

# ---- comparisons --------------------------------------------------------------

same() {
	diff -u "$1" "$2"
}

differ() {
	! cmp -s "$1" "$2"
}

each_option_in_synopsis() {
	for verb in send recv peek cat call serve pub sub show monitor top ls; do
		for option in $(options_of_help "$verb" | grep -x -- '-[^-]'); do
			[ "$option" = -h ] ||
				"$mbox" "$verb" --help | sed '/^$/q' |
				grep -q -- "[[| ]$option\>" || echo "$verb $option"
		done
	done | grep . && return 1
	return 0
}

wide_lines() {
	for verb in $(verbs_of_help); do
		"$mbox" "$verb" --help
	done | cat - "$work/general" | awk 'length > 80 { print; wide = 1 } END { exit !wide }'
}

narrow() {
	! wide_lines
}

same_help_both_ways() {
	for verb in $(verbs_of_help); do
		[ "$("$mbox" help "$verb")" = "$("$mbox" "$verb" --help)" ] || return 1
	done
}

values_of_policy() {
	[ "$(offered "$completion" 'mbox create --policy ""' | sort | xargs)" = \
		"block drop-newest drop-oldest" ]
}

orders_of_help() {
	"$mbox" top --help | sed -n 's/^Orders: //p' | tr ' ' '\n' | sort
}

values_of_order() {
	[ "$(offered "$completion" 'mbox top --sort ""' | sort)" = "$(orders_of_help)" ] &&
		[ "$(orders_of_help | wc -l)" -eq 11 ]
}

column_names() {
	"$mbox" ls --help | sed -n '/^Columns:/,/^$/p' | sed 's/^Columns://' | xargs -n 1 | sort
}

columns_of_completion() {
	offered "$1" 'mbox ls -o ""' | sort
}

lines_with_blanks() {
	for verb in $(verbs_of_help); do
		"$mbox" "$verb" --help
	done | grep ' $'
}

no_trailing_blanks() {
	! lines_with_blanks
}

[ -x "$mbox" ] || {
	ok 1 "the command is built: $mbox"
	tap_done
	exit 1
}

"$mbox" help > "$work/general"
from_help > "$work/help"
from_man "$man" > "$work/man"
from_completion "$completion" > "$work/completion"
exit_codes_of_help > "$work/codes.help"
exit_codes_of_man "$man" > "$work/codes.man"
exit_codes_of_source > "$work/codes.source"
column_names > "$work/columns"
columns_of_completion "$completion" > "$work/columns.completion"

check "there are 22 verbs" [ "$(verbs_of_help | wc -l)" -eq 22 ]
check "there are more than 60 options" [ "$(grep -c ' -' "$work/help")" -gt 60 ]
check "help and man page agree" same "$work/help" "$work/man"
check "help and completion agree" same "$work/help" "$work/completion"
check "there are 11 exit codes" [ "$(wc -l < "$work/codes.help")" -eq 11 ]
check "help and man page agree on exit codes" same "$work/codes.help" "$work/codes.man"
check "help and source agree on exit codes" same "$work/codes.help" "$work/codes.source"
check "the usage line has each short option" each_option_in_synopsis
check "help VERB and VERB --help say the same" same_help_both_ways
check "all help fits into 80 columns" narrow
check "completion of policies" values_of_policy
check "completion of orders" values_of_order
check "there are 40 columns" [ "$(wc -l < "$work/columns")" -eq 40 ]
check "help and completion agree on columns" same "$work/columns" "$work/columns.completion"
check "no line of the help ends in a blank" no_trailing_blanks

# ---- would a difference be found? ---------------------------------------------

sed '/^\.It Fl f , Fl Fl follow/d' "$man" > "$work/changed"
from_man "$work/changed" > "$work/found"
check "a lost option of the man page is found" differ "$work/help" "$work/found"

sed 's/^\.Ss purge/.Ss empty/' "$man" > "$work/changed"
from_man "$work/changed" > "$work/found"
check "a renamed verb of the man page is found" differ "$work/help" "$work/found"

sed 's/ --persist / /' "$completion" > "$work/changed"
from_completion "$work/changed" > "$work/found"
check "a lost option of the completion is found" differ "$work/help" "$work/found"

sed 's/ UID / /' "$completion" > "$work/changed"
columns_of_completion "$work/changed" > "$work/found"
check "a lost column of the completion is found" differ "$work/columns" "$work/found"

sed 's/ UID / UID UUID /' "$completion" > "$work/changed"
columns_of_completion "$work/changed" > "$work/found"
check "a made-up column of the completion is found" differ "$work/columns" "$work/found"

sed '/^_mbox_verbs=/s/ peek / /' "$completion" > "$work/changed"
from_completion "$work/changed" > "$work/found"
check "a lost verb of the completion is found" differ "$work/help" "$work/found"

sed 's/^\.It 75/.It 76/' "$man" > "$work/changed"
exit_codes_of_man "$work/changed" > "$work/found"
check "a wrong exit code of the man page is found" differ "$work/codes.help" "$work/found"

if command -v mandoc > /dev/null; then
	mandoc -Tlint -Wstyle "$man" 2>&1 | grep -vE 'referenced manual not found|outdated mandoc.db' \
		> "$work/lint"
	check "mandoc has nothing to say" same /dev/null "$work/lint"
else
	skip "mandoc has nothing to say" "mandoc is not installed"
fi

tap_done
