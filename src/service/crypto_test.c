/* crypto_test.c - sealed fields, blind indexes, key files, tokens, passwords. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/list.h"
#include "base/text.h"
#include "service/crypto.h"

#define KEY_1 "1 1111111111111111111111111111111111111111111111111111111111111111\n"
#define KEY_2 "2 2222222222222222222222222222222222222222222222222222222222222222\n"
#define KEY_3 "3 3333333333333333333333333333333333333333333333333333333333333333\n"

static Arena *arena;
static char file[] = "/tmp/yimen-keys-XXXXXX";

static const SealPlace place = {.tenant = 1, .table = "account", .column = "phone", .row = 77};

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(0);
    memcpy(file + sizeof file - 7, "XXXXXX", 6);
    close(mkstemp(file));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(file);
    arena_destroy(arena);
    return 0;
}

static void write_keys(const char *text)
{
    FILE *stream = fopen(file, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, strlen(text), stream), strlen(text));
    assert_int_equal(fclose(stream), 0);
}

static KeyRing *open_keys(void)
{
    Error err = ERROR_NONE;
    KeyRing *keys = keyring_open(arena, file, &err);
    if (!keys)
        fail_msg("%s: %s", err.code, err.detail);
    return keys;
}

static KeyRing *keys_of(const char *text)
{
    write_keys(text);
    return open_keys();
}

/* NULL and crypto.unreadable, or the text. */
static const char *opened(const KeyRing *keys, SealPlace where, DbBytes sealed)
{
    Error err = ERROR_NONE;
    const char *text = keyring_unseal(keys, arena, where, sealed, &err);
    if (!text) {
        assert_string_equal(err.code, "crypto.unreadable");
        assert_int_equal(err.kind, ERROR_INTERNAL);
    }
    return text;
}

/* ---- sealing --------------------------------------------------------------------------------- */

static void test_sealing(void **state)
{
    (void)state;
    const KeyRing *keys = keys_of(KEY_1);
    const char *const texts[] = {"", "1", "13800000001", "滨河路9号",
                                 arena_printf(arena, "%0100000d", 7)};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        DbBytes one = keyring_seal(keys, arena, place, texts[i]);
        DbBytes two = keyring_seal(keys, arena, place, texts[i]);
        assert_int_equal(one.size, 2 + 12 + strlen(texts[i]) + 16);
        assert_memory_not_equal(one.data, two.data, one.size); /* a nonce of its own each time */
        assert_string_equal(opened(keys, place, one), texts[i]);
        assert_string_equal(opened(keys, place, two), texts[i]);
        if (strlen(texts[i]) > 4)
            assert_null(memmem(one.data, one.size, texts[i], strlen(texts[i])));
    }
}

static void test_moved(void **state)
{
    (void)state;
    static const SealPlace others[] = {
        {2, "account", "phone", 77},  {1, "dossier", "phone", 77},  {1, "account", "name", 77},
        {1, "account", "phone", 78},  {1, "account", "phone", 7},   {1, "accoun", "tphone", 77},
        {11, "account", "phone", 77}, {1, "account|phone", "", 77},
    };
    const KeyRing *keys = keys_of(KEY_1);
    DbBytes sealed = keyring_seal(keys, arena, place, "13800000001");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_null(opened(keys, others[i], sealed));
    assert_non_null(opened(keys, place, sealed));
}

