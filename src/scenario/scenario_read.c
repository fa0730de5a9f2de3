/*
 * scenario_read.c - a text to scenarios whose every step is known.
 *
 *     text -> Gherkin -> expanded -> each step: the row that it matches -> arguments, expressions
 *
 * Everything that can be wrong with a file alone is found here; a run meets only what depends on
 * tables and programs.
 */
#include "scenario/scenario_internal.h"

#include <string.h>

#include "base/text.h"
#include "format/place.h"

typedef struct Reader {
    Arena *arena;
    ScenarioFile *file;
    FeelNames *names;
    Error *err;
} Reader;

/* ---- errors ---------------------------------------------------------------------------------- */

static bool fail(Reader *r, const char *code, int line, int column, const char *expected,
                 const char *found)
{
    return error_set(r->err, ERROR_INVALID, .code = code, .line = line, .column = column,
                     .with = {{"line", arena_printf(r->arena, "%d", line)},
                              {"column", arena_printf(r->arena, "%d", column)},
                              {"expected", expected},
                              {"found", found}});
}

/* ---- which step it is ------------------------------------------------------------------------ */

typedef struct Nearest {
    const char *pattern;
    size_t fit;
} Nearest;

/* Puts arguments of the Chinese pattern into the order of the English one. */
static void reorder(const StepRow *row, Argument *arguments)
{
    Argument given[ARGUMENTS_MAX];
    memcpy(given, arguments, sizeof given);
    for (size_t i = 0; row->order && row->order[i]; i++)
        arguments[row->order[i] - '0'] = given[i];
}

static bool try_row(Reader *r, const StepRow *row, const char *text, Argument *arguments,
                    Nearest *nearest)
{
    const char *const patterns[] = {row->english, row->chinese};
    for (int i = 0; i < 2; i++) {
        size_t fit = 0;
        memset(arguments, 0, sizeof(Argument) * ARGUMENTS_MAX);
        if (step_matches(r->arena, patterns[i], text, arguments, &fit)) {
            if (i)
                reorder(row, arguments);
            return true;
        }
        if (fit > nearest->fit || !nearest->pattern)
            *nearest = (Nearest){patterns[i], fit};
    }
    return false;
}

static bool find_row(Reader *r, const GherkinStep *written, Step *out)
{
    const StepRow *const lists[] = {pure_steps, program_steps};
    Nearest nearest = {0};
    for (int i = 0; i < 2; i++)
        for (const StepRow *row = lists[i]; row->english; row++)
            if (try_row(r, row, written->text, out->arguments, &nearest)) {
                out->row = row;
                out->is_program = i == 1;
                return true;
            }
    return fail(r, "scenario.step", written->line,
                written->column + place_columns(written->text, nearest.fit), nearest.pattern,
                written->text);
}

/* ---- expressions and tables ------------------------------------------------------------------ */

static FeelExpression *compile(Reader *r, const char *text, int line, int column)
{
    Error problem = ERROR_NONE;
    FeelExpression *expression = feel_compile(r->arena, text, FEEL_EXPRESSION, r->names, &problem);
    if (expression)
        return expression;
    problem.column = problem.line > 1 ? problem.column : column + problem.column - 1;
    problem.line = line;
    problem.with[0] = (ErrorParam){"line", arena_printf(r->arena, "%d", line)};
    error_fill(r->err, problem);
    return NULL;
}

static bool compile_argument(Reader *r, const GherkinStep *written, Argument *argument)
{
    argument->expression =
        compile(r, argument->text, written->line, written->column + argument->column);
    return argument->expression != NULL;
}

static bool read_values(Reader *r, const GherkinStep *written, Step *out)
{
    list_each (const GherkinRow, row, &written->table) {
        if (row->cells.count != 2)
            return fail(r, "scenario.table", row->line, row->cells.items[0].column,
                        "| name | expression |", written->text);
        const GherkinCell *cell = &row->cells.items[1];
        NamedExpression value = {
            .name = row->cells.items[0].text, .line = row->line, .column = cell->column};
        value.expression = compile(r, cell->text, row->line, cell->column);
        if (!value.expression)
            return false;
        list_add(r->arena, &out->values, value);
    }
    return true;
}

