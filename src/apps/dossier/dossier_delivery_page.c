/*
 * dossier_delivery_page.c - how a certificate comes, on the dossier's page; the list of a unit, and
 * the sheet of addresses.
 */
#include "apps/dossier/dossier_delivery.h"

#include "apps/dossier/delivery_views_gen.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"
#include "service/list_export.h"

enum { PAGE_ROWS = 50, SHEET_ROWS = LIST_EXPORT_PAGE };

static const char *const ways[] = {"window", "post", NULL};
static const char *const collectors[] = {"applicant", "letter", NULL};
static const char *const states[] = {"due", "posted", NULL};

const InputField delivery_choose_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"delivery_way", INPUT_CHOICE, INPUT_REQUIRED, .choices = ways},
    {"recipient", INPUT_TEXT, 0, .most = 60},
    {"recipient_phone", INPUT_PHONE, 0},
    {"post_address", INPUT_TEXT, 0, .most = 200},
    {0},
};
const InputField delivery_post_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"carrier", INPUT_TEXT, INPUT_REQUIRED, .most = 40},
    {"tracking", INPUT_TEXT, INPUT_REQUIRED, .most = 40},
    {"posted_on", INPUT_DATE, INPUT_REQUIRED},
    {0},
};
const InputField delivery_signed_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"signed_on", INPUT_DATE, INPUT_REQUIRED},
    {0},
};
const InputField delivery_back_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {0},
};
const InputField delivery_collected_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"collected_by", INPUT_CHOICE, INPUT_REQUIRED, .choices = collectors},
    {0},
};
const InputField deliveries_input[] = {
    {"state", INPUT_CHOICE, 0, .choices = states},
    {"after", INPUT_ID, 0},
    {"due", INPUT_INT, 0, .least = 0, .most = INT64_C(9000000000000000)},
    {0},
};

/* ---- on the dossier's page ------------------------------------------------------------------- */

static bool show_carriers(Request *req, const Dossier *dossier, DeliveryView *view, Error *err)
{
    Carriers carriers = {0};
    const char *typed = request_typed(req, "carrier");
    if (!delivery_carriers(request_app(req), req->conn, req->arena, dossier->item_definition,
                           req->now, &carriers, err))
        return false;
    view->carrier_field = request_field(req, delivery_post_input, "carrier", NULL);
    view->carrier_field.type = "radio";
    view->carrier_field.choices.items = arena_array(req->arena, FieldChoice, carriers.count);
    list_each (Carrier, one, &carriers)
        view->carrier_field.choices.items[view->carrier_field.choices.count++] =
            (FieldChoice){.value = one->code,
                          .label = both_in(one->name, req->language),
                          .is_chosen = text_equal(one->code, typed)};
    return true;
}

/* What this person may do, and the forms of it. */
static bool show_acts(Request *req, const Dossier *dossier, const Delivery *delivery,
                      DeliveryView *view, Error *err)
{
    bool is_due = text_equal(delivery->state, "due");
    bool is_ours = req->user.kind == USER_OFFICER && delivery->unit == req->user.unit &&
                   rights_have(req->user.rights, RIGHT_DESK_WORK);
    bool may_choose =
        req->user.kind == USER_APPLICANT || rights_have(req->user.rights, RIGHT_DOSSIER_INTAKE);
    const char *today =
        date_text(req->arena, instant_date(req->now, request_app(req)->zone_minutes));
    view->can_choose = may_choose && (is_due || text_equal(delivery->state, "chosen"));
    view->can_post = is_ours && is_due && text_equal(delivery->way, "post");
    view->can_collect = is_ours && is_due;
    view->can_end = is_ours && text_equal(delivery->state, "posted");
    view->delivery_way = request_field(req, delivery_choose_input, "delivery_way", delivery->way);
    view->delivery_way.type = "radio";
    view->to = request_field(req, delivery_choose_input, "recipient",
                             view->recipient ? view->recipient : dossier->applicant_name);
    view->to_phone = request_field(req, delivery_choose_input, "recipient_phone", NULL);
    view->to_address = request_field(req, delivery_choose_input, "post_address", NULL);
    view->is_choice_open = view->delivery_way.error || view->to.error || view->to_phone.error ||
                           view->to_address.error;
    view->tracking_field = request_field(req, delivery_post_input, "tracking", NULL);
    view->posted_on_field = request_field(req, delivery_post_input, "posted_on", today);
    view->signed_on_field = request_field(req, delivery_signed_input, "signed_on", today);
    view->collected_by = request_field(req, delivery_collected_input, "collected_by", NULL);
    view->collected_by.type = "radio";
    return !view->can_post || show_carriers(req, dossier, view, err);
}