/* Every bit of a sealed value counts, and every length but its own is refused. */
static void test_altered(void **state)
{
    (void)state;
    const KeyRing *keys = keys_of(KEY_1);
    DbBytes sealed = keyring_seal(keys, arena, place, "13800000001");
    uint8_t *bytes = arena_copy(arena, sealed.data, sealed.size);
    DbBytes changed = {.data = bytes, .size = sealed.size};
    for (size_t bit = 0; bit < sealed.size * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_null(opened(keys, place, changed));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_string_equal(opened(keys, place, changed), "13800000001");
    for (changed.size = 0; changed.size < sealed.size; changed.size++)
        assert_null(opened(keys, place, changed));
    assert_null(opened(keys, place, (DbBytes){0}));
}

/* ---- rotation -------------------------------------------------------------------------------- */

static void test_rotation(void **state)
{
    (void)state;
    const KeyRing *before = keys_of(KEY_1);
    DbBytes old = keyring_seal(before, arena, place, "old");
    const KeyRing *after = keys_of(KEY_1 KEY_2);
    DbBytes new = keyring_seal(after, arena, place, "new");
    assert_int_equal(((const uint8_t *)old.data)[1], 1);
    assert_int_equal(((const uint8_t *)new.data)[1], 2);
    assert_string_equal(opened(after, place, old), "old");
    assert_string_equal(opened(after, place, new), "new");
    assert_null(opened(before, place, new));
    const KeyRing *lost = keys_of(KEY_2 KEY_3);
    assert_null(opened(lost, place, old));
    assert_string_equal(opened(lost, place, new), "new");
    const KeyRing *other =
        keys_of("1 4444444444444444444444444444444444444444444444444444444444444444");
    assert_null(opened(other, place, old));
}

static void test_blind(void **state)
{
    (void)state;
    const KeyRing *keys = keys_of(KEY_1);
    const char *blind = keyring_blind(keys, arena, "account.phone", "13800000001");
    assert_int_equal(strlen(blind), 64);
    assert_int_equal(strspn(blind, "0123456789abcdef"), 64);
    assert_string_equal(keyring_blind(keys, arena, "account.phone", "13800000001"), blind);
    assert_string_not_equal(keyring_blind(keys, arena, "account.phone", "13800000002"), blind);
    assert_string_not_equal(keyring_blind(keys, arena, "party.phone", "13800000001"), blind);
    assert_string_equal(
        keyring_blind(keys_of(KEY_1 KEY_2 KEY_3), arena, "account.phone", "13800000001"), blind);
    assert_string_not_equal(keyring_blind(keys_of(KEY_2), arena, "account.phone", "13800000001"),
                            blind);
}

/* ---- key file -------------------------------------------------------------------------------- */

static void test_new_key_file(void **state)
{
    (void)state;
    struct stat about;
    unlink(file);
    DbBytes sealed = keyring_seal(open_keys(), arena, place, "kept");
    assert_int_equal(stat(file, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    assert_string_equal(opened(open_keys(), place, sealed), "kept"); /* read, not made again */
    unlink(file);
    assert_null(opened(open_keys(), place, sealed)); /* each installation has its own */
}

/* Keys that somebody else can read are no keys. */
static void test_key_file_that_others_may_read(void **state)
{
    (void)state;
    static const mode_t modes[] = {0644, 0640, 0604, 0660, 0666};
    write_keys(KEY_1);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        Error err = ERROR_NONE;
        assert_int_equal(chmod(file, modes[i]), 0);
        assert_null(keyring_open(arena, file, &err));
        assert_string_equal(err.code, "crypto.key_file");
    }
    assert_int_equal(chmod(file, 0400), 0);
    open_keys();
}

static void test_bad_key_files(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "1",
        "1 ",
        "hello",
        "1 11111111111111111111111111111111111111111111111111111111111111",     /* 31 bytes */
        "1 111111111111111111111111111111111111111111111111111111111111111111", /* 33 bytes */
        "1 zzzz111111111111111111111111111111111111111111111111111111111111",
        "0 1111111111111111111111111111111111111111111111111111111111111111",
        "256 1111111111111111111111111111111111111111111111111111111111111111",
        "-1 1111111111111111111111111111111111111111111111111111111111111111",
        "1 1111111111111111111111111111111111111111111111111111111111111111 x",
        KEY_1 "nonsense\n",
        KEY_1 KEY_2 KEY_1, /* a number twice: which one opens? */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Error err = ERROR_NONE;
        write_keys(bad[i]);
        if (keyring_open(arena, file, &err))
            fail_msg("taken: \"%s\"", bad[i]);
        assert_string_equal(err.code, "crypto.key_file");
        assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    }
}

/* All 32 keys that a ring holds are read; one more is told and not cut off. */
static void test_many_keys(void **state)
{
    (void)state;
    Error err = ERROR_NONE;
    Buffer text = buffer_init(arena, 0);
    for (int i = 1; i <= 32; i++)
        buffer_printf(&text, "%d %064d\n", i, i);
    const KeyRing *keys = keys_of(buffer_text(&text));
    DbBytes sealed = keyring_seal(keys, arena, place, "x");
    assert_int_equal(((const uint8_t *)sealed.data)[1], 32);
    buffer_printf(&text, "33 %064d\n", 33);
    write_keys(buffer_text(&text));
    assert_null(keyring_open(arena, file, &err));
    assert_string_equal(err.code, "crypto.key_file");
}

static void test_places_where_no_file_can_be(void **state)
{
    (void)state;
    static const char *const paths[] = {"/proc/no/such/folder/keys", "/tmp", "/dev/null/keys"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        Error err = ERROR_NONE;
        assert_null(keyring_open(arena, paths[i], &err));
        assert_string_equal(err.code, "crypto.key_file");
    }
}

/* ---- tokens, hashes, passwords --------------------------------------------------------------- */

static void test_tokens(void **state)
{
    (void)state;
    Map seen = map_init(arena);
    size_t letters[128] = {0};
    for (int i = 0; i < 2000; i++) {
        const char *token = crypto_token(arena);
        assert_int_equal(strlen(token), 43);
        for (const char *at = token; *at; at++)
            letters[(unsigned char)*at & 127]++;
        assert_false(map_has(&seen, token));
        map_set(&seen, token, arena);
    }
    int used = 0;
    for (int i = 0; i < 128; i++)
        used += letters[i] > 0;
    assert_int_equal(used, 64);
}

static void test_hash(void **state)
{
    (void)state; /* FIPS 180-4 examples */
    assert_string_equal(crypto_hash(arena, "abc", 3),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(crypto_hash(arena, "", 0),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void test_passwords(void **state)
{
    (void)state;
    Error err = ERROR_NONE;
    const char *one = password_hash(arena, "demo-2026", &err);
    const char *two = password_hash(arena, "demo-2026", &err);
    assert_true(text_starts_with(one, "$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_string_not_equal(one, two); /* salted */
    assert_true(password_matches(one, "demo-2026"));
    assert_false(password_matches(one, "demo-2027"));
    assert_false(password_matches(one, ""));
    assert_false(password_matches("", "demo-2026"));
    assert_false(password_matches("demo-2026", "demo-2026"));
    assert_true(password_matches(password_hash(arena, "", &err), ""));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sealing),   TEST(test_moved),
        TEST(test_altered),   TEST(test_rotation),
        TEST(test_blind),     TEST(test_new_key_file),
        TEST(test_tokens),    TEST(test_key_file_that_others_may_read),
        TEST(test_many_keys), TEST(test_bad_key_files),
        TEST(test_hash),      TEST(test_places_where_no_file_can_be),
        TEST(test_passwords),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
