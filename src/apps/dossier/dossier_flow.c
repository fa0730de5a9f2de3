/*
 * dossier_flow.c - /dossiers/{number}/flow: the drawing of a dossier's process with its position.
 *
 *     model's diagram + tasks of the dossier -> what was passed -> shapes with states -> SVG by
 *     flow.html
 */
#include "apps/dossier/dossier_pages.h"
#include "apps/dossier/flow_views_gen.h"

#include <string.h>

enum { MARGIN = 20, LINE_HEIGHT = 15, WIDE = 12, NARROW = 7, LINES_MOST = 5, INSIDE = 90 };

typedef struct Flow {
    Request *req;
    const BpmnModel *model;
    const Json *overlay; /* English names by element id, or NULL */
    const Tasks *tasks;
    bool *passed; /* by index of the element */
    FlowView *view;
} Flow;

static int64_t whole(double value)
{
    return (int64_t)(value < 0 ? value - 0.5 : value + 0.5);
}

static const char *name_of(const Flow *flow, const char *id, const char *name)
{
    const char *english = flow->overlay ? json_text(flow->overlay, id) : NULL;
    return english ? english : name;
}

/* ---- names in lines -------------------------------------------------------------------------- */

static int width_of(uint32_t letter)
{
    return letter >= 0x2E80 ? WIDE : NARROW;
}

/* The end of the longest start of a text that fits; behind a blank rather than inside a word. */
static const char *line_end(const char *text, int most)
{
    const char *end = text, *blank = NULL;
    for (int width = 0; *end;) {
        const char *next = end;
        uint32_t letter = text_next(&next);
        width += width_of(letter);
        if (width > most && end > text)
            return blank ? blank : end;
        if (letter == ' ')
            blank = next;
        end = next;
    }
    return end;
}

/* Lines around a middle, or from a top downwards. */
static void put_lines(const Flow *flow, FlowShapeView *shape, const char *text, int most,
                      int64_t middle_x, int64_t y, bool is_centred)
{
    Arena *arena = flow->req->arena;
    shape->lines.items = arena_array(arena, FlowTextView, LINES_MOST);
    for (const char *at = text; *at && shape->lines.count < LINES_MOST;) {
        const char *end = line_end(at, most);
        shape->lines.items[shape->lines.count++] =
            (FlowTextView){.text = arena_text_n(arena, at, (size_t)(end - at)), .x = middle_x};
        at = end;
    }
    int64_t count = (int64_t)shape->lines.count;
    int64_t top = is_centred ? y - (count - 1) * LINE_HEIGHT / 2 : y;
    for (int64_t i = 0; i < count; i++)
        shape->lines.items[i].y = top + i * LINE_HEIGHT;
}

/* ---- what was passed ------------------------------------------------------------------------- */

/* Elements that can be come to, with one of them taken out (BPMN_NO_INDEX: none). */
typedef struct Reach {
    const BpmnModel *model;
    size_t without;
    bool *reached;
    size_t *waiting;
    size_t count;
} Reach;

static void come_to(Reach *reach, size_t element)
{
    if (element == BPMN_NO_INDEX || element == reach->without || reach->reached[element])
        return;
    reach->reached[element] = true;
    reach->waiting[reach->count++] = element;
}

static void reach_all(Reach *reach)
{
    memset(reach->reached, 0, bpmn_element_count(reach->model) * sizeof *reach->reached);
    for (size_t i = 0; i < bpmn_element_count(reach->model); i++)
        if (bpmn_element(reach->model, i)->kind == BPMN_PROCESS)
            come_to(reach, i);
    while (reach->count) {
        const BpmnElement *element = bpmn_element(reach->model, reach->waiting[--reach->count]);
        come_to(reach, element->start);
        for (size_t i = 0; i < element->outgoing_count; i++)
            come_to(reach, bpmn_flow(reach->model, element->outgoing[i])->target);
        for (size_t i = 0; i < element->boundary_count; i++)
            come_to(reach, element->boundary[i]);
    }
}

