// SPDX-License-Identifier: GPL-2.0-only
#include <limits.h>
#include <string.h>
#include <wchar.h>

#include "output.h"
#include "parse.h"
#include "top.h"

#define NAME_WIDTH_MIN	16

/* ---- numbers -------------------------------------------------------------- */

char *top_number(uint64_t number, char *buf)
{
	const char *unit = "KMGTPE";

	if (number <= 99999) {
		snprintf(buf, TOP_NUMBER_MAX, "%ju", (uintmax_t)number);
		return buf;
	}
	for (number /= 1024; number > 9999; number /= 1024)
		unit++;
	snprintf(buf, TOP_NUMBER_MAX, "%u%c", (unsigned int)number, *unit);
	return buf;
}

char *top_rate_text(double rate, char *buf)
{
	const char *unit = "kMGT";

	if (rate > 0 && rate < 0.05)
		return strcpy(buf, "<0.1");
	if (rate < 99999.5) {
		snprintf(buf, TOP_NUMBER_MAX, "%.*f", rate > 0 && rate < 9.95, rate);
		return buf;
	}
	for (rate /= 1000; rate >= 9999.5 && unit[1]; rate /= 1000)
		unit++;
	snprintf(buf, TOP_NUMBER_MAX, "%.0f%c", rate, *unit);
	return buf;
}

/* ---- lines that stay within their bounds ------------------------------------- */

/**
 * struct canvas - what is drawn on
 * @out: where it goes
 * @live: it is a terminal, which has something else on it
 * @lines: how many lines there is still room for
 * @width: columns of a line
 * @left: those of this line that are still free
 */
struct canvas {
	FILE *out;
	bool live;
	int lines;
	int width;
	int left;
};

/*
 * The line is cleared before it is written: once its last column is written, some
 * terminals would clear that.
 */
static bool start_line(struct canvas *canvas, bool first)
{
	if (canvas->lines <= 0)
		return false;
	canvas->lines--;
	canvas->left = canvas->width;
	if (canvas->live)
		fputs(first ? "\033[H\033[K" : "\r\n\033[K", canvas->out);
	return true;
}

static void end_line(struct canvas *canvas)
{
	if (!canvas->live)
		fputc('\n', canvas->out);
}

/* Bytes of the character at @text, and the columns that it takes. */
static size_t next_character(const char *text, int *columns)
{
	uint32_t code;
	size_t len = utf8_next(text, strlen(text), &code);
	int width = len ? wcwidth(code) : 1;

	*columns = width < 0 ? 1 : width;
	return len ? len : 1;
}

static int width_of(const char *text)
{
	int width = 0, columns;

	for (; *text; text += next_character(text, &columns), width += columns)
		;
	return width;
}

/* Writes what fits into @max columns. */
static void put(struct canvas *canvas, const char *text, int max)
{
	int columns;
	size_t len;

	if (max > canvas->left)
		max = canvas->left;
	for (; *text; text += len) {
		len = next_character(text, &columns);
		if (columns > max)
			return;
		fwrite(text, 1, len, canvas->out);
		max -= columns;
		canvas->left -= columns;
	}
}

static void put_blanks(struct canvas *canvas, int count)
{
	while (count-- > 0)
		put(canvas, " ", 1);
}

/* What is too wide is cut, and has a '+' at the end. */
static void put_cell(struct canvas *canvas, const char *text, int width, bool flush_left)
{
	int blanks = width - width_of(text);

	if (!flush_left)
		put_blanks(canvas, blanks);
	put(canvas, text, blanks < 0 ? width - 1 : width);
	if (blanks < 0)
		put(canvas, "+", 1);
	if (flush_left)
		put_blanks(canvas, blanks);
}

/* ---- columns -------------------------------------------------------------- */

static void kind_text(const struct top_row *row, char *buf)
{
	strcpy(buf, kind_name(row->stat->kind));
}

static void frozen_text(const struct top_row *row, char *buf)
{
	strcpy(buf, row->stat->frozen ? "F" : "-");
}

static void msgs_text(const struct top_row *row, char *buf)
{
	top_number(row->stat->msgs, buf);
}

static void use_text(const struct top_row *row, char *buf)
{
	double use = top_use(row->stat);

	if (use < 0)
		strcpy(buf, "-");
	else
		snprintf(buf, TOP_NUMBER_MAX, "%d%%", use < 9.99 ? (int)(use * 100) : 999);
}

static void bytes_text(const struct top_row *row, char *buf)
{
	top_number(row->stat->bytes, buf);
}

static void sent_text(const struct top_row *row, char *buf)
{
	top_rate_text(row->sent, buf);
}

static void recv_text(const struct top_row *row, char *buf)
{
	top_rate_text(row->received, buf);
}

static void lost_text(const struct top_row *row, char *buf)
{
	top_rate_text(row->lost, buf);
}

static void rwait_text(const struct top_row *row, char *buf)
{
	top_number(row->stat->waiting_receivers, buf);
}

static void swait_text(const struct top_row *row, char *buf)
{
	top_number(row->stat->waiting_senders, buf);
}

static void owed_text(const struct top_row *row, char *buf)
{
	top_number(top_owed(row->stat), buf);
}

/**
 * struct column - a column behind the name
 * @heading: its heading
 * @text: writes what stands in it, never more than @width characters
 * @width: its width
 * @flush_left: it is flush left
 * @rate: there is nothing to write after the first reading
 */
struct column {
	const char *heading;
	void (*text)(const struct top_row *row, char *buf);
	int width;
	bool flush_left;
	bool rate;
};

