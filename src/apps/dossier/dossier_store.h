#ifndef DOSSIER_DOSSIER_STORE_H
#define DOSSIER_DOSSIER_STORE_H

/*
 * Rows of a dossier to structs and back: the only code of this capability that knows columns.
 * Sealed columns (answers, process state, certificate content) are opened and sealed here.
 */
#include "apps/dossier/dossier.h"
#include "calendar/calendar.h"

typedef struct Task {
    Id id;
    Id dossier;
    int64_t node; /* key in the engine's state */
    const char *element;
    Both name;
    const char *stage;
    const char *form; /* form definition code, "" for none */
    Id unit;
    Id assignee;       /* 0 nobody */
    const char *state; /* open done cancelled */
    Instant created_at;
    Instant due_at;       /* INSTANT_NONE: none */
    Instant completed_at; /* INSTANT_NONE while open */
    Id completed_by;
    const char *outcome;
    const char *opinion;
} Task;
typedef LIST(Task) Tasks;

typedef struct DeskTask {
    Task task;
    const char *number;
    const char *applicant_name;
    const char *kind;
    Both item_name;
    Date provisional_from;
    const char *waits_for;
    const char *ground; /* why the clock does not run, or NULL */
} DeskTask;
typedef LIST(DeskTask) DeskTasks;

typedef struct MaterialState {
    const char *code;
    Both name;
    bool is_required;
    bool is_brought;
    Id seen_by;
    Instant seen_at;
} MaterialState;
typedef LIST(MaterialState) MaterialStates;

typedef struct ClockRow {
    Id dossier;
    Limit limit;
    int64_t extension; /* granted beyond the limit, in its unit */
    Instant started_at;
    Instant due_at;
    Date due_on;
    Date provisional_from;
    Instant stopped_at;    /* completed */
    const char *ground;    /* why it does not run now, or NULL */
    Instant runs_again_at; /* when that passes its own limit; INSTANT_NONE: not known */
    bool has_spans;        /* store_running_clocks only */
} ClockRow;
typedef LIST(ClockRow) ClockRows;

typedef struct TimerRow {
    Id id;
    Id dossier;
    int64_t node;
    const char *element;
    Instant due_at;
    bool is_set;
} TimerRow;
typedef LIST(TimerRow) TimerRows;

typedef struct Incident {
    Id id;
    Id dossier;
    const char *number;
    Both item_name;
    int64_t node;
    const char *element;
    const char *code;
    const char *message;
    Instant raised_at;
    Instant resolved_at;
} Incident;
typedef LIST(Incident) Incidents;

typedef struct Certificate {
    Id id;
    Id dossier;
    const char *part; /* its code in the item's list */
    Id unit;          /* who issued it */
    const char *number;
    const char *code; /* by which anybody may ask whether it is genuine */
    Both title;
    Id template;
    const char *content; /* JSON, opened */
    Instant issued_at;
    Instant served_at;
} Certificate;
typedef LIST(Certificate) Certificates;

typedef struct OwnDossier {
    Id id;
    Id party;
    Id item_definition;
    DbBytes answers; /* sealed */
    const char *number;
    Both item_name;
    const char *state;
    const char *stage;
    Both step; /* NULL when nothing is open */
    Instant filed_at;
    Instant completed_at;
    Date due_on;
    Date provisional_from;
    const char *waits_for;
    const char *ground; /* why its clock does not run, or NULL */
    bool is_rated;
} OwnDossier;
typedef LIST(OwnDossier) OwnDossiers;

typedef struct Rating {
    int64_t grade;
    int64_t scale;
    const char *comment;
    Instant rated_at;
} Rating;

/* ---- the dossier ----------------------------------------------------------------------------- */

MUST_CHECK bool store_insert(Tx *tx, App *app, const Dossier *dossier, Error *err);
/* Saves what a command changed; dossier->version is the new one. dossier.moved (ERROR_CONFLICT)
 * when the row had another version than before. */
MUST_CHECK bool store_save(Tx *tx, App *app, const Dossier *dossier, int64_t before, Error *err);
/* Locks the row first (PostgreSQL), then reads it: dossier.unknown. */
MUST_CHECK bool store_lock(Tx *tx, App *app, Id id, Dossier *out, Error *err);
MUST_CHECK bool store_id_of_number(DbConn *conn, Arena *arena, Id tenant, const char *number,
                                   Id *out, Error *err);
MUST_CHECK bool store_last_number(DbConn *conn, Arena *arena, Id tenant, const char *low,
                                  const char *high, const char **out, Error *err);
