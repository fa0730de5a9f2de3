/*
 * cli_dmn.c - yimen dmn.
 *
 *     arguments -> file and its imports -> list, check, or inputs (JSON) -> dmn_evaluate -> report
 */
#include "server/cli_dmn.h"

#include <string.h>

#include "base/text.h"
#include "calendar/calendar_feel.h"
#include "dmn/dmn.h"
#include "dmn/dmn_check.h"
#include "dmn/dmn_difference.h"
#include "format/json.h"
#include "server/dmn_folder.h"

enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_USAGE = 2, MEMORY_MAX = 256 * 1024 * 1024 };

static const char usage[] =
    "usage: yimen dmn FILE --decision NAME [--input JSON] [--explain] [--json]\n"
    "       yimen dmn FILE           lists its decisions, services, knowledge models and inputs\n"
    "       yimen dmn FILE --check   looks for gaps, overlaps and rules that never fire\n"
    "       yimen dmn --difference A B [--json]   what two files mean differently\n"
    "options: --decision NAME  a decision, service or knowledge model, by id or name\n"
    "         --input JSON     an object: input data by name\n"
    "         --explain        inputs, rules that fired and outputs of each step\n"
    "         --json           one object: value, findings, and steps with --explain\n"
    "         --help           print this\n"
    "Imported files are looked for in the folder of FILE. Findings go to the error output.\n"
    "exit: 0 done, 1 the value is null for an error or the file is bad, 2 wrong usage;\n"
    "      of --difference 0 they mean the same, 1 they do not or a file is bad\n";

typedef struct Command {
    Arena *arena;
    FILE *out;
    FILE *err;
    const char *path;
    const char *other; /* of --difference: the second file */
    const char *decision;
    const char *input;
    bool is_explained;
    bool is_json;
    bool is_check;
    bool is_difference;
    bool is_help;
    const DmnModel *model;
} Command;

/* ---- arguments ------------------------------------------------------------------------------- */

static bool misuse(const Command *command, const char *what)
{
    fprintf(command->err, "dmn: %s\n", what);
    return false;
}

/* Reads one option; *at moves on behind its value. */
static bool read_option(Command *command, int argc, char *const *argv, int *at)
{
    const struct {
        const char *name;
        bool *flag;
        const char **text;
    } options[] = {
        {"--explain", &command->is_explained, NULL},
        {"--json", &command->is_json, NULL},
        {"--check", &command->is_check, NULL},
        {"--help", &command->is_help, NULL},
        {"--difference", &command->is_difference, NULL},
        {"--decision", NULL, &command->decision},
        {"--input", NULL, &command->input},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (!text_equal(options[i].name, argv[*at]))
            continue;
        if (options[i].flag)
            return *options[i].flag = true;
        if (*at + 1 >= argc)
            return misuse(command, arena_printf(command->arena, "%s needs a value", argv[*at]));
        *options[i].text = argv[++*at];
        return true;
    }
    return misuse(command, arena_printf(command->arena, "unknown option %s", argv[*at]));
}

static bool read_arguments(Command *command, int argc, char *const *argv)
{
    for (int i = 1; i < argc; i++) {
        if (!text_is_utf8(argv[i], strlen(argv[i])))
            return misuse(command, "an argument is not UTF-8");
        if (text_starts_with(argv[i], "--")) {
            if (!read_option(command, argc, argv, &i))
                return false;
        } else if (command->path && command->is_difference && !command->other) {
            command->other = argv[i];
        } else if (command->path) {
            return misuse(command, "that is one file too many");
        } else {
            command->path = argv[i];
        }
    }
    bool has_files = command->path && (!command->is_difference || command->other);
    return has_files || command->is_help || misuse(command, "a file is missing");
}

/* ---- what is wrong --------------------------------------------------------------------------- */

