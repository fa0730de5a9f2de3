#ifndef FORM_FORM_H
#define FORM_FORM_H

/*
 * Form: form-js JSON schemas (schemaVersion up to 19), evaluated on the server: what a page shows,
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
    const char *key;  /* of the value: "a" or "a.b"; NULL for what holds none */
    const char *type; /* text lines int number (with a fraction) money date time bool choice
                         (select) radio checks phone email static (text, expression) group
                         separator */
    const char *label;
    const char *hint;  /* description, or NULL */
    const char *value; /* what was typed or is known, as text; NULL for none */
    const char *error; /* left NULL: who renders fills it */
    const char *fact;  /* which known fact its value is (properties.fact), else NULL */
    LIST(FormOption) options;
    bool is_required;
    bool is_readonly;
    bool is_refresh;    /* another component's condition depends on it */
    int64_t max_length; /* 0: none */
    size_t depth;       /* inside how many groups */
} FormControl;
typedef LIST(FormControl) FormControls;

/* On failure NULL and a list of errors with line and `field` = the component's key or id: those of
 * json_parse, and form.schema, form.unsupported (names the type), form.repeated_key,
 * form.expression, form.pattern_syntax, form.too_large. */
MUST_CHECK Form *form_parse(Arena *arena, const char *json, size_t length, Error *err);

#define FORM_FACTS "facts"

/* The visible controls in their order, groups before their members. overlay (may be NULL) holds the
 * texts of another language: {component id: {"label":, "description":, "text":, "unit":, "values":
 * {value: label}}}. values: a context of what is known or was typed, under flat ("a.b") or nested
 * keys. Where it has nothing, defaults stand; but once any value is there, absent checkboxes,
 * radios and checks are empty, since browsers send nothing for them. scope carries now and zone,
 * and may hold known values (may be NULL); under FORM_FACTS a context of known facts: a component
 * whose fact is there begins with it instead of with its default, if the value fits and the person
 * could change it. Error: form.too_large (the arena is full). */
MUST_CHECK bool form_render(const Form *form, const Json *overlay, FeelValue values,
                            const FeelScope *scope, Arena *arena, FormControls *out, Error *err);

/* Checks what was typed (an object: key -> text or list of texts from a page; typed JSON values
 * from a program) and makes typed values: numbers as numbers, dates as ISO texts, checkboxes as
 * booleans; empty optional fields are left out. Hidden components are dropped. Every problem is one
 * Error with field "form.<key>": input.required, input.too_long, input.too_short,
 * input.not_a_number, input.too_small, input.too_large, input.not_a_date, input.not_a_choice,
 * input.not_text, input.not_a_phone, input.not_an_email, input.one_line, input.encoding,
 * input.not_yes_or_no, input.required_choice (of options), input.unknown (only where is_strict),
 * form.tick (a required checkbox), form.pattern, form.id_number (GB 11643), form.credit_code (GB
 * 32100), form.year, form.not_a_time, form.not_a_number (one that may have a fraction),
 * form.decimals, form.step, form.passed_date; with {label}, {most}, {least} and so on filled in.
 * Read-only components take what the scope's variables hold under their key, else their default.
 * Keys with dots are nested: "a.b" becomes {"a": {"b": ...}}; form_value finds it again. */
MUST_CHECK bool form_submit(const Form *form, const Json *typed, bool is_strict,
                            const FeelScope *scope, Arena *arena, Json **out_values, Error *err);

/* Puts the labels of another language into the errors of form_submit. */
void form_translate_errors(const Form *form, const Json *overlay, Arena *arena, Error *err);

/* The value of a key ("a" or "a.b") in what form_submit gave, or NULL. */
const Json *form_value(const Json *values, const char *key);

/* The keys of a form that hold values, in order, and each one's label as written: for pages that
 * show answers. */
typedef struct FormKey {
    const char *key;
    const char *id;
    const char *label;
    const char *type;
    const char *fact; /* what the value is wherever it is asked for (properties.fact), or NULL */
    bool is_personal; /* an identity number or a phone: shown masked */
} FormKey;
size_t form_keys(const Form *form, const FormKey **out_keys);

/* The text that a field holds before anybody typed, or NULL: its defaultValue, evaluated where it
 * is an expression. */
const char *form_default_text(const Form *form, const char *key, const FeelScope *scope,
                              Arena *arena);

/* The value of the first option that a field lists, or NULL: where one of several must be chosen,
 * forms list what speaks for the applicant first. */
const char *form_first_option(const Form *form, const char *key);

/* What a stored value reads like: options by their label, booleans by yes/no texts given. */
const char *form_value_text(const Form *form, const Json *overlay, Arena *arena, const char *key,
                            const Json *value, const char *yes, const char *no);

#endif
