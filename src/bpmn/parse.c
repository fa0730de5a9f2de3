/*
 * parse.c - BPMN XML into a model: which process, which elements, in which scope.
 *
 *     text -> xml tree -> process -> elements (parse_detail.c fills each) -> links (link.c) ->
 * model
 *
 * What we do not run is refused by name, never skipped: whoever draws an inclusive gateway must be
 * told, not surprised by a dossier. Skipped are only parts that carry no behaviour: diagrams, data
 * objects, annotations. Errors are collected, so that an editor shows all of them at once.
 */
#include "bpmn/model_internal.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

bool bpmn_refuse(BpmnParse *p, const XmlElement *at, const char *id, const char *code,
                 const char *format, ...)
{
    va_list args;
    if (p->error_count++ >= BPMN_ERRORS_MAX)
        return false;
    va_start(args, format);
    const char *what = arena_vprintf(p->arena, format, args);
    va_end(args);
    const char *detail =
        arena_printf(p->arena, "line %d, \"%s\": %s", at->line, id ? id : "", what);
    const char *line = arena_printf(p->arena, "%d", at->line);
    return error_add(p->err, p->arena, ERROR_INVALID, .code = code, .field = id, .detail = detail,
                     .line = at->line, .column = at->column,
                     .with = {{"line", line}, {"element", id ? id : ""}, {"what", what}});
}

void bpmn_warn(BpmnParse *p, int line, const char *id, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(p->arena, format, args);
    va_end(args);
    list_add(p->arena, &p->model->warnings,
             (BpmnWarning){.code = code, .element = id, .message = message, .line = line});
}

BpmnText bpmn_text(BpmnParse *p, const XmlElement *at, const char *id, const char *text)
{
    const char *trimmed = text ? text_trim(p->arena, text) : "";
    BpmnText result = {.text = trimmed};
    if (!*trimmed)
        return (BpmnText){0};
    if (*trimmed != '=')
        return result;
    Error cause = ERROR_NONE;
    result.feel = feel_compile(p->arena, trimmed + 1, FEEL_EXPRESSION, NULL, &cause);
    if (!result.feel)
        bpmn_refuse(p, at, id, "bpmn.expression", "%s in \"%s\"%s%s", cause.code, trimmed,
                    cause.message ? ": " : "", cause.message ? cause.message : "");
    return result;
}

/* ---- which tags mean what -------------------------------------------------------------------- */

typedef enum TagUse { TAG_NODE, TAG_EVENT, TAG_SCOPE, TAG_FLOW, TAG_IGNORED, TAG_WARNED } TagUse;

typedef struct Tag {
    const char *name;
    TagUse use;
    BpmnKind kind;
} Tag;

static const Tag tags[] = {
    {"sequenceFlow", TAG_FLOW, BPMN_PASS},
    {"userTask", TAG_NODE, BPMN_USER_TASK},
    {"exclusiveGateway", TAG_NODE, BPMN_EXCLUSIVE},
    {"endEvent", TAG_EVENT, BPMN_END},
    {"startEvent", TAG_EVENT, BPMN_START},
    {"parallelGateway", TAG_NODE, BPMN_PARALLEL},
    {"serviceTask", TAG_NODE, BPMN_SERVICE_TASK},
    {"sendTask", TAG_NODE, BPMN_SERVICE_TASK},
    {"scriptTask", TAG_NODE, BPMN_SCRIPT_TASK},
    {"businessRuleTask", TAG_NODE, BPMN_DECISION_TASK},
    {"task", TAG_NODE, BPMN_PASS},
    {"manualTask", TAG_NODE, BPMN_PASS},
    {"subProcess", TAG_SCOPE, BPMN_SUB_PROCESS},
    {"boundaryEvent", TAG_EVENT, BPMN_BOUNDARY_TIMER},
    {"intermediateCatchEvent", TAG_EVENT, BPMN_TIMER_CATCH},
    {"intermediateThrowEvent", TAG_EVENT, BPMN_PASS},
    {"extensionElements", TAG_IGNORED, BPMN_PASS},
    {"documentation", TAG_IGNORED, BPMN_PASS},
    {"incoming", TAG_IGNORED, BPMN_PASS},
    {"outgoing", TAG_IGNORED, BPMN_PASS},
    {"laneSet", TAG_IGNORED, BPMN_PASS},
    {"dataObject", TAG_IGNORED, BPMN_PASS},
    {"dataObjectReference", TAG_IGNORED, BPMN_PASS},
    {"dataStoreReference", TAG_IGNORED, BPMN_PASS},
    {"textAnnotation", TAG_IGNORED, BPMN_PASS},
    {"association", TAG_IGNORED, BPMN_PASS},
    {"group", TAG_IGNORED, BPMN_PASS},
    {"property", TAG_IGNORED, BPMN_PASS},
    {"ioSpecification", TAG_IGNORED, BPMN_PASS},
    {"dataInput", TAG_IGNORED, BPMN_PASS},
    {"dataOutput", TAG_IGNORED, BPMN_PASS},
    {"inputSet", TAG_IGNORED, BPMN_PASS},
    {"outputSet", TAG_IGNORED, BPMN_PASS},
    {"dataInputAssociation", TAG_IGNORED, BPMN_PASS},
    {"dataOutputAssociation", TAG_IGNORED, BPMN_PASS},
    {"auditing", TAG_IGNORED, BPMN_PASS},
    {"monitoring", TAG_IGNORED, BPMN_PASS},
    {"multiInstanceLoopCharacteristics", TAG_IGNORED, BPMN_PASS}, /* parse_detail.c reads it */
    {"resourceRole", TAG_WARNED, BPMN_PASS},
    {"performer", TAG_WARNED, BPMN_PASS},
    {"humanPerformer", TAG_WARNED, BPMN_PASS},
    {"potentialOwner", TAG_WARNED, BPMN_PASS},
    {"rendering", TAG_WARNED, BPMN_PASS},
};

