// SPDX-License-Identifier: GPL-2.0-only
/*
 * The netlink spec, the headers and the module say the same: each command,
 * attribute, enum entry and bound of the spec is in the headers, and back, with
 * the same value; and each operation takes the attributes that its policy in
 * the module has. names.awk lists what the others define; the compiler gives
 * the values.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <yaml.h>
#include <linux/mbox.h>
#include <linux/mbox_netlink.h>
#include "tap.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

struct constant {
	const char *name;
	unsigned long long value;
};

struct type {
	const char *name;
	const char *type;
};

struct op {
	const char *name;
	const char *policy;
};

struct taken {
	const char *policy;
	const char *name;
	const char *type;
};

#define CONSTANT(name)	{ #name, name },
#define TYPE(name, type)
#define OP(name, policy)
#define TAKES(policy, name, type)
static const struct constant constants[] = {
#include "names.inc"
};

#undef CONSTANT
#undef TYPE
#define CONSTANT(name)
#define TYPE(name, type)	{ #name, type },
static const struct type types[] = {
#include "names.inc"
};

#undef TYPE
#undef OP
#define TYPE(name, type)
#define OP(name, policy)	{ #name, #policy },
static const struct op ops[] = {
#include "names.inc"
};

#undef OP
#undef TAKES
#define OP(name, policy)
#define TAKES(policy, name, type)	{ #policy, #name, type },
static const struct taken taken[] = {
#include "names.inc"
};

static yaml_document_t spec;
static bool seen[COUNT(constants)];

/* ---- reading the spec ------------------------------------------------------ */

static void die(const char *what, const char *which)
{
	printf("# %s: %s\n", what, which);
	exit(1);
}

static void load(const char *path)
{
	FILE *file = fopen(path, "r");
	yaml_parser_t parser;

	if (!file || !yaml_parser_initialize(&parser))
		die("cannot read", path);
	yaml_parser_set_input_file(&parser, file);
	if (!yaml_parser_load(&parser, &spec))
		die("no YAML", parser.problem);
	yaml_parser_delete(&parser);
	fclose(file);
}

static const char *text(const yaml_node_t *node)
{
	if (!node || node->type != YAML_SCALAR_NODE)
		return "";
	return (const char *)node->data.scalar.value;
}

static const yaml_node_t *member(const yaml_node_t *node, const char *key)
{
	const yaml_node_pair_t *pair;

	if (!node || node->type != YAML_MAPPING_NODE)
		return NULL;
	for (pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		if (!strcmp(text(yaml_document_get_node(&spec, pair->key)), key))
			return yaml_document_get_node(&spec, pair->value);
	}
	return NULL;
}

static const char *member_text(const yaml_node_t *node, const char *key)
{
	return text(member(node, key));
}

static size_t length(const yaml_node_t *node)
{
	if (!node || node->type != YAML_SEQUENCE_NODE)
		return 0;
	return (size_t)(node->data.sequence.items.top -
			node->data.sequence.items.start);
}

static const yaml_node_t *item(const yaml_node_t *node, size_t index)
{
	return yaml_document_get_node(&spec,
				      node->data.sequence.items.start[index]);
}

/* The item of a list of mappings that has this name. */
static const yaml_node_t *named(const yaml_node_t *list, const char *name)
{
	for (size_t i = 0; i < length(list); i++) {
		if (!strcmp(member_text(item(list, i), "name"), name))
			return item(list, i);
	}
	return NULL;
}

static const yaml_node_t *root(const char *key)
{
	const yaml_node_t *node =
		member(yaml_document_get_root_node(&spec), key);

	if (!node)
		die("missing", key);
	return node;
}

/* ---- names ------------------------------------------------------------------- */

/* "mbox-a-mailbox-" and "max-size" give MBOX_A_MAILBOX_MAX_SIZE. */
static const char *c_name(const char *prefix, const char *name)
{
	static char buf[128];
	size_t i;

	snprintf(buf, sizeof(buf), "%s%s", prefix, name);
	for (i = 0; buf[i]; i++)
		buf[i] = buf[i] == '-' ? '_' : (char)toupper(buf[i]);
	return buf;
}

static bool has_value(const char *name, unsigned long long value)
{
	for (size_t i = 0; i < COUNT(constants); i++) {
		if (strcmp(constants[i].name, name))
			continue;
		seen[i] = true;
		return constants[i].value == value;
	}
	return false;
}

