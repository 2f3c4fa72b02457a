#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Wrong command lines end with status 1, one line that says what is wrong, and
# nothing on standard output. They are refused before the device is looked at,
# so that this needs no module.

here=$(dirname "$0")
top=${top:-$(cd "$here/../.." && pwd)}
mbox=${mbox:-$top/build/user/mbox}
# shellcheck source=user/tests/tap.sh
. "$here/tap.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# wrong WORDS ARGUMENT...: refused with status 1, and WORDS are in the first line
wrong() {
	words=$1
	shift
	"$mbox" "$@" > "$work/out" 2> "$work/err" < /dev/null
	status=$?
	head -n 1 "$work/err" | grep -qF -- "$words" && [ "$status" -eq 1 ] && [ ! -s "$work/out" ]
	ok $? "mbox $*: $words"
	[ "$status" -eq 1 ] || echo "# status $status"
}

# right WORDS ARGUMENT...: status 0, WORDS are in the output, no errors
right() {
	words=$1
	shift
	"$mbox" "$@" > "$work/out" 2> "$work/err" < /dev/null
	status=$?
	grep -qF -- "$words" "$work/out" && [ "$status" -eq 0 ] && [ ! -s "$work/err" ]
	ok $? "mbox $*: $words"
}

long=$(printf '%0256d' 0)

wrong 'Usage: mbox VERB'
wrong "no verb 'frob'" frob
wrong "no verb ''" ''
wrong "no verb '--json'" --json
wrong "no verb 'frob'" help frob
wrong 'too many: b' help send b
wrong 'too many: x' version x
wrong 'too many: x' ls x
for verb in create rm show set purge send recv peek cat call serve; do
	wrong 'name is missing' "$verb"
	wrong 'no option --frob' "$verb" jobs --frob
	wrong 'no option -Z' "$verb" -Z jobs
	wrong 'name is empty' "$verb" ''
	wrong "has a '/'" "$verb" a/b
	wrong 'control byte' "$verb" "a$(printf '\t')b"
	wrong 'longer than 255 bytes' "$verb" "$long"
done
for verb in create set purge recv peek cat; do
	wrong 'too many: b' "$verb" a b
done
wrong 'no option -Z' send -nZ jobs hello
wrong 'no option -5' send jobs -5
wrong 'option --type needs its TYPE' send jobs --type
wrong 'option --type needs its TYPE' send jobs -t
wrong 'option --lines takes no value' send jobs --lines=3
wrong '--type' send jobs -t 0 x
wrong '--type' send jobs -t -1 x
wrong '--type' send jobs -t 9223372036854775808 x
wrong '--type' send jobs -t any x
wrong '--wait' send jobs -W soon x
wrong 'contradict' send jobs -n -W 1 x
wrong 'contradict' send jobs -l -0
wrong 'standard input' send jobs -l x
wrong 'standard input' send jobs -0 x
wrong '--type' recv jobs -t 9-3
wrong '--type' recv jobs -t ''
wrong '--type' recv jobs -t '!any'
wrong '--count' recv jobs -C 0
wrong '--count' recv jobs -C many
wrong '--wait' recv jobs -W 1x
wrong 'contradict' recv jobs -n -W 1
wrong 'contradict' recv jobs -C 2 -f
wrong 'contradict' recv jobs -x -0
wrong 'only one of' recv jobs -x -j
wrong 'only one of' recv jobs -j -F %t
wrong "'%q' stands for nothing" recv jobs -F '%t %q'
wrong "'\\e' stands for nothing" recv jobs -F '\e'
wrong 'no option -C' peek jobs -C 1
wrong 'no option -f' peek jobs -f
wrong '--type' peek jobs -t x
wrong '--type' cat jobs -t x
wrong '--type' cat jobs -i -t 3-4
wrong '--kind' create jobs --kind stack
wrong '--retain' create jobs --retain
wrong '--max-deliveries' create jobs --max-deliveries -1
wrong '--ttl' send jobs --ttl soon x
wrong '--to' send jobs --to 0 x
wrong '--lease-time' recv jobs --lease-time long
wrong '--exec' recv jobs --exec true -j
wrong '--sync' send jobs --ring --sync x
wrong '--ttl' send jobs --ring --ttl 1 x
wrong '--to' send jobs --ring --to 5 x
wrong '--lease' recv jobs --ring --lease
wrong '--type' recv jobs --ring -t 5
wrong '--pool' recv jobs --ring --pool
wrong '--wait' call jobs -W 0 x
wrong '--wait' call jobs -W soon x
wrong '--type' call jobs -t any x
wrong 'only one of' call jobs -j -x
wrong 'too many: y' call jobs x y
wrong 'who answers' serve jobs
wrong '--type' serve jobs -t 9-3 --echo
wrong '--count' serve jobs -C 0 --echo
wrong 'contradict' serve jobs --echo -- cat
wrong 'N: ' step jobs 0
wrong '--mode' create jobs --mode 0777
wrong '--mode' create jobs --mode rw
wrong '--mode: 0 ' create jobs --mode 0
wrong '--policy' create jobs --policy drop
wrong '--max-msgs' create jobs --max-msgs 0
wrong '--max-msgs' create jobs --max-msgs 1048577
wrong '--max-bytes' create jobs --max-bytes 257M
wrong '--max-size' create jobs --max-size 1048577
wrong 'no option --owner' create jobs --owner root
wrong 'nothing is said' set jobs
wrong '--owner' set jobs --owner 'no such user'
wrong '--group' set jobs --group 4294967295
wrong '--max-size' set jobs --max-size 0
wrong '--delay' top -d soon
wrong 'less than 10ms' top -d 0
wrong 'less than 10ms' top -d 9999us
wrong '--count' top -C 0
wrong "no order 'frob'" top -s frob
wrong "no order ''" top -s ''
wrong 'name is empty' top ''
wrong "has a '/'" top jobs a/b
wrong "no column 'FROB'" ls -o NAME,FROB
wrong "no column ''" ls -o ''
wrong "no column ''" ls -o NAME,
right 'Usage: mbox VERB' help
right 'Usage: mbox VERB' --help
right 'Usage: mbox VERB' -h
right 'Usage: mbox send' help send
right 'Usage: mbox send' send -h
right 'Usage: mbox call' help call
right 'Usage: mbox serve' serve --help
right 'Usage: mbox send' send jobs --help
right 'libmbox ' version
right 'libmbox ' --version
right 'libmbox ' -V

# Whatever the environment says, options may follow the name.
POSIXLY_CORRECT=1 "$mbox" recv jobs -C 0 2>&1 | grep -q -- '--count'
ok $? "options behind the name with POSIXLY_CORRECT"

# What was printed must get out.
"$mbox" help 2> /dev/null > /dev/full
ok $(($? != 2)) "help into a full device fails"
"$mbox" help 2> /dev/null >&-
ok $(($? != 2)) "help into nothing fails"
"$mbox" send --help 2> /dev/null > /dev/full
ok $(($? != 2)) "help of a verb into a full device fails"

# Nothing is taken, and no event waited for, that could not be printed.
for verb in recv peek cat call monitor top; do
	"$mbox" "$verb" jobs 2> "$work/err" < /dev/null >&-
	[ $? -eq 2 ] && grep -q "^mbox: $verb: standard output: " "$work/err"
	ok $? "$verb into nothing fails at once"
done

tap_done
