# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Mode cmd: one command, its output alone on the console port, and its exit
# status on the results port; with files=1 also the files that it has made, and
# with settle=<s> only after so many seconds.
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

# What the command leaves in /root/out goes to the host, among the results. The
# kernel must be silent by then.
send_files() {
	echo "MBOX-FILES nonce=$guest_nonce" >"$RESULTS"
	tar -cz -C /root/out . | base64 >"$RESULTS"
	echo "MBOX-FILES-END nonce=$guest_nonce" >"$RESULTS"
}

load_kernel_modules
load_module || echo "The module does not load"
[ -z "$guest_files" ] || mkdir /root/out
[ -z "$guest_settle" ] || sleep "$guest_settle"
(run_command)
status=$?
dmesg -n 1
[ -z "$guest_files" ] || send_files
printf '\nMBOX-EXIT nonce=%s status=%d\n' "$guest_nonce" "$status" >"$RESULTS"
