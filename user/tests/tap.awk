# SPDX-License-Identifier: GPL-2.0-only
#
# Checks the TAP of one test, whose name and status are given, and prints its
# results under that name; one more if the test itself is at fault.

function fault(what)
{
	print "not ok - " name ": " what
	at_fault = 1
}

/^(not )?ok / {
	results++
	if ($1 == "not")
		failures++
	sub(/ok [0-9]+ - /, "ok - " name ": ")
	print
	next
}

/^1\.\.[0-9]+$/ {
	plans++
	plan = substr($0, 4) + 0
	next
}

{ print /^#/ ? $0 : "# " $0 }

END {
	if (status == 124)
		fault("took too long")
	else if (plans != 1)
		fault("ended without its plan, status " status)
	else if (plan != results || !results)
		fault("planned " plan " results and gave " results + 0)
	else if (status != 0 && !failures)
		fault("ended with status " status)
	else if (status == 0 && failures)
		fault("ended with status 0 in spite of failures")
}
