#ifndef DB_MERKLE_H
#define DB_MERKLE_H

/*
 * Merkle: the tree of RFC 6962 section 2.1 with SHA-256, pure: it knows no database.
 *
 *   leaf hash = SHA-256(0x00 || data)        node hash = SHA-256(0x01 || left || right)
 *
 * A tree of n leaves is split at the largest power of two below n. So all that is needed to go on
 * is its frontier: the roots of the full subtrees from left to right, one for each bit set in n.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

enum { MERKLE_HASH_SIZE = 32, MERKLE_DEPTH = 64 };

typedef struct MerkleHash {
    uint8_t bytes[MERKLE_HASH_SIZE];
} MerkleHash;

bool merkle_equal(const MerkleHash *a, const MerkleHash *b);

/* The two hashes. data must begin with one byte of room, which is set to 0x00 here, so that no
 * copy is made of it; size counts that byte. */
MerkleHash merkle_leaf(uint8_t *data, size_t size);
MerkleHash merkle_node(const MerkleHash *left, const MerkleHash *right);

/* ---- a growing tree -------------------------------------------------------------------------- */

/* All zero: the empty tree. */
typedef struct MerkleTree {
    uint64_t size;
    MerkleHash frontier[MERKLE_DEPTH]; /* as many as bits are set in size, largest subtree first */
} MerkleTree;

void merkle_add(MerkleTree *tree, const MerkleHash *leaf);

/* The root; of the empty tree, SHA-256 of nothing. */
MerkleHash merkle_root(const MerkleTree *tree);

/* Number of hashes in the frontier of a tree of this size. */
size_t merkle_frontier_count(uint64_t size);

/* The tree of this size from its stored frontier; false when the bytes are not that many. */
MUST_CHECK bool merkle_restore(uint64_t size, const void *frontier, size_t frontier_size,
                               MerkleTree *out);

/* ---- proofs of inclusion --------------------------------------------------------------------- */

typedef struct MerklePath {
    size_t count;
    MerkleHash hashes[MERKLE_DEPTH]; /* from the leaf's sibling up to the root's child */
} MerklePath;

/* The root of the leaves first .. last-1 (first < last). False with err when it cannot be had. */
typedef bool (*MerkleRange)(void *data, uint64_t first, uint64_t last, MerkleHash *out, Error *err);

/* The path of leaf `index` (from 0) in the tree of `size` leaves, index < size: asks range for each
 * of the at most 63 subtrees beside it. */
MUST_CHECK bool merkle_prove(uint64_t index, uint64_t size, MerkleRange range, void *data,
                             MerklePath *out, Error *err);

/* True when the path leads from the leaf at index to root (RFC 9162 section 2.1.3.2). Takes
 * anything: an index beyond the size or a path of the wrong length is simply false. */
bool merkle_verify(const MerkleHash *leaf, uint64_t index, uint64_t size, const MerklePath *path,
                   const MerkleHash *root);

#endif
