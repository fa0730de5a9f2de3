#ifndef DOSSIER_DOSSIER_INTERNAL_H
#define DOSSIER_DOSSIER_INTERNAL_H

/*
 * Work: one command on one dossier. A verb loads (work_load) or makes (work_begin) it, moves the
 * process in memory (work_start, work_complete, ...), and saves all rows and the one journal entry
 * at the end (work_save). So everything that can be refused is refused before the first write.
 */
#include "apps/dossier/dossier_life_store.h"
#include "format/json.h"
#include "service/calendars.h"

/* ---- steps: what followed from the command, for the journal (README.md) ---------------------- */

typedef struct Steps {
    Buffer text;
    JsonWriter json; /* stands inside the array of steps */
} Steps;

Steps steps_begin(Arena *arena);
void steps_put(Steps *steps, const char *step); /* opens one; put members with steps->json */
void steps_end(Steps *steps);                   /* closes it */
void steps_put_stage(Steps *steps, const char *stage);
void steps_put_task(Steps *steps, const Task *task);
void steps_put_due(Steps *steps, Arena *arena, const char *step, const ClockRow *clock);

/* ---- papers (dossier_papers.c) ----------------------------------------------------------------
 */

/* A paper that a command hands out: one of the pack's papers.json. */
typedef struct PaperOrder {
    const char *kind;
    const char *values; /* JSON object; NULL: what dossier_papers.c knows to print on it */
} PaperOrder;

/* ---- work ------------------------------------------------------------------------------------ */

typedef struct Work {
    Tx *tx;
    App *app;
    Arena *arena;
    Dossier dossier;
    int64_t version_before;
    bool is_new;
    bool was_filed; /* it waited for acceptance when it was read */
    bool is_silent; /* accepted because nobody answered: from received_at */
    Instant received_at;
    const Item *item;
    Id process_definition;
    const BpmnModel *model;
    BpmnInstance *instance;
    BpmnEffects effects;
    size_t effects_done; /* how many have been turned into rows to write */
    const char *actor_kind;
    Id actor;
    const char *opinion; /* of the task that is being completed, or NULL */
    bool is_opinion_unchanged;

    /* What is to be written. */
    LIST(Task) new_tasks;
    LIST(int64_t) cancelled_nodes;
    LIST(TimerRow) new_timers;
    LIST(TimerRow) ended_timers; /* element holds the state: fired cancelled */
    LIST(Incident) new_incidents;
    LIST(int64_t) ended_incidents; /* nodes */
    ClockRow clock;                /* when new, or when it moved */
    bool has_new_clock;
    bool has_moved_clock;
    Instant due_before; /* of a clock that moved */
    Spans spans;        /* read once, and new ones */
    bool has_read_spans;
    bool has_changed_spans;
    bool is_completed;
    LIST(const ItemCertificate *) wanted_certificates;
    LIST(PaperOrder) papers;
    const DossierFiling *filing; /* while filing, with the answers; else NULL */
    FeelValue answers;
    Fees new_fees;
    Fees paid_fees;
    Steps steps;
    FeelValue needs; /* the answers as the conditions of materials see them, while filing */
    ItemLimits limits;
    bool has_limits;
    Steps rules; /* what tables decided, for the entry (dossier_rule.c) */
} Work;

/* What an expression sees in this command (service/calendars.h). */
FeelScope work_scope(Work *work, FeelValue variables);

/* Locks and reads a dossier, for commands that do not move its process. */
MUST_CHECK bool work_lock(Work *work, Tx *tx, App *app, Id dossier, Error *err);

/* Locks and reads a dossier with its process. */
MUST_CHECK bool work_load(Work *work, Tx *tx, App *app, Id dossier, Error *err);

/* Announces what work_load will read (CommandExpect). */
void work_expect(Tx *tx, App *app, Id dossier);

/* Moves the process: each runs it until it waits again, doing what its service tasks ask for. */
MUST_CHECK bool work_start(Work *work, FeelValue variables, Error *err);
MUST_CHECK bool work_complete(Work *work, int64_t node, FeelValue output, Error *err);
MUST_CHECK bool work_fire(Work *work, int64_t node, Error *err);
MUST_CHECK bool work_resolve(Work *work, int64_t node, FeelValue variables, Error *err);
/* Sets variables of the whole process. */
MUST_CHECK bool work_set(Work *work, FeelValue variables, Error *err);
/* Ends the process with all that is open in it. */
MUST_CHECK bool work_cancel(Work *work, const char *reason, Error *err);

