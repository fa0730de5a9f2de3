/*
 * admin_rederive.c - after a change of the calendar: the job that derives running clocks again.
 *
 *     newest calendar definition, the one applied last -> dossier_rederive -> the newest is applied
 *
 * The mark is set only when every batch is done. A calendar that is published meanwhile has a newer
 * definition than the mark, so the job runs again; a clock that is derived twice does not move.
 */
#include "apps/admin/admin.h"
#include "apps/admin/admin_store.h"
#include "apps/dossier/dossier.h"
#include "service/calendars.h"

typedef struct Applying {
    App *app;
    CalendarApplied applied;
} Applying;

static bool set_mark(Tx *tx, void *data, Error *err)
{
    Applying *applying = data;
    applying->applied.applied_at = tx_now(tx);
    return store_apply(tx, applying->app->tenant, &applying->applied, err);
}

/* Another process on the same database may have published: then this one promised by an old table
 * meanwhile, and what it promised is derived again even if the mark is new. */
static bool is_due(App *app, Id *out_newest, bool *out_due, Error *err)
{
    CalendarApplied applied;
    bool was_old = false;
    DbConn *conn = db_reader(app->db, err);
    if (!conn)
        return false;
    bool is_read =
        calendars_refresh(app->calendars, conn, app->tenant, out_newest, &was_old, err) &&
        store_applied(conn, app->tenant, &applied, err);
    db_release(conn);
    *out_due = is_read && *out_newest && (was_old || applied.definition != *out_newest);
    return is_read;
}

bool admin_rederive(App *app, bool *out_more, Error *err)
{
    Applying applying = {.app = app};
    bool is_needed;
    int changed = 0;
    *out_more = false;
    if (!is_due(app, &applying.applied.definition, &is_needed, err))
        return false;
    if (!is_needed)
        return true;
    if (!dossier_rederive(app, &changed, err))
        return false;
    applying.applied.changed = changed;
    return db_write(app->db, NULL, set_mark, &applying, err);
}
