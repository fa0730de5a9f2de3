#ifndef DOSSIER_DOSSIER_HALL_TEST_H
#define DOSSIER_DOSSIER_HALL_TEST_H

/*
 * What the tests of dossiers share: filing and working as people do, processes of a test's own, and
 * dossier_agrees, which compares rows with the engine's state. For *_test.c files only.
 */
#include "apps/dossier/dossier_internal.h"
#include "test_hall.h"

/* clang-format off */
#define TRADER_ANSWERS \
    "{\"business_name\":\"小满茶饮店\",\"business_scope\":\"餐饮服务\"," \
    "\"premises_address\":\"滨河路9号\",\"premises_owned\":\"own\"," \
    "\"operator_name\":\"林小满\",\"operator_id_number\":\"11010519491231002X\"," \
    "\"operator_phone\":\"13912345678\",\"by_agent\":\"no\"}"
#define HOTEL_ANSWERS \
    "{\"unit_name\":\"青溪宾馆\",\"credit_code\":\"91350211M000100Y43\"," \
    "\"address\":\"滨河路11号\",\"legal_name\":\"周知秋\",\"phone\":\"13912345679\"," \
    "\"room_count\":20,\"floor_area\":800,\"air_conditioning\":\"split\"," \
    "\"water_supply\":\"mains\"}"
/* clang-format on */

/* ---- reading --------------------------------------------------------------------------------- */

static inline Json *hall_json(Hall *hall, const char *text)
{
    Error err = ERROR_NONE;
    Json *json = json_parse(hall->arena, text, strlen(text), &JSON_LIMITS, &err);
    if (!json)
        hall_fail(text, &err);
    return json;
}

static inline const Item *hall_item(Hall *hall, const char *code)
{
    Error err = ERROR_NONE;
    Date today = instant_date(clock_now(&hall->test->clock), 480);
    DbConn *conn = db_reader(hall->test->db, &err);
    const Item *item = catalogue_item(&hall->app, conn, code, today, &err);
    db_release(conn);
    if (!item)
        hall_fail(code, &err);
    return item;
}

static inline Dossier hall_dossier(Hall *hall, Id id)
{
    Error err = ERROR_NONE;
    Dossier dossier;
    DbConn *conn = db_reader(hall->test->db, &err);
    bool is_found = dossier_by_id(conn, hall->arena, HALL_TENANT, id, &dossier, &err);
    db_release(conn);
    if (!is_found)
        hall_fail("dossier_by_id", &err);
    return dossier;
}

/* "state stage" of a dossier. */
static inline const char *hall_state(Hall *hall, Id dossier)
{
    Dossier one = hall_dossier(hall, dossier);
    return arena_printf(hall->arena, "%s %s", one.state, one.stage);
}

/* The open task of an element, 0 when there is none. */
static inline Id hall_task(Hall *hall, Id dossier, const char *element)
{
    int64_t id = raw_number(
        &hall->raw, arena_printf(hall->arena,
                                 "SELECT MIN(id) FROM task WHERE dossier = %lld AND element = '%s' "
                                 "AND state = 'open'",
                                 (long long)dossier, element));
    return id < 0 ? 0 : id;
}

static inline Task hall_task_row(Hall *hall, Id id)
{
    Error err = ERROR_NONE;
    Task task;
    DbConn *conn = db_reader(hall->test->db, &err);
    bool is_found = store_task(conn, hall->arena, HALL_TENANT, id, &task, &err);
    db_release(conn);
    if (!is_found)
        hall_fail("store_task", &err);
    return task;
}

static inline ClockRow hall_clock_of(Hall *hall, Id dossier, bool *out_found)
{
    Error err = ERROR_NONE;
    ClockRow row = {0};
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(store_clock(conn, hall->arena, HALL_TENANT, dossier, &row, out_found, &err));
    db_release(conn);
    return row;
}

static inline JournalEntries hall_entries(Hall *hall, Id dossier)
{
    Error err = ERROR_NONE;
    JournalEntries entries = {0};
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(journal_of_dossier(conn, hall->arena, HALL_TENANT, dossier, &entries, &err));
    db_release(conn);
    return entries;
}

