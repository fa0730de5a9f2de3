#ifndef SCREEN_SCREEN_H
#define SCREEN_SCREEN_H

/*
 * Screen: what the large screen of a hall shows by turns (A38): how many are served, the newest
 * results, the time limits of the services. Public, without a name: of a dossier only the day, the
 * end of its number, the service, the office and the outcome.
 *
 *     numbers -> results, nine a slide -> limits, nine a slide -> numbers ...
 *
 * Each slide leads to the next by itself, with scripts and without.
 */
#include "base/text.h"
#include "web/web.h"

/* A dossier's number as strangers may see it: the day and the last four digits. */
const char *screen_masked(Arena *arena, const char *number);

/* How many slides so many lines take, nine a slide: none for none. */
size_t screen_slides(size_t lines);

extern const Route screen_routes[]; /* /screen */

#endif
