/*
 * lossy_vfs.c - database and log files in memory, over the files that hold what is durable.
 *
 *     xWrite, xTruncate -> image (what SQLite sees) and a list of pending operations
 *     xSync             -> the pending operations go into the real file
 *     power cut         -> a random part of them does; SIGKILL
 *
 * Connections to one file share its image. Locks and shared memory are those of the real file. The
 * state is global because a VFS is: SQLite knows no owner for it. One mutex guards all of it.
 */
#include "storage/lossy_vfs.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 512, PATH_SIZE = 512 };

typedef struct Pending {
    bool is_truncation;
    sqlite3_int64 offset; /* of a truncation: the new size */
    int size;
    struct Pending *next;
    char data[];
} Pending;

typedef struct Image {
    char path[PATH_SIZE];
    char *data;
    sqlite3_int64 size, capacity;
    Pending *first, **last;
    sqlite3_file *real; /* of whoever opened it first and is still there */
    int users;
    struct Image *next;
} Image;

typedef struct LossyFile {
    sqlite3_file base;
    Image *image;
    sqlite3_file *real;
} LossyFile;

static struct {
    pthread_mutex_t lock;
    sqlite3_vfs *beneath;
    Image *images;
    LossySettings settings;
    bool is_armed;
} lossy = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- the image ------------------------------------------------------------------------------- */

static void grow(Image *image, sqlite3_int64 size)
{
    if (size <= image->capacity)
        return;
    sqlite3_int64 capacity = size * 2;
    image->data = realloc(image->data, (size_t)capacity);
    assert(image->data);
    memset(image->data + image->capacity, 0, (size_t)(capacity - image->capacity));
    image->capacity = capacity;
}

static void resize(Image *image, sqlite3_int64 size)
{
    grow(image, size);
    if (size < image->size)
        memset(image->data + size, 0, (size_t)(image->size - size));
    image->size = size;
}

static Pending *add_pending(Image *image, sqlite3_int64 offset, int size)
{
    Pending *pending = calloc(1, sizeof *pending + (size_t)size);
    assert(pending);
    pending->offset = offset;
    pending->size = size;
    *image->last = pending;
    image->last = &pending->next;
    return pending;
}

static void forget_pending(Image *image)
{
    while (image->first) {
        Pending *pending = image->first;
        image->first = pending->next;
        free(pending);
    }
    image->last = &image->first;
}

static Image *find_image(const char *path)
{
    for (Image *image = lossy.images; image; image = image->next)
        if (strcmp(image->path, path) == 0)
            return image;
    return NULL;
}

static Image *load_image(const char *path, sqlite3_file *real)
{
    Image *image = calloc(1, sizeof *image);
    assert(image);
    snprintf(image->path, sizeof image->path, "%s", path);
    image->last = &image->first;
    image->real = real;
    sqlite3_int64 size = 0;
    real->pMethods->xFileSize(real, &size);
    resize(image, size);
    if (size > 0)
        real->pMethods->xRead(real, image->data, (int)size, 0);
    image->next = lossy.images;
    lossy.images = image;
    return image;
}

/* ---- the real file --------------------------------------------------------------------------- */

static void apply(Image *image, const Pending *pending, int from, int to)
{
    sqlite3_file *real = image->real;
    if (pending->is_truncation)
        real->pMethods->xTruncate(real, pending->offset);
    else if (to > from)
        real->pMethods->xWrite(real, pending->data + from, to - from, pending->offset + from);
}

static unsigned draw(unsigned below)
{
    return (unsigned)rand_r(&lossy.settings.seed) % below;
}

/* Torn: the first sectors arrive, or the last ones. */
static void apply_torn(Image *image, const Pending *pending)
{
    int sectors = (pending->size + SECTOR - 1) / SECTOR;
    int cut = (int)draw((unsigned)sectors + 1) * SECTOR;
    if (cut > pending->size)
        cut = pending->size;
    if (draw(2))
        apply(image, pending, 0, cut);
    else
        apply(image, pending, cut, pending->size);
}

static void lose_some(Image *image)
{
    unsigned kept = draw(101); /* percent, so that some cuts keep nearly all and some nearly none */
    for (const Pending *pending = image->first; pending; pending = pending->next) {
        if (draw(100) < kept)
            apply(image, pending, 0, pending->size);
        else if (draw(4) == 0 && !pending->is_truncation)
            apply_torn(image, pending);
    }
}

/* Counts one operation; the last one does not come back. Under the lock. */
static void use_power(void)
{
    if (!lossy.is_armed || lossy.settings.operations == 0 || --lossy.settings.operations > 0)
        return;
    for (Image *image = lossy.images; image; image = image->next)
        lose_some(image);
    kill(getpid(), SIGKILL);
    pause();
}

/* ---- methods of a file ----------------------------------------------------------------------- */

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((LossyFile *)file)->real;
}

static int lossy_close(sqlite3_file *file)
{
    LossyFile *self = (LossyFile *)file;
    pthread_mutex_lock(&lossy.lock);
    Image *image = self->image;
    /* The writer opens first and closes last: its file is the one that takes what is synced. */
    assert(image->users == 1 || image->real != self->real);
    if (--image->users == 0) {
        Image **place = &lossy.images;
        while (*place != image)
            place = &(*place)->next;
        *place = image->next;
        /* Ended in peace: what was not synced is left to the system, which writes it some day. */
        for (const Pending *pending = image->first; pending; pending = pending->next)
            apply(image, pending, 0, pending->size);
        forget_pending(image);
        free(image->data);
        free(image);
    }
    pthread_mutex_unlock(&lossy.lock);
    int code = self->real->pMethods->xClose(self->real);
    free(self->real);
    return code;
}

