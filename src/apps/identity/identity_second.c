/*
 * identity_second.c - enrolling a second factor, and taking its codes.
 *
 *     pages -> identity_second -> identity_totp (pure)
 *                              -> identity_second_store (rows)
 */
#include "apps/identity/identity_second.h"

#include <ctype.h>
#include <string.h>

#include "apps/identity/identity_second_store.h"
#include "apps/identity/identity_totp.h"
#include "db/journal.h"

static SealPlace place_of(const App *app, Id officer)
{
    return (SealPlace){
        .tenant = app->tenant, .table = "second_factor", .column = "secret", .row = officer};
}

bool identity_second(App *app, DbConn *conn, Arena *arena, Id officer, SecondFactor *out,
                     Error *err)
{
    DbBytes sealed;
    if (!second_store_find(conn, arena, app->tenant, officer, out, &sealed, err))
        return false;
    if (!out->is_pending && !out->is_active)
        return true;
    out->secret = keyring_unseal(app->keys, arena, place_of(app, officer), sealed, err);
    return out->secret != NULL;
}

const char *identity_second_uri(Arena *arena, const char *issuer, const SecondFactor *factor)
{
    Buffer out = buffer_init(arena, 0);
    buffer_add(&out, "otpauth://totp/");
    view_put_url(&out, issuer);
    buffer_add_char(&out, ':');
    view_put_url(&out, factor->login);
    buffer_printf(&out, "?secret=%s&issuer=", factor->secret);
    view_put_url(&out, issuer);
    buffer_printf(&out, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_PERIOD_S);
    return buffer_text(&out);
}

/* ---- enrolling ------------------------------------------------------------------------------- */

static bool note(Tx *tx, const App *app, const char *kind, Id officer, Error *err)
{
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = kind,
                          .actor_kind = "officer",
                          .actor = officer,
                          .subject = arena_printf(tx_arena(tx), "officer:%lld", (long long)officer),
                          .data = "{}"};
    return journal_append(tx, &entry, err);
}

static bool fail_active(Error *err)
{
    return error_set(err, ERROR_CONFLICT, .code = "identity.second_active", .field = "second_code");
}

/* What was typed without blanks and hyphens, in capitals. */
static const char *plain(Arena *arena, const char *typed)
{
    char *out = arena_text(arena, typed);
    size_t length = 0;
    for (const char *at = typed; *at; at++)
        if (!strchr(" -", *at))
            out[length++] = (char)toupper((unsigned char)*at);
    out[length] = '\0';
    return out;
}

static const char *hash_of(const App *app, Arena *arena, Id officer, const char *code)
{
    const char *value = arena_printf(arena, "%lld|%s", (long long)officer, code);
    return keyring_blind(app->keys, arena, "recovery_code.hash", value);
}

static bool make_codes(Tx *tx, const App *app, Arena *arena, Id officer, RecoveryCodes *out,
                       Error *err)
{
    for (int i = 0; i < RECOVERY_CODES; i++) {
        const char *code = totp_random(tx_arena(tx), RECOVERY_CODE_LENGTH);
        out->codes[i] =
            arena_printf(arena, "%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
        if (!second_store_add_code(tx, app->tenant, officer,
                                   hash_of(app, tx_arena(tx), officer, code), err))
            return false;
    }
    return true;
}

bool identity_second_confirm(Tx *tx, App *app, Arena *arena, Id officer, const char *typed,
                             RecoveryCodes *out, Error *err)
{
    SecondFactor factor;
    if (!identity_second(app, tx_conn(tx), tx_arena(tx), officer, &factor, err))
        return false;
    if (factor.is_active)
        return fail_active(err);
    if (!factor.is_pending)
        return error_set(err, ERROR_CONFLICT, .code = "identity.second_none");
    int64_t step = totp_find(factor.secret, plain(tx_arena(tx), typed), tx_now(tx));
    if (step < 0)
        return error_set(err, ERROR_INVALID, .code = "identity.second_first_wrong",
                         .field = "second_code");
    return second_store_confirm(tx, app->tenant, officer, step, err) &&
           make_codes(tx, app, arena, officer, out, err) &&
           note(tx, app, "second_factor.enrolled", officer, err);
}

/* ---- logging in ------------------------------------------------------------------------------ */

static bool take_code(Tx *tx, const App *app, Id officer, const SecondFactor *factor,
                      const char *code, SecondVerdict *out, Error *err)
{
    int64_t step = totp_find(factor->secret, code, tx_now(tx));
    *out = step < 0 ? SECOND_WRONG : step <= factor->last_step ? SECOND_USED : SECOND_RIGHT;
    return *out != SECOND_RIGHT || second_store_spend(tx, app->tenant, officer, step, err);
}

static bool take_recovery(Tx *tx, const App *app, Id officer, const char *code, SecondVerdict *out,
                          Error *err)
{
    const char *hash = hash_of(app, tx_arena(tx), officer, code);
    bool is_found, is_used;
    if (!second_store_code(tx, app->tenant, officer, hash, &is_found, &is_used, err))
        return false;
    *out = !is_found ? SECOND_WRONG : is_used ? SECOND_USED : SECOND_RIGHT;
    return *out != SECOND_RIGHT || (second_store_use_code(tx, app->tenant, officer, hash, err) &&
                                    note(tx, app, "second_factor.recovery_used", officer, err));
}

bool identity_second_take(Tx *tx, App *app, Id officer, const char *typed, SecondVerdict *out,
                          Error *err)
{
    SecondFactor factor;
    const char *code = plain(tx_arena(tx), typed);
    *out = SECOND_WRONG;
    if (!identity_second(app, tx_conn(tx), tx_arena(tx), officer, &factor, err))
        return false;
    if (!factor.is_active)
        return true;
    return strlen(code) == RECOVERY_CODE_LENGTH
               ? take_recovery(tx, app, officer, code, out, err)
               : take_code(tx, app, officer, &factor, code, out, err);
}

bool identity_second_refuse(SecondVerdict verdict, Error *err)
{
    return error_set(err, ERROR_INVALID,
                     .code =
                         verdict == SECOND_USED ? "identity.second_used" : "identity.second_wrong",
                     .field = "second_code");
}

/* ---- another telephone ----------------------------------------------------------------------- */

static bool give_way(Tx *tx, App *app, Id officer, const char *typed, Error *err)
{
    SecondVerdict verdict;
    if (text_is_empty(typed))
        return fail_active(err);
    if (!identity_second_take(tx, app, officer, typed, &verdict, err))
        return false;
    if (verdict != SECOND_RIGHT)
        return identity_second_refuse(verdict, err);
    return second_store_clear(tx, app->tenant, officer, err) &&
           note(tx, app, "second_factor.replaced", officer, err);
}

bool identity_second_begin(Tx *tx, App *app, Id officer, const char *typed, Error *err)
{
    SecondFactor factor;
    if (!identity_second(app, tx_conn(tx), tx_arena(tx), officer, &factor, err) ||
        (factor.is_active && !give_way(tx, app, officer, typed, err)))
        return false;
    DbBytes sealed =
        keyring_seal(app->keys, tx_arena(tx), place_of(app, officer), totp_secret(tx_arena(tx)));
    return second_store_begin(tx, app->tenant, officer, sealed, err);
}