/* party: verified, whose dossiers a window took in are among them; 0 for none. */
MUST_CHECK bool store_own(DbConn *conn, Arena *arena, Id tenant, Id account, Id party, Id before,
                          int most, OwnDossiers *out, Error *err);
/* What a party told before (dossier.sql, dossier_known). */
typedef struct KnownDossier {
    Id id;
    Id form_definition;
    DbBytes answers; /* sealed */
    Both item_name;
    Instant filed_at;
} KnownDossier;
typedef LIST(KnownDossier) KnownDossiers;
MUST_CHECK bool store_known(DbConn *conn, Arena *arena, Id tenant, Id party, Id account, int most,
                            KnownDossiers *out, Error *err);
MUST_CHECK bool store_unit_may_see(DbConn *conn, Arena *arena, Id tenant, Id unit, Id dossier,
                                   bool *out, Error *err);
/* The form as JSON text. */
MUST_CHECK const char *store_answers(App *app, Arena *arena, const Dossier *dossier, Error *err);
DbBytes store_seal_answers(App *app, Arena *arena, Id dossier, const char *json);

/* ---- materials, clock ------------------------------------------------------------------------ */

MUST_CHECK bool store_add_material(Tx *tx, App *app, Id dossier, const ItemMaterial *material,
                                   bool is_brought, Error *err);
MUST_CHECK bool store_materials(DbConn *conn, Arena *arena, Id tenant, Id dossier,
                                MaterialStates *out, Error *err);
MUST_CHECK bool store_see_material(Tx *tx, App *app, Id dossier, const char *code, Id officer,
                                   Error *err);
MUST_CHECK bool store_add_clock(Tx *tx, App *app, const ClockRow *row, Error *err);
MUST_CHECK bool store_clock(DbConn *conn, Arena *arena, Id tenant, Id dossier, ClockRow *out,
                            bool *out_found, Error *err);
MUST_CHECK bool store_stop_clock(Tx *tx, App *app, Id dossier, Error *err);
MUST_CHECK bool store_move_clock(Tx *tx, App *app, const ClockRow *row, Error *err);
/* Open tasks that were due when the whole was (before; INSTANT_NONE: it had no date yet). */
MUST_CHECK bool store_move_tasks(Tx *tx, App *app, Id dossier, Instant before, Instant after,
                                 Error *err);
MUST_CHECK bool store_running_clocks(DbConn *conn, Arena *arena, Id tenant, Id after, Instant since,
                                     int most, ClockRows *out, Error *err);

/* ---- process, tasks, timers, incidents ------------------------------------------------------- */

MUST_CHECK bool store_add_process(Tx *tx, App *app, Id dossier, Id definition, const char *state,
                                  Error *err);
MUST_CHECK bool store_save_process(Tx *tx, App *app, Id dossier, const char *state, Error *err);
/* The definition and the opened state; dossier.no_process when there is none. */
MUST_CHECK bool store_process(DbConn *conn, App *app, Arena *arena, Id dossier, Id *out_definition,
                              const char **out_state, Error *err);
MUST_CHECK bool store_add_task(Tx *tx, App *app, const Task *task, Error *err);
MUST_CHECK bool store_task(DbConn *conn, Arena *arena, Id tenant, Id id, Task *out, Error *err);
/* A task of the dossier with this number, in one statement. */
MUST_CHECK bool store_task_of_number(DbConn *conn, Arena *arena, Id tenant, const char *digits,
                                     Id id, Task *out, Error *err);
/* The open task of an engine node, 0 when there is none. */
MUST_CHECK bool store_task_of_node(Tx *tx, App *app, Id dossier, int64_t node, Id *out, Error *err);
MUST_CHECK bool store_end_task(Tx *tx, App *app, const Task *task, Error *err);
MUST_CHECK bool store_cancel_task(Tx *tx, App *app, Id task, Error *err);
MUST_CHECK bool store_assign_task(Tx *tx, App *app, Id task, Id officer, Error *err);
MUST_CHECK bool store_tasks(DbConn *conn, Arena *arena, Id tenant, Id dossier, Tasks *out,
                            Error *err);
/* Which of a unit's open tasks are wanted. */
typedef struct DeskQuery {
    Id unit;
    Id mine;           /* only what this officer has, 0: all */
    const char *stage; /* "": of every stage */
    Instant due_after; /* behind (due_after, id_after); INT64_MIN and 0: from the first */
    Id id_after;
    int most;
} DeskQuery;
MUST_CHECK bool store_desk(DbConn *conn, Arena *arena, Id tenant, const DeskQuery *query,
                           DeskTasks *out, Error *err);
