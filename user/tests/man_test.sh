#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The manual pages: their form, and that they say what the header says.

: "${here:?run by run.sh}" "${top:?}" "${out:?}"
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$here/tap.sh"

man=$top/user/man
include="-I$top/user/libmbox -I$top/kmod/include/uapi"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

lint() {
	! mandoc -T lint -W warning "$1" 2>&1 | grep .
}

for page in "$man"/*.[1-9]; do
	name=$(basename "$page")
	if command -v mandoc > /dev/null; then
		check "$name has no faults" lint "$page"
	else
		skip "$name has no faults" 'no mandoc'
	fi
done

# shellcheck disable=SC2086 # a list of options
echo '#include "mbox.h"' | "$CC" -E -P $include - | tr '\n' ' ' | tr ';' '\n' |
	sed -n 's/_Bool/bool/; s/  */ /g; s/^ //; /^[^{}]* \**mbox_[a-z_]*(/p' |
	sort > "$work/header"
awk -f "$here/prototypes.awk" "$man/mbox.3" | sort > "$work/page"

check 'there are prototypes' test "$(wc -l < "$work/header")" -ge 30
check 'mbox.3 has those of the header' diff "$work/header" "$work/page"

# example PAGE: the program between the first .Bd -literal and its .Ed
example() {
	sed -n '/^\.Bd -literal/,/^\.Ed/{ /^\./d; s/\\e/\\/g; s/\\-/-/g; p; }' "$1"
}

compiles() {
	# shellcheck disable=SC2086 # a list of options
	example "$1" | "$CC" -std=gnu11 -Wall -Wextra -Werror $include -xc - \
		-o "$work/example" -L"$out" -lmbox -Wl,-rpath-link,"$out"
}

check 'the example of mbox.3 compiles' compiles "$man/mbox.3"
check 'the example of mbox-events.7 compiles' compiles "$man/mbox-events.7"

# names PREFIX HEADER: the constants of that prefix that HEADER has
names() {
	grep -oE "\\b$1[A-Z_]+\\b" "$2" | sort -u
}

# none COMMAND: a pass if COMMAND prints nothing
none() {
	! "$@" | grep .
}

# Each errno that a page of the interface has is in the manual, too.
errors_of_interface() {
	# shellcheck disable=SC2016 # the marks are those of the page
	sed -n 's/^``\(E[A-Z0-9]*\)``.*/\1/p' \
		"$top/Documentation/userspace-api/errors.rst" | sort -u
}

errors_of_device() {
	errors_of_interface | grep -vxE 'EPERM|ERANGE|EOPNOTSUPP|ENODEV'
}

missing_errors() {
	for error in $(errors_of_device); do
		grep -qE "^\\.It Bq .*Er $error\\b" "$man/mbox.4" ||
			echo "$error"
	done
}

check 'the interface has errors' test "$(errors_of_device | wc -l)" -ge 20
check 'mbox.4 has each of them' none missing_errors

missing_commands() {
	names MBOX_IOC_ "$top/kmod/include/uapi/linux/mbox.h" |
		grep -vx MBOX_IOC_MAGIC | while read -r name; do
		grep -q "$name" "$man/mbox.4" || echo "$name"
	done
}

check 'mbox.4 has each command' none missing_commands

missing_events() {
	names MBOX_EVENT_ "$top/user/libmbox/mbox_ctl.h" |
		grep -vx MBOX_EVENT_NAME | while read -r name; do
		word=$(echo "${name#MBOX_EVENT_}" | tr 'A-Z_' 'a-z-')
		grep -qx "\\.It $word" "$man/mbox-events.7" || echo "$word"
	done
}

check 'mbox-events.7 has each event' none missing_events

tap_done
