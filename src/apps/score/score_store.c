/* score_store.c - the only code of this capability that knows columns. */
#include "apps/score/score_store.h"

#include "apps/score/score_sql.h"

/* ---- the reader's rows ----------------------------------------------------------------------- */

bool store_score_add(Tx *tx, Id tenant, const ScoreEvent *event, Error *err)
{
    ScoreEventInsertParams params = {.tenant = tenant,
                                     .id = event->entry,
                                     .day = event->day,
                                     .kind = event->kind,
                                     .days = event->days,
                                     .unit = event->unit,
                                     .officer = event->officer,
                                     .dossier = event->dossier,
                                     .matter = event->matter,
                                     .number = event->number ? event->number : ""};
    return score_event_insert(tx_conn(tx), &params, NULL, err);
}

bool store_score_clear(Tx *tx, Error *err)
{
    return score_event_clear(tx_conn(tx), NULL, err);
}

bool store_score_handler(Tx *tx, Id tenant, Id dossier, Id *out, Error *err)
{
    ScoreEventHandlerRow row = {0};
    bool is_found;
    if (!score_event_handler(tx_conn(tx), tx_arena(tx), tenant, dossier, &row, &is_found, err))
        return false;
    *out = is_found ? row.officer : 0;
    return true;
}

/* ---- what pages ask -------------------------------------------------------------------------- */

bool store_score_counts(DbConn *conn, Arena *arena, Id tenant, Date from, Date to, ScoreScope scope,
                        ScoreCounts *out, Error *err)
{
    ScoreEventCountsRows rows = {0};
    if (!score_event_counts(conn, arena, tenant, from, to, scope.unit, scope.officer, &rows, err))
        return false;
    list_each (ScoreEventCountsRow, row, &rows) {
        ScoreCount count = {.unit = row->unit,
                            .officer = row->officer,
                            .kind = row->kind,
                            .days = row->days,
                            .count = row->count};
        list_add(arena, out, count);
    }
    return true;
}

static bool find_rows(DbConn *conn, Arena *arena, Id tenant, const ScoreQuery *query,
                      ScoreEventRows *out, Error *err)
{
    if (query->unit)
        return score_event_of_unit(conn, arena,
                                   &(ScoreEventOfUnitParams){.tenant = tenant,
                                                             .unit = query->unit,
                                                             .from_day = query->from,
                                                             .to_day = query->to,
                                                             .kind = query->kind,
                                                             .after = query->after,
                                                             .most = query->most},
                                   out, err);
    return score_event_of_officer(conn, arena,
                                  &(ScoreEventOfOfficerParams){.tenant = tenant,
                                                               .officer = query->officer,
                                                               .from_day = query->from,
                                                               .to_day = query->to,
                                                               .kind = query->kind,
                                                               .after = query->after,
                                                               .most = query->most},
                                  out, err);
}

bool store_score_events(DbConn *conn, Arena *arena, Id tenant, const ScoreQuery *query,
                        ScoreEvents *out, Error *err)
{
    ScoreEventRows rows = {0};
    if (!find_rows(conn, arena, tenant, query, &rows, err))
        return false;
    list_each (ScoreEventRow, row, &rows) {
        ScoreEvent event = {.entry = row->id,
                            .day = row->day,
                            .kind = row->kind,
                            .days = row->days,
                            .unit = row->unit,
                            .officer = row->officer,
                            .dossier = row->dossier,
                            .matter = row->matter,
                            .number = row->dossier ? row->number : row->own_number};
        list_add(arena, out, event);
    }
    return true;
}

/* Whether it gave a point in the scope, and its dossier's number. */
static bool find_point(DbConn *conn, Arena *arena, const JournalEntry *entry, ScoreScope scope,
                       bool *out_is_found, const char **out_number, Error *err)
{
    ScoreEntryNumberRow row = {0};
    Date day = instant_date(entry->at, SCORE_ZONE_MINUTES);
    if (!score_entry_number(conn, arena, entry->tenant, entry->id, day, scope.unit, scope.officer,
                            &row, out_is_found, err))
        return false;
    *out_number = row.number;
    return true;
}

bool store_score_entry(DbConn *conn, Arena *arena, Id tenant, Id entry, ScoreScope scope,
                       JournalEntry *out, const char **out_number, Error *err)
{
    ScoreEntryRow row = {0};
    bool is_found;
    if (!score_entry(conn, arena, tenant, entry, &row, &is_found, err))
        return false;
    *out = (JournalEntry){.tenant = tenant,
                          .id = row.id,
                          .kind = row.kind,
                          .at = row.at,
                          .actor_kind = row.actor_kind,
                          .actor = row.actor,
                          .unit = row.unit,
                          .subject = row.subject,
                          .position = row.position == INT_NONE ? 0 : row.position};
    if (is_found && !find_point(conn, arena, out, scope, &is_found, out_number, err))
        return false;
    return is_found || error_set(err, ERROR_NOT_FOUND, .code = "score.unknown_entry");
}

bool store_score_windows(DbConn *conn, Arena *arena, Id tenant, ScoreWindows *out, Error *err)
{
    ScoreWindowsRows rows = {0};
    if (!score_windows(conn, arena, tenant, &rows, err))
        return false;
    list_each (ScoreWindowsRow, row, &rows) {
        ScoreWindow one = {
            .id = row->id, .unit = row->unit, .name = row->name, .name_en = row->name_en};
        list_add(arena, out, one);
    }
    return true;
}

bool store_score_persons(DbConn *conn, Arena *arena, Id tenant, ScorePersons *out, Error *err)
{
    ScorePersonsRows rows = {0};
    if (!score_persons(conn, arena, tenant, &rows, err))
        return false;
    list_each (ScorePersonsRow, row, &rows) {
        ScorePerson one = {.id = row->id,
                           .unit = row->unit,
                           .window = row->hall_window,
                           .name = row->name,
                           .name_en = row->name_en};
        list_add(arena, out, one);
    }
    return true;
}
