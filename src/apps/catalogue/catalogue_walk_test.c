/*
 * catalogue_walk_test.c - every process of the real pack is walked at random, hundreds of times:
 * each walk ends, none meets an incident, and together they go through every element and every
 * outcome of every form. Fees and what business-rule tasks ask are decided by the pack's own
 * tables; a timer fires when nothing else is left to do.
 *
 *     item -> random answers -> process -> open task -> random outcome of its form -> ... -> end
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/catalogue/catalogue_pack.h"

enum { WALKS = 400, STEPS_AT_MOST = 2000, TASKS_AT_MOST = 32, MARKS_AT_MOST = 400 };

typedef struct Open {
    int64_t key;
    const BpmnElement *element;
} Open;

typedef struct Walk {
    const Pack *pack;
    const PackPart *item;
    const BpmnModel *model;
    Arena *arena;
    FeelValue answers;
    BpmnInstance *instance;
    BpmnEffects effects;
    size_t told; /* how many effects were looked at */
    Open tasks[TASKS_AT_MOST];
    size_t task_count;
    Open service; /* that waits for an answer; key 0: none */
    const char *service_type;
    int64_t timer; /* that waits; 0: none */
    Instant due;   /* when it fires */
    Instant now;
    const char *state; /* filed accepted approved denied not_accepted, as the kernel has it */
    int issued;
    bool is_over;
} Walk;

typedef struct Marks {
    char texts[MARKS_AT_MOST][96]; /* "Task_intake accept" */
    size_t count;
} Marks;

static void mark(Marks *marks, const char *element, const char *outcome)
{
    char text[sizeof marks->texts[0]];
    snprintf(text, sizeof text, "%s %s", element, outcome);
    for (size_t i = 0; i < marks->count; i++)
        if (strcmp(marks->texts[i], text) == 0)
            return;
    assert_true(marks->count < MARKS_AT_MOST);
    memcpy(marks->texts[marks->count++], text, sizeof text);
}

static bool is_marked(const Marks *marks, const char *element, const char *outcome)
{
    char text[sizeof marks->texts[0]];
    snprintf(text, sizeof text, "%s %s", element, outcome);
    for (size_t i = 0; i < marks->count; i++)
        if (strcmp(marks->texts[i], text) == 0)
            return true;
    return false;
}

static size_t random_below(unsigned *seed, size_t count)
{
    return (size_t)rand_r(seed) % count;
}

/* ---- forms ----------------------------------------------------------------------------------- */

static const PackPart *part_of(const Pack *pack, const char *kind, const char *code)
{
    list_each (PackPart, part, &pack->parts)
        if (text_equal(part->kind, kind) && text_equal(part->code, code))
            return part;
    fail_msg("no %s %s", kind, code);
    return NULL;
}

static const Json *schema_of(Arena *arena, const PackPart *form)
{
    Error err = ERROR_NONE;
    const char *content = form->definition.content;
    const Json *whole = json_parse(arena, content, strlen(content), &JSON_LIMITS, &err);
    const char *text = json_text(whole, "form");
    const Json *schema = json_parse(arena, text, strlen(text), &JSON_LIMITS, &err);
    assert_non_null(schema);
    return schema;
}

static const Json *component_of(const Json *components, const char *key)
{
    json_each (component, components) {
        const Json *inside = component_of(json_get(component, "components"), key);
        if (inside || text_equal(json_text(component, "key"), key))
            return inside ? inside : component;
    }
    return NULL;
}

/* The least that a number may be, or the most: both sides of whatever a table asks of it. */
static void put_number(FeelContextBuilder *answers, const char *key, const Json *limits,
                       unsigned *seed)
{
    const Json *limit = json_get(limits, random_below(seed, 2) ? "max" : "min");
    Decimal number;
    if (limit && decimal_from_text(limit->text, strlen(limit->text), &number))
        feel_context_put(answers, key, feel_number(number));
}

/* A choice gets one of its options; what is neither that nor a number decides no way. */
static void put_answers(FeelContextBuilder *answers, const Json *components, unsigned *seed)
{
    json_each (component, components) {
        const Json *options = json_get(component, "values");
        const char *key = json_text(component, "key");
        put_answers(answers, json_get(component, "components"), seed);
        if (text_equal(json_text(component, "type"), "number"))
            put_number(answers, key, json_get(component, "validate"), seed);
        if (!key || !options || !options->count)
            continue;
        const Json *option = options->items[random_below(seed, options->count)];
        feel_context_put(answers, key, feel_string(json_text(option, "value")));
    }
}

