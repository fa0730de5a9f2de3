/*
 * workbench_items_make.c - the rows of one item to its definition: cells to members of JSON, put
 * into what is there already.
 *
 *     row, its materials, its legal bases -> members -> merged files -> which columns changed
 */
#include "apps/workbench/workbench_items_internal.h"
#include "feel/feel.h"
#include "service/definition.h"

#include <string.h>

enum { COPIES_MOST = 99, LIMIT_MOST = 3650 };

typedef struct Work {
    ItemMaking *it;
    ItemLine *line;
    Arena *arena;
    const Json *item, *english; /* what is there; NULL nothing */
    ItemMembers members, english_members;
} Work;

/* ---- what is known --------------------------------------------------------------------------- */

static bool read_codes(App *app, DbConn *conn, Arena *arena, const char *kind, Map *out, Error *err)
{
    Definitions all = {0};
    *out = map_init(arena);
    if (!definition_list(conn, arena, app->tenant, kind, &all, err))
        return false;
    list_each (Definition, one, &all)
        map_set(out, one->code, (void *)one->code);
    return true;
}

bool items_known(App *app, DbConn *conn, Arena *arena, ItemsKnown *out, Error *err)
{
    *out = (ItemsKnown){0};
    return org_units(conn, arena, app->tenant, &out->units, err) &&
           read_codes(app, conn, arena, "process", &out->processes, err) &&
           read_codes(app, conn, arena, "form", &out->forms, err) &&
           read_codes(app, conn, arena, "template", &out->templates, err);
}

/* ---- cells ----------------------------------------------------------------------------------- */

static bool refuse(Work *work, ItemsRow *row, int column, const char *code, const char *name,
                   const char *value)
{
    return items_refuse(work->arena, row, column, code, name, value);
}

/* A cell of a new item or part must have something in it. */
static const char *need(Work *work, ItemsRow *row, int column, bool is_new)
{
    if (!*row->cells[column] && is_new)
        refuse(work, row, column, "import.missing", "column",
               items_heading(work->arena, work->it->language, row->table->sheet, (size_t)column));
    return row->cells[column];
}

static const char *labels_of(Work *work, const char *value)
{
    const char *const *codes = items_choices(value);
    Buffer out = buffer_init(work->arena, 0);
    for (size_t i = 0; codes[i]; i++) {
        buffer_add(&out, i ? (work->it->language == LANGUAGE_EN ? ", " : "、") : "");
        buffer_add(&out, items_choice_text(work->arena, work->it->language, value, codes[i]));
    }
    return buffer_text(&out);
}

/* The code behind what was written, in either language or as the code itself; NULL for nothing. */
static const char *choice(Work *work, ItemsRow *row, int column, bool is_new)
{
    size_t count;
    const char *value = items_columns(row->table->sheet, &count)[column].value;
    const char *const *codes = items_choices(value);
    const char *cell = need(work, row, column, is_new);
    for (size_t i = 0; *cell && codes[i]; i++)
        if (text_equal(codes[i], cell) ||
            text_equal(items_choice_text(work->arena, LANGUAGE_ZH, value, codes[i]), cell) ||
            text_equal(items_choice_text(work->arena, LANGUAGE_EN, value, codes[i]), cell))
            return codes[i];
    if (*cell)
        refuse(work, row, column, "import.choice", "allowed", labels_of(work, value));
    return NULL;
}

/* A whole number from 0; -1 for nothing, or what is none. */
static int64_t number(Work *work, ItemsRow *row, int column, bool is_new, int64_t most)
{
    int64_t value = -1;
    const char *cell = need(work, row, column, is_new);
    if (*cell && (!text_to_int64(cell, &value) || value < 0 || value > most)) {
        refuse(work, row, column, "import.number", "most",
               arena_printf(work->arena, "%lld", (long long)most));
        return -1;
    }
    return value;
}

/* ---- members --------------------------------------------------------------------------------- */

static void put(Work *work, ItemMembers *members, const char *name, const char *json)
{
    list_add(work->arena, members, ((ItemMember){name, json}));
}

static void put_text(Work *work, ItemMembers *members, const char *name, const char *text)
{
    put(work, members, name, items_quoted(work->arena, text));
}

/* Chinese that is there already with its English needs none again. */
static bool has_english(const Json *json, const Json *english, const char *name, const char *cell)
{
    return text_equal(json_text(json, name), cell) && json_text(english, name);
}

