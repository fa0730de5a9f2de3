/* catalogue_pages.c - home, the list of items with its search, and the guide of one item. */
#include "apps/catalogue/catalogue_internal.h"
#include "apps/catalogue/catalogue_views_gen.h"
#include "apps/org/org.h"

#include <string.h>

enum { PAGE_ROWS = 30, HOME_ROWS = 8 };

static const InputField items_input[] = {
    {"q", INPUT_TEXT, 0, .most = 60},
    {"topic", INPUT_TEXT, 0, .most = 40},
    {"unit", INPUT_TEXT, 0, .most = 40, .label = "guide.unit"},
    {"after", INPUT_TEXT, 0, .most = 400},
    {0},
};
static const InputField guide_input[] = {
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60}, {0}};

static const InputField still_there_input[] = {{"next", INPUT_TEXT, 0, .most = 500}, {0}};

/* Life events, in the order of a life; texts "topic.<code>". */
static const char *const topics[] = {"birth",   "school", "work",   "open_shop",
                                     "housing", "car",    "retire", "certificate"};
enum { TOPICS = sizeof topics / sizeof topics[0] };

typedef VIEW_LIST(ItemLineView) ItemLines;

static const char *topic_name(Request *req, const char *topic)
{
    return request_text(req, arena_printf(req->arena, "topic.%s", topic));
}

static bool is_topic(const char *topic)
{
    for (size_t i = 0; i < TOPICS; i++)
        if (text_equal(topics[i], topic))
            return true;
    return false;
}

static ItemLineView *lines_of(Request *req, const ItemRows *rows, size_t count, Error *err)
{
    ItemLineView *lines = arena_array(req->arena, ItemLineView, count);
    for (size_t i = 0; i < count; i++) {
        const ItemRow *row = &rows->items[i];
        lines[i] = (ItemLineView){.code = row->code,
                                  .kind = row->kind,
                                  .name = both_in(row->name, req->language),
                                  .summary = both_in(row->summary, req->language),
                                  .unit = org_unit_name_by_code(req, row->unit_code, err)};
    }
    return lines;
}

/* ---- home ------------------------------------------------------------------------------------ */

/* No syllable of pinyin begins with i, u or v. */
static void show_letters(Request *req, HomeView *view)
{
    static const char *const letters[] = {"A", "B", "C", "D", "E", "F", "G", "H",
                                          "J", "K", "L", "M", "N", "O", "P", "Q",
                                          "R", "S", "T", "W", "X", "Y", "Z"};
    view->letters.count = sizeof letters / sizeof letters[0];
    view->letters.items = arena_array(req->arena, TopicView, view->letters.count);
    for (size_t i = 0; i < view->letters.count; i++)
        view->letters.items[i] = (TopicView){.code = letters[i], .name = letters[i]};
}

static bool show_units(Request *req, HomeView *view, Error *err)
{
    UnitCodes codes = {0};
    if (!catalogue_store_units(req->conn, req->arena, req->tenant, &codes, err))
        return false;
    view->units.items = arena_array(req->arena, TopicView, codes.count);
    list_each (const char *, code, &codes)
        view->units.items[view->units.count++] =
            (TopicView){.code = *code, .name = org_unit_name_by_code(req, *code, err)};
    return !error_is_set(err);
}

static bool home_page(Request *req, Error *err)
{
    HomeView *view = arena_new(req->arena, HomeView);
    ItemRows rows = {0};
    if (!catalogue_store_list(req->conn, req->arena, req->tenant,
                              &(ItemListQuery){.most = HOME_ROWS}, &rows, err))
        return false;
    if (req->is_kiosk)
        show_letters(req, view);
    if (req->is_kiosk && !show_units(req, view, err))
        return false;
    view->items.items = lines_of(req, &rows, rows.count, err);
    view->items.count = rows.count;
    view->topics.items = arena_array(req->arena, TopicView, TOPICS);
    for (size_t i = 0; i < TOPICS; i++)
        view->topics.items[view->topics.count++] =
            (TopicView){.code = topics[i], .name = topic_name(req, topics[i])};
    return !error_is_set(err) && request_show(req, &HomeView_type, view);
}

/* ---- list ------------------------------------------------------------------------------------ */

/* "after" is sort key and code, joined by a dot. */
static void split_after(Request *req, const char **out_sort, const char **out_code)
{
    const char *after = input_text(req, "after");
    const char *dot = after ? strchr(after, '.') : NULL;
    *out_sort = dot ? arena_text_n(req->arena, after, (size_t)(dot - after)) : "";
    *out_code = dot ? dot + 1 : "";
}

