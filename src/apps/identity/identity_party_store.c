/*
 * identity_party_store.c - persons and firms: found by number, written down, verified, shown
 * masked.
 *
 *     intake, people pages -> verbs here -> identity_party.sql
 *
 * What is sealed is sealed at its own place: a number that moves to another row is sealed anew.
 */
#include "apps/identity/identity.h"

#include <string.h>

#include "apps/identity/identity_party_sql.h"
#include "db/journal.h"
#include "format/json.h"

/* ---- sealed columns -------------------------------------------------------------------------- */

static SealPlace place_of(const App *app, const char *table, const char *column, Id row)
{
    return (SealPlace){.tenant = app->tenant, .table = table, .column = column, .row = row};
}

static DbBytes seal(App *app, Arena *arena, const char *column, Id party, const char *value)
{
    return keyring_seal(app->keys, arena, place_of(app, "party", column, party), value);
}

static const char *number_blind(App *app, Arena *arena, const char *kind, const char *number)
{
    return keyring_blind(app->keys, arena, "party.identity",
                         arena_printf(arena, "%s:%s", kind, number));
}

static const char *account_blind(App *app, Arena *arena, const char *phone)
{
    return keyring_blind(app->keys, arena, "account.phone", phone);
}

/* NULL stays NULL; out is not touched on failure. */
static bool unseal(App *app, Arena *arena, SealPlace place, DbBytes sealed, const char **out,
                   Error *err)
{
    if (!sealed.data) {
        *out = NULL;
        return true;
    }
    const char *value = keyring_unseal(app->keys, arena, place, sealed, err);
    if (value)
        *out = value;
    return value != NULL;
}

/* The first account's phone, or NULL. */
static bool account_phone_of(App *app, DbConn *conn, Arena *arena, Id party, Id *out_account,
                             const char **out, Error *err)
{
    AccountOfPartyRows rows = {0};
    *out = NULL;
    if (!account_of_party(conn, arena, app->tenant, party, &rows, err))
        return false;
    *out_account = rows.count ? rows.items[0].id : 0;
    return !rows.count || unseal(app, arena, place_of(app, "account", "phone", rows.items[0].id),
                                 rows.items[0].phone, out, err);
}

/* ---- finding --------------------------------------------------------------------------------- */

static bool find_row(App *app, DbConn *conn, Arena *arena, Id id, PartyFindRow *out, Error *err)
{
    bool is_found = false;
    if (id && !party_find(conn, arena, app->tenant, id, out, &is_found, err))
        return false;
    return is_found || error_set(err, ERROR_NOT_FOUND, .code = "identity.unknown_party");
}

static const char *masked(Arena *arena, const char *value)
{
    return value ? identity_mask(arena, value) : NULL;
}

bool identity_party(App *app, DbConn *conn, Arena *arena, Id id, Party *out, Error *err)
{
    PartyFindRow row = {0};
    const char *number, *phone, *account_phone;
    Id account = 0;
    if (!find_row(app, conn, arena, id, &row, err) ||
        !unseal(app, arena, place_of(app, "party", "identity_number", id), row.identity_number,
                &number, err) ||
        !unseal(app, arena, place_of(app, "party", "phone", id), row.phone, &phone, err) ||
        !account_phone_of(app, conn, arena, id, &account, &account_phone, err))
        return false;
    *out = (Party){.id = id,
                   .is_firm = text_equal(row.kind, "firm"),
                   .name = row.name,
                   .identity_kind = row.identity_kind,
                   .number = masked(arena, number),
                   .phone = masked(arena, phone ? phone : account_phone),
                   .account = account,
                   .is_recorded = row.recorded_by != 0,
                   .is_verified = text_equal(row.assurance, "verified"),
                   .verified_by = row.verified_by,
                   .verified_at = row.verified_at};
    return true;
}

static bool recorded_id(App *app, DbConn *conn, Arena *arena, const char *kind, const char *number,
                        Id *out, Error *err)
{
    PartyOfIdentityRow row = {0};
    bool is_found;
    if (!party_of_identity(conn, arena, app->tenant, number_blind(app, arena, kind, number), &row,
                           &is_found, err))
        return false;
    *out = is_found ? row.id : 0;
    return true;
}

