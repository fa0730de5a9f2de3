/*
 * files.c - encrypted files in one folder, and the rows that tell of them.
 *
 *     bytes -> media type -> encrypt (own key) -> FOLDER/xx/NAME.part -> fsync -> rename -> fsync
 * folder
 *
 * On the disk: four bytes "YMF1", then nonce, ciphertext and tag of AES-256-GCM, with the file's
 * name authenticated. The folder is split by the first two digits of the names.
 */
#include "service/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "format/json.h"
#include "service/app.h"
#include "service/service_sql.h"

enum {
    NAME_LENGTH = FILE_NAME_SIZE - 1,
    HEAD_LENGTH = 4,
    SEAL_EXTRA = 28,
    HASH_SIZE = 65,
    ORPHAN_AFTER_S = 24 * 3600,
    TICKET_FOR_S = 20 * 3600, /* less: no ticket's file is swept */
    SWEEP_AT_ONCE = 500,
};

static const char head[HEAD_LENGTH + 1] = "YMF1";

struct FileStore {
    const char *folder;
};

/* ---- media types ----------------------------------------------------------------------------- */

typedef struct Magic {
    const char *media_type;
    size_t offset;
    const char *bytes;
    size_t size;
} Magic;

static const Magic magics[] = {
    {"application/pdf", 0, "%PDF-", 5},       {"image/jpeg", 0, "\xff\xd8\xff", 3},
    {"image/png", 0, "\x89PNG\r\n\x1a\n", 8}, {"image/heic", 4, "ftypheic", 8},
    {"image/heic", 4, "ftypheix", 8},         {"image/heic", 4, "ftypmif1", 8},
    {"application/ofd", 30, "OFD.xml", 7},
};

const char *files_media_type(const void *data, size_t size)
{
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        const Magic *magic = &magics[i];
        bool fits = size >= magic->offset + magic->size;
        if (fits && memcmp((const char *)data + magic->offset, magic->bytes, magic->size) == 0)
            return magic->media_type;
    }
    return NULL;
}

bool files_is_shown(const char *media_type)
{
    return text_equal(media_type, "application/pdf") || text_equal(media_type, "image/jpeg") ||
           text_equal(media_type, "image/png");
}

/* ---- the folder ------------------------------------------------------------------------------ */

static bool fail_disk(Error *err, Arena *arena, const char *path)
{
    return error_set(err, ERROR_UNAVAILABLE, .code = "files.disk",
                     .detail = arena_printf(arena, "%s: %s", path, strerror(errno)));
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

FileStore *files_open(Arena *arena, const char *folder, Error *err)
{
    FileStore *store = arena_new(arena, FileStore);
    store->folder = arena_text(arena, folder);
    if (make_folder(folder))
        return store;
    error_set(err, ERROR_UNAVAILABLE, .code = "files.folder",
              .detail = arena_printf(arena, "%s: %s", folder, strerror(errno)));
    return NULL;
}

static const char *folder_of(const FileStore *store, Arena *arena, const char *name)
{
    return arena_printf(arena, "%s/%.2s", store->folder, name);
}

static const char *path_of(const FileStore *store, Arena *arena, const char *name)
{
    return arena_printf(arena, "%s/%.2s/%s", store->folder, name, name);
}

static bool is_name(const char *name)
{
    return name && strlen(name) == NAME_LENGTH && strspn(name, "0123456789abcdef") == NAME_LENGTH;
}

static bool sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return is_synced;
}

/* ---- writing and reading --------------------------------------------------------------------- */

static bool write_all(int fd, const void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t written = write(fd, (const char *)data + done, size - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        done += (size_t)written;
    }
    return true;
}

static bool write_synced(const char *path, DbBytes bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool is_written = write_all(fd, bytes.data, bytes.size) && fsync(fd) == 0;
    int failure = errno;
    is_written = close(fd) == 0 && is_written;
    if (!is_written)
        errno = failure;
    return is_written;
}

