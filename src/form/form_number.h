#ifndef FORM_FORM_NUMBER_H
#define FORM_FORM_NUMBER_H

/*
 * Numbers of people and firms: the check digits of GB 11643 (citizen identity number) and GB 32100
 * (unified social credit code), and wide characters made narrow. The only implementation: forms
 * use it for what is typed into them, apps/identity for what people are known by.
 */
#include <stdbool.h>
#include "base/arena.h"
#include "base/time.h"

/* Full-width forms as a Chinese keyboard gives them as narrow ones, without blanks at the ends. */
const char *form_half_width(Arena *arena, const char *text);

bool form_is_id_number(const char *text);   /* 18 characters of GB 11643, X in capitals */
bool form_is_credit_code(const char *text); /* 18 characters of GB 32100, capitals */

/* The last character that GB 11643 demands behind 17 digits (ISO 7064 MOD 11-2). */
char form_id_check(const char *digits);

/* The day of birth in digits 7 to 14 of a number of GB 11643; false when there is no such day. */
bool form_id_birthday(const char *digits, Date *out);

/* The characters that GB 32100 knows, and the last one that it demands behind 17 of them. */
extern const char form_credit_letters[];
char form_credit_check(const char *code);

/* The eleven digits of a mainland mobile, without blanks, dashes and +86; NULL when it is none. */
const char *form_phone(Arena *arena, const char *text);

#endif
