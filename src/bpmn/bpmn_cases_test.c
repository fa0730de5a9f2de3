/*
 * bpmn_cases_test.c - runs the stories in tests/bpmn/cases.
 *
 *     case file -> process XML -> the real parser -> verbs line by line -> effects as one text
 *
 * tests/bpmn/README.md tells how a case is written. After every verb the rules of the state are
 * checked and the instance is saved and loaded again, so each story also tests the storing.
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

enum { CASES_MAX = 400, OFFSET = 480 };

/* One story: the process and the lines that follow it. */
typedef struct Case {
    const char *file;
    const char *name;
    const char *process;
    const char **lines;
    int *numbers;
    size_t count;
} Case;

typedef struct Decision {
    const char *id;
    FeelValue result;
    const char *failure;
} Decision;

typedef struct Player {
    Arena *arena;
    const Case *story;
    int line;
    BpmnModel *model;
    BpmnInstance *instance;
    BpmnContext context;
    BpmnLimits limits;
    BpmnEffects effects; /* of the last verb */
    Error err;           /* of the last verb */
    const BpmnTask *task;
    const BpmnService *service;
    LIST(Decision) decisions;
} Player;

static void fail_at_line(const Player *p, const char *what, const char *got)
{
    print_error("%s:%d (%s): %s\n    got: %s\n", p->story->file, p->line, p->story->name, what,
                got ? got : "nothing");
    fail();
}

/* ---- effects as a text ----------------------------------------------------------------------- */

static void add_effect(Buffer *out, const BpmnEffect *e)
{
    static const char *const marks[] = {
        [BPMN_ELEMENT_ENTERED] = "+",        [BPMN_ELEMENT_LEFT] = "-",
        [BPMN_TASK_CREATED] = "task:",       [BPMN_TASK_CANCELLED] = "untask:",
        [BPMN_SERVICE_CALLED] = "service:",  [BPMN_SERVICE_CANCELLED] = "unservice:",
        [BPMN_TIMER_SET] = "timer:",         [BPMN_TIMER_FIRED] = "fired:",
        [BPMN_TIMER_CANCELLED] = "untimer:", [BPMN_INCIDENT_RAISED] = "!",
        [BPMN_INCIDENT_RESOLVED] = "ok!",    [BPMN_VARIABLES_CHANGED] = "vars:",
        [BPMN_INSTANCE_COMPLETED] = "done:", [BPMN_INSTANCE_TERMINATED] = "terminated:",
    };
    bool is_incident = e->kind == BPMN_INCIDENT_RAISED || e->kind == BPMN_INCIDENT_RESOLVED;
    if (out->length)
        buffer_add_char(out, ' ');
    buffer_add(out, e->kind == BPMN_ELEMENT_LEFT && e->is_cancelled ? "~" : marks[e->kind]);
    if (is_incident)
        buffer_printf(out, "%s@", e->code);
    buffer_add(out, e->element->id);
}

/* The movements of variables are left out where a story does not ask for them. */
static const char *effects_text(Player *p, bool with_variables)
{
    Buffer out = buffer_init(p->arena, 0);
    list_each (BpmnEffect, e, &p->effects)
        if (with_variables || e->kind != BPMN_VARIABLES_CHANGED)
            add_effect(&out, e);
    return buffer_text(&out);
}

static void keep_last(Player *p)
{
    list_each (BpmnEffect, e, &p->effects) {
        if (e->task)
            p->task = e->task;
        if (e->service)
            p->service = e->service;
    }
}

/* ---- after every verb ------------------------------------------------------------------------ */

static void check_rules(Player *p)
{
    Error err = ERROR_NONE;
    if (!bpmn_check(p->instance, &err))
        fail_at_line(p, "the state breaks a rule", err.detail);
}

/* Saved, loaded and saved again: the same bytes, and the story goes on with the loaded one. */
static void store_and_load(Player *p)
{
    Error err = ERROR_NONE;
    const char *first = bpmn_save(p->instance, NULL, &err);
    if (!first)
        fail_at_line(p, "the state cannot be saved", err.code);
    p->instance = bpmn_load(p->model, p->arena, first, strlen(first), &err);
    if (!p->instance)
        fail_at_line(p, first, err.detail);
    const char *second = bpmn_save(p->instance, NULL, &err);
    if (!text_equal(first, second))
        fail_at_line(p, first, second);
}