/* Writes everything and the entry. `data` writes the entry's own members. */
typedef void (*WorkData)(JsonWriter *json, const void *data);
MUST_CHECK bool work_save(Work *work, const char *kind, const char *subject, WorkData data,
                          const void *context, Error *err);

/* Writes spans, the clock that they moved, and the entry, for commands that do not move the
 * process. */
MUST_CHECK bool work_note(Work *work, const char *kind, const char *subject, WorkData data,
                          const void *context, Error *err);

/* Appends the entry alone (claim, rate, re-derive). */
MUST_CHECK bool work_append(Work *work, const char *kind, const char *subject, WorkData data,
                            const void *context, Error *err);

/* The value of a header or property of an element, NULL when it has none. */
const char *pair_of(BpmnPairs pairs, const char *name);

/* Hands out a paper with this command: it is issued, and told of in the entry, when the command is
 * saved. values are what its template prints (README.md); NULL for receipt, acceptance,
 * non_acceptance and denial, which are known there. On-the-spot items get no acceptance, and a
 * receipt only at a window. */
void paper_order(Work *work, const char *kind, const char *values);

/* The paper of a notice that is sent, and of a fee that is due (dossier_papers.c). */
void paper_order_notice(Work *work, const Notice *notice);
void paper_order_payment(Work *work, const Fee *fee);

/* The paper that tells the applicant of an extension, from the clock as it stands now. */
struct Extension;
void paper_order_extension(Work *work, const struct Extension *extension);

/* A material is asked for unless its condition, over the answers, says no (dossier.c). One that
 * cannot be told, since answers are missing, is asked for too: nobody is sent home for a paper that
 * the page had kept to itself. out_is_unsure (may be NULL) tells that case. */
bool material_is_asked_for(const ItemMaterial *material, const FeelScope *scope, Arena *arena,
                           bool *out_is_unsure);

/* Issues what was ordered; among the last writes of a command, since numbers are drawn. */
MUST_CHECK bool papers_save(Work *work, Error *err);

/* ---- services: what a service task of a process may ask for (dossier_services.c) ------------- */

/* Runs the named service. False with err: either a refusal of the whole command (out_incident
 * false) or a step that failed and becomes an incident (true). */
MUST_CHECK bool service_run(Work *work, const BpmnEffect *effect, FeelValue *out_output,
                            bool *out_incident, Error *err);

/* ---- certificates (dossier_certificate.c) ---------------------------------------------------- */

/* The service certificate.issue: notes which certificates are to be made. */
MUST_CHECK bool certificate_want(Work *work, const BpmnEffect *effect, FeelValue *out_output,
                                 Error *err);

/* Draws the numbers and writes the certificates; the last writes of a command. */
MUST_CHECK bool certificate_save(Work *work, Error *err);

/* ---- clock (dossier_clock.c) ----------------------------------------------------------------- */

typedef struct ClockInput {
    Limit limit;
    int64_t extension; /* in the unit of the limit; 0: none */
    Instant started_at;
    const Spans *spans; /* NULL: none */
    Instant now;
} ClockInput;

/* What a clock as it stands is derived from again. */
ClockInput clock_input(const ClockRow *row, const Spans *spans, Instant now);

/* Derives when a limit that begins at a moment ends, in the dossier's calendar. out_clock may be
 * NULL. */
MUST_CHECK bool clock_derive(App *app, DbConn *conn, Arena *arena, const ClockInput *input,
                             LegalClock *out_clock, ClockRow *out_row, Error *err);

/* The ground that days of an extension have among the days of a LegalClock. */
#define CLOCK_EXTENSION "extension"

/* The clock as it stands: made or moved in this command, or stored. */
MUST_CHECK bool clock_current(Work *work, ClockRow *out, bool *out_found, Error *err);

/* The incident of a clock that cannot be derived: it belongs to no node of the process. */
enum { CLOCK_NODE = -1 };

/* An entry of the system (or of an administrator) whose one step is about an incident that belongs
 * to no node. */
MUST_CHECK bool work_tell_incident(Work *work, const char *kind, const char *step,
                                   const Incident *incident, WorkData data, const void *context,
                                   Error *err);
void work_put_incident(JsonWriter *json, const void *incident); /* a WorkData: which one */

/* An administrator has it derived again; what still hinders it is the error. */
MUST_CHECK bool clock_mend(Tx *tx, App *app, const User *admin, const Incident *incident,
                           Error *err);