static bool store_bytes(const FileStore *store, Arena *arena, const char *name, DbBytes bytes,
                        Error *err)
{
    const char *path = path_of(store, arena, name), *part = arena_printf(arena, "%s.part", path);
    const char *folder = folder_of(store, arena, name);
    bool is_stored = make_folder(folder) && write_synced(part, bytes) && rename(part, path) == 0 &&
                     sync_folder(folder) && sync_folder(store->folder);
    if (is_stored)
        return true;
    fail_disk(err, arena, path);
    unlink(part);
    return false;
}

static DbBytes with_head(Arena *arena, DbBytes sealed)
{
    char *bytes = arena_alloc(arena, HEAD_LENGTH + sealed.size);
    memcpy(bytes, head, HEAD_LENGTH);
    memcpy(bytes + HEAD_LENGTH, sealed.data, sealed.size);
    return (DbBytes){.data = bytes, .size = HEAD_LENGTH + sealed.size};
}

bool files_keep(const FileStore *store, Arena *arena, const void *data, size_t size,
                StoredFile *out, Error *err)
{
    unsigned char random[NAME_LENGTH / 2];
    const char *media_type = files_media_type(data, size);
    if (size == 0)
        return error_set(err, ERROR_INVALID, .code = "files.empty");
    if (size > FILE_BYTES_MOST)
        return error_set(err, ERROR_TOO_LARGE, .code = "files.too_large");
    if (!media_type)
        return error_set(err, ERROR_INVALID, .code = "files.type");
    *out = (StoredFile){.media_type = media_type, .size = (int64_t)size};
    crypto_random(random, sizeof random);
    crypto_random(out->key, sizeof out->key);
    out->name = text_hex(arena, random, sizeof random);
    ArenaMark mark = arena_mark(arena);
    DbBytes bytes = with_head(
        arena, crypto_encrypt(arena, out->key, out->name, (DbBytes){.data = data, .size = size}));
    char hash[HASH_SIZE];
    snprintf(hash, sizeof hash, "%s", crypto_hash(arena, bytes.data, bytes.size));
    bool is_stored = store_bytes(store, arena, out->name, bytes, err);
    if (is_stored)
        arena_reset(arena, mark); /* the error's texts would go with it */
    out->hash = arena_text(arena, hash);
    return is_stored;
}

/* The bytes on the disk; size is what they must be. */
static bool load_bytes(const char *path, Arena *arena, size_t size, DbBytes *out)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    char *bytes = NULL;
    ssize_t got = -1;
    if (fd >= 0 && fstat(fd, &about) == 0 && about.st_size == (off_t)size) {
        bytes = arena_alloc(arena, size);
        got = read(fd, bytes, size);
    }
    if (fd >= 0)
        close(fd);
    *out = (DbBytes){.data = bytes, .size = size};
    return got == (ssize_t)size;
}

/* Where a file of this row lies; NULL with files.missing when it does not. */
static const char *find_path(const FileStore *store, Arena *arena, const StoredFile *file,
                             Error *err)
{
    const char *path = is_name(file->name) ? path_of(store, arena, file->name) : NULL;
    if (path && file->size >= 0 && file->size <= FILE_BYTES_MOST && access(path, R_OK) == 0)
        return path;
    error_set(err, ERROR_INTERNAL, .code = "files.missing", .detail = file->name);
    return NULL;
}

static size_t size_on_disk(const StoredFile *file)
{
    return (size_t)file->size + HEAD_LENGTH + SEAL_EXTRA;
}

