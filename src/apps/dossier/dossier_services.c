/*
 * dossier_services.c - what a service task of a process may ask for, by the type it names:
 *
 *     dossier.accept     accepted: the promise counts from here (Licensing Law, article 32)
 *     dossier.refuse     not accepted, with a reason
 *     dossier.approve    decided, with a reason
 *     dossier.deny       decided against, with a reason (article 38)
 *     certificate.issue  certificates are made when the command is saved
 *     fee.charge         a table of decisions says what it costs
 *     fee.confirm        the bank has it, under its reference
 *
 * The reason is the opinion of the task that led here, or the process variable "opinion".
 */
#include "apps/dossier/dossier_internal.h"

typedef bool (*ServiceFn)(Work *work, const BpmnEffect *effect, FeelValue *out_output, Error *err);

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

static bool accept(Work *work, const BpmnEffect *effect, FeelValue *out_output, Error *err)
{
    FeelValue variables = effect->service->variables;
    ItemLimits limits;
    Instant now = tx_now(work->tx);
    Instant from = work->is_silent ? work->received_at : now;
    if (!text_equal(work->dossier.state, "filed"))
        return error_set(err, ERROR_CONFLICT, .code = "dossier.accepted_already");
    if (!rule_limits(work, work->item, answers_of(variables), &limits, err))
        return false;
    work->clock.dossier = work->dossier.id;
    ClockInput input = {.limit = promised_limit(&limits), .started_at = from, .now = now};
    if (!clock_derive(work->app, tx_conn(work->tx), work->arena, &input, NULL, &work->clock, err))
        return false;
    work->has_new_clock = true;
    work->dossier.state = "accepted";
    work->dossier.accepted_at = from;
    work->dossier.statutory_limit = limits.statutory;
    work->dossier.promised_limit = limits.promised;
    work->dossier.limit_unit = limits.unit;
    steps_put_due(&work->steps, work->arena, "accepted", &work->clock);
    paper_order(work, "acceptance", NULL);
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
    return text_is_blank(reason) ? NULL : reason;
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

/* What a form says unasked speaks for the applicant; against him the officer says why (R124). */
static bool conclude_against(Work *work, FeelValue variables, const char *state, Error *err)
{
    if (work->is_opinion_unchanged && reason_of(work, variables))
        return error_set(err, ERROR_INVALID, .code = "dossier.reason_own", .field = "form.opinion");
    return conclude(work, variables, state, err);
}

static bool refuse(Work *work, const BpmnEffect *effect, FeelValue *out_output, Error *err)
{
    (void)out_output;
    if (!text_equal(work->dossier.state, "filed"))
        return error_set(err, ERROR_CONFLICT, .code = "dossier.accepted_already");
    if (!conclude_against(work, effect->service->variables, "not_accepted", err))
        return false;
    steps_put(&work->steps, "not_accepted");
    json_put_bool(&work->steps.json, "reason", true);
    steps_end(&work->steps);
    paper_order(work, "non_acceptance", NULL);
    return true;
}

static bool decide_as(Work *work, FeelValue variables, const char *state, Error *err)
{
    if (!text_equal(work->dossier.state, "accepted"))
        return error_set(err, ERROR_CONFLICT, .code = "dossier.not_accepted_yet");
    bool is_denial = text_equal(state, "denied");
    if (!(is_denial ? conclude_against : conclude)(work, variables, state, err))
        return false;
    steps_put(&work->steps, "decided");
    json_put_text(&work->steps.json, "outcome", state);
    steps_end(&work->steps);
    return true;
}

static bool approve(Work *work, const BpmnEffect *effect, FeelValue *out_output, Error *err)
{
    (void)out_output;
    return decide_as(work, effect->service->variables, "approved", err);
}

static bool deny(Work *work, const BpmnEffect *effect, FeelValue *out_output, Error *err)
{
    (void)out_output;
    paper_order(work, "denial", NULL);
    return decide_as(work, effect->service->variables, "denied", err);
}

/* ---- dispatch -------------------------------------------------------------------------------- */

static const Service services[] = {
    {"dossier.accept", accept},
    {"dossier.refuse", refuse},
    {"dossier.approve", approve},
    {"dossier.deny", deny},
    {"certificate.issue", certificate_want},
    {"fee.charge", fee_charge},
    {"fee.confirm", fee_confirm},
};

bool service_run(Work *work, const BpmnEffect *effect, FeelValue *out_output, bool *out_incident,
                 Error *err)
{
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        if (text_equal(services[i].type, effect->service->type)) {
            bool is_done = services[i].run(work, effect, out_output, err);
            /* A missing reason or reference is the officer's to mend now; all else is the
             * administrator's. Without an officer at the form (timer, mending) it is an incident
             * too. */
            bool is_reason = text_equal(err->code, "dossier.reason_required") ||
                             text_equal(err->code, "dossier.reason_own") ||
                             text_equal(err->code, "fee.reference_required");
            *out_incident = !is_reason || !work->opinion;
            return is_done;
        }
    *out_incident = true;
    return error_set(err, ERROR_INTERNAL, .code = "dossier.unknown_service",
                     .message = arena_printf(work->arena, "no service has the type \"%s\"",
                                             effect->service->type));
}
