/*
 * calendars.c - definitions of kind "calendar" -> layers -> one immutable CalendarTable per tenant.
 *
 * The code of a definition is "cn" or "cn-2027" for the nation (layers add up), else the path
 * written as "-" ("44-4419"). A table is built at first use and dropped after a commit that
 * published another calendar; memory of old tables is kept, since somebody may still read them.
 */
#include "service/calendars.h"

#include <pthread.h>
#include <string.h>

#include "service/app.h"

enum { TENANTS_AT_MOST = 64 };

typedef struct Loaded {
    Id tenant;
    CalendarTable *table;
    Id newest; /* definition that it rests on */
} Loaded;

struct Calendars {
    Arena *arena; /* guarded by lock */
    pthread_mutex_t lock;
    Loaded loaded[TENANTS_AT_MOST];
    size_t count;
};

Calendars *calendars_create(Arena *arena)
{
    Calendars *calendars = arena_new(arena, Calendars);
    calendars->arena = arena_create(0);
    pthread_mutex_init(&calendars->lock, NULL);
    return calendars;
}

void calendars_destroy(Calendars *calendars)
{
    if (!calendars)
        return;
    arena_destroy(calendars->arena);
    pthread_mutex_destroy(&calendars->lock);
}

/* ---- loading --------------------------------------------------------------------------------- */

static const char *division_of_code(Arena *arena, const char *code)
{
    if (text_starts_with(code, "cn"))
        return "";
    char *division = arena_text(arena, code);
    for (char *at = division; *at; at++)
        if (*at == '-')
            *at = '/';
    return division;
}

static bool parse_layer(Arena *arena, const char *code, const char *csv, CalendarLayer *out,
                        Error *err)
{
    return calendar_layer_parse(arena, division_of_code(arena, code), csv, strlen(csv), out, err);
}

static bool load_layer(DbConn *conn, Arena *arena, Id tenant, const char *code, CalendarLayer *out,
                       Error *err)
{
    Definition definition;
    bool is_found;
    return definition_in_force(conn, arena, tenant, "calendar", code, date_of(9999, 12, 31),
                               &definition, &is_found, err) &&
           parse_layer(arena, code, definition.content, out, err);
}

/* The deepest division that a layer names: the county itself. */
static CalendarTable *build(Arena *arena, const CalendarLayer *layers, size_t count, Error *err)
{
    CalendarSpec spec = {.layers = layers,
                         .layer_count = count,
                         .division = "",
                         .zone_offset_minutes = CALENDAR_ZONE_CHINA};
    for (size_t i = 0; i < count; i++)
        if (strlen(layers[i].division) > strlen(spec.division))
            spec.division = layers[i].division;
    return calendar_build(arena, &spec, err);
}

static Id newest_of(const Definitions *all)
{
    Id newest = 0;
    list_each (Definition, one, all)
        newest = one->id > newest ? one->id : newest;
    return newest;
}

/* The list is read first: a layer that is published meanwhile may be in the table, but is not
 * counted in, so that calendars_refresh finds the table old and never new by mistake. */
static bool load(Calendars *calendars, DbConn *conn, Id tenant, Loaded *out, Error *err)
{
    Definitions all = {0};
    Arena *arena = calendars->arena;
    if (!definition_list(conn, arena, tenant, "calendar", &all, err))
        return false;
    CalendarLayer *layers = arena_array(arena, CalendarLayer, all.count + 1);
    for (size_t i = 0; i < all.count; i++)
        if (!load_layer(conn, arena, tenant, all.items[i].code, &layers[i], err))
            return false;
    *out = (Loaded){
        .tenant = tenant, .table = build(arena, layers, all.count, err), .newest = newest_of(&all)};
    return out->table != NULL;
}

static Loaded *find_loaded(Calendars *calendars, Id tenant)
{
    for (size_t i = 0; i < calendars->count; i++)
        if (calendars->loaded[i].tenant == tenant)
            return &calendars->loaded[i];
    return NULL;
}

const CalendarTable *calendars_get(Calendars *calendars, DbConn *conn, Id tenant, Error *err)
{
    pthread_mutex_lock(&calendars->lock);
    Loaded fresh = {0};
    Loaded *known = find_loaded(calendars, tenant);
    if (!known && load(calendars, conn, tenant, &fresh, err) && calendars->count < TENANTS_AT_MOST)
        calendars->loaded[calendars->count++] = fresh;
    const CalendarTable *table = known ? known->table : fresh.table;
    pthread_mutex_unlock(&calendars->lock);
    return table;
}

bool calendars_closing_after(App *app, DbConn *conn, Instant from, int32_t days, Instant *out,
                             Error *err)
{
    const CalendarTable *table = calendars_get(app->calendars, conn, app->tenant, err);
    CalendarCount count;
    if (!table || !calendar_add(table, instant_date(from, app->zone_minutes), days, &count, err))
        return false;
    *out = calendar_closing(table, count.date);
    return true;
}

const FeelWorkdays *calendars_workdays(App *app, DbConn *conn, Arena *arena)
{
    Error ignored = ERROR_NONE; /* null with a finding says it to whoever asks for a working day */
    const CalendarTable *table =
        app->calendars ? calendars_get(app->calendars, conn, app->tenant, &ignored) : NULL;
    if (!table)
        return NULL;
    FeelWorkdays workdays = calendar_feel_workdays(table);
    return arena_copy(arena, &workdays, sizeof workdays);
}

FeelScope calendars_scope(App *app, DbConn *conn, Arena *arena, FeelValue variables, Instant now)
{
    return (FeelScope){.variables = variables,
                       .now = now,
                       .offset_minutes = app->zone_minutes,
                       .workdays = calendars_workdays(app, conn, arena)};
}

bool calendars_refresh(Calendars *calendars, DbConn *conn, Id tenant, Id *out_newest,
                       bool *out_was_old, Error *err)
{
    Definitions all = {0};
    Arena *scratch = arena_create(0);
    bool is_read = definition_list(conn, scratch, tenant, "calendar", &all, err);
    *out_newest = newest_of(&all);
    arena_destroy(scratch);
    if (!is_read)
        return false;
    pthread_mutex_lock(&calendars->lock);
    Loaded *known = find_loaded(calendars, tenant);
    *out_was_old = known && known->newest != *out_newest;
    if (*out_was_old)
        *known = calendars->loaded[--calendars->count];
    pthread_mutex_unlock(&calendars->lock);
    return true;
}

/* ---- publishing ------------------------------------------------------------------------------ */

static void forget(void *data)
{
    Calendars *calendars = data;
    pthread_mutex_lock(&calendars->lock);
    calendars->count = 0;
    pthread_mutex_unlock(&calendars->lock);
}

bool calendars_publish(Tx *tx, Calendars *calendars, Id tenant, const char *code, const char *csv,
                       Date effective_from, Error *err)
{
    CalendarLayer layer;
    Definition published;
    if (!parse_layer(tx_arena(tx), code, csv, &layer, err) || !build(tx_arena(tx), &layer, 1, err))
        return false;
    tx_after_commit(tx, forget, calendars);
    return definition_publish(tx, tenant, "calendar", code, csv, effective_from, NULL, &published,
                              err);
}
