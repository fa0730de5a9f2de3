/* merkle_test.c - the known roots of certificate transparency, and proofs of every leaf. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "db/merkle.h"

enum { MOST_LEAVES = 130 };

static MerkleHash leaf_of(const void *data, size_t size)
{
    uint8_t room[64];
    memcpy(room + 1, data, size);
    return merkle_leaf(room, size + 1);
}

static MerkleHash hash_from(const char *hex)
{
    MerkleHash hash;
    assert_true(text_unhex(hex, hash.bytes, sizeof hash.bytes));
    return hash;
}

/* The root as RFC 6962 defines it, by recursion: the definition that the frontier must agree with.
 */
static MerkleHash root_by_definition(const MerkleHash *leaves, uint64_t count)
{
    if (count == 1)
        return leaves[0];
    uint64_t k = 1;
    while (k * 2 < count)
        k *= 2;
    MerkleHash left = root_by_definition(leaves, k);
    MerkleHash right = root_by_definition(leaves + k, count - k);
    return merkle_node(&left, &right);
}

typedef struct Leaves {
    MerkleHash items[MOST_LEAVES];
    int asked;
    bool is_failing;
} Leaves;

static void fill(Leaves *leaves)
{
    *leaves = (Leaves){.asked = 0};
    for (uint8_t i = 0; i < MOST_LEAVES; i++)
        leaves->items[i] = leaf_of(&i, 1);
}

static bool range_of(void *data, uint64_t first, uint64_t last, MerkleHash *out, Error *err)
{
    Leaves *leaves = data;
    leaves->asked++;
    if (leaves->is_failing)
        return error_set(err, ERROR_UNAVAILABLE, .code = "db.unavailable");
    assert_true(first < last);
    *out = root_by_definition(leaves->items + first, last - first);
    return true;
}

