#ifndef FEEL_FEEL_H
#define FEEL_FEEL_H

/*
 * FEEL: the expression language of DMN 1.5 (OMG formal/2023-08, chapter 10), as a pure engine.
 *
 *     text -> tokens -> tree -> checked tree -> value
 *
 * feel_compile reads a text once; feel_evaluate runs the result as often as wanted, from any
 * thread, with the values of a scope. Nothing is read but the arguments: now() and today() come
 * from the scope, functions of the host come in as values.
 *
 * Values are immutable and live in the arena that they were made in; a FeelValue itself is 24
 * bytes, copied freely. An expression keeps its own arena alive as long as it, or a function value
 * that it made, is used.
 *
 * As the standard has it, what goes wrong while evaluating gives null. Null never comes silently:
 * the reason is recorded in FeelFindings, with a stable code and the place in the source.
 * docs/feel.md tells what is supported and lists the codes.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/decimal.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "base/time.h"
#include "format/json.h"

/* ---- values ---------------------------------------------------------------------------------- */

typedef enum FeelKind {
    FEEL_NULL, /* all bytes zero is null */
    FEEL_BOOLEAN,
    FEEL_NUMBER,
    FEEL_STRING,
    FEEL_DATE,
    FEEL_TIME,
    FEEL_DATE_TIME,
    FEEL_YEARS_MONTHS, /* years and months duration */
    FEEL_DAYS_TIME,    /* days and time duration */
    FEEL_LIST,
    FEEL_CONTEXT,
    FEEL_RANGE,
    FEEL_FUNCTION,
    FEEL_KIND_COUNT,
} FeelKind;

typedef enum FeelZoneKind {
    FEEL_ZONE_NONE,   /* local: no zone was given */
    FEEL_ZONE_OFFSET, /* seconds east of UTC */
    FEEL_ZONE_NAMED,  /* an IANA name: "Asia/Shanghai" */
} FeelZoneKind;

typedef struct FeelList FeelList;
typedef struct FeelContext FeelContext;
typedef struct FeelRange FeelRange;
typedef struct FeelFunction FeelFunction;

/* Read the kind first, then the fields that belong to it; make values with the verbs below. */
typedef struct FeelValue {
    uint8_t kind;      /* FeelKind */
    uint8_t zone_kind; /* FeelZoneKind, of time and date and time */
    uint8_t month;     /* of date and date and time: 1..12 */
    uint8_t day;       /*                            1..31 */
    int32_t year;      /* -999999999..999999999, proleptic Gregorian; 0 is 1 BC */
    union {
        bool boolean;
        Decimal number;
        struct {
            const char *text; /* UTF-8 without NUL inside, NUL-terminated */
            size_t length;    /* bytes */
        } string;
        struct {
            int64_t nanosecond; /* of the day: 0 .. 86399999999999 */
            union {
                int64_t offset_seconds;
                const char *name;
            } zone;
        } time;         /* of time and date and time */
        int64_t months; /* of a years and months duration; signed */
        struct {
            int64_t seconds;    /* signed */
            int64_t nanosecond; /* 0..999999999, added to seconds (-0.5s is -1 and 500000000) */
        } span;                 /* of a days and time duration */
        const FeelList *list;
        const FeelContext *context;
        const FeelRange *range;
        const FeelFunction *function;
    } as;
} FeelValue;

/* weight is the number of values inside, all levels, and depth the number of levels: both are
 * bounded when a list or context is made, so whoever walks a value needs no own guard. */
struct FeelList {
    size_t count;
    uint32_t weight;
    uint32_t depth;
    const FeelValue *items;
};

typedef struct FeelEntry {
    const char *name;
    uint32_t hash;
    FeelValue value;
} FeelEntry;

struct FeelContext {
    size_t count;
    uint32_t weight;
    uint32_t depth;
    const FeelEntry *entries; /* in order of definition, names unique */
    const uint32_t *slots;    /* index over entries when there are many, else NULL */
    size_t slot_count;
};

struct FeelRange {
    FeelValue low; /* null: no lower end */
    FeelValue high;
    bool is_low_included;
    bool is_high_included;
    char comparison; /* 0 for [a..b]; '<' 'l' (<=) '>' 'g' (>=) '=' '!' for a unary (< 10) */
};

