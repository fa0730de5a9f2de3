/*
 * catalogue.c - parsed versions by definition id, and which version is in force.
 *
 *     code, day -> in_force (remembered for that day) -> definition id -> parsed once, kept for
 * ever
 *
 * Parsed versions never change, so they are shared without a lock once found. Which one is in
 * force is forgotten after a commit that published something.
 */
#include "apps/catalogue/catalogue.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "apps/catalogue/catalogue_internal.h"
#include "calendar/calendar.h"
#include "service/calendars.h"

struct Catalogue {
    pthread_rwlock_t lock;
    Arena *arena; /* of everything below; written under the lock */
    Map parsed;   /* definition id -> Parsed */
    Arena *day_arena;
    Map in_force;       /* "kind|code|day" -> boxed Id */
    uint64_t forgotten; /* how often: what was looked up before the last time is not remembered */
};

Catalogue *catalogue_create(Arena *arena)
{
    Catalogue *catalogue = arena_new(arena, Catalogue);
    pthread_rwlock_init(&catalogue->lock, NULL);
    catalogue->arena = arena_create(0);
    catalogue->parsed = map_init(catalogue->arena);
    catalogue->day_arena = arena_create(0);
    catalogue->in_force = map_init(catalogue->day_arena);
    return catalogue;
}

void catalogue_destroy(Catalogue *catalogue)
{
    if (!catalogue)
        return;
    arena_destroy(catalogue->arena);
    arena_destroy(catalogue->day_arena);
    pthread_rwlock_destroy(&catalogue->lock);
}

void catalogue_forget(void *data)
{
    Catalogue *catalogue = data;
    pthread_rwlock_wrlock(&catalogue->lock);
    arena_destroy(catalogue->day_arena);
    catalogue->day_arena = arena_create(0);
    catalogue->in_force = map_init(catalogue->day_arena);
    catalogue->forgotten++;
    pthread_rwlock_unlock(&catalogue->lock);
}

/* ---- which moment binds
 * -------------------------------------------------------------------------- */

static const char *const bind_names[] = {"filed", "accepted", "decided"};

const char *binds_name(Binds binds)
{
    return bind_names[binds];
}

bool binds_parse(const char *name, Binds *out)
{
    for (size_t i = 0; i < sizeof bind_names / sizeof *bind_names; i++)
        if (text_equal(bind_names[i], name)) {
            *out = (Binds)i;
            return true;
        }
    return false;
}

/* ---- in force -------------------------------------------------------------------------------- */

Id catalogue_remembered(Catalogue *catalogue, const char *key, uint64_t *out_forgotten)
{
    pthread_rwlock_rdlock(&catalogue->lock);
    *out_forgotten = catalogue->forgotten;
    const Id *id = map_get(&catalogue->in_force, key);
    Id found = id ? *id : 0;
    pthread_rwlock_unlock(&catalogue->lock);
    return found;
}

void catalogue_remember(Catalogue *catalogue, const char *key, Id id, uint64_t forgotten)
{
    pthread_rwlock_wrlock(&catalogue->lock);
    if (catalogue->forgotten == forgotten)
        map_set(&catalogue->in_force, arena_text(catalogue->day_arena, key),
                arena_copy(catalogue->day_arena, &id, sizeof id));
    pthread_rwlock_unlock(&catalogue->lock);
}

static bool look_up(App *app, DbConn *conn, const char *kind, const char *code, const char *place,
                    Date day, Id *out, Error *err)
{
    Arena *scratch = arena_create(0);
    Definition found;
    bool is_found = false;
    bool is_done = definition_in_force_at(conn, scratch, app->tenant, kind, code, place, day,
                                          &found, &is_found, err);
    *out = is_found ? found.id : 0;
    if (!is_done)
        err->detail = NULL;
    arena_destroy(scratch);
    return is_done;
}

bool catalogue_in_force(App *app, DbConn *conn, const char *kind, const char *code, Date day,
                        Id *out_definition, Error *err)
{
    return catalogue_in_force_at(app, conn, kind, code, "", day, out_definition, err);
}

