/*
 * form_cases_test.c - runs the cases in tests/form/cases.
 *
 *     case file -> form JSON -> form_parse -> renders and submits line by line -> texts compared
 *
 * tests/form/README.md tells how a case is written.
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
#include "form/form.h"
#include "test_skip.h"

enum { CASES_MAX = 400, OFFSET = 480, FILE_MAX = 256 * 1024 };

typedef struct Case {
    const char *file;
    const char *name;
    const char **lines;
    int *numbers;
    size_t count;
} Case;

typedef LIST(const char *) Lines;

typedef struct Player {
    Arena *arena;
    const Case *story;
    size_t at; /* index of the line that is played */
    Form *form;
    Error parse_error;
    const Json *overlay;
    FeelScope scope;
    Lines got; /* what the last verb gave, not yet expected */
} Player;

static void fail_at_line(const Player *p, const char *what, const char *got)
{
    size_t at = p->at < p->story->count ? p->at : p->story->count - 1;
    print_error("%s:%d (%s): %s\n    got: %s\n", p->story->file, p->story->numbers[at],
                p->story->name, what, got ? got : "nothing");
    fail();
}

/* ---- results as lines ------------------------------------------------------------------------ */

static const char *control_line(Arena *arena, const FormControl *control)
{
    Buffer out = buffer_init(arena, 0);
    for (size_t i = 0; i < control->depth; i++)
        buffer_add(&out, ". ");
    buffer_printf(&out, "%s %s", control->type, control->key ? control->key : control->id);
    buffer_printf(&out, "%s%s%s", control->is_required ? "*" : "", control->is_readonly ? "!" : "",
                  control->is_refresh ? "~" : "");
    if (control->label)
        buffer_printf(&out, " \"%s\"", control->label);
    if (control->hint)
        buffer_printf(&out, " (%s)", control->hint);
    if (control->options.count)
        buffer_add(&out, " [");
    list_each (const FormOption, option, &control->options) {
        if (option != control->options.items)
            buffer_add(&out, ", ");
        buffer_printf(&out, "%s%s %s", option->is_chosen ? "+" : "", option->value, option->label);
    }
    if (control->options.count)
        buffer_add(&out, "]");
    if (control->value)
        buffer_printf(&out, " = %s", *control->value ? control->value : "\"\"");
    assert_null(control->error);
    return buffer_text(&out);
}

static const char *error_line(Arena *arena, const Error *error)
{
    Buffer out = buffer_init(arena, 0);
    buffer_printf(&out, "%s %s", error->code, error->field ? error->field : "-");
    for (size_t i = 0; i < sizeof error->with / sizeof error->with[0]; i++) {
        const ErrorParam *param = &error->with[i];
        bool is_told =
            param->name && strcmp(param->name, "what") != 0 && strcmp(param->name, "element") != 0;
        if (is_told)
            buffer_printf(&out, " %s=%s", param->name, param->value);
    }
    return buffer_text(&out);
}

static void add_errors(Player *p, const Error *errors)
{
    for (const Error *each = errors; each && error_is_set(each); each = each->next) {
        const char *line = error_line(p->arena, each);
        list_add(p->arena, &p->got, line);
    }
}

/* ---- verbs ----------------------------------------------------------------------------------- */

static Json *json_of(const Player *p, const char *text)
{
    Error err = ERROR_NONE;
    Json *json = json_parse(p->arena, text, strlen(text), &JSON_LIMITS, &err);
    if (!json)
        fail_at_line(p, "the case has no JSON here", text);
    return json;
}

static void need_form(const Player *p)
{
    if (!p->form)
        fail_at_line(p, "the form was refused",
                     error_is_set(&p->parse_error) ? error_line(p->arena, &p->parse_error) : "");
}

static void play_render(Player *p, const char *argument)
{
    FormControls controls;
    Error err = ERROR_NONE;
    need_form(p);
    FeelValue values = *argument ? feel_from_json(p->arena, json_of(p, argument)) : feel_null();
    if (!form_render(p->form, p->overlay, values, &p->scope, p->arena, &controls, &err))
        fail_at_line(p, "render failed", err.code);
    list_each (const FormControl, control, &controls) {
        const char *line = control_line(p->arena, control);
        list_add(p->arena, &p->got, line);
    }
}

