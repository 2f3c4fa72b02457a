// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <strings.h>

#include "select.h"

const char *section_of(const struct claim *claim)
{
	if (isdigit((unsigned char)*claim->row))
		return "A1";
	return claim->row[1] == '2' ? "A2" : "A3";
}

static bool selects(const char *word, const struct group *group, const struct claim *claim)
{
	return !strcasecmp(word, group->name) || !strcasecmp(word, claim->row) ||
	       !strcasecmp(word, section_of(claim));
}

bool is_selector(const char *word)
{
	for (const struct group *group = groups; group->name; group++)
		for (const struct claim *claim = group->claims; claim->row; claim++)
			if (selects(word, group, claim))
				return true;
	return false;
}

bool is_selected(const struct group *group, const struct claim *claim, char *const *words)
{
	if (!*words)
		return !group->missing || !group->missing();
	for (; *words; words++)
		if (selects(*words, group, claim))
			return true;
	return false;
}
