#ifndef SERVICE_PRINT_H
#define SERVICE_PRINT_H

/*
 * Print: a filled template becomes one layout tree; the tree becomes the page on the screen and the
 * PDF (decisions.md 25). Nothing else sets type.
 *
 *     template (format/template.h) -> text -> print_parse -> PrintPaper -> print_html
 *                                                                       -> print_pdf
 *
 * The text is a strict subset of XHTML. What is not listed here is refused with line and column, so
 * that a paper never looks otherwise than its author saw:
 *
 *     h2                      the title, centred
 *     h3                      a heading
 *     p                       a paragraph, indented by two characters; class:
 *                               to       the addressee: no indent
 *                               plain    no indent
 *                               number   the paper's number, under the title
 *                               right, centre, small (a note)
 *                               lines    line ends of a value are kept
 *     ol ul > li              lists
 *     dl > div > dt dd        facts: a name and its value in two columns (class facts allowed)
 *     table > thead tbody > tr > th td
 *                             rules around cells; data-widths="2 5 3" are shares of the width;
 * colspan; the head is repeated on every page figure class="qr"       data-value: what it holds,
 * data-size: mm (28); figcaption under it. Several in a row stand side by side. section
 * class="sign"    who signs and when (p), right at the bottom, kept together with a place for the
 * seal; class "sign bare" without it img                     src="data:image/png;base64,...", alt,
 * data-width in mm div class="place"       data-x data-y data-width in mm from the paper's corner:
 * on pre-printed paper; holds p hr                      a rule; class page: a new page strong u br
 * inside text
 *
 * A text without any class follows the older rule: the first paragraph is the number, the last
 * signs.
 *
 * Paper is A4; pages are numbered 第 1 页 共 2 页, but for pre-printed ones. Type is Noto Serif
 * CJK; a PDF carries the glyphs that it uses. The same input gives the same bytes.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "db/statement.h"

typedef struct PrintPaper PrintPaper;

enum {
    PRINT_BYTES_MAX = 512 * 1024,
    PRINT_NODES_MAX = 20000,
    PRINT_DEPTH_MAX = 12,
    PRINT_IMAGE_MAX = 256 * 1024, /* bytes of one image */
    PRINT_PAGES_MAX = 200,
};

/* The tree of a text, in the arena. On failure NULL and one error with line and column:
 * print.syntax, print.element, print.misplaced, print.attribute, print.value (each {what}; all
 * ERROR_INVALID), print.size (ERROR_TOO_LARGE). */
MUST_CHECK PrintPaper *print_parse(Arena *arena, const char *text, size_t length, Error *err);

/* Adds the paper as a part of a page. */
void print_html(const PrintPaper *paper, Buffer *out);

/* One QR code as a picture of a page (SVG); `name` is what is read out in its place. Empty when the
 * text does not fit. */
const char *print_qr_picture(Arena *arena, const char *text, const char *name);

typedef struct PrintAbout {
    const char *title;    /* as a reader's window shows it */
    const char *language; /* "zh-CN" */
    Date date;            /* the paper's own: stands in the file as its date of making */
} PrintAbout;

/* The paper as a PDF, in the arena. Takes tens of milliseconds: never on the writer, and on a web
 * worker only on the offload threads. print.font (ERROR_UNAVAILABLE) when no Chinese type is
 * installed, print.size (ERROR_TOO_LARGE) beyond PRINT_PAGES_MAX, print.failed (ERROR_INTERNAL). */
MUST_CHECK bool print_pdf(const PrintPaper *paper, Arena *arena, const PrintAbout *about,
                          DbBytes *out, Error *err);

#endif
