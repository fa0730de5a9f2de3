/* score_pages.c - /scores: a period's ranking, or one's own score; the route table. */
#include "apps/score/score_internal.h"

#include <stdlib.h>

const InputField scores_input[] = {
    {"by", INPUT_CHOICE, 0, .choices = score_by_choices},
    {"period", INPUT_TEXT, 0, .most = 7, .label = "score.period"},
    {0},
};

/* What one line of the ranking is made of. */
typedef struct Ranked {
    const ScoreTally *tally;
    int64_t score;
    size_t place; /* among its equals: as the county lists them */
} Ranked;
typedef LIST(Ranked) Ranking;

/* ---- ranking --------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const Ranked *first = a, *second = b;
    if (first->score != second->score)
        return first->score > second->score ? -1 : 1;
    return first->place < second->place ? -1 : 1;
}

/* Departments are ranked from the start; windows and persons once something is told of them. */
static void add_departments(const ScoreNames *names, ScoreTallies *tallies)
{
    list_each (const Unit, unit, &names->units)
        if (text_equal(unit->kind, "department"))
            (void)score_tally(names->req->arena, tallies, unit->id);
}

static size_t place_of(const ScoreNames *names, ScoreBy by, Id id)
{
    if (by == SCORE_DEPARTMENTS) {
        const Unit *unit = score_unit_of(names, id);
        return unit ? (size_t)(unit - names->units.items) : SIZE_MAX;
    }
    if (by == SCORE_WINDOWS) {
        const ScoreWindow *window = score_window_of(names, id);
        return window ? (size_t)(window - names->windows.items) : SIZE_MAX;
    }
    const ScorePerson *person = score_person_of(names, id);
    return person ? (size_t)(person - names->persons.items) : SIZE_MAX;
}

