/*
 * identity_letter_store.c - letters by which a person acts for a firm; and who was shown a hidden
 * value.
 */
#include <string.h>

#include "apps/identity/identity.h"
#include "apps/identity/identity_party_sql.h"
#include "db/journal.h"
#include "format/json.h"

enum { LETTERS_MOST = 100 };

static bool has_item(const char *items, const char *item)
{
    size_t length = strlen(item);
    for (const char *at = items; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, item, length) == 0 && (at[length] == ',' || !at[length]))
            return true;
    }
    return false;
}

static bool is_over(const Mandate *letter, Date today)
{
    return date_compare(letter->valid_until, today) < 0;
}

static bool is_for_item(const Mandate *letter, const char *item)
{
    return !item || text_equal(letter->items, "*") || has_item(letter->items, item);
}

bool identity_letter_covers(const Mandate *letter, const char *item, Date today)
{
    return letter->revoked_at == INSTANT_NONE && !is_over(letter, today) &&
           is_for_item(letter, item);
}

/* ---- finding --------------------------------------------------------------------------------- */

/* The three statements return the same columns. */
#define MANDATE_OF(row)                                                                            \
    (Mandate)                                                                                      \
    {                                                                                              \
        .id = (row)->id, .firm = (row)->firm, .person = (row)->person,                             \
        .firm_name = (row)->firm_name, .person_name = (row)->person_name,                          \
        .letter_no = (row)->letter_no, .items = (row)->items, .valid_until = (row)->valid_until,   \
        .verified_by = (row)->verified_by, .verified_at = (row)->verified_at,                      \
        .revoked_at = (row)->revoked_at, .reason = (row)->reason                                   \
    }

bool identity_letters_of_firm(DbConn *conn, Arena *arena, Id tenant, Id firm, Mandates *out,
                              Error *err)
{
    MandateListFirmRows rows = {0};
    if (!mandate_list_firm(conn, arena, tenant, firm, LETTERS_MOST, &rows, err))
        return false;
    list_each (MandateListFirmRow, row, &rows) {
        Mandate letter = MANDATE_OF(row);
        list_add(arena, out, letter);
    }
    return true;
}

bool identity_letters_of_person(DbConn *conn, Arena *arena, Id tenant, Id person, Mandates *out,
                                Error *err)
{
    MandateListPersonRows rows = {0};
    if (!mandate_list_person(conn, arena, tenant, person, LETTERS_MOST, &rows, err))
        return false;
    list_each (MandateListPersonRow, row, &rows) {
        Mandate letter = MANDATE_OF(row);
        list_add(arena, out, letter);
    }
    return true;
}

static bool forbid(Error *err, const char *code)
{
    return error_set(err, ERROR_FORBIDDEN, .code = code, .field = "applicant");
}

/* Why the letter that comes nearest does not do. */
static bool refuse(const Mandate *nearest, Arena *arena, Date today, Error *err)
{
    if (!nearest)
        return forbid(err, "identity.letter_none");
    if (nearest->revoked_at != INSTANT_NONE)
        return forbid(err, "identity.letter_was_revoked");
    if (is_over(nearest, today))
        return error_set(err, ERROR_FORBIDDEN, .code = "identity.letter_expired",
                         .field = "applicant",
                         .with = {{"day", date_text(arena, nearest->valid_until)}});
    return forbid(err, "identity.letter_scope");
}

bool identity_letter_for(DbConn *conn, Arena *arena, Id tenant, Id person, Id firm,
                         const char *item, Date today, Mandate *out, Error *err)
{
    Mandates letters = {0};
    const Mandate *nearest = NULL;
    if (!identity_letters_of_person(conn, arena, tenant, person, &letters, err))
        return false;
    list_each (Mandate, letter, &letters) {
        if (letter->firm != firm)
            continue;
        if (identity_letter_covers(letter, item, today)) {
            *out = *letter;
            return true;
        }
        nearest = nearest ? nearest : letter;
    }
    return refuse(nearest, arena, today, err);
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool note(Tx *tx, App *app, const char *kind, const Mandate *letter, Id officer, Error *err)
{
    Arena *arena = tx_arena(tx);
    Buffer data = buffer_init(arena, 0);
    JsonWriter json = json_writer(&data);
    json_begin_object(&json, NULL);
    json_put_id(&json, "firm", letter->firm);
    json_put_id(&json, "person", letter->person);
    json_end_object(&json);
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = kind,
                          .actor_kind = "officer",
                          .actor = officer,
                          .subject = arena_printf(arena, "letter:%lld", (long long)letter->id),
                          .data = buffer_text(&data)};
    return journal_append(tx, &entry, err);
}

