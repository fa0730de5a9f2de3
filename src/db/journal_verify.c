/*
 * journal_verify.c - recomputing the sealed journal and naming what is not as it was sealed.
 *
 *     seal by seal: its entries -> leaf of what they say now == stored leaf?
 *                   stored leaves -> tree -> batch root, root, frontier == the seal's? signed by
 * us? the tree at an old checkpoint's size == the checkpoint's root?
 *
 * Content is compared with the stored leaf, and stored leaves with the sealed roots, so one altered
 * entry is named alone and does not make everything behind it doubtful. Where a root cannot be
 * recomputed (an entry is missing), the next seal's own frontier, which its root and signature
 * vouch for, is where the pass goes on. Memory holds one batch of entries and the suspects.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "db/db_internal.h"
#include "db/journal_internal.h"

enum { BATCH = 1000, MOST_FINDINGS = 1000, MOST_SUSPECTS = 200 };

/* So that the next position can always be counted, whatever was written into the tables. */
#define MOST_POSITION (INT64_MAX - 1)

/* An entry that does not give its stored leaf: altered, or moved here from another position. */
typedef struct Suspect {
    int64_t position;
    MerkleHash leaf;
    DbBytes encoded;
} Suspect;

typedef struct Verify {
    DbConn *conn;
    const JournalKey *key;
    JournalReport *report;
    Arena *arena;   /* of the report */
    Arena *scratch; /* one batch of entries */
    Arena *seals;   /* one seal */
    Arena *kept;    /* suspects */
    Buffer room;
    int64_t last_entry; /* the largest position there is */
    int64_t next;       /* the position that comes next */

    MerkleTree tree, batch;
    bool is_broken;    /* a leaf of the tree is missing since the last seal */
    bool is_named;     /* this batch has a finding that explains wrong roots */
    bool is_truncated; /* told once */
    Id last_id;        /* of the entry before, in this batch */
    int64_t disorder;  /* first position in this batch whose id is not above the one before */
    LIST(Suspect) suspects;

    Checkpoint old;
    bool has_old;
    MerkleHash old_root; /* ours, at the size of old */
    bool has_old_root;
} Verify;

static void add_finding(Verify *verify, const char *code, int64_t position, const char *detail)
{
    JournalReport *report = verify->report;
    JournalFinding finding = {.code = code, .position = position, .detail = detail};
    if (report->findings.count < MOST_FINDINGS)
        list_add(verify->arena, &report->findings, finding);
}

/* "entries 5 to 9", "entry 5" */
static const char *entries_text(Verify *verify, int64_t first, int64_t last)
{
    if (first == last)
        return arena_printf(verify->arena, "entry %lld", (long long)first);
    return arena_printf(verify->arena, "entries %lld to %lld", (long long)first, (long long)last);
}

/* ---- entries --------------------------------------------------------------------------------- */

static void note_missing(Verify *verify, int64_t first, int64_t last)
{
    const char *entries = entries_text(verify, first, last);
    verify->is_broken = verify->is_named = true;
    verify->next = last + 1;
    if (first <= verify->last_entry) {
        add_finding(verify, "journal.missing", first,
                    arena_printf(verify->arena, "%s: missing", entries));
        return;
    }
    if (!verify->is_truncated)
        add_finding(
            verify, "journal.truncated", first,
            arena_printf(verify->arena, "%s and what follows: cut off, though sealed", entries));
    verify->is_truncated = true;
}

static void note_suspect(Verify *verify, int64_t position, const MerkleHash *leaf)
{
    verify->is_named = true;
    if (verify->suspects.count == MOST_SUSPECTS) {
        add_finding(verify, "journal.altered", position, "does not give the leaf that was sealed");
        return;
    }
    DbBytes encoded = {
        .data = arena_copy(verify->kept, verify->room.data, verify->room.length),
        .size = verify->room.length,
    };
    Suspect suspect = {.position = position, .leaf = *leaf, .encoded = encoded};
    list_add(verify->kept, &verify->suspects, suspect);
}

static void note_old_root(Verify *verify)
{
    if (!verify->has_old || verify->is_broken || verify->tree.size != verify->old.size)
        return;
    verify->old_root = merkle_root(&verify->tree);
    verify->has_old_root = true;
}

static void take_entry(Verify *verify, const JournalEntryRow *row)
{
    verify->report->sealed++;
    if (row->position > MOST_POSITION) {
        add_finding(verify, "journal.altered", row->position, "no entry can have this position");
        return;
    }
    if (row->position < verify->next) {
        add_finding(verify, "journal.altered", row->position, "two entries have this position");
        return;
    }
    if (row->position > verify->next)
        note_missing(verify, verify->next, row->position - 1);
    verify->next = row->position + 1;

    JournalEntry entry = journal_entry_of(row);
    MerkleHash leaf = journal_entry_leaf(&entry, &verify->room), stored = {{0}};
    if (row->leaf.size == MERKLE_HASH_SIZE)
        memcpy(stored.bytes, row->leaf.data, MERKLE_HASH_SIZE);
    if (!merkle_equal(&leaf, &stored))
        note_suspect(verify, row->position, &stored);
    if (row->id <= verify->last_id && verify->disorder == 0)
        verify->disorder = row->position;
    verify->last_id = row->id;
    merkle_add(&verify->tree, &stored);
    merkle_add(&verify->batch, &stored);
    note_old_root(verify);
}