/* "kind: step step ..." of the newest entry. */
static inline const char *hall_last_steps(Hall *hall, Id dossier)
{
    JournalEntries entries = hall_entries(hall, dossier);
    const JournalEntry *last = &entries.items[entries.count - 1];
    Buffer out = buffer_init(hall->arena, 0);
    const Json *data = hall_json(hall, last->data);
    buffer_printf(&out, "%s:", last->kind);
    json_each (step, json_get(data, "steps"))
        buffer_printf(&out, " %s", json_text(step, "step"));
    return buffer_text(&out);
}

/* A step of the newest entry, by name; NULL when it is not there. */
static inline const Json *hall_step(Hall *hall, Id dossier, const char *name)
{
    JournalEntries entries = hall_entries(hall, dossier);
    const Json *data = hall_json(hall, entries.items[entries.count - 1].data);
    json_each (step, json_get(data, "steps"))
        if (text_equal(json_text(step, "step"), name))
            return step;
    return NULL;
}

/* ---- rows against the engine ----------------------------------------------------------------- */

static inline const char *hall_views(Hall *hall, BpmnNodeViews views, bool has_due, bool has_code)
{
    Buffer out = buffer_init(hall->arena, 0);
    list_each (BpmnNodeView, view, &views) {
        buffer_printf(&out, "%s%lld|%s", out.length ? "\n" : "", (long long)view->key,
                      view->element->id);
        if (has_due)
            buffer_printf(&out, "|%lld", (long long)view->due);
        if (has_code)
            buffer_printf(&out, "|%s", view->incident_code);
    }
    return buffer_text(&out);
}

static inline void hall_expect_rows(Hall *hall, Id dossier, const char *select, const char *state)
{
    const char *rows =
        raw_ask(&hall->raw, "%s AND dossier = %lld ORDER BY node", select, (long long)dossier);
    if (!text_equal(rows, state))
        fail_msg("rows of %s are\n%s\nwhile the engine has\n%s", select, rows, state);
}

static inline BpmnInstance *hall_instance(Hall *hall, Id dossier)
{
    Error err = ERROR_NONE;
    Id definition;
    const char *state = NULL;
    DbConn *conn = db_reader(hall->test->db, &err);
    bool is_read = store_process(conn, &hall->app, hall->arena, dossier, &definition, &state, &err);
    const BpmnModel *model = is_read ? catalogue_process(&hall->app, conn, definition, &err) : NULL;
    db_release(conn);
    BpmnInstance *instance =
        model ? bpmn_load(model, hall->arena, state, strlen(state), &err) : NULL;
    if (!instance || !bpmn_check(instance, &err))
        hall_fail("the stored process", &err);
    return instance;
}

/* Versions from 1 without gaps, and the dossier's own is the last one. */
static inline void hall_expect_versions(Hall *hall, Id dossier)
{
    JournalEntries entries = hall_entries(hall, dossier);
    for (size_t i = 0; i < entries.count; i++)
        assert_int_equal(entries.items[i].version, i + 1);
    assert_int_equal(hall_dossier(hall, dossier).version, entries.count);
}

/* Task, timer and incident rows are what the engine's state says; a finished process leaves none;
 * a clock runs exactly while the dossier is open. */
static inline void dossier_agrees(Hall *hall, Id dossier)
{
    BpmnInstance *instance = hall_instance(hall, dossier);
    Arena *arena = hall->arena;
    hall_expect_rows(hall, dossier, "SELECT node, element FROM task WHERE state = 'open'",
                     hall_views(hall, bpmn_open_tasks(instance, arena), false, false));
    hall_expect_rows(hall, dossier,
                     "SELECT node, element, due_at FROM timer WHERE state = 'set' "
                     "AND node > 0",
                     hall_views(hall, bpmn_open_timers(instance, arena), true, false));
    hall_expect_rows(
        hall, dossier,
        "SELECT node, element, code FROM incident WHERE resolved_at IS NULL AND node > 0",
        hall_views(hall, bpmn_incidents(instance, arena), false, true));
    assert_int_equal(bpmn_open_services(instance, arena).count, 0);
    hall_expect_versions(hall, dossier);
    bool has_clock, is_over = hall_dossier(hall, dossier).completed_at != INSTANT_NONE;
    ClockRow clock = hall_clock_of(hall, dossier, &has_clock);
    assert_int_equal(is_over, bpmn_status(instance) != BPMN_ACTIVE);
    assert_true(!has_clock || is_over == (clock.stopped_at != INSTANT_NONE));
}

