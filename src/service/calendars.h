#ifndef SERVICE_CALENDARS_H
#define SERVICE_CALENDARS_H

/*
 * Calendars: the calendar table in force for each tenant, from its definitions of kind "calendar"
 * (code "cn" the national table, other codes local layers by division path). Tables are immutable;
 * a new one replaces the old after the commit that published it, and the old stays for whoever
 * still reads it.
 */
#include "calendar/calendar_feel.h"
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

/* What the expressions of a pack see beside their variables: the moment, the zone, and the working
 * days of the tenant's jurisdiction, so that they may say workdays.add(...); where there is no
 * table those are null. Lives in the arena. */
FeelScope calendars_scope(struct App *app, DbConn *conn, Arena *arena, FeelValue variables,
                          Instant now);

/* Those working days alone, for what makes its scopes itself; NULL where there is no table. */
const FeelWorkdays *calendars_workdays(struct App *app, DbConn *conn, Arena *arena);

/* The closing hour of the n-th working day after the day of a moment: when something that is owed
 * within so many working days is due. */
MUST_CHECK bool calendars_closing_after(struct App *app, DbConn *conn, Instant from, int32_t days,
                                        Instant *out, Error *err);

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
