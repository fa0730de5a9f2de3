/*
 * dmn_grid_write.c - a file with the rules of one table replaced.
 *
 * The file is cut up as text, at the places where the parser saw elements: a rule that did not
 * change is copied byte by byte with what stands before it, of one that did the changed cells are
 * exchanged, new ones are written the way the others are indented.
 */
#include "dmn/dmn_grid_internal.h"

#include <string.h>

typedef struct Span {
    size_t start, end;
} Span;

typedef struct Cursor {
    int line, column;
    size_t offset;
} Cursor;

typedef struct Work {
    Arena *arena;
    const char *source;
    size_t length;
    const DmnGrid *file;   /* the table as it is */
    const DmnGrid *wanted; /* and as it is to be */
    const char *prefix;    /* of its elements: "", or "dmn:" */
    const char *indent;    /* before a rule: a line break and blanks */
    LIST(const XmlElement *) rules;
    LIST(Span) spans; /* of the rules */
    Cursor cursor;
    Buffer out;
    int64_t made; /* the highest number of an id */
} Work;

/* ---- places ---------------------------------------------------------------------------------- */

/* Where line and column (in code points) are; the length of the source when nowhere. It goes on
 * from where it was last, if that is before. */
static size_t offset_of(Work *work, int line, int column)
{
    Cursor *cursor = &work->cursor;
    const char *end = work->source + work->length;
    if (line < cursor->line || (line == cursor->line && column < cursor->column) || !cursor->line)
        *cursor = (Cursor){1, 1, 0};
    const char *at = work->source + cursor->offset;
    for (; cursor->line < line && at < end; cursor->line++, cursor->column = 1) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        at = stop ? stop + 1 : end;
    }
    for (; cursor->column < column && at < end; cursor->column++)
        text_next(&at);
    cursor->offset = (size_t)(at - work->source);
    return cursor->offset;
}

static size_t behind(const Work *work, size_t at, const char *mark)
{
    const char *found = strstr(work->source + at, mark);
    return found ? (size_t)(found - work->source) + strlen(mark) : work->length;
}

/* Behind the ">" of the tag that begins here; quoted values may hold one. */
static size_t tag_end(const Work *work, size_t at)
{
    for (char quote = 0; at < work->length; at++) {
        char c = work->source[at];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return at + 1;
    }
    return work->length;
}

/* Behind the element that begins here. What is no element (comments and their like) is passed. */
static size_t element_end(const Work *work, size_t at)
{
    int depth = 0;
    while (at < work->length) {
        const char *text = work->source + at;
        if (strncmp(text, "<!--", 4) == 0) {
            at = behind(work, at, "-->");
        } else if (strncmp(text, "<![CDATA[", 9) == 0) {
            at = behind(work, at, "]]>");
        } else if (strncmp(text, "<?", 2) == 0) {
            at = behind(work, at, "?>");
        } else if (*text != '<') {
            at++;
        } else {
            at = tag_end(work, at);
            depth += text[1] == '/' ? -1 : work->source[at - 2] == '/' ? 0 : 1;
            if (depth == 0)
                return at;
        }
    }
    return work->length;
}

static Span span_of(Work *work, const XmlElement *element)
{
    size_t start = offset_of(work, element->line, element->column);
    return (Span){start, element_end(work, start)};
}

/* ---- pieces ---------------------------------------------------------------------------------- */

static void copy(Work *work, size_t start, size_t end)
{
    if (end > start)
        buffer_add_n(&work->out, work->source + start, end - start);
}

static void add_escaped(Buffer *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '<': buffer_add(out, "&lt;"); break;
        case '>': buffer_add(out, "&gt;"); break;
        case '&': buffer_add(out, "&amp;"); break;
        default: buffer_add_char(out, *text);
        }
}

static void add_element(Work *work, const char *name, const char *text)
{
    buffer_printf(&work->out, "<%s%s>", work->prefix, name);
    add_escaped(&work->out, text);
    buffer_printf(&work->out, "</%s%s>", work->prefix, name);
}

static const char *id_stem(const Work *work)
{
    return arena_printf(work->arena, "Rule_%s_", work->wanted->id);
}

/* An id that the file does not have: its number is higher than those that are there. */
static const char *new_id(Work *work)
{
    return arena_printf(work->arena, "%s%lld", id_stem(work), (long long)++work->made);
}

