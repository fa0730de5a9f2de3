#ifndef STATS_STATS_H
#define STATS_STATS_H

/*
 * Stats: counters of a fixed grain from the journal, and the leader's board: the indicators S01 to
 * S10 (systems.md section 3), what was withdrawn, and what is open in each stage. Deltas are
 * appended in the transaction of the change and folded later, so figures are right in the
 * transaction that changed them and no row is hot.
 */
#include "db/journal.h"
#include "service/app.h"
#include "web/web.h"

extern const Route stats_routes[]; /* /board */
extern const JournalReader stats_reader;

/* The figures of a period as text that is the same for the same rows on either engine: whole
 * numbers alone, lines sorted, units by code. One line a figure (its numerator and denominator), a
 * count, a unit, an item, a month; what is open in each stage is of now. out_filed: how many were
 * filed. */
MUST_CHECK bool stats_indicators(App *app, Arena *arena, Date from, Date to, bool is_json,
                                 const char **out, int64_t *out_filed, Error *err);

/* What a hall tells of a period: how many were filed, accepted and completed, and in ready text the
 * share on time (S02) and satisfied (S10); NULL where there is nothing to share. */
typedef struct StatsSummary {
    int64_t filed, accepted, completed;
    const char *on_time;
    const char *satisfied;
} StatsSummary;
MUST_CHECK bool stats_summary(Request *req, Date from, Date to, StatsSummary *out, Error *err);

/* Folds appended deltas into counters; a scheduler job. */
MUST_CHECK bool stats_fold(App *app, bool *out_more, Error *err);

#endif
