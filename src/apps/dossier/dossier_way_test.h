#ifndef DOSSIER_DOSSIER_WAY_TEST_H
#define DOSSIER_DOSSIER_WAY_TEST_H

/*
 * What the tests of notices, supplements, uncounted time, fees and letters share: the verbs as
 * people call them, and grounds of the tests' own. For *_test.c files only.
 */
#include "apps/dossier/dossier_hall_test.h"

/* clang-format off */
#define WAY_GROUND(code, limit) \
    "{\"code\":\"" code "\",\"name\":\"" code "\",\"name_en\":\"" code "\",\"basis\":" \
    "{\"title\":\"法\",\"title_en\":\"Law\"},\"own_limit\":" limit "}"
#define WAY_GROUNDS \
    "{\"grounds\":[" WAY_GROUND("supplement", "null") "," \
    WAY_GROUND("survey", "{\"amount\":3,\"unit\":\"working_days\"}") "," \
    WAY_GROUND("expert_review", \
               "{\"table\":\"special-limits\",\"decision\":\"special-limit\"}") "," \
    WAY_GROUND("hearing", "null") "],\"en\":null}"
/* clang-format on */

/* November and December 2026 at a given hour. */
#define WAY_NOV(day, hour) HALL_AT(date_of(2026, 11, day), hour, 0)
#define WAY_DEC(day, hour) HALL_AT(date_of(2026, 12, day), hour, 0)

static inline bool way_run_grounds(Tx *tx, void *data, Error *err)
{
    Definition published;
    (void)data;
    return definition_publish(tx, HALL_TENANT, "grounds", "grounds", WAY_GROUNDS,
                              date_of(2026, 11, 1), NULL, &published, err);
}

static inline void way_begin(Hall *hall, TestDb *test)
{
    hall_begin(hall, test);
    hall_write(hall, way_run_grounds, NULL, "grounds");
    hall_forget(hall);
}

/* ---- suspending ------------------------------------------------------------------------------ */

typedef struct WaySuspension {
    Hall *hall;
    const User *who;
    DossierSuspension asked; /* without a ground: resume */
} WaySuspension;

static inline bool way_run_suspension(Tx *tx, void *data, Error *err)
{
    const WaySuspension *it = data;
    App *app = &it->hall->app;
    return it->asked.ground ? dossier_suspend(tx, app, it->who, &it->asked, err)
                            : dossier_resume(tx, app, it->who, it->asked.task, err);
}

static inline WaySuspension way_suspension(Hall *hall, const User *who, Id dossier,
                                           const char *element, const char *ground)
{
    return (WaySuspension){.hall = hall,
                           .who = who,
                           .asked = {.task = hall_task(hall, dossier, element),
                                     .ground = ground,
                                     .note = "现场需要核对"}};
}

static inline void way_suspend(Hall *hall, const User *who, Id dossier, const char *element,
                               const char *ground)
{
    WaySuspension it = way_suspension(hall, who, dossier, element, ground);
    hall_write(hall, way_run_suspension, &it, ground ? ground : "resume");
    dossier_agrees(hall, dossier);
}

/* ---- notices --------------------------------------------------------------------------------- */

typedef struct WayNotice {
    Hall *hall;
    const User *who;
    DossierNotice asked;
    DossierNoticeLine lines[2];
    bool is_sent;
} WayNotice;

static inline bool way_run_notice(Tx *tx, void *data, Error *err)
{
    WayNotice *it = data;
    it->asked.lines = it->lines;
    return dossier_notice(tx, &it->hall->app, it->who, &it->asked, &it->is_sent, err);
}

/* Of a hotel's application: its floor plan is missing, its room count is wrong. */
static inline WayNotice way_notice(Hall *hall, const User *who, Id dossier, const char *element,
                                   int64_t was_visible)
{
    return (WayNotice){
        .hall = hall,
        .who = who,
        .asked = {.task = hall_task(hall, dossier, element), .line_count = 2},
        .lines = {{"material", "floor-plan", "没有平面图", "请上传平面图", was_visible},
                  {"field", "room_count", "客房数与现场不符", "请按实际填写", was_visible}}};
}