/* Writes the members of the step "completed": was it on time, how long did it take. */
MUST_CHECK bool clock_put_completed(Work *work, Error *err);

/* ---- silence (dossier_silence.c) -------------------------------------------------------------
 *
 * Administrative Licensing Law, article 32: whoever is not told within five days of the receipt
 * what is missing, is accepted from the day of the receipt. How many days, and for which items,
 * the item's table says (packs.md, `silence`). The last day ends when the office closes (Civil
 * Code, article 203). Nothing of it is drawn in a process: a department cannot draw it away. */

/* The timer and the incident of silence belong to no node of the process. */
enum { SILENCE_NODE = -2 };

/* The receipt counts from now (filed, or mended): sets the timer, and the date of the open tasks.
 * Among the last steps before work_save. */
MUST_CHECK bool silence_begin(Work *work, Error *err);

/* A notice is sent: nothing is owed to the applicant until he answers. */
MUST_CHECK bool silence_hold(Work *work, Error *err);

/* A notice was taken back: the days run from the receipt as if it had never been sent. */
MUST_CHECK bool silence_go_on(Work *work, Error *err);

/* The office answered, or the applicant withdrew: called by work_save. */
void silence_end(Work *work);

/* The timer is due: the tasks of intake end with the outcome "accept", and the promise counts from
 * the receipt. A process that does not accept then gets an incident (dossier.silence_unmet). */
MUST_CHECK bool silence_fire(Tx *tx, App *app, const TimerRow *timer, Error *err);

/* An administrator tries that again, after what hindered it was mended. */
MUST_CHECK bool silence_mend(Tx *tx, App *app, const User *admin, const Incident *incident,
                             Error *err);

/* After the calendar changed: looks again at so many timers behind `after`. */
typedef struct SilenceBatch {
    TimerRow last; /* where the next batch begins */
    int looked;
    int moved;
} SilenceBatch;
MUST_CHECK bool silence_rederive(Tx *tx, App *app, const TimerRow *after, int most,
                                 SilenceBatch *out, Error *err);

/* ---- service of certificates (dossier_delivery.c) -------------------------------------------- */

/* A certificate was issued: it becomes the task of a unit to serve it, unless it is already. Among
 * the last writes of a command. */
MUST_CHECK bool delivery_begin(Work *work, Error *err);

/* After the calendar changed: looks again at so many certificates that wait to be handed over or
 * posted, behind the dossier `after`. */
typedef struct DeliveryBatch {
    Id last; /* where the next batch begins */
    int looked;
    int moved;
} DeliveryBatch;
MUST_CHECK bool delivery_rederive(Tx *tx, App *app, Id after, int most, DeliveryBatch *out,
                                  Error *err);

/* ---- time that is not counted (dossier_span.c) ----------------------------------------------- */

/* The dossier's spans, read once; a dossier that never had one costs no question. */
MUST_CHECK bool spans_read(Work *work, Error *err);

/* Opens a span for a task. Before acceptance there is no clock: then nothing happens and out_opened
 * (may be NULL) is false; likewise when earlier spans have used up the ground's own limit. */
MUST_CHECK bool span_begin(Work *work, Id task, const char *cause, const char *ground,
                           const char *note, bool *out_opened, Error *err);

/* Closes the open spans of a task (0: of all) and cause (NULL: of any); out_closed may be NULL. */
MUST_CHECK bool spans_end(Work *work, Id task, const char *cause, int *out_closed, Error *err);

/* Re-derives the clock when spans changed, and tells of it. */
MUST_CHECK bool spans_settle(Work *work, Error *err);
MUST_CHECK bool spans_save(Work *work, Error *err);

/* ---- decisions by table (dossier_rule.c) ----------------------------------------------------- */

/* Where a table is asked. */
typedef struct RuleUse {
    const char *step; /* what is decided: limits own_limit extension silence service fee
                        materials
                        authorisation, or an element */
    const char *table;
    const char *decision;
    Binds binds;
} RuleUse;

/* For whom: what an item's tables are asked about, in a command or for a page. */
typedef struct RuleSeat {
    App *app;
    DbConn *conn;
    Arena *arena;
    const Item *item;
    Instant now;
} RuleSeat;

typedef struct RuleAnswer {
    const Definition *version;
    FeelValue value;
    DmnTrace trace;
} RuleAnswer;

/* What the version of a day answers, at the place of the application; nothing is noted. */
MUST_CHECK bool rule_ask(const RuleSeat *seat, const RuleUse *use, Date day, FeelValue variables,
                         RuleAnswer *out, Error *err);

