#ifndef COVER_COVER_STORE_H
#define COVER_COVER_STORE_H

/* Rows of posts and absences. */
#include "apps/cover/cover.h"

typedef struct Staff {
    Id id;
    const char *login;
    const char *name;
    const char *name_en;
} Staff;
typedef LIST(Staff) StaffList;

/* unit 0: of all. */
MUST_CHECK bool store_posts(DbConn *conn, Arena *arena, Id tenant, Id unit, Posts *out, Error *err);
/* post.unknown (ERROR_NOT_FOUND). */
MUST_CHECK bool store_post(DbConn *conn, Arena *arena, Id tenant, Id id, Post *out, Error *err);
MUST_CHECK bool store_hold_post(Tx *tx, Id tenant, const Post *post, Error *err);
MUST_CHECK bool store_staff(DbConn *conn, Arena *arena, Id tenant, Id unit, StaffList *out,
                            Error *err);
MUST_CHECK bool store_add_absence(Tx *tx, Id tenant, const Absence *absence, Error *err);
MUST_CHECK bool store_end_absence(Tx *tx, Id tenant, const Absence *absence, Id by, Error *err);
/* absence.unknown (ERROR_NOT_FOUND). */
MUST_CHECK bool store_absence(DbConn *conn, Arena *arena, Id tenant, Id id, Absence *out,
                              Error *err);
/* Who of a unit (0: of all), or one officer, is away on a day or later. */
MUST_CHECK bool store_absences(DbConn *conn, Arena *arena, Id tenant, Id unit, Date day, int most,
                               Absences *out, Error *err);
MUST_CHECK bool store_absences_of(DbConn *conn, Arena *arena, Id tenant, Id officer, Date day,
                                  Absences *out, Error *err);

#endif
