/*
 * bpmn_test.c - the engine's interface: reading models and instances, storing, foreign files.
 *
 * What each element does is told by the stories of bpmn_cases_test; this file tests what a caller
 * sees in C: structure, views, errors of loading, stored states of earlier releases.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bpmn/bpmn.h"
#include "test_skip.h"

#define NOW INT64_C(1795305600000) /* 2026-11-22T00:00:00Z */
#define HEAD                                                                                       \
    "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "                          \
    "xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\">"
#define ONE_TASK                                                                                   \
    HEAD "<process id=\"p\" name=\"Licence\" isExecutable=\"true\"><startEvent id=\"s\"/>"         \
         "<userTask id=\"t\" name=\"Check\"/><endEvent id=\"e\"/>"                                 \
         "<sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"t\"/>"                                \
         "<sequenceFlow id=\"g\" sourceRef=\"t\" targetRef=\"e\"/></process></definitions>"

typedef struct Fixture {
    Arena *arena;
    BpmnContext context;
    BpmnEffects effects;
    Error err;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create(64 * 1024 * 1024);
    f->context = (BpmnContext){.now = NOW, .offset_minutes = 480};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static BpmnModel *parse(Fixture *f, const char *xml)
{
    BpmnModel *model = bpmn_parse(f->arena, xml, strlen(xml), &f->err);
    if (!model)
        print_error("%s\n", f->err.detail);
    return model;
}

static char *read_whole(Arena *arena, const char *path)
{
    Buffer text = buffer_init(arena, 0);
    char part[4096];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (size_t got = 1; got > 0;) {
        got = fread(part, 1, sizeof part, file);
        buffer_add_n(&text, part, got);
    }
    fclose(file);
    return text.data;
}

static BpmnInstance *start(Fixture *f, const BpmnModel *model)
{
    BpmnInstance *instance =
        bpmn_start(model, f->arena, feel_null(), &f->context, &f->effects, &f->err);
    assert_non_null(instance);
    return instance;
}

/* ---- models ---------------------------------------------------------------------------------- */

static void test_structure(void **state)
{
    Fixture *f = *state;
    const char *xml = read_whole(f->arena, "tests/bpmn/state/v1/hotel.bpmn");
    BpmnModel *model = parse(f, xml);
    assert_non_null(model);
    assert_string_equal(bpmn_process_id(model), "hotel");
    const BpmnElement *process = bpmn_element(model, 0);
    assert_int_equal(process->kind, BPMN_PROCESS);
    assert_int_equal(process->parent, BPMN_NO_INDEX);
    assert_string_equal(process->documentation, "Hygiene licence of a hotel.");
    assert_string_equal(bpmn_element(model, process->start)->id, "filed");

    const BpmnElement *accept = bpmn_find(model, "accept");
    assert_string_equal(accept->name, "Accept");
    assert_string_equal(accept->tag, "userTask");
    assert_string_equal(accept->lane, "Window");
    assert_string_equal(accept->form_key, "accept-form");
    assert_int_equal(accept->kind, BPMN_USER_TASK);
    assert_int_equal(accept->parent, 0);
    assert_int_equal(accept->attached_to, BPMN_NO_INDEX);
    assert_int_equal(accept->headers.count, 1);
    assert_string_equal(accept->headers.items[0].name, "stage");
    assert_string_equal(accept->headers.items[0].value, "acceptance");
    assert_int_equal(accept->properties.count, 1);
    assert_string_equal(accept->properties.items[0].name, "limit");
    assert_int_equal(accept->incoming_count, 2);
    assert_int_equal(accept->outgoing_count, 1);
    assert_true(accept->line > 1);
    assert_null(bpmn_find(model, "nothing"));
    assert_null(bpmn_find(model, NULL));
    assert_null(bpmn_element(model, bpmn_element_count(model)));
}

static void test_flows_and_borders(void **state)
{
    Fixture *f = *state;
    BpmnModel *model = parse(f, read_whole(f->arena, "tests/bpmn/state/v1/hotel.bpmn"));
    assert_non_null(model);
    const BpmnElement *choice = bpmn_find(model, "complete_file");
    assert_int_equal(choice->outgoing_count, 2);
    const BpmnFlow *yes = bpmn_flow(model, choice->outgoing[0]);
    const BpmnFlow *no = bpmn_flow(model, choice->outgoing[1]);
    assert_string_equal(yes->condition, "=complete");
    assert_string_equal(yes->name, "yes");
    assert_false(yes->is_default);
    assert_true(no->is_default);
    assert_null(no->condition);
    assert_string_equal(bpmn_element(model, no->target)->id, "supplement");
    assert_null(bpmn_flow(model, bpmn_flow_count(model)));

    const BpmnElement *review = bpmn_find(model, "review");
    assert_int_equal(review->boundary_count, 1);
    const BpmnElement *late = bpmn_element(model, review->boundary[0]);
    assert_string_equal(late->id, "late");
    assert_int_equal(late->attached_to, review->index);
    assert_false(late->is_interrupting);
    const BpmnElement *inner = bpmn_find(model, "visit");
    assert_int_equal(inner->parent, review->index);
    assert_string_equal(inner->lane, "Inspection");
    assert_true(inner->is_reachable);
    assert_int_equal(bpmn_warning_count(model), 0);
    assert_null(bpmn_warning(model, 0));
}

static void test_names_of_kinds(void **state)
{
    (void)state;
    assert_string_equal(bpmn_kind_name(BPMN_PROCESS), "process");
    assert_string_equal(bpmn_kind_name(BPMN_USER_TASK), "user_task");
    assert_string_equal(bpmn_kind_name(BPMN_LINK_CATCH), "link_catch");
    assert_string_equal(bpmn_effect_name(BPMN_ELEMENT_ENTERED), "element_entered");
    assert_string_equal(bpmn_effect_name(BPMN_TASK_CREATED), "task_created");
    assert_string_equal(bpmn_effect_name(BPMN_INSTANCE_TERMINATED), "instance_terminated");
}

static void test_an_error_has_its_place(void **state)
{
    Fixture *f = *state;
    static const char xml[] = HEAD "<process id=\"p\">\n<startEvent id=\"s\"/>\n"
                                   "  <inclusiveGateway id=\"g\"/></process></definitions>";
    assert_null(bpmn_parse(f->arena, xml, strlen(xml), &f->err));
    assert_int_equal(f->err.kind, ERROR_INVALID);
    assert_string_equal(f->err.code, "bpmn.unsupported");
    assert_string_equal(f->err.field, "g");
    assert_int_equal(f->err.line, 3);
    assert_int_equal(f->err.column, 3);
    assert_string_equal(f->err.detail, "line 3, \"g\": inclusiveGateway is not supported");
    assert_null(f->err.next);
}

static void test_too_many_elements(void **state)
{
    Fixture *f = *state;
    Buffer xml = buffer_init(f->arena, 0);
    buffer_add(&xml, HEAD "<process id=\"p\"><startEvent id=\"s\"/>");
    for (int i = 0; i < 5001; i++)
        buffer_printf(&xml, "<task id=\"t%d\"/>", i);
    buffer_add(&xml, "</process></definitions>");
    assert_null(bpmn_parse(f->arena, xml.data, xml.length, &f->err));
    assert_string_equal(f->err.code, "bpmn.too_large");
    assert_int_equal(f->err.kind, ERROR_TOO_LARGE);
}

static void test_too_deep(void **state)
{
    Fixture *f = *state;
    Buffer xml = buffer_init(f->arena, 0);
    buffer_add(&xml, HEAD "<process id=\"p\"><startEvent id=\"s\"/>");
    for (int i = 0; i < 25; i++)
        buffer_printf(&xml, "<subProcess id=\"u%d\"><startEvent id=\"s%d\"/>", i, i);
    for (int i = 0; i < 25; i++)
        buffer_add(&xml, "</subProcess>");
    buffer_add(&xml, "</process></definitions>");
    assert_null(bpmn_parse(f->arena, xml.data, xml.length, &f->err));
    assert_string_equal(f->err.code, "bpmn.nesting");
}

static void test_no_memory_to_parse(void **state)
{
    Fixture *f = *state;
    Arena *small = arena_create(2048);
    Error err = ERROR_NONE;
    assert_null(bpmn_parse(small, ONE_TASK, strlen(ONE_TASK), &err));
    assert_int_equal(err.kind, ERROR_TOO_LARGE);
    arena_destroy(small);
    assert_non_null(parse(f, ONE_TASK));
}

/* ---- instances ------------------------------------------------------------------------------- */

static void test_views(void **state)
{
    Fixture *f = *state;
    BpmnInstance *instance = start(f, parse(f, ONE_TASK));
    BpmnNodeViews all = bpmn_nodes(instance, f->arena);
    assert_int_equal(all.count, 2);
    assert_int_equal(all.items[0].key, 1);
    assert_int_equal(all.items[0].parent, 0);
    assert_string_equal(all.items[0].element->id, "p");
    assert_int_equal(all.items[0].state, BPMN_WAITING);

    BpmnNodeViews tasks = bpmn_open_tasks(instance, f->arena);
    assert_int_equal(tasks.count, 1);
    assert_string_equal(tasks.items[0].element->name, "Check");
    assert_int_equal(tasks.items[0].parent, 1);
    assert_true(tasks.items[0].entered == NOW);
    assert_true(tasks.items[0].due == INSTANT_NONE);
    assert_null(tasks.items[0].incident_code);
    assert_int_equal(bpmn_open_services(instance, f->arena).count, 0);
    assert_int_equal(bpmn_open_timers(instance, f->arena).count, 0);
    assert_int_equal(bpmn_incidents(instance, f->arena).count, 0);
    assert_ptr_equal(bpmn_model(instance), bpmn_model(instance));
    assert_int_equal(bpmn_status(instance), BPMN_ACTIVE);
    assert_true(feel_is_null(bpmn_variables(instance, 99, false)));
    assert_int_equal(bpmn_variables(instance, 0, true).kind, FEEL_CONTEXT);
}

static void test_an_incident_in_a_view(void **state)
{
    Fixture *f = *state;
    BpmnInstance *instance = start(f, parse(f, ONE_TASK));
    int64_t key = bpmn_open_tasks(instance, f->arena).items[0].key;
    f->context.now = NOW + 5;
    assert_true(bpmn_fail(instance, key, "task.gone", "the officer left", &f->context, &f->effects,
                          &f->err));
    BpmnNodeViews incidents = bpmn_incidents(instance, f->arena);
    assert_int_equal(incidents.count, 1);
    assert_string_equal(incidents.items[0].incident_code, "task.gone");
    assert_string_equal(incidents.items[0].incident_message, "the officer left");
    assert_true(incidents.items[0].incident_at == NOW + 5);
    assert_int_equal(incidents.items[0].state, BPMN_ENTERED);
}

static void test_effects_tell_what_to_do(void **state)
{
    Fixture *f = *state;
    BpmnInstance *instance = start(f, parse(f, ONE_TASK));
    const BpmnEffect *last = &f->effects.items[f->effects.count - 1];
    assert_int_equal(last->kind, BPMN_TASK_CREATED);
    assert_string_equal(last->element->id, "t");
    assert_null(last->task->assignee);
    assert_null(last->task->form_key);
    assert_int_equal(last->task->candidate_group_count, 0);
    assert_int_equal(last->task->priority, 50);
    int64_t key = last->key;
    size_t before = f->effects.count;
    FeelValue output =
        feel_from_json(f->arena, json_parse(f->arena, "{\"ok\":true}", 11, &JSON_LIMITS, &f->err));
    assert_true(bpmn_complete(instance, key, output, &f->context, &f->effects, &f->err));
    assert_true(f->effects.count > before); /* effects of several verbs may share a list */
    last = &f->effects.items[f->effects.count - 1];
    assert_int_equal(last->kind, BPMN_INSTANCE_COMPLETED);
    assert_true(feel_is_true(*feel_member(last->variables, "ok")));
}

static void test_no_memory_to_run(void **state)
{
    Fixture *f = *state;
    BpmnModel *model = parse(f, ONE_TASK);
    Arena *small = arena_create(256);
    BpmnEffects effects = {0};
    assert_null(bpmn_start(model, small, feel_null(), &f->context, &effects, &f->err));
    assert_string_equal(f->err.code, "bpmn.memory");
    assert_int_equal(f->err.kind, ERROR_TOO_LARGE);
    arena_destroy(small);
}

static void test_variables_too_large_to_save(void **state)
{
    Fixture *f = *state;
    BpmnLimits limits = BPMN_LIMITS;
    BpmnInstance *instance = start(f, parse(f, ONE_TASK));
    limits.state_bytes = 100;
    assert_null(bpmn_save(instance, &limits, &f->err));
    assert_string_equal(f->err.code, "bpmn.too_large");
    f->err = ERROR_NONE;
    assert_non_null(bpmn_save(instance, NULL, &f->err));
}

/* Values keep their kind through the stored text: numbers of 34 digits, dates, nested lists. */
static void test_values_survive_storing(void **state)
{
    Fixture *f = *state;
    BpmnModel *model = parse(f, ONE_TASK);
    FeelValue date;
    FeelValue number =
        feel_from_json(f->arena, json_parse(f->arena, "[1234567890.123456789012345678901234]", 37,
                                            &JSON_LIMITS, &f->err));
    assert_true(feel_from_temporal_text(f->arena, "2026-11-22T08:00:00+08:00", &date));
    FeelContextBuilder builder = feel_context_begin(f->arena);
    feel_context_put(&builder, "when", date);
    feel_context_put(&builder, "how much", number);
    feel_context_put(&builder, "名称", feel_string("江边旅馆 \"A\" & <B>"));
    FeelValue variables = feel_context_end(&builder);
    BpmnInstance *instance =
        bpmn_start(model, f->arena, variables, &f->context, &f->effects, &f->err);
    assert_non_null(instance);
    const char *text = bpmn_save(instance, NULL, &f->err);
    assert_non_null(text);
    BpmnInstance *loaded = bpmn_load(model, f->arena, text, strlen(text), &f->err);
    assert_non_null(loaded);
    FeelValue got = bpmn_variables(loaded, 0, false);
    assert_int_equal(feel_equal(got, variables), FEEL_YES);
    assert_int_equal(feel_member(got, "when")->kind, FEEL_DATE_TIME);
}

/* ---- loading --------------------------------------------------------------------------------- */

#define STATE(nodes)                                                                               \
    "{\"v\":1,\"process\":\"p\",\"status\":\"active\",\"next\":9,\"nodes\":[" nodes "]}"
#define ROOT "{\"k\":1,\"e\":\"p\",\"s\":\"waiting\",\"at\":5}"
#define TASK "{\"k\":3,\"p\":1,\"e\":\"t\",\"s\":\"waiting\",\"at\":5}"

static const struct LoadCase {
    const char *name;
    const char *text;
    const char *code; /* NULL: it loads */
} load_cases[] = {
    {"a good one", STATE(ROOT "," TASK), NULL},
    {"no JSON", "{", "json.syntax"},
    {"no object", "7", "bpmn.state_version"},
    {"no version", "{}", "bpmn.state_version"},
    {"version 2", "{\"v\":2,\"process\":\"p\"}", "bpmn.state_version"},
    {"another process", "{\"v\":1,\"process\":\"q\"}", "bpmn.state_model"},
    {"no status", "{\"v\":1,\"process\":\"p\"}", "bpmn.state"},
    {"no nodes", STATE(""), "bpmn.state"},
    {"an unknown element", STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"x\",\"s\":\"waiting\"}"),
     "bpmn.state_model"},
    {"no element", STATE(ROOT ",{\"k\":2,\"p\":1,\"s\":\"waiting\"}"), "bpmn.state"},
    {"an unknown state", STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"asleep\"}"),
     "bpmn.state"},
    {"an unknown state where a token may stand held",
     STATE("{\"k\":1,\"e\":\"p\",\"s\":\"waiting\",\"incident\":{\"code\":\"c\",\"message\":\"m\"}}"
           ",{\"k\":2,\"p\":1,\"e\":\"e\",\"s\":\"asleep\"}"),
     "bpmn.state"},
    {"a held token",
     STATE("{\"k\":1,\"e\":\"p\",\"s\":\"waiting\",\"incident\":{\"code\":\"c\",\"message\":\"m\"}}"
           ",{\"k\":2,\"p\":1,\"e\":\"e\",\"s\":\"ready\"}"),
     NULL},
    {"a node before its root", STATE(TASK "," ROOT), "bpmn.state"},
    {"two roots", STATE(ROOT ",{\"k\":2,\"e\":\"p\",\"s\":\"waiting\"}"), "bpmn.state"},
    {"a key twice", STATE(ROOT "," TASK "," TASK), "bpmn.state"},
    {"a key of 63 bits",
     STATE(ROOT ",{\"k\":9223372036854775807,\"p\":1,\"e\":\"t\",\"s\":\"waiting\"}"),
     "bpmn.state"},
    {"a key beyond the next", STATE(ROOT ",{\"k\":9,\"p\":1,\"e\":\"t\",\"s\":\"waiting\"}"),
     "bpmn.state"},
    {"a parent that is not there", STATE(ROOT ",{\"k\":2,\"p\":7,\"e\":\"t\",\"s\":\"waiting\"}"),
     "bpmn.state"},
    {"a parent that is no scope",
     STATE(ROOT "," TASK ",{\"k\":4,\"p\":3,\"e\":\"t\",\"s\":"
                "\"waiting\"}"),
     "bpmn.state"},
    {"an empty scope", STATE(ROOT), "bpmn.state"},
    {"a start that waits", STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"s\",\"s\":\"waiting\"}"),
     "bpmn.state"},
    {"a token that could move", STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"e\",\"s\":\"ready\"}"),
     "bpmn.state"},
    {"a failed task without its incident",
     STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"entered\"}"), "bpmn.state"},
    {"an incident without a code",
     STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"entered\",\"incident\":{}}"), "bpmn.state"},
    {"a join that is no gateway",
     STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"joining\",\"arrived\":[\"f\"]}"),
     "bpmn.state"},
    {"a join with a strange flow",
     STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"joining\",\"arrived\":[\"g\"]}"),
     "bpmn.state_model"},
    {"a join with a flow twice",
     STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"joining\",\"arrived\":[\"f\",\"f\"]}"),
     "bpmn.state"},
    {"a task that hosts nothing",
     STATE(ROOT "," TASK ",{\"k\":4,\"p\":1,\"host\":3,\"e\":\"t\",\"s\":\"waiting\"}"),
     "bpmn.state"},
    {"a host that is not there",
     STATE(ROOT ",{\"k\":4,\"p\":1,\"host\":3,\"e\":\"t\",\"s\":\"waiting\"}"), "bpmn.state"},
    {"a task with a due moment",
     STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"waiting\",\"due\":5}"), "bpmn.state"},
    {"a timer that repeats after nonsense",
     STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"waiting\",\"due\":5,\"every\":\"x\"}"),
     "bpmn.state"},
    {"a timer that repeats less than never",
     STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"waiting\",\"due\":5,\"left\":-2}"),
     "bpmn.state"},
    {"variables that are no context",
     STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"waiting\",\"vars\":{\"feel\":1,\"value\":"
                "true}}"),
     "bpmn.state"},
    {"variables that are nothing",
     STATE(ROOT ",{\"k\":2,\"p\":1,\"e\":\"t\",\"s\":\"waiting\",\"vars\":7}"), "feel.decode"},
    {"ended, but something is left",
     "{\"v\":1,\"process\":\"p\",\"status\":\"completed\",\"next\":9,\"nodes\":[" ROOT "," TASK
     "]}",
     "bpmn.state"},
    {"ended and done",
     "{\"v\":1,\"process\":\"p\",\"status\":\"completed\",\"next\":9,\"nodes\":[{\"k\":1,\"e\":"
     "\"p\",\"s\":\"done\",\"at\":5}]}",
     NULL},
};