bool identity_party_by_number(App *app, DbConn *conn, Arena *arena, const char *kind,
                              const char *number, Party *out, Error *err)
{
    Id id;
    *out = (Party){0};
    return recorded_id(app, conn, arena, kind, number, &id, err) &&
           (!id || identity_party(app, conn, arena, id, out, err));
}

bool identity_party_by_phone(App *app, DbConn *conn, Arena *arena, const char *phone, Party *out,
                             Error *err)
{
    PartyOfPhoneRow row = {0};
    bool is_found;
    *out = (Party){0};
    if (!party_of_phone(conn, arena, app->tenant, account_blind(app, arena, phone), &row, &is_found,
                        err))
        return false;
    return !is_found || identity_party(app, conn, arena, row.party, out, err);
}

bool identity_party_phone_is(App *app, DbConn *conn, Arena *arena, Id party, const char *phone,
                             bool *out, Error *err)
{
    PartyFindRow row = {0};
    AccountOfPartyRows accounts = {0};
    if (!find_row(app, conn, arena, party, &row, err) ||
        !account_of_party(conn, arena, app->tenant, party, &accounts, err))
        return false;
    const char *blind = keyring_blind(app->keys, arena, "party.phone", phone);
    *out = row.phone_blind && text_equal_secret(row.phone_blind, blind);
    list_each (AccountOfPartyRow, account, &accounts)
        *out = *out || text_equal_secret(account->phone_blind, account_blind(app, arena, phone));
    return true;
}

bool identity_party_secret(App *app, DbConn *conn, Arena *arena, Id party, const char *field,
                           const char **out, Error *err)
{
    PartyFindRow row = {0};
    Id account;
    if (!find_row(app, conn, arena, party, &row, err))
        return false;
    if (text_equal(field, "identity_number"))
        return unseal(app, arena, place_of(app, "party", field, party), row.identity_number, out,
                      err);
    if (row.phone.data)
        return unseal(app, arena, place_of(app, "party", "phone", party), row.phone, out, err);
    return account_phone_of(app, conn, arena, party, &account, out, err);
}

/* ---- writing down ---------------------------------------------------------------------------- */

static bool note(Tx *tx, App *app, const char *kind, Id party, const char *actor_kind, Id actor,
                 Error *err)
{
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = kind,
                          .actor_kind = actor_kind,
                          .actor = actor,
                          .subject = arena_printf(tx_arena(tx), "party:%lld", (long long)party),
                          .data = "{}"};
    return journal_append(tx, &entry, err);
}

static bool note_officer(Tx *tx, App *app, const char *kind, Id party, const PartySpec *spec,
                         Error *err)
{
    return note(tx, app, kind, party, "officer", spec->officer, err);
}

/* Only a recorded party has a name that an officer can hold against the document. */
static bool check_name(const Party *party, const PartySpec *spec, Error *err)
{
    if (!party->id || spec->is_name_confirmed || text_equal(party->name, spec->name))
        return true;
    return error_set(err, ERROR_INVALID, .code = "identity.name_differs", .field = spec->name_field,
                     .with = {{"name", party->name}, {"number", party->number}});
}

bool identity_party_check(App *app, DbConn *conn, Arena *arena, const PartySpec *spec, Error *err)
{
    Party party;
    return identity_party_by_number(app, conn, arena, spec->kind, spec->number, &party, err) &&
           check_name(&party, spec, err);
}

static bool insert(Tx *tx, App *app, const PartySpec *spec, Id *out, Error *err)
{
    Arena *arena = tx_arena(tx);
    Id id = tx_new_id(tx);
    PartyRecordParams params = {
        .tenant = app->tenant,
        .id = id,
        .kind = identity_kind_is_firm(spec->kind) ? "firm" : "person",
        .name = spec->name,
        .assurance = spec->is_original_seen ? "verified" : "typed",
        .created_at = tx_now(tx),
        .identity_kind = spec->kind,
        .identity_number = seal(app, arena, "identity_number", id, spec->number),
        .identity_blind = number_blind(app, arena, spec->kind, spec->number),
        .recorded_by = spec->officer,
        .verified_by = spec->is_original_seen ? spec->officer : 0,
        .verified_at = spec->is_original_seen ? tx_now(tx) : INSTANT_NONE};
    *out = id;
    return party_record(tx_conn(tx), &params, NULL, err) &&
           note_officer(tx, app, "party.recorded", id, spec, err);
}