/* All entries up to a position. */
static bool walk(Verify *verify, int64_t last, Error *err)
{
    int64_t after = verify->next - 1;
    JournalEntryRows rows;
    do {
        arena_clear(verify->scratch);
        verify->room = buffer_init(verify->scratch, 0);
        rows = (JournalEntryRows){0};
        if (!journal_entry_between(verify->conn, verify->scratch, after, last, BATCH, &rows, err))
            return false;
        list_each (JournalEntryRow, row, &rows)
            take_entry(verify, row);
        after = rows.count > 0 ? rows.items[rows.count - 1].position : after;
    } while (rows.count == BATCH);
    if (verify->next <= last)
        note_missing(verify, verify->next, last);
    return true;
}

/* ---- seals ----------------------------------------------------------------------------------- */

static void start_batch(Verify *verify)
{
    verify->batch = (MerkleTree){0};
    verify->is_named = false;
    verify->last_id = 0;
    verify->disorder = 0;
}

static bool is_hash(DbBytes bytes, const MerkleHash *hash)
{
    return bytes.size == MERKLE_HASH_SIZE && memcmp(bytes.data, hash->bytes, bytes.size) == 0;
}

static void check_signature(Verify *verify, const JournalSealRow *seal)
{
    MerkleHash root = {{0}};
    if (seal->root.size == MERKLE_HASH_SIZE)
        memcpy(root.bytes, seal->root.data, MERKLE_HASH_SIZE);
    if (!journal_key_signed(verify->key, (uint64_t)seal->last_position, &root, seal->signature))
        add_finding(verify, "journal.bad_signature", seal->last_position,
                    "the seal is not signed by this installation's key");
}

/* Does what is left of the batch give what was sealed? */
static bool is_as_sealed(const Verify *verify, const JournalSealRow *seal)
{
    if (verify->is_broken || verify->tree.size != (uint64_t)seal->last_position)
        return false;
    MerkleHash root = merkle_root(&verify->tree), batch_root = merkle_root(&verify->batch);
    return is_hash(seal->root, &root) && is_hash(seal->batch_root, &batch_root);
}

static void name_difference(Verify *verify, const JournalSealRow *seal)
{
    const char *entries = entries_text(verify, seal->first_position, seal->last_position);
    if (verify->is_named)
        return;
    if (verify->disorder != 0)
        add_finding(verify, "journal.reordered", verify->disorder,
                    arena_printf(verify->arena, "%s: not in the order that was sealed", entries));
    else
        add_finding(verify, "journal.root_differs", seal->first_position,
                    arena_printf(verify->arena,
                                 "%s: they do not give the root of their seal; "
                                 "an entry was altered with its leaf, or the seal was",
                                 entries));
}

static void check_seal(Verify *verify, const JournalSealRow *seal)
{
    MerkleTree sealed;
    bool has_frontier = merkle_restore((uint64_t)seal->last_position, seal->frontier.data,
                                       seal->frontier.size, &sealed);
    MerkleHash root = {{0}};
    if (has_frontier)
        root = merkle_root(&sealed);
    check_signature(verify, seal);
    if (!is_as_sealed(verify, seal))
        name_difference(verify, seal);
    if (!has_frontier || !is_hash(seal->root, &root)) {
        add_finding(verify, "journal.root_differs", seal->last_position,
                    "the seal's frontier does not give its root");
        return;
    }
    verify->tree = sealed;
    verify->is_broken = false;
    note_old_root(verify);
}

/* Entries that stand between two seals: the seal over them is gone. */
static bool walk_unsealed(Verify *verify, int64_t last, const char *code, Error *err)
{
    int64_t first = verify->next;
    if (!walk(verify, last, err))
        return false;
    add_finding(
        verify, code, first,
        arena_printf(verify->arena, "%s: the seal is missing", entries_text(verify, first, last)));
    start_batch(verify);
    return true;
}

static bool take_seal(Verify *verify, const JournalSealRow *seal, Error *err)
{
    if (seal->first_position > verify->next &&
        !walk_unsealed(verify, seal->first_position - 1, "journal.missing", err))
        return false;
    if (seal->first_position != verify->next) {
        add_finding(verify, "journal.root_differs", seal->last_position,
                    "the seal overlaps the one before");
        verify->is_named = true;
    }
    if (!walk(verify, seal->last_position, err))
        return false;
    check_seal(verify, seal);
    start_batch(verify);
    return true;
}

