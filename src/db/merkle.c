/*
 * merkle.c - the hash tree of RFC 6962: growing, root, proofs.
 *
 *     leaves -> merkle_add -> frontier -> merkle_root
 *     leaves of a range -> merkle_prove -> path -> merkle_verify
 */
#include "db/merkle.h"

#include <string.h>
#include <openssl/sha.h>

bool merkle_equal(const MerkleHash *a, const MerkleHash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static MerkleHash hash_of(const uint8_t *data, size_t size)
{
    MerkleHash hash;
    SHA256(data, size, hash.bytes);
    return hash;
}

MerkleHash merkle_leaf(uint8_t *data, size_t size)
{
    data[0] = 0x00;
    return hash_of(data, size);
}

MerkleHash merkle_node(const MerkleHash *left, const MerkleHash *right)
{
    uint8_t data[1 + 2 * MERKLE_HASH_SIZE];
    data[0] = 0x01;
    memcpy(data + 1, left->bytes, MERKLE_HASH_SIZE);
    memcpy(data + 1 + MERKLE_HASH_SIZE, right->bytes, MERKLE_HASH_SIZE);
    return hash_of(data, sizeof data);
}

/* ---- a growing tree -------------------------------------------------------------------------- */

size_t merkle_frontier_count(uint64_t size)
{
    return (size_t)__builtin_popcountll(size);
}

void merkle_add(MerkleTree *tree, const MerkleHash *leaf)
{
    size_t count = merkle_frontier_count(tree->size);
    MerkleHash hash = *leaf;
    for (uint64_t rest = tree->size; rest & 1; rest >>= 1)
        hash = merkle_node(&tree->frontier[--count], &hash);
    tree->frontier[count] = hash;
    tree->size++;
}

MerkleHash merkle_root(const MerkleTree *tree)
{
    size_t count = merkle_frontier_count(tree->size);
    if (count == 0)
        return hash_of((const uint8_t *)"", 0);
    MerkleHash hash = tree->frontier[--count];
    while (count > 0)
        hash = merkle_node(&tree->frontier[--count], &hash);
    return hash;
}

bool merkle_restore(uint64_t size, const void *frontier, size_t frontier_size, MerkleTree *out)
{
    if (frontier_size != merkle_frontier_count(size) * MERKLE_HASH_SIZE)
        return false;
    *out = (MerkleTree){.size = size};
    if (frontier_size > 0)
        memcpy(out->frontier, frontier, frontier_size);
    return true;
}

/* ---- proofs of inclusion --------------------------------------------------------------------- */

/* The largest power of two below count (count > 1). */
static uint64_t split_of(uint64_t count)
{
    return UINT64_C(1) << (63 - __builtin_clzll(count - 1));
}

static void turn_round(MerklePath *path)
{
    for (size_t i = 0; i < path->count / 2; i++) {
        MerkleHash other = path->hashes[i];
        path->hashes[i] = path->hashes[path->count - 1 - i];
        path->hashes[path->count - 1 - i] = other;
    }
}

bool merkle_prove(uint64_t index, uint64_t size, MerkleRange range, void *data, MerklePath *out,
                  Error *err)
{
    uint64_t first = 0, last = size;
    out->count = 0;
    while (last - first > 1) {
        uint64_t middle = first + split_of(last - first);
        bool is_left = index < middle;
        MerkleHash *sibling = &out->hashes[out->count++];
        if (!range(data, is_left ? middle : first, is_left ? last : middle, sibling, err))
            return false;
        first = is_left ? first : middle;
        last = is_left ? middle : last;
    }
    turn_round(out);
    return true;
}

bool merkle_verify(const MerkleHash *leaf, uint64_t index, uint64_t size, const MerklePath *path,
                   const MerkleHash *root)
{
    if (index >= size || path->count > MERKLE_DEPTH)
        return false;
    uint64_t node = index, last = size - 1;
    MerkleHash hash = *leaf;
    for (size_t i = 0; i < path->count; i++) {
        if (last == 0)
            return false;
        bool is_right = (node & 1) || node == last;
        hash =
            is_right ? merkle_node(&path->hashes[i], &hash) : merkle_node(&hash, &path->hashes[i]);
        /* A last node without a sibling rises to the level where it has one. */
        while (is_right && !(node & 1) && node != 0) {
            node >>= 1;
            last >>= 1;
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && merkle_equal(&hash, root);
}