static FeelValue random_answers(Walk *walk, unsigned *seed)
{
    FeelContextBuilder answers = feel_context_begin(walk->arena);
    const PackPart *form = part_of(walk->pack, "form", walk->item->parsed.item->form_code);
    put_answers(&answers, json_get(schema_of(walk->arena, form), "components"), seed);
    return feel_context_end(&answers);
}

/* ---- services -------------------------------------------------------------------------------- */

static FeelValue one(Arena *arena, const char *name, FeelValue value)
{
    FeelContextBuilder builder = feel_context_begin(arena);
    feel_context_put(&builder, name, value);
    return feel_context_end(&builder);
}

static const char *header(const BpmnElement *element, const char *name)
{
    for (size_t i = 0; i < element->headers.count; i++)
        if (text_equal(element->headers.items[i].name, name))
            return element->headers.items[i].value;
    return NULL;
}

static FeelValue fee_of(Walk *walk, const BpmnElement *element)
{
    Error err = ERROR_NONE;
    FeelValue fee;
    FeelScope scope = {.variables = one(walk->arena, "answers", walk->answers),
                       .now = INSTANT_NONE};
    const PackPart *table = part_of(walk->pack, "table", header(element, "table"));
    if (!dmn_decide(table->parsed.table, header(element, "decision"), &scope, walk->arena, &fee,
                    NULL, &err))
        fail_msg("%s: %s", element->id, err.code);
    assert_int_equal(fee.kind, FEEL_NUMBER);
    return one(walk->arena, "fee_amount", fee);
}

static void become(Walk *walk, const char *from, const char *to)
{
    if (!text_equal(walk->state, from))
        fail_msg("%s: %s is asked of a dossier that is %s", walk->item->code, to, walk->state);
    walk->state = to;
}

/* What the kernel would do: it refuses each service out of its order. */
static FeelValue serve(Walk *walk)
{
    const char *type = walk->service_type;
    if (text_equal(type, "dossier.accept"))
        become(walk, "filed", "accepted");
    else if (text_equal(type, "dossier.refuse"))
        become(walk, "filed", "not_accepted");
    else if (text_equal(type, "dossier.approve"))
        become(walk, "accepted", "approved");
    else if (text_equal(type, "dossier.deny"))
        become(walk, "accepted", "denied");
    else if (text_equal(type, "certificate.issue"))
        walk->issued += text_equal(walk->state, "approved") ? 1 : 1000;
    else if (text_equal(type, "fee.charge"))
        return fee_of(walk, walk->service.element);
    else if (!text_equal(type, "fee.confirm"))
        fail_msg("%s: no service has the type %s", walk->service.element->id, type);
    return feel_null();
}

/* ---- walking --------------------------------------------------------------------------------- */

static void drop_task(Walk *walk, int64_t key)
{
    for (size_t i = 0; i < walk->task_count; i++)
        if (walk->tasks[i].key == key)
            walk->tasks[i] = walk->tasks[--walk->task_count];
}

static void look_at(Walk *walk, const BpmnEffect *effect, Marks *marks)
{
    if (effect->kind == BPMN_ELEMENT_ENTERED)
        mark(marks, effect->element->id, "entered");
    if (effect->kind == BPMN_INCIDENT_RAISED)
        fail_msg("%s: %s: %s", walk->item->code, effect->element->id, effect->message);
    if (effect->kind == BPMN_TASK_CREATED) {
        assert_true(walk->task_count < TASKS_AT_MOST);
        walk->tasks[walk->task_count++] = (Open){effect->key, effect->element};
    }
    if (effect->kind == BPMN_TASK_CANCELLED)
        drop_task(walk, effect->key);
    if (effect->kind == BPMN_TIMER_SET) {
        walk->timer = effect->key;
        walk->due = effect->due;
    }
    if (effect->kind == BPMN_SERVICE_CALLED) {
        assert_int_equal(walk->service.key, 0);
        walk->service = (Open){effect->key, effect->element};
        walk->service_type = effect->service->type;
    }
    walk->is_over |= effect->kind == BPMN_INSTANCE_COMPLETED;
}

static void look(Walk *walk, Marks *marks)
{
    while (walk->told < walk->effects.count)
        look_at(walk, &walk->effects.items[walk->told++], marks);
}

static bool decide(void *data, Arena *into, const char *decision, FeelValue variables,
                   FeelValue *out, Error *err)
{
    const Walk *walk = data;
    FeelScope scope = {.variables = variables, .now = INSTANT_NONE};
    const char *slash = strchr(decision, '/');
    const char *code = slash ? arena_text_n(into, decision, (size_t)(slash - decision))
                             : walk->item->parsed.item->limits.table;
    const PackPart *table = part_of(walk->pack, "table", code);
    return dmn_decide(table->parsed.table, slash ? slash + 1 : decision, &scope, into, out, NULL,
                      err);
}

