/*
 * dmn_folder.c - DMN files and their imports from a folder.
 */
#include "server/dmn_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "format/xml.h"

enum { FILE_BYTES_MAX = 8 * 1024 * 1024, NAMES_MAX = 100 * 1000 };

const char *folder_read(Arena *arena, const char *path, size_t size_max, size_t *out_length,
                        Error *err)
{
    enum { PIECE = 64 * 1024 };
    FILE *file = fopen(path, "rb");
    Buffer text = buffer_init(arena, size_max);
    size_t length = 0;
    *out_length = 0;
    char *piece = arena_alloc(arena, PIECE);
    while (file && !text.is_over && (length = fread(piece, 1, PIECE, file)) > 0)
        buffer_add_n(&text, piece, length);
    bool is_read = file && !ferror(file);
    const char *reason = arena_text(arena, strerror(errno));
    if (file)
        fclose(file);
    *out_length = text.length;
    if (is_read && !text.is_over)
        return buffer_text(&text);
    if (is_read)
        error_set(err, ERROR_TOO_LARGE, .code = "dmn.too_large", .field = path,
                  .with = {{"what", "the file"}});
    else
        error_set(err, ERROR_NOT_FOUND, .code = "dmn.file", .field = path,
                  .with = {{"what", reason}});
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool folder_names(Arena *arena, const char *path, const char ***out_names, size_t *out_count)
{
    LIST(const char *) names = {0};
    DIR *folder = opendir(path);
    const struct dirent *entry;
    if (!folder)
        return false;
    while ((entry = readdir(folder)) && names.count < NAMES_MAX)
        if (entry->d_name[0] != '.')
            list_add(arena, &names, arena_text(arena, entry->d_name));
    closedir(folder);
    if (names.count)
        qsort(names.items, names.count, sizeof *names.items, by_name);
    *out_names = names.items;
    *out_count = names.count;
    return true;
}

/* ---- imports --------------------------------------------------------------------------------- */

typedef struct Folder {
    Arena *arena;
    const char *path;
} Folder;

static bool is_namespace_of(const char *text, size_t length, const char *uri)
{
    Arena *scratch = arena_create(0);
    Error ignored = ERROR_NONE;
    const XmlElement *root = xml_parse(scratch, text, length, &XML_LIMITS, &ignored);
    bool is_it = root && text_equal(xml_attribute(root, NULL, "namespace"), uri);
    arena_destroy(scratch);
    return is_it;
}

static bool take(const Folder *folder, const char *name, const DmnImport *import, DmnSource *out)
{
    Error ignored = ERROR_NONE;
    const char *path = arena_printf(folder->arena, "%s/%s", folder->path, name);
    out->name = name;
    out->text = folder_read(folder->arena, path, FILE_BYTES_MAX, &out->length, &ignored);
    return out->text && is_namespace_of(out->text, out->length, import->namespace_uri);
}

/* The location first, where it names a file of the folder itself. */
static bool find_import(void *data, const DmnImport *import, DmnSource *out)
{
    const Folder *folder = data;
    const char **names;
    size_t count;
    if (import->location && !strchr(import->location, '/') &&
        take(folder, import->location, import, out))
        return true;
    if (!folder_names(folder->arena, folder->path, &names, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (text_ends_with(names[i], ".dmn") && take(folder, names[i], import, out))
            return true;
    return false;
}

DmnModel *folder_load(Arena *arena, const char *path, Error *err)
{
    const char *slash = strrchr(path, '/');
    Folder folder = {.arena = arena,
                     .path = slash ? arena_text_n(arena, path, (size_t)(slash - path)) : "."};
    const DmnResolver resolver = {.find = find_import, .data = &folder};
    DmnSource source = {.name = slash ? slash + 1 : path};
    source.text = folder_read(arena, path, FILE_BYTES_MAX, &source.length, err);
    return source.text ? dmn_load(arena, &source, &resolver, err) : NULL;
}
