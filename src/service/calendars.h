#ifndef SERVICE_CALENDARS_H
#define SERVICE_CALENDARS_H

/*
 * Calendars: the calendar table in force for each tenant, from its definitions of kind "calendar"
 * (code "cn" the national table, other codes local layers by division path). Tables are immutable;
 * a new one replaces the old after the commit that published it, and the old stays for whoever
 * still reads it.
 */
#include "calendar/calendar.h"
#include "service/definition.h"

/* The holiday table that is compiled in (packs/calendar/cn-workdays.csv). */
extern const char calendars_announced[];
extern const size_t calendars_announced_length;

struct App;
typedef struct Calendars Calendars;

/* None loaded yet; lives in the arena of the server. */
Calendars *calendars_create(Arena *arena);
void calendars_destroy(Calendars *calendars);

/* The table of a tenant, loaded from the database at first use. */
MUST_CHECK const CalendarTable *calendars_get(Calendars *calendars, DbConn *conn, Id tenant,
                                              Error *err);

/* Drops the table of a tenant that another process has made old, so that the next one asked for is
 * new; out_was_old tells (then what this process derived meanwhile must be derived again).
 * out_newest: the newest calendar definition, 0 when there is none; tables asked for from now on
 * rest on it. */
MUST_CHECK bool calendars_refresh(Calendars *calendars, DbConn *conn, Id tenant, Id *out_newest,
                                  bool *out_was_old, Error *err);

/* Checks a CSV and publishes it under code; after the commit the table is in force. The caller
 * re-derives deadlines (dossier_rederive). Errors name line and column of the CSV. */
MUST_CHECK bool calendars_publish(Tx *tx, Calendars *calendars, Id tenant, const char *code,
                                  const char *csv, Date effective_from, Error *err);

#endif
