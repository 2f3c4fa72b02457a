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

# A new machine has no package lists yet, and old lists name what has gone.
apt_refresh() {
	may_be_root || return 1
	say "refreshing apt's package lists"
	apt_get -qq update
}
