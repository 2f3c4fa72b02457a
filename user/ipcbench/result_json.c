// SPDX-License-Identifier: GPL-2.0-only
/* The results as JSON, and back. What is not known is null there. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../lab/array.h"
#include "field.h"
#include "report.h"

static json_t *json_of_real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *json_of_field(const struct field *field, const void *at)
{
	switch (field->kind) {
	case FIELD_TEXT:
		return json_string(at);
	case FIELD_SIZE:
		return json_integer(*(const size_t *)at);
	case FIELD_UINT:
		return json_integer(*(const unsigned int *)at);
	case FIELD_U64:
		return json_integer(*(const uint64_t *)at);
	case FIELD_BOOL:
		return json_boolean(*(const bool *)at);
	case FIELD_REAL:
		return json_of_real(*(const double *)at);
	case FIELD_PLACE:
		return json_string(placement_name(*(const enum placement *)at));
	case FIELD_STATE:
		return json_string(row_state_name(*(const enum row_state *)at));
	}
	return NULL;
}

static json_t *json_of_fields(const struct field *fields, const void *base)
{
	json_t *object = json_object();

	for (const struct field *field = fields; field->name; field++)
		json_object_set_new(object, field->name,
				    json_of_field(field, (const char *)base + field->offset));
	return object;
}

static json_t *json_of_row(const struct row *row)
{
	json_t *object = json_of_fields(row_fields, row);
	json_t *curve = json_array();

	for (size_t i = 0; row->trips.count && i < CURVE_POINTS; i++)
		json_array_append_new(curve, json_of_real(row->curve[i]));
	json_object_set_new(object, "curve", curve);
	return object;
}

static json_t *json_of_machine(const struct machine *machine)
{
	json_t *object = json_of_fields(machine_fields, machine);
	json_t *limits = json_array();

	for (size_t i = 0; machine->limits[i][0]; i++)
		json_array_append_new(limits, json_string(machine->limits[i]));
	json_object_set_new(object, "limits", limits);
	return object;
}

int results_write_json(const struct results *results, FILE *out)
{
	json_t *top = json_of_fields(run_fields, results);
	json_t *mechanisms = json_array(), *rows = json_array();
	int ret;

	for (size_t i = 0; i < results->mechanism_count; i++)
		json_array_append_new(mechanisms, json_of_fields(mechanism_fields,
								 &results->mechanisms[i]));
	for (size_t i = 0; i < results->row_count; i++)
		json_array_append_new(rows, json_of_row(&results->rows[i]));
	json_object_set_new(top, "machine", json_of_machine(&results->machine));
	json_object_set_new(top, "mechanisms", mechanisms);
	json_object_set_new(top, "rows", rows);
	ret = json_dumpf(top, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
	json_decref(top);
	fputc('\n', out);
	return ret ? -ENOMEM : 0;
}

/* Which of the names of an enum @text is, -1 if none. */
static int name_index(const char *text, const char *(*name)(int))
{
	for (int i = 0; name(i); i++)
		if (!strcmp(text, name(i)))
			return i;
	return -1;
}

static const char *place_by_number(int number)
{
	return number <= PLACED_FREE ? placement_name(number) : NULL;
}

static const char *state_by_number(int number)
{
	return number <= ROW_FAILED ? row_state_name(number) : NULL;
}

static bool read_text(const struct field *field, const json_t *value, char *at)
{
	if (!json_is_string(value) || json_string_length(value) >= field->room)
		return false;
	strcpy(at, json_string_value(value));
	return true;
}

static bool read_name(const json_t *value, const char *(*name)(int), int *number)
{
	*number = json_is_string(value) ? name_index(json_string_value(value), name) : -1;
	return *number >= 0;
}

static bool read_real(const json_t *value, double *at)
{
	*at = json_is_null(value) ? NAN : json_number_value(value);
	return json_is_null(value) || json_is_number(value);
}

static bool read_count(const struct field *field, const json_t *value, void *at)
{
	json_int_t count = json_integer_value(value);

	if (!json_is_integer(value) || count < 0)
		return false;
	if (field->kind == FIELD_SIZE)
		*(size_t *)at = count;
	else if (field->kind == FIELD_U64)
		*(uint64_t *)at = count;
	else if (count <= UINT32_MAX)
		*(unsigned int *)at = count;
	return field->kind != FIELD_UINT || count <= UINT32_MAX;
}

