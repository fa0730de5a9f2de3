#ifndef WORKBENCH_WORKBENCH_ITEMS_INTERNAL_H
#define WORKBENCH_WORKBENCH_ITEMS_INTERNAL_H

/* What the steps from a workbook to a plan share. */
#include "apps/org/org.h"
#include "apps/workbench/workbench_items.h"
#include "service/sheet.h"
#include "web/message.h"

/* ---- columns (workbench_items_columns.c) ----------------------------------------------------- */

typedef enum ItemsSheet { ITEMS_OF, MATERIALS_OF, BASES_OF, ITEMS_SHEETS } ItemsSheet;

enum {
    ITEM_CODE,
    ITEM_NAME,
    ITEM_NAME_EN,
    ITEM_SUMMARY,
    ITEM_SUMMARY_EN,
    ITEM_UNIT,
    ITEM_UNIT_NOTE,
    ITEM_UNIT_NOTE_EN,
    ITEM_KIND,
    ITEM_TOPIC,
    ITEM_ONLINE,
    ITEM_STATUTORY,
    ITEM_PROMISED,
    ITEM_LIMIT_UNIT,
    ITEM_FEE_NOTE,
    ITEM_FEE_NOTE_EN,
    ITEM_WORDS,
    ITEM_WORDS_EN,
    ITEM_CONDITIONS,
    ITEM_CONDITIONS_EN,
    ITEM_STEPS,
    ITEM_STEPS_EN,
    ITEM_PROCESS,
    ITEM_FORM,
    ITEM_TEMPLATE,
    ITEM_SERIES,
    ITEM_CERTIFICATE,
    ITEM_CERTIFICATE_EN,
    ITEMS_COLUMNS_MOST,
    MATERIAL_ITEM = 0,
    MATERIAL_CODE,
    MATERIAL_NAME,
    MATERIAL_NAME_EN,
    MATERIAL_NOTE,
    MATERIAL_NOTE_EN,
    MATERIAL_ORIGINAL,
    MATERIAL_COPIES,
    MATERIAL_REQUIRED,
    MATERIAL_CONDITION,
    BASIS_ITEM = 0,
    BASIS_TITLE,
    BASIS_TITLE_EN,
    BASIS_ARTICLE,
    BASIS_ARTICLE_EN,
    BASIS_CHECKED_ON,
};

typedef struct ItemsColumn {
    const char *name;  /* its heading is import.<sheet>.<name> */
    int most;          /* characters of a cell */
    int width;         /* of the column, in characters */
    bool is_required;  /* of a new item; the heading must be there */
    const char *value; /* "kind": one of a list (items_choices); NULL: a text */
} ItemsColumn;

const char *items_sheet_name(ItemsSheet sheet); /* items materials bases */
const ItemsColumn *items_columns(ItemsSheet sheet, size_t *out_count);

/* The codes of a list, NULL-terminated, and what people write for one. */
const char *const *items_choices(const char *value);
const char *items_choice_text(Arena *arena, Language language, const char *value, const char *code);
const char *items_heading(Arena *arena, Language language, ItemsSheet sheet, size_t column);

/* ---- rows (workbench_items_read.c) ----------------------------------------------------------- */

typedef struct ItemsTable {
    ItemsSheet sheet;
    const Sheet *cells;
    int at[ITEMS_COLUMNS_MOST]; /* column of the file, from 1; 0: not there */
} ItemsTable;

typedef struct ItemsRow {
    const ItemsTable *table;
    int row;
    const char *cells[ITEMS_COLUMNS_MOST]; /* trimmed; "" for nothing */
    Error problems;
} ItemsRow;
typedef LIST(ItemsRow) ItemsRows;

typedef struct ItemsBook {
    ItemsTable tables[ITEMS_SHEETS];
    ItemsRows rows[ITEMS_SHEETS];
} ItemsBook;

/* The rows of a workbook: blank ones and the example left out; formulas, merged cells and cells
 * that are too long are noted with their row. Headings that are missing, unknown or there twice
 * refuse the file: import.file_unknown, import.heading_missing, import.heading_unknown,
 * import.heading_twice; import.rows; import.empty. */
MUST_CHECK bool items_read(Arena *arena, const char *data, size_t length, ItemsBook *out,
                           Error *err);

/* Notes what is wrong with a cell: {sheet}, {cell}, and one more. Returns false. */
bool items_refuse(Arena *arena, ItemsRow *row, int column, const char *code, const char *name,
                  const char *value);

/* ---- items (workbench_items_make.c) ---------------------------------------------------------- */

/* What rows may name. */
typedef struct ItemsKnown {
    Units units;
    Map processes, forms, templates; /* by code */
} ItemsKnown;

MUST_CHECK bool items_known(App *app, DbConn *conn, Arena *arena, ItemsKnown *out, Error *err);

typedef LIST(ItemsRow *) ItemsRowList;

/* The item that its rows make: what is there already (NULL: nothing), changed by what they say. */
typedef struct ItemMaking {
    Arena *arena;
    Language language;
    const ItemsKnown *known;
    const DefinitionFiles *before;
    ItemsRow *row;
    ItemsRowList materials, bases;
    bool has_limits; /* the row gives them */
    int64_t statutory, promised;
    const char *limit_unit;
    Both limit_basis; /* what the rule's description says; zh NULL: what is there stays */
} ItemMaking;

/* Fills files, name and changes of the line; what is wrong is noted with the rows. */
void items_make(ItemMaking *it, ItemLine *line);

/* ---- JSON (workbench_items_json.c) ----------------------------------------------------------- */

typedef struct ItemMember {
    const char *name;
    const char *json; /* its value */
} ItemMember;
typedef LIST(ItemMember) ItemMembers;

/* An object with some members replaced, new ones behind; one a line where is_wide. */
const char *items_merge(Arena *arena, const Json *before, const ItemMembers *members, bool is_wide);
/* Whether two trees say the same: members in any order. NULL is nothing. */
bool items_json_equal(const Json *a, const Json *b);
const char *items_quoted(Arena *arena, const char *text);
/* A cell's lines (or what stands between "|") as a list of texts; and its words (、 , ;). */
const char *items_lines(Arena *arena, const char *cell, size_t *out_count);
const char *items_words(Arena *arena, const char *cell);

/* ---- limits (workbench_items_limits.c) ------------------------------------------------------- */

typedef struct ItemsLimits ItemsLimits;

/* The table of limits as it is in force on a day. NULL with import.no_limits_table. */
MUST_CHECK ItemsLimits *items_limits(App *app, DbConn *conn, Arena *arena, Date day, Error *err);

/* Notes what a row says of its item's limits: the rule of that item alone is changed, or a new one
 * made. False where the limits of the item follow several rules. *out_changed: it said something
 * new. */
bool items_limits_put(ItemsLimits *it, const ItemMaking *item, const char *code, bool *out_changed);

/* Forgets the rules of an item that were noted. */
void items_limits_drop(ItemsLimits *it, const char *code);

/* The files of the table with what was noted; source NULL where nothing was. */
MUST_CHECK bool items_limits_files(ItemsLimits *it, DefinitionFiles *out, Error *err);

#endif
