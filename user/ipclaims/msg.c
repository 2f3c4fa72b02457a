// SPDX-License-Identifier: GPL-2.0-only
/* Claims on System V message queues. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>

#include "claim.h"
#include "finding.h"
#include "objects.h"
#include "proc.h"
#include "queue.h"

static void fill_with_types(int queue, const long *types)
{
	while (queued(queue))
		take(queue, 0, 0);
	for (; *types; types++)
		put(queue, *types, "text");
}

static void check_modes(void)
{
	static const long types[] = { 4, 3, 2, 3, 1, 0 };
	int queue = make_queue();
	long first, exact, lowest, next;

	fill_with_types(queue, types);
	first = take(queue, 0, 0);
	exact = take(queue, 2, 0);
	lowest = take(queue, -3, 0);
	next = take(queue, -3, 0);
	part(first == 4, "Of a queue of types 4, 3, 2, 3, 1, msgrcv() takes with 0 type %ld, the "
	     "first;", first);
	part(exact == 2, "with 2 type %ld, just that;", exact);
	part(lowest == 1 && next == 3, "with -3 types %ld and %ld, the lowest up to 3.", lowest,
	     next);
	part(take(queue, 2, 0) == -ENOMSG, "Type 2, which is no longer there: ENOMSG.");
	part(take(queue, 2, MSG_EXCEPT) == 3, "Linux adds a fourth: MSG_EXCEPT takes any other.");
	conclude_parts();
}

static void check_or_equal(void)
{
	static const long types[] = { 3, 2, 0 }, low[] = { 9, 7, 8, 0 };
	int queue = make_queue();
	long got, any;

	fill_with_types(queue, types);
	got = take(queue, -2, 0);
	fill_with_types(queue, low);
	any = take(queue, LONG_MIN, 0);
	observe("Of types 3 and 2, msgrcv() with -2 takes %s.", got == 2 ? "type 2" : "none");
	part(any == 7, "LONG_MIN, which has no absolute value, stands for every type: of 9, 7, 8 "
	     "it takes %ld.", any);
	if (got == 2)
		conclude_as("equal", "n too");
	else if (got == -ENOMSG)
		conclude("below");
	else
		conclude("neither");
}

static void check_lowest(void)
{
	static const long types[] = { 4, 3, 2, 1, 0 };
	int queue = make_queue();
	long got;

	fill_with_types(queue, types);
	got = take(queue, -2, 0);
	observe("Of types 4, 3, 2, 1, msgrcv() with -2 takes type %ld.", got);
	if (got == 1)
		conclude("lowest");
	else if (got == 2)
		conclude_as("first", "2");
	else
		conclude("neither");
}

static void check_width(void)
{
	struct message none = { .type = 0 }, negative = { .type = -1 };
	long type = LONG_MAX;
	int queue = make_queue();
	bool kept;

	put(queue, type, "text");
	kept = take(queue, type, 0) == type;
	observe("A type is a long of %zu bytes. The largest, %ld, %s.", sizeof(long), type,
		kept ? "is kept and found again" : "is not found again");
	part(msgsnd(queue, &none, 0, IPC_NOWAIT) < 0 && errno == EINVAL &&
	     msgsnd(queue, &negative, 0, IPC_NOWAIT) < 0 && errno == EINVAL,
	     "0 and -1 give EINVAL.");
	conclude_as(!kept ? "lost" : sizeof(long) == 4 ? "32" : "64", "%zu bits",
		    sizeof(long) * CHAR_BIT);
}

/* What a program sends that takes the type for an int, as the slides have it. */
struct slide_message {
	int type;
	char text[28];
};

static void check_int(void)
{
	const struct slide_message message = { 1, "Did you get" };
	struct message received;
	int queue = make_queue();

	must(msgsnd(queue, &message, strlen(message.text) + 1, IPC_NOWAIT), "msgsnd");
	must(msgrcv(queue, &received, sizeof(received.text), 0, IPC_NOWAIT), "msgrcv");
	observe("A struct of an int, 1, and the text '%s' is sent as type %ld with the text "
		"'%.7s'.", message.text, received.type, received.text);
	if (received.type == 1)
		conclude("int");
	else if (!memcmp(&received.type, &message, sizeof(long)))
		conclude("read as long");
	else
		conclude("neither");
}

static void check_size(void)
{
	struct message message = { .type = 1, .text = "five5" };
	int queue = make_queue();
	struct msqid_ds state;
	long got;

	must(msgsnd(queue, &message, 5, IPC_NOWAIT), "msgsnd");
	must(msgctl(queue, IPC_STAT, &state), "msgctl");
	got = must(msgrcv(queue, &message, sizeof(message.text), 0, IPC_NOWAIT), "msgrcv");
	observe("msgsnd() with a size of 5 queues %lu bytes, and msgrcv() returns %ld bytes of "
		"text.", (unsigned long)state.__msg_cbytes, got);
	if (state.__msg_cbytes == 5 && got == 5)
		conclude("text only");
	else if (got == 5 - (long)sizeof(long))
		conclude("type and text");
	else
		conclude("neither");
}

