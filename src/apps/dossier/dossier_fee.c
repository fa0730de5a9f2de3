/*
 * dossier_fee.c - what an application costs: set by tables of decisions, never typed, and
 * confirmed by the collecting bank. Staff handle no cash.
 *
 *     fee.charge (headers table, decision) -> yuan -> fen: the standard
 *       -> (headers reduction_table, reduction_decision) -> what is taken off, on which ground
 *       -> what is left: due, or waived when it is 0
 *     fee.confirm -> the bank's payment_reference -> paid
 */
#include "apps/dossier/dossier_internal.h"
#include "base/decimal.h"

enum { FEN_OF_A_YUAN = 100, REFERENCE_AT_MOST = 64 };

static void put_step(Work *work, const Fee *fee)
{
    steps_put(&work->steps, "fee");
    json_put_id(&work->steps.json, "fee", fee->id);
    json_put_int(&work->steps.json, "standard", fee->standard);
    json_put_int(&work->steps.json, "reduction", fee->reduction);
    if (fee->reduction_ground)
        json_put_text(&work->steps.json, "ground", fee->reduction_ground);
    json_put_int(&work->steps.json, "amount", fee->amount);
    json_put_text(&work->steps.json, "state", fee->state);
    steps_end(&work->steps);
}

/* ---- charging -------------------------------------------------------------------------------- */

/* Whole fen, none below zero; more than 10^15 of them is no fee. */
static bool fen_of(FeelValue yuan, Fen *out)
{
    Decimal fen;
    return yuan.kind == FEEL_NUMBER &&
           decimal_multiply(yuan.as.number, decimal_from_int64(FEN_OF_A_YUAN), &fen) &&
           decimal_to_int64(fen, out) && *out >= 0 && *out < INT64_C(1000000000000000);
}

static const char *basis_of(const DmnTrace *trace)
{
    bool has_basis = trace->fired.count && trace->fired.items[0].annotation_count;
    return has_basis ? trace->fired.items[0].annotations[0] : "";
}

static bool decide_standard(Work *work, const BpmnEffect *effect, RuleUse *out_use, Fee *out,
                            Error *err)
{
    FeelValue decided;
    DmnTrace trace;
    if (!rule_of_pairs(effect->element->headers, "fee", BIND_DECIDED, out_use))
        return error_set(err, ERROR_INVALID, .code = "fee.no_table");
    if (!rule_decide(work, out_use, effect->service->variables, &decided, &trace, err))
        return false;
    const FeelValue *amount = feel_member(decided, "amount");
    out->basis = basis_of(&trace);
    return fen_of(amount ? *amount : decided, &out->standard) ||
           error_set(err, ERROR_INVALID, .code = "fee.amount");
}

static FeelValue in_yuan(Fen amount)
{
    Decimal yuan = DECIMAL_ZERO;
    if (!decimal_divide(decimal_from_int64(amount), decimal_from_int64(FEN_OF_A_YUAN), &yuan))
        yuan = DECIMAL_ZERO;
    return feel_number(yuan);
}

/* ---- reducing -------------------------------------------------------------------------------- */

/* The variables of the process and `fee_standard`, in yuan. */
static FeelValue with_standard(Arena *arena, FeelValue variables, Fen standard)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    for (size_t i = 0; variables.kind == FEEL_CONTEXT && i < variables.as.context->count; i++)
        feel_context_put(&builder, variables.as.context->entries[i].name,
                         variables.as.context->entries[i].value);
    feel_context_put(&builder, "fee_standard", in_yuan(standard));
    return feel_context_end(&builder);
}

/* A share between nothing and all; a part of a fen is taken off, too. */
static bool share_of(FeelValue share, Fen standard, Fen *out)
{
    Decimal part;
    return share.kind == FEEL_NUMBER && !decimal_is_negative(share.as.number) &&
           decimal_compare(share.as.number, decimal_from_int64(1)) <= 0 &&
           decimal_multiply(share.as.number, decimal_from_int64(standard), &part) &&
           decimal_round(part, 0, DECIMAL_CEILING, &part) && decimal_to_int64(part, out);
}

static bool is_given(const FeelValue *value)
{
    return value && value->kind != FEEL_NULL;
}

/* What a rule takes off, by share or by amount, at most all of it; neither is nothing. */
static bool reduction_of(FeelValue decided, Fen standard, Fen *out)
{
    const FeelValue *share = feel_member(decided, "share");
    const FeelValue *amount = feel_member(decided, "amount");
    *out = 0;
    if (decided.kind == FEEL_NULL)
        return true;
    if (decided.kind != FEEL_CONTEXT || (is_given(share) && is_given(amount)))
        return false;
    if (is_given(share))
        return share_of(*share, standard, out);
    if (is_given(amount) && !fen_of(*amount, out))
        return false;
    if (*out > standard)
        *out = standard;
    return true;
}

