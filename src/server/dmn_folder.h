#ifndef SERVER_DMN_FOLDER_H
#define SERVER_DMN_FOLDER_H

/*
 * DMN files on disk: a file is loaded with what it imports from its own folder, found by the
 * import's location or else by the namespace of each *.dmn file there.
 */
#include <stdbool.h>
#include <stddef.h>

#include "dmn/dmn.h"

/* A whole file; NULL with dmn.file (ERROR_NOT_FOUND, {what} = the system's reason), or
 * dmn.too_large past size_max. */
const char *folder_read(Arena *arena, const char *path, size_t size_max, size_t *out_length,
                        Error *err);

/* The model of a file. NULL with the errors of folder_read and dmn_load. Texts of the files live in
 * the arena too. */
DmnModel *folder_load(Arena *arena, const char *path, Error *err);

/* Names in a folder, sorted, without those that begin with a dot. False when it cannot be read. */
bool folder_names(Arena *arena, const char *path, const char ***out_names, size_t *out_count);

#endif