static bool read_field(const struct field *field, const json_t *value, void *at)
{
	int number;

	switch (field->kind) {
	case FIELD_TEXT:
		return read_text(field, value, at);
	case FIELD_BOOL:
		*(bool *)at = json_is_true(value);
		return json_is_boolean(value);
	case FIELD_REAL:
		return read_real(value, at);
	case FIELD_PLACE:
		if (!read_name(value, place_by_number, &number))
			return false;
		*(enum placement *)at = number;
		return true;
	case FIELD_STATE:
		if (!read_name(value, state_by_number, &number))
			return false;
		*(enum row_state *)at = number;
		return true;
	default:
		return read_count(field, value, at);
	}
}

/* Name of the first member that is missing or wrong, NULL if all are right. */
static const char *read_fields(const struct field *fields, const json_t *object, void *base)
{
	for (const struct field *field = fields; field->name; field++)
		if (!read_field(field, json_object_get(object, field->name),
				(char *)base + field->offset))
			return field->name;
	return NULL;
}

static const char *read_row(const json_t *object, struct row *row)
{
	const json_t *curve = json_object_get(object, "curve");
	const char *wrong = read_fields(row_fields, object, row);

	if (wrong)
		return wrong;
	if (!json_is_array(curve) ||
	    json_array_size(curve) != (row->trips.count ? CURVE_POINTS : 0))
		return "curve";
	for (size_t i = 0; i < json_array_size(curve); i++)
		if (!read_real(json_array_get(curve, i), &row->curve[i]))
			return "curve";
	return NULL;
}

static const char *read_rows(const json_t *array, struct results *results)
{
	const char *wrong;
	struct row *row;

	if (!json_is_array(array))
		return "rows";
	for (size_t i = 0; i < json_array_size(array); i++) {
		row = results_add_row(results);
		wrong = row ? read_row(json_array_get(array, i), row) : "rows";
		if (wrong)
			return wrong;
	}
	return NULL;
}

static const char *read_mechanisms(const json_t *array, struct results *results)
{
	const char *wrong;
	size_t count = json_array_size(array);

	if (!json_is_array(array) || !count)
		return "mechanisms";
	results->mechanisms = calloc(count, sizeof(*results->mechanisms));
	if (!results->mechanisms)
		return "mechanisms";
	results->mechanism_count = count;
	for (size_t i = 0; i < count; i++) {
		wrong = read_fields(mechanism_fields, json_array_get(array, i),
				    &results->mechanisms[i]);
		if (wrong)
			return wrong;
	}
	return NULL;
}

static const char *read_machine(const json_t *object, struct machine *machine)
{
	const json_t *limits = json_object_get(object, "limits");
	const size_t room = ARRAY_SIZE(machine->limits);
	const struct field limit = { "limits", FIELD_TEXT, 0, sizeof(machine->limits[0]) };
	const char *wrong = read_fields(machine_fields, object, machine);

	if (wrong)
		return wrong;
	if (!json_is_array(limits) || json_array_size(limits) >= room)
		return limit.name;
	for (size_t i = 0; i < json_array_size(limits); i++)
		if (!read_text(&limit, json_array_get(limits, i), machine->limits[i]))
			return limit.name;
	return NULL;
}

static const char *read_top(const json_t *top, struct results *results)
{
	const char *wrong = read_fields(run_fields, top, results);

	if (!wrong)
		wrong = read_machine(json_object_get(top, "machine"), &results->machine);
	if (!wrong)
		wrong = read_mechanisms(json_object_get(top, "mechanisms"), results);
	return wrong ? wrong : read_rows(json_object_get(top, "rows"), results);
}

struct results *results_read_json(FILE *in, const char *name)
{
	struct results *results;
	const char *wrong;
	json_error_t error;
	json_t *top = json_loadf(in, 0, &error);

	if (!top) {
		fprintf(stderr, "ipcbench: %s: line %d: %s\n", name, error.line, error.text);
		return NULL;
	}
	results = calloc(1, sizeof(*results));
	wrong = results ? read_top(top, results) : "memory";
	json_decref(top);
	if (!wrong)
		return results;
	fprintf(stderr, "ipcbench: %s: not results of ipcbench: '%s' is missing or wrong\n",
		name, wrong);
	results_free(results);
	return NULL;
}