static const Tag *tag_find(const XmlElement *xml)
{
    if (!text_equal(xml->namespace_uri, BPMN_NAMESPACE))
        return NULL;
    for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
        if (strcmp(tags[i].name, xml->name) == 0)
            return &tags[i];
    return NULL;
}

/* Another namespace at this place carries no BPMN behaviour: the standard lets one skip it. */
static bool is_foreign(const XmlElement *xml)
{
    return !text_equal(xml->namespace_uri, BPMN_NAMESPACE);
}

static bool is_event_definition(const XmlElement *xml)
{
    return text_ends_with(xml->name, "ventDefinition") ||
           text_equal(xml->name, "eventDefinitionRef");
}

/* ---- elements -------------------------------------------------------------------------------- */

static const char *documentation(BpmnParse *p, const XmlElement *xml)
{
    const char *text = xml_child_text(xml, BPMN_NAMESPACE, "documentation");
    return text ? text_trim(p->arena, text) : "";
}

/* Attributes that would change what an element does and that we do not do. */
static bool check_attributes(BpmnParse *p, const XmlElement *xml, const char *id)
{
    static const struct {
        const char *name;
        const char *usual;
    } expected[] = {
        {"isForCompensation", "false"}, {"startQuantity", "1"},        {"completionQuantity", "1"},
        {"triggeredByEvent", "false"},  {"parallelMultiple", "false"},
    };
    for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
        const char *value = xml_attribute(xml, NULL, expected[i].name);
        if (value && strcmp(value, expected[i].usual) != 0)
            return bpmn_refuse(p, xml, id, "bpmn.unsupported", "%s with %s=\"%s\" is not supported",
                               xml->name, expected[i].name, value);
    }
    return true;
}

/* Files of other engines keep their behaviour in attributes that mean nothing here. */
static void warn_foreign_attributes(BpmnParse *p, const XmlElement *xml, const char *id)
{
    for (size_t i = 0; i < xml->attribute_count; i++) {
        if (!text_equal(xml->attributes[i].namespace_uri, CAMUNDA_NAMESPACE))
            continue;
        bpmn_warn(p, xml->line, id, "bpmn.ignored", "camunda:%s has no meaning here",
                  xml->attributes[i].name);
        return;
    }
}

/* The children of a node that is no scope: nothing with behaviour may be left over. */
static void check_children(BpmnParse *p, const XmlElement *xml, const char *id, bool is_event)
{
    xml_each (child, xml) {
        const Tag *tag = tag_find(child);
        if (is_foreign(child) || (tag && tag->use == TAG_IGNORED))
            continue;
        if (is_event && is_event_definition(child))
            continue;
        if (text_equal(child->name, "script") && text_equal(xml->name, "scriptTask"))
            continue;
        if (tag && tag->use == TAG_WARNED)
            bpmn_warn(p, child->line, id, "bpmn.ignored",
                      "%s has no meaning here: use "
                      "zeebe:assignmentDefinition",
                      child->name);
        else
            bpmn_refuse(p, child, id, "bpmn.unsupported", "%s in a %s is not supported",
                        child->name, xml->name);
    }
}

