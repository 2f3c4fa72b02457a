# SPDX-License-Identifier: GPL-2.0-only
#
# Takes the transcript out of a page: its blocks ".. code-block:: console", one
# after the other, and its comment ".. needs: WORD...".

/^\.\. needs: / {
	sub(/^\.\. /, "")
	print
	next
}

/^\.\. code-block:: console$/ {
	inside = 1
	indent = 0
	next
}

inside && /^[^ \t]/ { inside = 0 }

inside && !indent && /^ +[^ :]/ {
	match($0, /^ +/)
	indent = RLENGTH
}

inside && indent { print substr($0, indent + 1) }