static int lossy_read(sqlite3_file *file, void *out, int size, sqlite3_int64 offset)
{
    Image *image = ((LossyFile *)file)->image;
    pthread_mutex_lock(&lossy.lock);
    sqlite3_int64 left = image->size - offset;
    int there = left < 0 ? 0 : left < size ? (int)left : size;
    if (there > 0)
        memcpy(out, image->data + offset, (size_t)there);
    pthread_mutex_unlock(&lossy.lock);
    memset((char *)out + there, 0, (size_t)(size - there));
    return there == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int lossy_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
    Image *image = ((LossyFile *)file)->image;
    pthread_mutex_lock(&lossy.lock);
    Pending *pending = add_pending(image, offset, size);
    memcpy(pending->data, data, (size_t)size);
    if (offset + size > image->size)
        resize(image, offset + size);
    memcpy(image->data + offset, data, (size_t)size);
    use_power();
    pthread_mutex_unlock(&lossy.lock);
    return SQLITE_OK;
}

static int lossy_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    Image *image = ((LossyFile *)file)->image;
    pthread_mutex_lock(&lossy.lock);
    add_pending(image, size, 0)->is_truncation = true;
    resize(image, size);
    use_power();
    pthread_mutex_unlock(&lossy.lock);
    return SQLITE_OK;
}

static int lossy_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    Image *image = ((LossyFile *)file)->image;
    pthread_mutex_lock(&lossy.lock);
    use_power(); /* in the middle of it */
    for (const Pending *pending = image->first; pending && !lossy.settings.lies;
         pending = pending->next)
        apply(image, pending, 0, pending->size);
    if (!lossy.settings.lies)
        forget_pending(image);
    use_power(); /* when it is done, and nobody has heard of it */
    pthread_mutex_unlock(&lossy.lock);
    return SQLITE_OK;
}

static int lossy_size(sqlite3_file *file, sqlite3_int64 *out)
{
    pthread_mutex_lock(&lossy.lock);
    *out = ((LossyFile *)file)->image->size;
    pthread_mutex_unlock(&lossy.lock);
    return SQLITE_OK;
}

static int lossy_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int lossy_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int lossy_check_lock(sqlite3_file *file, int *out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}

/* Nothing of the real file's own knowledge (its size, its mapping) may pass by the image. */
static int lossy_control(sqlite3_file *file, int operation, void *argument)
{
    (void)file, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static int lossy_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int lossy_device(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as the unix VFS says of every disk */
}

static int lossy_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}

static int lossy_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void lossy_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int lossy_shm_unmap(sqlite3_file *file, int is_deleted)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), is_deleted);
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 2, /* without xFetch: no mapping around the image */
    .xClose = lossy_close,
    .xRead = lossy_read,
    .xWrite = lossy_write,
    .xTruncate = lossy_truncate,
    .xSync = lossy_sync,
    .xFileSize = lossy_size,
    .xLock = lossy_lock,
    .xUnlock = lossy_unlock,
    .xCheckReservedLock = lossy_check_lock,
    .xFileControl = lossy_control,
    .xSectorSize = lossy_sector,
    .xDeviceCharacteristics = lossy_device,
    .xShmMap = lossy_shm_map,
    .xShmLock = lossy_shm_lock,
    .xShmBarrier = lossy_shm_barrier,
    .xShmUnmap = lossy_shm_unmap,
};

/* ---- the VFS --------------------------------------------------------------------------------- */

static int lossy_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                      int *out_flags)
{
    (void)vfs;
    LossyFile *self = (LossyFile *)file;
    int kept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
    if (!name || !(flags & kept))
        return lossy.beneath->xOpen(lossy.beneath, name, file, flags, out_flags);
    *self = (LossyFile){.real = calloc(1, (size_t)lossy.beneath->szOsFile)};
    assert(self->real);
    int code = lossy.beneath->xOpen(lossy.beneath, name, self->real, flags, out_flags);
    if (code != SQLITE_OK) {
        free(self->real);
        return code;
    }
    pthread_mutex_lock(&lossy.lock);
    self->image = find_image(name);
    if (!self->image)
        self->image = load_image(name, self->real);
    self->image->users++;
    pthread_mutex_unlock(&lossy.lock);
    self->base.pMethods = &METHODS;
    return SQLITE_OK;
}

bool lossy_vfs_register(void)
{
    static sqlite3_vfs vfs;
    lossy.beneath = sqlite3_vfs_find(NULL);
    if (!lossy.beneath)
        return false;
    vfs = *lossy.beneath;
    vfs.zName = "lossy";
    vfs.pNext = NULL;
    vfs.xOpen = lossy_open;
    if (vfs.szOsFile < (int)sizeof(LossyFile))
        vfs.szOsFile = (int)sizeof(LossyFile);
    return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
}

void lossy_vfs_arm(LossySettings settings)
{
    pthread_mutex_lock(&lossy.lock);
    lossy.settings = settings;
    lossy.is_armed = true;
    pthread_mutex_unlock(&lossy.lock);
}
