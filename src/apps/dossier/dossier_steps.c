/* dossier_steps.c - the journal's list of what followed from a command. */
#include "apps/dossier/dossier_internal.h"

Steps steps_begin(Arena *arena)
{
    Steps steps = {.text = buffer_init(arena, 0)};
    return steps;
}

/* The writer points at the buffer, which moved with the struct: bind it at first use. */
void steps_put(Steps *steps, const char *step)
{
    if (steps->json.buffer != &steps->text) {
        steps->json = json_writer(&steps->text);
        json_begin_array(&steps->json, NULL);
    }
    json_begin_object(&steps->json, NULL);
    json_put_text(&steps->json, "step", step);
}

void steps_end(Steps *steps)
{
    json_end_object(&steps->json);
}

void steps_put_stage(Steps *steps, const char *stage)
{
    steps_put(steps, "stage");
    json_put_text(&steps->json, "stage", stage);
    steps_end(steps);
}

void steps_put_task(Steps *steps, const Task *task)
{
    JsonWriter *json = &steps->json;
    steps_put(steps, "task_created");
    json_put_id(json, "task", task->id);
    json_put_text(json, "element", task->element);
    json_put_text(json, "name", task->name.zh);
    json_put_text(json, "name_en", task->name.en);
    json_put_text(json, "stage", task->stage);
    json_put_id(json, "unit", task->unit);
    json_put_id(json, "officer", task->assignee);
    if (task->due_at == INSTANT_NONE)
        json_put_null(json, "due_at");
    else
        json_put_int(json, "due_at", task->due_at);
    steps_end(steps);
}

void steps_put_due(Steps *steps, Arena *arena, const char *step, const ClockRow *clock)
{
    JsonWriter *json = &steps->json;
    steps_put(steps, step);
    json_put_int(json, "at", clock->started_at);
    json_put_int(json, "due_at", clock->due_at);
    json_put_text(json, "due_on", date_text(arena, clock->due_on));
    json_put_text(
        json, "provisional_from",
        date_is_none(clock->provisional_from) ? NULL : date_text(arena, clock->provisional_from));
    steps_end(steps);
}

void steps_put_waiting(Steps *steps, const char *who)
{
    steps_put(steps, "waiting");
    json_put_text(&steps->json, "for", who);
    steps_end(steps);
}
