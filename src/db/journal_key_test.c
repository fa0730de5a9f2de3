/* journal_key_test.c - the key file, and checkpoints that others can check without this program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <sys/stat.h>

#include "test_db.h"
#include "test_journal.h"

static const char *key_path(TestDb *test)
{
    return arena_printf(test->arena, "%s/journal.key", test_folder(test));
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    unlink(path);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL, mode);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
}

static const char *read_file(Arena *arena, const char *path)
{
    char text[8192];
    int file = open(path, O_RDONLY);
    ssize_t size = read(file, text, sizeof text);
    assert_true(size > 0);
    close(file);
    return arena_text_n(arena, text, (size_t)size);
}

static void assert_refused(TestDb *test, const char *path, const char *reason)
{
    Error err = ERROR_NONE;
    assert_null(journal_key_open(test->arena, path, &err));
    assert_string_equal(err.code, "journal.key_file");
    if (!strstr(err.detail, reason) || !strstr(err.detail, path))
        fail_msg("\"%s\" instead of \"%s\"", err.detail, reason);
}

/* ---- the file -------------------------------------------------------------------------------- */

static void test_a_new_key_is_private_and_stays(TestDb *test)
{
    Error err = ERROR_NONE;
    const char *path = key_path(test);
    JournalKey *first = journal_key_open(test->arena, path, &err);
    assert_non_null(first);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    JournalKey *again = journal_key_open(test->arena, path, &err);
    assert_non_null(again);
    assert_string_equal(journal_key_public(first, test->arena),
                        journal_key_public(again, test->arena));
    JournalKey *other = test_key(test);
    assert_string_not_equal(journal_key_public(first, test->arena),
                            journal_key_public(other, test->arena));
}

static void test_no_draft_is_left_behind(TestDb *test)
{
    Error err = ERROR_NONE;
    const char *folder = test_folder(test);
    const char *path = arena_printf(test->arena, "%s/k", folder);
    assert_non_null(journal_key_open(test->arena, path, &err));
    int files = 0;
    DIR *listing = opendir(folder);
    for (struct dirent *one = readdir(listing); one; one = readdir(listing))
        files += one->d_name[0] != '.';
    closedir(listing);
    assert_int_equal(files, 1);
}

static void test_a_key_that_others_may_read_is_refused(TestDb *test)
{
    static const mode_t modes[] = {0640, 0604, 0660, 0777, 0601};
    Error err = ERROR_NONE;
    const char *path = key_path(test);
    assert_non_null(journal_key_open(test->arena, path, &err));
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        chmod(path, modes[i]);
        assert_refused(test, path, "chmod 600");
    }
    chmod(path, 0400);
    assert_non_null(journal_key_open(test->arena, path, &err));
}

static const char *pem_of(Arena *arena, EVP_PKEY *pair, bool has_passphrase)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *text;
    const EVP_CIPHER *cipher = has_passphrase ? EVP_aes_256_cbc() : NULL;
    unsigned char word[] = "word";
    assert_int_equal(PEM_write_bio_PrivateKey(out, pair, cipher, cipher ? word : NULL,
                                              cipher ? 4 : 0, NULL, NULL),
                     1);
    long size = BIO_get_mem_data(out, &text);
    const char *copy = arena_text_n(arena, text, (size_t)size);
    BIO_free(out);
    return copy;
}

static void test_what_is_no_key_is_refused(TestDb *test)
{
    const char *path = key_path(test);
    EVP_PKEY *curve = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    EVP_PKEY *edwards = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    const char *whole = pem_of(test->arena, edwards, false);
    const char *texts[] = {
        "",
        "hello\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        arena_text_n(test->arena, whole, strlen(whole) / 2),
        pem_of(test->arena, curve, false),
        pem_of(test->arena, edwards, true),
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        write_file(path, texts[i], 0600);
        assert_refused(test, path, "no Ed25519 private key");
    }
    Error err = ERROR_NONE;
    write_file(path, whole, 0600);
    assert_non_null(journal_key_open(test->arena, path, &err));
    EVP_PKEY_free(curve);
    EVP_PKEY_free(edwards);
}

static void test_what_is_no_file_is_refused(TestDb *test)
{
    const char *folder = test_folder(test);
    assert_refused(test, folder, "is not a file");
    assert_refused(test, arena_printf(test->arena, "%s/no/where", folder), "No such file");
}

/* ---- checkpoints ----------------------------------------------------------------------------- */

/* The lines of a text; the last, empty part behind the last line end is left out. */
static size_t lines_of(Arena *arena, const char *text, const char ***out)
{
    assert_true(text_ends_with(text, "\n"));
    return text_split(arena, text, '\n', out) - 1;
}

static size_t decode(const char *text, uint8_t *out)
{
    size_t length = strlen(text), padding = 0;
    while (padding < 2 && text[length - 1 - padding] == '=')
        padding++;
    int size = EVP_DecodeBlock(out, (const unsigned char *)text, (int)length);
    assert_true(size > 0);
    return (size_t)size - padding;
}

