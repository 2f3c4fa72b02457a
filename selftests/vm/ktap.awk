# SPDX-License-Identifier: GPL-2.0
# Counts the test cases in KTAP as the kernel's runner prints it, in the guest
# and on the host alike (busybox awk). Prints, one a line:
#
#   case pass|fail|skip <program> <name>    each case, in order
#   short <program> <planned> <found>       a program with fewer or more than its plan
#   total plan=P pass=N fail=N skip=N
#
# Nested cases are the runner's lines "# ok N name". A program's own result
# counts as a case where it has no nested ones, or where it failed though none
# of those did (it crashed, or ran out of time).

function take(kind, program, name) {
	print "case", kind, program, name
	count[kind]++
}

function begin(name) {
	program = name
	planned = -1
	found = failed = 0
	running = ""
}

function kind_of(line) {
	if (line ~ /^not ok /)
		return "fail"
	return line ~ /# SKIP/ ? "skip" : "pass"
}

# The harness prints a skipped case without its name: the line RUN has it.
function name_of(line) {
	sub(/^(not )?ok [0-9]* *(- )?/, "", line)
	sub(/ *# SKIP.*/, "", line)
	return line == "" ? running : line
}

function end_program(line,    kind) {
	kind = kind_of(line)
	if (planned >= 0 && planned != found)
		print "short", program, planned, found
	if (!found) {
		plan++
		take(kind, program, program)
	} else if (kind == "fail" && !failed) {
		take("fail", program, program)
	}
	done++
	begin("")
}

BEGIN { begin("") }

{ sub(/\r$/, "") }

/^1\.\.[0-9]+$/ { programs += substr($0, 4); next }

/^# selftests: mbox: / { begin($4); next }

/^(not )?ok [0-9]+ selftests: / { end_program($0); next }

program == "" { next }

/^# 1\.\.[0-9]+$/ { planned = substr($2, 4) + 0; plan += planned; next }

/^# #  RUN / { running = $4; next }

/^# (not )?ok [0-9]+/ {
	found++
	kind = kind_of(substr($0, 3))
	if (kind == "fail")
		failed++
	take(kind, program, name_of(substr($0, 3)))
}

END {
	if (program != "")
		print "short", program, planned, found
	else if (programs != done)
		print "short", "runner", programs + 0, done + 0
	printf "total plan=%d pass=%d fail=%d skip=%d\n",
		plan, count["pass"], count["fail"], count["skip"]
}
