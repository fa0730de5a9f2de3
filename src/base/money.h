#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdint.h>

/* An amount in fen (1/100 yuan), as tables keep it; engines use Decimal yuan. Never a double. */
typedef int64_t Fen;

#endif