/* A cell and the one beside it with its English, as one member of both files. */
static void put_both(Work *work, ItemsRow *row, int column, const char *name, const Json *before,
                     const Json *before_english, ItemMembers *members, ItemMembers *english)
{
    const char *cell = row->cells[column], *other = row->cells[column + 1];
    if (*cell)
        put_text(work, members, name, cell);
    if (*other)
        put_text(work, english, name, other);
    if (*cell && !*other && !has_english(before, before_english, name, cell))
        refuse(work, row, column + 1, "import.no_english", "text", cell);
    if (*other && !*cell && !json_text(before, name))
        refuse(work, row, column, "import.missing", "column",
               items_heading(work->arena, work->it->language, row->table->sheet, (size_t)column));
}

static void put_item_text(Work *work, int column, const char *name)
{
    need(work, work->it->row, column, !work->item);
    put_both(work, work->it->row, column, name, work->item, work->english, &work->members,
             &work->english_members);
}

/* Sentences, one a line; their English has as many. */
static void put_lines(Work *work, int column, const char *name)
{
    ItemsRow *row = work->it->row;
    size_t count, others;
    const char *lines = items_lines(work->arena, row->cells[column], &count);
    const char *english = items_lines(work->arena, row->cells[column + 1], &others);
    const Json *there = json_get(work->item, name);
    if (!count && there)
        count = there->count;
    else if (*row->cells[column])
        put(work, &work->members, name, lines);
    if (*row->cells[column + 1])
        put(work, &work->english_members, name, english);
    else if (!*row->cells[column])
        return;
    if (count != others)
        items_refuse(work->arena, row, column + 1, others ? "import.lines" : "import.no_english",
                     others ? "count" : "text",
                     others ? arena_printf(work->arena, "%zu", count) : row->cells[column]);
}

static void put_words(Work *work, int column, const char *name, ItemMembers *members)
{
    const char *cell = work->it->row->cells[column];
    if (*cell)
        put(work, members, name, items_words(work->arena, cell));
}

/* ---- the item's own row ---------------------------------------------------------------------- */

static const Unit *unit_of(const Units *units, const char *cell, bool *out_is_unclear)
{
    const Unit *found = NULL;
    *out_is_unclear = false;
    list_each (const Unit, unit, units) {
        if (text_equal(unit->code, cell))
            return unit;
        if (text_equal(unit->name, cell) || text_equal(unit->name_en, cell)) {
            *out_is_unclear = found != NULL;
            found = unit;
        }
    }
    return found;
}

static void put_unit(Work *work)
{
    bool is_unclear;
    ItemsRow *row = work->it->row;
    const char *cell = need(work, row, ITEM_UNIT, !work->item);
    const Unit *unit = *cell ? unit_of(&work->it->known->units, cell, &is_unclear) : NULL;
    if (*cell && (!unit || is_unclear))
        refuse(work, row, ITEM_UNIT, unit ? "import.unit_unclear" : "import.unit", "value", cell);
    else if (unit)
        put_text(work, &work->members, "unit", unit->code);
}

/* One of the definitions in force, or what its kind of item has by default. */
static void put_reference(Work *work, int column, const char *name, const Map *known,
                          const char *by_default)
{
    ItemsRow *row = work->it->row;
    const char *cell = row->cells[column];
    const char *code = *cell ? cell : work->item ? NULL : by_default;
    if (*cell && !map_has(known, cell))
        refuse(work, row, column, "import.reference", "value", cell);
    else if (code && !map_has(known, code))
        refuse(work, row, column, "import.reference", "value", code);
    else if (code)
        put_text(work, &work->members, name, code);
    else if (!work->item)
        need(work, row, column, true);
}

