#ifndef CATALOGUE_CATALOGUE_PACK_H
#define CATALOGUE_CATALOGUE_PACK_H

/* A pack while it is read and checked: what catalogue_pack.c and catalogue_check.c share. */
#include "apps/catalogue/catalogue_internal.h"

typedef struct PackPart {
    const char *kind;
    const char *code;
    const char *file;      /* for errors */
    Definition definition; /* content only, until it is published */
    Parsed parsed;
} PackPart;

struct Pack {
    Arena *arena;
    const char *folder;
    LIST(PackPart) parts;
};

/* Where a kind lies in a pack. Of those without a folder a pack has one file at most, KIND.json,
 * with both languages in it. */
typedef struct PackKind {
    const char *kind;
    const char *folder; /* NULL: a single file */
    const char *ending;
    bool is_json;     /* lies in the content as it is, not as a text */
    bool has_english; /* an overlay beside it */
} PackKind;

extern const PackKind pack_kinds[]; /* items behind what they refer to; ends without a kind */
const PackKind *pack_kind(const char *kind); /* NULL when unknown */

/* {"kind": text or JSON, "en": overlay or null}; the texts must have been parsed before. */
const char *pack_content(Arena *arena, const DefinitionFiles *files);

/* Publishes one part that was parsed and checked. */
MUST_CHECK bool pack_publish_part(Tx *tx, App *app, const PackPart *part, DefinitionScope scope,
                                  Definition *out, Error *err);

/* Adds one error about a whole file; false. */
bool pack_fail(Arena *arena, const char *file, const char *code, const char *reason, Error *err);

/* Every error of a text, each with its file and line, under its own code unless one is given;
 * false. */
bool pack_fail_text(Arena *arena, const char *file, const Error *problems, const char *code,
                    Error *err);

/* Whether what a parsed part refers to is there, and what people read has its English. Every
 * problem is told: pack.reference, pack.no_english, pack.code, pack.limits, pack.property name file
 * and place. */
MUST_CHECK bool pack_check_part(const Pack *pack, const PackPart *part, Error *err);

/* The part of a kind and code, or NULL. */
const PackPart *pack_find(const Pack *pack, const char *kind, const char *code);

bool pack_has_decision(const Pack *pack, const char *table, const char *decision);

/* The value of a header or property, or NULL. */
const char *pack_value(BpmnPairs pairs, const char *name);

/* Adds pack.property about an element of a process: which header or property, and what is wrong;
 * false. */
bool pack_fail_element(const Pack *pack, const PackPart *part, const BpmnElement *element,
                       const char *name, const char *reason, Error *err);

/* What the headers of a service task fee.charge name (catalogue_check_fee.c): a decision for the
 * standard and, where something may be taken off, one with a ground, a legal basis and a share or
 * an amount. Of any other task nothing is asked. */
MUST_CHECK bool pack_check_fee(const Pack *pack, const PackPart *part, const BpmnElement *element,
                               Error *err);

/* Runs what a file of scenarios says of the pack's tables, with the working days that are
 * announced. Error scenario.failed for each that fails: file, line, expected, got. */
MUST_CHECK bool pack_check_scenarios(const Pack *pack, const PackPart *part, Error *err);

/* Files with all else that is in force there on that day, as a pack without a folder, the files
 * first. What is in force has no content there, but its definition's id (parsed.about). */
MUST_CHECK bool pack_among(App *app, DbConn *conn, const DefinitionSet *set, DefinitionScope scope,
                           Pack *pack, Error *err);

/* What pure steps of a pack's scenarios ask: its tables, with the working days that are announced.
 */
ScenarioHost pack_scenario_host(const Pack *pack);

#endif
