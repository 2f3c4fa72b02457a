#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# ipclaims: it has each claim of the lectures that can be checked, once, and no
# other; none of the experiments goes as Linux is not known to do; and what is
# known about some of them is what it says.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
out=${out:-$top/build/user}
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

ipclaims=$out/ipclaims
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# The rows of the lectures that are marked T, and the 22 claims in doubt.
rows='23 24 30 31 40 43 48 51 55 57 58 59 60 61 73 76 77 83 85 88 91 100 103 108
	115 117 121 123 124 131 132 135 136 137 139 142 149'
doubts=$(seq -f 'A2.%g' 22)
# What mbox answers today.
answers='A3.1 A3.2 A3.4 A3.5 A3.6 A3.7 A3.8 A3.9 A3.10 A3.12 A3.13 A3.15'

# outdated ROW WORDS: what is false today, and what is the case
outdated='A2.1 killed
A2.2 20
A2.3 E2BIG
A2.4 n too
A2.7 text only
A2.9 collision
A2.12 opened
A2.13 none lost
A2.14 rest lost
A2.15 (void *)-1
A2.16 System V
A2.17 0 or 1
A2.18 text twice
A2.19 hangs
A2.20 eats signals
A2.21 always EINTR
A2.22 needs server
135 if asked'

# Never outdated on Linux.
true='23 30 31 43 48 51 57 58 59 60 61 76 77 83 85 88 91 100 108 115 117 121
	123 124 131 132 136 139 142 A2.5'

# lines WORD...: a word a line, sorted
lines() {
	# shellcheck disable=SC2048,SC2086 # words
	printf '%s\n' $* | sort
}

results() {
	grep -E '^(not )?ok ' "$1"
}

rows_of() {
	results "$1" | sed 's/^.*ok [0-9]* - //; s/ .*//' | sort
}

# verdicts FILE: "ROW true", "ROW outdated WORDS", "ROW skipped" or "ROW unexpected"
verdicts() {
	results "$1" | sed -n '
		s/^not ok [0-9]* - \([^ ]*\).*/\1 unexpected/p; t
		s/^ok [0-9]* - \([^ ]*\).* # SKIP.*/\1 skipped/p; t
		s/^ok [0-9]* - \([^ ]*\).* # claim is outdated: observed \(.*\)/\1 outdated \2/p; t
		s/^ok [0-9]* - \([^ ]*\).*/\1 true/p'
}

has_rows() {
	rows_of "$1" > "$work/has"
	shift
	lines "$@" | diff - "$work/has"
}

# well_formed FILE: numbers in turn, the plan and then the summary at the end
well_formed() {
	results "$1" | awk '{ n = $1 == "ok" ? $2 : $3 } n != NR { print; bad = 1 }
		END { exit bad }' &&
		[ "$(tail -n 2 "$1" | head -n 1)" = "1..$(results "$1" | wc -l)" ] &&
		summary "$1"
}

count() {
	verdicts "$1" | grep -c "^[^ ]* $2"
}

summary() {
	expected="# $(results "$1" | wc -l) claims: $(count "$1" true) true,"
	expected="$expected $(count "$1" outdated) outdated, $(count "$1" skipped) skipped"
	tail -n 1 "$1" | grep -xF "$expected" || ! echo "$expected"
}

fits() {
	! awk 'length > 80 { print "too long: " $0; bad = 1 } END { exit !bad }' "$1"
}

none_unexpected() {
	! grep -A 12 '^not ok' "$1"
}

# explained FILE: each claim is followed by its lecture, its words and its page
explained() {
	awk 'function check() {
			if (name && !(lecture && says && page && (observed || skipped))) {
				print name
				bad = 1
			}
			lecture = says = page = observed = skipped = 0
		}
		/^(not )?ok / { check(); name = $0; skipped = / # SKIP / }
		/^#   lecture:   S[0-4]( S[0-4])*$/ { lecture = 1 }
		/^#   says:      ./ { says = 1 }
		/^#   observed:  ./ { observed = 1 }
		/^#   page:      .*\([1-8][a-z]*\)/ { page = 1 }
		END { check(); exit bad }' "$1"
}

has_verdict() {
	verdicts "$work/full" | grep "^$1 " > "$work/verdict"
	cat "$work/verdict"
	[ "$(cat "$work/verdict")" = "$1 $2" ]
}

# pinned ROW VERDICT: skipped here if ipclaims has skipped it
pinned() {
	if has_verdict "$1" skipped > /dev/null; then
		skip "$1 is $2" "$(results "$work/full" | sed -n "s/.* - $1 .* # SKIP //p")"
	else
		check "$1 is $2" has_verdict "$1" "$2"
	fi
}

