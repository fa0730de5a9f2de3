/*
 * dossier_delivery.c - certificates reach the applicant at the window or by post, in time.
 *
 *     choice -> row; certificate issued -> table: how many days -> unit, date
 *     posted, came back, signed for, collected -> row and entry; calendar corrected -> date
 */
#include "apps/dossier/dossier_delivery.h"

#include <ctype.h>
#include <string.h>

#include "apps/dossier/dossier_internal.h"
#include "apps/org/org.h"

static Delivery blank(Id dossier)
{
    return (Delivery){.dossier = dossier,
                      .way = "window",
                      .state = "chosen",
                      .begun_at = INSTANT_NONE,
                      .due_at = INSTANT_NONE,
                      .due_on = DATE_NONE,
                      .basis = {"", ""},
                      .posted_on = DATE_NONE,
                      .served_on = DATE_NONE};
}

/* The row, or one that says nothing was chosen: then the window. */
static bool find(Tx *tx, App *app, Id dossier, Delivery *out, Error *err)
{
    bool is_found;
    if (!store_delivery(tx_conn(tx), tx_arena(tx), app, dossier, out, &is_found, err))
        return false;
    if (!is_found)
        *out = blank(dossier);
    return true;
}

static void put_delivery(JsonWriter *json, const void *context)
{
    const Delivery *delivery = context;
    json_put_text(json, "way", delivery->way);
    json_put_text(json, "state", delivery->state);
    json_put_id(json, "unit", delivery->unit);
}

static bool keep(Work *work, const char *kind, const Delivery *delivery, Error *err)
{
    return store_put_delivery(work->tx, work->app, delivery, err) &&
           work_note(work, kind, NULL, put_delivery, delivery, err);
}

/* ---- choosing -------------------------------------------------------------------------------- */

static bool check_choice(const Item *item, const Delivery *delivery, const char *way,
                         const PostAddress *to, Error *err)
{
    bool is_post = text_equal(way, "post");
    if (!item->service.table)
        return error_set(err, ERROR_CONFLICT, .code = "service.none");
    if (is_post && !item->is_posted)
        return error_set(err, ERROR_CONFLICT, .code = "service.not_posted");
    if (!text_equal(delivery->state, "chosen") && !text_equal(delivery->state, "due"))
        return error_set(err, ERROR_CONFLICT, .code = "service.on_its_way");
    if (is_post && text_is_blank(to->recipient))
        return error_set(err, ERROR_INVALID, .code = "service.address_required",
                         .field = "recipient");
    if (is_post && text_is_blank(to->phone))
        return error_set(err, ERROR_INVALID, .code = "service.address_required",
                         .field = "recipient_phone");
    return !is_post || !text_is_blank(to->address) ||
           error_set(err, ERROR_INVALID, .code = "service.address_required",
                     .field = "post_address");
}

bool delivery_choose(Tx *tx, App *app, const User *user, Id dossier, const char *way,
                     const PostAddress *to, Error *err)
{
    bool is_officer = user->kind == USER_OFFICER;
    Work work = {.actor_kind = is_officer ? "officer" : "applicant", .actor = user->id};
    Delivery delivery;
    if (is_officer && !rights_have(user->rights, RIGHT_DOSSIER_INTAKE))
        return error_set(err, ERROR_FORBIDDEN, .code = "request.forbidden");
    if (!work_lock(&work, tx, app, dossier, err) || !find(tx, app, dossier, &delivery, err))
        return false;
    const Item *item = catalogue_item_version(app, tx_conn(tx), work.dossier.item_definition, err);
    bool is_over = work.dossier.completed_at != INSTANT_NONE && !delivery.unit;
    if (!item)
        return false;
    if (is_over)
        return error_set(err, ERROR_CONFLICT, .code = "service.none");
    if (!check_choice(item, &delivery, way, to, err))
        return false;
    delivery.way = way;
    delivery.to = text_equal(way, "post") ? *to : (PostAddress){0};
    return keep(&work, "service.chosen", &delivery, err);
}

/* ---- due ------------------------------------------------------------------------------------- */

static bool derive(Work *work, Delivery *delivery, Error *err)
{
    ClockRow due = {.dossier = delivery->dossier};
    ClockInput input = {.limit = {.amount = (int32_t)delivery->days, .unit = LIMIT_WORKING_DAYS},
                        .started_at = delivery->begun_at,
                        .now = tx_now(work->tx)};
    if (!clock_derive(work->app, tx_conn(work->tx), work->arena, &input, NULL, &due, err))
        return false;
    delivery->due_at = due.due_at;
    delivery->due_on = due.due_on;
    return true;
}

