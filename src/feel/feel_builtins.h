#ifndef FEEL_FEEL_BUILTINS_H
#define FEEL_FEEL_BUILTINS_H

/*
 * The built-in functions (10.3.4), one const table for each family, sorted by name, every row
 * beside its body. A name with several signatures has several rows one after the other; the first
 * that the arguments fit is taken. Private to the engine; FeelNative in feel.h says what a row
 * holds.
 */
#include "feel/feel.h"

typedef struct FeelFamily {
    const FeelNative *rows;
    size_t count;
} FeelFamily;

extern const FeelFamily FEEL_CONTEXT_FUNCTIONS;
extern const FeelFamily FEEL_CONVERSION_FUNCTIONS;
extern const FeelFamily FEEL_LIST_FUNCTIONS;
extern const FeelFamily FEEL_STATISTIC_FUNCTIONS;
extern const FeelFamily FEEL_NUMBER_FUNCTIONS;
extern const FeelFamily FEEL_RANGE_FUNCTIONS;
extern const FeelFamily FEEL_STRING_FUNCTIONS;
extern const FeelFamily FEEL_TEMPORAL_FUNCTIONS;
extern const FeelFamily FEEL_WORKDAY_FUNCTIONS;

#define FEEL_FAMILY(table)                                                                         \
    {                                                                                              \
        (table), sizeof(table) / sizeof *(table)                                                   \
    }

/* The first row of that name and the number of rows; NULL when there is none. */
const FeelNative *builtin_find(const char *name, size_t length, size_t *out_count);

/* Whether built-ins are named "name.x". */
bool builtin_is_space(const char *name);

/* Shorter names for the tables' parameters. */
#define TAKES_NUMBER   FEEL_TAKES(FEEL_NUMBER)
#define TAKES_STRING   FEEL_TAKES(FEEL_STRING)
#define TAKES_BOOLEAN  FEEL_TAKES(FEEL_BOOLEAN)
#define TAKES_LIST     FEEL_TAKES(FEEL_LIST)
#define TAKES_CONTEXT  FEEL_TAKES(FEEL_CONTEXT)
#define TAKES_FUNCTION FEEL_TAKES(FEEL_FUNCTION)
#define TAKES_RANGE    FEEL_TAKES(FEEL_RANGE)
#define TAKES_DAY      (FEEL_TAKES(FEEL_DATE) | FEEL_TAKES(FEEL_DATE_TIME))

/* Building a result of several values: bytes and steps are asked for as it grows. */
typedef struct ListBuilder {
    FeelCall *call;
    LIST(FeelValue) items;
    bool is_over;
} ListBuilder;

ListBuilder list_begin(FeelCall *call);
bool list_put(ListBuilder *builder, FeelValue value);
FeelValue list_end(ListBuilder *builder); /* null with feel.limit when it grew too much */

/* A whole number argument; false with a finding when it has a fraction or is beyond 64 bits. */
bool argument_int(FeelCall *call, size_t index, int64_t *out);

/* The whole part of a position or length, fractions cut off; false when it is beyond 64 bits. */
bool argument_whole(FeelCall *call, size_t index, int64_t *out);

/* A list argument's items. */
const FeelList *argument_list(const FeelCall *call, size_t index);

/* The index from 0 of a position from 1 (or from -1 backwards); false when out of the list. */
bool position_index(int64_t position, size_t count, size_t *out_index);

#endif