static BpmnContext context_of(Walk *walk)
{
    return (BpmnContext){
        .now = walk->now, .offset_minutes = 480, .decide = decide, .decide_data = walk};
}

static void complete(Walk *walk, int64_t key, FeelValue output, Marks *marks)
{
    BpmnContext context = context_of(walk);
    Error err = ERROR_NONE;
    if (!bpmn_complete(walk->instance, key, output, &context, &walk->effects, &err))
        fail_msg("%s: %s", walk->item->code, err.code);
    look(walk, marks);
}

static void complete_task(Walk *walk, unsigned *seed, Marks *marks)
{
    assert_true(walk->task_count > 0);
    Open task = walk->tasks[random_below(seed, walk->task_count)];
    const PackPart *form = part_of(walk->pack, "form", task.element->form_key);
    const Json *schema = schema_of(walk->arena, form);
    const Json *outcome = component_of(json_get(schema, "components"), "outcome");
    const Json *options = json_get(outcome, "values");
    const char *chosen = json_text(options->items[random_below(seed, options->count)], "value");
    assert_non_null(component_of(json_get(schema, "components"), "opinion"));
    mark(marks, task.element->id, chosen);
    drop_task(walk, task.key);
    complete(walk, task.key, one(walk->arena, "outcome", feel_string(chosen)), marks);
}

static void start(Walk *walk, unsigned *seed, Marks *marks)
{
    BpmnContext context = context_of(walk);
    Error err = ERROR_NONE;
    FeelContextBuilder variables = feel_context_begin(walk->arena);
    const Item *item = walk->item->parsed.item;
    walk->answers = random_answers(walk, seed);
    feel_context_put(&variables, "answers", walk->answers);
    FeelContextBuilder about = feel_context_begin(walk->arena);
    feel_context_put(&about, "code", feel_string(item->code));
    feel_context_put(&about, "unit", feel_string(item->unit_code));
    feel_context_put(&variables, "item", feel_context_end(&about));
    walk->instance = bpmn_start(walk->model, walk->arena, feel_context_end(&variables), &context,
                                &walk->effects, &err);
    if (!walk->instance)
        fail_msg("%s: %s", item->code, err.code);
    look(walk, marks);
}

static void expect_end(const Walk *walk)
{
    const Item *item = walk->item->parsed.item;
    bool is_approved = text_equal(walk->state, "approved");
    assert_int_equal(walk->task_count, 0);
    if (text_equal(walk->state, "filed") || text_equal(walk->state, "accepted"))
        fail_msg("%s ends while it is %s", item->code, walk->state);
    if (is_approved == (walk->issued == 0) || walk->issued > (int)item->certificates.count)
        fail_msg("%s: %s with %d certificates", item->code, walk->state, walk->issued);
}

static void fire_timer(Walk *walk, Marks *marks)
{
    Error err = ERROR_NONE;
    int64_t timer = walk->timer;
    walk->timer = 0;
    walk->now = walk->due;
    BpmnContext context = context_of(walk);
    if (!bpmn_fire_timer(walk->instance, timer, &context, &walk->effects, &err))
        fail_msg("%s: %s", walk->item->code, err.code);
    look(walk, marks);
}

/* One task, timer or service further. */
static void step(Walk *walk, unsigned *seed, Marks *marks)
{
    Open service = walk->service;
    if (!service.key && !walk->task_count && walk->timer) {
        fire_timer(walk, marks);
        return;
    }
    if (!service.key) {
        complete_task(walk, seed, marks);
        return;
    }
    FeelValue output = serve(walk);
    walk->service.key = 0;
    complete(walk, service.key, output, marks);
}

static void walk_once(const Pack *pack, const PackPart *item, unsigned seed, Marks *marks)
{
    const char *process = item->parsed.item->process_code;
    Walk walk = {.pack = pack,
                 .item = item,
                 .model = part_of(pack, "process", process)->parsed.process,
                 .arena = arena_create(0),
                 .now = 1000,
                 .state = "filed"};
    start(&walk, &seed, marks);
    for (int steps = 0; !walk.is_over; steps++) {
        if (steps > STEPS_AT_MOST)
            fail_msg("%s does not end", item->code);
        step(&walk, &seed, marks);
    }
    expect_end(&walk);
    arena_destroy(walk.arena);
}

/* ---- what all walks together went through ---------------------------------------------------- */