/* The party is who the document says. */
static bool vouch(Tx *tx, App *app, Id id, const PartySpec *spec, Error *err)
{
    Arena *arena = tx_arena(tx);
    PartyVerifyParams params = {
        .tenant = app->tenant,
        .id = id,
        .name = spec->name,
        .identity_kind = spec->kind,
        .identity_number = seal(app, arena, "identity_number", id, spec->number),
        .identity_blind = number_blind(app, arena, spec->kind, spec->number),
        .officer = spec->officer,
        .at = tx_now(tx)};
    return party_verify(tx_conn(tx), &params, NULL, err) &&
           note_officer(tx, app, "party.verified", id, spec, err);
}

/* A name that was only confirmed, not read from the original, changes nothing. */
static bool update(Tx *tx, App *app, const Party *party, const PartySpec *spec, Error *err)
{
    bool is_renamed = !text_equal(party->name, spec->name);
    if (!spec->is_original_seen || (party->is_verified && !is_renamed))
        return true;
    return vouch(tx, app, party->id, spec, err) &&
           (!is_renamed || note_officer(tx, app, "party.changed", party->id, spec, err));
}

static bool keep_phone(Tx *tx, App *app, Id party, const PartySpec *spec, Error *err)
{
    Arena *arena = tx_arena(tx);
    bool is_known = false;
    if (!spec->phone || !*spec->phone)
        return true;
    if (!identity_party_phone_is(app, tx_conn(tx), arena, party, spec->phone, &is_known, err))
        return false;
    return is_known || (party_set_phone(tx_conn(tx), app->tenant, party,
                                        seal(app, arena, "phone", party, spec->phone),
                                        keyring_blind(app->keys, arena, "party.phone", spec->phone),
                                        NULL, err) &&
                        note_officer(tx, app, "party.changed", party, spec, err));
}

bool identity_party_record(Tx *tx, App *app, const PartySpec *spec, Id *out_party, Error *err)
{
    Party party;
    if (!identity_party_by_number(app, tx_conn(tx), tx_arena(tx), spec->kind, spec->number, &party,
                                  err) ||
        !check_name(&party, spec, err))
        return false;
    *out_party = party.id;
    bool is_done =
        party.id ? update(tx, app, &party, spec, err) : insert(tx, app, spec, out_party, err);
    return is_done && keep_phone(tx, app, *out_party, spec, err);
}

/* ---- verifying ------------------------------------------------------------------------------- */

/* The number turned out to be another party's: whoever logs in speaks for that one from now on. */
static bool move_accounts(Tx *tx, App *app, const Party *from, Id to, const PartySpec *spec,
                          Error *err)
{
    return identity_party_record(tx, app, spec, &to, err) &&
           account_move(tx_conn(tx), app->tenant, from->id, to, NULL, err) &&
           note_officer(tx, app, "party.joined", to, spec, err);
}

bool identity_party_verify(Tx *tx, App *app, Id id, const PartySpec *spec, Id *out_party,
                           Error *err)
{
    Party party, known;
    if (!identity_party(app, tx_conn(tx), tx_arena(tx), id, &party, err) ||
        !identity_party_by_number(app, tx_conn(tx), tx_arena(tx), spec->kind, spec->number, &known,
                                  err))
        return false;
    if (party.is_firm != identity_kind_is_firm(spec->kind) ||
        (party.is_recorded && known.id != party.id))
        return error_set(err, ERROR_INVALID, .code = "identity.number_differs",
                         .field = "identity_number");
    if (!check_name(&known, spec, err))
        return false;
    *out_party = known.id ? known.id : party.id;
    return known.id && known.id != party.id ? move_accounts(tx, app, &party, known.id, spec, err)
                                            : vouch(tx, app, party.id, spec, err);
}

bool identity_party_type(Tx *tx, App *app, Id id, Id account, const char *kind, const char *number,
                         Error *err)
{
    Party party;
    Arena *arena = tx_arena(tx);
    if (!identity_party(app, tx_conn(tx), arena, id, &party, err))
        return false;
    if (party.is_recorded)
        return error_set(err, ERROR_CONFLICT, .code = "identity.verified_already");
    return party_set_number(tx_conn(tx), app->tenant, id, kind,
                            seal(app, arena, "identity_number", id, number),
                            number_blind(app, arena, kind, number), NULL, err) &&
           note(tx, app, "party.typed", id, "applicant", account, err);
}
