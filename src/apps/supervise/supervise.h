#ifndef SUPERVISE_SUPERVISE_H
#define SUPERVISE_SUPERVISE_H

/*
 * Supervise: the live list of every dossier, its step, its clock and who has it, derived from the
 * journal alone, so that nobody who handles a dossier can change what the supervisor sees (B01,
 * B26). The right supervise.read opens it; no route here writes.
 */
#include "apps/supervise/correction.h"
#include "base/list.h"
#include "db/journal.h"
#include "web/web.h"

extern const Route supervise_routes[]; /* /supervise */
extern const JournalReader supervise_reader;

/* A dossier as its entries tell it. */
typedef struct Supervised {
    Id dossier;
    const char *number;
    const char *item_code;
    const char *item_name;
    const char *item_name_en;
    const char *kind; /* on_the_spot promised joint */
    Id unit;          /* responsible */
    const char *state;
    const char *stage;
    const char *step; /* the open step that is oldest, "" when none is open */
    const char *step_en;
    Id step_unit;
    Id officer;    /* who has the step, 0 nobody */
    Instant since; /* when the step began */
    Instant due_at;
    bool is_provisional;
    bool has_incident;
    bool is_open;
    Instant filed_at;
    Instant accepted_at;  /* INSTANT_NONE: not accepted */
    Instant completed_at; /* INSTANT_NONE while open */
    int64_t
        used_millidays; /* working days from acceptance to completion, in thousandths; INT_NONE */
    int64_t statutory_limit; /* INT_NONE until completed */
    int64_t promised_limit;  /* INT_NONE until completed */
    const char *limit_unit;
    const char *stop_ground; /* why its clock stands; "" while it runs */
    const char *waits_for;   /* "supplement" while the applicant is to act; "" */
    Instant rated_at;        /* INSTANT_NONE: not rated */
    int64_t grade;           /* 1 is the best; 0 not rated */
    int64_t scale;           /* how many grades there were */
    const char *open_parts;  /* JSON: all open steps and incidents; for the reader alone */
    Id last_entry;
} Supervised;

typedef LIST(Supervised) SupervisedList;

/* What lies behind a figure of a period. Completed is what was accepted and not withdrawn;
 * promised is every kind but on_the_spot; a day is one of China. */
typedef enum SupervisedSet {
    SUPERVISED_OPEN, /* now, of a stage or of all; the period does not matter; most urgent first */
    SUPERVISED_STILL_OPEN, /* accepted in the period, not ended yet; most urgent first */
    SUPERVISED_ACCEPTED,  /* in the period, whatever became of them; this and all below newest first
                           */
    SUPERVISED_COMPLETED, /* in the period */
    SUPERVISED_ON_TIME,   /* of these, completed on or before the promised moment */
    SUPERVISED_LATE,      /* and after it */
    SUPERVISED_ON_THE_SPOT,
    SUPERVISED_PROMISED,
    SUPERVISED_EARLY,     /* of the promised, completed before the promised day */
    SUPERVISED_NOT_EARLY, /* and on it or later */
    SUPERVISED_LIMITED,   /* of the completed, those whose limits are in working days */
    SUPERVISED_ENDED,     /* completed, not accepted or withdrawn: all that can be rated */
    SUPERVISED_WITHDRAWN,
    SUPERVISED_RATED,
    SUPERVISED_SATISFIED,         /* of the rated, better than the middle grade of the scale */
    SUPERVISED_NOT_SATISFIED,     /* and not */
    SUPERVISED_AT_LEAST_BASIC,    /* of the rated, the middle grade or better */
    SUPERVISED_NOT_AT_LEAST_BASIC /* and worse */
} SupervisedSet;

typedef struct SupervisedQuery {
    SupervisedSet set;
    Instant from, before; /* of acceptance, ending or rating, as the set says */
    const char *stage;    /* of OPEN: NULL all */
    const char *after;    /* where the page begins: the out_next of the page before, or NULL */
    int most;
} SupervisedQuery;

/* One page of the dossiers of a set; out_next (in the arena) leads to the next one, NULL when there
 * is none. An `after` that cannot be read begins at the top. */
MUST_CHECK bool supervise_find(DbConn *conn, Arena *arena, Id tenant, const SupervisedQuery *query,
                               SupervisedList *out, const char **out_next, Error *err);

/* How many dossiers are open in a stage now: intake review fee decision service, and any other that
 * has some. */
typedef struct StageCount {
    const char *stage;
    int64_t open;
} StageCount;
typedef LIST(StageCount) StageCounts;

/* The five stages (A04) in their order, each once, then others; zeros too. */
MUST_CHECK bool supervise_stages(DbConn *conn, Arena *arena, Id tenant, StageCounts *out,
                                 Error *err);

#endif
