/* correction.c - the verbs of a correction notice: send, reply, check, take back. */
#include "apps/supervise/correction_store.h"

#include "apps/dossier/dossier.h"
#include "apps/supervise/supervise_store.h"
#include "format/json.h"
#include "service/calendars.h"

/* No source gives a period; three working days is what notices of this kind usually allow. */
enum { REPLY_WORKING_DAYS = 3 };

/* ---- what each act writes -------------------------------------------------------------------- */

static const char *data_of(Arena *arena, const Correction *row)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_id(&json, "correction", row->id);
    json_put_id(&json, "dossier", row->dossier);
    json_put_text(&json, "number", row->number);
    json_put_id(&json, "unit", row->unit);
    json_put_text(&json, "ground", row->ground);
    json_put_int(&json, "reply_due_at", row->reply_due_at);
    json_end_object(&json);
    return buffer_text(&text);
}

/* The entry and the act, in one; the text stays in the act, since it may speak of persons. */
static bool note(Tx *tx, App *app, const User *officer, const Correction *row, const char *kind,
                 const char *text, Error *err)
{
    Arena *arena = tx_arena(tx);
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = arena_printf(arena, "correction.%s", kind),
                          .actor_kind = "officer",
                          .actor = officer->id,
                          .unit = officer->unit,
                          .subject = arena_printf(arena, "correction:%lld", (long long)row->id),
                          .data = data_of(arena, row)};
    CorrectionAct act = {.kind = kind, .officer = officer->id, .at = tx_now(tx), .text = text};
    return store_add_act(tx, app->tenant, row->id, &act, err) && journal_append(tx, &entry, err);
}

static bool reply_due(Tx *tx, App *app, Instant *out, Error *err)
{
    return calendars_closing_after(app, tx_conn(tx), tx_now(tx), REPLY_WORKING_DAYS, out, err);
}

static bool move(Tx *tx, App *app, const Correction *row, const char *before, const char *code,
                 Error *err)
{
    bool is_moved;
    if (!store_move_correction(tx, app->tenant, row, before, &is_moved, err))
        return false;
    return is_moved || error_set(err, ERROR_CONFLICT, .code = code);
}

/* ---- verbs ----------------------------------------------------------------------------------- */

/* Who has the step has to answer; when nobody has one, who is responsible. */
static bool unit_in_charge(Tx *tx, App *app, const Dossier *dossier, Id *out, Error *err)
{
    Supervised row;
    bool is_known;
    *out = dossier->unit;
    if (!store_supervised_get(tx_conn(tx), tx_arena(tx), app->tenant, dossier->id, &row, &is_known,
                              err))
        return false;
    if (is_known && row.step_unit)
        *out = row.step_unit;
    return true;
}

bool correction_send(Tx *tx, App *app, const User *supervisor, const char *number,
                     const char *ground, const char *text, Id *out_id, Error *err)
{
    Dossier dossier;
    Correction row = {.id = tx_new_id(tx),
                      .ground = ground,
                      .state = "sent",
                      .sent_at = tx_now(tx),
                      .closed_at = INSTANT_NONE};
    if (text_is_blank(text))
        return error_set(err, ERROR_INVALID, .code = "correction.no_text", .field = "text");
    if (!dossier_by_number(tx_conn(tx), tx_arena(tx), app->tenant, number, &dossier, err) ||
        !unit_in_charge(tx, app, &dossier, &row.unit, err) ||
        !reply_due(tx, app, &row.reply_due_at, err))
        return false;
    row.dossier = dossier.id;
    row.number = dossier.number;
    *out_id = row.id;
    return store_add_correction(tx, app->tenant, &row, err) &&
           note(tx, app, supervisor, &row, "sent", text, err);
}

bool correction_reply(Tx *tx, App *app, const User *officer, Id id, const char *text, Error *err)
{
    Correction row;
    if (!store_correction(tx_conn(tx), tx_arena(tx), app->tenant, id, officer->unit, &row, err))
        return false;
    if (!text_equal(row.state, "sent"))
        return error_set(err, ERROR_CONFLICT, .code = "correction.not_waiting");
    if (text_is_blank(text))
        return error_set(err, ERROR_INVALID, .code = "correction.no_text", .field = "text");
    row.state = "replied";
    return move(tx, app, &row, "sent", "correction.not_waiting", err) &&
           note(tx, app, officer, &row, "replied", text, err);
}

bool correction_check(Tx *tx, App *app, const User *supervisor, Id id, bool is_sufficient,
                      const char *text, Error *err)
{
    Correction row;
    if (!store_correction(tx_conn(tx), tx_arena(tx), app->tenant, id, 0, &row, err))
        return false;
    if (!text_equal(row.state, "replied"))
        return error_set(err, ERROR_CONFLICT, .code = "correction.no_reply");
    if (!is_sufficient && text_is_blank(text))
        return error_set(err, ERROR_INVALID, .code = "correction.no_text", .field = "text");
    if (!is_sufficient && !reply_due(tx, app, &row.reply_due_at, err))
        return false;
    row.state = is_sufficient ? "closed" : "sent";
    row.closed_at = is_sufficient ? tx_now(tx) : INSTANT_NONE;
    return move(tx, app, &row, "replied", "correction.no_reply", err) &&
           note(tx, app, supervisor, &row, is_sufficient ? "closed" : "returned", text ? text : "",
                err);
}

bool correction_take_back(Tx *tx, App *app, const User *supervisor, Id id, const char *text,
                          Error *err)
{
    Correction row;
    if (!store_correction(tx_conn(tx), tx_arena(tx), app->tenant, id, 0, &row, err))
        return false;
    if (!text_equal(row.state, "sent"))
        return error_set(err, ERROR_CONFLICT, .code = "correction.not_waiting");
    if (text_is_blank(text))
        return error_set(err, ERROR_INVALID, .code = "correction.no_text", .field = "text");
    row.state = "taken_back";
    row.closed_at = tx_now(tx);
    return move(tx, app, &row, "sent", "correction.not_waiting", err) &&
           note(tx, app, supervisor, &row, "taken_back", text, err);
}
