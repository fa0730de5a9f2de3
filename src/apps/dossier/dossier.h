#ifndef DOSSIER_DOSSIER_H
#define DOSSIER_DOSSIER_H

/*
 * Dossier: one application of one party for one item, from filing to rating.
 *
 *     filed -> accepted -> approved | denied         (on-the-spot items are accepted when filed)
 *           -> not_accepted
 *           -> withdrawn                             (by the applicant, before the decision)
 *
 * The process that the department drew decides the way; this capability runs it (dossier_process.c)
 * and turns its effects into rows: tasks, timers, incidents, the legal clock, the decision, the
 * certificate. Service tasks of a process name verbs of this capability: dossier.accept,
 * dossier.refuse, dossier.approve, dossier.deny, certificate.issue, fee.charge, fee.confirm
 * (docs/packs.md).
 *
 * Every verb writes one journal entry, whose data lists the steps that happened with it
 * (README.md here); supervision and counters derive from those alone.
 */
#include "apps/catalogue/catalogue.h"
#include "service/app.h"

extern const Route dossier_routes[];       /* /apply /my /track /desk /dossiers */
extern const Route dossier_paper_routes[]; /* /dossiers/{number}/documents /verify /rate */
extern const JournalReader dossier_access_reader, dossier_register_reader;

typedef struct Dossier {
    Id id;
    const char *number;
    int64_t version;
    const char *item_code;
    Id item_definition;
    Id form_definition;
    Both item_name;
    const char *kind;
    const char *channel;
    Id party;
    Id account; /* 0: taken in at a window without one */
    const char *applicant_name;
    Id unit;
    const char *state;
    const char *stage;
    DbBytes answers; /* sealed */
    Instant filed_at, accepted_at, decided_at, completed_at;
    const char *decision_reason;
    int64_t statutory_limit, promised_limit;
    const char *limit_unit;
    const char *waits_for; /* "supplement": the applicant is to act; or NULL */
    Instant withdrawn_at;
    int64_t span_count;         /* spans of time not counted that it ever had */
    int64_t notice_count;       /* one-time notices that were sent or asked for */
    const char *archive_number; /* once it is completed */
} Dossier;

typedef struct DossierFiling {
    const Item *item;
    Id party;
    Id account;
    const char *applicant_name;
    const char *channel; /* online window */
    const char *actor_kind;
    Id actor;
    const Json *answers;        /* checked against the form */
    const char *const *brought; /* codes of the materials that the applicant has */
    size_t brought_count;
    const struct Uploads *uploads; /* dossier_files.h: kept files, or NULL */
} DossierFiling;

/* Files an application: checks again that the item is in force, starts its process. out lives in
 * the transaction's arena. */
MUST_CHECK bool dossier_file(Tx *tx, App *app, const DossierFiling *filing, Dossier *out,
                             Error *err);

/* One dossier by number or id; dossier.unknown (ERROR_NOT_FOUND). Scope is the caller's: these
 * are for verbs and for pages that have checked access with dossier_access_of. */
MUST_CHECK bool dossier_by_number(DbConn *conn, Arena *arena, Id tenant, const char *number,
                                  Dossier *out, Error *err);
MUST_CHECK bool dossier_by_id(DbConn *conn, Arena *arena, Id tenant, Id id, Dossier *out,
                              Error *err);

/* Whether a user may see a dossier: its applicant, an officer of a unit with access, or a
 * supervisor. */
MUST_CHECK bool dossier_is_visible(DbConn *conn, Arena *arena, Id tenant, const Dossier *dossier,
                                   const User *user, bool *out, Error *err);

/* Takes or gives back an open task: dossier.task_taken names who has it. */
MUST_CHECK bool dossier_claim(Tx *tx, App *app, const User *officer, Id task, Error *err);
MUST_CHECK bool dossier_release(Tx *tx, App *app, const User *officer, Id task, Error *err);

typedef struct TaskCompletion {
    Id task;
    Id dossier;                  /* for dossier_expect_complete only */
    const Json *values;          /* of the task's form, checked */
    const char *outcome;         /* of the form's field "outcome", or NULL */
    const char *opinion;         /* of its field "opinion", or NULL */
    bool is_opinion_unchanged;   /* the form's own text stands in it: no reason against anybody */
    const char *default_outcome; /* for which the form's own text speaks, or NULL */
    const char *const *seen;     /* codes of materials seen */
    size_t seen_count;
} TaskCompletion;

/* Completes a task and runs the process on. Refuses: dossier.task_done, dossier.task_taken (another
 * officer has it), dossier.unknown_task (ERROR_NOT_FOUND: nobody outside the unit learns that it
 * exists), dossier.reason_required (a refusal or denial needs one, Administrative Licensing Law
 * art. 38; R124), dossier.reason_own (and it is the officer's, not the form's default: that speaks
 * for default_outcome alone, never for a return or a refusal). */
MUST_CHECK bool dossier_complete(Tx *tx, App *app, const User *officer,
                                 const TaskCompletion *completion, Error *err);

