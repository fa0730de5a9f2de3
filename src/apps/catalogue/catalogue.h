#ifndef CATALOGUE_CATALOGUE_H
#define CATALOGUE_CATALOGUE_H

/*
 * Catalogue: service items with everything that one needs (guide, materials, form, process,
 * limits, certificate), from packs, versioned; and the search that finds them.
 *
 * A parsed version is immutable and kept for the life of the program, so running dossiers read
 * theirs without the database. docs/packs.md describes the files of a pack.
 */
#include "bpmn/bpmn.h"
#include "calendar/calendar.h"
#include "dmn/dmn.h"
#include "form/form.h"
#include "format/template.h"
#include "service/app.h"
#include "service/definition.h"

typedef struct Catalogue Catalogue;

extern const Route catalogue_routes[]; /* / /items /items/{code} */
extern const JournalReader catalogue_search_reader;

/* At which moment of a dossier the version of a table binds (decisions.md 13). */
typedef enum Binds { BIND_FILED, BIND_ACCEPTED, BIND_DECIDED } Binds;
const char *binds_name(Binds binds); /* filed accepted decided */
bool binds_parse(const char *name, Binds *out);

/* A text in both languages; en falls back to zh only where a pack is not checked. */
typedef struct Both {
    const char *zh;
    const char *en;
} Both;

typedef LIST(Both) BothList;

static inline const char *both_in(Both both, Language language)
{
    return language == LANGUAGE_EN && both.en ? both.en : both.zh;
}

typedef struct ItemMaterial {
    const char *code;
    Both name;
    Both note;            /* "" for none */
    const char *original; /* original, copy, original_and_copy */
    int64_t copies;
    bool is_required;
    FeelExpression *condition; /* over the answers, and `materials_needed` where a table decides
                                  (materials_by); NULL: always asked for */
    LIST(const char *) units;  /* codes of the departments that need it; empty: not said */
    int64_t place;             /* in the item's list, from 1 */
} ItemMaterial;

typedef struct ItemBasis {
    Both title;      /* law or regulation */
    Both article;    /* "第十九条" */
    bool is_checked; /* the article was read; else the department is still to confirm it */
    const char *checked_on;
} ItemBasis;

/* A certificate that an item gives; one item may give several (a joint item: one of each
 * department). */
typedef struct ItemCertificate {
    const char *code;        /* "certificate" when the item names a single one without a code */
    const char *template;    /* code */
    const char *series;      /* prefix of the number */
    const char *unit_code;   /* who issues it; NULL: the dossier's unit */
    FeelExpression *unit_of; /* the unit's code over `answers`, where they decide it; else NULL */
    Both title;
} ItemCertificate;

/* A table that an item asks. */
typedef struct ItemRule {
    const char *table;    /* its code; NULL: none */
    const char *decision; /* the name of its decision */
    Binds binds;          /* which day's version */
} ItemRule;

typedef struct Item {
    Id definition;
    int64_t version;
    Date effective_from;
    const char *code;
    const char *kind; /* on_the_spot promised joint */
    Both name;
    Both summary;
    Both unit_note;        /* where to go and when */
    const char *unit_code; /* the responsible department */
    const char *topic;
    Both fee_note;
    bool is_online;
    const char *identity; /* asked of who applies online: given verified; NULL: nothing */
    BothList conditions;
    BothList steps; /* the way of an application in plain words */
    LIST(ItemMaterial) materials;
    LIST(ItemBasis) basis;
    const char *process_code;
    const char *form_code;
    const char *about; /* key of the form's field that tells one application from another; NULL */
    ItemRule limits;   /* BIND_ACCEPTED unless said */
    ItemRule materials_by; /* which conditional materials are asked for; without a table: none */
    ItemRule extension;    /* by how much the limit may be extended; without a table: it may not */
    ItemRule silence; /* after how many days silence is acceptance; without a table: it never is */
    ItemRule service; /* within how many days a certificate is served; without a table: unsaid */
    const char *service_unit; /* code of the unit that serves it; NULL: the responsible one */
    bool is_posted;           /* it may be sent by post */
    FeelExpression *place_of; /* code of the unit over `answers` whose place it is about;
                                 NULL: the place of the responsible department */
    LIST(ItemCertificate) certificates; /* empty: none */
} Item;

typedef struct ItemLimits {
    int64_t statutory;
    int64_t promised;
    const char *unit; /* limit_unit_name: working_days ... */
    Both basis;       /* the rule's annotation */
} ItemLimits;

/* A ground on which time is not counted: a special procedure (hearing, expert review, site survey),
 * or a supplement that the applicant was asked for. */
