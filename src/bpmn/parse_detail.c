/*
 * parse_detail.c - what one element does: its event definition and its zeebe: extension elements.
 *
 *     extensionElements -> a row of the table below per child -> BpmnDetail
 *
 * The table says which extension element may stand on which kind of element. One that is not in
 * the table, or stands elsewhere, is refused: it would promise behaviour that does not happen.
 */
#include "bpmn/model_internal.h"

#include <string.h>

#include "base/text.h"

typedef struct Place {
    BpmnParse *p;
    BpmnElement *element;
    struct BpmnDetail *detail;
} Place;

static BpmnText attribute(Place *at, const XmlElement *xml, const char *name)
{
    return bpmn_text(at->p, xml, at->element->id, xml_attribute(xml, NULL, name));
}

/* ---- one function per extension element ------------------------------------------------------ */

static void read_assignment(Place *at, const XmlElement *xml)
{
    at->detail->assignee = attribute(at, xml, "assignee");
    at->detail->candidate_groups = attribute(at, xml, "candidateGroups");
    at->detail->candidate_users = attribute(at, xml, "candidateUsers");
}

static void read_form(Place *at, const XmlElement *xml)
{
    static const char *const names[] = {"formKey", "formId", "externalReference"};
    for (size_t i = 0; i < 3 && bpmn_text_is_absent(at->detail->form); i++)
        at->detail->form = attribute(at, xml, names[i]);
    at->element->form_key = at->detail->form.text;
}

static void read_schedule(Place *at, const XmlElement *xml)
{
    at->detail->due = attribute(at, xml, "dueDate");
    at->detail->follow_up = attribute(at, xml, "followUpDate");
}

static void read_priority(Place *at, const XmlElement *xml)
{
    at->detail->priority = attribute(at, xml, "priority");
}

static void read_job(Place *at, const XmlElement *xml)
{
    at->detail->has_task_definition = true;
    at->detail->job_type = attribute(at, xml, "type");
    at->element->job_type = at->detail->job_type.text;
    at->detail->retries = attribute(at, xml, "retries");
}

static void read_result_variable(Place *at, const XmlElement *xml)
{
    const char *name = xml_attribute(xml, NULL, "resultVariable");
    at->detail->result_variable = name;
    if (text_is_empty(name) || !feel_is_name(name))
        bpmn_refuse(at->p, xml, at->element->id, "bpmn.task",
                    "zeebe:%s needs a resultVariable that is a name", xml->name);
}

static void read_script(Place *at, const XmlElement *xml)
{
    at->detail->script = attribute(at, xml, "expression");
    if (!at->detail->script.feel)
        bpmn_refuse(at->p, xml, at->element->id, "bpmn.task",
                    "zeebe:script needs an expression that begins with \"=\"");
    read_result_variable(at, xml);
}

static void read_decision(Place *at, const XmlElement *xml)
{
    at->detail->decision_id = attribute(at, xml, "decisionId");
    at->element->decision_id = at->detail->decision_id.text;
    if (bpmn_text_is_absent(at->detail->decision_id))
        bpmn_refuse(at->p, xml, at->element->id, "bpmn.task",
                    "zeebe:calledDecision needs a decisionId");
    read_result_variable(at, xml);
}

static void ignore(Place *at, const XmlElement *xml)
{
    (void)at;
    (void)xml;
}

static BpmnPairs read_pairs(Place *at, const XmlElement *xml, const char *item, const char *key)
{
    BpmnPair *pairs = arena_array(at->p->arena, BpmnPair, xml->child_count);
    size_t count = 0;
    xml_each (child, xml) {
        const char *name = xml_attribute(child, NULL, key);
        const char *value = xml_attribute(child, NULL, "value");
        if (xml_is(child, ZEEBE_NAMESPACE, item) && !text_is_empty(name))
            pairs[count++] = (BpmnPair){.name = name, .value = value ? value : ""};
    }
    return (BpmnPairs){.items = pairs, .count = count};
}

static void read_headers(Place *at, const XmlElement *xml)
{
    at->element->headers = read_pairs(at, xml, "header", "key");
}