static const char *next_query(Request *req, const ItemRow *last)
{
    const char *topic = input_text(req, "topic"), *unit = input_text(req, "unit");
    Buffer query = buffer_init(req->arena, 0);
    buffer_printf(&query, "after=%s.%s", last->sort_key, last->code);
    if (topic)
        buffer_printf(&query, "&topic=%s", topic);
    if (unit) {
        buffer_add(&query, "&unit=");
        view_put_url(&query, unit);
    }
    return buffer_text(&query);
}

static bool find_items(Request *req, ItemRows *rows, Error *err)
{
    const char *typed = input_text(req, "q"), *topic = input_text(req, "topic");
    if (typed && *typed) {
        SearchQuery query = words_query(req->arena, typed);
        return catalogue_store_search(req->conn, req->arena, req->tenant, &query, PAGE_ROWS, rows,
                                      err);
    }
    ItemListQuery query = {.topic = topic && is_topic(topic) ? topic : "",
                           .unit_code = input_text(req, "unit"),
                           .most = PAGE_ROWS + 1};
    split_after(req, &query.sort_after, &query.code_after);
    return catalogue_store_list(req->conn, req->arena, req->tenant, &query, rows, err);
}

/* What to do when no item is shown. */
static void show_nothing(Request *req, ItemsView *view)
{
    bool is_searched = view->query && *view->query;
    view->empty = (EmptyState){.title = request_text(req, "items.none"),
                               .text = request_text(req, "items.none_text"),
                               .path = "/items",
                               .label = request_text(req, "items.all")};
    if (view->topic && !is_searched) {
        view->empty.title = request_text(req, "items.none_topic", "topic", view->topic);
        view->empty.text = request_text(req, "items.none_topic_text");
    }
}

static bool items_page(Request *req, Error *err)
{
    ItemsView *view = arena_new(req->arena, ItemsView);
    const char *topic = input_text(req, "topic"), *unit = input_text(req, "unit");
    ItemRows rows = {0};
    if (!find_items(req, &rows, err))
        return false;
    size_t shown = rows.count > PAGE_ROWS ? PAGE_ROWS : rows.count;
    view->query = input_text(req, "q");
    view->topic = topic && is_topic(topic) ? topic_name(req, topic) : NULL;
    view->unit = unit && *unit ? org_unit_name_by_code(req, unit, err) : NULL;
    view->items.items = lines_of(req, &rows, shown, err);
    view->items.count = shown;
    view->pager.shown = (int64_t)shown;
    if (rows.count > shown)
        view->pager.next_query = next_query(req, &rows.items[shown - 1]);
    show_nothing(req, view);
    return !error_is_set(err) && request_show(req, &ItemsView_type, view);
}

/* ---- guide ----------------------------------------------------------------------------------- */

typedef LIST(const char *) Names;

static void add_unit(Request *req, Names *names, const char *code, Error *err)
{
    const char *name = org_unit_name_by_code(req, code, err);
    list_each (const char *, known, names)
        if (text_equal(*known, name))
            return;
    if (*name)
        list_add(req->arena, names, name);
}

/* "a、b和c" would need another word in each language: a comma of the language does. */
static const char *joined(Request *req, const Names *names)
{
    Buffer out = buffer_init(req->arena, 0);
    for (size_t i = 0; i < names->count; i++) {
        if (i)
            buffer_add(&out, req->language == LANGUAGE_EN ? ", " : "、");
        buffer_add(&out, names->items[i]);
    }
    return names->count ? buffer_text(&out) : NULL;
}

static const char *units_of(Request *req, const ItemMaterial *material, Error *err)
{
    Names names = {0};
    list_each (const char *, code, &material->units)
        add_unit(req, &names, *code, err);
    return joined(req, &names);
}

/* The departments of a joint item are the ones that issue its certificates. */
static const char *departments_of(Request *req, const Item *item, Error *err)
{
    Names names = {0};
    add_unit(req, &names, item->unit_code, err);
    if (text_equal(item->kind, "joint"))
        list_each (ItemCertificate, certificate, &item->certificates)
            if (certificate->unit_code)
                add_unit(req, &names, certificate->unit_code, err);
    return joined(req, &names);
}

