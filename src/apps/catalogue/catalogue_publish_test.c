/*
 * catalogue_publish_test.c - the real pack published: what is in force on which day, what a second
 * publishing does, and under which words people find the items.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/catalogue/catalogue_internal.h"
#include "test_db.h"

enum { TENANT = 1, DEFINITIONS_LEAST = 50, FOUND_AT_MOST = 10 };

typedef struct Hall {
    TestDb *test;
    App app;
    Pack *pack;
    Date from;
    int published;
    int definitions; /* of the whole pack */
} Hall;

static const JournalReader *const readers[] = {&catalogue_search_reader, NULL};

static bool publish(Tx *tx, void *data, Error *err)
{
    Hall *hall = data;
    return catalogue_publish_pack(tx, &hall->app, hall->pack, hall->from, &hall->published, err);
}

static int publish_from(Hall *hall, int year)
{
    Error err = ERROR_NONE;
    hall->from = date_of(year, 1, 1);
    if (!db_write(hall->test->db, hall->test->arena, publish, hall, &err))
        fail_msg("%s (%s)", err.code, err.detail ? err.detail : "");
    return hall->published;
}

static void hall_begin(Hall *hall, TestDb *test)
{
    Error err = ERROR_NONE;
    *hall = (Hall){.test = test};
    hall->app.db = test->db;
    hall->app.clock = &test->clock;
    hall->app.tenant = TENANT;
    hall->app.catalogue = catalogue_create(test->arena);
    hall->pack = catalogue_read_pack(test->arena, "packs/service-hall", &err);
    assert_non_null(hall->pack);
    hall->definitions = publish_from(hall, 2026);
    assert_true(hall->definitions >= DEFINITIONS_LEAST);
}

static void hall_end(Hall *hall)
{
    catalogue_destroy(hall->app.catalogue);
}

/* ---- what is in force ------------------------------------------------------------------------ */

static const Item *item_on(Hall *hall, DbConn *conn, const char *code, int year)
{
    Error err = ERROR_NONE;
    const Item *item = catalogue_item(&hall->app, conn, code, date_of(year, 6, 1), &err);
    if (!item) {
        assert_string_equal(err.code, "catalogue.unknown_item");
        assert_int_equal(err.kind, ERROR_NOT_FOUND);
    }
    return item;
}

static void test_item(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    DbConn *conn = db_reader(test->db, &err);
    const Item *item = item_on(&hall, conn, "hotel-hygiene", 2026);
    assert_non_null(item);
    assert_string_equal(item->kind, "promised");
    assert_string_equal(item->unit_code, "HEALTH");
    assert_string_equal(both_in(item->name, LANGUAGE_EN),
                        "Hygiene permit for a hotel or guest house");
    assert_int_equal(item->materials.count, 5);
    assert_null(item->materials.items[0].condition);
    assert_non_null(item->materials.items[4].condition);
    assert_int_equal(item->basis.count, 3);
    list_each (const ItemBasis, basis, &item->basis)
        assert_false(basis->is_checked);
    assert_ptr_equal(item_on(&hall, conn, "hotel-hygiene", 2030), item);
    assert_ptr_equal(catalogue_item_version(&hall.app, conn, item->definition, &err), item);
    assert_null(item_on(&hall, conn, "hotel-hygiene", 2025));
    assert_null(item_on(&hall, conn, "hotel", 2026));
    db_release(conn);
    hall_end(&hall);
}

static void test_models(TestDb *test)
{
    static const char *const parts[][2] = {{"process", "sole-trader"},
                                           {"form", "sole-trader-decide"},
                                           {"table", "limits"},
                                           {"template", "business-licence"}};
    Hall hall;
    Error err = ERROR_NONE;
    Id id[4];
    hall_begin(&hall, test);
    DbConn *conn = db_reader(test->db, &err);
    for (size_t i = 0; i < 4; i++)
        assert_true(catalogue_in_force(&hall.app, conn, parts[i][0], parts[i][1],
                                       date_of(2026, 11, 22), &id[i], &err));
    const BpmnModel *process = catalogue_process(&hall.app, conn, id[0], &err);
    assert_int_equal(bpmn_find(process, "Task_decide")->kind, BPMN_USER_TASK);
    assert_non_null(catalogue_form(&hall.app, conn, id[1], &err));
    assert_non_null(catalogue_table(&hall.app, conn, id[2], &err));
    assert_non_null(catalogue_template(&hall.app, conn, id[3], &err));
    assert_string_equal(catalogue_english(&hall.app, conn, id[0], "Task_decide", "?"),
                        "Review and decide on the spot");
    assert_string_equal(catalogue_english(&hall.app, conn, id[0], "Task_none", "?"), "?");
    assert_null(catalogue_form(&hall.app, conn, id[0], &err));
    assert_string_equal(err.code, "catalogue.content");
    db_release(conn);
    hall_end(&hall);
}

