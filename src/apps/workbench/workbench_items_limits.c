/*
 * workbench_items_limits.c - the table of limits with the rules of items that come in.
 *
 * An item's limits stand in the table and nowhere else. Of an item that has a rule for itself alone
 * that rule is changed; one that has none gets a new one; where several rules decide, or a rule
 * decides for several items, the table is the place to change it.
 */
#include "apps/workbench/workbench_items_internal.h"
#include "dmn/dmn_grid.h"

#include <string.h>

enum { WRITTEN_BYTES_MOST = 256 * 1024 * 1024 };

typedef struct LimitRule {
    const char *code;
    size_t origin; /* of the file, from 1; 0: a new one */
    const char **cells;
    const char *english; /* of its legal basis; NULL: as it is */
} LimitRule;

struct ItemsLimits {
    Arena *arena;
    DefinitionFiles files;
    DmnGrid grid;
    size_t item, statutory, promised, unit, note; /* which columns */
    Map rules;                                    /* LimitRule by code */
};

/* ---- the table ------------------------------------------------------------------------------- */

static bool refuse_table(Error *err)
{
    return error_set(err, ERROR_INVALID, .code = "import.no_limits_table", .field = "workbook");
}

static size_t column_of(const DmnGrid *grid, DmnGridKind kind, const char *expression)
{
    for (size_t i = 0; i < grid->columns.count; i++)
        if (grid->columns.items[i].kind == kind &&
            (!expression || text_equal(grid->columns.items[i].expression, expression)))
            return i;
    return grid->columns.count;
}

static bool find_columns(ItemsLimits *it)
{
    const DmnGrid *grid = &it->grid;
    it->item = column_of(grid, DMN_GRID_INPUT, "item");
    it->statutory = column_of(grid, DMN_GRID_OUTPUT, "statutory");
    it->promised = column_of(grid, DMN_GRID_OUTPUT, "promised");
    it->unit = column_of(grid, DMN_GRID_OUTPUT, "unit");
    it->note = column_of(grid, DMN_GRID_NOTE, NULL);
    size_t none = grid->columns.count;
    return it->item < none && it->statutory < none && it->promised < none && it->unit < none &&
           it->note < none;
}

static bool read_table(ItemsLimits *it, Error *err)
{
    DmnGrids grids = {0};
    if (!dmn_grids(it->arena, it->files.source, strlen(it->files.source), &grids, err))
        return false;
    list_each (DmnGrid, grid, &grids)
        if (text_equal(grid->id, ITEMS_DECISION)) {
            it->grid = *grid;
            return find_columns(it) || refuse_table(err);
        }
    return refuse_table(err);
}

ItemsLimits *items_limits(App *app, DbConn *conn, Arena *arena, Date day, Error *err)
{
    Definition there;
    bool is_found;
    ItemsLimits *it = arena_new(arena, ItemsLimits);
    *it = (ItemsLimits){.arena = arena, .rules = map_init(arena)};
    if (!definition_in_force_at(conn, arena, app->tenant, "table", ITEMS_TABLE, "", day, &there,
                                &is_found, err))
        return NULL;
    if (!is_found) {
        refuse_table(err);
        return NULL;
    }
    return catalogue_files(arena, &there, &it->files, err) && read_table(it, err) ? it : NULL;
}

/* ---- rules ----------------------------------------------------------------------------------- */

/* Which rule is this item's alone, from 1; 0: none. False where another one decides for it, too. */
static bool find_rule(const ItemsLimits *it, const char *quoted, size_t *out)
{
    *out = 0;
    for (size_t i = 0; i < it->grid.rules.count; i++) {
        const DmnGridRule *rule = &it->grid.rules.items[i];
        if (!strstr(rule->cells[it->item], quoted))
            continue;
        bool is_own = text_equal(rule->cells[it->item], quoted) && !*out;
        for (size_t k = 0; k < it->grid.columns.count; k++)
            if (it->grid.columns.items[k].kind == DMN_GRID_INPUT && k != it->item &&
                *rule->cells[k] && !text_equal(rule->cells[k], "-"))
                is_own = false;
        if (!is_own)
            return false;
        *out = i + 1;
    }
    return true;
}

static const char *number_text(Arena *arena, int64_t number)
{
    return arena_printf(arena, "%lld", (long long)number);
}

static const char **new_cells(const ItemsLimits *it, const char *quoted)
{
    const char **cells = arena_array(it->arena, const char *, it->grid.columns.count);
    for (size_t i = 0; i < it->grid.columns.count; i++)
        cells[i] = it->grid.columns.items[i].kind == DMN_GRID_INPUT ? "-" : "";
    cells[it->item] = quoted;
    return cells;
}

/* "《...》第十四条；承诺5个工作日。" */
static const char *note_of(const ItemsLimits *it, const ItemMaking *item, Language language)
{
    const MessageParam amount = {"n", number_text(it->arena, item->promised)};
    const char *unit = arena_printf(it->arena, "paper.limit.%s", item->limit_unit);
    const MessageParam params[] = {
        {"basis", language == LANGUAGE_EN ? item->limit_basis.en : item->limit_basis.zh},
        {"limit", message_text(it->arena, language, unit, &amount, 1)}};
    const char *key = item->promised ? "import.limit_note" : "import.limit_note_at_once";
    return message_text(it->arena, language, key, params, sizeof params / sizeof *params);
}

