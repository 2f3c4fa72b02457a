// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ipcbench relies on: that a message which is not as it was sent is found
 * out, that the figures of many samples are the right ones, that names are known.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../lab/array.h"
#include "cell.h"
#include "mechanism.h"
#include "message.h"
#include "stats.h"
#include "tap.h"
#include "workload.h"

/* ---- messages ----------------------------------------------------------- */

static const size_t message_sizes[] = {
	8, 9, 15, 16, 17, 24, 63, 64, 65, 255, 256, 257, 271, 272, 273, 520, 4096, 65536, 1 << 20
};

static bool reads_back(const struct message *message, struct label label)
{
	struct label found;

	return message_read(message->data, message->size, &found) &&
	       found.sender == label.sender && found.sequence == label.sequence;
}

static bool all_labels_come_back(struct message *message)
{
	static const struct label labels[] = {
		{ 0, 0 }, { 0, 1 }, { 1, 0 }, { 7, 4711 }, { 0, 2 }, { SENDER_MAX, SEQUENCE_MAX },
	};

	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		message_write(message, labels[i]);
		if (!reads_back(message, labels[i]))
			return false;
	}
	return true;
}

/* Every bit of short ones, some of long ones: the first and last bytes are among them. */
static bool flips_are_found(struct message *message)
{
	unsigned char *bytes = (unsigned char *)message->data;
	size_t step = message->size > 4096 ? 997 : 1;
	struct label label;
	bool found = true;

	message_write(message, (struct label){ 3, 77 });
	for (size_t i = 0; i < message->size && found; i = i + step < message->size ||
	     i + 1 == message->size ? i + step : message->size - 1) {
		for (int bit = 0; bit < 8 && found; bit++) {
			bytes[i] ^= 1 << bit;
			found = !message_read(message->data, message->size, &label);
			bytes[i] ^= 1 << bit;
		}
	}
	return found && reads_back(message, (struct label){ 3, 77 });
}

/* The head of one message with the rest of the one before, cut at each line. */
static bool tears_are_found(struct message *message)
{
	char *mixed = message_buffer(message->size), *old = message_buffer(message->size);
	bool found = true;

	message_write(message, (struct label){ 1, 5 });
	memcpy(old, message->data, message->size);
	message_write(message, (struct label){ 1, 6 });
	for (size_t cut = 8; cut + 8 <= message->size && found; cut += cut == 8 ? 56 : 64) {
		struct label label;

		memcpy(mixed, message->data, cut);
		memcpy(mixed + cut, old + cut, message->size - cut);
		found = !message_read(mixed, message->size, &label);
	}
	free(mixed);
	free(old);
	return found;
}

/* Whole pieces of a message that have changed places. */
static bool exchange_is_found(struct message *message)
{
	size_t half = message->size / 2 / 8 * 8;
	char *mixed = message_buffer(message->size);
	struct label label;
	bool found;

	message_write(message, (struct label){ 1, 5 });
	memcpy(mixed, message->data, message->size);
	memcpy(mixed + 8, (char *)message->data + half, half - 8);
	memcpy(mixed + half, (char *)message->data + 8, half - 8);
	found = !message_read(mixed, message->size, &label);
	free(mixed);
	return found;
}

static void test_messages(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(message_sizes); i++) {
		struct message message;
		char name[80];

		is_int(message_make(&message, message_sizes[i]), 0, "there is memory");
		snprintf(name, sizeof(name), "%zu bytes: labels come back", message_sizes[i]);
		ok(all_labels_come_back(&message), name);
		snprintf(name, sizeof(name), "%zu bytes: a flipped bit is found", message_sizes[i]);
		ok(flips_are_found(&message), name);
		snprintf(name, sizeof(name), "%zu bytes: old contents are found", message_sizes[i]);
		ok(tears_are_found(&message), name);
		snprintf(name, sizeof(name), "%zu bytes: halves exchanged are found",
			 message_sizes[i]);
		ok(message_sizes[i] < 1024 || exchange_is_found(&message), name);
		message_free(&message);
	}
}

/* ---- statistics --------------------------------------------------------- */

