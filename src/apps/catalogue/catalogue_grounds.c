/*
 * catalogue_grounds.c - grounds on which time is not counted: grounds.json of a pack -> Grounds.
 *
 *     [{"code": "hearing", "name": "听证", "name_en": "Hearing",
 *       "basis": {"title": ..., "title_en": ..., "article": ..., "article_en": ..., "is_checked":
 * ...}, "own_limit": {"table": ..., "decision": ...}, {"amount": 20, "unit": "working_days"} or
 * null}]
 */
#include "apps/catalogue/catalogue_internal.h"

#include <string.h>

typedef struct Reader {
    Arena *arena;
    Error *err;
    bool is_good;
} Reader;

static void fail(Reader *reader, const char *code, const char *field, const Json *json)
{
    reader->is_good =
        error_add(reader->err, reader->arena, ERROR_INVALID, .code = code, .field = field,
                  .line = json ? json->line : 0, .with = {{"field", field}});
}

static const char *text_of(Reader *reader, const Json *json, const char *name, bool is_required)
{
    const char *text = json_text(json, name);
    if (!text && is_required)
        fail(reader, "pack.missing", name, json);
    return text ? arena_text(reader->arena, text) : "";
}

static void read_own_limit(Reader *reader, const Json *json, Ground *ground)
{
    const Json *limit = json_get(json, "own_limit");
    const char *unit = json_text(limit, "unit");
    int64_t amount = json_int(limit, "amount", 0);
    if (!limit || limit->kind == JSON_NULL)
        return;
    if (json_get(limit, "table")) {
        ground->limit_table = text_of(reader, limit, "table", true);
        ground->limit_decision = text_of(reader, limit, "decision", true);
        return;
    }
    bool is_known = unit && limit_unit_parse(unit, &ground->own_limit.unit);
    if (!is_known || amount < 1 || amount > LIMIT_AMOUNT_MAX) {
        fail(reader, "pack.own_limit", "own_limit", limit);
        return;
    }
    ground->has_own_limit = true;
    ground->own_limit.amount = (int32_t)amount;
}

static void read_ground(Reader *reader, const Json *json, Grounds *out)
{
    const Json *basis = json_get(json, "basis");
    bool has_article = json_text(basis, "article") != NULL;
    Ground ground = {
        .code = text_of(reader, json, "code", true),
        .name = {text_of(reader, json, "name", true), text_of(reader, json, "name_en", true)},
        .basis = {text_of(reader, basis, "title", true), text_of(reader, basis, "title_en", true)},
        .article = {text_of(reader, basis, "article", false),
                    text_of(reader, basis, "article_en", has_article)},
        .is_checked = json_bool(basis, "is_checked", false)};
    read_own_limit(reader, json, &ground);
    list_each (Ground, known, out)
        if (text_equal(known->code, ground.code))
            fail(reader, "pack.repeated", "code", json);
    list_add(reader->arena, out, ground);
}

Grounds *catalogue_parse_grounds(Arena *arena, const Json *json, Error *err)
{
    Reader reader = {.arena = arena, .err = err, .is_good = true};
    Grounds *grounds = arena_new(arena, Grounds);
    if (!json || json->kind != JSON_ARRAY)
        fail(&reader, "pack.missing", "grounds", json);
    json_each (one, json)
        read_ground(&reader, one, grounds);
    return reader.is_good ? grounds : NULL;
}

/* ---- own limits that a table decides --------------------------------------------------------- */

FeelValue catalogue_ground_facts(Arena *arena, const Ground *ground, const Item *item,
                                 FeelValue answers)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, "ground", feel_string(ground->code));
    feel_context_put(&builder, "item", item ? feel_string(item->code) : feel_null());
    feel_context_put(&builder, "kind", item ? feel_string(item->kind) : feel_null());
    feel_context_put(&builder, "answers", answers);
    return feel_context_end(&builder);
}

bool catalogue_own_limit(const Ground *ground, FeelValue decided, Ground *out, Error *err)
{
    const FeelValue *limit = feel_member(decided, "limit"), *unit = feel_member(decided, "unit");
    const char *unit_name = unit ? feel_text(*unit) : NULL;
    int64_t amount = 0;
    *out = *ground;
    if (feel_is_null(decided))
        return true;
    out->has_own_limit = limit && feel_to_int64(*limit, &amount) && amount > 0 &&
                         amount <= LIMIT_AMOUNT_MAX && unit_name &&
                         limit_unit_parse(unit_name, &out->own_limit.unit);
    out->own_limit.amount = (int32_t)amount;
    return out->has_own_limit || error_set(err, ERROR_INVALID, .code = "catalogue.no_own_limit",
                                           .field = "ground", .with = {{"ground", ground->code}});
}

/* ---- one of them ----------------------------------------------------------------------------- */

const Ground *catalogue_ground(App *app, DbConn *conn, const char *code, Date day, Error *err)
{
    const Grounds *grounds = catalogue_grounds(app, conn, day, err);
    if (!grounds)
        return NULL;
    list_each (Ground, ground, grounds)
        if (text_equal(ground->code, code))
            return ground;
    error_set(err, ERROR_INVALID, .code = "catalogue.unknown_ground", .field = "ground",
              .with = {{"ground", code}});
    return NULL;
}
