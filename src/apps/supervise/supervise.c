/*
 * supervise.c - the inside reader: entries of a dossier -> its one row in `supervised`.
 *
 *     entry.kind, unit, at, data.steps (apps/dossier/README.md) + the row so far -> the row
 *
 * One INSERT or UPDATE an entry. What is open (steps, incidents) is kept whole in open_parts, since
 * several may be open at once; the columns show the oldest step.
 */
#include "apps/supervise/supervise_store.h"

#include <string.h>

#include "format/json.h"

enum { GRADES_AT_MOST = 8 };

/* ---- what is open ---------------------------------------------------------------------------- */

typedef struct OpenStep {
    Id task;
    const char *name;
    const char *name_en;
    Id unit;
    Id officer;
    Instant since;
} OpenStep;

/* The row while an entry is applied to it. */
typedef struct Change {
    Arena *arena;
    const JournalEntry *entry;
    Supervised row;
    LIST(OpenStep) steps;
    LIST(Id) incidents;
} Change;

static const char *text_of(const Json *json, const char *name)
{
    const char *text = json_text(json, name);
    return text ? text : "";
}

static OpenStep open_step_of(const Json *json, Instant since)
{
    return (OpenStep){.task = json_id(json, "task"),
                      .name = text_of(json, "name"),
                      .name_en = text_of(json, "name_en"),
                      .unit = json_id(json, "unit"),
                      .officer = json_id(json, "officer"),
                      .since = json_int(json, "since", since)};
}

static bool read_open_parts(Change *change, Error *err)
{
    const char *text = change->row.open_parts;
    Json *parts = json_parse(change->arena, text, strlen(text), &JSON_OWN, err);
    if (!parts)
        return false;
    json_each (step, json_get(parts, "steps")) {
        list_add(change->arena, &change->steps, open_step_of(step, change->row.since));
    }
    json_each (incident, json_get(parts, "incidents")) {
        list_add(change->arena, &change->incidents, json_id(incident, "incident"));
    }
    return true;
}

