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

/* Folds appended deltas into counters; a scheduler job. */
MUST_CHECK bool stats_fold(App *app, bool *out_more, Error *err);

#endif