static void test_loading(void **state)
{
    Fixture *f = *state;
    BpmnModel *model = parse(f, ONE_TASK);
    for (size_t i = 0; i < sizeof(load_cases) / sizeof(*load_cases); i++) {
        const struct LoadCase *one = &load_cases[i];
        Error err = ERROR_NONE;
        BpmnInstance *got = bpmn_load(model, f->arena, one->text, strlen(one->text), &err);
        if ((got == NULL) != (one->code != NULL) || !text_equal(err.code, one->code))
            fail_msg("%s: wanted %s, got %s (%s)", one->name, one->code ? one->code : "an instance",
                     err.code, err.detail);
        assert_true(!got || bpmn_check(got, &err));
    }
}

/* ---- stored states of earlier releases ------------------------------------------------------- */

/* The process of a stored state is the .bpmn file whose name begins its own. */
static BpmnModel *model_for(Fixture *f, const char *name)
{
    size_t length = strcspn(name, "-.");
    char *path = arena_printf(f->arena, "tests/bpmn/state/v1/%.*s.bpmn", (int)length, name);
    return parse(f, read_whole(f->arena, path));
}

static void check_stored(Fixture *f, const char *name)
{
    BpmnModel *model = model_for(f, name);
    assert_non_null(model);
    const char *path = arena_printf(f->arena, "tests/bpmn/state/v1/%s", name);
    const char *text = text_trim(f->arena, read_whole(f->arena, path));
    BpmnInstance *instance = bpmn_load(model, f->arena, text, strlen(text), &f->err);
    if (!instance)
        fail_msg("%s: %s %s", name, f->err.code, f->err.detail);
    assert_string_equal(bpmn_save(instance, NULL, &f->err), text);
    if (bpmn_status(instance) == BPMN_ACTIVE)
        assert_true(bpmn_cancel(instance, "old", &f->context, &f->effects, &f->err));
}