static void after_verb(Player *p, bool is_done)
{
    if (!is_done && !error_is_set(&p->err))
        fail_at_line(p, "refused without an error", NULL);
    if (p->instance) {
        check_rules(p);
        store_and_load(p);
    }
    keep_last(p);
}

/* ---- arguments ------------------------------------------------------------------------------- */

static const char *word(Player *p, const char **rest)
{
    const char *from = *rest + strspn(*rest, " ");
    size_t length = strcspn(from, " ");
    *rest = from + length;
    *rest += strspn(*rest, " ");
    return arena_text_n(p->arena, from, length);
}

static FeelValue value(Player *p, const char *text)
{
    Error err = ERROR_NONE;
    if (!*text)
        return feel_null();
    Json *json = json_parse(p->arena, text, strlen(text), &JSON_LIMITS, &err);
    if (!json)
        fail_at_line(p, "the case holds wrong JSON", text);
    return feel_from_json(p->arena, json);
}

/* The key of the first live node at an element, boundary timers too; "t#2" is the second instance
 * of a multi-instance activity, "t*" its body. -1 when there is none. */
static int64_t key_of(Player *p, const char *id)
{
    BpmnNodeViews views = bpmn_nodes(p->instance, p->arena);
    size_t length = strcspn(id, "#*");
    size_t counter = id[length] == '#' ? (size_t)strtoul(id + length + 1, NULL, 10) : 0;
    const char *name = arena_text_n(p->arena, id, length);
    list_each (BpmnNodeView, one, &views)
        if (text_equal(one->element->id, name) && one->is_body == (id[length] == '*') &&
            (!counter || one->loop_counter == counter))
            return one->key;
    return -1;
}

/* ---- verbs ----------------------------------------------------------------------------------- */

static bool decide(void *data, Arena *arena, const char *id, FeelValue variables, FeelValue *out,
                   Error *err)
{
    Player *p = data;
    (void)arena;
    assert_int_equal(variables.kind, FEEL_CONTEXT);
    list_each (Decision, one, &p->decisions) {
        if (!text_equal(one->id, id))
            continue;
        *out = one->result;
        return one->failure ? error_set(err, ERROR_INVALID, .code = one->failure) : true;
    }
    return error_set(err, ERROR_NOT_FOUND, .code = "case.no_decision");
}

static void do_start(Player *p, const char *rest)
{
    p->instance = bpmn_start(p->model, p->arena, value(p, rest), &p->context, &p->effects, &p->err);
    after_verb(p, p->instance != NULL);
}

static void do_complete(Player *p, const char *rest)
{
    const char *id = word(p, &rest);
    after_verb(p, bpmn_complete(p->instance, key_of(p, id), value(p, rest), &p->context,
                                &p->effects, &p->err));
}

static void do_fire(Player *p, const char *rest)
{
    const char *id = word(p, &rest);
    after_verb(p, bpmn_fire_timer(p->instance, key_of(p, id), &p->context, &p->effects, &p->err));
}

static void do_fail(Player *p, const char *rest)
{
    const char *id = word(p, &rest);
    after_verb(p, bpmn_fail(p->instance, key_of(p, id), word(p, &rest), "it did not work",
                            &p->context, &p->effects, &p->err));
}

static void do_throw(Player *p, const char *rest)
{
    const char *id = word(p, &rest);
    const char *code = word(p, &rest);
    after_verb(p, bpmn_throw(p->instance, key_of(p, id), code, value(p, rest), &p->context,
                             &p->effects, &p->err));
}

static void do_resolve(Player *p, const char *rest)
{
    const char *id = word(p, &rest);
    after_verb(p, bpmn_resolve(p->instance, key_of(p, id), value(p, rest), &p->context, &p->effects,
                               &p->err));
}

static void do_set(Player *p, const char *rest)
{
    const char *id = word(p, &rest);
    after_verb(p, bpmn_set_variables(p->instance, key_of(p, id), value(p, rest), false, &p->context,
                                     &p->effects, &p->err));
}

