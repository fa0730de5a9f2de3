/*
 * json.c - JSON by recursive descent over checked UTF-8, one node per value.
 *
 *     bytes -> size and encoding check -> value -> array, object -> value ... -> tree
 *
 * The nodes of a container that is still open wait on one stack (`pending`); when it closes, its
 * own are copied out in one piece, so arrays cost no regrowth. Columns are counted as the parser
 * moves on, never backwards. The arena is asked at every node whether the tree has grown too big.
 */
#include "format/json.h"

#include <stdlib.h>
#include <string.h>

#include "format/json_internal.h"
#include "format/place.h"

enum { FEW_MEMBERS = 12 };

const JsonLimits JSON_LIMITS = {.bytes = (size_t)1024 * 1024, .depth = 64};
const JsonLimits JSON_OWN = {.bytes = (size_t)1024 * 1024, .depth = 64, .is_own = true};

typedef struct Parser {
    Arena *arena;
    const char *at;
    const char *end;
    size_t depth;
    size_t depth_limit;
    bool has_places;
    Place place; /* follows `at`, never ahead of it */
    Error *err;
    LIST(Json *) pending;
} Parser;

static Json *parse_value(Parser *p);

/* Fills the error at the parser's position; NULL so that callers can return it. */
static void *fail_as(Parser *p, ErrorKind kind, const char *code, const char *detail)
{
    place_move(&p->place, p->at);
    place_error(p->arena, &p->place, kind, code, detail, p->err);
    return NULL;
}

static void *fail(Parser *p, const char *detail)
{
    return fail_as(p, ERROR_INVALID, "json.syntax", detail);
}

static void skip_space(Parser *p)
{
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\n' || *p->at == '\r' || *p->at == '\t'))
        p->at++;
}

static bool is_next(const Parser *p, char c)
{
    return p->at < p->end && *p->at == c;
}

static bool take(Parser *p, char c)
{
    if (!is_next(p, c))
        return false;
    p->at++;
    return true;
}

/* Nobody looks for a mistake in what we wrote ourselves, and counting costs more than reading. */
static Place place_of(Parser *p)
{
    if (p->has_places)
        place_move(&p->place, p->at);
    return p->place;
}

