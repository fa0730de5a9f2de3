/*
 * simulate_file.c - how an application comes about: the form filled in, mistyped at times, filed
 * online or taken in at a window; and mended when something was missing.
 *
 *     the item's form -> answers -> the form that these make -> ... until it asks nothing new
 */
#include <string.h>

#include "simulate/simulate_internal.h"

enum { ROUNDS_MOST = 8, FIELDS_MOST = 200 };
enum { MISTYPES = 7, FORGETS = 8, IS_SLOW = 5, IS_LEFT = 40 }; /* of a hundred */

/* ---- filling in ------------------------------------------------------------------------------ */

typedef struct Answer {
    const char *key;
    const char *json;
    bool is_refresh; /* it changes what else is asked */
    bool is_shown;   /* the form still asks it */
    bool is_text;
    bool is_choice;
} Answer;

typedef struct Answers {
    Answer items[FIELDS_MOST];
    size_t count;
} Answers;

static Answer *find(Answers *answers, const char *key)
{
    for (size_t i = 0; i < answers->count; i++)
        if (text_equal(answers->items[i].key, key))
            return &answers->items[i];
    return NULL;
}

typedef enum Which { ALL, REFRESHING, CHOSEN } Which;

static bool belongs(const Answer *answer, Which which)
{
    return answer->json && answer->is_shown &&
           (which == ALL || answer->is_refresh || (which == CHOSEN && answer->is_choice));
}

static const char *body_of(Arena *arena, const Answers *answers, Which which)
{
    Buffer out = buffer_init(arena, 0);
    JsonWriter json = json_writer(&out);
    json_begin_object(&json, NULL);
    for (size_t i = 0; i < answers->count; i++)
        if (belongs(&answers->items[i], which))
            json_put_raw(&json, answers->items[i].key, answers->items[i].json);
    json_end_object(&json);
    return buffer_text(&out);
}

/* Answers what was not asked before; tells whether that may make the form ask more. */
static bool answer_fields(const Filling *filling, const Json *fields, Answers *answers)
{
    bool is_more = false;
    for (size_t i = 0; i < answers->count; i++)
        answers->items[i].is_shown = false;
    json_each (field, fields) {
        const char *key = fill_key(field);
        Answer *known = key ? find(answers, key) : NULL;
        if (known)
            known->is_shown = true;
        if (!key || known || answers->count == FIELDS_MOST)
            continue;
        const char *type = json_text(field, "type");
        const Json *choices = json_get(field, "choices");
        bool is_refresh = json_bool(field, "is_refresh", false);
        answers->items[answers->count++] =
            (Answer){.key = key,
                     .json = fill_answer(filling, field),
                     .is_refresh = is_refresh,
                     .is_shown = true,
                     .is_text = text_equal(type, "text") && json_bool(field, "is_required", false),
                     .is_choice = choices && choices->count > 0};
        is_more = is_more || is_refresh;
    }
    return is_more;
}

static bool fill_item(Actor *actor, const Filling *filling, const char *code, Answers *answers,
                      const Json **out_view)
{
    bool is_more = true;
    *out_view = NULL;
    for (int round = 0; is_more && round < ROUNDS_MOST; round++) {
        if (!form_of_item(actor, code, body_of(actor->arena, answers, REFRESHING), out_view))
            return false;
        is_more = *out_view && answer_fields(filling, json_get(*out_view, "fields"), answers);
    }
    /* Which papers it takes depends on every choice, not only on those that make the form ask more.
     */
    const char *chosen = body_of(actor->arena, answers, CHOSEN);
    return !*out_view || form_of_item(actor, code, chosen, out_view);
}

/* ---- materials ------------------------------------------------------------------------------- */

/* All that are asked for; forgetful people leave one at home. */
static void put_materials(JsonWriter *json, Random *random, const Json *materials, bool forgets)
{
    size_t count = materials ? materials->count : 0;
    size_t left_out = forgets ? (size_t)random_below(random, (int64_t)count) : count;
    json_begin_array(json, "material");
    for (size_t i = 0; i < count; i++)
        if (i != left_out)
            json_put_text(json, NULL, json_text(materials->items[i], "code"));
    json_end_array(json);
}

/* ---- filing ---------------------------------------------------------------------------------- */

static void put_party(JsonWriter *json, const Person *person)
{
    json_put_text(json, "identity_kind", "resident_id");
    json_put_text(json, "identity_number", person->id_number);
    json_put_text(json, "party_name", person->name);
    json_put_bool(json, "is_original_seen", true);
}

static const char *filing_body(Actor *actor, Life *life, const Person *person,
                               const Answers *answers, const Json *view, bool forgets)
{
    Random materials = life->random; /* both attempts bring the same */
    Buffer out = buffer_init(actor->arena, 0);
    JsonWriter json = json_writer(&out);
    json_begin_object(&json, NULL);
    if (life->account < 0)
        put_party(&json, person);
    json_put_raw(&json, "form", body_of(actor->arena, answers, ALL));
    put_materials(&json, &materials, json_get(view, "materials"), forgets);
    json_end_object(&json);
    return buffer_text(&out);
}

