/*
 * catalogue_story_test.c - the processes and forms of the service hall played through: what each
 * outcome leads to, who has to act, and what the forms take and refuse.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/catalogue/catalogue.h"

#define HALL "packs/service-hall"

static Arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static const char *read_whole(const char *path)
{
    Buffer text = buffer_init(arena, 0);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (int c; (c = fgetc(file)) != EOF;)
        buffer_add_char(&text, (char)c);
    fclose(file);
    return buffer_text(&text);
}

static const Json *json_of(const char *text)
{
    Error err = ERROR_NONE;
    const Json *json = json_parse(arena, text, strlen(text), &JSON_LIMITS, &err);
    if (!json)
        fail_msg("%s: %s", err.code, text);
    return json;
}

/* ---- processes ------------------------------------------------------------------------------- */

/* What happened, in order, joined by blanks: "dossier.accept", "review@MARKET:sole-trader-decide".
 */
typedef struct Play {
    BpmnInstance *instance;
    BpmnContext context;
    BpmnEffects effects;
    size_t done;
    int64_t task; /* the open one */
    bool is_over;
    Buffer told;
} Play;

static const char *stage_of(const BpmnElement *element)
{
    for (size_t i = 0; i < element->properties.count; i++)
        if (text_equal(element->properties.items[i].name, "stage"))
            return element->properties.items[i].value;
    return "?";
}

static void tell(Play *play, const char *what)
{
    buffer_printf(&play->told, "%s%s", play->told.length ? " " : "", what);
}

static void tell_task(Play *play, const BpmnEffect *effect)
{
    assert_int_equal(effect->task->candidate_group_count, 1);
    assert_null(effect->task->assignee);
    tell(play, arena_printf(arena, "%s@%s:%s", stage_of(effect->element),
                            effect->task->candidate_groups[0], effect->task->form_key));
    play->task = effect->key;
}

static void settle(Play *play)
{
    Error err = ERROR_NONE;
    for (; play->done < play->effects.count; play->done++) {
        BpmnEffect effect = play->effects.items[play->done];
        if (effect.kind == BPMN_TASK_CREATED)
            tell_task(play, &effect);
        if (effect.kind == BPMN_INCIDENT_RAISED)
            tell(play, effect.code);
        play->is_over |= effect.kind == BPMN_INSTANCE_COMPLETED;
        if (effect.kind != BPMN_SERVICE_CALLED)
            continue;
        tell(play, effect.service->type);
        assert_true(bpmn_complete(play->instance, effect.key, feel_null(), &play->context,
                                  &play->effects, &err));
    }
}

static Play start(const char *item, const char *unit)
{
    const char *xml = read_whole(arena_printf(arena, HALL "/processes/%s.bpmn", item));
    Error err = ERROR_NONE;
    Play play = {.context = {.now = INT64_C(1795336200000), .offset_minutes = 480},
                 .told = buffer_init(arena, 0)};
    const BpmnModel *model = bpmn_parse(arena, xml, strlen(xml), &err);
    if (!model)
        fail_msg("%s: %s", item, err.code);
    assert_int_equal(bpmn_warning_count(model), 0);
    FeelValue variables = feel_from_json(
        arena, json_of(arena_printf(arena, "{\"item\":{\"unit\":\"%s\"},\"answers\":{}}", unit)));
    play.instance = bpmn_start(model, arena, variables, &play.context, &play.effects, &err);
    assert_non_null(play.instance);
    settle(&play);
    return play;
}

static void complete(Play *play, const char *outcome)
{
    Error err = ERROR_NONE;
    FeelValue output = feel_from_json(
        arena, json_of(arena_printf(arena, "{\"outcome\":\"%s\",\"opinion\":\"好\"}", outcome)));
    assert_true(
        bpmn_complete(play->instance, play->task, output, &play->context, &play->effects, &err));
    settle(play);
    assert_true(bpmn_check(play->instance, &err));
}

#define SPOT   "dossier.accept review@MARKET:sole-trader-decide"
#define INTAKE "intake@HALL:hotel-hygiene-intake"
#define DECIDED                                                                                    \
    INTAKE " dossier.accept review@HEALTH:hotel-hygiene-review decision@HEALTH:"                   \
           "hotel-hygiene-decision"