static void put_certificate(Work *work)
{
    ItemsRow *row = work->it->row;
    ItemMembers members = {0}, english = {0};
    const Json *before = json_get(work->item, "certificate");
    const Json *before_english = json_get(work->english, "certificate");
    const char *template = row->cells[ITEM_TEMPLATE];
    bool is_new = !before;
    if (!*template && !*row->cells[ITEM_SERIES] && !*row->cells[ITEM_CERTIFICATE])
        return;
    if (json_get(work->item, "certificates"))
        refuse(work, row, ITEM_TEMPLATE, "import.certificates", "code", work->line->code);
    if (*need(work, row, ITEM_TEMPLATE, is_new)) {
        put_text(work, &members, "template", template);
        if (!map_has(&work->it->known->templates, template))
            refuse(work, row, ITEM_TEMPLATE, "import.reference", "value", template);
    }
    if (*need(work, row, ITEM_SERIES, is_new))
        put_text(work, &members, "series", row->cells[ITEM_SERIES]);
    need(work, row, ITEM_CERTIFICATE, is_new);
    put_both(work, row, ITEM_CERTIFICATE, "title", before, before_english, &members, &english);
    put(work, &work->members, "certificate", items_merge(work->arena, before, &members, false));
    if (english.count)
        put(work, &work->english_members, "certificate",
            items_merge(work->arena, before_english, &english, false));
}

static const char *process_of(const char *kind)
{
    if (text_equal(kind, "on_the_spot"))
        return "general-on-the-spot";
    return text_equal(kind, "promised") ? "general-promised" : NULL;
}

static void put_own(Work *work)
{
    ItemsRow *row = work->it->row;
    bool is_new = !work->item;
    const char *kind = choice(work, row, ITEM_KIND, is_new);
    const char *topic = choice(work, row, ITEM_TOPIC, is_new);
    const char *online = choice(work, row, ITEM_ONLINE, false);
    put_text(work, &work->members, "code", work->line->code);
    if (kind)
        put_text(work, &work->members, "kind", kind);
    put_item_text(work, ITEM_NAME, "name");
    put_item_text(work, ITEM_SUMMARY, "summary");
    put_unit(work);
    if (topic)
        put_text(work, &work->members, "topic", topic);
    if (online || is_new)
        put(work, &work->members, "is_online", text_equal(online, "no") ? "false" : "true");
    put_item_text(work, ITEM_UNIT_NOTE, "unit_note");
    put_item_text(work, ITEM_FEE_NOTE, "fee_note");
    put_words(work, ITEM_WORDS, "words", &work->members);
    put_words(work, ITEM_WORDS_EN, "words", &work->english_members);
    put_lines(work, ITEM_CONDITIONS, "conditions");
    put_lines(work, ITEM_STEPS, "steps");
    put_reference(work, ITEM_PROCESS, "process", &work->it->known->processes, process_of(kind));
    put_reference(work, ITEM_FORM, "form", &work->it->known->forms, "general-application");
    put_certificate(work);
}

/* ---- materials ------------------------------------------------------------------------------- */

static const Json *material_of(const Json *item, const char *code)
{
    json_each (one, json_get(item, "materials"))
        if (text_equal(json_text(one, "code"), code))
            return one;
    return NULL;
}

static bool is_code(const char *code)
{
    return *code && strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(code);
}

static void put_condition(Work *work, ItemsRow *row, ItemMembers *members)
{
    Error problem = ERROR_NONE;
    const char *cell = row->cells[MATERIAL_CONDITION];
    if (!*cell)
        return;
    if (*cell != '=' || !feel_compile(work->arena, cell + 1, FEEL_EXPRESSION, NULL, &problem))
        refuse(work, row, MATERIAL_CONDITION, "import.condition", "what",
               *cell == '=' ? message_of_error(work->arena, work->it->language, &problem) : cell);
    else
        put_text(work, members, "condition", cell);
}

/* One material as JSON; its English is added to the others'. */
static const char *make_material(Work *work, ItemsRow *row, ItemMembers *english)
{
    const char *code = need(work, row, MATERIAL_CODE, true);
    const Json *before = material_of(work->item, code);
    const Json *before_english = json_get(json_get(work->english, "materials"), code);
    ItemMembers members = {0}, own_english = {0};
    const char *original = choice(work, row, MATERIAL_ORIGINAL, !before);
    const char *required = choice(work, row, MATERIAL_REQUIRED, false);
    int64_t copies = number(work, row, MATERIAL_COPIES, false, COPIES_MOST);
    if (*code && !is_code(code))
        refuse(work, row, MATERIAL_CODE, "import.code", "value", code);
    put_text(work, &members, "code", code);
    need(work, row, MATERIAL_NAME, !before);
    put_both(work, row, MATERIAL_NAME, "name", before, before_english, &members, &own_english);
    put_both(work, row, MATERIAL_NOTE, "note", before, before_english, &members, &own_english);
    if (original)
        put_text(work, &members, "original", original);
    if (copies >= 0 || !before)
        put(work, &members, "copies",
            arena_printf(work->arena, "%lld", (long long)(copies < 0 ? 0 : copies)));
    if (required || !before)
        put(work, &members, "is_required", text_equal(required, "no") ? "false" : "true");
    put_condition(work, row, &members);
    put(work, english, code, items_merge(work->arena, before_english, &own_english, false));
    return items_merge(work->arena, before, &members, false);
}

