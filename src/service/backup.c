/*
 * backup.c - a copy of the database, and of the files that its rows tell of.
 *
 *     take:    db -> yimen.db.part -> files of its rows -> yimen.db
 *     restore: yimen.db -> files of its rows -> db
 */
#include "service/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/app.h"
#include "service/service_sql.h"

enum { FILES_AT_ONCE = 500 };

static const Clock
    system_clock; /* of the moment at which a backup is taken, whatever a set one shows */

static const char *database_in(Arena *arena, const char *folder)
{
    return arena_printf(arena, "%s/yimen.db", folder);
}

static FileStore *files_in(Arena *arena, const char *folder, Error *err)
{
    return files_open(arena, arena_printf(arena, "%s/yimen.db.files", folder), err);
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool copy_portion(const FileStore *from, const FileStore *to, const FileEachRows *rows,
                         BackupReport *report, Error *err)
{
    Arena *arena = arena_create(0); /* of one file at a time */
    ArenaMark mark = arena_mark(arena);
    bool is_copied = true;
    for (size_t i = 0; i < rows->count && is_copied; i++, arena_reset(arena, mark)) {
        StoredFile file = {
            .name = rows->items[i].name, .size = rows->items[i].size, .hash = rows->items[i].hash};
        bool is_new = false;
        is_copied = files_copy(from, to, arena, &file, &is_new, err);
        report->files++;
        report->new_files += is_new;
        if (!is_copied && err->detail)
            err->detail = file.name; /* a text of the portion outlives this arena */
    }
    arena_destroy(arena);
    return is_copied;
}

static bool copy_files(Db *told, const FileStore *from, const FileStore *to, Arena *arena,
                       BackupReport *report, Error *err)
{
    DbConn *conn = db_reader(told, err);
    const char *after = "";
    bool is_copied = conn != NULL;
    for (bool has_more = true; is_copied && has_more;) {
        FileEachRows rows = {0};
        is_copied = file_each(conn, arena, after, FILES_AT_ONCE, &rows, err) &&
                    copy_portion(from, to, &rows, report, err);
        has_more = rows.count == FILES_AT_ONCE;
        if (rows.count)
            after = rows.items[rows.count - 1].name;
    }
    if (conn)
        db_release(conn);
    return is_copied;
}

/* Texts of an error may live in the copy. */
static void close_copy(Db *copy, Arena *arena, Error *err)
{
    if (error_is_set(err) && err->detail)
        err->detail = arena_text(arena, err->detail);
    db_close(copy);
}

/* ---- taking ---------------------------------------------------------------------------------- */

static bool make_folder(Arena *arena, const char *folder, Error *err)
{
    return mkdir(folder, 0700) == 0 || errno == EEXIST ||
           error_set(err, ERROR_UNAVAILABLE, .code = "backup.folder",
                     .detail = arena_printf(arena, "%s: %s", folder, strerror(errno)));
}

static void remove_database(Arena *arena, const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        unlink(arena_printf(arena, "%s%s", path, endings[i]));
}

static bool put_in_place(Arena *arena, const char *folder, const char *part, Error *err)
{
    const char *path = database_in(arena, folder);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_placed = fd >= 0 && rename(part, path) == 0 && fsync(fd) == 0;
    if (!is_placed)
        error_set(err, ERROR_UNAVAILABLE, .code = "backup.folder",
                  .detail = arena_printf(arena, "%s: %s", path, strerror(errno)));
    if (fd >= 0)
        close(fd);
    remove_database(arena, part); /* its lock */
    return is_placed;
}

/* What the rows of the copy tell of is brought; what they no longer tell of is swept. */
static bool take_files(Db *copy, const FileStore *files, const char *folder, Arena *arena,
                       BackupReport *report, Error *err)
{
    int64_t swept;
    FileStore *kept = files_in(arena, folder, err);
    return kept && copy_files(copy, files, kept, arena, report, err) &&
           files_sweep(&(App){.db = copy, .files = kept}, &swept, err);
}

bool backup_take(Db *db, const FileStore *files, const char *folder, Arena *arena,
                 BackupReport *out, Error *err)
{
    *out = (BackupReport){0};
    if (!make_folder(arena, folder, err))
        return false;
    const char *part = arena_printf(arena, "%s.part", database_in(arena, folder));
    remove_database(arena, part);
    Db *copy = db_open(part, &(DbOptions){.clock = &system_clock, .arena = arena}, err);
    bool is_taken = copy && db_migrate(copy, NULL, err) &&
                    db_copy(db, copy, arena, &out->copied, err) &&
                    take_files(copy, files, folder, arena, out, err);
    close_copy(copy, arena, err);
    return is_taken && put_in_place(arena, folder, part, err);
}

/* ---- restoring ------------------------------------------------------------------------------- */

bool backup_restore(const char *folder, Db *db, const FileStore *files, Arena *arena,
                    BackupReport *out, Error *err)
{
    const char *path = database_in(arena, folder);
    *out = (BackupReport){0};
    if (access(path, R_OK) != 0)
        return error_set(err, ERROR_NOT_FOUND, .code = "backup.none", .detail = path);
    FileStore *kept = files_in(arena, folder, err);
    Db *copy = db_open(
        path, &(DbOptions){.clock = &system_clock, .is_read_only = true, .arena = arena}, err);
    bool is_restored = kept && copy && copy_files(copy, kept, files, arena, out, err) &&
                       db_copy(copy, db, arena, &out->copied, err);
    close_copy(copy, arena, err);
    return is_restored;
}
