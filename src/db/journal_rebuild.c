/*
 * journal_rebuild.c - deriving an inside reader's rows again, from the first entry to the last.
 *
 *     begin: row in journal_rebuild, reader->clear
 *     each batch: sealed entries behind the position reached -> reader->apply -> new position
 *     last batch: the rest, then the entries without a position -> row gone, version kept
 *
 * Each step is a transaction of its own and leaves a true state, so a rebuild that was interrupted
 * goes on where it stood, and writers go on beside it. While the row is there journal_append leaves
 * the reader alone, whatever the entry; so an entry is applied once, by the rebuild:
 *   - committed before the last batch: it has a position behind the one reached, or none yet;
 *   - committed after it: its transaction saw no row in journal_rebuild, and applied it itself.
 * There is no third case. SQLite writes one transaction after the other. On PostgreSQL a writer
 * beside the last batch has read the row that the batch deletes, and the batch has read the range
 * in which the writer inserts: SERIALIZABLE lets only one of them commit, the other runs again.
 * Positions are given to committed entries only, so none appears behind the one that is reached.
 *
 * Replay is in order of position, then of id: one dossier's entries come in order of version.
 */
#include "base/text.h"
#include "db/db_internal.h"
#include "db/journal_internal.h"

enum { BATCH = 500 };

typedef struct Rebuild {
    const JournalReader *reader;
    Arena *scratch; /* entries of one batch; outlives no step */
    bool is_forced;
    bool is_due;   /* out of begin */
    bool is_ended; /* out of each batch */
} Rebuild;

/* ---- steps: each is one transaction ---------------------------------------------------------- */

static bool is_whole(Tx *tx, const Rebuild *rebuild, bool *out, Error *err)
{
    JournalReaderFindRow row;
    bool is_found;
    if (!journal_reader_find(tx_conn(tx), tx_arena(tx), rebuild->reader->name, &row, &is_found,
                             err))
        return false;
    *out = is_found && row.version == rebuild->reader->version;
    return true;
}

static bool begin_rebuild(Tx *tx, void *data, Error *err)
{
    Rebuild *rebuild = data;
    const JournalReader *reader = rebuild->reader;
    JournalRebuildFindRow row;
    bool is_running, is_current = false;
    if (!journal_rebuild_find(tx_conn(tx), tx_arena(tx), reader->name, &row, &is_running, err))
        return false;
    if (!is_running && !is_whole(tx, rebuild, &is_current, err))
        return false;
    bool goes_on = is_running && row.version == reader->version;
    rebuild->is_due = is_running || !is_current || rebuild->is_forced;
    return goes_on || !rebuild->is_due ||
           (journal_rebuild_begin(tx_conn(tx), reader->name, reader->version, NULL, err) &&
            reader->clear(tx, err));
}

static bool apply_rows(Tx *tx, const JournalReader *reader, const JournalEntryRows *rows,
                       Error *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        JournalEntry entry = journal_entry_of(&rows->items[i]);
        entry.position = 0; /* as when it was appended */
        if (journal_reader_wants(reader, entry.kind) && !reader->apply(tx, &entry, err))
            return false;
    }
    return true;
}

static bool apply_unsealed(Tx *tx, const Rebuild *rebuild, Error *err)
{
    JournalEntryRows rows;
    Id after = 0;
    do {
        arena_clear(rebuild->scratch);
        rows = (JournalEntryRows){0};
        if (!journal_entry_unsealed(tx_conn(tx), rebuild->scratch, after, BATCH, &rows, err) ||
            !apply_rows(tx, rebuild->reader, &rows, err))
            return false;
        after = rows.count > 0 ? rows.items[rows.count - 1].id : after;
    } while (rows.count == BATCH);
    return true;
}

static bool end_rebuild(Tx *tx, Rebuild *rebuild, Error *err)
{
    const JournalReader *reader = rebuild->reader;
    if (!apply_unsealed(tx, rebuild, err) ||
        !journal_rebuild_end(tx_conn(tx), reader->name, NULL, err) ||
        !journal_reader_keep(tx_conn(tx), reader->name, reader->version, NULL, err))
        return false;
    rebuild->is_ended = true;
    return true;
}

static bool replay_batch(Tx *tx, void *data, Error *err)
{
    Rebuild *rebuild = data;
    const JournalReader *reader = rebuild->reader;
    JournalRebuildFindRow row;
    bool is_running;
    rebuild->is_ended = false;
    if (!journal_rebuild_find(tx_conn(tx), tx_arena(tx), reader->name, &row, &is_running, err))
        return false;
    if (!is_running) { /* another process has ended it */
        rebuild->is_ended = true;
        return true;
    }
    arena_clear(rebuild->scratch);
    JournalEntryRows rows = {0};
    if (!journal_entry_between(tx_conn(tx), rebuild->scratch, row.position, INT64_MAX, BATCH, &rows,
                               err) ||
        !apply_rows(tx, reader, &rows, err))
        return false;
    if (rows.count < BATCH)
        return end_rebuild(tx, rebuild, err);
    return journal_rebuild_move(tx_conn(tx), reader->name, rows.items[rows.count - 1].position,
                                NULL, err);
}

/* ---- all readers ----------------------------------------------------------------------------- */

/* Alone: deltas that another command of the batch has not flushed yet would land behind clear, and
 * what journal_append knows of readers (Tx.journal_state) holds for a transaction. */
static bool rebuild_reader(Db *db, Arena *arena, Rebuild *rebuild, Error *err)
{
    if (!db_write_alone(db, arena, DB_SERIALIZABLE, begin_rebuild, rebuild, err))
        return false;
    rebuild->is_ended = !rebuild->is_due;
    while (!rebuild->is_ended)
        if (!db_write_alone(db, arena, DB_SERIALIZABLE, replay_batch, rebuild, err))
            return false;
    return true;
}

static bool rebuild_readers(Db *db, Arena *arena, Rebuild *rebuild, const char *only_reader,
                            int *out_rebuilt, Error *err)
{
    const JournalReader *const *readers = db_readers(db);
    bool is_known = !only_reader;
    *out_rebuilt = 0;
    for (; readers && *readers; readers++) {
        if (only_reader && !text_equal(only_reader, (*readers)->name))
            continue;
        is_known = true;
        rebuild->reader = *readers;
        if (!rebuild_reader(db, arena, rebuild, err))
            return false;
        *out_rebuilt += rebuild->is_due;
    }
    return is_known ||
           error_set(err, ERROR_NOT_FOUND, .code = "journal.no_such_reader", .field = "reader");
}

bool journal_rebuild(Db *db, const char *only_reader, bool is_forced, int *out_rebuilt, Error *err)
{
    Arena *arena = arena_create(0);
    Rebuild rebuild = {.scratch = arena_create(0), .is_forced = is_forced};
    Error failure = ERROR_NONE;
    int rebuilt = 0;
    bool is_done = rebuild_readers(db, arena, &rebuild, only_reader, &rebuilt, &failure);
    journal_keep_error(db, &failure);
    arena_destroy(rebuild.scratch);
    arena_destroy(arena);
    if (is_done && out_rebuilt)
        *out_rebuilt = rebuilt;
    return is_done || error_fill(err, failure);
}
