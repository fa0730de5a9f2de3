/*
 * dossier_services.c - what a service task of a process may ask for, by the type it names:
 *
 *     dossier.accept     accepted: the promise counts from here (Licensing Law, article 32)
 *     dossier.refuse     not accepted, with a reason
 *     dossier.approve    decided, with a reason
 *     dossier.deny       decided against, with a reason (article 38)
 *     certificate.issue  the certificate is made when the command is saved
 *
 * The reason is the opinion of the task that led here, or the process variable "opinion".
 */
#include "apps/dossier/dossier_internal.h"
#include "apps/org/org.h"

typedef bool (*ServiceFn)(Work *work, FeelValue variables, FeelValue *out_output, Error *err);

typedef struct Service {
    const char *type;
    ServiceFn run;
} Service;

static FeelValue one_member(Arena *arena, const char *name, FeelValue value)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, name, value);
    return feel_context_end(&builder);
}

/* ---- acceptance ------------------------------------------------------------------------------ */

static FeelValue answers_of(FeelValue variables)
{
    const FeelValue *answers = feel_member(variables, "answers");
    return answers ? *answers : feel_null();
}

static Limit promised_limit(const ItemLimits *limits)
{
    Limit limit = {.amount = (int32_t)limits->promised, .unit = LIMIT_WORKING_DAYS};
    limit_unit_parse(limits->unit, &limit.unit);
    return limit;
}

static bool accept(Work *work, FeelValue variables, FeelValue *out_output, Error *err)
{
    ItemLimits limits;
    Instant now = tx_now(work->tx);
    Date today = instant_date(now, work->app->zone_minutes);
    if (!text_equal(work->dossier.state, "filed"))
        return error_set(err, ERROR_CONFLICT, .code = "dossier.accepted_already");
    if (!catalogue_limits(work->app, tx_conn(work->tx), work->arena, work->item, today,
                          answers_of(variables), &limits, err))
        return false;
    work->clock.dossier = work->dossier.id;
    if (!clock_derive(work->app, tx_conn(work->tx), work->arena, promised_limit(&limits), now, now,
                      NULL, &work->clock, err))
        return false;
    work->has_new_clock = true;
    work->dossier.state = "accepted";
    work->dossier.accepted_at = now;
    work->dossier.statutory_limit = limits.statutory;
    work->dossier.promised_limit = limits.promised;
    work->dossier.limit_unit = limits.unit;
    steps_put_due(&work->steps, work->arena, "accepted", &work->clock);
    *out_output = one_member(work->arena, "due_on", feel_date(work->clock.due_on));
    return true;
}

/* ---- decisions ------------------------------------------------------------------------------- */

/* The reason, or NULL: then the whole command is refused, so that the officer can give one. */
static const char *reason_of(Work *work, FeelValue variables)
{
    const FeelValue *opinion = feel_member(variables, "opinion");
    const char *said = opinion ? feel_text(*opinion) : NULL;
    const char *reason = work->opinion ? work->opinion : said;
    return reason && *text_trim(work->arena, reason) ? reason : NULL;
}

static bool conclude(Work *work, FeelValue variables, const char *state, Error *err)
{
    const char *reason = reason_of(work, variables);
    if (!reason)
        return error_set(err, ERROR_INVALID, .code = "dossier.reason_required",
                         .field = "form.opinion");
    work->dossier.state = state;
    work->dossier.decided_at = tx_now(work->tx);
    work->dossier.decision_reason = arena_text(work->arena, reason);
    return true;
}

static bool refuse(Work *work, FeelValue variables, FeelValue *out_output, Error *err)
{
    (void)out_output;
    if (!text_equal(work->dossier.state, "filed"))
        return error_set(err, ERROR_CONFLICT, .code = "dossier.accepted_already");
    if (!conclude(work, variables, "not_accepted", err))
        return false;
    steps_put(&work->steps, "not_accepted");
    json_put_bool(&work->steps.json, "reason", true);
    steps_end(&work->steps);
    return true;
}

static bool decide_as(Work *work, FeelValue variables, const char *state, Error *err)
{
    if (!text_equal(work->dossier.state, "accepted"))
        return error_set(err, ERROR_CONFLICT, .code = "dossier.not_accepted_yet");
    if (!conclude(work, variables, state, err))
        return false;
    steps_put(&work->steps, "decided");
    json_put_text(&work->steps.json, "outcome", state);
    steps_end(&work->steps);
    return true;
}