/* A new element of the model, registered under its id; NULL when it cannot be. */
static BpmnElement *element_add(BpmnParse *p, const XmlElement *xml, BpmnKind kind, size_t parent)
{
    const char *id = xml_attribute(xml, NULL, "id");
    if (text_is_empty(id)) {
        bpmn_refuse(p, xml, NULL, "bpmn.no_id", "the %s has no id", xml->name);
        return NULL;
    }
    if (map_has(&p->model->elements_by_id, id) || map_has(&p->model->flows_by_id, id)) {
        bpmn_refuse(p, xml, id, "bpmn.repeated_id", "the id is used twice");
        return NULL;
    }
    struct BpmnDetail *detail = arena_new(p->arena, struct BpmnDetail);
    detail->xml = xml;
    detail->link_target = BPMN_NO_INDEX;
    detail->default_id = xml_attribute(xml, NULL, "default");
    detail->attached_to_id = xml_attribute(xml, NULL, "attachedToRef");
    BpmnElement *element = arena_new(p->arena, BpmnElement);
    *element = (BpmnElement){.index = p->model->elements.count,
                             .id = id,
                             .name = text_or_empty(xml_attribute(xml, NULL, "name")),
                             .documentation = documentation(p, xml),
                             .lane = map_get(&p->lanes, id),
                             .kind = kind,
                             .tag = xml->name,
                             .line = xml->line,
                             .parent = parent,
                             .attached_to = BPMN_NO_INDEX,
                             .start = BPMN_NO_INDEX,
                             .detail = detail};
    const char *cancels = xml_attribute(xml, NULL, "cancelActivity");
    element->is_interrupting = !text_equal(cancels, "false");
    list_add(p->arena, &p->model->elements, element);
    map_set(&p->model->elements_by_id, id, element);
    return element;
}

static struct BpmnDetail *detail_of(BpmnElement *element)
{
    return (struct BpmnDetail *)element->detail; /* ours until the model is handed out */
}

static void walk_scope(BpmnParse *p, const XmlElement *xml, size_t parent, int depth);

static void flow_add(BpmnParse *p, const XmlElement *xml)
{
    const char *id = xml_attribute(xml, NULL, "id");
    if (text_is_empty(id)) {
        bpmn_refuse(p, xml, NULL, "bpmn.no_id", "the sequenceFlow has no id");
        return;
    }
    if (map_has(&p->model->elements_by_id, id) || map_has(&p->model->flows_by_id, id)) {
        bpmn_refuse(p, xml, id, "bpmn.repeated_id", "the id is used twice");
        return;
    }
    list_add(p->arena, &p->flow_xml, xml);
    map_set(&p->model->flows_by_id, id, (void *)(uintptr_t)p->flow_xml.count);
}

static void node_add(BpmnParse *p, const XmlElement *xml, const Tag *tag, size_t parent, int depth)
{
    BpmnElement *element = element_add(p, xml, tag->kind, parent);
    if (!element || !check_attributes(p, xml, element->id))
        return;
    warn_foreign_attributes(p, xml, element->id);
    if (tag->use == TAG_EVENT)
        bpmn_parse_event(p, element, detail_of(element));
    bpmn_parse_detail(p, element, detail_of(element));
    if (tag->use == TAG_SCOPE)
        walk_scope(p, xml, element->index, depth + 1);
    else
        check_children(p, xml, element->id, tag->use == TAG_EVENT);
}

static void walk_child(BpmnParse *p, const XmlElement *child, const char *scope_id, size_t parent,
                       int depth)
{
    const Tag *tag = tag_find(child);
    const char *id = xml_attribute(child, NULL, "id");
    if (!tag) {
        bpmn_refuse(p, child, id ? id : scope_id, "bpmn.unsupported", "%s is not supported",
                    child->name);
        return;
    }
    switch (tag->use) {
    case TAG_FLOW: flow_add(p, child); break;
    case TAG_IGNORED: break;
    case TAG_WARNED:
        bpmn_warn(p, child->line, scope_id, "bpmn.ignored", "%s has no meaning here", child->name);
        break;
    default: node_add(p, child, tag, parent, depth);
    }
}

static bool is_too_large(const BpmnParse *p)
{
    return arena_is_over(p->arena) || p->model->elements.count > BPMN_ELEMENTS_MAX;
}

/* Everything in a process or sub-process. Depth is bounded by the XML reader as well. */
static void walk_scope(BpmnParse *p, const XmlElement *xml, size_t parent, int depth)
{
    const char *scope_id = p->model->elements.items[parent]->id;
    if (depth > BPMN_NESTING_MAX) {
        bpmn_refuse(p, xml, scope_id, "bpmn.nesting", "sub-processes nest deeper than %d",
                    BPMN_NESTING_MAX);
        return;
    }
    xml_each (child, xml) {
        if (p->error_count >= BPMN_ERRORS_MAX || is_too_large(p))
            return;
        if (!is_foreign(child))
            walk_child(p, child, scope_id, parent, depth);
    }
}

