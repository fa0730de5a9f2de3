/*
 * feel_builtins_ranges.c - how intervals and points lie to each other (10.3.4.11, after Allen).
 *
 * A point is taken as the closed interval from itself to itself; an end that is null lies at
 * infinity. Every relation is then a predicate over four comparisons.
 */
#include "feel/feel_builtins.h"

#include "feel/feel_value.h"

typedef struct Pair {
    FeelRange a, b;
    int low_low, high_high; /* order of a's end to b's end of the same side */
    int high_low;           /* of a's high end to b's low end */
    int low_high;           /* of a's low end to b's high end */
} Pair;

typedef bool Relation(const Pair *pair);

/* An end may be at infinity: -1 below everything, 1 above. */
static bool order_ends(FeelValue x, int x_infinity, FeelValue y, int y_infinity, int *out)
{
    bool x_is_far = x.kind == FEEL_NULL, y_is_far = y.kind == FEEL_NULL;
    if (x_is_far || y_is_far) {
        *out = (x_is_far ? x_infinity : 0) - (y_is_far ? y_infinity : 0);
        return true;
    }
    return feel_order(x, y, out);
}

static FeelRange as_range(FeelValue value)
{
    if (value.kind == FEEL_RANGE)
        return *value.as.range;
    return (FeelRange){
        .low = value, .high = value, .is_low_included = true, .is_high_included = true};
}

static bool pair_of(FeelValue a, FeelValue b, Pair *out)
{
    *out = (Pair){.a = as_range(a), .b = as_range(b)};
    return order_ends(out->a.low, -1, out->b.low, -1, &out->low_low) &&
           order_ends(out->a.high, 1, out->b.high, 1, &out->high_high) &&
           order_ends(out->a.high, 1, out->b.low, -1, &out->high_low) &&
           order_ends(out->a.low, -1, out->b.high, 1, &out->low_high);
}

static FeelValue relate(FeelCall *call, size_t first, Relation *holds)
{
    Pair pair;
    if (!pair_of(feel_argument(call, first), feel_argument(call, 1 - first), &pair))
        return feel_fail(call, "feel.value", "the two cannot be compared");
    return feel_boolean(holds(&pair));
}

static bool lies_before(const Pair *pair)
{
    bool touch = pair->a.is_high_included && pair->b.is_low_included;
    return pair->high_low < 0 || (pair->high_low == 0 && !touch);
}

static bool lies_after(const Pair *pair)
{
    bool touch = pair->a.is_low_included && pair->b.is_high_included;
    return pair->low_high > 0 || (pair->low_high == 0 && !touch);
}

static bool does_meet(const Pair *pair)
{
    return pair->high_low == 0 && pair->a.is_high_included && pair->b.is_low_included;
}

static bool does_overlap(const Pair *pair)
{
    return !lies_before(pair) && !lies_after(pair);
}

static bool does_overlap_before(const Pair *pair)
{
    bool starts_first = pair->low_low < 0 ||
                        (pair->low_low == 0 && pair->a.is_low_included && !pair->b.is_low_included);
    bool ends_first =
        pair->high_high < 0 ||
        (pair->high_high == 0 && (!pair->a.is_high_included || pair->b.is_high_included));
    return starts_first && !lies_before(pair) && ends_first;
}

static bool does_finish(const Pair *pair)
{
    bool starts_later =
        pair->low_low > 0 ||
        (pair->low_low == 0 && (!pair->a.is_low_included || pair->b.is_low_included));
    return pair->high_high == 0 && pair->a.is_high_included == pair->b.is_high_included &&
           starts_later;
}

static bool does_include(const Pair *pair)
{
    bool from_start = pair->low_low < 0 ||
                      (pair->low_low == 0 && (pair->a.is_low_included || !pair->b.is_low_included));
    bool to_end = pair->high_high > 0 ||
                  (pair->high_high == 0 && (pair->a.is_high_included || !pair->b.is_high_included));
    return from_start && to_end;
}

static bool does_start(const Pair *pair)
{
    bool ends_first =
        pair->high_high < 0 ||
        (pair->high_high == 0 && (!pair->a.is_high_included || pair->b.is_high_included));
    return pair->low_low == 0 && pair->a.is_low_included == pair->b.is_low_included && ends_first;
}

static bool does_coincide(const Pair *pair)
{
    return pair->low_low == 0 && pair->high_high == 0 &&
           pair->a.is_low_included == pair->b.is_low_included &&
           pair->a.is_high_included == pair->b.is_high_included;
}

static FeelValue range_before(FeelCall *call)
{
    return relate(call, 0, lies_before);
}

static FeelValue range_after(FeelCall *call)
{
    return relate(call, 0, lies_after);
}

static FeelValue range_meets(FeelCall *call)
{
    return relate(call, 0, does_meet);
}