bool catalogue_in_force_at(App *app, DbConn *conn, const char *kind, const char *code,
                           const char *place, Date day, Id *out_definition, Error *err)
{
    char key[200], days[INT64_TEXT_SIZE];
    text_of_int64(days, day.day);
    const char *parts[] = {kind, "|", code, "|", place, "|", days};
    bool is_key = text_put(key, sizeof key, parts, sizeof parts / sizeof *parts);
    uint64_t forgotten = 0;
    *out_definition = is_key ? catalogue_remembered(app->catalogue, key, &forgotten) : 0;
    if (*out_definition)
        return true;
    if (!look_up(app, conn, kind, code, place, day, out_definition, err))
        return false;
    if (!*out_definition)
        return error_set(err, ERROR_NOT_FOUND, .code = "catalogue.unknown");
    if (is_key)
        catalogue_remember(app->catalogue, key, *out_definition, forgotten);
    return true;
}

/* ---- parsed ---------------------------------------------------------------------------------- */

static bool parse_text(Arena *arena, const char *kind, const Json *content, Parsed *out, Error *err)
{
    const char *text = json_text(content, kind);
    size_t length = text ? strlen(text) : 0;
    if (!text)
        return error_set(err, ERROR_INTERNAL, .code = "catalogue.content");
    if (text_equal(kind, "process"))
        return (out->process = bpmn_parse(arena, text, length, err)) != NULL;
    if (text_equal(kind, "form"))
        return (out->form = form_parse(arena, text, length, err)) != NULL;
    if (text_equal(kind, "table"))
        return (out->table = dmn_parse(arena, text, length, err)) != NULL;
    if (text_equal(kind, "scenario"))
        return (out->scenario = scenario_read(arena, "", text, length, err)) != NULL;
    return (out->template = template_compile(arena, text, length, TEMPLATE_HTML, err)) != NULL;
}

bool catalogue_parse(Arena *arena, const Definition *definition, Parsed *out, Error *err)
{
    JsonLimits limits = {.bytes = (size_t)8 * 1024 * 1024, .depth = 64};
    Json *content =
        json_parse(arena, definition->content, strlen(definition->content), &limits, err);
    if (!content)
        return false;
    out->english = json_get(content, "en");
    if (text_equal(definition->kind, "item"))
        return (out->item = catalogue_parse_item(arena, definition, err)) != NULL;
    if (text_equal(definition->kind, "grounds"))
        return (out->grounds = catalogue_parse_grounds(arena, json_get(content, "grounds"), err)) !=
               NULL;
    if (text_equal(definition->kind, "papers"))
        return (out->papers = catalogue_parse_papers(arena, json_get(content, "papers"), err)) !=
               NULL;
    if (text_equal(definition->kind, "rating"))
        return (out->rating = catalogue_parse_rating(arena, json_get(content, "rating"), err)) !=
               NULL;
    return parse_text(arena, definition->kind, content, out, err);
}

static Parsed *find_parsed(Catalogue *catalogue, const char *key)
{
    pthread_rwlock_rdlock(&catalogue->lock);
    Parsed *parsed = map_get(&catalogue->parsed, key);
    pthread_rwlock_unlock(&catalogue->lock);
    return parsed;
}

/* Under the write lock: parses into the catalogue's own arena. */
static Parsed *load_parsed(App *app, DbConn *conn, Id id, const char *key, Error *err)
{
    Catalogue *catalogue = app->catalogue;
    Definition definition;
    Parsed *parsed = map_get(&catalogue->parsed, key);
    if (parsed || !definition_by_id(conn, catalogue->arena, app->tenant, id, &definition, err))
        return parsed;
    parsed = arena_new(catalogue->arena, Parsed);
    if (!catalogue_parse(catalogue->arena, &definition, parsed, err))
        return NULL;
    parsed->about = definition;
    parsed->about.content = NULL;
    map_set(&catalogue->parsed, arena_text(catalogue->arena, key), parsed);
    return parsed;
}

