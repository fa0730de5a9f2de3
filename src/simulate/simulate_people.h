#ifndef SIMULATE_SIMULATE_PEOPLE_H
#define SIMULATE_SIMULATE_PEOPLE_H

/* People, firms and places that do not exist. */
#include "base/arena.h"
#include "simulate/simulate.h"
#include "simulate/simulate_random.h"

typedef struct Person {
    const char *name;
    const char *id_number;
    const char *phone;
    const char *firm;
    const char *credit_code;
    const char *address;
} Person;

/* The same for the same seed and number, and another number of identity for each number. */
Person person_of(Arena *arena, uint64_t seed, int64_t number);

#endif
