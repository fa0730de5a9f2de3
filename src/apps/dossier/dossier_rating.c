/*
 * dossier_rating.c - rating a dossier, once: by its applicant, or by whoever holds the receipt. The
 * token on it is 16 hexadecimal digits of the id and 26 of its keyed hash.
 */
#include "apps/dossier/dossier_rating.h"

#include <string.h>

#include "apps/dossier/dossier_internal.h"

enum { ID_DIGITS = 16, HASH_DIGITS = 26, SCALE_WITHOUT_PACK = 5 };

/* ---- tokens ---------------------------------------------------------------------------------- */

const char *rating_token(const App *app, Arena *arena, Id dossier)
{
    const char *about =
        arena_printf(arena, "%lld:%lld", (long long)app->tenant, (long long)dossier);
    const char *hash = keyring_blind(app->keys, arena, "rating", about);
    return arena_printf(arena, "%016llx%.*s", (unsigned long long)dossier, HASH_DIGITS, hash);
}

Id rating_of_token(const App *app, Arena *arena, const char *token)
{
    unsigned char bytes[ID_DIGITS / 2];
    uint64_t id = 0;
    bool is_token = token && strlen(token) == ID_DIGITS + HASH_DIGITS &&
                    text_unhex(arena_text_n(arena, token, ID_DIGITS), bytes, sizeof bytes);
    for (size_t i = 0; is_token && i < sizeof bytes; i++)
        id = id << 8 | bytes[i];
    if (!is_token || id == 0 || id > INT64_MAX)
        return 0;
    return text_equal_secret(rating_token(app, arena, (Id)id), token) ? (Id)id : 0;
}

const char *rating_url(const App *app, Arena *arena, Id dossier)
{
    return arena_printf(arena, "%s/rate/%s", app->site ? app->site : "",
                        rating_token(app, arena, dossier));
}

/* ---- the scale ------------------------------------------------------------------------------- */

bool rating_grades(App *app, DbConn *conn, Arena *arena, Date day, BothList *out, Error *err)
{
    const BothList *defined;
    if (!catalogue_rating(app, conn, day, &defined, err))
        return false;
    if (defined)
        *out = *defined;
    for (int i = 1; !defined && i <= SCALE_WITHOUT_PACK; i++) {
        const char *key = arena_printf(arena, "rating.%d", i);
        Both grade = {message_raw(LANGUAGE_ZH, key), message_raw(LANGUAGE_EN, key)};
        list_add(arena, out, grade);
    }
    return true;
}

const char *rating_icon(size_t place, size_t count)
{
    static const char *const icons[] = {"mood-happy", "mood-smile", "mood-neutral", "mood-sad",
                                        "mood-cry"};
    size_t last = sizeof icons / sizeof *icons - 1;
    return icons[count > 1 ? (place * last + (count - 1) / 2) / (count - 1) : 0];
}

/* ---- rating ---------------------------------------------------------------------------------- */

static void put_rating(JsonWriter *json, const void *context)
{
    const Rating *rating = context;
    json_put_int(json, "grade", rating->grade);
    json_put_int(json, "scale", rating->scale);
}

static bool rate(Work *work, int64_t grade, const char *comment, Error *err)
{
    Tx *tx = work->tx;
    App *app = work->app;
    BothList grades = {0};
    Rating earlier;
    bool is_rated;
    Date today = instant_date(tx_now(tx), app->zone_minutes);
    if (work->dossier.completed_at == INSTANT_NONE)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.not_rateable");
    if (!store_rating(tx_conn(tx), work->arena, app->tenant, work->dossier.id, &earlier, &is_rated,
                      err))
        return false;
    if (is_rated)
        return error_set(err, ERROR_CONFLICT, .code = "dossier.rated_already");
    if (!rating_grades(app, tx_conn(tx), work->arena, today, &grades, err))
        return false;
    if (grade < 1 || grade > (int64_t)grades.count)
        return error_set(err, ERROR_INVALID, .code = "input.not_a_choice", .field = "grade");
    Rating rating = {
        .grade = grade, .scale = (int64_t)grades.count, .comment = comment, .rated_at = tx_now(tx)};
    work->version_before = work->dossier.version;
    work->steps = steps_begin(work->arena);
    return store_add_rating(tx, app, work->dossier.id, &rating, err) &&
           work_append(work, "dossier.rated", NULL, put_rating, &rating, err);
}

bool dossier_rate(Tx *tx, App *app, const User *applicant, const char *number, int64_t grade,
                  const char *comment, Error *err)
{
    Work work = {.tx = tx,
                 .app = app,
                 .arena = tx_arena(tx),
                 .actor_kind = "applicant",
                 .actor = applicant->id};
    if (!dossier_by_number(tx_conn(tx), work.arena, app->tenant, number, &work.dossier, err))
        return false;
    if (!work.dossier.account || work.dossier.account != applicant->id)
        return error_set(err, ERROR_NOT_FOUND, .code = "dossier.unknown");
    return rate(&work, grade, comment, err);
}

bool dossier_rate_by_token(Tx *tx, App *app, const User *user, const char *token, int64_t grade,
                           const char *comment, Error *err)
{
    Work work = {.tx = tx, .app = app, .arena = tx_arena(tx), .actor_kind = "applicant"};
    Id dossier = rating_of_token(app, work.arena, token);
    if (user->kind == USER_OFFICER)
        return error_set(err, ERROR_FORBIDDEN, .code = "rating.officer");
    if (!dossier)
        return error_set(err, ERROR_NOT_FOUND, .code = "rating.unknown");
    return dossier_by_id(tx_conn(tx), work.arena, app->tenant, dossier, &work.dossier, err) &&
           rate(&work, grade, comment, err);
}
