/*
 * catalogue_item.c - the JSON of a service item (elements of an implementation list, GB/T 39554 by
 * title) with its English overlay, to an Item. Sentences and bases are overlaid by position
 * (lists of one length), materials and certificates by code.
 */
#include "apps/catalogue/catalogue_internal.h"

#include <string.h>

typedef struct Reader {
    Arena *arena;
    Error *err;
    bool is_good;
} Reader;

static void fail(Reader *reader, const char *code, const char *field, int line)
{
    reader->is_good = error_add(reader->err, reader->arena, ERROR_INVALID, .code = code,
                                .field = field, .line = line, .with = {{"field", field}});
}

/* A text that must be there; "" and an error when it is not. */
static const char *need_text(Reader *reader, const Json *json, const char *name)
{
    const char *text = json_text(json, name);
    if (text)
        return arena_text(reader->arena, text);
    fail(reader, "pack.missing", name, json ? json->line : 0);
    return "";
}

/* A text in both languages; the English one must be there when the Chinese is not empty. */
static Both need_both(Reader *reader, const Json *json, const Json *english, const char *name)
{
    Both both = {need_text(reader, json, name), ""};
    const char *text = json_text(english, name);
    if (text)
        both.en = arena_text(reader->arena, text);
    else if (*both.zh)
        fail(reader, "pack.no_english", name, json->line);
    return both;
}

static Both optional_both(Reader *reader, const Json *json, const Json *english, const char *name)
{
    return json_text(json, name) ? need_both(reader, json, english, name) : (Both){"", ""};
}

/* Lists whose English goes by position: one of another length would give somebody the neighbour's
 * text. No English at all is told line by line. */
static bool is_as_long(Reader *reader, const Json *json, const Json *english, const char *name)
{
    const Json *lines = json_get(json, name), *others = json_get(english, name);
    size_t count = lines ? lines->count : 0;
    if (!others || others->count == count)
        return true;
    fail(reader, "pack.length", name, lines ? lines->line : json->line);
    return false;
}

static const Json *item_at(const Json *list, size_t index)
{
    return list && list->kind == JSON_ARRAY && index < list->count ? list->items[index] : NULL;
}

/* ---- parts ----------------------------------------------------------------------------------- */

/* Texts by position; each must have its English. */
static void read_lines(Reader *reader, const Json *json, const Json *english, const char *name,
                       BothList *out)
{
    const Json *lines = json_get(json, name), *others = json_get(english, name);
    if (!is_as_long(reader, json, english, name))
        return;
    for (size_t i = 0; lines && i < lines->count; i++) {
        const Json *other = item_at(others, i);
        const char *zh = lines->items[i]->text, *en = other ? other->text : NULL;
        if (!en)
            fail(reader, "pack.no_english", name, lines->items[i]->line);
        Both both = {arena_text(reader->arena, zh ? zh : ""),
                     arena_text(reader->arena, en ? en : "")};
        list_add(reader->arena, out, both);
    }
}

static FeelExpression *read_expression(Reader *reader, const Json *json, const char *name)
{
    const char *source = json_text(json, name);
    Error problem = ERROR_NONE;
    if (text_is_empty(source))
        return NULL;
    FeelExpression *expression =
        feel_compile(reader->arena, source + (*source == '='), FEEL_EXPRESSION, NULL, &problem);
    if (!expression)
        fail(reader, "pack.expression", source, json->line);
    return expression;
}

/* A material that the item's table decides: whether it is among what that names. */
static FeelExpression *read_condition(Reader *reader, const Json *json, const char *code,
                                      const Item *item)
{
    Error problem = ERROR_NONE;
    if (!json_bool(json, "is_by_table", false))
        return read_expression(reader, json, "condition");
    if (!item->materials_by.table)
        fail(reader, "pack.missing", "materials_by", json->line);
    const char *source =
        arena_printf(reader->arena, "list contains(materials_needed, \"%s\")", code);
    FeelExpression *expression =
        feel_compile(reader->arena, source, FEEL_EXPRESSION, NULL, &problem);
    if (!expression)
        fail(reader, "pack.expression", source, json->line);
    return expression;
}

static void read_material(Reader *reader, const Json *json, const Json *english, Item *item)
{
    const char *code = need_text(reader, json, "code");
    const Json *other = json_get(english, code);
    const char *original = json_text(json, "original");
    ItemMaterial material = {.code = code,
                             .name = need_both(reader, json, other, "name"),
                             .note = optional_both(reader, json, other, "note"),
                             .original =
                                 original ? arena_text(reader->arena, original) : "original",
                             .copies = json_int(json, "copies", 0),
                             .is_required = json_bool(json, "is_required", true),
                             .condition = read_condition(reader, json, code, item),
                             .place = (int64_t)item->materials.count + 1};
    json_each (unit, json_get(json, "units"))
        if (unit->kind == JSON_TEXT)
            list_add(reader->arena, &material.units, arena_text(reader->arena, unit->text));
    list_add(reader->arena, &item->materials, material);
}

static void read_basis(Reader *reader, const Json *json, const Json *english, Item *item)
{
    const char *checked_on = json_text(json, "checked_on");
    ItemBasis basis = {.title = need_both(reader, json, english, "title"),
                       .article = optional_both(reader, json, english, "article"),
                       .is_checked = json_bool(json, "is_checked", false),
                       .checked_on = checked_on ? arena_text(reader->arena, checked_on) : NULL};
    if (basis.is_checked && !basis.checked_on)
        fail(reader, "pack.missing", "checked_on", json->line);
    list_add(reader->arena, &item->basis, basis);
}