static void play_submit(Player *p, const char *argument, bool is_strict)
{
    Json *values = NULL;
    Error err = ERROR_NONE;
    need_form(p);
    const Json *typed = *argument ? json_of(p, argument) : NULL;
    bool is_taken = form_submit(p->form, typed, is_strict, &p->scope, p->arena, &values, &err);
    assert_int_equal(is_taken, !error_is_set(&err));
    if (!is_taken) {
        form_translate_errors(p->form, p->overlay, p->arena, &err);
        add_errors(p, &err);
        return;
    }
    Buffer out = buffer_init(p->arena, 0);
    JsonWriter writer = json_writer(&out);
    json_put_tree(&writer, NULL, values);
    const char *line = buffer_text(&out);
    list_add(p->arena, &p->got, line);
}

static void play_show(Player *p, const char *argument)
{
    const FormKey *keys;
    need_form(p);
    const Json *values = json_of(p, argument);
    size_t count = form_keys(p->form, &keys);
    for (size_t i = 0; i < count; i++) {
        const Json *value = form_value(values, keys[i].key);
        const char *text =
            form_value_text(p->form, p->overlay, p->arena, keys[i].key, value, "yes", "no");
        const char *line = arena_printf(p->arena, "%s %s %s \"%s\" = %s", keys[i].type, keys[i].id,
                                        keys[i].key, keys[i].label, *text ? text : "\"\"");
        list_add(p->arena, &p->got, line);
    }
}

static void play_known(Player *p, const char *argument)
{
    p->scope.variables = feel_from_json(p->arena, json_of(p, argument));
}

static void play_now(Player *p, const char *argument)
{
    if (!instant_parse(argument, &p->scope.now))
        fail_at_line(p, "no moment", argument);
}

static void expect(Player *p, const char *line)
{
    const char *got = p->got.count ? p->got.items[0] : NULL;
    if (!got || strcmp(got, line) != 0)
        fail_at_line(p, line, got);
    p->got.items++;
    p->got.count--;
    p->got.capacity = p->got.count;
}

/* The next verb may come only when everything that the last one gave was expected. */
static void need_nothing_left(const Player *p)
{
    if (p->got.count)
        fail_at_line(p, "not expected", p->got.items[0]);
}

static bool takes(const char *line, const char *verb, const char **out_argument)
{
    size_t length = strlen(verb);
    bool is_verb = strncmp(line, verb, length) == 0 && (line[length] == ' ' || !line[length]);
    *out_argument = is_verb ? line + length + (line[length] == ' ') : NULL;
    return is_verb;
}

static void play_line(Player *p, const char *line)
{
    const char *argument;
    if (takes(line, ">", &argument)) {
        expect(p, argument);
        return;
    }
    need_nothing_left(p);
    p->got = (Lines){0};
    if (takes(line, "render", &argument))
        play_render(p, argument);
    else if (takes(line, "submit", &argument))
        play_submit(p, argument, false);
    else if (takes(line, "strict", &argument))
        play_submit(p, argument, true);
    else if (takes(line, "show", &argument))
        play_show(p, argument);
    else if (takes(line, "overlay", &argument))
        p->overlay = json_of(p, argument);
    else if (takes(line, "known", &argument))
        play_known(p, argument);
    else if (takes(line, "now", &argument))
        play_now(p, argument);
    else if (takes(line, "refused", &argument)) {
        if (p->form)
            fail_at_line(p, "should be refused", "a form");
        add_errors(p, &p->parse_error);
    } else
        fail_at_line(p, "unknown verb", line);
}

/* Lines that begin with "<" are the components, one a line; "<<" is the whole form. */
static const char *source_of(Arena *arena, const Case *story)
{
    Buffer out = buffer_init(arena, 0);
    bool is_whole = story->count && strncmp(story->lines[0], "<<", 2) == 0;
    if (!is_whole)
        buffer_add(&out, "{\"schemaVersion\":18,\"components\":[");
    for (size_t i = 0; i < story->count && story->lines[i][0] == '<'; i++) {
        const char *line = story->lines[i] + 1;
        if (i)
            buffer_add(&out, is_whole ? "\n" : ",\n");
        buffer_add(&out, line + (*line == '<'));
    }
    buffer_add(&out, is_whole ? "" : "]}");
    return buffer_text(&out);
}

static void run_case(void **state)
{
    const Case *story = *state;
    Player player = {.arena = arena_create(64 * 1024 * 1024), .story = story};
    const char *source = source_of(player.arena, story);
    player.scope = (FeelScope){.now = INT64_C(1795305600000), .offset_minutes = OFFSET};
    player.form = form_parse(player.arena, source, strlen(source), &player.parse_error);
    assert_int_equal(player.form != NULL, !error_is_set(&player.parse_error));
    for (player.at = 0; player.at < story->count; player.at++)
        if (story->lines[player.at][0] != '<')
            play_line(&player, story->lines[player.at]);
    need_nothing_left(&player);
    arena_destroy(player.arena);
}

