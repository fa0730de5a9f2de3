/* workbench_title.c - what definitions call themselves. */
#include "apps/workbench/workbench_internal.h"

typedef struct Lookup {
    Request *req;
    App *app;
    Date today;
    Id definition; /* the version in force today */
} Lookup;

/* A text of the file, or what its overlay has for the element that carries it. */
static const char *in_language(const Lookup *one, const char *element, const char *name)
{
    if (one->req->language != LANGUAGE_EN)
        return text_is_empty(name) ? NULL : name;
    return catalogue_english(one->app, one->req->conn, one->definition, element, NULL);
}

static const char *name_of_item(const Lookup *one, const char *code)
{
    Error ignored = ERROR_NONE;
    const Item *item = catalogue_item(one->app, one->req->conn, code, one->today, &ignored);
    return item ? both_in(item->name, one->req->language) : NULL;
}

static const char *name_of_process(const Lookup *one)
{
    Error ignored = ERROR_NONE;
    const BpmnModel *model = catalogue_process(one->app, one->req->conn, one->definition, &ignored);
    return model ? in_language(one, bpmn_process_id(model), bpmn_process_name(model)) : NULL;
}

static const char *name_of_table(const Lookup *one)
{
    Error ignored = ERROR_NONE;
    const DmnModel *model = catalogue_table(one->app, one->req->conn, one->definition, &ignored);
    return model ? in_language(one, dmn_model_id(model), dmn_model_name(model)) : NULL;
}

const char *workbench_own_name(Request *req, const char *kind, const char *code)
{
    App *app = request_app(req);
    Error ignored = ERROR_NONE;
    Lookup one = {.req = req, .app = app, .today = instant_date(req->now, app->zone_minutes)};
    if (text_equal(kind, "item"))
        return name_of_item(&one, code);
    bool is_table = text_equal(kind, "table");
    if ((!is_table && !text_equal(kind, "process")) ||
        !catalogue_in_force(app, req->conn, kind, code, one.today, &one.definition, &ignored))
        return NULL;
    return is_table ? name_of_table(&one) : name_of_process(&one);
}

const char *workbench_title(Request *req, const char *kind, const char *code)
{
    const char *name = workbench_own_name(req, kind, code);
    return name ? arena_printf(req->arena, "%s · %s", name, code) : code;
}
