#ifndef SERVICE_APP_H
#define SERVICE_APP_H

/*
 * App: what every capability may reach, made once by the server (or a test) and passed along.
 * Request.app points at it. The structs behind the forward names belong to the modules that own
 * them; each is created at start, and is immutable or locked inside.
 */
#include "base/time.h"
#include "db/db.h"
#include "db/journal.h"
#include "service/crypto.h"
#include "web/web.h"

struct Calendars;
struct Catalogue;
struct FileStore;
struct RateLimit;
struct Org;
struct Rehearsal;
struct Scheduler;
struct UserMemory;

/* A log-in of the demonstration county, shown on the log-in page with what it may do. */
typedef struct DemoLogin {
    const char *login;
    const char *password;
    const char *label;
    const char *label_en;
} DemoLogin;

/* What waits for an officer beside his tasks, and what is said about one dossier: supervision's to
 * tell. It follows dossiers, not the other way round, so the desk asks through App.waiting. */
typedef struct Waiting {
    int64_t warnings; /* cases near or over their limit that were warned of */
    int64_t notices;  /* correction notices to be answered: by the unit, or (supervisors) by any */
    int64_t replied;  /* replies to be checked, for supervisors */
} Waiting;
typedef bool (*WaitingOf)(Request *req, Waiting *out, Error *err);

typedef struct App {
    Db *db;
    Clock *clock;
    KeyRing *keys;
    JournalKey *journal_key;
    struct FileStore *files;           /* service/files.h; NULL: nothing can be uploaded */
    struct Calendars *calendars;       /* service/calendars.h */
    struct Org *org;                   /* apps/org/org.h */
    struct Catalogue *catalogue;       /* apps/catalogue/catalogue.h */
    struct RateLimit *tries;           /* log-ins and look-ups of one address; web/limit.h */
    struct UserMemory *users;          /* service/user_memory.h; NULL: nobody is remembered */
    const struct Rehearsal *rehearsal; /* service/rehearsal.h; NULL: scenarios of the whole program
                                          are not run before something is published */
    struct Scheduler *scheduler;       /* NULL on the command line and in unit tests */
    Id tenant;                         /* the county that this process serves */
    int zone_minutes;
    int node; /* 0..9: tells processes on one database apart, in ids and numbers */
    _Atomic int64_t last_number; /* dossier_number.c: the moment of the last number given out */
    const char *process_name;    /* for leases: host and pid */
    const char *site;  /* where the public reaches it, "https://..." without "/" at the end */
    WaitingOf waiting; /* NULL: nothing is counted */
    bool is_demo;
    LIST(DemoLogin) demo_logins;
} App;

/* The App behind a request. */
static inline App *request_app(const Request *req)
{
    return req->app;
}

#endif
