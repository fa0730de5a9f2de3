/*
 * dossier_rule.c - decisions by table: which version binds, and what the journal is told of it.
 *
 *     reference (table, decision, moment) + place of the dossier -> version in force -> dmn
 *       -> value for the verb; version, inputs, rules, output for the entry's "rules"
 *
 * What is told stays with the entry that the command writes anyway: no row of its own. Personal
 * answers that a table looks at are left out of it.
 */
#include <ctype.h>
#include <string.h>

#include "apps/dossier/dossier_internal.h"
#include "apps/org/org.h"

/* ---- which version --------------------------------------------------------------------------- */

static Date binding_day(const Work *work, Binds binds)
{
    Instant at = INSTANT_NONE;
    if (!work->is_new && binds == BIND_FILED)
        at = work->dossier.filed_at;
    if (!work->is_new && binds == BIND_ACCEPTED)
        at = work->dossier.accepted_at;
    return instant_date(at == INSTANT_NONE ? tx_now(work->tx) : at, work->app->zone_minutes);
}

static FeelValue member_of(FeelValue context, const char *name)
{
    const FeelValue *member = feel_member(context, name);
    return member ? *member : feel_null();
}

/* The division of the unit that the answers name, where the item says so; else of the responsible
 * department; "" when there is no such unit. */
static const char *place_of(const RuleSeat *seat, FeelValue answers, Error *err)
{
    const char *code = NULL;
    FeelContextBuilder builder = feel_context_begin(seat->arena);
    feel_context_put(&builder, "answers", answers);
    FeelScope scope =
        calendars_scope(seat->app, seat->conn, seat->arena, feel_context_end(&builder), seat->now);
    if (seat->item->place_of)
        code = feel_text(feel_evaluate(seat->item->place_of, &scope, seat->arena, NULL));
    const Unit *unit = org_unit_by_code(seat->app->org, seat->conn, seat->app->tenant,
                                        code ? code : seat->item->unit_code, err);
    return unit ? unit->division : "";
}

bool rule_ask(const RuleSeat *seat, const RuleUse *use, Date day, FeelValue variables,
              RuleAnswer *out, Error *err)
{
    FeelScope scope = calendars_scope(seat->app, seat->conn, seat->arena, variables, seat->now);
    const char *place = place_of(seat, member_of(variables, "answers"), err);
    Id definition;
    if (error_is_set(err) || !catalogue_deciding(seat->app, seat->conn, use->table, use->decision,
                                                 place, day, &definition, err))
        return false;
    const DmnModel *table = catalogue_table(seat->app, seat->conn, definition, err);
    out->version = catalogue_version(seat->app, seat->conn, definition, err);
    return table && out->version &&
           dmn_decide(table, use->decision, &scope, seat->arena, &out->value, &out->trace, err);
}

static RuleSeat seat_of(Work *work)
{
    return (RuleSeat){.app = work->app,
                      .conn = tx_conn(work->tx),
                      .arena = work->arena,
                      .item = work->item,
                      .now = tx_now(work->tx)};
}

/* ---- what is told ---------------------------------------------------------------------------- */

static const Form *form_of(Work *work)
{
    Error ignored = ERROR_NONE;
    Id form = work->dossier.form_definition;
    Date today = binding_day(work, BIND_DECIDED);
    if (!form && !catalogue_in_force(work->app, tx_conn(work->tx), "form", work->item->form_code,
                                     today, &form, &ignored))
        return NULL;
    return catalogue_form(work->app, tx_conn(work->tx), form, &ignored);
}

static FeelValue answer_at(FeelValue answers, const char *key)
{
    const char *dot = strchr(key, '.');
    char head[64];
    if (!dot || (size_t)(dot - key) >= sizeof head)
        return member_of(answers, key);
    memcpy(head, key, (size_t)(dot - key));
    head[dot - key] = '\0';
    return answer_at(member_of(answers, head), dot + 1);
}

