/*
 * simulate_life.c - what officers do with an application, until nothing is open any more.
 *
 *     who sees all looks at it -> an open task -> somebody of its unit
 *         -> a notice | the clock stopped | the task completed -> later again
 */
#include <stdlib.h>
#include <string.h>

#include "simulate/simulate_internal.h"

enum { FORBIDDEN = 403, NOBODY = 404, VISITS_MOST = 80, TASKS_MOST = 32 };
enum { /* of a hundred */
       SENDS_NOTICE = 9,
       STOPS = 7,
       WITHDRAWS = 1,
       IS_AGAINST = 5,
       MENDS = 92,
       RATES = 65,
       SAME_DAY = 55,
};

Person life_person(const Actor *actor, const Life *life)
{
    return person_of(actor->arena, actor->sim->spec->seed, life->person);
}

const char *life_account(const Actor *actor, const Life *life)
{
    if (life->account < 0)
        return actor->sim->spec->officers.items[life->window].login;
    return simulate_phone(actor->arena, life->account);
}

Filling life_filling(Actor *actor, Life *life, const Person *person, bool is_against)
{
    return (Filling){.arena = actor->arena,
                     .random = &life->random,
                     .person = person,
                     .today = instant_date(actor->now, CALENDAR_ZONE_CHINA),
                     .is_against = is_against};
}

bool life_later(Actor *actor, Life *life, NextStep next, int64_t minutes, Instant *out_next)
{
    life->next = next;
    return plan_worked(actor->sim->plan.calendar, actor->now, minutes, out_next, actor->err);
}

/* How long until somebody gets to it: mostly the same day, and with slow ones after the promise. */
static int64_t until_worked(Actor *actor, Life *life)
{
    Random *random = &life->random;
    if (life->is_slow)
        return random_between(random, 2 * WORKING_DAY, 12 * WORKING_DAY);
    if (actor->sim->spec->items.items[life->item].is_on_the_spot || random_chance(random, SAME_DAY))
        return random_between(random, 15, 240);
    return random_between(random, 240, 3 * WORKING_DAY);
}

bool life_work_later(Actor *actor, Life *life, Instant *out_next)
{
    return life_later(actor, life, STEP_WORK, until_worked(actor, life), out_next);
}

const char *life_path(const Actor *actor, const Life *life, const char *rest)
{
    return arena_printf(actor->arena, "/dossiers/%s%s", life->number, rest);
}

/* ---- which task ------------------------------------------------------------------------------ */

static bool has_unit(const OpenTask *open, size_t count, const char *unit)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(open[i].unit, unit))
            return true;
    return false;
}

/* The first of each unit, which is the one that its officers are shown. */
static size_t open_tasks(const Json *dossier, OpenTask *out)
{
    size_t count = 0;
    json_each (task, json_get(dossier, "tasks")) {
        OpenTask one = {json_text(task, "id"), json_text(task, "name"), json_text(task, "unit")};
        if (text_equal(json_text(task, "state"), "open") && count < TASKS_MOST && one.id &&
            one.name && one.unit && !has_unit(out, count, one.unit))
            out[count++] = one;
    }
    return count;
}

/* By unit, since the order of those that began together is chance. */
static int compare(const void *a, const void *b)
{
    return strcmp(((const OpenTask *)a)->unit, ((const OpenTask *)b)->unit);
}

static bool choose_task(Life *life, const Json *dossier, OpenTask *out)
{
    OpenTask open[TASKS_MOST];
    size_t count = open_tasks(dossier, open);
    if (!count)
        return false;
    qsort(open, count, sizeof open[0], compare);
    *out = open[random_below(&life->random, (int64_t)count)];
    return strlen(out->id) < NUMBER_MOST;
}

/* ---- who ------------------------------------------------------------------------------------- */

bool life_by_somebody(Actor *actor, Life *life, const OpenTask *task, Deed deed, const void *data,
                      ScenarioAnswer *out)
{
    const SimulateSpec *spec = actor->sim->spec;
    size_t count = spec->officers.count;
    size_t first = (size_t)random_below(&life->random, (int64_t)count);
    Random before = life->random;
    *out = (ScenarioAnswer){.status = NOBODY};
    for (size_t i = 0; i < count && !is_done(out); i++) {
        size_t officer = (first + i) % count;
        ScenarioAnswer one = {.status = NOBODY};
        if (!text_equal(spec->officers.items[officer].unit, task->unit))
            continue;
        life->random = before; /* whoever does it does the same */
        if (!deed(actor, life, officer, task, data, &one))
            return false;
        /* Of refusals, one of the matter tells more than one of the person. */
        if (one.status != FORBIDDEN || out->status == NOBODY)
            *out = one;
    }
    return true;
}

