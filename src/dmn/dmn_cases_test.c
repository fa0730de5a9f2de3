/*
 * dmn_cases_test.c - runs the cases in tests/dmn/cases.
 *
 *     case file -> DMN XML -> dmn_parse -> dmn_decide line by line -> texts compared
 *
 * tests/dmn/README.md tells how a case is written.
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
#include "dmn/dmn.h"

enum { CASES_MAX = 200, OFFSET = 480, FILE_MAX = 256 * 1024 };

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
    size_t at;
    Buffer xml;
    const char *open; /* what closes the element that is being written, or NULL */
    bool is_parsed;
    DmnModel *model;
    Error parse_error;
    FeelScope scope;
    Lines got;
} Player;

static void fail_at_line(const Player *p, const char *what, const char *got)
{
    size_t at = p->at < p->story->count ? p->at : p->story->count - 1;
    print_error("%s:%d (%s): %s\n    got: %s\n", p->story->file, p->story->numbers[at],
                p->story->name, what, got ? got : "nothing");
    fail();
}

static void add_got(Player *p, const char *line)
{
    list_add(p->arena, &p->got, line);
}

/* ---- writing the model ----------------------------------------------------------------------- */

static void add_escaped(Buffer *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '<': buffer_add(out, "&lt;"); break;
        case '&': buffer_add(out, "&amp;"); break;
        case '"': buffer_add(out, "&quot;"); break;
        default: buffer_add_char(out, text[i]); break;
        }
    }
}

static const char *escaped(const Player *p, const char *text)
{
    Buffer out = buffer_init(p->arena, 0);
    add_escaped(&out, text, strlen(text));
    return buffer_text(&out);
}

static void close_element(Player *p)
{
    if (p->open)
        buffer_add(&p->xml, p->open);
    p->open = NULL;
}

/* The words of a line: the first stands before the rest. */
static const char *first_word(const Player *p, const char *text, const char **out_rest)
{
    size_t length = strcspn(text, " ");
    *out_rest = text + length + (text[length] == ' ');
    return arena_text_n(p->arena, text, length);
}

/* What stands behind " MARK " in a column's line, cut off there; NULL when there is none. */
static const char *cut_behind(const Player *p, const char **text, const char *mark)
{
    const char *at = strstr(*text, mark);
    if (!at)
        return NULL;
    const char *behind = at + strlen(mark);
    *text = arena_text_n(p->arena, *text, (size_t)(at - *text));
    return behind;
}

static void begin_decision(Player *p, const char *name)
{
    close_element(p);
    buffer_printf(&p->xml, "<decision id=\"%s\" name=\"%s\">\n", name, name);
}

/* table NAME [POLICY [AGGREGATION]]: OUTPUT_ORDER stands for OUTPUT ORDER */
static void write_table(Player *p, const char *argument)
{
    const char *policy, *aggregation;
    const char *name = first_word(p, argument, &policy);
    policy = first_word(p, policy, &aggregation);
    begin_decision(p, name);
    buffer_add(&p->xml, "<decisionTable");
    if (*policy) {
        char *name_of_it = arena_text(p->arena, policy);
        for (char *at = name_of_it; *at; at++)
            *at = *at == '_' ? ' ' : *at;
        buffer_printf(&p->xml, " hitPolicy=\"%s\"", name_of_it);
    }
    if (*aggregation)
        buffer_printf(&p->xml, " aggregation=\"%s\"", aggregation);
    buffer_add(&p->xml, ">\n");
    p->open = "</decisionTable></decision>\n";
}

/* literal NAME [TYPE] = EXPRESSION */
static void write_literal(Player *p, const char *argument)
{
    const char *expression = cut_behind(p, &argument, " = "), *type;
    const char *name = first_word(p, argument, &type);
    begin_decision(p, name);
    if (*type)
        buffer_printf(&p->xml, "<variable name=\"%s\" typeRef=\"%s\"/>", name, type);
    buffer_printf(&p->xml, "<literalExpression><text>%s</text></literalExpression>\n",
                  escaped(p, expression ? expression : ""));
    p->open = "</decision>\n";
}

