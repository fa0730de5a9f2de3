/*
 * value.c - DbValue: C values into parameters, columns into C values.
 *
 * Generated code calls these; NULL is told by a value of its own in each C type.
 */
#include "db/statement.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

DbValue db_int(int64_t value)
{
    return (DbValue){.type = DB_INT, .integer = value};
}

DbValue db_int_or_none(int64_t value)
{
    return (DbValue){.type = DB_INT, .integer = value, .is_null = value == INT_NONE};
}

DbValue db_id(Id id)
{
    return (DbValue){.type = DB_INT, .integer = id, .is_null = id == 0};
}

DbValue db_text(const char *text)
{
    return (DbValue){.type = DB_TEXT,
                     .is_null = !text,
                     .bytes = {.data = text, .size = text ? strlen(text) : 0}};
}

DbValue db_bytes(DbBytes bytes)
{
    return (DbValue){.type = DB_BYTES, .is_null = !bytes.data, .bytes = bytes};
}

DbValue db_real(double value)
{
    return (DbValue){.type = DB_REAL, .real = value, .is_null = isnan(value)};
}

DbValue db_instant(Instant instant)
{
    return (DbValue){.type = DB_INT, .integer = instant, .is_null = instant == INSTANT_NONE};
}

DbValue db_date(Date date, char buffer[16])
{
    if (date_is_none(date))
        return (DbValue){.type = DB_TEXT, .is_null = true};
    int year, month, day;
    date_split(date, &year, &month, &day);
    /* Only four digits sort and parse; a text that is not UTF-8 makes db_run refuse the call. */
    if (year < 1 || year > 9999)
        return db_text("\xff");
    snprintf(buffer, 16, "%04d-%02d-%02d", year, month, day);
    return db_text(buffer);
}

const char *db_get_text(Arena *arena, const DbValue *column)
{
    if (column->is_null)
        return NULL;
    return arena_text_n(arena, column->bytes.data, column->bytes.size);
}

DbBytes db_get_bytes(Arena *arena, const DbValue *column)
{
    if (column->is_null)
        return (DbBytes){0};
    return (DbBytes){.data = arena_copy(arena, column->bytes.data, column->bytes.size),
                     .size = column->bytes.size};
}

int64_t db_get_int(const DbValue *column, int64_t when_null)
{
    return column->is_null ? when_null : column->integer;
}

double db_get_real(const DbValue *column)
{
    return column->is_null ? (double)NAN : column->real;
}

Date db_get_date(const DbValue *column)
{
    char text[11];
    Date date = DATE_NONE;
    if (column->is_null || column->bytes.size != sizeof text - 1)
        return date;
    memcpy(text, column->bytes.data, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    if (!date_parse(text, &date))
        return DATE_NONE;
    return date;
}