const Parsed *catalogue_parsed(App *app, DbConn *conn, Id id, Error *err)
{
    char key[INT64_TEXT_SIZE];
    text_of_int64(key, id);
    Parsed *parsed = find_parsed(app->catalogue, key);
    if (parsed)
        return parsed;
    pthread_rwlock_wrlock(&app->catalogue->lock);
    parsed = load_parsed(app, conn, id, key, err);
    pthread_rwlock_unlock(&app->catalogue->lock);
    return parsed;
}

static bool fail_kind(Error *err)
{
    return error_set(err, ERROR_INTERNAL, .code = "catalogue.content",
                     .detail = "a definition of another kind");
}

const Item *catalogue_item_version(App *app, DbConn *conn, Id definition, Error *err)
{
    const Parsed *parsed = catalogue_parsed(app, conn, definition, err);
    if (parsed && !parsed->item)
        fail_kind(err);
    return parsed ? parsed->item : NULL;
}

const Item *catalogue_item(App *app, DbConn *conn, const char *code, Date day, Error *err)
{
    Id definition;
    Error problem = ERROR_NONE;
    if (catalogue_in_force(app, conn, "item", code, day, &definition, &problem))
        return catalogue_item_version(app, conn, definition, err);
    if (text_equal(problem.code, "catalogue.unknown"))
        problem.code = "catalogue.unknown_item";
    error_fill(err, problem);
    return NULL;
}

const BpmnModel *catalogue_process(App *app, DbConn *conn, Id definition, Error *err)
{
    const Parsed *parsed = catalogue_parsed(app, conn, definition, err);
    if (parsed && !parsed->process)
        fail_kind(err);
    return parsed ? parsed->process : NULL;
}

const Form *catalogue_form(App *app, DbConn *conn, Id definition, Error *err)
{
    const Parsed *parsed = catalogue_parsed(app, conn, definition, err);
    if (parsed && !parsed->form)
        fail_kind(err);
    return parsed ? parsed->form : NULL;
}

const Definition *catalogue_version(App *app, DbConn *conn, Id definition, Error *err)
{
    const Parsed *parsed = catalogue_parsed(app, conn, definition, err);
    return parsed ? &parsed->about : NULL;
}

const DmnModel *catalogue_table(App *app, DbConn *conn, Id definition, Error *err)
{
    const Parsed *parsed = catalogue_parsed(app, conn, definition, err);
    if (parsed && !parsed->table)
        fail_kind(err);
    return parsed ? parsed->table : NULL;
}

const Template *catalogue_template(App *app, DbConn *conn, Id definition, Error *err)
{
    const Parsed *parsed = catalogue_parsed(app, conn, definition, err);
    if (parsed && !parsed->template)
        fail_kind(err);
    return parsed ? parsed->template : NULL;
}

bool catalogue_single(App *app, DbConn *conn, const char *kind, Date day, const Parsed **out,
                      Error *err)
{
    Id definition;
    Error problem = ERROR_NONE;
    *out = NULL;
    if (!catalogue_in_force(app, conn, kind, kind, day, &definition, &problem))
        return text_equal(problem.code, "catalogue.unknown") || error_fill(err, problem);
    *out = catalogue_parsed(app, conn, definition, err);
    return *out != NULL;
}

const Grounds *catalogue_grounds(App *app, DbConn *conn, Date day, Error *err)
{
    static const Grounds none;
    const Parsed *parsed;
    if (!catalogue_single(app, conn, "grounds", day, &parsed, err))
        return NULL;
    return parsed ? parsed->grounds : &none;
}

const Json *catalogue_overlay(App *app, DbConn *conn, Id definition)
{
    Error ignored = ERROR_NONE;
    const Parsed *parsed = catalogue_parsed(app, conn, definition, &ignored);
    return parsed ? parsed->english : NULL;
}

const char *catalogue_english(App *app, DbConn *conn, Id definition, const char *element,
                              const char *fallback)
{
    const char *text = json_text(catalogue_overlay(app, conn, definition), element);
    return text ? text : fallback;
}

