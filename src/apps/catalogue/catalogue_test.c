/*
 * catalogue_test.c - packs as they are read: the real one without an error, and copies of it with
 * one thing wrong, each of which is refused with the file and the place.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "apps/catalogue/catalogue.h"

#define HALL "packs/service-hall"

enum { FILES_OF_A_FOLDER = 200 };

static const char *const folders[] = {"items",  "processes", "forms",
                                      "tables", "templates", "scenarios"};

/* ---- the real pack --------------------------------------------------------------------------- */

static void test_real_pack(void **state)
{
    (void)state;
    Arena *arena = arena_create(0);
    Error err = ERROR_NONE;
    Pack *pack = catalogue_read_pack(arena, HALL, &err);
    if (!pack)
        fail_msg("%s: %s", err.code, err.message ? err.message : "");
    assert_false(error_is_set(&err));
    arena_destroy(arena);
}

/* ---- a copy with one thing wrong ------------------------------------------------------------- */

typedef struct Copy {
    Arena *arena;
    char path[64];
} Copy;

static char *read_whole(Arena *arena, const char *path)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &about), 0);
    char *text = arena_alloc(arena, (size_t)about.st_size + 1);
    assert_int_equal(fread(text, 1, (size_t)about.st_size, file), about.st_size);
    fclose(file);
    return text;
}

static void write_whole(const char *path, const char *text, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

static size_t list_folder(Arena *arena, const char *path, const char **out_names)
{
    size_t count = 0;
    struct dirent *entry;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while ((entry = readdir(folder)))
        if (*entry->d_name != '.') {
            assert_true(count < FILES_OF_A_FOLDER);
            out_names[count++] = arena_text(arena, entry->d_name);
        }
    closedir(folder);
    return count;
}

static void copy_folder(Copy *copy, const char *folder)
{
    const char *names[FILES_OF_A_FOLDER];
    size_t count = list_folder(copy->arena, arena_printf(copy->arena, HALL "/%s", folder), names);
    assert_int_equal(mkdir(arena_printf(copy->arena, "%s/%s", copy->path, folder), 0700), 0);
    for (size_t i = 0; i < count; i++) {
        const char *from = arena_printf(copy->arena, HALL "/%s/%s", folder, names[i]);
        const char *text = read_whole(copy->arena, from);
        write_whole(arena_printf(copy->arena, "%s/%s/%s", copy->path, folder, names[i]), text,
                    strlen(text));
    }
}

static Copy copy_begin(void)
{
    Copy copy = {.arena = arena_create(0), .path = "/tmp/yimen-pack-XXXXXX"};
    assert_non_null(mkdtemp(copy.path));
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        copy_folder(&copy, folders[i]);
    const char *grounds = read_whole(copy.arena, HALL "/grounds.json");
    write_whole(arena_printf(copy.arena, "%s/grounds.json", copy.path), grounds, strlen(grounds));
    return copy;
}

static void copy_end(Copy *copy)
{
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        const char *names[FILES_OF_A_FOLDER];
        const char *folder = arena_printf(copy->arena, "%s/%s", copy->path, folders[i]);
        size_t count = list_folder(copy->arena, folder, names);
        for (size_t j = 0; j < count; j++)
            unlink(arena_printf(copy->arena, "%s/%s", folder, names[j]));
        rmdir(folder);
    }
    unlink(arena_printf(copy->arena, "%s/grounds.json", copy->path));
    assert_int_equal(rmdir(copy->path), 0);
    arena_destroy(copy->arena);
}

static const char *path_in(Copy *copy, const char *file)
{
    return arena_printf(copy->arena, "%s/%s", copy->path, file);
}

/* Puts `now` where `was` stands first; was NULL: now is the whole file; now NULL: no file. */
static void change(Copy *copy, const char *file, const char *was, const char *now)
{
    const char *path = path_in(copy, file);
    if (!now) {
        assert_int_equal(unlink(path), 0);
        return;
    }
    const char *text = was ? read_whole(copy->arena, path) : "";
    const char *at = was ? strstr(text, was) : text;
    if (!at)
        fail_msg("%s does not hold %s", file, was);
    const char *changed = arena_printf(copy->arena, "%.*s%s%s", (int)(at - text), text, now,
                                       at + (was ? strlen(was) : 0));
    write_whole(path, changed, strlen(changed));
}

