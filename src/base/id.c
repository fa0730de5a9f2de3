/* id.c - time-ordered ids; one atomic word holds the last id given out. */
#include "base/id.h"

enum { SEQUENCE_BITS = 14, NODE_BITS = 8 };
static const Instant EPOCH_MS = INT64_C(1577836800000); /* 2020-01-01T00:00:00Z */

static Id first_of(Instant now, int node)
{
    int64_t since = now > EPOCH_MS ? now - EPOCH_MS : 0;
    return since << (NODE_BITS + SEQUENCE_BITS) | (int64_t)node << SEQUENCE_BITS;
}

/* The id behind `last`: the sequence runs over into the milliseconds, around the node bits. */
static Id following(Id last, int node)
{
    int64_t mask = (INT64_C(1) << SEQUENCE_BITS) - 1;
    if ((last & mask) != mask)
        return last + 1;
    return ((last >> (NODE_BITS + SEQUENCE_BITS)) + 1) << (NODE_BITS + SEQUENCE_BITS) |
           (int64_t)node << SEQUENCE_BITS;
}

Id id_next(IdSource *source)
{
    Id earliest = first_of(clock_now(source->clock), source->node);
    Id last = source->last, next;
    do
        next = earliest > last ? earliest : following(last, source->node);
    while (!atomic_compare_exchange_weak(&source->last, &last, next));
    return next;
}

void id_observe(IdSource *source, Id id)
{
    int64_t mask = (INT64_C(1) << (NODE_BITS + SEQUENCE_BITS)) - 1;
    Id floor_id =
        (id & ~mask) | (int64_t)source->node << SEQUENCE_BITS | ((INT64_C(1) << SEQUENCE_BITS) - 1);
    Id last = source->last;
    while (floor_id > last && !atomic_compare_exchange_weak(&source->last, &last, floor_id))
        continue;
}

Instant id_instant(Id id)
{
    return (id >> (NODE_BITS + SEQUENCE_BITS)) + EPOCH_MS;
}