static int tell_error(const Command *command, const Error *error)
{
    for (const Error *each = error; each; each = each->next) {
        fprintf(command->err, "%s:%d:%d: %s", each->field ? each->field : command->path, each->line,
                each->column, each->code);
        if (each->with[0].value)
            fprintf(command->err, ": %s", each->with[0].value);
        fputs("\n", command->err);
    }
    return EXIT_NO;
}

static size_t tell_problems(const Command *command)
{
    const DmnProblem *problems;
    size_t count = dmn_problems(command->model, &problems);
    for (size_t i = 0; i < count; i++)
        fprintf(command->err, "%s:%d:%d: %s: %s: %s\n", problems[i].file, problems[i].line,
                problems[i].column, problems[i].element, problems[i].code, problems[i].message);
    return count;
}

static void tell_finding(const Command *command, const DmnFinding *finding)
{
    fprintf(command->err, "%s:%d: %s: %s: %s", finding->file, finding->line, finding->element,
            finding->code, finding->message);
    if (finding->source)
        fprintf(command->err, " (line %d, column %d of: %s)", finding->source_line,
                finding->source_column, finding->source);
    fputs("\n", command->err);
}

/* ---- listing, checking ----------------------------------------------------------------------- */

static int list_elements(const Command *command)
{
    static const char *const kinds[] = {"input", "decision", "knowledge", "service"};
    for (size_t i = 0; i < dmn_element_count(command->model); i++) {
        const DmnElement *element = dmn_element(command->model, i);
        fprintf(command->out, "%-9s %s", kinds[element->kind], element->name);
        if (element->type)
            fprintf(command->out, " : %s", element->type);
        if (element->is_table)
            fprintf(command->out, " (table, %zu rules)", element->rule_count);
        fprintf(command->out, "  %s:%d\n", element->file, element->line);
    }
    return tell_problems(command) ? EXIT_NO : EXIT_DONE;
}

static int check_tables(const Command *command)
{
    DmnRemarks remarks = {0};
    dmn_check(command->model, command->arena, &remarks);
    list_each (const DmnRemark, remark, &remarks)
        fprintf(command->out, "%s:%d: %s: %s: %s\n", remark->file, remark->line, remark->element,
                remark->code, remark->message);
    size_t problems = tell_problems(command);
    if (!remarks.count && !problems)
        fputs("nothing to remark\n", command->out);
    return remarks.count || problems ? EXIT_NO : EXIT_DONE;
}

/* ---- comparing ------------------------------------------------------------------------------- */

static void print_change(const Command *command, const DmnChange *change)
{
    fprintf(command->out, "%s: %s", change->element, dmn_change_name(change->kind));
    if (change->place)
        fprintf(command->out, " \"%s\"", change->place);
    if (change->rule_before)
        fprintf(command->out, " rule %zu", change->rule_before);
    if (change->rule_after && change->rule_after != change->rule_before)
        fprintf(command->out, "%s rule %zu", change->rule_before ? " ->" : "", change->rule_after);
    if (change->before || change->after)
        fprintf(command->out, ": %s -> %s", change->before ? change->before : "",
                change->after ? change->after : "");
    fputs("\n", command->out);
}

static void put_change(JsonWriter *json, const DmnChange *change)
{
    json_begin_object(json, NULL);
    json_put_text(json, "kind", dmn_change_name(change->kind));
    json_put_text(json, "element", change->element);
    json_put_text(json, "place", change->place);
    json_put_int(json, "rule_before", (int64_t)change->rule_before);
    json_put_int(json, "rule_after", (int64_t)change->rule_after);
    json_put_text(json, "before", change->before);
    json_put_text(json, "after", change->after);
    json_end_object(json);
}

static void print_changes_json(const Command *command, const DmnDifference *difference)
{
    Buffer buffer = buffer_init(command->arena, 0);
    JsonWriter json = json_writer(&buffer);
    json_begin_object(&json, NULL);
    json_begin_array(&json, "changes");
    list_each (const DmnChange, change, &difference->changes)
        put_change(&json, change);
    json_end_array(&json);
    json_put_int(&json, "dropped", (int64_t)difference->dropped);
    json_end_object(&json);
    fprintf(command->out, "%s\n", buffer_text(&buffer));
}