/* type NAME BASE [= ALLOWED] */
static void write_type(Player *p, const char *argument)
{
    const char *allowed = cut_behind(p, &argument, " = "), *base;
    const char *name = first_word(p, argument, &base);
    close_element(p);
    buffer_printf(&p->xml, "<itemDefinition name=\"%s\"><typeRef>%s</typeRef>", name, base);
    if (allowed)
        buffer_printf(&p->xml, "<allowedValues><text>%s</text></allowedValues>",
                      escaped(p, allowed));
    buffer_add(&p->xml, "</itemDefinition>\n");
}

/* in EXPRESSION [: TYPE] [in ALLOWED] */
static void write_input(Player *p, const char *argument)
{
    const char *allowed = cut_behind(p, &argument, " in ");
    const char *type = cut_behind(p, &argument, " : ");
    buffer_add(&p->xml, "<input><inputExpression");
    if (type)
        buffer_printf(&p->xml, " typeRef=\"%s\"", type);
    buffer_printf(&p->xml, "><text>%s</text></inputExpression>", escaped(p, argument));
    if (allowed)
        buffer_printf(&p->xml, "<inputValues><text>%s</text></inputValues>", escaped(p, allowed));
    buffer_add(&p->xml, "</input>\n");
}

/* out [NAME] [: TYPE] [in ALLOWED] [else DEFAULT] */
static void write_output(Player *p, const char *argument)
{
    argument = arena_printf(p->arena, " %s ", argument);
    const char *fallback = cut_behind(p, &argument, " else ");
    argument = arena_printf(p->arena, "%s ", argument);
    const char *allowed = cut_behind(p, &argument, " in ");
    const char *type = cut_behind(p, &argument, " : ");
    const char *name = text_trim(p->arena, argument);
    buffer_add(&p->xml, "<output");
    if (*name)
        buffer_printf(&p->xml, " name=\"%s\"", name);
    if (type)
        buffer_printf(&p->xml, " typeRef=\"%s\"", text_trim(p->arena, type));
    buffer_add(&p->xml, ">");
    if (allowed)
        buffer_printf(&p->xml, "<outputValues><text>%s</text></outputValues>", escaped(p, allowed));
    if (fallback)
        buffer_printf(&p->xml, "<defaultOutputEntry><text>%s</text></defaultOutputEntry>",
                      escaped(p, fallback));
    buffer_add(&p->xml, "</output>\n");
}

static void write_cells(Player *p, const char *text, const char *tag)
{
    const char *rest = text_trim(p->arena, text);
    while (*rest) {
        const char *end = strstr(rest, " | ");
        size_t length = end ? (size_t)(end - rest) : strlen(rest);
        buffer_printf(&p->xml, "<%s><text>", tag);
        add_escaped(&p->xml, rest, length);
        buffer_printf(&p->xml, "</text></%s>", tag);
        rest += length + (end ? 3 : 0);
    }
}

/* rule TEST | TEST -> OUTPUT | OUTPUT // NOTE | NOTE */
static void write_rule(Player *p, const char *argument)
{
    const char *notes = cut_behind(p, &argument, " // ");
    argument = arena_printf(p->arena, " %s ", argument);
    const char *outputs = cut_behind(p, &argument, " -> ");
    buffer_add(&p->xml, "<rule>");
    write_cells(p, argument, "inputEntry");
    write_cells(p, outputs ? outputs : "", "outputEntry");
    write_cells(p, notes ? notes : "", "annotationEntry");
    buffer_add(&p->xml, "</rule>\n");
}

static void write_requirement(Player *p, const char *argument)
{
    buffer_printf(&p->xml,
                  "<informationRequirement><requiredDecision href=\"#%s\"/>"
                  "</informationRequirement>",
                  argument);
}

