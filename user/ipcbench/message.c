// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define ALIGNMENT	64

/* A word in so many changes from message to message, and the last one does. */
#define STRIDE		32

/* Odd numbers without a pattern. */
#define STAMP_FACTOR	UINT64_C(0x9e3779b97f4a7c15)
#define STAMP_STEP	UINT64_C(0xbf58476d1ce4e5b9)
#define LABEL_FACTOR	UINT64_C(0x94d049bb133111eb)
#define SUM_FACTOR	UINT64_C(0xd6e8feb86659fd93)

typedef uint64_t pair __attribute__((vector_size(16), may_alias));

static size_t rounded_up(size_t size)
{
	return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void *message_buffer(size_t size)
{
	void *data = aligned_alloc(ALIGNMENT, rounded_up(size));

	if (data)
		memset(data, 0, rounded_up(size));
	return data;
}

/* The bytes behind the last whole word, as a word. */
static uint64_t tail_of(const uint64_t *data, size_t size)
{
	uint64_t tail = 0;

	memcpy(&tail, data + size / sizeof(tail), size % sizeof(tail));
	return tail;
}

/* Two words at a time where that goes: it must cost little against any copy. */
static uint64_t sum_of(const uint64_t *data, size_t size)
{
	const pair *pairs = (const pair *)data;
	size_t words = size / sizeof(*data), whole = words / 8 * 4;
	pair a = { 0 }, b = { 0 };
	uint64_t sum;

	for (size_t i = 0; i < whole; i += 4) {
		a += pairs[i] + pairs[i + 2];
		b += pairs[i + 1] + pairs[i + 3];
	}
	a += b;
	sum = a[0] + a[1];
	for (size_t i = whole * 2; i < words; i++)
		sum += data[i];
	return sum + tail_of(data, size);
}

int message_make(struct message *message, size_t size)
{
	uint64_t word = STAMP_FACTOR;

	message->size = size;
	message->data = message_buffer(size);
	if (!message->data)
		return -ENOMEM;
	for (size_t i = 0; i < rounded_up(size) / sizeof(word); i++, word *= SUM_FACTOR)
		message->data[i] = word;
	for (size_t i = 0; i < size / sizeof(word); i += i ? STRIDE : 1)
		message->data[i] = 0;
	if (size >= 2 * sizeof(word))
		message->data[size / sizeof(word) - 1] = 0;
	message->still = sum_of(message->data, size);
	return 0;
}

void message_free(struct message *message)
{
	free(message->data);
	message->data = NULL;
}

static uint32_t packed(struct label label)
{
	return label.sequence | (uint32_t)label.sender << 24;
}

static uint64_t check_of(uint64_t sum, uint32_t label)
{
	return (sum + label * LABEL_FACTOR) * SUM_FACTOR >> 32;
}

void message_write(struct message *message, struct label label)
{
	size_t words = message->size / sizeof(*message->data);
	uint32_t head = packed(label);
	uint64_t stamp = head * STAMP_FACTOR, sum = message->still;

	for (size_t i = 1; i + 1 < words; i += STRIDE, stamp += STAMP_STEP) {
		message->data[i] = stamp;
		sum += stamp;
	}
	if (words > 1) {
		message->data[words - 1] = stamp;
		sum += stamp;
	}
	message->data[0] = head | check_of(sum, head) << 32;
}

static bool stamps_are_of(const uint64_t *data, size_t words, uint32_t head)
{
	uint64_t stamp = head * STAMP_FACTOR;

	for (size_t i = 1; i + 1 < words; i += STRIDE, stamp += STAMP_STEP)
		if (data[i] != stamp)
			return false;
	return words < 2 || data[words - 1] == stamp;
}

bool message_read(const void *data, size_t size, struct label *label)
{
	const uint64_t *words = data;
	uint32_t head = words[0];

	if (check_of(sum_of(words, size) - words[0], head) != words[0] >> 32)
		return false;
	if (!stamps_are_of(words, size / sizeof(*words), head))
		return false;
	label->sequence = head & SEQUENCE_MAX;
	label->sender = head >> 24;
	return true;
}
