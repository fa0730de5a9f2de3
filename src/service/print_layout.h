#ifndef SERVICE_PRINT_LAYOUT_H
#define SERVICE_PRINT_LAYOUT_H

/* Type on pages: what print_layout.c (blocks), print_table.c (tables, facts) and print_pdf.c share.
 */
#include <pango/pangocairo.h>

#include "service/print_internal.h"

/* A4 in points; the text is 31 characters of 14 points wide, so that lines of Chinese come out
 * even. */
#define PAGE_WIDTH  595.28
#define PAGE_HEIGHT 841.89
#define TEXT_LEFT   80.64
#define TEXT_WIDTH  434.0
#define TEXT_TOP    80.0
#define TEXT_BOTTOM 772.0

/* How a kind of text is set. */
typedef struct PrintType {
    const char *font; /* without size */
    double size;
    double leading; /* from line to line */
    PangoAlignment alignment;
    bool is_justified;
    int indent; /* characters of the first line */
    double before, after;
} PrintType;

extern const PrintType PRINT_TYPE_BODY, PRINT_TYPE_TABLE, PRINT_TYPE_HEAD, PRINT_TYPE_SMALL,
    PRINT_TYPE_FOOT;

typedef struct Setter {
    Arena *arena;
    PangoContext *context;
    LIST(PangoLayout *) layouts; /* released when the paper is done */
    PrintPages pages;
    int page;
    double y;
    bool has_places;
    bool has_images;
} Setter;

/* A text set to a width; lives until the setter ends. prefix (may be NULL) stands before it. */
PangoLayout *setter_text(Setter *setter, const PrintNode *node, const PrintType *type, double width,
                         const char *prefix);

/* Puts `count` lines of a set text from `first` on at x, y (of the first line's top). */
void setter_put_lines(Setter *setter, const PrintNode *node, const PrintType *type,
                      PangoLayout *layout, int first, int count, double x, double y);

void setter_put(Setter *setter, PrintItem item);

/* A thin filled rule. */
void setter_put_rule(Setter *setter, double x, double y, double width, double height);

/* Goes to a new page unless so much height is left; true when it did. */
bool setter_need(Setter *setter, double height);
void setter_new_page(Setter *setter);

/* print_table.c */
void setter_put_table(Setter *setter, const PrintNode *table);
void setter_put_facts(Setter *setter, const PrintNode *facts);

/* Sets the whole paper: every item with its page and place. */
void setter_put_paper(Setter *setter, const PrintPaper *paper);
void setter_finish(Setter *setter);

#endif
