/*
 * bpmn_walk_test.c - random walks over generated processes.
 *
 *     seed -> block-structured process as XML -> the real parser -> random verbs until it ends
 *
 * Between any two verbs the instance is saved, thrown away and loaded. A ledger is kept from
 * effects alone, as the tables of a store would be, and compared with the state after every verb.
 * YIMEN_WALKS sets how many walks (10 000), YIMEN_SEED where they begin.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bpmn/bpmn.h"

enum { WALKS_PER_MODEL = 5, PATIENCE = 60, STEPS_MAX = 4000, LEDGER_MAX = 512 };

static const BpmnLimits walk_limits = {.steps = 300, .nodes = 400, .state_bytes = 1 << 20};

/* ---- chance ---------------------------------------------------------------------------------- */

typedef struct Chance {
    uint64_t state;
} Chance;

static uint64_t chance_next(Chance *c)
{
    c->state ^= c->state << 13;
    c->state ^= c->state >> 7;
    c->state ^= c->state << 17;
    return c->state;
}

static size_t below(Chance *c, size_t limit)
{
    return (size_t)((chance_next(c) >> 11) % limit);
}

static bool one_in(Chance *c, size_t n)
{
    return below(c, n) == 0;
}

/* ---- the generator: every block has one way in and one way out ------------------------------- */

typedef struct Writer {
    Buffer xml;
    Chance *chance;
    int next;
    int budget;
} Writer;

static int id_new(Writer *w)
{
    return w->next++;
}

static void flow(Writer *w, int from, int to, const char *condition)
{
    buffer_printf(&w->xml, "<sequenceFlow id=\"f%d\" sourceRef=\"e%d\" targetRef=\"e%d\">",
                  id_new(w), from, to);
    if (condition)
        buffer_printf(&w->xml, "<conditionExpression>%s</conditionExpression>", condition);
    buffer_add(&w->xml, "</sequenceFlow>");
}

static int simple(Writer *w, const char *tag, int from)
{
    int id = id_new(w);
    buffer_printf(&w->xml, "<%s id=\"e%d\"/>", tag, id);
    if (from >= 0)
        flow(w, from, id, NULL);
    return id;
}

/* A choice names its default flow before that exists: d and its own number. */
static int choice(Writer *w, int from)
{
    int id = id_new(w);
    buffer_printf(&w->xml, "<exclusiveGateway id=\"e%d\" default=\"d%d\"/>", id, id);
    flow(w, from, id, NULL);
    return id;
}

static void default_flow(Writer *w, int from, int to)
{
    buffer_printf(&w->xml, "<sequenceFlow id=\"d%d\" sourceRef=\"e%d\" targetRef=\"e%d\"/>", from,
                  from, to);
}

static int block(Writer *w, int from, int depth);

static void timer(Writer *w)
{
    static const char *const forms[] = {
        "<timeDuration>PT30M</timeDuration>",
        "<timeDuration>=\"PT\" + string(wait) + \"H\"</timeDuration>",
        "<timeDate>2026-12-01T00:00:00+08:00</timeDate>"};
    buffer_printf(&w->xml, "<timerEventDefinition>%s</timerEventDefinition>",
                  forms[below(w->chance, 3)]);
}

/* An error, any or just one, leads past the host too. */
static int catch_error(Writer *w, int host, int after)
{
    int event = id_new(w);
    buffer_printf(&w->xml,
                  "<boundaryEvent id=\"e%d\" attachedToRef=\"e%d\"><errorEventDefinition%s/>"
                  "</boundaryEvent>",
                  event, host, one_in(w->chance, 2) ? "" : " errorRef=\"lost\"");
    int merge = simple(w, "exclusiveGateway", after);
    flow(w, event, merge, NULL);
    return merge;
}

