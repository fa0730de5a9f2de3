/*
 * scenario_program.c - the steps that speak to a program: act as somebody, look as somebody.
 *
 *     step -> path and body of the JSON API -> program->send -> status, JSON -> compared
 *
 * They know the routes of docs/api.md and nothing of what lies behind them, so the same file runs
 * in memory and against a server. Rows of a step become the members of its body.
 */
#include <string.h>

#include "base/text.h"
#include "scenario/scenario_hall.h"

enum { OK = 200, REFUSED = 400 };

/* ---- asking ---------------------------------------------------------------------------------- */

/* What a refusal says of itself: "403 authorisation.missing: ..." */
static const char *answer_text(Run *run, const ScenarioAnswer *answer)
{
    const char *code = json_text(answer->json, "code"), *detail = json_text(answer->json, "detail");
    return arena_printf(run->arena, "%d%s%s%s%s", answer->status, code ? " " : "", code ? code : "",
                        detail ? ": " : "", detail ? detail : "");
}

bool hall_settle(Run *run)
{
    const Step *refused = run->hall->refused;
    if (!refused)
        return true;
    run->step = refused;
    return run_fail(run, 0, "it is done", answer_text(run, &run->hall->last));
}

static bool send(Run *run, const char *account, const char *path, const char *body,
                 ScenarioAnswer *out)
{
    const ScenarioProgram *program = run->host->program;
    Error err = ERROR_NONE;
    if (program->send(program->data, run->arena, account, path, body, out, &err))
        return true;
    return run_fail(run, 0, arena_printf(run->arena, "an answer to %s", path),
                    err.detail ? arena_printf(run->arena, "%s: %s", err.code, err.detail)
                               : err.code);
}

static bool get(Run *run, const char *account, const char *path, const Json **out)
{
    ScenarioAnswer answer;
    if (!send(run, account, path, NULL, &answer))
        return false;
    *out = answer.json;
    return answer.status == OK ||
           run_fail(run, 0, arena_printf(run->arena, "\"%s\" may see %s", account, path),
                    answer_text(run, &answer));
}

/* An action: a refusal waits for a step that expects it. */
static bool act(Run *run, const char *account, const char *path, const char *body)
{
    Hall *hall = run->hall;
    if (!send(run, account, path, body, &hall->last))
        return false;
    hall->refused = hall->last.status >= REFUSED ? run->step : NULL;
    return true;
}

static bool has_number(Run *run)
{
    return run->hall->number || run_fail(run, 0, "an application was made before", "none was");
}

/* Every step but the one that expects a refusal begins here. */
static bool ready(Run *run, bool needs_number)
{
    return hall_settle(run) && (!needs_number || has_number(run));
}

static const char *dossier_path(Run *run, const char *rest)
{
    return arena_printf(run->arena, "/dossiers/%s%s", run->hall->number, rest);
}

/* The open task that this officer may do. */
static bool open_task(Run *run, const char *account, const char **out)
{
    const Json *dossier;
    if (!get(run, account, dossier_path(run, ""), &dossier))
        return false;
    *out = json_text(dossier, "task");
    return json_bool(dossier, "has_task", false) ||
           run_fail(run, 0, arena_printf(run->arena, "\"%s\" has an open task", account),
                    "there is none");
}

/* ---- bodies ---------------------------------------------------------------------------------- */

/* A member's value as JSON; a row "form.name" is a member of the member "form". */
static bool put_values(Run *run, JsonWriter *json, const Step *step, const char *prefix,
                       bool is_inside)
{
    size_t length = strlen(prefix);
    list_each (const NamedExpression, value, &step->values) {
        bool has_prefix = strncmp(value->name, prefix, length) == 0 && length;
        bool is_nested = strchr(value->name, '.') != NULL;
        FeelValue given;
        if (is_inside ? !has_prefix : is_nested)
            continue;
        if (!run_value(run, value->expression, value->line, &given))
            return false;
        json_put_raw(json, value->name + (is_inside ? length : 0), run_show(run, given));
    }
    return true;
}

static const char *group_of(Run *run, const NamedExpression *value)
{
    const char *dot = strchr(value->name, '.');
    return dot ? arena_text_n(run->arena, value->name, (size_t)(dot - value->name)) : NULL;
}

