/*
 * journal_key.c - the key that signs seals, and checkpoints as text.
 *
 *     key file (PEM) -> JournalKey -> signature of (origin, size, root) -> seal row -> checkpoint
 *
 * A checkpoint is a C2SP tlog-checkpoint in a C2SP signed note with one Ed25519 signature:
 *
 *     yimen.journal/0123456789abcdef        origin: named after the public key
 *     1042                                  number of entries
 *     base64 of the root
 *                                           (an empty line)
 *     — origin base64(4 bytes key hash, 64 bytes signature)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "base/text.h"
#include "db/journal_internal.h"

enum {
    ORIGIN_SIZE = 48,
    KEY_HASH_SIZE = 4,
    NOTE_SIZE = KEY_HASH_SIZE + JOURNAL_SIGNATURE_SIZE,
    BODY_SIZE = 192,
    LARGEST_KEY_FILE = 16 * 1024,
    ALGORITHM_ED25519 = 0x01,
};

#define SIGNATURE_MARK "\xE2\x80\x94 " /* an em dash and a space */

struct JournalKey {
    EVP_PKEY *pair;
    uint8_t public_key[JOURNAL_KEY_SIZE];
};

/* ---- names and bodies ------------------------------------------------------------------------ */

static void origin_of(const uint8_t public_key[JOURNAL_KEY_SIZE], char out[ORIGIN_SIZE])
{
    uint8_t hash[SHA256_DIGEST_LENGTH];
    SHA256(public_key, JOURNAL_KEY_SIZE, hash);
    snprintf(out, ORIGIN_SIZE, "yimen.journal/%02x%02x%02x%02x%02x%02x%02x%02x", hash[0], hash[1],
             hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]);
}

/* First bytes of SHA-256(name || 0x0A || algorithm || public key), as signed notes have it. */
static void key_hash_of(const uint8_t public_key[JOURNAL_KEY_SIZE], uint8_t out[KEY_HASH_SIZE])
{
    uint8_t text[ORIGIN_SIZE + 2 + JOURNAL_KEY_SIZE], hash[SHA256_DIGEST_LENGTH];
    origin_of(public_key, (char *)text);
    size_t length = strlen((char *)text);
    text[length++] = '\n';
    text[length++] = ALGORITHM_ED25519;
    memcpy(text + length, public_key, JOURNAL_KEY_SIZE);
    SHA256(text, length + JOURNAL_KEY_SIZE, hash);
    memcpy(out, hash, KEY_HASH_SIZE);
}

/* The text that is signed; returns its length. */
static size_t body_of(const uint8_t public_key[JOURNAL_KEY_SIZE], uint64_t size,
                      const MerkleHash *root, char out[BODY_SIZE])
{
    char origin[ORIGIN_SIZE], encoded[64];
    origin_of(public_key, origin);
    EVP_EncodeBlock((unsigned char *)encoded, root->bytes, MERKLE_HASH_SIZE);
    return (size_t)snprintf(out, BODY_SIZE, "%s\n%llu\n%s\n", origin, (unsigned long long)size,
                            encoded);
}

/* ---- signing --------------------------------------------------------------------------------- */

bool journal_key_sign(const JournalKey *key, uint64_t size, const MerkleHash *root,
                      uint8_t out[JOURNAL_SIGNED_SIZE], Error *err)
{
    char body[BODY_SIZE];
    size_t length = body_of(key->public_key, size, root, body);
    size_t signature_size = JOURNAL_SIGNATURE_SIZE;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_signed = context && EVP_DigestSignInit(context, NULL, NULL, NULL, key->pair) == 1 &&
                     EVP_DigestSign(context, out + JOURNAL_KEY_SIZE, &signature_size,
                                    (const unsigned char *)body, length) == 1;
    EVP_MD_CTX_free(context);
    if (!is_signed)
        return error_set(err, ERROR_INTERNAL, .code = "journal.key_file",
                         .detail = "signing failed");
    memcpy(out, key->public_key, JOURNAL_KEY_SIZE);
    return true;
}

static bool is_signature(const JournalKey *key, uint64_t size, const MerkleHash *root,
                         const uint8_t signature[JOURNAL_SIGNATURE_SIZE])
{
    char body[BODY_SIZE];
    size_t length = body_of(key->public_key, size, root, body);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_good = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->pair) == 1 &&
                   EVP_DigestVerify(context, signature, JOURNAL_SIGNATURE_SIZE,
                                    (const unsigned char *)body, length) == 1;
    EVP_MD_CTX_free(context);
    return is_good;
}

bool journal_key_signed(const JournalKey *key, uint64_t size, const MerkleHash *root,
                        DbBytes signed_by)
{
    return signed_by.size == JOURNAL_SIGNED_SIZE &&
           memcmp(signed_by.data, key->public_key, JOURNAL_KEY_SIZE) == 0 &&
           is_signature(key, size, root, (const uint8_t *)signed_by.data + JOURNAL_KEY_SIZE);
}