static void check_too_long(void)
{
	struct message message = { .type = 1 };
	int queue = make_queue(), error;
	long got;

	put(queue, 1, "a message of 26 bytes here");
	got = msgrcv(queue, &message, 4, 0, IPC_NOWAIT);
	error = errno;
	observe("A message of 26 bytes, received into 4, gives %s, and then the queue has %ld.",
		got < 0 ? error_name(error) : "a part", queued(queue));
	if (got < 0 && error == E2BIG && queued(queue) == 1)
		conclude("E2BIG");
	else if (got == 4)
		conclude("cut");
	else
		conclude("neither");
}

/* Sending cuts nothing either. */
static void check_longest(int queue)
{
	struct msginfo limits;
	long *message;

	must(msgctl(0, IPC_INFO, (struct msqid_ds *)&limits), "msgctl");
	message = calloc(2, limits.msgmax);
	if (!message)
		return;
	*message = 1;
	part(msgsnd(queue, message, limits.msgmax + 1L, IPC_NOWAIT) < 0 && errno == EINVAL,
	     "msgsnd() of more than a message may have, %d bytes, gives EINVAL.", limits.msgmax);
	free(message);
}

static void check_cut(void)
{
	struct message message = { .type = 1 };
	int queue = make_queue();
	long plain, asked;

	put(queue, 1, "0123456789");
	plain = msgrcv(queue, &message, 4, 0, IPC_NOWAIT);
	if (!queued(queue))
		put(queue, 1, "0123456789");
	asked = must(msgrcv(queue, &message, 4, 0, IPC_NOWAIT | MSG_NOERROR), "msgrcv");
	observe("Of 10 bytes msgrcv() with MSG_NOERROR gives %ld ('%.4s') and drops the rest; %s "
		"without it.", asked, message.text, plain < 0 ? "it refuses" : "and so it does");
	part(!queued(queue), "What was cut off is gone.");
	check_longest(queue);
	if (asked != 4)
		conclude("never");
	else
		conclude(plain < 0 ? "if asked" : "always");
}

static void check_arrival(void)
{
	static const long types[] = { 3, 1, 2, 1, 0 };
	int queue = make_queue();
	bool same = true;

	fill_with_types(queue, types);
	for (const long *type = types; *type; type++)
		same &= take(queue, 0, 0) == *type;
	part(same, "Types 3, 1, 2, 1 are received with 0 as they were sent.");
	put(queue, 1, "first");
	put(queue, 2, "other");
	put(queue, 1, "second");
	part(take(queue, 1, 0) == 1 && take(queue, 0, 0) == 2,
	     "To take a type from the middle leaves the order of the others.");
	conclude_parts();
}

#define SENDERS		2
#define SENT		100
#define LENGTH		1000

static _Noreturn void send_blocks(int queue, char letter)
{
	struct message message = { .type = letter };

	memset(message.text, letter, LENGTH);
	for (int i = 0; i < SENT; i++)
		must(msgsnd(queue, &message, LENGTH, 0), "msgsnd");
	_exit(0);
}

static bool is_one_block(const struct message *message, long length)
{
	for (long at = 0; at < length; at++)
		if (message->text[at] != (char)message->type)
			return false;
	return length == LENGTH;
}

static void check_whole(void)
{
	struct message message;
	int queue = make_queue(), whole = 0;

	for (int i = 0; i < SENDERS; i++)
		if (!start())
			send_blocks(queue, 'a' + i);
	for (int i = 0; i < SENDERS * SENT; i++) {
		long length = must(msgrcv(queue, &message, sizeof(message.text), 0, 0), "msgrcv");

		whole += is_one_block(&message, length);
	}
	part(whole == SENDERS * SENT, "Of %d messages of %d bytes, which %d processes send into a "
	     "queue that is full most of the time, %d arrive whole.", SENDERS * SENT, LENGTH,
	     SENDERS, whole);
	conclude_parts();
}

static _Noreturn void receive_one(int queue)
{
	struct message message;

	must(msgrcv(queue, &message, sizeof(message.text), 0, 0), "msgrcv");
	_exit(0);
}

static _Noreturn void send_one(int queue)
{
	struct message message = { .type = 2 };

	must(msgsnd(queue, &message, LENGTH, 0), "msgsnd");
	_exit(0);
}

static int fill_queue(int queue)
{
	struct message message = { .type = 1 };
	int count = 0;

	while (!msgsnd(queue, &message, LENGTH, IPC_NOWAIT))
		count++;
	return count;
}

