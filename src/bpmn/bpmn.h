#ifndef BPMN_BPMN_H
#define BPMN_BPMN_H

/*
 * BPMN: the process engine. A model is parsed once and shared; an instance is a value that moves.
 *
 * Standard: BPMN 2.0.2 (ISO/IEC 19510), common executable subclass, with the extension elements of
 * the namespace http://camunda.org/schema/zeebe/1.0 and FEEL expressions, so that bpmn-js and
 * Camunda Modeler open and save the same file. A text that begins with "=" is FEEL, every other is
 * taken as it stands. What is supported, its exact semantics, the incident codes and the encoding
 * of the state are in docs/bpmn.md.
 *
 * The engine is pure: no input or output, no clock, no database. The caller gives the moment and a
 * way to decide tables, and gets EFFECTS: what it must do now (open a task row, arm a timer, call
 * a service), in order. Nothing else tells it to; task and timer rows are written from effects
 * only, and bpmn_open_tasks / bpmn_open_timers / bpmn_incidents let it compare.
 *
 * A life:
 *     model = bpmn_parse(...)                                   once per version, immutable
 *     instance = bpmn_start(model, arena, vars, &context, &effects, err); bpmn_save
 *     instance = bpmn_load(model, arena, text, length, err); bpmn_complete(...); bpmn_save
 *
 * The state is a TREE of nodes: the process at the root, sub-processes inside, tokens as leaves,
 * each node a scope for variables. Keys grow within the instance and are never used twice.
 *
 * Ownership: a model and all its texts live in the arena of bpmn_parse, which must outlive its
 * instances. An instance, its effects and every value reached from them live in the instance's
 * arena; texts and values given to a verb are not copied and must live as long. The arena should
 * have room for some MiB: a verb works in it and gives nothing back.
 *
 * Failure: a wrong call (no such node, not waiting, already finished) is an Error and changes
 * nothing. A fault of the process (a condition that is null, a missing assignee, a failed decision,
 * too many steps) is an INCIDENT on its node: the verb succeeds, the state shows it, bpmn_resolve
 * tries again. Only bpmn.memory and bpmn.too_large can fail a verb halfway: then drop the instance
 * and load it again from the stored text.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/time.h"
#include "feel/feel.h"

/* ---- model ----------------------------------------------------------------------------------- */

typedef struct BpmnModel BpmnModel;

#define BPMN_NO_INDEX SIZE_MAX

typedef enum BpmnKind {
    BPMN_PROCESS, /* element 0: the root scope */
    BPMN_SUB_PROCESS,
    BPMN_START,
    BPMN_END,
    BPMN_TERMINATE_END,
    BPMN_PASS, /* task without a type, manual task, none throw event: passed through */
    BPMN_USER_TASK,
    BPMN_SERVICE_TASK, /* also send, script and business-rule tasks that name a job type */
    BPMN_SCRIPT_TASK,
    BPMN_DECISION_TASK, /* business-rule task with zeebe:calledDecision */
    BPMN_EXCLUSIVE,
    BPMN_PARALLEL,
    BPMN_TIMER_CATCH,
    BPMN_BOUNDARY_TIMER,
    BPMN_BOUNDARY_ERROR,
    BPMN_ERROR_END,
    BPMN_LINK_THROW,
    BPMN_LINK_CATCH,
} BpmnKind;

typedef enum BpmnLoop { BPMN_LOOP_NONE, BPMN_LOOP_PARALLEL, BPMN_LOOP_SEQUENTIAL } BpmnLoop;

typedef struct BpmnPair { /* of zeebe:taskHeaders and zeebe:properties */
    const char *name;
    const char *value;
} BpmnPair;

typedef struct BpmnPairs {
    const BpmnPair *items;
    size_t count;
} BpmnPairs;

