#ifndef SCORE_SCORE_STORE_H
#define SCORE_SCORE_STORE_H

/* Rows of what points are given for, and who sits where: the only code here that knows columns. */
#include "apps/score/score.h"
#include "base/list.h"

/* The day of an event is the civil day in China, as that of the counters. */
enum { SCORE_ZONE_MINUTES = 480 };

/* What an entry of the journal gives points for; `kind` is what the table is asked with. */
typedef struct ScoreEvent {
    Id entry;
    Date day;
    const char *kind;
    int64_t days; /* late; 0 otherwise */
    Id unit;
    Id officer;         /* 0: the entry names nobody */
    Id dossier;         /* 0: none */
    Id matter;          /* correction notice or complaint; 0: none */
    const char *number; /* read: of the dossier; kept: of the complaint, "" none */
} ScoreEvent;
typedef LIST(ScoreEvent) ScoreEvents;

/* So many events of one kind of a unit and an officer in some days. */
typedef struct ScoreCount {
    Id unit;
    Id officer;
    const char *kind;
    int64_t days;
    int64_t count;
} ScoreCount;
typedef LIST(ScoreCount) ScoreCounts;

/* Whose events: 0 is everybody. */
typedef struct ScoreScope {
    Id unit;
    Id officer;
} ScoreScope;

/* Either a unit or an officer. The newest first, behind `after` on the day `to`. */
typedef struct ScoreQuery {
    Id unit, officer;
    Date from, to;    /* both included */
    const char *kind; /* "" all */
    Id after;         /* INT64_MAX: from the first */
    int most;
} ScoreQuery;

/* A window and who sits at it now. */
typedef struct ScoreWindow {
    Id id;
    Id unit;
    const char *name;
    const char *name_en;
} ScoreWindow;
typedef LIST(ScoreWindow) ScoreWindows;

typedef struct ScorePerson {
    Id id;
    Id unit;
    Id window; /* 0: none */
    const char *name;
    const char *name_en;
} ScorePerson;
typedef LIST(ScorePerson) ScorePersons;

MUST_CHECK bool store_score_add(Tx *tx, Id tenant, const ScoreEvent *event, Error *err);
MUST_CHECK bool store_score_clear(Tx *tx, Error *err);
/* Who completed a dossier, 0 when that is not told. */
MUST_CHECK bool store_score_handler(Tx *tx, Id tenant, Id dossier, Id *out, Error *err);

/* Of the days from `from` to `to`, both included. */
MUST_CHECK bool store_score_counts(DbConn *conn, Arena *arena, Id tenant, Date from, Date to,
                                   ScoreScope scope, ScoreCounts *out, Error *err);
MUST_CHECK bool store_score_events(DbConn *conn, Arena *arena, Id tenant, const ScoreQuery *query,
                                   ScoreEvents *out, Error *err);
/* The entry behind a point, and the number of its dossier (NULL none): score.unknown_entry
 * (ERROR_NOT_FOUND) also for what lies outside the scope. */
MUST_CHECK bool store_score_entry(DbConn *conn, Arena *arena, Id tenant, Id entry, ScoreScope scope,
                                  JournalEntry *out, const char **out_number, Error *err);
MUST_CHECK bool store_score_windows(DbConn *conn, Arena *arena, Id tenant, ScoreWindows *out,
                                    Error *err);
MUST_CHECK bool store_score_persons(DbConn *conn, Arena *arena, Id tenant, ScorePersons *out,
                                    Error *err);

#endif