static size_t with_prefix(const char *prefix)
{
	size_t count = 0;

	for (size_t i = 0; i < COUNT(constants); i++)
		count += !strncmp(constants[i].name, prefix, strlen(prefix));
	return count;
}

/* An entry is a mapping with a name, or the name itself. */
static const char *entry_name(const yaml_node_t *entry)
{
	const char *name = member_text(entry, "name");

	return *name ? name : text(entry);
}

/* Each entry of @list has the value that its place gives it. */
static void test_values(const yaml_node_t *list, const char *prefix,
			unsigned int first, bool flags)
{
	for (size_t i = 0; i < length(list); i++) {
		const yaml_node_t *entry = item(list, i);
		const char *name = c_name(prefix, entry_name(entry));
		unsigned long long value = first + i;

		if (*member_text(entry, "value"))
			value = strtoull(member_text(entry, "value"), NULL, 0);
		ok(has_value(name, flags ? 1ULL << value : value), name);
		ok(*member_text(entry, "doc"), "it has a doc string");
	}
}

/* ---- tests -------------------------------------------------------------------- */

static void test_family(void)
{
	const yaml_node_t *groups = member(root("mcast-groups"), "list");

	is_str(text(root("name")), MBOX_GENL_NAME, "name of the family");
	is_str(text(root("protocol")), "genetlink", "protocol");
	is_int(MBOX_GENL_VERSION, 1, "the version that a spec implies");
	is_str(text(root("uapi-header")), "linux/mbox_netlink.h", "header");
	is_int(length(groups), 1, "one group");
	ok(named(groups, MBOX_MCGRP_EVENTS), "of that name");
	is_str(text(item(member(item(groups, 0), "flags"), 0)), "admin-perm",
	       "for which one needs a capability");
}

/* Keys that the format knows, as far as they are used. */
static const char * const family_keys[] = {
	"name", "protocol", "uapi-header", "doc", "definitions",
	"attribute-sets", "operations", "mcast-groups", NULL
};

static const char * const definition_keys[] = {
	"name", "type", "header", "doc", "value", "entries", NULL
};

static const char * const set_keys[] = {
	"name", "enum-name", "doc", "attributes", NULL
};

static const char * const attribute_keys[] = {
	"name", "type", "doc", "enum", "enum-as-flags", "checks", "value", NULL
};

static const char * const operation_keys[] = {
	"name", "doc", "attribute-set", "do", "dump", "event", "mcgrp",
	"value", "flags", NULL
};

static bool is_among(const char *key, const char * const *keys)
{
	while (*keys && strcmp(*keys, key))
		keys++;
	return *keys;
}

static void test_keys(const yaml_node_t *node, const char * const *allowed)
{
	const yaml_node_pair_t *pair;

	for (pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		const char *key =
			text(yaml_document_get_node(&spec, pair->key));

		if (!is_among(key, allowed))
			ok(false, key);
	}
}

/* The format has these keys and no others: a slip would pass unseen. */
static void test_format(void)
{
	const yaml_node_t *sets = root("attribute-sets");
	const yaml_node_t *operations = member(root("operations"), "list");

	test_keys(yaml_document_get_root_node(&spec), family_keys);
	for (size_t i = 0; i < length(root("definitions")); i++)
		test_keys(item(root("definitions"), i), definition_keys);
	for (size_t i = 0; i < length(sets); i++) {
		const yaml_node_t *attrs = member(item(sets, i), "attributes");

		test_keys(item(sets, i), set_keys);
		for (size_t j = 0; j < length(attrs); j++)
			test_keys(item(attrs, j), attribute_keys);
	}
	for (size_t i = 0; i < length(operations); i++)
		test_keys(item(operations, i), operation_keys);
	ok(true, "no unknown keys");
}

static void test_attributes(void)
{
	const yaml_node_t *sets = root("attribute-sets");
	const yaml_node_t *mailbox = named(sets, "mailbox");
	const yaml_node_t *event = named(sets, "event");

	is_int(length(sets), 2, "two sets of attributes");
	test_values(member(mailbox, "attributes"), "mbox-a-mailbox-", 1, false);
	is_int(length(member(mailbox, "attributes")), MBOX_A_MAILBOX_MAX,
	       "all attributes of a mailbox");
	test_values(member(event, "attributes"), "mbox-a-event-", 1, false);
	is_int(length(member(event, "attributes")), MBOX_A_EVENT_MAX,
	       "all attributes of an event");
}

