# SPDX-License-Identifier: GPL-2.0-only
#
# Takes the table of the lectures apart: prints "ROW kind target" for each thing that
# a row points to. What a role of Sphinx leads to stands in its angle brackets.
#
# A row is ROW|SUBJECT|ANSWERS, answers are "KIND: TARGET, TARGET; KIND: ...".

BEGIN { FS = "|" }

NR == 1 { next }

NF != 3 || $1 == "" || $2 == "" || $3 == "" {
	print $1, "malformed", NR
	next
}

{
	answers = split($3, answer, "; ")
	for (a = 1; a <= answers; a++) {
		colon = index(answer[a], ": ")
		kind = substr(answer[a], 1, colon - 1)
		text = substr(answer[a], colon + 2)
		if (kind == "not yet") {
			gsub(/ /, "-", text)
			print $1, "not-yet", text
			continue
		}
		gsub(/:[a-z]+:`[^<`]*<\/?/, "", text)
		gsub(/>`/, "", text)
		targets = split(text, target, ", ")
		for (t = 1; t <= targets; t++)
			print $1, kind, target[t]
	}
}
