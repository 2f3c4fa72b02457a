// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>

#include "html.h"

static const char style[] =
	":root{color-scheme:light dark;--line:#ccc;--soft:#666;--own:#e31a1c}\n"
	"@media(prefers-color-scheme:dark){:root{--line:#444;--soft:#aaa;--own:#ff6b6b}}\n"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:66rem;margin:0 auto;padding:1rem}\n"
	"h1{line-height:1.2}\n"
	"h2{margin-top:3rem;border-top:1px solid var(--line);padding-top:1rem}\n"
	".facts{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}\n"
	".facts dt{color:var(--soft)}\n"
	".facts dd{margin:0;overflow-wrap:anywhere}\n"
	".wide{overflow-x:auto}\n"
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}\n"
	"th,td{padding:.15rem .6rem;text-align:right;border-bottom:1px solid var(--line);"
	"white-space:nowrap}\n"
	"th[scope=row],th:first-child{text-align:left;font-weight:normal;position:sticky;left:0;"
	"background:Canvas}\n"
	".upright{vertical-align:bottom;padding:.3rem .2rem}\n"
	".upright span{writing-mode:vertical-rl;transform:rotate(180deg);font-weight:normal}\n"
	".features td{text-align:center;padding:.15rem .45rem}\n"
	".features td[colspan]{text-align:left}\n"
	"tr.mbox th,tr.mbox td{color:var(--own);font-weight:bold}\n"
	".yes{color:#1a7f37}.no{color:#b42318}.partly{color:#9a6700}\n"
	"figure{margin:1rem 0}\n"
	"figure img{width:100%;min-width:40rem;height:auto;background:#fff}\n"
	"figcaption{color:var(--soft)}\n"
	"summary{cursor:pointer;margin:.5rem 0}\n";

void html_begin(FILE *out, const char *title)
{
	fprintf(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>");
	html_text(out, title);
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", style);
}

void html_end(FILE *out)
{
	fputs("</body>\n</html>\n", out);
}

void html_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

void html_fact(FILE *out, const char *name, const char *value)
{
	fprintf(out, "<dt>%s</dt><dd>", name);
	html_text(out, value);
	fprintf(out, "</dd>\n");
}

/* Base64, RFC 4648. */
static void put_base64(FILE *out, const unsigned char *data, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t at = 0; at < len; at += 3) {
		size_t left = len - at;
		uint32_t three = data[at] << 16 | (left > 1 ? data[at + 1] << 8 : 0) |
				 (left > 2 ? data[at + 2] : 0);

		fputc(digits[three >> 18], out);
		fputc(digits[three >> 12 & 63], out);
		fputc(left > 1 ? digits[three >> 6 & 63] : '=', out);
		fputc(left > 2 ? digits[three & 63] : '=', out);
	}
}

void html_picture(FILE *out, const char *title, const char *caption, const char *svg, size_t len)
{
	fprintf(out, "<figure><figcaption><b>");
	html_text(out, title);
	fprintf(out, "</b>, ");
	html_text(out, caption);
	fprintf(out, "</figcaption>\n<div class=\"wide\"><img alt=\"");
	html_text(out, title);
	fprintf(out, "\" src=\"data:image/svg+xml;base64,");
	put_base64(out, (const unsigned char *)svg, len);
	fprintf(out, "\"></div></figure>\n");
}
