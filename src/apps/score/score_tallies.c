/* score_tallies.c - counts of a period -> tallies of departments, windows or persons. */
#include "apps/score/score_internal.h"

const char *const score_by_choices[] = {"departments", "windows", "persons", NULL};

ScoreBy score_by(const char *name)
{
    if (text_equal(name, "windows"))
        return SCORE_WINDOWS;
    return text_equal(name, "persons") ? SCORE_PERSONS : SCORE_DEPARTMENTS;
}

bool score_counts_for(const ScoreRule *rule, ScoreBy by)
{
    return rule->id && (by == SCORE_DEPARTMENTS ? rule->is_department : rule->is_person);
}

/* Whose score an event is; 0 nobody's. */
static Id subject_of(const ScoreCount *count, ScoreBy by, const ScoreNames *names)
{
    if (by == SCORE_DEPARTMENTS)
        return count->unit;
    if (by == SCORE_PERSONS)
        return count->officer;
    const ScorePerson *person = score_person_of(names, count->officer);
    return person ? person->window : 0;
}

static bool tally_counts(ScoreRules *rules, const ScoreCounts *counts, ScoreBy by,
                         const ScoreNames *names, ScoreTallies *out, Error *err)
{
    Arena *arena = rules->req->arena;
    list_each (const ScoreCount, count, counts) {
        Id subject = subject_of(count, by, names);
        const ScoreRule *rule = score_rule(rules, count->kind, count->days, err);
        if (!rule)
            return false;
        if (subject && score_counts_for(rule, by))
            score_tally_add(arena, score_tally(arena, out, subject), rule, count->count);
    }
    return true;
}

bool score_tallies(ScoreRules *rules, const ScorePeriod *period, ScoreBy by, ScoreScope scope,
                   const ScoreNames *names, ScoreTallies *out, Error *err)
{
    Request *req = rules->req;
    ScoreCounts counts = {0};
    return store_score_counts(req->conn, req->arena, req->tenant, period->from, period->to, scope,
                              &counts, err) &&
           tally_counts(rules, &counts, by, names, out, err);
}
