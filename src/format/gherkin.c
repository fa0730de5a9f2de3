/*
 * gherkin.c - a Given/When/Then text, line by line, into a tree.
 *
 *     bytes -> size, encoding -> language -> line -> what it begins with -> the part that is open
 *
 * A line belongs to the part that was opened last: a row to the last step or examples, a step to
 * the last scenario. So the reader keeps pointers to what is open, and each kind of line says what
 * has to be. Spaces around are the ASCII ones and the ideographic one, which is what a Chinese
 * keyboard types.
 */
#include "format/gherkin.h"

#include <string.h>

#include "base/text.h"
#include "format/place.h"

const GherkinLimits GHERKIN_LIMITS = {
    .bytes = (size_t)1024 * 1024, .cells = 100, .scenarios = 5000, .steps = 50000};

typedef enum LineKind {
    LINE_FEATURE,
    LINE_BACKGROUND,
    LINE_SCENARIO,
    LINE_OUTLINE,
    LINE_EXAMPLES,
    LINE_GIVEN,
    LINE_WHEN,
    LINE_THEN,
    LINE_AND,
    LINE_TAGS,
    LINE_ROW,
    LINE_DOC,
    LINE_TEXT,
} LineKind;

typedef struct Keyword {
    const char *word;
    LineKind kind;
} Keyword;

static const Keyword english[] = {
    {"Feature", LINE_FEATURE},
    {"Background", LINE_BACKGROUND},
    {"Scenario Outline", LINE_OUTLINE},
    {"Scenario Template", LINE_OUTLINE},
    {"Scenario", LINE_SCENARIO},
    {"Examples", LINE_EXAMPLES},
    {"Scenarios", LINE_EXAMPLES},
    {"Example", LINE_SCENARIO},
    {"Given", LINE_GIVEN},
    {"When", LINE_WHEN},
    {"Then", LINE_THEN},
    {"And", LINE_AND},
    {"But", LINE_AND},
    {"*", LINE_AND},
    {NULL, LINE_TEXT},
};

static const Keyword chinese[] = {
    {"功能", LINE_FEATURE},     {"背景", LINE_BACKGROUND}, {"场景大纲", LINE_OUTLINE},
    {"剧本大纲", LINE_OUTLINE}, {"场景", LINE_SCENARIO},   {"剧本", LINE_SCENARIO},
    {"例子", LINE_EXAMPLES},    {"假如", LINE_GIVEN},      {"假设", LINE_GIVEN},
    {"假定", LINE_GIVEN},       {"当", LINE_WHEN},         {"那么", LINE_THEN},
    {"而且", LINE_AND},         {"并且", LINE_AND},        {"同时", LINE_AND},
    {"但是", LINE_AND},         {"*", LINE_AND},           {NULL, LINE_TEXT},
};

/* One line, without its end and the spaces around it. */
typedef struct Line {
    const char *start; /* the first byte that is no space */
    size_t length;
    int number;
    int column; /* of start */
    LineKind kind;
    const char *keyword;
    const char *rest; /* what follows keyword and colon, without spaces before it */
    size_t rest_length;
    int rest_column;
} Line;

typedef struct Reader {
    Arena *arena;
    const GherkinLimits *limits;
    const char *next; /* the line to read */
    const char *end;
    int number; /* of the line that was read */
    Line line;
    const Keyword *keywords;
    bool is_chinese;
    Gherkin *tree;
    GherkinTags tags;          /* written above what has not come yet */
    GherkinScenario *scenario; /* NULL before the first */
    GherkinSteps *steps;       /* a step may be added here; NULL: nowhere */
    GherkinTable *table;       /* a row may be added here */
    bool is_heading;           /* free text may follow */
    bool has_background;
    size_t step_count;
    Buffer about;
    Error *err;
} Reader;

/* ---- errors ---------------------------------------------------------------------------------- */

static const char *number_text(Reader *r, int number)
{
    return arena_printf(r->arena, "%d", number);
}

/* The beginning of what stands at a place, for a message: 40 code points at most. */
static const char *shown(Reader *r, const char *text, size_t length)
{
    const char *copy = arena_text_n(r->arena, text, length), *at = copy;
    for (int i = 0; i < 40 && *at; i++)
        text_next(&at);
    const char *more = *at ? "..." : "";
    return arena_printf(r->arena, "\"%.*s%s\"", (int)(at - copy), copy, more);
}

