/*
 * stats_export.c - the board's figures as lines that can be compared byte for byte.
 *
 *     sums of counters -> figures, tables, months (stats_figures.c) -> lines, sorted -> text or
 * JSON
 *
 * No quotients and no ids: a figure is its two whole numbers, a unit its code.
 */
#include <stdlib.h>
#include <string.h>

#include "apps/org/org.h"
#include "apps/stats/stats_figures.h"
#include "apps/supervise/supervise.h"

enum { MEMBERS_MOST = 8 };

/* "item sole-trader on_the_spot filed=12 accepted=11": a kind, up to two names, numbers. */
typedef struct Line {
    const char *kind;
    const char *name;
    const char *second; /* "" for none */
    const char *members[MEMBERS_MOST];
    int64_t values[MEMBERS_MOST];
    size_t count;
} Line;
typedef LIST(Line) Lines;

typedef struct Sums {
    CounterSums sums;
    MonthSums months;
    StageCounts stages;
} Sums;

static void put(Line *line, const char *member, int64_t value)
{
    line->members[line->count] = member;
    line->values[line->count++] = value;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void add_figures(Arena *arena, const CounterSums *sums, Lines *out)
{
    Figure figures[FIGURE_COUNT];
    figures_of(sums, figures);
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        Line line = {.kind = "figure", .name = figures[i].key, .second = ""};
        put(&line, "numerator", figures[i].numerator);
        put(&line, "denominator", figures[i].denominator);
        list_add(arena, out, line);
    }
    Line median = {.kind = "median", .name = "s08", .second = ""};
    put(&median, "bucket", median_bucket(sums));
    list_add(arena, out, median);
}

static void add_count(Arena *arena, const char *name, int64_t count, Lines *out)
{
    Line line = {.kind = "count", .name = name, .second = ""};
    put(&line, "dossiers", count);
    list_add(arena, out, line);
}

static void add_counts(Arena *arena, const CounterSums *sums, Lines *out)
{
    static const char *const names[] = {"filed",  "accepted", "not_accepted", "completed",
                                        "denied", "on_time",  "early"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        add_count(arena, names[i], counted_of(sums, names[i]), out);
    add_count(arena, "withdrawn", withdrawn_of(sums), out);
}

static void put_totals(Line *line, const TotalLine *total)
{
    put(line, "filed", total->filed);
    put(line, "accepted", total->accepted);
    put(line, "not_accepted", total->not_accepted);
    put(line, "completed", total->completed);
    put(line, "on_time", total->on_time);
    put(line, "used_millidays", total->used_millidays);
}

static bool add_units(App *app, DbConn *conn, Arena *arena, const CounterSums *sums, Lines *out,
                      Error *err)
{
    TotalLines totals = {0};
    totals_by_unit(sums, arena, &totals);
    list_each (const TotalLine, total, &totals) {
        const Unit *unit = org_unit(app->org, conn, app->tenant, total->unit, err);
        if (error_is_set(err))
            return false;
        Line line = {.kind = "unit", .name = unit ? unit->code : "-", .second = ""};
        put_totals(&line, total);
        list_add(arena, out, line);
    }
    return true;
}

static void add_items(Arena *arena, const CounterSums *sums, Lines *out)
{
    TotalLines totals = {0};
    totals_by_item(sums, arena, &totals);
    list_each (const TotalLine, total, &totals) {
        Line line = {.kind = "item", .name = total->item, .second = total->kind};
        put_totals(&line, total);
        list_add(arena, out, line);
    }
}

static void add_months(Arena *arena, const MonthSums *sums, Lines *out)
{
    MonthLines months = {0};
    months_of(sums, arena, &months);
    list_each (const MonthLine, month, &months) {
        Line line = {.kind = "month", .name = month->month, .second = ""};
        put(&line, "filed", month->filed);
        put(&line, "accepted", month->accepted);
        put(&line, "completed", month->completed);
        put(&line, "on_time", month->on_time);
        list_add(arena, out, line);
    }
}

static void add_stages(Arena *arena, const StageCounts *stages, Lines *out)
{
    list_each (const StageCount, stage, stages) {
        Line line = {.kind = "stage", .name = stage->stage, .second = ""};
        put(&line, "open", stage->open);
        list_add(arena, out, line);
    }
}

static int compare(const void *a, const void *b)
{
    const Line *left = a, *right = b;
    int order = strcmp(left->kind, right->kind);
    if (!order)
        order = strcmp(left->name, right->name);
    return order ? order : strcmp(left->second, right->second);
}

/* ---- text and JSON --------------------------------------------------------------------------- */

static void write_text(Buffer *out, const Line *line)
{
    buffer_printf(out, "%s %s%s%s", line->kind, line->name, *line->second ? " " : "", line->second);
    for (size_t i = 0; i < line->count; i++)
        buffer_printf(out, " %s=%lld", line->members[i], (long long)line->values[i]);
    buffer_add_char(out, '\n');
}

static void write_json(JsonWriter *json, const Line *line)
{
    json_begin_object(json, NULL);
    json_put_text(json, "kind", line->kind);
    json_put_text(json, "name", line->name);
    if (*line->second)
        json_put_text(json, "item_kind", line->second);
    for (size_t i = 0; i < line->count; i++)
        json_put_int(json, line->members[i], line->values[i]);
    json_end_object(json);
}

static const char *written(Arena *arena, const Lines *lines, bool is_json)
{
    Buffer out = buffer_init(arena, 0);
    JsonWriter json = json_writer(&out);
    if (is_json)
        json_begin_array(&json, NULL);
    list_each (const Line, line, lines)
        if (is_json)
            write_json(&json, line);
        else
            write_text(&out, line);
    if (is_json) {
        json_end_array(&json);
        buffer_add_char(&out, '\n');
    }
    return buffer_text(&out);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_sums(DbConn *conn, Arena *arena, Id tenant, Date from, Date to, Sums *out,
                      Error *err)
{
    return store_sums(conn, arena, tenant, from, to, &out->sums, err) &&
           store_months(conn, arena, tenant, from, to, &out->months, err) &&
           supervise_stages(conn, arena, tenant, &out->stages, err);
}

static bool gather(App *app, DbConn *conn, Arena *arena, Date from, Date to, Lines *out,
                   int64_t *out_filed, Error *err)
{
    Sums sums = {0};
    if (!db_read_begin(conn, err))
        return false;
    bool is_read = read_sums(conn, arena, app->tenant, from, to, &sums, err) &&
                   add_units(app, conn, arena, &sums.sums, out, err);
    db_read_end(conn);
    if (!is_read)
        return false;
    add_figures(arena, &sums.sums, out);
    add_counts(arena, &sums.sums, out);
    add_items(arena, &sums.sums, out);
    add_months(arena, &sums.months, out);
    add_stages(arena, &sums.stages, out);
    qsort(out->items, out->count, sizeof(Line), compare);
    *out_filed = counted_of(&sums.sums, "filed");
    return true;
}

bool stats_indicators(App *app, Arena *arena, Date from, Date to, bool is_json, const char **out,
                      int64_t *out_filed, Error *err)
{
    Lines lines = {0};
    DbConn *conn = db_reader(app->db, err);
    if (!conn)
        return false;
    bool is_done = gather(app, conn, arena, from, to, &lines, out_filed, err);
    db_release(conn);
    if (is_done)
        *out = written(arena, &lines, is_json);
    return is_done;
}
