#ifndef WORKBENCH_WORKBENCH_STORE_H
#define WORKBENCH_WORKBENCH_STORE_H

/* Rows of drafts and publications to structs and back. */
#include "apps/workbench/workbench.h"

/* Of one version; all zero where it came with a pack. */
typedef struct Published {
    Id officer;
    const char *reason;
    int64_t back_to;
} Published;

typedef struct DraftLine {
    const char *code;
    Id officer;
    Instant saved_at;
} DraftLine;
typedef LIST(DraftLine) DraftLines;

/* The draft of a definition; revision 0 where there is none. */
MUST_CHECK bool store_draft(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                            const char *code, Draft *out, Error *err);
MUST_CHECK bool store_drafts(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                             DraftLines *out, Error *err);
MUST_CHECK bool store_draft_names(DbConn *conn, Arena *arena, Id tenant, DraftNames *out,
                                  Error *err);
MUST_CHECK bool store_put_draft(Tx *tx, Id tenant, const Draft *draft, Error *err);
MUST_CHECK bool store_drop_draft(Tx *tx, Id tenant, const char *kind, const char *code, Error *err);

MUST_CHECK bool store_add_publication(Tx *tx, Id tenant, Id definition, const Published *row,
                                      Error *err);
MUST_CHECK bool store_publication(DbConn *conn, Arena *arena, Id tenant, Id definition,
                                  Published *out, Error *err);

/* ---- imports --------------------------------------------------------------------------------- */

MUST_CHECK bool store_add_import(Tx *tx, Id tenant, const ItemsImport *import, Error *err);
/* id 0 in out where there is none. */
MUST_CHECK bool store_import(DbConn *conn, Arena *arena, Id tenant, Id id, ItemsImport *out,
                             Error *err);
/* Without their workbooks, the newest first. */
MUST_CHECK bool store_imports(DbConn *conn, Arena *arena, Id tenant, int most, ItemsImports *out,
                              Error *err);
MUST_CHECK bool store_import_is_saved(Tx *tx, Id tenant, Id id, Error *err);
MUST_CHECK bool store_drop_import(Tx *tx, Id tenant, Id id, Error *err);
MUST_CHECK bool store_drop_looked_at(Tx *tx, Id tenant, Id officer, Error *err);

MUST_CHECK bool store_import_draft(Tx *tx, Id tenant, Id import, const Draft *draft, Error *err);
MUST_CHECK bool store_drafts_of_import(DbConn *conn, Arena *arena, Id tenant, Id import,
                                       DefinitionSet *files, DraftNames *names, Error *err);
MUST_CHECK bool store_drop_drafts_of_import(Tx *tx, Id tenant, Id import, Error *err);

#endif