static void put_due_step(Work *work, const Delivery *delivery)
{
    JsonWriter *json = &work->steps.json;
    steps_put(&work->steps, "service_due");
    json_put_id(json, "unit", delivery->unit);
    json_put_text(json, "way", delivery->way);
    json_put_int(json, "due_at", delivery->due_at);
    json_put_text(json, "due_on", date_text(work->arena, delivery->due_on));
    steps_end(&work->steps);
}

/* Whose task it is: the unit that the item names, else the responsible one. */
static bool serving_unit(Work *work, Id *out, Error *err)
{
    *out = work->dossier.unit;
    if (!work->item->service_unit)
        return true;
    const Unit *unit = org_unit_by_code(work->app->org, tx_conn(work->tx), work->app->tenant,
                                        work->item->service_unit, err);
    if (unit)
        *out = unit->id;
    return !error_is_set(err);
}

bool delivery_begin(Work *work, Error *err)
{
    Delivery delivery;
    int64_t days;
    Both basis;
    if (!work->item->service.table)
        return true;
    if (!find(work->tx, work->app, work->dossier.id, &delivery, err))
        return false;
    if (!text_equal(delivery.state, "chosen"))
        return true;
    if (!rule_service(work, &days, &basis, err))
        return false;
    if (!days)
        return true;
    delivery.state = "due";
    delivery.begun_at = work->dossier.decided_at;
    delivery.days = days;
    delivery.basis = basis;
    if (!serving_unit(work, &delivery.unit, err) || !derive(work, &delivery, err))
        return false;
    put_due_step(work, &delivery);
    return store_put_delivery(work->tx, work->app, &delivery, err);
}

/* ---- acts of the unit ------------------------------------------------------------------------ */

static bool find_own(Work *work, Tx *tx, App *app, const User *officer, Id dossier, Delivery *out,
                     Error *err)
{
    *work = (Work){.actor_kind = "officer", .actor = officer->id};
    if (!work_lock(work, tx, app, dossier, err) || !find(tx, app, dossier, out, err))
        return false;
    return (out->unit && out->unit == officer->unit) ||
           error_set(err, ERROR_NOT_FOUND, .code = "service.unknown");
}

static bool expect(const Delivery *delivery, const char *state, Error *err)
{
    const char *code = text_equal(state, "due") ? "service.not_due" : "service.not_posted_yet";
    return text_equal(delivery->state, state) || error_set(err, ERROR_CONFLICT, .code = code);
}

static Date today_of(Tx *tx, const App *app)
{
    return instant_date(tx_now(tx), app->zone_minutes);
}

static bool check_day(Tx *tx, const App *app, const Delivery *delivery, Date on, const char *field,
                      Error *err)
{
    bool is_later = date_compare(on, today_of(tx, app)) > 0;
    bool is_before = date_compare(on, instant_date(delivery->begun_at, app->zone_minutes)) < 0;
    return (!is_later && !is_before) ||
           error_set(err, ERROR_INVALID, .code = "service.day", .field = field);
}

static bool is_tracking(const Carrier *carrier, const char *text)
{
    size_t length = strlen(text_or_empty(text));
    for (size_t i = 0; i < length; i++)
        if (!isdigit((unsigned char)text[i]) && !isupper((unsigned char)text[i]))
            return false;
    return (int64_t)length >= carrier->least && (int64_t)length <= carrier->most;
}

static bool check_carrier(Work *work, const char *code, const char *tracking, Delivery *delivery,
                          Error *err)
{
    Carriers carriers = {0};
    if (!delivery_carriers(work->app, tx_conn(work->tx), work->arena, work->dossier.item_definition,
                           tx_now(work->tx), &carriers, err))
        return false;
    list_each (Carrier, one, &carriers) {
        if (!text_equal(one->code, code))
            continue;
        delivery->carrier = one->name;
        delivery->tracking = tracking;
        return is_tracking(one, tracking) ||
               error_set(err, ERROR_INVALID, .code = "service.tracking", .field = "tracking");
    }
    return error_set(err, ERROR_INVALID, .code = "service.carrier", .field = "carrier");
}

bool delivery_post(Tx *tx, App *app, const User *officer, Id dossier, const char *carrier,
                   const char *tracking, Date on, Error *err)
{
    Work work;
    Delivery delivery;
    if (!find_own(&work, tx, app, officer, dossier, &delivery, err) ||
        !expect(&delivery, "due", err))
        return false;
    if (!text_equal(delivery.way, "post"))
        return error_set(err, ERROR_CONFLICT, .code = "service.to_window");
    if (!check_carrier(&work, carrier, tracking, &delivery, err) ||
        !check_day(tx, app, &delivery, on, "posted_on", err))
        return false;
    delivery.state = "posted";
    delivery.posted_on = on;
    return keep(&work, "service.posted", &delivery, err);
}

