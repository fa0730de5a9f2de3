/*
 * dossier_fee.c - what an application costs: set by a table of decisions, never typed, and
 * confirmed by the collecting bank. Staff handle no cash.
 *
 *     fee.charge (headers table, decision) -> yuan -> fen -> due, or waived when it is 0
 *     fee.confirm -> the bank's payment_reference -> paid
 */
#include "apps/dossier/dossier_internal.h"
#include "base/decimal.h"

enum { FEN_OF_A_YUAN = 100, REFERENCE_AT_MOST = 64 };

static void put_step(Work *work, const Fee *fee)
{
    steps_put(&work->steps, "fee");
    json_put_id(&work->steps.json, "fee", fee->id);
    json_put_int(&work->steps.json, "amount", fee->amount);
    json_put_text(&work->steps.json, "state", fee->state);
    steps_end(&work->steps);
}

/* ---- charging -------------------------------------------------------------------------------- */

/* Whole fen, none below zero; more than 10^15 of them is no fee. */
static bool fen_of(FeelValue decided, Fen *out)
{
    const FeelValue *amount = feel_member(decided, "amount");
    FeelValue value = amount ? *amount : decided;
    Decimal fen;
    return value.kind == FEEL_NUMBER &&
           decimal_multiply(value.as.number, decimal_from_int64(FEN_OF_A_YUAN), &fen) &&
           decimal_to_int64(fen, out) && *out >= 0 && *out < INT64_C(1000000000000000);
}

static const char *basis_of(const DmnTrace *trace)
{
    bool has_basis = trace->fired.count && trace->fired.items[0].annotation_count;
    return has_basis ? trace->fired.items[0].annotations[0] : "";
}

static bool decide(Work *work, const BpmnEffect *effect, Fee *out, Error *err)
{
    FeelValue decided;
    DmnTrace trace;
    RuleUse use;
    if (!rule_of_pairs(effect->element->headers, "fee", BIND_DECIDED, &use))
        return error_set(err, ERROR_INVALID, .code = "fee.no_table");
    if (!rule_decide(work, &use, effect->service->variables, &decided, &trace, err))
        return false;
    out->basis = basis_of(&trace);
    return fen_of(decided, &out->amount) || error_set(err, ERROR_INVALID, .code = "fee.amount");
}

static FeelValue in_yuan(Arena *arena, Fen amount)
{
    Decimal yuan = DECIMAL_ZERO;
    FeelContextBuilder builder = feel_context_begin(arena);
    if (!decimal_divide(decimal_from_int64(amount), decimal_from_int64(FEN_OF_A_YUAN), &yuan))
        yuan = DECIMAL_ZERO;
    feel_context_put(&builder, "fee_amount", feel_number(yuan));
    return feel_context_end(&builder);
}

bool fee_charge(Work *work, const BpmnEffect *effect, FeelValue *out_output, Error *err)
{
    Fee fee = {.id = tx_new_id(work->tx), .charged_at = tx_now(work->tx), .paid_at = INSTANT_NONE};
    if (!decide(work, effect, &fee, err))
        return false;
    fee.state = fee.amount ? "due" : "waived";
    list_add(work->arena, &work->new_fees, fee);
    put_step(work, &fee);
    if (fee.amount)
        paper_order_payment(work, &fee);
    *out_output = in_yuan(work->arena, fee.amount);
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
