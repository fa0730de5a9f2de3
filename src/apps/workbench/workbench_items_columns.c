/* workbench_items_columns.c - the sheets of a workbook of items, their columns and lists. */
#include "apps/workbench/workbench_items_internal.h"

#include <string.h>

enum { CODE_MOST = 60, NAME_MOST = 200, TEXT_MOST = 1000, LINES_MOST = 6000, NUMBER_MOST = 12 };

static const ItemsColumn items[] = {
    [ITEM_CODE] = {"code", CODE_MOST, 22, true, NULL},
    [ITEM_NAME] = {"name", NAME_MOST, 26, true, NULL},
    [ITEM_NAME_EN] = {"name_en", NAME_MOST, 26, true, NULL},
    [ITEM_SUMMARY] = {"summary", TEXT_MOST, 36, true, NULL},
    [ITEM_SUMMARY_EN] = {"summary_en", TEXT_MOST, 36, true, NULL},
    [ITEM_UNIT] = {"unit", NAME_MOST, 14, true, NULL},
    [ITEM_UNIT_NOTE] = {"unit_note", TEXT_MOST, 30, true, NULL},
    [ITEM_UNIT_NOTE_EN] = {"unit_note_en", TEXT_MOST, 30, true, NULL},
    [ITEM_KIND] = {"kind", CODE_MOST, 12, true, "kind"},
    [ITEM_TOPIC] = {"topic", CODE_MOST, 14, true, "topic"},
    [ITEM_ONLINE] = {"is_online", CODE_MOST, 10, false, "yes_no"},
    [ITEM_STATUTORY] = {"statutory", NUMBER_MOST, 10, true, NULL},
    [ITEM_PROMISED] = {"promised", NUMBER_MOST, 10, true, NULL},
    [ITEM_LIMIT_UNIT] = {"limit_unit", CODE_MOST, 12, true, "limit_unit"},
    [ITEM_FEE_NOTE] = {"fee_note", TEXT_MOST, 20, true, NULL},
    [ITEM_FEE_NOTE_EN] = {"fee_note_en", TEXT_MOST, 20, true, NULL},
    [ITEM_WORDS] = {"words", TEXT_MOST, 24, false, NULL},
    [ITEM_WORDS_EN] = {"words_en", TEXT_MOST, 24, false, NULL},
    [ITEM_CONDITIONS] = {"conditions", LINES_MOST, 36, false, NULL},
    [ITEM_CONDITIONS_EN] = {"conditions_en", LINES_MOST, 36, false, NULL},
    [ITEM_STEPS] = {"steps", LINES_MOST, 36, false, NULL},
    [ITEM_STEPS_EN] = {"steps_en", LINES_MOST, 36, false, NULL},
    [ITEM_PROCESS] = {"process", CODE_MOST, 20, false, NULL},
    [ITEM_FORM] = {"form", CODE_MOST, 20, false, NULL},
    [ITEM_TEMPLATE] = {"template", CODE_MOST, 20, false, NULL},
    [ITEM_SERIES] = {"series", NUMBER_MOST, 12, false, NULL},
    [ITEM_CERTIFICATE] = {"certificate", NAME_MOST, 20, false, NULL},
    [ITEM_CERTIFICATE_EN] = {"certificate_en", NAME_MOST, 20, false, NULL},
};

static const ItemsColumn materials[] = {
    [MATERIAL_ITEM] = {"item", CODE_MOST, 22, true, NULL},
    [MATERIAL_CODE] = {"code", CODE_MOST, 18, true, NULL},
    [MATERIAL_NAME] = {"name", NAME_MOST, 30, true, NULL},
    [MATERIAL_NAME_EN] = {"name_en", NAME_MOST, 30, true, NULL},
    [MATERIAL_NOTE] = {"note", TEXT_MOST, 30, false, NULL},
    [MATERIAL_NOTE_EN] = {"note_en", TEXT_MOST, 30, false, NULL},
    [MATERIAL_ORIGINAL] = {"original", CODE_MOST, 16, true, "original"},
    [MATERIAL_COPIES] = {"copies", NUMBER_MOST, 10, false, NULL},
    [MATERIAL_REQUIRED] = {"is_required", CODE_MOST, 10, false, "yes_no"},
    [MATERIAL_CONDITION] = {"condition", TEXT_MOST, 30, false, NULL},
};

static const ItemsColumn bases[] = {
    [BASIS_ITEM] = {"item", CODE_MOST, 22, true, NULL},
    [BASIS_TITLE] = {"title", NAME_MOST, 40, true, NULL},
    [BASIS_TITLE_EN] = {"title_en", NAME_MOST, 40, true, NULL},
    [BASIS_ARTICLE] = {"article", NAME_MOST, 16, false, NULL},
    [BASIS_ARTICLE_EN] = {"article_en", NAME_MOST, 16, false, NULL},
    [BASIS_CHECKED_ON] = {"checked_on", CODE_MOST, 14, false, NULL},
};

const char *items_sheet_name(ItemsSheet sheet)
{
    static const char *const names[] = {"items", "materials", "bases"};
    return names[sheet];
}

const ItemsColumn *items_columns(ItemsSheet sheet, size_t *out_count)
{
    static const struct {
        const ItemsColumn *columns;
        size_t count;
    } sheets[] = {{items, sizeof items / sizeof *items},
                  {materials, sizeof materials / sizeof *materials},
                  {bases, sizeof bases / sizeof *bases}};
    *out_count = sheets[sheet].count;
    return sheets[sheet].columns;
}

static const char *const kinds[] = {"on_the_spot", "promised", "joint", NULL};
static const char *const topics[] = {"birth", "school", "work",        "open_shop", "housing",
                                     "car",   "retire", "certificate", NULL};
static const char *const limit_units[] = {"working_days", "calendar_days", "working_hours",
                                          "hours",        "months",        NULL};
static const char *const originals[] = {"original", "copy", "original_and_copy", NULL};
static const char *const yes_no[] = {"yes", "no", NULL};

const char *const *items_choices(const char *value)
{
    static const struct {
        const char *name;
        const char *const *codes;
    } lists[] = {{"kind", kinds},
                 {"topic", topics},
                 {"limit_unit", limit_units},
                 {"original", originals},
                 {"yes_no", yes_no}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (text_equal(lists[i].name, value))
            return lists[i].codes;
    return NULL;
}

const char *items_choice_text(Arena *arena, Language language, const char *value, const char *code)
{
    const char *key = text_equal(value, "topic")
                          ? arena_printf(arena, "topic.%s", code)
                          : arena_printf(arena, "import.value.%s.%s", value, code);
    return message_raw(language, key);
}

const char *items_heading(Arena *arena, Language language, ItemsSheet sheet, size_t column)
{
    size_t count;
    const ItemsColumn *columns = items_columns(sheet, &count);
    return message_raw(language, arena_printf(arena, "import.%s.%s", items_sheet_name(sheet),
                                              columns[column].name));
}
