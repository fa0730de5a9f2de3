#ifndef COVER_COVER_GAP_H
#define COVER_COVER_GAP_H

/* When nobody holds a post: both holders are away, or one is and there is no other. Pure. */
#include "apps/cover/cover.h"
#include "calendar/calendar.h"

enum { GAP_DAYS = 31 }; /* how far ahead is looked */

typedef struct Gap {
    Date from; /* first and last working day of it */
    Date to;
} Gap;
typedef LIST(Gap) Gaps;

/* Whether an officer is away on a day; nobody (0) always is. */
bool gap_is_away(const Absences *absences, Id officer, Date day);

/* The stretches of working days from `today` on, GAP_DAYS ahead, on which nobody holds a post. Days
 * off between two of them do not part them. */
Gaps gaps_of(const CalendarTable *table, Arena *arena, const Post *post, const Absences *absences,
             Date today);

#endif
