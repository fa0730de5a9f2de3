#ifndef DOSSIER_DOSSIER_LIFE_STORE_H
#define DOSSIER_DOSSIER_LIFE_STORE_H

/*
 * Rows of what happens on the way: time not counted, notices, supplements, fees, letters, archive.
 * Changed answers are sealed here.
 */
#include "apps/dossier/dossier_store.h"

/* ---- time that is not counted ---------------------------------------------------------------- */

typedef struct Span {
    Id id;
    Id task;
    const char *cause;  /* officer element notice */
    const char *ground; /* code */
    Both name;
    Instant from;
    Instant to; /* INSTANT_NONE: open */
    bool has_own_limit;
    Limit own_limit;
    const char *note;
    Id opened_by; /* 0: the process */
    Id closed_by;
    bool is_new;    /* not stored yet */
    bool is_closed; /* in this command */
} Span;
typedef LIST(Span) Spans;

MUST_CHECK bool store_add_span(Tx *tx, App *app, Id dossier, const Span *span, Error *err);
MUST_CHECK bool store_close_span(Tx *tx, App *app, const Span *span, Error *err);
MUST_CHECK bool store_spans(DbConn *conn, Arena *arena, Id tenant, Id dossier, Spans *out,
                            Error *err);
/* The stopped clock that runs again first, behind (after, dossier_after); before now. */
MUST_CHECK bool store_clock_again(DbConn *conn, Arena *arena, Id tenant, Instant now, Instant after,
                                  Id dossier_after, Instant *out_at, Id *out_dossier,
                                  bool *out_found, Error *err);

/* ---- notices and supplements ----------------------------------------------------------------- */

typedef struct NoticeLine {
    const char *kind; /* material field */
    const char *code;
    Both name;
    const char *missing;
    const char *mend;
    int64_t was_visible; /* 0, 1; INT_NONE on a first notice */
} NoticeLine;
typedef LIST(NoticeLine) NoticeLines;

typedef struct Notice {
    Id id;
    Id dossier;
    Id task;
    Id unit;
    Id officer;
    int64_t ordinal;
    const char *state; /* asked sent refused answered ended */
    const char *reason;
    Instant asked_at;
    Instant sent_at;
    Id decided_by;
    Instant decided_at;
    const char *decision;
    Instant answered_at;
    Id taken_back_by;
    Instant taken_back_at; /* INSTANT_NONE */
    const char *taken_back_why;
    NoticeLines lines;
} Notice;
typedef LIST(Notice) Notices;

/* A notice that waits for a leader. */
typedef struct AskedNotice {
    Id id;
    const char *number;
    Both item_name;
    const char *applicant_name;
    Id officer;
    const char *reason;
    Instant asked_at;
} AskedNotice;
typedef LIST(AskedNotice) AskedNotices;

typedef struct Supplement {
    Id id;
    const char *by_kind; /* applicant officer */
    Id by;
    Instant at;
    const char *note;
    const char *changes;   /* JSON [{key, old, new}], opened */
    const char *materials; /* JSON list of codes */
} Supplement;
typedef LIST(Supplement) Supplements;

/* With its lines. */
MUST_CHECK bool store_add_notice(Tx *tx, App *app, const Notice *notice, Error *err);
MUST_CHECK bool store_decide_notice(Tx *tx, App *app, const Notice *notice, Error *err);
MUST_CHECK bool store_take_back_notice(Tx *tx, App *app, const Notice *notice, Error *err);
/* Closes those that were sent and not answered yet, of one task or (0) of all; out_open counts
 * those that then still wait. */
MUST_CHECK bool store_close_notices(Tx *tx, App *app, Id dossier, Id task, const char *state,
                                    int64_t *out_open, Error *err);
/* Ends those that wait for approval, of one task or (0) of all. */
MUST_CHECK bool store_end_asked(Tx *tx, App *app, Id dossier, Id task, Error *err);
/* With their lines, in order. */
MUST_CHECK bool store_notices(DbConn *conn, Arena *arena, Id tenant, Id dossier, Notices *out,
                              Error *err);
