/*
 * cli_workdays.c - yimen workdays.
 *
 *     arguments -> Question -> table (built in, or a file) -> verb -> Answer -> text or JSON
 *
 * Each verb fills the Answer and says which day it looked at that no notice covers; whether such
 * an answer may be told is decided once, behind them.
 */
#include "server/cli_workdays.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "calendar/calendar.h"
#include "format/json.h"

enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_USAGE = 2, ARGUMENTS_MAX = 2 };

static const char usage[] =
    "usage: yimen workdays add DATE N      the N-th working day after DATE\n"
    "       yimen workdays between A B     working days in (A, B]\n"
    "       yimen workdays year Y          working days of a year\n"
    "       yimen workdays is DATE         working, weekend, holiday, makeup\n"
    "options: --calendar CSV  read the days from a file (date,type,name)\n"
    "         --json          print an object\n"
    "         --help          print this\n"
    "Dates are written 2026-10-01. N may be 0 (on or after DATE) or negative.\n"
    "exit: 0 done, 1 a year is not announced or the table is bad, 2 wrong usage\n";

typedef struct Command {
    Arena *arena;
    FILE *out;
    FILE *err;
    const struct Verb *verb;
    const char *arguments[ARGUMENTS_MAX];
    int argument_count;
    const char *calendar_path; /* NULL: the table that is built in */
    bool is_json;
    bool is_help;
    const CalendarTable *table;
} Command;

typedef struct Answer {
    const char *text; /* the line to print */
    int64_t number;   /* the same of a count */
    const char *name; /* `is`: of the holiday */
    Date provisional; /* a day looked at that no notice covers, or DATE_NONE */
    bool is_beyond;   /* the calendar ends before the answer */
} Answer;

typedef struct Verb {
    const char *name;
    const char *question[ARGUMENTS_MAX];           /* names of the arguments in JSON */
    const char *answer;                            /* name of the answer in JSON */
    bool (*ask)(Command *command, Answer *answer); /* false: wrong usage, told */
    int argument_count;
    bool is_number;
} Verb;

static bool misuse(Command *command, const char *text, const char *what)
{
    fprintf(command->err, "workdays: %s: %s\n", text, what);
    return false;
}

static bool read_date(Command *command, int argument, Date *out)
{
    const char *text = command->arguments[argument];
    return date_parse(text, out) || misuse(command, "not a date (2026-10-01)", text);
}

static void put_count(Command *command, Answer *answer, int64_t number)
{
    answer->number = number;
    answer->text = arena_printf(command->arena, "%lld", (long long)number);
}

/* ---- verbs ----------------------------------------------------------------------------------- */

static bool ask_add(Command *command, Answer *answer)
{
    Date from;
    int64_t number;
    CalendarCount count;
    Error ignored = ERROR_NONE;
    if (!read_date(command, 0, &from))
        return false;
    if (!text_to_int64(command->arguments[1], &number))
        return misuse(command, "not a whole number", command->arguments[1]);
    answer->is_beyond = !calendar_add(command->table, from, number, &count, &ignored);
    if (answer->is_beyond)
        return true;
    answer->provisional = count.provisional;
    answer->text = date_text(command->arena, count.date);
    return true;
}

static bool ask_between(Command *command, Answer *answer)
{
    Date a, b;
    CalendarCount count;
    Error ignored = ERROR_NONE;
    if (!read_date(command, 0, &a) || !read_date(command, 1, &b))
        return false;
    answer->is_beyond = !calendar_between(command->table, a, b, &count, &ignored);
    if (answer->is_beyond)
        return true;
    answer->provisional = count.provisional;
    put_count(command, answer, count.days);
    return true;
}

static bool ask_year(Command *command, Answer *answer)
{
    int64_t year;
    CalendarCount count;
    Error ignored = ERROR_NONE;
    const char *text = command->arguments[0];
    if (strlen(text) != 4 || !text_to_int64(text, &year) || year < 1)
        return misuse(command, "not a year (2026)", text);
    answer->is_beyond = !calendar_year(command->table, (int)year, &count, &ignored);
    if (answer->is_beyond)
        return true;
    answer->provisional = count.provisional;
    put_count(command, answer, count.days);
    return true;
}

