/*
 * score.c - the inside reader: entries -> what points are given for, one row an entry.
 *
 *     step completed (accepted)    completed.early, .on_time, .late (with the days)
 *     dossier.rated                rated.satisfied, .fair, .dissatisfied
 *     dossier.accepted_by_silence  accepted_by_silence
 *     warning.raised               warning.overdue (an early warning gives nothing)
 *     correction.*                 correction.sent, .returned, .closed, .taken_back, .replied_late
 *     complaint.decided            complaint.upheld, .partly
 *
 * A completion is the officer's whose own step at the responsible unit ended the dossier; a rating
 * is his, too. Correction notices and complaints name nobody: they are the unit's alone. No row
 * tells of which dossier somebody complained, since that would tell who he is.
 */
#include "apps/score/score_store.h"

#include "format/json.h"

enum { GRADES_AT_MOST = 8 };

static bool is_kind(const JournalEntry *entry, const char *kind)
{
    return text_equal(entry->kind, kind);
}

static Date day_of(Instant at)
{
    return instant_date(at, SCORE_ZONE_MINUTES);
}

/* ---- dossiers -------------------------------------------------------------------------------- */

static const Json *step_of(const Json *data, const char *name)
{
    json_each (step, json_get(data, "steps"))
        if (text_equal(json_text(step, "step"), name))
            return step;
    return NULL;
}

/* Who paid at the bank's window, or gave an expert opinion elsewhere, has not handled the case. */
static Id handler_of(const JournalEntry *entry, const Json *data)
{
    const Json *task = step_of(data, "task_completed");
    bool is_own = task && json_id(task, "unit") == entry->unit;
    return is_own && text_equal(entry->actor_kind, "officer") ? entry->actor : 0;
}

/* Days, not hours, tell what is early; nothing done on the spot is. Late is late by a day at
 * least. */
static void take_completed(const JournalEntry *entry, const Json *data, const Json *step,
                           ScoreEvent *out)
{
    Instant due_at = json_int(step, "due_at", entry->at);
    int64_t days = (date_start(out->day, SCORE_ZONE_MINUTES) -
                    date_start(day_of(due_at), SCORE_ZONE_MINUTES)) /
                   DAY_MS;
    bool is_on_the_spot = text_equal(json_text(data, "item_kind"), "on_the_spot");
    bool is_on_time = json_bool(step, "on_time", false);
    if (is_on_time)
        out->kind = days < 0 && !is_on_the_spot ? "completed.early" : "completed.on_time";
    else
        out->kind = "completed.late";
    out->days = is_on_time ? 0 : days > 1 ? days : 1;
}

/* A refusal to accept and a withdrawal are no completions, as for the figures of the board. */
static void read_completed(const JournalEntry *entry, const Json *data, ScoreEvent *out)
{
    const Json *step = step_of(data, "completed");
    if (!step || !json_bool(step, "accepted", false) ||
        text_equal(json_text(step, "outcome"), "withdrawn"))
        return;
    out->officer = handler_of(entry, data);
    take_completed(entry, data, step, out);
}

/* Against the middle grade of its scale, as S10 counts satisfaction. */
static const char *mood_of(const Json *data)
{
    int64_t grade = json_int(data, "grade", 0), scale = json_int(data, "scale", 0);
    if (grade < 1 || grade > scale || scale > GRADES_AT_MOST)
        return NULL;
    if (2 * grade == scale + 1)
        return "rated.fair";
    return 2 * grade < scale + 1 ? "rated.satisfied" : "rated.dissatisfied";
}

static bool read_rating(Tx *tx, const JournalEntry *entry, const Json *data, ScoreEvent *out,
                        Error *err)
{
    out->kind = mood_of(data);
    return !out->kind || store_score_handler(tx, entry->tenant, entry->dossier, &out->officer, err);
}

static void read_silence(const Json *data, ScoreEvent *out)
{
    out->kind = "accepted_by_silence";
    out->unit = json_id(data, "unit");
    out->officer = json_id(data, "officer");
}

/* ---- supervision ----------------------------------------------------------------------------- */

static void read_warning(const Json *data, ScoreEvent *out)
{
    if (!text_equal(json_text(data, "kind"), "overdue"))
        return;
    out->kind = "warning.overdue";
    out->unit = json_id(data, "unit");
    out->officer = json_id(data, "officer");
    out->dossier = json_id(data, "dossier");
}

static void read_correction(const JournalEntry *entry, const Json *data, ScoreEvent *out)
{
    bool is_reply = is_kind(entry, "correction.replied");
    out->unit = json_id(data, "unit");
    out->dossier = json_id(data, "dossier");
    out->matter = json_id(data, "correction");
    if (!is_reply)
        out->kind = entry->kind;
    else if (entry->at > json_int(data, "reply_due_at", entry->at))
        out->kind = "correction.replied_late";
}

static void read_complaint(const Json *data, ScoreEvent *out)
{
    const char *finding = json_text(data, "finding");
    out->unit = json_id(data, "unit");
    out->matter = json_id(data, "complaint");
    out->number = json_text(data, "number");
    if (text_equal(finding, "upheld"))
        out->kind = "complaint.upheld";
    else if (text_equal(finding, "partly"))
        out->kind = "complaint.partly";
}

/* ---- entries --------------------------------------------------------------------------------- */

/* Leaves the kind NULL where there is nothing to count. */
static bool read_entry(Tx *tx, const JournalEntry *entry, const Json *data, ScoreEvent *out,
                       Error *err)
{
    if (is_kind(entry, "dossier.rated"))
        return read_rating(tx, entry, data, out, err);
    if (is_kind(entry, "warning.raised"))
        read_warning(data, out);
    else if (is_kind(entry, "complaint.decided"))
        read_complaint(data, out);
    else if (text_starts_with(entry->kind, "correction."))
        read_correction(entry, data, out);
    else if (is_kind(entry, "dossier.accepted_by_silence"))
        read_silence(data, out);
    else
        read_completed(entry, data, out);
    return true;
}

static bool apply(Tx *tx, const JournalEntry *entry, Error *err)
{
    const Json *data = journal_data(tx, entry, err);
    if (!data)
        return false;
    ScoreEvent event = {.entry = entry->id,
                        .day = day_of(entry->at),
                        .unit = entry->unit,
                        .dossier = entry->dossier};
    if (!read_entry(tx, entry, data, &event, err))
        return false;
    return !event.kind || store_score_add(tx, entry->tenant, &event, err);
}

static const char *const kinds[] = {"dossier.filed",
                                    "dossier.accepted_by_silence",
                                    "dossier.supplemented",
                                    "dossier.rated",
                                    "task.completed",
                                    "timer.fired",
                                    "incident.mended",
                                    "warning.raised",
                                    "correction.*",
                                    "complaint.decided",
                                    NULL};
static const char *const tables[] = {"score_event", NULL};

const JournalReader score_reader = {.name = "score.events",
                                    .version = 1,
                                    .kinds = kinds,
                                    .tables = tables,
                                    .apply = apply,
                                    .clear = store_score_clear};
