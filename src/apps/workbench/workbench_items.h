#ifndef WORKBENCH_WORKBENCH_ITEMS_H
#define WORKBENCH_WORKBENCH_ITEMS_H

/*
 * A centre's catalogue of items out of one workbook: what a spreadsheet says of services, their
 * materials and their legal bases becomes the files of definitions, row by row.
 *
 *     xlsx -> rows (items_read) -> files of items -> rules of the table of limits
 *          -> catalogue_check_files -> a plan: what would happen, row by row
 *
 * Three sheets: services, materials, legal bases; their columns are found by heading, in either
 * language, in any order. Limits become rules of the table `limits` and stand nowhere else. Of an
 * item that exists an empty cell leaves what is there as it is. The row with the code "example" is
 * passed over. Nothing is written: a plan is saved as drafts, or published, by its caller.
 */
#include "apps/catalogue/catalogue.h"
#include "apps/workbench/workbench.h"

/* Rows of the sheet of items, and of the others. */
enum { ITEMS_MOST = 1000, ITEMS_PARTS_MOST = 10000, ITEMS_FILE_MOST = 4 * 1024 * 1024 };
#define ITEMS_TABLE    "limits" /* of the limits of items, and its decision */
#define ITEMS_DECISION "limits"

typedef enum ItemChange { ITEM_NEW, ITEM_CHANGED, ITEM_SAME, ITEM_WRONG, ITEM_CHANGES } ItemChange;
const char *item_change_name(ItemChange change); /* new changed same wrong */

/* What would happen to one item. */
typedef struct ItemLine {
    const char *sheet; /* where its row stands */
    int row;
    const char *code; /* "" where the row has none */
    Both name;
    ItemChange change;
    LIST(const char *) changes; /* of one that changes: keys of the columns */
    DefinitionFiles files;
    Error problems; /* each names sheet and cell ({sheet}, {cell}) in its text */
    int problem_count;
} ItemLine;

typedef struct ItemsPlan {
    LIST(ItemLine) lines; /* in the order of the rows */
    size_t counts[ITEM_CHANGES];
    DefinitionFiles limits; /* the table with its new rules; source NULL: it stays as it is */
    Error problems;         /* of the whole, of no row */
} ItemsPlan;

/* Whether it can be read as a workbook of items: the errors below, and none of rows. */
MUST_CHECK bool items_can_read(Arena *arena, const char *data, size_t length, Error *err);

/* What a workbook would do from a day on. False when it cannot be read as one (import.file_unknown,
 * those of sheet_open and sheet_read), or on a failure. What is wrong with rows is told in the
 * plan, whose texts are in `language`. Heavy: off the writer. */
MUST_CHECK bool items_plan(App *app, DbConn *conn, Arena *arena, Language language,
                           const char *data, size_t length, Date from, ItemsPlan *out, Error *err);

/* The files of a plan that are to be published together: of new and changed items, and the table.
 */
void items_plan_files(Arena *arena, const ItemsPlan *plan, DefinitionSet *out);

/* Whether nothing of it is wrong, or (right_only) at least one row is new or changed. */
bool items_plan_is_right(const ItemsPlan *plan, bool right_only);

/* An empty workbook: headings, an example, and what every column may hold in this county. */
MUST_CHECK bool items_template(App *app, DbConn *conn, Arena *arena, Language language,
                               const char **out_data, size_t *out_length, Error *err);

#endif