static bool ask_is(Command *command, Answer *answer)
{
    Date date;
    if (!read_date(command, 0, &date))
        return false;
    CalendarDay day = calendar_day(command->table, date);
    if (day.is_provisional)
        answer->provisional = date;
    answer->name = day.name;
    answer->text = calendar_kind_name(day.kind);
    return true;
}

static const Verb verbs[] = {
    {"add", {"date", "count"}, "result", ask_add, 2, false},
    {"between", {"from", "to"}, "workdays", ask_between, 2, true},
    {"year", {"year", NULL}, "workdays", ask_year, 1, true},
    {"is", {"date", NULL}, "kind", ask_is, 1, false},
};

/* ---- arguments ------------------------------------------------------------------------------- */

/* Reads one option; *at moves on when it has a value of its own. */
static bool read_option(Command *command, int argc, char *const *argv, int *at)
{
    const char *option = argv[*at];
    const char *with_value = "--calendar=";
    if (text_equal(option, "--json"))
        return command->is_json = true;
    if (text_equal(option, "--help"))
        return command->is_help = true;
    if (text_starts_with(option, with_value)) {
        command->calendar_path = option + strlen(with_value);
        return true;
    }
    if (!text_equal(option, "--calendar"))
        return misuse(command, "unknown option", option);
    if (*at + 1 >= argc)
        return misuse(command, "a file must follow", option);
    command->calendar_path = argv[++*at];
    return true;
}

static bool read_arguments(Command *command, int argc, char *const *argv)
{
    const char *verb = NULL;
    for (int i = 1; i < argc; i++) {
        if (text_starts_with(argv[i], "--")) {
            if (!read_option(command, argc, argv, &i))
                return false;
        } else if (!verb) {
            verb = argv[i];
        } else if (command->argument_count < ARGUMENTS_MAX) {
            command->arguments[command->argument_count++] = argv[i];
        } else {
            return misuse(command, "one argument too many", argv[i]);
        }
    }
    if (command->is_help)
        return true;
    for (size_t i = 0; verb && i < sizeof verbs / sizeof verbs[0]; i++)
        if (text_equal(verb, verbs[i].name))
            command->verb = &verbs[i];
    if (!command->verb)
        return misuse(command, verb ? "unknown verb" : "a verb is missing", verb ? verb : "add");
    if (command->argument_count != command->verb->argument_count)
        return misuse(command, "wrong number of arguments", verb);
    return true;
}

/* ---- table ----------------------------------------------------------------------------------- */

static bool no_file(Command *command)
{
    fprintf(command->err, "workdays: %s: %s\n", command->calendar_path, strerror(errno));
    return false;
}

/* The whole file, at most one byte more than the parser takes, so that it refuses what is longer.
 */
static bool read_file(Command *command, const char **out_text, size_t *out_length)
{
    FILE *file = fopen(command->calendar_path, "rb");
    if (!file)
        return no_file(command);
    char *text = arena_alloc(command->arena, CALENDAR_TEXT_MAX + 1);
    size_t length = fread(text, 1, CALENDAR_TEXT_MAX + 1, file);
    bool is_read = !ferror(file);
    int reason = errno;
    fclose(file);
    errno = reason;
    *out_text = text;
    *out_length = length;
    return is_read || no_file(command);
}