static inline void dossiers_agree(Hall *hall)
{
    const char **ids;
    const char *rows = raw_ask(&hall->raw, "SELECT id FROM dossier ORDER BY id");
    size_t count = *rows ? text_split(hall->arena, rows, '\n', &ids) : 0;
    for (size_t i = 0; i < count; i++) {
        Id id = 0;
        assert_true(text_to_int64(ids[i], &id));
        dossier_agrees(hall, id);
    }
}

/* ---- every statement failing once ------------------------------------------------------------ */

typedef struct HallCommand {
    Command run;
    void *data;
} HallCommand;

static inline bool hall_run_command(Hall *hall, void *data, Error *err)
{
    const HallCommand *command = data;
    return db_write(hall->test->db, hall->arena, command->run, command->data, err);
}

/* hall_fail_each of one command, which takes so many statements at least; in a server that has just
 * begun if it is cold. */
static inline void hall_fail_command(Hall *hall, const char *what, Command run, void *data,
                                     bool is_cold, int least)
{
    HallCommand command = {.run = run, .data = data};
    int count = hall_fail_each(hall, what, hall_run_command, &command, is_cold);
    if (count < least)
        fail_msg("%s takes only %d statements", what, count);
    dossiers_agree(hall);
}

/* ---- filing ---------------------------------------------------------------------------------- */

typedef struct HallFiling {
    Hall *hall;
    DossierFiling filing;
    Id id;
    const char *number;
} HallFiling;

static inline bool hall_run_filing(Tx *tx, void *data, Error *err)
{
    HallFiling *it = data;
    Dossier dossier;
    if (!dossier_file(tx, &it->hall->app, &it->filing, &dossier, err))
        return false;
    it->id = dossier.id;
    it->number = arena_text(it->hall->arena, dossier.number);
    return true;
}

static inline HallFiling hall_filing(Hall *hall, const char *item, const char *answers)
{
    return (HallFiling){.hall = hall,
                        .filing = {.item = hall_item(hall, item),
                                   .party = hall->applicant.party,
                                   .account = hall->applicant.id,
                                   .applicant_name = hall->applicant.name,
                                   .channel = "online",
                                   .actor_kind = "applicant",
                                   .actor = hall->applicant.id,
                                   .answers = hall_json(hall, answers)}};
}

static inline Id hall_file(Hall *hall, const char *item, const char *answers)
{
    HallFiling it = hall_filing(hall, item, answers);
    hall_write(hall, hall_run_filing, &it, item);
    dossier_agrees(hall, it.id);
    return it.id;
}

static inline Id hall_file_trader(Hall *hall)
{
    return hall_file(hall, "sole-trader", TRADER_ANSWERS);
}

static inline Id hall_file_hotel(Hall *hall)
{
    return hall_file(hall, "hotel-hygiene", HOTEL_ANSWERS);
}

/* ---- working --------------------------------------------------------------------------------- */

typedef bool (*HallTaskVerb)(Tx *tx, App *app, const User *officer, Id task, Error *err);

typedef struct HallWork {
    Hall *hall;
    const User *who;
    TaskCompletion completion; /* its task is the one to claim, too */
    HallTaskVerb verb;         /* claim or release; NULL: complete */
} HallWork;

static inline bool hall_run_work(Tx *tx, void *data, Error *err)
{
    HallWork *it = data;
    App *app = &it->hall->app;
    return it->verb ? it->verb(tx, app, it->who, it->completion.task, err)
                    : dossier_complete(tx, app, it->who, &it->completion, err);
}

static inline HallWork hall_completion(Hall *hall, const User *who, Id task, const char *outcome,
                                       const char *opinion)
{
    Buffer values = buffer_init(hall->arena, 0);
    JsonWriter json = json_writer(&values);
    json_begin_object(&json, NULL);
    if (outcome)
        json_put_text(&json, "outcome", outcome);
    if (opinion)
        json_put_text(&json, "opinion", opinion);
    json_end_object(&json);
    return (HallWork){.hall = hall,
                      .who = who,
                      .completion = {.task = task,
                                     .values = hall_json(hall, buffer_text(&values)),
                                     .outcome = outcome,
                                     .opinion = opinion}};
}

