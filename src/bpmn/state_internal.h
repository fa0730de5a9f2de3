#ifndef BPMN_STATE_INTERNAL_H
#define BPMN_STATE_INTERNAL_H

/* What the files of the engine share about a running instance; not for callers. */
#include "base/list.h"
#include "bpmn/bpmn.h"
#include "bpmn/model_internal.h"

typedef struct BpmnNode {
    int64_t key;
    struct BpmnNode *parent; /* the scope that it lives in; NULL for the root */
    struct BpmnNode *host;   /* of an armed boundary event; such a node is no token */
    const BpmnElement *element;
    BpmnNodeState state;
    bool is_gone;   /* ended; leaves the list when the verb does */
    bool is_marked; /* to be ended, while a subtree is being ended */
    size_t tokens;  /* of a scope: live tokens in it, joins included */
    size_t joining; /* of a scope: how many of them wait in joins; counted by each verb */
    Instant entered;
    Instant due; /* of a timer */
    int64_t cycle_left;
    const char *interval;
    bool *arrived;        /* of a join: by place in element->incoming */
    size_t missing;       /* of a join */
    size_t loop_index;    /* of an instance of a multi-instance activity, from 0 */
    size_t loop_total;    /* of its body */
    size_t loop_done;     /* of its body: instances completed */
    FeelValue loop_items; /* of its body, when one instance comes after the other: the list */
    FeelValue variables;  /* a context, or null when there are none */
    const char *incident_code;
    const char *incident_message;
    Instant incident_at;
} BpmnNode;

struct BpmnInstance {
    Arena *arena;
    const BpmnModel *model;
    BpmnStatus status;
    int64_t next_key;
    LIST(BpmnNode *) nodes; /* in the order of keys, so a parent comes before its children */
};

/* One verb at work. */
typedef struct BpmnRun {
    BpmnInstance *instance;
    Arena *arena;
    const BpmnContext *context;
    const BpmnLimits *limits;
    BpmnEffects *effects;
    LIST(BpmnNode *) queue; /* tokens that can move; the first at queue_next */
    size_t queue_next;
    size_t steps;
    bool is_too_large; /* values passed what a context can hold */
} BpmnRun;

/* ---- state.c: nodes, effects, incidents ------------------------------------------------------ */

/* A new node with the next key, as a token of parent unless host is given. */
BpmnNode *bpmn_node_add(BpmnInstance *instance, const BpmnElement *element, BpmnNode *parent,
                        BpmnNode *host);
/* Ends a node; its scope has one token less. */
void bpmn_node_end(BpmnNode *node);
/* A live node by key; 0 finds the root. */
BpmnNode *bpmn_node_find(const BpmnInstance *instance, int64_t key);
BpmnNode *bpmn_root(const BpmnInstance *instance);
bool bpmn_node_is_token(const BpmnNode *node);

