/*
 * cli_feel.c - yimen feel.
 *
 *     arguments -> Command -> context (JSON) and names -> feel_compile -> feel_evaluate -> JSON
 */
#include "server/cli_feel.h"

#include <string.h>

#include "base/text.h"
#include "calendar/calendar_feel.h"
#include "feel/feel.h"
#include "format/json.h"

enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_USAGE = 2, MEMORY_MAX = 64 * 1024 * 1024 };

static const char usage[] = "usage: yimen feel 'EXPRESSION' [--context JSON] [--json]\n"
                            "  --context JSON  an object: the variables of the expression\n"
                            "  --json          findings as JSON, an object a line\n"
                            "  --help          print this\n"
                            "  --              the expression follows\n"
                            "The value is printed as JSON, findings go to the error output.\n"
                            "exit: 0 done, 1 the value is null for an error, 2 wrong usage\n";

typedef struct Command {
    Arena *arena;
    FILE *out;
    FILE *err;
    const char *source;
    const char *context; /* JSON, or NULL */
    bool is_json;
    bool is_help;
} Command;

/* ---- arguments ------------------------------------------------------------------------------- */

static bool misuse(const Command *command, const char *what)
{
    fprintf(command->err, "feel: %s\n", what);
    return false;
}

/* Reads one option; *at moves on when its value is an argument of its own. */
static bool read_option(Command *command, int argc, char *const *argv, int *at)
{
    static const char with_value[] = "--context=";
    const char *option = argv[*at];
    if (text_equal(option, "--json"))
        return command->is_json = true;
    if (text_equal(option, "--help"))
        return command->is_help = true;
    if (text_starts_with(option, with_value)) {
        command->context = option + strlen(with_value);
        return true;
    }
    if (!text_equal(option, "--context"))
        return misuse(command, "unknown option");
    if (*at + 1 >= argc)
        return misuse(command, "JSON must follow --context");
    command->context = argv[++*at];
    return true;
}

static bool read_arguments(Command *command, int argc, char *const *argv)
{
    bool takes_options = true;
    for (int i = 1; i < argc; i++) {
        if (takes_options && text_equal(argv[i], "--")) {
            takes_options = false;
        } else if (takes_options && text_starts_with(argv[i], "--")) {
            if (!read_option(command, argc, argv, &i))
                return false;
        } else if (command->source) {
            return misuse(command, "one expression is enough; put it into quotes");
        } else {
            command->source = argv[i];
        }
    }
    return command->source || command->is_help || misuse(command, "an expression is missing");
}

/* ---- findings -------------------------------------------------------------------------------- */

static void tell(const Command *command, const FeelFinding *finding)
{
    if (!command->is_json) {
        fprintf(command->err, "%d:%d: %s: %s\n", finding->line, finding->column, finding->code,
                finding->message);
        return;
    }
    Buffer buffer = buffer_init(command->arena, 0);
    JsonWriter json = json_writer(&buffer);
    json_begin_object(&json, NULL);
    json_put_text(&json, "code", finding->code);
    json_put_text(&json, "message", finding->message);
    json_put_int(&json, "line", finding->line);
    json_put_int(&json, "column", finding->column);
    json_end_object(&json);
    fprintf(command->err, "%s\n", buffer_text(&buffer));
}

/* An error as a finding of the same form. */
static int tell_error(const Command *command, const Error *error)
{
    FeelFinding finding = {.code = error->code,
                           .message = error->message ? error->message : "It cannot be read.",
                           .line = error->line,
                           .column = error->column};
    tell(command, &finding);
    return EXIT_NO;
}

/* ---- the run --------------------------------------------------------------------------------- */

static bool read_context(const Command *command, FeelValue *out, Error *err)
{
    *out = feel_null();
    if (!command->context)
        return true;
    Json *json =
        json_parse(command->arena, command->context, strlen(command->context), &JSON_LIMITS, err);
    if (!json)
        return false;
    *out = feel_from_json(command->arena, json);
    return out->kind == FEEL_CONTEXT ||
           error_set(err, ERROR_INVALID, .code = "feel.context", .line = 1, .column = 1,
                     .message = "The context is no JSON object, or too deep or too big.");
}

static void print_value(const Command *command, FeelValue value)
{
    Buffer buffer = buffer_init(command->arena, 0);
    feel_to_json(&buffer, value);
    fprintf(command->out, "%s\n", buffer_text(&buffer));
}

static int evaluate(const Command *command, FeelScope *scope)
{
    Error error = ERROR_NONE;
    FeelFindings findings = {0};
    FeelNames *names = feel_names_create(command->arena);
    feel_names_add_value(names, scope->variables);
    FeelExpression *expression =
        feel_compile(command->arena, command->source, FEEL_EXPRESSION, names, &error);
    if (!expression) {
        print_value(command, feel_null());
        return tell_error(command, &error);
    }
    FeelValue value = feel_evaluate(expression, scope, command->arena, &findings);
    print_value(command, value);
    list_each (FeelFinding, finding, &findings.list)
        tell(command, finding);
    return feel_is_null(value) && findings.list.count ? EXIT_NO : EXIT_DONE;
}

static int run(Command *command, int argc, char *const *argv, const char *holidays, size_t length)
{
    Error error = ERROR_NONE;
    Clock clock = {0};
    FeelScope scope = {.now = clock_now(&clock), .offset_minutes = CALENDAR_ZONE_CHINA};
    if (!read_arguments(command, argc, argv)) {
        fputs(usage, command->err);
        return EXIT_USAGE;
    }
    if (command->is_help)
        return fputs(usage, command->out) < 0 ? EXIT_NO : EXIT_DONE;
    if (!read_context(command, &scope.variables, &error))
        return tell_error(command, &error);
    scope.workdays = calendar_feel_of_text(command->arena, holidays, length);
    int code = evaluate(command, &scope);
    return fflush(command->out) == 0 ? code : EXIT_NO;
}

int cli_feel_run(int argc, char *const *argv, const char *holidays, size_t length, FILE *out,
                 FILE *err)
{
    Command command = {.arena = arena_create(MEMORY_MAX), .out = out, .err = err};
    int code = run(&command, argc, argv, holidays, length);
    arena_destroy(command.arena);
    return code;
}

int cli_feel(int argc, char **argv, const char *holidays, size_t length)
{
    return cli_feel_run(argc, argv, holidays, length, stdout, stderr);
}
