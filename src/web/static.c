/*
 * static.c - finding an embedded file and the variant that a client takes.
 */
#include "web/static.h"

#include <string.h>

#include "http/protocol.h"
#include "web/view.h"

const StaticFile *static_find(const char *name)
{
    size_t low = 0, high = static_file_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, static_files[middle].name);
        if (order == 0)
            return &static_files[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const StaticFile *static_find_address(const char *path)
{
    for (size_t i = 0; i < static_file_count; i++)
        if (strcmp(path, static_files[i].address) == 0)
            return &static_files[i];
    return NULL;
}

const StaticData *static_choose(const StaticFile *file, const char *accept_encoding,
                                const char **out_encoding)
{
    int identity = accept_encoding_quality(accept_encoding, "identity");
    int gzip = file->gzip.data ? accept_encoding_quality(accept_encoding, "gzip") : 0;
    int brotli = file->brotli.data ? accept_encoding_quality(accept_encoding, "br") : 0;
    *out_encoding = NULL;
    /* "identity" counts as wanted when it is not named at all, which says nothing for it: the
     * smaller variants win whenever they are taken. */
    if (identity == 1000 && (gzip || brotli))
        identity = 1;
    if (brotli && brotli >= gzip && brotli >= identity) {
        *out_encoding = "br";
        return &file->brotli;
    }
    if (gzip && gzip >= identity) {
        *out_encoding = "gzip";
        return &file->gzip;
    }
    return &file->identity;
}

void view_put_asset(Buffer *out, const char *name)
{
    const StaticFile *file = static_find(name);
    view_put_text(out, file ? file->address : arena_printf(out->arena, "/static/%s", name));
}
