#ifndef DOSSIER_DOSSIER_FILES_STORE_H
#define DOSSIER_DOSSIER_FILES_STORE_H

/* Rows of material_file to structs and back; titles are sealed here. */
#include "apps/dossier/dossier_files.h"

typedef struct MaterialFile {
    Id id;
    Id file;
    const char *material;
    const char *title; /* opened */
    const char *media_type;
    int64_t size;
    const char *uploaded_by_kind;
    Id uploaded_by;
    Instant uploaded_at;
    Instant replaced_at; /* INSTANT_NONE: it counts */
} MaterialFile;
typedef LIST(MaterialFile) MaterialFiles;

/* Stores one; file->uploaded_at is not read, it is now. */
MUST_CHECK bool store_add_file(Tx *tx, App *app, Id dossier, const MaterialFile *file, Error *err);

/* All files of a dossier in the order in which they came; those that were replaced too. */
MUST_CHECK bool store_files(DbConn *conn, App *app, Arena *arena, Id dossier, MaterialFiles *out,
                            Error *err);

/* One file of a dossier: only id, file and title are filled. files.unknown (ERROR_NOT_FOUND). */
MUST_CHECK bool store_file(DbConn *conn, App *app, Arena *arena, Id dossier, Id id,
                           MaterialFile *out, Error *err);

/* What was handed in so far for a material no longer counts. */
MUST_CHECK bool store_replace_files(Tx *tx, App *app, Id dossier, const char *material, Error *err);

#endif
