#ifndef STATS_STATS_INTERNAL_H
#define STATS_STATS_INTERNAL_H

/* What the pages of the board share. */
#include "apps/stats/stats.h"
#include "apps/stats/stats_views_gen.h"
#include "service/app.h"

extern const InputField stats_dossiers_input[], stats_export_input[];

bool dossiers_page(Request *req, Error *err);
bool dossiers_export(Request *req, Error *err);

typedef struct Period {
    Date from, to; /* both included */
} Period;

/* The year up to today, unless dates are given; board.bad_period (field "to"). */
MUST_CHECK bool stats_read_period(Request *req, Period *out, Error *err);
/* The period as part of a query. */
const char *stats_period_query(Request *req, const Period *period);

/* A unit's name in the page's language; in words where there is none. */
const char *stats_unit_name(Request *req, Id id, Error *err);

/* A value rounded to so many parts of one; a whole number as text. */
double stats_rounded(double value, double places);
const char *stats_whole(Request *req, int64_t value);

#endif
