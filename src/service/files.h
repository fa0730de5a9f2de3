#ifndef SERVICE_FILES_H
#define SERVICE_FILES_H

/*
 * Files: contents too large for a row (decisions.md 22). Each lies in one folder under a random
 * name, encrypted with a key of its own that is sealed in the row that tells of it: so a stolen
 * disk or database alone shows nothing, and a file is erased for good by erasing its row.
 *
 *     files_keep (worker)  encrypt, write, sync file and folder      -> StoredFile, not yet a row
 *     the caller's command stores a row `file` with it (writer)
 *     files_read (worker)  row -> bytes, checked
 *     files_sweep (job)    deletes what lies there for a day and no row tells of
 *
 * A file is durable before any row names it; a crash in between leaves an orphan for the sweeper,
 * never a row without its file. Equal contents are stored twice: sharing them would tell one owner
 * of another. The hash is over the bytes on the disk, so a backup can be checked without keys.
 */
#include "db/db.h"
#include "service/crypto.h"

struct App;

typedef struct FileStore FileStore;

enum { FILE_NAME_SIZE = 33, FILES_MOST = 20, FILE_BYTES_MOST = 10 * 1024 * 1024 };

/* What a row `file` holds; its key is not yet sealed. */
typedef struct StoredFile {
    const char *name; /* 32 hexadecimal digits */
    const char *media_type;
    int64_t size;     /* of the content */
    const char *hash; /* SHA-256 of the bytes on the disk, 64 hexadecimal digits */
    unsigned char key[CRYPTO_KEY_SIZE];
} StoredFile;

/* The store in a folder, which is made (mode 0700) when it is absent: files.folder
 * (ERROR_UNAVAILABLE) when it cannot be. */
MUST_CHECK FileStore *files_open(Arena *arena, const char *folder, Error *err);

/* The kind of a content by its first bytes, never by what the sender says: application/pdf,
 * image/jpeg, image/png, image/heic, application/ofd; NULL for every other. */
const char *files_media_type(const void *data, size_t size);

/* Whether a browser may show it inside a page. */
bool files_is_shown(const char *media_type);

/* Encrypts and writes a content, synced when this returns. Errors: files.empty, files.type (the
 * kind is not one of files_media_type; both ERROR_INVALID), files.too_large, files.disk
 * (ERROR_UNAVAILABLE). */
MUST_CHECK bool files_keep(const FileStore *store, Arena *arena, const void *data, size_t size,
                           StoredFile *out, Error *err);

/* The content of a file: files.missing when it is not there, files.altered when its bytes are not
 * those that were written (both ERROR_INTERNAL). Lives in the arena. */
MUST_CHECK bool files_read(const FileStore *store, Arena *arena, const StoredFile *file,
                           DbBytes *out, Error *err);

/* Brings a file as it lies, sealed, into another store: name, size and hash are its row's.
 * out_is_new is false where it lay there already. Errors: files.missing, files.altered, files.disk.
 */
MUST_CHECK bool files_copy(const FileStore *from, const FileStore *to, Arena *arena,
                           const StoredFile *file, bool *out_is_new, Error *err);

/* A kept file as a text that only this server can read again, for a form that is shown once more:
 * it names the file, the title that the person knows it by, and for whom it was kept (`owner`). */
const char *files_ticket(const struct App *app, Arena *arena, const StoredFile *file,
                         const char *title, const char *owner);

/* The file of a ticket: files.ticket (ERROR_INVALID) when it is not ours, for somebody else, or of
 * a file that is gone. */
MUST_CHECK bool files_of_ticket(const struct App *app, Arena *arena, const char *ticket,
                                const char *owner, StoredFile *out, const char **out_title,
                                Error *err);

/* ---- rows ------------------------------------------------------------------------------------ */

/* Stores the row of a kept file; its id seals the key. files.taken (ERROR_CONFLICT) when a row
 * tells of it already. */
MUST_CHECK bool files_add(Tx *tx, struct App *app, const StoredFile *file, Id *out_id, Error *err);

/* The row of a file, its key opened: files.unknown (ERROR_NOT_FOUND). */
MUST_CHECK bool files_find(DbConn *conn, struct App *app, Arena *arena, Id id, StoredFile *out,
                           Error *err);

/* Deletes files without a row that are older than a day; out_swept counts them. A scheduler job. */
MUST_CHECK bool files_sweep(struct App *app, int64_t *out_swept, Error *err);

#endif
