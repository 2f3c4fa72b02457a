# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Builds take place in a mirror made of links, so that several kernels and
# deliberately broken builds do not disturb each other. Sourced, never run.

# mirror <from> <to>: link each source file of a folder, without what builds
# leave there, and drop the links to files that have gone.
mirror() {
	local from=$1 to=$2 file
	mkdir -p "$to"
	find "$to" -xtype l -delete
	(cd "$from" && find . -name vm -prune -o -type f \( -name '*.[chS]' \
		-o -name '*.sh' -o -name 'Kbuild*' -o -name 'Kconfig*' \
		-o -name Makefile -o -name config -o -name settings \) \
		! -name '*.mod.c' -print) |
		while read -r file; do
			[ -e "$to/$file" ] && continue
			mkdir -p "$to/${file%/*}"
			ln -s "$from/$file" "$to/$file"
		done
}

# quiet_make <log> <arguments...>: make, its words shown only if it fails.
quiet_make() {
	local log=$1
	shift
	mkdir -p "${log%/*}"
	if ! make -j"$(nproc)" --no-print-directory "$@" >"$log" 2>&1; then
		cat "$log" >&2
		return 1
	fi
	# Warnings are for whoever builds to see.
	grep -E 'warning:|WARNING:' "$log" >&2 || true
}
