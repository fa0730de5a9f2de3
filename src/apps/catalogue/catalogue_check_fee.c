/*
 * catalogue_check_fee.c - whether what a process charges by fits (docs/packs.md, "A fee").
 *
 *     fee.charge: headers table, decision -> a decision of the pack's tables
 *         headers reduction_table, reduction_decision -> a decision table of them
 *             outputs ground, and share or amount -> every rule with its legal basis, every ground
 *             with its English
 */
#include "apps/catalogue/catalogue_pack.h"
#include "dmn/dmn_ask.h"

static const char standard_headers[] = "table and decision";
static const char reduction_headers[] = "reduction_table and reduction_decision";

/* ---- the table of reductions ----------------------------------------------------------------- */

/* Which output has a name, from 0; -1 for none. */
static int output_at(const DmnShownTable *table, const char *name)
{
    for (size_t i = 0; i < table->output_names.count; i++)
        if (text_equal(table->output_names.items[i], name))
            return (int)i;
    return -1;
}

static bool has_outputs(const DmnShownTable *table)
{
    return output_at(table, "ground") >= 0 &&
           (output_at(table, "share") >= 0 || output_at(table, "amount") >= 0);
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

static bool fail_rule(const Pack *pack, const PackPart *part, const DmnShownRule *rule,
                      const char *code, const char *reason, Error *err)
{
    return pack_fail(pack->arena, part->file, code,
                     arena_printf(pack->arena, ":%d: %s: %s", rule->line,
                                  rule->id ? rule->id : "a rule", reason),
                     err);
}

/* The first annotation is the legal basis. */
static bool has_basis(const DmnShownTable *table, const DmnShownRule *rule)
{
    size_t behind = table->inputs + table->outputs;
    return table->columns.count > behind && *rule->cells[behind];
}

static bool check_rule(const Pack *pack, const PackPart *part, const DmnShownTable *table,
                       const DmnShownRule *rule, Error *err)
{
    const char *ground = rule->cells[table->inputs + (size_t)output_at(table, "ground")];
    const char *key = rule->id ? arena_printf(pack->arena, "%s.ground", rule->id) : NULL;
    bool is_right = true;
    if (!has_basis(table, rule))
        is_right = fail_rule(pack, part, rule, "pack.reduction",
                             "a reduction needs its legal basis as description", err);
    if (!is_ascii(ground) && (!key || text_is_empty(json_text(part->parsed.english, key))))
        is_right = fail_rule(pack, part, rule, "pack.no_english",
                             "the ground has no English under \"RULE.ground\"", err);
    return is_right;
}

static bool check_reductions(const Pack *pack, const PackPart *part, const BpmnElement *element,
                             const PackPart *reductions, const char *decision, Error *err)
{
    const DmnModel *model = reductions->parsed.table;
    DmnShownTable table = {0};
    bool is_right = true;
    if (!dmn_show_table(model, dmn_find(model, decision), pack->arena, &table) ||
        !has_outputs(&table))
        return pack_fail_element(
            pack, part, element, reduction_headers,
            "name no decision table with the outputs ground, and share or amount", err);
    list_each (DmnShownRule, rule, &table.rules)
        is_right = check_rule(pack, reductions, &table, rule, err) && is_right;
    return is_right;
}

/* ---- the headers ----------------------------------------------------------------------------- */

static bool check_reduction(const Pack *pack, const PackPart *part, const BpmnElement *element,
                            Error *err)
{
    const char *table = pack_value(element->headers, "reduction_table");
    const char *decision = pack_value(element->headers, "reduction_decision");
    if (text_is_empty(table) && text_is_empty(decision))
        return true;
    if (text_is_empty(table) || text_is_empty(decision))
        return pack_fail_element(pack, part, element, reduction_headers,
                                 "go together: name both or neither", err);
    if (!pack_has_decision(pack, table, decision))
        return pack_fail_element(pack, part, element, reduction_headers,
                                 "name no decision of the pack's tables", err);
    return check_reductions(pack, part, element, pack_find(pack, "table", table), decision, err);
}

bool pack_check_fee(const Pack *pack, const PackPart *part, const BpmnElement *element, Error *err)
{
    const char *table = pack_value(element->headers, "table");
    const char *decision = pack_value(element->headers, "decision");
    bool is_right = true;
    if (!text_equal(element->job_type, "fee.charge"))
        return true;
    if (!table || !decision || !pack_has_decision(pack, table, decision))
        is_right = pack_fail_element(pack, part, element, standard_headers,
                                     "name no decision of the pack's tables", err);
    return check_reduction(pack, part, element, err) && is_right;
}
