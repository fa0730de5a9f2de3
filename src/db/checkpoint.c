/*
 * checkpoint.c - checkpoints as text: writing, signing's counterpart, and reading strictly.
 *
 *     public key, size, root -> body -> (signature) -> text -> checkpoint_parse -> checkpoint_is_by
 */
#include "db/checkpoint.h"

#include <stdio.h>
#include <string.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/text.h"

enum {
    ORIGIN_SIZE = 48,
    NOTE_SIZE = CHECKPOINT_KEY_HASH_SIZE + CHECKPOINT_SIGNATURE_SIZE,
    ALGORITHM_ED25519 = 0x01,
};

#define SIGNATURE_MARK "\xE2\x80\x94 " /* an em dash and a space */

/* ---- writing --------------------------------------------------------------------------------- */

static void origin_of(const uint8_t public_key[CHECKPOINT_KEY_SIZE], char out[ORIGIN_SIZE])
{
    uint8_t hash[SHA256_DIGEST_LENGTH];
    SHA256(public_key, CHECKPOINT_KEY_SIZE, hash);
    snprintf(out, ORIGIN_SIZE, "yimen.journal/%02x%02x%02x%02x%02x%02x%02x%02x", hash[0], hash[1],
             hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]);
}

/* First bytes of SHA-256(name || 0x0A || algorithm || public key), as signed notes have it. */
static void key_hash_of(const uint8_t public_key[CHECKPOINT_KEY_SIZE],
                        uint8_t out[CHECKPOINT_KEY_HASH_SIZE])
{
    uint8_t text[ORIGIN_SIZE + 2 + CHECKPOINT_KEY_SIZE], hash[SHA256_DIGEST_LENGTH];
    origin_of(public_key, (char *)text);
    size_t length = strlen((char *)text);
    text[length++] = '\n';
    text[length++] = ALGORITHM_ED25519;
    memcpy(text + length, public_key, CHECKPOINT_KEY_SIZE);
    SHA256(text, length + CHECKPOINT_KEY_SIZE, hash);
    memcpy(out, hash, CHECKPOINT_KEY_HASH_SIZE);
}

size_t checkpoint_body(const uint8_t public_key[CHECKPOINT_KEY_SIZE], uint64_t size,
                       const MerkleHash *root, char out[CHECKPOINT_BODY_SIZE])
{
    char origin[ORIGIN_SIZE], encoded[64];
    origin_of(public_key, origin);
    EVP_EncodeBlock((unsigned char *)encoded, root->bytes, MERKLE_HASH_SIZE);
    return (size_t)snprintf(out, CHECKPOINT_BODY_SIZE, "%s\n%llu\n%s\n", origin,
                            (unsigned long long)size, encoded);
}

const char *checkpoint_text(Arena *arena, const uint8_t public_key[CHECKPOINT_KEY_SIZE],
                            uint64_t size, const MerkleHash *root,
                            const uint8_t signature[CHECKPOINT_SIGNATURE_SIZE])
{
    char body[CHECKPOINT_BODY_SIZE], origin[ORIGIN_SIZE], encoded[128];
    uint8_t note[NOTE_SIZE];
    checkpoint_body(public_key, size, root, body);
    origin_of(public_key, origin);
    key_hash_of(public_key, note);
    memcpy(note + CHECKPOINT_KEY_HASH_SIZE, signature, CHECKPOINT_SIGNATURE_SIZE);
    EVP_EncodeBlock((unsigned char *)encoded, note, NOTE_SIZE);
    return arena_printf(arena, "%s\n" SIGNATURE_MARK "%s %s\n", body, origin, encoded);
}

const char *checkpoint_public_line(Arena *arena, const uint8_t public_key[CHECKPOINT_KEY_SIZE])
{
    char origin[ORIGIN_SIZE], encoded[64];
    uint8_t hash[CHECKPOINT_KEY_HASH_SIZE], text[1 + CHECKPOINT_KEY_SIZE] = {ALGORITHM_ED25519};
    origin_of(public_key, origin);
    key_hash_of(public_key, hash);
    memcpy(text + 1, public_key, CHECKPOINT_KEY_SIZE);
    EVP_EncodeBlock((unsigned char *)encoded, text, sizeof text);
    return arena_printf(arena, "%s+%s+%s", origin, text_hex(arena, hash, sizeof hash), encoded);
}

/* ---- reading --------------------------------------------------------------------------------- */

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
    memcpy(out->key_hash, note, CHECKPOINT_KEY_HASH_SIZE);
    memcpy(out->signature, note + CHECKPOINT_KEY_HASH_SIZE, CHECKPOINT_SIGNATURE_SIZE);
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

/* ---- believing ------------------------------------------------------------------------------- */

bool checkpoint_is_signed(const uint8_t public_key[CHECKPOINT_KEY_SIZE], uint64_t size,
                          const MerkleHash *root,
                          const uint8_t signature[CHECKPOINT_SIGNATURE_SIZE])
{
    char body[CHECKPOINT_BODY_SIZE];
    size_t length = checkpoint_body(public_key, size, root, body);
    EVP_PKEY *key =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, CHECKPOINT_KEY_SIZE);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_good = key && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                   EVP_DigestVerify(context, signature, CHECKPOINT_SIGNATURE_SIZE,
                                    (const unsigned char *)body, length) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return is_good;
}

bool checkpoint_is_by(const Checkpoint *checkpoint, const uint8_t public_key[CHECKPOINT_KEY_SIZE])
{
    char origin[ORIGIN_SIZE];
    uint8_t key_hash[CHECKPOINT_KEY_HASH_SIZE];
    origin_of(public_key, origin);
    key_hash_of(public_key, key_hash);
    return strcmp(checkpoint->origin, origin) == 0 &&
           memcmp(checkpoint->key_hash, key_hash, sizeof key_hash) == 0 &&
           checkpoint_is_signed(public_key, checkpoint->size, &checkpoint->root,
                                checkpoint->signature);
}
