#ifndef DOSSIER_DOSSIER_DELIVERY_H
#define DOSSIER_DOSSIER_DELIVERY_H

/*
 * Service of a certificate (送达): at the window or by post, within the days of the item's table
 * after the decision (docs/packs.md, `service`; Administrative Licensing Law article 44, days of
 * work by article 82). It belongs to no node of a process: a department cannot draw it away.
 *
 *     chosen -> (certificate issued) due -> collected at the window: served
 *                                        -> posted -> signed for: served
 *                                                  -> came back: due again
 */
#include "apps/dossier/dossier_pages.h"
#include "apps/dossier/dossier_views_gen.h"

/* Where it is posted to; kept sealed. */
typedef struct PostAddress {
    const char *recipient;
    const char *phone;
    const char *address;
} PostAddress;

typedef struct Delivery {
    Id dossier;
    Id unit;           /* whose task it is; 0: nothing is due yet */
    const char *way;   /* window post */
    PostAddress to;    /* of post; else empty */
    const char *state; /* chosen due posted served */
    Instant begun_at;  /* INSTANT_NONE: nothing is due yet */
    Instant due_at;
    Date due_on;
    int64_t days; /* working days; 0: the item's table gives none */
    Both basis;
    Both carrier; /* of what was posted; else NULL */
    const char *tracking;
    Date posted_on;
    Date served_on;
    const char *served_how; /* signed applicant letter */
    int64_t returns;        /* how often it came back */
} Delivery;

/* A line of the list of a unit. */
typedef struct DeliveryLine {
    Delivery delivery;
    const char *number;
    Both item_name;
    const char *applicant_name;
    Id party;
} DeliveryLine;
typedef LIST(DeliveryLine) DeliveryLines;

/* One that a pack names. Its numbers are digits and capital letters, least to most of them. */
typedef struct Carrier {
    const char *code;
    Both name;
    int64_t least;
    int64_t most;
} Carrier;
typedef LIST(Carrier) Carriers;

/* ---- verbs ----------------------------------------------------------------------------------- */

/* How the applicant wants it: chosen by whom may follow the dossier, or by a window for him, until
 * it is on its way. Appends service.chosen. Refuses: service.none (the item has no certificate to
 * serve), service.not_posted (the item says so), service.on_its_way, service.address_required. */
MUST_CHECK bool delivery_choose(Tx *tx, App *app, const User *user, Id dossier, const char *way,
                                const PostAddress *to, Error *err);

/* What the unit did, each once: service.unknown (ERROR_NOT_FOUND; also of another unit),
 * service.not_due, service.not_posted_yet. posted: service.carrier, service.tracking,
 * service.to_window (nobody asked for the post), service.day (later than today). */
MUST_CHECK bool delivery_post(Tx *tx, App *app, const User *officer, Id dossier,
                              const char *carrier, const char *tracking, Date on, Error *err);
MUST_CHECK bool delivery_signed(Tx *tx, App *app, const User *officer, Id dossier, Date on,
                                Error *err);
MUST_CHECK bool delivery_came_back(Tx *tx, App *app, const User *officer, Id dossier, Error *err);
/* how: applicant, or letter (somebody with the applicant's letter). */
MUST_CHECK bool delivery_collected(Tx *tx, App *app, const User *officer, Id dossier,
                                   const char *how, Error *err);

/* The carriers of the item's table on a day; empty where the item names none. */
MUST_CHECK bool delivery_carriers(App *app, DbConn *conn, Arena *arena, Id item_definition,
                                  Instant now, Carriers *out, Error *err);

/* ---- rows ------------------------------------------------------------------------------------ */

MUST_CHECK bool store_delivery(DbConn *conn, Arena *arena, App *app, Id dossier, Delivery *out,
                               bool *out_found, Error *err);
MUST_CHECK bool store_put_delivery(Tx *tx, App *app, const Delivery *delivery, Error *err);
/* Of a unit in a state, by date; behind (due_at, dossier). Addresses are opened. */
MUST_CHECK bool store_deliveries(DbConn *conn, Arena *arena, App *app, Id unit, const char *state,
                                 Instant after_due, Id after, int most, DeliveryLines *out,
                                 Error *err);
typedef LIST(Id) DeliveryIds;
MUST_CHECK bool store_due_deliveries(DbConn *conn, Arena *arena, Id tenant, Id after, int most,
                                     DeliveryIds *out, Error *err);

/* ---- pages ----------------------------------------------------------------------------------- */

extern const InputField delivery_choose_input[], delivery_post_input[], delivery_signed_input[],
    delivery_back_input[], delivery_collected_input[], deliveries_input[];

MUST_CHECK bool pages_delivery(Request *req, const Dossier *dossier, DossierView *view, Error *err);
/* What anybody who follows a dossier reads: carrier and number; NULL when nothing was posted. */
MUST_CHECK bool pages_posted(Request *req, const Dossier *dossier, const char **out_carrier,
                             const char **out_tracking, Error *err);

bool choose_act(Tx *tx, Request *req, Error *err);
bool post_act(Tx *tx, Request *req, Error *err);
bool signed_act(Tx *tx, Request *req, Error *err);
bool back_act(Tx *tx, Request *req, Error *err);
bool collected_act(Tx *tx, Request *req, Error *err);
bool deliveries_page(Request *req, Error *err);
bool deliveries_sheet(Request *req, Error *err); /* addresses in the open; each look is written */

#endif
