#ifndef FORM_FORM_H
#define FORM_FORM_H

/*
 * Form: form-js JSON schemas (schemaVersion up to 18), evaluated on the server: what a page shows,
 * and what comes back from it, checked. form-js itself is only an editor (decisions.md 23).
 *
 * Every FEEL expression (conditional.hide, readonly, "=..." labels and defaults, validate rules) is
 * compiled by form_parse and evaluated here. A Form is immutable and may be shared by threads.
 */
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"
#include "feel/feel.h"
#include "format/json.h"

typedef struct Form Form;

typedef struct FormOption {
    const char *value;
    const char *label;
    bool is_chosen;
} FormOption;

/* One component as a page shows it; texts are ready, in the language of the overlay. */
typedef struct FormControl {
    const char *id;
    const char *key;   /* of the value: "a" or "a.b"; NULL for what holds none */
    const char *type;  /* text lines int money date time bool choice (select) radio checks phone
                          hidden static (text, expression) group separator */
    const char *label;
    const char *hint;  /* description, or NULL */
    const char *value; /* what was typed or is known, as text; NULL for none */
    const char *error; /* left NULL: who renders fills it */
    LIST(FormOption) options;
    bool is_required;
    bool is_readonly;
    bool is_refresh; /* another component's condition depends on it */
    int64_t max_length; /* 0: none */
    size_t depth;    /* inside how many groups */
} FormControl;
typedef LIST(FormControl) FormControls;

/* On failure NULL and a list of errors with line and `field` = the component's key or id: those of
 * json_parse, and form.schema, form.unsupported (names the type), form.repeated_key,
 * form.expression, form.pattern_syntax, form.too_large. */
MUST_CHECK Form *form_parse(Arena *arena, const char *json, size_t length, Error *err);

/* The visible controls in their order, groups before their members. overlay (may be NULL) holds the
 * texts of another language: {component id: {"label":, "description":, "text":, "values": {value: label}}}.
 * values: a context of what is known or was typed. scope carries now and zone (may be NULL). */
MUST_CHECK bool form_render(const Form *form, const Json *overlay, FeelValue values,
                            const FeelScope *scope, Arena *arena, FormControls *out, Error *err);

/* Checks what was typed (an object: key -> text or list of texts from a page; typed JSON values from
 * a program) and makes typed values: numbers as numbers, dates as ISO texts, checkboxes as booleans;
 * empty optional fields are left out. Hidden components are dropped. Every problem is one Error with
 * field "form.<key>": input.required, input.too_long, input.too_short, input.not_a_number,
 * input.too_small, input.too_large, input.not_a_date, input.not_a_choice, input.not_text,
 * input.not_a_phone, input.unknown (only where is_strict), form.pattern, form.id_number (GB 11643),
 * form.credit_code (GB 32100). */
MUST_CHECK bool form_submit(const Form *form, const Json *typed, bool is_strict,
                            const FeelScope *scope, Arena *arena, Json **out_values, Error *err);

/* The keys of a form that hold values, in order, and each one's label as written: for pages that
 * show answers. */
typedef struct FormKey {
    const char *key;
    const char *id;
    const char *label;
    const char *type;
} FormKey;
size_t form_keys(const Form *form, const FormKey **out_keys);

/* What a stored value reads like: options by their label, booleans by yes/no texts given. */
const char *form_value_text(const Form *form, const Json *overlay, Arena *arena, const char *key,
                            const Json *value, const char *yes, const char *no);

#endif
