#ifndef BASE_ID_H
#define BASE_ID_H

/*
 * Id: 63-bit, time-ordered, made by the program; a text in JSON (a browser's numbers lose bits).
 *
 * Layout, high to low: 0, 41 bits milliseconds since 2020-01-01, 8 bits node, 14 bits sequence.
 * Ids of one source grow strictly. When the clock stands still or steps back, the source counts on
 * from where it was, so a set clock gives the same ids in every run.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/time.h"

typedef int64_t Id;

typedef struct IdSource {
    const Clock *clock;
    int node; /* 0..255; distinct for each running process of one database */
    _Atomic int64_t last;
} IdSource;

/* The next id; safe from any thread. */
Id id_next(IdSource *source);

/* Moves the source behind an id that is already stored (call at start with the largest one). */
void id_observe(IdSource *source, Id id);

/* The millisecond at which the id was made. */
Instant id_instant(Id id);

#endif
