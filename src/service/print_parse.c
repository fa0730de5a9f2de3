/*
 * print_parse.c - text to layout tree: tags, their places, classes and attributes, all of them
 * checked against one table.
 *
 *     tags -> open / close on a stack of nodes -> text goes to the nearest node that holds text
 */
#include <string.h>

#include "service/print_internal.h"

/* ---- what there is --------------------------------------------------------------------------- */

#define BIT(kind) (1u << (kind))
#define FLOW      (BIT(PRINT_ROOT))
#define TEXT_HOLDERS                                                                               \
    (BIT(PRINT_TITLE) | BIT(PRINT_HEADING) | BIT(PRINT_PARAGRAPH) | BIT(PRINT_ITEM) |              \
     BIT(PRINT_TERM) | BIT(PRINT_DETAIL) | BIT(PRINT_CELL) | BIT(PRINT_CAPTION))
#define INLINE (BIT(PRINT_STRONG) | BIT(PRINT_UNDERLINE))

typedef struct Element {
    const char *name;
    PrintKind kind;
    unsigned parents;
    const char *styles;     /* allowed words of class, "" none */
    const char *attributes; /* allowed beside class */
    bool is_empty;
} Element;

static const Element elements[] = {
    {"h2", PRINT_TITLE, FLOW, "", "", false},
    {"h3", PRINT_HEADING, FLOW, "", "", false},
    {"p", PRINT_PARAGRAPH, FLOW | BIT(PRINT_SIGN) | BIT(PRINT_PLACE),
     "to plain number right centre small lines", "", false},
    {"ol", PRINT_LIST, FLOW, "", "", false},
    {"ul", PRINT_LIST, FLOW, "", "", false},
    {"li", PRINT_ITEM, BIT(PRINT_LIST), "", "", false},
    {"dl", PRINT_FACTS, FLOW, "facts", "", false},
    {"div", PRINT_FACT, BIT(PRINT_FACTS), "", "", false},
    {"div", PRINT_PLACE, FLOW, "place", "data-x data-y data-width", false},
    {"dt", PRINT_TERM, BIT(PRINT_FACT), "", "", false},
    {"dd", PRINT_DETAIL, BIT(PRINT_FACT), "lines", "", false},
    {"table", PRINT_TABLE, FLOW, "", "data-widths", false},
    {"thead", PRINT_PART, BIT(PRINT_TABLE), "", "", false},
    {"tbody", PRINT_PART, BIT(PRINT_TABLE), "", "", false},
    {"tr", PRINT_ROW, BIT(PRINT_PART), "", "", false},
    {"th", PRINT_CELL, BIT(PRINT_ROW), "", "colspan", false},
    {"td", PRINT_CELL, BIT(PRINT_ROW), "centre right lines", "colspan", false},
    {"figure", PRINT_QR, FLOW, "qr", "data-value data-size", false},
    {"figcaption", PRINT_CAPTION, BIT(PRINT_QR), "", "", false},
    {"section", PRINT_SIGN, FLOW, "sign bare", "", false},
    {"img", PRINT_IMAGE, FLOW, "", "src alt data-width", true},
    {"hr", PRINT_RULE, FLOW, "page", "", true},
    {"strong", PRINT_STRONG, TEXT_HOLDERS | INLINE, "", "", false},
    {"u", PRINT_UNDERLINE, TEXT_HOLDERS | INLINE, "", "", false},
    {"br", PRINT_LINE_END, TEXT_HOLDERS | INLINE, "", "", true},
};

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct Open {
    PrintNode *node; /* of strong and u: the node that holds the text */
    const Element *element;
} Open;

typedef struct Reader {
    Arena *arena;
    const char *text;
    const char *at;
    const char *end;
    Open stack[PRINT_DEPTH_MAX];
    int depth;
    int nodes;
    Buffer pending; /* text of the run that is being read */
    Error *err;
} Reader;

static bool fail(Reader *reader, const char *at, const char *code, const char *what)
{
    int line = 1, column = 1;
    for (const char *c = reader->text; c < at; c++) {
        bool is_first = ((unsigned char)*c & 0xC0) != 0x80;
        column = *c == '\n' ? 1 : column + is_first;
        line += *c == '\n';
    }
    return error_set(reader->err, ERROR_INVALID, .code = code, .line = line, .column = column,
                     .with = {{"what", what}});
}

