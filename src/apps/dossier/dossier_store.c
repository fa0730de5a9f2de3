/*
 * dossier_store.c - the dossier's own row, its materials, clock, certificate, rating and row scope.
 * Tasks, timers, incidents and the process are in dossier_process_store.c.
 */
#include "apps/dossier/dossier_store.h"

#include "apps/dossier/dossier_sql.h"

static SealPlace place_of(const App *app, const char *table, const char *column, Id row)
{
    return (SealPlace){.tenant = app->tenant, .table = table, .column = column, .row = row};
}

/* ---- the dossier ----------------------------------------------------------------------------- */

static Dossier dossier_from_row(const DossierGetRow *row)
{
    return (Dossier){.id = row->id,
                     .number = row->number,
                     .version = row->version,
                     .item_code = row->item_code,
                     .item_definition = row->item_definition,
                     .form_definition = row->form_definition,
                     .item_name = {row->item_name, row->item_name_en},
                     .kind = row->kind,
                     .channel = row->channel,
                     .party = row->party,
                     .account = row->account,
                     .applicant_name = row->applicant_name,
                     .unit = row->unit,
                     .state = row->state,
                     .stage = row->stage,
                     .answers = row->answers,
                     .filed_at = row->filed_at,
                     .accepted_at = row->accepted_at,
                     .decided_at = row->decided_at,
                     .completed_at = row->completed_at,
                     .decision_reason = row->decision_reason,
                     .statutory_limit = row->statutory_limit,
                     .promised_limit = row->promised_limit,
                     .limit_unit = row->limit_unit,
                     .waits_for = row->waits_for,
                     .withdrawn_at = row->withdrawn_at,
                     .span_count = row->span_count,
                     .notice_count = row->notice_count,
                     .archive_number = row->archive_number};
}

bool store_insert(Tx *tx, App *app, const Dossier *dossier, Error *err)
{
    return dossier_insert(tx_conn(tx),
                          &(DossierInsertParams){.tenant = app->tenant,
                                                 .id = dossier->id,
                                                 .number = dossier->number,
                                                 .version = dossier->version,
                                                 .item_code = dossier->item_code,
                                                 .item_definition = dossier->item_definition,
                                                 .form_definition = dossier->form_definition,
                                                 .item_name = dossier->item_name.zh,
                                                 .item_name_en = dossier->item_name.en,
                                                 .kind = dossier->kind,
                                                 .channel = dossier->channel,
                                                 .party = dossier->party,
                                                 .account = dossier->account,
                                                 .applicant_name = dossier->applicant_name,
                                                 .unit = dossier->unit,
                                                 .state = dossier->state,
                                                 .stage = dossier->stage,
                                                 .answers = dossier->answers,
                                                 .filed_at = dossier->filed_at,
                                                 .accepted_at = dossier->accepted_at,
                                                 .decided_at = dossier->decided_at,
                                                 .completed_at = dossier->completed_at,
                                                 .decision_reason = dossier->decision_reason,
                                                 .statutory_limit = dossier->statutory_limit,
                                                 .promised_limit = dossier->promised_limit,
                                                 .limit_unit = dossier->limit_unit,
                                                 .span_count = dossier->span_count,
                                                 .archive_number = dossier->archive_number},
                          NULL, err);
}

/* On PostgreSQL the row is locked since it was read (store_lock), and asking how many rows changed
 * would cost a round trip; the journal's unique version stands behind both. */
