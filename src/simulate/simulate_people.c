/*
 * simulate_people.c - names, numbers and addresses of people who do not exist.
 *
 * Identity numbers and credit codes have right check digits, since programs check them, and begin
 * with the division 199901: GB/T 2260 gives no province the digits 19, so nobody has such a number.
 * Phones continue those of the demonstration county.
 */
#include "simulate/simulate_people.h"

#include "form/form_number.h"

enum { NAME_PARTS = 24, BIRTHDAYS = 20000, SERIALS = 1000, CODE_DIGITS = 17 };

static const char *const surnames[NAME_PARTS] = {"林", "周", "宋", "石", "许", "何", "沈", "唐",
                                                 "冯", "董", "袁", "潘", "苏", "叶", "吕", "魏",
                                                 "蒋", "田", "杜", "丁", "姜", "范", "方", "江"};
static const char *const given[NAME_PARTS] = {
    "小满", "知夏", "立冬", "春分", "望山", "临川", "若水", "青禾", "知味", "明远", "安然", "子衿",
    "清和", "向阳", "思齐", "景行", "怀瑾", "如松", "沐风", "听雨", "雨辰", "一诺", "嘉木", "南星"};
static const char *const trades[] = {"茶饮", "川菜", "五金", "书店",
                                     "宾馆", "食品", "服饰", "农机"};
static const char *const streets[] = {"滨河路", "迎宾大道", "青石街", "白水路", "文化路", "建设街"};

static const char division[] = "199901";

static const char *one_of(Random *random, const char *const *texts, size_t count)
{
    return texts[random_below(random, (int64_t)count)];
}

#define ONE_OF(random, texts) one_of((random), (texts), sizeof(texts) / sizeof((texts)[0]))

/* Day and serial number count the person through: no two are the same below twenty million. */
static const char *id_number(Arena *arena, int64_t number)
{
    Date birthday = date_plus(date_of(1948, 1, 1), (int)(number * 7919 % BIRTHDAYS));
    int year, month, day;
    date_split(birthday, &year, &month, &day);
    char *digits = arena_printf(arena, "%s%04d%02d%02d%03d", division, year, month, day,
                                (int)(number / BIRTHDAYS % SERIALS));
    return arena_printf(arena, "%s%c", digits, form_id_check(digits));
}

static const char *credit_code(Arena *arena, int64_t number)
{
    char *code = arena_printf(arena, "91%sMA%07d", division, (int)(number % 10000000));
    return arena_printf(arena, "%.*s%c", CODE_DIGITS, code, form_credit_check(code));
}

const char *simulate_phone(Arena *arena, int64_t account)
{
    return arena_printf(arena, "1380%07d", (int)((account + 1000) % 10000000));
}

const char *simulate_name(Arena *arena, uint64_t seed, int64_t account)
{
    Random random = random_stream(seed ^ UINT64_C(0x6e616d6573), (uint64_t)account);
    const char *surname = ONE_OF(&random, surnames);
    return arena_printf(arena, "%s%s", surname, ONE_OF(&random, given));
}

Person person_of(Arena *arena, uint64_t seed, int64_t number)
{
    Random random = random_stream(seed ^ UINT64_C(0x70656f706c65), (uint64_t)number);
    const char *street = ONE_OF(&random, streets), *word = ONE_OF(&random, given);
    const char *trade = ONE_OF(&random, trades);
    int house = (int)random_between(&random, 1, 399);
    return (Person){.name = simulate_name(arena, seed, number),
                    .id_number = id_number(arena, number),
                    .phone = simulate_phone(arena, number),
                    .firm = arena_printf(arena, "青溪县%s%s店", word, trade),
                    .credit_code = credit_code(arena, number),
                    .address = arena_printf(arena, "青溪县%s%d号", street, house)};
}