const char *life_login(const Actor *actor, size_t officer)
{
    return actor->sim->spec->officers.items[officer].login;
}

const char *life_task_path(const Actor *actor, const Life *life, const OpenTask *task,
                           const char *verb)
{
    return life_path(actor, life, arena_printf(actor->arena, "/tasks/%s/%s", task->id, verb));
}

/* ---- completing ------------------------------------------------------------------------------ */

/* The fields of a step's form, from an officer's page the first time. */
static bool fields_of(Actor *actor, Life *life, size_t officer, const OpenTask *task,
                      const Json **out)
{
    ScenarioAnswer answer;
    const char *code = actor->sim->spec->items.items[life->item].code;
    const char *key = arena_printf(actor->arena, "%s: %s", code, task->name);
    if ((*out = form_recall(actor, key)))
        return true;
    if (!ask(actor, life_login(actor, officer), life_path(actor, life, ""), NULL, &answer))
        return false;
    bool is_it = is_done(&answer) && text_equal(json_text(answer.json, "task"), task->id) &&
                 !json_text(answer.json, "task_refusal");
    if (is_it)
        *out = form_keep(actor, key, json_get(answer.json, "fields"));
    return true;
}

static void put_seen(JsonWriter *json, const Json *materials)
{
    json_begin_array(json, "seen");
    json_each (material, materials)
        if (json_bool(material, "is_brought", false))
            json_put_text(json, NULL, json_text(material, "code"));
    json_end_array(json);
}

typedef struct Completing {
    const Json *dossier;
    bool is_against;
} Completing;

/* The form's own text speaks for the first outcome alone; for another one it takes own words. */
static bool is_usual(const Json *field, const char *answer)
{
    const Json *choices = json_get(field, "choices");
    const char *first = choices && choices->count ? json_text(choices->items[0], "value") : NULL;
    return !first ||
           (strlen(answer) == strlen(first) + 2 && strncmp(answer + 1, first, strlen(first)) == 0);
}

static const char *completion(Actor *actor, Life *life, const Json *fields,
                              const Completing *completing)
{
    Person person = life_person(actor, life);
    Filling filling = life_filling(actor, life, &person, completing->is_against);
    Buffer out = buffer_init(actor->arena, 0);
    JsonWriter json = json_writer(&out);
    json_begin_object(&json, NULL);
    json_begin_object(&json, "form");
    json_each (field, fields) {
        const char *key = fill_key(field);
        const char *answer = key ? fill_answer(&filling, field) : NULL;
        if (answer)
            json_put_raw(&json, key, answer);
        if (answer && text_equal(key, "outcome"))
            filling.is_against = filling.is_against || !is_usual(field, answer);
    }
    json_end_object(&json);
    put_seen(&json, json_get(completing->dossier, "materials"));
    json_end_object(&json);
    return buffer_text(&out);
}

static bool complete(Actor *actor, Life *life, size_t officer, const OpenTask *task,
                     const void *data, ScenarioAnswer *out)
{
    const Json *fields;
    if (!fields_of(actor, life, officer, task, &fields))
        return false;
    if (!fields)
        return true;
    return ask(actor, life_login(actor, officer), life_task_path(actor, life, task, "complete"),
               completion(actor, life, fields, data), out);
}

/* ---- notices --------------------------------------------------------------------------------- */

static void put_place(Arena *arena, JsonWriter *json, const Json *material, const char *text)
{
    json_put_text(json, arena_printf(arena, "material.%s", json_text(material, "code")), text);
}

/* What was not brought, or else the first of what was. */
static void put_missing(Arena *arena, JsonWriter *json, const char *group, const char *text,
                        const Json *materials)
{
    bool is_missing = false;
    json_begin_object(json, group);
    json_each (material, materials)
        if (!json_bool(material, "is_brought", false)) {
            put_place(arena, json, material, text);
            is_missing = true;
        }
    if (!is_missing && materials && materials->count)
        put_place(arena, json, materials->items[0], text);
    json_end_object(json);
}

