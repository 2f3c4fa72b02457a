/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is sent: every message says who sent it and as which one, and has a sum
 * over all its bytes. Words all through it change from message to message, so
 * that old or torn contents show.
 */
#ifndef IPCBENCH_MESSAGE_H
#define IPCBENCH_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sender, sequence and sum fit in here. */
#define MESSAGE_MIN	8

#define SEQUENCE_MAX	((1U << 24) - 1)
#define SENDER_MAX	255

/**
 * struct label - what tells one message from another
 * @sender: number of the process that sent it
 * @sequence: which of its messages, from 0
 */
struct label {
	unsigned int sender;
	uint32_t sequence;
};

/**
 * struct message - a place where messages of one size are written
 * @data: the message
 * @size: bytes
 * @still: sum of what is the same in all of them
 */
struct message {
	uint64_t *data;
	size_t size;
	uint64_t still;
};

/* Room for messages of @size bytes, at least MESSAGE_MIN; 0 or -ENOMEM. */
int message_make(struct message *message, size_t size);
void message_free(struct message *message);

/* Make the message of that label out of the one before. */
void message_write(struct message *message, struct label label);

/*
 * Check the message at @data, which is aligned as by message_buffer(). False if
 * any byte is not as it was written; the label is unknown then.
 */
bool message_read(const void *data, size_t size, struct label *label);

/* Memory to receive messages of @size bytes into, zeroed; NULL without memory. */
void *message_buffer(size_t size);

#endif /* IPCBENCH_MESSAGE_H */