/* Nothing is taken off without a ground and a legal basis. */
static bool take_off(FeelValue decided, const DmnTrace *trace, Fee *fee)
{
    const FeelValue *ground = feel_member(decided, "ground");
    const char *text = ground ? feel_text(*ground) : NULL;
    if (!reduction_of(decided, fee->standard, &fee->reduction))
        return false;
    if (!fee->reduction)
        return true;
    fee->reduction_ground = text;
    fee->reduction_basis = basis_of(trace);
    return !text_is_empty(text) && !text_is_empty(fee->reduction_basis);
}

/* A process of the time before reductions had tables of their own names none. */
static bool reduce(Work *work, const BpmnEffect *effect, RuleUse use, Fee *fee, Error *err)
{
    FeelValue decided;
    DmnTrace trace;
    use.step = "fee_reduction";
    use.table = pair_of(effect->element->headers, "reduction_table");
    use.decision = pair_of(effect->element->headers, "reduction_decision");
    if (text_is_empty(use.table) && text_is_empty(use.decision))
        return true;
    if (text_is_empty(use.table) || text_is_empty(use.decision))
        return error_set(err, ERROR_INVALID, .code = "fee.no_reduction_table");
    if (!rule_decide(work, &use,
                     with_standard(work->arena, effect->service->variables, fee->standard),
                     &decided, &trace, err))
        return false;
    return take_off(decided, &trace, fee) ||
           error_set(err, ERROR_INVALID, .code = "fee.bad_reduction");
}

static bool decide(Work *work, const BpmnEffect *effect, Fee *fee, Error *err)
{
    RuleUse use;
    if (!decide_standard(work, effect, &use, fee, err) || !reduce(work, effect, use, fee, err))
        return false;
    fee->amount = fee->standard - fee->reduction;
    fee->state = fee->amount ? "due" : "waived";
    return true;
}

static FeelValue output_of(Arena *arena, Fen amount)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, "fee_amount", in_yuan(amount));
    return feel_context_end(&builder);
}

bool fee_charge(Work *work, const BpmnEffect *effect, FeelValue *out_output, Error *err)
{
    Fee fee = {.id = tx_new_id(work->tx), .charged_at = tx_now(work->tx), .paid_at = INSTANT_NONE};
    if (!decide(work, effect, &fee, err))
        return false;
    list_add(work->arena, &work->new_fees, fee);
    put_step(work, &fee);
    if (fee.amount)
        paper_order_payment(work, &fee);
    *out_output = output_of(work->arena, fee.amount);
    return true;
}

/* ---- confirming ------------------------------------------------------------------------------ */

static const char *reference_of(Work *work, const BpmnEffect *effect)
{
    const FeelValue *given = feel_member(effect->service->variables, "payment_reference");
    const char *text = given ? feel_text(*given) : NULL;
    const char *trimmed = text ? text_trim(work->arena, text) : "";
    return *trimmed && text_length(trimmed) <= REFERENCE_AT_MOST ? trimmed : NULL;
}

static void pay(Work *work, const Fee *due, const char *reference)
{
    Fee fee = *due;
    fee.state = "paid";
    fee.paid_at = tx_now(work->tx);
    fee.reference = arena_text(work->arena, reference);
    fee.paid_by = text_equal(work->actor_kind, "officer") ? work->actor : 0;
    list_add(work->arena, &work->paid_fees, fee);
    put_step(work, &fee);
}

bool fee_confirm(Work *work, const BpmnEffect *effect, FeelValue *out_output, Error *err)
{
    (void)out_output;
    const char *reference = reference_of(work, effect);
    size_t paid_before = work->paid_fees.count;
    Fees fees = {0};
    if (!reference)
        return error_set(err, ERROR_INVALID, .code = "fee.reference_required",
                         .field = "form.payment_reference");
    if (!store_fees(tx_conn(work->tx), work->arena, work->app->tenant, work->dossier.id, &fees,
                    err))
        return false;
    list_each (Fee, fee, &fees)
        if (text_equal(fee->state, "due"))
            pay(work, fee, reference);
    return work->paid_fees.count > paid_before ||
           error_set(err, ERROR_CONFLICT, .code = "fee.none_due");
}

bool fees_save(Work *work, Error *err)
{
    list_each (Fee, fee, &work->new_fees)
        if (!store_add_fee(work->tx, work->app, work->dossier.id, fee, err))
            return false;
    list_each (Fee, paid, &work->paid_fees)
        if (!store_pay_fee(work->tx, work->app, work->dossier.id, paid, err))
            return false;
    return true;
}