static void read_properties(Place *at, const XmlElement *xml)
{
    at->element->properties = read_pairs(at, xml, "property", "name");
}

static void read_mapping(Place *at, const XmlElement *xml, BpmnMappings *mappings)
{
    BpmnMapping mapping = {.source = attribute(at, xml, "source")};
    const char *target = xml_attribute(xml, NULL, "target");
    if (!text_is_empty(target))
        mapping.path_count = text_split(at->p->arena, target, '.', &mapping.path);
    for (size_t i = 0; i < mapping.path_count; i++)
        mapping.path_count = feel_is_name(mapping.path[i]) ? mapping.path_count : 0;
    if (!mapping.path_count || bpmn_text_is_absent(mapping.source)) {
        bpmn_refuse(at->p, xml, at->element->id, "bpmn.task",
                    "a mapping needs a source, and a target made of names");
        return;
    }
    list_add(at->p->arena, mappings, mapping);
}

static void read_mappings(Place *at, const XmlElement *xml)
{
    xml_each (child, xml) {
        if (xml_is(child, ZEEBE_NAMESPACE, "input"))
            read_mapping(at, child, &at->detail->inputs);
        else if (xml_is(child, ZEEBE_NAMESPACE, "output"))
            read_mapping(at, child, &at->detail->outputs);
    }
}

/* ---- the table ------------------------------------------------------------------------------- */

#define ON(kind) (1U << (kind))
#define ON_TASKS                                                                                   \
    (ON(BPMN_USER_TASK) | ON(BPMN_SERVICE_TASK) | ON(BPMN_SCRIPT_TASK) | ON(BPMN_DECISION_TASK))
#define ON_JOBS (ON(BPMN_SERVICE_TASK) | ON(BPMN_SCRIPT_TASK) | ON(BPMN_DECISION_TASK))
#define ON_EVENTS                                                                                  \
    (ON(BPMN_START) | ON(BPMN_END) | ON(BPMN_TERMINATE_END) | ON(BPMN_PASS) | ON(BPMN_TIMER_CATCH))
#define ON_ANY (~0U)

static const struct Extension {
    const char *name;
    unsigned kinds;
    void (*read)(Place *at, const XmlElement *xml);
} extensions[] = {
    {"assignmentDefinition", ON(BPMN_USER_TASK), read_assignment},
    {"formDefinition", ON(BPMN_USER_TASK) | ON(BPMN_START), read_form},
    {"taskSchedule", ON(BPMN_USER_TASK), read_schedule},
    {"priorityDefinition", ON(BPMN_USER_TASK), read_priority},
    {"userTask", ON(BPMN_USER_TASK), ignore}, /* tells two kinds of user task apart: ours is one */
    {"taskDefinition", ON_JOBS, read_job},
    {"taskHeaders", ON_TASKS, read_headers},
    {"properties", ON_ANY, read_properties},
    {"script", ON(BPMN_SCRIPT_TASK), read_script},
    {"calledDecision", ON(BPMN_DECISION_TASK), read_decision},
    {"ioMapping", ON_TASKS | ON_EVENTS | ON(BPMN_SUB_PROCESS), read_mappings},
    {"versionTag", ON(BPMN_PROCESS), ignore},
    {"userTaskForm", ON(BPMN_PROCESS), ignore}, /* a form's JSON, found by its key elsewhere */
};

static void read_extension(Place *at, const XmlElement *xml)
{
    for (size_t i = 0; i < sizeof(extensions) / sizeof(*extensions); i++) {
        if (strcmp(extensions[i].name, xml->name) != 0)
            continue;
        if (extensions[i].kinds & ON(at->element->kind)) {
            extensions[i].read(at, xml);
            return;
        }
    }
    bpmn_refuse(at->p, xml, at->element->id, "bpmn.unsupported", "zeebe:%s on %s is not supported",
                xml->name, at->element->tag);
}

/* ---- multi-instance -------------------------------------------------------------------------- */

