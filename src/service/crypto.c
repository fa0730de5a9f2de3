/*
 * crypto.c - sealed fields, blind indexes, tokens, passwords.
 *
 * Sealed value: version byte 1, key number byte, 12 bytes nonce, ciphertext, 16 bytes tag.
 * Key file: one line per key, "NUMBER HEX64"; the last line seals, every line opens. The first key
 * also derives the key of the blind indexes, so that rotation does not lose them.
 */
#include "service/crypto.h"

#include <argon2.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum {
    KEY_SIZE = CRYPTO_KEY_SIZE,
    NONCE_SIZE = 12,
    TAG_SIZE = 16,
    HEAD_SIZE = 2 + NONCE_SIZE,
    KEY_LIMIT = 32,
    SEALED_VERSION = 1,
    ABOUT_SIZE = 160,
    GCM_MOST = 1 << 30,
};

struct KeyRing {
    unsigned char keys[KEY_LIMIT][KEY_SIZE];
    unsigned char numbers[KEY_LIMIT];
    size_t count;
    unsigned char blind[KEY_SIZE];
    EVP_CIPHER *cipher;
};

/* ---- key file -------------------------------------------------------------------------------- */

static const unsigned char *key_of(const KeyRing *keys, unsigned char number)
{
    for (size_t i = keys->count; i-- > 0;)
        if (keys->numbers[i] == number)
            return keys->keys[i];
    return NULL;
}

/* A number that comes twice is refused: what the first of the two keys sealed would be lost. */
static bool read_line(KeyRing *keys, Arena *arena, const char *line)
{
    const char **parts;
    int64_t number;
    if (text_split(arena, line, ' ', &parts) != 2 || !text_to_int64(parts[0], &number))
        return false;
    if (number < 1 || number > 255 || keys->count == KEY_LIMIT ||
        key_of(keys, (unsigned char)number))
        return false;
    keys->numbers[keys->count] = (unsigned char)number;
    return text_unhex(parts[1], keys->keys[keys->count++], KEY_SIZE);
}

static bool parse_keys(KeyRing *keys, Arena *arena, const char *text)
{
    const char **lines;
    size_t count = text_split(arena, text, '\n', &lines);
    for (size_t i = 0; i < count; i++)
        if (*lines[i] && !read_line(keys, arena, lines[i]))
            return false;
    return keys->count > 0;
}

static bool fail_file(Error *err, Arena *arena, const char *file)
{
    return error_set(err, ERROR_UNAVAILABLE, .code = "crypto.key_file",
                     .detail = arena_printf(arena, "%s: %s", file, strerror(errno)));
}

static const char *read_file(Arena *arena, int fd)
{
    char text[8192];
    ssize_t length = read(fd, text, sizeof text - 1);
    return length < 0 ? NULL : arena_text_n(arena, text, (size_t)length);
}

static bool write_new_file(Arena *arena, const char *file, const char **out_text)
{
    unsigned char key[KEY_SIZE];
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    if (RAND_bytes(key, sizeof key) != 1)
        abort();
    *out_text = arena_printf(arena, "1 %s\n", text_hex(arena, key, sizeof key));
    ssize_t length = (ssize_t)strlen(*out_text);
    bool is_written = write(fd, *out_text, (size_t)length) == length && fsync(fd) == 0;
    return close(fd) == 0 && is_written;
}

static bool load_text(Arena *arena, const char *file, const char **out_text)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT && write_new_file(arena, file, out_text);
    struct stat about;
    bool is_private = fstat(fd, &about) == 0 && (about.st_mode & 077) == 0;
    *out_text = is_private ? read_file(arena, fd) : NULL;
    errno = is_private ? errno : EACCES;
    close(fd);
    return *out_text != NULL;
}

static void free_cipher(void *data)
{
    EVP_CIPHER_free(data);
}

KeyRing *keyring_open(Arena *arena, const char *file, Error *err)
{
    KeyRing *keys = arena_new(arena, KeyRing);
    const char *text;
    if (!load_text(arena, file, &text)) {
        fail_file(err, arena, file);
        return NULL;
    }
    if (!parse_keys(keys, arena, text)) {
        error_set(err, ERROR_UNAVAILABLE, .code = "crypto.key_file", .detail = "not a key file");
        return NULL;
    }
    unsigned length = KEY_SIZE;
    HMAC(EVP_sha256(), keys->keys[0], KEY_SIZE, (const unsigned char *)"blind index", 11,
         keys->blind, &length);
    keys->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    assert(keys->cipher);
    arena_on_destroy(arena, free_cipher, keys->cipher);
    return keys;
}

/* ---- sealed fields --------------------------------------------------------------------------- */