static const char *explain(const char *code)
{
    static const char *const texts[][2] = {
        {"calendar.bad_header", "the columns are date,type,name or date,type,name,hours"},
        {"calendar.bad_date", "not a date from 1949-01-01 to 2099-12-31, as 2026-10-01"},
        {"calendar.bad_type", "the type is holiday, makeup, half, working or hours"},
        {"calendar.bad_name", "a name has at most 200 bytes and no control characters"},
        {"calendar.bad_weekdays", "weekdays are 1-5, with a season 1-5 0601-0930"},
        {"calendar.bad_hours", "hours are 09:00-12:00 13:30-17:30, ascending, four at most"},
        {"calendar.repeated_date", "the date stands in the table already"},
        {"calendar.too_large", "more than 250 rows of hours"},
        {"csv.header", "the names of the columns are missing: date,type,name"},
        {"csv.columns", "not as many fields as columns"},
        {"csv.syntax", "a quote is not closed or misplaced, or a comma or line end is missing"},
        {"csv.encoding", "not UTF-8, or a NUL byte"},
        {"csv.size", "larger than 8 MiB, 60000 rows or 64 KiB in a field"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (text_equal(code, texts[i][0]))
            return texts[i][1];
    return code;
}

static bool load_table(Command *command, const char *text, size_t length)
{
    Error error = ERROR_NONE;
    CalendarLayer layer;
    if (command->calendar_path && !read_file(command, &text, &length))
        return false;
    if (calendar_layer_parse(command->arena, "", text, length, &layer, &error)) {
        CalendarSpec spec = {&layer, 1, "", CALENDAR_ZONE_CHINA};
        command->table = calendar_build(command->arena, &spec, &error);
    }
    if (command->table)
        return true;

    const char *place = command->calendar_path ? command->calendar_path : "built-in table";
    fprintf(command->err, "workdays: %s", place);
    if (error.line)
        fprintf(command->err, ":%d:%d", error.line, error.column);
    fprintf(command->err, ": %s\n", explain(error.code));
    return false;
}

/* ---- answer ---------------------------------------------------------------------------------- */

static void print_json(const Command *command, const Answer *answer, bool is_announced)
{
    Buffer buffer = buffer_init(command->arena, 0);
    JsonWriter json = json_writer(&buffer);
    json_begin_object(&json, NULL);
    for (int i = 0; i < command->argument_count; i++) {
        int64_t number;
        const char *name = command->verb->question[i];
        if (text_to_int64(command->arguments[i], &number))
            json_put_int(&json, name, number);
        else
            json_put_text(&json, name, command->arguments[i]);
    }
    if (is_announced && command->verb->is_number)
        json_put_int(&json, command->verb->answer, answer->number);
    else
        json_put_text(&json, command->verb->answer, is_announced ? answer->text : NULL);
    if (is_announced && answer->name)
        json_put_text(&json, "name", answer->name);
    json_put_bool(&json, "announced", is_announced);
    json_end_object(&json);
    fprintf(command->out, "%s\n", buffer_text(&buffer));
}

/* Says on err which year is unknown, and what is known. */
static void tell_unannounced(const Command *command, const Answer *answer)
{
    int year, month, day;
    if (answer->is_beyond) {
        fprintf(command->err, "workdays: the answer lies outside of the years %d to %d",
                CALENDAR_FIRST_YEAR, CALENDAR_LAST_YEAR);
    } else {
        date_split(answer->provisional, &year, &month, &day);
        fprintf(command->err, "workdays: the holidays of %d are not announced in this table", year);
    }
    int last = calendar_last_announced(command->table);
    if (last)
        fprintf(command->err, "; the last announced year is %d\n", last);
    else
        fprintf(command->err, "; it announces no year\n");
}

static int print_answer(const Command *command, const Answer *answer)
{
    bool is_announced = !answer->is_beyond && date_is_none(answer->provisional);
    if (command->is_json)
        print_json(command, answer, is_announced);
    else if (is_announced)
        fprintf(command->out, "%s\n", answer->text);
    if (!is_announced)
        tell_unannounced(command, answer);
    bool is_written = fflush(command->out) == 0;
    return is_announced && is_written ? EXIT_DONE : EXIT_NO;
}

static int run(Command *command, int argc, char *const *argv, const char *csv, size_t length)
{
    Answer answer = {.provisional = DATE_NONE};
    if (!read_arguments(command, argc, argv)) {
        fputs(usage, command->err);
        return EXIT_USAGE;
    }
    if (command->is_help) {
        fputs(usage, command->out);
        return fflush(command->out) == 0 ? EXIT_DONE : EXIT_NO;
    }
    if (!load_table(command, csv, length))
        return EXIT_NO;
    if (!command->verb->ask(command, &answer))
        return EXIT_USAGE;
    return print_answer(command, &answer);
}

int cli_workdays_run(int argc, char *const *argv, const char *default_csv, size_t default_length,
                     FILE *out, FILE *err)
{
    Command command = {.arena = arena_create(0), .out = out, .err = err};
    int code = run(&command, argc, argv, default_csv, default_length);
    arena_destroy(command.arena);
    return code;
}

int cli_workdays(int argc, char **argv, const char *default_csv, size_t default_length)
{
    return cli_workdays_run(argc, argv, default_csv, default_length, stdout, stderr);
}