/* {"a": 1, "form": {"b": 2}} of rows a and form.b. */
static bool nested_body(Run *run, const Step *step, const char **out)
{
    Buffer buffer = buffer_init(run->arena, 0);
    JsonWriter json = json_writer(&buffer);
    Map done = map_init(run->arena);
    json_begin_object(&json, NULL);
    bool is_fine = put_values(run, &json, step, "", false);
    list_each (const NamedExpression, value, &step->values) {
        const char *group = group_of(run, value);
        if (!is_fine || !group || map_has(&done, group))
            continue;
        map_set(&done, group, &done);
        json_begin_object(&json, group);
        is_fine = put_values(run, &json, step, arena_printf(run->arena, "%s.", group), true);
        json_end_object(&json);
    }
    json_end_object(&json);
    *out = buffer_text(&buffer);
    return is_fine;
}

/* {"form": {...}} of all rows; `seen` and `material` are what was ticked beside the form. */
static bool form_body(Run *run, const Step *step, const char **out)
{
    Buffer whole = buffer_init(run->arena, 0), form = buffer_init(run->arena, 0);
    JsonWriter outer = json_writer(&whole), inner = json_writer(&form);
    json_begin_object(&outer, NULL);
    json_begin_object(&inner, NULL);
    list_each (const NamedExpression, value, &step->values) {
        bool is_beside = text_equal(value->name, "seen") || text_equal(value->name, "material");
        FeelValue given;
        if (!run_value(run, value->expression, value->line, &given))
            return false;
        json_put_raw(is_beside ? &outer : &inner, value->name, run_show(run, given));
    }
    json_end_object(&inner);
    json_put_raw(&outer, "form", buffer_text(&form));
    json_end_object(&outer);
    *out = buffer_text(&whole);
    return true;
}

static const char *body_of_texts(Run *run, const char *const *names_and_texts)
{
    Buffer buffer = buffer_init(run->arena, 0);
    JsonWriter json = json_writer(&buffer);
    json_begin_object(&json, NULL);
    for (; names_and_texts[0]; names_and_texts += 2)
        json_put_text(&json, names_and_texts[0], names_and_texts[1]);
    json_end_object(&json);
    return buffer_text(&buffer);
}

#define TEXTS(run, ...) body_of_texts((run), (const char *const[]){__VA_ARGS__, NULL})

/* ---- applying -------------------------------------------------------------------------------- */

static bool made(Run *run, const char *account)
{
    Hall *hall = run->hall;
    if (hall->refused)
        return true;
    hall->number = json_text(hall->last.json, "number");
    hall->filer = account;
    return hall->number ||
           run_fail(run, 0, "the number of an application", answer_text(run, &hall->last));
}

static bool apply(Run *run, const Step *step)
{
    const char *account = step->arguments[0].text, *body;
    return ready(run, false) && form_body(run, step, &body) &&
           act(run, account, arena_printf(run->arena, "/apply/%s", step->arguments[1].text),
               body) &&
           made(run, account);
}

static bool take_in(Run *run, const Step *step)
{
    const char *account = step->arguments[0].text, *body;
    return ready(run, false) && nested_body(run, step, &body) &&
           act(run, account, arena_printf(run->arena, "/intake/%s", step->arguments[1].text),
               body) &&
           made(run, account);
}

/* ---- working --------------------------------------------------------------------------------- */

static bool act_on_task(Run *run, const char *account, const char *verb, const char *body)
{
    const char *task;
    return open_task(run, account, &task) &&
           act(run, account,
               dossier_path(run, arena_printf(run->arena, "/tasks/%s/%s", task, verb)), body);
}

static bool complete(Run *run, const Step *step)
{
    const char *account = step->arguments[0].text;
    const char *form =
        TEXTS(run, "outcome", step->arguments[1].text, "opinion", step->arguments[2].text);
    return ready(run, true) &&
           act_on_task(run, account, "complete", arena_printf(run->arena, "{\"form\":%s}", form));
}

static bool complete_with(Run *run, const Step *step)
{
    const char *body;
    return ready(run, true) && form_body(run, step, &body) &&
           act_on_task(run, step->arguments[0].text, "complete", body);
}