static bool approve(Work *work, FeelValue variables, FeelValue *out_output, Error *err)
{
    (void)out_output;
    return decide_as(work, variables, "approved", err);
}

static bool deny(Work *work, FeelValue variables, FeelValue *out_output, Error *err)
{
    (void)out_output;
    return decide_as(work, variables, "denied", err);
}

/* ---- certificate ----------------------------------------------------------------------------- */

static bool issue(Work *work, FeelValue variables, FeelValue *out_output, Error *err)
{
    (void)variables, (void)out_output;
    if (!text_equal(work->dossier.state, "approved"))
        return error_set(err, ERROR_CONFLICT, .code = "certificate.not_approved");
    if (!work->item->certificate_template)
        return error_set(err, ERROR_CONFLICT, .code = "certificate.no_template");
    work->wants_certificate = true;
    return true;
}

/* 2026年11月22日, as certificates are dated. */
static const char *date_in_words(Arena *arena, Date date)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    return arena_printf(arena, "%d年%d月%d日", year, month, day);
}

/* The values that the template prints: the answers and what the register knows. */
static const char *certificate_content(Work *work, const char *number, Error *err)
{
    App *app = work->app;
    const Unit *issuer =
        org_unit(app->org, tx_conn(work->tx), app->tenant, work->dossier.unit, err);
    Buffer text = buffer_init(work->arena, 0);
    JsonWriter json = json_writer(&text);
    Date today = instant_date(tx_now(work->tx), app->zone_minutes);
    const char *answers = store_answers(app, work->arena, &work->dossier, err);
    if (!answers || !issuer)
        return NULL;
    json_begin_object(&json, NULL);
    json_put_text(&json, "number", number);
    json_put_text(&json, "dossier_number", work->dossier.number);
    json_put_text(&json, "applicant_name", work->dossier.applicant_name);
    json_put_text(&json, "issuer", issuer->name);
    json_put_text(&json, "issued_on", date_text(work->arena, today));
    json_put_text(&json, "issued_on_words", date_in_words(work->arena, today));
    json_put_raw(&json, "answers", answers);
    json_end_object(&json);
    return buffer_text(&text);
}

bool certificate_save(Work *work, Error *err)
{
    Date today = instant_date(tx_now(work->tx), work->app->zone_minutes);
    int year, month, day;
    int64_t drawn;
    Certificate certificate = {.id = tx_new_id(work->tx),
                               .dossier = work->dossier.id,
                               .title = work->item->certificate_title,
                               .issued_at = tx_now(work->tx)};
    date_split(today, &year, &month, &day);
    if (!catalogue_in_force(work->app, tx_conn(work->tx), "template",
                            work->item->certificate_template, today, &certificate.template, err) ||
        !store_draw_number(work->tx, work->app, work->item->certificate_series, year, &drawn, err))
        return false;
    certificate.number = arena_printf(work->arena, "%s%04d%06lld", work->item->certificate_series,
                                      year, (long long)drawn);
    certificate.content = certificate_content(work, certificate.number, err);
    if (!certificate.content)
        return false;
    steps_put(&work->steps, "certificate");
    json_put_text(&work->steps.json, "number", certificate.number);
    steps_end(&work->steps);
    return store_add_certificate(work->tx, work->app, &certificate, err);
}

/* ---- dispatch -------------------------------------------------------------------------------- */

static const Service services[] = {
    {"dossier.accept", accept}, {"dossier.refuse", refuse},   {"dossier.approve", approve},
    {"dossier.deny", deny},     {"certificate.issue", issue},
};

bool service_run(Work *work, const BpmnEffect *effect, FeelValue *out_output, bool *out_incident,
                 Error *err)
{
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        if (text_equal(services[i].type, effect->service->type)) {
            bool is_done = services[i].run(work, effect->service->variables, out_output, err);
            /* A missing reason is the officer's to mend now; all else is the administrator's.
             * Without an officer at the form (timer, mending) the missing reason is an incident
             * too. */
            *out_incident = !text_equal(err->code, "dossier.reason_required") || !work->opinion;
            return is_done;
        }
    *out_incident = true;
    return error_set(err, ERROR_INTERNAL, .code = "dossier.unknown_service",
                     .message = arena_printf(work->arena, "no service has the type \"%s\"",
                                             effect->service->type));
}
