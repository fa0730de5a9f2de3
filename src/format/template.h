#ifndef FORMAT_TEMPLATE_H
#define FORMAT_TEMPLATE_H

/*
 * Template: the Mustache-style texts of packs (certificates, notices, messages), filled at run
 * time from a JSON tree. Pages have their own templates, checked when building; these are written
 * by department staff, so every mistake is answered with line and column.
 *
 *     {{name}} {{a.b.c}}     a value, escaped for HTML; {{.}} is the current item itself
 *     {{#x}} ... {{/x}}      once for each item of a list; once, inside it, for an object; once for
 *                            any other value that is not empty
 *     {{^x}} ... {{/x}}      when x is empty: absent, null, false, "" or a list without items
 *     {{! ... }}             a comment
 *     {{{name}}} {{&name}}   a value as it is, only where TEMPLATE_ALLOW_RAW was given
 *
 * The first part of a name is looked for in the innermost section first, then outwards. A line
 * that holds nothing but one section tag or comment disappears with its line end. Partials and
 * other delimiters of Mustache are refused. Names are letters (any script), digits, "_" and "-".
 * A compiled template is not changed by rendering, so threads may share it.
 */
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "format/json.h"

typedef struct Template Template;

typedef enum TemplateFlags {
    TEMPLATE_HTML = 0,
    TEMPLATE_PLAIN = 1,     /* the output is plain text (a message): nothing is escaped */
    TEMPLATE_ALLOW_RAW = 2, /* {{{name}}} is allowed */
} TemplateFlags;

enum {
    TEMPLATE_BYTES_MAX = 256 * 1024,
    TEMPLATE_DEPTH_MAX = 16,     /* sections inside sections */
    TEMPLATE_STEPS_MAX = 200000, /* tags and texts written by one rendering */
};

/* A template from its text, in the arena (the text is copied). On failure NULL and one error with
 * line and column: template.syntax, template.unbalanced ({name}: the section), template.raw,
 * template.depth, template.encoding (ERROR_INVALID), template.size (ERROR_TOO_LARGE). */
MUST_CHECK Template *template_compile(Arena *arena, const char *text, size_t length,
                                      TemplateFlags flags, Error *err);

/* Hears of every name that a rendering did not find, or found to be a list or an object where a
 * value is wanted. Such a name is written as nothing. */
typedef struct TemplateFindings {
    void (*report)(void *data, const char *name, int line, int column);
    void *data;
} TemplateFindings;

/* Adds the filled text to out. findings may be NULL. False with template.size (ERROR_TOO_LARGE)
 * when out's limit or TEMPLATE_STEPS_MAX is passed; out then holds a part. */
MUST_CHECK bool template_render(const Template *template, const Json *values, Buffer *out,
                                const TemplateFindings *findings, Error *err);

/* Adds a text with & < > " ' replaced by HTML's references. */
void template_add_escaped(Buffer *out, const char *text);

#endif
