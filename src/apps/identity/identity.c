/*
 * identity.c - sessions, log-in with lock-out, accounts.
 *
 * The password is checked off the writer (identity_check); what it proved is decided again inside
 * the transaction, on the row as it is then.
 */
#include "apps/identity/identity_internal.h"

#include <string.h>

#include "apps/org/org.h"
#include "db/journal.h"
#include "web/limit.h"

enum { FAILURES_AT_MOST = 5 };
static const int64_t LOCK_MS = 15 * MINUTE_MS;
static const int64_t OFFICER_SESSION_MS = 12 * HOUR_MS;
static const int64_t HALF_SESSION_MS = 5 * MINUTE_MS;
static const int64_t APPLICANT_SESSION_MS = 24 * HOUR_MS;

/* ---- sessions -------------------------------------------------------------------------------- */

const char *identity_csrf(Arena *arena, const char *token)
{
    const char *text = arena_printf(arena, "csrf|%s", token);
    return arena_text_n(arena, crypto_hash(arena, text, strlen(text)), 32);
}

static const char *hash_of(Arena *arena, const char *token)
{
    return crypto_hash(arena, token, strlen(token));
}

static bool officer_rights(App *app, DbConn *conn, Arena *arena, const SessionRow *row, Rights *out,
                           Error *err)
{
    const char **roles = NULL;
    size_t count = row->roles ? text_split(arena, row->roles, ',', &roles) : 0;
    if (!org_rights(app->org, conn, row->tenant, roles, count, out, err))
        return false;
    *out |= (Rights)1 << RIGHT_PUBLIC | (Rights)1 << RIGHT_SIGNED_IN | (Rights)1 << RIGHT_OFFICER;
    return true;
}

static bool fill_user(App *app, DbConn *conn, Arena *arena, const SessionRow *row, User *out,
                      Error *err)
{
    *out = (User){.kind = row->is_officer ? USER_OFFICER : USER_APPLICANT,
                  .id = row->user,
                  .party = row->party,
                  .is_verified = row->is_verified,
                  .unit = row->unit,
                  .name = row->name,
                  .name_en = row->name_en,
                  .session = row->id,
                  .rights = (Rights)1 << RIGHT_PUBLIC | (Rights)1 << RIGHT_SIGNED_IN |
                            (Rights)1 << RIGHT_APPLY};
    return !row->is_officer || officer_rights(app, conn, arena, row, &out->rights, err);
}

bool identity_session(App *app, DbConn *conn, Arena *arena, const char *token, Instant now,
                      User *out, const char **out_csrf, bool *out_found, Error *err)
{
    SessionRow row = {0};
    if (!identity_store_session(conn, arena, hash_of(arena, token), &row, out_found, err))
        return false;
    *out_found = *out_found && !row.is_ended && row.is_active && row.expires_at > now &&
                 row.tenant == app->tenant;
    if (!*out_found)
        return true;
    *out_csrf = identity_csrf(arena, token);
    return fill_user(app, conn, arena, &row, out, err);
}

static bool is_same_user(const User *a, const User *b)
{
    return a->kind == b->kind && a->id == b->id && a->party == b->party &&
           a->is_verified == b->is_verified && a->unit == b->unit && a->rights == b->rights &&
           a->session == b->session;
}

bool identity_confirm(Tx *tx, App *app, const Request *req, Error *err)
{
    User user;
    const char *csrf;
    bool is_known;
    if (!identity_session(app, tx_conn(tx), tx_arena(tx), req->session_token, tx_now(tx), &user,
                          &csrf, &is_known, err))
        return false;
    return (is_known && is_same_user(&user, &req->user)) ||
           error_set(err, ERROR_CONFLICT, .code = "request.user_changed");
}

void identity_expect_confirm(Tx *tx, const Request *req)
{
    SessionRow row;
    bool is_found;
    (void)!identity_store_session(tx_conn(tx), tx_arena(tx),
                                  hash_of(tx_arena(tx), req->session_token), &row, &is_found, NULL);
}

bool identity_open_session(Tx *tx, App *app, const LoginRow *login, const char *token,
                           int64_t *out_lifetime_s, Error *err)
{
    int64_t lifetime = login->is_officer ? OFFICER_SESSION_MS : APPLICANT_SESSION_MS;
    *out_lifetime_s = lifetime / SECOND_MS;
    return identity_store_add_session(tx, app->tenant, hash_of(tx_arena(tx), token),
                                      login->is_officer ? "officer" : "applicant", login->id,
                                      tx_now(tx) + lifetime, err);
}

bool identity_play(Tx *tx, App *app, const char *login, const char *token, Instant *out_until,
                   Error *err)
{
    LoginRow row;
    int64_t lifetime_s;
    if (!identity_find_login(app, tx_conn(tx), tx_arena(tx), login, &row, err))
        return false;
    if (!row.id || !row.is_active)
        return error_set(err, ERROR_UNAUTHENTICATED, .code = "identity.wrong_login",
                         .field = "login");
    if (!identity_open_session(tx, app, &row, token, &lifetime_s, err))
        return false;
    *out_until = tx_now(tx) + lifetime_s * SECOND_MS;
    return true;
}

bool identity_open_half(Tx *tx, App *app, const LoginRow *login, const char *token,
                        int64_t *out_lifetime_s, Error *err)
{
    *out_lifetime_s = HALF_SESSION_MS / SECOND_MS;
    return identity_store_add_session(tx, app->tenant, hash_of(tx_arena(tx), token), "half",
                                      login->id, tx_now(tx) + HALF_SESSION_MS, err);
}

