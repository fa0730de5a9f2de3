/* simulate_ask.c - requests, refusals that were not meant, and forms that are asked for once. */
#include "simulate/simulate_internal.h"

#include <ctype.h>
#include <string.h>

enum { REFUSED = 400, FAILED = 500, FORMS_MOST = 5000, SURPRISES_MOST = 60 };

bool is_done(const ScenarioAnswer *answer)
{
    return answer->status < REFUSED;
}

bool ask(Actor *actor, const char *account, const char *path, const char *body, ScenarioAnswer *out)
{
    const ScenarioProgram *program = actor->sim->program;
    actor->counts.requests++;
    if (!program->send(program->data, actor->arena, account, path, body, out, actor->err))
        return false;
    if (out->status < FAILED)
        return true;
    const char *status = arena_printf(actor->arena, "%d", out->status);
    return error_set(actor->err, ERROR_UNAVAILABLE, .code = "simulate.answer",
                     .with = {{"path", path}, {"status", status}});
}

/* ---- refusals that were not meant ------------------------------------------------------------ */

/* Numbers of applications and tasks are left out: what is the same kind counts together. */
static const char *kind_of(Arena *arena, const char *path)
{
    Buffer out = buffer_init(arena, 0);
    for (; *path; path++)
        if (!isdigit((unsigned char)*path))
            buffer_add_char(&out, *path);
    return buffer_text(&out);
}

static void count_surprise(Sim *sim, const char *what)
{
    list_each (Surprise, one, &sim->surprises)
        if (text_equal(one->what, what)) {
            one->count++;
            return;
        }
    if (sim->surprises.count < SURPRISES_MOST)
        list_add(sim->arena, &sim->surprises, (Surprise){arena_text(sim->arena, what), 1});
}

void note_surprise(Actor *actor, const char *path, const ScenarioAnswer *answer)
{
    const Json *errors = json_get(answer->json, "errors");
    const Json *first = errors && errors->count ? errors->items[0] : NULL;
    const char *code = json_text(answer->json, "code"), *field = json_text(first, "field");
    const char *what = arena_printf(actor->arena, "%s %d %s %s", kind_of(actor->arena, path),
                                    answer->status, code ? code : "", field ? field : "");
    actor->counts.surprises++;
    pthread_mutex_lock(&actor->sim->surprises_lock);
    count_surprise(actor->sim, what);
    pthread_mutex_unlock(&actor->sim->surprises_lock);
}

/* ---- forms ----------------------------------------------------------------------------------- */

const Json *form_recall(Actor *actor, const char *key)
{
    FormMemory *memory = &actor->sim->forms;
    pthread_mutex_lock(&memory->lock);
    const Json *form = map_get(&memory->forms, key);
    pthread_mutex_unlock(&memory->lock);
    return form;
}

const Json *form_keep(Actor *actor, const char *key, const Json *form)
{
    static const JsonLimits limits = {.bytes = (size_t)4 * 1024 * 1024, .depth = 64};
    FormMemory *memory = &actor->sim->forms;
    const char *text = json_tree_text(actor->arena, form);
    pthread_mutex_lock(&memory->lock);
    if (memory->count < FORMS_MOST && !map_has(&memory->forms, key)) {
        Json *copy = json_parse(memory->arena, text, strlen(text), &limits, NULL);
        if (copy) {
            map_set(&memory->forms, arena_text(memory->arena, key), copy);
            memory->count++;
        }
    }
    pthread_mutex_unlock(&memory->lock);
    return form;
}

/* The first registered applicant asks: what a form asks does not depend on who looks at it. */
bool form_of_item(Actor *actor, const char *code, const char *answers, const Json **out)
{
    Arena *arena = actor->arena;
    ScenarioAnswer answer;
    const char *key = arena_printf(arena, "%s %s", code, answers);
    if ((*out = form_recall(actor, key)))
        return true;
    const char *path = arena_printf(arena, "/apply/%s/refresh", code);
    if (!ask(actor, simulate_phone(arena, 0), path, arena_printf(arena, "{\"form\":%s}", answers),
             &answer))
        return false;
    if (is_done(&answer) && answer.json)
        *out = form_keep(actor, key, answer.json);
    else
        note_surprise(actor, path, &answer);
    return true;
}
