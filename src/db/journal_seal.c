/*
 * journal_seal.c - numbering committed entries and sealing them in batches.
 *
 *     reader: newest seal, lease, entries without a position   (one consistent state)
 *     here:   leaf hashes, tree, signature                      (no transaction is open)
 *     writer: lease kept? nothing sealed since? -> positions, leaves, seal   (one transaction)
 *
 * So writers wait for the sealer no longer than one UPDATE and one INSERT take. The entries are
 * read from what is committed, so an open transaction is never stepped over: its entries get their
 * positions when they are seen. The writing transaction is READ COMMITTED: two sealers exclude each
 * other by the row lock of the lease, and no writer is ever rolled back because of a sealer.
 */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "db/db_internal.h"
#include "db/journal_internal.h"
#include "db/lease.h"
#include "lease_sql.h"

#define LEASE_NAME "journal.seal"
enum { LEASE_MS = 15 * 1000 };

typedef struct Sealing {
    Db *db;
    Arena *arena;
    const JournalKey *key;
    Lease lease;
    bool has_lease;
    int limit;

    JournalSealRow last; /* all zero before the first seal */
    JournalEntryRows rows;

    MerkleTree tree;
    MerkleHash root, batch_root;
    uint8_t *leaves;
    const char *keys; /* [[tenant, id], ...] for the statement */
    uint8_t signature[JOURNAL_SIGNED_SIZE];
} Sealing;

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_lease(DbConn *conn, Sealing *sealing, Error *err)
{
    LeaseFindRow row;
    bool is_found;
    if (!lease_find(conn, sealing->arena, LEASE_NAME, &row, &is_found, err))
        return false;
    bool is_running = is_found && row.expires_at > clock_now(sealing->db->options.clock);
    bool is_ours = is_found && text_equal(row.owner, sealing->lease.owner);
    if (is_running && !is_ours)
        return error_set(err, ERROR_CONFLICT, .code = "journal.lease_held");
    sealing->has_lease = is_running;
    sealing->lease.fence = is_found ? row.fence : 0;
    return true;
}

static bool read_state(DbConn *conn, Sealing *sealing, Error *err)
{
    JournalPlanAfreshRow mode;
    bool is_found;
    return journal_plan_afresh(conn, sealing->arena, &mode, err) &&
           journal_entry_to_seal(conn, sealing->arena, sealing->limit, &sealing->rows, err) &&
           (sealing->rows.count == 0 ||
            (read_lease(conn, sealing, err) &&
             journal_seal_newest(conn, sealing->arena, &sealing->last, &is_found, err)));
}

static bool collect(Sealing *sealing, Error *err)
{
    DbConn *conn = db_reader(sealing->db, err);
    if (!conn)
        return false;
    bool is_read = db_read_begin(conn, err) && read_state(conn, sealing, err);
    db_read_end(conn);
    db_release(conn);
    return is_read;
}

/* ---- hashing --------------------------------------------------------------------------------- */

static void hash_entries(Sealing *sealing)
{
    MerkleTree batch = {0};
    Buffer room = buffer_init(sealing->arena, 0), keys = buffer_init(sealing->arena, 0);
    sealing->leaves = arena_array(sealing->arena, uint8_t, sealing->rows.count * MERKLE_HASH_SIZE);
    for (size_t i = 0; i < sealing->rows.count; i++) {
        JournalEntry entry = journal_entry_of(&sealing->rows.items[i]);
        entry.position = sealing->last.last_position + 1 + (int64_t)i;
        MerkleHash leaf = journal_entry_leaf(&entry, &room);
        memcpy(sealing->leaves + i * MERKLE_HASH_SIZE, leaf.bytes, MERKLE_HASH_SIZE);
        merkle_add(&sealing->tree, &leaf);
        merkle_add(&batch, &leaf);
        buffer_add(&keys, i == 0 ? "[[" : ",[");
        buffer_add_int64(&keys, entry.tenant);
        buffer_add_char(&keys, ',');
        buffer_add_int64(&keys, entry.id);
        buffer_add_char(&keys, ']');
    }
    buffer_add_char(&keys, ']');
    sealing->keys = buffer_text(&keys);
    sealing->batch_root = merkle_root(&batch);
    sealing->root = merkle_root(&sealing->tree);
}

