#ifndef DOCUMENT_DOCUMENT_STORE_H
#define DOCUMENT_DOCUMENT_STORE_H

/* Rows of papers to structs and back; contents are opened and sealed here. */
#include "apps/document/document.h"

MUST_CHECK bool document_store_draw(Tx *tx, App *app, const char *kind, int year, int64_t *out,
                                    Error *err);
MUST_CHECK bool document_store_add(Tx *tx, App *app, const Document *document, Error *err);
MUST_CHECK bool document_store_list(DbConn *conn, App *app, Arena *arena, Id dossier,
                                    Documents *out, Error *err);
MUST_CHECK bool document_store_get(DbConn *conn, App *app, Arena *arena, Id id, Document *out,
                                   bool *out_found, Error *err);
MUST_CHECK bool document_store_of_code(DbConn *conn, App *app, Arena *arena, const char *code,
                                       Document *out, bool *out_found, Error *err);

#endif
