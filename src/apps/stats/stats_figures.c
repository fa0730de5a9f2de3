/* stats_figures.c - sums of counters -> the figures, the tables by unit and item, the trend.
 */
#include "apps/stats/stats_figures.h"

#include <string.h>

enum { MILLIDAYS = 1000 };

/* ---- figures --------------------------------------------------------------------------------- */

int64_t counted_of(const CounterSums *sums, const char *name)
{
    int64_t count = 0;
    for (size_t i = 0; i < sums->count; i++)
        if (text_equal(sums->items[i].name, name))
            count += sums->items[i].count;
    return count;
}

static int64_t total_of(const CounterSums *sums, const char *name)
{
    int64_t total = 0;
    for (size_t i = 0; i < sums->count; i++)
        if (text_equal(sums->items[i].name, name))
            total += sums->items[i].total;
    return total;
}

/* What is not done on the spot is promised for a day: joint items too. */
static bool is_promised(const CounterSum *sum)
{
    return text_equal(sum->name, "completed") && !text_equal(sum->kind, "on_the_spot");
}

static void divide(Figure *figure, int64_t numerator, int64_t denominator)
{
    figure->numerator = numerator;
    figure->denominator = denominator;
    figure->has_value = denominator > 0;
    figure->value = figure->has_value ? (double)numerator / (double)denominator : 0;
}

typedef struct Promised {
    int64_t used, completed;
} Promised;

static Promised promised_of(const CounterSums *sums)
{
    Promised promised = {0};
    for (size_t i = 0; i < sums->count; i++)
        if (is_promised(&sums->items[i])) {
            promised.used += sums->items[i].total;
            promised.completed += sums->items[i].count;
        }
    return promised;
}

/* ---- ratings --------------------------------------------------------------------------------- */

/* Of each scale: grade 1 is the best; satisfied is better than its middle, basically satisfied is
 * the middle. Of five grades the first two, and the third; of three the first, and the second. */
typedef struct Ratings {
    int64_t rated, satisfied, at_least_basic;
} Ratings;

static void add_ratings(Ratings *ratings, const CounterSum *sum, int64_t scale)
{
    for (int64_t grade = 1; grade <= STATS_BUCKETS; grade++) {
        int64_t count = sum->histogram[grade - 1];
        ratings->rated += count;
        ratings->satisfied += grade * 2 < scale + 1 ? count : 0;
        ratings->at_least_basic += grade * 2 <= scale + 1 ? count : 0;
    }
}

static Ratings ratings_of(const CounterSums *sums)
{
    Ratings ratings = {0};
    for (size_t i = 0; i < sums->count; i++) {
        const char *name = sums->items[i].name;
        int64_t scale;
        if (text_starts_with(name, "rated_") && text_to_int64(name + strlen("rated_"), &scale))
            add_ratings(&ratings, &sums->items[i], scale);
    }
    return ratings;
}

/* ---- the figures together -------------------------------------------------------------------- */

int64_t withdrawn_of(const CounterSums *sums)
{
    return counted_of(sums, "withdrawn");
}

static void reduce(Figure *figure, int64_t numerator, int64_t denominator)
{
    divide(figure, numerator, denominator);
    figure->value = 1 - figure->value;
}

static void divide_all(const CounterSums *sums, Figure out[FIGURE_COUNT])
{
    int64_t completed = counted_of(sums, "completed"), statutory = total_of(sums, "statutory");
    int64_t ended = completed + counted_of(sums, "not_accepted") + withdrawn_of(sums);
    Promised promised = promised_of(sums);
    Ratings ratings = ratings_of(sums);
    divide(&out[0], completed, counted_of(sums, "accepted"));
    divide(&out[1], counted_of(sums, "on_time"), completed);
    divide(&out[2], completed, completed); /* nothing is completed off the hall yet */
    divide(&out[3], completed - promised.completed, completed);
    divide(&out[4], counted_of(sums, "early"), promised.completed);
    reduce(&out[5], total_of(sums, "promised"), statutory);
    reduce(&out[6], total_of(sums, "statutory_used"), statutory * MILLIDAYS);
    divide(&out[7], promised.used, promised.completed);
    out[7].value /= MILLIDAYS;
    divide(&out[8], ratings.rated, ended);
    divide(&out[9], ratings.satisfied, ratings.rated);
    divide(&out[10], ratings.at_least_basic, ratings.rated);
}