/* The test data of the certificate transparency project: eight inputs, the roots of 0 to 8. */
static void test_known_roots(void **state)
{
    (void)state;
    static const char *const inputs[] = {
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    };
    static const char *const roots[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    MerkleTree tree = {0};
    for (size_t i = 0; i <= 8; i++) {
        MerkleHash root = merkle_root(&tree), expected = hash_from(roots[i]);
        assert_memory_equal(root.bytes, expected.bytes, sizeof root.bytes);
        if (i == 8)
            break;
        uint8_t data[16];
        size_t size = strlen(inputs[i]) / 2;
        assert_true(text_unhex(inputs[i], data, size));
        MerkleHash leaf = leaf_of(data, size);
        merkle_add(&tree, &leaf);
    }
}

static void test_frontier_agrees_with_the_definition(void **state)
{
    (void)state;
    Leaves leaves;
    fill(&leaves);
    MerkleTree tree = {0};
    for (uint64_t n = 1; n <= MOST_LEAVES; n++) {
        merkle_add(&tree, &leaves.items[n - 1]);
        MerkleHash root = merkle_root(&tree), expected = root_by_definition(leaves.items, n);
        assert_int_equal(tree.size, n);
        assert_true(merkle_equal(&root, &expected));
    }
}

static void test_a_restored_tree_goes_on(void **state)
{
    (void)state;
    Leaves leaves;
    fill(&leaves);
    MerkleTree whole = {0};
    for (uint64_t n = 0; n < MOST_LEAVES; n++) {
        MerkleTree again;
        size_t size = merkle_frontier_count(n) * MERKLE_HASH_SIZE;
        assert_true(merkle_restore(n, whole.frontier, size, &again));
        merkle_add(&whole, &leaves.items[n]);
        merkle_add(&again, &leaves.items[n]);
        MerkleHash a = merkle_root(&whole), b = merkle_root(&again);
        assert_true(merkle_equal(&a, &b));
        assert_false(merkle_restore(n, whole.frontier, size + 1, &again));
        assert_false(merkle_restore(n, whole.frontier, size + MERKLE_HASH_SIZE, &again));
    }
}

static void test_every_leaf_of_every_size_is_proven(void **state)
{
    (void)state;
    Leaves leaves;
    fill(&leaves);
    Error err = ERROR_NONE;
    for (uint64_t size = 1; size <= MOST_LEAVES; size++) {
        MerkleHash root = root_by_definition(leaves.items, size);
        for (uint64_t index = 0; index < size; index++) {
            MerklePath path;
            assert_true(merkle_prove(index, size, range_of, &leaves, &path, &err));
            assert_true(merkle_verify(&leaves.items[index], index, size, &path, &root));
            assert_true(path.count <= 8);
        }
    }
}

/* Whatever differs from the truth by one thing does not verify. */
static void assert_only_the_truth_holds(const Leaves *leaves, uint64_t index, uint64_t size,
                                        const MerklePath *path, const MerkleHash *root)
{
    const MerkleHash *leaf = &leaves->items[index];
    for (uint64_t other = 0; other <= size + 1; other++)
        assert_int_equal(merkle_verify(leaf, other, size, path, root), other == index);
    assert_false(merkle_verify(&leaves->items[index + 1], index, size, path, root));
    MerklePath shorter = *path;
    shorter.count--;
    assert_false(merkle_verify(leaf, index, size, &shorter, root));
    MerklePath longer = *path;
    longer.hashes[longer.count++] = *root;
    assert_false(merkle_verify(leaf, index, size, &longer, root));
    for (size_t i = 0; i < path->count; i++) {
        MerklePath bent = *path;
        bent.hashes[i].bytes[i] ^= 1;
        assert_false(merkle_verify(leaf, index, size, &bent, root));
    }
}

static void test_no_wrong_proof_holds(void **state)
{
    (void)state;
    Leaves leaves;
    fill(&leaves);
    Error err = ERROR_NONE;
    for (uint64_t size = 2; size <= 40; size++) {
        MerkleHash root = root_by_definition(leaves.items, size);
        for (uint64_t index = 0; index < size; index++) {
            MerklePath path;
            assert_true(merkle_prove(index, size, range_of, &leaves, &path, &err));
            assert_only_the_truth_holds(&leaves, index, size, &path, &root);
        }
    }
}

static void test_a_path_beyond_its_room_is_false(void **state)
{
    (void)state;
    MerkleHash leaf = leaf_of("x", 1);
    MerklePath path = {.count = MERKLE_DEPTH + 1};
    assert_false(merkle_verify(&leaf, 0, 2, &path, &leaf));
    path.count = 0;
    assert_true(merkle_verify(&leaf, 0, 1, &path, &leaf));
    assert_false(merkle_verify(&leaf, 0, 0, &path, &leaf));
    assert_false(merkle_verify(&leaf, UINT64_MAX, UINT64_MAX, &path, &leaf));
}

static void test_a_failing_range_fails_the_proof(void **state)
{
    (void)state;
    Leaves leaves;
    fill(&leaves);
    leaves.is_failing = true;
    MerklePath path;
    Error err = ERROR_NONE;
    assert_false(merkle_prove(3, 9, range_of, &leaves, &path, &err));
    assert_string_equal(err.code, "db.unavailable");
    assert_int_equal(leaves.asked, 1);
    err = ERROR_NONE;
    assert_true(merkle_prove(0, 1, range_of, &leaves, &path, &err)); /* nothing to ask */
    assert_int_equal(path.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_roots),
        cmocka_unit_test(test_frontier_agrees_with_the_definition),
        cmocka_unit_test(test_a_restored_tree_goes_on),
        cmocka_unit_test(test_every_leaf_of_every_size_is_proven),
        cmocka_unit_test(test_no_wrong_proof_holds),
        cmocka_unit_test(test_a_path_beyond_its_room_is_false),
        cmocka_unit_test(test_a_failing_range_fails_the_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
