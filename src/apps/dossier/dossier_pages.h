#ifndef DOSSIER_DOSSIER_PAGES_H
#define DOSSIER_DOSSIER_PAGES_H

/* What the page files of this capability share. */
#include "apps/dossier/dossier_internal.h"
#include "apps/dossier/dossier_views_gen.h"

/* What the rating takes. */
extern const InputField dossier_rate_input[];

/* What an expression sees on a page (service/calendars.h). */
FeelScope pages_scope(Request *req, FeelValue variables);

/* Today's civil date, and the item of the path that is in force today. */
Date pages_today(const Request *req);
MUST_CHECK const Item *pages_item(Request *req, Error *err);

/* The controls of a form as fields named "form.<key>", with what was typed (or is known) and the
 * errors of a refused request. out_refresh (may be NULL) tells whether answers change the form. */
MUST_CHECK bool pages_fields(Request *req, Id form_definition, FeelValue known,
                             FormField **out_fields, size_t *out_count, bool *out_refresh,
                             Error *err);

/* ---- what is known already (dossier_known.c) ------------------------------------------------- */

/* What a person or firm told before, so that nobody types it again (docs/forms.md, Facts). */
typedef struct KnownFact {
    const char *fact; /* code */
    FeelValue value;
    Both item_name; /* of the application in which it was told; NULL: a window saw it */
    Date told_on;
} KnownFact;
typedef LIST(KnownFact) KnownFacts;

/* The fact of a code, or NULL. */
const KnownFact *known_find(const KnownFacts *facts, const char *fact);

/* Of a party: its identity as a window saw it, and the newest applications that the account filed
 * for it (0: none) or a window took in for it and that were not refused or withdrawn. */
MUST_CHECK bool known_read(Request *req, Id party, Id account, KnownFacts *out, Error *err);

/* What was typed without the fields that were left empty and whose facts are known. */
const Json *known_typed(Request *req, const Form *form, const KnownFacts *facts, const Json *typed);

/* The fields of the page of an application. They begin with the facts of whom it is for, and
 * change with that choice; nothing is filled in for people whom no window verified. */
MUST_CHECK bool known_apply(Request *req, const Item *item, Id form_definition, ApplyView *view,
                            Error *err);

/* At a window the section about the applicant says some facts already. known_borrow: what was
 * typed, with these where the form was left empty. known_is_borrowed: whether a field of the form
 * is one that was. known_offer: tells at each such field that it may stay empty. */
const Json *known_borrow(Arena *arena, const Form *form, const KnownFacts *said, const Json *typed);
bool known_is_borrowed(const Form *form, const KnownFacts *said, const Json *typed,
                       const char *field);
void known_offer(Request *req, const Form *form, bool is_firm, FormField *fields, size_t count);

/* The fields of a form that begin with known facts; each of these tells its source. typed: an
 * object of texts. */
MUST_CHECK bool pages_fields_known(Request *req, Id form_definition, const Json *typed,
                                   const KnownFacts *facts, FormField **out_fields,
                                   size_t *out_count, bool *out_refresh, Error *err);

/* The same of values that did not come as "form". */
MUST_CHECK bool pages_submit_typed(Request *req, Id form_definition, const Json *typed,
                                   Json **out_values, Error *err);

/* What was typed in a form, checked, as typed values; errors name their fields in the page's
 * language. */
MUST_CHECK bool pages_submit(Request *req, Id form_definition, Json **out_values, Error *err);

/* The lamp of a due moment; grey when there is none or the clock has stopped. */
MUST_CHECK bool pages_lamp(Request *req, Instant due_at, bool is_stopped, Lamp *out, Error *err);

/* The name of a ground in the page's language; the code when no pack knows it any more. */
const char *pages_ground(Request *req, const char *code);

/* The lamp of a clock that stands still on a ground (ready text). */
Lamp pages_ground_lamp(Request *req, const char *ground);

/* Why: every decision that a table made about the dossier (dossier_rules_view.c). */
MUST_CHECK bool pages_rulings(Request *req, const Dossier *dossier, DossierView *view, Error *err);

/* The legal clock as a page shows it: until when, why that day, what was not counted, and every
 * date that was promised before. */
MUST_CHECK bool pages_clock(Request *req, const Dossier *dossier, const ClockRow *row,
                            ClockView *out, Error *err);

/* An answer as a page shows it, personal ones masked. */
AnswerView pages_answer(Request *req, const Form *form, const Json *overlay, const FormKey *key,
                        const Json *value);

