/*
 * link.c - joins what names each other in a model, and checks what must hold before it runs.
 *
 *     flows -> incoming, outgoing · attachedToRef -> boundary · links · starts -> reachability
 *
 * What is certainly wrong is an error; what a process can live with (an element that no token ever
 * reaches) is a warning.
 */
#include "bpmn/model_internal.h"

#include "base/text.h"

static struct BpmnDetail *detail_of(BpmnElement *element)
{
    return (struct BpmnDetail *)element->detail; /* ours until the model is handed out */
}

static bool refuse(BpmnParse *p, BpmnElement *element, const char *code, const char *what)
{
    return bpmn_refuse(p, element->detail->xml, element->id, code, "%s", what);
}

/* ---- flows ----------------------------------------------------------------------------------- */

static BpmnElement *flow_end(BpmnParse *p, const XmlElement *xml, const char *attribute)
{
    const char *id = xml_attribute(xml, NULL, attribute);
    BpmnElement *element = id ? map_get(&p->model->elements_by_id, id) : NULL;
    if (!element || element->kind == BPMN_PROCESS) {
        bpmn_refuse(p, xml, xml_attribute(xml, NULL, "id"), "bpmn.flow",
                    "%s names \"%s\", which is no element", attribute, id ? id : "");
        return NULL;
    }
    return element;
}

/* What is wrong with a flow from source to target, or NULL. */
static const char *flow_fault(const BpmnElement *source, const BpmnElement *target)
{
    if (source->parent != target->parent)
        return "a flow may not cross the border of a sub-process";
    if (target->kind == BPMN_START)
        return "a start event takes no flow";
    if (bpmn_is_boundary(target->kind))
        return "a boundary event takes no flow";
    if (target->kind == BPMN_LINK_CATCH)
        return "a link that catches takes no flow";
    if (source->kind == BPMN_END || source->kind == BPMN_TERMINATE_END ||
        source->kind == BPMN_ERROR_END)
        return "no flow may leave an end event";
    if (source->kind == BPMN_LINK_THROW)
        return "no flow may leave a link that throws";
    return NULL;
}

static BpmnText flow_condition(BpmnParse *p, const XmlElement *xml, const char *id)
{
    const char *text = xml_child_text(xml, BPMN_NAMESPACE, "conditionExpression");
    BpmnText condition = bpmn_text(p, xml, id, text);
    if (!bpmn_text_is_absent(condition) && condition.text[0] != '=')
        bpmn_refuse(p, xml, id, "bpmn.condition",
                    "the condition \"%s\" is no FEEL expression: it must begin with \"=\"",
                    condition.text);
    return condition;
}

static void link_flow(BpmnParse *p, const XmlElement *xml, BpmnText *out_condition, BpmnFlow *out)
{
    const char *name = xml_attribute(xml, NULL, "name");
    out->id = xml_attribute(xml, NULL, "id");
    out->name = name ? name : "";
    out->line = xml->line;
    *out_condition = flow_condition(p, xml, out->id);
    out->condition = out_condition->text;
    BpmnElement *source = flow_end(p, xml, "sourceRef");
    BpmnElement *target = flow_end(p, xml, "targetRef");
    if (!source || !target)
        return;
    const char *fault = flow_fault(source, target);
    if (fault) {
        bpmn_refuse(p, xml, out->id, "bpmn.flow", "%s", fault);
        return;
    }
    out->source = source->index;
    out->target = target->index;
    source->outgoing_count++;
    target->incoming_count++;
}

