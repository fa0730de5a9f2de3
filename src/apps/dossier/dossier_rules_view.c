/*
 * dossier_rules_view.c - why: what tables decided about a dossier, in words.
 *
 *     journal entries of the dossier -> "rules" of each (dossier_rule.c)
 *       -> without those asked again to the same end -> RulingView
 *
 * Labels and bases in English come from the overlay of the very version that decided.
 */
#include <string.h>

#include "apps/dossier/dossier_pages.h"
#include "apps/org/org.h"
#include "format/urlencoded.h"

/* ---- values ---------------------------------------------------------------------------------- */

typedef struct Answered {
    const Form *form;
    const Json *overlay; /* NULL: the page is in Chinese */
} Answered;

/* The form that the applicant filled in, by whose words answers are told. */
static bool find_form(Request *req, const Dossier *dossier, Answered *out, Error *err)
{
    App *app = request_app(req);
    out->form = catalogue_form(app, req->conn, dossier->form_definition, err);
    out->overlay = req->language == LANGUAGE_EN
                       ? catalogue_overlay(app, req->conn, dossier->form_definition)
                       : NULL;
    return out->form != NULL;
}

/* The key of the first answer that an expression names, or NULL. */
static const char *answer_key(Request *req, const char *source)
{
    static const char prefix[] = "answers.", letters[] = "abcdefghijklmnopqrstuvwxyz"
                                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    const char *at = source ? strstr(source, prefix) : NULL;
    if (!at)
        return NULL;
    at += strlen(prefix);
    return arena_text_n(req->arena, at, strspn(at, letters));
}

/* What the applicant chose, as the form calls it; NULL: the input is no answer. */
static const char *answer_text(Request *req, const Answered *answered, const Json *input)
{
    const char *key = answer_key(req, json_text(input, "source"));
    const Json *value = json_get(input, "value");
    if (!key || !value || value->kind != JSON_TEXT)
        return NULL;
    const char *text =
        form_value_text(answered->form, answered->overlay, req->arena, key, value, "", "");
    return text_is_empty(text) ? NULL : text;
}

/* A ground on which the clock stood is told by its name. */
static const char *ground_name(Request *req, const char *code)
{
    App *app = request_app(req);
    Error ignored = ERROR_NONE;
    const Ground *ground =
        catalogue_ground(app, req->conn, code, instant_date(req->now, app->zone_minutes), &ignored);
    return ground ? both_in(ground->name, req->language) : code;
}

/* The item and a material that was asked for are told by their names, any other text as it is. */
static const char *name_of(const DossierView *view, const char *text)
{
    if (text_equal(view->item_code, text))
        return view->item;
    for (size_t i = 0; i < view->materials.count; i++)
        if (text_equal(view->materials.items[i].code, text))
            return view->materials.items[i].name;
    return text;
}

static const char *list_text(Request *req, const DossierView *view, const Json *list)
{
    const char *between = req->language == LANGUAGE_EN ? ", " : "、";
    Buffer text = buffer_init(req->arena, 0);
    json_each (one, list) {
        buffer_add(&text, text.length ? between : "");
        buffer_add(&text, one->kind == JSON_TEXT ? name_of(view, one->text)
                                                 : json_tree_text(req->arena, one));
    }
    return text.length ? buffer_text(&text) : request_text(req, "ruling.none");
}

static const char *value_text(Request *req, const DossierView *view, const Json *holder,
                              const char *name)
{
    const Json *value = json_get(holder, name);
    if (json_bool(holder, "is_long", false))
        return request_text(req, "ruling.long");
    if (!value || value->kind == JSON_NULL)
        return request_text(req, "ruling.none");
    if (value->kind == JSON_ARRAY)
        return list_text(req, view, value);
    if (value->kind == JSON_BOOL)
        return request_text(req, value->boolean ? "word.yes" : "word.no");
    if (value->kind == JSON_TEXT)
        return name_of(view, value->text);
    if (value->kind == JSON_NUMBER)
        return value->text;
    return json_tree_text(req->arena, value);
}

/* What tables commonly answer has words of its own: "ruling.output.promised". */
static const char *worded(Request *req, const char *prefix, const char *name)
{
    const char *key = arena_printf(req->arena, "%s%s", prefix, name);
    return message_exists(key) ? message_raw(req->language, key) : name;
}

/* The English of an element of the table; the Chinese where it has none. */
static const char *overlaid(Request *req, const Json *ruling, const char *element,
                            const char *fallback)
{
    if (req->language != LANGUAGE_EN || !element)
        return fallback;
    return catalogue_english(request_app(req), req->conn, json_id(ruling, "definition"), element,
                             fallback);
}