static void test_limits(TestDb *test)
{
    static const struct {
        const char *item;
        int64_t statutory;
        int64_t promised;
        const char *basis;
    } cases[] = {{"sole-trader", 3, 0, "市场主体登记管理条例"},
                 {"hotel-hygiene", 20, 10, "行政许可法"},
                 {"food-licence", 10, 6, "食品经营许可和备案管理办法"},
                 {"outdoor-ad", 20, 7, "行政许可法"},
                 {"homestead", 20, 15, "行政许可法"},
                 {"real-estate-first", 30, 10, "不动产登记暂行条例"},
                 {"open-restaurant", 20, 10, "行政许可法"}};
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    DbConn *conn = db_reader(test->db, &err);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ItemLimits limits;
        assert_true(catalogue_limits(&hall.app, conn, test->arena,
                                     item_on(&hall, conn, cases[i].item, 2026),
                                     date_of(2026, 11, 22), feel_null(), &limits, &err));
        assert_int_equal(limits.statutory, cases[i].statutory);
        assert_int_equal(limits.promised, cases[i].promised);
        assert_string_equal(limits.unit, "working_days");
        assert_true(text_starts_with(limits.basis.zh, cases[i].basis));
    }
    db_release(conn);
    hall_end(&hall);
}

/* The same again writes nothing; from another day it is another version, found without a restart.
 */
static void test_publishing_again(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    hall_begin(&hall, test);
    assert_int_equal(publish_from(&hall, 2026), 0);
    DbConn *conn = db_reader(test->db, &err);
    const Item *first = item_on(&hall, conn, "sole-trader", 2027);
    db_release(conn);
    assert_int_equal(publish_from(&hall, 2027), hall.definitions);
    conn = db_reader(test->db, &err);
    const Item *second = item_on(&hall, conn, "sole-trader", 2027);
    assert_int_equal(first->version, 1);
    assert_int_equal(second->version, 2);
    assert_ptr_equal(item_on(&hall, conn, "sole-trader", 2026), first);
    assert_ptr_equal(catalogue_item_version(&hall.app, conn, first->definition, &err), first);
    db_release(conn);
    hall_end(&hall);
}

/* A look-up that began before a publication does not bring back the version before it. */
static void test_publishing_during_a_look_up(TestDb *test)
{
    Hall hall;
    uint64_t before, after;
    hall_begin(&hall, test);
    Catalogue *catalogue = hall.app.catalogue;
    assert_int_equal(catalogue_remembered(catalogue, "item|a|1", &before), 0);
    publish_from(&hall, 2027);
    catalogue_remember(catalogue, "item|a|1", 7, before);
    assert_int_equal(catalogue_remembered(catalogue, "item|a|1", &after), 0);
    catalogue_remember(catalogue, "item|a|1", 8, after);
    assert_int_equal(catalogue_remembered(catalogue, "item|a|1", &after), 8);
    publish_from(&hall, 2028);
    assert_int_equal(catalogue_remembered(catalogue, "item|a|1", &after), 0);
    hall_end(&hall);
}

/* ---- finding --------------------------------------------------------------------------------- */

/* Codes of the items that a text finds, nearest first, joined by blanks. */
static const char *found_by(TestDb *test, const char *typed)
{
    Error err = ERROR_NONE;
    ItemRows rows = {0};
    Buffer codes = buffer_init(test->arena, 0);
    SearchQuery query = words_query(test->arena, typed);
    DbConn *conn = db_reader(test->db, &err);
    assert_true(
        catalogue_store_search(conn, test->arena, TENANT, &query, FOUND_AT_MOST, &rows, &err));
    db_release(conn);
    list_each (const ItemRow, row, &rows)
        buffer_printf(&codes, "%s%s", codes.length ? " " : "", row->code);
    return buffer_text(&codes);
}

