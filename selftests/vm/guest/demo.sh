# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# What mbox does, shown with real processes as one would type it: "make demo"
# runs this in a guest. Each step checks what it has shown; the status is 0 if
# all of them showed what they should.
#
# What commands in the background print is shown at fixed places, not in the
# midst of others; and nothing waits by the clock for what can be seen.

# step <what it shows> [<more of it>...]
step() {
	step=$((step + 1))
	: >"$work/background"
	taken=0
	printf '\n%s%d. %s%s\n' "$bold" "$step" "$1" "$plain"
	shift
	[ $# -eq 0 ] || printf '   %s\n' "$@"
	echo
}

# run <command>: show it and what it prints, and keep that and its status
run() {
	printf '$ %s\n' "$1"
	eval "$1" >"$work/output" 2>&1
	status=$?
	cat "$work/output"
}

# run_live <command>: the same, but what it prints appears at once
run_live() {
	printf '$ %s\n' "$1"
	{
		eval "$1" 2>&1
		echo $? >"$work/status"
	} | tee "$work/output"
	status=$(cat "$work/status")
}

# start <command>: run it in the background; "show" prints its output
start() {
	printf '$ %s &\n' "$1"
	eval "$1 >>\"\$work/background\" 2>&1 &"
}

# expect <what> <command...>: say whether it is so
expect() {
	what=$1
	shift
	if "$@"; then
		printf '[ok] %s\n' "$what"
	else
		printf '[FAILED] %s\n' "$what"
		failures=$((failures + 1))
	fi
}

# await <what> <command...>: until it is so; the demo ends if it never is
await() {
	what=$1
	tries=300
	shift
	until "$@"; do
		tries=$((tries - 1))
		if [ "$tries" -eq 0 ]; then
			cat "$work/background"
			printf '[FAILED] waited in vain: %s\n' "$what"
			exit 1
		fi
		sleep 0.05
	done
}

# waiting <mailbox> <number>: as many receivers are blocked on it
waiting() {
	[ "$(mbox ls -o name,waiting-receivers --noheadings |
		awk -v name="$1" '$1 == name { print $2 }')" = "$2" ]
}

# A netlink socket of a process has joined a group: the monitor listens.
listening() {
	awk '$2 == 16 && $4 !~ /^0*$/ { found = 1 } END { exit !found }' /proc/net/netlink
}

has_lines() {
	[ "$(wc -l <"$work/background")" -ge "$1" ]
}

# show <number> [<filter>]: as many more lines of the background's output
show() {
	await "$1 lines of output" has_lines $((taken + $1))
	tail -n +$((taken + 1)) "$work/background" | head -n "$1" |
		"${2:-cat}" >"$work/output"
	taken=$((taken + $1))
	cat "$work/output"
}

# printed <number> <regular expression>: as many lines of the last output match
printed() {
	[ "$(grep -cE -- "$2" "$work/output")" -eq "$1" ]
}

# events <event>...: show as many lines of the monitor, which should be these
events() {
	show $#
	told="$told$(awk '{ printf "%s ", $3 }' "$work/output")"
	wanted="$wanted$* "
}

filters() {
	step "Two senders, two receivers: each receiver gets the types it asked for" \
		"A filter is a type or a range of them; %p is the sender, told by the kernel."
	run "mbox create jobs --persist"
	start "mbox recv jobs -t 1-9   -C 2 -F 'small: type %t from process %p: %P'"
	start "mbox recv jobs -t 10-99 -C 2 -F 'large: type %t from process %p: %P'"
	await "two blocked receivers" waiting jobs 2
	run "mbox ls -o name,receivers,waiting-receivers"
	start "for t in 3 30; do mbox send jobs -t \$t \"Ann's job \$t\"; done"
	start "for t in 5 50; do mbox send jobs -t \$t \"Bob's job \$t\"; done"
	show 4 sort
	wait
	expect "the small types came to one, the large ones to the other" \
		printed 4 "^(small: type [35]|large: type [35]0) from process [1-9][0-9]*: "
}

blocked_reader() {
	step "A reader of an empty mailbox blocks until a message wakes it" \
		"The mailbox's counters show that it waits."
	run "mbox create news --persist"
	start "mbox recv news -F 'the reader got: %P'"
	await "a blocked receiver" waiting news 1
	run "mbox ls -o name,msgs,waiting-receivers,sent,received"
	run "mbox send news 'good morning'"
	show 1
	wait
	expect "the message woke the reader" printed 1 "^the reader got: good morning$"
	expect "nobody waits now" waiting news 0
}

refused_reader() {
	step "A reader that must not block is refused; one with a time limit gives up" \
		"Scripts can tell the cases apart by the exit code."
	run "mbox recv news -n; echo \"exit code \$?\""
	expect "refused with exit code 11" printed 1 "^exit code 11$"
	run "mbox recv news -W 300ms; echo \"exit code \$?\""
	expect "given up with exit code 124" printed 1 "^exit code 124$"
}

poll_loop() {
	step "One loop waits for a mailbox, a pipe, a signal and a child's end at once" \
		"Its mailbox handle takes the types 1 to 9: a message of type 99 does not" \
		"wake it. The program is user/examples/mbox/poll_loop.c."
	run_live "examples/mbox/poll_loop"
	expect "the loop ended well" [ "$status" -eq 0 ]
	expect "each of the four sources brought something" \
		[ "$(cut -d : -f 1 "$work/output" | sort -u | wc -l)" -eq 4 ]
}

monitor() {
	step "mbox monitor prints live what happens to mailboxes" \
		"Each command is followed by its events."
	told='' wanted=''
	start "mbox monitor tiny"
	await "a listening monitor" listening
	run "mbox create tiny --persist --max-msgs 2"
	events created
	run "mbox send tiny one two"
	events attached detached
	run "mbox send tiny three -n"
	events attached full detached
	run "mbox recv tiny"
	events attached writable detached
	run "mbox rm tiny"
	events removed
	run 'kill $!'
	wait
	expect "each event was told, in its order" [ "$told" = "$wanted" ]
}

# has_features <mechanism> <signs>: its line of the table of features
has_features() {
	printed 1 "^$1( +$2)$"
}

# has_times <mechanism>: it has a time in both tables, and nothing went wrong
has_times() {
	printed 2 "^$1 +[0-9.]+$"
}

compare() {
	step "What others can do, found out by trying" \
		"\"make features\" asks 26 mechanisms 21 questions; here are a few of both."
	run_live "ipcbench features -f boundaries,sender,types,poll,bounded $MECHANISMS"
	expect "mbox answers each question with yes" has_features mbox "Y +Y +Y +Y +Y"
	expect "a pipe knows no messages, no senders and no types" \
		has_features pipe '\. +\. +\. +Y +Y'
	step "The same exchange over each of them, measured now" \
		"\"make bench\" measures all of them in seven workloads, and makes plots."
	run_live "ipcbench run --no-syscalls --workload pingpong,stream --sizes 8 --place same $MECHANISMS"
	expect "every message arrived once, whole and in order" \
		printed 1 '^Every message of every row arrived once, whole and in order\.$'
	for name in $MECHANISMS; do
		has_times "$name" || expect "'$name' has a time in both tables" false
	done
}

remove_old() {
	for name in jobs news tiny; do
		mbox rm "$name" 2>/dev/null
	done
}

finish() {
	remove_old
	if [ "$failures" -gt 0 ]; then
		printf '\n%d checks FAILED.\n' "$failures"
		exit 1
	fi
	printf '\n%sAll %d steps showed what they should.%s\n' "$bold" "$step" "$plain"
	echo "Now try it yourself: \"make vm\" gives you a prompt where all of this works."
	echo "README.md says where things are; \"mbox help\" lists the verbs."
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0 step=0 taken=0 bold='' plain=''
MECHANISMS="pipe rt-signal sysv-msg unix-seqpacket mbox"
if [ -t 0 ] && [ "$TERM" != dumb ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
cd /root || exit 1
remove_old
echo
echo "Real processes and a real /dev/mbox, in a virtual machine. What follows a \$ can"
echo "be typed as it stands in \"make vm\"; [ok] is what this script has checked."
filters
blocked_reader
refused_reader
poll_loop
monitor
compare
finish
