#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions are called by name
#
# Programs that were written long before mbox, each on the queues of the kernel and on
# mailboxes: what it prints and how it ends is the same. Not among the tests that always
# run, since the programs are many megabytes; from selftests/vm:
#
#   MBOX_PROGRAMS=1 ./run.sh cmd /usr/lib/kselftests/mbox/compat_programs.sh

TMP=$(mktemp -d) || exit 1
trap 'rm -rf "$TMP"' EXIT
cd "$TMP" || exit 1
number=0 failures=0

# Only dynamic programs can be served, and those of busybox are not.
perl_ipc() {
	cat <<'END'
use strict;
use warnings;
use IPC::SysV qw(IPC_PRIVATE IPC_CREAT IPC_EXCL IPC_NOWAIT IPC_RMID IPC_STAT
	MSG_NOERROR S_IRUSR S_IWUSR ftok);
use IPC::Msg;
my $key = ftok("/etc/passwd", 7);
my $msg = IPC::Msg->new($key, IPC_CREAT | IPC_EXCL | S_IRUSR | S_IWUSR) or die "new: $!";
print "again: ", defined IPC::Msg->new($key, IPC_CREAT | IPC_EXCL | 0600) ? "made" : $!, "\n";
$msg->snd(5, "five") or die;
$msg->snd(3, "three is longer") or die;
$msg->snd(9, "") or die;
my $buf;
print "lowest: ", $msg->rcv($buf, 256, -5), " $buf\n";
print "small: ", defined $msg->rcv($buf, 2, 5) ? "taken" : $!, "\n";
print "cut: ", $msg->rcv($buf, 2, 5, MSG_NOERROR), " $buf\n";
print "none: ", defined $msg->rcv($buf, 9, 5, IPC_NOWAIT) ? "taken" : $!, "\n";
my $st = $msg->stat;
printf "mode %o uid %d qnum %d qbytes %d mine %d %d\n", $st->mode, $st->uid, $st->qnum,
	$st->qbytes, $st->lspid == $$, $st->lrpid == $$;
$msg->set(qbytes => 100) or die "set: $!";
print "qbytes ", $msg->stat->qbytes, "\n";
if (!fork) {
	$msg->snd(7, "from the child");
	exit;
}
wait;
print "child: ", $msg->rcv($buf, 256, 7), " $buf\n";
print "removed: ", $msg->remove ? "yes" : $!, "\n";
print "then: ", defined $msg->snd(1, "x") ? "sent" : $!, "\n";
END
}

test_perl() {
	perl_ipc >ipc.pl
	"$@" perl ipc.pl
}

# All that it does to files goes through a SysV queue to a daemon.
test_fakeroot() {
	rm -f file
	"$@" bash /usr/bin/fakeroot-sysv -- perl -e '
		open my $f, ">", "file" or die;
		chown 7, 8, "file" or die "chown: $!";
		chmod 04711, "file" or die "chmod: $!";
		my @s = stat "file";
		printf "%o %d %d\n", $s[2], $s[4], $s[5];
		for (1 .. 200) { mkdir "d$_"; chown $_, $_, "d$_" or die; }
		print join(" ", map { (stat "d$_")[4] } 1 .. 200), "\n";
		rmdir "d$_" for 1 .. 200;'
}

test_stress() {
	"$@" stress-ng --msg 2 --msg-ops 3000 --msg-types 5 --verify --quiet 2>&1
	echo "ended with $?"
}

run_test() {
	local name=$1
	number=$((number + 1))
	"test_$name" >"$name.kernel" 2>"$name.kernel.err"
	"test_$name" mbox run --sysv -- >"$name.mbox" 2>"$name.mbox.err"
	if [ -s "$name.kernel" ] && cmp -s "$name.kernel" "$name.mbox"; then
		echo "ok $number $name, $(wc -l <"$name.kernel") lines"
		return
	fi
	echo "not ok $number $name"
	failures=$((failures + 1))
	diff "$name.kernel" "$name.mbox" | head -20 | sed 's/^/# /'
	head -5 "$name.kernel.err" "$name.mbox.err" | sed 's/^/# /'
}

echo "TAP version 13"
echo "1..3"
for one in perl fakeroot stress; do
	run_test "$one"
done
left=$(mbox ls --sysv --noheadings | wc -l)
[ "$left" -eq 0 ] || echo "# $left queues are left"
exit $((failures > 0))