/* A name, or NULL when absent. */
static const char *read_name(Place *at, const XmlElement *xml, const char *attribute_name)
{
    const char *name = xml_attribute(xml, NULL, attribute_name);
    if (text_is_empty(name))
        return NULL;
    if (!feel_is_name(name))
        bpmn_refuse(at->p, xml, at->element->id, "bpmn.loop", "%s must be a name", attribute_name);
    return name;
}

static BpmnText read_expression(Place *at, const XmlElement *xml, const char *text,
                                const char *what)
{
    BpmnText result = bpmn_text(at->p, xml, at->element->id, text);
    if (!bpmn_text_is_absent(result) && *result.text != '=')
        bpmn_refuse(at->p, xml, at->element->id, "bpmn.loop", "%s must begin with \"=\"", what);
    return result;
}

static void check_loop_children(Place *at, const XmlElement *loop)
{
    xml_each (child, loop) {
        bool is_known = text_equal(child->name, "extensionElements") ||
                        text_equal(child->name, "completionCondition") ||
                        text_equal(child->name, "documentation");
        if (text_equal(child->namespace_uri, BPMN_NAMESPACE) && !is_known)
            bpmn_refuse(at->p, child, at->element->id, "bpmn.unsupported",
                        "%s of a multi-instance activity is not supported", child->name);
    }
}

static void read_loop(Place *at)
{
    const XmlElement *loop =
        xml_child(at->detail->xml, BPMN_NAMESPACE, "multiInstanceLoopCharacteristics");
    struct BpmnDetail *detail = at->detail;
    if (!loop)
        return;
    if (!bpmn_is_activity(at->element->kind)) {
        bpmn_refuse(at->p, loop, at->element->id, "bpmn.unsupported", "%s in a %s is not supported",
                    loop->name, at->element->tag);
        return;
    }
    const XmlElement *zeebe = xml_child(xml_child(loop, BPMN_NAMESPACE, "extensionElements"),
                                        ZEEBE_NAMESPACE, "loopCharacteristics");
    bool is_sequential = text_equal(xml_attribute(loop, NULL, "isSequential"), "true");
    at->element->loop = is_sequential ? BPMN_LOOP_SEQUENTIAL : BPMN_LOOP_PARALLEL;
    detail->input_collection =
        read_expression(at, loop, xml_attribute(zeebe, NULL, "inputCollection"), "inputCollection");
    detail->output_element =
        read_expression(at, loop, xml_attribute(zeebe, NULL, "outputElement"), "outputElement");
    detail->completion =
        read_expression(at, loop, xml_child_text(loop, BPMN_NAMESPACE, "completionCondition"),
                        "completionCondition");
    detail->input_element = zeebe ? read_name(at, zeebe, "inputElement") : NULL;
    detail->output_collection = zeebe ? read_name(at, zeebe, "outputCollection") : NULL;
    if (bpmn_text_is_absent(detail->input_collection))
        bpmn_refuse(at->p, loop, at->element->id, "bpmn.loop",
                    "a multi-instance activity needs a zeebe:loopCharacteristics with an "
                    "inputCollection");
    if (!detail->output_collection != bpmn_text_is_absent(detail->output_element))
        bpmn_refuse(at->p, loop, at->element->id, "bpmn.loop",
                    "outputCollection and outputElement belong together");
    check_loop_children(at, loop);
}

/* ---- what a task needs ----------------------------------------------------------------------- */

/* A script or business-rule task with a job type is a service task by another name. */
static void settle_job(Place *at)
{
    BpmnElement *element = at->element;
    if (at->detail->has_task_definition && bpmn_text_is_absent(at->detail->job_type))
        bpmn_refuse(at->p, at->detail->xml, element->id, "bpmn.task",
                    "zeebe:taskDefinition needs a type");
    if (at->detail->has_task_definition &&
        (element->kind == BPMN_SCRIPT_TASK || element->kind == BPMN_DECISION_TASK)) {
        if (at->detail->result_variable)
            bpmn_refuse(at->p, at->detail->xml, element->id, "bpmn.task",
                        "give either zeebe:taskDefinition or what the engine shall evaluate");
        element->kind = BPMN_SERVICE_TASK;
    }
}

