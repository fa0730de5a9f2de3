/* dossier_letter_page.c - /admin/authorisations: letters of authorisation, listed, registered,
 * ended. */
#include "apps/dossier/dossier_pages.h"
#include "apps/identity/identity.h"
#include "apps/org/org.h"

const InputField dossier_letter_input[] = {
    {"login", INPUT_TEXT, INPUT_REQUIRED, .most = 40, .label = "letters.login"},
    {"item", INPUT_TEXT, INPUT_REQUIRED, .most = 60},
    {"element", INPUT_TEXT, INPUT_REQUIRED, .most = 120},
    {"valid_from", INPUT_DATE, INPUT_REQUIRED},
    {"valid_until", INPUT_DATE, INPUT_REQUIRED},
    {"letter_no", INPUT_TEXT, INPUT_REQUIRED, .most = 60},
    {0},
};

enum { PAGE_ROWS = 50 };

static const char *state_of(const Request *req, const Letter *letter)
{
    Date today = instant_date(req->now, ((App *)req->app)->zone_minutes);
    if (letter->ended_at != INSTANT_NONE)
        return "ended";
    if (date_compare(today, letter->valid_from) < 0)
        return "coming";
    return date_compare(today, letter->valid_until) > 0 ? "over" : "valid";
}

/* The step of the item's process in force; its id where the process has no such step any more. */
static const char *step_name(Request *req, const Item *item, const char *element, Error *err)
{
    App *app = request_app(req);
    Date today = instant_date(req->now, app->zone_minutes);
    Id definition;
    if (!catalogue_in_force(app, req->conn, "process", item->process_code, today, &definition, err))
        return element;
    const BpmnModel *model = catalogue_process(app, req->conn, definition, err);
    for (size_t i = 0; model && i < bpmn_element_count(model); i++) {
        const BpmnElement *step = bpmn_element(model, i);
        if (text_equal(step->id, element) && *step->name)
            return req->language == LANGUAGE_EN
                       ? catalogue_english(app, req->conn, definition, step->id, step->name)
                       : step->name;
    }
    return element;
}

/* What the letter is for in words; codes stay where today's catalogue does not know them. */
static void name_scope(Request *req, LetterView *view)
{
    App *app = request_app(req);
    Error gone = ERROR_NONE;
    Date today = instant_date(req->now, app->zone_minutes);
    const Item *item = text_equal(view->item, "*")
                           ? NULL
                           : catalogue_item(app, req->conn, view->item, today, &gone);
    view->item_name = item ? both_in(item->name, req->language) : view->item;
    view->step_name = item ? step_name(req, item, view->element, &gone) : view->element;
}

static LetterView letter_view(Request *req, const Letter *letter, Error *err)
{
    LetterView view = {.id = letter->id,
                       .letter_no = letter->letter_no,
                       .officer = identity_officer_label(req, letter->officer, err),
                       .unit = org_unit_name(req, letter->unit, err),
                       .item = letter->item,
                       .element = letter->element,
                       .valid_from = letter->valid_from,
                       .valid_until = letter->valid_until,
                       .state = state_of(req, letter)};
    name_scope(req, &view);
    return view;
}

static void show_form(Request *req, LettersView *view)
{
    view->login = request_field(req, dossier_letter_input, "login", NULL);
    view->item = request_field(req, dossier_letter_input, "item", "*");
    view->element = request_field(req, dossier_letter_input, "element", "*");
    view->valid_from = request_field(req, dossier_letter_input, "valid_from", NULL);
    view->valid_until = request_field(req, dossier_letter_input, "valid_until", NULL);
    view->letter_no = request_field(req, dossier_letter_input, "letter_no", NULL);
    view->item.hint = request_text(req, "letters.any");
    view->element.hint = request_text(req, "letters.any");
}

bool letters_page(Request *req, Error *err)
{
    LettersView *view = arena_new(req->arena, LettersView);
    Letters letters = {0};
    Id before = text_equal(req->method, "GET") ? input_id(req, "after") : 0;
    if (!store_letters(req->conn, req->arena, req->tenant, before, PAGE_ROWS + 1, &letters, err))
        return false;
    FieldErrors errors = request_errors(req);
    view_list_set(&view->errors, &errors);
    show_form(req, view);
    size_t shown = letters.count > PAGE_ROWS ? PAGE_ROWS : letters.count;
    view->letters.items = arena_array(req->arena, LetterView, shown);
    for (size_t i = 0; i < shown; i++)
        view->letters.items[view->letters.count++] = letter_view(req, &letters.items[i], err);
    view->pager.shown = (int64_t)shown;
    if (letters.count > shown)
        view->pager.next_query =
            arena_printf(req->arena, "after=%lld", (long long)letters.items[shown - 1].id);
    return !error_is_set(err) && request_show(req, &LettersView_type, view);
}

bool letter_act(Tx *tx, Request *req, Error *err)
{
    LetterMadeView *made = arena_new(req->arena, LetterMadeView);
    DossierLetter letter = {.login = input_text(req, "login"),
                            .item = input_text(req, "item"),
                            .element = input_text(req, "element"),
                            .valid_from = input_date(req, "valid_from"),
                            .valid_until = input_date(req, "valid_until"),
                            .letter_no = input_text(req, "letter_no")};
    return dossier_authorise(tx, request_app(req), &req->user, &letter, &made->id, err) &&
           request_done(req, 201, "/admin/authorisations", &LetterMadeView_type, made,
                        "authorisation.added.flash");
}

bool letter_end_act(Tx *tx, Request *req, Error *err)
{
    return dossier_end_letter(tx, request_app(req), &req->user, input_id(req, "letter"), err) &&
           request_done(req, 200, "/admin/authorisations", NULL, NULL, "authorisation.ended.flash");
}
