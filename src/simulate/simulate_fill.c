/*
 * simulate_fill.c - FormField -> answer.
 *
 *     what stands there -> else by type -> else by the key's last word: names, numbers, places
 */
#include "simulate/simulate_fill.h"

#include <string.h>

enum { PREFIX = 5 }; /* "form." */

const char *fill_key(const Json *field)
{
    const char *name = json_text(field, "name"), *type = json_text(field, "type");
    if (!name || !text_starts_with(name, "form.") || text_equal(type, "static") ||
        text_equal(type, "group"))
        return NULL;
    return name + PREFIX;
}

static const char *quoted(Arena *arena, const char *text)
{
    Buffer out = buffer_init(arena, 0);
    json_add_quoted(&out, text);
    return buffer_text(&out);
}

/* ---- choices --------------------------------------------------------------------------------- */

bool fill_is_against(const char *outcome)
{
    static const char *const all[] = {"refuse",  "deny",   "fail",  "disagree",  "unfit",
                                      "not_met", "return", "again", "objection", "not_ready",
                                      "recheck", "repair", "refer", "reject",    NULL};
    for (size_t i = 0; all[i]; i++)
        if (text_equal(outcome, all[i]))
            return true;
    return false;
}

static const char *text_at(const Json *choices, size_t index)
{
    return choices && index < choices->count ? json_text(choices->items[index], "value") : NULL;
}

/* One of the outcomes on the wanted side; where that has none, of all. */
static const char *outcome(const Filling *filling, const Json *choices)
{
    const char *fitting[16];
    size_t count = 0;
    json_each (choice, choices) {
        const char *value = json_text(choice, "value");
        if (count < 16 && fill_is_against(value) == filling->is_against)
            fitting[count++] = value;
    }
    if (!count)
        return text_at(choices, 0);
    /* The first is the usual one: a second good one (an inspection first) is chosen less often. */
    bool is_usual = !filling->is_against && random_chance(filling->random, 75);
    return fitting[is_usual ? 0 : random_below(filling->random, (int64_t)count)];
}

/* Most people come themselves and own up to nothing that asks for more papers. */
static const char *choice(const Filling *filling, const char *key, const Json *choices)
{
    if (text_equal(key, "outcome"))
        return outcome(filling, choices);
    if (text_equal(key, "by_agent") && random_chance(filling->random, 90))
        return "no";
    return text_at(choices,
                   (size_t)random_below(filling->random, choices ? (int64_t)choices->count : 0));
}

static const char *checks(const Filling *filling, const Json *choices)
{
    Buffer out = buffer_init(filling->arena, 0);
    JsonWriter json = json_writer(&out);
    size_t count = choices ? choices->count : 0;
    size_t first = (size_t)random_below(filling->random, (int64_t)count);
    bool has_second = count > 1 && random_chance(filling->random, 30);
    json_begin_array(&json, NULL);
    for (size_t i = 0; i < count; i++)
        if (i == first || (has_second && i == (first + 1) % count))
            json_put_text(&json, NULL, text_at(choices, i));
    json_end_array(&json);
    return count ? buffer_text(&out) : NULL;
}

/* ---- numbers, days, texts -------------------------------------------------------------------- */

static bool ends(const char *key, const char *end)
{
    return text_ends_with(key, end);
}

