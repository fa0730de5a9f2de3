/* score_rules.c - the table of scores asked, and points summed. */
#include "apps/score/score_rules.h"

#include "apps/catalogue/catalogue.h"
#include "service/calendars.h"

#include <stdlib.h>

static const char TABLE[] = "scores", DECISION[] = "score", START[] = "score-start";

/* Beyond any sensible table; so sums of a county's year stay whole. */
enum { HUNDRED = 100, POINTS_MOST = 1000 * 1000 };

/* ---- the table ------------------------------------------------------------------------------- */

bool score_rules_of(Request *req, Date day, ScoreRules *out, Error *err)
{
    App *app = request_app(req);
    Error problem = ERROR_NONE;
    *out = (ScoreRules){.req = req};
    if (!catalogue_deciding(app, req->conn, TABLE, DECISION, "", day, &out->definition, &problem)) {
        out->definition = 0;
        return problem.kind == ERROR_NOT_FOUND || error_fill(err, problem);
    }
    out->table = catalogue_table(app, req->conn, out->definition, err);
    return out->table != NULL;
}

static bool bad_table(Error *err)
{
    return error_set(err, ERROR_UNAVAILABLE, .code = "score.bad_table");
}

/* Hundredths; false for what is no number or finer than that. */
static bool read_points(const FeelValue *value, int64_t *out)
{
    Decimal hundredths;
    return value && value->kind == FEEL_NUMBER &&
           decimal_multiply(value->as.number, decimal_from_int64(HUNDRED), &hundredths) &&
           decimal_to_int64(hundredths, out) && *out >= -POINTS_MOST && *out <= POINTS_MOST;
}

static bool decide(ScoreRules *rules, const char *decision, FeelValue facts, FeelValue *out,
                   DmnTrace *out_trace, Error *err)
{
    Request *req = rules->req;
    FeelScope scope = calendars_scope(request_app(req), req->conn, req->arena, facts, req->now);
    return dmn_decide(rules->table, decision, &scope, req->arena, out, out_trace, err);
}

bool score_start(ScoreRules *rules, ScoreBy by, int64_t *out, Error *err)
{
    static const char *const names[] = {"department", "window", "person"};
    FeelContextBuilder facts = feel_context_begin(rules->req->arena);
    FeelValue decided;
    feel_context_put(&facts, "of", feel_string(names[by]));
    if (!decide(rules, START, feel_context_end(&facts), &decided, NULL, err))
        return false;
    return read_points(&decided, out) || bad_table(err);
}

/* What the rule that fired is called in the page's language. */
static const char *words_of(ScoreRules *rules, const DmnFired *fired)
{
    Request *req = rules->req;
    const char *zh = fired->annotation_count ? fired->annotations[0] : "";
    if (req->language != LANGUAGE_EN || !fired->id)
        return zh;
    return catalogue_english(request_app(req), req->conn, rules->definition, fired->id, zh);
}

static bool read_rule(ScoreRules *rules, FeelValue decided, const DmnTrace *trace, ScoreRule *rule,
                      Error *err)
{
    const FeelValue *most = feel_member(decided, "most");
    const FeelValue *department = feel_member(decided, "department");
    const FeelValue *person = feel_member(decided, "person");
    if (!trace->fired.count)
        return true;
    if (!read_points(feel_member(decided, "points"), &rule->points) ||
        (most && !feel_is_null(*most) && !read_points(most, &rule->most)))
        return bad_table(err);
    rule->is_department = department && feel_is_true(*department);
    rule->is_person = person && feel_is_true(*person);
    rule->place = trace->fired.items[0].rule;
    rule->id = trace->fired.items[0].id;
    rule->words = words_of(rules, &trace->fired.items[0]);
    return true;
}

/* A kind that the table does not allow for is one without a rule. */
static bool ask(ScoreRules *rules, ScoreRule *rule, Error *err)
{
    FeelContextBuilder facts = feel_context_begin(rules->req->arena);
    FeelValue decided;
    DmnTrace trace = {0};
    Error problem = ERROR_NONE;
    feel_context_put(&facts, "event", feel_string(rule->kind));
    feel_context_put(&facts, "days", feel_number(decimal_from_int64(rule->days)));
    if (!decide(rules, DECISION, feel_context_end(&facts), &decided, &trace, &problem))
        return text_equal(problem.code, "dmn.not_allowed") || error_fill(err, problem);
    return read_rule(rules, decided, &trace, rule, err);
}

/* Late by two days and by three may be one rule: then it is one pointer, so that its most holds
 * for both. */
static const ScoreRule *same_rule(const ScoreRules *rules, const ScoreRule *rule)
{
    list_each (const ScoreRule *, known, &rules->known)
        if (rule->id && text_equal((*known)->id, rule->id) &&
            text_equal((*known)->kind, rule->kind))
            return *known;
    return rule;
}

const ScoreRule *score_rule(ScoreRules *rules, const char *kind, int64_t days, Error *err)
{
    Arena *arena = rules->req->arena;
    list_each (const ScoreRule *, known, &rules->known)
        if ((*known)->days == days && text_equal((*known)->kind, kind))
            return same_rule(rules, *known);
    ScoreRule *rule = arena_new(arena, ScoreRule);
    *rule = (ScoreRule){.kind = kind, .days = days, .words = "", .most = INT_NONE};
    if (!ask(rules, rule, err))
        return NULL;
    list_add(arena, &rules->known, rule);
    return same_rule(rules, rule);
}

/* ---- sums ------------------------------------------------------------------------------------ */

ScoreTally *score_tally(Arena *arena, ScoreTallies *tallies, Id id)
{
    list_each (ScoreTally, tally, tallies)
        if (tally->id == id)
            return tally;
    list_add(arena, tallies, ((ScoreTally){.id = id}));
    return &tallies->items[tallies->count - 1];
}

void score_tally_add(Arena *arena, ScoreTally *tally, const ScoreRule *rule, int64_t count)
{
    list_each (ScoreSum, sum, &tally->sums)
        if (sum->rule == rule) {
            sum->count += count;
            return;
        }
    list_add(arena, &tally->sums, ((ScoreSum){.rule = rule, .count = count}));
}

int64_t score_sum_points(const ScoreSum *sum)
{
    const ScoreRule *rule = sum->rule;
    int64_t points = rule->points * sum->count;
    if (rule->most == INT_NONE || llabs(points) <= llabs(rule->most))
        return points;
    return points < 0 ? -llabs(rule->most) : llabs(rule->most);
}

int64_t score_tally_points(const ScoreTally *tally, const char *kinds)
{
    int64_t points = 0;
    list_each (ScoreSum, sum, &tally->sums)
        if (text_starts_with(sum->rule->kind, kinds))
            points += score_sum_points(sum);
    return points;
}

int64_t score_tally_count(const ScoreTally *tally, const char *kinds)
{
    int64_t count = 0;
    list_each (ScoreSum, sum, &tally->sums)
        if (text_starts_with(sum->rule->kind, kinds))
            count += sum->count;
    return count;
}

const char *score_text(Arena *arena, int64_t points, bool is_signed)
{
    const char *sign = points < 0 ? "-" : is_signed && points > 0 ? "+" : "";
    long long whole = llabs(points) / HUNDRED, rest = llabs(points) % HUNDRED;
    if (rest % 10)
        return arena_printf(arena, "%s%lld.%02lld", sign, whole, rest);
    if (rest)
        return arena_printf(arena, "%s%lld.%lld", sign, whole, rest / 10);
    return arena_printf(arena, "%s%lld", sign, whole);
}
