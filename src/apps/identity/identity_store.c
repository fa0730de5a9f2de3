/* identity_store.c - the only code that knows the columns of sessions, officers and accounts. */
#include "apps/identity/identity_store.h"

#include "apps/identity/identity_sql.h"

/* ---- sessions -------------------------------------------------------------------------------- */

bool identity_store_session(DbConn *conn, Arena *arena, const char *token_hash, SessionRow *out,
                            bool *out_found, Error *err)
{
    SessionFindRow row = {0};
    if (!session_find(conn, arena, token_hash, &row, out_found, err))
        return false;
    bool is_officer = text_equal(row.user_kind, "officer");
    *out = (SessionRow){
        .tenant = row.tenant,
        .id = row.id,
        .is_officer = is_officer,
        .user = row.user_id,
        .expires_at = row.expires_at,
        .is_ended = row.ended_at != INSTANT_NONE,
        .is_active = text_equal(is_officer ? row.officer_state : row.account_state, "active"),
        .unit = row.unit,
        .party = row.party,
        .is_verified = text_equal(row.assurance, "verified"),
        .name = is_officer ? row.officer_name : row.party_name,
        .name_en = is_officer ? row.officer_name_en : row.party_name,
        .roles = row.roles};
    return true;
}

bool identity_store_add_session(Tx *tx, Id tenant, const char *token_hash, const char *kind,
                                Id user, Instant expires_at, Error *err)
{
    return session_insert(tx_conn(tx),
                          &(SessionInsertParams){.tenant = tenant,
                                                 .token = token_hash,
                                                 .id = tx_new_id(tx),
                                                 .user_kind = kind,
                                                 .user_id = user,
                                                 .created_at = tx_now(tx),
                                                 .expires_at = expires_at},
                          NULL, err);
}

bool identity_store_half(DbConn *conn, Arena *arena, Id tenant, const char *token_hash, Instant now,
                         LoginRow *out, Error *err)
{
    SessionHalfRow row = {0};
    bool is_found;
    if (!session_half(conn, arena, tenant, token_hash, now, &row, &is_found, err))
        return false;
    if (is_found)
        *out = (LoginRow){.id = row.id,
                          .is_officer = true,
                          .is_active = text_equal(row.state, "active"),
                          .failed_logins = row.failed_logins,
                          .locked_until = row.locked_until,
                          .has_second_factor = true};
    return true;
}

bool identity_store_end_session(Tx *tx, const char *token_hash, Error *err)
{
    return session_end(tx_conn(tx), token_hash, tx_now(tx), NULL, err);
}

bool identity_store_sweep(Tx *tx, Error *err)
{
    return session_sweep(tx_conn(tx), tx_now(tx), NULL, err);
}

/* ---- logging in ------------------------------------------------------------------------------ */

static bool find_officer(DbConn *conn, Arena *arena, Id tenant, const char *login, LoginRow *out,
                         Error *err)
{
    OfficerLoginFindRow row = {0};
    bool is_found;
    if (!officer_login_find(conn, arena, tenant, login, &row, &is_found, err))
        return false;
    if (is_found)
        *out = (LoginRow){.id = row.id,
                          .is_officer = true,
                          .is_active = text_equal(row.state, "active"),
                          .password = row.password,
                          .failed_logins = row.failed_logins,
                          .locked_until = row.locked_until,
                          .has_second_factor = text_equal(row.second_state, "active")};
    return true;
}

static bool find_account(DbConn *conn, Arena *arena, Id tenant, const char *phone_blind,
                         LoginRow *out, Error *err)
{
    AccountLoginFindRow row = {0};
    bool is_found;
    if (!account_login_find(conn, arena, tenant, phone_blind, &row, &is_found, err))
        return false;
    if (is_found)
        *out = (LoginRow){.id = row.id,
                          .is_active = text_equal(row.state, "active"),
                          .password = row.password,
                          .failed_logins = row.failed_logins,
                          .locked_until = row.locked_until};
    return true;
}

bool identity_store_login(DbConn *conn, Arena *arena, Id tenant, const char *login,
                          const char *phone_blind, LoginRow *out, Error *err)
{
    *out = (LoginRow){.locked_until = INSTANT_NONE};
    if (!find_officer(conn, arena, tenant, login, out, err))
        return false;
    return out->id || !phone_blind || find_account(conn, arena, tenant, phone_blind, out, err);
}

