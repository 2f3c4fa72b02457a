# SPDX-License-Identifier: GPL-2.0-only
#
# Compares the expected lines of one command (first file) with what it printed
# (second file); prints the difference and fails if there is one.

# A pattern in which <n>, <x> and <*> stand for what they promise and all the
# rest for itself.
function pattern(line) {
	gsub("[][\\\\.^$*+?(){}|]", "\\\\&", line)
	gsub(/<n>/, "[0-9]+", line)
	gsub(/<x>/, "[0-9a-f]+", line)
	gsub(/<\\[*]>/, ".*", line)
	return "^" line "$"
}

# Whether expected lines from e on match the printed ones from g on.
function matches(e, g) {
	while (e <= expected) {
		if (want[e] == "...")
			return matches_later(e + 1, g)
		if (g > got || have[g] !~ pattern(want[e]))
			return 0
		e++
		g++
	}
	return g > got
}

function matches_later(e, g) {
	while (g <= got + 1) {
		if (matches(e, g))
			return 1
		g++
	}
	return 0
}

{ sub(/[ \t\r]+$/, "") }
FILENAME == ARGV[1] { want[++expected] = $0; next }
{ have[++got] = $0 }

END {
	# Blank lines at the end part commands in the text; they are nobody's output.
	while (expected && want[expected] == "")
		expected--
	while (got && have[got] == "")
		got--
	if (matches(1, 1))
		exit 0
	command = ARGV[1]
	sub(/expected$/, "command", command)
	while ((getline line < command) > 0)
		print "command:  " line
	for (e = 1; e <= expected; e++)
		print "expected: " want[e]
	for (g = 1; g <= got; g++)
		print "got:      " have[g]
	exit 1
}