/* Element 0 is the process, which no flow may name: a flow from it is one that was refused. */
static void fill_flows(BpmnParse *p)
{
    BpmnModel *model = p->model;
    size_t *room = arena_array(p->arena, size_t, model->flows.count * 2 + 1);
    list_each (BpmnElement *, one, &model->elements) {
        (*one)->incoming = room;
        room += (*one)->incoming_count;
        (*one)->outgoing = room;
        room += (*one)->outgoing_count;
        (*one)->incoming_count = (*one)->outgoing_count = 0;
    }
    list_each (BpmnFlow, flow, &model->flows) {
        if (!flow->source)
            continue;
        BpmnElement *source = model->elements.items[flow->source];
        BpmnElement *target = model->elements.items[flow->target];
        ((size_t *)source->outgoing)[source->outgoing_count++] = flow->index;
        ((size_t *)target->incoming)[target->incoming_count++] = flow->index;
    }
}

static void link_flows(BpmnParse *p)
{
    BpmnModel *model = p->model;
    model->conditions = arena_array(p->arena, BpmnText, p->flow_xml.count + 1);
    list_each (const XmlElement *, xml, &p->flow_xml) {
        BpmnFlow flow = {.index = model->flows.count};
        link_flow(p, *xml, &model->conditions[flow.index], &flow);
        list_add(p->arena, &model->flows, flow);
    }
    fill_flows(p);
}

/* ---- gateways -------------------------------------------------------------------------------- */

static void link_default(BpmnParse *p, BpmnElement *element)
{
    const char *id = element->detail->default_id;
    if (!id)
        return;
    size_t place = (size_t)(uintptr_t)map_get(&p->model->flows_by_id, id);
    BpmnFlow *flow = place ? &p->model->flows.items[place - 1] : NULL;
    if (element->kind != BPMN_EXCLUSIVE)
        refuse(p, element, "bpmn.default_flow", "only an exclusive gateway has a default flow");
    else if (!flow || flow->source != element->index)
        refuse(p, element, "bpmn.default_flow", "the default flow does not leave this gateway");
    else if (flow->condition)
        refuse(p, element, "bpmn.default_flow", "the default flow must not have a condition");
    else
        flow->is_default = true;
}

static void check_conditions(BpmnParse *p, const BpmnElement *element)
{
    for (size_t i = 0; i < element->outgoing_count; i++) {
        const BpmnFlow *flow = &p->model->flows.items[element->outgoing[i]];
        const XmlElement *xml = p->flow_xml.items[flow->index];
        bool is_exclusive = element->kind == BPMN_EXCLUSIVE;
        if (flow->condition && !is_exclusive)
            bpmn_refuse(p, xml, flow->id, "bpmn.condition",
                        "only flows that leave an exclusive gateway may have a condition");
        if (is_exclusive && element->outgoing_count > 1 && !flow->condition && !flow->is_default)
            bpmn_refuse(p, xml, flow->id, "bpmn.condition",
                        "the flow needs a condition, or must be the default flow");
    }
}

/* ---- boundary events and links --------------------------------------------------------------- */

static BpmnElement *boundary_host(BpmnParse *p, const BpmnElement *event)
{
    const char *id = event->detail->attached_to_id;
    BpmnElement *host = id ? map_get(&p->model->elements_by_id, id) : NULL;
    return host && bpmn_is_activity(host->kind) && host->parent == event->parent ? host : NULL;
}

static void link_boundaries(BpmnParse *p)
{
    BpmnModel *model = p->model;
    size_t *room = arena_array(p->arena, size_t, model->elements.count + 1);
    list_each (BpmnElement *, one, &model->elements) {
        if (!bpmn_is_boundary((*one)->kind))
            continue;
        BpmnElement *host = boundary_host(p, *one);
        if (host) {
            (*one)->attached_to = host->index;
            host->boundary_count++;
        } else {
            refuse(p, *one, "bpmn.boundary",
                   "attachedToRef must name a task that waits, or a sub-process, in this scope");
        }
    }
    list_each (BpmnElement *, one, &model->elements) {
        (*one)->boundary = room;
        room += (*one)->boundary_count;
        (*one)->boundary_count = 0;
    }
    list_each (BpmnElement *, one, &model->elements) {
        if ((*one)->attached_to == BPMN_NO_INDEX)
            continue;
        BpmnElement *host = model->elements.items[(*one)->attached_to];
        ((size_t *)host->boundary)[host->boundary_count++] = (*one)->index;
    }
}

