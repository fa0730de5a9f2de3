#ifndef DOSSIER_DOSSIER_PAGES_H
#define DOSSIER_DOSSIER_PAGES_H

/* What the page files of this capability share. */
#include "apps/dossier/dossier_internal.h"
#include "apps/dossier/dossier_views_gen.h"

/* What the rating takes. */
extern const InputField dossier_rate_input[];

/* The controls of a form as fields named "form.<key>", with what was typed (or is known) and the
 * errors of a refused request. out_refresh (may be NULL) tells whether answers change the form. */
MUST_CHECK bool pages_fields(Request *req, Id form_definition, FeelValue known,
                             FormField **out_fields, size_t *out_count, bool *out_refresh,
                             Error *err);

/* What was typed in a form, checked, as typed values; errors name their fields in the page's
 * language. */
MUST_CHECK bool pages_submit(Request *req, Id form_definition, Json **out_values, Error *err);

/* A unit's or officer's name in the page's language; "" when unknown. */
const char *pages_unit(Request *req, Id unit, Error *err);
const char *pages_officer(Request *req, Id officer, Error *err);

/* The lamp of a due moment; grey when there is none or the clock has stopped. */
MUST_CHECK bool pages_lamp(Request *req, Instant due_at, bool is_stopped, Lamp *out, Error *err);

/* The legal clock as a page shows it: until when, why that day, and every date that was promised
 * before. */
MUST_CHECK bool pages_clock(Request *req, const ClockRow *row, ClockView *out, Error *err);

/* The way of a dossier in plain words, for applicants. */
MUST_CHECK bool pages_steps(Request *req, const Dossier *dossier, const ClockRow *clock,
                            Step **out_steps, size_t *out_count, Error *err);

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
bool desk_page(Request *req, Error *err);
bool certificate_page(Request *req, Error *err);
bool task_prepare(Request *req, Error *err);
bool claim_act(Tx *tx, Request *req, Error *err);
bool release_act(Tx *tx, Request *req, Error *err);
bool complete_prepare(Request *req, Error *err);
bool complete_act(Tx *tx, Request *req, Error *err);
bool serve_act(Tx *tx, Request *req, Error *err);
bool rate_act(Tx *tx, Request *req, Error *err);

#endif