static void rank(Arena *arena, const ScoreNames *names, ScoreBy by, int64_t start,
                 const ScoreTallies *tallies, Ranking *out)
{
    list_each (const ScoreTally, tally, tallies) {
        Ranked one = {.tally = tally,
                      .score = start + score_tally_points(tally, ""),
                      .place = place_of(names, by, tally->id)};
        list_add(arena, out, one);
    }
    if (out->count)
        qsort(out->items, out->count, sizeof(Ranked), compare);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static const char *group_text(Arena *arena, const ScoreTally *tally, const char *kinds,
                              const char *more)
{
    int64_t count = score_tally_count(tally, kinds);
    int64_t points = score_tally_points(tally, kinds);
    if (more) {
        count += score_tally_count(tally, more);
        points += score_tally_points(tally, more);
    }
    return count ? score_text(arena, points, true) : "";
}

static void name_line(const ScoreNames *names, ScoreBy by, ScoreLineView *line)
{
    const ScoreWindow *window = score_window_of(names, line->id);
    const ScorePerson *person = score_person_of(names, line->id);
    bool is_english = names->req->language == LANGUAGE_EN;
    if (by == SCORE_DEPARTMENTS) {
        line->name = score_unit_name(names, line->id);
    } else if (by == SCORE_WINDOWS && window) {
        line->name = is_english ? window->name_en : window->name;
        line->unit = score_unit_name(names, window->unit);
    } else if (person) {
        line->name = is_english ? person->name_en : person->name;
        line->unit = score_unit_name(names, person->unit);
    }
}

static ScoreLineView line_view(const ScoreNames *names, ScoreBy by, const Ranked *one)
{
    Arena *arena = names->req->arena;
    const ScoreTally *tally = one->tally;
    ScoreLineView line = {.id = tally->id,
                          .name = "",
                          .score = score_text(arena, one->score, false),
                          .completed = score_tally_count(tally, "completed."),
                          .completion = group_text(arena, tally, "completed.", NULL),
                          .limits = group_text(arena, tally, "warning.", "accepted_by_silence"),
                          .rating = group_text(arena, tally, "rated.", NULL),
                          .correction = group_text(arena, tally, "correction.", NULL),
                          .complaint = group_text(arena, tally, "complaint.", NULL)};
    name_line(names, by, &line);
    return line;
}

static void show_lines(const ScoreNames *names, ScoreBy by, const Ranking *ranking,
                       ScoresView *view)
{
    view->lines.items = arena_array(names->req->arena, ScoreLineView, ranking->count);
    for (size_t i = 0; i < ranking->count; i++) {
        const Ranked *one = &ranking->items[i];
        bool is_tie = i > 0 && one->score == ranking->items[i - 1].score;
        ScoreLineView *line = &view->lines.items[view->lines.count++];
        *line = line_view(names, by, one);
        line->rank = is_tie ? line[-1].rank : (int64_t)i + 1;
    }
}

/* ---- /scores --------------------------------------------------------------------------------- */

static bool show_ranking(ScoreRules *rules, const ScorePeriod *period, const ScoreNames *names,
                         ScoresView *view, Error *err)
{
    ScoreBy by = score_by(view->by);
    ScoreTallies tallies = {0};
    Ranking ranking = {0};
    int64_t start;
    if (!score_start(rules, by, &start, err) ||
        !score_tallies(rules, period, by, (ScoreScope){0}, names, &tallies, err))
        return false;
    view->start = score_text(names->req->arena, start, false);
    if (by == SCORE_DEPARTMENTS)
        add_departments(names, &tallies);
    rank(names->req->arena, names, by, start, &tallies, &ranking);
    show_lines(names, by, &ranking, view);
    return true;
}

/* The score of one department or person, and nobody else's events looked at. */
static bool score_of(ScoreRules *rules, const ScorePeriod *period, const ScoreNames *names,
                     ScoreBy by, ScoreScope scope, const char **out, Error *err)
{
    Arena *arena = names->req->arena;
    ScoreTallies tallies = {0};
    int64_t start;
    if (!score_start(rules, by, &start, err) ||
        !score_tallies(rules, period, by, scope, names, &tallies, err))
        return false;
    const ScoreTally *tally = score_tally(arena, &tallies, scope.unit + scope.officer);
    *out = score_text(arena, start + score_tally_points(tally, ""), false);
    return true;
}

static bool show_own(ScoreRules *rules, const ScorePeriod *period, const ScoreNames *names,
                     ScoresView *view, Error *err)
{
    const User *user = &names->req->user;
    view->own = user->id;
    view->own_unit = user->unit;
    view->own_unit_name = score_unit_name(names, user->unit);
    return !view->has_rules ||
           (score_of(rules, period, names, SCORE_PERSONS, (ScoreScope){.officer = user->id},
                     &view->own_score, err) &&
            score_of(rules, period, names, SCORE_DEPARTMENTS, (ScoreScope){.unit = user->unit},
                     &view->own_unit_score, err));
}

bool score_ranking(Request *req, ScoresView *view, Error *err)
{
    const char *by = input_text(req, "by");
    ScoreAccess access;
    ScorePeriod period;
    ScoreRules rules;
    ScoreNames names;
    if (!score_access(req, &access, err) || !score_period(req, &period, err) ||
        !score_rules_of(req, period.from, &rules, err) || !score_names(req, &names, err))
        return false;
    *view = (ScoresView){.by = by && access.is_all ? by : "departments",
                         .period = period.code,
                         .period_name = period.name,
                         .from = period.from,
                         .to = period.to,
                         .has_rules = rules.definition != 0,
                         .is_all = access.is_all,
                         .can_open_unit = access.is_head,
                         .period_field = score_period_field(req, &period)};
    if (!access.is_all)
        return show_own(&rules, &period, &names, view, err);
    return !view->has_rules || show_ranking(&rules, &period, &names, view, err);
}

static bool scores_page(Request *req, Error *err)
{
    ScoresView *view = arena_new(req->arena, ScoresView);
    if (!score_ranking(req, view, err))
        return false;
    view->empty = (EmptyState){
        .title = request_text(req, view->has_rules ? "score.none" : "score.no_rules"),
        .text = request_text(req, view->has_rules ? "score.none_text" : "score.no_rules_text")};
    return request_show(req, &ScoresView_type, view);
}

const Route score_routes[] = {
    ROUTE_GET("/scores", RIGHT_SIGNED_IN, scores_page, &ScoresView_type, scores_input,
              "Departments, windows or persons ranked by score; or one's own score"),
    ROUTE_GET_HEAVY("/scores.xlsx", RIGHT_SIGNED_IN, scores_export, NULL, scores_input,
                    "The ranking as a spreadsheet"),
    ROUTE_GET("/scores/rules", RIGHT_SIGNED_IN, score_rules_page, &ScoreRulesView_type,
              score_period_input, "The rules by which points are given"),
    ROUTE_GET("/scores/entries/{id}", RIGHT_SIGNED_IN, score_entry_page, &ScoreEntryView_type,
              score_entry_input, "The journal entry behind a point"),
    ROUTE_GET("/scores/{by}/{id}", RIGHT_SIGNED_IN, score_page, &ScoreView_type, score_input,
              "What a score is made of, point by point"),
    ROUTE_END,
};