static void show_facts(Request *req, const Delivery *delivery, DeliveryView *view, Error *err)
{
    bool is_own = req->user.kind == USER_APPLICANT;
    const char *address = delivery->to.address;
    view->way = delivery->way;
    view->state = delivery->state;
    view->recipient = delivery->to.recipient;
    view->phone = delivery->to.phone ? identity_mask(req->arena, delivery->to.phone) : NULL;
    view->address = is_own || !address ? address : identity_mask(req->arena, address);
    view->due_on = delivery->due_on;
    view->due_at = delivery->due_at;
    view->days = delivery->days;
    view->basis = both_in(delivery->basis, req->language);
    view->carrier = delivery->tracking ? both_in(delivery->carrier, req->language) : NULL;
    view->tracking = delivery->tracking;
    view->posted_on = delivery->posted_on;
    view->served_on = delivery->served_on;
    view->served_how = delivery->served_how;
    view->returns = delivery->returns;
    view->unit = delivery->unit ? org_unit_name(req, delivery->unit, err) : NULL;
}

bool pages_delivery(Request *req, const Dossier *dossier, DossierView *out, Error *err)
{
    App *app = request_app(req);
    DeliveryView *view = &out->delivery;
    Delivery delivery;
    bool is_found;
    const Item *item = catalogue_item_version(app, req->conn, dossier->item_definition, err);
    if (!item || !item->service.table)
        return item != NULL;
    if (!store_delivery(req->conn, req->arena, app, dossier->id, &delivery, &is_found, err))
        return false;
    bool is_over = dossier->completed_at != INSTANT_NONE && (!is_found || !delivery.unit);
    if (is_over)
        return true;
    if (!is_found)
        delivery = (Delivery){.way = "window",
                              .state = "chosen",
                              .due_at = INSTANT_NONE,
                              .due_on = DATE_NONE,
                              .posted_on = DATE_NONE,
                              .served_on = DATE_NONE};
    view->is_posted_allowed = item->is_posted;
    show_facts(req, &delivery, view, err);
    if (!dossier_lamp(req, delivery.due_at, !text_equal(delivery.state, "due"), &view->lamp, err) ||
        !show_acts(req, dossier, &delivery, view, err))
        return false;
    view->is_choice_open |= out->is_own && !is_found; /* nothing was chosen yet */
    return !error_is_set(err);
}

bool pages_posted(Request *req, const Dossier *dossier, const char **out_carrier,
                  const char **out_tracking, Error *err)
{
    Delivery delivery;
    bool is_found;
    if (!store_delivery(req->conn, req->arena, request_app(req), dossier->id, &delivery, &is_found,
                        err))
        return false;
    bool is_posted = is_found && delivery.tracking;
    *out_carrier = is_posted ? both_in(delivery.carrier, req->language) : NULL;
    *out_tracking = is_posted ? delivery.tracking : NULL;
    return true;
}

/* ---- acts ------------------------------------------------------------------------------------ */

static bool done(Request *req, const char *flash)
{
    const char *back = arena_printf(req->arena, "/dossiers/%s", input_text(req, "number"));
    return request_done(req, 200, back, NULL, NULL, flash);
}

bool choose_act(Tx *tx, Request *req, Error *err)
{
    Dossier dossier;
    PostAddress to = {input_text(req, "recipient"), input_text(req, "recipient_phone"),
                      input_text(req, "post_address")};
    return pages_dossier(req, tx_conn(tx), &dossier, err) &&
           delivery_choose(tx, request_app(req), &req->user, dossier.id,
                           input_text(req, "delivery_way"), &to, err) &&
           done(req, "service.chosen.flash");
}

bool post_act(Tx *tx, Request *req, Error *err)
{
    Dossier dossier;
    return pages_dossier(req, tx_conn(tx), &dossier, err) &&
           delivery_post(tx, request_app(req), &req->user, dossier.id, input_text(req, "carrier"),
                         input_text(req, "tracking"), input_date(req, "posted_on"), err) &&
           done(req, "service.posted.flash");
}

bool signed_act(Tx *tx, Request *req, Error *err)
{
    Dossier dossier;
    return pages_dossier(req, tx_conn(tx), &dossier, err) &&
           delivery_signed(tx, request_app(req), &req->user, dossier.id,
                           input_date(req, "signed_on"), err) &&
           done(req, "service.signed.flash");
}

bool back_act(Tx *tx, Request *req, Error *err)
{
    Dossier dossier;
    return pages_dossier(req, tx_conn(tx), &dossier, err) &&
           delivery_came_back(tx, request_app(req), &req->user, dossier.id, err) &&
           done(req, "service.came_back.flash");
}

bool collected_act(Tx *tx, Request *req, Error *err)
{
    Dossier dossier;
    return pages_dossier(req, tx_conn(tx), &dossier, err) &&
           delivery_collected(tx, request_app(req), &req->user, dossier.id,
                              input_text(req, "collected_by"), err) &&
           done(req, "service.collected.flash");
}

/* ---- the list -------------------------------------------------------------------------------- */

static bool show_line(Request *req, const DeliveryLine *line, DeliveryLineView *out, Error *err)
{
    const Delivery *delivery = &line->delivery;
    *out = (DeliveryLineView){
        .dossier = delivery->dossier,
        .number = line->number,
        .item = both_in(line->item_name, req->language),
        .applicant = line->applicant_name,
        .way = delivery->way,
        .due_on = delivery->due_on,
        .carrier = delivery->tracking ? both_in(delivery->carrier, req->language) : NULL,
        .tracking = delivery->tracking,
        .posted_on = delivery->posted_on,
        .returns = delivery->returns};
    return dossier_lamp(req, delivery->due_at, !text_equal(delivery->state, "due"), &out->lamp,
                        err);
}