static bool read_table(Reader *r, const GherkinStep *written, Step *out)
{
    bool has_table = written->table.count > 0;
    if (written->doc || has_table != (out->row->table == TABLE_VALUES))
        return fail(r, "scenario.table", written->line, written->column,
                    has_table || written->doc ? "no table" : "| name | expression |",
                    written->text);
    return read_values(r, written, out);
}

static bool ends_with_expression(const char *pattern)
{
    return text_ends_with(pattern, "<expression>");
}

static bool read_step(Reader *r, const GherkinStep *written, Step *out)
{
    out->written = written;
    if (!find_row(r, written, out) || !read_table(r, written, out))
        return false;
    if (!ends_with_expression(out->row->english))
        return true;
    size_t last = ARGUMENTS_MAX;
    while (last > 0 && !out->arguments[last - 1].text)
        last--;
    return compile_argument(r, written, &out->arguments[last - 1]);
}

/* ---- scenarios ------------------------------------------------------------------------------- */

static bool has_code(const Codes *codes, const char *code)
{
    for (size_t i = 0; i < codes->count; i++)
        if (text_equal(codes->items[i], code))
            return true;
    return false;
}

/* What a step is about: the table that it asks, the item that it applies for. */
static void note_code(Reader *r, const Step *step)
{
    const char *code = step->arguments[1].text;
    bool asks = step->row == &pure_steps[0] || step->row == &pure_steps[1];
    Codes *codes = asks ? &r->file->tables : &r->file->items;
    if ((asks || step->row->names_item) && !has_code(codes, code))
        list_add(r->arena, codes, code);
}

static const char *const *tags_of(Reader *r, const GherkinScenario *written)
{
    const char **tags = arena_array(r->arena, const char *, written->tags.count + 1);
    for (size_t i = 0; i < written->tags.count; i++)
        tags[i] = written->tags.items[i].name;
    return tags;
}

static bool read_scenario(Reader *r, const GherkinScenario *written)
{
    Scenario scenario = {.name = written->name, .line = written->line, .tags = tags_of(r, written)};
    list_each (const GherkinStep, one, &written->steps) {
        Step step = {0};
        if (!read_step(r, one, &step))
            return false;
        scenario.needs_program |= step.is_program;
        note_code(r, &step);
        list_add(r->arena, &scenario.steps, step);
    }
    list_add(r->arena, &r->file->scenarios, scenario);
    return true;
}

ScenarioFile *scenario_read(Arena *arena, const char *name, const char *text, size_t length,
                            Error *err)
{
    Reader r = {.arena = arena,
                .file = arena_new(arena, ScenarioFile),
                .names = feel_names_create(arena),
                .err = err};
    r.file->name = name;
    const Gherkin *tree = gherkin_parse(arena, text, length, &GHERKIN_LIMITS, err);
    const GherkinScenarios *all = tree ? gherkin_expand(arena, tree, &GHERKIN_LIMITS, err) : NULL;
    if (!all)
        return NULL;
    list_each (const GherkinScenario, scenario, all)
        if (!read_scenario(&r, scenario))
            return NULL;
    return r.file;
}

bool scenario_names_table(const ScenarioFile *file, const char *code)
{
    return has_code(&file->tables, code);
}

size_t scenario_tables(const ScenarioFile *file, const char *const **out_codes)
{
    *out_codes = file->tables.items;
    return file->tables.count;
}

size_t scenario_items(const ScenarioFile *file, const char *const **out_codes)
{
    *out_codes = file->items.items;
    return file->items.count;
}

bool scenario_needs_program(const ScenarioFile *file)
{
    list_each (const Scenario, scenario, &file->scenarios)
        if (scenario->needs_program)
            return true;
    return false;
}

size_t scenario_steps(Arena *arena, const ScenarioStepDoc **out_steps)
{
    const StepRow *const lists[] = {pure_steps, program_steps};
    LIST(ScenarioStepDoc) docs = {0};
    for (int i = 0; i < 2; i++)
        for (const StepRow *row = lists[i]; row->english; row++)
            list_add(arena, &docs,
                     (ScenarioStepDoc){row->english, row->chinese, row->rows, i == 1});
    *out_steps = docs.items;
    return docs.count;
}
