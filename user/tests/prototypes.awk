# SPDX-License-Identifier: GPL-2.0-only
#
# Prints the prototypes in the synopsis of a manual page, one a line.

function arguments(text,	list, word)
{
	while (text != "") {
		if (text ~ /^"/) {
			word = substr(text, 2)
			text = substr(word, index(word, "\"") + 1)
			word = substr(word, 1, index(word, "\"") - 1)
		} else {
			word = text
			sub(/ .*/, "", word)
			text = substr(text, length(word) + 1)
		}
		sub(/^ +/, "", text)
		list = list (list == "" ? "" : ", ") word
	}
	return list
}

/^\.Ft / {
	type = $0
	sub(/^\.Ft /, "", type)
	gsub(/"/, "", type)
	if (type !~ /\*$/)
		type = type " "
}

/^\.Fn / && type != "" {
	rest = $0
	sub(/^\.Fn [a-z_0-9]+ ?/, "", rest)
	print type $2 "(" arguments(rest) ")"
	type = ""
}