/* With blanks between them, and with the shortest name, 80 columns in all. */
static const struct column columns[] = {
	{ "KIND", kind_text, 5, true, false },
	{ "F", frozen_text, 1, true, false },
	{ "MSGS", msgs_text, 5, false, false },
	{ "USE", use_text, 4, false, false },
	{ "BYTES", bytes_text, 5, false, false },
	{ "SENT/s", sent_text, 6, false, true },
	{ "RECV/s", recv_text, 6, false, true },
	{ "LOST/s", lost_text, 6, false, true },
	{ "RWAIT", rwait_text, 5, false, false },
	{ "SWAIT", swait_text, 5, false, false },
	{ "OWED", owed_text, 5, false, false },
	{ NULL, NULL, 0, false, false }
};

static int width_of_columns(void)
{
	int width = 0;

	for (const struct column *column = columns; column->heading; column++)
		width += 1 + column->width;
	return width;
}

static int longest_name(const struct top_rows *rows)
{
	char name[ESCAPED_NAME_MAX];
	int longest = 0;

	for (size_t i = 0; i < rows->count; i++) {
		int width = width_of(escaped_name(rows->rows[i].stat->name, name));

		if (width > longest)
			longest = width;
	}
	return longest;
}

/* A terminal has as much room as it has; text is as wide as need be. */
static int name_width(const struct top_rows *rows, const struct top_picture *picture)
{
	int width = picture->live ? picture->width - width_of_columns() :
				    longest_name(rows);

	return width > NAME_WIDTH_MIN ? width : NAME_WIDTH_MIN;
}

/* ---- the picture ---------------------------------------------------------- */

static void put_rate(FILE *out, const char *word, double rate)
{
	char number[TOP_NUMBER_MAX];

	fprintf(out, "%s %s/s", word, top_rate_text(rate, number));
}

static void put_totals(FILE *out, const struct top_rows *rows)
{
	double sent = 0, received = 0, lost = 0;
	uint64_t msgs = 0, bytes = 0;
	char number[TOP_NUMBER_MAX];

	for (size_t i = 0; i < rows->count; i++) {
		msgs += rows->rows[i].stat->msgs;
		bytes += rows->rows[i].stat->bytes;
		sent += rows->rows[i].sent;
		received += rows->rows[i].received;
		lost += rows->rows[i].lost;
	}
	fprintf(out, "%zu mailbox%s, ", rows->count, rows->count == 1 ? "" : "es");
	fprintf(out, "%s msg%s, ", top_number(msgs, number), msgs == 1 ? "" : "s");
	fprintf(out, "%s byte%s", top_number(bytes, number), bytes == 1 ? "" : "s");
	if (!rows->rates)
		return;
	put_rate(out, "; sent", sent);
	put_rate(out, ", recv", received);
	put_rate(out, ", lost", lost);
}

static void draw_totals(struct canvas *canvas, const struct top_rows *rows,
			const struct top_picture *picture)
{
	char text[256] = "";
	FILE *line = fmemopen(text, sizeof(text), "w");

	if (line) {
		fprintf(line, "%s  ", picture->time);
		put_totals(line, rows);
		fclose(line);
	}
	if (!start_line(canvas, true))
		return;
	put(canvas, text, canvas->width);
	end_line(canvas);
}

static void draw_keys(struct canvas *canvas, const struct top_picture *picture)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "every %s, order: %s (s and S change it, space refreshes, q quits)",
		 picture->delay, top_sort_name(picture->sort));
	if (!picture->live || !start_line(canvas, false))
		return;
	put(canvas, text, canvas->width);
	end_line(canvas);
}

static void draw_headings(struct canvas *canvas, int names)
{
	if (!start_line(canvas, false))
		return;
	if (canvas->live)
		fputs("\033[7m", canvas->out);
	put_cell(canvas, "NAME", names, true);
	for (const struct column *column = columns; column->heading; column++) {
		put_blanks(canvas, 1);
		put_cell(canvas, column->heading, column->width, column->flush_left);
	}
	if (canvas->live)
		fputs("\033[m", canvas->out);
	end_line(canvas);
}

static void draw_row(struct canvas *canvas, const struct top_row *row, bool rates,
		     int names)
{
	char text[ESCAPED_NAME_MAX];

	if (!start_line(canvas, false))
		return;
	put_cell(canvas, escaped_name(row->stat->name, text), names, true);
	for (const struct column *column = columns; column->heading; column++) {
		if (column->rate && !rates)
			strcpy(text, "-");
		else
			column->text(row, text);
		put_blanks(canvas, 1);
		put_cell(canvas, text, column->width, column->flush_left);
	}
	end_line(canvas);
}

/* The last line is for the word that these are not all. */
static void draw_rows(struct canvas *canvas, const struct top_rows *rows, int names)
{
	size_t room = canvas->lines > 0 ? canvas->lines : 0;
	size_t shown = rows->count;
	char text[64];

	if (shown > room)
		shown = room ? room - 1 : 0;
	for (size_t i = 0; i < shown; i++)
		draw_row(canvas, &rows->rows[i], rows->rates, names);
	if (shown == rows->count || !start_line(canvas, false))
		return;
	snprintf(text, sizeof(text), "and %zu more", rows->count - shown);
	put(canvas, text, canvas->width);
	end_line(canvas);
}

void top_draw(FILE *out, const struct top_rows *rows, const struct top_picture *picture)
{
	struct canvas canvas = {
		.out = out,
		.live = picture->live,
		.lines = picture->live ? picture->height : INT_MAX,
		.width = picture->live ? picture->width : INT_MAX,
	};
	int names = name_width(rows, picture);

	draw_totals(&canvas, rows, picture);
	draw_keys(&canvas, picture);
	draw_headings(&canvas, names);
	draw_rows(&canvas, rows, names);
	if (picture->live && canvas.lines > 0)
		fputs("\r\n\033[J", out);
}