static bool compute(Sealing *sealing, Error *err)
{
    const JournalSealRow *last = &sealing->last;
    if (!merkle_restore((uint64_t)last->last_position, last->frontier.data, last->frontier.size,
                        &sealing->tree))
        return error_set(err, ERROR_INTERNAL, .code = "journal.damaged",
                         .detail = "the newest seal's frontier does not fit its size");
    hash_entries(sealing);
    return journal_key_sign(sealing->key, sealing->tree.size, &sealing->root, sealing->signature,
                            err);
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool take_lease(Tx *tx, void *data, Error *err)
{
    Sealing *sealing = data;
    return lease_take(tx, LEASE_NAME, sealing->lease.owner, LEASE_MS, &sealing->lease, err);
}

/* Nobody has sealed since we read. Under the lease nobody can have, except an earlier self. */
static bool check_last(Tx *tx, const Sealing *sealing, Error *err)
{
    JournalSealRow now = {0};
    bool is_found;
    if (!journal_seal_newest(tx_conn(tx), tx_arena(tx), &now, &is_found, err))
        return false;
    return now.last_position == sealing->last.last_position ||
           error_set(err, ERROR_CONFLICT, .code = "lease.lost");
}

static bool number_entries(Tx *tx, const Sealing *sealing, Error *err)
{
    DbBytes leaves = {.data = sealing->leaves, .size = sealing->rows.count * MERKLE_HASH_SIZE};
    JournalPlanAfreshRow mode;
    int64_t changed;
    if (!journal_plan_afresh(tx_conn(tx), tx_arena(tx), &mode, err) ||
        !journal_entry_seal(tx_conn(tx), sealing->last.last_position + 1, sealing->keys, leaves,
                            &changed, err))
        return false;
    return (size_t)changed == sealing->rows.count ||
           error_set(err, ERROR_INTERNAL, .code = "journal.damaged",
                     .detail = "an entry vanished or got a position while it was being sealed");
}

static bool write_seal(Tx *tx, void *data, Error *err)
{
    const Sealing *sealing = data;
    Lease lease = sealing->lease;
    JournalSealInsertParams seal = {
        .last_position = (int64_t)sealing->tree.size,
        .first_position = sealing->last.last_position + 1,
        .sealed_at = tx_now(tx),
        .batch_root = {sealing->batch_root.bytes, MERKLE_HASH_SIZE},
        .root = {sealing->root.bytes, MERKLE_HASH_SIZE},
        .frontier = {sealing->tree.frontier,
                     merkle_frontier_count(sealing->tree.size) * MERKLE_HASH_SIZE},
        .signature = {sealing->signature, sizeof sealing->signature},
    };
    return lease_keep(tx, &lease, LEASE_MS, err) && check_last(tx, sealing, err) &&
           number_entries(tx, sealing, err) && journal_seal_insert(tx_conn(tx), &seal, NULL, err);
}

static bool is_lease_error(const Error *err)
{
    return text_equal(err->code, "lease.held") || text_equal(err->code, "lease.lost");
}

static bool seal(Sealing *sealing, Error *err)
{
    if (!collect(sealing, err))
        return false;
    if (sealing->rows.count == 0)
        return true;
    return (sealing->has_lease || db_write_alone(sealing->db, sealing->arena, DB_READ_COMMITTED,
                                                 take_lease, sealing, err)) &&
           compute(sealing, err) &&
           db_write_alone(sealing->db, sealing->arena, DB_READ_COMMITTED, write_seal, sealing, err);
}

bool journal_seal(Db *db, const JournalKey *key, const char *owner, int limit, int *out_sealed,
                  Error *err)
{
    assert(limit > 0);
    Sealing sealing = {
        .db = db,
        .arena = arena_create(0),
        .key = key,
        .lease = {.name = LEASE_NAME, .owner = owner},
        .limit = limit,
    };
    Error failure = ERROR_NONE;
    bool is_sealed = seal(&sealing, &failure);
    if (is_sealed && out_sealed)
        *out_sealed = (int)sealing.rows.count;
    if (is_lease_error(&failure))
        failure = (Error){.kind = ERROR_CONFLICT, .code = "journal.lease_held"};
    journal_keep_error(db, &failure);
    arena_destroy(sealing.arena);
    return is_sealed || error_fill(err, failure);
}

static bool release_lease(Tx *tx, void *data, Error *err)
{
    Lease lease = {.name = LEASE_NAME, .owner = data};
    LeaseFindRow row;
    bool is_found;
    if (!lease_find(tx_conn(tx), tx_arena(tx), LEASE_NAME, &row, &is_found, err))
        return false;
    lease.fence = is_found ? row.fence : 0;
    return !is_found || lease_release(tx, &lease, err);
}

bool journal_release(Db *db, const char *owner, Error *err)
{
    Arena *arena = arena_create(0);
    Error failure = ERROR_NONE;
    void *data = arena_text(arena, owner);
    bool is_released = db_write_alone(db, arena, DB_READ_COMMITTED, release_lease, data, &failure);
    journal_keep_error(db, &failure);
    arena_destroy(arena);
    return is_released || error_fill(err, failure);
}

/* ---- the newest checkpoint ------------------------------------------------------------------- */

bool journal_checkpoint(Db *db, Arena *arena, const char **out_text, Error *err)
{
    DbConn *conn = db_reader(db, err);
    if (!conn)
        return false;
    JournalSealRow seal_row;
    bool is_found = false;
    bool is_read = journal_seal_newest(conn, arena, &seal_row, &is_found, err);
    db_release(conn);
    if (is_read)
        *out_text = is_found ? checkpoint_of_seal(arena, &seal_row) : NULL;
    return is_read;
}