/* The errors name the file in field and message, and there what stands in `place`. */
static void expect_refusal(Copy *copy, const char *code, const char *file, const char *place)
{
    Error err = ERROR_NONE;
    if (catalogue_read_pack(copy->arena, copy->path, &err))
        fail_msg("taken, but %s of %s was wanted", code, file);
    if (!text_equal(err.code, code))
        fail_msg("%s (%s), wanted %s", err.code, err.message ? err.message : "", code);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_non_null(err.field);
    assert_non_null(err.message);
    if (!strstr(err.field, file) || !strstr(err.message, file) || !strstr(err.message, place))
        fail_msg("%s: \"%s\" does not name %s and %s", err.code, err.message, file, place);
}

typedef struct BadPack {
    const char *file;
    const char *was;
    const char *now;
    const char *code;
    const char *named; /* the file that the error names; NULL: file */
    const char *place;
} BadPack;

/* clang-format off */
static const BadPack bad_packs[] = {
    /* texts without English */
    {"items/sole-trader.en.json", "\"summary\"", "\"resume\"", "pack.no_english",
     "items/sole-trader.json", "summary"},
    {"items/sole-trader.en.json", "\"fee_note\"", "\"fee\"", "pack.no_english",
     "items/sole-trader.json", "fee_note"},
    {"items/sole-trader.en.json", NULL, NULL, "pack.no_english", "items/sole-trader.json", "name"},
    {"items/sole-trader.en.json", "\"agent-letter\"", "\"letter\"", "pack.no_english",
     "items/sole-trader.json", "name"},
    {"items/sole-trader.json", "\"conditions\": [", "\"conditions\": [\"多一条\",",
     "pack.length", NULL, ":23: conditions: The English list"},
    {"items/sole-trader.en.json", "\"conditions\": [", "\"conditions\": [\"One more.\",",
     "pack.length", "items/sole-trader.json", "conditions"},
    {"items/hotel-hygiene.json", "\"steps\": [", "\"steps\": [\"多一步\",", "pack.length", NULL,
     "steps"},
    {"items/hotel-hygiene.en.json", "\"basis\": [", "\"basis\": [{\"title\": \"A law\"},",
     "pack.length", "items/hotel-hygiene.json", "basis"},
    {"items/hotel-hygiene.en.json", "\"steps\"", "\"way\"", "pack.no_english",
     "items/hotel-hygiene.json", "steps"},
    {"items/sole-trader.en.json", "\"title\": \"Administrative", "\"name\": \"Administrative",
     "pack.no_english", "items/sole-trader.json", "title"},
    {"items/sole-trader.en.json", "\"certificate\"", "\"paper\"", "pack.no_english",
     "items/sole-trader.json", "title"},
    {"processes/sole-trader.en.json", "\"Task_decide\"", "\"Task\"", "pack.no_english",
     "processes/sole-trader.bpmn", "Task_decide"},
    {"processes/hotel-hygiene.en.json", NULL, NULL, "pack.no_english",
     "processes/hotel-hygiene.bpmn", "Task_intake"},
    {"forms/sole-trader.en.json", "\"label\": \"Business name\"", "\"name\": \"Business name\"",
     "pack.no_english", "forms/sole-trader.json", ":11: Field_business_name has no English label"},
    {"forms/sole-trader.en.json", "\"Group_filing\"", "\"Group\"", "pack.no_english",
     "forms/sole-trader.json", "Group_filing has no English label"},
    {"forms/sole-trader.en.json", "\"rented\"", "\"rent\"", "pack.no_english",
     "forms/sole-trader.json", "Field_premises_owned has no English rented"},
    {"forms/hotel-hygiene.en.json", "\"Field_ac_cleaned_on\"", "\"Field_ac\"", "pack.no_english",
     "forms/hotel-hygiene.json", "Field_ac_cleaned_on has no English label"},
    {"forms/hotel-hygiene-review.en.json", NULL, NULL, "pack.no_english",
     "forms/hotel-hygiene-review.json", "Field_outcome has no English label"},
    {"tables/fees.en.json", "\"Rule_home\"", "\"Rule_house\"", "pack.no_english",
     "tables/fees.dmn", "Rule_home has no English"},
    {"tables/limits.en.json", NULL, NULL, "pack.no_english", "tables/limits.dmn",
     "Definitions_limits has no English"},
    {"forms/sole-trader.en.json", NULL, "{\"Field_premises_owned\": ", "pack.overlay",
     "forms/sole-trader.en.json", ":1: "},

    /* grounds for not counting time */
    {"grounds.json", NULL, "{}", "pack.missing", NULL, "grounds"},
    {"grounds.json", NULL, "[{\"code\":\"a\"}]", "pack.missing", NULL, "name"},
    {"grounds.json", "\"name_en\"", "\"english\"", "pack.missing", NULL, ":2: name_en"},
    {"grounds.json", "\"article_en\"", "\"article_english\"", "pack.missing", NULL, "article_en"},
    {"grounds.json", "\"site_survey\"", "\"supplement\"", "pack.repeated", NULL, "code"},
    {"grounds.json", "\"own_limit\": null", "\"own_limit\": {\"amount\": 3, \"unit\": \"weeks\"}",
     "pack.own_limit", NULL, "own_limit"},
    {"grounds.json", "\"own_limit\": null",
     "\"own_limit\": {\"amount\": 0, \"unit\": \"working_days\"}", "pack.own_limit", NULL,
     "own_limit"},
    {"grounds.json", "\"decision\": \"special-limit\"", "\"other\": \"special-limit\"",
     "pack.missing", NULL, "decision"},
    {"grounds.json", "\"decision\": \"special-limit\"", "\"decision\": \"limit\"",
     "pack.reference", NULL, "own_limit of site_survey names no decision: limit"},

    /* members of an item */
    {"items/sole-trader.json", "\"unit\":", "\"office\":", "pack.missing", NULL, "unit"},
    {"items/sole-trader.json", "\"topic\":", "\"event\":", "pack.missing", NULL, "topic"},
    {"items/sole-trader.json", "\"on_the_spot\"", "\"at_once\"", "pack.kind", NULL, ": kind"},
    {"items/sole-trader.json", "\"code\": \"sole-trader\"", "\"code\": \"trader\"", "pack.code",
     NULL, "file's name"},
    {"items/elder-allowance.json", "=by_agent = \\\"yes\\\"", "=by_agent = (", "pack.expression",
     NULL, "by_agent = ("},
    {"items/sole-trader.json", "\"is_checked\": false", "\"is_checked\": true", "pack.missing",
     NULL, "checked_on"},
    {"items/homestead.json", "=answers.township", "=answers.(", "pack.expression", NULL,
     "answers.("},
    {"items/sole-trader.json", "\"series\":", "\"letters\":", "pack.missing", NULL, "series"},

    /* references */
    {"items/sole-trader.json", "\"process\": \"sole-trader\"", "\"process\": \"trader\"",
     "pack.reference", NULL, "no process has the code \"trader\""},
    {"items/sole-trader.json", "\"about\": \"business_name\"", "\"about\": \"shop\"", "pack.about",
     NULL, "about: \"shop\""},
    {"items/sole-trader.json", "\"about\": \"business_name\"", "\"about\": \"phone\"", "pack.about",
     NULL, "about: \"phone\""},
    {"items/sole-trader.json", "\"form\": \"sole-trader\"", "\"form\": \"trader\"",
     "pack.reference", NULL, "no form has the code \"trader\""},
    {"items/sole-trader.json", "\"table\": \"limits\"", "\"table\": \"terms\"", "pack.reference",
     NULL, "no table has the code \"terms\""},
    {"items/sole-trader.json", "\"decision\": \"limits\"", "\"decision\": \"terms\"",
     "pack.reference", NULL, "no decision \"terms\""},
    {"items/sole-trader.json", "\"template\": \"business-licence\"", "\"template\": \"licence\"",
     "pack.reference", NULL, "no template has the code \"licence\""},
    {"templates/hygiene-licence.html", NULL, NULL, "pack.reference", "items/hotel-hygiene.json",
     "hygiene-licence"},
    {"forms/hotel-hygiene-review.json", NULL, NULL, "pack.reference",
     "processes/hotel-hygiene.bpmn", "hotel-hygiene-review"},

    /* properties and headers of a process */
    {"processes/hotel-hygiene.bpmn", "value=\"intake\"", "value=\"intke\"", "pack.property", NULL,
     ":8: Task_intake: stage"},
    {"processes/hotel-hygiene.bpmn", "name=\"stage\" value=\"review\"",
     "name=\"uncounted\" value=\"party\"", "pack.property", NULL, "Task_review: uncounted"},
    {"processes/hotel-hygiene.bpmn", "name=\"stage\" value=\"decision\"",
     "name=\"authorisation\" value=\"maybe\"", "pack.property", NULL,
     "Task_decision: authorisation is required (by letter) or leader"},
    {"processes/food-licence.bpmn", "\"authorisation/food", "\"authority/food", "pack.property",
     NULL, "Rule_authority: calledDecision names no decision: authority/food-licence-authority"},
    {"processes/food-licence.bpmn", "/food-licence-authority", "/food-licence", "pack.property",
     NULL, "Rule_authority: calledDecision"},
    {"processes/minimum-living.bpmn", "\"publicity-days\"", "\"days\"", "pack.property", NULL,
     "Rule_days: calledDecision names no decision: days"},
    {"processes/hotel-hygiene.bpmn", "<zeebe:taskDefinition type=\"certificate.issue\" />",
     "<zeebe:taskDefinition type=\"certificate.issue\" /><zeebe:taskHeaders>"
     "<zeebe:header key=\"certificate\" value=\"diploma\" /></zeebe:taskHeaders>",
     "pack.property", NULL, "Service_issue: certificate names none that item hotel-hygiene gives"},
    {"processes/hotel-hygiene.bpmn", "<zeebe:taskDefinition type=\"dossier.accept\" />",
     "<zeebe:taskDefinition type=\"fee.charge\" />", "pack.property", NULL,
     "Service_accept: table and decision"},
    {"processes/hotel-hygiene.bpmn", "<zeebe:taskDefinition type=\"dossier.accept\" />",
     "<zeebe:taskDefinition type=\"fee.charge\" /><zeebe:taskHeaders>"
     "<zeebe:header key=\"table\" value=\"limits\" />"
     "<zeebe:header key=\"decision\" value=\"fee\" /></zeebe:taskHeaders>",
     "pack.property", NULL, "Service_accept: table and decision"},
    {"processes/hotel-hygiene.bpmn", "<zeebe:taskDefinition type=\"dossier.accept\" />",
     "<zeebe:taskDefinition type=\"fee.charge\" /><zeebe:taskHeaders>"
     "<zeebe:header key=\"table\" value=\"fees-of-old\" />"
     "<zeebe:header key=\"decision\" value=\"limits\" /></zeebe:taskHeaders>",
     "pack.property", NULL, "Service_accept: table and decision"},

    /* what is taken off a fee */
    {"processes/real-estate-first.bpmn", "value=\"fee-reductions\"", "value=\"rebates\"",
     "pack.property", NULL,
     "Service_charge: reduction_table and reduction_decision name no decision of the pack"},
    {"processes/real-estate-first.bpmn", "<zeebe:header key=\"reduction_table\"",
     "<zeebe:header key=\"rebate_table\"", "pack.property", NULL,
     "Service_charge: reduction_table and reduction_decision go together"},
    {"processes/real-estate-first.bpmn", "value=\"real-estate-reduction\"",
     "value=\"real-estate-rebate\"", "pack.property", NULL,
     "reduction_decision name no decision of the pack"},
    {"tables/fee-reductions.dmn", "name=\"share\"", "name=\"part\"", "pack.property",
     "processes/real-estate-first.bpmn", "with the outputs ground, and share or amount"},
    {"tables/fee-reductions.dmn", "name=\"ground\"", "name=\"why\"", "pack.property",
     "processes/real-estate-first.bpmn", "with the outputs ground, and share or amount"},
    {"processes/real-estate-first.bpmn",
     "value=\"fee-reductions\" />\n          "
     "<zeebe:header key=\"reduction_decision\" value=\"real-estate-reduction\"",
     "value=\"fees\" />\n          "
     "<zeebe:header key=\"reduction_decision\" value=\"further-certificates\"",
     "pack.property", NULL, "with the outputs ground, and share or amount"},
    {"tables/fee-reductions.dmn",
     "<description>没有可以减免的情形，按收费标准收取。</description>", "", "pack.reduction", NULL,
     "Rule_real_estate_reduction_none: a reduction needs its legal basis"},
    {"tables/fee-reductions.en.json", "reduction_disabled.ground", "reduction_disabled.reason",
     "pack.no_english", "tables/fee-reductions.dmn",
     "Rule_real_estate_reduction_disabled: the ground has no English"},

    /* limits */
    {"tables/limits.dmn", "<text>10</text>", "<text>21</text>", "pack.limits",
     "items/hotel-hygiene.json", "more than the law allows"},
    {"tables/limits.dmn", "<text>0</text>", "<text>-1</text>", "pack.limits",
     "items/sole-trader.json", "limit"},
    {"tables/limits.dmn", "\"hotel-hygiene\"", "\"hotel\"", "pack.limits",
     "items/hotel-hygiene.json", "limit"},
    {"tables/limits.dmn", "\"working_days\"", "\"moons\"", "pack.limits", "items/sole-trader.json",
     "limit"},

    /* texts that cannot be read */
    {"items/sole-trader.json", "\"kind\": ", "\"kind\" ", "json.syntax", NULL, ":3:"},
    {"items/sole-trader.json", "\"topic\": \"open_shop\"", "\"topic\": \"\xff\"", "pack.file", NULL,
     "UTF-8"},
    {"processes/sole-trader.bpmn", "</bpmn:process>", "</bpmn:prozess>", "xml.syntax", NULL, ":"},
    {"processes/sole-trader.bpmn", "<zeebe:userTask />", "<zeebe:taskListeners />",
     "bpmn.unsupported", NULL, "Task_decide"},
    {"processes/sole-trader.bpmn", "=outcome = \"approve\"", "=outcome = (", "bpmn.expression",
     NULL, "Flow_outcome_approve"},
    {"processes/sole-trader.bpmn", "<zeebe:taskDefinition type=\"dossier.accept\" />", "",
     "bpmn.task", NULL, "Service_accept"},
    {"processes/sole-trader.bpmn", "targetRef=\"Task_decide\"", "targetRef=\"Task_nowhere\"",
     "bpmn.flow", NULL, "Flow_accept_decide"},
    {"forms/sole-trader.json", "\"textfield\"", "\"iframe\"", "form.unsupported", NULL,
     "Field_business_name: form.unsupported: iframe"},
    {"forms/sole-trader.json", "\"key\": \"operator_name\"", "\"key\": \"business_name\"",
     "form.repeated_key", NULL, "Field_operator_name"},
    {"forms/sole-trader.json", "=by_agent != ", "=by_agent != (", "form.expression", NULL,
     "Field_agent_name"},
    {"forms/sole-trader.json", "\"components\": [", "\"components\": [,", "json.syntax",
     NULL, ":5:"},
    {"tables/limits.dmn", "<text>20</text>", "<text>20 +</text>", "dmn.expression", NULL,
     "limits, rule 2"},
    {"tables/limits.dmn", "<text>item</text>", "<text></text>", "dmn.expression", NULL, "limits"},
    {"tables/limits.dmn", "id=\"Table_limits\"", "id=\"Table_limits\" hitPolicy=\"PRIORITY\"",
     "dmn.hit_policy", NULL, "PRIORITY"},
    {"templates/business-licence.html", "{{number}}", "{{number", "template.syntax", NULL, ":2:"},
    {"templates/business-licence.html", "{{number}}", "{{#number}}", "template.unbalanced", NULL,
     ":"},
    {"templates/business-licence.html", "{{number}}", "{{{number}}}", "template.raw", NULL, ":2:"},
};
/* clang-format on */

