/* identity_second_store.c - the only code that knows the columns of second_factor and
 * recovery_code.
 */
#include "apps/identity/identity_second_store.h"

#include "apps/identity/identity_second_sql.h"

bool second_store_find(DbConn *conn, Arena *arena, Id tenant, Id officer, SecondFactor *out,
                       DbBytes *out_sealed, Error *err)
{
    SecondFactorFindRow row = {0};
    bool is_found;
    *out = (SecondFactor){.confirmed_at = INSTANT_NONE};
    if (!second_factor_find(conn, arena, tenant, officer, &row, &is_found, err))
        return false;
    if (!is_found)
        return true;
    *out = (SecondFactor){.is_pending = text_equal(row.state, "pending"),
                          .is_active = text_equal(row.state, "active"),
                          .login = row.login,
                          .last_step = row.last_step,
                          .codes_left = row.codes_left,
                          .confirmed_at = row.confirmed_at};
    *out_sealed = row.secret;
    return true;
}

bool second_store_begin(Tx *tx, Id tenant, Id officer, DbBytes sealed, Error *err)
{
    return second_factor_begin(tx_conn(tx), tenant, officer, sealed, tx_now(tx), NULL, err);
}

bool second_store_confirm(Tx *tx, Id tenant, Id officer, int64_t step, Error *err)
{
    return second_factor_confirm(tx_conn(tx), tenant, officer, step, tx_now(tx), NULL, err);
}

bool second_store_spend(Tx *tx, Id tenant, Id officer, int64_t step, Error *err)
{
    return second_factor_spend(tx_conn(tx), tenant, officer, step, NULL, err);
}

bool second_store_clear(Tx *tx, Id tenant, Id officer, Error *err)
{
    return second_factor_delete(tx_conn(tx), tenant, officer, NULL, err) &&
           recovery_codes_clear(tx_conn(tx), tenant, officer, NULL, err);
}

bool second_store_add_code(Tx *tx, Id tenant, Id officer, const char *hash, Error *err)
{
    return recovery_code_insert(tx_conn(tx), tenant, officer, hash, NULL, err);
}

bool second_store_code(Tx *tx, Id tenant, Id officer, const char *hash, bool *out_found,
                       bool *out_used, Error *err)
{
    RecoveryCodeFindRow row = {.used_at = INSTANT_NONE};
    if (!recovery_code_find(tx_conn(tx), tx_arena(tx), tenant, officer, hash, &row, out_found, err))
        return false;
    *out_used = *out_found && row.used_at != INSTANT_NONE;
    return true;
}

bool second_store_use_code(Tx *tx, Id tenant, Id officer, const char *hash, Error *err)
{
    return recovery_code_use(tx_conn(tx), tenant, officer, hash, tx_now(tx), NULL, err);
}
