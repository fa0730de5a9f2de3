/*
 * catalogue_check.c - whether the parts of a pack fit together (docs/packs.md, "What is checked").
 *
 *     parsed part -> every code that it names, in the pack -> texts without English -> limits
 *
 * Every error names the file, and the element where there is one.
 */
#include "apps/catalogue/catalogue_pack.h"

#include <string.h>

/* ---- references ------------------------------------------------------------------------------ */

const PackPart *pack_find(const Pack *pack, const char *kind, const char *code)
{
    list_each (PackPart, part, &pack->parts)
        if (text_equal(part->kind, kind) && text_equal(part->code, code))
            return part;
    return NULL;
}

static bool check_reference(const Pack *pack, const PackPart *item, const char *kind,
                            const char *code, Error *err)
{
    if (!code || pack_find(pack, kind, code))
        return true;
    return pack_fail(pack->arena, item->file, "pack.reference",
                     arena_printf(pack->arena, "no %s has the code \"%s\"", kind, code), err);
}

/* ---- processes ------------------------------------------------------------------------------- */

const char *pack_value(BpmnPairs pairs, const char *name)
{
    for (size_t i = 0; i < pairs.count; i++)
        if (text_equal(pairs.items[i].name, name))
            return pairs.items[i].value;
    return NULL;
}

bool pack_fail_element(const Pack *pack, const PackPart *part, const BpmnElement *element,
                       const char *name, const char *reason, Error *err)
{
    return pack_fail(
        pack->arena, part->file, "pack.property",
        arena_printf(pack->arena, ":%d: %s: %s %s", element->line, element->id, name, reason), err);
}

static bool is_stage(const char *stage)
{
    static const char *const stages[] = {"intake", "review", "fee", "decision", "service"};
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
        if (text_equal(stages[i], stage))
            return true;
    return false;
}

static bool has_ground(const Pack *pack, const char *code)
{
    const PackPart *part = pack_find(pack, "grounds", "grounds");
    if (part)
        list_each (Ground, ground, part->parsed.grounds)
            if (text_equal(ground->code, code))
                return true;
    return false;
}

/* A property that is misspelt would be passed over without a word, and the clock would run on. */
static bool check_properties(const Pack *pack, const PackPart *part, const BpmnElement *element,
                             Error *err)
{
    const char *stage = pack_value(element->properties, "stage");
    const char *uncounted = pack_value(element->properties, "uncounted");
    const char *authorisation = pack_value(element->properties, "authorisation");
    bool is_right = true;
    if (stage && !is_stage(stage))
        is_right = pack_fail_element(pack, part, element, "stage",
                                     "is intake, review, fee, decision or service", err);
    if (uncounted && !has_ground(pack, uncounted))
        is_right = pack_fail_element(pack, part, element, "uncounted",
                                     "names no ground of grounds.json", err);
    if (authorisation && !text_equal(authorisation, "required") &&
        !text_equal(authorisation, "leader"))
        is_right =
            pack_fail_element(pack, part, element, "authorisation",
                              "is required (by letter) or leader (the head of the unit)", err);
    return is_right;
}

/* User tasks are seen by people: each needs its English name, and its form must exist. */
static bool check_user_task(const Pack *pack, const PackPart *part, const BpmnElement *element,
                            Error *err)
{
    bool is_right = true;
    if (!json_text(part->parsed.english, element->id))
        is_right =
            pack_fail(pack->arena, part->file, "pack.no_english",
                      arena_printf(pack->arena, "task %s has no English name", element->id), err);
    is_right = check_reference(pack, part, "form", element->form_key, err) && is_right;
    return check_properties(pack, part, element, err) && is_right;
}

bool pack_has_decision(const Pack *pack, const char *table, const char *decision)
{
    const PackPart *found = pack_find(pack, "table", table);
    return found && dmn_find(found->parsed.table, decision);
}

/* A decision that is named alone is of the limits of each item that follows the process. */
static bool has_limit(const Pack *pack, const char *process, const char *decision)
{
    list_each (PackPart, part, &pack->parts)
        if (part->parsed.item && text_equal(part->parsed.item->process_code, process) &&
            !pack_has_decision(pack, part->parsed.item->limits.table, decision))
            return false;
    return true;
}

/* "authorisation/food-licence-authority"; what an expression names only a dossier knows. */
static bool check_called(const Pack *pack, const PackPart *part, const BpmnElement *element,
                         Error *err)
{
    const char *called = element->decision_id;
    const char *slash = strchr(called, '/');
    size_t length = slash ? (size_t)(slash - called) : 0;
    if (*called == '=' ||
        (slash ? pack_has_decision(pack, arena_text_n(pack->arena, called, length), slash + 1)
               : has_limit(pack, part->code, called)))
        return true;
    return pack_fail_element(pack, part, element, "calledDecision",
                             arena_printf(pack->arena, "names no decision: %s", called), err);
}

