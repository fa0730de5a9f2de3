/*
 * simulate_extend.c - more time to decide: an officer asks while the limit runs, the head of the
 * responsible unit grants it or not. Whether there is any for the item is the program's to say.
 */
#include "simulate/simulate_internal.h"

enum { ASKS = 60, GRANTS = 85 }; /* of a hundred */

bool life_wants_extension(const Actor *actor, Life *life, const Json *dossier)
{
    const SimulateItem *item = &actor->sim->spec->items.items[life->item];
    bool is_drawn = random_chance(&life->random, ASKS);
    return is_drawn && life->is_slow && !life->has_extension && !item->is_on_the_spot &&
           json_bool(dossier, "has_clock", false) &&
           !json_bool(json_get(dossier, "clock"), "is_suspended", false);
}

static bool ask_for_it(Actor *actor, Life *life, size_t officer, const OpenTask *task,
                       const void *data, ScenarioAnswer *out)
{
    (void)data;
    return ask(actor, life_login(actor, officer), life_task_path(actor, life, task, "extend"),
               "{\"extension_reason\":\"情况复杂，需要进一步核实有关材料。\"}", out);
}

/* It is too late, no table gives more, or nobody but who asked may decide: no fault of ours. */
static bool is_known(const ScenarioAnswer *answer)
{
    const char *code = json_text(answer->json, "code");
    return code && text_starts_with(code, "extension.");
}

bool life_ask_extension(Actor *actor, Life *life, const OpenTask *task, Instant *out_next)
{
    ScenarioAnswer answer;
    int64_t minutes = random_between(&life->random, 30, WORKING_DAY);
    life->has_extension = true;
    if (!life_by_somebody(actor, life, task, ask_for_it, NULL, &answer))
        return false;
    if (is_done(&answer))
        return life_later(actor, life, STEP_EXTENSION, minutes, out_next);
    if (!is_known(&answer))
        note_surprise(actor, life_task_path(actor, life, task, "extend"), &answer);
    return life_work_later(actor, life, out_next);
}

/* ---- the head -------------------------------------------------------------------------------- */

static bool decide(Actor *actor, Life *life, size_t officer, const OpenTask *asked,
                   const void *data, ScenarioAnswer *out)
{
    bool is_granted = random_chance(&life->random, GRANTS);
    (void)data;
    return ask(
        actor, life_login(actor, officer),
        arena_printf(actor->arena, "/extensions/%s/%s", asked->id, is_granted ? "grant" : "refuse"),
        "{\"words\":\"已核实有关情况。\"}", out);
}

static const char *asked_for(const Json *dossier)
{
    json_each (extension, json_get(dossier, "extensions"))
        if (text_equal(json_text(extension, "state"), "asked"))
            return json_text(extension, "id");
    return NULL;
}

bool life_decide_extension(Actor *actor, Life *life, Instant *out_next)
{
    ScenarioAnswer answer;
    const char *path = life_path(actor, life, "");
    if (!ask(actor, actor->sim->spec->watcher, path, NULL, &answer))
        return false;
    OpenTask asked = {.id = asked_for(answer.json), .unit = json_text(answer.json, "unit")};
    if (asked.id && asked.unit) {
        if (!life_by_somebody(actor, life, &asked, decide, NULL, &answer))
            return false;
        if (is_done(&answer))
            actor->counts.extensions++;
        else if (!is_known(&answer))
            note_surprise(actor, "/extensions", &answer);
    }
    return life_work_later(actor, life, out_next);
}