/* "require" stands before the table or expression that needs it: right behind the decision. */
static void write_needs(Player *p, const char *argument)
{
    bool is_table = p->open && strstr(p->open, "decisionTable");
    if (is_table) {
        buffer_add(&p->xml, "</decisionTable>");
        p->open = "</decision>\n";
    }
    write_requirement(p, argument);
}

/* ---- results as lines ------------------------------------------------------------------------ */

static void parse(Player *p)
{
    if (p->is_parsed)
        return;
    p->is_parsed = true;
    close_element(p);
    const char *text = buffer_text(&p->xml);
    if (strncmp(text, "<<", 2) == 0)
        text += 2;
    else
        text = arena_printf(p->arena,
                            "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\">"
                            "\n%s</definitions>",
                            text);
    p->model = dmn_parse(p->arena, text, strlen(text), &p->parse_error);
    assert_int_equal(p->model != NULL, !error_is_set(&p->parse_error));
}

static const char *param(const Error *error, const char *name)
{
    for (size_t i = 0; i < sizeof error->with / sizeof error->with[0]; i++)
        if (text_equal(error->with[i].name, name))
            return error->with[i].value;
    return NULL;
}

/* The reason that FEEL gives for an expression is the matter of other tests. */
static void play_refused(Player *p)
{
    parse(p);
    if (p->model)
        fail_at_line(p, "should be refused", "a model");
    for (const Error *each = &p->parse_error; each && error_is_set(each); each = each->next) {
        const char *what = param(each, "what");
        bool is_expression = text_equal(each->code, "dmn.expression");
        if (is_expression && what)
            what = arena_text_n(p->arena, what, strcspn(what, ":"));
        add_got(p, arena_printf(p->arena, "%s %s: %s", each->code, each->field ? each->field : "-",
                                what ? what : "-"));
        assert_true(each->line > 0);
    }
}

static FeelValue context_of(const Player *p, const char *text)
{
    Error err = ERROR_NONE;
    Json *json = json_parse(p->arena, text, strlen(text), &JSON_LIMITS, &err);
    if (!json)
        fail_at_line(p, "the case has no JSON here", text);
    return feel_from_json(p->arena, json);
}

static void add_trace(Player *p, const DmnTrace *trace)
{
    Buffer out = buffer_init(p->arena, 0);
    buffer_add(&out, "inputs");
    list_each (const DmnStepInput, input, &trace->inputs)
        buffer_printf(&out, " %s", feel_to_text(p->arena, input->value));
    add_got(p, buffer_text(&out));
    list_each (const DmnFired, fired, &trace->fired) {
        out = buffer_init(p->arena, 0);
        buffer_printf(&out, "rule %zu %s = %s", fired->rule, fired->id ? fired->id : "-",
                      feel_to_text(p->arena, fired->output));
        for (size_t i = 0; i < fired->annotation_count; i++)
            buffer_printf(&out, " // %s", *fired->annotations[i] ? fired->annotations[i] : "-");
        add_got(p, buffer_text(&out));
    }
    list_each (const FeelFinding, finding, &trace->findings.list)
        add_got(p, arena_printf(p->arena, "finding %s", finding->code));
}

/* decide NAME [JSON] */
static void play_decide(Player *p, const char *argument, bool is_traced)
{
    const char *values;
    const char *name = first_word(p, argument, &values);
    FeelValue result = feel_null();
    DmnTrace trace;
    Error err = ERROR_NONE;
    parse(p);
    if (!p->model)
        fail_at_line(p, "the model was refused",
                     arena_printf(p->arena, "%s %s %s", p->parse_error.code, p->parse_error.field,
                                  p->parse_error.with[0].value));
    p->scope.variables = *values ? context_of(p, values) : feel_null();
    bool is_decided =
        dmn_decide(p->model, name, &p->scope, p->arena, &result, is_traced ? &trace : NULL, &err);
    assert_int_equal(is_decided, !error_is_set(&err));
    if (is_decided)
        add_got(p, feel_to_text(p->arena, result));
    else
        add_got(p, arena_printf(p->arena, "%s %s: %s", err.code, err.field,
                                err.detail ? err.detail : "-"));
    if (is_traced)
        add_trace(p, &trace);
}

