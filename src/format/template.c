/*
 * template.c - texts of packs: compiled to a flat list of nodes, rendered over a JSON tree.
 *
 *     text -> tags and texts between them -> nodes -> (+ values) -> Buffer
 *
 * A section's node knows the index behind its end, so rendering is a walk over index ranges; the
 * stack of values that names are looked up in has the depth of the sections.
 */
#include "format/template.h"

#include <string.h>

#include "base/list.h"
#include "format/place.h"

enum { PARTS_MAX = 8 };

typedef enum NodeKind { NODE_TEXT, NODE_VALUE, NODE_RAW, NODE_SECTION, NODE_INVERTED } NodeKind;

typedef struct Node {
    NodeKind kind;
    const char *text; /* of a text, with its length; else the whole name */
    size_t length;
    const char **parts; /* of a name; none for "." */
    size_t part_count;
    size_t end; /* of a section: the index behind its last node */
    int line;
    int column;
} Node;

struct Template {
    LIST(Node) nodes;
    TemplateFlags flags;
};

/* ---- compiling ------------------------------------------------------------------------------- */

typedef struct Compiler {
    Arena *arena;
    Template *template;
    const char *at; /* behind what was compiled */
    const char *start;
    const char *end;
    Place place;                     /* not behind `at` */
    size_t open[TEMPLATE_DEPTH_MAX]; /* indexes of the sections that are still open */
    size_t depth;
    Error *err;
} Compiler;

/* One tag as it stands in the text. */
typedef struct Tag {
    char sign; /* # ^ / ! & {, or 0 for a plain value */
    const char *open;
    const char *name; /* between sign and close, trimmed */
    size_t name_length;
    const char *behind;
} Tag;

static bool fail_at(Compiler *c, const char *where, const char *code, const char *detail)
{
    Place place = c->place;
    place_move(&place, where);
    place_error(c->arena, &place, ERROR_INVALID, code, detail, c->err);
    return false;
}

static bool fail(Compiler *c, const Tag *tag, const char *code, const char *detail)
{
    return fail_at(c, tag->open, code, detail);
}

static bool fail_unbalanced(Compiler *c, const char *where, const char *name, const char *detail)
{
    fail_at(c, where, "template.unbalanced", detail);
    if (c->err)
        c->err->with[2] = (ErrorParam){"name", name};
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r';
}

static void trim_name(Tag *tag, const char *from, const char *to)
{
    while (from < to && is_space(*from))
        from++;
    while (to > from && is_space(to[-1]))
        to--;
    tag->name = from;
    tag->name_length = (size_t)(to - from);
}

/* Reads the tag that opens at `open`. */
static bool read_tag(Compiler *c, const char *open, Tag *tag)
{
    *tag = (Tag){.open = open};
    const char *from = open + 2;
    if (from < c->end && *from && strchr("#^/!&{>=", *from))
        tag->sign = *from++;
    const char *close_sign = tag->sign == '{' ? "}}}" : "}}";
    size_t close_length = strlen(close_sign);
    const char *close = memmem(from, (size_t)(c->end - from), close_sign, close_length);
    if (!close)
        return fail(c, tag, "template.syntax", "the tag is not closed");
    trim_name(tag, from, close);
    tag->behind = close + close_length;
    return true;
}

/* Sections and comments write nothing themselves, so they may stand on a line of their own. */
static bool is_silent(const Tag *tag)
{
    return tag->sign && strchr("#^/!", tag->sign);
}

/* When nothing else is on the tag's line: the start of the line and the start of the next. */
static bool find_own_line(const Compiler *c, const Tag *tag, const char **out_from,
                          const char **out_behind)
{
    const char *from = tag->open, *behind = tag->behind;
    while (from > c->start && is_blank(from[-1]))
        from--;
    while (behind < c->end && is_blank(*behind))
        behind++;
    if (behind + 1 < c->end && behind[0] == '\r' && behind[1] == '\n')
        behind++;
    bool is_own = (from == c->start || from[-1] == '\n') && (behind == c->end || *behind == '\n');
    if (is_own) {
        *out_from = from;
        *out_behind = behind < c->end ? behind + 1 : behind;
    }
    return is_own;
}

static size_t add_node(Compiler *c, Node node)
{
    place_move(&c->place, c->at);
    node.line = c->place.line;
    node.column = c->place.column;
    list_add(c->arena, &c->template->nodes, node);
    return c->template->nodes.count - 1;
}

