/*
 * postgres_value.c - DbValue to and from PostgreSQL's binary format (PostgreSQL 15 manual, 55.7;
 * numeric as in its numeric_send).
 */
#include "db/postgres_value.h"

#include <endian.h>
#include <math.h>
#include <string.h>

enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    OID_NUMERIC = 1700
};

void pg_values_copy(Arena *arena, DbValue *out, const DbValue *values, int count)
{
    for (int i = 0; i < count; i++) {
        out[i] = values[i];
        bool has_bytes = values[i].type == DB_TEXT || values[i].type == DB_BYTES;
        if (has_bytes && values[i].bytes.size > 0)
            out[i].bytes.data = arena_copy(arena, values[i].bytes.data, values[i].bytes.size);
    }
}

bool pg_value_is_same(const DbValue *a, const DbValue *b)
{
    if (a->is_null || b->is_null || a->type != b->type)
        return a->is_null && b->is_null;
    switch (a->type) {
    case DB_INT: return a->integer == b->integer;
    /* As bits on purpose: a NaN is the same as itself, and -0 is not 0. */
    /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
    case DB_REAL: return memcmp(&a->real, &b->real, sizeof a->real) == 0;
    default: break;
    }
    return a->bytes.size == b->bytes.size &&
           (a->bytes.size == 0 || memcmp(a->bytes.data, b->bytes.data, a->bytes.size) == 0);
}

Oid pg_type_of(DbType type)
{
    static const Oid types[] = {
        [DB_INT] = OID_INT8, [DB_TEXT] = OID_TEXT, [DB_BYTES] = OID_BYTEA, [DB_REAL] = OID_FLOAT8};
    return types[type];
}

static uint64_t wire_real(double real)
{
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    return htobe64(bits);
}

void pg_params_fill(PgParams *out, const DbValue *values, int count)
{
    out->count = count;
    for (int i = 0; i < count; i++) {
        const DbValue *value = &values[i];
        bool is_number = value->type == DB_INT || value->type == DB_REAL;
        if (is_number)
            out->numbers[i] =
                value->type == DB_INT ? htobe64((uint64_t)value->integer) : wire_real(value->real);
        out->formats[i] = 1;
        out->lengths[i] = is_number ? 8 : (int)value->bytes.size;
        out->values[i] = is_number ? (const char *)&out->numbers[i] : value->bytes.data;
        if (value->is_null)
            out->values[i] = NULL;
    }
}

/* ---- columns --------------------------------------------------------------------------------- */

static uint16_t wire_16(const char *data)
{
    uint16_t bits;
    memcpy(&bits, data, sizeof bits);
    return be16toh(bits);
}

static uint32_t wire_32(const char *data)
{
    uint32_t bits;
    memcpy(&bits, data, sizeof bits);
    return be32toh(bits);
}

static uint64_t wire_64(const char *data)
{
    uint64_t bits;
    memcpy(&bits, data, sizeof bits);
    return be64toh(bits);
}

/* A numeric is digits of base 10000; the first has the weight 10000^weight. */
typedef struct Numeric {
    int count, weight;
    bool is_negative, is_nan;
    const char *digits;
} Numeric;

static Numeric numeric(const char *data)
{
    uint16_t sign = wire_16(data + 4);
    return (Numeric){.count = wire_16(data),
                     .weight = (int16_t)wire_16(data + 2),
                     .is_negative = sign == 0x4000 || sign == 0xF000,
                     .is_nan = sign >= 0xC000,
                     .digits = data + 8};
}

/* Towards zero, as SQLite reads a fraction where an integer is wanted. */
static bool numeric_int(const char *data, int64_t *out)
{
    Numeric n = numeric(data);
    int64_t sum = 0;
    for (int i = 0; i <= n.weight; i++) {
        int digit = i < n.count ? (int)wire_16(n.digits + (ptrdiff_t)2 * i) : 0;
        if (__builtin_mul_overflow(sum, 10000, &sum) ||
            __builtin_sub_overflow(sum, digit, &sum)) /* downwards: it reaches INT64_MIN */
            return false;
    }
    if (n.is_nan || (!n.is_negative && sum == INT64_MIN))
        return false;
    *out = n.is_negative ? sum : -sum;
    return true;
}

static double numeric_real(const char *data)
{
    Numeric n = numeric(data);
    double sum = 0;
    for (int i = 0; i < n.count; i++)
        sum += wire_16(n.digits + (ptrdiff_t)2 * i) * pow(10000, n.weight - i);
    if (n.is_nan)
        return (double)NAN;
    return n.is_negative ? -sum : sum;
}

static bool column_int(Oid type, const char *data, int64_t *out)
{
    switch (type) {
    case OID_INT8: *out = (int64_t)wire_64(data); return true;
    case OID_INT4: *out = (int32_t)wire_32(data); return true;
    case OID_INT2: *out = (int16_t)wire_16(data); return true;
    case OID_BOOL: *out = *data != 0; return true;
    case OID_NUMERIC: return numeric_int(data, out);
    default: return false;
    }
}

static bool column_real(Oid type, const char *data, double *out)
{
    uint64_t bits = type == OID_FLOAT8 ? wire_64(data) : 0;
    uint32_t small_bits = type == OID_FLOAT4 ? wire_32(data) : 0;
    float small;
    int64_t integer;
    if (type == OID_FLOAT8) {
        memcpy(out, &bits, sizeof *out);
        return true;
    }
    if (type == OID_FLOAT4) {
        memcpy(&small, &small_bits, sizeof small);
        *out = (double)small;
        return true;
    }
    if (type == OID_NUMERIC) {
        *out = numeric_real(data);
        return true;
    }
    if (!column_int(type, data, &integer))
        return false;
    *out = (double)integer;
    return true;
}

static bool is_text(Oid type)
{
    return type == OID_TEXT || type == OID_VARCHAR || type == OID_BPCHAR || type == OID_NAME;
}

bool pg_type_fits(Oid given, DbType type)
{
    bool is_integer = given == OID_INT8 || given == OID_INT4 || given == OID_INT2 ||
                      given == OID_BOOL || given == OID_NUMERIC;
    switch (type) {
    case DB_INT: return is_integer;
    case DB_REAL: return is_integer || given == OID_FLOAT8 || given == OID_FLOAT4;
    case DB_TEXT: return is_text(given);
    case DB_BYTES: return given == OID_BYTEA;
    }
    return false;
}

bool pg_column(const PGresult *result, int row, int i, DbType type, DbValue *out)
{
    *out = (DbValue){.type = type, .is_null = PQgetisnull(result, row, i) != 0};
    if (out->is_null)
        return true;
    Oid given = PQftype(result, i);
    const char *data = PQgetvalue(result, row, i);
    if (type == DB_INT)
        return column_int(given, data, &out->integer);
    if (type == DB_REAL)
        return column_real(given, data, &out->real);
    out->bytes = (DbBytes){.data = data, .size = (size_t)PQgetlength(result, row, i)};
    return pg_type_fits(given, type);
}
