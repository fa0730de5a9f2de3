#ifndef FEEL_FEEL_PARSER_H
#define FEEL_FEEL_PARSER_H

/*
 * Tokens to tree (10.3.1.2, grammar rules 1 to 59). Private to the engine.
 *
 * The tree is made once, finished in place by feel_compile.c, and read by feel_eval.c.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "feel/feel.h"
#include "feel/feel_lexer.h"

typedef enum NodeKind {
    NODE_LITERAL, /* value */
    NODE_BAD_AT,  /* value: the string that is no date, time or duration */
    NODE_NAME,    /* symbol */
    NODE_INPUT,   /* ? */
    NODE_NEGATE,  /* left */
    NODE_ADD,     /* left, right */
    NODE_SUBTRACT,
    NODE_MULTIPLY,
    NODE_DIVIDE,
    NODE_POWER,
    NODE_EQUAL,
    NODE_NOT_EQUAL,
    NODE_LESS,
    NODE_LESS_EQUAL,
    NODE_GREATER,
    NODE_GREATER_EQUAL,
    NODE_AND,
    NODE_OR,
    NODE_BETWEEN,     /* left between right and third */
    NODE_IN,          /* left in items (tests) */
    NODE_INSTANCE_OF, /* left, type */
    NODE_PATH,        /* left . symbol; symbols[0]: the built-in of both names, or none */
    NODE_FILTER,      /* left [ right ] */
    NODE_CALL,        /* left ( items ), symbols: their names or NULL */
    NODE_IF,          /* left, right, third */
    NODE_FOR,         /* symbols in items return right; `partial` in third's place */
    NODE_SOME,        /* symbols in items satisfies right */
    NODE_EVERY,
    NODE_LIST,     /* items */
    NODE_CONTEXT,  /* symbols: items; right: the value of a key that is there already, or NULL */
    NODE_FUNCTION, /* symbols: types, body right */
    NODE_RANGE,    /* left .. right, mark: bits of RANGE_ */
    NODE_UNARY,    /* comparison with the input: mark, left */
    NODE_TESTS,    /* items, is_negated; no items: "-" */
    NODE_KIND_COUNT,
} NodeKind;

enum { RANGE_LOW_INCLUDED = 1, RANGE_HIGH_INCLUDED = 2, RANGE_ITERATION = 4 };

typedef enum TypeKind {
    TYPE_ANY,
    TYPE_NULL,
    TYPE_KIND,     /* a simple kind */
    TYPE_LIST,     /* of parts[0], or of anything */
    TYPE_CONTEXT,  /* with names[i]: parts[i] */
    TYPE_RANGE,    /* of parts[0], or of anything */
    TYPE_FUNCTION, /* of parts[0..count-2] giving parts[count-1], or any */
    TYPE_OF_HOST,  /* name: asked from the scope's type_check */
} TypeKind;

typedef struct FeelType {
    TypeKind kind;
    FeelKind value_kind;
    const char *name;
    size_t count;
    const struct FeelType **parts;
    const char **names;
} FeelType;

/* A name of the expression, one object for all its places. */
typedef struct FeelSymbol {
    const char *text;
    uint32_t length;
    uint32_t hash;
    bool is_searched;          /* builtin is known */
    uint32_t seen_in;          /* the context, counted, that was last seen with this key */
    const FeelNative *builtin; /* first signature of the built-in of that name, or NULL */
    size_t builtin_count;      /* signatures */
} FeelSymbol;

typedef struct FeelNode FeelNode;
struct FeelNode {
    uint8_t kind;         /* NodeKind */
    char mark;            /* of ranges: bits; of unary tests: as FeelRange.comparison */
    bool makes_functions; /* a closure below may keep the frames alive */
    bool uses_input;      /* `?` below, outside of nested tests */
    bool is_negated;
    uint16_t height;
    uint32_t offset;
    uint32_t count;
    FeelNode *left;
    FeelNode *right;
    FeelNode **items;
    const FeelSymbol **symbols;
    union {
        FeelValue value;
        FeelSymbol *symbol;
        FeelNode *third;
        const FeelType *type;
        const FeelType **types;
    } as;
};

enum { FEEL_HEIGHT_MAX = 900 }; /* levels of a tree: what evaluation needs of the stack */

typedef struct ParseResult {
    FeelNode *root;
    const FeelSymbol *item; /* the names that filters and for loops bring */
    const FeelSymbol *partial;
} ParseResult;

/* Reads all tokens of source. False with feel.syntax or feel.depth and the place. */
bool parser_read(Arena *arena, const char *source, Tokens tokens, FeelDialect dialect,
                 const FeelNames *names, ParseResult *out, Error *err);

/* The longest name of `names` that the tokens at `at` spell: its text, and the number of tokens in
 * *out_count; NULL when there is none. Members count only when with_members. */
typedef struct KnownName KnownName;

const char *names_match(const FeelNames *names, const char *source, const Token *at,
                        bool with_members, size_t *out_count);

/* A name that the expression itself brings in, until names_leave: then it is forgotten, or stays as
 * a member. NULL when it needs no help to be read. */
KnownName *names_declare(FeelNames *names, const char *name);
void names_leave(KnownName *known, bool stays_member);

#endif
