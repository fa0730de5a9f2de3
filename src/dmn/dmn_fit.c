/*
 * dmn_fit.c - values and their types (10.3.2.9): does a value conform, and what makes it conform.
 *
 * The conversions are those of the standard: a value where a list is wanted, a list of one where a
 * value is wanted, a date where a date and time is wanted. Null conforms to every type.
 */
#include "dmn/dmn_internal.h"

enum { SHOWN_AT_MOST = 200 }; /* bytes of a value in a finding */

typedef enum Fit { FITS, NO_TYPE, NOT_ALLOWED } Fit;

static Fit fit(const DmnEnv *env, const DmnType *type, FeelValue value);

static Fit fit_items(const DmnEnv *env, const DmnType *type, FeelValue value)
{
    if (value.kind != FEEL_LIST)
        return NO_TYPE;
    for (size_t i = 0; type->base && i < feel_count(value); i++) {
        Fit one = fit(env, type->base, feel_item(value, i));
        if (one != FITS)
            return one;
    }
    return FITS;
}

/* All components must be there; others may be. */
static Fit fit_components(const DmnEnv *env, const DmnType *type, FeelValue value)
{
    if (value.kind != FEEL_CONTEXT)
        return NO_TYPE;
    list_each (const DmnPart, part, &type->parts) {
        const FeelValue *member = feel_member(value, part->name);
        Fit one = member ? fit(env, part->type, *member) : NO_TYPE;
        if (one != FITS)
            return one;
    }
    return FITS;
}

static Fit fit_base(const DmnEnv *env, const DmnType *type, FeelValue value)
{
    switch (type->kind) {
    case DMN_TYPE_SIMPLE: return value.kind == type->simple ? FITS : NO_TYPE;
    case DMN_TYPE_ALIAS: return fit(env, type->base, value);
    case DMN_TYPE_LIST: return fit_items(env, type, value);
    case DMN_TYPE_CONTEXT: return fit_components(env, type, value);
    case DMN_TYPE_FUNCTION: return value.kind == FEEL_FUNCTION ? FITS : NO_TYPE;
    default: return FITS;
    }
}

static Fit fit(const DmnEnv *env, const DmnType *type, FeelValue value)
{
    if (!type || feel_is_null(value))
        return FITS;
    Fit base = fit_base(env, type, value);
    return base == FITS && !dmn_is_allowed(env, type->allowed, value) ? NOT_ALLOWED : base;
}

bool dmn_is_allowed(const DmnEnv *env, const FeelExpression *allowed, FeelValue value)
{
    if (!allowed || feel_is_null(value))
        return true;
    return feel_is_true(dmn_feel(env, allowed, dmn_input_scope(env, value), 0));
}

bool dmn_type_check(void *data, const char *name, FeelValue value, bool *out_known)
{
    const DmnRun *run = data;
    const DmnType *type;
    *out_known = run->env && dmn_find_type(run->env->node->file, name, &type);
    if (!*out_known && run->type_check)
        return run->type_check(run->type_data, name, value, out_known);
    return *out_known && !feel_is_null(value) && fit(run->env, type, value) == FITS;
}

/* ---- conversions ----------------------------------------------------------------------------- */

static const DmnType *without_aliases(const DmnType *type)
{
    while (type && type->kind == DMN_TYPE_ALIAS)
        type = type->base;
    return type;
}

/* Another value that may fit instead; false when the standard knows none. */
static bool convert(const DmnEnv *env, const DmnType *type, FeelValue value, FeelValue *out)
{
    const DmnType *plain = without_aliases(type);
    if (!plain || plain->kind == DMN_TYPE_ANY)
        return false;
    if (plain->kind == DMN_TYPE_LIST && value.kind != FEEL_LIST) {
        *out = feel_list(env->frame->run->arena, &value, 1);
        return true;
    }
    if (plain->kind != DMN_TYPE_LIST && value.kind == FEEL_LIST && feel_count(value) == 1) {
        *out = feel_item(value, 0);
        return true;
    }
    if (plain->kind == DMN_TYPE_SIMPLE && plain->simple == FEEL_DATE_TIME &&
        value.kind == FEEL_DATE) {
        *out = value; /* midnight, UTC */
        out->kind = FEEL_DATE_TIME;
        out->zone_kind = FEEL_ZONE_OFFSET;
        out->as.time.nanosecond = 0;
        out->as.time.zone.offset_seconds = 0;
        return true;
    }
    return false;
}

static const char *type_name(const DmnType *type)
{
    const DmnType *plain = without_aliases(type);
    if (type->name)
        return type->name;
    return plain && plain->name ? plain->name : "of its type";
}

static FeelValue not_fitting(const DmnEnv *env, const DmnType *type, FeelValue value, int line,
                             const char *what)
{
    DmnResult *out = env->frame->run->out;
    Arena *arena = env->frame->run->arena;
    const char *text = dmn_shortened(arena, feel_to_text(arena, value), SHOWN_AT_MOST);
    size_t before = out->findings.count;
    dmn_finding(env, line, "dmn.no_type", "%s is %s, which is no %s", what, text, type_name(type));
    if (out->findings.count > before) {
        DmnFinding *finding = &out->findings.items[before];
        finding->with[0] =
            (ErrorParam){"where", arena_printf(arena, "%s: %s", env->node->info.name, what)};
        finding->with[1] = (ErrorParam){"value", text};
        finding->with[2] = (ErrorParam){"type", type_name(type)};
    }
    return feel_null();
}

FeelValue dmn_not_allowed(const DmnEnv *env, FeelValue value, int line, const char *what)
{
    DmnResult *out = env->frame->run->out;
    Arena *arena = env->frame->run->arena;
    const char *text = dmn_shortened(arena, feel_to_text(arena, value), SHOWN_AT_MOST);
    size_t before = out->findings.count;
    dmn_finding(env, line, "dmn.not_allowed", "%s is %s, which is not among its values", what,
                text);
    if (out->findings.count > before) {
        DmnFinding *finding = &out->findings.items[before];
        finding->with[0] =
            (ErrorParam){"where", arena_printf(arena, "%s: %s", env->node->info.name, what)};
        finding->with[1] = (ErrorParam){"value", text};
    }
    return feel_null();
}

FeelValue dmn_fit(const DmnEnv *env, const DmnType *type, FeelValue value, int line,
                  const char *what)
{
    FeelValue other;
    if (!type)
        return value;
    Fit own = fit(env, type, value);
    if (own == FITS)
        return value;
    if (own == NO_TYPE && convert(env, type, value, &other)) {
        Fit converted = fit(env, type, other);
        if (converted == FITS)
            return other;
        own = converted;
    }
    return own == NO_TYPE ? not_fitting(env, type, value, line, what)
                          : dmn_not_allowed(env, value, line, what);
}
