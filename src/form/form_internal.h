#ifndef FORM_FORM_INTERNAL_H
#define FORM_FORM_INTERNAL_H

/*
 * The parsed form, and one use of it.
 *
 *     form_parse.c      JSON -> Form: components in document order, every expression compiled
 *     form_link.c       what only the whole form tells
 *     form_text.c       texts with FEEL inside; Markdown as plain paragraphs
 *     form_read.c       what was typed -> a value of the component's type
 *     form_number.c     identity numbers, credit codes, phones, addresses of mail
 *     form_state.c      all values at once: what is hidden, read-only, computed
 *     form_options.c    the options of a choice
 *     form_render.c     a state -> controls of a page
 *     form_submit.c     a state -> checked values
 *     form_value.c      stored values for people to read
 */
#include "form/form.h"
#include "form/form_number.h"

typedef enum FormType {
    FORM_TEXT,
    FORM_LINES,
    FORM_NUMBER,
    FORM_DATE,
    FORM_TIME,
    FORM_BOOL,
    FORM_RADIO,
    FORM_CHOICE,
    FORM_CHECKS,
    FORM_EXPRESSION,
    FORM_STATIC,
    FORM_GROUP,
    FORM_SEPARATOR,
} FormType;

typedef enum FormKind {
    FORM_PLAIN,
    FORM_PHONE,
    FORM_EMAIL,
    FORM_ID_NUMBER,
    FORM_CREDIT_CODE,
    FORM_YEAR,
    FORM_MONEY,
} FormKind;

/* Literal texts and expressions in turn; a NULL expression means the literal. */
typedef struct FormTextPart {
    const char *literal;
    FeelExpression *expression;
} FormTextPart;

typedef struct FormText {
    const char *source; /* NULL: the form has no such text */
    LIST(FormTextPart) parts;
} FormText;

/* A number, or the expression that gives it. */
typedef struct FormBound {
    bool is_set;
    Decimal number;
    FeelExpression *expression;
} FormBound;

typedef struct FormChoice {
    const char *value;
    const char *label;
    const Json *json; /* the value as it is stored */
} FormChoice;
typedef LIST(FormChoice) FormChoices;

typedef struct URegularExpression FormPattern;

typedef struct FormComponent {
    FormType type;
    FormKind kind;
    const char *id;
    const char *key;   /* with the paths of the groups around it; NULL where there is no value */
    const char **path; /* its parts between the dots */
    size_t path_count;
    size_t scope_count; /* how many of the parts belong to the groups */
    size_t parent;      /* index of the group, or FORM_NO_PARENT */
    size_t depth;
    int line;
    FormText label;
    FormText hint;
    FormText text;
    const char *unit; /* what stands behind or before the field: "m2" */
    FeelExpression *hide;
    FeelExpression *readonly;
    bool is_readonly;
    bool is_disabled; /* shown as read-only, and left out */
    bool is_required;
    bool is_refresh;
    bool is_not_past; /* a date from today on */
    bool is_stored_as_text;
    const char *fact; /* code of what it asks for, the same in every form; or NULL */
    const Json *fallback;
    FeelExpression *fallback_expression;
    FeelExpression *computed; /* of FORM_EXPRESSION */
    FormChoices choices;
    FeelExpression *choices_expression;
    FormBound least; /* of a number, or the length of a text */
    FormBound most;
    int decimals; /* -1: any */
    FormBound step;
    const struct URegularExpression *pattern;
} FormComponent;

#define FORM_NO_PARENT SIZE_MAX

struct Form {
    LIST(FormComponent) components; /* groups before their members */
    LIST(FormKey) keys;
    Map by_key;            /* key -> FormComponent */
    bool is_dynamic;       /* something is hidden, read-only or computed by an expression */
    FeelExpression *today; /* today() */
};

enum {
    FORM_COMPONENTS_MOST = 500,
    FORM_DEPTH_MOST = 10,
    FORM_OPTIONS_MOST = 1000,
    FORM_TEXT_MOST = 200,   /* code points of a text field without a limit of its own */
    FORM_LINES_MOST = 2000, /* the same of a text area */
    FORM_FACT_BYTES = 60,
};

/* ---- form_parse.c, form_link.c --------------------------------------------------------------- */

/* Adds an error with {what}, {element} and {line}. */
void form_fail(Arena *arena, Error *err, int line, const char *element, const char *code,
               const char *what);

