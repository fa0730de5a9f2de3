#ifndef DB_JOURNAL_INTERNAL_H
#define DB_JOURNAL_INTERNAL_H

/*
 * What the files of the journal share: entries as rows and as bytes, readers, the key.
 */
#include "db/checkpoint.h"
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

/* Makes the texts of err last as long as the Db, before the arena that they live in goes. */
void journal_keep_error(Db *db, Error *err);

/* ---- the key --------------------------------------------------------------------------------- */

/* A seal's signature column: the public key, then the signature. */
enum { JOURNAL_SIGNED_SIZE = CHECKPOINT_KEY_SIZE + CHECKPOINT_SIGNATURE_SIZE };

/* Signs size and root: the public key and the signature into out. */
MUST_CHECK bool journal_key_sign(const JournalKey *key, uint64_t size, const MerkleHash *root,
                                 uint8_t out[JOURNAL_SIGNED_SIZE], Error *err);

/* True when `signed_by` (a seal's column) is this key's signature of size and root. */
bool journal_key_signed(const JournalKey *key, uint64_t size, const MerkleHash *root,
                        DbBytes signed_by);

/* True when this key has signed the checkpoint. */
bool journal_key_has_signed(const JournalKey *key, const Checkpoint *checkpoint);

/* The checkpoint that a seal stands for; NULL when the seal's sizes are wrong. */
const char *checkpoint_of_seal(Arena *arena, const JournalSealRow *seal);

#endif
