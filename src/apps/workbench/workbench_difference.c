/*
 * workbench_difference.c - what two versions of a table, or a version and the draft, mean
 * differently: in words, and as tables side by side.
 *
 *     two files -> dmn_load -> dmn_compare -> DifferenceView
 */
#include "apps/workbench/workbench_internal.h"
#include "dmn/dmn_difference.h"

#include <string.h>

const InputField workbench_difference_input[] = {
    {"kind", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.kind"},
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "workbench.code"},
    {"before", INPUT_TEXT, 0, .most = 20, .label = "workbench.before"},
    {"after", INPUT_TEXT, 0, .most = 20, .label = "workbench.after"},
    {0},
};

/* ---- in words -------------------------------------------------------------------------------- */

static const char *number(Request *req, size_t value)
{
    return arena_printf(req->arena, "%zu", value);
}

static TableChangeView show_change(Request *req, const DmnChange *change)
{
    const char *kind = dmn_change_name(change->kind);
    size_t rule = change->rule_after ? change->rule_after : change->rule_before;
    return (TableChangeView){
        .kind = kind,
        .element = change->element,
        .place = change->place,
        .rule_before = (int64_t)change->rule_before,
        .rule_after = (int64_t)change->rule_after,
        .text = request_text(req, arena_printf(req->arena, "workbench.change.%s", kind), "element",
                             change->element, "place", change->place ? change->place : "", "rule",
                             number(req, rule)),
        .before = change->before,
        .after = change->after,
        .has_texts = !text_is_empty(change->before) || !text_is_empty(change->after)};
}

/* ---- side by side ---------------------------------------------------------------------------- */

static void show_cells(Request *req, const DmnTablePair *pair, const DmnRulePair *rule,
                       RulePairView *out)
{
    out->cells.items = arena_array(req->arena, CellPairView, pair->columns.count);
    for (size_t i = 0; i < pair->columns.count; i++)
        out->cells.items[out->cells.count++] = (CellPairView){
            dmn_mark_name(rule->cells[i].mark), rule->cells[i].before, rule->cells[i].after};
}

static TablePairView show_pair(Request *req, const DmnTablePair *pair)
{
    static const char *const kinds[] = {"input", "output", "note"};
    TablePairView view = {.element = pair->element, .left_out = (int64_t)pair->left_out};
    view.columns.items = arena_array(req->arena, ColumnPairView, pair->columns.count);
    view.rules.items = arena_array(req->arena, RulePairView, pair->rules.count);
    list_each (const DmnColumnPair, column, &pair->columns)
        view.columns.items[view.columns.count++] =
            (ColumnPairView){kinds[column->kind], column->label, dmn_mark_name(column->mark)};
    list_each (const DmnRulePair, rule, &pair->rules) {
        RulePairView *out = &view.rules.items[view.rules.count++];
        *out = (RulePairView){.mark = dmn_mark_name(rule->mark),
                              .is_moved = rule->is_moved,
                              .before = (int64_t)rule->before,
                              .after = (int64_t)rule->after};
        show_cells(req, pair, rule, out);
    }
    return view;
}

static void show_difference(Request *req, const DmnDifference *difference, DifferenceView *view)
{
    view->changes.items = arena_array(req->arena, TableChangeView, difference->changes.count);
    list_each (const DmnChange, change, &difference->changes)
        view->changes.items[view->changes.count++] = show_change(req, change);
    view->dropped = (int64_t)difference->dropped;
    view->tables.items = arena_array(req->arena, TablePairView, difference->tables.count);
    list_each (const DmnTablePair, pair, &difference->tables)
        view->tables.items[view->tables.count++] = show_pair(req, pair);
}

/* ---- which two ------------------------------------------------------------------------------- */

static const char *name_of(Request *req, const Definition *one)
{
    return one ? arena_printf(req->arena, "%lld", (long long)one->id) : "draft";
}

/* Asked for nothing: what is in force, and the draft or else the newest version. */
static bool choose(Request *req, DifferenceView *view, Error *err)
{
    Definitions versions = {0};
    Draft draft;
    const char *before = input_text(req, "before"), *after = input_text(req, "after");
    if (!workbench_versions(req, view->kind, view->code, &versions, err) ||
        !store_draft(req->conn, req->arena, req->tenant, view->kind, view->code, &draft, err))
        return false;
    if (!versions.count && !draft.revision)
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
    const Definition *newest = versions.count && !draft.revision ? &versions.items[0] : NULL;
    view->before_version =
        !text_is_empty(before) ? before : name_of(req, workbench_now(req, &versions));
    view->after_version = !text_is_empty(after) ? after : name_of(req, newest);
    view->before = request_field(req, workbench_difference_input, "before", NULL);
    view->after = request_field(req, workbench_difference_input, "after", NULL);
    workbench_source_choices(req, &versions, draft.revision != 0, view->before_version,
                             &view->before);
    workbench_source_choices(req, &versions, draft.revision != 0, view->after_version,
                             &view->after);
    return true;
}

static DmnModel *load(Request *req, DifferenceView *view, const char *name, Error *err)
{
    Source source;
    const DmnProblem *problems;
    if (!workbench_source(req, view->kind, view->code, name, &source, err))
        return NULL;
    DmnSource file = {.name = arena_printf(req->arena, "%s.dmn", view->code),
                      .text = source.files.source,
                      .length = strlen(source.files.source)};
    DmnModel *model = dmn_load(req->arena, &file, NULL, err);
    if (model)
        view->problems += (int64_t)dmn_problems(model, &problems);
    return model;
}

bool difference_page(Request *req, Error *err)
{
    DifferenceView *view = arena_new(req->arena, DifferenceView);
    DmnDifference difference;
    if (!workbench_name(req, &view->kind, &view->code, err))
        return false;
    view->title = workbench_title(req, view->kind, view->code);
    if (!text_equal(view->kind, "table"))
        return error_set(err, ERROR_NOT_FOUND, .code = "workbench.unknown");
    if (!choose(req, view, err))
        return false;
    const DmnModel *before = load(req, view, view->before_version, err);
    const DmnModel *after = before ? load(req, view, view->after_version, err) : NULL;
    if (!after)
        return false;
    dmn_compare(before, after, req->arena, &difference);
    show_difference(req, &difference, view);
    return request_show(req, &DifferenceView_type, view);
}
