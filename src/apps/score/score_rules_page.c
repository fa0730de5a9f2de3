/* score_rules_page.c - /scores/rules: the table of a period, rule by rule, in words. */
#include "apps/catalogue/catalogue.h"
#include "apps/score/score_internal.h"
#include "dmn/dmn_ask.h"

/* The columns that the page shows by themselves, as the table names them. */
enum { EVENT_COLUMN, DAYS_COLUMN };

static const char *cell_of(const DmnShownTable *table, const DmnShownRule *rule, const char *output)
{
    for (size_t i = 0; i < table->outputs; i++)
        if (text_equal(table->output_names.items[i], output))
            return rule->cells[table->inputs + i];
    return "";
}

/* What adds points says so, as on the other pages. */
static const char *signed_text(Arena *arena, const char *points)
{
    bool is_added = *points >= '0' && *points <= '9' && !text_equal(points, "0");
    return is_added ? arena_printf(arena, "+%s", points) : points;
}

static const char *words_of(Request *req, const ScoreRules *rules, const DmnShownTable *table,
                            const DmnShownRule *rule)
{
    size_t first = table->inputs + table->outputs;
    const char *zh = table->columns.count > first ? rule->cells[first] : "";
    if (req->language != LANGUAGE_EN || !rule->id)
        return zh;
    return catalogue_english(request_app(req), req->conn, rules->definition, rule->id, zh);
}

static ScoreRuleView rule_view(Request *req, const ScoreRules *rules, const DmnShownTable *table,
                               const DmnShownRule *rule)
{
    const char *most = cell_of(table, rule, "most");
    const char *days = table->inputs > DAYS_COLUMN ? rule->cells[DAYS_COLUMN] : "-";
    return (ScoreRuleView){.id = rule->id,
                           .event = table->inputs ? rule->cells[EVENT_COLUMN] : "",
                           .days = text_equal(days, "-") ? "" : days,
                           .words = words_of(req, rules, table, rule),
                           .points = signed_text(req->arena, cell_of(table, rule, "points")),
                           .most = text_equal(most, "null") ? "" : most,
                           .is_department = text_equal(cell_of(table, rule, "department"), "true"),
                           .is_person = text_equal(cell_of(table, rule, "person"), "true")};
}

static void show_rules(Request *req, const ScoreRules *rules, ScoreRulesView *view)
{
    DmnShownTable table;
    if (!dmn_show_table(rules->table, dmn_find(rules->table, "score"), req->arena, &table))
        return;
    view->rules.items = arena_array(req->arena, ScoreRuleView, table.rules.count);
    list_each (const DmnShownRule, rule, &table.rules)
        view->rules.items[view->rules.count++] = rule_view(req, rules, &table, rule);
}

static bool show_start(ScoreRules *rules, ScoreBy by, const char **out, Error *err)
{
    int64_t start;
    if (!score_start(rules, by, &start, err))
        return false;
    *out = score_text(rules->req->arena, start, false);
    return true;
}

static bool show_table(Request *req, ScoreRules *rules, ScoreRulesView *view, Error *err)
{
    const Definition *version =
        catalogue_version(request_app(req), req->conn, rules->definition, err);
    if (!version)
        return false;
    view->version = version->version;
    view->effective_from = version->effective_from;
    show_rules(req, rules, view);
    return show_start(rules, SCORE_DEPARTMENTS, &view->start_department, err) &&
           show_start(rules, SCORE_WINDOWS, &view->start_window, err) &&
           show_start(rules, SCORE_PERSONS, &view->start_person, err);
}

bool score_rules_page(Request *req, Error *err)
{
    ScoreRulesView *view = arena_new(req->arena, ScoreRulesView);
    ScoreAccess access;
    ScorePeriod period;
    ScoreRules rules;
    if (!score_access(req, &access, err) || !score_period(req, &period, err) ||
        !score_rules_of(req, period.from, &rules, err))
        return false;
    *view = (ScoreRulesView){.period = period.code,
                             .period_name = period.name,
                             .has_rules = rules.definition != 0,
                             .period_field = score_period_field(req, &period)};
    view->empty = (EmptyState){.title = request_text(req, "score.no_rules"),
                               .text = request_text(req, "score.no_rules_text")};
    return (!view->has_rules || show_table(req, &rules, view, err)) &&
           request_show(req, &ScoreRulesView_type, view);
}