static void test_bad_packs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_packs / sizeof bad_packs[0]; i++) {
        const BadPack *bad = &bad_packs[i];
        Copy copy = copy_begin();
        change(&copy, bad->file, bad->was, bad->now);
        expect_refusal(&copy, bad->code, bad->named ? bad->named : bad->file, bad->place);
        copy_end(&copy);
    }
}

/* A table that no longer does what its scenarios say is refused, with every one that fails. */
static void test_scenarios(void **state)
{
    (void)state;
    Copy copy = copy_begin();
    Error err = ERROR_NONE;
    const char *file = "scenarios/fees.feature";
    change(&copy, "tables/fees.dmn", "<text>550 +", "<text>600 +");
    assert_null(catalogue_read_pack(copy.arena, copy.path, &err));
    assert_string_equal(err.code, "scenario.failed");
    assert_true(text_ends_with(err.field, file));
    assert_true(strstr(err.with[0].value, arena_printf(copy.arena, "%s:%d", file, err.line)));
    assert_string_equal(err.with[2].value, "550");
    assert_string_equal(err.with[3].value, "600");
    assert_string_equal(err.next->with[2].value, "560");
    assert_null(err.next->next);
    for (Language language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++)
        assert_non_null(strstr(message_of_error(copy.arena, language, &err), err.with[0].value));
    change(&copy, "tables/fees.dmn", "<text>600 +", "<text>550 +");
    change(&copy, file, "那么 结果为", "那么 结果是");
    expect_refusal(&copy, "scenario.step", file, ":11:");
    copy_end(&copy);
}

