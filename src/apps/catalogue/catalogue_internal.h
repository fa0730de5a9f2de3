#ifndef CATALOGUE_CATALOGUE_INTERNAL_H
#define CATALOGUE_CATALOGUE_INTERNAL_H

/* What the files of this capability share. */
#include "apps/catalogue/catalogue_store.h"
#include "scenario/scenario.h"

/* One definition, parsed as what it is; the other members are NULL. */
typedef struct Parsed {
    Definition about; /* without its content */
    Item *item;
    BpmnModel *process;
    Form *form;
    DmnModel *table;
    Template *template;
    ScenarioFile *scenario;
    Grounds *grounds;
    PaperKinds *papers;
    BothList *rating;
    const Json *english;
} Parsed;

/* content: {"item"|"process"|"form"|"table"|"template"|"scenario"|"grounds": ..., "en": {...}}. */
MUST_CHECK bool catalogue_parse(Arena *arena, const Definition *definition, Parsed *out,
                                Error *err);

/* A version as what it is, parsed once and kept. NULL with definition.unknown or what the parsers
 * say. */
MUST_CHECK const Parsed *catalogue_parsed(App *app, DbConn *conn, Id definition, Error *err);

/* An item's part of that. Errors name the member and line: pack.missing, pack.no_english,
 * pack.kind, pack.expression. */
MUST_CHECK Item *catalogue_parse_item(Arena *arena, const Definition *definition, Error *err);

/* A list of grounds; each needs its code once, names in both languages and a legal basis. Errors
 * pack.missing, pack.repeated, pack.own_limit name member and line. */
MUST_CHECK Grounds *catalogue_parse_grounds(Arena *arena, const Json *json, Error *err);

/* Kinds of papers, and the grades of a rating (two to five). Errors pack.missing, pack.repeated,
 * pack.paper_number (no template, or without {{sequence}}), pack.grades. */
MUST_CHECK PaperKinds *catalogue_parse_papers(Arena *arena, const Json *json, Error *err);
MUST_CHECK BothList *catalogue_parse_rating(Arena *arena, const Json *json, Error *err);

/* The definition of a kind of which there is one for all packs (its code is the kind), in force on
 * a day; NULL where there is none. */
MUST_CHECK bool catalogue_single(App *app, DbConn *conn, const char *kind, Date day,
                                 const Parsed **out, Error *err);

/* The limits that a table gives for an item and its facts; promised > statutory is refused. */
MUST_CHECK bool catalogue_read_limits(const DmnModel *table, Arena *arena, const Item *item,
                                      FeelValue answers, const FeelWorkdays *workdays,
                                      ItemLimits *out, Error *err);

/* Every Chinese text of a form-js schema has its English in the overlay. Errors pack.no_english
 * name file, line, component and member. */
MUST_CHECK bool catalogue_check_form_english(Arena *arena, const char *file, const Json *schema,
                                             const Json *english, Error *err);

/* The same for a table: the names of its decisions and the legal bases of its rules. */
MUST_CHECK bool catalogue_check_table_english(Arena *arena, const char *file, const char *table,
                                              const Json *english, Error *err);

/* Forgets which versions are in force; for tx_after_commit, with the Catalogue. */
void catalogue_forget(void *catalogue);

/* What is remembered as in force under a key, 0 for nothing, and how often all was forgotten: to be
 * handed back with what is looked up then. It is not remembered when something was published
 * meanwhile, since it may be the version before. */
Id catalogue_remembered(Catalogue *catalogue, const char *key, uint64_t *out_forgotten);
void catalogue_remember(Catalogue *catalogue, const char *key, Id id, uint64_t forgotten);

/* ---- words (catalogue_words.c) --------------------------------------------------------------- */

typedef struct Term {
    const char *text;
    int64_t weight;
} Term;
typedef LIST(Term) Terms;

/* Adds the terms of a text: every character and pair of characters of Chinese, words of Latin
 * letters, and for Chinese its pinyin and initials. */
void words_add(Arena *arena, Terms *terms, const char *text, int64_t weight);

/* The query for what somebody typed. */
SearchQuery words_query(Arena *arena, const char *typed);

/* Lower-case pinyin without tones, syllables apart ("ge ti gong shang hu"), and its initials
 * ("gtgsh"); "" for a text without Chinese. */
const char *words_pinyin(Arena *arena, const char *text);
const char *words_initials(Arena *arena, const char *pinyin);

/* A hexadecimal ICU sort key of a Chinese text, in order of pinyin. */
const char *words_sort_key(Arena *arena, const char *text);

#endif
