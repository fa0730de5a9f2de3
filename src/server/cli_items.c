/* cli_items.c - items: a workbook of services checked, told row by row, and published. */
#include "server/cli_items.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apps/workbench/workbench_items.h"
#include "server/scenario_program.h"
#include "server/setup.h"

static const char usage[] =
    "usage: yimen items import FILE.xlsx --db FILE|postgresql://... [--from 2026-12-01] "
    "[--dry-run]\n"
    "           [--right-only] [--keys FOLDER] [--packs FOLDER] [--json]\n"
    "       yimen items template FILE.xlsx --db ... [--keys FOLDER]\n"
    "--from: the day from which it is in force; left out, the first of next month\n"
    "exit: 0 done, 1 rows are wrong (nothing is published) or it failed, 2 wrong usage\n";

typedef struct Work {
    App *app;
    Arena *arena;
    const Options *options;
    const char *file;
    Date from;
    ItemsPlan plan;
    DefinitionSet files;
    Id newest;
} Work;

/* ---- the file -------------------------------------------------------------------------------- */

static const char *read_file(const Work *it, size_t *out_length)
{
    char *data = arena_alloc(it->arena, ITEMS_FILE_MOST + 1);
    FILE *stream = fopen(it->file, "rb");
    if (!stream) {
        fprintf(stderr, "yimen: %s: %s\n", it->file, strerror(errno));
        return NULL;
    }
    *out_length = fread(data, 1, ITEMS_FILE_MOST + 1, stream);
    bool is_read = !ferror(stream);
    fclose(stream);
    if (!is_read)
        fprintf(stderr, "yimen: %s cannot be read\n", it->file);
    return is_read ? data : NULL;
}

static bool write_file(const Work *it, const char *data, size_t length)
{
    FILE *stream = fopen(it->file, "wxb");
    bool is_written = stream && fwrite(data, 1, length, stream) == length;
    if (stream && fclose(stream) != 0)
        is_written = false;
    if (!is_written)
        fprintf(stderr, "yimen: %s: %s\n", it->file, strerror(errno));
    return is_written;
}

/* ---- what is told ---------------------------------------------------------------------------- */

static void print_problems(const Work *it, const Error *problems)
{
    for (const Error *each = problems; each && error_is_set(each); each = each->next)
        printf("  %s\n", message_of_error(it->arena, LANGUAGE_EN, each));
}

static void print_plan(const Work *it)
{
    list_each (const ItemLine, line, &it->plan.lines)
        if (line->change == ITEM_WRONG) {
            printf("%s, row %d: %s\n", line->sheet, line->row, line->code);
            print_problems(it, &line->problems);
        }
    print_problems(it, &it->plan.problems);
    printf("%zu new, %zu changed, %zu unchanged, %zu wrong\n", it->plan.counts[ITEM_NEW],
           it->plan.counts[ITEM_CHANGED], it->plan.counts[ITEM_SAME], it->plan.counts[ITEM_WRONG]);
}

static void put_problems(const Work *it, JsonWriter *json, const Error *problems)
{
    json_begin_array(json, "problems");
    for (const Error *each = problems; each && error_is_set(each); each = each->next)
        json_put_text(json, NULL, message_of_error(it->arena, LANGUAGE_EN, each));
    json_end_array(json);
}

static void put_line(const Work *it, JsonWriter *json, const ItemLine *line)
{
    json_begin_object(json, NULL);
    json_put_text(json, "sheet", line->sheet);
    json_put_int(json, "row", line->row);
    json_put_text(json, "code", line->code);
    json_put_text(json, "change", item_change_name(line->change));
    put_problems(it, json, &line->problems);
    json_end_object(json);
}

static void print_json(const Work *it, int64_t published)
{
    Buffer out = buffer_init(it->arena, 0);
    JsonWriter json = json_writer(&out);
    json_begin_object(&json, NULL);
    for (int change = 0; change < ITEM_CHANGES; change++)
        json_put_int(&json, item_change_name((ItemChange)change), (int64_t)it->plan.counts[change]);
    json_put_int(&json, "published", published);
    put_problems(it, &json, &it->plan.problems);
    json_begin_array(&json, "rows");
    list_each (const ItemLine, line, &it->plan.lines)
        put_line(it, &json, line);
    json_end_array(&json);
    json_end_object(&json);
    puts(buffer_text(&out));
}

static int tell(const Work *it, int64_t published, int code)
{
    if (it->options->is_json)
        print_json(it, published);
    else
        print_plan(it);
    if (published && !it->options->is_json)
        printf("%lld definitions published\n", (long long)published);
    return code;
}

