/* score_export.c - /scores.xlsx: the ranking as a spreadsheet. */
#include "apps/score/score_internal.h"
#include "service/list_export.h"

#include <stdlib.h>

static const ExportColumn department_columns[] = {
    {"score.rank", 8},        {"score.of.departments", 28},
    {"score.score", 10},      {"score.completed", 12},
    {"score.completion", 12}, {"score.limits", 16},
    {"score.rating", 12},     {"score.correction", 10},
    {"score.complaint", 10},  {NULL, 0}};
static const ExportColumn window_columns[] = {
    {"score.rank", 8},    {"score.of.windows", 22}, {"score.unit", 28},
    {"score.score", 10},  {"score.completed", 12},  {"score.completion", 12},
    {"score.limits", 16}, {"score.rating", 12},     {NULL, 0}};
static const ExportColumn person_columns[] = {
    {"score.rank", 8},    {"score.of.persons", 16}, {"score.unit", 28},
    {"score.score", 10},  {"score.completed", 12},  {"score.completion", 12},
    {"score.limits", 16}, {"score.rating", 12},     {NULL, 0}};

static void write_whole(Arena *arena, SheetWriter *writer, int64_t number)
{
    sheet_number(writer, arena_printf(arena, "%lld", (long long)number));
}

/* "+0.1" is a number without its sign; no points leave the cell empty. */
static void write_points(SheetWriter *writer, const char *points)
{
    const char *number = *points == '+' ? points + 1 : points;
    sheet_number(writer, *number ? number : NULL);
}

static void write_line(Arena *arena, SheetWriter *writer, ScoreBy by, const ScoreLineView *line)
{
    write_whole(arena, writer, line->rank);
    sheet_text(writer, line->name, SHEET_PLAIN);
    if (by != SCORE_DEPARTMENTS)
        sheet_text(writer, line->unit, SHEET_PLAIN);
    sheet_number(writer, line->score);
    write_whole(arena, writer, line->completed);
    write_points(writer, line->completion);
    write_points(writer, line->limits);
    write_points(writer, line->rating);
    if (by == SCORE_DEPARTMENTS) {
        write_points(writer, line->correction);
        write_points(writer, line->complaint);
    }
    sheet_end_row(writer);
}

/* The ranking is in memory already; a place is the number of the line. */
static bool write_lines(Request *req, const char *after, SheetWriter *writer, void *state,
                        const char **out_next, Error *err)
{
    const ScoresView *view = state;
    int64_t first = 0;
    (void)err;
    if (after)
        (void)text_to_int64(after, &first);
    size_t end = (size_t)first + LIST_EXPORT_PAGE;
    for (size_t i = (size_t)first; i < view->lines.count && i < end; i++)
        write_line(req->arena, writer, score_by(view->by), &view->lines.items[i]);
    *out_next = end < view->lines.count ? arena_printf(req->arena, "%zu", end) : NULL;
    return true;
}

bool scores_export(Request *req, Error *err)
{
    static const ExportColumn *const columns[] = {department_columns, window_columns,
                                                  person_columns};
    ScoresView *view = arena_new(req->arena, ScoresView);
    if (!score_ranking(req, view, err))
        return false;
    if (!view->is_all)
        return error_set(err, ERROR_FORBIDDEN, .code = "request.forbidden");
    const char *by = request_text(req, arena_printf(req->arena, "choice.by.%s", view->by));
    ListExport what = {.name = request_text(req, "score.title"),
                       .filter =
                           request_text(req, "score.export", "period", view->period_name, "by", by),
                       .columns = columns[score_by(view->by)],
                       .rows = write_lines,
                       .state = view};
    return list_export(req, &what, err);
}
