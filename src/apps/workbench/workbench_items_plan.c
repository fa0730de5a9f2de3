/*
 * workbench_items_plan.c - what a workbook would do: its rows, item by item, and all of it together
 * among what is in force.
 *
 *     rows by code -> lines -> limits -> catalogue_check_files -> what that finds, at its row
 */
#include "apps/workbench/workbench_items_internal.h"
#include "apps/workbench/workbench_store.h"

#include <string.h>

/* What a check of a thousand items takes; it is given back behind it. */
enum { CHECK_BYTES_MOST = 256 * 1024 * 1024, PROBLEMS_MOST = 50, OF_A_ROW_MOST = 50 };

typedef struct Planning {
    App *app;
    DbConn *conn;
    Arena *arena;
    Language language;
    Date from;
    ItemsBook book;
    ItemsKnown known;
    ItemsLimits *limits;
    Map by_code; /* ItemMaking */
    ItemsPlan *out;
} Planning;

const char *item_change_name(ItemChange change)
{
    static const char *const names[] = {"new", "changed", "same", "wrong"};
    return names[change];
}

/* ---- rows by item ---------------------------------------------------------------------------- */

static bool is_code(const char *code)
{
    return *code && strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(code);
}

static void check_code(Planning *it, ItemsRow *row, const ItemMaking *first)
{
    const char *code = row->cells[ITEM_CODE];
    if (!*code)
        items_refuse(it->arena, row, ITEM_CODE, "import.missing", "column",
                     items_heading(it->arena, it->language, ITEMS_OF, ITEM_CODE));
    else if (!is_code(code))
        items_refuse(it->arena, row, ITEM_CODE, "import.code", "value", code);
    else if (first)
        items_refuse(it->arena, row, ITEM_CODE, "import.twice", "first",
                     sheet_place(it->arena, first->row->row, first->row->table->at[ITEM_CODE]));
}

/* Every row of the sheet of items makes a line; a second one of a code is wrong. */
static void gather_items(Planning *it)
{
    list_each (ItemsRow, row, &it->book.rows[ITEMS_OF]) {
        ItemMaking *making = arena_new(it->arena, ItemMaking);
        *making = (ItemMaking){
            .arena = it->arena, .language = it->language, .known = &it->known, .row = row};
        const ItemMaking *first = map_get(&it->by_code, row->cells[ITEM_CODE]);
        check_code(it, row, first);
        if (!first && is_code(row->cells[ITEM_CODE]))
            map_set(&it->by_code, row->cells[ITEM_CODE], making);
    }
}

/* Materials and bases go to their items; of an item that has no row they are wrong. */
static void gather_parts(Planning *it, ItemsSheet sheet)
{
    list_each (ItemsRow, row, &it->book.rows[sheet]) {
        ItemMaking *making = map_get(&it->by_code, row->cells[MATERIAL_ITEM]);
        if (!making)
            items_refuse(it->arena, row, MATERIAL_ITEM, "import.no_item", "value",
                         row->cells[MATERIAL_ITEM]);
        else if (sheet == MATERIALS_OF)
            list_add(it->arena, &making->materials, row);
        else
            list_add(it->arena, &making->bases, row);
    }
}

/* ---- one item -------------------------------------------------------------------------------- */

static void take_problems(Planning *it, ItemLine *line, const Error *problems)
{
    for (const Error *each = problems; each && error_is_set(each); each = each->next) {
        Error one = *each;
        one.next = NULL;
        if (line->problem_count++ < OF_A_ROW_MOST)
            error_append(&line->problems, it->arena, one);
    }
}

/* What is in force on the day; NULL where the item is new. */
static bool read_before(Planning *it, const char *code, const DefinitionFiles **out, Error *err)
{
    Definition there;
    bool is_found;
    DefinitionFiles *files = arena_new(it->arena, DefinitionFiles);
    *out = NULL;
    if (!definition_in_force_at(it->conn, it->arena, it->app->tenant, "item", code, "", it->from,
                                &there, &is_found, err))
        return false;
    if (!is_found)
        return true;
    *out = files;
    return catalogue_files(it->arena, &there, files, err);
}