static bool send_notice(Run *run, const Step *step)
{
    const char *body;
    return ready(run, true) && nested_body(run, step, &body) &&
           act_on_task(run, step->arguments[0].text, "notice", body);
}

static bool supplement(Run *run, const Step *step)
{
    const char *body;
    return ready(run, true) && nested_body(run, step, &body) &&
           act(run, step->arguments[0].text, dossier_path(run, "/supplement"), body);
}

static bool stop_clock(Run *run, const Step *step)
{
    return ready(run, true) && act_on_task(run, step->arguments[0].text, "suspend",
                                           TEXTS(run, "ground", step->arguments[1].text, "note",
                                                 step->arguments[2].text));
}

static bool start_clock(Run *run, const Step *step)
{
    return ready(run, true) && act_on_task(run, step->arguments[0].text, "resume", "{}");
}

static bool withdraw(Run *run, const Step *step)
{
    return ready(run, true) && act(run, step->arguments[0].text, dossier_path(run, "/withdraw"),
                                   TEXTS(run, "withdraw_reason", step->arguments[1].text));
}

static bool rate(Run *run, const Step *step)
{
    return ready(run, true) &&
           act(run, step->arguments[0].text, dossier_path(run, "/rating"),
               arena_printf(run->arena, "{\"grade\":%s}", step->arguments[1].text));
}

/* ---- anything else --------------------------------------------------------------------------- */

/* A path with {number} and {task} filled in. */
static bool fill_path(Run *run, const char *account, const char *path, const char **out)
{
    const char *const names[] = {"{number}", "{task}"};
    const char *values[2] = {run->hall->number, NULL};
    Buffer buffer = buffer_init(run->arena, 0);
    if (strstr(path, "{task}") && (!has_number(run) || !open_task(run, account, &values[1])))
        return false;
    if (strstr(path, "{number}") && !has_number(run))
        return false;
    while (*path) {
        size_t i = 0;
        while (i < 2 && !text_starts_with(path, names[i]))
            i++;
        if (i < 2)
            buffer_add(&buffer, values[i]);
        else
            buffer_add_char(&buffer, *path);
        path += i < 2 ? strlen(names[i]) : 1;
    }
    *out = buffer_text(&buffer);
    return **out == '/' || run_fail(run, 0, "a path that begins with /", *out);
}

static bool send_with(Run *run, const Step *step)
{
    const char *account = step->arguments[0].text, *path, *body;
    return ready(run, false) && fill_path(run, account, step->arguments[1].text, &path) &&
           nested_body(run, step, &body) && act(run, account, path, body);
}

static bool look_at(Run *run, const Step *step)
{
    const char *account = step->arguments[0].text, *path;
    return ready(run, false) && fill_path(run, account, step->arguments[1].text, &path) &&
           act(run, account, path, NULL);
}

/* ---- checks ---------------------------------------------------------------------------------- */

static bool check_refused(Run *run, const Step *step)
{
    Hall *hall = run->hall;
    const char *code = step->arguments[0].text;
    bool is_refused = hall->refused != NULL;
    hall->refused = NULL;
    if (is_refused && text_equal(json_text(hall->last.json, "code"), code))
        return true;
    return run_fail(run, 0, arena_printf(run->arena, "refused with %s", code),
                    hall->last.status ? answer_text(run, &hall->last) : "nothing was done");
}

static bool check_status(Run *run, const Step *step)
{
    Hall *hall = run->hall;
    const char *status = arena_printf(run->arena, "%d", hall->last.status);
    bool is_refused = hall->refused != NULL;
    hall->refused = NULL;
    return (is_refused && text_equal(status, step->arguments[0].text)) ||
           run_fail(run, 0, arena_printf(run->arena, "refused with %s", step->arguments[0].text),
                    hall->last.status ? answer_text(run, &hall->last) : "nothing was done");
}

/* The value of a FEEL expression over the members of a JSON object. */
static bool value_in(Run *run, const Json *json, const char *text, FeelValue *out)
{
    FeelFindings findings = {0};
    Error err = ERROR_NONE;
    FeelExpression *expression = feel_compile(run->arena, text, FEEL_EXPRESSION, NULL, &err);
    if (!expression)
        return run_fail(run, 0, "a FEEL expression", text);
    FeelScope scope = {.variables = feel_from_json(run->arena, json), .now = run->now};
    *out = feel_evaluate(expression, &scope, run->arena, &findings);
    return true;
}

