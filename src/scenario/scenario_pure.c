/*
 * scenario_pure.c - the steps that ask a decision: values in, dmn_decide, the answer compared.
 *
 * The decision is asked as a dossier asks it: what the engine itself finds wrong (two rules of a
 * UNIQUE table) is a refusal, and no answer.
 */
#include "scenario/scenario_internal.h"

#include <string.h>

#include "base/text.h"
#include "calendar/calendar.h"
#include "scenario/scenario_hall.h"

static bool set_date(Run *run, const Step *step)
{
    const ScenarioProgram *program = run->host->program;
    Error err = ERROR_NONE;
    if (!hall_settle(run))
        return false;
    run->now = step->arguments[0].moment;
    if (!run->scenario->needs_program || program->set_clock(program->data, run->now, &err))
        return true;
    return run_fail(run, 0, "the clock moves", err.detail ? err.detail : err.code);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static bool read_inputs(Run *run, const Step *step, FeelValue *out)
{
    FeelContextBuilder inputs = feel_context_begin(run->arena);
    list_each (const NamedExpression, value, &step->values) {
        FeelValue one;
        if (!run_value(run, value->expression, value->line, &one))
            return false;
        feel_context_put(&inputs, value->name, one);
    }
    *out = feel_context_end(&inputs);
    return true;
}

static const char *refusal_of(Run *run, const Error *err)
{
    const char *detail = err->detail ? err->detail : err->field;
    return arena_printf(run->arena, "%s%s%s", err->code, detail ? ": " : "", detail ? detail : "");
}

static bool ask(Run *run, const Step *step)
{
    const ScenarioTables *tables = &run->host->tables;
    const char *name = step->arguments[0].text, *code = step->arguments[1].text;
    const DmnModel *model = tables->find ? tables->find(tables->data, code) : NULL;
    Error err = ERROR_NONE;
    FeelValue inputs;
    if (!model)
        return run_fail(run, 0, arena_printf(run->arena, "a table with the code \"%s\"", code),
                        "there is none");
    if (!dmn_find(model, name))
        return run_fail(run, 0, arena_printf(run->arena, "a decision \"%s\" in \"%s\"", name, code),
                        "there is none");
    if (!read_inputs(run, step, &inputs))
        return false;
    FeelScope scope = {.variables = inputs,
                       .now = run->now,
                       .offset_minutes = CALENDAR_ZONE_CHINA,
                       .workdays = run->host->workdays};
    run->is_asked = true;
    run->answer = feel_null();
    run->refusal = NULL;
    if (!dmn_decide(model, name, &scope, run->arena, &run->answer, &run->trace, &err))
        run->refusal = refusal_of(run, &err);
    return true;
}

/* ---- looking at the answer ------------------------------------------------------------------- */

static bool has_answer(Run *run, const char *expected)
{
    if (!run->is_asked)
        return run_fail(run, 0, "a decision was asked before", "none was");
    return !run->refusal || run_fail(run, 0, expected, run->refusal);
}

static bool check_answer(Run *run, const Step *step)
{
    return has_answer(run, step->arguments[0].text) &&
           run_expect(run, step->arguments[0].expression, run->answer);
}

static bool check_member(Run *run, const Step *step)
{
    const char *name = step->arguments[0].text;
    if (!has_answer(run, step->arguments[1].text))
        return false;
    const FeelValue *member = feel_member(run->answer, name);
    if (!member)
        return run_fail(run, 0, arena_printf(run->arena, "an answer with \"%s\"", name),
                        run_show(run, run->answer));
    return run_expect(run, step->arguments[1].expression, *member);
}

static bool check_no_answer(Run *run, const Step *step)
{
    (void)step;
    return has_answer(run, "null") &&
           (feel_is_null(run->answer) || run_fail(run, 0, "null", run_show(run, run->answer)));
}

static bool check_refused(Run *run, const Step *step)
{
    const char *code = step->arguments[0].text;
    if (!run->is_asked)
        return has_answer(run, code);
    size_t length = strlen(code);
    bool is_it = run->refusal && text_starts_with(run->refusal, code) &&
                 (!run->refusal[length] || run->refusal[length] == ':');
    return is_it ||
           run_fail(run, 0, code, run->refusal ? run->refusal : run_show(run, run->answer));
}

/* "1, 3" of what was written, in any spelling of the comma. */
static const char *numbers_text(Run *run, const char *written)
{
    Buffer out = buffer_init(run->arena, 0);
    for (const char *at = written; *at;) {
        size_t digits = strspn(at, "0123456789");
        if (digits && out.length)
            buffer_add(&out, ", ");
        buffer_add_n(&out, at, digits);
        at += digits ? digits : 1;
    }
    return buffer_text(&out);
}

static const char *fired_text(Run *run)
{
    Buffer out = buffer_init(run->arena, 0);
    list_each (const DmnFired, fired, &run->trace.fired)
        buffer_printf(&out, "%s%zu", out.length ? ", " : "", fired->rule);
    return buffer_text(&out);
}

static bool check_rules(Run *run, const Step *step)
{
    const char *expected = numbers_text(run, step->arguments[0].text);
    if (!has_answer(run, arena_printf(run->arena, "rules %s", expected)))
        return false;
    const char *got = fired_text(run);
    return text_equal(expected, got) ||
           run_fail(run, 0, arena_printf(run->arena, "rules %s", expected),
                    *got ? arena_printf(run->arena, "rules %s", got) : "no rule");
}

static bool check_no_rule(Run *run, const Step *step)
{
    (void)step;
    return has_answer(run, "no rule") &&
           (!run->trace.fired.count ||
            run_fail(run, 0, "no rule", arena_printf(run->arena, "rules %s", fired_text(run))));
}

/* The first two are those that name a table: scenario_read.c notes them. */
const StepRow pure_steps[] = {
    {"the decision \"...\" of \"...\" is asked with", "按决策表\"...\"求\"...\"，条件为", "10",
     TABLE_VALUES, "input, FEEL expression", ask},
    {"the decision \"...\" of \"...\" is asked", "按决策表\"...\"求\"...\"", "10", TABLE_NONE, NULL,
     ask},
    {"the date is <day>", "日期为<day>", NULL, TABLE_NONE, NULL, set_date},
    {"the answer is <expression>", "结果为<expression>", NULL, TABLE_NONE, NULL, check_answer},
    {"\"...\" of the answer is <expression>", "结果的\"...\"为<expression>", NULL, TABLE_NONE, NULL,
     check_member},
    {"there is no answer", "没有结果", NULL, TABLE_NONE, NULL, check_no_answer},
    {"the table refuses with \"...\"", "决策表报错\"...\"", NULL, TABLE_NONE, NULL, check_refused},
    {"rule <numbers> fires", "命中规则<numbers>", NULL, TABLE_NONE, NULL, check_rules},
    {"rules <numbers> fire", "命中规则<numbers>", NULL, TABLE_NONE, NULL, check_rules},
    {"no rule fires", "没有命中规则", NULL, TABLE_NONE, NULL, check_no_rule},
    {NULL},
};
