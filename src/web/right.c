/* right.c - the names of rights, as roles and pages write them. */
#include "web/right.h"

#include <stddef.h>
#include <string.h>

static const char *const names[RIGHT_COUNT] = {[RIGHT_NONE] = "none",
#define RIGHT_AS_NAME(symbol, name, meaning) [RIGHT_##symbol] = (name),
                                               RIGHT_TABLE(RIGHT_AS_NAME)
#undef RIGHT_AS_NAME
};

const char *right_name(Right right)
{
    return right < RIGHT_COUNT ? names[right] : names[RIGHT_NONE];
}

Right right_of_name(const char *name)
{
    for (int right = RIGHT_NONE + 1; name && right < RIGHT_COUNT; right++)
        if (strcmp(names[right], name) == 0)
            return (Right)right;
    return RIGHT_NONE;
}