/* What an activity may have at its border. Returns where the walk goes on. */
static int boundary(Writer *w, int host)
{
    int after = host;
    if (one_in(w->chance, 3)) {
        int event = id_new(w);
        buffer_printf(&w->xml, "<boundaryEvent id=\"e%d\" attachedToRef=\"e%d\">", event, host);
        timer(w);
        buffer_add(&w->xml, "</boundaryEvent>");
        after = simple(w, "exclusiveGateway", host);
        flow(w, simple(w, "userTask", event), after, NULL);
    }
    if (one_in(w->chance, 4))
        after = catch_error(w, host, after);
    if (one_in(w->chance, 4)) {
        int event = id_new(w);
        buffer_printf(&w->xml,
                      "<boundaryEvent id=\"e%d\" attachedToRef=\"e%d\" cancelActivity=\"false\">"
                      "<timerEventDefinition><timeCycle>R%d/PT20M</timeCycle>"
                      "</timerEventDefinition></boundaryEvent>",
                      event, host, (int)below(w->chance, 3) + 1);
        simple(w, one_in(w->chance, 2) ? "task" : "userTask", event);
    }
    return after;
}

static void multi_instance(Writer *w)
{
    buffer_printf(&w->xml,
                  "<multiInstanceLoopCharacteristics isSequential=\"%s\"><extensionElements>"
                  "<zeebe:loopCharacteristics inputCollection=\"=[7, 8, 9]\" inputElement=\"item\" "
                  "outputCollection=\"items\" outputElement=\"=[item, n]\"/></extensionElements>"
                  "%s</multiInstanceLoopCharacteristics>",
                  one_in(w->chance, 2) ? "true" : "false",
                  one_in(w->chance, 2) ? "<completionCondition>=n = 4</completionCondition>" : "");
}

static int user_task(Writer *w, int from)
{
    int id = id_new(w);
    buffer_printf(&w->xml, "<userTask id=\"e%d\"><extensionElements>", id);
    if (one_in(w->chance, 3))
        buffer_add(&w->xml, "<zeebe:assignmentDefinition assignee=\"=officer\"/>");
    if (one_in(w->chance, 4))
        buffer_add(&w->xml, "<zeebe:ioMapping><zeebe:input source=\"=n\" target=\"mine\"/>"
                            "<zeebe:output source=\"=n\" target=\"n\"/></zeebe:ioMapping>");
    buffer_add(&w->xml, "</extensionElements>");
    if (one_in(w->chance, 5))
        multi_instance(w);
    buffer_add(&w->xml, "</userTask>");
    flow(w, from, id, NULL);
    return boundary(w, id);
}

static int service_task(Writer *w, int from)
{
    int id = id_new(w);
    buffer_printf(&w->xml,
                  "<serviceTask id=\"e%d\"><extensionElements><zeebe:taskDefinition "
                  "type=\"=kind\"/></extensionElements></serviceTask>",
                  id);
    flow(w, from, id, NULL);
    return boundary(w, id);
}

static int script_task(Writer *w, int from)
{
    int id = id_new(w);
    buffer_printf(&w->xml,
                  "<scriptTask id=\"e%d\"><extensionElements><zeebe:script expression=\"=[n, %d]\" "
                  "resultVariable=\"seen%d\"/></extensionElements></scriptTask>",
                  id, id, id % 3);
    flow(w, from, id, NULL);
    return id;
}

static int timer_catch(Writer *w, int from)
{
    int id = id_new(w);
    buffer_printf(&w->xml, "<intermediateCatchEvent id=\"e%d\">", id);
    timer(w);
    buffer_add(&w->xml, "</intermediateCatchEvent>");
    flow(w, from, id, NULL);
    return id;
}

static int link_pair(Writer *w, int from)
{
    int id = id_new(w);
    buffer_printf(&w->xml,
                  "<intermediateThrowEvent id=\"e%d\"><linkEventDefinition name=\"L%d\"/>"
                  "</intermediateThrowEvent>",
                  id, id);
    flow(w, from, id, NULL);
    int target = id_new(w);
    buffer_printf(&w->xml,
                  "<intermediateCatchEvent id=\"e%d\"><linkEventDefinition name=\"L%d\"/>"
                  "</intermediateCatchEvent>",
                  target, id);
    return target;
}

static int exclusive(Writer *w, int from, int depth)
{
    static const char *const conditions[] = {"=n &gt; 6", "=n &lt; 2", "=n = 4"};
    int split = choice(w, from);
    int merge = simple(w, "exclusiveGateway", -1);
    size_t count = below(w->chance, 3) + 1;
    for (size_t i = 0; i < count; i++) {
        int head = simple(w, "task", -1);
        flow(w, split, head, conditions[i]);
        flow(w, block(w, head, depth + 1), merge, NULL);
    }
    default_flow(w, split, merge);
    return merge;
}