static void place_text(SealPlace place, char out[ABOUT_SIZE])
{
    char tenant[INT64_TEXT_SIZE], row[INT64_TEXT_SIZE];
    text_of_int64(tenant, place.tenant);
    text_of_int64(row, place.row);
    const char *parts[] = {tenant, "|", place.table, "|", place.column, "|", row};
    bool has_room = text_put(out, ABOUT_SIZE, parts, sizeof parts / sizeof *parts);
    assert(has_room);
    (void)has_room;
}

/* A nonce is stored in clear beside what it sealed, so nothing is lost by drawing many at once: a
 * draw of twelve bytes costs as much as one of a few hundred. False without randomness. */
static bool take_nonce(unsigned char *out)
{
    enum { AT_ONCE = 64 };
    static _Thread_local unsigned char drawn[AT_ONCE][NONCE_SIZE];
    static _Thread_local size_t left;
    if (left == 0 && RAND_bytes(drawn[0], sizeof drawn) == 1)
        left = AT_ONCE;
    if (left == 0)
        return false;
    memcpy(out, drawn[--left], NONCE_SIZE);
    return true;
}

/* out: nonce, ciphertext, tag. */
static void gcm_seal(const EVP_CIPHER *cipher, const unsigned char *key, const char *about,
                     DbBytes data, unsigned char *out)
{
    unsigned char *body = out + NONCE_SIZE;
    int written;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool is_done =
        data.size <= GCM_MOST && take_nonce(out) &&
        EVP_EncryptInit_ex2(context, cipher, key, out, NULL) == 1 &&
        EVP_EncryptUpdate(context, NULL, &written, (const unsigned char *)about,
                          (int)strlen(about)) == 1 &&
        EVP_EncryptUpdate(context, body, &written, data.data, (int)data.size) == 1 &&
        EVP_EncryptFinal_ex(context, body + data.size, &written) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, body + data.size) == 1;
    EVP_CIPHER_CTX_free(context);
    if (!is_done)
        abort(); /* no randomness or no cipher: nothing may be stored in clear instead */
}

/* out has room for sealed.size - NONCE_SIZE - TAG_SIZE bytes. */
static bool gcm_open(const EVP_CIPHER *cipher, const unsigned char *key, const char *about,
                     DbBytes sealed, unsigned char *out)
{
    const unsigned char *bytes = sealed.data;
    size_t length = sealed.size - NONCE_SIZE - TAG_SIZE;
    unsigned char tag[TAG_SIZE];
    int written;
    memcpy(tag, bytes + NONCE_SIZE + length, TAG_SIZE);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool is_open =
        EVP_DecryptInit_ex2(context, cipher, key, bytes, NULL) == 1 &&
        EVP_DecryptUpdate(context, NULL, &written, (const unsigned char *)about,
                          (int)strlen(about)) == 1 &&
        EVP_DecryptUpdate(context, out, &written, bytes + NONCE_SIZE, (int)length) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag) == 1 &&
        EVP_DecryptFinal_ex(context, out + length, &written) == 1;
    EVP_CIPHER_CTX_free(context);
    return is_open;
}

DbBytes keyring_seal(const KeyRing *keys, Arena *arena, SealPlace place, const char *text)
{
    size_t length = strlen(text);
    unsigned char *sealed = arena_alloc(arena, HEAD_SIZE + length + TAG_SIZE);
    char about[ABOUT_SIZE];
    place_text(place, about);
    sealed[0] = SEALED_VERSION;
    sealed[1] = keys->numbers[keys->count - 1];
    gcm_seal(keys->cipher, keys->keys[keys->count - 1], about,
             (DbBytes){.data = text, .size = length}, sealed + 2);
    return (DbBytes){.data = sealed, .size = HEAD_SIZE + length + TAG_SIZE};
}

const char *keyring_unseal(const KeyRing *keys, Arena *arena, SealPlace place, DbBytes sealed,
                           Error *err)
{
    const unsigned char *bytes = sealed.data;
    bool is_whole = bytes && sealed.size >= HEAD_SIZE + TAG_SIZE && bytes[0] == SEALED_VERSION;
    const unsigned char *key = is_whole ? key_of(keys, bytes[1]) : NULL;
    char about[ABOUT_SIZE];
    place_text(place, about);
    if (key) {
        char *text = arena_alloc(arena, sealed.size - HEAD_SIZE - TAG_SIZE + 1);
        DbBytes inner = {.data = bytes + 2, .size = sealed.size - 2};
        if (gcm_open(keys->cipher, key, about, inner, (unsigned char *)text))
            return text;
    }
    error_set(err, ERROR_INTERNAL, .code = "crypto.unreadable",
              .detail = arena_printf(arena, "%s.%s", place.table, place.column));
    return NULL;
}