/* Somebody's draft would be written over. */
static bool check_draft(Planning *it, ItemsRow *row, const char *code, Error *err)
{
    Draft draft;
    if (!store_draft(it->conn, it->arena, it->app->tenant, "item", code, &draft, err))
        return false;
    if (draft.revision)
        items_refuse(it->arena, row, ITEM_CODE, "import.draft", "code", code);
    return true;
}

static void put_limits(Planning *it, ItemMaking *making, ItemLine *line)
{
    bool is_changed;
    if (!making->has_limits || making->promised > making->statutory)
        return;
    if (!items_limits_put(it->limits, making, line->code, &is_changed))
        items_refuse(it->arena, making->row, ITEM_STATUTORY, "import.limits_by_rules", "code",
                     line->code);
    else if (is_changed && making->before)
        list_add(it->arena, &line->changes, "import.limits");
}

static ItemChange change_of(const ItemMaking *making, const ItemLine *line)
{
    if (error_is_set(&line->problems))
        return ITEM_WRONG;
    if (!making->before)
        return ITEM_NEW;
    return line->changes.count ? ITEM_CHANGED : ITEM_SAME;
}

static bool make_line(Planning *it, ItemMaking *making, ItemLine *line, Error *err)
{
    if (!read_before(it, line->code, &making->before, err) ||
        !check_draft(it, making->row, line->code, err))
        return false;
    items_make(making, line);
    put_limits(it, making, line);
    take_problems(it, line, &making->row->problems);
    list_each (ItemsRow *, row, &making->materials)
        take_problems(it, line, &(*row)->problems);
    list_each (ItemsRow *, row, &making->bases)
        take_problems(it, line, &(*row)->problems);
    line->change = change_of(making, line);
    if (line->change == ITEM_WRONG)
        items_limits_drop(it->limits, line->code);
    return true;
}

static bool add_line(Planning *it, ItemsRow *row, Error *err)
{
    ItemLine line = {.sheet = row->table->cells->name,
                     .row = row->row,
                     .code = row->cells[ITEM_CODE],
                     .name = {row->cells[ITEM_NAME], row->cells[ITEM_NAME_EN]}};
    ItemMaking *making = map_get(&it->by_code, line.code);
    if (!making || making->row != row) {
        take_problems(it, &line, &row->problems);
        line.change = ITEM_WRONG;
    } else if (!make_line(it, making, &line, err)) {
        return false;
    }
    list_add(it->arena, &it->out->lines, line);
    return true;
}

/* A row of materials or bases that belongs to no item. */
static void add_stray(Planning *it, ItemsRow *row)
{
    ItemLine line = {.sheet = row->table->cells->name,
                     .row = row->row,
                     .code = row->cells[MATERIAL_ITEM],
                     .name = {"", ""},
                     .change = ITEM_WRONG};
    if (map_has(&it->by_code, line.code))
        return;
    take_problems(it, &line, &row->problems);
    list_add(it->arena, &it->out->lines, line);
}

static bool make_lines(Planning *it, Error *err)
{
    list_each (ItemsRow, row, &it->book.rows[ITEMS_OF])
        if (!add_line(it, row, err))
            return false;
    for (int sheet = MATERIALS_OF; sheet < ITEMS_SHEETS; sheet++)
        list_each (ItemsRow, row, &it->book.rows[sheet])
            add_stray(it, row);
    return true;
}

/* ---- all of them together -------------------------------------------------------------------- */

void items_plan_files(Arena *arena, const ItemsPlan *plan, DefinitionSet *out)
{
    list_each (const ItemLine, line, &plan->lines)
        if (line->change == ITEM_NEW || line->change == ITEM_CHANGED)
            list_add(arena, out, line->files);
    if (plan->limits.source)
        list_add(arena, out, plan->limits);
}

