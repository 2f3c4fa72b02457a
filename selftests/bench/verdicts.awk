# SPDX-License-Identifier: GPL-2.0
# Holds what was measured against a table of what it should be.
#
#   awk -v kind=<kind> -v column=<n> [-v margin=<share>] -f verdicts.awk <table> <csv>...
#
# A line of the table:
#
#   id | kind | work | ours | peers | rule | value | ...
#
# kind: of figure; lines of other kinds are left out. ours and each of the peers,
# with spaces between them: <mechanism>/<workload>/<size>; of a peer workload and size
# may be left out where they are those of ours. rule, for the value in that column:
#
#   faster    peer / ours is at least that, for each of the peers
#   within    ours / peer is at most that, for each of the peers
#   at-most   ours is at most that; no peers
#
# The margin is the share by which a value may be missed. "-" is a value that nobody
# has set. The CSV files are those of ipcbench, of whose rows those with another place
# than -v place=<place> are left out, and those of scale, whose figures have the name
# <subject>/<what>/<n>/<m>. A peer that has refused, because it does not carry so much,
# is left out. Ratios are those of the medians; those of the least figures stand
# beside them, in brackets.
#
# Each line that was judged is printed as met, missed or not measured; the last line
# says how many of each. Exit status 1 if any was missed or not measured.

function trim(text) {
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	return text
}

# Text in quotes may hold commas; no column that is read here is quoted.
function read_figures(    i, at, name) {
	gsub(/"[^"]*"/, "")
	$0 = $0
	if (FNR == 1) {
		split("", at_of)
		for (i = 1; i <= NF; i++)
			at_of[$i] = i
		return
	}
	if ("cost" in at_of) {
		name = $1 "/" $2 "/" $3 "/" $4
		median[name] = least[name] = $at_of["cost"]
		return
	}
	if ("place" in at_of && place != "" && $at_of["place"] != place)
		return
	name = $at_of["mechanism"] "/" $at_of["workload"] "/" $at_of["size"]
	if ($at_of["state"] != "done") {
		state[name] = $at_of["state"]
		return
	}
	median[name] = $at_of["ns_median"]
	least[name] = $at_of["ns_min"]
}

function full_name(peer, ours,    parts) {
	if (peer ~ /\//)
		return peer
	split(ours, parts, "/")
	return peer "/" parts[2] "/" parts[3]
}

# How far a line is from its value: above 1 it is met.
function quotient(rule, figures, ours, peer) {
	if (rule == "faster")
		return figures[peer] / figures[ours]
	return figures[ours] / figures[peer]
}

function is_worse(rule, a, b) {
	return rule == "faster" ? a < b : a > b
}

function is_met(rule, ratio, value) {
	if (rule == "faster")
		return ratio >= value * (1 - margin)
	return ratio <= value * (1 + margin)
}

function say(verdict, words) {
	printf "%-12s %-4s %-44s %s\n", verdict, id, work, words
	count[verdict]++
}

function judge_ratio(rule, ours, peers, value,    i, n, list, peer, ratio, worst, by) {
	n = split(peers, list, / +/)
	for (i = 1; i <= n; i++) {
		peer = full_name(list[i], ours)
		if (state[peer] == "refused")
			continue
		if (!(peer in median)) {
			say("not measured", peer " is " (peer in state ? state[peer] : "missing"))
			return
		}
		ratio = quotient(rule, median, ours, peer)
		if (by == "" || is_worse(rule, ratio, worst)) {
			worst = ratio
			by = peer
		}
	}
	say(is_met(rule, worst, value) ? "met" : "missed",
	    sprintf("expected %s %.2f%s, got %.2f (%.2f): %s %.0f, %s %.0f",
		    rule == "faster" ? "at least" : "at most", value,
		    margin ? sprintf(" within %d %%", margin * 100) : "", worst,
		    quotient(rule, least, ours, by), ours, median[ours], by, median[by]))
}

function judge(line,    part, ours) {
	split(line, part, "|")
	id = trim(part[1])
	work = trim(part[3])
	ours = trim(part[4])
	if (trim(part[column]) == "-")
		return
	if (!(ours in median))
		say("not measured", ours " is " (ours in state ? state[ours] : "missing"))
	else if (trim(part[6]) == "at-most")
		say(is_met("at-most", median[ours], part[column]) ? "met" : "missed",
		    sprintf("expected at most %s, got %.0f", trim(part[column]), median[ours]))
	else
		judge_ratio(trim(part[6]), ours, trim(part[5]), trim(part[column]))
}

BEGIN {
	if (!column)
		column = 7
	FS = ","
}

FNR == NR {
	if ($0 ~ /^[ \t]*(#|$)/)
		next
	split($0, words, "|")
	if (trim(words[2]) == kind)
		lines[++line_count] = $0
	next
}

{ read_figures() }

END {
	for (i = 1; i <= line_count; i++)
		judge(lines[i])
	printf "%d met, %d missed, %d not measured\n", count["met"], count["missed"],
	       count["not measured"]
	exit count["met"] != line_count || !line_count
}
