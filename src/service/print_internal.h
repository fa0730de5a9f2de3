#ifndef SERVICE_PRINT_INTERNAL_H
#define SERVICE_PRINT_INTERNAL_H

/* The layout tree, for those who make it (print_parse.c) and those who set it. */
#include "base/list.h"
#include "service/print.h"

typedef enum PrintKind {
    PRINT_ROOT,
    PRINT_TITLE,
    PRINT_HEADING,
    PRINT_PARAGRAPH,
    PRINT_LIST,
    PRINT_ITEM,
    PRINT_FACTS,
    PRINT_FACT,
    PRINT_TERM,
    PRINT_DETAIL,
    PRINT_TABLE,
    PRINT_PART, /* thead, tbody */
    PRINT_ROW,
    PRINT_CELL,
    PRINT_QR,
    PRINT_CAPTION,
    PRINT_SIGN,
    PRINT_IMAGE,
    PRINT_PLACE,
    PRINT_RULE,
    PRINT_STRONG, /* inside text: never a node of the finished tree */
    PRINT_UNDERLINE,
    PRINT_LINE_END,
    PRINT_KIND_COUNT
} PrintKind;

typedef struct PrintRun {
    const char *text; /* NULL: a line end */
    bool is_strong;
    bool is_underlined;
} PrintRun;

typedef struct PrintNode {
    PrintKind kind;
    const char *name;  /* of the element */
    const char *style; /* class, "" for none */
    LIST(PrintRun) runs;
    LIST(struct PrintNode *) children;
    const char *value; /* of a QR, bytes of an image */
    size_t value_size;
    const char *source; /* of an image, as it was given */
    const char *alt;
    double x, y, width; /* mm; width: of a QR its size; 0: not given */
    double shares[12];  /* of a table's columns */
    size_t share_count;
    int span;
    bool is_header; /* th, thead */
} PrintNode;

struct PrintPaper {
    PrintNode *root;
};

/* Whether one of the words of a class is `word`. */
bool print_has_style(const PrintNode *node, const char *word);

/* Whether `word`, of so many bytes, is one of `words`, which blanks part. */
bool print_has_word(const char *words, const char *word, size_t length);

/* Keeps the value of an attribute that the element may have; styles are the words that its class
 * may hold. False: the value is not right (print_attribute.c). */
bool print_take_attribute(Arena *arena, const char *styles, PrintNode *node, const char *name,
                          const char *value);

/* ---- QR (print_qr.c) ------------------------------------------------------------------------- */

typedef struct PrintQr {
    int size;                  /* modules a side */
    const unsigned char *dark; /* size * size: 1 dark */
} PrintQr;

/* ISO/IEC 18004 with error correction M, in the arena; size 0 when the text does not fit. */
PrintQr print_qr(Arena *arena, const char *text);

/* ---- set type (print_layout.c) --------------------------------------------------------------- */

typedef enum PrintInk {
    PRINT_INK_LINE, /* a line of text: line, at its baseline */
    PRINT_INK_RULE, /* from x, y to x + width, y + height */
    PRINT_INK_QR,
    PRINT_INK_IMAGE,
    PRINT_INK_SEAL, /* the place for a seal: a ring around x, y */
} PrintInk;

/* Something at its place on a page; points from the upper left corner. */
typedef struct PrintItem {
    PrintInk ink;
    int page;
    double x, y, width, height;
    void *line; /* PangoLayoutLine */
    const PrintNode *node;
} PrintItem;

typedef struct PrintPages {
    LIST(PrintItem) items;
    int count;
} PrintPages;

#define PRINT_POINT_A_MM (72.0 / 25.4)

#endif