/* Codes name certificates for a process (task header "certificate"), so none stands twice. */
static void read_certificate(Reader *reader, const Json *json, const Json *english,
                             const char *code, Item *item)
{
    const char *unit = json_text(json, "unit");
    bool is_decided = unit && *unit == '=';
    list_each (ItemCertificate, known, &item->certificates)
        if (text_equal(known->code, code))
            fail(reader, "pack.repeated", "certificates", json->line);
    ItemCertificate certificate = {
        .code = code,
        .template = need_text(reader, json, "template"),
        .series = need_text(reader, json, "series"),
        .unit_code = unit && !is_decided ? arena_text(reader->arena, unit) : NULL,
        .unit_of = is_decided ? read_expression(reader, json, "unit") : NULL,
        .title = need_both(reader, json, english, "title")};
    list_add(reader->arena, &item->certificates, certificate);
}

/* One without a code, or a list of them. */
static void read_certificates(Reader *reader, const Json *json, const Json *english, Item *item)
{
    const Json *single = json_get(json, "certificate");
    const Json *others = json_get(english, "certificates");
    if (single)
        read_certificate(reader, single, json_get(english, "certificate"), "certificate", item);
    json_each (one, json_get(json, "certificates")) {
        const char *code = need_text(reader, one, "code");
        read_certificate(reader, one, json_get(others, code), code, item);
    }
}

static Binds read_binds(Reader *reader, const Json *json, Binds fallback)
{
    const char *name = json_text(json, "binds");
    Binds binds = fallback;
    if (name && !binds_parse(name, &binds))
        fail(reader, "pack.binds", "binds", json->line);
    return binds;
}

/* fallback: the moment of its version unless said. */
static ItemRule read_rule(Reader *reader, const Json *rule, Binds fallback)
{
    return (ItemRule){.table = need_text(reader, rule, "table"),
                      .decision = need_text(reader, rule, "decision"),
                      .binds = read_binds(reader, rule, fallback)};
}

/* A rule that an item may name. */
static ItemRule read_optional_rule(Reader *reader, const Json *json, const char *member,
                                   Binds fallback)
{
    const Json *rule = json_get(json, member);
    return rule ? read_rule(reader, rule, fallback) : (ItemRule){0};
}

static void read_rules(Reader *reader, const Json *json, Item *item)
{
    item->limits = read_rule(reader, json_get(json, "limits"), BIND_ACCEPTED);
    item->materials_by = read_optional_rule(reader, json, "materials_by", BIND_FILED);
    item->extension = read_optional_rule(reader, json, "extension", BIND_DECIDED);
    item->silence = read_optional_rule(reader, json, "silence", BIND_FILED);
    item->service = read_optional_rule(reader, json, "service", BIND_DECIDED);
    const Json *service = json_get(json, "service");
    const char *unit = json_text(service, "unit");
    item->service_unit = unit ? arena_text(reader->arena, unit) : NULL;
    item->is_posted = json_bool(service, "is_posted", true);
}

static void read_references(Reader *reader, const Json *json, const Json *english, Item *item)
{
    item->process_code = need_text(reader, json, "process");
    item->form_code = need_text(reader, json, "form");
    item->about = json_get(json, "about") ? need_text(reader, json, "about") : NULL;
    item->place_of = read_expression(reader, json, "place");
    read_certificates(reader, json, english, item);
}

static const char *read_kind(Reader *reader, const Json *json)
{
    const char *kind = need_text(reader, json, "kind");
    if (!text_equal(kind, "on_the_spot") && !text_equal(kind, "promised") &&
        !text_equal(kind, "joint"))
        fail(reader, "pack.kind", "kind", json->line);
    return kind;
}

static void read_lists(Reader *reader, const Json *json, const Json *english, Item *item)
{
    const Json *materials = json_get(english, "materials"), *bases = json_get(english, "basis");
    size_t index = 0;
    read_lines(reader, json, english, "conditions", &item->conditions);
    read_lines(reader, json, english, "steps", &item->steps);
    json_each (one, json_get(json, "materials"))
        read_material(reader, one, materials, item);
    if (is_as_long(reader, json, english, "basis"))
        json_each (one, json_get(json, "basis"))
            read_basis(reader, one, item_at(bases, index++), item);
}

/* What an applicant online must have told of himself, or a window must have seen. */
static const char *read_identity(Reader *reader, const Json *json)
{
    const char *identity = json_text(json, "identity");
    if (!identity || text_equal(identity, "given") || text_equal(identity, "verified"))
        return identity ? arena_text(reader->arena, identity) : NULL;
    fail(reader, "pack.identity", "identity", json->line);
    return NULL;
}

Item *catalogue_parse_item(Arena *arena, const Definition *definition, Error *err)
{
    Reader reader = {.arena = arena, .err = err, .is_good = true};
    Json *content =
        json_parse(arena, definition->content, strlen(definition->content), &JSON_LIMITS, err);
    if (!content)
        return NULL;
    const Json *json = json_get(content, "item"), *english = json_get(content, "en");
    Item *item = arena_new(arena, Item);
    *item = (Item){.definition = definition->id,
                   .version = definition->version,
                   .effective_from = definition->effective_from,
                   .code = need_text(&reader, json, "code"),
                   .kind = read_kind(&reader, json),
                   .name = need_both(&reader, json, english, "name"),
                   .summary = need_both(&reader, json, english, "summary"),
                   .unit_note = need_both(&reader, json, english, "unit_note"),
                   .unit_code = need_text(&reader, json, "unit"),
                   .topic = need_text(&reader, json, "topic"),
                   .fee_note = need_both(&reader, json, english, "fee_note"),
                   .is_online = json_bool(json, "is_online", true),
                   .identity = read_identity(&reader, json)};
    read_rules(&reader, json, item);
    read_lists(&reader, json, english, item);
    read_references(&reader, json, english, item);
    return reader.is_good ? item : NULL;
}