/* An element of the process. Indexes are stable within one model only: store ids. */
typedef struct BpmnElement {
    size_t index;
    const char *id;
    const char *name;          /* "" when absent */
    const char *documentation; /* "" when absent */
    const char *lane;          /* name of the innermost lane (its id when unnamed), or NULL */
    BpmnKind kind;
    BpmnLoop loop;   /* multi-instance: once for each item of a list */
    const char *tag; /* BPMN element name, "userTask" */
    int line;
    size_t parent;      /* the enclosing sub-process or process; BPMN_NO_INDEX for the process */
    size_t attached_to; /* of a boundary event; else BPMN_NO_INDEX */
    bool is_interrupting;
    bool is_reachable;
    const size_t *incoming; /* indexes of flows */
    size_t incoming_count;
    const size_t *outgoing;
    size_t outgoing_count;
    const size_t *boundary; /* indexes of the boundary events on it */
    size_t boundary_count;
    size_t start;                    /* of a process or sub-process: its start event */
    const char *form_key;            /* as written (may begin with "="), or NULL */
    const char *job_type;            /* of a service task, as written, or NULL */
    const char *decision_id;         /* of a business-rule task, as written, or NULL */
    BpmnPairs headers;               /* zeebe:taskHeaders */
    BpmnPairs properties;            /* zeebe:properties */
    const struct BpmnDetail *detail; /* the engine's own: compiled expressions */
} BpmnElement;

typedef struct BpmnFlow {
    size_t index;
    const char *id;
    const char *name; /* "" when absent */
    int line;
    size_t source; /* element indexes */
    size_t target;
    bool is_default;
    const char *condition; /* as written, beginning with "="; NULL when there is none */
} BpmnFlow;

/* What a reader of the model should know though it runs. The same codes as docs/bpmn.md. */
typedef struct BpmnWarning {
    const char *code; /* bpmn.unreachable, bpmn.not_executable, bpmn.ignored, bpmn.other_process */
    const char *element; /* id */
    const char *message;
    int line;
} BpmnWarning;

/* The process of a BPMN 2.0 XML text: the executable one, or the only one. Every expression is
 * compiled here. On failure NULL and a list of errors (at most 20) with `line`, `field` = the id of
 * the element, and as values for the translation {line}, {element} and {what}, which is a plain
 * English explanation (with its place also in `detail`): those of xml_parse, and bpmn.no_process,
 * bpmn.many_processes, bpmn.no_id, bpmn.repeated_id, bpmn.unsupported (names the element),
 * bpmn.no_start, bpmn.many_starts, bpmn.flow (unknown or misplaced end), bpmn.condition,
 * bpmn.default_flow, bpmn.expression, bpmn.timer, bpmn.boundary, bpmn.task (a needed extension
 * element is missing), bpmn.link, bpmn.error, bpmn.loop, bpmn.nesting (all ERROR_INVALID),
 * bpmn.too_large (ERROR_TOO_LARGE). */
MUST_CHECK BpmnModel *bpmn_parse(Arena *arena, const char *xml, size_t length, Error *err);

const char *bpmn_process_id(const BpmnModel *model);
const char *bpmn_process_name(const BpmnModel *model); /* "" when absent */
size_t bpmn_element_count(const BpmnModel *model);
const BpmnElement *bpmn_element(const BpmnModel *model, size_t index);
const BpmnElement *bpmn_find(const BpmnModel *model, const char *id); /* NULL when unknown */
size_t bpmn_flow_count(const BpmnModel *model);
const BpmnFlow *bpmn_flow(const BpmnModel *model, size_t index);
size_t bpmn_warning_count(const BpmnModel *model);
const BpmnWarning *bpmn_warning(const BpmnModel *model, size_t index);

/* ---- diagram: where an editor drew the elements (BPMN DI), in its pixels ----------------------
 */

typedef struct BpmnPoint {
    double x, y;
} BpmnPoint;

typedef struct BpmnShape {
    size_t element; /* index */
    double x, y, width, height;
    bool has_label; /* a place of its own for the name; else it stands inside or below */
    double label_x, label_y, label_width, label_height;
} BpmnShape;

typedef struct BpmnEdge {
    size_t flow; /* index */
    const BpmnPoint *points;
    size_t point_count; /* at least 2 */
    bool has_label;
    double label_x, label_y;
} BpmnEdge;