/* A fact that is a code, by its name; NULL when it is none. */
static const char *fact_text(Request *req, const Answered *answered, const Json *input)
{
    const char *source = json_text(input, "source"), *value = json_text(input, "value");
    if (value && text_equal(source, "ground"))
        return ground_name(req, value);
    if (value && text_equal(source, "kind"))
        return message_raw(req->language, arena_printf(req->arena, "item.kind.%s", value));
    return answer_text(req, answered, input);
}

static void show_inputs(Request *req, const DossierView *view, const Answered *answered,
                        const Json *ruling, RulingView *out)
{
    const Json *inputs = json_get(ruling, "inputs");
    out->inputs.items = arena_array(req->arena, RuleValueView, inputs ? inputs->count : 0);
    json_each (input, inputs) {
        const char *chosen = fact_text(req, answered, input);
        out->inputs.items[out->inputs.count++] = (RuleValueView){
            .label = overlaid(req, ruling, json_text(input, "id"), json_text(input, "label")),
            .value = chosen ? chosen : value_text(req, view, input, "value"),
            .is_personal = json_bool(input, "is_personal", false)};
    }
}

/* The version in the workbench, with a rule marked (0: none), for who may work there; else NULL. */
static const char *version_path(Request *req, const Json *ruling, int64_t rule)
{
    const char *table = json_text(ruling, "table"), *decision = json_text(ruling, "decision");
    Buffer path = buffer_init(req->arena, 0);
    if (!rights_have(req->user.rights, RIGHT_DEFINITION_WORK) || !table || !decision)
        return NULL;
    buffer_printf(&path, "/workbench/table/%s/trial?of=%lld&decision=", table,
                  (long long)json_id(ruling, "definition"));
    urlencoded_add_part(&path, decision);
    if (rule > 0)
        buffer_printf(&path, "&rule=%lld#rule", (long long)rule);
    return buffer_text(&path);
}

static void show_fired(Request *req, const Json *ruling, RulingView *out)
{
    const Json *fired = json_get(ruling, "fired");
    out->fired.items = arena_array(req->arena, RuleFiredView, fired ? fired->count : 0);
    json_each (rule, fired) {
        RuleFiredView *one = &out->fired.items[out->fired.count++];
        *one = (RuleFiredView){
            .rule = json_int(rule, "rule", 0),
            .path = version_path(req, ruling, json_int(rule, "rule", 0)),
            .basis = overlaid(req, ruling, json_text(rule, "id"), json_text(rule, "basis"))};
        if (!date_parse(json_text(rule, "checked_on"), &one->checked_on))
            one->checked_on = DATE_NONE;
    }
}

/* The id of the rule that matched first, or NULL. */
static const char *first_fired(const Json *ruling)
{
    const Json *fired = json_get(ruling, "fired");
    return fired && fired->count ? json_text(fired->items[0], "id") : NULL;
}

/* A text that a rule answers has its English in the overlay under "RULE.OUTPUT". */
static const char *answered_text(Request *req, const Json *ruling, const char *output,
                                 const char *text)
{
    const char *rule = first_fired(ruling);
    return rule ? overlaid(req, ruling, arena_printf(req->arena, "%s.%s", rule, output), text)
                : text;
}

/* A context is shown member by member, anything else alone. */
static void show_outputs(Request *req, const DossierView *view, const Json *ruling, RulingView *out)
{
    const Json *output = json_get(ruling, "output");
    bool has_members = output && output->kind == JSON_OBJECT;
    out->outputs.items = arena_array(req->arena, RuleValueView, has_members ? output->count : 1);
    if (!has_members)
        out->outputs.items[out->outputs.count++] = (RuleValueView){
            .label = "",
            .value = worded(req, "ruling.word.", value_text(req, view, ruling, "output")),
            .is_personal = json_bool(ruling, "is_personal", false)};
    else
        json_each (member, output)
            out->outputs.items[out->outputs.count++] = (RuleValueView){
                .label = worded(req, "ruling.output.", member->name),
                .value = worded(req, "ruling.unit.",
                                answered_text(req, ruling, member->name,
                                              value_text(req, view, output, member->name)))};
}

typedef LIST(RulingView) RulingList;

/* ---- rulings --------------------------------------------------------------------------------- */

/* What a process asks is known by its table: "authorisation" of "authorisation/food-licence". */
static const char *step_name(Request *req, const char *step)
{
    const char *key = arena_printf(req->arena, "ruling.step.%.*s", (int)strcspn(step, "/"), step);
    return message_raw(req->language, message_exists(key) ? key : "ruling.step.other");
}

/* Whose own version it was: the unit of that place. NULL: everybody's. */
static const char *place_name(Request *req, const char *division, Error *err)
{
    Units units = {0};
    if (text_is_empty(division) || !org_units(req->conn, req->arena, req->tenant, &units, err))
        return NULL;
    list_each (Unit, unit, &units)
        if (text_equal(unit->division, division))
            return org_name_in(req, unit);
    return division;
}