static void check_needs(Place *at)
{
    static const struct {
        BpmnKind kind;
        const char *needed;
    } needs[] = {
        {BPMN_SERVICE_TASK, "taskDefinition"},
        {BPMN_SCRIPT_TASK, "script"},
        {BPMN_DECISION_TASK, "calledDecision"},
    };
    const XmlElement *xml = at->detail->xml;
    const XmlElement *all = xml_child(xml, BPMN_NAMESPACE, "extensionElements");
    for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
        if (needs[i].kind == at->element->kind && !xml_child(all, ZEEBE_NAMESPACE, needs[i].needed))
            bpmn_refuse(at->p, xml, at->element->id, "bpmn.task", "the %s needs a zeebe:%s",
                        at->element->tag, needs[i].needed);
}

void bpmn_parse_detail(BpmnParse *p, BpmnElement *element, struct BpmnDetail *detail)
{
    Place at = {.p = p, .element = element, .detail = detail};
    xml_each (child, xml_child(detail->xml, BPMN_NAMESPACE, "extensionElements")) {
        if (text_equal(child->namespace_uri, ZEEBE_NAMESPACE))
            read_extension(&at, child);
        else if (text_equal(child->namespace_uri, CAMUNDA_NAMESPACE))
            bpmn_warn(p, child->line, element->id, "bpmn.ignored", "camunda:%s has no meaning here",
                      child->name);
    }
    settle_job(&at);
    check_needs(&at);
    read_loop(&at);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void read_timer(Place *at, const XmlElement *definition)
{
    static const struct {
        const char *name;
        BpmnTimerKind kind;
    } forms[] = {{"timeDate", BPMN_TIMER_DATE},
                 {"timeDuration", BPMN_TIMER_DURATION},
                 {"timeCycle", BPMN_TIMER_CYCLE}};
    size_t found = 0;
    for (size_t i = 0; i < 3; i++) {
        const char *text = xml_child_text(definition, BPMN_NAMESPACE, forms[i].name);
        if (!text)
            continue;
        found++;
        at->detail->timer_kind = forms[i].kind;
        at->detail->timer = bpmn_text(at->p, definition, at->element->id, text);
    }
    if (found != 1 || bpmn_text_is_absent(at->detail->timer)) {
        at->detail->timer_kind = BPMN_TIMER_DATE;
        bpmn_refuse(at->p, definition, at->element->id, "bpmn.timer",
                    "a timer needs one of timeDate, timeDuration and timeCycle");
    }
}

/* What a literal says is known now; an interrupting or catching timer fires once. */
static void check_timer(Place *at)
{
    const struct BpmnDetail *detail = at->detail;
    bool may_repeat = at->element->kind == BPMN_START ||
                      (at->element->kind == BPMN_BOUNDARY_TIMER && !at->element->is_interrupting);
    if (detail->timer_kind == BPMN_TIMER_CYCLE && !may_repeat)
        bpmn_refuse(at->p, detail->xml, at->element->id, "bpmn.timer",
                    "only a non-interrupting boundary timer may repeat");
    BpmnTimer unused;
    const char *why;
    if (bpmn_text_is_absent(detail->timer) || detail->timer.text[0] == '=')
        return;
    if (!bpmn_timer_read(at->p->arena, detail->timer_kind, feel_string(detail->timer.text), 0, 0,
                         &unused, &why))
        bpmn_refuse(at->p, detail->xml, at->element->id, "bpmn.timer", "\"%s\" %s",
                    detail->timer.text, why);
}

static void settle_timer(Place *at, const XmlElement *definition)
{
    BpmnKind kind = at->element->kind;
    if (kind != BPMN_START && kind != BPMN_TIMER_CATCH && kind != BPMN_BOUNDARY_TIMER) {
        bpmn_refuse(at->p, definition, at->element->id, "bpmn.unsupported",
                    "timerEventDefinition in a %s is not supported", at->element->tag);
        return;
    }
    read_timer(at, definition);
    check_timer(at);
}

static void settle_link(Place *at, const XmlElement *definition)
{
    bool is_throw = text_equal(at->element->tag, "intermediateThrowEvent");
    bool is_catch = text_equal(at->element->tag, "intermediateCatchEvent");
    at->detail->link = xml_attribute(definition, NULL, "name");
    if (text_is_empty(at->detail->link))
        bpmn_refuse(at->p, definition, at->element->id, "bpmn.link", "the link has no name");
    if (is_throw || is_catch)
        at->element->kind = is_throw ? BPMN_LINK_THROW : BPMN_LINK_CATCH;
    else
        bpmn_refuse(at->p, definition, at->element->id, "bpmn.unsupported",
                    "linkEventDefinition in a %s is not supported", at->element->tag);
}

/* errorRef is a qualified name; the prefix says nothing within one file. */
static const XmlElement *find_error(Place *at, const char *reference)
{
    const char *colon = strrchr(reference, ':');
    const char *id = colon ? colon + 1 : reference;
    xml_each (child, at->p->root)
        if (xml_is(child, BPMN_NAMESPACE, "error") &&
            text_equal(xml_attribute(child, NULL, "id"), id))
            return child;
    return NULL;
}

static void settle_error(Place *at, const XmlElement *definition)
{
    bool is_end = at->element->kind == BPMN_END;
    const char *reference = xml_attribute(definition, NULL, "errorRef");
    const XmlElement *error = reference ? find_error(at, reference) : NULL;
    at->detail->error_code = xml_attribute(error, NULL, "errorCode");
    at->element->kind = is_end ? BPMN_ERROR_END : BPMN_BOUNDARY_ERROR;
    bool is_missing = text_is_empty(at->detail->error_code) && (reference || is_end);
    if (is_missing || text_starts_with(at->detail->error_code ? at->detail->error_code : "", "="))
        bpmn_refuse(at->p, definition, at->element->id, "bpmn.error",
                    "errorRef must name an error whose errorCode is a literal text");
    if (!at->element->is_interrupting)
        bpmn_refuse(at->p, definition, at->element->id, "bpmn.error",
                    "an error always ends the activity that it leaves");
}

static void settle_definition(Place *at, const XmlElement *definition)
{
    if (text_equal(definition->name, "timerEventDefinition")) {
        settle_timer(at, definition);
    } else if (text_equal(definition->name, "linkEventDefinition")) {
        settle_link(at, definition);
    } else if (text_equal(definition->name, "errorEventDefinition") &&
               (at->element->kind == BPMN_END || at->element->kind == BPMN_BOUNDARY_TIMER)) {
        settle_error(at, definition);
    } else if (text_equal(definition->name, "terminateEventDefinition") &&
               at->element->kind == BPMN_END) {
        at->element->kind = BPMN_TERMINATE_END;
    } else {
        bpmn_refuse(at->p, definition, at->element->id, "bpmn.unsupported",
                    "%s in a %s is not supported", definition->name, at->element->tag);
    }
}

void bpmn_parse_event(BpmnParse *p, BpmnElement *element, struct BpmnDetail *detail)
{
    Place at = {.p = p, .element = element, .detail = detail};
    size_t count = 0;
    xml_each (child, detail->xml) {
        bool is_definition = text_ends_with(child->name, "ventDefinition") ||
                             text_equal(child->name, "eventDefinitionRef");
        if (!text_equal(child->namespace_uri, BPMN_NAMESPACE) || !is_definition)
            continue;
        if (++count == 1)
            settle_definition(&at, child);
        else
            bpmn_refuse(p, child, element->id, "bpmn.unsupported",
                        "several event definitions in a %s are not supported", element->tag);
    }
    bool waits = element->kind == BPMN_TIMER_CATCH || element->kind == BPMN_BOUNDARY_TIMER;
    if (!count && waits)
        bpmn_refuse(p, detail->xml, element->id, "bpmn.unsupported",
                    "a %s without an event definition is not supported", element->tag);
}