static void do_local(Player *p, const char *rest)
{
    const char *id = word(p, &rest);
    after_verb(p, bpmn_set_variables(p->instance, key_of(p, id), value(p, rest), true, &p->context,
                                     &p->effects, &p->err));
}

static void do_cancel(Player *p, const char *rest)
{
    after_verb(p, bpmn_cancel(p->instance, rest, &p->context, &p->effects, &p->err));
}

/* ---- what happens around the process --------------------------------------------------------- */

static void do_now(Player *p, const char *rest)
{
    if (!instant_parse(rest, &p->context.now))
        fail_at_line(p, "the case holds a wrong moment", rest);
}

static void do_decision(Player *p, const char *rest)
{
    Decision decision = {.id = word(p, &rest)};
    if (text_starts_with(rest, "fails "))
        decision.failure = arena_text(p->arena, rest + 6);
    else
        decision.result = value(p, rest);
    list_add(p->arena, &p->decisions, decision);
    p->context.decide = decide;
    p->context.decide_data = p;
}

static void do_limits(Player *p, const char *rest)
{
    p->limits = BPMN_LIMITS;
    p->limits.steps = (size_t)strtoul(word(p, &rest), NULL, 10);
    if (*rest)
        p->limits.nodes = (size_t)strtoul(word(p, &rest), NULL, 10);
    p->context.limits = &p->limits;
}

/* ---- what a story expects -------------------------------------------------------------------- */

static void expect_text(Player *p, const char *wanted, const char *got)
{
    if (!text_equal(wanted, got))
        fail_at_line(p, wanted, got);
}

static void expect_effects(Player *p, const char *rest)
{
    if (error_is_set(&p->err))
        fail_at_line(p, "the verb was refused", p->err.code);
    expect_text(p, rest, effects_text(p, strstr(rest, "vars:") != NULL));
}

static void expect_refused(Player *p, const char *rest)
{
    expect_text(p, rest, p->err.code);
    expect_text(p, "", effects_text(p, true));
}

static void expect_variables(Player *p, const char *rest)
{
    const char *id = word(p, &rest);
    FeelValue got = bpmn_variables(p->instance, key_of(p, id), false);
    Buffer out = buffer_init(p->arena, 0);
    feel_to_json(&out, got);
    if (feel_equal(got, value(p, rest)) != FEEL_YES)
        fail_at_line(p, rest, buffer_text(&out));
}

static void add_names(Buffer *out, const char *label, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_printf(out, "%s%s", i ? "," : label, names[i]);
}

static void expect_task(Player *p, const char *rest)
{
    Buffer out = buffer_init(p->arena, 0);
    const BpmnTask *task = p->task;
    buffer_printf(&out, "%s", task->assignee ? task->assignee : "-");
    add_names(&out, " groups=", task->candidate_groups, task->candidate_group_count);
    add_names(&out, " users=", task->candidate_users, task->candidate_user_count);
    if (task->form_key)
        buffer_printf(&out, " form=%s", task->form_key);
    if (task->due != INSTANT_NONE)
        buffer_printf(&out, " due=%s", instant_text(p->arena, task->due));
    if (task->follow_up != INSTANT_NONE)
        buffer_printf(&out, " follow=%s", instant_text(p->arena, task->follow_up));
    if (task->priority != 50)
        buffer_printf(&out, " priority=%d", (int)task->priority);
    expect_text(p, rest, buffer_text(&out));
}

static void expect_service(Player *p, const char *rest)
{
    Buffer out = buffer_init(p->arena, 0);
    buffer_printf(&out, "%s %d ", p->service->type, (int)p->service->retries);
    feel_to_json(&out, p->service->variables);
    expect_text(p, rest, buffer_text(&out));
}

/* "timers a@2026-...Z/2 b@...": every open timer with its due moment and the firings left. */
static void expect_timers(Player *p, const char *rest)
{
    Buffer out = buffer_init(p->arena, 0);
    BpmnNodeViews views = bpmn_open_timers(p->instance, p->arena);
    list_each (BpmnNodeView, one, &views) {
        buffer_printf(&out, "%s%s@%s", out.length ? " " : "", one->element->id,
                      instant_text(p->arena, one->due));
        if (one->cycle_left)
            buffer_printf(&out, "/%d", (int)one->cycle_left);
    }
    expect_text(p, rest, buffer_text(&out));
}