/* Announces what dossier_complete will read (CommandExpect). Two commands on one dossier collide at
 * its version in the journal. */
void dossier_expect_complete(Tx *tx, App *app, const TaskCompletion *completion);

/* ---- the one-time notice --------------------------------------------------------------------- */

typedef struct DossierNoticeLine {
    const char *kind;    /* material field */
    const char *code;    /* of the material, or key of the form's field */
    const char *missing; /* what is missing or wrong */
    const char *mend;    /* how to mend it */
    int64_t
        was_visible; /* on a second notice: 1 it could be seen the first time, 0 not; -1 not said */
} DossierNoticeLine;

typedef struct DossierNotice {
    Id task;
    const DossierNoticeLine *lines;
    size_t line_count;
    const char *reason; /* for a second notice of what could be seen the first time, or NULL */
} DossierNotice;

/* Tells the applicant, once and whole, what is missing (一次性告知): the dossier then waits for
 * him, and after acceptance the clock stops on the ground "supplement". A later notice of the same
 * department must say of each line whether it could be seen the first time; if any could, it needs
 * a reason, and goes out when the unit's leader approves: out_is_sent is false then. Each
 * department of a joint item has its own first one, since each examines for itself. Refuses what
 * dossier_complete refuses of a task, and: notice.open_already, notice.empty, notice.line (a line
 * without its words), notice.unknown_line (no such material or field), notice.visible_required,
 * notice.reason_required. */
MUST_CHECK bool dossier_notice(Tx *tx, App *app, const User *officer, const DossierNotice *notice,
                               bool *out_is_sent, Error *err);

/* The unit takes back what it sent, or asked its leader for, before the applicant answered: the
 * applicant is asked nothing by it any more and the clock runs on. Refuses: notice.unknown
 * (ERROR_NOT_FOUND; also of another unit), notice.not_open (answered, ended or taken back),
 * notice.why_required. */
MUST_CHECK bool dossier_take_back_notice(Tx *tx, App *app, const User *officer, Id notice,
                                         const char *why, Error *err);

/* The leader of the unit lets a second notice go out, or does not (words say why not). Refuses:
 * notice.unknown (ERROR_NOT_FOUND; also of another unit), notice.decided_already, notice.own
 * (nobody approves his own), notice.words_required. */
MUST_CHECK bool dossier_decide_notice(Tx *tx, App *app, const User *leader, Id notice,
                                      bool is_approved, const char *words, Error *err);

typedef struct DossierSupplement {
    Id dossier;
    const char *actor_kind; /* applicant officer (at a window, on behalf) */
    Id actor;
    const Json *answers;        /* the whole form, checked against the version it was filed under */
    const char *const *brought; /* codes of materials that the applicant has now */
    size_t brought_count;
    const char *note;              /* or NULL */
    const struct Uploads *uploads; /* dossier_files.h: kept files, or NULL */
} DossierSupplement;

/* The applicant mends what he was asked for: answers and materials change, the process sees the new
 * answers, the clock runs on. Refuses: dossier.not_asked, supplement.unknown_material. */
MUST_CHECK bool dossier_supplement(Tx *tx, App *app, const DossierSupplement *supplement,
                                   Error *err);

/* ---- time that is not counted ---------------------------------------------------------------- */

/* The ground of the time in which the applicant mends what a notice asked for. */
#define DOSSIER_GROUND_SUPPLEMENT "supplement"

typedef struct DossierSuspension {
    Id task;
    const char *ground; /* code of a definition of kind grounds */
    const char *note;   /* why, in the officer's words */
} DossierSuspension;

/* Stops the clock on a lawful ground, and lets it run again. Refuses what dossier_complete refuses
 * of a task, and: catalogue.unknown_ground, dossier.no_clock (not accepted yet),
 * dossier.suspended_already, dossier.ground_used_up (its own limit was used up before),
 * dossier.not_suspended. */
MUST_CHECK bool dossier_suspend(Tx *tx, App *app, const User *officer,
                                const DossierSuspension *suspension, Error *err);
MUST_CHECK bool dossier_resume(Tx *tx, App *app, const User *officer, Id task, Error *err);

/* Lets the clock run again whose stop passed its own limit first, in its own command, and asks for
 * more; dossier_fire_timers calls it when no timer is due. */
MUST_CHECK bool dossier_wake_clocks(App *app, bool *out_more, Error *err);

/* ---- withdrawal ------------------------------------------------------------------------------ */

/* The applicant, or who may follow it for him, takes the application back; reason may be NULL.
 * Everything open in the process ends and the clock stops. Refuses: dossier.unknown (another's),
 * dossier.withdrawn_already, dossier.decided_already. */
MUST_CHECK bool dossier_withdraw(Tx *tx, App *app, const User *applicant, Id dossier,
                                 const char *reason, Error *err);

