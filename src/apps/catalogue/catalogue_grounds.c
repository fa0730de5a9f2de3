/*
 * catalogue_grounds.c - grounds on which time is not counted: grounds.json of a pack -> Grounds.
 *
 *     [{"code": "hearing", "name": "听证", "name_en": "Hearing",
 *       "basis": {"title": ..., "title_en": ..., "article": ..., "article_en": ..., "is_checked":
 * ...}, "own_limit": {"amount": 20, "unit": "working_days"} or null}]
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
