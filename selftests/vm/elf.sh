# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Finds the shared libraries that programs need, 64- and 32-bit alike, without
# running anything. Sourced, never run.

elf_class() {
	case $(head -c 5 "$1" | od -An -tx1) in
	" 7f 45 4c 46 01") echo ELF32 ;;
	" 7f 45 4c 46 02") echo ELF64 ;;
	esac
}

elf_loader() {
	readelf -l "$1" | sed -n 's/.*program interpreter: \(.*\)\]/\1/p'
}

elf_needed() {
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

# elf_library <class> <name>: where the host keeps a library.
elf_library() {
	/sbin/ldconfig -p | awk -v name="$2" -v class="$1" '
		$1 != name { next }
		class == "ELF64" && !/x86-64/ { next }
		class == "ELF32" && /x86-64|x32/ { next }
		!seen++ { print $NF }'
}

# add_file <root> <path>: copy a host file to the same place below the root.
add_file() {
	mkdir -p "$1${2%/*}"
	cp -L --preserve=mode "$2" "$1$2"
}

# add_libraries_of <root> <file>: everything one program or library needs.
add_libraries_of() {
	local root=$1 file=$2 class name path
	class=$(elf_class "$file")
	[ -n "$class" ] || return 0
	path=$(elf_loader "$file")
	if [ -n "$path" ] && [ ! -e "$root$path" ]; then
		add_file "$root" "$path"
	fi
	for name in $(elf_needed "$file"); do
		[ ! -e "$root/usr/lib/$name" ] || continue
		path=$(elf_library "$class" "$name")
		[ -n "$path" ] || die "${file#"$root"} needs $name, which this machine does not have"
		[ ! -e "$root$path" ] || continue
		add_file "$root" "$path"
		add_libraries_of "$root" "$root$path"
	done
}

add_libraries() {
	local root=$1 file
	find "$root" -type f \( -perm -u+x -o -name '*.so*' \) >"$root.files"
	while read -r file; do
		add_libraries_of "$root" "$file"
	done <"$root.files"
	rm "$root.files"
}
