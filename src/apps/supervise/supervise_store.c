/* supervise_store.c - the only code of this capability that knows columns. */
#include "apps/supervise/supervise_store.h"

#include "apps/supervise/supervise_sql.h"

/* ---- writing --------------------------------------------------------------------------------- */

bool store_supervised_insert(Tx *tx, Id tenant, const Supervised *row, Error *err)
{
    SupervisedInsertParams params = {.tenant = tenant,
                                     .dossier = row->dossier,
                                     .number = row->number,
                                     .item_code = row->item_code,
                                     .item_name = row->item_name,
                                     .item_name_en = row->item_name_en,
                                     .kind = row->kind,
                                     .unit = row->unit,
                                     .state = row->state,
                                     .stage = row->stage,
                                     .step = row->step,
                                     .step_en = row->step_en,
                                     .step_unit = row->step_unit,
                                     .officer = row->officer,
                                     .since = row->since,
                                     .due_at = row->due_at,
                                     .is_provisional = row->is_provisional,
                                     .has_incident = row->has_incident,
                                     .is_open = row->is_open,
                                     .filed_at = row->filed_at,
                                     .accepted_at = row->accepted_at,
                                     .completed_at = row->completed_at,
                                     .used_millidays = row->used_millidays,
                                     .statutory_limit = row->statutory_limit,
                                     .promised_limit = row->promised_limit,
                                     .limit_unit = row->limit_unit,
                                     .stop_ground = row->stop_ground,
                                     .waits_for = row->waits_for,
                                     .open_parts = row->open_parts,
                                     .last_entry = row->last_entry};
    return supervised_insert(tx_conn(tx), &params, NULL, err);
}

bool store_supervised_update(Tx *tx, Id tenant, const Supervised *row, Error *err)
{
    SupervisedUpdateParams params = {.tenant = tenant,
                                     .dossier = row->dossier,
                                     .unit = row->unit,
                                     .state = row->state,
                                     .stage = row->stage,
                                     .step = row->step,
                                     .step_en = row->step_en,
                                     .step_unit = row->step_unit,
                                     .officer = row->officer,
                                     .since = row->since,
                                     .due_at = row->due_at,
                                     .is_provisional = row->is_provisional,
                                     .has_incident = row->has_incident,
                                     .is_open = row->is_open,
                                     .accepted_at = row->accepted_at,
                                     .completed_at = row->completed_at,
                                     .used_millidays = row->used_millidays,
                                     .statutory_limit = row->statutory_limit,
                                     .promised_limit = row->promised_limit,
                                     .limit_unit = row->limit_unit,
                                     .stop_ground = row->stop_ground,
                                     .waits_for = row->waits_for,
                                     .open_parts = row->open_parts,
                                     .last_entry = row->last_entry};
    return supervised_update(tx_conn(tx), &params, NULL, err);
}

bool store_supervised_touch(Tx *tx, Id tenant, Id dossier, Id entry, Error *err)
{
    return supervised_touch(tx_conn(tx), tenant, dossier, entry, NULL, err);
}

bool store_supervised_rate(Tx *tx, Id tenant, const Supervised *row, Error *err)
{
    return supervised_rate(tx_conn(tx), tenant, row->dossier, row->rated_at, row->grade, row->scale,
                           row->last_entry, NULL, err);
}

bool store_supervised_clear(Tx *tx, Error *err)
{
    return supervised_clear(tx_conn(tx), NULL, err);
}

/* ---- reading --------------------------------------------------------------------------------- */

static Supervised supervised_of(const SupervisedRow *row)
{
    return (Supervised){.dossier = row->dossier,
                        .number = row->number,
                        .item_code = row->item_code,
                        .item_name = row->item_name,
                        .item_name_en = row->item_name_en,
                        .kind = row->kind,
                        .unit = row->unit,
                        .state = row->state,
                        .stage = row->stage,
                        .step = row->step,
                        .step_en = row->step_en,
                        .step_unit = row->step_unit,
                        .officer = row->officer,
                        .since = row->since,
                        .due_at = row->due_at,
                        .is_provisional = row->is_provisional,
                        .has_incident = row->has_incident,
                        .is_open = row->is_open,
                        .filed_at = row->filed_at,
                        .accepted_at = row->accepted_at,
                        .completed_at = row->completed_at,
                        .used_millidays = row->used_millidays,
                        .statutory_limit = row->statutory_limit,
                        .promised_limit = row->promised_limit,
                        .limit_unit = row->limit_unit,
                        .stop_ground = row->stop_ground,
                        .waits_for = row->waits_for,
                        .rated_at = row->rated_at,
                        .grade = row->grade,
                        .scale = row->scale,
                        .open_parts = row->open_parts,
                        .last_entry = row->last_entry};
}

static void take_rows(Arena *arena, const SupervisedRows *rows, SupervisedList *out)
{
    out->items = arena_array(arena, Supervised, rows->count);
    out->count = out->capacity = rows->count;
    for (size_t i = 0; i < rows->count; i++)
        out->items[i] = supervised_of(&rows->items[i]);
}

