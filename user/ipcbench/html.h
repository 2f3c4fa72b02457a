/* SPDX-License-Identifier: GPL-2.0-only */
/* Pieces of a page that stands alone. */
#ifndef IPCBENCH_HTML_H
#define IPCBENCH_HTML_H

#include <stddef.h>
#include <stdio.h>

/* Everything up to the content, and everything after it. */
void html_begin(FILE *out, const char *title);
void html_end(FILE *out);

/* Text, safe in an element and in an attribute's quotes. */
void html_text(FILE *out, const char *text);

/* A line of a list of facts, inside <dl>. */
void html_fact(FILE *out, const char *name, const char *value);

/* A picture of its own: no name inside can meet one of another picture. */
void html_picture(FILE *out, const char *title, const char *caption, const char *svg, size_t len);

#endif /* IPCBENCH_HTML_H */