bool files_copy(const FileStore *from, const FileStore *to, Arena *arena, const StoredFile *file,
                bool *out_is_new, Error *err)
{
    DbBytes bytes;
    struct stat there;
    const char *path = find_path(from, arena, file, err);
    if (!path)
        return false;
    *out_is_new = stat(path_of(to, arena, file->name), &there) != 0 ||
                  there.st_size != (off_t)size_on_disk(file);
    if (!*out_is_new)
        return true;
    if (!load_bytes(path, arena, size_on_disk(file), &bytes) ||
        !text_equal(crypto_hash(arena, bytes.data, bytes.size), file->hash))
        return error_set(err, ERROR_INTERNAL, .code = "files.altered", .detail = file->name);
    return store_bytes(to, arena, file->name, bytes, err);
}

bool files_read(const FileStore *store, Arena *arena, const StoredFile *file, DbBytes *out,
                Error *err)
{
    DbBytes bytes;
    const char *path = find_path(store, arena, file, err);
    if (!path)
        return false;
    bool is_whole = load_bytes(path, arena, size_on_disk(file), &bytes) &&
                    memcmp(bytes.data, head, HEAD_LENGTH) == 0;
    if (is_whole) {
        DbBytes sealed = {.data = (const char *)bytes.data + HEAD_LENGTH,
                          .size = bytes.size - HEAD_LENGTH};
        is_whole = crypto_decrypt(arena, file->key, file->name, sealed, out);
    }
    return is_whole ||
           error_set(err, ERROR_INTERNAL, .code = "files.altered", .detail = file->name);
}

/* ---- tickets --------------------------------------------------------------------------------- */

/* A ticket belongs to no row; whose it is stands inside. */
static SealPlace ticket_place(const App *app)
{
    return (SealPlace){.tenant = app->tenant, .table = "file", .column = "ticket"};
}

const char *files_ticket(const App *app, Arena *arena, const StoredFile *file, const char *title,
                         const char *owner)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_text(&json, "owner", owner);
    json_put_text(&json, "title", title);
    json_put_text(&json, "name", file->name);
    json_put_text(&json, "media_type", file->media_type);
    json_put_int(&json, "size", file->size);
    json_put_text(&json, "hash", file->hash);
    json_put_text(&json, "key", text_hex(arena, file->key, sizeof file->key));
    json_end_object(&json);
    DbBytes sealed = keyring_seal(app->keys, arena, ticket_place(app), buffer_text(&text));
    return text_hex(arena, sealed.data, sealed.size);
}

static const char *open_ticket(const App *app, Arena *arena, const char *ticket)
{
    enum { LONGEST = 8192 };
    Error ignored = ERROR_NONE;
    size_t length = strlen(ticket);
    if (length > LONGEST || length % 2)
        return NULL;
    unsigned char *bytes = arena_alloc(arena, length / 2 + 1);
    if (!text_unhex(ticket, bytes, length / 2))
        return NULL;
    return keyring_unseal(app->keys, arena, ticket_place(app),
                          (DbBytes){.data = bytes, .size = length / 2}, &ignored);
}

/* The age of what lies on the disk is the disk's, whatever day a training clock shows. */
static bool is_younger(const char *path, int64_t seconds)
{
    static const Clock system_clock;
    struct stat about;
    return stat(path, &about) == 0 &&
           clock_now(&system_clock) / SECOND_MS - about.st_mtime < seconds;
}