static Json *new_node(Parser *p, JsonKind kind)
{
    if (arena_is_over(p->arena))
        return fail_as(p, ERROR_TOO_LARGE, "json.size", "the tree is larger than its arena");
    Place place = place_of(p);
    Json *node = arena_new(p->arena, Json);
    node->kind = kind;
    node->line = place.line;
    node->column = place.column;
    return node;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of four hexadecimal digits behind "\u", moving behind them; -1 when they are none. */
static int32_t take_hex4(Parser *p)
{
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = p->at + i < p->end ? hex_value(p->at[i]) : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    p->at += 4;
    return value;
}

/* The second half of a surrogate pair, joined to the first. */
static int32_t take_low_surrogate(Parser *p, int32_t high)
{
    if (!take(p, '\\') || !take(p, 'u'))
        return -1;
    int32_t low = take_hex4(p);
    if (low < 0xDC00 || low > 0xDFFF)
        return -1;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

static char *put_code_point(char *out, int32_t code)
{
    static const unsigned char leads[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    int size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (int i = size; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(leads[size] | code);
    return out + size;
}

/* A "\uXXXX" whose four digits come next. */
static char *take_unicode(Parser *p, char *out)
{
    int32_t code = take_hex4(p);
    if (code < 0)
        return fail(p, "\\u wants four hexadecimal digits");
    if (code >= 0xD800 && code <= 0xDBFF)
        code = take_low_surrogate(p, code);
    if (code <= 0 || (code >= 0xDC00 && code <= 0xDFFF))
        return fail_as(p, ERROR_INVALID, "json.encoding", "NUL or half a surrogate pair");
    return put_code_point(out, code);
}

static char *take_escape(Parser *p, char *out)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char letter = p->at[1];
    if (letter == 'u') {
        p->at += 2;
        return take_unicode(p, out);
    }
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (!found)
        return fail(p, "unknown escape");
    p->at += 2;
    *out = meant[found - letters];
    return out + 1;
}

/* Behind what stands for itself in a text: no quote, backslash or control character. */
static const char *skip_plain(const char *at, const char *end)
{
    while (at < end && !json_is_special[(unsigned char)*at])
        at++;
    return at;
}

static const char *find_closing_quote(const Parser *p)
{
    const char *at = p->at;
    for (; at < p->end && *at != '"'; at++)
        if (*at == '\\' && at + 1 < p->end)
            at++;
    return at < p->end ? at : NULL;
}

/* With escapes, or not ended. */
static const char *take_escaped_text(Parser *p)
{
    const char *close = find_closing_quote(p);
    if (!close)
        return fail(p, "the text has no closing quote");
    /* An escape is never shorter than what it stands for. */
    char *text = arena_alloc(p->arena, (size_t)(close - p->at) + 1), *out = text;
    while (p->at < close) {
        if ((unsigned char)*p->at < 0x20)
            return fail(p, "a control character must be escaped");
        if (*p->at != '\\')
            *out++ = *p->at++;
        else if (!(out = take_escape(p, out)))
            return NULL;
    }
    p->at = close + 1;
    return text;
}

static const char *take_text(Parser *p)
{
    if (!take(p, '"'))
        return fail(p, "a text in double quotes is wanted");
    const char *start = p->at, *end = skip_plain(start, p->end);
    if (end == p->end || *end != '"')
        return take_escaped_text(p);
    p->at = end + 1;
    return arena_text_n(p->arena, start, (size_t)(end - start));
}

static Json *parse_text(Parser *p)
{
    Json *node = new_node(p, JSON_TEXT);
    if (!node || !(node->text = take_text(p)))
        return NULL;
    return node;
}

/* ---- numbers and words ----------------------------------------------------------------------- */

static bool take_digits(Parser *p)
{
    const char *start = p->at;
    while (p->at < p->end && *p->at >= '0' && *p->at <= '9')
        p->at++;
    return p->at > start;
}

static bool take_exponent(Parser *p)
{
    if (!take(p, 'e') && !take(p, 'E'))
        return true;
    if (!take(p, '-'))
        take(p, '+');
    return take_digits(p);
}

static Json *parse_number(Parser *p)
{
    Json *node = new_node(p, JSON_NUMBER);
    const char *start = p->at;
    if (!node)
        return NULL;
    take(p, '-');
    bool is_good = take(p, '0') || take_digits(p);
    is_good = is_good && (!take(p, '.') || take_digits(p)) && take_exponent(p);
    if (!is_good)
        return fail(p, "a digit is wanted");
    node->text = arena_text_n(p->arena, start, (size_t)(p->at - start));
    return node;
}

static Json *parse_word(Parser *p, const char *word, JsonKind kind)
{
    size_t length = strlen(word);
    if ((size_t)(p->end - p->at) < length || memcmp(p->at, word, length) != 0)
        return fail(p, "a value is wanted");
    Json *node = new_node(p, kind);
    if (!node)
        return NULL;
    node->boolean = *word == 't';
    p->at += length;
    return node;
}

/* ---- arrays and objects ---------------------------------------------------------------------- */

static Json *open_container(Parser *p, JsonKind kind)
{
    if (p->depth == p->depth_limit)
        return fail_as(p, ERROR_INVALID, "json.depth", "nested too deeply");
    Json *node = new_node(p, kind);
    if (!node)
        return NULL;
    p->depth++;
    p->at++;
    skip_space(p);
    return node;
}

/* Moves what waited since `first` into the container. */
static Json *close_container(Parser *p, Json *node, size_t first)
{
    node->count = p->pending.count - first;
    if (node->count)
        node->items =
            arena_copy(p->arena, p->pending.items + first, node->count * sizeof *node->items);
    p->pending.count = first;
    p->depth--;
    return node;
}

static Json *parse_array(Parser *p)
{
    Json *array = open_container(p, JSON_ARRAY);
    size_t first = p->pending.count;
    if (!array)
        return NULL;
    if (take(p, ']'))
        return close_container(p, array, first);
    do {
        Json *item = parse_value(p);
        if (!item)
            return NULL;
        list_add(p->arena, &p->pending, item);
    } while (take(p, ','));
    if (!take(p, ']'))
        return fail(p, "a comma or ] is wanted");
    return close_container(p, array, first);
}

/* A member stands where its name stands. */
static Json *parse_member(Parser *p)
{
    skip_space(p);
    Place place = place_of(p);
    const char *name = take_text(p);
    if (!name)
        return NULL;
    skip_space(p);
    if (!take(p, ':'))
        return fail(p, "a colon is wanted");
    Json *member = parse_value(p);
    if (!member)
        return NULL;
    member->name = name;
    member->line = place.line;
    member->column = place.column;
    return member;
}

/* By name, equal names in the order of the text. */
static int compare_members(const void *a, const void *b)
{
    const Json *left = *(Json *const *)a, *right = *(Json *const *)b;
    int order = strcmp(left->name, right->name);
    if (order != 0)
        return order;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return left->column < right->column ? -1 : left->column > right->column;
}

/* Most names differ in their first letter. */
static bool is_named(const Json *member, const char *name)
{
    return member->name[0] == name[0] && strcmp(member->name, name) == 0;
}

/* Few names are compared with each other faster than they are sorted. */
static bool may_repeat(const Json *object)
{
    if (object->count > FEW_MEMBERS)
        return true;
    for (size_t i = 1; i < object->count; i++)
        for (size_t j = 0; j < i; j++)
            if (is_named(object->items[i], object->items[j]->name))
                return true;
    return false;
}

/* Sorting instead of hashing: names chosen to collide must not make this slow. */
static const Json *find_repeated(Parser *p, const Json *object)
{
    if (!may_repeat(object))
        return NULL;
    ArenaMark mark = arena_mark(p->arena);
    Json **sorted = arena_copy(p->arena, object->items, object->count * sizeof *sorted);
    qsort(sorted, object->count, sizeof *sorted, compare_members);
    const Json *repeated = NULL;
    for (size_t i = 1; i < object->count && !repeated; i++)
        if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
            repeated = sorted[i];
    arena_reset(p->arena, mark);
    return repeated;
}

static Json *close_object(Parser *p, Json *object, size_t first)
{
    close_container(p, object, first);
    const Json *repeated = object->count > 1 ? find_repeated(p, object) : NULL;
    if (!repeated)
        return object;
    Place place = {.line = repeated->line, .column = repeated->column};
    place_error(p->arena, &place, ERROR_INVALID, "json.repeated_name", "a name twice", p->err);
    if (p->err && !p->err->field)
        p->err->field = repeated->name;
    return NULL;
}

static Json *parse_object(Parser *p)
{
    Json *object = open_container(p, JSON_OBJECT);
    size_t first = p->pending.count;
    if (!object)
        return NULL;
    if (take(p, '}'))
        return close_object(p, object, first);
    do {
        Json *member = parse_member(p);
        if (!member)
            return NULL;
        list_add(p->arena, &p->pending, member);
    } while (take(p, ','));
    if (!take(p, '}'))
        return fail(p, "a comma or } is wanted");
    return close_object(p, object, first);
}

static Json *parse_bare_value(Parser *p)
{
    switch (p->at < p->end ? *p->at : 0) {
    case '{': return parse_object(p);
    case '[': return parse_array(p);
    case '"': return parse_text(p);
    case 't': return parse_word(p, "true", JSON_BOOL);
    case 'f': return parse_word(p, "false", JSON_BOOL);
    case 'n': return parse_word(p, "null", JSON_NULL);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return parse_number(p);
    default: return fail(p, "a value is wanted");
    }
}

static Json *parse_value(Parser *p)
{
    skip_space(p);
    Json *value = parse_bare_value(p);
    skip_space(p);
    return value;
}

/* Size and encoding; both are known before the first node is made. */
static bool check_input(Parser *p, size_t bytes_limit)
{
    size_t length = (size_t)(p->end - p->at);
    if (length > bytes_limit)
        return fail_as(p, ERROR_TOO_LARGE, "json.size", "the text is too long");
    const char *bad = place_find_bad_utf8(p->at, length);
    if (!bad)
        return true;
    p->at = bad;
    return fail_as(p, ERROR_INVALID, "json.encoding", "not UTF-8, or NUL");
}

Json *json_parse(Arena *arena, const char *data, size_t length, const JsonLimits *limits,
                 Error *err)
{
    const char *start = length ? data : "";
    Parser p = {.arena = arena,
                .at = start,
                .end = start + length,
                .depth_limit = limits->depth,
                .has_places = !limits->is_own,
                .place = place_start(start),
                .err = err};
    if (!check_input(&p, limits->bytes))
        return NULL;
    Json *value = parse_value(&p);
    if (value && p.at < p.end)
        return fail(&p, "something follows the value");
    return value;
}

/* ---- reading a tree -------------------------------------------------------------------------- */

const Json *json_get(const Json *json, const char *name)
{
    if (!json || json->kind != JSON_OBJECT)
        return NULL;
    for (size_t i = 0; i < json->count; i++)
        if (is_named(json->items[i], name))
            return json->items[i];
    return NULL;
}

const char *json_text(const Json *json, const char *name)
{
    const Json *member = json_get(json, name);
    bool has_text = member && (member->kind == JSON_TEXT || member->kind == JSON_NUMBER);
    return has_text ? member->text : NULL;
}

/* A number's digits without point and exponent: value = mantissa * 10^scale. */
typedef struct Digits {
    uint64_t mantissa;
    int64_t scale;
} Digits;

/* Zeros are counted first and multiplied in only when another digit follows, so that "1.000" and
 * "1000e-3" keep the mantissa 1. False when the mantissa does not fit. */
static bool read_mantissa(const char **at, Digits *out)
{
    bool is_fraction = false;
    int64_t zeros = 0;
    for (; **at && **at != 'e' && **at != 'E'; ++*at) {
        is_fraction = is_fraction || **at == '.';
        if (**at == '.')
            continue;
        out->scale -= is_fraction;
        zeros++;
        if (**at == '0')
            continue;
        for (; zeros > 0; zeros--)
            if (out->mantissa && __builtin_mul_overflow(out->mantissa, 10, &out->mantissa))
                return false;
        uint64_t digit = (uint64_t)(**at - '0');
        if (__builtin_add_overflow(out->mantissa, digit, &out->mantissa))
            return false;
    }
    out->scale += zeros;
    return true;
}

/* The exponent, cut off where no whole number that fits can come back from it. */
static int64_t read_exponent(const char *at)
{
    int64_t exponent = 0, most = INT64_C(1000000000000);
    bool is_negative = at[0] && at[1] == '-';
    for (; *at; at++)
        if (*at >= '0' && *at <= '9' && exponent < most)
            exponent = exponent * 10 + (*at - '0');
    return is_negative ? -exponent : exponent;
}

static bool whole_number(const char *literal, int64_t *out)
{
    if (text_to_int64(literal, out))
        return true;
    bool is_negative = *literal == '-';
    const char *at = literal + is_negative;
    Digits digits = {0};
    if (!read_mantissa(&at, &digits))
        return false;
    digits.scale += read_exponent(at);
    for (; digits.mantissa && digits.scale > 0; digits.scale--)
        if (__builtin_mul_overflow(digits.mantissa, 10, &digits.mantissa))
            return false;
    bool fits = digits.mantissa <= (uint64_t)INT64_MAX + is_negative;
    if (!fits || (digits.mantissa && digits.scale < 0))
        return false;
    *out = (int64_t)(is_negative ? ~digits.mantissa + 1 : digits.mantissa);
    return true;
}

int64_t json_id(const Json *json, const char *name)
{
    int64_t id = 0;
    text_to_int64(json_text(json, name), &id);
    return id;
}

int64_t json_int(const Json *json, const char *name, int64_t fallback)
{
    const Json *member = json_get(json, name);
    int64_t value;
    if (!member || member->kind != JSON_NUMBER || !whole_number(member->text, &value))
        return fallback;
    return value;
}

bool json_bool(const Json *json, const char *name, bool fallback)
{
    const Json *member = json_get(json, name);
    return member && member->kind == JSON_BOOL ? member->boolean : fallback;
}

static bool is_listed(const char *const *known, const char *name)
{
    for (; *known; known++)
        if (strcmp(*known, name) == 0)
            return true;
    return false;
}

bool json_check_names(const Json *json, const char *const *known, Arena *arena, Error *err)
{
    bool is_good = true;
    if (!json || json->kind != JSON_OBJECT)
        return true;
    json_each (member, json) {
        if (is_listed(known, member->name))
            continue;
        is_good = error_add(err, arena, ERROR_INVALID, .code = "json.unknown_name",
                            .field = member->name, .line = member->line, .column = member->column,
                            .with = {{"name", member->name}});
    }
    return is_good;
}