static const char *open_parts_text(Change *change)
{
    Buffer text = buffer_init(change->arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "steps");
    list_each (OpenStep, step, &change->steps) {
        json_begin_object(&json, NULL);
        json_put_id(&json, "task", step->task);
        json_put_text(&json, "name", step->name);
        json_put_text(&json, "name_en", step->name_en);
        json_put_id(&json, "unit", step->unit);
        json_put_id(&json, "officer", step->officer);
        json_put_int(&json, "since", step->since);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_begin_array(&json, "incidents");
    list_each (Id, incident, &change->incidents) {
        json_begin_object(&json, NULL);
        json_put_id(&json, "incident", *incident);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    return buffer_text(&text);
}

/* The columns show the oldest open step; without one, what is being waited for since now. */
static void show_open_parts(Change *change)
{
    Supervised *row = &change->row;
    OpenStep none = {.name = "", .name_en = "", .since = change->entry->at};
    if (text_is_empty(row->step))
        none.since = row->since;
    const OpenStep *shown = change->steps.count ? &change->steps.items[0] : &none;
    row->step = shown->name;
    row->step_en = shown->name_en;
    row->step_unit = shown->unit;
    row->officer = shown->officer;
    row->since = shown->since;
    row->has_incident = change->incidents.count > 0;
    row->open_parts = open_parts_text(change);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void on_stage(Change *change, const Json *step)
{
    change->row.stage = text_of(step, "stage");
}

static void on_task_created(Change *change, const Json *step)
{
    list_add(change->arena, &change->steps, open_step_of(step, change->entry->at));
}

static void on_task_ended(Change *change, const Json *step)
{
    Id task = json_id(step, "task");
    size_t kept = 0;
    for (size_t i = 0; i < change->steps.count; i++)
        if (change->steps.items[i].task != task)
            change->steps.items[kept++] = change->steps.items[i];
    change->steps.count = kept;
}

static void on_due(Change *change, const Json *step)
{
    change->row.due_at = json_int(step, "due_at", INSTANT_NONE);
    change->row.is_provisional = json_text(step, "provisional_from") != NULL;
}

static void on_accepted(Change *change, const Json *step)
{
    change->row.state = "accepted";
    change->row.accepted_at = change->entry->at;
    on_due(change, step);
}

static void on_not_accepted(Change *change, const Json *step)
{
    (void)step;
    change->row.state = "not_accepted";
}

static void on_decided(Change *change, const Json *step)
{
    change->row.state = text_of(step, "outcome");
}

static void on_completed(Change *change, const Json *step)
{
    change->row.state = text_of(step, "outcome");
    change->row.is_open = false;
    Instant promised = json_bool(step, "accepted", true) ? change->row.due_at : INSTANT_NONE;
    change->row.due_at = json_int(step, "due_at", promised);
    change->row.completed_at = change->entry->at;
    change->row.used_millidays = json_int(step, "used_millidays", INT_NONE);
    change->row.statutory_limit = json_int(step, "statutory_limit", INT_NONE);
    change->row.promised_limit = json_int(step, "promised_limit", INT_NONE);
    change->row.limit_unit = text_of(step, "limit_unit");
    change->row.stop_ground = change->row.waits_for = "";
    change->steps.count = 0;
    change->incidents.count = 0;
}

static void on_stopped(Change *change, const Json *step)
{
    change->row.stop_ground = text_of(step, "ground");
}

static void on_resumed(Change *change, const Json *step)
{
    if (text_equal(change->row.stop_ground, text_of(step, "ground")))
        change->row.stop_ground = "";
}

static void on_waiting(Change *change, const Json *step)
{
    change->row.waits_for = text_of(step, "for");
}

static void on_incident(Change *change, const Json *step)
{
    list_add(change->arena, &change->incidents, json_id(step, "incident"));
}

static void on_incident_resolved(Change *change, const Json *step)
{
    Id incident = json_id(step, "incident");
    size_t kept = 0;
    for (size_t i = 0; i < change->incidents.count; i++)
        if (change->incidents.items[i] != incident)
            change->incidents.items[kept++] = change->incidents.items[i];
    change->incidents.count = kept;
}

static void take_step(Change *change, const Json *step)
{
    static const struct {
        const char *name;
        void (*take)(Change *change, const Json *step);
    } known[] = {
        {"stage", on_stage},
        {"task_created", on_task_created},
        {"task_completed", on_task_ended},
        {"task_cancelled", on_task_ended},
        {"intake_due", on_due},
        {"accepted", on_accepted},
        {"not_accepted", on_not_accepted},
        {"due", on_due},
        {"decided", on_decided},
        {"completed", on_completed},
        {"stopped", on_stopped},
        {"resumed", on_resumed},
        {"waiting", on_waiting},
        {"incident", on_incident},
        {"incident_resolved", on_incident_resolved},
    };
    const char *name = json_text(step, "step");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (text_equal(known[i].name, name))
            known[i].take(change, step);
}

/* ---- entries --------------------------------------------------------------------------------- */

/* Who claims a task has it; who releases one leaves it to nobody. */
static void take_claim(Change *change, const Json *data)
{
    Id task = json_id(data, "task");
    Id officer = text_equal(change->entry->kind, "task.claimed") ? change->entry->actor : 0;
    list_each (OpenStep, step, &change->steps)
        if (step->task == task)
            step->officer = officer;
}

static Supervised filed_row(const JournalEntry *entry, const Json *data)
{
    return (Supervised){.dossier = entry->dossier,
                        .number = text_of(data, "number"),
                        .item_code = text_of(data, "item"),
                        .item_name = text_of(data, "item_name"),
                        .item_name_en = text_of(data, "item_name_en"),
                        .kind = text_of(data, "item_kind"),
                        .unit = entry->unit,
                        .state = "filed",
                        .stage = "intake",
                        .step = "",
                        .step_en = "",
                        .since = entry->at,
                        .due_at = INSTANT_NONE,
                        .is_open = true,
                        .filed_at = entry->at,
                        .accepted_at = INSTANT_NONE,
                        .completed_at = INSTANT_NONE,
                        .used_millidays = INT_NONE,
                        .statutory_limit = INT_NONE,
                        .promised_limit = INT_NONE,
                        .limit_unit = "",
                        .stop_ground = "",
                        .waits_for = "",
                        .rated_at = INSTANT_NONE,
                        .open_parts = "{}"};
}

static bool is_kind(const JournalEntry *entry, const char *kind)
{
    return text_equal(entry->kind, kind);
}

static void take_entry(Change *change, const Json *data)
{
    if (is_kind(change->entry, "task.claimed") || is_kind(change->entry, "task.released"))
        take_claim(change, data);
    json_each (step, json_get(data, "steps")) {
        take_step(change, step);
    }
    show_open_parts(change);
    change->row.last_entry = change->entry->id;
}

static bool apply_later(Tx *tx, Change *change, const Json *data, Error *err)
{
    const JournalEntry *entry = change->entry;
    bool is_known;
    if (!store_supervised_get(tx_conn(tx), change->arena, entry->tenant, entry->dossier,
                              &change->row, &is_known, err))
        return false;
    if (!is_known) /* filed before there was a journal of it */
        return true;
    if (!read_open_parts(change, err))
        return false;
    if (entry->unit)
        change->row.unit = entry->unit;
    take_entry(change, data);
    return store_supervised_update(tx, entry->tenant, &change->row, err);
}

/* What the counters of ratings cannot hold is no rating here either. */
static bool apply_rating(Tx *tx, const JournalEntry *entry, const Json *data, Error *err)
{
    Supervised row = {.dossier = entry->dossier,
                      .rated_at = entry->at,
                      .grade = json_int(data, "grade", 0),
                      .scale = json_int(data, "scale", 0),
                      .last_entry = entry->id};
    if (row.grade < 1 || row.grade > row.scale || row.scale > GRADES_AT_MOST)
        return store_supervised_touch(tx, entry->tenant, entry->dossier, entry->id, err);
    return store_supervised_rate(tx, entry->tenant, &row, err);
}

static bool apply(Tx *tx, const JournalEntry *entry, Error *err)
{
    if (is_kind(entry, "certificate.served")) /* no column shows it */
        return store_supervised_touch(tx, entry->tenant, entry->dossier, entry->id, err);
    Change change = {.arena = tx_arena(tx), .entry = entry};
    const Json *data = journal_data(tx, entry, err);
    if (!data)
        return false;
    if (is_kind(entry, "dossier.rated"))
        return apply_rating(tx, entry, data, err);
    if (!is_kind(entry, "dossier.filed"))
        return apply_later(tx, &change, data, err);
    change.row = filed_row(entry, data);
    take_entry(&change, data);
    return store_supervised_insert(tx, entry->tenant, &change.row, err);
}

static void expect(Tx *tx, Id tenant, Id dossier)
{
    Supervised row;
    bool is_known;
    (void)!store_supervised_get(tx_conn(tx), tx_arena(tx), tenant, dossier, &row, &is_known, NULL);
}

static const char *const kinds[] = {
    "dossier.*",          "task.*", "timer.fired", "incident.mended", "clock.rederived",
    "certificate.served", NULL};
static const char *const tables[] = {"supervised", NULL};

const JournalReader supervise_reader = {.name = "supervise.live",
                                        .version = 3,
                                        .kinds = kinds,
                                        .tables = tables,
                                        .apply = apply,
                                        .expect = expect,
                                        .clear = store_supervised_clear};
