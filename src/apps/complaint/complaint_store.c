/* complaint_store.c - rows of complaints and their acts; who complains and every word sealed. */
#include "apps/complaint/complaint_store.h"

#include <string.h>

#include "apps/complaint/complaint_sql.h"
#include "format/json.h"
#include "service/crypto.h"

/* ---- sealing --------------------------------------------------------------------------------- */

static SealPlace place_of(const App *app, const char *table, const char *column, Id row)
{
    return (SealPlace){.tenant = app->tenant, .table = table, .column = column, .row = row};
}

static const char *person_text(Arena *arena, const ComplaintPerson *person)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_text(&json, "name", person->name);
    json_put_text(&json, "phone", person->phone);
    json_end_object(&json);
    return buffer_text(&text);
}

bool store_complaint_sealed(DbConn *conn, Arena *arena, App *app, Id id, ComplaintPerson *person,
                            const char **words, Error *err)
{
    ComplaintSealedRow row = {0};
    bool is_found;
    if (!complaint_sealed(conn, arena, app->tenant, id, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "complaint.unknown");
    const char *text =
        keyring_unseal(app->keys, arena, place_of(app, "complaint", "person", id), row.person, err);
    const Json *json = text ? json_parse(arena, text, strlen(text), &JSON_LIMITS, err) : NULL;
    if (!json)
        return false;
    *person = (ComplaintPerson){json_text(json, "name"), json_text(json, "phone")};
    if (words)
        *words = keyring_unseal(app->keys, arena, place_of(app, "complaint", "words", id),
                                row.words, err);
    return !words || *words;
}

/* ---- complaints ------------------------------------------------------------------------------ */

static Complaint complaint_row(const ComplaintFindRow *row)
{
    return (Complaint){.id = row->id,
                       .number = row->number,
                       .channel = row->channel,
                       .subject = row->subject,
                       .unit = row->unit,
                       .dossier = row->dossier,
                       .dossier_number = row->dossier_number,
                       .state = row->state,
                       .is_open = row->is_open,
                       .registered_at = row->registered_at,
                       .due_at = row->due_at,
                       .reply_days = row->reply_days,
                       .finding = row->finding,
                       .correction = row->correction,
                       .grade = row->grade};
}

static bool draw_number(Tx *tx, App *app, Complaint *complaint, int *out_year,
                        int64_t *out_sequence, Error *err)
{
    int month, day;
    ComplaintSequenceRow row = {0};
    date_split(instant_date(tx_now(tx), app->zone_minutes), out_year, &month, &day);
    if (!complaint_sequence(tx_conn(tx), tx_arena(tx), app->tenant, *out_year, &row, err))
        return false;
    *out_sequence = row.sequence;
    complaint->number =
        arena_printf(tx_arena(tx), "%04d-%05lld", *out_year, (long long)row.sequence);
    return true;
}

bool store_add_complaint(Tx *tx, App *app, Complaint *complaint, const ComplaintPerson *person,
                         const char *words, Error *err)
{
    Arena *arena = tx_arena(tx);
    int year;
    int64_t sequence;
    if (!draw_number(tx, app, complaint, &year, &sequence, err))
        return false;
    ComplaintInsertParams params = {
        .tenant = app->tenant,
        .id = complaint->id,
        .year = year,
        .sequence = sequence,
        .number = complaint->number,
        .channel = complaint->channel,
        .subject = complaint->subject,
        .unit = complaint->unit,
        .dossier = complaint->dossier,
        .dossier_number = complaint->dossier_number,
        .person =
            keyring_seal(app->keys, arena, place_of(app, "complaint", "person", complaint->id),
                         person_text(arena, person)),
        .words = keyring_seal(app->keys, arena, place_of(app, "complaint", "words", complaint->id),
                              words),
        .registered_at = complaint->registered_at,
        .due_at = complaint->due_at,
        .reply_days = complaint->reply_days};
    return complaint_insert(tx_conn(tx), &params, NULL, err);
}

bool store_complaint(DbConn *conn, Arena *arena, Id tenant, Id id, Id unit, Complaint *out,
                     Error *err)
{
    ComplaintFindRow row = {0};
    bool is_found;
    if (!complaint_find(conn, arena, tenant, id, unit, &row, &is_found, err))
        return false;
    *out = complaint_row(&row);
    return is_found || error_set(err, ERROR_NOT_FOUND, .code = "complaint.unknown");
}

bool complaint_read_number(const char *number, int *out_year, int *out_sequence)
{
    enum { YEAR_DIGITS = 4, SEQUENCE_DIGITS = 9 };
    int64_t year, sequence;
    char digits[YEAR_DIGITS + 1];
    size_t length = strlen(number);
    if (length < YEAR_DIGITS + 2 || length > YEAR_DIGITS + 1 + SEQUENCE_DIGITS ||
        number[YEAR_DIGITS] != '-' || strspn(number, "0123456789-") != length)
        return false;
    memcpy(digits, number, YEAR_DIGITS);
    digits[YEAR_DIGITS] = '\0';
    if (!text_to_int64(digits, &year) || !text_to_int64(number + YEAR_DIGITS + 1, &sequence) ||
        year < 0 || sequence < 0)
        return false;
    *out_year = (int)year;
    *out_sequence = (int)sequence;
    return true;
}

bool store_complaint_numbered(DbConn *conn, Arena *arena, Id tenant, const char *number,
                              Complaint *out, bool *out_found, Error *err)
{
    ComplaintFindRow row = {0};
    int year, sequence;
    *out_found = false;
    if (!complaint_read_number(number, &year, &sequence))
        return true;
    bool is_read = complaint_numbered(conn, arena, tenant, year, sequence, &row, out_found, err);
    *out = complaint_row(&row);
    return is_read;
}

bool store_move_complaint(Tx *tx, Id tenant, const Complaint *complaint, const char *before,
                          bool *out_moved, Error *err)
{
    int64_t changed;
    ComplaintMoveParams params = {.tenant = tenant,
                                  .id = complaint->id,
                                  .before = before,
                                  .state = complaint->state,
                                  .is_open = complaint->is_open,
                                  .due_at = complaint->due_at,
                                  .finding = complaint->finding,
                                  .correction = complaint->correction,
                                  .grade = complaint->grade};
    bool is_run = complaint_move(tx_conn(tx), &params, &changed, err);
    *out_moved = is_run && changed == 1;
    return is_run;
}

bool store_complaints(DbConn *conn, Arena *arena, Id tenant, const ComplaintQuery *query,
                      Complaints *out, Error *err)
{
    ComplaintFindRows rows = {0};
    Id before = query->after ? query->after : INT64_MAX;
    bool is_read = query->is_open
                       ? complaint_open_page(conn, arena, tenant, query->unit, query->due_after,
                                             query->after, query->most, &rows, err)
                       : complaint_ended_page(conn, arena, tenant, query->unit, before, query->most,
                                              &rows, err);
    list_each (ComplaintFindRow, row, &rows)
        list_add(arena, out, complaint_row(row));
    return is_read;
}

/* ---- acts ------------------------------------------------------------------------------------ */

bool store_add_complaint_act(Tx *tx, App *app, Id complaint, const ComplaintAct *act, Error *err)
{
    Id id = tx_new_id(tx);
    ComplaintActInsertParams params = {
        .tenant = app->tenant,
        .id = id,
        .complaint = complaint,
        .kind = act->kind,
        .actor_kind = act->officer ? "officer" : "public",
        .officer = act->officer,
        .at = act->at,
        .words = keyring_seal(app->keys, tx_arena(tx), place_of(app, "complaint_act", "words", id),
                              act->words)};
    return complaint_act_insert(tx_conn(tx), &params, NULL, err);
}

bool store_complaint_acts(DbConn *conn, Arena *arena, App *app, Id complaint, ComplaintActs *out,
                          Error *err)
{
    ComplaintActsRows rows = {0};
    if (!complaint_acts(conn, arena, app->tenant, complaint, &rows, err))
        return false;
    list_each (ComplaintActsRow, row, &rows) {
        const char *words = keyring_unseal(
            app->keys, arena, place_of(app, "complaint_act", "words", row->id), row->words, err);
        if (!words)
            return false;
        list_add(arena, out,
                 ((ComplaintAct){
                     .kind = row->kind, .officer = row->officer, .at = row->at, .words = words}));
    }
    return true;
}