static bool take_seals(Verify *verify, Error *err)
{
    bool is_found = true;
    for (int64_t position = 1; is_found;) {
        JournalSealRow seal;
        arena_clear(verify->seals);
        if (!journal_seal_reaching(verify->conn, verify->seals, position, &seal, &is_found, err))
            return false;
        if (!is_found || seal.last_position > MOST_POSITION)
            break;
        if (!take_seal(verify, &seal, err))
            return false;
        position = seal.last_position + 1;
    }
    if (is_found)
        add_finding(verify, "journal.root_differs", INT64_MAX, "no seal can have this position");
    return verify->next > verify->last_entry ||
           walk_unsealed(verify, verify->last_entry, "journal.truncated", err);
}

/* ---- suspects -------------------------------------------------------------------------------- */

/* The position that the suspect's entry was sealed at; 0 when it is none of those in question. An
 * entry that was moved took its leaf along, or found that of the other. */
static int64_t sealed_at(const Verify *verify, const Suspect *suspect)
{
    for (int64_t near = suspect->position - 1; near <= suspect->position + 1; near += 2) {
        MerkleHash leaf = journal_leaf_at(suspect->encoded, near);
        if (merkle_equal(&leaf, &suspect->leaf))
            return near;
    }
    list_each (Suspect, other, &verify->suspects) {
        MerkleHash leaf = journal_leaf_at(suspect->encoded, other->position);
        if (other != suspect &&
            (merkle_equal(&leaf, &suspect->leaf) || merkle_equal(&leaf, &other->leaf)))
            return other->position;
    }
    return 0;
}

static void name_suspects(Verify *verify)
{
    list_each (Suspect, suspect, &verify->suspects) {
        int64_t was = sealed_at(verify, suspect);
        if (was != 0)
            add_finding(verify, "journal.reordered", suspect->position,
                        arena_printf(verify->arena, "the entry here was sealed as entry %lld",
                                     (long long)was));
        else
            add_finding(verify, "journal.altered", suspect->position,
                        "the entry does not give the leaf that was sealed");
    }
}

/* ---- the old checkpoint ---------------------------------------------------------------------- */

static void compare_old(Verify *verify)
{
    int64_t size = (int64_t)verify->old.size, last = verify->next - 1;
    bool is_ours = journal_key_has_signed(verify->key, &verify->old);
    bool is_consistent = verify->report->findings.count == 0;
    if (!is_ours)
        add_finding(verify, "journal.bad_signature", size,
                    "the checkpoint is not signed by this installation's key");
    if (size > last) {
        add_finding(verify, "journal.truncated", last + 1,
                    arena_printf(verify->arena, "the checkpoint states %lld entries, %lld are left",
                                 (long long)size, (long long)last));
        return;
    }
    if (verify->has_old_root && merkle_equal(&verify->old_root, &verify->old.root))
        return;
    if (is_ours && is_consistent)
        add_finding(verify, "journal.resealed", size,
                    "the journal agrees with its own seals but not with the checkpoint: its first "
                    "entries were rewritten and sealed again with this installation's key");
    else
        add_finding(verify, "journal.root_differs", size,
                    "the entries do not give the checkpoint's root");
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int by_position(const void *a, const void *b)
{
    const JournalFinding *one = a, *other = b;
    if (one->position != other->position)
        return one->position < other->position ? -1 : 1;
    return strcmp(one->code, other->code);
}

static bool check_all(Verify *verify, Error *err)
{
    JournalEntryLastRow last;
    if (!journal_entry_last(verify->conn, verify->seals, &last, err))
        return false;
    verify->last_entry = last.last > MOST_POSITION ? MOST_POSITION : last.last;
    verify->report->unsealed_tail = last.unsealed;
    note_old_root(verify); /* a checkpoint of nothing */
    if (!take_seals(verify, err))
        return false;
    name_suspects(verify);
    if (verify->has_old)
        compare_old(verify);
    if (verify->report->findings.count > 1)
        qsort(verify->report->findings.items, verify->report->findings.count,
              sizeof *verify->report->findings.items, by_position);
    return true;
}

static bool check_in_one_state(Verify *verify, Db *db, Error *err)
{
    verify->conn = db_reader(db, err);
    if (!verify->conn)
        return false;
    bool is_checked = db_read_begin(verify->conn, err) && check_all(verify, err);
    db_read_end(verify->conn);
    db_release(verify->conn);
    return is_checked;
}

bool journal_verify(Db *db, const JournalKey *key, Arena *arena, const char *old_checkpoint,
                    JournalReport *out, Error *err)
{
    *out = (JournalReport){0};
    Verify verify = {.key = key, .report = out, .arena = arena, .next = 1};
    if (old_checkpoint && !checkpoint_parse(old_checkpoint, &verify.old, err))
        return false;
    verify.has_old = old_checkpoint != NULL;
    verify.scratch = arena_create(0);
    verify.seals = arena_create(0);
    verify.kept = arena_create(0);
    bool is_checked = check_in_one_state(&verify, db, err);
    arena_destroy(verify.scratch);
    arena_destroy(verify.seals);
    arena_destroy(verify.kept);
    return is_checked;
}
