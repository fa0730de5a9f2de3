#ifndef DB_JOURNAL_H
#define DB_JOURNAL_H

/*
 * Journal: what happened, in order, for ever. Every change of state writes entries in the
 * transaction of the change; everything derived is a pure function of entries.
 *
 *   - journal_append runs inside a Tx. It calls the inside readers (counters, search, row scope),
 *     which write their rows in the same transaction.
 *   - Writers leave `position` empty. One sealer at a time (leased, fenced) numbers committed
 *     entries in batches and seals them: leaf hash per entry, RFC 6962 Merkle root per batch, an
 *     Ed25519-signed checkpoint. Outside readers follow `position` by cursor, at least once.
 *   - journal_verify recomputes everything; with an old checkpoint it proves that history was not
 *     rewritten, even by somebody who holds the local key (decisions.md 7, 8).
 *
 * Personal values never enter `data` in clear: they are put there encrypted, or by reference.
 */
#include "base/list.h"
#include "base/text.h"
#include "db/db.h"
#include "db/merkle.h"

typedef struct JournalEntry {
    Id id; /* set by journal_append when 0 */
    Id tenant;
    Id dossier;             /* 0: not about a dossier */
    int64_t version;        /* of the dossier: 1, 2, 3 ... without gaps; 0 without a dossier */
    Instant at;             /* set by journal_append when 0 */
    const char *kind;       /* stable name, past tense: "dossier.filed" */
    const char *actor_kind; /* applicant, officer, system, public */
    Id actor;               /* officer or account; 0 system or public */
    Id unit;                /* the acting or owning unit; 0 none */
    const char *subject;    /* what it is on, "task:123", "item:HYG-01", or NULL */
    const char *data;       /* JSON object, never NULL ("{}") */
    int64_t position;       /* 0 until sealed; filled when read */
} JournalEntry;

/* Writes the entry and runs the inside readers on it. A dossier's version that is taken is
 * db.conflict: someone was faster. */
MUST_CHECK bool journal_append(Tx *tx, JournalEntry *entry, Error *err);

/* The entry's data as a tree, for inside readers: parsed once, however many ask. It lives as long
 * as the command's arena. */
MUST_CHECK const struct Json *journal_data(Tx *tx, const JournalEntry *entry, Error *err);

/* An inside reader: derives rows from entries. A new version, or `yimen rebuild`, drops its rows
 * and replays the journal, so apply may look at nothing but the entry and the reader's own tables.
 */
typedef struct JournalReader {
    const char *name; /* "stats.counters" */
    int version;
    const char *const *kinds;  /* NULL-terminated kinds it wants ("dossier.*" allowed), NULL all */
    const char *const *tables; /* NULL-terminated tables it owns: for dumps and comparison */
    bool (*apply)(Tx *tx, const JournalEntry *entry, Error *err);
    bool (*clear)(Tx *tx, Error *err); /* deletes all its rows */
    /* For a reader whose rows may stand in more than one true form (deltas not folded yet): brings
     * one bounded portion of them into the form that dumps compare; out_more asks to be called
     * again. NULL: its rows have one form. */
    bool (*settle)(Tx *tx, bool *out_more, Error *err);
    /* Announces what apply reads for a later entry of a dossier (CommandExpect); NULL: nothing. */
    void (*expect)(Tx *tx, Id tenant, Id dossier);
} JournalReader;

/* Announces what the inside readers will read for an entry of this kind. */
void journal_expect(Tx *tx, Id tenant, Id dossier, const char *kind);

/* Replays the journal through the readers whose stored version differs or whose rebuild was
 * interrupted (all of them when forced; only_reader may name one), in batches: what was interrupted
 * goes on where it stood. Returns the number of readers rebuilt. Call it before serving: a reader
 * that is not whole gets no entries from journal_append, its rows stay behind until this verb has
 * ended. Safe beside writers. Errors: journal.no_such_reader (ERROR_NOT_FOUND). */
MUST_CHECK bool journal_rebuild(Db *db, const char *only_reader, bool is_forced, int *out_rebuilt,
                                Error *err);

/* Canonical text of every derived table (columns by name, rows by key), for comparison. Settles the
 * readers first, so the database must not be open read-only when one of them asks for it. */
MUST_CHECK bool journal_dump_derived(Db *db, Buffer *out, Error *err);

/* ---- sealing --------------------------------------------------------------------------------- */