typedef struct BpmnDiagram {
    const BpmnShape *shapes; /* scopes before what they hold, as in the file */
    size_t shape_count;
    const BpmnEdge *edges;
    size_t edge_count;
    double x, y, width, height; /* what encloses them all */
} BpmnDiagram;

/* The diagram of a model; without shapes when the file has none, or one that cannot be read: then
 * it is left out whole, since a process runs without being drawn. */
const BpmnDiagram *bpmn_diagram(const BpmnModel *model);

/* "user_task", "exclusive": stable names of kinds, for pages and JSON. */
const char *bpmn_kind_name(BpmnKind kind);

/* ---- what the caller gives ------------------------------------------------------------------- */

typedef struct BpmnLimits {
    size_t steps;       /* elements entered by one verb, then the incident bpmn.step_budget */
    size_t nodes;       /* live nodes of an instance, then the incident bpmn.node_limit */
    size_t state_bytes; /* longest saved text that is written or read */
} BpmnLimits;

/* 10 000 steps, 5 000 nodes, 4 MiB. */
extern const BpmnLimits BPMN_LIMITS;

/* Decides `decision_id` over the variables that the task sees (a context). The result lives in the
 * arena; false with err filled becomes the incident bpmn.decision. */
typedef bool (*BpmnDecide)(void *data, Arena *arena, const char *decision_id, FeelValue variables,
                           FeelValue *out_result, Error *err);

typedef struct BpmnContext {
    Instant now;                  /* the moment at which the verb happens */
    int offset_minutes;           /* of the place, for civil dates and times (China: 480) */
    const FeelWorkdays *workdays; /* NULL: workdays.* are null */
    const BpmnLimits *limits;     /* NULL: BPMN_LIMITS */
    BpmnDecide decide;            /* NULL: business-rule tasks become incidents */
    void *decide_data;
} BpmnContext;

/* ---- effects --------------------------------------------------------------------------------- */

typedef enum BpmnEffectKind {
    BPMN_ELEMENT_ENTERED,
    BPMN_ELEMENT_LEFT, /* is_cancelled: it was ended from outside, not completed */
    BPMN_TASK_CREATED,
    BPMN_TASK_CANCELLED, /* a task that the caller completes gives no effect but ELEMENT_LEFT */
    BPMN_SERVICE_CALLED,
    BPMN_SERVICE_CANCELLED,
    BPMN_TIMER_SET,
    BPMN_TIMER_FIRED,
    BPMN_TIMER_CANCELLED,
    BPMN_INCIDENT_RAISED,
    BPMN_INCIDENT_RESOLVED, /* is_cancelled: its node was ended */
    BPMN_VARIABLES_CHANGED, /* key: the scope; variables: what was set there */
    BPMN_INSTANCE_COMPLETED,
    BPMN_INSTANCE_TERMINATED, /* message: the reason */
} BpmnEffectKind;

typedef struct BpmnTask {
    const char *assignee;                /* NULL: none given in the model */
    const char *const *candidate_groups; /* count 0: none given */
    size_t candidate_group_count;
    const char *const *candidate_users;
    size_t candidate_user_count;
    const char *form_key; /* or formId; NULL: none */
    Instant due;          /* INSTANT_NONE: none */
    Instant follow_up;    /* INSTANT_NONE: none */
    int64_t priority;     /* 0..100, 50 unless zeebe:priorityDefinition says otherwise */
} BpmnTask;

typedef struct BpmnService {
    const char *type;
    int64_t retries;     /* 3 unless the model says otherwise */
    FeelValue variables; /* a context: the local ones when inputs are mapped, else all seen */
} BpmnService;

