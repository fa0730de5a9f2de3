#ifndef FEEL_FEEL_VALUE_H
#define FEEL_FEEL_VALUE_H

/*
 * What the engine knows of values beyond feel.h. Private to the engine.
 */
#include "feel/feel.h"

/* The number of values inside, 1 and more; long strings count for every 64 bytes. */
uint32_t value_weight(FeelValue value);
uint32_t value_depth(FeelValue value);

/* A list over items that are already in the arena; null when too deep or too heavy. */
FeelValue list_over(Arena *arena, const FeelValue *items, size_t count);

/* A string over a text that is already in the arena. */
FeelValue string_over(const char *text, size_t length);
FeelValue string_of_buffer(const Buffer *buffer);

/* The FEEL notation: strings in quotes, temporal values as text in top level, @"..." inside. */
void value_write(Buffer *buffer, FeelValue value, bool is_nested);

/* True for kinds that have an order. */
bool kind_is_ordered(int kind);
bool kind_is_temporal(int kind);

/* A range value whatever its ends; the caller has checked them. */
FeelValue range_over(Arena *arena, FeelRange range);

/* a and b compared by a unary operator as FeelRange.comparison. */
FeelTruth compare_by(char comparison, FeelValue a, FeelValue b);

FeelTruth truth_not(FeelTruth truth);
FeelValue truth_value(FeelTruth truth); /* true, false or null */

#endif