/* ---- lanes ----------------------------------------------------------------------------------- */

/* Inner lanes are walked after the outer one names its nodes, so the innermost name stays. */
static void read_lanes(BpmnParse *p, const XmlElement *set)
{
    xml_each (lane, set) {
        if (!xml_is(lane, BPMN_NAMESPACE, "lane"))
            continue;
        const char *name = xml_attribute(lane, NULL, "name");
        if (text_is_empty(name))
            name = text_or_empty(xml_attribute(lane, NULL, "id"));
        xml_each (reference, lane)
            if (xml_is(reference, BPMN_NAMESPACE, "flowNodeRef"))
                map_set(&p->lanes, text_trim(p->arena, reference->text), (void *)(uintptr_t)name);
        read_lanes(p, xml_child(lane, BPMN_NAMESPACE, "childLaneSet"));
    }
}

static void find_lanes(BpmnParse *p, const XmlElement *scope)
{
    xml_each (child, scope) {
        if (xml_is(child, BPMN_NAMESPACE, "laneSet"))
            read_lanes(p, child);
        else if (xml_is(child, BPMN_NAMESPACE, "subProcess"))
            find_lanes(p, child);
    }
}

/* ---- the process ----------------------------------------------------------------------------- */

static bool is_executable(const XmlElement *process)
{
    return text_equal(xml_attribute(process, NULL, "isExecutable"), "true");
}

/* The executable process, or the only one. */
static const XmlElement *choose_process(BpmnParse *p, const XmlElement *root)
{
    const XmlElement *executable = NULL;
    const XmlElement *last = NULL;
    size_t count = 0;
    size_t executable_count = 0;
    xml_each (child, root) {
        if (!xml_is(child, BPMN_NAMESPACE, "process"))
            continue;
        count++;
        last = child;
        if (is_executable(child)) {
            executable_count++;
            executable = child;
        }
    }
    if (!count) {
        bpmn_refuse(p, root, NULL, "bpmn.no_process", "there is no process in this file");
        return NULL;
    }
    if (executable_count > 1 || (!executable_count && count > 1)) {
        bpmn_refuse(p, last, xml_attribute(last, NULL, "id"), "bpmn.many_processes",
                    "mark exactly one of the %zu processes as executable", count);
        return NULL;
    }
    return executable ? executable : last;
}

static void warn_about_processes(BpmnParse *p, const XmlElement *root, const XmlElement *chosen)
{
    if (!is_executable(chosen))
        bpmn_warn(p, chosen->line, xml_attribute(chosen, NULL, "id"), "bpmn.not_executable",
                  "the process is not marked as executable");
    xml_each (child, root)
        if (child != chosen && xml_is(child, BPMN_NAMESPACE, "process"))
            bpmn_warn(p, child->line, text_or_empty(xml_attribute(child, NULL, "id")),
                      "bpmn.other_process", "this process is drawn only; it does not run");
}

static void read_process(BpmnParse *p, const XmlElement *root)
{
    if (!xml_is(root, BPMN_NAMESPACE, "definitions")) {
        bpmn_refuse(p, root, NULL, "bpmn.no_process", "the file is no BPMN 2.0 definitions");
        return;
    }
    const XmlElement *process = choose_process(p, root);
    if (!process)
        return;
    find_lanes(p, process);
    BpmnElement *element = element_add(p, process, BPMN_PROCESS, BPMN_NO_INDEX);
    if (!element)
        return;
    warn_about_processes(p, root, process);
    bpmn_parse_detail(p, element, detail_of(element));
    walk_scope(p, process, 0, 0);
    if (p->error_count < BPMN_ERRORS_MAX && !is_too_large(p))
        bpmn_link_model(p);
}

BpmnModel *bpmn_parse(Arena *arena, const char *xml, size_t length, Error *err)
{
    Error unused = ERROR_NONE;
    XmlElement *root = xml_parse(arena, xml, length, &XML_LIMITS, err);
    if (!root)
        return NULL;
    BpmnParse p = {.arena = arena,
                   .model = arena_new(arena, BpmnModel),
                   .root = root,
                   .lanes = map_init(arena),
                   .err = err ? err : &unused};
    p.model->arena = arena;
    p.model->elements_by_id = map_init(arena);
    p.model->flows_by_id = map_init(arena);
    read_process(&p, root);
    if (is_too_large(&p)) {
        error_set(err, ERROR_TOO_LARGE, .code = "bpmn.too_large");
        return NULL;
    }
    if (p.error_count)
        return NULL;
    bpmn_parse_diagram(&p);
    return p.model;
}
