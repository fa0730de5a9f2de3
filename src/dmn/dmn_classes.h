#ifndef DMN_DMN_CLASSES_H
#define DMN_DMN_CLASSES_H

/*
 * Classes of a column's values, for the checks of tables. Private to the engine.
 */
#include "dmn/dmn_internal.h"

/* Rules as bits. */
typedef uint64_t *RuleSet;

typedef struct ColumnClass {
    FeelValue sample;
    RuleSet rules; /* that match it, or may */
} ColumnClass;

typedef struct Column {
    const DmnInput *input;
    LIST(ColumnClass) classes; /* each with other rules */
    bool *is_known;            /* by test: made of constants alone */
    uint64_t *by_rule;         /* the classes of each rule, as bits: class_words a rule */
    size_t class_words;
} Column;

enum { CLASS_WORK_MAX = 4 * 1000 * 1000 }; /* tests times samples */

/* False when the column is too large. */
bool column_read(const DmnTable *table, size_t input, Arena *arena, Column *out);

/* The constants that a text of tests is made of; false when there is anything else. */
typedef LIST(FeelValue) Constants;
bool constants_of(Arena *arena, const char *source, Constants *out);

/* The end of the first of several tests: the comma outside of texts and brackets. */
size_t dmn_test_length(const char *source);

static inline size_t set_words(size_t rules)
{
    return rules / 64 + 1;
}

static inline bool set_has(const uint64_t *set, size_t rule)
{
    return set[rule / 64] >> (rule % 64) & 1;
}

static inline void set_add(uint64_t *set, size_t rule)
{
    set[rule / 64] |= UINT64_C(1) << (rule % 64);
}

#endif