MUST_CHECK bool store_add_timer(Tx *tx, App *app, const TimerRow *timer, Error *err);
MUST_CHECK bool store_end_timer(Tx *tx, App *app, Id dossier, int64_t node, const char *state,
                                Error *err);
/* The timer that is due first, behind `after` in order of (due_at, id); {.due_at = 0}: of all. */
MUST_CHECK bool store_due_timer(DbConn *conn, Arena *arena, Id tenant, Instant now,
                                const TimerRow *after, TimerRow *out, bool *out_found, Error *err);
MUST_CHECK bool store_timer(DbConn *conn, Arena *arena, Id tenant, Id id, TimerRow *out,
                            Error *err);
/* The timer of a node that is set or has fired. */
MUST_CHECK bool store_timer_of_node(DbConn *conn, Arena *arena, Id tenant, Id dossier, int64_t node,
                                    TimerRow *out, bool *out_found, Error *err);
/* The set timers of one of the numbers that are no node (SILENCE_NODE), behind `after` in order of
 * (due_at, id). */
MUST_CHECK bool store_timers_of_kind(DbConn *conn, Arena *arena, Id tenant, int64_t node,
                                     const TimerRow *after, int most, TimerRows *out, Error *err);
MUST_CHECK bool store_add_incident(Tx *tx, App *app, const Incident *incident, Error *err);
/* Ends the open incident of a node; out_id is 0 when there is none. */
/* The open incident of a node, 0 when there is none. */
MUST_CHECK bool store_incident_of_node(Tx *tx, App *app, Id dossier, int64_t node, Id *out_id,
                                       Error *err);
MUST_CHECK bool store_end_incident(Tx *tx, App *app, Id dossier, int64_t node, Id officer,
                                   Id *out_id, Error *err);
MUST_CHECK bool store_incident(DbConn *conn, Arena *arena, Id tenant, Id id, Incident *out,
                               Error *err);
MUST_CHECK bool store_incidents(DbConn *conn, Arena *arena, Id tenant, Id dossier, Incidents *out,
                                Error *err);
MUST_CHECK bool store_open_incidents(DbConn *conn, Arena *arena, Id tenant, Id after, int most,
                                     Incidents *out, Error *err);

/* ---- certificate, rating, row scope ---------------------------------------------------------- */

MUST_CHECK bool store_draw_number(Tx *tx, App *app, const char *series, int year, int64_t *out,
                                  Error *err);
MUST_CHECK bool store_add_certificate(Tx *tx, App *app, const Certificate *certificate, Error *err);
/* In the order in which they were issued. */
MUST_CHECK bool store_certificates(DbConn *conn, App *app, Arena *arena, Id dossier,
                                   Certificates *out, Error *err);
/* The one of that part, NULL: the first. */
MUST_CHECK bool store_certificate(DbConn *conn, App *app, Arena *arena, Id dossier,
                                  const char *part, Certificate *out, bool *out_found, Error *err);
MUST_CHECK bool store_certificate_of_code(DbConn *conn, App *app, Arena *arena, const char *code,
                                          Certificate *out, bool *out_found, Error *err);
/* out_first is false when it had been served before; then nothing is changed. */
MUST_CHECK bool store_serve_certificate(Tx *tx, App *app, Id certificate, bool *out_first,
                                        Error *err);
MUST_CHECK bool store_add_rating(Tx *tx, App *app, Id dossier, const Rating *rating, Error *err);
MUST_CHECK bool store_rating(DbConn *conn, Arena *arena, Id tenant, Id dossier, Rating *out,
                             bool *out_found, Error *err);

MUST_CHECK bool store_has_access(Tx *tx, Id tenant, Id unit, Id dossier, bool *out, Error *err);
MUST_CHECK bool store_add_access(Tx *tx, Id tenant, Id unit, Instant due_at, Id dossier,
                                 Error *err);
/* The due date under which the rows stand; false in out_found when there are none. */
MUST_CHECK bool store_access_due(Tx *tx, Id tenant, Id dossier, Instant *out, bool *out_found,
                                 Error *err);
MUST_CHECK bool store_move_access(Tx *tx, Id tenant, Id dossier, Instant due_at, Error *err);
MUST_CHECK bool store_clear_access(Tx *tx, Error *err);

#endif