bool files_of_ticket(const App *app, Arena *arena, const char *ticket, const char *owner,
                     StoredFile *out, const char **out_title, Error *err)
{
    Error ignored = ERROR_NONE;
    const char *text = open_ticket(app, arena, ticket);
    const Json *json = text ? json_parse(arena, text, strlen(text), &JSON_LIMITS, &ignored) : NULL;
    const char *key = json ? json_text(json, "key") : NULL;
    *out = (StoredFile){.name = json ? json_text(json, "name") : NULL,
                        .media_type = json ? json_text(json, "media_type") : NULL,
                        .size = json ? json_int(json, "size", 0) : 0,
                        .hash = json ? json_text(json, "hash") : NULL};
    bool is_ours = key && text_unhex(key, out->key, sizeof out->key) && is_name(out->name) &&
                   text_equal(json_text(json, "owner"), owner) &&
                   is_younger(path_of(app->files, arena, out->name), TICKET_FOR_S);
    if (!is_ours)
        return error_set(err, ERROR_INVALID, .code = "files.ticket");
    *out_title = json_text(json, "title");
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static SealPlace key_place(const App *app, Id id)
{
    return (SealPlace){.tenant = app->tenant, .table = "file", .column = "key", .row = id};
}

bool files_add(Tx *tx, App *app, const StoredFile *file, Id *out_id, Error *err)
{
    Arena *arena = tx_arena(tx);
    FileByNameRow row;
    bool is_taken;
    if (!file_by_name(tx_conn(tx), arena, file->name, &row, &is_taken, err))
        return false;
    if (is_taken)
        return error_set(err, ERROR_CONFLICT, .code = "files.taken");
    *out_id = tx_new_id(tx);
    const char *key = text_hex(arena, file->key, sizeof file->key);
    return file_insert(
        tx_conn(tx),
        &(FileInsertParams){.tenant = app->tenant,
                            .id = *out_id,
                            .name = file->name,
                            .media_type = file->media_type,
                            .size = file->size,
                            .hash = file->hash,
                            .key = keyring_seal(app->keys, arena, key_place(app, *out_id), key),
                            .created_at = tx_now(tx)},
        NULL, err);
}

bool files_find(DbConn *conn, App *app, Arena *arena, Id id, StoredFile *out, Error *err)
{
    FileFindRow row;
    bool is_found;
    if (!file_find(conn, arena, app->tenant, id, &row, &is_found, err))
        return false;
    if (!is_found)
        return error_set(err, ERROR_NOT_FOUND, .code = "files.unknown");
    const char *key = keyring_unseal(app->keys, arena, key_place(app, id), row.key, err);
    *out = (StoredFile){
        .name = row.name, .media_type = row.media_type, .size = row.size, .hash = row.hash};
    return key && (text_unhex(key, out->key, sizeof out->key) ||
                   error_set(err, ERROR_INTERNAL, .code = "crypto.unreadable"));
}

/* ---- sweeping -------------------------------------------------------------------------------- */

typedef LIST(const char *) Names;

/* Names of old files, and of parts that were never finished, in one folder. */
static bool list_old(Arena *arena, const char *folder, Names *out)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return errno == ENOENT;
    for (struct dirent *each; (each = readdir(dir)) && out->count < SWEEP_AT_ONCE;) {
        const char *path = arena_printf(arena, "%s/%s", folder, each->d_name);
        if (each->d_name[0] != '.' && !is_younger(path, ORPHAN_AFTER_S))
            list_add(arena, out, arena_text(arena, each->d_name));
    }
    closedir(dir);
    return true;
}

static bool sweep_folder(DbConn *conn, Arena *arena, const char *folder, int64_t *swept, Error *err)
{
    Names names = {0};
    if (!list_old(arena, folder, &names))
        return fail_disk(err, arena, folder);
    list_each (const char *, name, &names) {
        FileByNameRow row;
        bool is_known = false;
        if (!file_by_name(conn, arena, *name, &row, &is_known, err))
            return false;
        *swept += !is_known && unlink(arena_printf(arena, "%s/%s", folder, *name)) == 0;
    }
    return true;
}

bool files_sweep(App *app, int64_t *out_swept, Error *err)
{
    *out_swept = 0;
    if (!app->files)
        return true;
    DbConn *conn = db_reader(app->db, err);
    if (!conn)
        return false;
    Arena *arena = arena_create(0);
    bool is_swept = true;
    for (int i = 0; i < 256 && is_swept; i++) {
        const char *folder = arena_printf(arena, "%s/%02x", app->files->folder, i);
        is_swept = sweep_folder(conn, arena, folder, out_swept, err);
    }
    arena_destroy(arena);
    db_release(conn);
    return is_swept;
}