static void test_commands(void)
{
	const yaml_node_t *list = member(root("operations"), "list");

	test_values(list, "mbox-cmd-", 1, false);
	is_int(length(list), MBOX_CMD_MAX, "all commands");
}

static void test_definitions(void)
{
	const yaml_node_t *list = root("definitions");

	test_values(member(named(list, "kind"), "entries"), "mbox-kind-", 0,
		    false);
	test_values(member(named(list, "policy"), "entries"), "mbox-policy-", 0,
		    false);
	test_values(member(named(list, "right"), "entries"), "mbox-right-", 0,
		    true);
}

/* The way back: what the header has, the spec has had. */
static void test_nothing_is_left_out(void)
{
	for (size_t i = 0; i < COUNT(constants); i++) {
		/* How a handle reads, writes and maps is no business of netlink. */
		if (!strncmp(constants[i].name, "MBOX_FRAMING_", 13) ||
		    !strncmp(constants[i].name, "MBOX_MAP_", 9))
			continue;
		ok(seen[i], constants[i].name);
	}
	is_int(with_prefix("MBOX_CMD_"), MBOX_CMD_MAX, "the list of commands");
	is_int(with_prefix("MBOX_A_MAILBOX_"), MBOX_A_MAILBOX_MAX,
	       "the list of attributes of a mailbox");
	is_int(with_prefix("MBOX_A_EVENT_"), MBOX_A_EVENT_MAX,
	       "the list of attributes of an event");
	ok(with_prefix("MBOX_KIND_") && with_prefix("MBOX_POLICY_") &&
	   with_prefix("MBOX_RIGHT_"), "and the others are not empty");
}

/* ---- types and bounds ---------------------------------------------------------- */

static const yaml_node_t *find_attribute(const char *set, const char *name)
{
	const yaml_node_t *node =
		named(member(named(root("attribute-sets"), set), "attributes"),
		      name);

	if (!node)
		die("not there", name);
	return node;
}

static const char *type_in_header(const char *name)
{
	for (size_t i = 0; i < COUNT(types); i++) {
		if (!strcmp(types[i].name, name))
			return types[i].type;
	}
	return "";
}

static void test_types(const char *set, const char *prefix)
{
	const yaml_node_t *list =
		member(named(root("attribute-sets"), set), "attributes");

	for (size_t i = 0; i < length(list); i++) {
		const yaml_node_t *attr = item(list, i);
		const char *name = c_name(prefix, entry_name(attr));
		const char *type = type_in_header(name);

		if (!strcmp(entry_name(attr), "pad"))
			type = "pad";
		is_str(member_text(attr, "type"), type, name);
	}
}

static void test_bound(const char *set, const char *name, const char *check,
		       unsigned long long want)
{
	const yaml_node_t *checks = member(find_attribute(set, name), "checks");

	is_int(strtoull(member_text(checks, check), NULL, 0), want, name);
}

static void test_bounds(void)
{
	test_bound("mailbox", "name", "min-len", 1);
	test_bound("mailbox", "name", "max-len", MBOX_NAME_MAX);
	test_bound("event", "name", "min-len", 1);
	test_bound("event", "name", "max-len", MBOX_NAME_MAX);
	test_bound("mailbox", "mode", "max", 0666);
	test_bound("mailbox", "max-msgs", "max", MBOX_MSGS_MAX);
	test_bound("mailbox", "max-size", "max", MBOX_SIZE_MAX);
	test_bound("mailbox", "max-bytes", "max", MBOX_BYTES_MAX);
}

static void test_const(const char *name, unsigned long long want)
{
	const yaml_node_t *node = named(root("definitions"), name);

	is_str(member_text(node, "type"), "const", name);
	is_int(strtoull(member_text(node, "value"), NULL, 0), want, name);
}

static void test_consts(void)
{
	test_const("name-max", MBOX_NAME_MAX);
	test_const("msgs-max", MBOX_MSGS_MAX);
	test_const("size-max", MBOX_SIZE_MAX);
	test_const("bytes-max", MBOX_BYTES_MAX);
}

/* ---- operations ------------------------------------------------------------------ */

static void test_known(const yaml_node_t *list, const char *set)
{
	const yaml_node_t *attrs =
		member(named(root("attribute-sets"), set), "attributes");
	bool known = length(list) > 0;

	for (size_t i = 0; i < length(list); i++)
		known = known && named(attrs, text(item(list, i)));
	ok(known, "it carries attributes of its set");
}