static void link_link(BpmnParse *p, BpmnElement *thrower)
{
    size_t found = 0;
    list_each (BpmnElement *, one, &p->model->elements) {
        if ((*one)->kind != BPMN_LINK_CATCH || (*one)->parent != thrower->parent ||
            !text_equal((*one)->detail->link, thrower->detail->link))
            continue;
        found++;
        detail_of(thrower)->link_target = (*one)->index;
    }
    if (found != 1)
        refuse(p, thrower, "bpmn.link", "needs exactly one catching link of its name in its scope");
}

/* ---- starts ---------------------------------------------------------------------------------- */

static void count_starts(BpmnParse *p, const BpmnElement *scope, size_t *out_none,
                         size_t *out_timers, size_t *out_none_index, size_t *out_timer_index)
{
    list_each (BpmnElement *, one, &p->model->elements) {
        if ((*one)->kind != BPMN_START || (*one)->parent != scope->index)
            continue;
        if ((*one)->detail->timer_kind == BPMN_TIMER_NONE) {
            (*out_none)++;
            *out_none_index = (*one)->index;
        } else {
            (*out_timers)++;
            *out_timer_index = (*one)->index;
        }
    }
}

/* A process begins at its none start, or at its timer start when it has only that. */
static void link_start(BpmnParse *p, BpmnElement *scope)
{
    size_t none = 0;
    size_t timers = 0;
    size_t none_index = BPMN_NO_INDEX;
    size_t timer_index = BPMN_NO_INDEX;
    count_starts(p, scope, &none, &timers, &none_index, &timer_index);
    scope->start = none ? none_index : timer_index;
    if (none > 1 || (!none && timers > 1))
        refuse(p, scope, "bpmn.many_starts", "there is more than one start event");
    else if (!none && !timers)
        refuse(p, scope, "bpmn.no_start", "there is no start event");
    else if (timers && scope->kind == BPMN_SUB_PROCESS)
        refuse(p, scope, "bpmn.unsupported", "a sub-process with a timer start is not supported");
}

/* ---- reachability ---------------------------------------------------------------------------- */

typedef struct Reach {
    BpmnParse *p;
    LIST(size_t) open;
} Reach;

static void reach(Reach *r, size_t index)
{
    if (index == BPMN_NO_INDEX || r->p->model->elements.items[index]->is_reachable)
        return;
    r->p->model->elements.items[index]->is_reachable = true;
    list_add(r->p->arena, &r->open, index);
}

static void mark_reachable(BpmnParse *p)
{
    Reach r = {.p = p};
    reach(&r, 0);
    while (r.open.count) {
        const BpmnElement *one = p->model->elements.items[r.open.items[--r.open.count]];
        reach(&r, one->start);
        reach(&r, one->detail->link_target);
        for (size_t i = 0; i < one->boundary_count; i++)
            reach(&r, one->boundary[i]);
        for (size_t i = 0; i < one->outgoing_count; i++)
            reach(&r, p->model->flows.items[one->outgoing[i]].target);
    }
    list_each (BpmnElement *, one, &p->model->elements)
        if (!(*one)->is_reachable)
            bpmn_warn(p, (*one)->line, (*one)->id, "bpmn.unreachable", "no token ever gets here");
}

void bpmn_link_model(BpmnParse *p)
{
    link_flows(p);
    link_boundaries(p);
    list_each (BpmnElement *, one, &p->model->elements) {
        link_default(p, *one);
        check_conditions(p, *one);
        if (bpmn_is_scope((*one)->kind))
            link_start(p, *one);
        if ((*one)->kind == BPMN_LINK_THROW && !text_is_empty((*one)->detail->link))
            link_link(p, *one);
    }
    if (!p->error_count)
        mark_reachable(p);
}
