/*
 * form_text.c - texts of a form: "=expression", "text {{expression}} text", or plain; and Markdown
 * as plain paragraphs, since a page escapes everything that a form says.
 */
#include "form/form_internal.h"

#include <string.h>

/* ---- expressions in texts -------------------------------------------------------------------- */

static bool add_expression(Arena *arena, FormText *out, const char *source, Error *err)
{
    FormTextPart part = {.expression = feel_compile(arena, source, FEEL_EXPRESSION, NULL, err)};
    if (!part.expression)
        return false;
    list_add(arena, &out->parts, part);
    return true;
}

static void add_literal(Arena *arena, FormText *out, const char *text, size_t length)
{
    FormTextPart part = {.literal = arena_text_n(arena, text, length)};
    if (length)
        list_add(arena, &out->parts, part);
}

/* One "{{...}}" at open; *out_rest is behind it. */
static bool add_insert(Arena *arena, FormText *out, const char *open, const char **out_rest,
                       Error *err)
{
    const char *inner = open + 2, *close = strstr(inner, "}}");
    if (!close)
        return error_set(err, ERROR_INVALID, .code = "form.expression",
                         .with = {{"what", "\"{{\" without \"}}\""}});
    if (*inner == '#' || *inner == '/')
        return error_set(err, ERROR_INVALID, .code = "form.unsupported",
                         .with = {{"what", "\"{{#\" blocks in texts"}});
    *out_rest = close + 2;
    return add_expression(arena, out, arena_text_n(arena, inner, (size_t)(close - inner)), err);
}

bool form_text_compile(Arena *arena, const char *source, FormText *out, Error *err)
{
    *out = (FormText){.source = source};
    if (*source == '=')
        return add_expression(arena, out, source + 1, err);
    const char *at = source;
    for (const char *open = strstr(at, "{{"); open; open = strstr(at, "{{")) {
        add_literal(arena, out, at, (size_t)(open - at));
        if (!add_insert(arena, out, open, &at, err))
            return false;
    }
    add_literal(arena, out, at, strlen(at));
    return true;
}

static void show_part(const FormTextPart *part, const FeelScope *scope, Buffer *out)
{
    if (part->literal) {
        buffer_add(out, part->literal);
        return;
    }
    FeelValue value = feel_evaluate(part->expression, scope, out->arena, NULL);
    if (!feel_is_null(value))
        buffer_add(out, feel_to_text(out->arena, value));
}

const char *form_text_show(const FormText *text, const FeelScope *scope, Arena *arena)
{
    Buffer out = buffer_init(arena, 0);
    if (!text->source)
        return NULL;
    if (text->parts.count == 1 && text->parts.items[0].literal)
        return text->parts.items[0].literal;
    list_each (const FormTextPart, part, &text->parts)
        show_part(part, scope, &out);
    return buffer_text(&out);
}

const char *form_text_show_source(const char *source, const char *fallback, const FeelScope *scope,
                                  Arena *arena)
{
    FormText text;
    Error ignored = ERROR_NONE;
    if (!form_text_compile(arena, source, &text, &ignored))
        return fallback;
    return form_text_show(&text, scope, arena);
}

/* ---- Markdown -------------------------------------------------------------------------------- */

enum { PARAGRAPHS_MOST = 200 };

typedef struct Markdown {
    Arena *arena;
    FormParagraphs *out;
    const char *heading; /* waits for its paragraph */
    Buffer text;         /* of the paragraph that is being read */
} Markdown;

static bool is_web_address(const char *text)
{
    return text_starts_with(text, "https://") || text_starts_with(text, "http://");
}

/* "[words](address)" at open as words, with the address where it leads to the web. Returns what is
 * behind it, or NULL when it is no link. */
static const char *add_link(Buffer *out, const char *open)
{
    const char *middle = open + 1 + strcspn(open + 1, "[]");
    const char *close = text_starts_with(middle, "](") ? strchr(middle, ')') : NULL;
    if (!close)
        return NULL;
    const char *address = middle + 2;
    buffer_add_n(out, open + 1, (size_t)(middle - open - 1));
    if (is_web_address(address))
        buffer_printf(out, " (%.*s)", (int)(close - address), address);
    return close + 1;
}

static bool is_word_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c & 0x80);
}

/* "_" inside a word is part of it ("a_b"), elsewhere a mark. */
static bool is_mark(const char *line, const char *at)
{
    if (*at == '*' || *at == '`')
        return true;
    return *at == '_' && !(at > line && is_word_char(at[-1]) && is_word_char(at[1]));
}

static void add_plain(Buffer *out, const char *line)
{
    const char *behind;
    for (const char *at = line; *at;) {
        if (*at == '\\' && at[1] && strchr("\\`*_[]()#+-.!", at[1])) {
            buffer_add_char(out, at[1]);
            at += 2;
        } else if (*at == '[' && (behind = add_link(out, at))) {
            at = behind;
        } else if (is_mark(line, at)) {
            at++;
        } else {
            buffer_add_char(out, *at++);
        }
    }
}

static void end_paragraph(Markdown *markdown)
{
    const char *text = text_trim(markdown->arena, buffer_text(&markdown->text));
    FormParagraph paragraph = {.heading = markdown->heading, .text = text};
    if (*text && markdown->out->count < PARAGRAPHS_MOST) {
        list_add(markdown->arena, markdown->out, paragraph);
        markdown->heading = NULL;
    }
    markdown->text = buffer_init(markdown->arena, 0);
}

/* A heading without a paragraph of its own stands as one. */
static void end_heading(Markdown *markdown)
{
    end_paragraph(markdown);
    if (!markdown->heading)
        return;
    FormParagraph paragraph = {.text = markdown->heading};
    if (markdown->out->count < PARAGRAPHS_MOST)
        list_add(markdown->arena, markdown->out, paragraph);
    markdown->heading = NULL;
}

static const char *plain_of(Arena *arena, const char *line)
{
    Buffer out = buffer_init(arena, 0);
    add_plain(&out, line);
    return text_trim(arena, buffer_text(&out));
}

/* What stands behind "# " to "###### ", or NULL. */
static const char *heading_of(const char *line)
{
    size_t level = strspn(line, "#");
    return level >= 1 && level <= 6 && line[level] == ' ' ? line + level + 1 : NULL;
}

static bool is_item(const char *line)
{
    size_t digits = strspn(line, "0123456789");
    if (digits && digits < 4 && line[digits] == '.' && line[digits + 1] == ' ')
        return true;
    return (*line == '*' || *line == '-' || *line == '+') && line[1] == ' ';
}

static void add_line(Markdown *markdown, const char *line)
{
    const char *heading = heading_of(line);
    if (!*line) {
        end_paragraph(markdown);
    } else if (heading) {
        end_heading(markdown);
        markdown->heading = plain_of(markdown->arena, heading);
    } else {
        bool is_bullet = is_item(line) && strchr("*-+", *line);
        if (is_item(line))
            end_paragraph(markdown);
        else if (markdown->text.length)
            buffer_add_char(&markdown->text, ' ');
        buffer_add(&markdown->text, is_bullet ? "• " : "");
        add_plain(&markdown->text, is_bullet ? line + 2 : line);
    }
}

void form_paragraphs(Arena *arena, const char *source, FormParagraphs *out)
{
    const char **lines;
    size_t count = text_split(arena, source, '\n', &lines);
    Markdown markdown = {.arena = arena, .out = out, .text = buffer_init(arena, 0)};
    for (size_t i = 0; i < count; i++)
        add_line(&markdown, text_trim(arena, lines[i]));
    end_heading(&markdown);
}