/* Adds an effect about a node; the fields that its kind needs are filled by the caller. */
BpmnEffect *bpmn_effect(BpmnRun *run, BpmnEffectKind kind, const BpmnNode *node);
/* Raises an incident on a node that has none. Returns false. */
bool bpmn_raise(BpmnRun *run, BpmnNode *node, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void bpmn_incident_end(BpmnRun *run, BpmnNode *node, bool is_cancelled);

/* ---- variables.c ----------------------------------------------------------------------------- */

bool bpmn_value_is_storable(FeelValue value);
/* Puts every entry of values (a context or null) into the node's own variables. */
void bpmn_merge(BpmnRun *run, BpmnNode *node, FeelValue values);
/* Each entry to the nearest scope from node upwards that has it, else to the root. */
void bpmn_propagate(BpmnRun *run, BpmnNode *node, FeelValue values);
/* The context of all variables that the node sees. */
FeelValue bpmn_visible(Arena *arena, const BpmnNode *node);
/* A context of one entry. */
FeelValue bpmn_single(Arena *arena, const char *name, FeelValue value);
/* Evaluates a text of the model as the node sees it; a literal is a string. *out_why (may be NULL)
 * is the first finding or "". */
FeelValue bpmn_evaluate(BpmnRun *run, const BpmnNode *node, BpmnText text, const char **out_why);
/* The same, with one more context before all others. */
FeelValue bpmn_evaluate_with(BpmnRun *run, const BpmnNode *node, FeelValue inner, BpmnText text,
                             const char **out_why);
/* Input and output mappings. False: an incident was raised. */
bool bpmn_map_inputs(BpmnRun *run, BpmnNode *node);
bool bpmn_map_outputs(BpmnRun *run, BpmnNode *node, FeelValue *out_results);

/* ---- run.c: tokens --------------------------------------------------------------------------- */

/* Moves queued tokens until none can, then settles joins and the list of nodes. False: too large.
 */
MUST_CHECK bool bpmn_run(BpmnRun *run, Error *err);
void bpmn_queue(BpmnRun *run, BpmnNode *node);
/* A token that arrives before an element without a flow (start, link). */
void bpmn_spawn(BpmnRun *run, BpmnNode *scope, size_t element);
/* Does (again) what an entered node does. */
void bpmn_activate(BpmnRun *run, BpmnNode *node);
/* The work of a node is done, with this output. */
void bpmn_complete_node(BpmnRun *run, BpmnNode *node, FeelValue output);
/* The second half of it: output mappings, then away. */
void bpmn_finish_node(BpmnRun *run, BpmnNode *node);
/* Takes these flows and ends the node. */
void bpmn_leave_by(BpmnRun *run, BpmnNode *node, const size_t *flows, size_t count);
/* Goes through a join with what has arrived. */
void bpmn_release_join(BpmnRun *run, BpmnNode *node);
/* Ends a node and everything in it; then nothing of it is left but effects. */
void bpmn_kill(BpmnRun *run, BpmnNode *node);
/* Ends everything in a scope but one node. */
void bpmn_kill_inside(BpmnRun *run, BpmnNode *scope, const BpmnNode *except);
void bpmn_fire_boundary(BpmnRun *run, BpmnNode *node);
/* Goes on at the nearest boundary event for the error, or raises an incident. */
void bpmn_throw_error(BpmnRun *run, BpmnNode *node, const char *code, FeelValue variables);

/* ---- loop.c: multi-instance activities --------------------------------------------------------
 */

bool bpmn_node_is_inner(const BpmnNode *node);
bool bpmn_node_is_body(const BpmnNode *node);
bool bpmn_node_is_scope(const BpmnNode *node); /* a process, a sub-process or a body */
/* Makes the instances of a body that was entered. */
void bpmn_loop_open(BpmnRun *run, BpmnNode *body);
/* Keeps the result of an instance that completes. False: an incident was raised on it. */
bool bpmn_loop_collect(BpmnRun *run, BpmnNode *node);
/* An instance has ended: ends the body, or makes the next instance, or waits for the others. */
void bpmn_loop_next(BpmnRun *run, BpmnNode *body);

/* ---- work.c: what elements do ---------------------------------------------------------------- */

void bpmn_open_work(BpmnRun *run, BpmnNode *node);
/* Withdraws a waiting node's task, service call or timer. */
void bpmn_close_work(BpmnRun *run, BpmnNode *node);
/* The moments of the timer of an event, counted from when the node was entered: the node itself, or
 * the host of the boundary event. False: an incident was raised on the node. */
bool bpmn_arm(BpmnRun *run, BpmnNode *node, const BpmnElement *event, BpmnTimer *out);
void bpmn_timer_set(BpmnRun *run, BpmnNode *node, const BpmnTimer *timer);

/* ---- save.c: names in the stored text -------------------------------------------------------- */

const char *bpmn_state_name(BpmnNodeState state);
const char *bpmn_status_name(BpmnStatus status);

#endif
