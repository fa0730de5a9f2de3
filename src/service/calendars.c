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

enum { TENANTS_AT_MOST = 64 };

typedef struct Loaded {
    Id tenant;
    CalendarTable *table;
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

/* Layers have no hours of their own yet: the nation's are the usual office hours. */
static void set_usual_hours(Arena *arena, CalendarLayer *layer)
{
    CalendarDayHours hours = {0};
    CalendarHours *week = arena_new(arena, CalendarHours);
    Error err = ERROR_NONE;
    if (calendar_hours_parse(CALENDAR_DEFAULT_HOURS, &hours, &err))
        *week = calendar_hours_uniform(&hours);
    layer->hours = week;
    layer->hours_count = 1;
}

static bool parse_layer(Arena *arena, const char *code, const char *csv, CalendarLayer *out,
                        Error *err)
{
    const char *division = division_of_code(arena, code);
    if (!calendar_layer_parse(arena, division, csv, strlen(csv), out, err))
        return false;
    if (!*division)
        set_usual_hours(arena, out);
    return true;
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

static CalendarTable *load(Calendars *calendars, DbConn *conn, Id tenant, Error *err)
{
    Definitions all = {0};
    Arena *arena = calendars->arena;
    if (!definition_list(conn, arena, tenant, "calendar", &all, err))
        return NULL;
    CalendarLayer *layers = arena_array(arena, CalendarLayer, all.count + 1);
    for (size_t i = 0; i < all.count; i++)
        if (!load_layer(conn, arena, tenant, all.items[i].code, &layers[i], err))
            return NULL;
    return build(arena, layers, all.count, err);
}

static CalendarTable *find_loaded(const Calendars *calendars, Id tenant)
{
    for (size_t i = 0; i < calendars->count; i++)
        if (calendars->loaded[i].tenant == tenant)
            return calendars->loaded[i].table;
    return NULL;
}

const CalendarTable *calendars_get(Calendars *calendars, DbConn *conn, Id tenant, Error *err)
{
    pthread_mutex_lock(&calendars->lock);
    CalendarTable *table = find_loaded(calendars, tenant);
    if (!table && (table = load(calendars, conn, tenant, err)) &&
        calendars->count < TENANTS_AT_MOST)
        calendars->loaded[calendars->count++] = (Loaded){.tenant = tenant, .table = table};
    pthread_mutex_unlock(&calendars->lock);
    return table;
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
