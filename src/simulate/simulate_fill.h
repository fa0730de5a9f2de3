#ifndef SIMULATE_SIMULATE_FILL_H
#define SIMULATE_SIMULATE_FILL_H

/* Answers to the fields of a form as a page of the program shows them (FormField in JSON). */
#include "format/json.h"
#include "simulate/simulate_people.h"

typedef struct Filling {
    Arena *arena;
    Random *random;
    const Person *person;
    Date today;
    bool is_against; /* an officer decides against the applicant, or sends back */
} Filling;

/* The key of a field that takes an answer ("form.phone": "phone"); NULL for headings and texts. */
const char *fill_key(const Json *field);

/* The answer as JSON: what stands in the field already, else one that fits its type and its key;
 * NULL where the field may stay empty and does. */
const char *fill_answer(const Filling *filling, const Json *field);

/* Whether a value of a field "outcome" is against the applicant or sends his matter back. */
bool fill_is_against(const char *outcome);

#endif
