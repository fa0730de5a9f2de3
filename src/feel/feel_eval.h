#ifndef FEEL_FEEL_EVAL_H
#define FEEL_FEEL_EVAL_H

/*
 * What the files of the evaluator share. Private to the engine.
 *
 *     feel_eval.c      nodes, names, logic, iteration, filters, unary tests
 *     feel_operators.c arithmetic and comparison
 *     feel_paths.c     members and properties
 *     feel_types.c     types and `instance of`
 *     feel_call.c      functions: placing and converting arguments, closures, natives
 *
 * One Machine counts the work of an evaluation; an Env says what one place in the tree can see.
 */
#include "feel/feel.h"
#include "feel/feel_compile.h"

typedef struct Machine {
    Arena *arena;
    FeelFindings *findings;
    const FeelScope *scope; /* of the evaluation: clock, types, limits */
    uint64_t steps_left;
    uint32_t depth_left;
    size_t bytes_end;  /* arena_used at which it stops */
    uint64_t failures; /* findings, told or not */
    bool is_stopped;
} Machine;

/* A variable, or (symbol NULL) all entries of a context. */
typedef struct Frame {
    const struct Frame *outer;
    const FeelSymbol *symbol;
    FeelValue value;
} Frame;

typedef struct Env {
    Machine *machine;
    const FeelExpression *expression; /* NULL when the host calls a function */
    const FeelScope *scope;           /* where free names are looked for */
    const Frame *frame;
    FeelValue input;
    bool has_input;
} Env;

typedef enum FunctionKind { FUNCTION_NATIVE, FUNCTION_NAMED, FUNCTION_CLOSURE } FunctionKind;

struct FeelFunction {
    FunctionKind kind;
    const FeelNative *rows; /* of a native: signatures of one name */
    size_t row_count;
    void *data;
    const char *const *names; /* of a named one */
    size_t name_count;
    FeelValue (*call)(FeelCall *call);
    const FeelExpression *expression; /* of a closure */
    const FeelNode *node;
    const FeelScope *scope;
    const Frame *frame;
};

struct FeelCall {
    const Env *env;
    const FeelNode *node; /* the place of the call, NULL when the host calls */
    const char *name;
    void *data;
    FeelValue *arguments;
    size_t count;
};

/* feel_eval.c */
FeelValue eval(const Env *env, const FeelNode *node);
bool machine_spend(const Env *env, const FeelNode *node, size_t steps, size_t bytes);
Machine machine_start(const FeelScope *scope, Arena *arena, FeelFindings *findings);
/* Null, with a finding at the node. */
FeelValue eval_fail(const Env *env, const FeelNode *node, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
FeelValue eval_fail_va(const Env *env, const FeelNode *node, const char *code, const char *format,
                       va_list args);
/* A value as it is shown in a message: short. */
const char *value_shown(const Env *env, FeelValue value);

/* feel_operators.c */
FeelValue eval_arithmetic(const Env *env, const FeelNode *node);
FeelValue eval_negate(const Env *env, const FeelNode *node);
FeelValue eval_comparison(const Env *env, const FeelNode *node);
FeelValue eval_between(const Env *env, const FeelNode *node);
FeelValue eval_range(const Env *env, const FeelNode *node);
FeelValue eval_unary_range(const Env *env, const FeelNode *node);

/* feel_paths.c */
FeelValue eval_path(const Env *env, const FeelNode *node);

/* feel_types.c */
FeelValue eval_instance_of(const Env *env, const FeelNode *node);
bool type_has(const Env *env, const FeelNode *node, const FeelType *type, FeelValue value);

/* feel_call.c */
FeelValue eval_call(const Env *env, const FeelNode *node);
FeelValue eval_function(const Env *env, const FeelNode *node);
FeelValue function_of_builtin(const Env *env, const FeelSymbol *symbol);
FeelValue function_call(const Env *env, const FeelNode *node, FeelValue function,
                        const FeelValue *arguments, const char *const *names, size_t count);

/* feel_iterate.c */
FeelValue eval_for(const Env *env, const FeelNode *node);
FeelValue eval_quantified(const Env *env, const FeelNode *node);
FeelValue eval_filter(const Env *env, const FeelNode *node);

/* feel_unary.c */
FeelValue eval_in(const Env *env, const FeelNode *node);
FeelValue eval_tests(const Env *env, const FeelNode *node);
/* Whether the input is the value, or in it: an interval or a list. */
FeelTruth value_test(FeelValue value, FeelValue input);

/* feel_constant.c: the value of an expression that needs no machine; false when it does, or when a
 * finding is due. */
bool constant_answer(const FeelExpression *expression, const FeelScope *scope, FeelValue *out);

/* A name's value: frames, then scopes; false when neither has it. */
bool eval_lookup(const Env *env, const FeelSymbol *symbol, FeelValue *out);

#endif
