#ifndef IDENTITY_IDENTITY_NUMBER_H
#define IDENTITY_IDENTITY_NUMBER_H

/*
 * What people and firms are known by: kinds of identity documents, their numbers checked, written
 * one way, and masked. Pure: no database, no clock.
 *
 *   resident_id       居民身份证, citizen identity number (GB 11643)
 *   credit_code       统一社会信用代码 of a firm (GB 32100)
 *   passport          passport of any country
 *   hk_macao_permit   港澳居民来往内地通行证
 *   taiwan_permit     台湾居民来往大陆通行证
 *   residence_permit  港澳台居民居住证: GB 11643 with 810000, 820000 or 830000 in front
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/time.h"

/* The kinds in the order in which a page offers them; ends with NULL. The second list leaves out
 * those of firms. */
extern const char *const identity_kinds[];
extern const char *const identity_kinds_of_persons[];

/* Whether it is the number of a firm, not of a person. NULL is false. */
bool identity_kind_is_firm(const char *kind);

/* The number as it is kept: narrow, in capitals, without blanks and dashes; the number of times
 * that an old permit of Hong Kong or Macao was issued is cut off, since it changes with the paper.
 * NULL with an error that says what is wrong and what to do, at `field`:
 *     identity.number_length (with {count}), identity.number_old (15 digits),
 * identity.number_digits, identity.number_area, identity.number_permit (a residence permit's,
 * chosen as another kind), identity.number_birthday, identity.number_future, identity.number_check,
 *     identity.code_length, identity.code_letters (with {letter}), identity.code_check,
 *     identity.passport, identity.hk_macao_permit, identity.taiwan_permit, identity.unknown_kind.
 * today is the day in the controller's zone: nobody was born after it. */
MUST_CHECK const char *identity_number_read(Arena *arena, const char *kind, const char *typed,
                                            Date today, const char *field, Error *err);

/* A personal value of which only the ends are shown: 4419**********1234, 138****0001, E1*****78;
 * shorter than eight characters: nothing at all. */
const char *identity_mask(Arena *arena, const char *value);

#endif
