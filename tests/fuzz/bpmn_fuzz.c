/*
 * bpmn_fuzz.c - the process engine under arbitrary models, verbs and stored states.
 *
 *     bytes up to the first NUL: a BPMN file · the rest: one verb per byte
 *
 * Whatever the parser takes must run without a crash and keep the rules of its state after every
 * verb; a saved state must load; a damaged one must be refused or load into a state that keeps the
 * rules too.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bpmn/bpmn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VERBS_MAX = 40 };

static const BpmnLimits limits = {.steps = 200, .nodes = 100, .state_bytes = 256 * 1024};

typedef struct Session {
    Arena *arena;
    BpmnModel *model;
    BpmnInstance *instance;
    BpmnContext context;
    BpmnEffects effects;
} Session;

static FeelValue variables(Session *s, unsigned number)
{
    FeelContextBuilder builder = feel_context_begin(s->arena);
    feel_context_put(&builder, "n", feel_int(number));
    feel_context_put(&builder, "officer", number % 3 ? feel_string("li") : feel_null());
    return feel_context_end(&builder);
}

static bool decide(void *data, Arena *arena, const char *id, FeelValue seen, FeelValue *out,
                   Error *err)
{
    (void)data;
    (void)arena;
    (void)seen;
    *out = feel_string(id);
    return id[0] != 'x' || error_set(err, ERROR_INVALID, .code = "fuzz.x");
}

/* The state after a verb that was not stopped for memory keeps the rules and can be stored. */
static bool settle(Session *s, const Error *err)
{
    Error why = ERROR_NONE;
    if (err->kind == ERROR_TOO_LARGE)
        return false;
    if (!bpmn_check(s->instance, &why))
        abort();
    const char *text = bpmn_save(s->instance, &limits, &why);
    if (!text)
        return why.kind == ERROR_TOO_LARGE ? false : (abort(), false);
    s->instance = bpmn_load(s->model, s->arena, text, strlen(text), &why);
    if (!s->instance && why.kind != ERROR_TOO_LARGE)
        abort();
    return s->instance != NULL;
}

static void damage(Session *s, unsigned number)
{
    Error err = ERROR_NONE;
    const char *text = bpmn_save(s->instance, &limits, &err);
    if (!text)
        return;
    size_t length = strlen(text);
    char *copy = arena_text_n(s->arena, text, length);
    copy[(number * 7919U) % length] = "0\"}x1,-"[number % 7];
    BpmnInstance *loaded = bpmn_load(s->model, s->arena, copy, length, &err);
    if (!loaded)
        assert(err.code);
    else if (!bpmn_check(loaded, &err))
        abort();
}

static void verb(Session *s, unsigned byte, Error *err)
{
    BpmnNodeViews nodes = bpmn_nodes(s->instance, s->arena);
    BpmnNodeView node = nodes.items[(byte >> 3) % nodes.count];
    FeelValue values = variables(s, byte);
    bool is_done = true;
    switch (byte & 7) {
    case 0:
        is_done =
            bpmn_fail(s->instance, node.key, "fuzz.failed", "so", &s->context, &s->effects, err);
        break;
    case 1:
        is_done = bpmn_resolve(s->instance, node.key, values, &s->context, &s->effects, err);
        break;
    case 2:
        if (node.due != INSTANT_NONE && s->context.now < node.due)
            s->context.now = node.due;
        is_done = bpmn_fire_timer(s->instance, node.key, &s->context, &s->effects, err);
        break;
    case 3:
        is_done = bpmn_set_variables(s->instance, node.key, values, byte & 64, &s->context,
                                     &s->effects, err);
        break;
    case 4: damage(s, byte); break;
    default: is_done = bpmn_complete(s->instance, node.key, values, &s->context, &s->effects, err);
    }
    assert(is_done || err->code);
}

static void run(Session *s, const uint8_t *verbs, size_t count)
{
    Error err = ERROR_NONE;
    s->instance = bpmn_start(s->model, s->arena, variables(s, 4), &s->context, &s->effects, &err);
    if (!s->instance || !settle(s, &err))
        return;
    for (size_t i = 0; i < count && i < VERBS_MAX; i++) {
        err = ERROR_NONE;
        verb(s, verbs[i], &err);
        if (!settle(s, &err))
            return;
    }
    if (bpmn_status(s->instance) == BPMN_ACTIVE &&
        !bpmn_cancel(s->instance, "enough", &s->context, &s->effects, &err))
        assert(err.kind == ERROR_TOO_LARGE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    size_t length = end ? (size_t)(end - data) : size;
    Error err = ERROR_NONE;
    Session s = {.arena = arena_create(32 * 1024 * 1024)};
    s.context = (BpmnContext){
        .now = INT64_C(1795305600000), .offset_minutes = 480, .limits = &limits, .decide = decide};
    s.model = bpmn_parse(s.arena, (const char *)data, length, &err);
    if (s.model)
        run(&s, end ? end + 1 : data, end ? size - length - 1 : 0);
    else
        assert(err.code);
    arena_destroy(s.arena);
    return 0;
}