typedef struct BpmnEffect {
    BpmnEffectKind kind;
    int64_t key; /* of the node: task, service, timer, incident, scope */
    const BpmnElement *element;
    bool is_cancelled;
    const BpmnTask *task;       /* TASK_CREATED; headers and properties are on the element */
    const BpmnService *service; /* SERVICE_CALLED */
    Instant due;                /* TIMER_SET, TIMER_FIRED */
    Instant fired;              /* TIMER_FIRED: the `now` of the verb */
    int64_t cycle_left;         /* TIMER_SET: firings after this one; 0 none, -1 without end */
    int64_t host;        /* TIMER_SET of a boundary event: the node that it watches, else 0 */
    FeelValue variables; /* VARIABLES_CHANGED; INSTANCE_COMPLETED: the final ones */
    const char *code;    /* INCIDENT_RAISED, INCIDENT_RESOLVED */
    const char *message; /* INCIDENT_RAISED: plain English with the place */
} BpmnEffect;

typedef struct BpmnEffects {
    BpmnEffect *items; /* in the order in which they happened */
    size_t count;
    size_t capacity;
} BpmnEffects;

/* "task_created": stable names, for journals and tests. */
const char *bpmn_effect_name(BpmnEffectKind kind);

/* ---- instance -------------------------------------------------------------------------------- */

typedef struct BpmnInstance BpmnInstance;

typedef enum BpmnStatus { BPMN_ACTIVE, BPMN_COMPLETED, BPMN_TERMINATED } BpmnStatus;

/* Every verb runs until nothing can move and adds to out_effects (zero it before the first use;
 * it is left alone when the verb refuses). Common errors: bpmn.finished (ERROR_CONFLICT),
 * bpmn.no_such_node (ERROR_NOT_FOUND), bpmn.not_waiting, bpmn.has_incident (ERROR_CONFLICT),
 * bpmn.value (ERROR_INVALID: variables are no context, or hold what cannot be stored),
 * bpmn.memory, bpmn.too_large (ERROR_TOO_LARGE). */

/* A new instance at its start event. variables: a context, or null for none. */
MUST_CHECK BpmnInstance *bpmn_start(const BpmnModel *model, Arena *arena, FeelValue variables,
                                    const BpmnContext *context, BpmnEffects *out_effects,
                                    Error *err);

/* Completes a user or service task. output: a context, or null for none; it goes through the
 * output mappings, or, where there are none, each name to the nearest scope that has it, else to
 * the root. */
MUST_CHECK bool bpmn_complete(BpmnInstance *instance, int64_t key, FeelValue output,
                              const BpmnContext *context, BpmnEffects *out_effects, Error *err);

/* Fires a timer that is due; a caller with several fires them in the order of their due moments.
 * bpmn.not_due (ERROR_CONFLICT) when context->now is before it. */
MUST_CHECK bool bpmn_fire_timer(BpmnInstance *instance, int64_t key, const BpmnContext *context,
                                BpmnEffects *out_effects, Error *err);

/* The work of a waiting user task, service task or timer catch cannot be done (a service gave up,
 * an assignee does not exist): withdraws the work and raises an incident with this code. */
MUST_CHECK bool bpmn_fail(BpmnInstance *instance, int64_t key, const char *code,
                          const char *message, const BpmnContext *context, BpmnEffects *out_effects,
                          Error *err);

/* The work of a waiting user or service task ended in a business error: goes on at the nearest
 * boundary event for this code (or for any), on the task itself or on a sub-process around it,
 * ending that activity; variables (a context or null) are set as seen from the scope where it goes
 * on. Where nobody catches it: the incident bpmn.unhandled_error. */
MUST_CHECK bool bpmn_throw(BpmnInstance *instance, int64_t key, const char *code,
                           FeelValue variables, const BpmnContext *context,
                           BpmnEffects *out_effects, Error *err);

/* Ends the incident of a node and tries the failed step again, after setting variables (a context
 * or null) as bpmn_set_variables does. A join that can never fill goes on with what has arrived;
 * steps held by a budget go on with a new one. bpmn.no_incident (ERROR_CONFLICT). */
MUST_CHECK bool bpmn_resolve(BpmnInstance *instance, int64_t key, FeelValue variables,
                             const BpmnContext *context, BpmnEffects *out_effects, Error *err);

/* Sets variables as seen from a node (0: the root): each in the nearest scope that has it, else in
 * the root; is_local: in the node itself. */