static void test_stored_states_load(void **state)
{
    Fixture *f = *state;
    DIR *folder = opendir("tests/bpmn/state/v1");
    int count = 0;
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (!text_ends_with(entry->d_name, ".json"))
            continue;
        check_stored(f, entry->d_name);
        count++;
    }
    closedir(folder);
    assert_true(count >= 5);
}

/* ---- files of others ------------------------------------------------------------------------- */

typedef struct Score {
    int taken;
    int refused;
} Score;

/* Taken, or refused with an error that has a code; what is taken starts, stores and ends. */
static void try_file(Fixture *f, const char *path, Score *score)
{
    Error err = ERROR_NONE;
    const char *xml = read_whole(f->arena, path);
    BpmnModel *model = bpmn_parse(f->arena, xml, strlen(xml), &err);
    print_message("%s %s: %s %s\n", model ? "taken  " : "refused", strrchr(path, '/') + 1,
                  model ? "" : err.code, err.detail ? err.detail : "");
    if (!model) {
        assert_non_null(err.code);
        assert_non_null(err.detail);
        score->refused++;
        return;
    }
    score->taken++;
    BpmnInstance *instance = start(f, model);
    assert_true(bpmn_check(instance, &err));
    const char *text = bpmn_save(instance, NULL, &err);
    assert_non_null(bpmn_load(model, f->arena, text, strlen(text), &err));
}

