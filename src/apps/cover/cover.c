/* cover.c - the verbs of cover: away, back, who holds a post. */
#include "apps/cover/cover_store.h"
#include "format/json.h"

enum { DAYS_MOST = 366 };

static Date today_of(Tx *tx, const App *app)
{
    return instant_date(tx_now(tx), app->zone_minutes);
}

/* ---- what each writes ------------------------------------------------------------------------ */

static const char *absence_data(Arena *arena, const Absence *absence)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_id(&json, "absence", absence->id);
    json_put_id(&json, "officer", absence->officer);
    json_put_text(&json, "from", date_text(arena, absence->from));
    json_put_text(&json, "to", date_text(arena, absence->to));
    json_end_object(&json);
    return buffer_text(&text);
}

static const char *post_data(Arena *arena, const Post *before, const Post *post)
{
    Buffer text = buffer_init(arena, 0);
    JsonWriter json = json_writer(&text);
    json_begin_object(&json, NULL);
    json_put_id(&json, "post", post->id);
    json_put_text(&json, "code", post->code);
    json_put_id(&json, "a_before", before->a);
    json_put_id(&json, "b_before", before->b);
    json_put_id(&json, "a", post->a);
    json_put_id(&json, "b", post->b);
    json_end_object(&json);
    return buffer_text(&text);
}

static bool append(Tx *tx, App *app, const User *by, const char *kind, const char *subject,
                   const char *data, Error *err)
{
    JournalEntry entry = {.tenant = app->tenant,
                          .kind = kind,
                          .actor_kind = "officer",
                          .actor = by->id,
                          .unit = by->unit,
                          .subject = subject,
                          .data = data};
    return journal_append(tx, &entry, err);
}

static bool note_absence(Tx *tx, App *app, const User *by, const char *kind, const Absence *absence,
                         Error *err)
{
    Arena *arena = tx_arena(tx);
    return append(tx, app, by, kind,
                  arena_printf(arena, "officer:%lld", (long long)absence->officer),
                  absence_data(arena, absence), err);
}

/* ---- whose ----------------------------------------------------------------------------------- */

/* Each notes his own; the head of the unit those of his officers. */
static bool is_his(const User *by, const Absence *absence, Error *err)
{
    bool is_head = absence->unit == by->unit && rights_have(by->rights, RIGHT_DOSSIER_LEAD);
    return absence->officer == by->id || is_head ||
           error_set(err, ERROR_FORBIDDEN, .code = "absence.not_yours");
}

static bool is_staff(const StaffList *staff, Id officer)
{
    list_each (Staff, one, staff)
        if (one->id == officer)
            return true;
    return false;
}

static bool staff_of(Tx *tx, App *app, Id unit, StaffList *out, Error *err)
{
    return store_staff(tx_conn(tx), tx_arena(tx), app->tenant, unit, out, err);
}

/* ---- away and back --------------------------------------------------------------------------- */

static bool check_days(Tx *tx, App *app, const Absence *absence, Error *err)
{
    if (date_compare(absence->to, absence->from) < 0 ||
        date_compare(absence->to, date_plus(absence->from, DAYS_MOST)) > 0)
        return error_set(err, ERROR_INVALID, .code = "absence.dates", .field = "away_to");
    if (date_compare(absence->to, today_of(tx, app)) < 0)
        return error_set(err, ERROR_INVALID, .code = "absence.past", .field = "away_to");
    return true;
}

static bool check_free(Tx *tx, App *app, const Absence *absence, Error *err)
{
    Absences others = {0};
    if (!store_absences_of(tx_conn(tx), tx_arena(tx), app->tenant, absence->officer, absence->from,
                           &others, err))
        return false;
    list_each (Absence, one, &others)
        if (date_compare(one->from, absence->to) <= 0)
            return error_set(err, ERROR_CONFLICT, .code = "absence.overlaps", .field = "away_from");
    return true;
}

bool cover_note_absence(Tx *tx, App *app, const User *by, const Absence *asked, Id *out_id,
                        Error *err)
{
    StaffList staff = {0};
    Absence absence = *asked;
    absence.id = tx_new_id(tx);
    absence.officer = asked->officer ? asked->officer : by->id;
    absence.unit = by->unit;
    absence.noted_by = by->id;
    if (!is_his(by, &absence, err) || !staff_of(tx, app, by->unit, &staff, err))
        return false;
    if (!is_staff(&staff, absence.officer))
        return error_set(err, ERROR_INVALID, .code = "absence.unknown_officer", .field = "officer");
    if (out_id)
        *out_id = absence.id;
    return check_days(tx, app, &absence, err) && check_free(tx, app, &absence, err) &&
           store_add_absence(tx, app->tenant, &absence, err) &&
           note_absence(tx, app, by, "absence.noted", &absence, err);
}

bool cover_end_absence(Tx *tx, App *app, const User *by, Id id, Error *err)
{
    Absence absence;
    Date today = today_of(tx, app);
    if (!store_absence(tx_conn(tx), tx_arena(tx), app->tenant, id, &absence, err))
        return false;
    if (absence.unit != by->unit)
        return error_set(err, ERROR_NOT_FOUND, .code = "absence.unknown");
    if (!is_his(by, &absence, err))
        return false;
    if (absence.is_ended || date_compare(absence.to, today) < 0)
        return error_set(err, ERROR_CONFLICT, .code = "absence.over_already");
    bool is_begun = date_compare(absence.from, today) < 0;
    absence.to = date_plus(is_begun ? today : absence.from, -1);
    return store_end_absence(tx, app->tenant, &absence, by->id, err) &&
           note_absence(tx, app, by, "absence.ended", &absence, err);
}

/* ---- posts ----------------------------------------------------------------------------------- */

static bool check_holder(const StaffList *staff, Id officer, const char *field, Error *err)
{
    return !officer || is_staff(staff, officer) ||
           error_set(err, ERROR_INVALID, .code = "post.unknown_holder", .field = field);
}

bool cover_hold_post(Tx *tx, App *app, const User *head, Id id, Id a, Id b, Error *err)
{
    Arena *arena = tx_arena(tx);
    StaffList staff = {0};
    Post before;
    if (!store_post(tx_conn(tx), arena, app->tenant, id, &before, err))
        return false;
    if (before.unit != head->unit)
        return error_set(err, ERROR_NOT_FOUND, .code = "post.unknown");
    if (a && a == b)
        return error_set(err, ERROR_INVALID, .code = "post.same_holder", .field = "holder_b");
    if (!staff_of(tx, app, head->unit, &staff, err) || !check_holder(&staff, a, "holder_a", err) ||
        !check_holder(&staff, b, "holder_b", err))
        return false;
    Post post = before;
    post.a = a;
    post.b = b;
    return store_hold_post(tx, app->tenant, &post, err) &&
           append(tx, app, head, "post.held", arena_printf(arena, "post:%lld", (long long)id),
                  post_data(arena, &before, &post), err);
}