/* The highest number behind the stem of our ids. */
static int64_t last_number(const Work *work)
{
    enum { DIGITS_MOST = 9 };
    const char *stem = id_stem(work);
    int64_t last = 0, number;
    for (const char *at = work->source; (at = strstr(at, stem)) != NULL;) {
        at += strlen(stem);
        size_t digits = strspn(at, "0123456789");
        if (digits && digits <= DIGITS_MOST &&
            text_to_int64(arena_text_n(work->arena, at, digits), &number) && number > last)
            last = number;
    }
    return last;
}

static void add_entry(Work *work, const char *name, const char *id, size_t number, const char *cell)
{
    buffer_printf(&work->out, "%s  <%s%s", work->indent, work->prefix, name);
    if (id)
        buffer_printf(&work->out, " id=\"%s_%zu\"", id, number);
    buffer_printf(&work->out, ">%s    ", work->indent);
    add_element(work, "text", cell);
    buffer_printf(&work->out, "%s  </%s%s>", work->indent, work->prefix, name);
}

static void add_new_rule(Work *work, const DmnGridRule *rule)
{
    static const char *const names[] = {"inputEntry", "outputEntry", "annotationEntry"};
    const char *id = new_id(work);
    size_t inputs_and_outputs = 0;
    for (; work->file->columns.items[inputs_and_outputs].kind != DMN_GRID_NOTE;)
        inputs_and_outputs++;
    buffer_printf(&work->out, "<%srule id=\"%s\">", work->prefix, id);
    if (*rule->cells[inputs_and_outputs]) {
        buffer_printf(&work->out, "%s  ", work->indent);
        add_element(work, "description", rule->cells[inputs_and_outputs]);
    }
    for (size_t i = 0; i < work->file->columns.count; i++) {
        DmnGridKind kind = work->file->columns.items[i].kind;
        if (i != inputs_and_outputs)
            add_entry(work, names[kind], kind == DMN_GRID_NOTE ? NULL : id, i + 1, rule->cells[i]);
    }
    buffer_printf(&work->out, "%s</%srule>", work->indent, work->prefix);
}

/* ---- a rule that stays ----------------------------------------------------------------------- */

/* The element of a cell with another text; what stands around it stays. */
static void add_changed(Work *work, const XmlElement *part, const char *cell)
{
    Span span = span_of(work, part);
    const XmlElement *text = xml_child(part, part->namespace_uri, "text");
    if (strcmp(part->name, "description") == 0) {
        if (*cell)
            add_element(work, "description", cell);
    } else if (text) {
        Span inner = span_of(work, text);
        copy(work, span.start, inner.start);
        add_element(work, "text", cell);
        copy(work, inner.end, span.end);
    } else {
        const char *id = xml_attribute(part, NULL, "id");
        buffer_printf(&work->out, "<%s%s", work->prefix, part->name);
        if (id)
            buffer_printf(&work->out, " id=\"%s\"", id);
        buffer_add(&work->out, ">");
        add_element(work, "text", cell);
        buffer_printf(&work->out, "</%s%s>", work->prefix, part->name);
    }
}

/* Annotations that the rule did not have: its description comes first, the others last. */
static void add_missing(Work *work, const DmnGridRule *rule, const XmlElement **parts, bool first)
{
    bool is_description = true;
    for (size_t i = 0; i < work->file->columns.count; i++) {
        if (work->file->columns.items[i].kind != DMN_GRID_NOTE)
            continue;
        if (!parts[i] && *rule->cells[i] && is_description == first) {
            if (first) {
                buffer_printf(&work->out, "%s  ", work->indent);
                add_element(work, "description", rule->cells[i]);
            } else {
                add_entry(work, "annotationEntry", NULL, 0, rule->cells[i]);
            }
        }
        is_description = false;
    }
}

/* Which cell a child of the rule is; the number of columns for none. */
static size_t column_of(const Work *work, const XmlElement **parts, const XmlElement *child)
{
    size_t i = 0;
    while (i < work->file->columns.count && parts[i] != child)
        i++;
    return i;
}

