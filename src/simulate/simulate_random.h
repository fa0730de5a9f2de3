#ifndef SIMULATE_SIMULATE_RANDOM_H
#define SIMULATE_SIMULATE_RANDOM_H

/* Numbers that look random and are the same everywhere: splitmix64 (Steele, Lea, Flood 2014). Whole
 * numbers only: what is drawn never depends on how a machine rounds. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Random {
    uint64_t state;
} Random;

/* The stream of a seed with this number; streams of other numbers have nothing to do with it. */
Random random_stream(uint64_t seed, uint64_t number);
uint64_t random_next(Random *random);
/* 0 to bound - 1; 0 for a bound below 2. */
int64_t random_below(Random *random, int64_t bound);
int64_t random_between(Random *random, int64_t least, int64_t most); /* both included */
bool random_chance(Random *random, int percent);
/* The index of one of count weights; all 0: the first. */
size_t random_weighted(Random *random, const int *weights, size_t count);

#endif
