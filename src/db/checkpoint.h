#ifndef DB_CHECKPOINT_H
#define DB_CHECKPOINT_H

/*
 * Checkpoint: a signed statement about the journal, "so many entries, this root", as a text that
 * leaves the machine. It is a C2SP tlog-checkpoint in a C2SP signed note, with one Ed25519
 * signature (RFC 8032):
 *
 *     yimen.journal/0123456789abcdef        origin: named after the public key
 *     1042                                  number of entries
 *     base64 of the root
 *                                           (an empty line)
 *     — origin base64(4 bytes key hash, 64 bytes signature)
 *
 * The first three lines are what is signed.
 */
#include "db/merkle.h"

enum {
    CHECKPOINT_KEY_SIZE = 32,
    CHECKPOINT_SIGNATURE_SIZE = 64,
    CHECKPOINT_KEY_HASH_SIZE = 4,
    CHECKPOINT_BODY_SIZE = 192,
};

/* A checkpoint as it was read. Nothing is believed yet: ask checkpoint_is_by. */
typedef struct Checkpoint {
    char origin[80];
    uint64_t size;
    MerkleHash root;
    uint8_t key_hash[CHECKPOINT_KEY_HASH_SIZE];
    uint8_t signature[CHECKPOINT_SIGNATURE_SIZE];
} Checkpoint;

/* The lines to be signed, with NUL; returns their length. */
size_t checkpoint_body(const uint8_t public_key[CHECKPOINT_KEY_SIZE], uint64_t size,
                       const MerkleHash *root, char out[CHECKPOINT_BODY_SIZE]);

/* The whole text, in the arena. */
const char *checkpoint_text(Arena *arena, const uint8_t public_key[CHECKPOINT_KEY_SIZE],
                            uint64_t size, const MerkleHash *root,
                            const uint8_t signature[CHECKPOINT_SIGNATURE_SIZE]);

/* True when signature is public_key's over the body of size and root. */
bool checkpoint_is_signed(const uint8_t public_key[CHECKPOINT_KEY_SIZE], uint64_t size,
                          const MerkleHash *root,
                          const uint8_t signature[CHECKPOINT_SIGNATURE_SIZE]);

/* The key as a line for publishing, "origin+key hash+base64" (signed-note verifier key). */
const char *checkpoint_public_line(Arena *arena, const uint8_t public_key[CHECKPOINT_KEY_SIZE]);

/* Reads a text. Signatures by other names (witnesses) may stand beside the origin's.
 * journal.checkpoint_syntax (ERROR_INVALID, with the line) when it is no checkpoint. */
MUST_CHECK bool checkpoint_parse(const char *text, Checkpoint *out, Error *err);

/* True when the holder of public_key has signed it. */
bool checkpoint_is_by(const Checkpoint *checkpoint, const uint8_t public_key[CHECKPOINT_KEY_SIZE]);

#endif