static bool expect_in(Run *run, const Json *json, const Argument *what, const Argument *expected)
{
    FeelValue got = {0};
    return value_in(run, json, what->text, &got) && run_expect(run, expected->expression, got);
}

static bool own_dossier(Run *run, const Json **out)
{
    return ready(run, true) && get(run, run->hall->filer, dossier_path(run, ""), out);
}

static bool check_application(Run *run, const Step *step)
{
    const Json *dossier;
    return own_dossier(run, &dossier) &&
           expect_in(run, dossier, &step->arguments[0], &step->arguments[1]);
}

static bool check_last(Run *run, const Step *step)
{
    return ready(run, false) &&
           expect_in(run, run->hall->last.json, &step->arguments[0], &step->arguments[1]);
}

static bool expect_text(Run *run, const char *expected, const char *got)
{
    return text_equal(expected, got) ||
           run_fail(run, 0, arena_printf(run->arena, "\"%s\"", expected),
                    got ? arena_printf(run->arena, "\"%s\"", got) : "null");
}

static bool check_state(Run *run, const Step *step)
{
    const Json *dossier;
    return own_dossier(run, &dossier) &&
           expect_text(run, step->arguments[0].text, json_text(dossier, "state"));
}

static bool check_stage(Run *run, const Step *step)
{
    const Json *dossier;
    return own_dossier(run, &dossier) &&
           expect_text(run, step->arguments[0].text, json_text(dossier, "stage"));
}

static bool check_due(Run *run, const Step *step)
{
    const Json *dossier;
    return own_dossier(run, &dossier) &&
           expect_text(run, arena_text_n(run->arena, step->arguments[0].text, 10),
                       json_text(json_get(dossier, "clock"), "due_on"));
}

static bool check_clock(Run *run, bool is_stopped)
{
    const Json *dossier;
    if (!own_dossier(run, &dossier))
        return false;
    bool got = json_bool(json_get(dossier, "clock"), "is_suspended", false);
    return got == is_stopped || run_fail(run, 0, is_stopped ? "the clock stands" : "the clock runs",
                                         got ? "it stands" : "it runs");
}

static bool check_stands(Run *run, const Step *step)
{
    (void)step;
    return check_clock(run, true);
}

static bool check_runs(Run *run, const Step *step)
{
    (void)step;
    return check_clock(run, false);
}

static bool check_certificates(Run *run, const Step *step)
{
    const Json *dossier;
    if (!own_dossier(run, &dossier))
        return false;
    const Json *all = json_get(dossier, "certificates");
    const char *got = arena_printf(run->arena, "%zu", all ? all->count : 0);
    return text_equal(got, step->arguments[0].text) ||
           run_fail(run, 0, step->arguments[0].text, got);
}

/* Whether the officer has something to do for it; who may not see it has not. */
static bool has_task(Run *run, const char *account, bool *out)
{
    ScenarioAnswer answer;
    if (!send(run, account, dossier_path(run, ""), NULL, &answer))
        return false;
    *out = answer.status == OK && json_bool(answer.json, "has_task", false);
    return true;
}

/* The accounts of "m001, c001" or "m001、c001", one after the other. */
static const char *next_account(Run *run, const char **at)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    while (**at && !strchr(letters, **at))
        ++*at;
    size_t length = strspn(*at, letters);
    const char *account = arena_text_n(run->arena, *at, length);
    *at += length;
    return length ? account : NULL;
}

static bool check_desks(Run *run, const char *accounts, bool should_have)
{
    Buffer wrong = buffer_init(run->arena, 0);
    const char *account, *at = accounts;
    if (!ready(run, true))
        return false;
    while ((account = next_account(run, &at))) {
        bool has;
        if (!has_task(run, account, &has))
            return false;
        if (has != should_have)
            buffer_printf(&wrong, "%s%s", wrong.length ? ", " : "", account);
    }
    return !wrong.length ||
           run_fail(
               run, 0,
               arena_printf(run->arena, "%s: %s", should_have ? "a task" : "no task", accounts),
               arena_printf(run->arena, "%s: %s", should_have ? "no task" : "a task",
                            buffer_text(&wrong)));
}

