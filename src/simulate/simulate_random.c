/* simulate_random.c - splitmix64, one stream an application. */
#include "simulate/simulate_random.h"

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t random_next(Random *random)
{
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    return mix(random->state);
}

Random random_stream(uint64_t seed, uint64_t number)
{
    return (Random){mix(mix(seed) + mix(number + UINT64_C(0x632be59bd9b4e019)))};
}

/* The remainder leans to small numbers by less than one in 2^40 for the bounds used here. */
int64_t random_below(Random *random, int64_t bound)
{
    return bound < 2 ? 0 : (int64_t)(random_next(random) % (uint64_t)bound);
}

int64_t random_between(Random *random, int64_t least, int64_t most)
{
    return least + random_below(random, most - least + 1);
}

bool random_chance(Random *random, int percent)
{
    return random_below(random, 100) < percent;
}

size_t random_weighted(Random *random, const int *weights, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    int64_t drawn = random_below(random, sum);
    for (size_t i = 0; i < count; i++) {
        if (drawn < weights[i])
            return i;
        drawn -= weights[i];
    }
    return 0;
}