/* The line whose file a problem is about. */
static ItemLine *line_of(Planning *it, const Error *problem)
{
    list_each (ItemLine, line, &it->out->lines)
        if (line->change != ITEM_SAME && line->files.code &&
            text_equal(problem->field, arena_printf(it->arena, "%s.json", line->code)))
            return line;
    return NULL;
}

static void place_problem(Planning *it, const Error *problem)
{
    ItemLine *line = line_of(it, problem);
    Error one = error_copy(it->arena, problem);
    one.next = NULL;
    if (!line) {
        error_append(&it->out->problems, it->arena, one);
        return;
    }
    error_add(&line->problems, it->arena, ERROR_INVALID, .code = "import.check",
              .field = "workbook", .line = line->row,
              .with = {{"sheet", line->sheet},
                       {"row", arena_printf(it->arena, "%d", line->row)},
                       {"what", message_of_error(it->arena, it->language, &one)}});
    line->change = ITEM_WRONG;
    items_limits_drop(it->limits, line->code);
}

static void place_problems(Planning *it, const Error *problems)
{
    int count = 0;
    for (const Error *each = problems; each && error_is_set(each) && count++ < PROBLEMS_MOST;
         each = each->next)
        place_problem(it, each);
}

/* True when the check ran. */
static bool check(Planning *it, Error *err)
{
    Error problems = ERROR_NONE;
    DefinitionSet set = {0};
    items_plan_files(it->arena, it->out, &set);
    Arena *scratch = arena_create(CHECK_BYTES_MOST);
    bool is_right = !set.count || catalogue_check_files(it->app, it->conn, scratch, &set,
                                                        (DefinitionScope){it->from, ""}, &problems);
    if (!is_right && problems.kind != ERROR_INTERNAL)
        place_problems(it, &problems);
    else if (!is_right)
        error_fill(err, error_copy(it->arena, &problems));
    arena_destroy(scratch);
    return !error_is_set(err);
}

/* The table may be in somebody's hands. */
static bool check_table(Planning *it, Error *err)
{
    Draft draft;
    if (!it->out->limits.source)
        return true;
    if (!store_draft(it->conn, it->arena, it->app->tenant, "table", ITEMS_TABLE, &draft, err))
        return false;
    if (draft.revision)
        error_add(&it->out->problems, it->arena, ERROR_CONFLICT, .code = "import.table_draft",
                  .field = "workbook");
    return true;
}

static void count_lines(ItemsPlan *plan)
{
    list_each (const ItemLine, line, &plan->lines)
        plan->counts[line->change]++;
}

bool items_plan_is_right(const ItemsPlan *plan, bool right_only)
{
    bool is_some = plan->counts[ITEM_NEW] + plan->counts[ITEM_CHANGED] > 0;
    return is_some && !error_is_set(&plan->problems) &&
           (right_only || plan->counts[ITEM_WRONG] == 0);
}

bool items_plan(App *app, DbConn *conn, Arena *arena, Language language, const char *data,
                size_t length, Date from, ItemsPlan *out, Error *err)
{
    Planning it = {.app = app,
                   .conn = conn,
                   .arena = arena,
                   .language = language,
                   .from = from,
                   .by_code = map_init(arena),
                   .out = out};
    *out = (ItemsPlan){0};
    if (!items_read(arena, data, length, &it.book, err) ||
        !items_known(app, conn, arena, &it.known, err))
        return false;
    it.limits = items_limits(app, conn, arena, from, err);
    if (!it.limits)
        return false;
    gather_items(&it);
    gather_parts(&it, MATERIALS_OF);
    gather_parts(&it, BASES_OF);
    if (!make_lines(&it, err) || !items_limits_files(it.limits, &out->limits, err) ||
        !check(&it, err) || !items_limits_files(it.limits, &out->limits, err) ||
        !check_table(&it, err))
        return false;
    count_lines(out);
    return true;
}