#define FEEL_TRUE  ((FeelValue){.kind = FEEL_BOOLEAN, .as.boolean = true})
#define FEEL_FALSE ((FeelValue){.kind = FEEL_BOOLEAN, .as.boolean = false})

/* ---- making values --------------------------------------------------------------------------- */

FeelValue feel_null(void);
FeelValue feel_boolean(bool boolean);
FeelValue feel_number(Decimal number);
FeelValue feel_int(int64_t number);

/* A string of well-formed UTF-8; the text is not copied and must live as long as the value. A NULL
 * text gives null. */
FeelValue feel_string(const char *text);
FeelValue feel_string_copy(Arena *arena, const char *text, size_t length);

FeelValue feel_date(Date date); /* DATE_NONE gives null */
/* A moment as a date and time with an offset; INSTANT_NONE gives null. */
FeelValue feel_instant(Instant instant, int offset_minutes);
FeelValue feel_months(int64_t months);
FeelValue feel_milliseconds(int64_t milliseconds); /* a days and time duration */

/* A date, time, date and time, or duration from its ISO 8601 text, as @"..." reads it:
 * "2026-11-22", "08:30:00", "2026-11-22T08:30:00@Asia/Shanghai", "P1Y2M", "P1DT2H". False when it
 * is none. */
bool feel_from_temporal_text(Arena *arena, const char *text, FeelValue *out);

/* Copies items. Lists nest at most FEEL_VALUE_DEPTH deep and hold at most FEEL_VALUE_WEIGHT values
 * in all; past that the result is null. */
FeelValue feel_list(Arena *arena, const FeelValue *items, size_t count);

/* A context is built by putting entries; a name that is put again takes the later value in its
 * first place. Names are kept by pointer. Names are matched exactly: use single spaces inside. */
typedef struct FeelContextBuilder {
    Arena *arena;
    LIST(FeelEntry) entries;
    uint32_t *slots;
    size_t slot_count;
} FeelContextBuilder;

FeelContextBuilder feel_context_begin(Arena *arena);
void feel_context_put(FeelContextBuilder *builder, const char *name, FeelValue value);
FeelValue feel_context_end(FeelContextBuilder *builder); /* null when too deep or too heavy */

/* Null unless both ends are of one ordered kind and in order, or one is null (open there). */
FeelValue feel_range(Arena *arena, FeelValue low, bool is_low_included, FeelValue high,
                     bool is_high_included);

enum {
    FEEL_VALUE_DEPTH = 60,
    FEEL_VALUE_WEIGHT = 1000 * 1000,
};

/* ---- reading values -------------------------------------------------------------------------- */

bool feel_is_null(FeelValue value);

/* A condition's answer: true only for the boolean true. Use feel_condition where false and
 * "no answer" differ (a null condition is an incident, not a no). */
bool feel_is_true(FeelValue value);

typedef enum FeelTruth { FEEL_NO, FEEL_YES, FEEL_UNKNOWN } FeelTruth;
FeelTruth feel_condition(FeelValue value); /* FEEL_UNKNOWN for null and for what is no boolean */

/* The string's text, or NULL when value is none. */
const char *feel_text(FeelValue value);
bool feel_to_int64(FeelValue value, int64_t *out); /* whole numbers only */

/* The calendar day of a date or of a date and time as written there; false for other kinds and
 * for years outside 1..9999. */
bool feel_to_date(FeelValue value, Date *out);

/* The moment of a date and time (milliseconds, rounded down). One without a zone, and a date (its
 * midnight), is taken at offset_minutes. False for other kinds and beyond 64 bits. */
bool feel_to_instant(FeelValue value, int offset_minutes, Instant *out);

/* A days and time duration in milliseconds; false for other kinds and beyond 64 bits. */
bool feel_to_milliseconds(FeelValue value, int64_t *out);

/* base plus a duration of either kind, as `+` does it: for timers. Null when it cannot be. */
FeelValue feel_plus_duration(Arena *arena, FeelValue base, FeelValue duration);

