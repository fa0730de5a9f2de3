#ifndef DB_JOURNAL_INTERNAL_H
#define DB_JOURNAL_INTERNAL_H

/*
 * What the files of the journal share: entries as rows and as bytes, the key, checkpoints.
 */
#include "db/journal.h"
#include "db/merkle.h"
#include "journal_sql.h"

/* ---- entries --------------------------------------------------------------------------------- */

JournalEntry journal_entry_of(const JournalEntryRow *row);
JournalEntries journal_entries_of(Arena *arena, const JournalEntryRows *rows);

/* The canonical encoding of an entry, behind one byte of room for the hash (docs/journal.md has it
 * byte by byte). The position stands last, in JOURNAL_POSITION_SIZE bytes. Empties out first. */
enum { JOURNAL_POSITION_SIZE = 8 };
void journal_entry_encode(const JournalEntry *entry, Buffer *out);

/* The leaf hash of an entry at its position. `room` is scratch. */
MerkleHash journal_entry_leaf(const JournalEntry *entry, Buffer *room);

/* The leaf hash of encoded bytes with another position put in. */
MerkleHash journal_leaf_at(DbBytes encoded, int64_t position);

/* ---- readers --------------------------------------------------------------------------------- */

/* True when the reader asked for entries of this kind. */
bool journal_reader_wants(const JournalReader *reader, const char *kind);

/* What was known of readers in this transaction holds no longer: a rebuild has begun or ended. */
void journal_forget_readers(Tx *tx);

/* Makes the texts of err last as long as the Db, before the arena that they live in goes. */
void journal_keep_error(Db *db, Error *err);

/* ---- the key and checkpoints ----------------------------------------------------------------- */

enum {
    JOURNAL_KEY_SIZE = 32,
    JOURNAL_SIGNATURE_SIZE = 64,
    JOURNAL_SIGNED_SIZE = JOURNAL_KEY_SIZE + JOURNAL_SIGNATURE_SIZE, /* a seal's signature column */
};

/* A checkpoint, read: what it says and who signed it. */
typedef struct Checkpoint {
    char origin[80];
    uint64_t size;
    MerkleHash root;
    uint8_t key_hash[4];
    uint8_t signature[JOURNAL_SIGNATURE_SIZE];
} Checkpoint;

/* Signs size and root: the public key and the signature into out. */
MUST_CHECK bool journal_key_sign(const JournalKey *key, uint64_t size, const MerkleHash *root,
                                 uint8_t out[JOURNAL_SIGNED_SIZE], Error *err);

/* True when `signed_by` (a seal's column) is this key's signature of size and root. */
bool journal_key_signed(const JournalKey *key, uint64_t size, const MerkleHash *root,
                        DbBytes signed_by);

/* The checkpoint's text of what was signed. */
const char *checkpoint_text(Arena *arena, uint64_t size, const MerkleHash *root,
                            const uint8_t signed_by[JOURNAL_SIGNED_SIZE]);

/* The checkpoint that a seal stands for; NULL when the seal's sizes are wrong. */
const char *checkpoint_of_seal(Arena *arena, const JournalSealRow *seal);

/* Reads a checkpoint; journal.checkpoint_syntax (ERROR_INVALID, with the line) when it is none. */
MUST_CHECK bool checkpoint_parse(const char *text, Checkpoint *out, Error *err);

/* True when the key has signed it. */
bool checkpoint_is_by(const Checkpoint *checkpoint, const JournalKey *key);

#endif
