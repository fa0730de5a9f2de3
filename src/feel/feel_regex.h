#ifndef FEEL_FEEL_REGEX_H
#define FEEL_FEEL_REGEX_H

/*
 * Regular expressions of XPath and XQuery Functions 3.0, section 5.6, as FEEL's matches, replace
 * and split have them: translated for ICU and run with limits of time and stack. Private to the
 * engine.
 */
#include "feel/feel.h"

typedef struct Regex Regex;

/* Compiles pattern for searching input; flags of "smixq" or NULL. NULL with a finding when pattern
 * or flags are wrong. Destroy it before returning from the body. */
Regex *regex_open(FeelCall *call, FeelValue input, FeelValue pattern, const char *flags);
void regex_close(Regex *regex);

/* Whether the pattern matches the empty string: replace and split refuse such patterns. */
bool regex_takes_nothing(Regex *regex);

/* The next match as byte offsets into the input; false when there is none or a limit is passed
 * (then regex_is_stopped). */
bool regex_next(Regex *regex, size_t *out_start, size_t *out_end);
bool regex_is_stopped(const Regex *regex);

/* The bytes of a group of the current match; false when it took no part. */
bool regex_group(Regex *regex, int group, size_t *out_start, size_t *out_end);
int regex_group_count(const Regex *regex);

#endif