static const struct {
    const char *typed;
    const char *found;
} searches[] = {
    {"个体户", "sole-trader"},
    {"个体工商户", "sole-trader"},
    {"营业执照", "sole-trader"},
    {"摆摊", "sole-trader"},
    {"宾馆", "hotel-hygiene"},
    {"开旅馆", "hotel-hygiene"},
    {"民宿", "hotel-hygiene"},
    {"卫生许可证", "hotel-hygiene"},
    {"想开旅馆", "hotel-hygiene"},
    {"gtgsh", "sole-trader"},
    {"GTH", "sole-trader"},
    {"yyzz", "sole-trader"},
    {"yingyezhizhao", "sole-trader"},
    {"ying ye", "sole-trader"},
    {"binguan", "hotel-hygiene"},
    {"mins", "hotel-hygiene"},
    {"hotel", "hotel-hygiene"},
    {"lodging", "hotel-hygiene"},
    {"trader", "sole-trader"},
    {"开饭店", "open-restaurant sole-trader"},
    {"我想开一家饭店", "open-restaurant"},
    {"开餐馆", "open-restaurant food-licence"},
    {"饭店", "open-restaurant"},
    {"一件事", "open-restaurant"},
    {"消防检查", "open-restaurant"},
    {"kfd", "open-restaurant"},
    {"kaifandian", "open-restaurant"},
    {"restaurant", "open-restaurant"},
    {"open a restaurant", "open-restaurant"},
    {"食品经营许可", "food-licence"},
    {"食品许可证", "food-licence"},
    {"奶茶店", "food-licence"},
    {"spjyxk", "food-licence"},
    {"food licence", "food-licence"},
    {"招牌", "outdoor-ad open-restaurant"},
    {"挂招牌", "outdoor-ad"},
    {"广告牌", "outdoor-ad"},
    {"横幅", "outdoor-ad"},
    {"zhaopai", "outdoor-ad"},
    {"sign", "outdoor-ad"},
    {"billboard", "outdoor-ad"},
    {"盖房子", "homestead"},
    {"宅基地", "homestead"},
    {"建房", "homestead"},
    {"zjd", "homestead"},
    {"build a house", "homestead"},
    {"房产证", "real-estate-first"},
    {"不动产权证", "real-estate-first"},
    {"首次登记", "real-estate-first"},
    {"fcz", "real-estate-first"},
    {"bdc", "real-estate-first"},
    {"deed", "real-estate-first"},
    {"火箭发射", ""},
    {"qwx", ""},
    {"%", ""},
    {"'; DROP TABLE item; --", ""},
};

/* What is found begins with what was wanted; nothing wanted is nothing found. */
static bool is_found(const char *found, const char *wanted)
{
    size_t length = strlen(wanted);
    return text_starts_with(found, wanted) &&
           (found[length] == 0 || (length && found[length] == ' '));
}

static void expect_searches(TestDb *test)
{
    for (size_t i = 0; i < sizeof searches / sizeof searches[0]; i++) {
        const char *found = found_by(test, searches[i].typed);
        if (!is_found(found, searches[i].found))
            fail_msg("\"%s\" finds \"%s\", wanted \"%s\" first", searches[i].typed, found,
                     searches[i].found);
    }
}

static void test_search(TestDb *test)
{
    Hall hall;
    hall_begin(&hall, test);
    expect_searches(test);
    hall_end(&hall);
}

static size_t count_items(TestDb *test, const char *topic)
{
    Error err = ERROR_NONE;
    ItemRows rows = {0};
    DbConn *conn = db_reader(test->db, &err);
    assert_true(catalogue_store_list(conn, test->arena, TENANT,
                                     &(ItemListQuery){.topic = topic, .most = 50}, &rows, &err));
    db_release(conn);
    return rows.count;
}

static void test_rebuilt_search_finds_the_same(TestDb *test)
{
    Hall hall;
    Error err = ERROR_NONE;
    int rebuilt = 0;
    hall_begin(&hall, test);
    assert_true(journal_rebuild(test->db, "catalogue.search", true, &rebuilt, &err));
    assert_int_equal(rebuilt, 1);
    assert_int_equal(count_items(test, ""), 17);
    assert_int_equal(count_items(test, "open_shop"), 6);
    assert_int_equal(count_items(test, "housing"), 3);
    assert_int_equal(count_items(test, "retire"), 2);
    assert_int_equal(count_items(test, "school"), 0);
    expect_searches(test);
    hall_end(&hall);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_each_engine_with(test_item, .readers = readers),
        test_each_engine_with(test_models, .readers = readers),
        test_each_engine_with(test_limits, .readers = readers),
        test_each_engine_with(test_publishing_again, .readers = readers),
        test_each_engine_with(test_publishing_during_a_look_up, .readers = readers),
        test_each_engine_with(test_search, .readers = readers),
        test_each_engine_with(test_rebuilt_search_finds_the_same, .readers = readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