static bool send_notice(Actor *actor, Life *life, size_t officer, const OpenTask *task,
                        const void *data, ScenarioAnswer *out)
{
    const Json *materials = json_get(data, "materials");
    Buffer body = buffer_init(actor->arena, 0);
    JsonWriter json = json_writer(&body);
    json_begin_object(&json, NULL);
    put_missing(actor->arena, &json, "missing", "未提交或者内容不清楚。", materials);
    put_missing(actor->arena, &json, "mend", "请补交清晰、完整的一份。", materials);
    json_end_object(&json);
    return ask(actor, life_login(actor, officer), life_task_path(actor, life, task, "notice"),
               buffer_text(&body), out);
}

static bool is_something_missing(const Json *dossier)
{
    json_each (material, json_get(dossier, "materials"))
        if (json_bool(material, "is_required", false) && !json_bool(material, "is_brought", false))
            return true;
    return false;
}

static bool wants_notice(Life *life, const Json *dossier)
{
    const Json *materials = json_get(dossier, "materials");
    bool is_drawn = random_chance(&life->random, SENDS_NOTICE);
    return !life->has_notice && materials && materials->count &&
           (is_drawn || is_something_missing(dossier));
}

/* Not everybody comes back with what was asked for. */
static bool await_supplement(Actor *actor, Life *life, Instant *out_next)
{
    if (random_chance(&life->random, MENDS))
        return life_later(actor, life, STEP_SUPPLEMENT,
                          random_between(&life->random, 120, 6 * WORKING_DAY), out_next);
    return true;
}

/* ---- stopping the clock ---------------------------------------------------------------------- */

static bool stop(Actor *actor, Life *life, size_t officer, const OpenTask *task, const void *data,
                 ScenarioAnswer *out)
{
    const char *ground = data;
    life->officer = officer;
    return ask(
        actor, life_login(actor, officer), life_task_path(actor, life, task, "suspend"),
        arena_printf(actor->arena, "{\"ground\":\"%s\",\"note\":\"依法不计入期限。\"}", ground),
        out);
}

static bool wants_stop(Actor *actor, Life *life, const Json *dossier)
{
    bool is_drawn = random_chance(&life->random, STOPS);
    return is_drawn && !life->has_stopped && actor->sim->spec->grounds.count &&
           json_bool(dossier, "has_clock", false) &&
           !json_bool(json_get(dossier, "clock"), "is_suspended", false);
}

bool life_resume(Actor *actor, Life *life, Instant *out_next)
{
    ScenarioAnswer answer;
    const char *path =
        life_path(actor, life, arena_printf(actor->arena, "/tasks/%s/resume", life->task));
    if (!ask(actor, life_login(actor, life->officer), path, "{}", &answer))
        return false;
    /* A stop that passed its own limit ended by itself. */
    bool is_over = text_equal(json_text(answer.json, "code"), "dossier.not_suspended");
    if (!is_done(&answer) && !is_over)
        note_surprise(actor, path, &answer);
    return life_work_later(actor, life, out_next);
}

/* ---- one visit ------------------------------------------------------------------------------- */

/* What an officer does on a visit, and when the next one is. */
static bool notice_step(Actor *actor, Life *life, const Json *dossier, const OpenTask *task,
                        Instant *out_next)
{
    ScenarioAnswer answer;
    life->has_notice = true;
    if (!life_by_somebody(actor, life, task, send_notice, dossier, &answer))
        return false;
    if (is_done(&answer)) {
        actor->counts.notices++;
        return await_supplement(actor, life, out_next);
    }
    note_surprise(actor, life_task_path(actor, life, task, "notice"), &answer);
    return life_work_later(actor, life, out_next);
}

