/*
 * journal.c - writing entries and reading them.
 *
 *     command -> journal_append -> row in journal, and inside readers in the same transaction
 *     sealed rows -> journal_read -> outside reader -> its own Tx with journal_advance
 *
 * While an inside reader is being rebuilt (journal_rebuild.c), its rows are behind; entries that
 * are appended meanwhile are left to the rebuild, which ends only when it has met them all.
 */
#include "db/journal.h"

#include <assert.h>
#include <string.h>
#include "base/text.h"
#include "db/db_internal.h"
#include "db/journal_internal.h"
#include "format/json.h"

/* ---- inside readers -------------------------------------------------------------------------- */

/* Tx.journal_state */
enum { READERS_UNKNOWN, READERS_WHOLE, READERS_REBUILDING };

static bool pattern_matches(const char *pattern, const char *kind)
{
    size_t i = 0;
    while (pattern[i] && pattern[i] == kind[i])
        i++;
    return pattern[i] == kind[i] || (pattern[i] == '*' && !pattern[i + 1]);
}

bool journal_reader_wants(const JournalReader *reader, const char *kind)
{
    if (!reader->kinds)
        return true;
    for (const char *const *pattern = reader->kinds; *pattern; pattern++)
        if (pattern_matches(*pattern, kind))
            return true;
    return false;
}

/* Asked once a transaction, not once an entry: on PostgreSQL each question is a round trip. */
static bool ask_readers(Tx *tx, Error *err)
{
    if (tx->journal_state != READERS_UNKNOWN)
        return true;
    JournalRebuildCountRow row;
    if (!journal_rebuild_count(tx_conn(tx), tx_arena(tx), &row, err))
        return false;
    tx->journal_state = row.count == 0 ? READERS_WHOLE : READERS_REBUILDING;
    return true;
}

static bool apply_unless_rebuilding(Tx *tx, const JournalReader *reader, const JournalEntry *entry,
                                    Error *err)
{
    if (tx->journal_state == READERS_REBUILDING) {
        JournalRebuildFindRow row;
        bool is_rebuilding;
        if (!journal_rebuild_find(tx_conn(tx), tx_arena(tx), reader->name, &row, &is_rebuilding,
                                  err))
            return false;
        if (is_rebuilding)
            return true;
    }
    return reader->apply(tx, entry, err);
}

static bool apply_readers(Tx *tx, const JournalEntry *entry, Error *err)
{
    const JournalReader *const *readers = db_readers(tx_db(tx));
    tx->entry_tree = NULL; /* the caller may have reused the memory of an earlier entry's data */
    for (; readers && *readers; readers++) {
        if (!journal_reader_wants(*readers, entry->kind))
            continue;
        if (!ask_readers(tx, err) || !apply_unless_rebuilding(tx, *readers, entry, err))
            return false;
    }
    return true;
}

const Json *journal_data(Tx *tx, const JournalEntry *entry, Error *err)
{
    if (!tx->entry_tree || tx->entry_data != entry->data) {
        tx->entry_tree = json_parse(tx_arena(tx), entry->data, strlen(entry->data), &JSON_OWN, err);
        tx->entry_data = entry->data;
    }
    return tx->entry_tree;
}

/* ---- appending ------------------------------------------------------------------------------- */

static void complete(Tx *tx, JournalEntry *entry)
{
    assert(entry->tenant != 0 && entry->kind && entry->actor_kind && entry->data);
    assert((entry->dossier != 0) == (entry->version > 0));
    if (entry->id == 0)
        entry->id = tx_new_id(tx);
    if (entry->at == 0)
        entry->at = tx_now(tx);
    entry->position = 0;
}

bool journal_append(Tx *tx, JournalEntry *entry, Error *err)
{
    complete(tx, entry);
    JournalEntryInsertParams params = {
        .tenant = entry->tenant,
        .id = entry->id,
        .dossier = entry->dossier,
        .version = entry->version,
        .at = entry->at,
        .kind = entry->kind,
        .actor_kind = entry->actor_kind,
        .actor = entry->actor,
        .unit = entry->unit,
        .subject = entry->subject,
        .data = entry->data,
    };
    return journal_entry_insert(tx_conn(tx), &params, NULL, err) && apply_readers(tx, entry, err);
}

void journal_expect(Tx *tx, Id tenant, Id dossier, const char *kind)
{
    const JournalReader *const *readers = db_readers(tx_db(tx));
    for (; readers && *readers; readers++)
        if ((*readers)->expect && journal_reader_wants(*readers, kind))
            (*readers)->expect(tx, tenant, dossier);
}

/* ---- reading --------------------------------------------------------------------------------- */

bool journal_read(DbConn *conn, Arena *arena, int64_t after_position, int limit,
                  JournalEntries *out, Error *err)
{
    JournalEntryRows rows = {0};
    if (!journal_entry_between(conn, arena, after_position, INT64_MAX, limit, &rows, err))
        return false;
    *out = journal_entries_of(arena, &rows);
    return true;
}

bool journal_size(DbConn *conn, int64_t *out_sealed, int64_t *out_unsealed, Error *err)
{
    JournalEntryLastRow row;
    if (!journal_entry_last(conn, NULL, &row, err))
        return false;
    *out_sealed = row.last;
    *out_unsealed = row.unsealed;
    return true;
}

bool journal_of_dossier(DbConn *conn, Arena *arena, Id tenant, Id dossier, JournalEntries *out,
                        Error *err)
{
    JournalEntryRows rows = {0};
    if (!journal_entry_of_dossier(conn, arena, tenant, dossier, &rows, err))
        return false;
    *out = journal_entries_of(arena, &rows);
    return true;
}

bool journal_cursor(DbConn *conn, const char *name, int64_t *out, Error *err)
{
    JournalReaderFindRow row;
    bool is_found;
    if (!journal_reader_find(conn, NULL, name, &row, &is_found, err))
        return false;
    *out = is_found ? row.position : 0;
    return true;
}

bool journal_advance(Tx *tx, const char *name, int64_t from, int64_t to, Error *err)
{
    assert(to >= from);
    int64_t moved = 0;
    if (!journal_cursor_move(tx_conn(tx), name, from, to, &moved, err))
        return false;
    if (moved == 0 && from == 0 && !journal_cursor_start(tx_conn(tx), name, to, &moved, err))
        return false;
    return moved == 1 || error_set(err, ERROR_CONFLICT, .code = "journal.cursor_moved");
}

void journal_keep_error(Db *db, Error *err)
{
    for (Error *one = err; error_is_set(one); one = one->next) {
        const char **texts[] = {&one->code, &one->field, &one->message, &one->detail};
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            *texts[i] = *texts[i] ? db_keep_text(db, *texts[i]) : NULL;
        /* Values and further errors would need the same care; the database gives none. */
        memset(one->with, 0, sizeof one->with);
        one->next = NULL;
    }
}
