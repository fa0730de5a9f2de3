/*
 * sqlite_files.c - the files around a SQLite database: its lock, and the private folder of
 * ":memory:".
 *
 * One process owns a database (decisions.md 4). The lock file stays behind when the process ends;
 * the lock on it does not, so a crash never locks anybody out.
 */
#include "db/db_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { LONGEST_OWNER = 200 };

static char *joined(const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 1;
    char *text = malloc(size);
    if (!text) {
        fputs("out of memory\n", stderr);
        abort();
    }
    snprintf(text, size, "%s%s", a, b);
    return text;
}

static bool make_folder(Db *db, Error *err)
{
    const char *parent = getenv("TMPDIR");
    db->folder = joined(parent && *parent ? parent : "/tmp", "/yimen-XXXXXX");
    if (!mkdtemp(db->folder)) {
        db_fault(db, err, ERROR_UNAVAILABLE, "db.unavailable", "%s: %s", db->folder,
                 strerror(errno));
        free(db->folder);
        db->folder = NULL;
        return false;
    }
    db->url = joined(db->folder, "/memory.db");
    db->is_unsynced = true;
    return true;
}

static void remove_folder(Db *db)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char *path = joined(db->url, endings[i]);
        unlink(path);
        free(path);
    }
    rmdir(db->folder);
    free(db->folder);
    db->folder = NULL;
}

static bool refuse_locked(Db *db, Error *err)
{
    char owner[LONGEST_OWNER + 1];
    ssize_t length = pread(db->lock_file, owner, LONGEST_OWNER, 0);
    owner[length > 0 ? length : 0] = '\0';
    owner[strcspn(owner, "\n")] = '\0';
    const char *kept = db_keep_text(db, owner[0] ? owner : "another process");
    return error_set(err, ERROR_UNAVAILABLE, .code = "db.locked", .detail = kept,
                     .with = {{"owner", kept}});
}

static void write_owner(const Db *db)
{
    const char *name = db->options.owner ? db->options.owner : program_invocation_short_name;
    char text[LONGEST_OWNER];
    int length = snprintf(text, sizeof text, "%.150s (pid %ld)\n", name, (long)getpid());
    /* Only for the message to others; the lock holds without it. */
    if (ftruncate(db->lock_file, 0) == 0 && pwrite(db->lock_file, text, (size_t)length, 0) < 0)
        return;
}

/* SQLite gives -wal and -shm the mode of the database, which holds what people entrusted: nobody
 * else reads it, whatever the umask. One that exists is left as its owner made it. */
static bool create_private(Db *db, Error *err)
{
    int file = open(db->url, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0)
        close(file);
    return file >= 0 || errno == EEXIST ||
           db_fault(db, err, ERROR_UNAVAILABLE, "db.unavailable", "%s: %s", db->url,
                    strerror(errno));
}

static bool take_lock(Db *db, Error *err)
{
    char *path = joined(db->url, ".lock");
    db->lock_file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (db->lock_file < 0)
        db_fault(db, err, ERROR_UNAVAILABLE, "db.unavailable", "%s: %s", path, strerror(errno));
    free(path);
    if (db->lock_file < 0)
        return false;
    if (flock(db->lock_file, LOCK_EX | LOCK_NB) != 0)
        return refuse_locked(db, err);
    write_owner(db);
    return true;
}

bool sqlite_files_open(Db *db, Error *err)
{
    if (strcmp(db->url, ":memory:") == 0) {
        free(db->url);
        db->url = NULL;
        if (!make_folder(db, err))
            return false;
    }
    return db->options.is_read_only || (take_lock(db, err) && create_private(db, err));
}

void sqlite_files_close(Db *db)
{
    if (db->folder)
        remove_folder(db);
    if (db->lock_file >= 0)
        close(db->lock_file);
    db->lock_file = -1;
}