/* The text up to `to`; c->at moves there. */
static void add_text(Compiler *c, const char *to)
{
    if (to > c->at)
        add_node(c, (Node){.kind = NODE_TEXT, .text = c->at, .length = (size_t)(to - c->at)});
    if (to > c->at)
        c->at = to;
}

static bool is_name_byte(unsigned char byte)
{
    bool is_letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
    return is_letter || byte >= 0x80 || (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

/* Cuts "a.b.c" into its parts; false when it is no name. */
static bool split_name(Compiler *c, Node *node)
{
    if (strcmp(node->text, ".") == 0)
        return true;
    node->part_count = text_split(c->arena, node->text, '.', &node->parts);
    for (const char *at = node->text; *at; at++)
        if (*at != '.' && !is_name_byte((unsigned char)*at))
            return false;
    for (size_t i = 0; i < node->part_count; i++)
        if (!*node->parts[i])
            return false;
    return node->part_count <= PARTS_MAX;
}

static bool read_name(Compiler *c, const Tag *tag, Node *out)
{
    out->text = arena_text_n(c->arena, tag->name, tag->name_length);
    return split_name(c, out) || fail(c, tag, "template.syntax", "this is no name");
}

static bool compile_value(Compiler *c, const Tag *tag)
{
    bool is_raw = tag->sign != 0;
    if (is_raw && !(c->template->flags & TEMPLATE_ALLOW_RAW))
        return fail(c, tag, "template.raw", "a value without escaping");
    Node node = {.kind = is_raw ? NODE_RAW : NODE_VALUE};
    if (!read_name(c, tag, &node))
        return false;
    add_node(c, node);
    return true;
}

static bool open_section(Compiler *c, const Tag *tag)
{
    Node node = {.kind = tag->sign == '#' ? NODE_SECTION : NODE_INVERTED};
    if (c->depth == TEMPLATE_DEPTH_MAX)
        return fail(c, tag, "template.depth", "sections too deep");
    if (!read_name(c, tag, &node))
        return false;
    c->open[c->depth++] = add_node(c, node);
    return true;
}

static bool close_section(Compiler *c, const Tag *tag)
{
    Node close = {0};
    if (!read_name(c, tag, &close))
        return false;
    if (c->depth == 0)
        return fail_unbalanced(c, tag->open, close.text, "closed but not open");
    Node *section = &c->template->nodes.items[c->open[c->depth - 1]];
    if (!text_equal(section->text, close.text))
        return fail_unbalanced(c, tag->open, section->text, "another section is still open");
    section->end = c->template->nodes.count;
    c->depth--;
    return true;
}

static bool compile_tag(Compiler *c, const Tag *tag)
{
    switch (tag->sign) {
    case '!': return true;
    case '#':
    case '^': return open_section(c, tag);
    case '/': return close_section(c, tag);
    case '>':
    case '=': return fail(c, tag, "template.syntax", "partials and delimiters are not supported");
    default: return compile_value(c, tag);
    }
}

static bool compile_next(Compiler *c, const char *open)
{
    Tag tag;
    if (!read_tag(c, open, &tag))
        return false;
    const char *text_end = open, *behind = tag.behind;
    if (is_silent(&tag))
        find_own_line(c, &tag, &text_end, &behind);
    add_text(c, text_end);
    c->at = open;
    if (!compile_tag(c, &tag))
        return false;
    c->at = behind;
    return true;
}

static bool compile_all(Compiler *c)
{
    const char *open;
    while ((open = memmem(c->at, (size_t)(c->end - c->at), "{{", 2)))
        if (!compile_next(c, open))
            return false;
    add_text(c, c->end);
    if (c->depth == 0)
        return true;
    const Node *section = &c->template->nodes.items[c->open[c->depth - 1]];
    Place place = {.line = section->line, .column = section->column};
    place_error(c->arena, &place, ERROR_INVALID, "template.unbalanced", "not closed", c->err);
    if (c->err)
        c->err->with[2] = (ErrorParam){"name", section->text};
    return false;
}

Template *template_compile(Arena *arena, const char *text, size_t length, TemplateFlags flags,
                           Error *err)
{
    if (length > TEMPLATE_BYTES_MAX) {
        error_set(err, ERROR_TOO_LARGE, .code = "template.size");
        return NULL;
    }
    const char *copy = arena_text_n(arena, text, length);
    Template *template = arena_new(arena, Template);
    *template = (Template){.flags = flags};
    Compiler c = {.arena = arena,
                  .template = template,
                  .at = copy,
                  .start = copy,
                  .end = copy + length,
                  .place = place_start(copy),
                  .err = err};
    const char *bad = place_find_bad_utf8(copy, length);
    if (bad)
        fail_at(&c, bad, "template.encoding", "not UTF-8, or NUL");
    return !bad && compile_all(&c) ? template : NULL;
}

/* ---- rendering ------------------------------------------------------------------------------- */

typedef struct Renderer {
    const Node *nodes;
    TemplateFlags flags;
    const Json *values[TEMPLATE_DEPTH_MAX + 1]; /* the innermost section's last */
    size_t depth;
    size_t steps;
    Buffer *out;
    const TemplateFindings *findings;
} Renderer;

static bool render_range(Renderer *r, size_t from, size_t to);

static const char *reference_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void template_add_escaped(Buffer *out, const char *text)
{
    while (*text) {
        size_t run = strcspn(text, "&<>\"'");
        buffer_add_n(out, text, run);
        text += run;
        if (*text)
            buffer_add(out, reference_of(*text++));
    }
}

static void report(const Renderer *r, const Node *node)
{
    if (r->findings)
        r->findings->report(r->findings->data, node->text, node->line, node->column);
}

/* The value of a name, NULL when there is none. Only the first part is looked for outwards: an
 * outer "a" must not stand in for a missing "a.b". */
static const Json *find_value(const Renderer *r, const Node *node)
{
    if (node->part_count == 0)
        return r->values[r->depth];
    const Json *value = NULL;
    for (size_t level = r->depth + 1; level-- > 0 && !value;)
        value = json_get(r->values[level], node->parts[0]);
    for (size_t i = 1; i < node->part_count; i++)
        value = json_get(value, node->parts[i]);
    return value;
}

static bool is_empty(const Json *value)
{
    if (!value || value->kind == JSON_NULL)
        return true;
    return (value->kind == JSON_BOOL && !value->boolean) ||
           (value->kind == JSON_TEXT && !*value->text) ||
           (value->kind == JSON_ARRAY && value->count == 0);
}

static void render_value(Renderer *r, const Node *node)
{
    const Json *value = find_value(r, node);
    if (!value || value->kind == JSON_ARRAY || value->kind == JSON_OBJECT) {
        report(r, node);
        return;
    }
    const char *text = value->kind == JSON_NULL   ? ""
                       : value->kind != JSON_BOOL ? value->text
                       : value->boolean           ? "true"
                                                  : "false";
    if (node->kind == NODE_RAW || (r->flags & TEMPLATE_PLAIN))
        buffer_add(r->out, text);
    else
        template_add_escaped(r->out, text);
}

static bool render_with(Renderer *r, const Node *section, const Json *value)
{
    size_t index = (size_t)(section - r->nodes);
    r->values[++r->depth] = value;
    bool is_good = render_range(r, index + 1, section->end);
    r->depth--;
    return is_good;
}

static bool render_section(Renderer *r, const Node *section)
{
    const Json *value = find_value(r, section);
    if (!value)
        report(r, section);
    if (section->kind == NODE_INVERTED)
        return !is_empty(value) || render_range(r, (size_t)(section - r->nodes) + 1, section->end);
    if (is_empty(value))
        return true;
    if (value->kind != JSON_ARRAY)
        return render_with(r, section, value);
    json_each (item, value)
        if (!render_with(r, section, item))
            return false;
    return true;
}

static bool render_node(Renderer *r, const Node *node)
{
    /* Lists inside lists multiply, also where nothing is written. */
    if (++r->steps > TEMPLATE_STEPS_MAX)
        return false;
    switch (node->kind) {
    case NODE_TEXT: buffer_add_n(r->out, node->text, node->length); break;
    case NODE_VALUE:
    case NODE_RAW: render_value(r, node); break;
    case NODE_SECTION:
    case NODE_INVERTED: return render_section(r, node);
    }
    return !r->out->is_over;
}

static bool render_range(Renderer *r, size_t from, size_t to)
{
    for (size_t i = from; i < to;) {
        const Node *node = &r->nodes[i];
        if (!render_node(r, node))
            return false;
        i = node->end ? node->end : i + 1;
    }
    return true;
}

bool template_render(const Template *template, const Json *values, Buffer *out,
                     const TemplateFindings *findings, Error *err)
{
    Renderer r = {.nodes = template->nodes.items,
                  .flags = template->flags,
                  .values = {values},
                  .out = out,
                  .findings = findings};
    if (render_range(&r, 0, template->nodes.count))
        return true;
    return error_set(err, ERROR_TOO_LARGE, .code = "template.size");
}