/* Whether a task that was opened lies behind what is taken out. */
static bool is_cut_off(const Flow *flow, const bool *reachable, const Reach *reach)
{
    list_each (const Task, task, flow->tasks) {
        const BpmnElement *element = bpmn_find(flow->model, task->element);
        if (element && element->index != reach->without && reachable[element->index] &&
            !reach->reached[element->index])
            return true;
    }
    return false;
}

/* Frames around others are not coloured. */
static bool leaves_no_task(BpmnKind kind)
{
    return kind != BPMN_USER_TASK && kind != BPMN_PROCESS && kind != BPMN_SUB_PROCESS;
}

/* Of services, gateways and events one without which a task could not have been opened was passed.
 */
static void find_passed(Flow *flow)
{
    Arena *arena = flow->req->arena;
    size_t count = bpmn_element_count(flow->model);
    bool *reachable = arena_array(arena, bool, count);
    Reach reach = {.model = flow->model,
                   .without = BPMN_NO_INDEX,
                   .reached = reachable,
                   .waiting = arena_array(arena, size_t, count)};
    reach_all(&reach);
    reach.reached = arena_array(arena, bool, count);
    flow->passed = arena_array(arena, bool, count);
    for (size_t i = 0; i < count; i++) {
        reach.without = i;
        if (leaves_no_task(bpmn_element(flow->model, i)->kind) && reachable[i]) {
            reach_all(&reach);
            flow->passed[i] = is_cut_off(flow, reachable, &reach);
        }
    }
}

/* ---- shapes ---------------------------------------------------------------------------------- */

static const char *kind_of(const BpmnElement *element)
{
    switch (element->kind) {
    case BPMN_PROCESS:
    case BPMN_SUB_PROCESS: return "scope";
    case BPMN_EXCLUSIVE:
    case BPMN_PARALLEL: return "gateway";
    case BPMN_END:
    case BPMN_TERMINATE_END:
    case BPMN_ERROR_END: return "end";
    case BPMN_START:
    case BPMN_TIMER_CATCH:
    case BPMN_BOUNDARY_TIMER:
    case BPMN_BOUNDARY_ERROR:
    case BPMN_LINK_THROW:
    case BPMN_LINK_CATCH: return "event";
    case BPMN_PASS:
    case BPMN_USER_TASK:
    case BPMN_SERVICE_TASK:
    case BPMN_SCRIPT_TASK:
    case BPMN_DECISION_TASK: break;
    }
    return "task";
}

/* What is open now wins: a step that was returned is done and open again. */
static const char *state_of(const Flow *flow, const BpmnElement *element)
{
    const char *state = flow->passed[element->index] ? "done" : NULL;
    list_each (const Task, task, flow->tasks) {
        if (!text_equal(task->element, element->id))
            continue;
        if (text_equal(task->state, "open"))
            return "now";
        if (text_equal(task->state, "done"))
            state = "done";
    }
    return state;
}

static void outline_gateway(Arena *arena, const BpmnElement *element, FlowShapeView *shape)
{
    shape->outline = arena_printf(arena, "%lld,%lld %lld,%lld %lld,%lld %lld,%lld",
                                  (long long)shape->middle_x, (long long)shape->y,
                                  (long long)shape->x + shape->width, (long long)shape->middle_y,
                                  (long long)shape->middle_x, (long long)shape->y + shape->height,
                                  (long long)shape->x, (long long)shape->middle_y);
    shape->mark = element->kind == BPMN_PARALLEL ? "+" : "×";
}

static FlowShapeView shape_view(const Flow *flow, const BpmnShape *drawn)
{
    const BpmnElement *element = bpmn_element(flow->model, drawn->element);
    FlowShapeView shape = {.element = element->id,
                           .name = name_of(flow, element->id, element->name),
                           .kind = kind_of(element),
                           .state = state_of(flow, element),
                           .x = whole(drawn->x),
                           .y = whole(drawn->y),
                           .width = whole(drawn->width),
                           .height = whole(drawn->height),
                           .middle_x = whole(drawn->x + drawn->width / 2),
                           .middle_y = whole(drawn->y + drawn->height / 2)};
    if (text_equal(shape.kind, "gateway"))
        outline_gateway(flow->req->arena, element, &shape);
    if (drawn->has_label)
        put_lines(flow, &shape, shape.name, INSIDE + MARGIN,
                  whole(drawn->label_x + drawn->label_width / 2), whole(drawn->label_y) + WIDE,
                  false);
    else if (text_equal(shape.kind, "task"))
        put_lines(flow, &shape, shape.name, INSIDE, shape.middle_x, shape.middle_y + 4, true);
    else
        put_lines(flow, &shape, shape.name, INSIDE + MARGIN, shape.middle_x,
                  shape.y + shape.height + LINE_HEIGHT, false);
    return shape;
}