static const struct {
    const char *item;
    const char *unit;
    const char *outcomes[3];
    const char *told;
    bool is_over;
} stories[] = {
    {"sole-trader", "MARKET", {NULL}, SPOT, false},
    {"sole-trader", "MARKET", {"approve"}, SPOT " dossier.approve certificate.issue", true},
    {"sole-trader", "MARKET", {"deny"}, SPOT " dossier.deny", true},
    {"sole-trader", "MARKET", {"perhaps"}, SPOT " bpmn.no_flow", false},
    {"hotel-hygiene", "HEALTH", {NULL}, INTAKE, false},
    {"hotel-hygiene", "HEALTH", {"refuse"}, INTAKE " dossier.refuse", true},
    {"hotel-hygiene",
     "HEALTH",
     {"accept", "pass", "approve"},
     DECIDED " dossier.approve certificate.issue",
     true},
    {"hotel-hygiene", "HEALTH", {"accept", "pass", "deny"}, DECIDED " dossier.deny", true},
    {"hotel-hygiene", "HEALTH", {"accept", "fail", "deny"}, DECIDED " dossier.deny", true},
    {"hotel-hygiene", "HEALTH", {"accept", "fail"}, DECIDED, false},
};

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        Play play = start(stories[i].item, stories[i].unit);
        for (size_t j = 0; j < 3 && stories[i].outcomes[j]; j++)
            complete(&play, stories[i].outcomes[j]);
        if (!text_equal(buffer_text(&play.told), stories[i].told))
            fail_msg("story %zu: %s", i + 1, buffer_text(&play.told));
        assert_int_equal(play.is_over, stories[i].is_over);
    }
}

/* ---- forms ----------------------------------------------------------------------------------- */

/* clang-format off */
#define TRADER \
    "\"business_name\":\"青溪县小满茶饮店\",\"business_scope\":\"餐饮服务\"," \
    "\"premises_address\":\"滨河路12号\",\"premises_owned\":\"own\"," \
    "\"operator_name\":\"林小满\",\"operator_phone\":\"138 0000 0001\","
#define HOTEL \
    "\"unit_name\":\"青溪山居客栈\",\"address\":\"山前路1号\",\"legal_name\":\"周知秋\"," \
    "\"phone\":\"13800000002\",\"room_count\":\"24\",\"floor_area\":\"860.5\"," \
    "\"water_supply\":\"mains\","
/* clang-format on */
#define GOOD_ID   "\"operator_id_number\":\"11010519491231002x\","
#define GOOD_CODE "\"credit_code\":\"91350100M000100Y43\","

static const struct {
    const char *form;
    const char *typed;
    const char *code;  /* NULL: taken */
    const char *field; /* or, of what is taken, a value that is stored: key=text */
} submissions[] = {
    {"sole-trader", "{" TRADER GOOD_ID "\"by_agent\":\"no\"}", NULL, "operator_phone=13800000001"},
    {"sole-trader", "{" TRADER GOOD_ID "\"by_agent\":\"no\"}", NULL,
     "operator_id_number=11010519491231002X"},
    {"sole-trader", "{" TRADER GOOD_ID "\"by_agent\":\"yes\"}", "input.required",
     "form.agent_name"},
    {"sole-trader", "{" TRADER GOOD_ID "\"by_agent\":\"yes\",\"agent_name\":\"周知秋\"}", NULL,
     "agent_name=周知秋"},
    {"sole-trader", "{" TRADER GOOD_ID "\"by_agent\":\"no\",\"agent_name\":\"周知秋\"}", NULL,
     "agent_name="},
    {"sole-trader", "{" TRADER "\"operator_id_number\":\"110105194912310021\",\"by_agent\":\"no\"}",
     "form.id_number", "form.operator_id_number"},
    {"sole-trader", "{" TRADER "\"by_agent\":\"no\"}", "input.required", "form.operator_id_number"},
    {"hotel-hygiene", "{" HOTEL GOOD_CODE "\"air_conditioning\":\"split\"}", NULL,
     "floor_area=860.5"},
    {"hotel-hygiene", "{" HOTEL GOOD_CODE "\"air_conditioning\":\"central\"}", "input.required",
     "form.ac_cleaned_on"},
    {"hotel-hygiene",
     "{" HOTEL GOOD_CODE "\"air_conditioning\":\"central\",\"ac_cleaned_on\":\"2026-10-08\"}", NULL,
     "ac_cleaned_on=2026-10-08"},
    {"hotel-hygiene",
     "{" HOTEL "\"credit_code\":\"91350100M000100Y44\",\"air_conditioning\":\"none\"}",
     "form.credit_code", "form.credit_code"},
    {"sole-trader-decide", "{\"outcome\":\"deny\",\"opinion\":\" \"}", "input.required",
     "form.opinion"},
    {"sole-trader-decide", "{\"outcome\":\"deny\",\"opinion\":\"经营场所不符\"}", NULL,
     "opinion=经营场所不符"},
    {"sole-trader-decide", "{\"outcome\":\"\",\"opinion\":\"同意\"}", NULL, NULL},
    {"hotel-hygiene-intake", "{\"outcome\":\"approve\",\"opinion\":\"同意\"}", NULL, NULL},
};

