#ifndef SUPERVISE_SUPERVISE_INTERNAL_H
#define SUPERVISE_SUPERVISE_INTERNAL_H

/* Paging by the last row shown, for the live list and for the lists behind figures. */
#include "apps/supervise/supervise_store.h"
#include "calendar/calendar.h"

/* The first moment that is more than one working day away: what is due before it is due soon. The
 * same measure as the yellow lamp. */
Instant supervise_near(const CalendarTable *table, Instant now);

/* Before every row: lists of open dossiers ascend, those of completed ones descend. */
#define SUPERVISED_FIRST ((SupervisedPlace){.at = INSTANT_NONE + 1})
#define SUPERVISED_LAST  ((SupervisedPlace){.at = INT64_MAX, .dossier = INT64_MAX})

/* "<moment>.<dossier>" as supervised_next writes it; `top` for anything else. */
SupervisedPlace supervised_place(Arena *arena, const char *after, SupervisedPlace top);

/* By which moment of its rows a list is ordered. */
typedef enum SupervisedOrder { BY_DUE, BY_COMPLETED, BY_ACCEPTED, BY_RATED } SupervisedOrder;

/* Cuts a list that was read with one row too many to `most` rows; where the next page begins, NULL
 * when nothing was cut. */
const char *supervised_next(Arena *arena, SupervisedList *rows, int most, SupervisedOrder order);

#endif