bool delivery_signed(Tx *tx, App *app, const User *officer, Id dossier, Date on, Error *err)
{
    Work work;
    Delivery delivery;
    if (!find_own(&work, tx, app, officer, dossier, &delivery, err) ||
        !expect(&delivery, "posted", err) || !check_day(tx, app, &delivery, on, "signed_on", err))
        return false;
    if (date_compare(on, delivery.posted_on) < 0)
        return error_set(err, ERROR_INVALID, .code = "service.day", .field = "signed_on");
    delivery.state = "served";
    delivery.served_on = on;
    delivery.served_how = "signed";
    return keep(&work, "service.signed", &delivery, err);
}

bool delivery_came_back(Tx *tx, App *app, const User *officer, Id dossier, Error *err)
{
    Work work;
    Delivery delivery;
    if (!find_own(&work, tx, app, officer, dossier, &delivery, err) ||
        !expect(&delivery, "posted", err))
        return false;
    delivery.state = "due";
    delivery.returns++;
    delivery.carrier = (Both){0};
    delivery.tracking = NULL;
    delivery.posted_on = DATE_NONE;
    return keep(&work, "service.came_back", &delivery, err);
}

bool delivery_collected(Tx *tx, App *app, const User *officer, Id dossier, const char *how,
                        Error *err)
{
    Work work;
    Delivery delivery;
    if (!find_own(&work, tx, app, officer, dossier, &delivery, err) ||
        !expect(&delivery, "due", err))
        return false;
    delivery.state = "served";
    delivery.served_on = today_of(tx, app);
    delivery.served_how = how;
    return keep(&work, "service.collected", &delivery, err);
}

/* ---- carriers -------------------------------------------------------------------------------- */

static const char *text_at(Arena *arena, FeelValue one, const char *name)
{
    const FeelValue *member = feel_member(one, name);
    const char *text = member ? feel_text(*member) : NULL;
    return arena_text(arena, text_or_empty(text));
}

static int64_t number_at(FeelValue one, const char *name)
{
    const FeelValue *member = feel_member(one, name);
    int64_t number = 0;
    return member && feel_to_int64(*member, &number) ? number : 0;
}

bool delivery_carriers(App *app, DbConn *conn, Arena *arena, Id item_definition, Instant now,
                       Carriers *out, Error *err)
{
    const Item *item = catalogue_item_version(app, conn, item_definition, err);
    RuleAnswer answer;
    if (!item || !item->service.table)
        return item != NULL;
    RuleSeat seat = {.app = app, .conn = conn, .arena = arena, .item = item, .now = now};
    RuleUse use = {.step = "carriers", .table = item->service.table, .decision = "carriers"};
    if (!rule_ask(&seat, &use, instant_date(now, app->zone_minutes),
                  catalogue_limit_facts(arena, item, feel_null()), &answer, err))
        return false;
    for (size_t i = 0; answer.value.kind == FEEL_LIST && i < answer.value.as.list->count; i++) {
        FeelValue one = answer.value.as.list->items[i];
        Carrier carrier = {.code = text_at(arena, one, "code"),
                           .name = {text_at(arena, one, "name"), text_at(arena, one, "name_en")},
                           .least = number_at(one, "least"),
                           .most = number_at(one, "most")};
        list_add(arena, out, carrier);
    }
    return true;
}

/* ---- a corrected calendar -------------------------------------------------------------------- */

static bool derive_again(Tx *tx, App *app, Id dossier, int *out_moved, Error *err)
{
    Work work = {.actor_kind = "system"};
    Delivery delivery;
    if (!work_lock(&work, tx, app, dossier, err) || !find(tx, app, dossier, &delivery, err))
        return false;
    Instant before = delivery.due_at;
    if (!derive(&work, &delivery, err) || delivery.due_at == before)
        return !error_is_set(err);
    ++*out_moved;
    put_due_step(&work, &delivery);
    return keep(&work, "service.due_moved", &delivery, err);
}

bool delivery_rederive(Tx *tx, App *app, Id after, int most, DeliveryBatch *out, Error *err)
{
    DeliveryIds ids = {0};
    *out = (DeliveryBatch){.last = after};
    if (!store_due_deliveries(tx_conn(tx), tx_arena(tx), app->tenant, after, most, &ids, err))
        return false;
    list_each (Id, dossier, &ids) {
        if (!derive_again(tx, app, *dossier, &out->moved, err))
            return false;
        out->last = *dossier;
        out->looked++;
    }
    return true;
}