static const Form *form_of(const char *code)
{
    const char *text = read_whole(arena_printf(arena, HALL "/forms/%s.json", code));
    Error err = ERROR_NONE;
    const Form *form = form_parse(arena, text, strlen(text), &err);
    if (!form)
        fail_msg("%s: %s", code, err.code);
    return form;
}

static void expect_stored(const Json *values, const char *expected)
{
    const char *mark = strchr(expected, '=');
    const char *key = arena_text_n(arena, expected, (size_t)(mark - expected));
    const Json *value = json_get(values, key);
    assert_string_equal(value && value->text ? value->text : "", mark + 1);
}

static void test_submissions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof submissions / sizeof submissions[0]; i++) {
        Error err = ERROR_NONE;
        Json *values = NULL;
        bool is_taken = form_submit(form_of(submissions[i].form), json_of(submissions[i].typed),
                                    true, NULL, arena, &values, &err);
        if (!submissions[i].field) { /* whichever code: a choice that is none is refused */
            assert_false(is_taken);
            assert_string_equal(err.field, "form.outcome");
        } else if (!submissions[i].code) {
            if (!is_taken)
                fail_msg("submission %zu: %s %s", i + 1, err.code, err.field);
            expect_stored(values, submissions[i].field);
        } else {
            assert_false(is_taken);
            assert_string_equal(err.code, submissions[i].code);
            assert_string_equal(err.field, submissions[i].field);
            assert_null(err.next);
        }
    }
}

static const FormControl *control_of(const FormControls *controls, const char *key)
{
    list_each (const FormControl, control, controls)
        if (text_equal(control->key, key))
            return control;
    return NULL;
}

/* What an officer sees first: nothing is chosen, and the opinion has the words of an approval. */
static void test_decision_forms_begin_alike(void **state)
{
    (void)state;
    static const char *const forms[] = {"sole-trader-decide", "hotel-hygiene-intake",
                                        "hotel-hygiene-review", "hotel-hygiene-decision"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        Error err = ERROR_NONE;
        FormControls controls = {0};
        assert_true(
            form_render(form_of(forms[i]), NULL, feel_null(), NULL, arena, &controls, &err));
        const FormControl *outcome = control_of(&controls, "outcome");
        const FormControl *opinion = control_of(&controls, "opinion");
        assert_string_equal(outcome->type, "radio");
        assert_int_equal(outcome->options.count, 2);
        assert_false(outcome->options.items[0].is_chosen || outcome->options.items[1].is_chosen);
        assert_string_equal(opinion->type, "lines");
        assert_true(outcome->is_required && opinion->is_required);
        assert_true(text_length(opinion->value) > 10);
    }
}

static void test_forms_in_english(void **state)
{
    (void)state;
    Error err = ERROR_NONE;
    FormControls controls = {0};
    const Json *overlay = json_of(read_whole(HALL "/forms/hotel-hygiene.en.json"));
    FeelValue values = feel_from_json(arena, json_of("{\"air_conditioning\":\"central\"}"));
    assert_true(
        form_render(form_of("hotel-hygiene"), overlay, values, NULL, arena, &controls, &err));
    assert_string_equal(control_of(&controls, "ac_cleaned_on")->label,
                        "When the central system was last cleaned and disinfected");
    assert_string_equal(control_of(&controls, "air_conditioning")->options.items[2].label, "None");
    assert_true(control_of(&controls, "air_conditioning")->is_refresh);
    list_each (const FormControl, control, &controls)
        for (const char *at = control->label; *at; at++)
            assert_true((unsigned char)*at < 0xE3); /* no Chinese */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stories, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_submissions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_decision_forms_begin_alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_forms_in_english, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
