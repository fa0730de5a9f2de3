/*
 * catalogue_scenario.c - what a pack's scenarios say of its tables, before it is published.
 *
 * Scenarios that need a program are left out here: catalogue_rehearse runs them where one can be
 * started, `yimen scenario` always.
 */
#include "apps/catalogue/catalogue_pack.h"

#include "calendar/calendar_feel.h"
#include "service/calendars.h"

static const DmnModel *find_table(void *data, const char *code)
{
    const PackPart *part = pack_find(data, "table", code);
    return part ? part->parsed.table : NULL;
}

ScenarioHost pack_scenario_host(const Pack *pack)
{
    const FeelWorkdays *workdays =
        calendar_feel_of_text(pack->arena, calendars_announced, calendars_announced_length);
    return (ScenarioHost){.tables = {find_table, (void *)(uintptr_t)pack}, .workdays = workdays};
}

bool pack_check_scenarios(const Pack *pack, const PackPart *part, Error *err)
{
    ScenarioReport report;
    ScenarioHost host = pack_scenario_host(pack);
    return scenario_run(part->parsed.scenario, &host, pack->arena, &report) ||
           scenario_refuse(&report, part->file, pack->arena, err);
}