/* NULL when it went well, else the code of the refusal; then no table has changed. */
static inline const char *hall_refusal(Hall *hall, Command run, void *data, Error *out_err)
{
    Error err = ERROR_NONE;
    const char *before = raw_prints(&hall->raw);
    if (db_write(hall->test->db, hall->arena, run, data, &err))
        return NULL;
    const char *table = raw_difference(hall->arena, before, raw_prints(&hall->raw));
    if (table)
        fail_msg("%s was refused and yet this differs: %s", err.code, table);
    if (out_err)
        *out_err = err;
    return err.code;
}

static inline void hall_complete(Hall *hall, const User *who, Id dossier, const char *element,
                                 const char *outcome, const char *opinion)
{
    Id task = hall_task(hall, dossier, element);
    if (!task)
        fail_msg("there is no open task %s", element);
    HallWork it = hall_completion(hall, who, task, outcome, opinion);
    hall_write(hall, hall_run_work, &it, element);
    dossier_agrees(hall, dossier);
}

static inline void hall_assign(Hall *hall, const User *who, Id task, HallTaskVerb verb)
{
    HallWork it = {.hall = hall, .who = who, .completion = {.task = task}, .verb = verb};
    hall_write(hall, hall_run_work, &it, "claim or release");
    dossiers_agree(hall);
}

/* A hotel's permit as far as acceptance. */
static inline Id hall_accepted_hotel(Hall *hall)
{
    Id dossier = hall_file_hotel(hall);
    hall_complete(hall, &hall->window, dossier, "Task_intake", "accept", "材料齐全");
    return dossier;
}

/* A sole trader's registration, approved. */
static inline Id hall_approved_trader(Hall *hall)
{
    Id dossier = hall_file_trader(hall);
    hall_complete(hall, &hall->market, dossier, "Task_decide", "approve", "准予登记");
    return dossier;
}

/* ---- incidents and timers -------------------------------------------------------------------- */

typedef struct HallMending {
    Hall *hall;
    Id incident;
    const Json *variables;
} HallMending;

static inline bool hall_run_mending(Tx *tx, void *data, Error *err)
{
    HallMending *it = data;
    return dossier_mend(tx, &it->hall->app, &it->hall->admin, it->incident, it->variables, err);
}

static inline Incidents hall_incidents(Hall *hall)
{
    Error err = ERROR_NONE;
    Incidents open = {0};
    DbConn *conn = db_reader(hall->test->db, &err);
    assert_true(store_open_incidents(conn, hall->arena, HALL_TENANT, 0, 100, &open, &err));
    db_release(conn);
    return open;
}

static inline void hall_mend(Hall *hall, Id incident, const char *variables)
{
    HallMending it = {.hall = hall,
                      .incident = incident,
                      .variables = variables ? hall_json(hall, variables) : NULL};
    hall_write(hall, hall_run_mending, &it, "dossier_mend");
    dossiers_agree(hall);
}

/* Fires what is due, each in a command of its own; the number of commands. */
static inline int hall_fire(Hall *hall)
{
    bool has_more = true;
    int fired = 0;
    for (; has_more; fired += has_more) {
        Error err = ERROR_NONE;
        if (!dossier_fire_timers(&hall->app, &has_more, &err))
            hall_fail("dossier_fire_timers", &err);
        dossiers_agree(hall);
    }
    return fired;
}

/* ---- a process of the test's own ------------------------------------------------------------- */

#define TEST_TABLE                                                                                 \
    "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='D' name='D' "           \
    "namespace='test'><decision id='limits' name='limits'><decisionTable id='T'>"                  \
    "<input id='I'><inputExpression id='E' typeRef='string'><text>item</text></inputExpression>"   \
    "</input><output id='O1' name='statutory' typeRef='number'/><output id='O2' name='promised' "  \
    "typeRef='number'/><output id='O3' name='unit' typeRef='string'/><rule id='R'><inputEntry "    \
    "id='X'><text>-</text></inputEntry><outputEntry id='Y1'><text>20</text></outputEntry>"         \
    "<outputEntry id='Y2'><text>10</text></outputEntry><outputEntry id='Y3'>"                      \
    "<text>\"working_days\"</text></outputEntry></rule></decisionTable></decision></definitions>"