/* Within the bounds of what such a thing is; else a small number, which fits most. */
static const char *number(const Filling *filling, const char *key)
{
    static const struct {
        const char *end;
        int least, most;
    } ranges[] = {{"floor_area", 20, 900},      {"building_area", 60, 240},
                  {"land_area", 60, 120},       {"room_count", 8, 120},
                  {"gross_mass", 1800, 30000},  {"_price", 40, 900},
                  {"monthly_income", 200, 900}, {"floors", 1, 3}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (ends(key, ranges[i].end))
            return arena_printf(
                filling->arena, "\"%d\"",
                (int)random_between(filling->random, ranges[i].least, ranges[i].most));
    return arena_printf(filling->arena, "\"%d\"", (int)random_between(filling->random, 1, 4));
}

static const char *day(const Filling *filling, const char *key)
{
    int64_t days = -random_between(filling->random, 5, 300);
    if (ends(key, "born_on"))
        days = -random_between(filling->random, 81 * 366, 95 * 365);
    if (ends(key, "wanted_on") || ends(key, "expected_on") || ends(key, "_from"))
        days = random_between(filling->random, 5, 25);
    if (ends(key, "_until"))
        days = random_between(filling->random, 40, 300);
    return quoted(filling->arena, date_text(filling->arena, date_plus(filling->today, (int)days)));
}

static const char *digits(const Filling *filling)
{
    return arena_printf(filling->arena, "%08lld",
                        (long long)random_between(filling->random, 10000000, 99999999));
}

static const char *words(const Filling *filling, const char *key)
{
    const Person *person = filling->person;
    if (ends(key, "id_number"))
        return person->id_number;
    if (ends(key, "credit_code"))
        return person->credit_code;
    if (text_equal(key, "business_name") || text_equal(key, "unit_name") ||
        ends(key, "firm_name") || ends(key, "branch_name") || ends(key, "works_name"))
        return person->firm;
    if (ends(key, "name") || ends(key, "manager") || ends(key, "owners") || ends(key, "supervisor"))
        return person->name;
    if (ends(key, "address") || ends(key, "location") || ends(key, "place") || ends(key, "village"))
        return person->address;
    if (ends(key, "account") || ends(key, "reference") || ends(key, "_number") || ends(key, "_no"))
        return digits(filling);
    if (text_equal(key, "plate"))
        return arena_printf(filling->arena, "闽%.5s", digits(filling));
    if (filling->is_against)
        return "经核查，所交材料与申请事项不符，请按要求重新准备。";
    return "按规定如实填写，情况属实。";
}

/* ---- one field ------------------------------------------------------------------------------- */

/* Ticks of the program itself. */
static const char *chosen(const Filling *filling, const Json *choices, bool is_many)
{
    Buffer out = buffer_init(filling->arena, 0);
    JsonWriter json = json_writer(&out);
    const char *one = NULL;
    json_begin_array(&json, NULL);
    json_each (choice_, choices)
        if (json_bool(choice_, "is_chosen", false))
            json_put_text(&json, NULL, one = json_text(choice_, "value"));
    json_end_array(&json);
    if (!one)
        return NULL;
    return is_many ? buffer_text(&out) : quoted(filling->arena, one);
}

static const char *standing(const Filling *filling, const Json *field)
{
    const char *value = json_text(field, "value"), *type = json_text(field, "type");
    const char *ticked = chosen(filling, json_get(field, "choices"), text_equal(type, "checks"));
    bool is_own_text = filling->is_against && text_equal(fill_key(field), "opinion");
    if (ticked)
        return ticked;
    return text_is_empty(value) || is_own_text ? NULL : quoted(filling->arena, value);
}

static const char *fresh(const Filling *filling, const Json *field)
{
    const char *type = json_text(field, "type"), *key = fill_key(field);
    const Json *choices = json_get(field, "choices");
    if (text_equal(type, "radio") || text_equal(type, "choice")) {
        const char *one = choice(filling, key, choices);
        return one ? quoted(filling->arena, one) : NULL;
    }
    if (text_equal(type, "checks"))
        return checks(filling, choices);
    if (text_equal(type, "bool"))
        return "true";
    if (text_equal(type, "number") || text_equal(type, "int") || text_equal(type, "money"))
        return number(filling, key);
    if (text_equal(type, "date"))
        return day(filling, key);
    if (text_equal(type, "phone"))
        return quoted(filling->arena, filling->person->phone);
    return quoted(filling->arena, words(filling, key));
}

const char *fill_answer(const Filling *filling, const Json *field)
{
    const char *value = standing(filling, field);
    if (value)
        return value;
    bool is_wanted =
        json_bool(field, "is_required", false) || text_equal(fill_key(field), "opinion");
    return is_wanted ? fresh(filling, field) : NULL;
}
