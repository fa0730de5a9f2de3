/*
 * gherkin_expand.c - outlines and backgrounds worked out: the scenarios as they run.
 *
 *     tree -> scenario, or one for each row of its examples -> <name> replaced -> steps
 */
#include "format/gherkin.h"

#include <string.h>

#include "base/text.h"

typedef struct Expansion {
    Arena *arena;
    const GherkinLimits *limits;
    const Gherkin *tree;
    GherkinScenarios *out;
    size_t step_count;
    const GherkinRow *names; /* of the row that is worked out; NULL: no outline */
    const GherkinRow *values;
    Error *err;
} Expansion;

static bool fail_size(Expansion *x, int line)
{
    return error_set(x->err, ERROR_TOO_LARGE, .code = "gherkin.size", .line = line, .column = 1,
                     .with = {{"line", arena_printf(x->arena, "%d", line)}});
}

/* ---- placeholders ---------------------------------------------------------------------------- */

static const char *value_of(const Expansion *x, const char *name, size_t length)
{
    for (size_t i = 0; i < x->names->cells.count; i++) {
        const char *column = x->names->cells.items[i].text;
        if (strlen(column) == length && memcmp(column, name, length) == 0)
            return x->values->cells.items[i].text;
    }
    return NULL;
}

static bool fail_placeholder(Expansion *x, const char *name, size_t length, int line)
{
    return error_set(x->err, ERROR_INVALID, .code = "gherkin.placeholder", .line = line,
                     .column = 1,
                     .with = {{"line", arena_printf(x->arena, "%d", line)},
                              {"name", arena_text_n(x->arena, name, length)}});
}

/* The end of <name> at `at`, or NULL: "a < b" and "x <= 3, y > 2" are no placeholders. */
static const char *placeholder_end(const char *at)
{
    const char *end = *at == '<' ? strpbrk(at + 1, "<>\n") : NULL;
    bool is_name = end && *end == '>' && end > at + 1 && !strchr(" =", at[1]) && end[-1] != ' ';
    return is_name ? end : NULL;
}

static bool replace(Expansion *x, const char **text, int line)
{
    if (!x->names || !*text || !strchr(*text, '<'))
        return true;
    Buffer out = buffer_init(x->arena, x->limits->bytes);
    for (const char *at = *text; *at; at++) {
        const char *end = placeholder_end(at);
        if (!end) {
            buffer_add_char(&out, *at);
            continue;
        }
        const char *value = value_of(x, at + 1, (size_t)(end - at - 1));
        if (!value)
            return fail_placeholder(x, at + 1, (size_t)(end - at - 1), line);
        buffer_add(&out, value);
        at = end;
    }
    *text = buffer_text(&out);
    return !out.is_over || fail_size(x, line);
}

static bool replace_table(Expansion *x, GherkinTable *table)
{
    GherkinTable copy = {0};
    list_each (const GherkinRow, row, table) {
        GherkinRow made = {.line = row->line};
        list_each (const GherkinCell, cell, &row->cells) {
            GherkinCell one = *cell;
            if (!replace(x, &one.text, row->line))
                return false;
            list_add(x->arena, &made.cells, one);
        }
        list_add(x->arena, &copy, made);
    }
    *table = copy;
    return true;
}

/* ---- scenarios ------------------------------------------------------------------------------- */

static bool add_steps(Expansion *x, const GherkinSteps *steps, GherkinSteps *out)
{
    list_each (const GherkinStep, step, steps) {
        GherkinStep made = *step;
        if (++x->step_count > x->limits->steps || arena_is_over(x->arena))
            return fail_size(x, step->line);
        if (x->names && (!replace(x, &made.text, step->line) ||
                         !replace(x, &made.doc, step->doc_line) || !replace_table(x, &made.table)))
            return false;
        list_add(x->arena, out, made);
    }
    return true;
}

static void add_tags(Expansion *x, const GherkinTags *tags, GherkinTags *out)
{
    list_each (const GherkinTag, tag, tags)
        list_add(x->arena, out, *tag);
}

static bool add_scenario(Expansion *x, const GherkinScenario *scenario,
                         const GherkinExamples *examples)
{
    GherkinScenario made = {.name = scenario->name,
                            .line = x->values ? x->values->line : scenario->line,
                            .column = scenario->column};
    if (x->out->count >= x->limits->scenarios)
        return fail_size(x, scenario->line);
    add_tags(x, &x->tree->tags, &made.tags);
    add_tags(x, &scenario->tags, &made.tags);
    if (examples)
        add_tags(x, &examples->tags, &made.tags);
    if (!replace(x, &made.name, scenario->line) ||
        !add_steps(x, &x->tree->background, &made.steps) ||
        !add_steps(x, &scenario->steps, &made.steps))
        return false;
    list_add(x->arena, x->out, made);
    return true;
}

/* "name (a, b)": which row it is, for reports. */
static const char *name_of_row(const Expansion *x, const char *name)
{
    Buffer out = buffer_init(x->arena, 0);
    buffer_printf(&out, "%s (", name);
    for (size_t i = 0; i < x->values->cells.count; i++)
        buffer_printf(&out, "%s%s", i ? ", " : "", x->values->cells.items[i].text);
    buffer_add(&out, ")");
    return buffer_text(&out);
}

static bool add_outline(Expansion *x, const GherkinScenario *scenario)
{
    list_each (const GherkinExamples, examples, &scenario->examples)
        for (size_t i = 1; i < examples->table.count; i++) {
            x->names = &examples->table.items[0];
            x->values = &examples->table.items[i];
            if (!add_scenario(x, scenario, examples))
                return false;
            GherkinScenario *made = &x->out->items[x->out->count - 1];
            made->name = name_of_row(x, made->name);
        }
    x->names = x->values = NULL;
    return true;
}

const GherkinScenarios *gherkin_expand(Arena *arena, const Gherkin *tree,
                                       const GherkinLimits *limits, Error *err)
{
    Expansion x = {.arena = arena,
                   .limits = limits,
                   .tree = tree,
                   .out = arena_alloc(arena, sizeof(GherkinScenarios)),
                   .err = err};
    list_each (const GherkinScenario, scenario, &tree->scenarios)
        if (!(scenario->is_outline ? add_outline(&x, scenario) : add_scenario(&x, scenario, NULL)))
            return NULL;
    return x.out;
}