static void try_folder(Fixture *f, const char *path, int expected_taken, int expected_refused)
{
    Score score = {0};
    DIR *folder = opendir(path);
    if (!folder)
        skip_because("no folder of examples");
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (text_ends_with(entry->d_name, ".bpmn"))
            try_file(f, arena_printf(f->arena, "%s/%s", path, entry->d_name), &score);
    closedir(folder);
    assert_int_equal(score.taken, expected_taken);
    assert_int_equal(score.refused, expected_refused);
}

static void test_example_files(void **state)
{
    try_folder(*state, "../shared/examples/bpmn", 4, 18);
}

static void test_interchange_files(void **state)
{
    try_folder(*state, "../shared/bpmn-miwg", 1, 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_structure),
        TEST(test_flows_and_borders),
        TEST(test_names_of_kinds),
        TEST(test_an_error_has_its_place),
        TEST(test_too_many_elements),
        TEST(test_too_deep),
        TEST(test_no_memory_to_parse),
        TEST(test_views),
        TEST(test_an_incident_in_a_view),
        TEST(test_effects_tell_what_to_do),
        TEST(test_no_memory_to_run),
        TEST(test_variables_too_large_to_save),
        TEST(test_values_survive_storing),
        TEST(test_loading),
        TEST(test_stored_states_load),
        TEST(test_example_files),
        TEST(test_interchange_files),
    };
    return cmocka_run_group_tests_name("bpmn", tests, NULL, NULL);
}