static int parallel(Writer *w, int from, int depth)
{
    int fork = simple(w, "parallelGateway", from);
    int join = simple(w, "parallelGateway", -1);
    size_t count = below(w->chance, 2) + 2;
    for (size_t i = 0; i < count; i++)
        flow(w, block(w, fork, depth + 1), join, NULL);
    return join;
}

/* Either way out of a sub-process: an end, or an error. */
static void error_end(Writer *w, int from)
{
    int split = choice(w, from);
    int id = id_new(w);
    buffer_printf(&w->xml,
                  "<endEvent id=\"e%d\"><errorEventDefinition errorRef=\"lost\"/></endEvent>", id);
    flow(w, split, id, "=n = 4");
    default_flow(w, split, simple(w, "endEvent", -1));
}

static int sub_process(Writer *w, int from, int depth)
{
    int id = id_new(w);
    buffer_printf(&w->xml, "<subProcess id=\"e%d\">", id);
    if (one_in(w->chance, 3))
        buffer_add(&w->xml, "<extensionElements><zeebe:ioMapping><zeebe:input source=\"=n\" "
                            "target=\"n\"/><zeebe:output source=\"=n\" target=\"from_inside\"/>"
                            "</zeebe:ioMapping></extensionElements>");
    if (one_in(w->chance, 5))
        multi_instance(w);
    int start = simple(w, "startEvent", -1);
    int last = block(w, start, depth + 1);
    bool may_err = one_in(w->chance, 3);
    if (may_err)
        error_end(w, last);
    else if (one_in(w->chance, 2))
        simple(w, "endEvent", last);
    buffer_add(&w->xml, "</subProcess>");
    flow(w, from, id, NULL);
    int after = boundary(w, id);
    return may_err ? catch_error(w, id, after) : after;
}

static int loop(Writer *w, int from, int depth)
{
    int merge = simple(w, "exclusiveGateway", from);
    int split = choice(w, block(w, merge, depth + 1));
    int after = simple(w, "task", -1);
    flow(w, split, merge, "=n &gt; 5");
    default_flow(w, split, after);
    return after;
}

static int sequence(Writer *w, int from, int depth)
{
    int middle = block(w, from, depth + 1);
    return block(w, middle, depth + 1);
}

static int block(Writer *w, int from, int depth)
{
    bool is_small = depth > 4 || w->budget-- <= 0;
    switch (below(w->chance, is_small ? 6 : 14)) {
    case 0:
    case 1: return user_task(w, from);
    case 2: return service_task(w, from);
    case 3: return script_task(w, from);
    case 4: return timer_catch(w, from);
    case 5: return link_pair(w, from);
    case 6:
    case 7: return exclusive(w, from, depth);
    case 8:
    case 9: return parallel(w, from, depth);
    case 10: return sub_process(w, from, depth);
    case 11: return loop(w, from, depth);
    default: return sequence(w, from, depth);
    }
}

static const char *generate(Arena *arena, Chance *chance)
{
    Writer w = {.xml = buffer_init(arena, 0), .chance = chance, .budget = 30};
    buffer_add(&w.xml, "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "
                       "xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\">"
                       "<error id=\"lost\" errorCode=\"walk.lost\"/>"
                       "<process id=\"p\" isExecutable=\"true\">");
    int start = simple(&w, "startEvent", -1);
    int last = sequence(&w, sequence(&w, start, 0), 0);
    simple(&w, "endEvent", last);
    buffer_add(&w.xml, "</process></definitions>");
    return buffer_text(&w.xml);
}

/* ---- the ledger: what a store would hold, from effects alone --------------------------------- */

typedef struct Keys {
    int64_t items[LEDGER_MAX];
    size_t count;
} Keys;

typedef struct Ledger {
    Keys tasks;
    Keys services;
    Keys timers;
    Keys incidents;
    Keys entered;
    size_t ends;
    size_t seen[BPMN_INSTANCE_TERMINATED + 1]; /* effects by kind */
} Ledger;

static void keys_add(Keys *keys, int64_t key)
{
    assert_true(keys->count < LEDGER_MAX);
    for (size_t i = 0; i < keys->count; i++)
        assert_true(keys->items[i] != key);
    keys->items[keys->count++] = key;
}