/* ---- checkpoints ----------------------------------------------------------------------------- */

const char *checkpoint_text(Arena *arena, uint64_t size, const MerkleHash *root,
                            const uint8_t signed_by[JOURNAL_SIGNED_SIZE])
{
    char body[BODY_SIZE], origin[ORIGIN_SIZE], encoded[128];
    uint8_t note[NOTE_SIZE];
    body_of(signed_by, size, root, body);
    origin_of(signed_by, origin);
    key_hash_of(signed_by, note);
    memcpy(note + KEY_HASH_SIZE, signed_by + JOURNAL_KEY_SIZE, JOURNAL_SIGNATURE_SIZE);
    EVP_EncodeBlock((unsigned char *)encoded, note, NOTE_SIZE);
    return arena_printf(arena, "%s\n" SIGNATURE_MARK "%s %s\n", body, origin, encoded);
}

const char *checkpoint_of_seal(Arena *arena, const JournalSealRow *seal)
{
    MerkleHash root;
    if (seal->root.size != sizeof root || seal->signature.size != JOURNAL_SIGNED_SIZE)
        return NULL;
    memcpy(root.bytes, seal->root.data, sizeof root);
    return checkpoint_text(arena, (uint64_t)seal->last_position, &root, seal->signature.data);
}

const char *journal_key_public(const JournalKey *key, Arena *arena)
{
    char origin[ORIGIN_SIZE], encoded[64];
    uint8_t hash[KEY_HASH_SIZE], text[1 + JOURNAL_KEY_SIZE] = {ALGORITHM_ED25519};
    origin_of(key->public_key, origin);
    key_hash_of(key->public_key, hash);
    memcpy(text + 1, key->public_key, JOURNAL_KEY_SIZE);
    EVP_EncodeBlock((unsigned char *)encoded, text, sizeof text);
    return arena_printf(arena, "%s+%s+%s", origin, text_hex(arena, hash, sizeof hash), encoded);
}

/* A reader of lines that knows where it is, for errors. */
typedef struct Lines {
    const char *rest;
    int line;
    char text[160]; /* of the current line, without its end */
} Lines;

static bool next_line(Lines *lines)
{
    lines->line++;
    const char *end = strchr(lines->rest, '\n');
    if (!end || (size_t)(end - lines->rest) >= sizeof lines->text)
        return false;
    memcpy(lines->text, lines->rest, (size_t)(end - lines->rest));
    lines->text[end - lines->rest] = '\0';
    lines->rest = end + 1;
    return true;
}

/* Base64 of exactly `size` bytes (RFC 4648, padded, the one form only). */
static bool decode(const char *text, uint8_t *out, size_t size)
{
    uint8_t bytes[120];
    char again[160];
    size_t length = strlen(text);
    if (length != (size + 2) / 3 * 4 || length > sizeof again - 1)
        return false;
    if (EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)length) < 0)
        return false;
    EVP_EncodeBlock((unsigned char *)again, bytes, (int)size);
    if (strcmp(again, text) != 0)
        return false;
    memcpy(out, bytes, size);
    return true;
}

static bool read_size(const char *text, uint64_t *out)
{
    int64_t size;
    bool is_plain = text[0] >= '0' && text[0] <= '9' && (text[0] != '0' || !text[1]);
    if (!is_plain || !text_to_int64(text, &size))
        return false;
    *out = (uint64_t)size;
    return true;
}

/* A line of signature by `origin`. Other names are witnesses, whose lines may stand beside it. */
static bool read_signature(const char *line, const char *origin, Checkpoint *out)
{
    uint8_t note[NOTE_SIZE];
    size_t length = strlen(origin);
    if (!text_starts_with(line, SIGNATURE_MARK))
        return false;
    line += strlen(SIGNATURE_MARK);
    if (strncmp(line, origin, length) != 0 || line[length] != ' ')
        return false;
    if (!decode(line + length + 1, note, sizeof note))
        return false;
    memcpy(out->key_hash, note, KEY_HASH_SIZE);
    memcpy(out->signature, note + KEY_HASH_SIZE, JOURNAL_SIGNATURE_SIZE);
    return true;
}

static bool read_checkpoint(Lines *lines, Checkpoint *out)
{
    if (!next_line(lines) || !lines->text[0] || strlen(lines->text) >= sizeof out->origin)
        return false;
    memcpy(out->origin, lines->text, strlen(lines->text) + 1);
    if (!next_line(lines) || !read_size(lines->text, &out->size))
        return false;
    if (!next_line(lines) || !decode(lines->text, out->root.bytes, MERKLE_HASH_SIZE))
        return false;
    if (!next_line(lines) || lines->text[0])
        return false;
    while (next_line(lines))
        if (read_signature(lines->text, out->origin, out))
            return true;
    return false;
}

bool checkpoint_parse(const char *text, Checkpoint *out, Error *err)
{
    Lines lines = {.rest = text};
    *out = (Checkpoint){0};
    return read_checkpoint(&lines, out) ||
           error_set(err, ERROR_INVALID, .code = "journal.checkpoint_syntax", .field = "checkpoint",
                     .line = lines.line);
}