static bool is_to_post(const DeliveryLine *line)
{
    return text_equal(line->delivery.way, "post") && text_equal(line->delivery.state, "due");
}

bool deliveries_page(Request *req, Error *err)
{
    DeliveriesView *view = arena_new(req->arena, DeliveriesView);
    DeliveryLines rows = {0};
    bool is_get = text_equal(req->method, "GET");
    const char *state = is_get ? input_text(req, "state") : NULL;
    view->state = state ? state : "due";
    view->unit = org_unit_name(req, req->user.unit, err);
    if (!store_deliveries(req->conn, req->arena, request_app(req), req->user.unit, view->state,
                          is_get ? input_int(req, "due", 0) : 0,
                          is_get ? input_id(req, "after") : 0, PAGE_ROWS + 1, &rows, err))
        return false;
    size_t shown = rows.count > PAGE_ROWS ? PAGE_ROWS : rows.count;
    view->deliveries.items = arena_array(req->arena, DeliveryLineView, shown);
    for (; view->deliveries.count < shown; view->deliveries.count++) {
        const DeliveryLine *line = &rows.items[view->deliveries.count];
        view->can_print |= is_to_post(line) && rights_have(req->user.rights, RIGHT_PARTY_UNMASK);
        if (!show_line(req, line, &view->deliveries.items[view->deliveries.count], err))
            return false;
    }
    view->pager.shown = (int64_t)shown;
    if (rows.count > shown)
        view->pager.next_query =
            arena_printf(req->arena, "state=%s&due=%lld&after=%lld", view->state,
                         (long long)rows.items[shown - 1].delivery.due_at,
                         (long long)rows.items[shown - 1].delivery.dossier);
    view->empty = (EmptyState){.title = request_text(req, "deliveries.none"),
                               .text = request_text(req, "deliveries.none_text")};
    return !error_is_set(err) && request_show(req, &DeliveriesView_type, view);
}

/* ---- the sheet ------------------------------------------------------------------------------- */

static const ExportColumn columns[] = {{"dossier.number", 22},
                                       {"dossier.item", 30},
                                       {"service.due", 14},
                                       {"field.recipient", 18},
                                       {"field.recipient_phone", 16},
                                       {"field.post_address", 50},
                                       {NULL, 0}};

typedef struct Looking {
    Request *req;
    const DeliveryLines *lines;
} Looking;

/* Before a file has them: that this officer sees these addresses. */
static bool note_looks(Tx *tx, void *data, Error *err)
{
    const Looking *looking = data;
    Request *req = looking->req;
    list_each (const DeliveryLine, line, looking->lines) {
        Unmasking unmasking = {.officer = &req->user,
                               .party = line->party,
                               .dossier = line->number,
                               .field = "post_address",
                               .reason = message_raw(LANGUAGE_ZH, "deliveries.reason")};
        if (is_to_post(line) && !identity_note_unmasking(tx, request_app(req), &unmasking, err))
            return false;
    }
    return true;
}

/* The rows that were noted, no other: one portion. */
static bool write_rows(Request *req, const char *after, SheetWriter *writer, void *state,
                       const char **out_next, Error *err)
{
    const DeliveryLines *lines = state;
    (void)after;
    (void)out_next;
    (void)err;
    list_each (const DeliveryLine, line, lines) {
        const Delivery *delivery = &line->delivery;
        if (!is_to_post(line))
            continue;
        sheet_text(writer, line->number, SHEET_PLAIN);
        sheet_text(writer, both_in(line->item_name, req->language), SHEET_PLAIN);
        sheet_text(writer, date_text(req->arena, delivery->due_on), SHEET_PLAIN);
        sheet_text(writer, text_or_empty(delivery->to.recipient), SHEET_PLAIN);
        sheet_text(writer, text_or_empty(delivery->to.phone), SHEET_PLAIN);
        sheet_text(writer, text_or_empty(delivery->to.address), SHEET_PLAIN);
        sheet_end_row(writer);
    }
    return true;
}

bool deliveries_sheet(Request *req, Error *err)
{
    App *app = request_app(req);
    DeliveryLines lines = {0};
    if (!store_deliveries(req->conn, req->arena, app, req->user.unit, "due", 0, 0, SHEET_ROWS,
                          &lines, err))
        return false;
    Looking looking = {.req = req, .lines = &lines};
    ListExport what = {.name = request_text(req, "deliveries.sheet_name"),
                       .filter = org_unit_name(req, req->user.unit, err),
                       .columns = columns,
                       .rows = write_rows,
                       .state = &lines};
    return !error_is_set(err) && db_write(app->db, req->arena, note_looks, &looking, err) &&
           list_export(req, &what, err);
}