/* One with its lines: notice.unknown. */
MUST_CHECK bool store_notice(DbConn *conn, Arena *arena, Id tenant, Id id, Notice *out, Error *err);
MUST_CHECK bool store_notice_queue(DbConn *conn, Arena *arena, Id tenant, Id unit, Id after,
                                   int most, AskedNotices *out, Error *err);
MUST_CHECK bool store_add_supplement(Tx *tx, App *app, Id dossier, const Supplement *supplement,
                                     Error *err);
/* When the applicant handed in the last one; INSTANT_NONE: never. */
MUST_CHECK bool store_last_supplement(DbConn *conn, Arena *arena, Id tenant, Id dossier,
                                      Instant *out_at, Error *err);
MUST_CHECK bool store_supplements(DbConn *conn, App *app, Arena *arena, Id dossier,
                                  Supplements *out, Error *err);
/* The answers of dossier->answers, sealed. */
MUST_CHECK bool store_save_answers(Tx *tx, App *app, const Dossier *dossier, Error *err);
MUST_CHECK bool store_bring_material(Tx *tx, App *app, Id dossier, const char *code, Error *err);

/* ---- fees ------------------------------------------------------------------------------------ */

typedef struct Fee {
    Id id;
    Fen standard;
    Fen reduction;                /* never more than the standard */
    const char *reduction_ground; /* NULL: not reduced */
    const char *reduction_basis;
    Fen amount;        /* what is left to pay: standard - reduction */
    const char *state; /* due paid waived */
    const char *basis; /* of the standard */
    Instant charged_at;
    Instant paid_at;
    const char *reference;
    Id paid_by;
} Fee;
typedef LIST(Fee) Fees;

MUST_CHECK bool store_add_fee(Tx *tx, App *app, Id dossier, const Fee *fee, Error *err);
MUST_CHECK bool store_pay_fee(Tx *tx, App *app, Id dossier, const Fee *fee, Error *err);
MUST_CHECK bool store_fees(DbConn *conn, Arena *arena, Id tenant, Id dossier, Fees *out,
                           Error *err);

/* ---- letters of authorisation ---------------------------------------------------------------- */

typedef struct Letter {
    Id id;
    Id officer;
    Id unit;
    const char *item;    /* code or * */
    const char *element; /* id or * */
    Date valid_from;
    Date valid_until; /* last day */
    const char *letter_no;
    Instant created_at;
    Instant ended_at;
} Letter;
typedef LIST(Letter) Letters;

/* An active officer and his unit, by staff number; 0 when there is none. */
MUST_CHECK bool store_letter_holder(Tx *tx, App *app, const char *login, Id *out_officer,
                                    Id *out_unit, Error *err);
MUST_CHECK bool store_add_letter(Tx *tx, App *app, const Letter *letter, Id by, Error *err);
/* out_first is false when it had ended before. */
MUST_CHECK bool store_end_letter(Tx *tx, App *app, Id letter, Id by, bool *out_first, Error *err);
MUST_CHECK bool store_letter_covers(DbConn *conn, Arena *arena, Id tenant, const Letter *wanted,
                                    Date day, bool *out, Error *err);
MUST_CHECK bool store_letters(DbConn *conn, Arena *arena, Id tenant, Id before, int most,
                              Letters *out, Error *err);
/* authorisation.unknown when there is none. */
MUST_CHECK bool store_letter(DbConn *conn, Arena *arena, Id tenant, Id id, Letter *out, Error *err);

/* ---- archive --------------------------------------------------------------------------------- */

typedef struct Archived {
    Id id;
    const char *number;
    const char *archive_number;
    Both item_name;
    const char *applicant_name;
    const char *state;
    Instant completed_at;
} Archived;
typedef LIST(Archived) ArchivedList;

/* What a unit has closed, newest first, behind (before, id_before). */
MUST_CHECK bool store_archive(DbConn *conn, Arena *arena, Id tenant, Id unit, Instant before,
                              Id id_before, int most, ArchivedList *out, Error *err);

#endif
