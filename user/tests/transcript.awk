# SPDX-License-Identifier: GPL-2.0-only
#
# Makes a shell script of a transcript. Each command's output goes to a file
# STEPS/NUMBER.got, what is expected of it to STEPS/NUMBER.expected.

function end_command() {
	if (!open)
		return
	printf "\n} > '%s.got' 2>&1 || status=$?\n", step
	printf "[ \"$status\" -eq 0 ] || echo \"(status $status)\" >> '%s.got'\n", step
	open = 0
}

function begin_command(text) {
	end_command()
	step = sprintf("%s/%03d", steps, ++count)
	printf "" > (step ".expected")
	# A line that the comparison shows with a difference, and no more.
	printf "%s\n", text > (step ".command")
	printf "status=0\n: > '%s.got'\n{ :; %s", step, text
	open = 1
}

/^\$ / {
	begin_command(substr($0, 3))
	next
}

/^> / && open {
	printf "\n%s", substr($0, 3)
	next
}

count {
	end_command()
	print > (step ".expected")
}

END {
	end_command()
	if (!count) {
		print "no command in the transcript" > "/dev/stderr"
		exit 1
	}
}
