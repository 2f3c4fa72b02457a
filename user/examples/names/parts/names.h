/* SPDX-License-Identifier: GPL-2.0-only */
/* What the name server, the services and their clients tell each other. */
#ifndef EXAMPLES_NAMES_H
#define EXAMPLES_NAMES_H

#include <mbox.h>
#include <sys/types.h>

/* The one name that all know. */
#define NAME_SERVER	"names-example"

#define NAME_SIZE	32
#define TEXT_SIZE	96

#define SECOND		INT64_C(1000000000)
#define PATIENCE	(10 * SECOND)

/* The type of a message: the first two to the name server, the third to a service. */
enum verb {
	REGISTER = 1,
	LOOK_UP = 2,
	USE = 3,
};

/**
 * struct question - to the name server or to a service
 * @answer_to: mailbox for the answer; it must be the sender's own
 * @mailbox: REGISTER: the service's mailbox; it must be the sender's own, too
 * @name: the name server: which service
 * @text: a service: what to work on
 */
struct question {
	uint64_t answer_to;
	uint64_t mailbox;
	char name[NAME_SIZE];
	char text[TEXT_SIZE];
};

/**
 * struct answer - from the name server or from a service
 * @ok: it was done; otherwise @text says why not
 * @mailbox: LOOK_UP: the service's mailbox
 * @text: a service: the result
 */
struct answer {
	uint64_t ok;
	uint64_t mailbox;
	char text[TEXT_SIZE];
};

/*
 * Makes an anonymous mailbox to which others may send by @mode. We hold the right
 * to send, too, so that the end of file does not come when the others have gone.
 */
struct mbox *own_mailbox(unsigned int mode, uint64_t *id);

/*
 * Opens mailbox @id for sending, if it belongs to @uid: nobody is to make us
 * write to a mailbox to which we may send and he may not.
 */
int open_mailbox_of(uint32_t uid, uint64_t id, struct mbox **out);

/* Receives a question, with strings that can be printed. False for what is none. */
bool receive_question(struct mbox *mbox, struct mbox_header *header,
		      struct question *question);

/* Nobody waits for a client whose mailbox is full or gone. */
void send_answer(const struct mbox_header *header, const struct question *question,
		 const struct answer *answer);

/* An answer that says: WHAT 'NAME': WHY. */
struct answer refusal(const char *what, const char *name, const char *why);

/* Asks and waits for the answer of user @uid: what it is, or @ok is 0. */
struct answer ask(struct mbox *mbox, enum verb verb, struct question *question,
		  uint32_t uid);

/* Asks the name server, which the owner of its mailbox is. */
struct answer ask_name_server(enum verb verb, struct question *question);

/* Starts a command: a descriptor that polls readable when it has ended. */
int start_command(char **argv);

/* The status to end with when the command of start_command() has ended. */
int end_of_command(int pidfd);

#endif /* EXAMPLES_NAMES_H */