/* The Ed25519 key pair of this installation (RFC 8032), PEM as openssl writes it; key_file is
 * created with mode 0600 when absent, and refused when others may read it. Errors:
 * journal.key_file with the reason in detail. */
typedef struct JournalKey JournalKey;
MUST_CHECK JournalKey *journal_key_open(Arena *arena, const char *key_file, Error *err);

/* The public key as one line of text for publishing (C2SP signed-note verifier key):
 * whoever has it checks checkpoints without this program. */
const char *journal_key_public(const JournalKey *key, Arena *arena);

/* Numbers and seals up to `limit` committed entries; out_sealed gets how many. `owner` names this
 * process for the lease; journal.lease_held (ERROR_CONFLICT) when another holds it. */
MUST_CHECK bool journal_seal(Db *db, const JournalKey *key, const char *owner, int limit,
                             int *out_sealed, Error *err);

/* Ends the owner's lease, so that the next process seals at once; call it after the last
 * journal_seal. Without it the lease ends by itself after 15 s. */
MUST_CHECK bool journal_release(Db *db, const char *owner, Error *err);

/* The newest checkpoint: origin, size, root (base64), signature; a text of four lines (C2SP
 * tlog-checkpoint without key rotation). NULL text when nothing is sealed yet. */
MUST_CHECK bool journal_checkpoint(Db *db, Arena *arena, const char **out_text, Error *err);

/* What proves that one entry is in the sealed journal: for receipts. It holds when
 * merkle_verify(&leaf, position - 1, size, &path, &root) is true and the checkpoint, which states
 * size and root, bears the signature of the known key. */
typedef struct JournalProof {
    int64_t position;
    uint64_t size;
    MerkleHash leaf;
    MerkleHash root;
    MerklePath path;
    const char *checkpoint; /* as journal_checkpoint gives it */
} JournalProof;

/* The proof of an entry against the first seal that covers it; cheap at any size of the journal.
 * Errors: journal.no_such_entry (ERROR_NOT_FOUND), journal.not_sealed (ERROR_CONFLICT: within a
 * second it is). */
MUST_CHECK bool journal_prove(DbConn *conn, Arena *arena, Id tenant, Id entry, JournalProof *out,
                              Error *err);

typedef struct JournalFinding {
    const char *code;   /* journal.altered, journal.missing, journal.reordered, journal.truncated,
                           journal.root_differs, journal.bad_signature, journal.resealed */
    int64_t position;   /* of the entry or batch; 0 when none */
    const char *detail; /* English, for the operator */
} JournalFinding;

typedef struct JournalReport {
    int64_t sealed;                /* entries with a position */
    int64_t unsealed_tail;         /* committed but not sealed yet: reported, not an error */
    LIST(JournalFinding) findings; /* empty: all is well */
} JournalReport;

/* Recomputes leaves, roots and signatures in one pass; old_checkpoint (the text, may be NULL) is
 * compared. At most 1000 findings are told, in order of position. False only when the check itself
 * could not be made (journal.checkpoint_syntax, db.*). */
MUST_CHECK bool journal_verify(Db *db, const JournalKey *key, Arena *arena,
                               const char *old_checkpoint, JournalReport *out, Error *err);

/* ---- outside readers ------------------------------------------------------------------------- */

/* How many entries are sealed, and how many committed ones wait for it. */
MUST_CHECK bool journal_size(DbConn *conn, int64_t *out_sealed, int64_t *out_unsealed, Error *err);

/* Sealed entries behind a position, in order, at most limit, into out (arena). */
typedef LIST(JournalEntry) JournalEntries;
MUST_CHECK bool journal_read(DbConn *conn, Arena *arena, int64_t after_position, int limit,
                             JournalEntries *out, Error *err);

/* The entries of one dossier in order of version (sealed or not): its timeline. */
MUST_CHECK bool journal_of_dossier(DbConn *conn, Arena *arena, Id tenant, Id dossier,
                                   JournalEntries *out, Error *err);

/* The reader's cursor (0 at first), and its advance in the reader's own Tx, so that what it writes
 * and how far it has read are one. Advancing from a position that is no longer the cursor fails
 * with journal.cursor_moved: another process was faster. */
MUST_CHECK bool journal_cursor(DbConn *conn, const char *name, int64_t *out, Error *err);
MUST_CHECK bool journal_advance(Tx *tx, const char *name, int64_t from, int64_t to, Error *err);

#endif
