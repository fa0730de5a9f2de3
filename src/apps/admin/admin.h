#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

/*
 * Admin: incidents to mend, definitions in force, officers and units, holiday tables to load. Acts
 * only through the verbs of the other capabilities.
 */
#include "web/web.h"

extern const Route admin_routes[]; /* /admin ... */

#endif