/* Decides by the version that binds this dossier (its moment, its place), and notes for the entry
 * which version it was, what went in, which rules matched and what came out. Errors: those of
 * catalogue_in_force_at and dmn_decide. out_trace may be NULL. */
MUST_CHECK bool rule_decide(Work *work, const RuleUse *use, FeelValue variables, FeelValue *out,
                            DmnTrace *out_trace, Error *err);

/* The reference that an element's headers or properties make (table, decision, binds); false
 * without a table or decision. */
bool rule_of_pairs(BpmnPairs pairs, const char *step, Binds fallback, RuleUse *out);

/* The limits of the dossier's item for these answers. */
MUST_CHECK bool rule_limits(Work *work, const Item *item, FeelValue answers, ItemLimits *out,
                            Error *err);

/* The ground with its own limit, as the table that it may name decides it today. */
MUST_CHECK bool rule_own_limit(Work *work, const Ground *ground, Ground *out, Error *err);

/* How much the limit of the item may be extended by, in its unit, and the annotation of the rule:
 * extension.none (ERROR_CONFLICT) when the item names no table, or that gives none. */
MUST_CHECK bool rule_extension(Work *work, int64_t *out_amount, Both *out_basis, Error *err);

/* Within how many working days after the receipt the office has to answer, or silence is
 * acceptance; 0: it never is. */
MUST_CHECK bool rule_silence(Work *work, int64_t *out_days, Error *err);

/* Within how many working days after the decision its certificate is served, and the annotation of
 * the rule; 0: the item's table gives none. */
MUST_CHECK bool rule_service(Work *work, int64_t *out_days, Both *out_basis, Error *err);

/* What the conditions of materials see: the answers, and `materials_needed` where the item has a
 * table that decides them. The first is for a command and is noted, the second for a page. */
MUST_CHECK bool rule_materials(Work *work, FeelValue answers, FeelValue *out, Error *err);
MUST_CHECK bool rule_materials_shown(const RuleSeat *seat, Date day, FeelValue answers,
                                     FeelValue *out, Error *err);

/* ---- fees (dossier_fee.c), letters (dossier_letter.c) ---------------------------------------- */

/* The services fee.charge (headers table, decision, and reduction_table, reduction_decision where
 * something may be taken off; output fee_amount in yuan) and fee.confirm (variable
 * payment_reference). */
MUST_CHECK bool fee_charge(Work *work, const BpmnEffect *effect, FeelValue *out_output, Error *err);
MUST_CHECK bool fee_confirm(Work *work, const BpmnEffect *effect, FeelValue *out_output,
                            Error *err);
MUST_CHECK bool fees_save(Work *work, Error *err);

/* Of which dossier's process a task is, and on which day somebody takes it up. */
typedef struct LetterScope {
    DbConn *conn;
    Arena *arena;
    App *app;
    const char *item;
    const BpmnModel *model;
    Date day;
} LetterScope;

/* Why an officer may not complete a task by its property `authorisation`: `required` asks for a
 * letter that covers it on this day, `leader` for the right dossier.lead. *out_code is NULL when he
 * may; letter_check makes an error of it. */
MUST_CHECK bool letter_refusal(const LetterScope *scope, const User *officer, const Task *task,
                               const char **out_code, Error *err);
MUST_CHECK bool letter_check(Work *work, const User *officer, const Task *task, Error *err);

/* ---- tasks and notices ----------------------------------------------------------------------- */

/* The open task of the officer's own unit, which nobody else has: dossier.unknown_task,
 * dossier.task_done, dossier.task_taken (dossier_task.c). */
MUST_CHECK bool task_for(Tx *tx, App *app, const User *officer, Id id, Task *out, Error *err);

/* Whether a task may be completed though its dossier has notices: while the applicant is asked,
 * only against him (dossier.waits_for_applicant); then nothing is asked any more. */
MUST_CHECK bool notices_allow_end(Work *work, const Task *task, Error *err);

/* Whether a department has told the applicant of a dossier before: its next notice is a second one
 * (dossier_notice.c). */
bool notices_is_second(const Notices *notices, Id unit);

/* The step "waiting": for "supplement", or for nobody any more (NULL). */
void steps_put_waiting(Steps *steps, const char *who);

/* A task ends otherwise than by an answer (0: the whole dossier): its notices need no answer any
 * more (dossier_notice.c). */
MUST_CHECK bool notices_end(Work *work, Id task, Error *err);

#endif