static bool fail_at(Reader *r, int line, int column, const char *expected, const char *found)
{
    return error_set(r->err, ERROR_INVALID, .code = "gherkin.syntax", .line = line,
                     .column = column,
                     .with = {{"line", number_text(r, line)},
                              {"column", number_text(r, column)},
                              {"expected", expected},
                              {"found", found}});
}

/* What could stand in place of the line. */
static const char *expected_here(const Reader *r)
{
    bool zh = r->is_chinese;
    if (!r->tree->name)
        return zh ? "功能:" : "Feature:";
    if (r->tags.count)
        return zh ? "场景:、场景大纲:、例子:" : "Scenario:, Scenario Outline: or Examples:";
    if (r->steps)
        return zh ? "假如、当、那么、而且、但是，“|”，场景:"
                  : "Given, When, Then, And, But, \"|\" or Scenario:";
    return zh ? "场景:、场景大纲:、“|”" : "Scenario:, Scenario Outline: or \"|\"";
}

static bool fail_line(Reader *r)
{
    return fail_at(r, r->line.number, r->line.column, expected_here(r),
                   shown(r, r->line.start, r->line.length));
}

static bool fail_size(Arena *arena, int line, Error *err)
{
    return error_set(err, ERROR_TOO_LARGE, .code = "gherkin.size", .line = line, .column = 1,
                     .with = {{"line", arena_printf(arena, "%d", line)}});
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Bytes of the space at the beginning of a text, 0 when it begins with none. */
static size_t space_at(const char *at, const char *end)
{
    if (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
        return 1;
    return end - at >= 3 && memcmp(at, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

static const char *skip_spaces(const char *at, const char *end, int *column)
{
    size_t size;
    while ((size = space_at(at, end)) > 0) {
        at += size;
        ++*column;
    }
    return at;
}

static const char *trim_end(const char *start, const char *end)
{
    while (end > start) {
        if (space_at(end - 1, end))
            end--;
        else if (end - start >= 3 && space_at(end - 3, end) == 3)
            end -= 3;
        else
            break;
    }
    return end;
}

/* The next line whole; false at the end of the text. */
static bool next_raw(Reader *r, const char **out_start, const char **out_end)
{
    if (r->next >= r->end)
        return false;
    const char *end = memchr(r->next, '\n', (size_t)(r->end - r->next));
    *out_start = r->next;
    *out_end = end ? end : r->end;
    r->next = end ? end + 1 : r->end;
    r->number++;
    return true;
}

static bool line_starts(const Line *line, const char *text)
{
    size_t length = strlen(text);
    return line->length >= length && memcmp(line->start, text, length) == 0;
}

/* Behind the colon of a heading, or of a step behind its keyword; NULL when the word is none. */
static const char *behind_keyword(const Reader *r, const Line *line, const Keyword *keyword)
{
    const char *end = line->start + line->length;
    const char *at = line->start + strlen(keyword->word);
    int ignored = 0;
    if (!line_starts(line, keyword->word))
        return NULL;
    if (keyword->kind >= LINE_GIVEN) {
        bool is_open = r->is_chinese && *keyword->word != '*';
        return is_open || at == end || space_at(at, end) ? at : NULL;
    }
    at = skip_spaces(at, end, &ignored);
    if (at < end && *at == ':')
        return at + 1;
    return end - at >= 3 && memcmp(at, "：", 3) == 0 ? at + 3 : NULL;
}

static void find_kind(const Reader *r, Line *line)
{
    const char *rest;
    line->kind = LINE_TEXT;
    if (*line->start == '@')
        line->kind = LINE_TAGS;
    else if (*line->start == '|')
        line->kind = LINE_ROW;
    else if (line_starts(line, "\"\"\"") || line_starts(line, "```"))
        line->kind = LINE_DOC;
    for (const Keyword *keyword = r->keywords; line->kind == LINE_TEXT && keyword->word; keyword++)
        if ((rest = behind_keyword(r, line, keyword))) {
            line->kind = keyword->kind;
            line->keyword = keyword->word;
            line->rest_column =
                line->column + place_columns(line->start, (size_t)(rest - line->start));
            line->rest = skip_spaces(rest, line->start + line->length, &line->rest_column);
            line->rest_length = (size_t)(line->start + line->length - line->rest);
        }
}

/* The next line that says something; false at the end. */
static bool next_line(Reader *r)
{
    const char *start, *end;
    while (next_raw(r, &start, &end)) {
        int column = 1;
        start = skip_spaces(start, end, &column);
        end = trim_end(start, end);
        if (start == end || *start == '#')
            continue;
        r->line = (Line){
            .start = start, .length = (size_t)(end - start), .number = r->number, .column = column};
        find_kind(r, &r->line);
        return true;
    }
    return false;
}

/* ---- headings -------------------------------------------------------------------------------- */

static const char *rest_text(Reader *r)
{
    return arena_text_n(r->arena, r->line.rest, r->line.rest_length);
}

static GherkinTags take_tags(Reader *r)
{
    GherkinTags tags = r->tags;
    r->tags = (GherkinTags){0};
    return tags;
}

static bool take_feature(Reader *r)
{
    if (r->tree->name)
        return fail_line(r);
    r->tree->tags = take_tags(r);
    r->tree->name = rest_text(r);
    r->tree->line = r->line.number;
    r->is_heading = true;
    return true;
}

static bool take_background(Reader *r)
{
    if (!r->tree->name || r->scenario || r->has_background || r->tags.count)
        return fail_line(r);
    r->has_background = r->is_heading = true;
    r->steps = &r->tree->background;
    r->table = NULL;
    return true;
}

/* An outline must have had its examples before the next thing begins. */
static bool close_scenario(Reader *r)
{
    if (!r->scenario || !r->scenario->is_outline || r->scenario->examples.count)
        return true;
    return fail_at(r, r->number, 1, r->is_chinese ? "例子:" : "Examples:",
                   r->is_chinese ? "场景大纲的结尾" : "the end of the outline");
}

static bool take_scenario(Reader *r)
{
    if (!r->tree->name)
        return fail_line(r);
    if (!close_scenario(r))
        return false;
    GherkinScenario scenario = {.name = rest_text(r),
                                .tags = take_tags(r),
                                .line = r->line.number,
                                .column = r->line.column,
                                .is_outline = r->line.kind == LINE_OUTLINE};
    if (r->tree->scenarios.count >= r->limits->scenarios)
        return fail_size(r->arena, r->line.number, r->err);
    list_add(r->arena, &r->tree->scenarios, scenario);
    r->scenario = &r->tree->scenarios.items[r->tree->scenarios.count - 1];
    r->steps = &r->scenario->steps;
    r->table = NULL;
    r->is_heading = true;
    return true;
}

static bool take_examples(Reader *r)
{
    if (!r->scenario || !r->scenario->is_outline)
        return fail_line(r);
    GherkinExamples examples = {.name = rest_text(r), .tags = take_tags(r), .line = r->line.number};
    list_add(r->arena, &r->scenario->examples, examples);
    r->table = &r->scenario->examples.items[r->scenario->examples.count - 1].table;
    r->steps = NULL;
    r->is_heading = true;
    return true;
}

/* ---- tags, steps ----------------------------------------------------------------------------- */

static bool take_tags_line(Reader *r)
{
    const char *at = r->line.start, *end = at + r->line.length;
    int column = r->line.column;
    while (at < end) {
        const char *start = at;
        int from = column;
        while (at < end && !space_at(at, end))
            at++;
        size_t length = (size_t)(at - start);
        column += place_columns(start, length);
        if (*start != '@' || length < 2 || memchr(start + 1, '@', length - 1))
            return fail_at(r, r->line.number, from, "@tag", shown(r, start, length));
        list_add(r->arena, &r->tags,
                 (GherkinTag){arena_text_n(r->arena, start, length), r->line.number, from});
        at = skip_spaces(at, end, &column);
    }
    return true;
}

static bool find_role(Reader *r, GherkinRole *out)
{
    if (r->line.kind != LINE_AND) {
        *out = (GherkinRole)(r->line.kind - LINE_GIVEN);
        return true;
    }
    if (!r->steps->count)
        return fail_at(r, r->line.number, r->line.column,
                       r->is_chinese ? "假如、当、那么" : "Given, When or Then",
                       shown(r, r->line.start, r->line.length));
    *out = r->steps->items[r->steps->count - 1].role;
    return true;
}

static bool take_step(Reader *r)
{
    GherkinRole role = GHERKIN_GIVEN;
    if (!r->steps || r->tags.count)
        return fail_line(r);
    if (!find_role(r, &role))
        return false;
    if (++r->step_count > r->limits->steps)
        return fail_size(r->arena, r->line.number, r->err);
    GherkinStep step = {.role = role,
                        .keyword = r->line.keyword,
                        .text = rest_text(r),
                        .line = r->line.number,
                        .column = r->line.rest_column};
    list_add(r->arena, r->steps, step);
    r->table = &r->steps->items[r->steps->count - 1].table;
    r->is_heading = false;
    return true;
}

/* ---- rows and doc strings -------------------------------------------------------------------- */

/* The cell up to its bar; *at moves there. False when the line ends first. */
static bool read_cell(Reader *r, const char **at, const char *end, int *column, GherkinCell *out)
{
    const char *start = *at = skip_spaces(*at, end, column);
    Buffer text = buffer_init(r->arena, 0);
    out->column = *column;
    while (*at < end && **at != '|') {
        bool is_escape = **at == '\\' && *at + 1 < end && strchr("|\\n", (*at)[1]);
        *at += is_escape;
        buffer_add_char(&text, is_escape && **at == 'n' ? '\n' : **at);
        ++*at;
    }
    *column += place_columns(start, (size_t)(*at - start));
    const char *whole = buffer_text(&text);
    out->text =
        arena_text_n(r->arena, whole, (size_t)(trim_end(whole, whole + text.length) - whole));
    return *at < end;
}

static bool fail_columns(Reader *r, size_t expected, size_t found)
{
    return error_set(r->err, ERROR_INVALID, .code = "gherkin.columns", .line = r->line.number,
                     .column = r->line.column,
                     .with = {{"line", number_text(r, r->line.number)},
                              {"expected", number_text(r, (int)expected)},
                              {"found", number_text(r, (int)found)}});
}

static bool take_row(Reader *r)
{
    const char *at = r->line.start + 1, *end = r->line.start + r->line.length;
    int column = r->line.column + 1;
    GherkinRow row = {.line = r->line.number};
    if (!r->table || r->tags.count)
        return fail_line(r);
    while (at < end) {
        GherkinCell cell = {0};
        if (!read_cell(r, &at, end, &column, &cell))
            return fail_at(r, r->line.number, column, "|", r->is_chinese ? "行尾" : "end of line");
        if (row.cells.count == r->limits->cells)
            return fail_size(r->arena, r->line.number, r->err);
        list_add(r->arena, &row.cells, cell);
        at++;
        column++;
    }
    size_t wanted = r->table->count ? r->table->items[0].cells.count : row.cells.count;
    if (!row.cells.count || row.cells.count != wanted)
        return fail_columns(r, wanted ? wanted : 1, row.cells.count);
    list_add(r->arena, r->table, row);
    r->is_heading = false;
    return true;
}

/* One line of a doc string without the indent of its opening mark, and \" undone. */
static void add_doc_line(Buffer *doc, const char *start, const char *end, int indent)
{
    int column = 1;
    const char *mark = "\\\"\\\"\\\"";
    while (column < indent && space_at(start, end)) {
        start += space_at(start, end);
        column++;
    }
    if (end > start && end[-1] == '\r')
        end--;
    const char *escaped = memmem(start, (size_t)(end - start), mark, strlen(mark));
    if (escaped) {
        buffer_add_n(doc, start, (size_t)(escaped - start));
        buffer_add(doc, "\"\"\"");
        start = escaped + strlen(mark);
    }
    buffer_add_n(doc, start, (size_t)(end - start));
}

static bool take_doc(Reader *r)
{
    GherkinStep *step = r->steps && r->steps->count ? &r->steps->items[r->steps->count - 1] : NULL;
    char mark[4] = {r->line.start[0], r->line.start[0], r->line.start[0], 0};
    Line opening = r->line;
    Buffer doc = buffer_init(r->arena, 0);
    const char *start, *end;
    if (!step || step->doc || step->table.count || r->tags.count)
        return fail_line(r);
    step->doc_line = opening.number + 1;
    for (bool is_first = true; next_raw(r, &start, &end); is_first = false) {
        int column = 1;
        const char *text = skip_spaces(start, end, &column);
        if (trim_end(text, end) - text == 3 && memcmp(text, mark, 3) == 0) {
            step->doc = buffer_text(&doc);
            r->table = NULL;
            return true;
        }
        if (!is_first)
            buffer_add_char(&doc, '\n');
        add_doc_line(&doc, start, end, opening.column);
    }
    return fail_at(r, opening.number, opening.column, arena_text(r->arena, mark),
                   r->is_chinese ? "文件结尾" : "end of file");
}

static bool take_text(Reader *r)
{
    if (!r->is_heading || r->tags.count)
        return fail_line(r);
    if (r->scenario || r->has_background)
        return true;
    if (r->about.length)
        buffer_add_char(&r->about, '\n');
    buffer_add_n(&r->about, r->line.start, r->line.length);
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool take_line(Reader *r)
{
    switch (r->line.kind) {
    case LINE_FEATURE: return take_feature(r);
    case LINE_BACKGROUND: return take_background(r);
    case LINE_SCENARIO:
    case LINE_OUTLINE: return take_scenario(r);
    case LINE_EXAMPLES: return take_examples(r);
    case LINE_TAGS: return take_tags_line(r);
    case LINE_ROW: return take_row(r);
    case LINE_DOC: return take_doc(r);
    case LINE_TEXT: return take_text(r);
    default: return take_step(r);
    }
}

/* "# language: zh-CN" in the first line, English without it. */
static bool read_language(Reader *r)
{
    const char *end = memchr(r->next, '\n', (size_t)(r->end - r->next));
    const char *at = r->next;
    int column = 1;
    end = end ? end : r->end;
    at = skip_spaces(at, end, &column);
    r->keywords = english;
    r->tree->language = "en";
    if (at == end || *at != '#')
        return true;
    at = skip_spaces(at + 1, end, &column);
    if (end - at < 9 || memcmp(at, "language:", 9) != 0)
        return true;
    at = skip_spaces(at + 9, end, &column);
    const char *name = arena_text_n(r->arena, at, (size_t)(trim_end(at, end) - at));
    r->is_chinese = text_equal(name, "zh-CN");
    if (!r->is_chinese && !text_equal(name, "en"))
        return error_set(r->err, ERROR_INVALID, .code = "gherkin.language", .line = 1,
                         .column = column + 10, .with = {{"name", name}});
    r->keywords = r->is_chinese ? chinese : english;
    r->tree->language = r->is_chinese ? "zh-CN" : "en";
    return true;
}

static bool check_text(Arena *arena, const char *data, size_t length, const GherkinLimits *limits,
                       Error *err)
{
    if (length > limits->bytes)
        return fail_size(arena, 1, err);
    const char *bad = place_find_bad_utf8(data, length);
    Place place = place_start(data);
    if (!bad)
        return true;
    place_move(&place, bad);
    return place_error(arena, &place, ERROR_INVALID, "gherkin.encoding", "not UTF-8", err);
}

static bool read_all(Reader *r)
{
    while (next_line(r)) {
        if (!take_line(r))
            return false;
        if (arena_is_over(r->arena))
            return fail_size(r->arena, r->number, r->err);
    }
    if (r->tree->name && !r->tags.count)
        return close_scenario(r);
    return fail_at(r, r->number ? r->number : 1, 1, expected_here(r),
                   r->is_chinese ? "文件结尾" : "end of file");
}

Gherkin *gherkin_parse(Arena *arena, const char *data, size_t length, const GherkinLimits *limits,
                       Error *err)
{
    if (!check_text(arena, data, length, limits, err))
        return NULL;
    if (length >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
        data += 3, length -= 3;
    Reader reader = {.arena = arena,
                     .limits = limits,
                     .next = data,
                     .end = data + length,
                     .tree = arena_new(arena, Gherkin),
                     .about = buffer_init(arena, 0),
                     .err = err};
    if (!read_language(&reader) || !read_all(&reader))
        return NULL;
    reader.tree->about = buffer_text(&reader.about);
    return reader.tree;
}
