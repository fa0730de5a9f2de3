/*
 * journal_key.c - the key that signs seals, and the file it lives in.
 *
 *     key file (PEM) -> JournalKey -> signature of (origin, size, root) -> seal row -> checkpoint
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "db/journal_internal.h"

enum { LARGEST_KEY_FILE = 16 * 1024 };

struct JournalKey {
    EVP_PKEY *pair;
    uint8_t public_key[CHECKPOINT_KEY_SIZE];
};

/* ---- signing --------------------------------------------------------------------------------- */

bool journal_key_sign(const JournalKey *key, uint64_t size, const MerkleHash *root,
                      uint8_t out[JOURNAL_SIGNED_SIZE], Error *err)
{
    char body[CHECKPOINT_BODY_SIZE];
    size_t length = checkpoint_body(key->public_key, size, root, body);
    size_t signature_size = CHECKPOINT_SIGNATURE_SIZE;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_signed = context && EVP_DigestSignInit(context, NULL, NULL, NULL, key->pair) == 1 &&
                     EVP_DigestSign(context, out + CHECKPOINT_KEY_SIZE, &signature_size,
                                    (const unsigned char *)body, length) == 1;
    EVP_MD_CTX_free(context);
    if (!is_signed)
        return error_set(err, ERROR_INTERNAL, .code = "journal.key_file",
                         .detail = "signing failed");
    memcpy(out, key->public_key, CHECKPOINT_KEY_SIZE);
    return true;
}

bool journal_key_signed(const JournalKey *key, uint64_t size, const MerkleHash *root,
                        DbBytes signed_by)
{
    return signed_by.size == JOURNAL_SIGNED_SIZE &&
           memcmp(signed_by.data, key->public_key, CHECKPOINT_KEY_SIZE) == 0 &&
           checkpoint_is_signed(key->public_key, size, root,
                                (const uint8_t *)signed_by.data + CHECKPOINT_KEY_SIZE);
}

bool journal_key_has_signed(const JournalKey *key, const Checkpoint *checkpoint)
{
    return checkpoint_is_by(checkpoint, key->public_key);
}

const char *checkpoint_of_seal(Arena *arena, const JournalSealRow *seal)
{
    MerkleHash root;
    if (seal->root.size != sizeof root || seal->signature.size != JOURNAL_SIGNED_SIZE)
        return NULL;
    memcpy(root.bytes, seal->root.data, sizeof root);
    const uint8_t *signed_by = seal->signature.data;
    return checkpoint_text(arena, signed_by, (uint64_t)seal->last_position, &root,
                           signed_by + CHECKPOINT_KEY_SIZE);
}

const char *journal_key_public(const JournalKey *key, Arena *arena)
{
    return checkpoint_public_line(arena, key->public_key);
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