/* Checks and completes a form whose components are all there; false with the errors. */
MUST_CHECK bool form_link(Form *form, Arena *arena, Error *err);

/* ---- form_text.c ----------------------------------------------------------------------------- */

/* Reads "=expression", "text {{expression}} text" or plain text. False with the FEEL error, or
 * form.unsupported for blocks ("{{#if"). */
MUST_CHECK bool form_text_compile(Arena *arena, const char *source, FormText *out, Error *err);

/* The text with its expressions' values; null shows as nothing. NULL when there is no text. */
const char *form_text_show(const FormText *text, const FeelScope *scope, Arena *arena);

/* The same for a source of an overlay: what does not compile shows fallback. */
const char *form_text_show_source(const char *source, const char *fallback, const FeelScope *scope,
                                  Arena *arena);

typedef struct FormParagraph {
    const char *heading; /* NULL for none */
    const char *text;
} FormParagraph;
typedef LIST(FormParagraph) FormParagraphs;

/* Markdown as plain paragraphs: headings go to the paragraph below them, marks of emphasis are
 * dropped, items of lists are paragraphs, links to the web show their address. */
void form_paragraphs(Arena *arena, const char *markdown, FormParagraphs *out);

/* ---- form_number.c --------------------------------------------------------------------------- */

bool form_is_email(const char *text);

/* ---- form_read.c ----------------------------------------------------------------------------- */

/* What was typed or is stored as a value of the component's type. NULL with *out_problem NULL: it
 * is empty; NULL with a code: it cannot be read. Limits and options are not looked at. */
Json *form_read(const FormComponent *component, const Json *raw, Arena *arena,
                const char **out_problem);

Json *form_json_text(Arena *arena, const char *text);
/* A scalar or list of scalars as JSON; other values by way of their JSON text. NULL for null. */
Json *form_json_of(Arena *arena, FeelValue value);
/* Puts value (a copy of its node) at the path, making objects on the way. */
void form_json_put(Arena *arena, Json *object, const char *const *path, size_t count,
                   const Json *value);
/* The text of a scalar; NULL for others. */
const char *form_json_show(const Json *json);

/* ---- form_state.c ---------------------------------------------------------------------------- */

typedef struct FormReading {
    const Json *raw;     /* as typed; shown again when it cannot be read */
    Json *typed;         /* as read */
    Json *fixed;         /* what a read-only component has */
    Json *computed;      /* what an expression gives */
    const char *problem; /* code of why raw cannot be read */
    bool is_hidden;      /* itself, or a group around it */
    bool is_readonly;
    bool is_known; /* raw is the component's fact */
} FormReading;

typedef struct FormState {
    const Form *form;
    const FeelScope *outer; /* never NULL */
    Arena *arena;
    FormReading *readings; /* one per component */
    FeelValue data;        /* the values of what is visible */
    bool has_data;
} FormState;

/* typed: flat keys ("a.b") or nested objects, NULL for none. */
FormState form_state_typed(const Form *form, const Json *typed, const FeelScope *outer,
                           Arena *arena);
/* values: a context of what is known or typed; defaults stand where nothing is. */
FormState form_state_known(const Form *form, FeelValue values, const FeelScope *outer,
                           Arena *arena);

/* The value that counts now: NULL where there is none, or the component is hidden. */
const Json *form_state_value(const FormState *state, size_t index);
FeelValue form_state_evaluate(FormState *state, const FormComponent *component,
                              const FeelExpression *expression);
const char *form_state_text(FormState *state, const FormComponent *component, const FormText *text);
/* The same for a text of another language; what does not compile shows fallback. */
const char *form_state_source(FormState *state, const FormComponent *component, const char *source,
                              const char *fallback);
/* False when there is no bound, or its expression gives no number. */
bool form_state_bound(FormState *state, const FormComponent *component, const FormBound *bound,
                      Decimal *out);

/* ---- form_options.c -------------------------------------------------------------------------- */

/* The options as they are now. overlay: of this component, or NULL. */
void form_options(FormState *state, const FormComponent *component, const Json *overlay,
                  FormChoices *out);
/* The first option with the value of this scalar, or NULL. */
const FormChoice *form_option(const FormChoices *choices, const Json *value);

/* ---- form_value.c ---------------------------------------------------------------------------- */

const char *form_type_name(const FormComponent *component);

#endif
