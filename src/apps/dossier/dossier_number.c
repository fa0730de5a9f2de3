/*
 * dossier_number.c - numbers from the clock: App.last_number holds the local millisecond of the
 * last one, so each is greater than the one before; after a start it begins behind the last stored.
 */
#include "apps/dossier/dossier_number.h"

#include <string.h>

#include "apps/dossier/dossier_store.h"

enum { DIGITS = 18, NODE_AT = 16 };

/* ISO 7064 MOD 11,10 over `count` digits. */
static int check_digit(const char *digits, int count)
{
    int carry = 10;
    for (int i = 0; i < count; i++) {
        int sum = (carry + digits[i] - '0') % 10;
        carry = (sum ? sum : 10) * 2 % 11;
    }
    return (11 - carry) % 10;
}

static int64_t local_ms(const App *app, Instant at)
{
    return at + app->zone_minutes * MINUTE_MS;
}

/* The first 16 digits back to the local millisecond; 0 for "". */
static int64_t moment_of(const char *number)
{
    Date day;
    int64_t ms;
    char date[11], rest[9];
    if (strlen(number) != DIGITS)
        return 0;
    memcpy(date,
           (char[]){number[0], number[1], number[2], number[3], '-', number[4], number[5], '-',
                    number[6], number[7], 0},
           sizeof date);
    memcpy(rest, number + 8, 8);
    rest[8] = 0;
    if (!date_parse(date, &day) || !text_to_int64(rest, &ms))
        return 0;
    return day.day * DAY_MS + ms;
}

/* After a start: goes on behind what an earlier process may have run ahead to. */
static bool catch_up(Tx *tx, App *app, Error *err)
{
    Arena *arena = tx_arena(tx);
    Date today = instant_date(tx_now(tx), app->zone_minutes);
    const char *low = date_text(arena, today), *high = date_text(arena, date_plus(today, 2));
    const char *last;
    low = arena_printf(arena, "%.4s%.2s%.2s", low, low + 5, low + 8);
    high = arena_printf(arena, "%.4s%.2s%.2s", high, high + 5, high + 8);
    if (!store_last_number(tx_conn(tx), arena, app->tenant, low, high, &last, err))
        return false;
    int64_t begin = local_ms(app, tx_now(tx)) - 1, stored = moment_of(last), none = 0;
    atomic_compare_exchange_strong(&app->last_number, &none, stored > begin ? stored : begin);
    return true;
}

const char *dossier_number_next(Tx *tx, App *app, Error *err)
{
    if (app->last_number == 0 && !catch_up(tx, app, err))
        return NULL;
    int64_t now = local_ms(app, tx_now(tx)), last = app->last_number, next;
    do
        next = now > last ? now : last + 1;
    while (!atomic_compare_exchange_weak(&app->last_number, &last, next));

    int year, month, day;
    date_split(instant_date(next, 0), &year, &month, &day);
    char *number = arena_printf(tx_arena(tx), "%04d%02d%02d%08d%d.", year, month, day,
                                (int)(next % DAY_MS), app->node % 10);
    number[DIGITS - 1] = (char)('0' + check_digit(number, DIGITS - 1));
    return number;
}

bool dossier_number_is_valid(Arena *arena, const char *text, const char **out_number)
{
    Buffer digits = buffer_init(arena, 64);
    for (; text && *text; text++)
        if (*text >= '0' && *text <= '9')
            buffer_add_char(&digits, *text);
        else if (*text != ' ')
            return false;
    const char *number = buffer_text(&digits);
    if (digits.length != DIGITS || number[DIGITS - 1] - '0' != check_digit(number, DIGITS - 1))
        return false;
    if (out_number)
        *out_number = number;
    return true;
}
