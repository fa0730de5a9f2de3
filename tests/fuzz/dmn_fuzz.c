/*
 * dmn_fuzz.c - decisions under arbitrary files and variables.
 *
 *     bytes up to the first NUL: a DMN file · the rest: JSON of the variables
 *
 * Whatever is taken must be evaluated, checked, shown and asked about without a crash, also with
 * problems and with imports of itself; the trace must fit the table, and a model without problems
 * differs in nothing from itself.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dmn/dmn.h"
#include "dmn/dmn_ask.h"
#include "dmn/dmn_check.h"
#include "dmn/dmn_difference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const FeelLimits limits = {.steps = 2000, .depth = 100, .bytes = 256 * 1024};

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void check_text(const char *text)
{
    must(!text || text_is_utf8(text, strlen(text)));
}

static void check_errors(const Error *err)
{
    must(error_is_set(err));
    for (const Error *each = err; each; each = each->next) {
        must(each->code != NULL);
        check_text(each->field);
        check_text(each->detail);
        for (size_t i = 0; i < sizeof each->with / sizeof each->with[0]; i++)
            check_text(each->with[i].value);
    }
}

static void check_trace(const DmnDecision *decision, const DmnTrace *trace)
{
    size_t last = 0;
    must(decision->is_table || !trace->inputs.count);
    list_each (const DmnFired, fired, &trace->fired) {
        must(fired->rule > last && fired->rule <= decision->rule_count);
        last = fired->rule;
        for (size_t i = 0; i < fired->annotation_count; i++)
            must(fired->annotations[i] != NULL);
    }
}

static void decide(const DmnModel *model, const DmnDecision *decision, const FeelScope *scope,
                   Arena *arena)
{
    FeelValue result = feel_null();
    DmnTrace trace;
    Error err = ERROR_NONE;
    if (dmn_decide(model, decision->id, scope, arena, &result, &trace, &err))
        check_text(feel_to_text(arena, result));
    else
        check_errors(&err);
    check_trace(decision, &trace);
}

/* Every import is the file itself, under another namespace. */
static bool import_itself(void *data, const DmnImport *import, DmnSource *out)
{
    check_text(import->namespace_uri);
    *out = *(const DmnSource *)data;
    return true;
}

static void evaluate(const DmnModel *model, FeelValue inputs, Arena *arena)
{
    FeelScope scope = {.now = INT64_C(1795305600000), .limits = &limits};
    for (size_t i = 0; i < dmn_element_count(model) && i < 20 && !arena_is_over(arena); i++) {
        DmnResult result;
        Error err = ERROR_NONE;
        const char *id = dmn_element(model, i)->id;
        if (!dmn_evaluate(model, id, dmn_read_inputs(model, inputs, arena), &scope, arena, &result,
                          &err)) {
            check_errors(&err);
            continue;
        }
        check_text(feel_to_text(arena, result.value));
        list_each (const DmnFinding, finding, &result.findings)
            must(finding->code && finding->message && finding->file && finding->element);
    }
}

static void ask_and_show(const DmnModel *model, Arena *arena)
{
    for (size_t i = 0; i < dmn_decision_count(model) && i < 20 && !arena_is_over(arena); i++) {
        DmnAsks asks;
        DmnShownTable table;
        dmn_asks(model, dmn_decision(model, i)->id, arena, &asks);
        must(asks.count <= DMN_ASKS_MAX);
        FeelValue *values = arena_array(arena, FeelValue, asks.count);
        for (size_t k = 0; k < asks.count; k++) {
            check_text(asks.items[k].path);
            (void)dmn_ask_read(&asks.items[k], asks.items[k].label, arena, &values[k]);
        }
        (void)dmn_ask_inputs(&asks, values, arena);
        if (dmn_show_table(model, dmn_decision(model, i), arena, &table))
            must(table.columns.count >= table.inputs + table.outputs);
    }
}

static void compare(const DmnModel *model, const DmnModel *other, Arena *arena)
{
    DmnDifference difference;
    dmn_compare(model, other, arena, &difference);
    must(model != other || !difference.changes.count);
    must(difference.changes.count <= DMN_CHANGES_MAX);
    list_each (const DmnChange, change, &difference.changes)
        must(dmn_change_name(change->kind) && change->element);
}

static void load_all(char *text, size_t length, FeelValue inputs)
{
    Arena *arena = arena_create(16 * 1024 * 1024);
    Error err = ERROR_NONE;
    DmnSource source = {.name = "file", .text = text, .length = length};
    const DmnResolver resolver = {.find = import_itself, .data = &source};
    const DmnModel *model = dmn_load(arena, &source, &resolver, &err);
    DmnRemarks remarks;
    if (model) {
        evaluate(model, inputs, arena);
        ask_and_show(model, arena);
        dmn_check(model, arena, &remarks);
        list_each (const DmnRemark, remark, &remarks)
            check_text(remark->message);
    } else {
        check_errors(&err);
    }
    arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *source = (const char *)data;
    size_t length = strnlen(source, size);
    const char *rest = source + length + (length < size);
    Arena *arena = arena_create(16 * 1024 * 1024);
    Error err = ERROR_NONE, ignored = ERROR_NONE;
    const DmnModel *model = dmn_parse(arena, source, length, &err);
    const Json *json =
        json_parse(arena, rest, size - (size_t)(rest - source), &JSON_LIMITS, &ignored);
    FeelValue variables = json ? feel_from_json(arena, json) : feel_null();
    must(!model == error_is_set(&err));
    load_all(arena_text_n(arena, source, length), length, variables);
    if (model) {
        FeelScope scope = {
            .variables = variables, .now = INT64_C(1795305600000), .limits = &limits};
        for (size_t i = 0; i < dmn_decision_count(model) && i < 20 && !arena_is_over(arena); i++)
            decide(model, dmn_decision(model, i), &scope, arena);
        compare(model, model, arena);
        ask_and_show(model, arena);
    } else {
        check_errors(&err);
    }
    arena_destroy(arena);
    return 0;
}
