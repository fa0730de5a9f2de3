#ifndef WEB_RIGHT_H
#define WEB_RIGHT_H

/*
 * Rights: what a route may ask of its caller. Roles (packs/<system>/roles.json) bundle rights;
 * code asks for rights only, never for roles. A right opens a route; which rows it opens is the
 * row scope in the query.
 */
#include <stdbool.h>
#include <stdint.h>

#define RIGHT_TABLE(RIGHT)                                                                         \
    RIGHT(PUBLIC, "public", "anyone, also without logging in")                                     \
    RIGHT(SIGNED_IN, "signed_in", "anyone who has logged in")                                      \
    RIGHT(OFFICER, "officer", "anyone who has logged in as an officer")                            \
    RIGHT(APPLY, "apply", "file applications and follow one's own")                                \
    RIGHT(DESK_READ, "desk.read", "see the tasks and dossiers of one's unit")                      \
    RIGHT(DESK_WORK, "desk.work", "claim and complete tasks of one's unit")                        \
    RIGHT(DOSSIER_INTAKE, "dossier.intake", "take in applications at a window on behalf")          \
    RIGHT(DOSSIER_LEAD, "dossier.lead", "approve second one-time notices; answer for a unit")      \
    RIGHT(PARTY_UNMASK, "party.unmask", "see an identity number or phone whole; journaled")        \
    RIGHT(SUPERVISE_READ, "supervise.read", "see every step of every dossier")                     \
    RIGHT(SUPERVISE_WORK, "supervise.work", "send correction notices and check the replies")       \
    RIGHT(BOARD_READ, "board.read", "see the leader's board")                                      \
    RIGHT(ADMIN_READ, "admin.read", "see the system's state, incidents and definitions")           \
    RIGHT(ADMIN_WORK, "admin.work", "mend incidents, publish definitions, manage officers")        \
    RIGHT(CALENDAR_WORK, "calendar.work", "load holiday tables and local exceptions")              \
    RIGHT(DEFINITION_WORK, "definition.work", "edit, try and publish services, forms and tables")  \
    RIGHT(METRICS_READ, "metrics.read", "read /metrics; loopback only")

typedef enum Right {
    RIGHT_NONE = 0, /* a route may not have it */
#define RIGHT_AS_ENUM(symbol, name, meaning) RIGHT_##symbol,
    RIGHT_TABLE(RIGHT_AS_ENUM)
#undef RIGHT_AS_ENUM
        RIGHT_COUNT
} Right;

typedef uint64_t Rights; /* bit (1 << Right) */

static inline bool rights_have(Rights rights, Right right)
{
    return rights >> right & 1;
}

/* "desk.read"; and back, RIGHT_NONE for an unknown name. */
const char *right_name(Right right);
Right right_of_name(const char *name);

#endif
