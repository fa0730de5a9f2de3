/* score_period.c - months and quarters: read, named, offered. */
#include "apps/score/score_internal.h"

enum {
    MONTHS_OFFERED = 12,
    QUARTERS_OFFERED = 4,
    QUARTER_MONTHS = 3,
    MONTHS_OF_YEAR = 12,
    QUARTERS_OF_YEAR = 4,
    YEAR_FIRST = 2000,
    YEAR_LAST = 2999,
    CODE_LENGTH = 7
};

const InputField score_period_input[] = {
    {"period", INPUT_TEXT, 0, .most = CODE_LENGTH, .label = "score.period"},
    {0},
};

/* The first of the month so many months later. */
static Date first_of(int year, int month, int later)
{
    int months = year * MONTHS_OF_YEAR + month - 1 + later;
    return date_of(months / MONTHS_OF_YEAR, months % MONTHS_OF_YEAR + 1, 1);
}

static ScorePeriod period_of(Request *req, int year, int month, int months)
{
    Arena *arena = req->arena;
    ScorePeriod period = {.from = date_of(year, month, 1)};
    const char *shown_year = arena_printf(arena, "%d", year);
    period.to = date_plus(first_of(year, month, months), -1);
    if (months == 1) {
        period.code = arena_printf(arena, "%d-%02d", year, month);
        period.name = request_text(req, "score.month", "year", shown_year, "month",
                                   arena_printf(arena, "%d", month));
        return period;
    }
    const char *quarter = arena_printf(arena, "%d", (month - 1) / QUARTER_MONTHS + 1);
    period.code = arena_printf(arena, "%d-Q%s", year, quarter);
    period.name = request_text(req, "score.quarter", "year", shown_year, "quarter", quarter);
    return period;
}

static ScorePeriod month_of(Request *req, Date day)
{
    int year, month, rest;
    date_split(day, &year, &month, &rest);
    return period_of(req, year, month, 1);
}

static ScorePeriod quarter_of(Request *req, Date day)
{
    int year, month, rest;
    date_split(day, &year, &month, &rest);
    return period_of(req, year, month - (month - 1) % QUARTER_MONTHS, QUARTER_MONTHS);
}

/* "2026-11" or "2026-Q4", and nothing that merely looks like it. */
static bool read_code(Request *req, const char *code, ScorePeriod *out)
{
    const char **parts;
    int64_t year, part;
    if (text_split(req->arena, code, '-', &parts) != 2)
        return false;
    bool is_quarter = *parts[1] == 'Q';
    if (!text_to_int64(parts[0], &year) || !text_to_int64(parts[1] + is_quarter, &part) ||
        year < YEAR_FIRST || year > YEAR_LAST || part < 1 ||
        part > (is_quarter ? QUARTERS_OF_YEAR : MONTHS_OF_YEAR))
        return false;
    *out = is_quarter
               ? period_of(req, (int)year, ((int)part - 1) * QUARTER_MONTHS + 1, QUARTER_MONTHS)
               : period_of(req, (int)year, (int)part, 1);
    return text_equal(out->code, code);
}

static Date today_of(Request *req)
{
    return instant_date(req->now, request_app(req)->zone_minutes);
}

bool score_period(Request *req, ScorePeriod *out, Error *err)
{
    const char *code = input_text(req, "period");
    if (!code) {
        *out = month_of(req, today_of(req));
        return true;
    }
    return read_code(req, code, out) ||
           error_set(err, ERROR_INVALID, .code = "score.bad_period", .field = "period");
}

/* ---- the choice ------------------------------------------------------------------------------ */

static void offer(FormField *field, const ScorePeriod *one, const char *chosen, bool *out_has)
{
    bool is_chosen = text_equal(one->code, chosen);
    *out_has |= is_chosen;
    field->choices.items[field->choices.count++] =
        (FieldChoice){.value = one->code, .label = one->name, .is_chosen = is_chosen};
}

FormField score_period_field(Request *req, const ScorePeriod *period)
{
    FormField field = request_field(req, score_period_input, "period", period->code);
    Date today = today_of(req);
    int year, month, rest;
    bool has = false;
    date_split(today, &year, &month, &rest);
    field.type = "choice";
    field.choices.items =
        arena_array(req->arena, FieldChoice, MONTHS_OFFERED + QUARTERS_OFFERED + 1);
    for (int i = 0; i < QUARTERS_OFFERED; i++) {
        Date day = first_of(year, month, -i * QUARTER_MONTHS);
        ScorePeriod one = quarter_of(req, day);
        offer(&field, &one, period->code, &has);
    }
    for (int i = 0; i < MONTHS_OFFERED; i++) {
        ScorePeriod one = month_of(req, first_of(year, month, -i));
        offer(&field, &one, period->code, &has);
    }
    if (!has)
        offer(&field, period, period->code, &has);
    return field;
}
