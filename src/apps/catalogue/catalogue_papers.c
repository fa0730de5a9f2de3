/*
 * catalogue_papers.c - what a pack says about papers and about rating.
 *
 *     papers.json  [{"code": "acceptance", "title": "受理通知书", "title_en": "...",
 *                    "template": CODE, "number": "{{county}}受〔{{year}}〕第{{sequence}}号"}]
 *     rating.json  {"grades": [{"name": "非常满意", "name_en": "Very satisfied"}, ...]}  best first
 */
#include "apps/catalogue/catalogue_internal.h"

#include <string.h>

enum { GRADES_LEAST = 2, GRADES_MOST = 5 };

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

static const char *need(Reader *reader, const Json *json, const char *name)
{
    const char *text = json_text(json, name);
    if (!text || !*text)
        fail(reader, "pack.missing", name, json);
    return text ? arena_text(reader->arena, text) : "";
}

/* ---- papers ---------------------------------------------------------------------------------- */

static Template *number_of(Reader *reader, const Json *json)
{
    const char *text = need(reader, json, "number");
    Error problem = ERROR_NONE;
    Template *number =
        template_compile(reader->arena, text, strlen(text), TEMPLATE_PLAIN, &problem);
    if (!number || !strstr(text, "{{sequence}}"))
        fail(reader, "pack.paper_number", "number", json);
    return number;
}

static void read_paper(Reader *reader, const Json *json, PaperKinds *out)
{
    PaperKind paper = {.code = need(reader, json, "code"),
                       .title = {need(reader, json, "title"), need(reader, json, "title_en")},
                       .template = need(reader, json, "template"),
                       .number = number_of(reader, json)};
    list_each (PaperKind, known, out)
        if (text_equal(known->code, paper.code))
            fail(reader, "pack.repeated", "code", json);
    list_add(reader->arena, out, paper);
}

PaperKinds *catalogue_parse_papers(Arena *arena, const Json *json, Error *err)
{
    Reader reader = {.arena = arena, .err = err, .is_good = true};
    PaperKinds *papers = arena_new(arena, PaperKinds);
    if (!json || json->kind != JSON_ARRAY)
        fail(&reader, "pack.missing", "papers", json);
    json_each (one, json)
        read_paper(&reader, one, papers);
    return reader.is_good ? papers : NULL;
}

bool catalogue_paper(App *app, DbConn *conn, const char *code, Date day, const PaperKind **out,
                     Error *err)
{
    const Parsed *parsed;
    *out = NULL;
    if (!catalogue_single(app, conn, "papers", day, &parsed, err))
        return false;
    if (parsed && parsed->papers)
        list_each (PaperKind, paper, parsed->papers)
            if (text_equal(paper->code, code))
                *out = paper;
    return true;
}

/* ---- rating ---------------------------------------------------------------------------------- */

BothList *catalogue_parse_rating(Arena *arena, const Json *json, Error *err)
{
    Reader reader = {.arena = arena, .err = err, .is_good = true};
    BothList *grades = arena_new(arena, BothList);
    json_each (one, json_get(json, "grades")) {
        Both grade = {need(&reader, one, "name"), need(&reader, one, "name_en")};
        list_add(arena, grades, grade);
    }
    if (grades->count < GRADES_LEAST || grades->count > GRADES_MOST)
        fail(&reader, "pack.grades", "grades", json);
    return reader.is_good ? grades : NULL;
}

bool catalogue_rating(App *app, DbConn *conn, Date day, const BothList **out, Error *err)
{
    const Parsed *parsed;
    *out = NULL;
    if (!catalogue_single(app, conn, "rating", day, &parsed, err))
        return false;
    *out = parsed ? parsed->rating : NULL;
    return true;
}
