/*
 * workbench_items_template.c - the workbook to fill in: three sheets with headings and an example,
 * what every column is for, and what the cells may hold in this county.
 */
#include "apps/workbench/workbench_items_internal.h"
#include "service/definition.h"

typedef struct Writing {
    App *app;
    DbConn *conn;
    Arena *arena;
    Language language;
    SheetWriter *writer;
} Writing;

static const char *words(const Writing *it, const char *key)
{
    return message_raw(it->language, key);
}

/* The text of a key that some columns have. */
static const char *words_if(const Writing *it, const char *key)
{
    return message_exists(key) ? words(it, key) : "";
}

static const char *key_of(const Writing *it, const char *what, ItemsSheet sheet, const char *name)
{
    return arena_printf(it->arena, "import.%s%s.%s", what, items_sheet_name(sheet), name);
}

static const char *title_of(const Writing *it, const char *name)
{
    return words(it, arena_printf(it->arena, "import.sheet.%s", name));
}

/* ---- the sheets to fill in ------------------------------------------------------------------- */

static bool write_sheet(Writing *it, ItemsSheet sheet, Error *err)
{
    size_t count;
    const ItemsColumn *columns = items_columns(sheet, &count);
    if (!sheet_begin(it->writer, title_of(it, items_sheet_name(sheet)), err))
        return false;
    for (size_t i = 0; i < count; i++)
        sheet_width(it->writer, (int)i, (int)i, columns[i].width, false);
    sheet_freeze(it->writer, 1);
    for (size_t i = 0; i < count; i++)
        sheet_text(it->writer, items_heading(it->arena, it->language, sheet, i), SHEET_HEAD);
    sheet_end_row(it->writer);
    for (size_t i = 0; i < count; i++)
        sheet_text(it->writer, words_if(it, key_of(it, "example.", sheet, columns[i].name)),
                   SHEET_NOTE);
    sheet_end_row(it->writer);
    return true;
}

/* ---- what they are for ----------------------------------------------------------------------- */

static const char *allowed(const Writing *it, const ItemsColumn *column)
{
    const char *const *codes = items_choices(column->value);
    Buffer out = buffer_init(it->arena, 0);
    for (size_t i = 0; codes && codes[i]; i++) {
        buffer_add(&out, i ? (it->language == LANGUAGE_EN ? ", " : "、") : "");
        buffer_add(&out, items_choice_text(it->arena, it->language, column->value, codes[i]));
    }
    return buffer_text(&out);
}

static void write_explanation(Writing *it, ItemsSheet sheet, const ItemsColumn *column,
                              size_t index)
{
    sheet_text(it->writer, title_of(it, items_sheet_name(sheet)), SHEET_PLAIN);
    sheet_text(it->writer, items_heading(it->arena, it->language, sheet, index), SHEET_PLAIN);
    sheet_text(it->writer, words(it, column->is_required ? "import.needed" : "import.not_needed"),
               SHEET_PLAIN);
    sheet_text(it->writer, words_if(it, key_of(it, "about.", sheet, column->name)), SHEET_PLAIN);
    sheet_text(it->writer, allowed(it, column), SHEET_PLAIN);
    sheet_number(it->writer, arena_printf(it->arena, "%d", column->most));
    sheet_end_row(it->writer);
}

static bool write_guide(Writing *it, Error *err)
{
    static const char *const lines[] = {"import.guide_1", "import.guide_2", "import.guide_3",
                                        "import.guide_4", "import.guide_5", "import.guide_6"};
    static const char *const heads[] = {"import.head_sheet",  "import.head_column",
                                        "import.head_needed", "import.head_about",
                                        "import.head_values", "import.head_most"};
    if (!sheet_begin(it->writer, title_of(it, "guide"), err))
        return false;
    sheet_width(it->writer, 0, 2, 18, false);
    sheet_width(it->writer, 3, 4, 60, false);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        sheet_text(it->writer, words(it, lines[i]), SHEET_PLAIN);
        sheet_end_row(it->writer);
    }
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        sheet_text(it->writer, words(it, heads[i]), SHEET_HEAD);
    sheet_end_row(it->writer);
    for (int sheet = 0; sheet < ITEMS_SHEETS; sheet++) {
        size_t count;
        const ItemsColumn *columns = items_columns((ItemsSheet)sheet, &count);
        for (size_t i = 0; i < count; i++)
            write_explanation(it, (ItemsSheet)sheet, &columns[i], i);
    }
    return true;
}

/* ---- what this county has -------------------------------------------------------------------- */

static void write_value(Writing *it, const char *what, const char *code, const char *name)
{
    sheet_text(it->writer, words(it, what), SHEET_PLAIN);
    sheet_text(it->writer, code, SHEET_PLAIN);
    sheet_text(it->writer, name, SHEET_PLAIN);
    sheet_end_row(it->writer);
}

static bool write_units(Writing *it, Error *err)
{
    Units units = {0};
    if (!org_units(it->conn, it->arena, it->app->tenant, &units, err))
        return false;
    list_each (const Unit, unit, &units)
        write_value(it, "import.items.unit", unit->code,
                    it->language == LANGUAGE_EN ? unit->name_en : unit->name);
    return true;
}

static bool write_definitions(Writing *it, const char *kind, const char *what, Error *err)
{
    Definitions all = {0};
    if (!definition_list(it->conn, it->arena, it->app->tenant, kind, &all, err))
        return false;
    list_each (const Definition, one, &all)
        if (text_is_empty(one->division))
            write_value(it, what, one->code,
                        catalogue_own_name(it->app, it->conn, kind, one->id, it->language));
    return true;
}

static void write_choices(Writing *it)
{
    for (int sheet = 0; sheet < ITEMS_SHEETS; sheet++) {
        size_t count;
        const ItemsColumn *columns = items_columns((ItemsSheet)sheet, &count);
        for (size_t i = 0; i < count; i++) {
            const char *const *codes = items_choices(columns[i].value);
            for (size_t k = 0; codes && codes[k]; k++)
                write_value(it, key_of(it, "", (ItemsSheet)sheet, columns[i].name), codes[k],
                            items_choice_text(it->arena, it->language, columns[i].value, codes[k]));
        }
    }
}

static bool write_values(Writing *it, Error *err)
{
    if (!sheet_begin(it->writer, title_of(it, "values"), err))
        return false;
    sheet_width(it->writer, 0, 0, 18, false);
    sheet_width(it->writer, 1, 2, 40, false);
    sheet_freeze(it->writer, 1);
    sheet_text(it->writer, words(it, "import.head_column"), SHEET_HEAD);
    sheet_text(it->writer, words(it, "workbench.code"), SHEET_HEAD);
    sheet_text(it->writer, words(it, "workbench.name"), SHEET_HEAD);
    sheet_end_row(it->writer);
    write_choices(it);
    return write_units(it, err) && write_definitions(it, "process", "import.items.process", err) &&
           write_definitions(it, "form", "import.items.form", err) &&
           write_definitions(it, "template", "import.items.template", err);
}

bool items_template(App *app, DbConn *conn, Arena *arena, Language language, const char **out_data,
                    size_t *out_length, Error *err)
{
    Writing it = {app, conn, arena, language, sheet_writer(arena, err)};
    if (!it.writer)
        return false;
    for (int sheet = 0; sheet < ITEMS_SHEETS; sheet++)
        if (!write_sheet(&it, (ItemsSheet)sheet, err))
            return false;
    return write_guide(&it, err) && write_values(&it, err) &&
           sheet_finish(it.writer, out_data, out_length, err);
}