MUST_CHECK bool bpmn_set_variables(BpmnInstance *instance, int64_t key, FeelValue variables,
                                   bool is_local, const BpmnContext *context,
                                   BpmnEffects *out_effects, Error *err);

/* Ends everything: cancels tasks, services, timers, incidents; INSTANCE_TERMINATED. */
MUST_CHECK bool bpmn_cancel(BpmnInstance *instance, const char *reason, const BpmnContext *context,
                            BpmnEffects *out_effects, Error *err);

/* ---- reading an instance --------------------------------------------------------------------- */

typedef enum BpmnNodeState {
    BPMN_READY,      /* a token stands before the element: held by a budget */
    BPMN_ENTERED,    /* entered, but its work did not open: there is an incident */
    BPMN_WAITING,    /* task, service or timer open; a scope with something inside */
    BPMN_JOINING,    /* a parallel gateway for which some flows have not arrived */
    BPMN_COMPLETING, /* done, but its output mapping failed: there is an incident */
    BPMN_DONE,       /* only the root, of a finished instance */
} BpmnNodeState;

/* One node as others see it. */
typedef struct BpmnNodeView {
    int64_t key;
    int64_t parent; /* key of the scope; 0 for the root */
    const BpmnElement *element;
    BpmnNodeState state;
    Instant entered;
    Instant due;               /* timers; else INSTANT_NONE */
    int64_t cycle_left;        /* timers */
    int64_t host;              /* boundary timers: the node that they watch; else 0 */
    bool is_body;              /* the scope around the instances of a multi-instance activity */
    size_t loop_counter;       /* which of those instances, from 1; else 0 */
    const char *incident_code; /* NULL: no incident */
    const char *incident_message;
    Instant incident_at;
} BpmnNodeView;

typedef struct BpmnNodeViews {
    BpmnNodeView *items;
    size_t count;
    size_t capacity;
} BpmnNodeViews;

BpmnStatus bpmn_status(const BpmnInstance *instance);
const BpmnModel *bpmn_model(const BpmnInstance *instance);

/* All in the order of keys, in the given arena: every node; what is open; what failed. Open timers
 * are those of catch events and boundary events together. */
BpmnNodeViews bpmn_nodes(const BpmnInstance *instance, Arena *arena);
BpmnNodeViews bpmn_open_tasks(const BpmnInstance *instance, Arena *arena);
BpmnNodeViews bpmn_open_services(const BpmnInstance *instance, Arena *arena);
BpmnNodeViews bpmn_open_timers(const BpmnInstance *instance, Arena *arena);
BpmnNodeViews bpmn_incidents(const BpmnInstance *instance, Arena *arena);

/* The variables that a node sees (inner before outer), or only its own; key 0: the root. A context
 * in the instance's arena; null when there is no such node. */
FeelValue bpmn_variables(BpmnInstance *instance, int64_t key, bool is_local);

/* True when the state keeps its own rules: every node has a live parent that is a scope, waiting
 * kinds wait for something, boundary timers have their host, joins hold only flows that enter
 * them and at least one is missing, no scope is empty, whatever cannot move shows an incident.
 * False: bpmn.broken_state (ERROR_INTERNAL), which names node and rule. */
MUST_CHECK bool bpmn_check(const BpmnInstance *instance, Error *err);

/* ---- storing --------------------------------------------------------------------------------- */

/* The state as text (JSON, version 1, see docs/bpmn.md), in the instance's arena. NULL with
 * bpmn.too_large when it passes limits->state_bytes (limits NULL: BPMN_LIMITS). */
MUST_CHECK const char *bpmn_save(BpmnInstance *instance, const BpmnLimits *limits, Error *err);

/* The instance that was saved, in the arena, standing in this model. Refuses with
 * bpmn.state_version (ERROR_UNSUPPORTED), bpmn.state_model (another process, an unknown element
 * or flow id: ERROR_CONFLICT), bpmn.state (unreadable or contradictory: ERROR_INVALID). */
MUST_CHECK BpmnInstance *bpmn_load(const BpmnModel *model, Arena *arena, const char *text,
                                   size_t length, Error *err);

#endif