static bool is_same(const ItemsLimits *it, const char **a, const char **b)
{
    return text_equal(a[it->statutory], b[it->statutory]) &&
           text_equal(a[it->promised], b[it->promised]) && text_equal(a[it->unit], b[it->unit]);
}

bool items_limits_put(ItemsLimits *it, const ItemMaking *item, const char *code, bool *out_changed)
{
    const char *quoted = arena_printf(it->arena, "\"%s\"", code);
    LimitRule *rule = arena_new(it->arena, LimitRule);
    *out_changed = false;
    if (!find_rule(it, quoted, &rule->origin))
        return false;
    const DmnGridRule *before = rule->origin ? &it->grid.rules.items[rule->origin - 1] : NULL;
    rule->code = code;
    rule->cells = new_cells(it, quoted);
    for (size_t i = 0; before && i < it->grid.columns.count; i++)
        rule->cells[i] = before->cells[i];
    rule->cells[it->statutory] = number_text(it->arena, item->statutory);
    rule->cells[it->promised] = number_text(it->arena, item->promised);
    rule->cells[it->unit] = arena_printf(it->arena, "\"%s\"", item->limit_unit);
    if (before && is_same(it, rule->cells, before->cells))
        return true;
    *out_changed = true;
    if (item->limit_basis.zh) {
        rule->cells[it->note] = note_of(it, item, LANGUAGE_ZH);
        rule->english = note_of(it, item, LANGUAGE_EN);
    }
    map_set(&it->rules, code, rule);
    return true;
}

void items_limits_drop(ItemsLimits *it, const char *code)
{
    map_set(&it->rules, code, NULL);
}

/* ---- the file -------------------------------------------------------------------------------- */

static bool has_rules(const ItemsLimits *it)
{
    map_each (entry, &it->rules)
        if (entry->value)
            return true;
    return false;
}

static DmnGrid wanted_grid(const ItemsLimits *it)
{
    DmnGrid wanted = it->grid;
    memset(&wanted.rules, 0, sizeof wanted.rules);
    for (size_t i = 0; i < it->grid.rules.count; i++) {
        DmnGridRule rule = it->grid.rules.items[i];
        rule.origin = i + 1;
        list_add(it->arena, &wanted.rules, rule);
    }
    map_each (entry, &it->rules) {
        const LimitRule *rule = entry->value;
        if (rule && rule->origin)
            wanted.rules.items[rule->origin - 1].cells = rule->cells;
        else if (rule)
            list_add(it->arena, &wanted.rules, ((DmnGridRule){.id = "", .cells = rule->cells}));
    }
    return wanted;
}

/* The code of the item that a rule is about alone, without its quotes. */
static const char *code_of(const ItemsLimits *it, const DmnGridRule *rule)
{
    const char *cell = rule->cells[it->item];
    size_t length = strlen(cell);
    return length > 2 && *cell == '"' ? arena_text_n(it->arena, cell + 1, length - 2) : "";
}

/* The overlay with the English of the rules, which have their ids only now. */
static bool write_english(ItemsLimits *it, const char *source, const char **out, Error *err)
{
    DmnGrids grids = {0};
    ItemMembers members = {0};
    const char *before = it->files.english ? it->files.english : "{}";
    Json *overlay = json_parse(it->arena, before, strlen(before), &JSON_LIMITS, err);
    if (!overlay || !dmn_grids(it->arena, source, strlen(source), &grids, err))
        return false;
    list_each (DmnGrid, grid, &grids)
        for (size_t i = 0; text_equal(grid->id, ITEMS_DECISION) && i < grid->rules.count; i++) {
            const LimitRule *rule = map_get(&it->rules, code_of(it, &grid->rules.items[i]));
            if (rule && rule->english)
                list_add(it->arena, &members,
                         ((ItemMember){grid->rules.items[i].id,
                                       items_quoted(it->arena, rule->english)}));
        }
    *out = items_merge(it->arena, overlay, &members, true);
    return true;
}

static bool make_files(ItemsLimits *it, DefinitionFiles *out, Error *err)
{
    DmnGrid wanted = wanted_grid(it);
    return dmn_grid_write(it->arena, it->files.source, strlen(it->files.source), &wanted,
                          &out->source, err) &&
           write_english(it, out->source, &out->english, err);
}

/* The file is parsed more than once on the way: of that only its text is kept. */
bool items_limits_files(ItemsLimits *it, DefinitionFiles *out, Error *err)
{
    Error problem = ERROR_NONE;
    ItemsLimits work = *it;
    DefinitionFiles made = {0};
    *out = (DefinitionFiles){.kind = "table", .code = ITEMS_TABLE};
    if (!has_rules(it))
        return true;
    work.arena = arena_create(WRITTEN_BYTES_MOST);
    bool is_made = make_files(&work, &made, &problem);
    if (is_made) {
        out->source = arena_text(it->arena, made.source);
        out->english = arena_text(it->arena, made.english);
    } else {
        error_fill(err, error_copy(it->arena, &problem));
    }
    arena_destroy(work.arena);
    return is_made;
}