static void add_kept_rule(Work *work, const DmnGridRule *rule)
{
    const XmlElement *element = work->rules.items[rule->origin - 1];
    const DmnGridRule *before = &work->file->rules.items[rule->origin - 1];
    size_t count = work->file->columns.count;
    const XmlElement **parts = arena_array(work->arena, const XmlElement *, count);
    Span span = work->spans.items[rule->origin - 1];
    size_t at = tag_end(work, span.start);
    work->cursor = (Cursor){element->line, element->column, span.start};
    grid_parts(element, work->file, parts);
    copy(work, span.start, at);
    add_missing(work, rule, parts, true);
    xml_each (child, element) {
        size_t i = column_of(work, parts, child);
        if (i == count || text_equal(rule->cells[i], before->cells[i]))
            continue;
        Span cell = span_of(work, child);
        copy(work, at, cell.start);
        add_changed(work, child, rule->cells[i]);
        at = cell.end;
    }
    Span last = span_of(work, element->children[element->child_count - 1]);
    if (last.end > at) {
        copy(work, at, last.end);
        at = last.end;
    }
    add_missing(work, rule, parts, false);
    copy(work, at, span.end);
}

/* ---- all rules ------------------------------------------------------------------------------- */

/* What stands between a rule and the one before it: blanks, or comments about it. */
static void add_lead(Work *work, const DmnGridRule *rule, bool is_first)
{
    size_t index = rule->origin ? rule->origin - 1 : 0;
    if (!index) {
        if (!is_first)
            buffer_add(&work->out, work->indent);
        return;
    }
    size_t start = work->spans.items[index - 1].end, end = work->spans.items[index].start;
    while (is_first && start < end && strchr(" \t\r\n", work->source[start]))
        start++;
    copy(work, start, end);
}

static void add_rules(Work *work)
{
    for (size_t i = 0; i < work->wanted->rules.count; i++) {
        const DmnGridRule *rule = &work->wanted->rules.items[i];
        add_lead(work, rule, i == 0);
        if (rule->origin)
            add_kept_rule(work, rule);
        else
            add_new_rule(work, rule);
    }
}

/* The line break and blanks before a place; four where something else stands there. */
static const char *indent_before(const Work *work, size_t at)
{
    size_t start = at;
    while (start > 0 && strchr(" \t", work->source[start - 1]))
        start--;
    if (start == 0 || work->source[start - 1] != '\n')
        return "\n    ";
    return arena_text_n(work->arena, work->source + start - 1, at - start + 1);
}

static const char *prefix_at(const Work *work, size_t at)
{
    size_t length = strcspn(work->source + at + 1, " \t\r\n/>:");
    bool has_prefix = work->source[at + 1 + length] == ':';
    return has_prefix ? arena_text_n(work->arena, work->source + at + 1, length + 1) : "";
}

static void begin(Work *work, const XmlElement *table, Span *out_rules)
{
    work->prefix = prefix_at(work, offset_of(work, table->line, table->column));
    xml_each (child, table)
        if (xml_is(child, table->namespace_uri, "rule")) {
            list_add(work->arena, &work->rules, child);
            list_add(work->arena, &work->spans, span_of(work, child));
        }
    Span last = span_of(work, table->children[table->child_count - 1]);
    *out_rules = (Span){last.end, last.end};
    if (work->spans.count)
        *out_rules =
            (Span){work->spans.items[0].start, work->spans.items[work->spans.count - 1].end};
    work->indent = indent_before(work, work->spans.count ? out_rules->start : last.start);
    work->made = last_number(work);
}

static const DmnGrid *find_grid(const DmnGrids *grids, const char *id)
{
    list_each (const DmnGrid, grid, grids)
        if (text_equal(grid->id, id))
            return grid;
    return NULL;
}

bool dmn_grid_write(Arena *arena, const char *source, size_t length, const DmnGrid *wanted,
                    const char **out, Error *err)
{
    DmnGrids grids = {0};
    const XmlElement *root = xml_parse(arena, source, length, &XML_LIMITS, err);
    if (!root || !dmn_grids(arena, source, length, &grids, err))
        return false;
    const XmlElement *table = grid_table(root, wanted->id);
    const DmnGrid *file = find_grid(&grids, wanted->id);
    Work work = {.arena = arena,
                 .source = source,
                 .length = length,
                 .file = file,
                 .wanted = wanted,
                 .out = buffer_init(arena, 0)};
    bool is_there = table && file && table->child_count > 0;
    size_t at = is_there ? offset_of(&work, table->line, table->column) : length;
    if (at >= length || source[at] != '<' || file->columns.count != wanted->columns.count)
        return error_set(err, ERROR_INVALID, .code = "dmn.grid", .field = wanted->id);
    Span rules;
    begin(&work, table, &rules);
    copy(&work, 0, rules.start);
    if (!work.rules.count && wanted->rules.count)
        buffer_add(&work.out, work.indent);
    add_rules(&work);
    copy(&work, rules.end, length);
    *out = buffer_text(&work.out);
    return true;
}