/* The notices that this user may know of, as views. */
MUST_CHECK bool pages_notices(Request *req, const Dossier *dossier, NoticeView **out_items,
                              size_t *out_count, Error *err);
NoticeLineView pages_notice_line(Request *req, const NoticeLine *line);

/* Notices, supplements, fees, and what this user may do about them. */
MUST_CHECK bool pages_life(Request *req, const Dossier *dossier, DossierView *view, Error *err);

/* What this user may do to take the application back, and who did so at a window. */
MUST_CHECK bool pages_withdrawal(Request *req, const Dossier *dossier, DossierView *view,
                                 Error *err);

/* Whether this user, who may see the dossier, may hand in a supplement now: its applicant or agent,
 * or an officer who takes in applications on behalf. */
bool pages_may_mend(const Request *req, const Dossier *dossier);

/* The task of the path, which belongs to the dossier of the path and to the officer's unit. */
MUST_CHECK bool pages_task(Request *req, Task *out, Error *err);

extern const char *const dossier_stages[]; /* intake review fee decision service, NULL */

extern const InputField dossier_notice_input[], dossier_supplement_input[], dossier_suspend_input[],
    dossier_withdraw_input[], dossier_withdraw_for_input[], dossier_letter_input[],
    dossier_decide_input[], dossier_take_back_input[];

/* The way of a dossier in plain words, for applicants. */
/* Whether the office still owes an answer (until when), or did not give one in time. */
typedef struct Silence {
    Instant due_at;   /* INSTANT_NONE: nothing is owed now */
    bool is_accepted; /* because nobody answered */
} Silence;
MUST_CHECK bool pages_silence(Request *req, const Dossier *dossier, Silence *out, Error *err);

/* clock: NULL when none runs; is_silent: it was accepted by silence. */
MUST_CHECK bool pages_steps(Request *req, const Dossier *dossier, const ClockRow *clock,
                            bool is_silent, Step **out_steps, size_t *out_count, Error *err);

/* Fills and shows the page of one dossier; also the page again of refused posts on it. */
bool dossier_page(Request *req, Error *err);

/* The dossier of the path, when the user may see it: else dossier.unknown. */
MUST_CHECK bool pages_dossier(Request *req, DbConn *conn, Dossier *out, Error *err);

/* Handlers, for the route table. */
bool apply_page(Request *req, Error *err);
bool flow_page(Request *req, Error *err);
bool apply_refresh(Request *req, Error *err);
bool apply_prepare(Request *req, Error *err);
bool apply_act(Tx *tx, Request *req, Error *err);
bool my_page(Request *req, Error *err);
bool track_page(Request *req, Error *err);
bool track_show(Request *req, Error *err);
bool track_tap(Request *req, Error *err);
bool desk_page(Request *req, Error *err);
bool desk_export(Request *req, Error *err);
bool certificate_page(Request *req, Error *err);
bool task_prepare(Request *req, Error *err);
bool claim_act(Tx *tx, Request *req, Error *err);
bool release_act(Tx *tx, Request *req, Error *err);
bool complete_prepare(Request *req, Error *err);
bool complete_act(Tx *tx, Request *req, Error *err);
bool serve_act(Tx *tx, Request *req, Error *err);
bool rate_act(Tx *tx, Request *req, Error *err);
bool notice_page(Request *req, Error *err);
bool notice_prepare(Request *req, Error *err);
bool notice_act(Tx *tx, Request *req, Error *err);
bool take_back_act(Tx *tx, Request *req, Error *err);
bool notices_page(Request *req, Error *err);
bool notice_approve_act(Tx *tx, Request *req, Error *err);
bool notice_refuse_act(Tx *tx, Request *req, Error *err);
bool supplement_page(Request *req, Error *err);
bool supplement_refresh(Request *req, Error *err);
bool supplement_prepare(Request *req, Error *err);
bool supplement_act(Tx *tx, Request *req, Error *err);
bool suspend_act(Tx *tx, Request *req, Error *err);
bool resume_act(Tx *tx, Request *req, Error *err);
bool withdraw_act(Tx *tx, Request *req, Error *err);
bool withdraw_for_act(Tx *tx, Request *req, Error *err);
bool archive_page(Request *req, Error *err);
bool letters_page(Request *req, Error *err);
bool letter_act(Tx *tx, Request *req, Error *err);
bool letter_end_act(Tx *tx, Request *req, Error *err);

#endif
