// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line is pipelines parted by ';' or '&', a pipeline is commands parted by
 * '|', a command is words and redirections. In '...' everything stands for
 * itself, in "..." all but the backslash. No variables, no patterns.
 */
#include "shell.h"

enum token { LINE_END, WORD, PIPE, INPUT, OUTPUT, APPEND, BACKGROUND, NEXT, BAD };

static void complain(const char *what)
{
	fprintf(stderr, "shell: %s\n", what);
}

/* Copies up to the closing quote, at which the parser then is. */
static bool read_quoted(struct parser *parser, char quote)
{
	while (*++parser->next != quote) {
		if (quote == '"' && *parser->next == '\\' && parser->next[1])
			parser->next++;
		if (!*parser->next)
			return false;
		*parser->words++ = *parser->next;
	}
	return true;
}

static enum token read_word(struct parser *parser, char **word)
{
	*word = parser->words;
	for (; *parser->next && !strchr(" \t\n|<>&;", *parser->next); parser->next++) {
		if (*parser->next == '\'' || *parser->next == '"') {
			if (!read_quoted(parser, *parser->next)) {
				complain("a quote is not closed");
				return BAD;
			}
			continue;
		}
		if (*parser->next == '\\' && parser->next[1])
			parser->next++;
		*parser->words++ = *parser->next;
	}
	*parser->words++ = '\0';
	return WORD;
}

static enum token read_token(struct parser *parser, char **word)
{
	static const char signs[] = "|<>&;";
	static const enum token tokens[] = { PIPE, INPUT, OUTPUT, BACKGROUND, NEXT };
	const char *sign;

	parser->next += strspn(parser->next, " \t\n");
	if (!*parser->next || *parser->next == '#')
		return LINE_END;
	sign = strchr(signs, *parser->next);
	if (!sign)
		return read_word(parser, word);
	parser->next++;
	if (*sign != '>' || *parser->next != '>')
		return tokens[sign - signs];
	parser->next++;
	return APPEND;
}

static bool add_file(struct parser *parser, struct command *command, enum token token)
{
	char *word;

	if (read_token(parser, &word) != WORD) {
		complain("a file name is missing after < or >");
		return false;
	}
	if (token == INPUT) {
		command->input = word;
	} else {
		command->output = word;
		command->append = token == APPEND;
	}
	return true;
}

static bool add_word(struct command *command, char *word)
{
	if (command->count == MAX_WORDS) {
		complain("too many words in one command");
		return false;
	}
	command->words[command->count++] = word;
	command->words[command->count] = NULL;
	return true;
}

/* Returns the token after the command. */
static enum token parse_command(struct parser *parser, struct command *command)
{
	*command = (struct command){ .count = 0 };
	for (;;) {
		char *word;
		enum token token = read_token(parser, &word);

		switch (token) {
		case WORD:
			if (!add_word(command, word))
				return BAD;
			break;
		case INPUT:
		case OUTPUT:
		case APPEND:
			if (!add_file(parser, command, token))
				return BAD;
			break;
		default:
			return token;
		}
	}
}

/* An empty command is right only where there is nothing at all. */
static int check_pipeline(const struct pipeline *pipeline, enum token end)
{
	const struct command *last = &pipeline->commands[pipeline->count - 1];

	if (end == BAD)
		return -1;
	if (last->count)
		return 1;
	if (end == LINE_END && pipeline->count == 1 && !last->input && !last->output)
		return 0;
	complain("a command is missing");
	return -1;
}

int parse_pipeline(struct parser *parser, struct pipeline *pipeline)
{
	enum token end;
	int ret;

	parser->next += strspn(parser->next, " \t\n");
	pipeline->text = parser->next;
	pipeline->count = 0;
	do {
		if (pipeline->count == MAX_COMMANDS) {
			complain("too many commands in one pipeline");
			return -1;
		}
		end = parse_command(parser, &pipeline->commands[pipeline->count++]);
		ret = check_pipeline(pipeline, end);
	} while (end == PIPE && ret > 0);
	pipeline->background = end == BACKGROUND;
	pipeline->length = parser->next - pipeline->text;
	if (end == BACKGROUND || end == NEXT)
		pipeline->length--;
	while (pipeline->length && strchr(" \t\n", pipeline->text[pipeline->length - 1]))
		pipeline->length--;
	return ret;
}
