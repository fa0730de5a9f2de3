#ifndef WEB_STATIC_H
#define WEB_STATIC_H

/*
 * Static files: styles, scripts, fonts and pictures, inside the program.
 *
 * tools/embed writes the table when building. An address carries a hash of the content, so that
 * browsers may keep a file for ever: a changed file has another address.
 */
#include <stddef.h>

typedef struct StaticData {
    const unsigned char *data; /* NULL: there is no such variant */
    size_t size;
} StaticData;

typedef struct StaticFile {
    const char *name;         /* "app.css", "icons/lamp.svg": as in {{asset "..."}} */
    const char *address;      /* "/static/app.3fa9c1d2.css" */
    const char *content_type; /* "text/css; charset=utf-8" */
    const char *etag;         /* with its quotes */
    StaticData identity;
    StaticData gzip; /* only where it is smaller */
    StaticData brotli;
} StaticFile;

/* Sorted by name (strcmp). */
extern const StaticFile static_files[];
extern const size_t static_file_count;

/* By its name in templates, or by the path of a request; NULL when there is none. */
const StaticFile *static_find(const char *name);
const StaticFile *static_find_address(const char *path);

/* The variant to send for an Accept-Encoding header (may be NULL) and its Content-Encoding, NULL
 * for the plain one. */
const StaticData *static_choose(const StaticFile *file, const char *accept_encoding,
                                const char **out_encoding);

#endif
