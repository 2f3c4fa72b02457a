#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Checks how the sources look, and that the module builds without any warning.
#
#   style.sh
#
# Each check counts as one; the last line is "N passed, N failed, N skipped".
set -euo pipefail
. "$(dirname "$0")/vm/common.sh"
. "$VM_DIR/report.sh"
. "$VM_DIR/mirror.sh"

MEDIAN_LIMIT=20
FILE_LIMIT=700

# sources <pattern>...: our files, those not yet committed included.
sources() {
	git ls-files -co --exclude-standard -- "$@" | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}

c_sources() {
	sources '*.c' '*.h'
}

scripts() {
	sources '*.sh' .ci/run selftests/vm/guest/init
}

# Fails if anything is printed by the command.
nothing_from() {
	local output
	output=$("$@" 2>&1) || true
	[ -z "$output" ] && return 0
	printf '%s\n' "$output"
	return 1
}

# Prints what checkpatch.ignore does not list: "file:line: LEVEL:TYPE: words".
run_checkpatch() {
	c_sources | xargs "$SOURCE/scripts/checkpatch.pl" --no-tree --strict --terse \
		--quiet --no-summary --show-types --file |
		awk -v table=selftests/checkpatch.ignore '
			BEGIN {
				while ((getline line < table) > 0)
					if (split(line, word) > 1 && word[1] !~ /^#/)
						files[word[1]] = word[2]
			}
			{
				split($0, part, ":")
				if (!(part[4] in files) || part[1] !~ files[part[4]])
					print
			}'
}

run_shellcheck() {
	scripts | xargs shellcheck -x
}

run_codespell() {
	sources | grep -vE '^LICENSES/|\.ignore$' |
		xargs codespell -I selftests/codespell.ignore
}

run_kernel_doc() {
	c_sources | grep '\.h$' | xargs "$SOURCE/scripts/kernel-doc" -none
}

files_without_licence() {
	local file
	sources '*.c' '*.h' '*.sh' '*.py' '*.awk' '*.mk' '*.yaml' '*.rst' '*.map' '*.in' \
		'*Makefile' '*Kbuild' '*Kconfig*' .ci/run selftests/vm/guest/init |
		while read -r file; do
			head -n 5 "$file" | grep -q 'SPDX-License-Identifier: ' ||
				echo "$file has no SPDX line"
		done
}

version_conditionals() {
	c_sources | grep -v '^kmod/compat\.h$' |
		xargs grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\('
}

# Prints the length of each function whose braces stand in the first column.
function_lengths() {
	c_sources | xargs awk '
		/^{/ { start = FNR }
		/^}[ \t]*$/ && start { print FNR - start - 1; start = 0 }'
}

short_functions() {
	local median
	median=$(function_lengths | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] + 0 }')
	[ "$median" -le "$MEDIAN_LIMIT" ] && return 0
	echo "the median of the functions is $median lines, at most $MEDIAN_LIMIT are wanted"
	return 1
}

long_files() {
	c_sources | xargs wc -l | awk -v limit="$FILE_LIMIT" '
		$2 != "total" && $1 > limit { print $2 " has " $1 " lines, at most " limit " are wanted" }'
}

# Package mirrors and this machine's folders have no place in the sources.
private_names() {
	local hosts
	hosts=$(apt-get indextargets --format '$(SITE)' | sed -nE 's#^[a-z+]+://([^/]+).*#\1#p' |
		sort -u | sed 's/\./\\./g' | paste -sd '|' -)
	sources | xargs grep -nIE "${hosts:-^\$}|$TOP_DIR/"
}

# A build with W=1 and sparse on each file; any warning fails.
build_with_warnings() {
	local folder=$BUILD_DIR/kmod-$KERNEL-warnings kdir
	kdir=$("$VM_DIR/kernel.sh" kdir "$KERNEL")
	rm -rf "$folder"
	mirror "$TOP_DIR/kmod" "$folder"
	make -j"$(nproc)" -C "$folder" KDIR="$kdir" W=1 C=2 CF=-D__CHECK_ENDIAN__ modules \
		>"$folder.log" 2>&1 || { cat "$folder.log"; return 1; }
	! grep -E 'warning:|error:|WARNING:' "$folder.log"
}

# The kernel has one name space for all modules: ours must not be in it yet.
clashing_symbols() {
	local kdir module
	kdir=$("$VM_DIR/kernel.sh" kdir "$KERNEL")
	module=$("$VM_DIR/module.sh" "$KERNEL")
	nm --defined-only -g "$module" | awk '{ print $3 }' | sort >"$BUILD_DIR/symbols.ours"
	awk '{ print $2 }' "$kdir/Module.symvers" | sort >"$BUILD_DIR/symbols.kernel"
	comm -12 "$BUILD_DIR/symbols.ours" "$BUILD_DIR/symbols.kernel"
}

build_documentation() {
	make -s -C Documentation OUT="$BUILD_DIR/docs"
}

cd "$TOP_DIR"
KERNEL=${KERNEL:-6.1}
SOURCE=$("$VM_DIR/kernel.sh" source "$KERNEL")
mkdir -p "$BUILD_DIR"
[ -n "$(c_sources)" ] || die "no sources found: this needs a git checkout"
check "checkpatch" nothing_from run_checkpatch
check "module without a warning (W=1, sparse)" build_with_warnings
check "no symbol clashes with the kernel's" nothing_from clashing_symbols
check "kernel-doc" nothing_from run_kernel_doc
check "documentation" build_documentation
check "shellcheck" run_shellcheck
check "spelling" run_codespell
check "an SPDX line on each source" nothing_from files_without_licence
check "version conditionals in compat.h only" nothing_from version_conditionals
check "short functions" short_functions
check "short files" nothing_from long_files
check "no private names" nothing_from private_names
totals