/* Whether a text is what somebody typed as identity number or phone. */
static bool is_personal(Work *work, FeelValue answers, FeelValue value)
{
    const char *text = feel_text(value);
    const Form *form = text && *text ? form_of(work) : NULL;
    const FormKey *keys;
    size_t count = form ? form_keys(form, &keys) : 0;
    for (size_t i = 0; i < count; i++)
        if (keys[i].is_personal && text_equal(feel_text(answer_at(answers, keys[i].key)), text))
            return true;
    return false;
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* Whether an expression looks at what somebody typed as identity number or phone: what it makes of
 * it (a year of birth) is as personal. */
static bool looks_at_personal(Work *work, const char *source)
{
    const char *at = source ? strstr(source, "answers.") : NULL;
    const Form *form = at ? form_of(work) : NULL;
    const FormKey *keys;
    size_t count = form ? form_keys(form, &keys) : 0;
    for (; at; at = strstr(at + 1, "answers."))
        for (size_t i = 0; i < count; i++) {
            const char *end = at + strlen("answers.") + strlen(keys[i].key);
            if (keys[i].is_personal && text_starts_with(at + strlen("answers."), keys[i].key) &&
                !is_name_char(*end))
                return true;
        }
    return false;
}

static void put_value(Work *work, FeelValue answers, const char *name, const char *source,
                      FeelValue value)
{
    enum { VALUE_AT_MOST = 400 };
    JsonWriter *json = &work->rules.json;
    Buffer text = buffer_init(work->arena, 0);
    feel_to_json(&text, value);
    if (looks_at_personal(work, source) || is_personal(work, answers, value))
        json_put_bool(json, "is_personal", true);
    else if (text.length <= VALUE_AT_MOST)
        json_put_raw(json, name, buffer_text(&text));
    else
        json_put_bool(json, "is_long", true);
}

static void put_inputs(Work *work, FeelValue answers, const DmnTrace *trace)
{
    JsonWriter *json = &work->rules.json;
    json_begin_array(json, "inputs");
    list_each (const DmnStepInput, input, &trace->inputs) {
        json_begin_object(json, NULL);
        json_put_text(json, "id", input->id);
        json_put_text(json, "label", input->label);
        json_put_text(json, "source", input->source);
        put_value(work, answers, "value", input->source, input->value);
        json_end_object(json);
    }
    json_end_array(json);
}

/* An annotation that is a date is the day on which the article was read (decisions.md 27). */
static const char *checked_on(const DmnFired *fired)
{
    Date day;
    for (size_t i = 1; i < fired->annotation_count; i++)
        if (date_parse(fired->annotations[i], &day))
            return fired->annotations[i];
    return NULL;
}

static void put_fired(JsonWriter *json, const DmnTrace *trace)
{
    json_begin_array(json, "fired");
    list_each (const DmnFired, fired, &trace->fired) {
        json_begin_object(json, NULL);
        json_put_int(json, "rule", (int64_t)fired->rule);
        json_put_text(json, "id", fired->id);
        json_put_text(json, "basis", fired->annotation_count ? fired->annotations[0] : "");
        json_put_text(json, "checked_on", checked_on(fired));
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_version(Work *work, const RuleUse *use, const Definition *version, Date day)
{
    JsonWriter *json = &work->rules.json;
    json_put_text(json, "table", use->table);
    json_put_text(json, "decision", use->decision);
    json_put_id(json, "definition", version->id);
    json_put_int(json, "version", version->version);
    json_put_text(json, "effective_from", date_text(work->arena, version->effective_from));
    json_put_text(json, "division", version->division);
    json_put_text(json, "binds", binds_name(use->binds));
    json_put_text(json, "on", date_text(work->arena, day));
}

/* ---- deciding -------------------------------------------------------------------------------- */

static void note(Work *work, const RuleUse *use, Date day, FeelValue answers,
                 const RuleAnswer *answer)
{
    steps_put(&work->rules, use->step);
    put_version(work, use, answer->version, day);
    put_inputs(work, answers, &answer->trace);
    put_fired(&work->rules.json, &answer->trace);
    put_value(work, answers, "output", NULL, answer->value);
    steps_end(&work->rules);
}

static bool decide(Work *work, const RuleUse *use, FeelValue variables, RuleAnswer *out, Error *err)
{
    RuleSeat seat = seat_of(work);
    Date day = binding_day(work, use->binds);
    if (!rule_ask(&seat, use, day, variables, out, err))
        return false;
    note(work, use, day, member_of(variables, "answers"), out);
    return true;
}

bool rule_decide(Work *work, const RuleUse *use, FeelValue variables, FeelValue *out,
                 DmnTrace *out_trace, Error *err)
{
    RuleAnswer answer;
    if (!decide(work, use, variables, &answer, err))
        return false;
    *out = answer.value;
    if (out_trace)
        *out_trace = answer.trace;
    return true;
}

/* ---- what is decided ------------------------------------------------------------------------- */

bool rule_of_pairs(BpmnPairs pairs, const char *step, Binds fallback, RuleUse *out)
{
    *out = (RuleUse){.step = step,
                     .table = pair_of(pairs, "table"),
                     .decision = pair_of(pairs, "decision"),
                     .binds = fallback};
    (void)binds_parse(pair_of(pairs, "binds"), &out->binds);
    return out->table && out->decision;
}

static RuleUse use_of(const char *step, const ItemRule *rule)
{
    return (RuleUse){
        .step = step, .table = rule->table, .decision = rule->decision, .binds = rule->binds};
}

/* What is accepted in the command that files it has its limits already. */
bool rule_limits(Work *work, const Item *item, FeelValue answers, ItemLimits *out, Error *err)
{
    RuleUse use = use_of("limits", &item->limits);
    FeelValue decided;
    DmnTrace trace;
    if (work->is_new && work->has_limits) {
        *out = work->limits;
        return true;
    }
    if (!rule_decide(work, &use, catalogue_limit_facts(work->arena, item, answers), &decided,
                     &trace, err) ||
        !catalogue_limits_of(item, decided, &trace, out, err))
        return false;
    work->limits = *out;
    work->has_limits = true;
    return true;
}

/* A command that does not move the process has neither item nor answers yet. */
static bool read_facts(Work *work, FeelValue *out_answers, Error *err)
{
    *out_answers = work->answers;
    if (work->filing)
        return true;
    const char *text = store_answers(work->app, work->arena, &work->dossier, err);
    const Json *answers =
        text ? json_parse(work->arena, text, strlen(text), &JSON_LIMITS, err) : NULL;
    if (answers && !work->item)
        work->item = catalogue_item_version(work->app, tx_conn(work->tx),
                                            work->dossier.item_definition, err);
    if (answers)
        *out_answers = feel_from_json(work->arena, answers);
    return answers && work->item;
}

bool rule_own_limit(Work *work, const Ground *ground, Ground *out, Error *err)
{
    RuleUse use = {.step = "own_limit",
                   .table = ground->limit_table,
                   .decision = ground->limit_decision,
                   .binds = BIND_DECIDED};
    FeelValue answers, decided;
    *out = *ground;
    if (!ground->limit_table)
        return true;
    return read_facts(work, &answers, err) &&
           rule_decide(work, &use, catalogue_ground_facts(work->arena, ground, work->item, answers),
                       &decided, NULL, err) &&
           catalogue_own_limit(ground, decided, out, err);
}

/* An amount beyond what a limit may have is as good as none. */
static bool take_amount(FeelValue decided, int64_t *out)
{
    return feel_to_int64(decided, out) && *out > 0 && *out <= LIMIT_AMOUNT_MAX;
}

/* The annotation of the first rule that fired, in both languages. */
static Both basis_of(Work *work, const RuleAnswer *answer)
{
    const DmnFired *fired = answer->trace.fired.count ? &answer->trace.fired.items[0] : NULL;
    const char *zh = fired && fired->annotation_count ? fired->annotations[0] : "";
    return (Both){zh, fired && fired->id ? catalogue_english(work->app, tx_conn(work->tx),
                                                             answer->version->id, fired->id, zh)
                                         : zh};
}

bool rule_extension(Work *work, int64_t *out_amount, Both *out_basis, Error *err)
{
    FeelValue answers;
    RuleAnswer answer;
    if (!read_facts(work, &answers, err))
        return false;
    RuleUse use = use_of("extension", &work->item->extension);
    if (!use.table)
        return error_set(err, ERROR_CONFLICT, .code = "extension.none");
    if (!decide(work, &use, catalogue_limit_facts(work->arena, work->item, answers), &answer, err))
        return false;
    *out_basis = basis_of(work, &answer);
    return take_amount(answer.value, out_amount) ||
           error_set(err, ERROR_CONFLICT, .code = "extension.none");
}

/* A number of days that a table may give for an item; 0: none. */
static bool decide_days(Work *work, const RuleUse *use, FeelValue answers, int64_t *out_days,
                        RuleAnswer *out, Error *err)
{
    *out_days = 0;
    if (!decide(work, use, catalogue_limit_facts(work->arena, work->item, answers), out, err))
        return false;
    if (!take_amount(out->value, out_days))
        *out_days = 0;
    return true;
}

bool rule_silence(Work *work, int64_t *out_days, Error *err)
{
    FeelValue answers;
    RuleAnswer answer;
    *out_days = 0;
    if (!read_facts(work, &answers, err))
        return false;
    RuleUse use = use_of("silence", &work->item->silence);
    return !use.table || decide_days(work, &use, answers, out_days, &answer, err);
}

bool rule_service(Work *work, int64_t *out_days, Both *out_basis, Error *err)
{
    FeelValue answers;
    RuleAnswer answer;
    *out_days = 0;
    *out_basis = (Both){"", ""};
    if (!read_facts(work, &answers, err))
        return false;
    RuleUse use = use_of("service", &work->item->service);
    if (!use.table)
        return true;
    if (!decide_days(work, &use, answers, out_days, &answer, err))
        return false;
    *out_basis = basis_of(work, &answer);
    return true;
}

/* The answers with the codes that the table names beside them. */
static FeelValue with_needed(Arena *arena, FeelValue answers, FeelValue needed)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    FeelValue none = feel_list(arena, NULL, 0);
    for (size_t i = 0; answers.kind == FEEL_CONTEXT && i < answers.as.context->count; i++)
        feel_context_put(&builder, answers.as.context->entries[i].name,
                         answers.as.context->entries[i].value);
    feel_context_put(&builder, "materials_needed", needed.kind == FEEL_LIST ? needed : none);
    return feel_context_end(&builder);
}

bool rule_materials(Work *work, FeelValue answers, FeelValue *out, Error *err)
{
    RuleUse use = use_of("materials", &work->item->materials_by);
    FeelValue needed;
    *out = answers;
    if (!use.table)
        return true;
    if (!rule_decide(work, &use, catalogue_limit_facts(work->arena, work->item, answers), &needed,
                     NULL, err))
        return false;
    *out = with_needed(work->arena, answers, needed);
    return true;
}

bool rule_materials_shown(const RuleSeat *seat, Date day, FeelValue answers, FeelValue *out,
                          Error *err)
{
    RuleUse use = use_of("materials", &seat->item->materials_by);
    RuleAnswer answer;
    *out = answers;
    if (!use.table)
        return true;
    if (!rule_ask(seat, &use, day, catalogue_limit_facts(seat->arena, seat->item, answers), &answer,
                  err))
        return false;
    *out = with_needed(seat->arena, answers, answer.value);
    return true;
}