/* ---- reading the files ----------------------------------------------------------------------- */

static char *read_file(Arena *arena, const char *path, size_t *out_length)
{
    FILE *file = fopen(path, "rb");
    char *text = arena_alloc(arena, FILE_MAX);
    if (!file)
        return NULL;
    *out_length = fread(text, 1, FILE_MAX - 1, file);
    fclose(file);
    return text;
}

static void add_case_line(Arena *arena, Case *story, const char *line, int number)
{
    size_t count = story->count++;
    story->lines =
        arena_grow(arena, story->lines, sizeof(char *) * count, sizeof(char *) * (count + 1));
    story->numbers =
        arena_grow(arena, story->numbers, sizeof(int) * count, sizeof(int) * (count + 1));
    story->lines[count] = line;
    story->numbers[count] = number;
}

static size_t read_cases(Arena *arena, const char *path, Case *cases, size_t count)
{
    const char **lines;
    size_t length = 0;
    char *text = read_file(arena, path, &length);
    size_t line_count = text ? text_split(arena, text, '\n', &lines) : 0;
    for (size_t i = 0; i < line_count; i++) {
        const char *line = text_trim(arena, lines[i]);
        if (strncmp(line, "# ", 2) == 0 && count < CASES_MAX)
            cases[count++] = (Case){.file = arena_text(arena, path), .name = line + 2};
        else if (*line && *line != ';' && count)
            add_case_line(arena, &cases[count - 1], line, (int)i + 1);
    }
    return count;
}

static size_t read_all(Arena *arena, Case *cases)
{
    struct dirent **names;
    size_t count = 0;
    int found = scandir("tests/form/cases", &names, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        if (text_ends_with(names[i]->d_name, ".txt"))
            count = read_cases(arena, arena_printf(arena, "tests/form/cases/%s", names[i]->d_name),
                               cases, count);
        free(names[i]);
    }
    if (found >= 0)
        free(names);
    return count;
}

/* ---- real files ------------------------------------------------------------------------------ */

/* What is taken is shown, and answers what is sent empty with values or with the fields at fault.
 */
static void uses_example(const Form *form, Arena *arena)
{
    FormControls controls = {0};
    Error err = ERROR_NONE;
    Json *typed = json_parse(arena, "{}", 2, &JSON_LIMITS, &err), *values = NULL;
    assert_true(form_render(form, NULL, feel_null(), NULL, arena, &controls, &err));
    assert_true(controls.count > 0);
    if (form_submit(form, typed, false, NULL, arena, &values, &err))
        assert_int_equal(values->kind, JSON_OBJECT);
    else
        for (const Error *each = &err; each; each = each->next)
            assert_true(text_starts_with(each->field, "form."));
}

/* Forms of the field are taken, or refused with the component at fault. */
static void takes_or_refuses_examples(void **state)
{
    static const char folder[] = "../shared/examples/forms";
    struct dirent **names;
    size_t seen = 0, taken = 0;
    (void)state;
    int found = scandir(folder, &names, NULL, alphasort);
    if (found < 0)
        skip_because("no ../shared/examples/forms");
    for (int i = 0; i < found; i++) {
        Arena *arena = arena_create(64 * 1024 * 1024);
        Error err = ERROR_NONE;
        size_t length = 0;
        char *text =
            read_file(arena, arena_printf(arena, "%s/%s", folder, names[i]->d_name), &length);
        if (text && names[i]->d_name[0] != '.') {
            const Form *form = form_parse(arena, text, length, &err);
            bool is_taken = form != NULL;
            if (is_taken)
                uses_example(form, arena);
            seen++;
            taken += is_taken;
            for (const Error *each = &err; !is_taken && each; each = each->next) {
                assert_true(text_equal(each->code, "form.unsupported") ||
                            text_equal(each->code, "form.expression"));
                assert_false(text_is_empty(each->field));
                assert_true(each->line > 0);
            }
        }
        arena_destroy(arena);
        free(names[i]);
    }
    free(names);
    assert_true(seen >= 10);
    assert_true(taken >= 6);
}

int main(void)
{
    static Case cases[CASES_MAX];
    static struct CMUnitTest tests[CASES_MAX + 1];
    Arena *arena = arena_create(0);
    size_t count = read_all(arena, cases);
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){
            .name = arena_printf(arena, "%s", cases[i].name),
            .test_func = run_case,
            .initial_state = &cases[i],
        };
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(takes_or_refuses_examples);
    int failed = _cmocka_run_group_tests("form cases", tests, count, NULL, NULL);
    arena_destroy(arena);
    return count < 60 ? 1 : failed;
}
