# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Finds the shared libraries that programs need, 64- and 32-bit alike, without
# running anything. What the root brings itself goes before what the host has.
# Sourced, never run.

# elf_facts <file>: its class, loader and needs, one a line; nothing if it is no
# ELF. A library's need for the loader is met by the program's own.
elf_facts() {
	readelf -hldW "$1" 2>/dev/null | sed -n \
		-e 's/^ *Class: */class /p' \
		-e 's/.*program interpreter: \(.*\)\]/loader \1/p' \
		-e '/(NEEDED).*\[ld-linux/d' -e 's/.*(NEEDED).*\[\(.*\)\]/needs \1/p'
}

# elf_library <class> <name>: where the host keeps a library.
elf_library() {
	LIBRARIES=${LIBRARIES:-$(/sbin/ldconfig -p)}
	awk -v name="$2" -v class="$1" '
		$1 != name { next }
		class == "ELF64" && !/x86-64/ { next }
		class == "ELF32" && /x86-64|x32/ { next }
		!seen++ { print $NF }' <<<"$LIBRARIES"
}

# has_library <root> <class> <name>: the root has it where its loader looks.
has_library() {
	local folder folders="usr/lib usr/lib64 usr/lib/x86_64-linux-gnu"
	[ "$2" = ELF64 ] || folders="usr/lib32 usr/lib/i386-linux-gnu"
	for folder in $folders; do
		[ ! -e "$1/$folder/$3" ] || return 0
	done
	return 1
}

# add_file <root> <path>: copy a host file to the same place below the root.
add_file() {
	mkdir -p "$1${2%/*}"
	cp -L --preserve=mode "$2" "$1$2"
}

# add_library <root> <class> <name> <who needs it>
add_library() {
	local root=$1 path
	! has_library "$root" "$2" "$3" || return 0
	path=$(elf_library "$2" "$3")
	[ -n "$path" ] || die "${4#"$root"} needs $3, which this machine does not have"
	[ ! -e "$root$path" ] || return 0
	add_file "$root" "$path"
	add_libraries_of "$root" "$root$path"
}

# add_libraries_of <root> <file>: everything one program or library needs.
add_libraries_of() {
	local root=$1 file=$2 class='' key value
	while read -r key value; do
		case $key in
		class) class=$value ;;
		loader) [ -e "$root$value" ] || add_file "$root" "$value" ;;
		needs) add_library "$root" "$class" "$value" "$file" ;;
		esac
	done < <(elf_facts "$file")
}

add_libraries() {
	local root=$1 file
	find "$root" -type f \( -perm -u+x -o -name '*.so*' \) >"$root.files"
	while read -r file; do
		add_libraries_of "$root" "$file"
	done <"$root.files"
	rm "$root.files"
}