/* A context's entry; NULL when context is no context or has none of that name. */
const FeelValue *feel_member(FeelValue context, const char *name);
/* The same for a name whose feel_hash is known. */
const FeelValue *feel_member_hashed(FeelValue context, const char *name, uint32_t hash);
uint32_t feel_hash(const char *name);

/* Items of a list, 0 for other kinds. */
size_t feel_count(FeelValue list);
FeelValue feel_item(FeelValue list, size_t index); /* from 0; null when there is none */

/* "number", "date and time", "years and months duration" ... as types are written in FEEL. */
const char *feel_kind_name(FeelValue value);

/* What string(value) gives: the plain text of a string, ISO 8601 of temporal values, and the FEEL
 * notation of lists, contexts and ranges. "null" for null. */
const char *feel_to_text(Arena *arena, FeelValue value);

/* Equality and order of the standard (10.3.2.13): FEEL_UNKNOWN when the kinds differ (null = null
 * is FEEL_YES, null = anything else FEEL_NO). Times are compared on the line of time; one without
 * a zone stands in the other's. */
FeelTruth feel_equal(FeelValue a, FeelValue b);

/* -1, 0, 1 in *out_order; false when the two have no order (other kinds). */
bool feel_order(FeelValue a, FeelValue b, int *out_order);

/* Whether value lies in the range; FEEL_UNKNOWN when they cannot be compared. */
FeelTruth feel_range_has(FeelValue range, FeelValue value);

/* ---- findings -------------------------------------------------------------------------------- */

typedef struct FeelFinding {
    const char *code;    /* stable: "feel.unknown_name" (docs/feel.md lists them) */
    const char *message; /* English, names the values and types at fault */
    const char *source;  /* the text of the expression that it is in */
    size_t offset;       /* bytes into source */
    int line;            /* from 1 */
    int column;          /* from 1, in code points */
} FeelFinding;

/* Zero-initialise. Filled by evaluation, first finding first, at most FEEL_FINDINGS_MAX; the rest
 * is counted in dropped. Texts live in the arena of the evaluation. */
typedef struct FeelFindings {
    LIST(FeelFinding) list;
    size_t dropped;
} FeelFindings;

enum { FEEL_FINDINGS_MAX = 50 };

/* The first finding as an error of kind ERROR_INVALID (code, message, line, column), for hosts that
 * must refuse. Returns false, as error_set does. Without findings the error is feel.null. */
bool feel_findings_error(const FeelFindings *findings, Arena *arena, Error *err);

/* ---- names that are in scope when reading ---------------------------------------------------- */

/*
 * FEEL names may hold spaces, keywords and operator signs ("Profit and loss", "a+b"); only who
 * knows the names in scope can read them, the longest first. Words side by side that are no
 * keywords are always read as one name, so names of plain words need no registration.
 */
typedef struct FeelNames FeelNames;

FeelNames *feel_names_create(Arena *arena);
/* A variable's name. Ignored when it is no FEEL name at all. The text is copied. */
void feel_names_add(FeelNames *names, const char *name);
/* A name that stands behind a dot or inside a filter: a member of some type in scope. */
void feel_names_add_member(FeelNames *names, const char *name);
/* All names of a context, members of members included. */
void feel_names_add_value(FeelNames *names, FeelValue context);

/* True when text is one FEEL name (letters first, then letters, digits, single spaces and
 * . / - ' + *). */
bool feel_is_name(const char *text);

/* ---- expressions ----------------------------------------------------------------------------- */

typedef struct FeelExpression FeelExpression;

typedef enum FeelDialect {
    FEEL_EXPRESSION,  /* one expression */
    FEEL_UNARY_TESTS, /* a decision table's cell: "-", not(...), a list of tests of the input `?` */
} FeelDialect;

enum {
    FEEL_SOURCE_MAX = 256 * 1024, /* bytes of source */
    FEEL_NESTING_MAX = 200,       /* brackets and keywords inside each other */
};

/* Reads source (UTF-8, NUL-terminated; copied). known_names may be NULL and is not kept. On failure
 * NULL and one error with line and column: feel.syntax (what was found, what was expected),
 * feel.depth, feel.encoding (ERROR_INVALID), feel.size (ERROR_TOO_LARGE). */
