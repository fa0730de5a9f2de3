/*
 * demo.c - county.json -> tenant, units, windows, posts, officers, applicants, firms, in one
 * command, so that a county is there whole or not at all.
 */
#include "apps/demo/demo.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/dossier/dossier.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

enum { FILE_AT_MOST = 1024 * 1024, ROLES_AT_MOST = 16 };

struct DemoCounty {
    const Json *json;
};

/* ---- reading --------------------------------------------------------------------------------- */

static const char *read_file(Arena *arena, const char *file, size_t *out_length)
{
    struct stat about;
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    bool fits = fstat(fd, &about) == 0 && about.st_size <= FILE_AT_MOST;
    char *text = fits ? arena_alloc(arena, (size_t)about.st_size + 1) : NULL;
    ssize_t length = fits ? read(fd, text, (size_t)about.st_size) : -1;
    close(fd);
    *out_length = length < 0 ? 0 : (size_t)length;
    return length < 0 ? NULL : text;
}

DemoCounty *demo_read(Arena *arena, const char *file, Error *err)
{
    size_t length;
    const char *text = read_file(arena, file, &length);
    DemoCounty *county = arena_new(arena, DemoCounty);
    if (!text) {
        error_set(err, ERROR_NOT_FOUND, .code = "pack.file", .field = file);
        return NULL;
    }
    county->json = json_parse(arena, text, length, &JSON_LIMITS, err);
    return county->json ? county : NULL;
}

/* ---- loading --------------------------------------------------------------------------------- */

typedef struct Loading {
    App *app;
    const Json *json;
    Map passwords; /* encoded, by login; hashed before the command */
    Map units;     /* boxed Id by code */
    Map windows;
    Map officers;
    bool is_new;
} Loading;

static const char *text_of(const Json *json, const char *name)
{
    const char *text = json_text(json, name);
    return text ? text : "";
}

static Id id_of(const Map *map, const char *code)
{
    const Id *id = code ? map_get(map, code) : NULL;
    return id ? *id : 0;
}

static void keep_id(Tx *tx, Map *map, const char *code, Id id)
{
    map_set(map, code, arena_copy(tx_arena(tx), &id, sizeof id));
}

static bool load_unit(Tx *tx, Loading *loading, const Json *json, Error *err)
{
    Id id;
    Unit unit = {.code = text_of(json, "code"),
                 .parent = id_of(&loading->units, json_text(json, "parent")),
                 .kind = text_of(json, "kind"),
                 .name = text_of(json, "name"),
                 .name_en = text_of(json, "name_en"),
                 .division = json_text(json, "division")};
    if (!unit.division)
        unit.division = text_of(json_get(loading->json, "tenant"), "division");
    if (!org_put_unit(tx, loading->app->org, loading->app->tenant, &unit, &id, err))
        return false;
    keep_id(tx, &loading->units, unit.code, id);
    return true;
}

static bool load_window(Tx *tx, Loading *loading, const Json *json, Error *err)
{
    Id id;
    const char *code = text_of(json, "code");
    if (!org_put_window(tx, loading->app->tenant, id_of(&loading->units, json_text(json, "unit")),
                        code, text_of(json, "name"), text_of(json, "name_en"), &id, err))
        return false;
    keep_id(tx, &loading->windows, code, id);
    return true;
}

static bool load_officer(Tx *tx, Loading *loading, const Json *json, Error *err)
{
    const char *roles[ROLES_AT_MOST];
    const char *login = text_of(json, "login");
    Id id;
    OfficerSpec officer = {.login = login,
                           .name = text_of(json, "name"),
                           .name_en = text_of(json, "name_en"),
                           .password_encoded = map_get(&loading->passwords, login),
                           .unit = id_of(&loading->units, json_text(json, "unit")),
                           .hall_window = id_of(&loading->windows, json_text(json, "window")),
                           .roles = roles};
    json_each (role, json_get(json, "roles"))
        if (officer.role_count < ROLES_AT_MOST)
            roles[officer.role_count++] = role->text;
    if (!officer.unit)
        return error_set(err, ERROR_INVALID, .code = "pack.reference", .field = login);
    if (!identity_put_officer(tx, loading->app->tenant, &officer, &id, err))
        return false;
    keep_id(tx, &loading->officers, login, id);
    return true;
}