bool identity_letter_check(Tx *tx, App *app, const Mandate *letter, Error *err)
{
    Party firm;
    Date today = instant_date(tx_now(tx), app->zone_minutes);
    if (!identity_party(app, tx_conn(tx), tx_arena(tx), letter->firm, &firm, err))
        return false;
    if (!firm.is_firm)
        return error_set(err, ERROR_CONFLICT, .code = "identity.not_a_firm");
    if (is_over(letter, today))
        return error_set(err, ERROR_INVALID, .code = "identity.letter_past",
                         .field = "valid_until");
    return true;
}

bool identity_letter_add(Tx *tx, App *app, const Mandate *letter, Id *out, Error *err)
{
    Mandate made = *letter;
    made.id = tx_new_id(tx);
    if (!identity_letter_check(tx, app, letter, err))
        return false;
    MandateInsertParams params = {.tenant = app->tenant,
                                  .id = made.id,
                                  .firm = made.firm,
                                  .person = made.person,
                                  .letter_no = made.letter_no,
                                  .items = made.items,
                                  .valid_until = made.valid_until,
                                  .officer = made.verified_by,
                                  .at = tx_now(tx)};
    *out = made.id;
    return mandate_insert(tx_conn(tx), &params, NULL, err) &&
           note(tx, app, "letter.recorded", &made, made.verified_by, err);
}

bool identity_letter_revoke(Tx *tx, App *app, Id firm, Id id, Id officer, const char *reason,
                            Error *err)
{
    MandateFindRow row = {0};
    bool is_found;
    if (!mandate_find(tx_conn(tx), tx_arena(tx), app->tenant, id, &row, &is_found, err))
        return false;
    if (!is_found || row.firm != firm)
        return error_set(err, ERROR_NOT_FOUND, .code = "identity.unknown_letter");
    if (row.revoked_at != INSTANT_NONE)
        return error_set(err, ERROR_CONFLICT, .code = "identity.letter_revoked");
    Mandate letter = MANDATE_OF(&row);
    return mandate_revoke(tx_conn(tx), app->tenant, id, officer, tx_now(tx), reason, NULL, err) &&
           note(tx, app, "letter.revoked", &letter, officer, err);
}

/* ---- unmasking ------------------------------------------------------------------------------- */

static const char *unmasking_data(Arena *arena, const Unmasking *unmasking)
{
    Buffer data = buffer_init(arena, 0);
    JsonWriter json = json_writer(&data);
    json_begin_object(&json, NULL);
    json_put_text(&json, "field", unmasking->field);
    json_put_text(&json, "dossier", unmasking->dossier);
    json_put_text(&json, "reason", unmasking->reason);
    json_end_object(&json);
    return buffer_text(&data);
}

bool identity_note_unmasking(Tx *tx, App *app, const Unmasking *unmasking, Error *err)
{
    Arena *arena = tx_arena(tx);
    UnmaskingInsertParams params = {.tenant = app->tenant,
                                    .id = tx_new_id(tx),
                                    .at = tx_now(tx),
                                    .officer = unmasking->officer->id,
                                    .unit = unmasking->officer->unit,
                                    .party = unmasking->party,
                                    .dossier = unmasking->dossier,
                                    .field = unmasking->field,
                                    .reason = unmasking->reason};
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = "party.unmasked",
                          .actor_kind = "officer",
                          .actor = unmasking->officer->id,
                          .unit = unmasking->officer->unit,
                          .subject = arena_printf(arena, "party:%lld", (long long)unmasking->party),
                          .data = unmasking_data(arena, unmasking)};
    return unmasking_insert(tx_conn(tx), &params, NULL, err) && journal_append(tx, &entry, err);
}

bool identity_unmaskings(DbConn *conn, Arena *arena, Id tenant, Id before, int most,
                         UnmaskingLines *out, Error *err)
{
    UnmaskingListRows rows = {0};
    if (!unmasking_list(conn, arena, tenant, before ? before : INT64_MAX, most, &rows, err))
        return false;
    list_each (UnmaskingListRow, row, &rows) {
        UnmaskingLine line = {.id = row->id,
                              .at = row->at,
                              .officer_login = row->officer_login,
                              .officer_name = row->officer_name,
                              .officer_name_en = row->officer_name_en,
                              .unit = row->unit,
                              .party_name = row->party_name,
                              .dossier = row->dossier,
                              .field = row->field,
                              .reason = row->reason};
        list_add(arena, out, line);
    }
    return true;
}