/* Twice the same row: which of them holds is not for the program to choose. */
static void test_two_rows_for_one_item(void **state)
{
    (void)state;
    Copy copy = copy_begin();
    change(&copy, "tables/limits.dmn", "\"hotel-hygiene\"", "\"hotel-hygiene\", \"sole-trader\"");
    expect_refusal(&copy, "dmn.not_unique", "tables/limits.dmn", "rules 1 and 2 both match");
    copy_end(&copy);
}

/* ---- files that are not read ----------------------------------------------------------------- */

static void test_links_are_not_followed(void **state)
{
    (void)state;
    Copy copy = copy_begin();
    change(&copy, "forms/sole-trader.json", NULL, NULL);
    assert_int_equal(symlink("/etc/hostname", path_in(&copy, "forms/sole-trader.json")), 0);
    expect_refusal(&copy, "pack.file", "forms/sole-trader.json", "symbolic");
    copy_end(&copy);
}

static void test_files_have_a_limit(void **state)
{
    (void)state;
    Copy copy = copy_begin();
    const char *path = path_in(&copy, "templates/business-licence.html");
    assert_int_equal(truncate(path, 2 * 1024 * 1024 + 1), 0);
    expect_refusal(&copy, "pack.file", "templates/business-licence.html", "2 MiB");
    copy_end(&copy);
}

static void test_other_files_are_passed_over(void **state)
{
    (void)state;
    Copy copy = copy_begin();
    Error err = ERROR_NONE;
    change(&copy, "items/.sole-trader.json", NULL, "{");
    change(&copy, "items/notes.txt", NULL, "{");
    change(&copy, "forms/sole-trader.json~", NULL, "{");
    assert_non_null(catalogue_read_pack(copy.arena, copy.path, &err));
    assert_int_equal(unlink(path_in(&copy, "items/.sole-trader.json")), 0);
    copy_end(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_pack),
        cmocka_unit_test(test_bad_packs),
        cmocka_unit_test(test_scenarios),
        cmocka_unit_test(test_two_rows_for_one_item),
        cmocka_unit_test(test_links_are_not_followed),
        cmocka_unit_test(test_files_have_a_limit),
        cmocka_unit_test(test_other_files_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