static bool check_process(const Pack *pack, const PackPart *part, Error *err)
{
    const BpmnModel *model = part->parsed.process;
    bool is_right = true;
    for (size_t i = 0; i < bpmn_element_count(model); i++) {
        const BpmnElement *element = bpmn_element(model, i);
        if (element->kind == BPMN_USER_TASK)
            is_right = check_user_task(pack, part, element, err) && is_right;
        if (element->kind == BPMN_SERVICE_TASK)
            is_right = pack_check_fee(pack, part, element, err) && is_right;
        if (element->kind == BPMN_DECISION_TASK)
            is_right = check_called(pack, part, element, err) && is_right;
    }
    return is_right;
}

/* ---- forms, tables and items
 * ------------------------------------------------------------------------- */

/* A text as it lies in the file, out of the definition's content. */
static const char *content_text(const Pack *pack, const PackPart *part, Error *err)
{
    const char *content = part->definition.content;
    JsonLimits limits = {.bytes = (size_t)8 * 1024 * 1024, .depth = 64};
    return json_text(json_parse(pack->arena, content, strlen(content), &limits, err), part->kind);
}

static bool check_form(const Pack *pack, const PackPart *part, Error *err)
{
    const char *form = content_text(pack, part, err);
    const Json *schema =
        form ? json_parse(pack->arena, form, strlen(form), &JSON_LIMITS, err) : NULL;
    return schema &&
           catalogue_check_form_english(pack->arena, part->file, schema, part->parsed.english, err);
}

static bool check_table(const Pack *pack, const PackPart *part, Error *err)
{
    const char *table = content_text(pack, part, err);
    return table &&
           catalogue_check_table_english(pack->arena, part->file, table, part->parsed.english, err);
}

/* A rule that a member of the item may name. */
static bool check_rule(const Pack *pack, const PackPart *part, const char *member,
                       const ItemRule *rule, Error *err)
{
    return !rule->table || pack_has_decision(pack, rule->table, rule->decision) ||
           pack_fail(pack->arena, part->file, "pack.reference",
                     arena_printf(pack->arena, "%s names no decision: %s in \"%s\"", member,
                                  rule->decision, rule->table),
                     err);
}

/* The tables that decide which materials are asked for, by how much the limit may grow, when
 * silence is acceptance, and within how many days a certificate is served. */
static bool check_rules(const Pack *pack, const PackPart *part, Error *err)
{
    const Item *item = part->parsed.item;
    bool is_right = check_rule(pack, part, "materials_by", &item->materials_by, err);
    is_right &= check_rule(pack, part, "extension", &item->extension, err);
    is_right &= check_rule(pack, part, "service", &item->service, err);
    return check_rule(pack, part, "silence", &item->silence, err) && is_right;
}

static bool check_limits(const Pack *pack, const PackPart *part, Error *err)
{
    const Item *item = part->parsed.item;
    const PackPart *table = pack_find(pack, "table", item->limits.table);
    if (!dmn_find(table->parsed.table, item->limits.decision))
        return pack_fail(pack->arena, part->file, "pack.reference",
                         arena_printf(pack->arena, "table %s has no decision \"%s\"",
                                      item->limits.table, item->limits.decision),
                         err);
    Error problem = ERROR_NONE;
    ItemLimits limits;
    ArenaMark mark = arena_mark(pack->arena);
    if (catalogue_read_limits(table->parsed.table, pack->arena, item, feel_null(), NULL, &limits,
                              &problem)) {
        arena_reset(pack->arena, mark); /* a rule an item, and an item a rule: it adds up */
        return true;
    }
    if (!text_equal(problem.code, "catalogue.no_limits"))
        return pack_fail_text(pack->arena, table->file, &problem, NULL, err);
    return pack_fail(pack->arena, part->file, "pack.limits",
                     "the limits table gives no statutory and promised limit, or promises more "
                     "than the law allows",
                     err);
}

static bool gives(const Item *item, const char *certificate)
{
    list_each (ItemCertificate, one, &item->certificates)
        if (text_equal(one->code, certificate))
            return true;
    return false;
}

