// SPDX-License-Identifier: GPL-2.0-only
/* The rows as comma-separated values, as RFC 4180 has them but for the CR. */
#include <math.h>
#include <string.h>

#include "field.h"
#include "report.h"

static void put_text(const char *text, FILE *out)
{
	if (!strpbrk(text, ",\"\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

/* What is not known is empty. */
static void put_real(double value, FILE *out)
{
	if (isfinite(value))
		fprintf(out, "%.9g", value);
}

static void put_field(const struct field *field, const void *at, FILE *out)
{
	switch (field->kind) {
	case FIELD_TEXT:
		put_text(at, out);
		break;
	case FIELD_SIZE:
		fprintf(out, "%zu", *(const size_t *)at);
		break;
	case FIELD_UINT:
		fprintf(out, "%u", *(const unsigned int *)at);
		break;
	case FIELD_U64:
		fprintf(out, "%ju", (uintmax_t)*(const uint64_t *)at);
		break;
	case FIELD_BOOL:
		fputs(*(const bool *)at ? "yes" : "no", out);
		break;
	case FIELD_REAL:
		put_real(*(const double *)at, out);
		break;
	case FIELD_PLACE:
		fputs(placement_name(*(const enum placement *)at), out);
		break;
	case FIELD_STATE:
		fputs(row_state_name(*(const enum row_state *)at), out);
		break;
	}
}

static void put_separator(const struct field *field, FILE *out)
{
	fputc(field[1].name ? ',' : '\n', out);
}

int report_csv(const struct results *results, FILE *out)
{
	for (const struct field *field = row_fields; field->name; field++) {
		fputs(field->name, out);
		put_separator(field, out);
	}
	for (size_t i = 0; i < results->row_count; i++) {
		const char *row = (const char *)&results->rows[i];

		for (const struct field *field = row_fields; field->name; field++) {
			put_field(field, row + field->offset, out);
			put_separator(field, out);
		}
	}
	return 0;
}
