# SPDX-License-Identifier: GPL-2.0-only
#
# Lists what the uapi headers define and what the module takes, for spec_test.c:
#
#	CONSTANT(name)		an enumerator, or a right
#	TYPE(name, "type")	the type that the comment gives to an attribute
#	OP(name, policy)	the policy of a command
#	TAKES(policy, name, "type")	an attribute that a policy takes

/^\tMBOX_[A-Z0-9_]+( = [0-9]+)?,$/ {
	sub(/,.*| =.*/, "", $1)
	print "CONSTANT(" $1 ")"
}

/^#define MBOX_RIGHT_[A-Z]+[ \t]/ { print "CONSTANT(" $2 ")" }

/^ \* @MBOX_A_[A-Z0-9_]+: [a-z0-9]+[:,] / {
	gsub(/[@:]/, "", $2)
	sub(/[:,]/, "", $3)
	print "TYPE(" $2 ", \"" $3 "\")"
}

/^static const struct nla_policy [a-z_]+\[\] = {/ {
	policy = $5
	sub(/\[.*/, "", policy)
}

/^};/ { policy = "" }

/^\t\[MBOX_A_[A-Z0-9_]+\] = / && policy != "" {
	type = /NAME_POLICY/ ? "NAME_POLICY" : $6
	gsub(/[][]/, "", $1)
	sub(/,.*/, "", type)
	print "TAKES(" policy ", " $1 ", \"" type "\")"
}

/^\t{ OP\(MBOX_CMD_[A-Z_]+, / {
	sub(/.*\(/, "", $2)
	sub(/,.*/, "", $2)
	sub(/\).*/, "", $4)
	print "OP(" $2 ", " $4 ")"
}
