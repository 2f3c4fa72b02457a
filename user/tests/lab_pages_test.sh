#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Documentation/lab: all pages are in the index and have commands to type, and those
# that need no module print what they say. selftests/lab_test.sh runs them all.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
out=${out:-$top/build/user}
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

lab=$top/Documentation/lab
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export PATH="$out:$PATH"

pages() {
	(cd "$lab" && printf '%s\n' *.rst) | sed 's/\.rst$//'
}

# Pages with commands.
chapters() {
	pages | grep -vxE 'index|rows'
}

all_in_index() {
	pages | grep -vx index | sort > "$work/pages"
	sed -n '/^\.\. toctree::/,/^[^ .]/s/^   \([0-9a-z-]*\)$/\1/p' "$lab/index.rst" |
		sort | diff "$work/pages" -
}

twelve() {
	[ "$(pages | grep -c '^[01][0-9]-')" -eq 12 ]
}

# The number of commands that a page has us type.
commands() {
	awk -f "$here/transcript_rst.awk" "$lab/$1.rst" | grep -c '^\$ '
}

all_have_commands() {
	poor=0
	for page in $(chapters); do
		[ "$(commands "$page")" -ge 3 ] && continue
		echo "$page has too few commands"
		poor=$((poor + 1))
	done
	[ "$poor" -eq 0 ]
}

# A page that uses the module says so, or it would fail where there is none.
all_say_what_they_need() {
	silent=0
	for page in $(chapters); do
		awk -f "$here/transcript_rst.awk" "$lab/$page.rst" |
			grep -qE '^[$>] .*(/dev/mbox|mbox (create|send|recv))' || continue
		grep -q '^\.\. needs: .*mbox' "$lab/$page.rst" && continue
		echo "$page does not say that it needs mbox"
		silent=$((silent + 1))
	done
	[ "$silent" -eq 0 ]
}

runs_32_bit() {
	"${out:-$top/build/user}/examples/ptrace/victim32" > /dev/null 2>&1
	[ $? -ne 126 ]
}

needs_module() {
	grep -q '^\.\. needs: .*mbox' "$lab/$1.rst"
}

# plays PAGE: it prints what it says; a skip is no pass
plays() {
	sh "$here/transcript.sh" "$lab/$1.rst" > "$work/played" || {
		cat "$work/played"
		return 1
	}
	! grep ' # SKIP ' "$work/played"
}

check 'all pages are in the index' all_in_index
check 'there are twelve chapters' twelve
check 'each chapter has commands to type' all_have_commands
check 'each chapter says what it needs' all_say_what_they_need
for page in $(chapters); do
	if needs_module "$page" && ! [ -e /dev/mbox ]; then
		skip "$page" 'no module here'
	elif grep -q '^\.\. needs: .*root' "$lab/$page.rst" && [ "$(id -u)" -ne 0 ]; then
		skip "$page" 'this is no privileged user'
	elif grep -q '^\.\. needs: .*32-bit' "$lab/$page.rst" && ! runs_32_bit; then
		skip "$page" 'this kernel runs no 32-bit programs'
	else
		check "$page" plays "$page"
	fi
done
tap_done
