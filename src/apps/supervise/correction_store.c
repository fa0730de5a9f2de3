/* correction_store.c - rows of warnings and notices. */
#include "apps/supervise/correction_store.h"

#include "apps/supervise/correction_sql.h"

/* ---- warnings -------------------------------------------------------------------------------- */

bool store_put_warning(Tx *tx, Id tenant, Id id, const Warning *warning, Error *err)
{
    WarningPutParams params = {.tenant = tenant,
                               .id = id,
                               .dossier = warning->dossier,
                               .kind = warning->kind,
                               .unit = warning->unit,
                               .officer = warning->officer,
                               .due_at = warning->due_at,
                               .raised_at = warning->raised_at};
    return warning_put(tx_conn(tx), &params, NULL, err);
}

bool store_clear_warnings(Tx *tx, Error *err)
{
    return warning_clear(tx_conn(tx), NULL, err);
}

bool store_unwarned(DbConn *conn, Arena *arena, Id tenant, const UnwarnedQuery *query,
                    Warnings *out, Error *err)
{
    WarningMissingRows rows = {0};
    if (!warning_missing(conn, arena, tenant, query->kind, query->now, query->from, query->before,
                         query->most, &rows, err))
        return false;
    list_each (WarningMissingRow, row, &rows)
        list_add(arena, out,
                 ((Warning){.dossier = row->dossier,
                            .number = row->number,
                            .kind = query->kind,
                            .unit = row->step_unit ? row->step_unit : row->unit,
                            .officer = row->officer,
                            .due_at = row->due_at}));
    return true;
}

bool store_unserved(DbConn *conn, Arena *arena, Id tenant, const char *kind, Instant from,
                    Instant before, int most, Warnings *out, Error *err)
{
    WarningUnservedRows rows = {0};
    if (!warning_unserved(conn, arena, tenant, kind, from, before, most, &rows, err))
        return false;
    list_each (WarningUnservedRow, row, &rows)
        list_add(arena, out,
                 ((Warning){.dossier = row->dossier,
                            .number = row->number,
                            .kind = kind,
                            .unit = row->unit,
                            .due_at = row->due_at}));
    return true;
}

static void take_warnings(Arena *arena, const WarningRows *rows, Warnings *out)
{
    list_each (WarningRow, row, rows)
        list_add(arena, out,
                 ((Warning){.number = row->number,
                            .item_name = {row->item_name, row->item_name_en},
                            .kind = row->kind,
                            .unit = row->unit,
                            .officer = row->officer,
                            .due_at = row->due_at,
                            .raised_at = row->raised_at}));
}

bool store_warnings(DbConn *conn, Arena *arena, Id tenant, Id unit, int most, Warnings *out,
                    Error *err)
{
    WarningRows rows = {0};
    if (!warning_of_unit(conn, arena, tenant, unit, most, &rows, err))
        return false;
    take_warnings(arena, &rows, out);
    return true;
}

bool store_silent_warnings(DbConn *conn, Arena *arena, Id tenant, Instant since, int most,
                           Warnings *out, Error *err)
{
    WarningRows rows = {0};
    if (!warning_silent(conn, arena, tenant, since, most, &rows, err))
        return false;
    take_warnings(arena, &rows, out);
    return true;
}

bool store_service_warnings(DbConn *conn, Arena *arena, Id tenant, Id unit, Instant before,
                            int most, Warnings *out, Error *err)
{
    WarningRows rows = {0};
    if (!warning_service(conn, arena, tenant, unit, before, most, &rows, err))
        return false;
    take_warnings(arena, &rows, out);
    return true;
}

/* ---- notices --------------------------------------------------------------------------------- */

bool store_add_correction(Tx *tx, Id tenant, const Correction *row, Error *err)
{
    CorrectionInsertParams params = {.tenant = tenant,
                                     .id = row->id,
                                     .dossier = row->dossier,
                                     .number = row->number,
                                     .unit = row->unit,
                                     .ground = row->ground,
                                     .sent_at = row->sent_at,
                                     .reply_due_at = row->reply_due_at};
    return correction_insert(tx_conn(tx), &params, NULL, err);
}

