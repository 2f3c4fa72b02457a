# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Asks apt, and has it do what only root may. Sourced, never run.

# package_field <package> <field>: one field of the version apt would install.
package_field() {
	{ apt-cache --no-all-versions show "$1" 2>/dev/null || true; } |
		awk -v field="$2:" '$1 == field && !seen++ { print $2 }'
}

# package_concrete <meta package> <prefix>: the package a meta package stands for.
package_concrete() {
	{ apt-cache depends "$1" 2>/dev/null || true; } |
		awk -v prefix="$2" '$1 == "Depends:" && index($2, prefix) == 1 && !seen++ { print $2 }'
}

may_be_root() {
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null
}

# apt_get <arguments...>: at once as root, else through sudo, which asks.
apt_get() {
	if [ "$(id -u)" -eq 0 ]; then
		DEBIAN_FRONTEND=noninteractive apt-get "$@" >&2
	else
		sudo DEBIAN_FRONTEND=noninteractive apt-get "$@" >&2
	fi
}

# own_mirror: where the packages of this machine's own suite come from.
own_mirror() {
	local VERSION_CODENAME
	VERSION_CODENAME=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	# The names are apt's.
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(RELEASE) $(SITE)' 'Created-By: Packages' |
		awk -v own="$VERSION_CODENAME" '$1 == own && !seen++ { print $2 }'
}

# apt_use_suite <suite> <folder>: from now on ask for that suite of the same mirror.
# Its lists are kept in the folder; apt checks their signatures with the keys that
# it has for the machine's own. For asking and downloading only.
apt_use_suite() {
	local suite=$1 folder=$2 mirror
	mirror=$(own_mirror)
	[ -n "$mirror" ] || die "apt does not know where this machine's packages come from"
	mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
	echo "deb $mirror $suite main" >"$folder/sources.list"
	cat >"$folder/apt.conf" <<-END
		Dir::State::lists "$folder/lists";
		Dir::Cache "$folder/cache";
		Dir::Etc::sourcelist "$folder/sources.list";
		Dir::Etc::sourceparts "-";
		Acquire::Languages "none";
		APT::Sandbox::User "$(id -un)";
	END
	APT_SUITE=$suite
	export APT_CONFIG=$folder/apt.conf
}

# A new machine has no package lists yet, and old lists name what has gone.
apt_refresh() {
	if [ -n "${APT_SUITE:-}" ]; then
		say "fetching the package lists of $APT_SUITE"
		apt-get -qq update >&2
		return
	fi
	may_be_root || return 1
	say "refreshing apt's package lists"
	apt_get -qq update
}
