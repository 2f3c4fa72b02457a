// SPDX-License-Identifier: GPL-2.0-only
/*
 * two_way - two pipes, one for each direction
 *
 * With one pipe a process would read its own question. So the questions go through
 * one pipe and the answers through another. Each side closes the two ends that it
 * does not use; when the questions end, the child ends, too.
 *
 * If each waits for the other to read, both wait for ever; so it is question,
 * answer, question, answer.
 *
 * Rows: 74
 *
 *	$ examples/pipe/two_way
 */
#include <ctype.h>

#include "../check.h"

static void answer(int questions, int answers)
{
	char text[64];
	int n;

	while ((n = check_sys(read(questions, text, sizeof(text)), "read")) > 0) {
		for (int i = 0; i < n; i++)
			text[i] = toupper((unsigned char)text[i]);
		check_sys(write(answers, text, n), "write");
	}
}

static void ask(int questions, int answers, const char *word)
{
	char text[64];
	int n;

	check_sys(write(questions, word, strlen(word)), "write");
	n = check_sys(read(answers, text, sizeof(text)), "read");
	printf("%s: %.*s\n", word, n, text);
}

int main(void)
{
	int questions[2], answers[2];
	pid_t child;

	check_sys(pipe(questions), "pipe");
	check_sys(pipe(answers), "pipe");
	child = start_child();
	if (!child) {
		close(questions[1]);
		close(answers[0]);
		answer(questions[0], answers[1]);
		return 0;
	}
	close(questions[0]);
	close(answers[1]);
	ask(questions[1], answers[0], "hello");
	ask(questions[1], answers[0], "how are you?");
	close(questions[1]);
	end_child(child);
	close(answers[0]);
	return 0;
}