static const char *title_of(Request *req, const Json *ruling)
{
    const char *name = catalogue_own_name(request_app(req), req->conn, "table",
                                          json_id(ruling, "definition"), req->language);
    return name ? name : json_text(ruling, "table");
}

static bool show_one(Request *req, const DossierView *view, const Answered *answered, Instant at,
                     const Json *ruling, RulingView *out, Error *err)
{
    bool may_read = rights_have(req->user.rights, RIGHT_ADMIN_READ);
    const char *path = version_path(req, ruling, 0);
    const char *step = json_text(ruling, "step");
    *out = (RulingView){.step = step,
                        .name = step_name(req, step),
                        .at = at,
                        .table = json_text(ruling, "table"),
                        .title = title_of(req, ruling),
                        .version = json_int(ruling, "version", 0),
                        .place = place_name(req, json_text(ruling, "division"), err),
                        .binds = json_text(ruling, "binds"),
                        .path = path       ? path
                                : may_read ? "/admin/definitions"
                                           : NULL};
    show_inputs(req, view, answered, ruling, out);
    show_fired(req, ruling, out);
    show_outputs(req, view, ruling, out);
    return !error_is_set(err) &&
           ((date_parse(json_text(ruling, "effective_from"), &out->effective_from) &&
             date_parse(json_text(ruling, "on"), &out->on)) ||
            error_set(err, ERROR_INTERNAL, .code = "catalogue.content"));
}

/* What was charged in the same command, told in the words of the tables that charged it. */
static void name_fees(Request *req, DossierView *view, Instant at, const Json *ruling)
{
    const char *step = json_text(ruling, "step"), *rule = first_fired(ruling);
    bool is_reduction = text_equal(step, "fee_reduction");
    if (!rule || !(is_reduction || text_equal(step, "fee")))
        return;
    for (size_t i = 0; i < view->fees.count; i++) {
        FeeView *fee = &view->fees.items[i];
        if (fee->charged_at != at)
            continue;
        if (!is_reduction) {
            fee->basis = overlaid(req, ruling, rule, fee->basis);
        } else if (fee->reduction_ground) {
            fee->reduction_ground = answered_text(req, ruling, "ground", fee->reduction_ground);
            fee->reduction_basis = overlaid(req, ruling, rule, fee->reduction_basis);
        }
    }
}

typedef struct Ruled {
    Instant at;
    const Json *ruling;
} Ruled;
typedef LIST(Ruled) RuledList;

static bool collect_entry(Request *req, const JournalEntry *entry, RuledList *out, Error *err)
{
    const Json *data = json_parse(req->arena, entry->data, strlen(entry->data), &JSON_LIMITS, err);
    if (!data)
        return false;
    json_each (ruling, json_get(data, "rules")) {
        Ruled one = {.at = entry->at, .ruling = ruling};
        list_add(req->arena, out, one);
    }
    return true;
}

static bool is_same_member(Arena *arena, const Json *one, const Json *other, const char *name)
{
    return text_equal(json_tree_text(arena, json_get(one, name)),
                      json_tree_text(arena, json_get(other, name)));
}

static bool is_same_ruling(Arena *arena, const Json *one, const Json *other)
{
    static const char *const members[] = {"step",   "decision", "definition", "binds", "division",
                                          "inputs", "fired",    "output",     NULL};
    for (size_t i = 0; members[i]; i++)
        if (!is_same_member(arena, one, other, members[i]))
            return false;
    return true;
}

/* A limit is asked for at filing and, bindingly, at acceptance: told once, as it was last asked. */
static bool is_asked_again(Arena *arena, const RuledList *all, const Ruled *one)
{
    for (const Ruled *later = one + 1; later < all->items + all->count; later++)
        if (is_same_ruling(arena, one->ruling, later->ruling))
            return true;
    return false;
}

static bool show_ruled(Request *req, const RuledList *ruled, const Answered *answered,
                       DossierView *view, Error *err)
{
    RulingList rulings = {0};
    list_each (const Ruled, one, ruled) {
        RulingView shown;
        name_fees(req, view, one->at, one->ruling);
        if (is_asked_again(req->arena, ruled, one))
            continue;
        if (!show_one(req, view, answered, one->at, one->ruling, &shown, err))
            return false;
        list_add(req->arena, &rulings, shown);
    }
    view_list_set(&view->rulings, &rulings);
    return true;
}

bool pages_rulings(Request *req, const Dossier *dossier, DossierView *view, Error *err)
{
    JournalEntries entries = {0};
    RuledList ruled = {0};
    Answered answered;
    if (!find_form(req, dossier, &answered, err) ||
        !journal_of_dossier(req->conn, req->arena, req->tenant, dossier->id, &entries, err))
        return false;
    list_each (JournalEntry, entry, &entries)
        if (strstr(entry->data, "\"rules\":") && !collect_entry(req, entry, &ruled, err))
            return false;
    return show_ruled(req, &ruled, &answered, view, err);
}