/* ---- import ---------------------------------------------------------------------------------- */

static bool make_plan(Work *it, const char *data, size_t length, Error *err)
{
    DbConn *conn = db_reader(it->app->db, err);
    if (!conn)
        return false;
    bool is_right =
        definition_newest_id(conn, it->app->tenant, &it->newest, err) &&
        items_plan(it->app, conn, it->arena, LANGUAGE_EN, data, length, it->from, &it->plan, err);
    db_release(conn);
    return is_right;
}

static bool rehearse(Work *it, Error *err)
{
    DbConn *conn = db_reader(it->app->db, err);
    if (!conn)
        return false;
    items_plan_files(it->arena, &it->plan, &it->files);
    it->app->rehearsal = program_rehearsal(it->arena, it->options->packs);
    bool is_right = catalogue_rehearse(it->app, conn, it->arena, &it->files,
                                       (DefinitionScope){it->from, ""}, err);
    db_release(conn);
    return is_right;
}

static bool publish(Tx *tx, void *data, Error *err)
{
    Work *it = data;
    Id newest;
    if (!definition_newest_id(tx_conn(tx), it->app->tenant, &newest, err))
        return false;
    if (newest != it->newest)
        return error_set(err, ERROR_CONFLICT, .code = "workbench.moved");
    list_each (const DefinitionFiles, files, &it->files) {
        Definition made;
        if (!catalogue_publish_files(tx, it->app, files, (DefinitionScope){it->from, ""}, &made,
                                     err))
            return false;
    }
    return true;
}

static int import(Work *it, Error *err)
{
    size_t length;
    const char *data = read_file(it, &length);
    if (!data)
        return EXIT_NO;
    if (!make_plan(it, data, length, err))
        return setup_print_error(err);
    bool is_right = items_plan_is_right(&it->plan, it->options->is_right_only);
    bool is_nothing =
        !is_right && it->plan.counts[ITEM_WRONG] == 0 && !error_is_set(&it->plan.problems);
    if (!is_right || it->options->is_dry_run)
        return tell(it, 0, is_right || is_nothing ? EXIT_DONE : EXIT_NO);
    if (!rehearse(it, err) || !db_write(it->app->db, it->arena, publish, it, err))
        return setup_print_error(err);
    return tell(it, (int64_t)it->files.count, EXIT_DONE);
}

/* ---- template -------------------------------------------------------------------------------- */

static int write_template(Work *it, Error *err)
{
    const char *data;
    size_t length;
    DbConn *conn = db_reader(it->app->db, err);
    if (!conn)
        return setup_print_error(err);
    bool is_made = items_template(it->app, conn, it->arena, LANGUAGE_ZH, &data, &length, err);
    db_release(conn);
    if (!is_made)
        return setup_print_error(err);
    return write_file(it, data, length) ? EXIT_DONE : EXIT_NO;
}

/* ---- the verb -------------------------------------------------------------------------------- */

static int wrong_usage(void)
{
    fputs(usage, stderr);
    return EXIT_USAGE;
}

/* The first of next month, or the day that was asked for, which is not past. */
static bool read_day(Work *it)
{
    int year, month, day;
    Date today = instant_date(clock_now(it->app->clock), it->app->zone_minutes);
    date_split(today, &year, &month, &day);
    it->from = month == 12 ? date_of(year + 1, 1, 1) : date_of(year, month + 1, 1);
    if (!it->options->from)
        return true;
    if (!date_parse(it->options->from, &it->from))
        return false;
    if (date_compare(it->from, today) < 0)
        fprintf(stderr, "yimen: --from %s is past\n", it->options->from);
    return date_compare(it->from, today) >= 0;
}

static int run(Work *it, bool is_import)
{
    Error err = ERROR_NONE;
    it->arena = arena_create(0);
    it->app = setup_open(it->arena, it->options, false, &err);
    int code = !it->app       ? setup_print_error(&err)
               : !is_import   ? write_template(it, &err)
               : read_day(it) ? import(it, &err)
                              : wrong_usage();
    setup_close(it->app);
    arena_destroy(it->arena);
    return code;
}

int cli_items(int argc, char **argv)
{
    Options options;
    if (!options_read(argc, argv, &options))
        return wrong_usage();
    if (options.is_help)
        return fputs(usage, stdout) < 0 ? EXIT_NO : EXIT_DONE;
    const char *what = options.argument_count == 2 ? options.arguments[0] : "";
    bool is_import = text_equal(what, "import");
    if (!options.db || (!is_import && !text_equal(what, "template")))
        return wrong_usage();
    Work work = {.options = &options, .file = options.arguments[1]};
    return run(&work, is_import);
}