bool identity_find_half(App *app, DbConn *conn, Arena *arena, const char *token, Instant now,
                        LoginRow *out, Error *err)
{
    *out = (LoginRow){.locked_until = INSTANT_NONE};
    return !token ||
           identity_store_half(conn, arena, app->tenant, hash_of(arena, token), now, out, err);
}

bool identity_close_session(Tx *tx, const char *token, Error *err)
{
    return identity_store_end_session(tx, hash_of(tx_arena(tx), token), err);
}

static bool sweep(Tx *tx, void *data, Error *err)
{
    (void)data;
    return identity_store_sweep(tx, err);
}

bool identity_sweep(App *app, Error *err)
{
    return db_write(app->db, NULL, sweep, NULL, err);
}

/* ---- logging in ------------------------------------------------------------------------------ */

bool identity_find_login(App *app, DbConn *conn, Arena *arena, const char *login, LoginRow *out,
                         Error *err)
{
    const char *number = text_lower(arena, text_trim(arena, login));
    const char *blind =
        strlen(number) == 11 ? keyring_blind(app->keys, arena, "account.phone", number) : NULL;
    return identity_store_login(conn, arena, app->tenant, number, blind, out, err);
}

bool identity_is_locked(const LoginRow *login, Instant now)
{
    return login->locked_until != INSTANT_NONE && login->locked_until > now;
}

/* One more wrong password; the fifth locks. Counting starts afresh after a lock has run out. */
bool identity_note_failure(Tx *tx, App *app, LoginRow *login, Error *err)
{
    bool was_locked = login->locked_until != INSTANT_NONE;
    login->failed_logins = was_locked ? 1 : login->failed_logins + 1;
    login->locked_until =
        login->failed_logins >= FAILURES_AT_MOST ? tx_now(tx) + LOCK_MS : INSTANT_NONE;
    return identity_store_note_login(tx, app->tenant, login, err);
}

bool identity_note_success(Tx *tx, App *app, LoginRow *login, Error *err)
{
    if (!login->failed_logins && login->locked_until == INSTANT_NONE)
        return true;
    login->failed_logins = 0;
    login->locked_until = INSTANT_NONE;
    return identity_store_note_login(tx, app->tenant, login, err);
}

/* ---- officers and accounts ------------------------------------------------------------------- */

static bool note(Tx *tx, Id tenant, const char *kind, const char *subject, const char *actor_kind,
                 Id actor, Error *err)
{
    JournalEntry entry = {.tenant = tenant,
                          .kind = kind,
                          .actor_kind = actor_kind,
                          .actor = actor,
                          .subject = subject,
                          .data = "{}"};
    return journal_append(tx, &entry, err);
}

bool identity_put_officer(Tx *tx, Id tenant, const OfficerSpec *officer, Id *out_id, Error *err)
{
    return identity_store_officer(tx, tenant, officer, out_id, err) &&
           note(tx, tenant, "officer.changed",
                arena_printf(tx_arena(tx), "officer:%lld", (long long)*out_id), "system", 0, err);
}

static DbBytes seal_phone(App *app, Arena *arena, Id account, const char *phone)
{
    SealPlace place = {
        .tenant = app->tenant, .table = "account", .column = "phone", .row = account};
    return keyring_seal(app->keys, arena, place, phone);
}

bool identity_register(Tx *tx, App *app, const char *name, const char *phone,
                       const char *password_encoded, Id *out_account, Error *err)
{
    LoginRow known;
    AccountSpec account = {.id = tx_new_id(tx),
                           .party = tx_new_id(tx),
                           .phone_blind =
                               keyring_blind(app->keys, tx_arena(tx), "account.phone", phone),
                           .password_encoded = password_encoded};
    if (!identity_find_login(app, tx_conn(tx), tx_arena(tx), phone, &known, err))
        return false;
    if (known.id)
        return error_set(err, ERROR_CONFLICT, .code = "identity.phone_taken", .field = "phone");
    account.phone = seal_phone(app, tx_arena(tx), account.id, phone);
    *out_account = account.id;
    return identity_store_party(tx, app->tenant, account.party, "person", name, err) &&
           identity_store_account(tx, app->tenant, &account, err) &&
           note(tx, app->tenant, "account.registered",
                arena_printf(tx_arena(tx), "account:%lld", (long long)account.id), "applicant",
                account.id, err);
}

bool identity_masked_phone(App *app, DbConn *conn, Arena *arena, Id account, const char **out,
                           Error *err)
{
    DbBytes sealed;
    bool is_found;
    SealPlace place = {
        .tenant = app->tenant, .table = "account", .column = "phone", .row = account};
    *out = "";
    if (!identity_store_phone(conn, arena, app->tenant, account, &sealed, &is_found, err))
        return false;
    if (!is_found)
        return true;
    const char *phone = keyring_unseal(app->keys, arena, place, sealed, err);
    if (phone && strlen(phone) == 11)
        *out = arena_printf(arena, "%.3s****%s", phone, phone + 7);
    return phone != NULL;
}

bool identity_phone_is(App *app, DbConn *conn, Arena *arena, Id account, const char *phone,
                       bool *out, Error *err)
{
    LoginRow row;
    *out = false;
    if (!account || !identity_find_login(app, conn, arena, phone, &row, err))
        return !account;
    *out = !row.is_officer && row.id == account;
    return true;
}

bool identity_may_try(App *app, const Request *req, Error *err)
{
    return !app->tries ||
           limit_take(app->tries, req->arena, limit_key_of_peer(req->arena, req->peer), err);
}

const char *identity_officer_label(Request *req, Id officer, Error *err)
{
    const char *zh = "", *en = "";
    if (!officer ||
        !identity_officer_name(req->conn, req->arena, req->tenant, officer, &zh, &en, err))
        return NULL;
    return req->language == LANGUAGE_EN ? en : zh;
}