bool store_move_correction(Tx *tx, Id tenant, const Correction *row, const char *before,
                           bool *out_moved, Error *err)
{
    int64_t changed;
    bool is_run = correction_move(tx_conn(tx), tenant, row->id, before, row->state,
                                  row->reply_due_at, row->closed_at, &changed, err);
    *out_moved = is_run && changed == 1;
    return is_run;
}

bool store_add_act(Tx *tx, Id tenant, Id correction, const CorrectionAct *act, Error *err)
{
    CorrectionActInsertParams params = {.tenant = tenant,
                                        .id = tx_new_id(tx),
                                        .correction = correction,
                                        .kind = act->kind,
                                        .officer = act->officer,
                                        .at = act->at,
                                        .words = act->text};
    return correction_act_insert(tx_conn(tx), &params, NULL, err);
}

bool store_acts(DbConn *conn, Arena *arena, Id tenant, Id correction, CorrectionActs *out,
                Error *err)
{
    CorrectionActsRows rows = {0};
    if (!correction_acts(conn, arena, tenant, correction, &rows, err))
        return false;
    list_each (CorrectionActsRow, row, &rows)
        list_add(
            arena, out,
            ((CorrectionAct){
                .kind = row->kind, .officer = row->officer, .at = row->at, .text = row->words}));
    return true;
}

static Correction correction_of(const CorrectionFindRow *row)
{
    return (Correction){.id = row->id,
                        .dossier = row->dossier,
                        .number = row->number,
                        .unit = row->unit,
                        .ground = row->ground,
                        .state = row->state,
                        .sent_at = row->sent_at,
                        .reply_due_at = row->reply_due_at,
                        .closed_at = row->closed_at};
}

bool store_correction(DbConn *conn, Arena *arena, Id tenant, Id id, Id unit, Correction *out,
                      Error *err)
{
    CorrectionFindRow row;
    bool is_found;
    if (!correction_find(conn, arena, tenant, id, unit, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "correction.unknown");
    *out = correction_of(&row);
    return true;
}

static void take_rows(Arena *arena, const CorrectionFindRows *rows, Corrections *out)
{
    list_each (CorrectionFindRow, row, rows)
        list_add(arena, out, correction_of(row));
}

bool store_corrections(DbConn *conn, Arena *arena, Id tenant, const CorrectionQuery *query,
                       Corrections *out, Error *err)
{
    CorrectionFindRows rows = {0};
    Id after = query->after ? query->after : INT64_MAX;
    bool is_read =
        query->unit
            ? correction_page_of_unit(conn, arena, tenant, query->unit, query->state, after,
                                      query->most, &rows, err)
            : correction_page(conn, arena, tenant, query->state, after, query->most, &rows, err);
    take_rows(arena, &rows, out);
    return is_read;
}

bool store_corrections_of(DbConn *conn, Arena *arena, Id tenant, Id dossier, Corrections *out,
                          Error *err)
{
    CorrectionFindRows rows = {0};
    bool is_read = correction_of_dossier(conn, arena, tenant, dossier, &rows, err);
    take_rows(arena, &rows, out);
    return is_read;
}

/* ---- what waits ------------------------------------------------------------------------------ */

bool store_waiting(DbConn *conn, Arena *arena, Id tenant, Id unit, Id officer, Instant before,
                   Waiting *out, Error *err)
{
    WarningCountRow warned;
    CorrectionCountsRow all = {0};
    CorrectionCountOfUnitRow own = {0};
    if (!warning_count(conn, arena, tenant, unit, officer, before, &warned, err))
        return false;
    if (unit ? !correction_count_of_unit(conn, arena, tenant, unit, &own, err)
             : !correction_counts(conn, arena, tenant, &all, err))
        return false;
    *out = (Waiting){
        .warnings = warned.count, .notices = unit ? own.count : all.sent, .replied = all.replied};
    return true;
}
