#ifndef SERVER_TCK_FILE_H
#define SERVER_TCK_FILE_H

/*
 * Test files of the DMN Technology Compatibility Kit (testCases.xsd): cases with inputs, and what
 * each result node must be.
 */
#include <stdbool.h>
#include <stddef.h>

#include "feel/feel.h"

typedef struct TckNode {
    const char *name;
    FeelValue expected;
    bool is_error; /* the engine must have recorded an error as well */
} TckNode;

typedef struct TckCase {
    const char *id;
    const char *target; /* the service or knowledge model; NULL: each node is a decision */
    FeelValue inputs;   /* a context; those with a namespace are named "namespace#name" */
    LIST(TckNode) nodes;
} TckCase;

typedef struct TckFile {
    const char *model; /* the name of the model's file */
    LIST(TckCase) cases;
} TckFile;

/* True when the text is XML whose root is <testCases>; the cases then live in the arena. False
 * without an error when it is something else, with one when it cannot be read. */
bool tck_read(Arena *arena, const char *text, size_t length, TckFile *out, Error *err);

/* Whether a value is what was expected: numbers to 8 decimals, as the kit says, all else as FEEL
 * has it equal, item by item and entry by entry. */
bool tck_is_same(FeelValue expected, FeelValue got);

#endif