without_comments() {
	grep -v '^#' "$1" | sed 's/ # .*//'
}

run_checks() {
	check "$1: status 0" test "$(cat "$2.status")" -eq 0
	check "$1: nothing on standard error" test ! -s "$2.err"
	check "$1: nothing is unexpected" none_unexpected "$2"
	check "$1: plan and summary" well_formed "$2"
	check "$1: 80 columns" fits "$2"
}

# run NAME COMMAND...: into the file NAME, with NAME.err and NAME.status
run() {
	name=$work/$1
	shift
	"$@" > "$name" 2> "$name.err" < /dev/null
	echo $? > "$name.status"
}

available=
[ ! -e /dev/mbox ] || available=$answers

"$ipclaims" -l > "$work/list"
listed_rows() {
	sed 1d "$work/list" | awk '{ print $1 }' | sort > "$work/listed"
	lines "$rows" "$doubts" "$answers" | diff - "$work/listed"
}
check 'all rows are listed, once' listed_rows
check 'the listing: 80 columns' fits "$work/list"

run full "$ipclaims"
run_checks 'all' "$work/full"
check 'all: each row is checked, once' has_rows "$work/full" "$rows" "$doubts" "$available"
check 'all: each claim is explained' explained "$work/full"

while read -r row words; do
	pinned "$row" "outdated $words"
done << END
$outdated
END
for row in $true $available; do
	pinned "$row" true
done

# A pipe of 65536 bytes is not to be had by a user who has very many.
pipe_size() {
	verdicts "$work/full" | grep -E "^$1 outdated (4096|8192|[0-9]{5,7})$"
}
check '73 is outdated: more than 512' pipe_size 73
check 'A2.10 is outdated: more than 512' pipe_size A2.10
if [ "$(getconf LONG_BIT)" -eq 64 ]; then
	pinned A2.6 'outdated 64 bits'
	pinned 137 'outdated read as long'
fi

run quiet "$ipclaims" -q
run_checks 'quiet' "$work/quiet"
same_but_comments() {
	without_comments "$work/full" > "$work/full.bare"
	without_comments "$work/quiet" | diff "$work/full.bare" -
}
check 'quiet: the same claims without comments' same_but_comments
no_comments() {
	[ "$(grep -c '^#' "$work/quiet")" -eq 1 ]
}
check 'quiet: no comment but the last line' no_comments

# The JSON of a run says the same as its TAP would.
run json "$ipclaims" --json
check 'json: status 0' test "$(cat "$work/json.status")" -eq 0
json_words() {
	perl -MJSON::PP -e '
		my $all = decode_json(join "", <STDIN>);
		my %count = (true => 0, outdated => 0, skipped => 0, unexpected => 0);
		for (@{$all->{claims}}) {
			$count{$_->{verdict}}++;
			die "$_->{row} lacks something" if grep { !$_ }
				@$_{qw(row group section lectures claim says page)};
			die "$_->{row} has observed nothing"
				unless $_->{observed} || $_->{skipped};
			print "$_->{row}\n";
		}
		die "total" if $all->{total} != @{$all->{claims}};
		for (keys %count) { die $_ if $all->{$_} != $count{$_} }
	' < "$work/json" > "$work/json.rows" && rows_of "$work/full" > "$work/full.rows" &&
		sort "$work/json.rows" | diff "$work/full.rows" -
}
check 'json: all claims, and the right sums' json_words

# The same with the sanitizers, which would end it at the first mistake.
if [ -x "$out/san/ipclaims" ]; then
	run sane "$out/san/ipclaims" -q
	run_checks 'with sanitizers' "$work/sane"
fi

if [ "$(id -u)" -eq 0 ]; then
	cp "$ipclaims" "$work/ipclaims"
	chmod 755 "$work"
	run user setpriv --reuid=65534 --regid=65534 --clear-groups "$work/ipclaims" -q
	run_checks 'unprivileged' "$work/user"
	check 'unprivileged: each row' has_rows "$work/user" "$rows" "$doubts" "$available"
else
	skip 'unprivileged' 'this is no privileged user'
fi

# As a service or a cron job would run it.
run bare env -i TMPDIR="$work" setsid sh -c \
	'trap "" CHLD HUP INT USR1 PIPE; exec "$0" -q <&- 2>&1' "$ipclaims"
run_checks 'without terminal, environment and input, with ignored signals' "$work/bare"

tap_done