static void keys_remove(Keys *keys, int64_t key)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i] != key)
            continue;
        keys->items[i] = keys->items[--keys->count];
        return;
    }
    fail_msg("an effect ends %lld, which was not open", (long long)key);
}

static void ledger_book(Ledger *ledger, const BpmnEffect *e)
{
    ledger->seen[e->kind]++;
    switch (e->kind) {
    case BPMN_ELEMENT_ENTERED: keys_add(&ledger->entered, e->key); break;
    case BPMN_ELEMENT_LEFT: keys_remove(&ledger->entered, e->key); break;
    case BPMN_TASK_CREATED: keys_add(&ledger->tasks, e->key); break;
    case BPMN_TASK_CANCELLED: keys_remove(&ledger->tasks, e->key); break;
    case BPMN_SERVICE_CALLED: keys_add(&ledger->services, e->key); break;
    case BPMN_SERVICE_CANCELLED: keys_remove(&ledger->services, e->key); break;
    case BPMN_TIMER_SET: keys_add(&ledger->timers, e->key); break;
    case BPMN_TIMER_FIRED:
    case BPMN_TIMER_CANCELLED: keys_remove(&ledger->timers, e->key); break;
    case BPMN_INCIDENT_RAISED: keys_add(&ledger->incidents, e->key); break;
    case BPMN_INCIDENT_RESOLVED: keys_remove(&ledger->incidents, e->key); break;
    case BPMN_INSTANCE_COMPLETED:
    case BPMN_INSTANCE_TERMINATED: ledger->ends++; break;
    case BPMN_VARIABLES_CHANGED: break;
    }
}

static void compare(const Keys *keys, BpmnNodeViews views)
{
    assert_int_equal(keys->count, views.count);
    list_each (BpmnNodeView, one, &views) {
        bool is_there = false;
        for (size_t i = 0; i < keys->count; i++)
            is_there = is_there || keys->items[i] == one->key;
        assert_true(is_there);
    }
}

/* ---- a walk ---------------------------------------------------------------------------------- */

typedef struct Walk {
    Chance *chance;
    const BpmnModel *model;
    Arena *arena; /* of the instance at hand */
    Arena *other;
    BpmnInstance *instance;
    BpmnContext context;
    BpmnEffects effects;
    Ledger ledger;
    size_t steps;
    size_t number; /* told when something fails */
} Walk;

static void settle(Walk *w)
{
    Error err = ERROR_NONE;
    list_each (BpmnEffect, e, &w->effects)
        ledger_book(&w->ledger, e);
    if (!bpmn_check(w->instance, &err))
        fail_msg("walk %zu: %s", w->number, err.detail);
    compare(&w->ledger.tasks, bpmn_open_tasks(w->instance, w->arena));
    compare(&w->ledger.services, bpmn_open_services(w->instance, w->arena));
    compare(&w->ledger.timers, bpmn_open_timers(w->instance, w->arena));
    compare(&w->ledger.incidents, bpmn_incidents(w->instance, w->arena));
}

/* The instance goes through its text into the other arena; nothing else of it survives. */
static void store_and_load(Walk *w)
{
    Error err = ERROR_NONE;
    const char *text = bpmn_save(w->instance, &walk_limits, &err);
    if (!text)
        fail_msg("walk %zu, save: %s", w->number, err.code);
    size_t length = strlen(text);
    arena_clear(w->other);
    char *copy = arena_text_n(w->other, text, length);
    Arena *arena = w->arena;
    w->arena = w->other;
    w->other = arena;
    w->instance = bpmn_load(w->model, w->arena, copy, length, &err);
    if (!w->instance)
        fail_msg("walk %zu, load: %s %s in %s", w->number, err.code, err.detail, copy);
    w->effects = (BpmnEffects){0};
}

static FeelValue random_variables(Walk *w)
{
    bool is_late = w->steps > PATIENCE; /* choices lead onwards, loops end */
    FeelContextBuilder builder = feel_context_begin(w->arena);
    bool is_null = !is_late && one_in(w->chance, 12);
    int64_t n = is_late ? 3 : (int64_t)below(w->chance, 10);
    feel_context_put(&builder, "n", is_null ? feel_null() : feel_int(n));
    if (one_in(w->chance, 3))
        feel_context_put(&builder, "officer",
                         one_in(w->chance, 4) && !is_late ? feel_null() : feel_string("li"));
    if (one_in(w->chance, 6))
        feel_context_put(&builder, "wait",
                         one_in(w->chance, 4) && !is_late ? feel_null() : feel_int(1 + n));
    return feel_context_end(&builder);
}