static PrintKind kind_here(const Reader *reader)
{
    const Element *element = reader->stack[reader->depth - 1].element;
    return element ? element->kind : PRINT_ROOT;
}

static PrintNode *node_here(const Reader *reader)
{
    return reader->stack[reader->depth - 1].node;
}

static bool holds_text(PrintKind kind)
{
    return (TEXT_HOLDERS | INLINE) >> kind & 1;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* ---- text ------------------------------------------------------------------------------------ */

static bool is_wide(uint32_t c)
{
    return c >= 0x2E80;
}

static uint32_t last_of(const Buffer *buffer)
{
    size_t at = buffer->length;
    while (at > 0 && ((unsigned char)buffer->data[at - 1] & 0xC0) == 0x80)
        at--;
    if (at == 0)
        return 0;
    const char *position = buffer->data + at - 1;
    return text_next(&position);
}

/* White space is one blank; where a line of Chinese was broken in the source it is nothing. */
static void add_space(Buffer *out, bool has_line_end, uint32_t next)
{
    uint32_t last = last_of(out);
    if (!(has_line_end && is_wide(last) && is_wide(next)))
        buffer_add_char(out, ' ');
}

static const char *collapse(Reader *reader, const char *text)
{
    Buffer out = buffer_init(reader->arena, 0);
    const char *at = text;
    while (*at) {
        bool has_line_end = false, has_space = false;
        for (; is_space(*at); at++) {
            has_space = true;
            has_line_end |= *at == '\n';
        }
        const char *next = at;
        uint32_t c = text_next(&next);
        if (has_space)
            add_space(&out, has_line_end, c);
        if (c)
            buffer_add_code_point(&out, c);
        at = next;
    }
    return buffer_text(&out);
}

static bool is_kind_open(const Reader *reader, PrintKind kind)
{
    for (int i = 0; i < reader->depth; i++)
        if (reader->stack[i].element && reader->stack[i].element->kind == kind)
            return true;
    return false;
}

static void add_run(Reader *reader, const char *text)
{
    PrintRun run = {.text = text,
                    .is_strong = is_kind_open(reader, PRINT_STRONG),
                    .is_underlined = is_kind_open(reader, PRINT_UNDERLINE)};
    list_add(reader->arena, &node_here(reader)->runs, run);
}

/* Line ends of a value become line ends on the paper. */
static void add_lines(Reader *reader, const char *text)
{
    const char **lines;
    size_t count = text_split(reader->arena, text, '\n', &lines), added = 0;
    for (size_t i = 0; i < count; i++) {
        const char *line = text_trim(reader->arena, lines[i]);
        if (!*line)
            continue;
        if (added++)
            add_run(reader, NULL);
        add_run(reader, line);
    }
}

static bool end_text(Reader *reader, const char *at)
{
    const char *text = arena_text(reader->arena, buffer_text(&reader->pending));
    reader->pending.length = 0;
    if (reader->pending.data)
        reader->pending.data[0] = 0;
    if (!*text)
        return true;
    if (!holds_text(kind_here(reader)))
        return text_is_blank(text) ||
               fail(reader, at, "print.misplaced", text_trim(reader->arena, text));
    if (print_has_style(node_here(reader), "lines"))
        add_lines(reader, text);
    else
        add_run(reader, collapse(reader, text));
    return true;
}

typedef struct Reference {
    const char *name;
    const char *text;
} Reference;

/* The five of XML, and those that the templates write. */
static bool read_reference(Reader *reader, Buffer *out)
{
    static const Reference known[] = {{"&amp;", "&"},   {"&lt;", "<"},       {"&gt;", ">"},
                                      {"&quot;", "\""}, {"&#39;", "'"},      {"&apos;", "'"},
                                      {"&#34;", "\""},  {"&nbsp;", "\u00A0"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t length = strlen(known[i].name);
        if ((size_t)(reader->end - reader->at) >= length &&
            memcmp(reader->at, known[i].name, length) == 0) {
            buffer_add(out, known[i].text);
            reader->at += length;
            return true;
        }
    }
    return fail(reader, reader->at, "print.syntax", "&");
}

/* ---- attributes ------------------------------------------------------------------------------ */

static void skip_space(Reader *reader)
{
    while (reader->at < reader->end && is_space(*reader->at))
        reader->at++;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static const char *read_name(Reader *reader)
{
    const char *begin = reader->at;
    while (reader->at < reader->end && is_name_char(*reader->at))
        reader->at++;
    return arena_text_n(reader->arena, begin, (size_t)(reader->at - begin));
}

/* A value in double quotes; NULL when there is none. */
static const char *read_value(Reader *reader)
{
    Buffer out = buffer_init(reader->arena, 0);
    const char *begin = reader->at;
    if (reader->end - reader->at < 2 || reader->at[0] != '=' || reader->at[1] != '"') {
        fail(reader, begin, "print.syntax", "=");
        return NULL;
    }
    reader->at += 2;
    while (reader->at < reader->end && *reader->at != '"') {
        if (*reader->at == '<') {
            fail(reader, reader->at, "print.syntax", "<");
            return NULL;
        }
        if (*reader->at != '&')
            buffer_add_char(&out, *reader->at++);
        else if (!read_reference(reader, &out))
            return NULL;
    }
    if (reader->at == reader->end) {
        fail(reader, begin, "print.syntax", "\"");
        return NULL;
    }
    reader->at++;
    return buffer_text(&out);
}

static bool read_attribute(Reader *reader, const Element *element, PrintNode *node)
{
    const char *begin = reader->at, *name = read_name(reader);
    bool is_known = text_equal(name, "class")
                        ? *element->styles != 0
                        : print_has_word(element->attributes, name, strlen(name));
    if (!*name)
        return fail(reader, begin, "print.syntax", "<");
    if (!is_known)
        return fail(reader, begin, "print.attribute", name);
    const char *value = read_value(reader);
    return value && (print_take_attribute(reader->arena, element->styles, node, name, value) ||
                     fail(reader, begin, "print.value", name));
}

/* ---- tags ------------------------------------------------------------------------------------ */

/* Two elements share the name div: where it stands says which one it is. */
static const Element *find_element(const char *name, PrintKind parent, bool *out_known)
{
    *out_known = false;
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        if (!text_equal(elements[i].name, name))
            continue;
        *out_known = true;
        if (elements[i].parents >> parent & 1)
            return &elements[i];
    }
    return NULL;
}

static PrintNode *new_node(Reader *reader, const Element *element)
{
    PrintNode *node = arena_new(reader->arena, PrintNode);
    reader->nodes++;
    node->kind = element->kind;
    node->name = element->name;
    node->style = "";
    node->span = 1;
    node->is_header = text_equal(element->name, "thead") || text_equal(element->name, "th");
    return node;
}

/* What an element cannot do without. */
static bool is_complete(const PrintNode *node)
{
    if (node->kind == PRINT_QR)
        return node->value && print_has_style(node, "qr");
    if (node->kind == PRINT_IMAGE)
        return node->source != NULL;
    if (node->kind == PRINT_PLACE)
        return print_has_style(node, "place");
    return node->kind != PRINT_SIGN || print_has_style(node, "sign");
}

static bool enter(Reader *reader, const char *at, const Element *element, PrintNode *node)
{
    if (element->kind == PRINT_LINE_END) {
        add_run(reader, NULL);
        return true;
    }
    bool is_inline = INLINE >> element->kind & 1;
    if (!is_inline)
        list_add(reader->arena, &node_here(reader)->children, node);
    if (element->is_empty)
        return true;
    if (reader->depth == PRINT_DEPTH_MAX)
        return fail(reader, at, "print.misplaced", element->name);
    reader->stack[reader->depth] = (Open){is_inline ? node_here(reader) : node, element};
    reader->depth++;
    return true;
}

static bool read_open(Reader *reader)
{
    const char *begin = reader->at++, *name = read_name(reader);
    bool is_known;
    const Element *element = find_element(name, kind_here(reader), &is_known);
    if (!element)
        return fail(reader, begin, is_known ? "print.misplaced" : "print.element", name);
    PrintNode *node = new_node(reader, element);
    if (reader->nodes > PRINT_NODES_MAX || arena_is_over(reader->arena))
        return error_set(reader->err, ERROR_TOO_LARGE, .code = "print.size");
    skip_space(reader);
    while (reader->at < reader->end && *reader->at != '>' && *reader->at != '/') {
        if (!read_attribute(reader, element, node))
            return false;
        skip_space(reader);
    }
    if (element->is_empty && reader->at < reader->end && *reader->at == '/')
        reader->at++;
    if (reader->at == reader->end || *reader->at != '>')
        return fail(reader, begin, "print.syntax", name);
    reader->at++;
    if (!is_complete(node))
        return fail(reader, begin, "print.attribute", name);
    return enter(reader, begin, element, node);
}

static bool read_close(Reader *reader)
{
    const char *begin = reader->at;
    reader->at += 2;
    const char *name = read_name(reader);
    const Element *here = reader->stack[reader->depth - 1].element;
    bool is_end = reader->at < reader->end && *reader->at == '>';
    if (!is_end || !here || !text_equal(here->name, name))
        return fail(reader, begin, "print.syntax", name);
    reader->at++;
    reader->depth--;
    return true;
}

static bool read_tag(Reader *reader)
{
    if (!end_text(reader, reader->at))
        return false;
    bool is_close = reader->end - reader->at > 1 && reader->at[1] == '/';
    return is_close ? read_close(reader) : read_open(reader);
}

static bool read_all(Reader *reader)
{
    while (reader->at < reader->end) {
        bool is_fine = true;
        if (*reader->at == '<')
            is_fine = read_tag(reader);
        else if (*reader->at == '&')
            is_fine = read_reference(reader, &reader->pending);
        else
            buffer_add_char(&reader->pending, *reader->at++);
        if (!is_fine)
            return false;
    }
    if (!end_text(reader, reader->end))
        return false;
    return reader->depth == 1 || fail(reader, reader->end, "print.syntax",
                                      reader->stack[reader->depth - 1].element->name);
}

/* ---- finishing ------------------------------------------------------------------------------- */

static void trim_run(Arena *arena, PrintRun *run, bool at_begin, bool at_end)
{
    const char *begin = run->text;
    size_t length = strlen(begin);
    while (at_begin && length && *begin == ' ')
        begin++, length--;
    while (at_end && length && begin[length - 1] == ' ')
        length--;
    run->text = arena_text_n(arena, begin, length);
}

/* No blanks at the beginning and end of lines. */
static void trim_runs(Arena *arena, PrintNode *node)
{
    for (size_t i = 0; i < node->runs.count; i++) {
        PrintRun *run = &node->runs.items[i];
        bool is_first = i == 0 || !run[-1].text;
        bool is_last = i + 1 == node->runs.count || !run[1].text;
        if (run->text)
            trim_run(arena, run, is_first, is_last);
    }
    list_each (PrintNode *, child, &node->children)
        trim_runs(arena, *child);
}

static bool has_any_style(const PrintNode *node)
{
    list_each (PrintNode *, child, &node->children)
        if (((*child)->kind == PRINT_PARAGRAPH && *(*child)->style) || (*child)->kind == PRINT_SIGN)
            return true;
    return false;
}

/* The older rule: the first paragraph is the number, the last one signs. */
static void style_plain(Arena *arena, PrintNode *root)
{
    PrintNode **first = NULL, **last = NULL;
    if (has_any_style(root))
        return;
    list_each (PrintNode *, child, &root->children) {
        if ((*child)->kind != PRINT_PARAGRAPH)
            continue;
        first = first ? first : child;
        last = child;
    }
    if (!first || first == last)
        return;
    (*first)->style = "number";
    PrintNode *sign = arena_new(arena, PrintNode);
    *sign = (PrintNode){.kind = PRINT_SIGN, .name = "section", .style = "sign", .span = 1};
    list_add(arena, &sign->children, *last);
    PrintNode **end = root->children.items + root->children.count - 1;
    memmove(last, last + 1, (size_t)(end - last) * sizeof *last);
    *end = sign; /* behind a code that follows it */
}

PrintPaper *print_parse(Arena *arena, const char *text, size_t length, Error *err)
{
    PrintPaper *paper = arena_new(arena, PrintPaper);
    Reader reader = {.arena = arena,
                     .text = text,
                     .at = text,
                     .end = text + length,
                     .depth = 1,
                     .pending = buffer_init(arena, 0),
                     .err = err};
    if (length > PRINT_BYTES_MAX) {
        error_set(err, ERROR_TOO_LARGE, .code = "print.size");
        return NULL;
    }
    if (!text_is_utf8(text, length)) {
        fail(&reader, text, "print.syntax", "UTF-8");
        return NULL;
    }
    paper->root = arena_new(arena, PrintNode);
    *paper->root = (PrintNode){.kind = PRINT_ROOT, .name = "", .style = ""};
    reader.stack[0] = (Open){paper->root, NULL};
    if (!read_all(&reader))
        return NULL;
    trim_runs(arena, paper->root);
    style_plain(arena, paper->root);
    return paper;
}
