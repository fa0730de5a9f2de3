#ifndef SERVICE_BACKUP_H
#define SERVICE_BACKUP_H

/*
 * Backup: the whole of a database and of its files in a folder, taken while it is served, and
 * brought back into an empty database of either engine.
 *
 *     FOLDER/yimen.db          every row as of one moment, a SQLite database of this schema
 *     FOLDER/yimen.db.files/   the uploaded files, encrypted as they lay
 *
 * The database goes first, then the files that its rows tell of: a file is durable before any row
 * names it, so none is missing. Files never change: the next backup into the same folder brings
 * only new ones, and sweeps those that no row tells of any more. yimen.db is replaced at the very
 * end; a backup that was broken off leaves the one before as it was, and the next goes on.
 *
 * The key files are not in it, and must not lie beside it: who has both can read everything.
 * Without them nothing that is sealed can be read again.
 */
#include "db/copy.h"
#include "service/files.h"

typedef struct BackupReport {
    Copied copied;
    int64_t files;     /* that rows tell of */
    int64_t new_files; /* of them, brought this time */
} BackupReport;

/* Makes the folder (0700) when it is absent. db may be open read-only, beside a running server.
 * Errors: those of db_open, db_copy, files_copy; backup.folder (ERROR_UNAVAILABLE). */
MUST_CHECK bool backup_take(Db *db, const FileStore *files, const char *folder, Arena *arena,
                            BackupReport *out, Error *err);

/* Brings a backup into a migrated, empty database and its files into a store; files first. arena
 * outlives db. Errors: backup.none (ERROR_NOT_FOUND), and those of db_copy and files_copy. */
MUST_CHECK bool backup_restore(const char *folder, Db *db, const FileStore *files, Arena *arena,
                               BackupReport *out, Error *err);

#endif