static inline bool way_send(Hall *hall, const User *who, Id dossier, const char *element,
                            int64_t was_visible, const char *reason)
{
    WayNotice it = way_notice(hall, who, dossier, element, was_visible);
    it.asked.reason = reason;
    hall_write(hall, way_run_notice, &it, "dossier_notice");
    dossier_agrees(hall, dossier);
    return it.is_sent;
}

typedef struct WayDecision {
    Hall *hall;
    const User *who;
    Id notice;
    bool is_approved;
    const char *words;
} WayDecision;

static inline bool way_run_decision(Tx *tx, void *data, Error *err)
{
    const WayDecision *it = data;
    return dossier_decide_notice(tx, &it->hall->app, it->who, it->notice, it->is_approved,
                                 it->words, err);
}

static inline Id way_last_notice(Hall *hall)
{
    return raw_number(&hall->raw, "SELECT MAX(id) FROM notice");
}

/* ---- supplements ----------------------------------------------------------------------------- */

typedef struct WaySupplement {
    Hall *hall;
    DossierSupplement asked;
    const char *brought[1];
} WaySupplement;

static inline bool way_run_supplement(Tx *tx, void *data, Error *err)
{
    WaySupplement *it = data;
    it->asked.brought = it->brought;
    return dossier_supplement(tx, &it->hall->app, &it->asked, err);
}

/* clang-format off */
#define WAY_MENDED_ANSWERS \
    "{\"unit_name\":\"青溪宾馆\",\"credit_code\":\"91350211M000100Y43\"," \
    "\"address\":\"滨河路11号\",\"legal_name\":\"周知秋\",\"phone\":\"13912345679\"," \
    "\"room_count\":24,\"floor_area\":800,\"air_conditioning\":\"split\"," \
    "\"water_supply\":\"mains\"}"
/* clang-format on */

static inline WaySupplement way_supplement(Hall *hall, Id dossier)
{
    return (WaySupplement){.hall = hall,
                           .asked = {.dossier = dossier,
                                     .actor_kind = "applicant",
                                     .actor = hall->applicant.id,
                                     .answers = hall_json(hall, WAY_MENDED_ANSWERS),
                                     .brought_count = 1},
                           .brought = {"floor-plan"}};
}

static inline void way_mend(Hall *hall, Id dossier)
{
    WaySupplement it = way_supplement(hall, dossier);
    hall_write(hall, way_run_supplement, &it, "dossier_supplement");
    dossier_agrees(hall, dossier);
}

/* ---- withdrawal ------------------------------------------------------------------------------ */

typedef struct WayWithdrawal {
    Hall *hall;
    const User *who;
    Id dossier;
    const char *reason;
} WayWithdrawal;

static inline bool way_run_withdrawal(Tx *tx, void *data, Error *err)
{
    const WayWithdrawal *it = data;
    return dossier_withdraw(tx, &it->hall->app, it->who, it->dossier, it->reason, err);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* "due_on ground": when it is due as stored, and why it stands still. */
static inline const char *way_clock(Hall *hall, Id dossier)
{
    return raw_ask(&hall->raw,
                   "SELECT due_on, COALESCE(ground, '-') FROM legal_clock WHERE dossier = %lld",
                   (long long)dossier);
}

/* hall_last_steps without the papers that went out with the command: they have tests of their own.
 */
static inline const char *way_steps(Hall *hall, Id dossier)
{
    const char **words;
    Buffer out = buffer_init(hall->arena, 0);
    size_t count = text_split(hall->arena, hall_last_steps(hall, dossier), ' ', &words);
    for (size_t i = 0; i < count; i++)
        if (!text_equal(words[i], "document"))
            buffer_printf(&out, "%s%s", i ? " " : "", words[i]);
    return buffer_text(&out);
}

static inline const char *way_waits(Hall *hall, Id dossier)
{
    return raw_ask(&hall->raw, "SELECT COALESCE(waits_for, '-') FROM dossier WHERE id = %lld",
                   (long long)dossier);
}

static inline void way_expect_refusal(Hall *hall, Command run, void *data, const char *code)
{
    const char *refusal = hall_refusal(hall, run, data, NULL);
    if (!text_equal(refusal, code))
        fail_msg("%s instead of %s", refusal ? refusal : "done", code);
}

#endif
