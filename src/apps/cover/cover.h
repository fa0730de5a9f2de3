#ifndef COVER_COVER_H
#define COVER_COVER_H

/*
 * Cover (AB岗): each post of a unit has a holder A and a holder B. While one of them is away the
 * other acts for him: he may take up, finish and give back what the absent one has, in his own
 * name, and the journal says for whom. Where both are away the head of the unit and supervisors
 * see the days on which nobody holds the post.
 *
 *     absence noted -> tasks of the absent holder on the desk of the other -> back
 */
#include "base/list.h"
#include "base/time.h"
#include "service/app.h"

typedef struct Absence {
    Id id;
    Id officer;
    Id unit;
    Date from; /* first and last day away */
    Date to;
    const char *reason; /* leave trip training meeting other */
    Id noted_by;
    bool is_ended; /* came back before the last day that was noted */
} Absence;
typedef LIST(Absence) Absences;

typedef struct Post {
    Id id;
    Id unit;
    const char *code;
    const char *name;
    const char *name_en;
    Id a; /* 0: nobody */
    Id b;
} Post;
typedef LIST(Post) Posts;

/* ---- verbs ----------------------------------------------------------------------------------- */

/* Notes that an officer (0: he himself) will be away; the head of his unit may note it for him.
 * Appends absence.noted. Refuses: absence.dates (the last day lies before the first, or more than a
 * year after it), absence.past, absence.overlaps (he is away already on one of the days),
 * absence.not_yours (ERROR_FORBIDDEN), absence.unknown_officer (not of the unit). */
MUST_CHECK bool cover_note_absence(Tx *tx, App *app, const User *by, const Absence *absence,
                                   Id *out_id, Error *err);

/* He is back today. Appends absence.ended. Refuses: absence.unknown (ERROR_NOT_FOUND; also of
 * another unit), absence.over_already, absence.not_yours (ERROR_FORBIDDEN). */
MUST_CHECK bool cover_end_absence(Tx *tx, App *app, const User *by, Id absence, Error *err);

/* The head of the unit says who holds a post (0: nobody). Appends post.held. Refuses:
 * post.unknown (ERROR_NOT_FOUND; also of another unit), post.same_holder, post.unknown_holder (not
 * of the unit). */
MUST_CHECK bool cover_hold_post(Tx *tx, App *app, const User *head, Id post, Id a, Id b,
                                Error *err);

/* ---- for those who work on tasks ------------------------------------------------------------- */

typedef struct Covered {
    Id officer; /* who is away */
    Date until; /* his last day away */
} Covered;
typedef LIST(Covered) CoveredList;

/* For whom an officer acts on a day. */
MUST_CHECK bool cover_absent_of(DbConn *conn, Arena *arena, Id tenant, Id officer, Date day,
                                CoveredList *out, Error *err);

/* Whether an officer acts for another on a day; out_until (may be NULL) is that one's last day
 * away. */
MUST_CHECK bool cover_acts_for(DbConn *conn, Arena *arena, Id tenant, Id officer, Id absent,
                               Date day, bool *out, Date *out_until, Error *err);

extern const Route cover_routes[];

#endif
