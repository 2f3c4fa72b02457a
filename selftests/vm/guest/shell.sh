# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# Mode shell: a prompt with the module loaded; leaving it ends the guest.
. /vm/module.sh
. /vm/terminal.sh

set_terminal
load_kernel_modules >"$CONSOLE" 2>&1
load_module >"$CONSOLE" 2>&1 || echo "The module does not load: see dmesg" >"$CONSOLE"
cd /root || exit
cat /vm/welcome >"$CONSOLE"
on_terminal "$(login_shell)" -l
# What the last command gave is not a failure of the guest.
echo "MBOX-EXIT nonce=$guest_nonce status=0" >"$RESULTS"
dmesg -n 1