/* Whether the rest of the queue is @count messages of type 1 and then one of type 2. */
static bool ends_with_two(int queue, int count)
{
	for (; count; count--)
		if (take(queue, 0, 0) != 1)
			return false;
	return take(queue, 0, 0) == 2;
}

static void check_blocking(void)
{
	int queue = make_queue(), count;
	pid_t child = start();

	if (!child)
		receive_one(queue);
	part(sleeps(child), "msgrcv() from an empty queue sleeps, until there is a message.");
	put(queue, 1, "text");
	ends_well(child);
	count = fill_queue(queue);
	part(errno == EAGAIN, "With IPC_NOWAIT, %d messages of %d bytes go into the queue, and "
	     "then it gives EAGAIN.", count, LENGTH);
	child = start();
	if (!child)
		send_one(queue);
	part(sleeps(child), "msgsnd() into the full one sleeps, until there is room.");
	part(take(queue, 0, 0) == 1, "When one is taken,");
	ends_well(child);
	part(ends_with_two(queue, count - 1), "the message that waited is the last in the queue.");
	part(take(queue, 0, 0) == -ENOMSG, "With IPC_NOWAIT an empty queue gives ENOMSG.");
	conclude_parts();
}

const struct claim msg_claims[] = {
	{
		.row = "131",
		.lectures = "S2 S3",
		.text = "there are three ways to choose a type",
		.says = "Type 0 receives any message, a positive one just that, a negative "
			"one the lowest up to its absolute value.",
		.page = "msgop(2)",
		.check = check_modes,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "132",
		.lectures = "S2",
		.text = "messages are sent and read whole",
		.says = "A message is transferred as one; there is no part of a message.",
		.page = "msgop(2)",
		.check = check_whole,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "135",
		.lectures = "S3",
		.text = "a too long message is cut",
		.says = "A message that is too long for the receiver is cut.",
		.page = "msgop(2)",
		.check = check_cut,
		.outcomes = { { "always", VERDICT_TRUE }, { "if asked", VERDICT_OUTDATED } },
	}, {
		.row = "136",
		.lectures = "S3",
		.text = "a queue keeps the order of arrival",
		.says = "Messages are stored in the order in which they arrive.",
		.page = "msgop(2)",
		.check = check_arrival,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "137",
		.lectures = "S3 S4",
		.text = "a type may be an int",
		.says = "The type is 32 bits wide; or: the type may be an int, a string or a "
			"struct.",
		.page = "msgop(2)",
		.check = check_int,
		.outcomes = { { "int", VERDICT_TRUE }, { "read as long", VERDICT_OUTDATED } },
		.note = "Whatever comes first is taken for a long, strings and structs as "
			"well.",
	}, {
		.row = "139",
		.lectures = "S2 S3 S4",
		.text = "full and empty queues block",
		.says = "msgsnd() blocks when the queue is full, msgrcv() when it is empty.",
		.page = "msgop(2)",
		.check = check_blocking,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A2.3",
		.lectures = "S3",
		.text = "a long message is truncated",
		.says = "A message longer than the receiver's buffer is truncated.",
		.page = "msgop(2)",
		.check = check_too_long,
		.outcomes = { { "cut", VERDICT_TRUE }, { "E2BIG", VERDICT_OUTDATED } },
	}, {
		.row = "A2.4",
		.lectures = "S3",
		.text = "msgrcv -n takes less than n",
		.says = "A negative type receives the first message whose type is lower than "
			"its absolute value.",
		.page = "msgop(2)",
		.check = check_or_equal,
		.outcomes = { { "below", VERDICT_TRUE }, { "equal", VERDICT_OUTDATED } },
	}, {
		.row = "A2.5",
		.lectures = "S2 S3",
		.text = "a negative type takes the lowest",
		.says = "With a negative type the message of the lowest type is received "
			"first.",
		.page = "msgop(2), POSIX msgrcv(3p)",
		.check = check_lowest,
		.outcomes = { { "lowest", VERDICT_TRUE }, { "first", VERDICT_OUTDATED } },
		.note = "Not portable: POSIX has these words, but macOS and FreeBSD take 2, "
			"the first that fits.",
	}, {
		.row = "A2.6",
		.lectures = "S3 S4",
		.text = "a message type has 32 bits",
		.says = "The type is 32 bits wide, and may be a string or a struct.",
		.page = "msgop(2)",
		.check = check_width,
		.outcomes = { { "32", VERDICT_TRUE }, { "64", VERDICT_OUTDATED } },
	}, {
		.row = "A2.7",
		.lectures = "S3",
		.text = "msgsz has the type in it",
		.says = "The size that is given to msgsnd() includes the type.",
		.page = "msgop(2)",
		.check = check_size,
		.outcomes = {
			{ "type and text", VERDICT_TRUE },
			{ "text only", VERDICT_OUTDATED },
		},
		.note = "Who counts the type sends what lies behind the text as well.",
	},
	{ 0 }
};
