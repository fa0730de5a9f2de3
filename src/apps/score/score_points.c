/* score_points.c - /scores/{by}/{id}: the rules that matched, and each point with its entry. */
#include "apps/score/score_internal.h"

#include <stdlib.h>

enum { PAGE_ROWS = 50 };

static const char *const event_choices[] = {"completed.early",
                                            "completed.on_time",
                                            "completed.late",
                                            "warning.overdue",
                                            "accepted_by_silence",
                                            "rated.satisfied",
                                            "rated.fair",
                                            "rated.dissatisfied",
                                            "correction.sent",
                                            "correction.returned",
                                            "correction.replied_late",
                                            "correction.closed",
                                            "correction.taken_back",
                                            "complaint.upheld",
                                            "complaint.partly",
                                            NULL};

const InputField score_input[] = {
    {"by", INPUT_CHOICE, INPUT_IN_PATH | INPUT_REQUIRED, .choices = score_by_choices},
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"period", INPUT_TEXT, 0, .most = 7, .label = "score.period"},
    {"event", INPUT_CHOICE, 0, .choices = event_choices},
    {"after", INPUT_PLACE, 0},
    {0},
};
const InputField score_entry_input[] = {
    {"id", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {0},
};

/* One department, window or person, as the page is made of it. */
typedef struct Scored {
    Request *req;
    ScoreBy by;
    ScorePeriod period;
    ScoreRules rules;
    ScoreNames names;
    ScoreTallies tallies;
    ScoreView *view;
} Scored;

/* ---- who ------------------------------------------------------------------------------------- */

/* Of those who do not see all, everybody may open himself and the head his department; what is not
 * theirs is not there for them. */
static bool may_open(Request *req, const ScoreAccess *access, ScoreBy by, Id id)
{
    if (access->is_all)
        return true;
    if (by == SCORE_PERSONS)
        return id == req->user.id;
    return by == SCORE_DEPARTMENTS && access->is_head && id == req->user.unit;
}

static bool unknown(Error *err)
{
    return error_set(err, ERROR_NOT_FOUND, .code = "score.unknown");
}

/* Whom it is about, by name. */
static bool name_it(Scored *scored, Error *err)
{
    const ScoreNames *names = &scored->names;
    ScoreView *view = scored->view;
    bool is_english = scored->req->language == LANGUAGE_EN;
    if (scored->by == SCORE_DEPARTMENTS) {
        const Unit *unit = score_unit_of(names, view->id);
        view->name = unit ? score_unit_name(names, view->id) : NULL;
    } else if (scored->by == SCORE_WINDOWS) {
        const ScoreWindow *window = score_window_of(names, view->id);
        view->name = !window ? NULL : is_english ? window->name_en : window->name;
        view->unit = window ? score_unit_name(names, window->unit) : NULL;
    } else {
        const ScorePerson *person = score_person_of(names, view->id);
        view->name = score_person_name(names, view->id);
        view->unit = person ? score_unit_name(names, person->unit) : NULL;
    }
    return view->name || unknown(err);
}

/* ---- the rules that matched ------------------------------------------------------------------ */

static ScoreScope scope_of(const Scored *scored)
{
    Id id = scored->view->id;
    return (ScoreScope){.unit = scored->by == SCORE_DEPARTMENTS ? id : 0,
                        .officer = scored->by == SCORE_PERSONS ? id : 0};
}

static ScoreSumView sum_view(const Scored *scored, const ScoreSum *sum)
{
    Arena *arena = scored->req->arena;
    const ScoreRule *rule = sum->rule;
    return (ScoreSumView){.kind = rule->kind,
                          .words = rule->words,
                          .points = score_text(arena, rule->points, true),
                          .count = sum->count,
                          .sum = score_text(arena, score_sum_points(sum), true),
                          .most =
                              rule->most == INT_NONE ? NULL : score_text(arena, rule->most, false),
                          .is_shown = text_equal(rule->kind, scored->view->event)};
}

static int compare_places(const void *a, const void *b)
{
    const ScoreSum *first = a, *second = b;
    return (first->rule->place > second->rule->place) - (first->rule->place < second->rule->place);
}

static bool show_sums(Scored *scored, Error *err)
{
    Arena *arena = scored->req->arena;
    ScoreView *view = scored->view;
    int64_t start;
    if (!score_start(&scored->rules, scored->by, &start, err) ||
        !score_tallies(&scored->rules, &scored->period, scored->by, scope_of(scored),
                       &scored->names, &scored->tallies, err))
        return false;
    ScoreTally *tally = score_tally(arena, &scored->tallies, view->id);
    if (tally->sums.count)
        qsort(tally->sums.items, tally->sums.count, sizeof(ScoreSum), compare_places);
    view->start = score_text(arena, start, false);
    view->score = score_text(arena, start + score_tally_points(tally, ""), false);
    view->sums.items = arena_array(arena, ScoreSumView, tally->sums.count);
    list_each (const ScoreSum, sum, &tally->sums)
        view->sums.items[view->sums.count++] = sum_view(scored, sum);
    return true;
}

/* ---- points ---------------------------------------------------------------------------------- */

static bool point_view(Scored *scored, const ScoreEvent *event, ScorePointView *out, Error *err)
{
    Arena *arena = scored->req->arena;
    const ScoreRule *rule = score_rule(&scored->rules, event->kind, event->days, err);
    if (!rule)
        return false;
    bool is_complaint = text_starts_with(event->kind, "complaint.");
    bool is_counted = score_counts_for(rule, scored->by);
    *out = (ScorePointView){.entry = event->entry,
                            .day = event->day,
                            .kind = event->kind,
                            .words = rule->words,
                            .points = is_counted ? score_text(arena, rule->points, true) : "",
                            .dossier = event->dossier ? event->number : NULL,
                            .correction = is_complaint ? 0 : event->matter,
                            .complaint = is_complaint ? event->matter : 0,
                            .complaint_number = is_complaint ? event->number : NULL,
                            .officer = score_person_name(&scored->names, event->officer)};
    return true;
}

static ScoreQuery query_of(const Scored *scored)
{
    Request *req = scored->req;
    Id id = scored->view->id;
    ScoreQuery query = {.unit = scored->by == SCORE_DEPARTMENTS ? id : 0,
                        .officer = scored->by == SCORE_PERSONS ? id : 0,
                        .from = scored->period.from,
                        .to = scored->period.to,
                        .kind = scored->view->event,
                        .after = INT64_MAX,
                        .most = PAGE_ROWS + 1};
    Instant at = INSTANT_NONE;
    if (place_split(req->arena, input_text(req, "after"), &at, &query.after)) {
        Date day = instant_date(at, SCORE_ZONE_MINUTES);
        query.to = date_compare(day, query.to) < 0 ? day : query.to;
    }
    return query;
}

static int compare(const void *a, const void *b)
{
    const ScoreEvent *first = a, *second = b;
    int days = date_compare(second->day, first->day);
    if (days)
        return days;
    return (second->entry > first->entry) - (second->entry < first->entry);
}

/* A window's points are those of who sits there: few people, each with a page at most. */
static bool find_of_window(Scored *scored, ScoreQuery *query, ScoreEvents *out, Error *err)
{
    Request *req = scored->req;
    list_each (const ScorePerson, person, &scored->names.persons) {
        query->officer = person->id;
        if (person->window == scored->view->id &&
            !store_score_events(req->conn, req->arena, req->tenant, query, out, err))
            return false;
    }
    if (out->count)
        qsort(out->items, out->count, sizeof(ScoreEvent), compare);
    return true;
}

static const char *place_text(Arena *arena, const ScoreEvent *last)
{
    return arena_printf(arena, "%lld.%lld", (long long)date_start(last->day, SCORE_ZONE_MINUTES),
                        (long long)last->entry);
}

static void page_on(Scored *scored, ScoreEvents *events)
{
    Arena *arena = scored->req->arena;
    ScoreView *view = scored->view;
    if (events->count > PAGE_ROWS) {
        events->count = PAGE_ROWS;
        view->pager.next_query = arena_printf(arena, "period=%s%s%s&after=%s", view->period,
                                              *view->event ? "&event=" : "", view->event,
                                              place_text(arena, &events->items[PAGE_ROWS - 1]));
    }
    view->pager.shown = (int64_t)events->count;
}

static bool show_points(Scored *scored, Error *err)
{
    Request *req = scored->req;
    ScoreView *view = scored->view;
    ScoreEvents events = {0};
    ScoreQuery query = query_of(scored);
    bool is_read =
        scored->by == SCORE_WINDOWS
            ? find_of_window(scored, &query, &events, err)
            : store_score_events(req->conn, req->arena, req->tenant, &query, &events, err);
    if (!is_read)
        return false;
    page_on(scored, &events);
    view->points.items = arena_array(req->arena, ScorePointView, events.count);
    list_each (const ScoreEvent, event, &events)
        if (!point_view(scored, event, &view->points.items[view->points.count++], err))
            return false;
    return true;
}

/* ---- pages ----------------------------------------------------------------------------------- */

bool score_page(Request *req, Error *err)
{
    Scored scored = {.req = req, .by = score_by(input_text(req, "by"))};
    ScoreAccess access;
    ScoreView *view = scored.view = arena_new(req->arena, ScoreView);
    const char *event = input_text(req, "event");
    if (!score_access(req, &access, err) || !score_period(req, &scored.period, err))
        return false;
    if (!may_open(req, &access, scored.by, input_id(req, "id")))
        return unknown(err);
    *view = (ScoreView){.by = input_text(req, "by"),
                        .id = input_id(req, "id"),
                        .period = scored.period.code,
                        .period_name = scored.period.name,
                        .from = scored.period.from,
                        .to = scored.period.to,
                        .event = event ? event : ""};
    if (!score_rules_of(req, scored.period.from, &scored.rules, err) ||
        !score_names(req, &scored.names, err) || !name_it(&scored, err))
        return false;
    view->has_rules = scored.rules.definition != 0;
    view->empty = (EmptyState){
        .title = request_text(req, view->has_rules ? "score.no_points" : "score.no_rules"),
        .text =
            request_text(req, view->has_rules ? "score.no_points_text" : "score.no_rules_text")};
    return (!view->has_rules || (show_sums(&scored, err) && show_points(&scored, err))) &&
           request_show(req, &ScoreView_type, view);
}

/* Who does not see all reads entries of his own points, the head those of his department. */
bool score_entry_page(Request *req, Error *err)
{
    ScoreEntryView *view = arena_new(req->arena, ScoreEntryView);
    ScoreAccess access;
    ScoreNames names;
    JournalEntry entry;
    if (!score_access(req, &access, err))
        return false;
    ScoreScope scope = {.unit = !access.is_all && access.is_head ? req->user.unit : 0,
                        .officer = !access.is_all && !access.is_head ? req->user.id : 0};
    const char *number;
    if (!store_score_entry(req->conn, req->arena, req->tenant, input_id(req, "id"), scope, &entry,
                           &number, err) ||
        !score_names(req, &names, err))
        return false;
    bool is_officer = text_equal(entry.actor_kind, "officer");
    *view = (ScoreEntryView){.entry = entry.id,
                             .kind = entry.kind,
                             .at = entry.at,
                             .actor = is_officer ? score_person_name(&names, entry.actor) : NULL,
                             .actor_kind = entry.actor_kind,
                             .unit = score_unit_name(&names, entry.unit),
                             .subject = entry.subject,
                             .position = entry.position,
                             .dossier = number};
    return request_show(req, &ScoreEntryView_type, view);
}