static FeelValue mending_variables(Walk *w)
{
    FeelContextBuilder builder = feel_context_begin(w->arena);
    feel_context_put(&builder, "n", feel_int(3));
    feel_context_put(&builder, "officer", feel_string("wang"));
    feel_context_put(&builder, "wait", feel_int(2));
    feel_context_put(&builder, "kind", feel_string("print"));
    return feel_context_end(&builder);
}

static BpmnNodeView pick(Walk *w, BpmnNodeViews views)
{
    return views.items[below(w->chance, views.count)];
}

static bool work_on(Walk *w, BpmnNodeViews open, Keys *keys, Error *err)
{
    BpmnNodeView node = pick(w, open);
    if (w->steps <= PATIENCE && one_in(w->chance, 8))
        return bpmn_fail(w->instance, node.key, "walk.failed", "by chance", &w->context,
                         &w->effects, err);
    if (w->steps <= PATIENCE && one_in(w->chance, 10))
        return bpmn_throw(w->instance, node.key, one_in(w->chance, 2) ? "walk.lost" : "walk.other",
                          random_variables(w), &w->context, &w->effects, err);
    keys_remove(keys, node.key);
    return bpmn_complete(w->instance, node.key, random_variables(w), &w->context, &w->effects, err);
}

static bool fire(Walk *w, BpmnNodeViews timers, Error *err)
{
    BpmnNodeView node = pick(w, timers);
    if (w->context.now < node.due)
        w->context.now = node.due;
    return bpmn_fire_timer(w->instance, node.key, &w->context, &w->effects, err);
}

/* A loop reads the variables of its own scope: every scope is set where a node stands in it. */
static void set_everywhere(Walk *w, FeelValue variables, Error *err)
{
    BpmnNodeViews nodes = bpmn_nodes(w->instance, w->arena);
    list_each (BpmnNodeView, one, &nodes)
        if (one->state == BPMN_READY || w->steps > PATIENCE)
            assert_true(bpmn_set_variables(w->instance, one->key, variables, false, &w->context,
                                           &w->effects, err));
}

static bool mend(Walk *w, BpmnNodeViews incidents, Error *err)
{
    BpmnNodeView node = pick(w, incidents);
    assert_string_not_equal(node.incident_code, "bpmn.join_stuck");
    bool is_blind = w->steps <= PATIENCE && one_in(w->chance, 4);
    FeelValue variables = is_blind ? feel_null() : mending_variables(w);
    if (node.parent == 0)
        set_everywhere(w, variables, err);
    return bpmn_resolve(w->instance, node.key, variables, &w->context, &w->effects, err);
}

/* One verb, chosen among those that the state offers. */
static void step(Walk *w)
{
    Error err = ERROR_NONE;
    BpmnNodeViews open[4] = {
        bpmn_open_tasks(w->instance, w->arena), bpmn_open_services(w->instance, w->arena),
        bpmn_open_timers(w->instance, w->arena), bpmn_incidents(w->instance, w->arena)};
    size_t total = open[0].count + open[1].count + open[2].count + open[3].count;
    if (w->steps > PATIENCE && w->steps % 16 == 0)
        set_everywhere(w, mending_variables(w), &err);
    assert_true(total > 0); /* nothing stands still in silence */
    size_t chosen = below(w->chance, total);
    bool is_done = true;
    if (chosen < open[0].count)
        is_done = work_on(w, open[0], &w->ledger.tasks, &err);
    else if ((chosen -= open[0].count) < open[1].count)
        is_done = work_on(w, open[1], &w->ledger.services, &err);
    else if ((chosen -= open[1].count) < open[2].count)
        is_done = fire(w, open[2], &err);
    else
        is_done = mend(w, open[3], &err);
    if (!is_done)
        fail_msg("walk %zu: %s: %s", w->number, err.code, err.detail);
}