/* The rows are all materials of the item: those that they do not name are gone. */
static void put_materials(Work *work)
{
    Buffer out = buffer_init(work->arena, 0);
    ItemMembers english = {0};
    Map seen = map_init(work->arena);
    list_each (ItemsRow *, each, &work->it->materials) {
        ItemsRow *row = *each, *first = map_set(&seen, row->cells[MATERIAL_CODE], row);
        if (first && *row->cells[MATERIAL_CODE])
            refuse(work, row, MATERIAL_CODE, "import.twice", "first",
                   sheet_place(work->arena, first->row, first->table->at[MATERIAL_CODE]));
        const char *made = make_material(work, row, &english);
        buffer_printf(&out, "%s\n    %s", out.length ? "," : "", made);
    }
    if (!work->it->materials.count)
        return;
    put(work, &work->members, "materials",
        arena_printf(work->arena, "[%s\n  ]", buffer_text(&out)));
    put(work, &work->english_members, "materials", items_merge(work->arena, NULL, &english, false));
}

/* ---- legal bases ----------------------------------------------------------------------------- */

static void put_checked(Work *work, ItemsRow *row, ItemMembers *members)
{
    Date day;
    const char *cell = row->cells[BASIS_CHECKED_ON];
    bool is_day = date_parse(cell, &day);
    if (*cell && !is_day)
        refuse(work, row, BASIS_CHECKED_ON, "import.date", "value", cell);
    put(work, members, "is_checked", is_day ? "true" : "false");
    if (is_day)
        put_text(work, members, "checked_on", cell);
}

