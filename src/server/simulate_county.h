#ifndef SERVER_SIMULATE_COUNTY_H
#define SERVER_SIMULATE_COUNTY_H

/* What a simulation reads of a database, and what it adds before it begins. */
#include "service/app.h"
#include "simulate/simulate.h"

/* Fills in items, officers, the watcher, the administrator, grounds and the calendar.
 * simulate.no_officers where nobody supervises or administers. */
MUST_CHECK bool county_find(App *app, Arena *arena, SimulateSpec *spec, Error *err);

/* Registers the applicants of the spec, all with this password; those that are there already stay.
 * It ends early when it is interrupted. */
MUST_CHECK bool county_register(App *app, Arena *arena, const char *password,
                                const SimulateSpec *spec, Error *err);

/* Registers each letter of authorisation that does not cover the period for it as well, as an
 * administrator does on the page: else nobody could take the steps that need one. */
MUST_CHECK bool county_renew_letters(const ScenarioProgram *program, Arena *arena,
                                     const SimulateSpec *spec, Error *err);

#endif