typedef struct Ground {
    const char *code;
    Both name;
    Both basis;      /* law or regulation */
    Both article;    /* "" for none */
    bool is_checked; /* the article was read */
    bool has_own_limit;
    Limit own_limit;            /* what lasts longer counts again */
    const char *limit_table;    /* decides that instead (catalogue_own_limit); NULL: none does */
    const char *limit_decision; /* name of its decision */
} Ground;
typedef LIST(Ground) Grounds;

/* A kind of paper that an office hands out: receipt, acceptance, denial ... */
typedef struct PaperKind {
    const char *code;
    Both title;
    const char *template; /* code */
    Template *number;     /* plain text over county, year and sequence */
} PaperKind;
typedef LIST(PaperKind) PaperKinds;

Catalogue *catalogue_create(Arena *arena);
void catalogue_destroy(Catalogue *catalogue);

/* The version of an item in force on a day, or by its definition. NULL with
 * catalogue.unknown_item (ERROR_NOT_FOUND). */
MUST_CHECK const Item *catalogue_item(App *app, DbConn *conn, const char *code, Date day,
                                      Error *err);
MUST_CHECK const Item *catalogue_item_version(App *app, DbConn *conn, Id definition, Error *err);

/* Items in force by words as the guide finds them, best first; NULL or "": all of them, by name. */
typedef struct ItemFound {
    const char *code;
    const char *kind;
    Both name;
    Both summary;
    const char *unit_code;
} ItemFound;
typedef LIST(ItemFound) ItemsFound;
MUST_CHECK bool catalogue_find(DbConn *conn, Arena *arena, Id tenant, const char *words, int most,
                               ItemsFound *out, Error *err);

/* Parsed models by definition id; and the id in force on a day by kind and code. */
MUST_CHECK bool catalogue_in_force(App *app, DbConn *conn, const char *kind, const char *code,
                                   Date day, Id *out_definition, Error *err);
/* The same at a place (a division), whose own version takes precedence. */
MUST_CHECK bool catalogue_in_force_at(App *app, DbConn *conn, const char *kind, const char *code,
                                      const char *place, Date day, Id *out_definition, Error *err);
/* The version of a table by which a decision is made on a day at a place: the one in force there
 * or, where that no longer has the decision, the newest older one that has. A decision whose
 * meaning changes gets another name: whoever runs on an older process, which asks for the former,
 * is answered as it was then. Errors: catalogue.unknown, dmn.unknown_decision. */
MUST_CHECK bool catalogue_deciding(App *app, DbConn *conn, const char *table, const char *decision,
                                   const char *place, Date day, Id *out_definition, Error *err);
/* Which version that is (content left out). */
MUST_CHECK const Definition *catalogue_version(App *app, DbConn *conn, Id definition, Error *err);
MUST_CHECK const BpmnModel *catalogue_process(App *app, DbConn *conn, Id definition, Error *err);
MUST_CHECK const Form *catalogue_form(App *app, DbConn *conn, Id definition, Error *err);
MUST_CHECK const DmnModel *catalogue_table(App *app, DbConn *conn, Id definition, Error *err);
MUST_CHECK const Template *catalogue_template(App *app, DbConn *conn, Id definition, Error *err);

/* The overlay of a definition in English: text by element id (process, form, template codes share
 * the definition's "en" member); fallback when there is none. */
const Json *catalogue_overlay(App *app, DbConn *conn, Id definition); /* the whole, or NULL */
const char *catalogue_english(App *app, DbConn *conn, Id definition, const char *element,
                              const char *fallback);

/* What a table or process calls itself; NULL where it says nothing, or nothing in that language. */
const char *catalogue_own_name(App *app, DbConn *conn, const char *kind, Id definition,
                               Language language);

/* Code of the unit that issues a certificate for these answers (a context); NULL: the dossier's.
 * workdays (may be NULL) is what its expression may count with. */
const char *catalogue_issuer(Arena *arena, const ItemCertificate *certificate, FeelValue answers,
                             const FeelWorkdays *workdays);

/* What a table of limits sees of an application, and what it answered: catalogue.no_limits when
 * that is none, or promises more than the statute has. */
FeelValue catalogue_limit_facts(Arena *arena, const Item *item, FeelValue answers);
MUST_CHECK bool catalogue_limits_of(const Item *item, FeelValue decided, const DmnTrace *trace,
                                    ItemLimits *out, Error *err);

/* Statutory and promised limit of an item for its facts (answers may be null), as they are
 * everywhere: for the guide. */
MUST_CHECK bool catalogue_limits(App *app, DbConn *conn, Arena *arena, const Item *item, Date day,
                                 FeelValue answers, ItemLimits *out, Error *err);

/* The grounds in force on a day (grounds.json of a pack); an empty list where no pack has any. One
 * by its code: NULL with catalogue.unknown_ground (ERROR_INVALID, field "ground"). */
MUST_CHECK const Grounds *catalogue_grounds(App *app, DbConn *conn, Date day, Error *err);
MUST_CHECK const Ground *catalogue_ground(App *app, DbConn *conn, const char *code, Date day,
                                          Error *err);