static void finish(Walk *w)
{
    assert_int_equal(w->ledger.ends, 1);
    assert_int_equal(w->ledger.tasks.count, 0);
    assert_int_equal(w->ledger.services.count, 0);
    assert_int_equal(w->ledger.timers.count, 0);
    assert_int_equal(w->ledger.incidents.count, 0);
    assert_int_equal(w->ledger.entered.count, 0);
    assert_int_equal(bpmn_nodes(w->instance, w->arena).count, 1);
}

static void begin(Walk *w)
{
    Error err = ERROR_NONE;
    w->context = (BpmnContext){.now = INT64_C(1795305600000), .limits = &walk_limits};
    w->context.offset_minutes = 480;
    arena_clear(w->arena);
    w->instance =
        bpmn_start(w->model, w->arena, random_variables(w), &w->context, &w->effects, &err);
    if (!w->instance)
        fail_msg("start: %s", err.code);
    settle(w);
    store_and_load(w);
}

static void walk(Walk *w)
{
    size_t cancel_at = one_in(w->chance, 20) ? below(w->chance, 20) : SIZE_MAX;
    Error err = ERROR_NONE;
    begin(w);
    while (bpmn_status(w->instance) == BPMN_ACTIVE) {
        assert_true(w->steps++ < STEPS_MAX);
        if (w->steps >= cancel_at)
            assert_true(bpmn_cancel(w->instance, "enough", &w->context, &w->effects, &err));
        else
            step(w);
        settle(w);
        store_and_load(w);
    }
    finish(w);
}

static uint64_t setting(const char *name, uint64_t usual)
{
    const char *text = getenv(name);
    int64_t value;
    return text && text_to_int64(text, &value) && value > 0 ? (uint64_t)value : usual;
}

/* What all walks together have met. */
typedef struct Sum {
    size_t walks;
    size_t verbs;
    size_t processes;
    size_t elements;
    size_t seen[BPMN_INSTANCE_TERMINATED + 1];
} Sum;

static BpmnModel *model_new(Arena *arena, Chance *chance, Sum *sum)
{
    Error err = ERROR_NONE;
    arena_clear(arena);
    const char *xml = generate(arena, chance);
    BpmnModel *model = bpmn_parse(arena, xml, strlen(xml), &err);
    if (!model)
        fail_msg("%s in %s", err.detail, xml);
    sum->processes++;
    sum->elements += bpmn_element_count(model);
    return model;
}

static void sum_up(Sum *sum, const Walk *w)
{
    sum->walks++;
    sum->verbs += w->steps;
    for (int i = 0; i <= BPMN_INSTANCE_TERMINATED; i++)
        sum->seen[i] += w->ledger.seen[i];
}

/* Walks that never meet something would prove nothing about it. */
static void check_sum(const Sum *sum)
{
    print_message("%zu walks, %zu verbs, %zu processes, %zu elements\n", sum->walks, sum->verbs,
                  sum->processes, sum->elements);
    for (int i = 0; i <= BPMN_INSTANCE_TERMINATED; i++) {
        print_message("%10zu %s\n", sum->seen[i], bpmn_effect_name((BpmnEffectKind)i));
        assert_true(sum->walks < 1000 || sum->seen[i] > 0);
    }
}

static void test_walks(void **state)
{
    (void)state;
    uint64_t walks = setting("YIMEN_WALKS", 10000);
    uint64_t seed = setting("YIMEN_SEED", 20261122);
    Sum sum = {0};
    const BpmnModel *model = NULL;
    Arena *models = arena_create(0);
    Arena *arenas[2] = {arena_create(64 * 1024 * 1024), arena_create(64 * 1024 * 1024)};
    for (uint64_t i = 0; i < walks; i++) {
        Chance chance = {.state = (seed + i / WALKS_PER_MODEL) * UINT64_C(0x9E3779B97F4A7C15) | 1};
        if (i % WALKS_PER_MODEL == 0)
            model = model_new(models, &chance, &sum);
        chance.state = (chance.state + i + 1) * UINT64_C(0xD1B54A32D192ED03) | 1;
        Walk w = {.chance = &chance,
                  .model = model,
                  .arena = arenas[0],
                  .other = arenas[1],
                  .number = (size_t)i};
        walk(&w);
        sum_up(&sum, &w);
    }
    check_sum(&sum);
    arena_destroy(arenas[0]);
    arena_destroy(arenas[1]);
    arena_destroy(models);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_walks)};
    return cmocka_run_group_tests_name("bpmn_walk", tests, NULL, NULL);
}