MUST_CHECK FeelExpression *feel_compile(Arena *arena, const char *source, FeelDialect dialect,
                                        const FeelNames *known_names, Error *err);

/* The text that it was compiled from. */
const char *feel_source(const FeelExpression *expression);

/* The same without comments and white space, but for one space between two words: equal for texts
 * that differ in nothing else. ("a - b" and "a-b" are equal too, even where the latter is a name.)
 */
const char *feel_plain(Arena *arena, const FeelExpression *expression);

/* The names that the expression takes from its scope (no locals, no built-ins that it calls by
 * name; each once, in order of appearance), for checks of definitions. For a path the first name
 * only. */
size_t feel_free_names(const FeelExpression *expression, const char *const **out_names);

/* True for the unary tests "-". */
bool feel_is_irrelevant(const FeelExpression *expression);

/* ---- evaluation ------------------------------------------------------------------------------ */

typedef struct FeelLimits {
    uint64_t steps; /* work units: nodes evaluated, values walked */
    uint32_t depth; /* nested evaluations; up to 2 KiB of stack each */
    size_t bytes;   /* taken from the arena in one evaluation */
} FeelLimits;

/* 1,000,000 steps, depth 1,000, 16 MiB. */
extern const FeelLimits FEEL_LIMITS;

/* Whether value is of a type that the host defines (DMN item definitions), for `instance of` and
 * for typed parameters. Sets *out_known false when there is no such type. */
typedef bool (*FeelTypeCheck)(void *data, const char *type_name, FeelValue value, bool *out_known);

/*
 * Working days of a jurisdiction, for workdays.add and workdays.between. Each verb gives false
 * beyond its calendar. A day that it looked at and no notice covers is put into *out_provisional,
 * which is DATE_NONE before: the answer is then given with the finding feel.provisional.
 */
typedef struct FeelWorkdays {
    /* The count-th working day after `from`; 0: the first on or after it; negative: before. */
    bool (*add)(void *data, Date from, int64_t count, Date *out, Date *out_provisional);
    /* Working days in (a, b]; when b lies before a, minus those in (b, a]. */
    bool (*between)(void *data, Date a, Date b, int64_t *out, Date *out_provisional);
    void *data;
} FeelWorkdays;

/*
 * What an expression can see. Scopes chain: a name is looked for in variables, then in the
 * parent's. The other fields are taken from the innermost scope alone. The arena of an evaluation
 * with a byte limit of its own should allow at least a quarter of limits.bytes.
 */
typedef struct FeelScope {
    const struct FeelScope *parent;
    FeelValue variables;      /* a context, or null */
    bool has_input;           /* whether `?` means something */
    FeelValue input;          /* the value of `?` */
    Instant now;              /* INSTANT_NONE or 0: now() and today() are null */
    int offset_minutes;       /* the zone of now() and today() ... */
    const char *zone;         /* ... or its IANA name, which wins when set */
    const FeelLimits *limits; /* NULL: FEEL_LIMITS */
    FeelTypeCheck type_check; /* may be NULL */
    void *type_data;
    const FeelWorkdays *workdays; /* of this scope or a parent; NULL: workdays.* are null */
} FeelScope;

/* The value, in the arena. scope may be NULL (nothing in scope), findings may be NULL. Never fails
 * but with null and a finding; passing a limit gives null and feel.limit. Unary tests give true,
 * false or null for scope->input. */
FeelValue feel_evaluate(const FeelExpression *expression, const FeelScope *scope, Arena *arena,
                        FeelFindings *findings);

/* Calls a function value with positional arguments. */
FeelValue feel_invoke(FeelValue function, const FeelValue *arguments, size_t count,
                      const FeelScope *scope, Arena *arena, FeelFindings *findings);

/* ---- functions of the host ------------------------------------------------------------------- */

typedef struct FeelCall FeelCall;

/* Kinds that a parameter takes, as bits 1 << FeelKind, with flags. */
enum {
    FEEL_TAKES_ANY = (1 << FEEL_KIND_COUNT) - 1, /* null included */
    FEEL_OPTIONAL = 1 << 16,                     /* may be left out; then null */
    FEEL_VARIADIC = 1 << 17, /* the last parameter: takes all further arguments, as one list */
};
#define FEEL_TAKES(kind) (1 << (kind))

