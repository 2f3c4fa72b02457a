# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# The console port as a terminal of the size of the user's own.

CONSOLE=/dev/ttyS0

# The size lasts as long as the port is open.
set_terminal() {
	exec 3<>"$CONSOLE"
	stty -F "$CONSOLE" rows "${guest_rows:-24}" cols "${guest_cols:-80}"
	export TERM="${guest_term:-vt102}"
}

# on_terminal <command...>: run it as the session leader of the console, so that
# Ctrl-C reaches it.
on_terminal() {
	# One device is both ends.
	# shellcheck disable=SC2094
	setsid -c "$@" <"$CONSOLE" >"$CONSOLE" 2>&1 3>&-
}

login_shell() {
	command -v bash || echo /bin/sh
}
