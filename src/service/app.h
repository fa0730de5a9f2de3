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
struct Scheduler;

/* A log-in of the demonstration county, shown on the log-in page with what it may do. */
typedef struct DemoLogin {
    const char *login;
    const char *password;
    const char *label;
    const char *label_en;
} DemoLogin;

typedef struct App {
    Db *db;
    Clock *clock;
    KeyRing *keys;
    JournalKey *journal_key;
    struct FileStore *files;     /* service/files.h; NULL: nothing can be uploaded */
    struct Calendars *calendars; /* service/calendars.h */
    struct Org *org;             /* apps/org/org.h */
    struct Catalogue *catalogue; /* apps/catalogue/catalogue.h */
    struct RateLimit *tries;     /* log-ins and look-ups of one address; web/limit.h */
    struct Scheduler *scheduler; /* NULL on the command line and in unit tests */
    Id tenant;                   /* the county that this process serves */
    int zone_minutes;
    int node; /* 0..9: tells processes on one database apart, in ids and numbers */
    _Atomic int64_t last_number; /* dossier_number.c: the moment of the last number given out */
    const char *process_name;    /* for leases: host and pid */
    const char *site; /* where the public reaches it, "https://..." without "/" at the end */
    bool is_demo;
    LIST(DemoLogin) demo_logins;
} App;

/* The App behind a request. */
static inline App *request_app(const Request *req)
{
    return req->app;
}

#endif