DbBytes crypto_encrypt(Arena *arena, const unsigned char key[CRYPTO_KEY_SIZE], const char *about,
                       DbBytes data)
{
    unsigned char *out = arena_alloc(arena, NONCE_SIZE + data.size + TAG_SIZE);
    gcm_seal(EVP_aes_256_gcm(), key, about, data, out);
    return (DbBytes){.data = out, .size = NONCE_SIZE + data.size + TAG_SIZE};
}

bool crypto_decrypt(Arena *arena, const unsigned char key[CRYPTO_KEY_SIZE], const char *about,
                    DbBytes sealed, DbBytes *out)
{
    if (sealed.size < NONCE_SIZE + TAG_SIZE || sealed.size > GCM_MOST)
        return false;
    size_t size = sealed.size - NONCE_SIZE - TAG_SIZE;
    unsigned char *data = arena_alloc(arena, size + 1);
    *out = (DbBytes){.data = data, .size = size};
    return gcm_open(EVP_aes_256_gcm(), key, about, sealed, data);
}

void crypto_random(void *out, size_t size)
{
    if (RAND_bytes(out, (int)size) != 1)
        abort();
}

const char *keyring_blind(const KeyRing *keys, Arena *arena, const char *use, const char *value)
{
    const char *message = arena_printf(arena, "%s|%s", use, value);
    unsigned char digest[KEY_SIZE];
    unsigned length = sizeof digest;
    HMAC(EVP_sha256(), keys->blind, KEY_SIZE, (const unsigned char *)message, strlen(message),
         digest, &length);
    return text_hex(arena, digest, sizeof digest);
}

/* ---- tokens and hashes ----------------------------------------------------------------------- */

const char *crypto_token(Arena *arena)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned char random[43];
    if (RAND_bytes(random, sizeof random) != 1)
        abort();
    char *token = arena_alloc(arena, sizeof random + 1);
    for (size_t i = 0; i < sizeof random; i++)
        token[i] = letters[random[i] & 63];
    return token;
}

const char *crypto_hash(Arena *arena, const void *data, size_t length)
{
    unsigned char digest[32];
    unsigned size = sizeof digest;
    EVP_Digest(data, length, digest, &size, EVP_sha256(), NULL);
    return text_hex(arena, digest, sizeof digest);
}

void crypto_hmac_sha1(const void *key, size_t key_size, const void *data, size_t size,
                      unsigned char out[CRYPTO_SHA1_SIZE])
{
    unsigned length = CRYPTO_SHA1_SIZE;
    HMAC(EVP_sha1(), key, (int)key_size, data, size, out, &length);
}

/* ---- passwords ------------------------------------------------------------------------------- */

enum { PASSWORD_MEMORY_KIB = 19456, PASSWORD_PASSES = 2, PASSWORD_LANES = 1, AT_ONCE = 4 };

static sem_t hashing_slots;
static pthread_once_t slots_once = PTHREAD_ONCE_INIT;

static void make_slots(void)
{
    sem_init(&hashing_slots, 0, AT_ONCE);
}

static void take_slot(void)
{
    pthread_once(&slots_once, make_slots);
    while (sem_wait(&hashing_slots) != 0)
        continue;
}

const char *password_hash(Arena *arena, const char *password, Error *err)
{
    unsigned char salt[16];
    char encoded[128];
    if (RAND_bytes(salt, sizeof salt) != 1)
        abort();
    take_slot();
    int result =
        argon2id_hash_encoded(PASSWORD_PASSES, PASSWORD_MEMORY_KIB, PASSWORD_LANES, password,
                              strlen(password), salt, sizeof salt, 32, encoded, sizeof encoded);
    sem_post(&hashing_slots);
    if (result == ARGON2_OK)
        return arena_text(arena, encoded);
    error_set(err, ERROR_UNAVAILABLE, .code = "crypto.hash",
              .detail = argon2_error_message(result));
    return NULL;
}

bool password_matches(const char *encoded, const char *password)
{
    take_slot();
    int result = argon2id_verify(encoded, password, strlen(password));
    sem_post(&hashing_slots);
    return result == ARGON2_OK;
}

void password_check_nothing(const char *password)
{
    unsigned char salt[16] = {0}, out[32];
    take_slot();
    argon2id_hash_raw(PASSWORD_PASSES, PASSWORD_MEMORY_KIB, PASSWORD_LANES, password,
                      strlen(password), salt, sizeof salt, out, sizeof out);
    sem_post(&hashing_slots);
}