static double naive_quantile(const uint32_t *samples, size_t count, double q)
{
	for (size_t i = 0; i < count; i++) {
		size_t below = 0;

		for (size_t k = 0; k < count; k++)
			below += samples[k] <= samples[i];
		if (below >= q * count)
			return samples[i];
	}
	return NAN;
}

static bool quantiles_are_right(size_t count)
{
	uint32_t *samples = calloc(count, sizeof(*samples));
	struct quantiles found;
	bool right;

	for (size_t i = 0; i < count; i++)
		samples[i] = i * UINT32_C(2654435761) >> 20;
	sort_samples(samples, count);
	found = quantiles_of(samples, count);
	right = found.count == count && found.p50 == naive_quantile(samples, count, 0.5) &&
		found.max == samples[count - 1];
	right &= count < 100 ? isnan(found.p99) :
			       found.p99 == naive_quantile(samples, count, 0.99);
	right &= count < 1000 ? isnan(found.p999) :
				found.p999 == naive_quantile(samples, count, 0.999);
	free(samples);
	return right;
}

static void test_quantiles(void)
{
	static const size_t counts[] = { 1, 2, 3, 4, 5, 20, 99, 100, 101, 999, 1000, 1001, 2500 };
	struct quantiles none = quantiles_of(NULL, 0);
	char name[64];

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		snprintf(name, sizeof(name), "quantiles of %zu are exact", counts[i]);
		ok(quantiles_are_right(counts[i]), name);
	}
	ok(!none.count && isnan(none.p50) && isnan(none.max), "no quantiles of none");
}

static void test_curve(void)
{
	uint32_t samples[20000];
	double curve[CURVE_POINTS];
	bool right = true;

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		samples[i] = i + 1;
	curve_of(samples, ARRAY_SIZE(samples), curve);
	is_int(curve[0], 1, "the curve begins with the least");
	is_int(curve[CURVE_POINTS - 1], 19998, "and ends at 99.99 %");
	for (int i = 1; i < CURVE_POINTS; i++) {
		double q = 1 - pow(10, -4.0 * i / 63);

		right &= fabs(curve[i] - ceil(q * ARRAY_SIZE(samples))) < 1.5;
	}
	ok(right, "its points are the quantiles that they should be");
}

static void test_spread(void)
{
	double odd[] = { 5, 1, 9 }, even[] = { 4, 8, 2, 6 }, one[] = { 3 };
	struct spread spread = spread_of(odd, 3);

	ok(spread.median == 5 && spread.min == 1 && spread.max == 9, "median of three");
	spread = spread_of(even, 4);
	ok(spread.median == 5 && spread.min == 2 && spread.max == 8, "median of four");
	spread = spread_of(one, 1);
	ok(spread.median == 3 && spread.min == 3 && spread.max == 3, "median of one");
	ok(isnan(spread_of(NULL, 0).median), "no median of none");
}

/* A round that finds the machine slower than the first one may have fewer messages. */
static void test_rounds_that_differ(void)
{
	static const uint64_t counts[] = { 385, 384, 2 };
	struct cell cell = {
		.trial = { .workload = &work_pingpong, .how = mechanism_find("pipe") },
	};
	struct memory memory = { .samples_max = 1, .sequence_max = 1 };

	ok(!memory_make(&memory) && !cell_init(&cell, ARRAY_SIZE(counts)), "a cell");
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		struct outcome outcome = { .state = ROW_DONE, .count = counts[i], .ns = i };

		is_int(cell_take(&cell, &outcome, &memory), 0, "  takes a round");
	}
	cell_finish(&cell);
	is_int(cell.row.rounds, ARRAY_SIZE(counts), "rounds of different length");
	is_int(cell.row.messages, 385 + 384 + 2, "  all their messages are counted");
	cell_free(&cell);
	memory_free(&memory);
}

static void test_names(void)
{
	is_str(placement_name(PLACED_ACROSS), "across", "name of a placement");
	is_str(row_state_name(ROW_STUCK), "stuck", "name of a state");
	ok(workload_find("mixed") == &work_mixed, "a workload by its name");
	ok(!workload_find("mix"), "no workload of that name");
}

int main(void)
{
	test_messages();
	test_quantiles();
	test_curve();
	test_spread();
	test_rounds_that_differ();
	test_names();
	return tap_done();
}