const char *catalogue_own_name(App *app, DbConn *conn, const char *kind, Id definition,
                               Language language)
{
    Error ignored = ERROR_NONE;
    const char *element = NULL, *name = NULL;
    const DmnModel *table =
        text_equal(kind, "table") ? catalogue_table(app, conn, definition, &ignored) : NULL;
    const BpmnModel *process =
        text_equal(kind, "process") ? catalogue_process(app, conn, definition, &ignored) : NULL;
    if (table)
        element = dmn_model_id(table), name = dmn_model_name(table);
    if (process)
        element = bpmn_process_id(process), name = bpmn_process_name(process);
    if (element && language == LANGUAGE_EN)
        name = catalogue_english(app, conn, definition, element, NULL);
    return text_is_empty(name) ? NULL : name;
}

const char *catalogue_issuer(Arena *arena, const ItemCertificate *certificate, FeelValue answers,
                             const FeelWorkdays *workdays)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    if (!certificate->unit_of)
        return certificate->unit_code;
    feel_context_put(&builder, "answers", answers);
    FeelScope scope = {
        .variables = feel_context_end(&builder), .now = INSTANT_NONE, .workdays = workdays};
    return feel_text(feel_evaluate(certificate->unit_of, &scope, arena, NULL));
}

/* ---- limits ---------------------------------------------------------------------------------- */

FeelValue catalogue_limit_facts(Arena *arena, const Item *item, FeelValue answers)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, "item", feel_string(item->code));
    feel_context_put(&builder, "kind", feel_string(item->kind));
    feel_context_put(&builder, "answers", answers);
    return feel_context_end(&builder);
}

static int64_t member_int(FeelValue context, const char *name)
{
    const FeelValue *value = feel_member(context, name);
    int64_t number = -1;
    if (value && !feel_to_int64(*value, &number))
        return -1;
    return number;
}

static bool read_limits(FeelValue decided, const DmnTrace *trace, ItemLimits *out)
{
    const FeelValue *unit = feel_member(decided, "unit");
    LimitUnit known;
    *out = (ItemLimits){.statutory = member_int(decided, "statutory"),
                        .promised = member_int(decided, "promised"),
                        .unit = unit ? feel_text(*unit) : NULL};
    if (trace->fired.count && trace->fired.items[0].annotation_count)
        out->basis.zh = trace->fired.items[0].annotations[0];
    return out->statutory >= 0 && out->promised >= 0 && out->promised <= out->statutory &&
           out->unit && limit_unit_parse(out->unit, &known);
}

bool catalogue_limits_of(const Item *item, FeelValue decided, const DmnTrace *trace,
                         ItemLimits *out, Error *err)
{
    return read_limits(decided, trace, out) ||
           error_set(err, ERROR_UNAVAILABLE, .code = "catalogue.no_limits", .field = item->code,
                     .with = {{"item", item->code}});
}

bool catalogue_read_limits(const DmnModel *table, Arena *arena, const Item *item, FeelValue answers,
                           const FeelWorkdays *workdays, ItemLimits *out, Error *err)
{
    FeelValue decided;
    DmnTrace trace;
    FeelScope scope = {.variables = catalogue_limit_facts(arena, item, answers),
                       .now = INSTANT_NONE,
                       .workdays = workdays};
    if (!dmn_decide(table, item->limits.decision, &scope, arena, &decided, &trace, err))
        return false;
    return catalogue_limits_of(item, decided, &trace, out, err);
}
bool catalogue_limits(App *app, DbConn *conn, Arena *arena, const Item *item, Date day,
                      FeelValue answers, ItemLimits *out, Error *err)
{
    Id definition;
    if (!catalogue_in_force(app, conn, "table", item->limits.table, day, &definition, err))
        return false;
    const DmnModel *table = catalogue_table(app, conn, definition, err);
    return table && catalogue_read_limits(table, arena, item, answers,
                                          calendars_workdays(app, conn, arena), out, err);
}
