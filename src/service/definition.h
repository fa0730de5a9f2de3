#ifndef SERVICE_DEFINITION_H
#define SERVICE_DEFINITION_H

/*
 * Definition: a versioned text that packs bring and departments edit: item, process, table, form,
 * template, scenario, roles, calendar. A version is never changed; publishing adds one, effective
 * from a date. Running dossiers keep the version that they were filed under (decisions.md 13).
 */
#include "base/list.h"
#include "db/journal.h"

typedef struct Definition {
    Id id;
    const char *kind;
    const char *code;
    const char *division; /* "": everywhere */
    int64_t version;
    Date effective_from;
    const char *content;
    const char *hash;
    Instant published_at; /* of one that was found; not of definition_list */
} Definition;

typedef LIST(Definition) Definitions;

/* Publishes content as the next version of (kind, code), unless the newest version has the same
 * hash and date: then out gets that one and nothing is written. Appends definition.published with
 * data {kind, code, version, hash, effective_from} and, spliced in, the members of extra (a JSON
 * object text or NULL) for readers such as search. */
MUST_CHECK bool definition_publish(Tx *tx, Id tenant, const char *kind, const char *code,
                                   const char *content, Date effective_from, const char *extra,
                                   Definition *out, Error *err);

/* The same for a place: kind, code, division, content and effective_from are taken from draft.
 * The entry has a member division when it is not "". */
MUST_CHECK bool definition_publish_for(Tx *tx, Id tenant, const Definition *draft,
                                       const char *extra, Definition *out, Error *err);

/* The version in force everywhere on a day; out_found false when there is none. */
MUST_CHECK bool definition_in_force(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                                    const char *code, Date day, Definition *out, bool *out_found,
                                    Error *err);

/* The version in force on a day at a place (division; "" asks for that of everywhere): the most
 * specific one in force, the place's own before its county's. */
MUST_CHECK bool definition_in_force_at(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                                       const char *code, const char *place, Date day,
                                       Definition *out, bool *out_found, Error *err);

/* The same among the versions that are older than one: what would be in force without it. */
MUST_CHECK bool definition_in_force_before(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                                           const char *code, const char *place, Date day,
                                           int64_t version, Definition *out, bool *out_found,
                                           Error *err);

/* One version by its id: definition.unknown (ERROR_NOT_FOUND). */
MUST_CHECK bool definition_by_id(DbConn *conn, Arena *arena, Id tenant, Id id, Definition *out,
                                 Error *err);

/* The newest version of every code of a kind (content left out), by code; behind it those of places
 * that have their own. */
MUST_CHECK bool definition_list(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                                Definitions *out, Error *err);

/* The versions of one definition for everywhere (content left out), the newest first, at most
 * `most`. */
MUST_CHECK bool definition_versions(DbConn *conn, Arena *arena, Id tenant, const char *kind,
                                    const char *code, int most, Definitions *out, Error *err);

/* Those for places that have their own, behind what out holds, by place, the newest first. */
MUST_CHECK bool definition_versions_of_places(DbConn *conn, Arena *arena, Id tenant,
                                              const char *kind, const char *code, int most,
                                              Definitions *out, Error *err);

/* The id of what was published last, whatever it was; 0 for nothing. Who checked against what is in
 * force finds by it whether that still stands. */
MUST_CHECK bool definition_newest_id(DbConn *conn, Id tenant, Id *out, Error *err);

#endif