static void play_decisions(Player *p)
{
    parse(p);
    assert_non_null(p->model);
    for (size_t i = 0; i < dmn_decision_count(p->model); i++) {
        const DmnDecision *one = dmn_decision(p->model, i);
        add_got(p, arena_printf(p->arena, "%s \"%s\" line %d%s %zu", one->id, one->name, one->line,
                                one->is_table ? " table" : "", one->rule_count));
        assert_ptr_equal(dmn_find(p->model, one->id), one);
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool takes(const char *line, const char *verb, const char **out_argument)
{
    size_t length = strlen(verb);
    bool is_verb = strncmp(line, verb, length) == 0 && (line[length] == ' ' || !line[length]);
    *out_argument = is_verb ? line + length + (line[length] == ' ') : NULL;
    return is_verb;
}

static bool write_line(Player *p, const char *line)
{
    static const struct {
        const char *verb;
        void (*write)(Player *p, const char *argument);
    } writers[] = {
        {"table", write_table}, {"literal", write_literal}, {"type", write_type},
        {"in", write_input},    {"out", write_output},      {"rule", write_rule},
        {"needs", write_needs},
    };
    const char *argument;
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++)
        if (takes(line, writers[i].verb, &argument)) {
            writers[i].write(p, argument);
            return true;
        }
    if (*line == '<') {
        close_element(p);
        buffer_printf(&p->xml, "%s\n", line);
        return true;
    }
    return false;
}

static void expect(Player *p, const char *line)
{
    const char *got = p->got.count ? p->got.items[0] : NULL;
    if (!got || strcmp(got, line) != 0)
        fail_at_line(p, line, got);
    p->got.items++;
    p->got.capacity = --p->got.count;
}

static void need_nothing_left(const Player *p)
{
    if (p->got.count)
        fail_at_line(p, "not expected", p->got.items[0]);
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
    if (write_line(p, line))
        return;
    if (takes(line, "decide", &argument))
        play_decide(p, argument, false);
    else if (takes(line, "trace", &argument))
        play_decide(p, argument, true);
    else if (takes(line, "refused", &argument))
        play_refused(p);
    else if (takes(line, "decisions", &argument))
        play_decisions(p);
    else
        fail_at_line(p, "unknown verb", line);
}

static void run_case(void **state)
{
    const Case *story = *state;
    Player player = {.arena = arena_create(64 * 1024 * 1024), .story = story};
    player.xml = buffer_init(player.arena, 0);
    player.scope = (FeelScope){.now = INT64_C(1795305600000), .offset_minutes = OFFSET};
    for (player.at = 0; player.at < story->count; player.at++)
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
    int found = scandir("tests/dmn/cases", &names, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        if (text_ends_with(names[i]->d_name, ".txt"))
            count = read_cases(arena, arena_printf(arena, "tests/dmn/cases/%s", names[i]->d_name),
                               cases, count);
        free(names[i]);
    }
    if (found >= 0)
        free(names);
    return count;
}

int main(void)
{
    static Case cases[CASES_MAX];
    static struct CMUnitTest tests[CASES_MAX];
    Arena *arena = arena_create(0);
    size_t count = read_all(arena, cases);
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){
            .name = cases[i].name, .test_func = run_case, .initial_state = &cases[i]};
    int failed = _cmocka_run_group_tests("dmn cases", tests, count, NULL, NULL);
    arena_destroy(arena);
    return count < 40 ? 1 : failed;
}