/* What the table of a ground's own limit sees: `ground`, its code, beside what
 * catalogue_limit_facts has of the item (NULL: of none). */
FeelValue catalogue_ground_facts(Arena *arena, const Ground *ground, const Item *item,
                                 FeelValue answers);

/* The ground with the own limit that its table decided: a context of limit (whole, above zero) and
 * unit, or null for none. catalogue.no_own_limit when it is anything else. */
MUST_CHECK bool catalogue_own_limit(const Ground *ground, FeelValue decided, Ground *out,
                                    Error *err);

/* A kind of paper in force on a day (papers.json of a pack); out is NULL where no pack has it. */
MUST_CHECK bool catalogue_paper(App *app, DbConn *conn, const char *code, Date day,
                                const PaperKind **out, Error *err);

/* The names of the grades of a rating, best first (rating.json); out is NULL where no pack has any.
 */
MUST_CHECK bool catalogue_rating(App *app, DbConn *conn, Date day, const BothList **out,
                                 Error *err);

/* Reads a pack folder (bounded, no links followed) and checks it whole: every reference exists,
 * every expression compiles, every text has its English, promised <= statutory. Off the writer. */
typedef struct Pack Pack;
MUST_CHECK Pack *catalogue_read_pack(Arena *arena, const char *folder, Error *err);

/* Publishes what is new in a checked pack, effective from a day; out_published counts. */
MUST_CHECK bool catalogue_publish_pack(Tx *tx, App *app, const Pack *pack, Date effective_from,
                                       int *out_published, Error *err);

/* Publishes the tables of a checked folder from a day on, everywhere ("") with the scenarios that
 * lie beside them, or for a division alone, where they then take precedence; what is in force
 * already is not published again. Refuses pack.only_tables (the folder holds something else),
 * pack.division (no code path). */
MUST_CHECK bool catalogue_publish_tables(Tx *tx, App *app, const Pack *pack, const char *division,
                                         Date effective_from, int *out_published, Error *err);

/* Before that: whether they may, with the same refusals; those for everywhere are checked and
 * rehearsed among what is in force on the day. Off the writer. */
MUST_CHECK bool catalogue_check_tables(App *app, DbConn *conn, Arena *arena, const Pack *pack,
                                       const char *division, Date day, Error *err);

/* ---- definitions as files ---------------------------------------------------------------------
 */

/* What somebody who edits a definition takes out, changes and brings back. */
typedef struct DefinitionFiles {
    const char *kind; /* one of catalogue_kind(0), catalogue_kind(1) ... */
    const char *code;
    const char *source;  /* the file itself */
    const char *english; /* its overlay; NULL where there is none */
} DefinitionFiles;
typedef LIST(DefinitionFiles) DefinitionSet;

/* The kinds that packs have, NULL past the last one; and how the files of a kind end (".dmn"). */
const char *catalogue_kind(size_t index);
const char *catalogue_ending(const char *kind);
/* Of some kinds there is one for all, its code the name of the kind. */
bool catalogue_is_single(const char *kind);
/* Whether English texts stand in a file of their own. */
bool catalogue_has_english(const char *kind);

/* The files of a version, as they were published. */
MUST_CHECK bool catalogue_files(Arena *arena, const Definition *definition, DefinitionFiles *out,
                                Error *err);

/* From when, and where: a division with what lies in it, "" everywhere. */
typedef struct DefinitionScope {
    Date from;
    const char *division;
} DefinitionScope;

/* Whether files may together take their places among what is in force there: all that a pack is
 * checked for, of the files themselves and of every definition that refers to them, everywhere
 * also scenarios. Every problem is an error with its file as `field` and its place. For a division
 * tables alone: pack.only_tables. Heavy: off the writer. */
MUST_CHECK bool catalogue_check_files(App *app, DbConn *conn, Arena *arena,
                                      const DefinitionSet *set, DefinitionScope scope, Error *err);

/* Runs the scenarios that need a whole program and concern files, in a rehearsal (App.rehearsal)
 * where these are in force already: the scenarios of a file among them, those that apply for an
 * item which is, or has, one of them, and those that apply for none. Each that fails is an error
 * scenario.failed as above; rehearsal.busy. Passes where nothing can be rehearsed. Takes half a
 * second a scenario: off the writer, after catalogue_check_files. Scenarios tell what holds
 * everywhere: for a division nothing is played. */
MUST_CHECK bool catalogue_rehearse(App *app, DbConn *conn, Arena *arena, const DefinitionSet *set,
                                   DefinitionScope scope, Error *err);

/* Publishes files that were checked, as the next version. */
MUST_CHECK bool catalogue_publish_files(Tx *tx, App *app, const DefinitionFiles *files,
                                        DefinitionScope scope, Definition *out, Error *err);

#endif