static bool check_on_desks(Run *run, const Step *step)
{
    return check_desks(run, step->arguments[0].text, true);
}

static bool check_off_desks(Run *run, const Step *step)
{
    return check_desks(run, step->arguments[0].text, false);
}

const StepRow program_steps[] = {
    {"\"...\" applies for \"...\" with", "\"...\"申请\"...\"，填写", NULL, TABLE_VALUES,
     "field of the form (or `material`), FEEL expression", apply, .names_item = true},
    {"\"...\" takes in \"...\" with", "\"...\"收件\"...\"，填写", NULL, TABLE_VALUES,
     "field, `form.` before those of the form, FEEL expression", take_in, .names_item = true},
    {"\"...\" completes the task with \"...\" and says \"...\"",
     "\"...\"办理，结果为\"...\"，意见为\"...\"", NULL, TABLE_NONE, NULL, complete},
    {"\"...\" completes the task with", "\"...\"办理，填写", NULL, TABLE_VALUES,
     "field of the task's form (or `seen`), FEEL expression", complete_with},
    {"\"...\" sends a notice with", "\"...\"发出补正告知，填写", NULL, TABLE_VALUES,
     "`missing.`, `mend.` or `visible.` and the place, or `reason`, FEEL expression", send_notice},
    {"\"...\" hands in a supplement with", "\"...\"补正，填写", NULL, TABLE_VALUES,
     "`material`, `note`, or `form.` and a field, FEEL expression", supplement},
    {"\"...\" stops the clock on \"...\" and says \"...\"",
     "\"...\"暂停计时，情形为\"...\"，说明为\"...\"", NULL, TABLE_NONE, NULL, stop_clock},
    {"\"...\" lets the clock run", "\"...\"恢复计时", NULL, TABLE_NONE, NULL, start_clock},
    {"\"...\" withdraws the application and says \"...\"", "\"...\"撤回申请，理由为\"...\"", NULL,
     TABLE_NONE, NULL, withdraw},
    {"\"...\" rates it with grade <n>", "\"...\"评价第<n>档", NULL, TABLE_NONE, NULL, rate},
    {"\"...\" sends \"...\" with", "\"...\"提交\"...\"，填写", NULL, TABLE_VALUES,
     "member of the body, `a.b` for one inside another, FEEL expression", send_with},
    {"\"...\" looks at \"...\"", "\"...\"查看\"...\"", NULL, TABLE_NONE, NULL, look_at},
    {"it is refused with \"...\"", "被拒绝，代码为\"...\"", NULL, TABLE_NONE, NULL, check_refused},
    {"it is refused with status <n>", "被拒绝，状态码为<n>", NULL, TABLE_NONE, NULL, check_status},
    {"the application is \"...\"", "申请的状态为\"...\"", NULL, TABLE_NONE, NULL, check_state},
    {"the application is at the stage \"...\"", "申请的阶段为\"...\"", NULL, TABLE_NONE, NULL,
     check_stage},
    {"the application is due on <day>", "申请应于<day>办结", NULL, TABLE_NONE, NULL, check_due},
    {"the clock stands", "时限暂停", NULL, TABLE_NONE, NULL, check_stands},
    {"the clock runs", "时限继续", NULL, TABLE_NONE, NULL, check_runs},
    {"the application is with \"...\"", "申请在\"...\"的待办中", NULL, TABLE_NONE, NULL,
     check_on_desks},
    {"the application is not with \"...\"", "申请不在\"...\"的待办中", NULL, TABLE_NONE, NULL,
     check_off_desks},
    {"there are <n> certificates", "有<n>份证照", NULL, TABLE_NONE, NULL, check_certificates},
    {"\"...\" of the application is <expression>", "申请的\"...\"为<expression>", NULL, TABLE_NONE,
     NULL, check_application},
    {"\"...\" of what came is <expression>", "返回内容的\"...\"为<expression>", NULL, TABLE_NONE,
     NULL, check_last},
    {NULL},
};