/* What the process asks to be issued is among the certificates of the item. */
static bool check_issued(const Pack *pack, const PackPart *part, Error *err)
{
    const PackPart *process = pack_find(pack, "process", part->parsed.item->process_code);
    const BpmnModel *model = process->parsed.process;
    bool is_right = true;
    for (size_t i = 0; i < bpmn_element_count(model); i++) {
        const BpmnElement *element = bpmn_element(model, i);
        const char *code = pack_value(element->headers, "certificate");
        if (code && !gives(part->parsed.item, code))
            is_right = pack_fail_element(
                pack, process, element, "certificate",
                arena_printf(pack->arena, "names none that item %s gives", part->code), err);
    }
    return is_right;
}

static bool check_certificates(const Pack *pack, const PackPart *part, Error *err)
{
    bool is_right = true;
    list_each (ItemCertificate, certificate, &part->parsed.item->certificates)
        is_right = check_reference(pack, part, "template", certificate->template, err) && is_right;
    return is_right;
}

/* The table answers for each ground that it decides the own limit of. */
static bool check_own_limit(const Pack *pack, const PackPart *part, const Ground *ground,
                            Error *err)
{
    const PackPart *table = pack_find(pack, "table", ground->limit_table);
    if (!table || !dmn_find(table->parsed.table, ground->limit_decision))
        return pack_fail(pack->arena, part->file, "pack.reference",
                         arena_printf(pack->arena,
                                      "own_limit of %s names no decision: %s in \"%s\"",
                                      ground->code, ground->limit_decision, ground->limit_table),
                         err);
    FeelScope scope = {.variables = catalogue_ground_facts(pack->arena, ground, NULL, feel_null()),
                       .now = INSTANT_NONE};
    FeelValue decided;
    DmnTrace trace;
    Ground bound;
    Error problem = ERROR_NONE;
    return (dmn_decide(table->parsed.table, ground->limit_decision, &scope, pack->arena, &decided,
                       &trace, &problem) &&
            catalogue_own_limit(ground, decided, &bound, &problem)) ||
           pack_fail_text(pack->arena, table->file, &problem, NULL, err);
}

static bool check_grounds(const Pack *pack, const PackPart *part, Error *err)
{
    bool is_right = true;
    list_each (Ground, ground, part->parsed.grounds)
        if (ground->limit_table)
            is_right = check_own_limit(pack, part, ground, err) && is_right;
    return is_right;
}

static bool check_papers(const Pack *pack, const PackPart *part, Error *err)
{
    bool is_right = true;
    list_each (PaperKind, paper, part->parsed.papers)
        is_right = check_reference(pack, part, "template", paper->template, err) && is_right;
    return is_right;
}

/* What tells applications apart is a field of the form, and one that may be shown. */
static bool check_about(const Pack *pack, const PackPart *part, Error *err)
{
    const Item *item = part->parsed.item;
    const PackPart *form = pack_find(pack, "form", item->form_code);
    const FormKey *keys;
    size_t count = form ? form_keys(form->parsed.form, &keys) : 0;
    for (size_t i = 0; i < count && item->about; i++)
        if (text_equal(keys[i].key, item->about) && !keys[i].is_personal)
            return true;
    return !item->about || !form ||
           pack_fail(pack->arena, part->file, "pack.about",
                     arena_printf(pack->arena, "about: \"%s\"", item->about), err);
}

static bool check_item(const Pack *pack, const PackPart *part, Error *err)
{
    const Item *item = part->parsed.item;
    if (!text_equal(item->code, part->code))
        return pack_fail(pack->arena, part->file, "pack.code",
                         "the code differs from the file's name", err);
    bool has_process = check_reference(pack, part, "process", item->process_code, err);
    bool has_table = check_reference(pack, part, "table", item->limits.table, err);
    bool is_right = check_reference(pack, part, "form", item->form_code, err);
    is_right = check_about(pack, part, err) && is_right;
    is_right = check_certificates(pack, part, err) && is_right;
    is_right = check_rules(pack, part, err) && is_right;
    is_right = has_process && check_issued(pack, part, err) && is_right;
    return has_table && check_limits(pack, part, err) && is_right;
}

bool pack_check_part(const Pack *pack, const PackPart *part, Error *err)
{
    if (part->parsed.process)
        return check_process(pack, part, err);
    if (part->parsed.form)
        return check_form(pack, part, err);
    if (part->parsed.table)
        return check_table(pack, part, err);
    if (part->parsed.grounds)
        return check_grounds(pack, part, err);
    if (part->parsed.papers)
        return check_papers(pack, part, err);
    if (part->parsed.scenario)
        return pack_check_scenarios(pack, part, err);
    return !part->parsed.item || check_item(pack, part, err);
}