static void expect_outcomes(const Pack *pack, const BpmnElement *task, const Marks *marks)
{
    Arena *arena = arena_create(0);
    const Json *schema = schema_of(arena, part_of(pack, "form", task->form_key));
    const Json *outcome = component_of(json_get(schema, "components"), "outcome");
    json_each (option, json_get(outcome, "values"))
        if (!is_marked(marks, task->id, json_text(option, "value")))
            fail_msg("%s was never %s", task->id, json_text(option, "value"));
    arena_destroy(arena);
}

static void expect_all(const Pack *pack, const PackPart *item, const Marks *marks)
{
    const char *code = item->parsed.item->process_code;
    const BpmnModel *model = part_of(pack, "process", code)->parsed.process;
    assert_int_equal(bpmn_warning_count(model), 0);
    for (size_t i = 0; i < bpmn_element_count(model); i++) {
        const BpmnElement *element = bpmn_element(model, i);
        if (element->kind != BPMN_PROCESS && !is_marked(marks, element->id, "entered"))
            fail_msg("%s: no walk came to %s", item->code, element->id);
        if (element->kind == BPMN_USER_TASK)
            expect_outcomes(pack, element, marks);
    }
}

static void test_every_process_is_walked(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    size_t items = 0;
    Pack *pack = catalogue_read_pack(arena, "packs/service-hall", &err);
    assert_non_null(pack);
    list_each (PackPart, part, &pack->parts) {
        Marks *marks = arena_new(arena, Marks);
        if (!part->parsed.item)
            continue;
        items++;
        for (unsigned i = 0; i < WALKS; i++)
            walk_once(pack, part, i * 7919 + 1, marks);
        expect_all(pack, part, marks);
    }
    assert_int_equal(items, 17);
    arena_destroy(arena);
}

/* ---- fees ------------------------------------------------------------------------------------ */

static const struct {
    const char *house_use;
    int certificates; /* 0: not asked */
    int yuan;
} fees[] = {
    {"住宅", 0, 80},           {"住宅", 1, 80},     {"住宅", 3, 100},
    {"住宅", 2, 90},           {"非住宅", 0, 550},  {"非住宅", 2, 560},
    {"车库车位储藏室", 0, 80}, {"农村住宅", 0, 10}, {"农村住宅", 2, 20},
};

static FeelValue fee_answers(Arena *arena, size_t index)
{
    FeelContextBuilder answers = feel_context_begin(arena);
    feel_context_put(&answers, "house_use", feel_string(fees[index].house_use));
    if (fees[index].certificates)
        feel_context_put(&answers, "certificate_count",
                         feel_number(decimal_from_int64(fees[index].certificates)));
    return one(arena, "answers", feel_context_end(&answers));
}

static void test_fees(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    Pack *pack = catalogue_read_pack(arena, "packs/service-hall", &err);
    assert_non_null(pack);
    const DmnModel *table = part_of(pack, "table", "fees")->parsed.table;
    for (size_t i = 0; i < sizeof fees / sizeof fees[0]; i++) {
        FeelValue fee;
        DmnTrace trace;
        int64_t yuan = -1;
        FeelScope scope = {.variables = fee_answers(arena, i), .now = INSTANT_NONE};
        assert_true(dmn_decide(table, "real-estate-standard", &scope, arena, &fee, &trace, &err));
        assert_true(feel_to_int64(fee, &yuan));
        assert_int_equal(yuan, fees[i].yuan);
        assert_int_equal(trace.fired.count, 1);
        assert_non_null(strstr(trace.fired.items[0].annotations[0], "条文待办理部门确认"));
    }
    arena_destroy(arena);
}

/* ---- who issues ------------------------------------------------------------------------------ */

static void test_issuers(void **state)
{
    static const struct {
        const char *item;
        size_t certificate;
        const char *unit; /* NULL: that of the dossier */
    } cases[] = {{"hotel-hygiene", 0, NULL},
                 {"open-restaurant", 0, "MARKET"},
                 {"open-restaurant", 1, "CITY"},
                 {"open-restaurant", 2, "FIRE"},
                 {"homestead", 0, "TOWN-BAISHUI"}};
    (void)state;
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    Pack *pack = catalogue_read_pack(arena, "packs/service-hall", &err);
    FeelValue answers = one(arena, "township", feel_string("TOWN-BAISHUI"));
    assert_non_null(pack);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Item *item = part_of(pack, "item", cases[i].item)->parsed.item;
        const char *unit =
            catalogue_issuer(arena, &item->certificates.items[cases[i].certificate], answers, NULL);
        if (!text_equal(unit, cases[i].unit) && (unit || cases[i].unit))
            fail_msg("%s is issued by %s", cases[i].item, unit ? unit : "the dossier's unit");
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_process_is_walked),
        cmocka_unit_test(test_fees),
        cmocka_unit_test(test_issuers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
