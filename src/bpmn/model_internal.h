#ifndef BPMN_MODEL_INTERNAL_H
#define BPMN_MODEL_INTERNAL_H

/* What the files of the engine share about a model; not for callers. */
#include "base/list.h"
#include "bpmn/bpmn.h"
#include "format/xml.h"

#define BPMN_NAMESPACE    "http://www.omg.org/spec/BPMN/20100524/MODEL"
#define ZEEBE_NAMESPACE   "http://camunda.org/schema/zeebe/1.0"
#define CAMUNDA_NAMESPACE "http://camunda.org/schema/1.0/bpmn"

enum {
    BPMN_ELEMENTS_MAX = 5000,
    BPMN_NESTING_MAX = 24,                     /* sub-processes inside each other */
    BPMN_DEPTH_MAX = 2 * BPMN_NESTING_MAX + 4, /* nodes: each may have a multi-instance body */
    BPMN_ERRORS_MAX = 20,
};

/* A text of the model: FEEL when it begins with "=", else as it stands. Both NULL: absent. */
typedef struct BpmnText {
    const char *text;
    const FeelExpression *feel;
} BpmnText;

/* One zeebe:input or zeebe:output: source into the path of names. */
typedef struct BpmnMapping {
    BpmnText source;
    const char **path;
    size_t path_count;
} BpmnMapping;

typedef LIST(BpmnMapping) BpmnMappings;

typedef enum BpmnTimerKind {
    BPMN_TIMER_NONE,
    BPMN_TIMER_DATE,
    BPMN_TIMER_DURATION,
    BPMN_TIMER_CYCLE,
} BpmnTimerKind;

struct BpmnDetail {
    BpmnText assignee;
    BpmnText candidate_groups;
    BpmnText candidate_users;
    BpmnText form;
    BpmnText due;
    BpmnText follow_up;
    BpmnText priority;
    BpmnText job_type;
    BpmnText retries;
    BpmnText decision_id;
    BpmnText script;
    const char *result_variable;
    BpmnMappings inputs;
    BpmnMappings outputs;
    BpmnTimerKind timer_kind;
    BpmnText timer;
    BpmnText input_collection; /* of a multi-instance activity */
    const char *input_element;
    const char *output_collection;
    BpmnText output_element;
    BpmnText completion;
    const char *error_code; /* of an error event; NULL: any */
    const char *link;       /* name of a link event */
    size_t link_target;
    /* Only while parsing. */
    const XmlElement *xml;
    const char *attached_to_id;
    const char *default_id;
    bool has_task_definition;
};

struct BpmnModel {
    Arena *arena;
    LIST(BpmnElement *) elements;
    LIST(BpmnFlow) flows;
    BpmnText *conditions; /* by flow */
    LIST(BpmnWarning) warnings;
    Map elements_by_id; /* BpmnElement * */
    Map flows_by_id;    /* index + 1 as a pointer */
    BpmnDiagram diagram;
};

/* What the parsing files pass around. */
typedef struct BpmnParse {
    Arena *arena;
    BpmnModel *model;
    const XmlElement *root;
    Map lanes; /* flow node id -> lane name */
    LIST(const XmlElement *) flow_xml;
    size_t error_count;
    Error *err;
} BpmnParse;

/* Adds an error at an XML element: `id` may be NULL. Returns false. */
bool bpmn_refuse(BpmnParse *p, const XmlElement *at, const char *id, const char *code,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

void bpmn_warn(BpmnParse *p, int line, const char *id, const char *code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Reads a text of the model and compiles it when it is FEEL; NULL and "" give an absent text. */
BpmnText bpmn_text(BpmnParse *p, const XmlElement *at, const char *id, const char *text);

/* Fills the detail of an element from its XML: extension elements, event definitions. */
void bpmn_parse_detail(BpmnParse *p, BpmnElement *element, struct BpmnDetail *detail);

/* Sets kind from the event definition that stands in an event. */
void bpmn_parse_event(BpmnParse *p, BpmnElement *element, struct BpmnDetail *detail);

/* Reads the diagram behind the process. */
void bpmn_parse_diagram(BpmnParse *p);

/* Joins flows, boundary events, links and starts to their elements and checks what must hold. */
void bpmn_link_model(BpmnParse *p);

bool bpmn_text_is_absent(BpmnText text);
bool bpmn_is_activity(BpmnKind kind);
bool bpmn_is_boundary(BpmnKind kind);
bool bpmn_is_scope(BpmnKind kind);

/* ---- timers ---------------------------------------------------------------------------------- */

typedef struct BpmnTimer {
    Instant due;
    int64_t cycle_left;   /* firings after the first; -1 without end */
    const char *interval; /* ISO 8601 duration between firings; NULL when there is one only */
} BpmnTimer;

/* The moments of a timer from the value of its expression, counted from `from`. False with a
 * reason in plain English. */
bool bpmn_timer_read(Arena *arena, BpmnTimerKind kind, FeelValue value, Instant from,
                     int offset_minutes, BpmnTimer *out, const char **out_reason);

/* moment plus an ISO 8601 duration, by the calendar of the place. */
bool bpmn_timer_plus(Arena *arena, Instant moment, int offset_minutes, const char *interval,
                     Instant *out);

#endif