static const char *filing_path(const Actor *actor, const Life *life)
{
    const SimulateItem *item = &actor->sim->spec->items.items[life->item];
    return arena_printf(actor->arena, life->account < 0 ? "/intake/%s" : "/apply/%s", item->code);
}

/* A window need not repeat what it wrote down of the applicant. */
static bool is_borrowed(const Life *life, const Person *person, const Answer *answer)
{
    const char *own[] = {person->name, person->id_number, person->phone};
    bool is_own = false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        is_own |= answer->json && strstr(answer->json, own[i]);
    return life->account < 0 && is_own;
}

/* A required text left out, and all that is right beside it: to be refused. */
static bool mistype(Actor *actor, Life *life, const Person *person, Answers *answers,
                    const Json *view)
{
    ScenarioAnswer answer;
    Answer *wrong = NULL;
    for (size_t i = 0; i < answers->count && !wrong; i++)
        if (answers->items[i].is_text && answers->items[i].is_shown &&
            !is_borrowed(life, person, &answers->items[i]))
            wrong = &answers->items[i];
    if (!wrong)
        return true;
    const char *kept = wrong->json;
    wrong->json = "\"\"";
    const char *path = filing_path(actor, life);
    bool is_asked = ask(actor, life_account(actor, life), path,
                        filing_body(actor, life, person, answers, view, false), &answer);
    wrong->json = kept;
    if (!is_asked)
        return false;
    if (is_done(&answer))
        note_surprise(actor, path, &answer);
    actor->counts.mistaken += !is_done(&answer);
    return true;
}

/* Mostly the same day; a slow office may leave it until it is accepted by silence. */
static int64_t until_looked_at(Life *life, bool is_quick)
{
    if (is_quick)
        return random_between(&life->random, 5, 50);
    if (life->is_slow && random_chance(&life->random, IS_LEFT))
        return random_between(&life->random, 2 * WORKING_DAY, 9 * WORKING_DAY);
    return random_between(&life->random, 10, WORKING_DAY);
}

static bool file(Actor *actor, Life *life, const Person *person, const Answers *answers,
                 const Json *view, bool forgets, Instant *out_next)
{
    ScenarioAnswer answer;
    const char *path = filing_path(actor, life);
    bool is_quick = actor->sim->spec->items.items[life->item].is_on_the_spot;
    if (!ask(actor, life_account(actor, life), path,
             filing_body(actor, life, person, answers, view, forgets), &answer))
        return false;
    const char *number = json_text(answer.json, "number");
    if (!is_done(&answer) || !number || strlen(number) >= NUMBER_MOST) {
        note_surprise(actor, path, &answer);
        return true;
    }
    memcpy(life->number, number, strlen(number) + 1);
    actor->counts.filed++;
    return life_later(actor, life, STEP_WORK, until_looked_at(life, is_quick), out_next);
}

bool life_arrive(Actor *actor, Life *life, Instant *out_next)
{
    Answers *answers = arena_new(actor->arena, Answers);
    const Json *view;
    const char *code = actor->sim->spec->items.items[life->item].code;
    Person person = life_person(actor, life);
    Filling filling = life_filling(actor, life, &person, false);
    *out_next = INSTANT_NONE;
    actor->counts.arrived++;
    bool mistypes = random_chance(&life->random, MISTYPES);
    bool forgets = random_chance(&life->random, FORGETS);
    life->is_slow = random_chance(&life->random, IS_SLOW);
    if (!fill_item(actor, &filling, code, answers, &view))
        return false;
    if (!view)
        return true;
    return (!mistypes || mistype(actor, life, &person, answers, view)) &&
           file(actor, life, &person, answers, view, forgets, out_next);
}

/* ---- mending --------------------------------------------------------------------------------- */

static const char *supplement_body(Actor *actor, Life *life, const Json *view)
{
    Answers *answers = arena_new(actor->arena, Answers);
    Person person = life_person(actor, life);
    Filling filling = life_filling(actor, life, &person, false);
    answer_fields(&filling, json_get(view, "fields"), answers);
    Buffer out = buffer_init(actor->arena, 0);
    JsonWriter json = json_writer(&out);
    json_begin_object(&json, NULL);
    json_put_raw(&json, "form", body_of(actor->arena, answers, ALL));
    put_materials(&json, &life->random, json_get(view, "materials"), false);
    json_put_text(&json, "note", "已按告知补齐。");
    json_end_object(&json);
    return buffer_text(&out);
}

bool life_supplement(Actor *actor, Life *life, Instant *out_next)
{
    ScenarioAnswer answer;
    const char *account = life_account(actor, life);
    const char *path = arena_printf(actor->arena, "/dossiers/%s/supplement", life->number);
    if (!ask(actor, account, path, NULL, &answer))
        return false;
    if (is_done(&answer) &&
        !ask(actor, account, path, supplement_body(actor, life, answer.json), &answer))
        return false;
    if (is_done(&answer))
        actor->counts.supplements++;
    else
        note_surprise(actor, path, &answer);
    return life_later(actor, life, STEP_WORK, random_between(&life->random, 30, 600), out_next);
}
