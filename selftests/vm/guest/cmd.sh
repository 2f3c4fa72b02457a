# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Mode cmd: one command, its output alone on the console port, and its exit
# status on the results port.
. /vm/module.sh
. /vm/terminal.sh

run_command() {
	cd /root || return
	if [ "$guest_stdin" = tty ]; then
		set_terminal
		stty -F "$CONSOLE" -onlcr
		on_terminal "$(login_shell)" -lc "$(cat /vm/cmd)"
	else
		stty -F "$CONSOLE" raw -echo
		"$(login_shell)" -lc "$(cat /vm/cmd)" </dev/null >"$CONSOLE" 2>&1
	fi
}

load_kernel_modules
load_module || echo "The module does not load"
(run_command)
status=$?
dmesg -n 1
printf '\nMBOX-EXIT nonce=%s status=%d\n' "$guest_nonce" "$status" >"$RESULTS"