/* As another program would, from the published line alone: name+hash+key. */
static bool is_signed_by(Arena *arena, const char *public_line, const char *checkpoint)
{
    const char **parts, **lines, **words;
    uint8_t key[64], note[160], hash[SHA256_DIGEST_LENGTH];
    assert_int_equal(text_split(arena, public_line, '+', &parts) >= 3, 1);
    const char *key_text = strchr(strchr(public_line, '+') + 1, '+') + 1;
    assert_int_equal(decode(key_text, key), 33);
    assert_int_equal(key[0], 1);

    const char *named = arena_printf(arena, "%s\n", parts[0]);
    uint8_t text[128];
    memcpy(text, named, strlen(named));
    memcpy(text + strlen(named), key, 33);
    SHA256(text, strlen(named) + 33, hash);
    assert_string_equal(parts[1], text_hex(arena, hash, 4));

    assert_int_equal(lines_of(arena, checkpoint, &lines), 5);
    assert_int_equal(text_split(arena, lines[4], ' ', &words), 3);
    assert_string_equal(words[0], "—");
    assert_string_equal(words[1], parts[0]);
    assert_int_equal(decode(words[2], note), 68);
    assert_memory_equal(note, hash, 4);

    size_t body = (size_t)(strstr(checkpoint, "\n\n") + 1 - checkpoint);
    EVP_PKEY *public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key + 1, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key), 1);
    bool is_good =
        EVP_DigestVerify(context, note + 4, 64, (const unsigned char *)checkpoint, body) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public_key);
    return is_good;
}

static void test_a_checkpoint_is_a_signed_note(TestDb *test)
{
    Error err = ERROR_NONE;
    const char *path = key_path(test), *text = NULL, **lines;
    JournalKey *key = journal_key_open(test->arena, path, &err);
    test_story(test, 1, 5);
    test_seal(test, key, 100);
    assert_true(journal_checkpoint(test->db, test->arena, &text, &err));
    assert_int_equal(lines_of(test->arena, text, &lines), 5);
    assert_true(text_starts_with(lines[0], "yimen.journal/"));
    assert_string_equal(lines[1], "5");
    uint8_t root[64];
    assert_int_equal(decode(lines[2], root), 32);
    assert_string_equal(lines[3], "");

    const char *public_line = journal_key_public(key, test->arena);
    assert_true(is_signed_by(test->arena, public_line, text));
    assert_true(is_signed_by(test->arena, public_line, text));
    char *larger = arena_text(test->arena, text);
    strstr(larger, "\n5\n")[1] = '6';
    assert_false(is_signed_by(test->arena, public_line, larger));
    assert_non_null(strstr(read_file(test->arena, path), "BEGIN PRIVATE KEY"));
}

typedef struct Bend {
    const char *what;
    const char *from, *to; /* the first `from` becomes `to` */
    bool is_readable;
} Bend;

static const char *bent(Arena *arena, const char *text, const Bend *bend)
{
    const char *place = strstr(text, bend->from);
    assert_non_null(place);
    return arena_printf(arena, "%.*s%s%s", (int)(place - text), text, bend->to,
                        place + strlen(bend->from));
}

static void test_checkpoints_are_read_strictly(TestDb *test)
{
    static const Bend bends[] = {
        {"as it is", "\n5\n", "\n5\n", true},
        {"a witness before", "\n\n", "\n\n— witness.example/w AAAA\n", true},
        {"no size", "\n5\n", "\n\n", false},
        {"a sign", "\n5\n", "\n+5\n", false},
        {"a negative size", "\n5\n", "\n-5\n", false},
        {"a leading zero", "\n5\n", "\n05\n", false},
        {"a space", "\n5\n", "\n 5\n", false},
        {"a number beyond 64 bits", "\n5\n", "\n99999999999999999999\n", false},
        {"a line more", "\n5\n", "\n5\n5\n", false},
        {"no empty line", "\n\n", "\n", false},
        {"another mark", "—", "-", false},
        {"base64 without padding", "=\n\n", "\n\n", false},
        {"base64 of more", "=\n\n", "AAA=\n\n", false},
        {"a signature of another name", "— yimen", "— nemiy", false},
        {"no origin", "yimen.journal/", "\n", false},
    };
    Error err = ERROR_NONE;
    const char *text = NULL;
    JournalKey *key = test_key(test);
    test_story(test, 1, 5);
    test_seal(test, key, 100);
    assert_true(journal_checkpoint(test->db, test->arena, &text, &err));
    for (size_t i = 0; i < sizeof bends / sizeof bends[0]; i++) {
        JournalReport report;
        err = ERROR_NONE;
        bool is_read = journal_verify(test->db, key, test->arena,
                                      bent(test->arena, text, &bends[i]), &report, &err);
        if (is_read != bends[i].is_readable)
            fail_msg("%s: %s", bends[i].what, is_read ? "was read" : err.code);
        if (is_read)
            assert_int_equal(report.findings.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_on_engine(test_a_new_key_is_private_and_stays, "", DB_SQLITE, .writers = 0),
        test_on_engine(test_no_draft_is_left_behind, "", DB_SQLITE, .writers = 0),
        test_on_engine(test_a_key_that_others_may_read_is_refused, "", DB_SQLITE, .writers = 0),
        test_on_engine(test_what_is_no_key_is_refused, "", DB_SQLITE, .writers = 0),
        test_on_engine(test_what_is_no_file_is_refused, "", DB_SQLITE, .writers = 0),
        test_on_engine(test_a_checkpoint_is_a_signed_note, "", DB_SQLITE, .writers = 0),
        test_on_engine(test_checkpoints_are_read_strictly, "", DB_SQLITE, .writers = 0),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