typedef struct DossierWithdrawal {
    Id dossier;
    const char *reason; /* or NULL */
    Id party;           /* who asked: the applicant, or who acts for it on this dossier */
    const char *how;    /* identity_document representative_and_document letter_and_document
                           guardianship_and_document: the originals that the officer saw */
} DossierWithdrawal;

/* The same at a window, for an applicant without an account: an officer writes down who asked and
 * how he knew who it was. Refuses what dossier_withdraw refuses, and: dossier.withdraw_online (it
 * was filed with an account, whose owner withdraws), withdrawal.who (not of this dossier),
 * withdrawal.how (not what identifies somebody in that role), identity.letter_past. */
MUST_CHECK bool dossier_withdraw_for(Tx *tx, App *app, const User *officer,
                                     const DossierWithdrawal *withdrawal, Error *err);

/* ---- letters of authorisation ---------------------------------------------------------------- */

typedef struct DossierLetter {
    const char *login;   /* staff number of the holder */
    const char *item;    /* code, * for every item */
    const char *element; /* id of a user task, * for every step */
    Date valid_from;
    Date valid_until; /* last day */
    const char *letter_no;
} DossierLetter;

/* Registers a letter, or ends one before its time. A user task with the property authorisation =
 * "required" is completed only by an officer whose letter covers item and step on that day:
 * authorisation.missing (ERROR_FORBIDDEN). Refuses: authorisation.dates,
 * authorisation.unknown_officer, catalogue.unknown_item; authorisation.unknown,
 * authorisation.ended_already. */
MUST_CHECK bool dossier_authorise(Tx *tx, App *app, const User *admin, const DossierLetter *letter,
                                  Id *out_id, Error *err);
MUST_CHECK bool dossier_end_letter(Tx *tx, App *app, const User *admin, Id letter, Error *err);

/* ---- timers and incidents -------------------------------------------------------------------- */

/* Fires the timer that has been due longest, in its own command, and asks for more; a scheduler
 * job. One that cannot be fired is passed over while others can; then its error is told. */
MUST_CHECK bool dossier_fire_timers(App *app, bool *out_more, Error *err);

/* Ends an incident and tries its step again; variables (JSON object or NULL) are set first. */
MUST_CHECK bool dossier_mend(Tx *tx, App *app, const User *admin, Id incident,
                             const Json *variables, Error *err);

/* What an incident means in plain words, in the page's language; fallback (the engine's own English
 * message) where nobody has put it into words. */
const char *dossier_incident_text(Request *req, const char *code, const char *fallback);

/* Re-derives the due dates of all running clocks after a change of the calendar, in batches of
 * commands (run again after an interruption, it finds the rest); out_changed counts those that
 * moved or lost their provisional mark. Each change is journaled with the old and the new date
 * (decisions.md 16, 17). */
MUST_CHECK bool dossier_rederive(App *app, int *out_changed, Error *err);

/* ---- for administrators and supervisors
 * ---------------------------------------------------------- */

typedef struct DossierIncident {
    Id id;
    Id dossier;
    const char *number;
    Both item_name;
    const char *element; /* of the process */
    const char *code;
    const char *message; /* English, for the administrator */
    Instant raised_at;
} DossierIncident;
typedef LIST(DossierIncident) DossierIncidents;

/* Open incidents of a tenant, oldest first, behind the id `after` (0: from the first). */
MUST_CHECK bool dossier_open_incidents(DbConn *conn, Arena *arena, Id tenant, Id after, int most,
                                       DossierIncidents *out, Error *err);

/* One open incident: dossier.unknown_incident (ERROR_NOT_FOUND), dossier.mended_already
 * (ERROR_CONFLICT). */
MUST_CHECK bool dossier_incident(DbConn *conn, Arena *arena, Id tenant, Id id, DossierIncident *out,
                                 Error *err);

/* The lamp of a due moment: green, yellow (at most one working day left), red (over), with the
 * working time as ready text; grey when there is none (INSTANT_NONE) or the clock has stopped. */
MUST_CHECK bool dossier_lamp(Request *req, Instant due_at, bool is_stopped, Lamp *out, Error *err);

/* The name of a ground in the page's language; the code when no pack knows it any more. */
const char *dossier_ground_name(Request *req, const char *code);

/* ---- after the decision
 * ----------------------------------------------------------------------------- */

/* The applicant receives the certificate (served); appends certificate.served the first time. */
MUST_CHECK bool dossier_serve(Tx *tx, App *app, const User *applicant, const Dossier *dossier,
                              Id certificate, Error *err);

/* The applicant rates a completed dossier, once: dossier.not_rateable, dossier.rated_already. */
MUST_CHECK bool dossier_rate(Tx *tx, App *app, const User *applicant, const char *number,
                             int64_t grade, const char *comment, Error *err);

/* The same by the token of the receipt, without logging in: rating.unknown (ERROR_NOT_FOUND),
 * rating.officer (ERROR_FORBIDDEN: nobody rates for a citizen). */
MUST_CHECK bool dossier_rate_by_token(Tx *tx, App *app, const User *user, const char *token,
                                      int64_t grade, const char *comment, Error *err);

#endif