static FeelValue range_met_by(FeelCall *call)
{
    return relate(call, 1, does_meet);
}

static FeelValue range_overlaps(FeelCall *call)
{
    return relate(call, 0, does_overlap);
}

static FeelValue range_overlaps_before(FeelCall *call)
{
    return relate(call, 0, does_overlap_before);
}

static FeelValue range_overlaps_after(FeelCall *call)
{
    return relate(call, 1, does_overlap_before);
}

static FeelValue range_finishes(FeelCall *call)
{
    return relate(call, 0, does_finish);
}

static FeelValue range_finished_by(FeelCall *call)
{
    return relate(call, 1, does_finish);
}

static FeelValue range_includes(FeelCall *call)
{
    return relate(call, 0, does_include);
}

static FeelValue range_during(FeelCall *call)
{
    return relate(call, 1, does_include);
}

static FeelValue range_starts(FeelCall *call)
{
    return relate(call, 0, does_start);
}

static FeelValue range_started_by(FeelCall *call)
{
    return relate(call, 1, does_start);
}

static FeelValue range_coincides(FeelCall *call)
{
    return relate(call, 0, does_coincide);
}

enum {
    TAKES_POINT = TAKES_NUMBER | TAKES_STRING | TAKES_DAY | FEEL_TAKES(FEEL_TIME) |
                  FEEL_TAKES(FEEL_YEARS_MONTHS) | FEEL_TAKES(FEEL_DAYS_TIME),
    TAKES_EITHER = TAKES_POINT | TAKES_RANGE,
};

/* size: table */
static const FeelNative ROWS[] = {
    {"after",
     {{"a", TAKES_EITHER}, {"b", TAKES_EITHER}},
     range_after,
     "Whether a lies wholly behind b.",
     {"after([5..10], 4) = true"}},
    {"before",
     {{"a", TAKES_EITHER}, {"b", TAKES_EITHER}},
     range_before,
     "Whether a lies wholly before b.",
     {"before(1, 10) = true", "before([1..10), [10..20]) = true"}},
    {"coincides",
     {{"a", TAKES_EITHER}, {"b", TAKES_EITHER}},
     range_coincides,
     "Whether a and b are the same.",
     {"coincides([1..5], [1..5]) = true"}},
    {"during",
     {{"a", TAKES_EITHER}, {"range", TAKES_RANGE}},
     range_during,
     "Whether a lies wholly inside the range.",
     {"during(5, [1..10]) = true"}},
    {"finished by",
     {{"range", TAKES_RANGE}, {"b", TAKES_EITHER}},
     range_finished_by,
     "Whether the range ends with b.",
     {"finished by([1..10], [5..10]) = true"}},
    {"finishes",
     {{"a", TAKES_EITHER}, {"range", TAKES_RANGE}},
     range_finishes,
     "Whether a is the end of the range.",
     {"finishes(10, [1..10]) = true"}},
    {"includes",
     {{"range", TAKES_RANGE}, {"b", TAKES_EITHER}},
     range_includes,
     "Whether b lies wholly inside the range.",
     {"includes([1..10], [4..6]) = true"}},
    {"meets",
     {{"range1", TAKES_RANGE}, {"range2", TAKES_RANGE}},
     range_meets,
     "Whether range1 ends where range2 begins.",
     {"meets([1..5], [5..10]) = true"}},
    {"met by",
     {{"range1", TAKES_RANGE}, {"range2", TAKES_RANGE}},
     range_met_by,
     "Whether range1 begins where range2 ends.",
     {"met by([5..10], [1..5]) = true"}},
    {"overlaps",
     {{"range1", TAKES_RANGE}, {"range2", TAKES_RANGE}},
     range_overlaps,
     "Whether the two have a part in common.",
     {"overlaps([1..5], [3..8]) = true"}},
    {"overlaps after",
     {{"range1", TAKES_RANGE}, {"range2", TAKES_RANGE}},
     range_overlaps_after,
     "Whether range1 begins inside range2 and ends later.",
     {"overlaps after([3..8], [1..5]) = true"}},
    {"overlaps before",
     {{"range1", TAKES_RANGE}, {"range2", TAKES_RANGE}},
     range_overlaps_before,
     "Whether range1 begins earlier and ends inside range2.",
     {"overlaps before([1..5], [3..8]) = true"}},
    {"started by",
     {{"range", TAKES_RANGE}, {"b", TAKES_EITHER}},
     range_started_by,
     "Whether the range begins with b.",
     {"started by([1..10], [1..5]) = true"}},
    {"starts",
     {{"a", TAKES_EITHER}, {"range", TAKES_RANGE}},
     range_starts,
     "Whether a is the beginning of the range.",
     {"starts(1, [1..10]) = true"}},
};

const FeelFamily FEEL_RANGE_FUNCTIONS = FEEL_FAMILY(ROWS);