typedef struct FeelParameter {
    const char *name;
    int takes;
} FeelParameter;

enum { FEEL_PARAMETERS_MAX = 8 };

/*
 * One built-in or host function, or one of several signatures of the same name: a const row beside
 * its body. Before the body runs the arguments are placed (by position or by name), converted as
 * the standard allows (value to list of one and back, date to date and time) and checked against
 * `takes`; a null for a parameter that does not take it, or a wrong kind, gives null and a finding,
 * and the body is not run.
 */
typedef struct FeelNative {
    const char *name;
    FeelParameter parameters[FEEL_PARAMETERS_MAX]; /* ends at the first without a name */
    FeelValue (*call)(FeelCall *call);
    const char *doc;         /* one sentence */
    const char *examples[3]; /* "expression = value"; the tests run them */
} FeelNative;

/* A function value that calls native, to be put into a context: {workdays: {add: function}} makes
 * workdays.add(from, days) callable. native and data must outlive it. */
FeelValue feel_native(Arena *arena, const FeelNative *native, void *data);

/* A function value with parameter names known at run time (DMN business knowledge, decision
 * services): all parameters take anything. names are copied as pointers. */
FeelValue feel_native_named(Arena *arena, const char *const *names, size_t count,
                            FeelValue (*call)(FeelCall *call), void *data);

/* Inside a body. */
FeelValue feel_argument(const FeelCall *call, size_t index); /* null when left out */
size_t feel_argument_count(const FeelCall *call);            /* parameters, left out or not */
Arena *feel_call_arena(const FeelCall *call);
void *feel_call_data(const FeelCall *call);
const FeelScope *feel_call_scope(const FeelCall *call); /* the scope of the evaluation */

/* Records a finding at the place of the call and returns null: return feel_fail(call, ...). */
FeelValue feel_fail(FeelCall *call, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Counts work against the limits; false when they are passed (feel.limit is recorded: return null).
 * Ask before work that grows with the arguments. */
bool feel_call_spend(FeelCall *call, size_t steps, size_t bytes);

/* Calls a function, or evaluates another expression, within the limits of the running evaluation.
 * A body must use these and never feel_evaluate, or a recursion would not end. */
FeelValue feel_call_function(FeelCall *call, FeelValue function, const FeelValue *arguments,
                             size_t count);
/* The same with named arguments; those that are left out are null. */
FeelValue feel_call_named(FeelCall *call, FeelValue function, const char *const *names,
                          const FeelValue *arguments, size_t count);
FeelValue feel_call_expression(FeelCall *call, const FeelExpression *expression,
                               const FeelScope *scope);

/* The built-ins in order of name, for manuals and completion. */
size_t feel_builtins(Arena *arena, const FeelNative *const **out_natives);

/* ---- JSON ------------------------------------------------------------------------------------ */

/* Objects become contexts, arrays lists, numbers decimals (rounded to 34 digits; null when beyond
 * the range). Texts stay strings: dates are made where a form or schema says so. */
FeelValue feel_from_json(Arena *arena, const Json *json);

/* Plain JSON for people and other programs: temporal values and ranges as their text, functions as
 * null. Not meant to be read back: use feel_encode for that. */
void feel_to_json(Buffer *buffer, FeelValue value);

/* Exact storage, with kinds: JSON {"feel":1,"value":...}, where a number is {"n":"1.5"}, a date
 * {"d":"2026-11-22"} and so on (docs/feel.md). False with feel.encode_function when a function is
 * inside. Members of equal contexts in equal order give equal bytes. */
bool feel_encode(Buffer *buffer, FeelValue value, Error *err);

/* The value of an encoded text. False with feel.decode and the place. */
bool feel_decode(Arena *arena, const char *text, size_t length, FeelValue *out, Error *err);
/* The same for a tree that was already parsed (an encoded value inside another JSON). */
bool feel_decode_json(Arena *arena, const Json *json, FeelValue *out, Error *err);

#endif