#define FLOW(id, from, to) "<sequenceFlow id='" id "' sourceRef='" from "' targetRef='" to "'/>"
#define FLOW_IF(id, from, to, condition)                                                           \
    "<sequenceFlow id='" id "' sourceRef='" from "' targetRef='" to                                \
    "'><conditionExpression>=" condition "</conditionExpression></sequenceFlow>"
#define USER_TASK(id, extension)                                                                   \
    "<userTask id='" id "' name='" id "'><extensionElements>" extension                            \
    "</extensionElements></userTask>"
#define FOR_UNIT(groups) "<zeebe:assignmentDefinition candidateGroups='" groups "'/>"
#define SERVICE(id, type)                                                                          \
    "<serviceTask id='" id "'><extensionElements><zeebe:taskDefinition type='" type                \
    "'/></extensionElements></serviceTask>"
#define TIMER(duration)                                                                            \
    "<timerEventDefinition><timeDuration>" duration "</timeDuration></timerEventDefinition>"

typedef struct HallItem {
    Hall *hall;
    const char *code;
    const char *process; /* the elements of the process */
    const char *unit;
    const char *certificates;    /* members of the item, with a comma at the end; NULL: one */
    const char *certificates_en; /* and of its overlay */
} HallItem;

/* clang-format off */
#define HALL_CERTIFICATE \
    "\"certificate\":{\"template\":\"business-licence\",\"series\":\"CS\",\"title\":\"证\"},"
#define HALL_CERTIFICATE_EN "\"certificate\":{\"title\":\"Certificate\"},"
/* clang-format on */

static inline bool hall_publish_one(Tx *tx, const char *kind, const char *code, const char *text,
                                    Error *err)
{
    Definition published;
    Buffer content = buffer_init(tx_arena(tx), 0);
    JsonWriter json = json_writer(&content);
    json_begin_object(&json, NULL);
    json_put_text(&json, kind, text);
    json_end_object(&json);
    return definition_publish(tx, HALL_TENANT, kind, code, buffer_text(&content),
                              date_of(2024, 1, 1), NULL, &published, err);
}

static inline bool hall_run_item(Tx *tx, void *data, Error *err)
{
    const HallItem *it = data;
    Definition published;
    Arena *arena = tx_arena(tx);
    const char *xml = arena_printf(
        arena,
        "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' "
        "xmlns:zeebe='http://camunda.org/schema/zeebe/1.0' targetNamespace='test' id='D'>"
        "<process id='%s' isExecutable='true'>%s</process></definitions>",
        it->code, it->process);
    const char *item = arena_printf(
        arena,
        "{\"item\":{%s\"code\":\"%s\",\"kind\":\"promised\",\"name\":\"测试事项\",\"summary\":"
        "\"一\","
        "\"unit\":\"%s\",\"topic\":\"work\",\"unit_note\":\"一\",\"fee_note\":\"一\",\"process\":"
        "\"%s\",\"form\":\"sole-trader\",\"limits\":{\"table\":\"test\",\"decision\":\"limits\"}},"
        "\"en\":{%s\"name\":\"Test "
        "item\",\"summary\":\"a\",\"unit_note\":\"a\",\"fee_note\":\"a\"}}",
        it->certificates ? it->certificates : HALL_CERTIFICATE, it->code,
        it->unit ? it->unit : "MARKET", it->code,
        it->certificates_en ? it->certificates_en : HALL_CERTIFICATE_EN);
    return hall_publish_one(tx, "process", it->code, xml, err) &&
           hall_publish_one(tx, "table", "test", TEST_TABLE, err) &&
           definition_publish(tx, HALL_TENANT, "item", it->code, item, date_of(2024, 1, 1), NULL,
                              &published, err);
}

/* Publishes an item of this code whose process has these elements, and files it. */
static inline Id hall_play(Hall *hall, const char *code, const char *process)
{
    HallItem it = {.hall = hall, .code = code, .process = process};
    hall_write(hall, hall_run_item, &it, code);
    return hall_file(hall, code, TRADER_ANSWERS);
}

#endif
