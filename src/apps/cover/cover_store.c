/* cover_store.c - rows of posts and absences. */
#include "apps/cover/cover_store.h"

#include "apps/cover/cover_sql.h"

/* ---- posts ----------------------------------------------------------------------------------- */

bool store_posts(DbConn *conn, Arena *arena, Id tenant, Id unit, Posts *out, Error *err)
{
    CoverPostsRows rows = {0};
    if (!cover_posts(conn, arena, tenant, unit, &rows, err))
        return false;
    list_each (CoverPostsRow, row, &rows) {
        Post post = {.id = row->id,
                     .unit = row->unit,
                     .code = row->code,
                     .name = row->name,
                     .name_en = row->name_en,
                     .a = row->holder_a,
                     .b = row->holder_b};
        list_add(arena, out, post);
    }
    return true;
}

bool store_post(DbConn *conn, Arena *arena, Id tenant, Id id, Post *out, Error *err)
{
    CoverPostGetRow row = {0};
    bool is_found;
    if (!cover_post_get(conn, arena, tenant, id, &row, &is_found, err))
        return false;
    *out = (Post){.id = row.id,
                  .unit = row.unit,
                  .code = row.code,
                  .name = row.name,
                  .name_en = row.name_en,
                  .a = row.holder_a,
                  .b = row.holder_b};
    return is_found || error_set(err, ERROR_NOT_FOUND, .code = "post.unknown");
}

bool store_hold_post(Tx *tx, Id tenant, const Post *post, Error *err)
{
    return cover_post_hold(tx_conn(tx), tenant, post->id, post->a, post->b, NULL, err);
}

bool store_staff(DbConn *conn, Arena *arena, Id tenant, Id unit, StaffList *out, Error *err)
{
    CoverStaffRows rows = {0};
    if (!cover_staff(conn, arena, tenant, unit, &rows, err))
        return false;
    list_each (CoverStaffRow, row, &rows) {
        Staff one = {
            .id = row->id, .login = row->login, .name = row->name, .name_en = row->name_en};
        list_add(arena, out, one);
    }
    return true;
}

/* ---- absences -------------------------------------------------------------------------------- */

bool store_add_absence(Tx *tx, Id tenant, const Absence *absence, Error *err)
{
    return absence_insert(tx_conn(tx),
                          &(AbsenceInsertParams){.tenant = tenant,
                                                 .id = absence->id,
                                                 .officer = absence->officer,
                                                 .unit = absence->unit,
                                                 .from_on = absence->from,
                                                 .to_on = absence->to,
                                                 .reason = absence->reason,
                                                 .noted_by = absence->noted_by,
                                                 .noted_at = tx_now(tx)},
                          NULL, err);
}

bool store_end_absence(Tx *tx, Id tenant, const Absence *absence, Id by, Error *err)
{
    return absence_end(tx_conn(tx), tenant, absence->id, absence->to, by, tx_now(tx), NULL, err);
}

static Absence absence_of(const AbsenceRow *row)
{
    return (Absence){.id = row->id,
                     .officer = row->officer,
                     .unit = row->unit,
                     .from = row->from_on,
                     .to = row->to_on,
                     .reason = row->reason,
                     .noted_by = row->noted_by,
                     .is_ended = row->ended_at != INSTANT_NONE};
}

bool store_absence(DbConn *conn, Arena *arena, Id tenant, Id id, Absence *out, Error *err)
{
    AbsenceRow row = {0};
    bool is_found;
    if (!absence_get(conn, arena, tenant, id, &row, &is_found, err))
        return false;
    *out = absence_of(&row);
    return is_found || error_set(err, ERROR_NOT_FOUND, .code = "absence.unknown");
}

static void take(Arena *arena, const AbsenceRows *rows, Absences *out)
{
    list_each (AbsenceRow, row, rows)
        list_add(arena, out, absence_of(row));
}

bool store_absences(DbConn *conn, Arena *arena, Id tenant, Id unit, Date day, int most,
                    Absences *out, Error *err)
{
    AbsenceRows rows = {0};
    bool is_read = unit ? absence_of_unit(conn, arena, tenant, unit, day, most, &rows, err)
                        : absence_of_all(conn, arena, tenant, day, most, &rows, err);
    if (!is_read)
        return false;
    take(arena, &rows, out);
    return true;
}

bool store_absences_of(DbConn *conn, Arena *arena, Id tenant, Id officer, Date day, Absences *out,
                       Error *err)
{
    AbsenceRows rows = {0};
    if (!absence_of_officer(conn, arena, tenant, officer, day, &rows, err))
        return false;
    take(arena, &rows, out);
    return true;
}

/* ---- who acts for whom ----------------------------------------------------------------------- */

/* Who shares two posts comes twice. */
static void add_covered(Arena *arena, CoveredList *list, const CoverAbsentRow *row)
{
    list_each (Covered, one, list)
        if (one->officer == row->officer)
            return;
    list_add(arena, list, ((Covered){.officer = row->officer, .until = row->to_on}));
}

bool cover_absent_of(DbConn *conn, Arena *arena, Id tenant, Id officer, Date day, CoveredList *out,
                     Error *err)
{
    CoverAbsentRows rows = {0};
    if (!cover_absent(conn, arena, tenant, officer, day, &rows, err))
        return false;
    list_each (CoverAbsentRow, row, &rows)
        add_covered(arena, out, row);
    return true;
}

bool cover_acts_for(DbConn *conn, Arena *arena, Id tenant, Id officer, Id absent, Date day,
                    bool *out, Date *out_until, Error *err)
{
    CoveredList all = {0};
    *out = false;
    if (!cover_absent_of(conn, arena, tenant, officer, day, &all, err))
        return false;
    list_each (Covered, one, &all)
        if (one->officer == absent) {
            *out = true;
            if (out_until)
                *out_until = one->until;
        }
    return true;
}
