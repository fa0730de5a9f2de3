#ifndef CATALOGUE_CATALOGUE_STORE_H
#define CATALOGUE_CATALOGUE_STORE_H

/* Rows of the item list and its words to structs and back. */
#include "apps/catalogue/catalogue.h"

typedef struct ItemRow {
    const char *code;
    const char *kind;
    Both name;
    Both summary;
    const char *unit_code;
    const char *topic;
    const char *sort_key;
} ItemRow;
typedef LIST(ItemRow) ItemRows;

enum { SEARCH_TERMS = 6 };

/* What is searched for: terms that are looked up as they are, and letters that a term begins with.
 */
typedef struct SearchQuery {
    const char *terms[SEARCH_TERMS]; /* "" where there is none */
    const char *prefix;              /* "" for none */
    int64_t least;                   /* how many terms an item must have */
} SearchQuery;

MUST_CHECK bool catalogue_store_item(Tx *tx, Id tenant, Id definition, const ItemRow *row,
                                     Error *err);
MUST_CHECK bool catalogue_store_clear_terms(Tx *tx, Id tenant, const char *item, Error *err);
MUST_CHECK bool catalogue_store_term(Tx *tx, Id tenant, const char *item, const char *term,
                                     int64_t weight, Error *err);
MUST_CHECK bool catalogue_store_clear(Tx *tx, Error *err);

/* Items by name behind (sort_after, code_after). */
typedef struct ItemListQuery {
    const char *topic;     /* "": of all */
    const char *unit_code; /* "": of all */
    const char *sort_after;
    const char *code_after;
    int most;
} ItemListQuery;
MUST_CHECK bool catalogue_store_list(DbConn *conn, Arena *arena, Id tenant,
                                     const ItemListQuery *query, ItemRows *out, Error *err);

/* The codes of the departments that have items. */
typedef LIST(const char *) UnitCodes;
MUST_CHECK bool catalogue_store_units(DbConn *conn, Arena *arena, Id tenant, UnitCodes *out,
                                      Error *err);
MUST_CHECK bool catalogue_store_search(DbConn *conn, Arena *arena, Id tenant,
                                       const SearchQuery *query, int most, ItemRows *out,
                                       Error *err);

#endif