bool identity_store_note_login(Tx *tx, Id tenant, const LoginRow *login, Error *err)
{
    return login->is_officer
               ? officer_note_login(tx_conn(tx), tenant, login->id, login->failed_logins,
                                    login->locked_until, NULL, err)
               : account_note_login(tx_conn(tx), tenant, login->id, login->failed_logins,
                                    login->locked_until, NULL, err);
}

/* ---- officers -------------------------------------------------------------------------------- */

static bool put_roles(Tx *tx, Id tenant, Id id, const OfficerSpec *officer, Error *err)
{
    if (!officer_roles_clear(tx_conn(tx), tenant, id, NULL, err))
        return false;
    for (size_t i = 0; i < officer->role_count; i++)
        if (!officer_role_put(tx_conn(tx), tenant, id, officer->roles[i], NULL, err))
            return false;
    return true;
}

bool identity_store_officer(Tx *tx, Id tenant, const OfficerSpec *officer, Id *out_id, Error *err)
{
    OfficerPutParams params = {.tenant = tenant,
                               .id = tx_new_id(tx),
                               .unit = officer->unit,
                               .hall_window = officer->hall_window,
                               .login = text_lower(tx_arena(tx), officer->login),
                               .name = officer->name,
                               .name_en = officer->name_en,
                               .password = officer->password_encoded};
    OfficerOfLoginRow row = {0};
    bool is_found;
    if (!officer_put(tx_conn(tx), &params, NULL, err) ||
        !officer_of_login(tx_conn(tx), tx_arena(tx), tenant, params.login, &row, &is_found, err))
        return false;
    *out_id = row.id;
    return put_roles(tx, tenant, row.id, officer, err);
}

bool identity_officer_by_login(DbConn *conn, Arena *arena, Id tenant, const char *login,
                               Id *out_officer, Error *err)
{
    OfficerOfLoginRow row = {0};
    bool is_found;
    if (!officer_of_login(conn, arena, tenant, text_lower(arena, login), &row, &is_found, err))
        return false;
    *out_officer = text_equal(row.state, "active") ? row.id : 0;
    return true;
}

bool identity_officer_name(DbConn *conn, Arena *arena, Id tenant, Id officer, const char **out_zh,
                           const char **out_en, Error *err)
{
    OfficerNameOfRow row = {0};
    bool is_found;
    if (!officer_name_of(conn, arena, tenant, officer, &row, &is_found, err))
        return false;
    *out_zh = is_found ? row.name : "";
    *out_en = is_found ? row.name_en : "";
    return true;
}

bool identity_officers(DbConn *conn, Arena *arena, Id tenant, const char *after, int most,
                       OfficerLines *out, Error *err)
{
    OfficerListRows rows = {0};
    if (!officer_list(conn, arena, tenant, after, most, &rows, err))
        return false;
    list_each (OfficerListRow, row, &rows) {
        OfficerLine line = {.id = row->id,
                            .unit = row->unit,
                            .login = row->login,
                            .name = row->name,
                            .name_en = row->name_en,
                            .state = row->state,
                            .locked_until = row->locked_until,
                            .roles = row->roles ? row->roles : ""};
        list_add(arena, out, line);
    }
    return true;
}

/* ---- applicants ------------------------------------------------------------------------------ */

bool identity_store_party(Tx *tx, Id tenant, Id id, const char *kind, const char *name, Error *err)
{
    return party_insert(tx_conn(tx), tenant, id, kind, name, "typed", tx_now(tx), NULL, err);
}

bool identity_store_account(Tx *tx, Id tenant, const AccountSpec *account, Error *err)
{
    return account_insert(tx_conn(tx),
                          &(AccountInsertParams){.tenant = tenant,
                                                 .id = account->id,
                                                 .party = account->party,
                                                 .phone = account->phone,
                                                 .phone_blind = account->phone_blind,
                                                 .password = account->password_encoded,
                                                 .created_at = tx_now(tx)},
                          NULL, err);
}

bool identity_store_phone(DbConn *conn, Arena *arena, Id tenant, Id account, DbBytes *out,
                          bool *out_found, Error *err)
{
    AccountPhoneRow row = {0};
    if (!account_phone(conn, arena, tenant, account, &row, out_found, err))
        return false;
    *out = row.phone;
    return true;
}