bool checkpoint_is_by(const Checkpoint *checkpoint, const JournalKey *key)
{
    char origin[ORIGIN_SIZE];
    uint8_t key_hash[KEY_HASH_SIZE];
    origin_of(key->public_key, origin);
    key_hash_of(key->public_key, key_hash);
    return strcmp(checkpoint->origin, origin) == 0 &&
           memcmp(checkpoint->key_hash, key_hash, KEY_HASH_SIZE) == 0 &&
           is_signature(key, checkpoint->size, &checkpoint->root, checkpoint->signature);
}

/* ---- the key file ---------------------------------------------------------------------------- */

static bool refuse(Arena *arena, const char *file, const char *reason, Error *err)
{
    return error_set(err, ERROR_UNAVAILABLE, .code = "journal.key_file",
                     .detail = arena_printf(arena, "%s: %s", file, reason));
}

static bool refuse_errno(Arena *arena, const char *file, Error *err)
{
    char text[128];
    return refuse(arena, file, strerror_r(errno, text, sizeof text), err);
}

/* PEM of a new pair, in secure order: nobody but BIO and the file ever holds it. */
static bool write_new_pair(int descriptor)
{
    EVP_PKEY *pair = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    BIO *out = BIO_new_fd(descriptor, BIO_NOCLOSE);
    bool is_written = pair && out &&
                      PEM_write_bio_PrivateKey(out, pair, NULL, NULL, 0, NULL, NULL) == 1 &&
                      fsync(descriptor) == 0;
    BIO_free(out);
    EVP_PKEY_free(pair);
    return is_written;
}

static void sync_folder(Arena *arena, const char *file)
{
    char *folder = arena_text(arena, file);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    int descriptor = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    fsync(descriptor);
    close(descriptor);
}

/* Under a name of its own first, then linked: two processes that start together agree on one key,
 * and a crash leaves no half of one. */
static bool create_file(Arena *arena, const char *file, Error *err)
{
    const char *draft = arena_printf(arena, "%s.%ld.new", file, (long)getpid());
    unlink(draft);
    int descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return refuse_errno(arena, file, err);
    bool is_written = write_new_pair(descriptor);
    close(descriptor);
    bool is_linked = is_written && (link(draft, file) == 0 || errno == EEXIST);
    if (!is_linked)
        refuse(arena, file, "the new key cannot be written", err);
    unlink(draft);
    sync_folder(arena, file);
    return is_linked;
}

static void free_pair(void *data)
{
    EVP_PKEY_free(data);
}

/* A key file with a passphrase is refused, not asked about on a terminal. */
static int no_passphrase(char *buffer, int size, int is_writing, void *data)
{
    (void)buffer, (void)size, (void)is_writing, (void)data;
    return -1;
}

static JournalKey *parse_key(Arena *arena, const char *file, const void *pem, size_t size,
                             Error *err)
{
    BIO *in = BIO_new_mem_buf(pem, (int)size);
    EVP_PKEY *pair = in ? PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL) : NULL;
    BIO_free(in);
    JournalKey *key = arena_new(arena, JournalKey);
    key->pair = pair;
    if (pair)
        arena_on_destroy(arena, free_pair, pair);
    size_t length = sizeof key->public_key;
    if (!pair || EVP_PKEY_get_id(pair) != EVP_PKEY_ED25519 ||
        EVP_PKEY_get_raw_public_key(pair, key->public_key, &length) != 1)
        refuse(arena, file, "no Ed25519 private key in PEM", err);
    return error_is_set(err) ? NULL : key;
}

static JournalKey *read_key(Arena *arena, const char *file, int descriptor, Error *err)
{
    char pem[LARGEST_KEY_FILE];
    struct stat about;
    if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode))
        return refuse(arena, file, "is not a file", err), NULL;
    if (about.st_mode & (S_IRWXG | S_IRWXO))
        return refuse(arena, file, "others may read it; chmod 600", err), NULL;
    ssize_t size = read(descriptor, pem, sizeof pem);
    if (size < 0)
        return refuse_errno(arena, file, err), NULL;
    JournalKey *key = parse_key(arena, file, pem, (size_t)size, err);
    OPENSSL_cleanse(pem, sizeof pem);
    return key;
}

JournalKey *journal_key_open(Arena *arena, const char *key_file, Error *err)
{
    Error own = ERROR_NONE;
    int descriptor = open(key_file, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT) {
        if (!create_file(arena, key_file, err))
            return NULL;
        descriptor = open(key_file, O_RDONLY | O_CLOEXEC);
    }
    if (descriptor < 0)
        return refuse_errno(arena, key_file, err), NULL;
    JournalKey *key = read_key(arena, key_file, descriptor, &own);
    close(descriptor);
    if (!key)
        error_fill(err, own);
    return key;
}