static void expect_message(Player *p, const char *rest)
{
    BpmnNodeViews views = bpmn_incidents(p->instance, p->arena);
    const char *got = views.count ? views.items[views.count - 1].incident_message : NULL;
    if (!got || !strstr(got, rest))
        fail_at_line(p, rest, got);
}

static void expect_status(Player *p, const char *rest)
{
    static const char *const names[] = {"active", "completed", "terminated"};
    expect_text(p, rest, names[bpmn_status(p->instance)]);
}

/* "error CODE ID": one of the errors of the parser. */
static void expect_error(Player *p, const char *rest)
{
    const char *code = word(p, &rest);
    if (p->model)
        fail_at_line(p, code, "a model");
    for (const Error *e = &p->err; e; e = e->next)
        if (text_equal(e->code, code) && text_equal(e->field ? e->field : "", rest))
            return;
    fail_at_line(p, code, p->err.detail);
}

static void expect_warning(Player *p, const char *rest)
{
    const char *code = word(p, &rest);
    for (size_t i = 0; p->model && i < bpmn_warning_count(p->model); i++)
        if (text_equal(bpmn_warning(p->model, i)->code, code) &&
            text_equal(bpmn_warning(p->model, i)->element, rest))
            return;
    fail_at_line(p, code, rest);
}

static void do_nothing(Player *p, const char *rest)
{
    (void)rest;
    if (!p->model)
        fail_at_line(p, "the process was refused", p->err.detail);
}

/* ---- a line, a story ------------------------------------------------------------------------- */

static const struct Verb {
    const char *name;
    bool moves; /* what the verb before has left is forgotten */
    void (*run)(Player *p, const char *rest);
} verbs[] = {
    {"start", true, do_start},
    {"complete", true, do_complete},
    {"fire", true, do_fire},
    {"fail", true, do_fail},
    {"throw", true, do_throw},
    {"resolve", true, do_resolve},
    {"set", true, do_set},
    {"local", true, do_local},
    {"cancel", true, do_cancel},
    {"now", false, do_now},
    {"decision", false, do_decision},
    {"limits", false, do_limits},
    {">", false, expect_effects},
    {"refused", false, expect_refused},
    {"variables", false, expect_variables},
    {"task", false, expect_task},
    {"service", false, expect_service},
    {"timers", false, expect_timers},
    {"message", false, expect_message},
    {"status", false, expect_status},
    {"error", false, expect_error},
    {"warning", false, expect_warning},
    {"parses", false, do_nothing},
};

static void play_line(Player *p, const char *line)
{
    const char *rest = line;
    const char *name = word(p, &rest);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
        if (!text_equal(verbs[i].name, name))
            continue;
        if (verbs[i].moves) {
            do_nothing(p, rest);
            p->effects = (BpmnEffects){0};
            p->err = ERROR_NONE;
        }
        verbs[i].run(p, rest);
        return;
    }
    fail_at_line(p, "the case holds an unknown verb", line);
}

static void play(void **state)
{
    const Case *story = *state;
    Player p = {.arena = arena_create(64 * 1024 * 1024), .story = story};
    assert_true(instant_parse("2026-11-22T00:00:00.000Z", &p.context.now));
    p.context.offset_minutes = OFFSET;
    p.line = story->numbers[0];
    p.model = bpmn_parse(p.arena, story->process, strlen(story->process), &p.err);
    for (size_t i = 0; i < story->count; i++) {
        p.line = story->numbers[i];
        play_line(&p, story->lines[i]);
    }
    arena_destroy(p.arena);
}

/* ---- reading the files ----------------------------------------------------------------------- */

typedef struct Reader {
    Arena *arena;
    const char *file;
    LIST(Case) cases;
    Buffer process;
    LIST(const char *) lines;
    LIST(int) numbers;
} Reader;

static void add_escaped(Buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            buffer_add(out, "&lt;");
        else if (*text == '&')
            buffer_add(out, "&amp;");
        else
            buffer_add_char(out, *text);
    }
}

