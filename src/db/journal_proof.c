/*
 * journal_proof.c - the proof that one entry is in the sealed journal.
 *
 *     entry -> first seal behind it -> hashes of the subtrees beside its path -> path, checkpoint
 *
 * Interior hashes are not stored, but each seal keeps its frontier, and every left subtree stands
 * in the frontiers of the seals between its end and its sibling's. What no frontier has is put
 * together from halves, down to leaves of a single batch. So a proof costs a few dozen look-ups
 * and at most a batch of leaves, however long the journal is.
 */
#include <string.h>

#include "db/journal_internal.h"

enum { FEW_LEAVES = 64 };

typedef struct Prover {
    DbConn *conn;
    Arena *arena; /* scratch */
} Prover;

static bool damaged(Error *err)
{
    return error_set(err, ERROR_INTERNAL, .code = "journal.damaged",
                     .detail = "no proof can be made; journal_verify says why");
}

static bool hash_leaves(const Prover *prover, uint64_t first, uint64_t count, MerkleHash *out,
                        Error *err)
{
    JournalLeafBetweenRows rows = {0};
    if (!journal_leaf_between(prover->conn, prover->arena, (int64_t)first, (int64_t)(first + count),
                              &rows, err))
        return false;
    MerkleTree tree = {0};
    list_each (JournalLeafBetweenRow, row, &rows) {
        MerkleHash leaf;
        if (row->leaf.size != sizeof leaf)
            return damaged(err);
        memcpy(leaf.bytes, row->leaf.data, sizeof leaf);
        merkle_add(&tree, &leaf);
    }
    *out = merkle_root(&tree);
    return tree.size == count || damaged(err);
}

/* The subtree of `count` leaves (a power of two) from first on, if some seal has it in its
 * frontier: one that ends behind the subtree and before its right sibling is full. */
static bool find_in_frontier(const Prover *prover, uint64_t first, uint64_t count, bool *out_found,
                             MerkleHash *out, Error *err)
{
    JournalSealRow seal;
    MerkleTree tree;
    bool is_left = (first / count) % 2 == 0;
    *out_found = false;
    if (!is_left)
        return true;
    if (!journal_seal_reaching(prover->conn, prover->arena, (int64_t)(first + count), &seal,
                               out_found, err))
        return false;
    uint64_t size = *out_found ? (uint64_t)seal.last_position : 0;
    *out_found = *out_found && size < first + 2 * count;
    if (!*out_found)
        return true;
    if (!merkle_restore(size, seal.frontier.data, seal.frontier.size, &tree))
        return damaged(err);
    *out = tree.frontier[merkle_frontier_count(size & ~(2 * count - 1))];
    return true;
}

static bool hash_subtree(const Prover *prover, uint64_t first, uint64_t count, MerkleHash *out,
                         Error *err)
{
    bool is_found;
    MerkleHash left, right;
    if (count <= FEW_LEAVES)
        return hash_leaves(prover, first, count, out, err);
    if (!find_in_frontier(prover, first, count, &is_found, out, err))
        return false;
    if (is_found)
        return true;
    uint64_t half = count / 2;
    if (!hash_subtree(prover, first, half, &left, err) ||
        !hash_subtree(prover, first + half, half, &right, err))
        return false;
    *out = merkle_node(&left, &right);
    return true;
}

/* Any range of the proof: full subtrees from left to right, as the frontier of a tree has them. */
static bool hash_range(void *data, uint64_t first, uint64_t last, MerkleHash *out, Error *err)
{
    const Prover *prover = data;
    MerkleTree tree = {.size = last - first};
    size_t count = 0;
    for (uint64_t bit = UINT64_C(1) << 62; bit > 0; bit >>= 1) {
        if (!(tree.size & bit))
            continue;
        if (!hash_subtree(prover, first, bit, &tree.frontier[count++], err))
            return false;
        first += bit;
    }
    *out = merkle_root(&tree);
    return true;
}

static bool prove(Prover *prover, Arena *arena, const JournalEntryRow *entry, JournalProof *out,
                  Error *err)
{
    JournalSealRow seal;
    bool is_found;
    if (!journal_seal_reaching(prover->conn, prover->arena, entry->position, &seal, &is_found, err))
        return false;
    if (!is_found || entry->leaf.size != MERKLE_HASH_SIZE || seal.root.size != MERKLE_HASH_SIZE)
        return damaged(err);
    *out = (JournalProof){.position = entry->position, .size = (uint64_t)seal.last_position};
    memcpy(out->leaf.bytes, entry->leaf.data, MERKLE_HASH_SIZE);
    memcpy(out->root.bytes, seal.root.data, MERKLE_HASH_SIZE);
    uint64_t index = (uint64_t)entry->position - 1;
    if (!merkle_prove(index, out->size, hash_range, prover, &out->path, err))
        return false;
    out->checkpoint = checkpoint_of_seal(arena, &seal);
    bool is_proven = merkle_verify(&out->leaf, index, out->size, &out->path, &out->root);
    return (is_proven && out->checkpoint) || damaged(err);
}

bool journal_prove(DbConn *conn, Arena *arena, Id tenant, Id entry, JournalProof *out, Error *err)
{
    Prover prover = {.conn = conn, .arena = arena_create(0)};
    JournalEntryRow row;
    bool is_found = false;
    bool is_proven = journal_entry_find(conn, prover.arena, tenant, entry, &row, &is_found, err);
    if (is_proven && !is_found)
        is_proven = error_set(err, ERROR_NOT_FOUND, .code = "journal.no_such_entry");
    else if (is_proven && row.position == INT_NONE)
        is_proven = error_set(err, ERROR_CONFLICT, .code = "journal.not_sealed");
    else if (is_proven)
        is_proven = prove(&prover, arena, &row, out, err);
    arena_destroy(prover.arena);
    return is_proven;
}
