// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include <mbox.h>

#include "../tools/output.h"
#include "report.h"
#include "select.h"

#define WIDTH	80

static enum report_form form;
static const struct group *last_group;
static struct json json;
static int total;
static int counts[VERDICT_SKIPPED + 1];

static const char *const words[] = {
	[VERDICT_UNEXPECTED] = "unexpected",
	[VERDICT_TRUE] = "true",
	[VERDICT_OUTDATED] = "outdated",
	[VERDICT_SKIPPED] = "skipped",
};

static size_t word_length(const char *text)
{
	return strcspn(text, " ");
}

/* A comment "#   label:  text", its further lines under the text. */
static void comment(const char *label, const char *text)
{
	int column = printf("#   %-10s", label);

	while (*text) {
		size_t length = word_length(text);

		if (column + 1 + length > WIDTH)
			column = printf("\n#   %-10s", "") - 1;
		column += printf(" %.*s", (int)length, text);
		text += length;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static void tap_begin(void)
{
	struct utsname name;

	if (form == REPORT_QUIET || uname(&name))
		return;
	printf("# ipclaims %s on %s %s, %s\n", MBOX_VERSION, name.sysname, name.release,
	       name.machine);
}

static void tap_line(const struct claim *claim, const struct finding *finding,
		     enum verdict verdict)
{
	static const char skip[] = " # SKIP ";
	int used = printf("%sok %d - %s %s", verdict == VERDICT_UNEXPECTED ? "not " : "", total,
			  claim->row, claim->text);
	int room = WIDTH - used - (int)strlen(skip);

	if (verdict == VERDICT_OUTDATED)
		printf(" # claim is outdated: observed %s", finding->brief);
	else if (verdict == VERDICT_SKIPPED)
		printf("%s%.*s", skip, room > 0 ? room : 0, finding->skipped);
	putchar('\n');
}

/* What the checker did not expect, and what it would have taken. */
static void tap_fault(const struct claim *claim, const struct finding *finding)
{
	char expected[160] = "";

	if (*finding->fault) {
		comment("failed:", finding->fault);
		return;
	}
	for (const struct outcome *outcome = claim->outcomes; outcome->name; outcome++)
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected),
			 "%s'%s'", *expected ? " or " : "", outcome->name);
	if (finding->differs) {
		comment("failed:", "a part of it was not as expected");
		return;
	}
	comment("outcome:", *finding->outcome ? finding->outcome : "none");
	comment("expected:", expected);
}

static void tap_comments(const struct group *group, const struct claim *claim,
			 const struct finding *finding, enum verdict verdict)
{
	if (group != last_group)
		printf("# %s: %s\n", group->name, group->about);
	last_group = group;
	tap_line(claim, finding, verdict);
	comment("lecture:", claim->lectures);
	comment("says:", claim->says);
	if (*finding->observed)
		comment("observed:", finding->observed);
	if (claim->note)
		comment("note:", claim->note);
	if (verdict == VERDICT_SKIPPED)
		comment("skipped:", finding->skipped);
	if (verdict == VERDICT_UNEXPECTED)
		tap_fault(claim, finding);
	comment("page:", claim->page);
}

static void json_claim(const struct group *group, const struct claim *claim,
		       const struct finding *finding, enum verdict verdict)
{
	fputs(total > 1 ? ",\n" : "\n", stdout);
	json.comma = false;
	json_open(&json, NULL, '{');
	json_string(&json, "row", claim->row);
	json_string(&json, "section", section_of(claim));
	json_string(&json, "group", group->name);
	json_string(&json, "lectures", claim->lectures);
	json_string(&json, "claim", claim->text);
	json_string(&json, "says", claim->says);
	json_string(&json, "verdict", words[verdict]);
	json_string(&json, "outcome", finding->outcome);
	json_string(&json, "brief", finding->brief);
	json_string(&json, "observed", finding->observed);
	json_string(&json, "skipped", finding->skipped);
	json_string(&json, "fault", finding->fault);
	json_string(&json, "note", claim->note ? claim->note : "");
	json_string(&json, "page", claim->page);
	json_close(&json, '}');
}

static void json_begin(void)
{
	struct utsname name;

	json.out = stdout;
	json_open(&json, NULL, '{');
	json_string(&json, "version", MBOX_VERSION);
	if (!uname(&name)) {
		json_string(&json, "kernel", name.release);
		json_string(&json, "machine", name.machine);
	}
	json_open(&json, "claims", '[');
}

static void json_end(void)
{
	putchar('\n');
	json_close(&json, ']');
	json_number(&json, "total", total);
	for (int verdict = VERDICT_UNEXPECTED; verdict <= VERDICT_SKIPPED; verdict++)
		json_number(&json, words[verdict], counts[verdict]);
	json_close(&json, '}');
	putchar('\n');
}

static void tap_end(void)
{
	printf("1..%d\n", total);
	printf("# %d claims: %d true, %d outdated, %d skipped", total, counts[VERDICT_TRUE],
	       counts[VERDICT_OUTDATED], counts[VERDICT_SKIPPED]);
	if (counts[VERDICT_UNEXPECTED])
		printf(", %d unexpected", counts[VERDICT_UNEXPECTED]);
	putchar('\n');
}

void report_begin(enum report_form how)
{
	form = how;
	if (form == REPORT_JSON)
		json_begin();
	else
		tap_begin();
}

void report_claim(const struct group *group, const struct claim *claim,
		  const struct finding *finding, enum verdict verdict)
{
	total++;
	counts[verdict]++;
	if (form == REPORT_JSON)
		json_claim(group, claim, finding, verdict);
	else if (form == REPORT_TAP || verdict == VERDICT_UNEXPECTED)
		tap_comments(group, claim, finding, verdict);
	else
		tap_line(claim, finding, verdict);
	fflush(stdout);
}

int report_end(void)
{
	if (form == REPORT_JSON)
		json_end();
	else
		tap_end();
	return counts[VERDICT_UNEXPECTED];
}