/* "a -> b" and "a -> b if =x": a sequence flow a_b. */
static bool add_arrow(Reader *r, const char *line)
{
    const char **parts;
    const char *arrow = strstr(line, " -> ");
    if (*line == '<' || !arrow)
        return false;
    const char *condition = strstr(line, " if ");
    const char *source = arena_text_n(r->arena, line, (size_t)(arrow - line));
    text_split(r->arena, arrow + 4, ' ', &parts);
    buffer_printf(&r->process, "<sequenceFlow id=\"%s_%s\" sourceRef=\"%s\" targetRef=\"%s\">",
                  source, parts[0], source, parts[0]);
    if (condition) {
        buffer_add(&r->process, "<conditionExpression>");
        add_escaped(&r->process, condition + 4);
        buffer_add(&r->process, "</conditionExpression>");
    }
    buffer_add(&r->process, "</sequenceFlow>");
    return true;
}

static void begin_case(Reader *r, const char *name)
{
    Case next = {.file = r->file, .name = name};
    list_add(r->arena, &r->cases, next);
    r->process = buffer_init(r->arena, 0);
    r->lines.items = NULL;
    r->lines.count = r->lines.capacity = 0;
    r->numbers.items = NULL;
    r->numbers.count = r->numbers.capacity = 0;
}

static void end_case(Reader *r)
{
    static const char head[] =
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "
        "xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\" "
        "xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\">"
        "<error id=\"no\" errorCode=\"rejected\"/><error id=\"lost\" errorCode=\"lost\"/>"
        "<error id=\"blank\"/><error id=\"dynamic\" errorCode=\"=code\"/>"
        "<process id=\"p\" isExecutable=\"true\">";
    if (!r->cases.count)
        return;
    Case *last = &r->cases.items[r->cases.count - 1];
    last->process = buffer_text(&r->process);
    if (!text_starts_with(last->process, "<?xml"))
        last->process = arena_printf(r->arena, "%s%s</process></definitions>", head, last->process);
    last->lines = r->lines.items;
    last->numbers = r->numbers.items;
    last->count = r->lines.count;
}

static void read_line(Reader *r, const char *line, int number)
{
    if (text_starts_with(line, "# ")) {
        end_case(r);
        begin_case(r, line + 2);
    } else if (*line == '<' || strstr(line, " -> ")) {
        if (!add_arrow(r, line))
            buffer_add(&r->process, line);
    } else if (*line && *line != ';') {
        list_add(r->arena, &r->lines, line);
        list_add(r->arena, &r->numbers, number);
    }
}

static char *read_whole(Arena *arena, const char *path)
{
    Buffer text = buffer_init(arena, 4 * 1024 * 1024);
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

static void read_file(Reader *r, const char *path)
{
    const char **lines;
    r->file = path;
    size_t count = text_split(r->arena, read_whole(r->arena, path), '\n', &lines);
    for (size_t i = 0; i < count; i++)
        read_line(r, text_trim(r->arena, lines[i]), (int)i + 1);
    end_case(r);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_case_file(const struct dirent *entry)
{
    return text_ends_with(entry->d_name, ".txt");
}

int main(void)
{
    static const char folder[] = "tests/bpmn/cases";
    struct dirent **entries;
    Reader reader = {.arena = arena_create(0)};
    int count = scandir(folder, &entries, is_case_file, by_name);
    if (count <= 0) {
        fprintf(stderr, "%s has no cases: run from the top of the project\n", folder);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        read_file(&reader, arena_printf(reader.arena, "%s/%s", folder, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);

    struct CMUnitTest tests[CASES_MAX] = {0};
    if (reader.cases.count > CASES_MAX)
        return 1;
    for (size_t i = 0; i < reader.cases.count; i++)
        tests[i] = (struct CMUnitTest){.name = reader.cases.items[i].name,
                                       .test_func = play,
                                       .initial_state = &reader.cases.items[i]};
    int failed = _cmocka_run_group_tests("bpmn_cases", tests, reader.cases.count, NULL, NULL);
    arena_destroy(reader.arena);
    return failed;
}