static FlowEdgeView edge_view(const Flow *flow, const BpmnEdge *drawn)
{
    const BpmnFlow *line = bpmn_flow(flow->model, drawn->flow);
    Buffer points = buffer_init(flow->req->arena, 0);
    for (size_t i = 0; i < drawn->point_count; i++)
        buffer_printf(&points, "%s%lld,%lld", i ? " " : "", (long long)whole(drawn->points[i].x),
                      (long long)whole(drawn->points[i].y));
    FlowEdgeView edge = {.points = buffer_text(&points)};
    if (!*line->name)
        return edge;
    const BpmnPoint *from = &drawn->points[0], *to = &drawn->points[1];
    edge.name = name_of(flow, line->id, line->name);
    edge.x = drawn->has_label ? whole(drawn->label_x) : whole((from->x + to->x) / 2);
    edge.y = drawn->has_label ? whole(drawn->label_y) + WIDE : whole((from->y + to->y) / 2) - 4;
    return edge;
}

/* ---- the page -------------------------------------------------------------------------------- */

static void draw(Flow *flow)
{
    const BpmnDiagram *diagram = bpmn_diagram(flow->model);
    FlowView *view = flow->view;
    view->is_drawn = diagram->shape_count > 0;
    view->x = whole(diagram->x) - MARGIN;
    view->y = whole(diagram->y) - MARGIN;
    view->width = whole(diagram->width) + 2L * MARGIN;
    view->height = whole(diagram->height) + 2L * MARGIN + LINE_HEIGHT;
    view->shapes.items = arena_array(flow->req->arena, FlowShapeView, diagram->shape_count);
    for (size_t i = 0; i < diagram->shape_count; i++)
        view->shapes.items[view->shapes.count++] = shape_view(flow, &diagram->shapes[i]);
    view->edges.items = arena_array(flow->req->arena, FlowEdgeView, diagram->edge_count);
    for (size_t i = 0; i < diagram->edge_count; i++)
        view->edges.items[view->edges.count++] = edge_view(flow, &diagram->edges[i]);
}

static void name_open_steps(Flow *flow)
{
    flow->view->now.items = arena_array(flow->req->arena, Text, flow->tasks->count);
    list_each (const Task, task, flow->tasks)
        if (text_equal(task->state, "open"))
            flow->view->now.items[flow->view->now.count++] =
                both_in(task->name, flow->req->language);
}

/* How a department works inside is for its officers and for supervisors. */
bool flow_page(Request *req, Error *err)
{
    App *app = request_app(req);
    FlowView *view = arena_new(req->arena, FlowView);
    Tasks tasks = {0};
    Flow flow = {.req = req, .tasks = &tasks, .view = view};
    Dossier dossier;
    Id definition;
    const char *state;
    if (!pages_dossier(req, req->conn, &dossier, err))
        return false;
    if (req->user.kind != USER_OFFICER)
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown");
    view->number = dossier.number;
    view->item = both_in(dossier.item_name, req->language);
    if (!store_process(req->conn, app, req->arena, dossier.id, &definition, &state, err) ||
        !store_tasks(req->conn, req->arena, req->tenant, dossier.id, &tasks, err))
        return false;
    flow.model = catalogue_process(app, req->conn, definition, err);
    if (!flow.model)
        return false;
    if (req->language == LANGUAGE_EN)
        flow.overlay = catalogue_overlay(app, req->conn, definition);
    find_passed(&flow);
    draw(&flow);
    name_open_steps(&flow);
    return request_show(req, &FlowView_type, view);
}