static void show_certificates(Request *req, const Item *item, GuideView *view, Error *err)
{
    bool is_told = item->certificates.count > 1;
    view->certificates.items =
        arena_array(req->arena, GuideCertificateView, item->certificates.count);
    list_each (ItemCertificate, certificate, &item->certificates)
        view->certificates.items[view->certificates.count++] = (GuideCertificateView){
            .code = certificate->code,
            .title = both_in(certificate->title, req->language),
            .unit = is_told && certificate->unit_code
                        ? org_unit_name_by_code(req, certificate->unit_code, err)
                        : NULL};
}

static void show_lines(Request *req, const BothList *texts, GuideLineView **out_items,
                       size_t *out_count)
{
    *out_items = arena_array(req->arena, GuideLineView, texts->count);
    *out_count = texts->count;
    for (size_t i = 0; i < texts->count; i++)
        (*out_items)[i].text = both_in(texts->items[i], req->language);
}

static void show_materials(Request *req, const Item *item, GuideView *view, Error *err)
{
    view->materials.items = arena_array(req->arena, GuideMaterialView, item->materials.count);
    list_each (ItemMaterial, material, &item->materials)
        view->materials.items[view->materials.count++] =
            (GuideMaterialView){.code = material->code,
                                .name = both_in(material->name, req->language),
                                .note = both_in(material->note, req->language),
                                .original = material->original,
                                .copies = material->copies,
                                .is_required = material->is_required,
                                .is_conditional = material->condition != NULL,
                                .units = units_of(req, material, err)};
}

static void show_basis(Request *req, const Item *item, GuideView *view)
{
    view->basis.items = arena_array(req->arena, GuideBasisView, item->basis.count);
    list_each (ItemBasis, basis, &item->basis)
        view->basis.items[view->basis.count++] =
            (GuideBasisView){.title = both_in(basis->title, req->language),
                             .article = both_in(basis->article, req->language),
                             .is_checked = basis->is_checked,
                             .checked_on = basis->checked_on};
}

static void fill_guide(Request *req, const Item *item, const ItemLimits *limits, GuideView *view,
                       Error *err)
{
    *view = (GuideView){.code = item->code,
                        .version = item->version,
                        .effective_from = item->effective_from,
                        .kind = item->kind,
                        .name = both_in(item->name, req->language),
                        .summary = both_in(item->summary, req->language),
                        .where = both_in(item->unit_note, req->language),
                        .fee = both_in(item->fee_note, req->language),
                        .is_online = item->is_online,
                        .statutory_limit = limits->statutory,
                        .promised_limit = limits->promised,
                        .limit_unit = limits->unit};
    show_lines(req, &item->conditions, &view->conditions.items, &view->conditions.count);
    show_lines(req, &item->steps, &view->steps.items, &view->steps.count);
    show_materials(req, item, view, err);
    show_certificates(req, item, view, err);
    show_basis(req, item, view);
}

static bool guide_page(Request *req, Error *err)
{
    App *app = request_app(req);
    GuideView *view = arena_new(req->arena, GuideView);
    ItemLimits limits;
    Date today = instant_date(req->now, app->zone_minutes);
    const Item *item = catalogue_item(app, req->conn, input_text(req, "code"), today, err);
    if (!item ||
        !catalogue_limits(app, req->conn, req->arena, item, today, feel_null(), &limits, err))
        return false;
    fill_guide(req, item, &limits, view, err);
    view->unit = departments_of(req, item, err);
    return !error_is_set(err) && request_show(req, &GuideView_type, view);
}

/* ---- a touch screen -------------------------------------------------------------------------- */

static bool still_there_page(Request *req, Error *err)
{
    StillThereView *view = arena_new(req->arena, StillThereView);
    const char *next = input_text(req, "next");
    (void)err;
    view->next = next && request_is_own_path(next) ? next : "/";
    return request_show(req, &StillThereView_type, view);
}

const Route catalogue_routes[] = {
    ROUTE_GET("/", RIGHT_PUBLIC, home_page, &HomeView_type, NULL, "The portal's first page"),
    ROUTE_GET("/items", RIGHT_PUBLIC, items_page, &ItemsView_type, items_input,
              "Service items, searched by words, pinyin or initials"),
    ROUTE_GET("/kiosk/still-there", RIGHT_PUBLIC, still_there_page, &StillThereView_type,
              still_there_input, "Asked on a touch screen that nobody touches any more"),
    ROUTE_GET("/items/{code}", RIGHT_PUBLIC, guide_page, &GuideView_type, guide_input,
              "The guide of one service item"),
    ROUTE_END,
};
