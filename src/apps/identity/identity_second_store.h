#ifndef IDENTITY_IDENTITY_SECOND_STORE_H
#define IDENTITY_IDENTITY_SECOND_STORE_H

/* Rows of second factors and their recovery codes. */
#include "apps/identity/identity_second.h"

/* The row, its secret still sealed. Neither pending nor active: there is none. */
MUST_CHECK bool second_store_find(DbConn *conn, Arena *arena, Id tenant, Id officer,
                                  SecondFactor *out, DbBytes *out_sealed, Error *err);
MUST_CHECK bool second_store_begin(Tx *tx, Id tenant, Id officer, DbBytes sealed, Error *err);
MUST_CHECK bool second_store_confirm(Tx *tx, Id tenant, Id officer, int64_t step, Error *err);
/* Neither the code of this step nor an older one is right again. */
MUST_CHECK bool second_store_spend(Tx *tx, Id tenant, Id officer, int64_t step, Error *err);
/* Forgets the secret and its recovery codes. */
MUST_CHECK bool second_store_clear(Tx *tx, Id tenant, Id officer, Error *err);

MUST_CHECK bool second_store_add_code(Tx *tx, Id tenant, Id officer, const char *hash, Error *err);
MUST_CHECK bool second_store_code(Tx *tx, Id tenant, Id officer, const char *hash, bool *out_found,
                                  bool *out_used, Error *err);
MUST_CHECK bool second_store_use_code(Tx *tx, Id tenant, Id officer, const char *hash, Error *err);

#endif