void figures_of(const CounterSums *sums, Figure out[FIGURE_COUNT])
{
    static const Figure figures[FIGURE_COUNT] = {
        {.code = "S01", .key = "s01", .is_share = true},
        {.code = "S02", .key = "s02", .is_share = true, .is_inferred = true},
        {.code = "S03", .key = "s03", .is_share = true, .is_inferred = true},
        {.code = "S04", .key = "s04", .is_share = true},
        {.code = "S05", .key = "s05", .is_share = true, .is_inferred = true},
        {.code = "S06", .key = "s06", .is_share = true, .is_inferred = true},
        {.code = "S07", .key = "s07", .is_share = true, .is_inferred = true},
        {.code = "S08", .key = "s08", .is_inferred = true},
        {.code = "S09", .key = "s09", .is_share = true, .is_inferred = true},
        {.code = "S10", .key = "s10", .is_share = true, .is_inferred = true},
        {.code = "S10", .key = "s10b", .is_share = true, .is_inferred = true},
    };
    for (size_t i = 0; i < FIGURE_COUNT; i++)
        out[i] = figures[i];
    divide_all(sums, out);
}

int median_bucket(const CounterSums *sums)
{
    int64_t histogram[STATS_BUCKETS] = {0}, completed = 0, seen = 0;
    for (size_t i = 0; i < sums->count; i++)
        for (int b = 0; is_promised(&sums->items[i]) && b < STATS_BUCKETS; b++) {
            histogram[b] += sums->items[i].histogram[b];
            completed += sums->items[i].histogram[b];
        }
    for (int b = 0; b < STATS_BUCKETS; b++) {
        seen += histogram[b];
        if (completed > 0 && seen * 2 >= completed)
            return b;
    }
    return -1;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void add_to_line(TotalLine *line, const CounterSum *sum)
{
    const struct {
        const char *name;
        int64_t *count;
    } counts[] = {{"filed", &line->filed},
                  {"accepted", &line->accepted},
                  {"not_accepted", &line->not_accepted},
                  {"completed", &line->completed},
                  {"on_time", &line->on_time}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (text_equal(counts[i].name, sum->name))
            *counts[i].count += sum->count;
    if (text_equal(sum->name, "completed"))
        line->used_millidays += sum->total;
}

static TotalLine *line_of(TotalLines *lines, Arena *arena, TotalLine wanted)
{
    list_each (TotalLine, line, lines)
        if (line->unit == wanted.unit && text_equal(line->item, wanted.item) &&
            text_equal(line->kind, wanted.kind))
            return line;
    list_add(arena, lines, wanted);
    return &lines->items[lines->count - 1];
}

void totals_by_unit(const CounterSums *sums, Arena *arena, TotalLines *out)
{
    for (size_t i = 0; i < sums->count; i++)
        add_to_line(line_of(out, arena, (TotalLine){.unit = sums->items[i].unit}), &sums->items[i]);
}

void totals_by_item(const CounterSums *sums, Arena *arena, TotalLines *out)
{
    for (size_t i = 0; i < sums->count; i++) {
        const CounterSum *sum = &sums->items[i];
        add_to_line(line_of(out, arena, (TotalLine){.item = sum->item, .kind = sum->kind}), sum);
    }
}

/* ---- trend ----------------------------------------------------------------------------------- */

static void add_to_month(MonthLine *line, const MonthSum *sum)
{
    if (text_equal(sum->name, "filed"))
        line->filed += sum->count;
    else if (text_equal(sum->name, "accepted"))
        line->accepted += sum->count;
    else if (text_equal(sum->name, "completed"))
        line->completed += sum->count;
    else if (text_equal(sum->name, "on_time"))
        line->on_time += sum->count;
}

void months_of(const MonthSums *sums, Arena *arena, MonthLines *out)
{
    for (size_t i = 0; i < sums->count; i++) {
        const MonthSum *sum = &sums->items[i];
        bool is_new = !out->count || !text_equal(out->items[out->count - 1].month, sum->month);
        if (is_new)
            list_add(arena, out, (MonthLine){.month = sum->month});
        add_to_month(&out->items[out->count - 1], sum);
    }
}