static bool stop_step(Actor *actor, Life *life, const OpenTask *task, Instant *out_next)
{
    ScenarioAnswer answer;
    const SimulateSpec *spec = actor->sim->spec;
    int64_t drawn = random_below(&life->random, (int64_t)spec->grounds.count);
    int64_t minutes = random_between(&life->random, WORKING_DAY, 8 * WORKING_DAY);
    life->has_stopped = true;
    memcpy(life->task, task->id, strlen(task->id) + 1);
    if (!life_by_somebody(actor, life, task, stop, spec->grounds.items[drawn], &answer))
        return false;
    if (is_done(&answer)) {
        actor->counts.stops++;
        return life_later(actor, life, STEP_RESUME, minutes, out_next);
    }
    /* What a supplement or an inspection took of a ground is no longer there for another stop. */
    if (!text_equal(json_text(answer.json, "code"), "dossier.ground_used_up"))
        note_surprise(actor, life_task_path(actor, life, task, "suspend"), &answer);
    return life_work_later(actor, life, out_next);
}

static bool completing_step(Actor *actor, Life *life, const Json *dossier, const OpenTask *task,
                            Instant *out_next)
{
    ScenarioAnswer answer;
    bool is_against = !life->has_returned && random_chance(&life->random, IS_AGAINST);
    Completing completing = {.dossier = dossier, .is_against = is_against};
    life->has_returned = life->has_returned || is_against;
    if (!life_by_somebody(actor, life, task, complete, &completing, &answer))
        return false;
    if (is_done(&answer))
        actor->counts.completed_tasks++;
    else
        note_surprise(actor, life_task_path(actor, life, task, task->name), &answer);
    return life_work_later(actor, life, out_next);
}

static bool act_on(Actor *actor, Life *life, const Json *dossier, const OpenTask *task,
                   Instant *out_next)
{
    if (wants_notice(life, dossier))
        return notice_step(actor, life, dossier, task, out_next);
    if (life_wants_extension(actor, life, dossier))
        return life_ask_extension(actor, life, task, out_next);
    if (wants_stop(actor, life, dossier))
        return stop_step(actor, life, task, out_next);
    return completing_step(actor, life, dossier, task, out_next);
}

static bool withdraw(Actor *actor, Life *life, Instant *out_next)
{
    ScenarioAnswer answer;
    const char *path = life_path(actor, life, "/withdraw");
    if (!ask(actor, life_account(actor, life), path,
             "{\"withdraw_reason\":\"改变计划，暂不办理。\"}", &answer))
        return false;
    if (is_done(&answer))
        actor->counts.withdrawn++;
    else if (!text_equal(json_text(answer.json, "code"), "dossier.decided_already"))
        note_surprise(actor, path, &answer);
    return life_work_later(actor, life, out_next);
}

static bool end(Actor *actor, Life *life, Instant *out_next)
{
    if (life->account >= 0 && random_chance(&life->random, RATES))
        return life_later(actor, life, STEP_RATE, random_between(&life->random, 10, 900), out_next);
    return true;
}

bool life_work(Actor *actor, Life *life, Instant *out_next)
{
    ScenarioAnswer answer;
    OpenTask task;
    *out_next = INSTANT_NONE;
    if (++life->visits > VISITS_MOST)
        return true;
    if (!ask(actor, actor->sim->spec->watcher, life_path(actor, life, ""), NULL, &answer))
        return false;
    if (!is_done(&answer)) {
        note_surprise(actor, life_path(actor, life, ""), &answer);
        return true;
    }
    const Json *dossier = answer.json;
    if (json_text(dossier, "completed_at") || json_text(dossier, "withdrawn_at"))
        return end(actor, life, out_next);
    if (life->account >= 0 && random_chance(&life->random, WITHDRAWS))
        return withdraw(actor, life, out_next);
    if (json_text(dossier, "waits_for"))
        return await_supplement(actor, life, out_next);
    if (!choose_task(life, dossier, &task)) /* a timer is to fire first */
        return life_later(actor, life, STEP_WORK, WORKING_DAY, out_next);
    return act_on(actor, life, dossier, &task, out_next);
}

bool life_rate(Actor *actor, Life *life, Instant *out_next)
{
    static const int of_grade[] = {52, 33, 9, 4, 2};
    ScenarioAnswer answer;
    *out_next = INSTANT_NONE;
    int grade = 1 + (int)random_weighted(&life->random, of_grade, 5);
    const char *path = life_path(actor, life, "/rating");
    if (!ask(actor, life_account(actor, life), path,
             arena_printf(actor->arena, "{\"grade\":%d}", grade), &answer))
        return false;
    if (is_done(&answer))
        actor->counts.rated++;
    else
        note_surprise(actor, path, &answer);
    return true;
}
