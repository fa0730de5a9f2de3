#ifndef COMPLAINT_COMPLAINT_STORE_H
#define COMPLAINT_COMPLAINT_STORE_H

/* Rows of complaints. Results live in the arena given; errors are those of the database. */
#include "apps/complaint/complaint.h"

typedef struct ComplaintPerson {
    const char *name;
    const char *phone;
} ComplaintPerson;

typedef struct ComplaintAct {
    const char *kind;
    Id officer; /* 0: the complainant */
    Instant at;
    const char *words; /* "" */
} ComplaintAct;
typedef LIST(ComplaintAct) ComplaintActs;

/* The two numbers of "2026-00012"; false when it is none. */
bool complaint_read_number(const char *number, int *out_year, int *out_sequence);

/* Draws the number of the year, and stores it. */
MUST_CHECK bool store_add_complaint(Tx *tx, App *app, Complaint *complaint,
                                    const ComplaintPerson *person, const char *words, Error *err);

/* complaint.unknown; unit 0: of any. */
MUST_CHECK bool store_complaint(DbConn *conn, Arena *arena, Id tenant, Id id, Id unit,
                                Complaint *out, Error *err);
MUST_CHECK bool store_complaint_numbered(DbConn *conn, Arena *arena, Id tenant, const char *number,
                                         Complaint *out, bool *out_found, Error *err);

/* What is sealed; words may be NULL. */
MUST_CHECK bool store_complaint_sealed(DbConn *conn, Arena *arena, App *app, Id id,
                                       ComplaintPerson *person, const char **words, Error *err);

/* Its next state; out_moved is false when it is no longer in the one that was read. */
MUST_CHECK bool store_move_complaint(Tx *tx, Id tenant, const Complaint *complaint,
                                     const char *before, bool *out_moved, Error *err);

MUST_CHECK bool store_add_complaint_act(Tx *tx, App *app, Id complaint, const ComplaintAct *act,
                                        Error *err);
MUST_CHECK bool store_complaint_acts(DbConn *conn, Arena *arena, App *app, Id complaint,
                                     ComplaintActs *out, Error *err);

/* A page of those that an office still has to act on, the most urgent first, or of the others, the
 * newest first; behind (due_after, after), of which the second counts alone for the others. */
typedef struct ComplaintQuery {
    Id unit; /* 0: of all; else accepted ones of this */
    bool is_open;
    Instant due_after;
    Id after;
    int most;
} ComplaintQuery;
MUST_CHECK bool store_complaints(DbConn *conn, Arena *arena, Id tenant, const ComplaintQuery *query,
                                 Complaints *out, Error *err);

#endif
