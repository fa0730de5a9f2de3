#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

/*
 * Demo: a small county to try the product with: units, windows, officers, applicants, a firm
 * with a letter for one of them, from packs/demo-county/county.json (docs/packs.md). Made through
 * the same verbs as a real one.
 */
#include "service/app.h"

/* What the file says, read and checked; passwords are hashed when it is loaded. */
typedef struct DemoCounty DemoCounty;
MUST_CHECK DemoCounty *demo_read(Arena *arena, const char *file, Error *err);

/* The one password of all its accounts; "" when the file names none. */
const char *demo_password(const DemoCounty *county);

/* Makes the county when the tenant is not there yet (out_is_new); shows its log-ins on the log-in
 * page in any case. */
MUST_CHECK bool demo_load(App *app, Arena *arena, const DemoCounty *county, bool *out_is_new,
                          Error *err);

#endif
