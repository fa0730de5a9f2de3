/*
 * simulate_county.c - items, officers, grounds and the calendar of a database -> SimulateSpec; and
 * what a simulation adds to it first: applicants with accounts, letters for its period.
 */
#include "server/simulate_county.h"

#include "apps/catalogue/catalogue.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"
#include "service/calendars.h"

enum { ITEMS_MOST = 200, OFFICERS_MOST = 200, ACCOUNTS_AT_ONCE = 100, DONE = 200, REFUSED = 400 };

static bool find_items(App *app, DbConn *conn, Arena *arena, SimulateSpec *spec, Error *err)
{
    ItemsFound items = {0};
    if (!catalogue_find(conn, arena, app->tenant, NULL, ITEMS_MOST, &items, err))
        return false;
    list_each (const ItemFound, item, &items) {
        bool is_quick = text_equal(item->kind, "on_the_spot");
        bool is_joint = text_equal(item->kind, "joint");
        SimulateItem one = {.code = arena_text(arena, item->code),
                            .weight = is_quick   ? 6
                                      : is_joint ? 1
                                                 : 2,
                            .is_on_the_spot = is_quick};
        list_add(arena, &spec->items, one);
    }
    return true;
}

static bool has_role(Arena *arena, const OfficerLine *officer, const char *role)
{
    const char **roles;
    size_t count = text_split(arena, officer->roles, ',', &roles);
    for (size_t i = 0; i < count; i++)
        if (text_equal(roles[i], role))
            return true;
    return false;
}

static bool find_officers(App *app, DbConn *conn, Arena *arena, SimulateSpec *spec, Error *err)
{
    OfficerLines officers = {0};
    if (!identity_officers(conn, arena, app->tenant, "", OFFICERS_MOST, &officers, err))
        return false;
    list_each (const OfficerLine, officer, &officers) {
        const Unit *unit = org_unit(app->org, conn, app->tenant, officer->unit, err);
        if (error_is_set(err))
            return false;
        SimulateOfficer one = {.login = officer->login,
                               .name = officer->name,
                               .unit = unit ? unit->name : "",
                               .takes_in = has_role(arena, officer, "window")};
        list_add(arena, &spec->officers, one);
        if (!spec->watcher && has_role(arena, officer, "supervisor"))
            spec->watcher = officer->login;
        if (!spec->admin && has_role(arena, officer, "admin"))
            spec->admin = officer->login;
    }
    return (spec->watcher && spec->admin) ||
           error_set(err, ERROR_INVALID, .code = "simulate.no_officers");
}

static bool find_grounds(App *app, DbConn *conn, Arena *arena, SimulateSpec *spec, Error *err)
{
    const Grounds *grounds = catalogue_grounds(app, conn, spec->from, err);
    if (!grounds)
        return false;
    list_each (const Ground, ground, grounds)
        if (!text_equal(ground->code, "supplement"))
            list_add(arena, &spec->grounds, ground->code);
    return true;
}

bool county_find(App *app, Arena *arena, SimulateSpec *spec, Error *err)
{
    DbConn *conn = db_reader(app->db, err);
    if (!conn)
        return false;
    spec->calendar = calendars_get(app->calendars, conn, app->tenant, err);
    bool is_found = spec->calendar && find_items(app, conn, arena, spec, err) &&
                    find_officers(app, conn, arena, spec, err) &&
                    find_grounds(app, conn, arena, spec, err);
    db_release(conn);
    return is_found;
}

/* ---- applicants ------------------------------------------------------------------------------ */

typedef struct Registering {
    App *app;
    uint64_t seed;
    const char *password;
    int64_t from, until;
} Registering;

/* Those of an interrupted beginning are there already. */
static bool register_some(Tx *tx, void *data, Error *err)
{
    Registering *it = data;
    for (int64_t i = it->from; i < it->until; i++) {
        Error problem = ERROR_NONE;
        Id account;
        const char *name = simulate_name(tx_arena(tx), it->seed, i);
        if (!identity_register(tx, it->app, name, simulate_phone(tx_arena(tx), i), it->password,
                               &account, &problem) &&
            !text_equal(problem.code, "identity.phone_taken"))
            return error_fill(err, problem);
    }
    return true;
}

bool county_register(App *app, Arena *arena, const char *password, const SimulateSpec *spec,
                     Error *err)
{
    Registering it = {.app = app, .seed = spec->seed};
    it.password = password_hash(arena, password, err);
    if (!it.password)
        return false;
    for (; it.from < spec->accounts && !*spec->is_interrupted; it.from = it.until) {
        it.until = it.from + ACCOUNTS_AT_ONCE;
        if (it.until > spec->accounts)
            it.until = spec->accounts;
        if (!db_write(app->db, arena, register_some, &it, err))
            return false;
    }
    return true;
}

/* ---- letters of authorisation ---------------------------------------------------------------- */

static const char *login_of(const SimulateSpec *spec, const char *name)
{
    list_each (const SimulateOfficer, officer, &spec->officers)
        if (text_equal(officer->name, name))
            return officer->login;
    return NULL;
}

static const char *letter_body(Arena *arena, const SimulateSpec *spec, const Json *letter)
{
    Buffer out = buffer_init(arena, 0);
    JsonWriter json = json_writer(&out);
    json_begin_object(&json, NULL);
    json_put_text(&json, "login", login_of(spec, json_text(letter, "officer")));
    json_put_text(&json, "item", json_text(letter, "item"));
    json_put_text(&json, "element", json_text(letter, "element"));
    json_put_text(&json, "letter_no", json_text(letter, "letter_no"));
    json_put_text(&json, "valid_from", date_text(arena, spec->from));
    json_put_text(&json, "valid_until", date_text(arena, spec->to));
    json_end_object(&json);
    return buffer_text(&out);
}

static bool covers(const Json *letter, const SimulateSpec *spec)
{
    Date from, until;
    return date_parse(json_text(letter, "valid_from"), &from) &&
           date_parse(json_text(letter, "valid_until"), &until) &&
           date_compare(from, spec->from) <= 0 && date_compare(until, spec->to) >= 0;
}

bool county_renew_letters(const ScenarioProgram *program, Arena *arena, const SimulateSpec *spec,
                          Error *err)
{
    static const char path[] = "/admin/authorisations";
    ScenarioAnswer known, answer = {.status = DONE};
    if (!program->send(program->data, arena, spec->admin, path, NULL, &known, err))
        return false;
    json_each (letter, json_get(known.json, "letters"))
        if (!covers(letter, spec) && login_of(spec, json_text(letter, "officer")) &&
            answer.status < REFUSED &&
            !program->send(program->data, arena, spec->admin, path,
                           letter_body(arena, spec, letter), &answer, err))
            return false;
    return (known.status < REFUSED && answer.status < REFUSED) ||
           error_set(
               err, ERROR_INVALID, .code = "simulate.answer",
               .with = {{"path", path}, {"status", arena_printf(arena, "%d", answer.status)}});
}
