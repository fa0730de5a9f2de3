/*
 * lease.c - who may work, told by one row and a number that only grows.
 *
 *     take: read the row -> free, expired or ours? -> write it with the next fence
 *     keep, release: write the row where owner and fence are still ours
 *
 * Each write names the fence it expects, so it is right whatever isolation the Tx has.
 */
#include "db/lease.h"

#include "base/text.h"
#include "lease_sql.h"

static bool held(Error *err)
{
    return error_set(err, ERROR_CONFLICT, .code = "lease.held");
}

bool lease_take(Tx *tx, const char *name, const char *owner, int64_t duration_ms, Lease *out,
                Error *err)
{
    LeaseFindRow row;
    bool is_found;
    if (!lease_find(tx_conn(tx), tx_arena(tx), name, &row, &is_found, err))
        return false;
    if (is_found && !text_equal(row.owner, owner) && row.expires_at > tx_now(tx))
        return held(err);
    *out = (Lease){
        .name = name,
        .owner = owner,
        .fence = is_found ? row.fence + 1 : 1,
        .expires_at = tx_now(tx) + duration_ms,
    };
    int64_t changed;
    bool is_written =
        is_found
            ? lease_pass(tx_conn(tx), name, owner, out->fence, out->expires_at, &changed, err)
            : lease_create(tx_conn(tx), name, owner, out->fence, out->expires_at, &changed, err);
    if (!is_written)
        return false;
    return changed == 1 || held(err);
}

bool lease_keep(Tx *tx, Lease *lease, int64_t duration_ms, Error *err)
{
    Instant end = tx_now(tx) + duration_ms;
    int64_t changed;
    if (!lease_extend(tx_conn(tx), lease->name, lease->owner, lease->fence, end, &changed, err))
        return false;
    if (changed != 1)
        return error_set(err, ERROR_CONFLICT, .code = "lease.lost");
    lease->expires_at = end;
    return true;
}

bool lease_release(Tx *tx, const Lease *lease, Error *err)
{
    return lease_extend(tx_conn(tx), lease->name, lease->owner, lease->fence, 0, NULL, err);
}