static bool load_post(Tx *tx, Loading *loading, const Json *json, Error *err)
{
    return org_put_post(tx, loading->app->tenant, id_of(&loading->units, json_text(json, "unit")),
                        text_of(json, "code"), text_of(json, "name"), text_of(json, "name_en"),
                        id_of(&loading->officers, json_text(json, "a")),
                        id_of(&loading->officers, json_text(json, "b")), err);
}

static bool load_applicant(Tx *tx, Loading *loading, const Json *json, Error *err)
{
    Id account;
    const char *phone = text_of(json, "phone");
    return identity_register(tx, loading->app, text_of(json, "name"), phone,
                             map_get(&loading->passwords, phone), &account, err);
}

static bool has_role(const Json *officer, const char *role)
{
    json_each (one, json_get(officer, "roles"))
        if (text_equal(one->text, role))
            return true;
    return false;
}

/* Who registers what an administrator registers: the first one of the file. */
static User admin_of(const Loading *loading)
{
    User admin = {.kind = USER_OFFICER};
    json_each (one, json_get(loading->json, "officers"))
        if (!admin.id && has_role(one, "admin"))
            admin.id = id_of(&loading->officers, json_text(one, "login"));
    return admin;
}

static bool load_letter(Tx *tx, Loading *loading, const Json *json, Error *err)
{
    User admin = admin_of(loading);
    DossierLetter letter = {.login = text_of(json, "officer"),
                            .item = text_of(json, "item"),
                            .element = text_of(json, "element"),
                            .letter_no = text_of(json, "letter_no")};
    Id id;
    if (!date_parse(text_of(json, "valid_from"), &letter.valid_from) ||
        !date_parse(text_of(json, "valid_until"), &letter.valid_until))
        return error_set(err, ERROR_INVALID, .code = "pack.missing", .field = letter.letter_no);
    return dossier_authorise(tx, loading->app, &admin, &letter, &id, err);
}

/* ---- firms and who acts for them ------------------------------------------------------------- */

static const char *number_of(Tx *tx, const Loading *loading, const char *kind, const Json *json,
                             Error *err)
{
    Date today = instant_date(tx_now(tx), loading->app->zone_minutes);
    return identity_number_read(tx_arena(tx), kind, text_of(json, "identity_number"), today,
                                "identity_number", err);
}

/* A letter that a window saw, to the end of next year; its holder's identity card, too. */
static bool load_firm_letter(Tx *tx, Loading *loading, Id firm, Id officer, const Json *json,
                             Error *err)
{
    App *app = loading->app;
    int year, month, day;
    Party person;
    Id id;
    PartySpec spec = {.kind = "resident_id",
                      .number = number_of(tx, loading, "resident_id", json, err),
                      .is_original_seen = true,
                      .officer = officer};
    if (!spec.number || !identity_party_by_phone(app, tx_conn(tx), tx_arena(tx),
                                                 text_of(json, "phone"), &person, err))
        return false;
    spec.name = person.name;
    if (!identity_party_verify(tx, app, person.id, &spec, &id, err))
        return false;
    date_split(instant_date(tx_now(tx), app->zone_minutes), &year, &month, &day);
    Mandate letter = {.firm = firm,
                      .person = id,
                      .letter_no = text_of(json, "letter_no"),
                      .items = text_of(json, "items"),
                      .valid_until = date_of(year + 1, 12, 31),
                      .verified_by = officer};
    return identity_letter_add(tx, app, &letter, &id, err);
}

static bool load_firm(Tx *tx, Loading *loading, const Json *json, Error *err)
{
    Id firm, officer = id_of(&loading->officers, json_text(json, "recorded_by"));
    PartySpec spec = {.kind = "credit_code",
                      .number = number_of(tx, loading, "credit_code", json, err),
                      .name = text_of(json, "name"),
                      .is_original_seen = true,
                      .officer = officer};
    if (!officer)
        return error_set(err, ERROR_INVALID, .code = "pack.reference", .field = spec.name);
    if (!spec.number || !identity_party_record(tx, loading->app, &spec, &firm, err))
        return false;
    json_each (holder, json_get(json, "letters"))
        if (!load_firm_letter(tx, loading, firm, officer, holder, err))
            return false;
    return true;
}