static void test_request(const yaml_node_t *op)
{
	const yaml_node_t *how = member(op, "do");
	const yaml_node_t *reply = member(how, "reply");

	ok(!member(op, "event") && !member(op, "mcgrp"), "it is no event");
	is_str(member_text(op, "attribute-set"), "mailbox", "its set");
	test_known(member(member(how, "request"), "attributes"), "mailbox");
	if (reply)
		test_known(member(reply, "attributes"), "mailbox");
}

static bool lists(const yaml_node_t *list, const char *name)
{
	for (size_t i = 0; i < length(list); i++) {
		if (!strcmp(text(item(list, i)), name))
			return true;
	}
	return false;
}

static void test_event(const yaml_node_t *op)
{
	const yaml_node_t *attrs = member(member(op, "event"), "attributes");

	ok(!member(op, "do") && !member(op, "dump"), "it is no request");
	is_str(member_text(op, "attribute-set"), "event", "its set");
	is_str(member_text(op, "mcgrp"), MBOX_MCGRP_EVENTS, "its group");
	test_known(attrs, "event");
	ok(lists(attrs, "seq") && lists(attrs, "time") && lists(attrs, "id") &&
	   lists(attrs, "name"), "it has what all events have");
}

static void test_operations(void)
{
	const yaml_node_t *list = member(root("operations"), "list");

	for (size_t i = 0; i < length(list); i++) {
		const yaml_node_t *op = item(list, i);
		const char *suffix = strstr(member_text(op, "name"), "-ntf");

		ok(true, member_text(op, "name"));
		if (suffix && !strcmp(suffix, "-ntf"))
			test_event(op);
		else
			test_request(op);
	}
	ok(member(named(list, "get"), "dump"), "get can dump");
}

/* ---- the module -------------------------------------------------------------- */

static const char *policy_of(const char *command)
{
	for (size_t i = 0; i < COUNT(ops); i++) {
		if (!strcmp(ops[i].name, command))
			return ops[i].policy;
	}
	return "";
}

static const char *spec_type(const char *policy_type)
{
	static const char * const pairs[][2] = {
		{ "NLA_U32", "u32" }, { "NLA_U64", "u64" },
		{ "NLA_FLAG", "flag" }, { "NAME_POLICY", "string" },
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		if (!strcmp(pairs[i][0], policy_type))
			return pairs[i][1];
	}
	return policy_type;
}

/* Every attribute that the policy takes is in the request, with its type. */
static size_t test_taken(const char *policy, const yaml_node_t *request)
{
	const char *prefix = "MBOX_A_MAILBOX_";
	size_t count = 0;

	for (size_t i = 0; i < COUNT(taken); i++) {
		char name[64];
		size_t j;

		if (strcmp(taken[i].policy, policy))
			continue;
		count++;
		snprintf(name, sizeof(name), "%s",
			 taken[i].name + strlen(prefix));
		for (j = 0; name[j]; j++)
			name[j] = name[j] == '_' ? '-' : (char)tolower(name[j]);
		ok(lists(request, name), taken[i].name);
		is_str(spec_type(taken[i].type),
		       member_text(find_attribute("mailbox", name), "type"),
		       "with that type");
	}
	return count;
}

static void test_module(void)
{
	const yaml_node_t *list = member(root("operations"), "list");
	size_t requests = 0;

	for (size_t i = 0; i < length(list); i++) {
		const yaml_node_t *op = item(list, i);
		const yaml_node_t *request =
			member(member(member(op, "do"), "request"),
			       "attributes");
		const char *name = c_name("mbox-cmd-", member_text(op, "name"));

		if (!request)
			continue;
		requests++;
		ok(*policy_of(name), name);
		is_int(test_taken(policy_of(name), request), length(request),
		       "takes what its policy takes");
	}
	is_int(requests, COUNT(ops), "all operations of the module");
}

int main(void)
{
	load(SPEC);
	test_format();
	test_family();
	test_attributes();
	test_commands();
	test_definitions();
	test_nothing_is_left_out();
	test_types("mailbox", "mbox-a-mailbox-");
	test_types("event", "mbox-a-event-");
	test_bounds();
	test_consts();
	test_operations();
	test_module();
	yaml_document_delete(&spec);
	return tap_done();
}
