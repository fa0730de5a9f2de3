#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

/*
 * Admin: incidents to mend, definitions in force, officers and units, holiday tables to load. Acts
 * only through the verbs of the other capabilities.
 */
#include "service/app.h"
#include "web/web.h"

extern const Route admin_routes[]; /* /admin ... */

/* A scheduler job ("rederive", woken when a calendar was published): derives all running clocks
 * again while a calendar is newer than the last one that was applied to them. Which one that was is
 * kept in the database, so an end of the program between publication and derivation loses nothing.
 */
MUST_CHECK bool admin_rederive(App *app, bool *out_more, Error *err);

#endif