/* What is told first stands in the error output: a file with a problem is compared as far as it was
 * read. */
static int compare_files(Command *command)
{
    Error error = ERROR_NONE;
    DmnDifference difference;
    const DmnModel *before = command->model;
    size_t problems = tell_problems(command);
    command->model = folder_load(command->arena, command->other, &error);
    if (!command->model)
        return tell_error(command, &error);
    bool is_same = problems == tell_problems(command);
    dmn_compare(before, command->model, command->arena, &difference);
    if (command->is_json)
        print_changes_json(command, &difference);
    else
        list_each (const DmnChange, change, &difference.changes)
            print_change(command, change);
    if (difference.dropped && !command->is_json)
        fprintf(command->out, "and %zu more\n", difference.dropped);
    return is_same && !difference.changes.count ? EXIT_DONE : EXIT_NO;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static const char *value_json(const Command *command, FeelValue value)
{
    Buffer buffer = buffer_init(command->arena, 0);
    feel_to_json(&buffer, value);
    return buffer_text(&buffer);
}

static void explain(const Command *command, const DmnResult *result)
{
    list_each (const DmnStep, step, &result->steps) {
        fprintf(command->out, "%s (%s:%d)%s\n", step->element->name, step->element->file,
                step->element->line, step->is_table ? ": a table" : "");
        list_each (const DmnStepInput, input, &step->inputs)
            fprintf(command->out, "  input  %s = %s\n", input->label,
                    value_json(command, input->value));
        list_each (const DmnFired, fired, &step->fired) {
            fprintf(command->out, "  rule %zu -> %s", fired->rule,
                    value_json(command, fired->output));
            for (size_t i = 0; i < fired->annotation_count; i++)
                fprintf(command->out, "  // %s", fired->annotations[i]);
            fputs("\n", command->out);
        }
        fprintf(command->out, "  result %s\n", value_json(command, step->result));
    }
}

static void put_step(JsonWriter *json, const Command *command, const DmnStep *step)
{
    json_begin_object(json, NULL);
    json_put_text(json, "name", step->element->name);
    json_put_text(json, "file", step->element->file);
    json_put_int(json, "line", step->element->line);
    json_begin_array(json, "inputs");
    list_each (const DmnStepInput, input, &step->inputs) {
        json_begin_object(json, NULL);
        json_put_text(json, "name", input->label);
        json_put_raw(json, "value", value_json(command, input->value));
        json_end_object(json);
    }
    json_end_array(json);
    json_begin_array(json, "rules");
    list_each (const DmnFired, fired, &step->fired) {
        json_begin_object(json, NULL);
        json_put_int(json, "rule", (int64_t)fired->rule);
        json_put_text(json, "id", fired->id);
        json_put_raw(json, "output", value_json(command, fired->output));
        json_begin_array(json, "annotations");
        for (size_t i = 0; i < fired->annotation_count; i++)
            json_put_text(json, NULL, fired->annotations[i]);
        json_end_array(json);
        json_end_object(json);
    }
    json_end_array(json);
    json_put_raw(json, "result", value_json(command, step->result));
    json_end_object(json);
}

static void put_finding(JsonWriter *json, const DmnFinding *finding)
{
    json_begin_object(json, NULL);
    json_put_text(json, "code", finding->code);
    json_put_text(json, "message", finding->message);
    json_put_text(json, "file", finding->file);
    json_put_text(json, "element", finding->element);
    json_put_int(json, "line", finding->line);
    if (finding->source) {
        json_put_text(json, "source", finding->source);
        json_put_int(json, "source_line", finding->source_line);
        json_put_int(json, "source_column", finding->source_column);
    }
    json_end_object(json);
}

static void print_json(const Command *command, const DmnResult *result)
{
    Buffer buffer = buffer_init(command->arena, 0);
    JsonWriter json = json_writer(&buffer);
    json_begin_object(&json, NULL);
    json_put_raw(&json, "value", value_json(command, result->value));
    json_begin_array(&json, "findings");
    list_each (const DmnFinding, finding, &result->findings)
        put_finding(&json, finding);
    json_end_array(&json);
    if (command->is_explained) {
        json_begin_array(&json, "steps");
        list_each (const DmnStep, step, &result->steps)
            put_step(&json, command, step);
        json_end_array(&json);
    }
    json_end_object(&json);
    fprintf(command->out, "%s\n", buffer_text(&buffer));
}

static void print_text(const Command *command, const DmnResult *result)
{
    fprintf(command->out, "%s\n", value_json(command, result->value));
    if (command->is_explained)
        explain(command, result);
    list_each (const DmnFinding, finding, &result->findings)
        tell_finding(command, finding);
}

/* ---- the run --------------------------------------------------------------------------------- */

static bool read_inputs(const Command *command, FeelValue *out, Error *err)
{
    *out = feel_null();
    if (!command->input)
        return true;
    Json *json =
        json_parse(command->arena, command->input, strlen(command->input), &JSON_LIMITS, err);
    if (!json)
        return false;
    FeelValue plain = feel_from_json(command->arena, json);
    *out = dmn_read_inputs(command->model, plain, command->arena);
    return plain.kind == FEEL_CONTEXT ||
           error_set(err, ERROR_INVALID, .code = "dmn.input", .field = "--input", .line = 1,
                     .column = 1, .with = {{"what", "the input is no JSON object"}});
}

static int evaluate(const Command *command, const FeelWorkdays *workdays)
{
    const Clock clock = {0};
    FeelScope scope = {
        .now = clock_now(&clock), .offset_minutes = CALENDAR_ZONE_CHINA, .workdays = workdays};
    DmnResult result;
    FeelValue inputs;
    Error error = ERROR_NONE;
    bool has_inputs = read_inputs(command, &inputs, &error);
    /* Many a drawn file declares no input data: what is given is seen all the same. */
    scope.variables = inputs;
    if (!has_inputs || !dmn_evaluate(command->model, command->decision, inputs, &scope,
                                     command->arena, &result, &error))
        return tell_error(command, &error);
    if (command->is_json)
        print_json(command, &result);
    else
        print_text(command, &result);
    return feel_is_null(result.value) && result.findings.count ? EXIT_NO : EXIT_DONE;
}

static int run(Command *command, int argc, char *const *argv, const char *holidays, size_t length)
{
    Error error = ERROR_NONE;
    if (!read_arguments(command, argc, argv)) {
        fputs(usage, command->err);
        return EXIT_USAGE;
    }
    if (command->is_help)
        return fputs(usage, command->out) < 0 ? EXIT_NO : EXIT_DONE;
    command->model = folder_load(command->arena, command->path, &error);
    if (!command->model)
        return tell_error(command, &error);
    int code = EXIT_DONE;
    if (command->is_difference)
        code = compare_files(command);
    else if (command->is_check)
        code = check_tables(command);
    else if (command->decision)
        code = evaluate(command, calendar_feel_of_text(command->arena, holidays, length));
    else
        code = list_elements(command);
    return fflush(command->out) == 0 ? code : EXIT_NO;
}

int cli_dmn_run(int argc, char *const *argv, const char *holidays, size_t length, FILE *out,
                FILE *err)
{
    Command command = {.arena = arena_create(MEMORY_MAX), .out = out, .err = err};
    int code = run(&command, argc, argv, holidays, length);
    arena_destroy(command.arena);
    return code;
}

int cli_dmn(int argc, char **argv, const char *holidays, size_t length)
{
    return cli_dmn_run(argc, argv, holidays, length, stdout, stderr);
}