typedef bool (*LoadOne)(Tx *tx, Loading *loading, const Json *json, Error *err);

static bool load_list(Tx *tx, Loading *loading, const char *name, LoadOne load, Error *err)
{
    json_each (one, json_get(loading->json, name))
        if (!load(tx, loading, one, err))
            return false;
    return true;
}

static bool load(Tx *tx, void *data, Error *err)
{
    Loading *loading = data;
    const Json *tenant = json_get(loading->json, "tenant");
    loading->units = map_init(tx_arena(tx));
    loading->windows = map_init(tx_arena(tx));
    loading->officers = map_init(tx_arena(tx));
    return org_put_tenant(tx, loading->app->tenant, text_of(tenant, "code"),
                          text_of(tenant, "name"), text_of(tenant, "name_en"),
                          text_of(tenant, "division"), err) &&
           (!json_text(tenant, "short_name") ||
            org_put_short_name(tx, loading->app->tenant, text_of(tenant, "short_name"), err)) &&
           load_list(tx, loading, "units", load_unit, err) &&
           load_list(tx, loading, "windows", load_window, err) &&
           load_list(tx, loading, "officers", load_officer, err) &&
           load_list(tx, loading, "posts", load_post, err) &&
           load_list(tx, loading, "authorisations", load_letter, err) &&
           load_list(tx, loading, "applicants", load_applicant, err) &&
           load_list(tx, loading, "firms", load_firm, err);
}

const char *demo_password(const DemoCounty *county)
{
    return text_of(county->json, "password");
}

/* ---- passwords and log-ins ------------------------------------------------------------------- */

/* One hash for all: in a demonstration everybody has the same password, printed on the page. */
static bool hash_passwords(Arena *arena, Loading *loading, Error *err)
{
    const char *encoded = password_hash(arena, text_of(loading->json, "password"), err);
    loading->passwords = map_init(arena);
    json_each (one, json_get(loading->json, "officers"))
        map_set(&loading->passwords, text_of(one, "login"), (void *)encoded);
    json_each (one, json_get(loading->json, "applicants"))
        map_set(&loading->passwords, text_of(one, "phone"), (void *)encoded);
    return encoded != NULL;
}

static void show_logins(App *app, Arena *arena, const Json *json, const char *list,
                        const char *login)
{
    json_each (one, json_get(json, list)) {
        if (!json_text(one, "may"))
            continue; /* one of many that may the same */
        DemoLogin shown = {
            .login = text_of(one, login),
            .password = text_of(json, "password"),
            .label = arena_printf(arena, "%s：%s", text_of(one, "name"), text_of(one, "may")),
            .label_en = arena_printf(arena, "%s: %s",
                                     json_text(one, "name_en") ? text_of(one, "name_en")
                                                               : text_of(one, "name"),
                                     text_of(one, "may_en"))};
        list_add(arena, &app->demo_logins, shown);
    }
}

/* The first officer of the file stands for the whole county. */
static bool is_there(App *app, Arena *arena, const Json *json, bool *out, Error *err)
{
    const Json *officers = json_get(json, "officers");
    Id id = 0;
    DbConn *conn = db_reader(app->db, err);
    if (!conn)
        return false;
    bool is_done = !officers || !officers->count ||
                   identity_officer_by_login(conn, arena, app->tenant,
                                             text_of(officers->items[0], "login"), &id, err);
    db_release(conn);
    *out = id != 0;
    return is_done;
}

bool demo_load(App *app, Arena *arena, const DemoCounty *county, bool *out_is_new, Error *err)
{
    Loading loading = {.app = app, .json = county->json};
    bool was_there;
    app->is_demo = true;
    show_logins(app, arena, county->json, "applicants", "phone");
    show_logins(app, arena, county->json, "officers", "login");
    if (!is_there(app, arena, county->json, &was_there, err))
        return false;
    *out_is_new = !was_there;
    return was_there ||
           (hash_passwords(arena, &loading, err) && db_write(app->db, arena, load, &loading, err));
}