bool store_save(Tx *tx, App *app, const Dossier *dossier, int64_t before, Error *err)
{
    int64_t changed = 1;
    bool is_locked = db_engine(tx_db(tx)) == DB_POSTGRES;
    if (!dossier_save(tx_conn(tx),
                      &(DossierSaveParams){.tenant = app->tenant,
                                           .id = dossier->id,
                                           .version = dossier->version,
                                           .state = dossier->state,
                                           .stage = dossier->stage,
                                           .accepted_at = dossier->accepted_at,
                                           .decided_at = dossier->decided_at,
                                           .completed_at = dossier->completed_at,
                                           .decision_reason = dossier->decision_reason,
                                           .statutory_limit = dossier->statutory_limit,
                                           .promised_limit = dossier->promised_limit,
                                           .limit_unit = dossier->limit_unit,
                                           .waits_for = dossier->waits_for,
                                           .withdrawn_at = dossier->withdrawn_at,
                                           .span_count = dossier->span_count,
                                           .notice_count = dossier->notice_count,
                                           .archive_number = dossier->archive_number,
                                           .before = before},
                      is_locked ? NULL : &changed, err))
        return false;
    return changed == 1 || error_set(err, ERROR_CONFLICT, .code = "dossier.moved");
}

bool dossier_by_id(DbConn *conn, Arena *arena, Id tenant, Id id, Dossier *out, Error *err)
{
    DossierGetRow row = {0};
    bool is_found;
    if (!dossier_get(conn, arena, tenant, id, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown");
    *out = dossier_from_row(&row);
    return true;
}

bool store_lock(Tx *tx, App *app, Id id, Dossier *out, Error *err)
{
    DossierGetRow row = {0};
    bool is_found;
    if (!dossier_lock(tx_conn(tx), tx_arena(tx), app->tenant, id, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown");
    *out = dossier_from_row(&row);
    return true;
}

bool store_id_of_number(DbConn *conn, Arena *arena, Id tenant, const char *number, Id *out,
                        Error *err)
{
    DossierIdOfNumberRow row = {0};
    bool is_found;
    if (!dossier_id_of_number(conn, arena, tenant, number, &row, &is_found, err))
        return false;
    *out = row.id;
    return is_found || error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown");
}

bool store_last_number(DbConn *conn, Arena *arena, Id tenant, const char *low, const char *high,
                       const char **out, Error *err)
{
    DossierLastNumberRow row;
    if (!dossier_last_number(conn, arena, tenant, low, high, &row, err))
        return false;
    *out = row.number;
    return true;
}

bool store_own(DbConn *conn, Arena *arena, Id tenant, Id account, Id party, Id before, int most,
               OwnDossiers *out, Error *err)
{
    DossierOfAccountRows rows = {0};
    Id below = before ? before : INT64_MAX;
    if (!dossier_of_account(conn, arena, tenant, account, party, below, most, &rows, err))
        return false;
    list_each (DossierOfAccountRow, row, &rows) {
        OwnDossier own = {.id = row->id,
                          .party = row->party,
                          .item_definition = row->item_definition,
                          .answers = row->answers,
                          .number = row->number,
                          .item_name = {row->item_name, row->item_name_en},
                          .state = row->state,
                          .stage = row->stage,
                          .step = {row->step, row->step_en},
                          .filed_at = row->filed_at,
                          .completed_at = row->completed_at,
                          .due_on = row->due_on,
                          .provisional_from = row->provisional_from,
                          .waits_for = row->waits_for,
                          .ground = row->ground,
                          .is_rated = row->rated > 0};
        list_add(arena, out, own);
    }
    return true;
}

bool store_known(DbConn *conn, Arena *arena, Id tenant, Id party, Id account, int most,
                 KnownDossiers *out, Error *err)
{
    DossierKnownRows rows = {0};
    if (!dossier_known(conn, arena, tenant, party, account, most, &rows, err))
        return false;
    list_each (DossierKnownRow, row, &rows)
        list_add(arena, out,
                 ((KnownDossier){.id = row->id,
                                 .form_definition = row->form_definition,
                                 .answers = row->answers,
                                 .item_name = {row->item_name, row->item_name_en},
                                 .filed_at = row->filed_at}));
    return true;
}

bool store_unit_may_see(DbConn *conn, Arena *arena, Id tenant, Id unit, Id dossier, bool *out,
                        Error *err)
{
    DossierUnitMaySeeRow row;
    if (!dossier_unit_may_see(conn, arena, tenant, unit, dossier, &row, err))
        return false;
    *out = row.count > 0;
    return true;
}

const char *store_answers(App *app, Arena *arena, const Dossier *dossier, Error *err)
{
    return keyring_unseal(app->keys, arena, place_of(app, "dossier", "answers", dossier->id),
                          dossier->answers, err);
}

DbBytes store_seal_answers(App *app, Arena *arena, Id dossier, const char *json)
{
    return keyring_seal(app->keys, arena, place_of(app, "dossier", "answers", dossier), json);
}

/* ---- materials ------------------------------------------------------------------------------- */

bool store_add_material(Tx *tx, App *app, Id dossier, const ItemMaterial *material, bool is_brought,
                        Error *err)
{
    return material_insert(tx_conn(tx),
                           &(MaterialInsertParams){.tenant = app->tenant,
                                                   .dossier = dossier,
                                                   .code = material->code,
                                                   .name = material->name.zh,
                                                   .name_en = material->name.en,
                                                   .is_required = material->is_required,
                                                   .is_brought = is_brought,
                                                   .place = material->place},
                           NULL, err);
}

bool store_materials(DbConn *conn, Arena *arena, Id tenant, Id dossier, MaterialStates *out,
                     Error *err)
{
    MaterialListRows rows = {0};
    if (!material_list(conn, arena, tenant, dossier, &rows, err))
        return false;
    list_each (MaterialListRow, row, &rows) {
        MaterialState state = {.code = row->code,
                               .name = {row->name, row->name_en},
                               .is_required = row->is_required,
                               .is_brought = row->is_brought,
                               .seen_by = row->seen_by,
                               .seen_at = row->seen_at};
        list_add(arena, out, state);
    }
    return true;
}

bool store_see_material(Tx *tx, App *app, Id dossier, const char *code, Id officer, Error *err)
{
    return material_seen(tx_conn(tx), app->tenant, dossier, code, officer, tx_now(tx), NULL, err);
}

/* ---- clock ----------------------------------------------------------------------------------- */

static Limit limit_of(int64_t amount, const char *unit)
{
    Limit limit = {.amount = (int32_t)amount, .unit = LIMIT_WORKING_DAYS};
    limit_unit_parse(unit, &limit.unit);
    return limit;
}

bool store_add_clock(Tx *tx, App *app, const ClockRow *row, Error *err)
{
    return clock_insert(tx_conn(tx),
                        &(ClockInsertParams){.tenant = app->tenant,
                                             .dossier = row->dossier,
                                             .limit_amount = row->limit.amount,
                                             .limit_unit = limit_unit_name(row->limit.unit),
                                             .started_at = row->started_at,
                                             .due_at = row->due_at,
                                             .due_on = row->due_on,
                                             .provisional_from = row->provisional_from,
                                             .stopped_at = row->stopped_at,
                                             .ground = row->ground,
                                             .runs_again_at = row->runs_again_at},
                        NULL, err);
}

bool store_clock(DbConn *conn, Arena *arena, Id tenant, Id dossier, ClockRow *out, bool *out_found,
                 Error *err)
{
    ClockGetRow row = {0};
    if (!clock_get(conn, arena, tenant, dossier, &row, out_found, err))
        return false;
    if (*out_found)
        *out = (ClockRow){.dossier = dossier,
                          .limit = limit_of(row.limit_amount, row.limit_unit),
                          .extension = row.extension,
                          .started_at = row.started_at,
                          .due_at = row.due_at,
                          .due_on = row.due_on,
                          .provisional_from = row.provisional_from,
                          .stopped_at = row.stopped_at,
                          .ground = row.ground,
                          .runs_again_at = row.runs_again_at};
    return true;
}

bool store_stop_clock(Tx *tx, App *app, Id dossier, Error *err)
{
    return clock_stop(tx_conn(tx), app->tenant, dossier, tx_now(tx), NULL, err);
}

bool store_move_clock(Tx *tx, App *app, const ClockRow *row, Error *err)
{
    return clock_move(tx_conn(tx),
                      &(ClockMoveParams){.tenant = app->tenant,
                                         .dossier = row->dossier,
                                         .extension = row->extension,
                                         .due_at = row->due_at,
                                         .due_on = row->due_on,
                                         .provisional_from = row->provisional_from,
                                         .ground = row->ground,
                                         .runs_again_at = row->runs_again_at},
                      NULL, err);
}

bool store_move_tasks(Tx *tx, App *app, Id dossier, Instant before, Instant after, Error *err)
{
    return task_due(tx_conn(tx), app->tenant, dossier, before, after, NULL, err);
}

bool store_running_clocks(DbConn *conn, Arena *arena, Id tenant, Id after, Instant since, int most,
                          ClockRows *out, Error *err)
{
    ClockRunningRows rows = {0};
    if (!clock_running(conn, arena, tenant, after, since, most, &rows, err))
        return false;
    list_each (ClockRunningRow, row, &rows) {
        ClockRow one = {.dossier = row->dossier,
                        .limit = limit_of(row->limit_amount, row->limit_unit),
                        .extension = row->extension,
                        .started_at = row->started_at,
                        .due_at = row->due_at,
                        .due_on = row->due_on,
                        .provisional_from = row->provisional_from,
                        .stopped_at = INSTANT_NONE,
                        .ground = row->ground,
                        .runs_again_at = row->runs_again_at,
                        .has_spans = row->spans > 0};
        list_add(arena, out, one);
    }
    return true;
}

/* ---- certificate, rating --------------------------------------------------------------------- */

/* Of one series and year; as a text it is the key under which a batch shares what it has drawn. */
typedef struct SeriesKey {
    Id tenant;
    int64_t year;
    const char *series;
} SeriesKey;

static bool series_key_read(Tx *tx, const char *key, SeriesKey *out, Error *err)
{
    const char **parts;
    if (text_split(tx_arena(tx), key, '\x1f', &parts) == 3 &&
        text_to_int64(parts[0], &out->tenant) && text_to_int64(parts[1], &out->year)) {
        out->series = parts[2];
        return true;
    }
    return error_set(err, ERROR_INTERNAL, .code = "db.failed", .detail = "a series' key");
}

static bool draw_numbers(Tx *tx, const char *key, int64_t most, int64_t *out_last, Error *err)
{
    SeriesKey of = {0};
    SeriesDrawRow row;
    if (!series_key_read(tx, key, &of, err) ||
        !series_draw(tx_conn(tx), tx_arena(tx), of.tenant, of.series, of.year, most, &row, err))
        return false;
    *out_last = row.last;
    return true;
}

static bool give_numbers_back(Tx *tx, const char *key, int64_t unused, Error *err)
{
    SeriesKey of = {0};
    return series_key_read(tx, key, &of, err) &&
           series_give_back(tx_conn(tx), of.tenant, of.series, of.year, unused, NULL, err);
}

bool store_draw_number(Tx *tx, App *app, const char *series, int year, int64_t *out, Error *err)
{
    static const NumberSource source = {.draw = draw_numbers, .give_back = give_numbers_back};
    const char *key =
        arena_printf(tx_arena(tx), "%lld\x1f%d\x1f%s", (long long)app->tenant, year, series);
    return tx_draw(tx, &source, key, out, err);
}

bool store_add_certificate(Tx *tx, App *app, const Certificate *certificate, Error *err)
{
    SealPlace place = place_of(app, "certificate", "content", certificate->id);
    return certificate_insert(
        tx_conn(tx),
        &(CertificateInsertParams){
            .tenant = app->tenant,
            .id = certificate->id,
            .dossier = certificate->dossier,
            .part = certificate->part,
            .code = certificate->code,
            .unit = certificate->unit,
            .number = certificate->number,
            .title = certificate->title.zh,
            .title_en = certificate->title.en,
            .template = certificate->template,
            .content = keyring_seal(app->keys, tx_arena(tx), place, certificate->content),
            .issued_at = certificate->issued_at},
        NULL, err);
}

static bool open_certificate(App *app, Arena *arena, const CertificateRow *row, Certificate *out,
                             Error *err)
{
    SealPlace place = place_of(app, "certificate", "content", row->id);
    *out = (Certificate){.id = row->id,
                         .dossier = row->dossier,
                         .part = row->part,
                         .code = row->code,
                         .unit = row->unit,
                         .number = row->number,
                         .title = {row->title, row->title_en},
                         .template = row->template,
                         .issued_at = row->issued_at,
                         .served_at = row->served_at};
    out->content = keyring_unseal(app->keys, arena, place, row->content, err);
    return out->content != NULL;
}

bool store_certificates(DbConn *conn, App *app, Arena *arena, Id dossier, Certificates *out,
                        Error *err)
{
    CertificateRows rows = {0};
    if (!certificate_of_dossier(conn, arena, app->tenant, dossier, &rows, err))
        return false;
    list_each (CertificateRow, row, &rows) {
        Certificate one;
        if (!open_certificate(app, arena, row, &one, err))
            return false;
        list_add(arena, out, one);
    }
    return true;
}

bool store_certificate(DbConn *conn, App *app, Arena *arena, Id dossier, const char *part,
                       Certificate *out, bool *out_found, Error *err)
{
    Certificates all = {0};
    *out_found = false;
    if (!store_certificates(conn, app, arena, dossier, &all, err))
        return false;
    list_each (Certificate, one, &all)
        if (!*out_found && (!part || text_equal(one->part, part))) {
            *out = *one;
            *out_found = true;
        }
    return true;
}

bool store_certificate_of_code(DbConn *conn, App *app, Arena *arena, const char *code,
                               Certificate *out, bool *out_found, Error *err)
{
    CertificateRow row = {0};
    return certificate_of_code(conn, arena, app->tenant, code, &row, out_found, err) &&
           (!*out_found || open_certificate(app, arena, &row, out, err));
}

bool store_serve_certificate(Tx *tx, App *app, Id certificate, bool *out_first, Error *err)
{
    int64_t changed;
    if (!certificate_serve(tx_conn(tx), app->tenant, certificate, tx_now(tx), &changed, err))
        return false;
    *out_first = changed > 0;
    return true;
}

bool store_add_rating(Tx *tx, App *app, Id dossier, const Rating *rating, Error *err)
{
    return rating_insert(tx_conn(tx), app->tenant, dossier, rating->grade, rating->scale,
                         rating->comment, rating->rated_at, NULL, err);
}

bool store_rating(DbConn *conn, Arena *arena, Id tenant, Id dossier, Rating *out, bool *out_found,
                  Error *err)
{
    RatingGetRow row = {0};
    if (!rating_get(conn, arena, tenant, dossier, &row, out_found, err))
        return false;
    *out = (Rating){
        .grade = row.grade, .scale = row.scale, .comment = row.comment, .rated_at = row.rated_at};
    return true;
}

/* ---- row scope ------------------------------------------------------------------------------- */

bool store_has_access(Tx *tx, Id tenant, Id unit, Id dossier, bool *out, Error *err)
{
    AccessHasRow row;
    if (!access_has(tx_conn(tx), tx_arena(tx), tenant, unit, dossier, &row, err))
        return false;
    *out = row.count > 0;
    return true;
}

bool store_add_access(Tx *tx, Id tenant, Id unit, Instant due_at, Id dossier, Error *err)
{
    return access_put(tx_conn(tx), tenant, unit, due_at, dossier, NULL, err);
}

bool store_access_due(Tx *tx, Id tenant, Id dossier, Instant *out, bool *out_found, Error *err)
{
    AccessCurrentDueRow row = {0};
    if (!access_current_due(tx_conn(tx), tx_arena(tx), tenant, dossier, &row, out_found, err))
        return false;
    *out = row.due_at;
    return true;
}

bool store_move_access(Tx *tx, Id tenant, Id dossier, Instant due_at, Error *err)
{
    return access_due(tx_conn(tx), tenant, dossier, due_at, NULL, err);
}

bool store_clear_access(Tx *tx, Error *err)
{
    return access_clear(tx_conn(tx), NULL, err);
}