static void put_bases(Work *work)
{
    Buffer out = buffer_init(work->arena, 0), others = buffer_init(work->arena, 0);
    list_each (ItemsRow *, each, &work->it->bases) {
        ItemMembers members = {0}, english = {0};
        ItemsRow *row = *each;
        need(work, row, BASIS_TITLE, true);
        put_both(work, row, BASIS_TITLE, "title", NULL, NULL, &members, &english);
        put_both(work, row, BASIS_ARTICLE, "article", NULL, NULL, &members, &english);
        put_checked(work, row, &members);
        buffer_printf(&out, "%s\n    %s", out.length ? "," : "",
                      items_merge(work->arena, NULL, &members, false));
        buffer_printf(&others, "%s\n    %s", others.length ? "," : "",
                      items_merge(work->arena, NULL, &english, false));
    }
    if (work->it->bases.count) {
        put(work, &work->members, "basis",
            arena_printf(work->arena, "[%s\n  ]", buffer_text(&out)));
        put(work, &work->english_members, "basis",
            arena_printf(work->arena, "[%s\n  ]", buffer_text(&others)));
    } else if (!work->item) {
        refuse(work, work->it->row, ITEM_CODE, "import.no_basis", "code", work->line->code);
    }
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void set_limit_basis(Work *work, bool is_checked, Both title, Both article)
{
    const char *doubt_zh = is_checked ? "" : message_raw(LANGUAGE_ZH, "import.unconfirmed");
    const char *doubt_en = is_checked ? "" : message_raw(LANGUAGE_EN, "import.unconfirmed");
    work->it->limit_basis =
        (Both){arena_printf(work->arena, "《%s》%s%s", title.zh, article.zh, doubt_zh),
               arena_printf(work->arena, "%s%s%s%s", title.en, *article.en ? ", " : "", article.en,
                            doubt_en)};
}

/* What the rule of the table says of its legal basis: the first of the rows, else of what is there.
 */
static void make_limit_basis(Work *work)
{
    const Json *there = json_get(work->item, "basis"), *others = json_get(work->english, "basis");
    if (work->it->bases.count) {
        const ItemsRow *row = work->it->bases.items[0];
        set_limit_basis(work, *row->cells[BASIS_CHECKED_ON],
                        (Both){row->cells[BASIS_TITLE], row->cells[BASIS_TITLE_EN]},
                        (Both){row->cells[BASIS_ARTICLE], row->cells[BASIS_ARTICLE_EN]});
    } else if (there && there->count && others && others->count) {
        const Json *zh = there->items[0], *en = others->items[0];
        set_limit_basis(
            work, json_bool(zh, "is_checked", false),
            (Both){text_or_empty(json_text(zh, "title")), text_or_empty(json_text(en, "title"))},
            (Both){text_or_empty(json_text(zh, "article")),
                   text_or_empty(json_text(en, "article"))});
    }
}

static bool is_in_table(const Json *limits)
{
    return text_equal(json_text(limits, "table"), ITEMS_TABLE) &&
           text_equal(json_text(limits, "decision"), ITEMS_DECISION);
}

/* All three or none; a promise within the statute. */
static void read_limits(Work *work)
{
    ItemMaking *it = work->it;
    ItemsRow *row = it->row;
    bool is_any =
        *row->cells[ITEM_STATUTORY] || *row->cells[ITEM_PROMISED] || *row->cells[ITEM_LIMIT_UNIT];
    bool is_needed = is_any || !work->item;
    it->statutory = number(work, row, ITEM_STATUTORY, is_needed, LIMIT_MOST);
    it->promised = number(work, row, ITEM_PROMISED, is_needed, LIMIT_MOST);
    it->limit_unit = choice(work, row, ITEM_LIMIT_UNIT, is_needed);
    it->has_limits = it->statutory >= 0 && it->promised >= 0 && it->limit_unit;
    if (it->has_limits && it->promised > it->statutory)
        refuse(work, row, ITEM_PROMISED, "import.promised", "statutory",
               row->cells[ITEM_STATUTORY]);
    if (it->has_limits && work->item && !is_in_table(json_get(work->item, "limits")))
        refuse(work, row, ITEM_STATUTORY, "import.limits_elsewhere", "code", work->line->code);
    make_limit_basis(work);
    if (!work->item)
        put(work, &work->members, "limits",
            arena_printf(work->arena, "{\"table\": \"%s\", \"decision\": \"%s\"}", ITEMS_TABLE,
                         ITEMS_DECISION));
}

/* ---- what changed ---------------------------------------------------------------------------- */

static const Json *parse(Work *work, const char *text)
{
    Error ignored = ERROR_NONE;
    return text ? json_parse(work->arena, text, strlen(text), &JSON_LIMITS, &ignored) : NULL;
}

/* The key of what people call a member: a column, or the sheet of a list of its own. */
static const char *member_key(Arena *arena, const char *member, bool is_english)
{
    if (text_equal(member, "materials") || text_equal(member, "basis"))
        return arena_printf(arena, "import.sheet.%s",
                            text_equal(member, "basis") ? "bases" : member);
    return arena_printf(arena, "import.items.%s%s", member, is_english ? "_en" : "");
}

static void add_change(Work *work, const char *key)
{
    list_each (const char *, known, &work->line->changes)
        if (text_equal(*known, key))
            return;
    list_add(work->arena, &work->line->changes, key);
}

static void compare(Work *work, const Json *before, const ItemMembers *members, bool is_english)
{
    list_each (ItemMember, one, members)
        if (!items_json_equal(json_get(before, one->name), parse(work, one->json)))
            add_change(work, member_key(work->arena, one->name, is_english));
}

static const char *shown(const char *cell, const Json *before, const char *name)
{
    return *cell ? cell : text_or_empty(json_text(before, name));
}

void items_make(ItemMaking *it, ItemLine *line)
{
    Work work = {.it = it, .line = line, .arena = it->arena};
    if (it->before) {
        work.item = parse(&work, it->before->source);
        work.english = parse(&work, it->before->english);
    }
    put_own(&work);
    read_limits(&work);
    put_materials(&work);
    put_bases(&work);
    line->name = (Both){shown(it->row->cells[ITEM_NAME], work.item, "name"),
                        shown(it->row->cells[ITEM_NAME_EN], work.english, "name")};
    line->files = (DefinitionFiles){
        .kind = "item",
        .code = line->code,
        .source = items_merge(it->arena, work.item, &work.members, true),
        .english = items_merge(it->arena, work.english, &work.english_members, true)};
    if (it->before) {
        compare(&work, work.item, &work.members, false);
        compare(&work, work.english, &work.english_members, true);
    }
}