bool store_supervised_get(DbConn *conn, Arena *arena, Id tenant, Id dossier, Supervised *out,
                          bool *out_found, Error *err)
{
    SupervisedRow row = {0};
    if (!supervised_get(conn, arena, tenant, dossier, &row, out_found, err))
        return false;
    *out = supervised_of(&row);
    return true;
}

static bool read_stage(DbConn *conn, Arena *arena, Id tenant, const SupervisedOpenQuery *query,
                       SupervisedRows *out, Error *err)
{
    SupervisedStagePageParams params = {.tenant = tenant,
                                        .stage = query->stage,
                                        .due_from = query->due_from,
                                        .due_before = query->due_before,
                                        .incident = query->has_incident,
                                        .running = query->is_running,
                                        .accepted_from = query->accepted_from,
                                        .accepted_before = query->accepted_before,
                                        .due_after = query->after.at,
                                        .dossier_after = query->after.dossier,
                                        .most = query->most};
    return supervised_stage_page(conn, arena, &params, out, err);
}

static bool read_open(DbConn *conn, Arena *arena, Id tenant, const SupervisedOpenQuery *query,
                      SupervisedRows *out, Error *err)
{
    SupervisedOpenPageParams params = {.tenant = tenant,
                                       .due_from = query->due_from,
                                       .due_before = query->due_before,
                                       .incident = query->has_incident,
                                       .running = query->is_running,
                                       .accepted_from = query->accepted_from,
                                       .accepted_before = query->accepted_before,
                                       .due_after = query->after.at,
                                       .dossier_after = query->after.dossier,
                                       .most = query->most};
    return supervised_open_page(conn, arena, &params, out, err);
}

bool store_supervised_open(DbConn *conn, Arena *arena, Id tenant, const SupervisedOpenQuery *query,
                           SupervisedList *out, Error *err)
{
    SupervisedRows rows = {0};
    if (!(query->stage ? read_stage(conn, arena, tenant, query, &rows, err)
                       : read_open(conn, arena, tenant, query, &rows, err)))
        return false;
    take_rows(arena, &rows, out);
    return true;
}

bool store_supervised_completed(DbConn *conn, Arena *arena, Id tenant,
                                const SupervisedPastQuery *query, SupervisedList *out, Error *err)
{
    SupervisedRows rows = {0};
    SupervisedCompletedPageParams params = {.tenant = tenant,
                                            .completed_from = query->from,
                                            .completed_before = query->before,
                                            .ended = query->ended,
                                            .spot = query->spot,
                                            .timing = query->timing,
                                            .limited = query->is_limited,
                                            .completed_after = query->after.at,
                                            .dossier_after = query->after.dossier,
                                            .most = query->most};
    if (!supervised_completed_page(conn, arena, &params, &rows, err))
        return false;
    take_rows(arena, &rows, out);
    return true;
}

bool store_supervised_accepted(DbConn *conn, Arena *arena, Id tenant,
                               const SupervisedPastQuery *query, SupervisedList *out, Error *err)
{
    SupervisedRows rows = {0};
    if (!supervised_accepted_page(conn, arena, tenant, query->from, query->before, query->after.at,
                                  query->after.dossier, query->most, &rows, err))
        return false;
    take_rows(arena, &rows, out);
    return true;
}

bool store_supervised_rated(DbConn *conn, Arena *arena, Id tenant, const SupervisedPastQuery *query,
                            SupervisedList *out, Error *err)
{
    SupervisedRows rows = {0};
    SupervisedRatedPageParams params = {.tenant = tenant,
                                        .rated_from = query->from,
                                        .rated_before = query->before,
                                        .mood = query->mood,
                                        .rated_after = query->after.at,
                                        .dossier_after = query->after.dossier,
                                        .most = query->most};
    if (!supervised_rated_page(conn, arena, &params, &rows, err))
        return false;
    take_rows(arena, &rows, out);
    return true;
}

bool store_supervised_stages(DbConn *conn, Arena *arena, Id tenant, StageCounts *out, Error *err)
{
    SupervisedStagesRows rows = {0};
    if (!supervised_stages(conn, arena, tenant, &rows, err))
        return false;
    list_each (SupervisedStagesRow, row, &rows) {
        StageCount count = {.stage = row->stage, .open = row->open};
        list_add(arena, out, count);
    }
    return true;
}

bool store_supervised_counts(DbConn *conn, Id tenant, Instant now, Instant near_before,
                             Instant today, SupervisedCounts *out, Error *err)
{
    SupervisedCountsRow row;
    if (!supervised_counts(conn, NULL, tenant, now, near_before, today, &row, err))
        return false;
    *out = (SupervisedCounts){.open = row.open,
                              .near = row.near,
                              .over = row.over,
                              .incident = row.incident,
                              .completed = row.completed};
    return true;
}
