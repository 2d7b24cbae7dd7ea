/* The rounds that VROOM's vehicles come with, to begin from. */
#include "vroom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_task_ids(const void *a, const void *b)
{
    const vroom_task *x = *(const vroom_task *const *)a, *y = *(const vroom_task *const *)b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static const vroom_task *find_task(const vroom_task *const *sorted, int32_t n, const char *kind, int64_t id)
{
    vroom_task wanted = {.id = id};
    const vroom_task *key = &wanted;
    while (wanted.kind < VROOM_KINDS && strcmp(kind, vroom_kind_name(wanted.kind)) != 0)
        wanted.kind++;
    const vroom_task *const *found =
        wanted.kind < VROOM_KINDS && n > 0 ? bsearch(&key, sorted, (size_t)n, sizeof *sorted, compare_task_ids) : NULL;
    return found ? *found : NULL;
}

typedef struct finder {
    const vroom_input *in;
    const vroom_question *q;
    const vroom_task **sorted;
    bool *used; /* slots, then breaks */
    cr_plan *plan;
} finder;

/* The task or the break that a step of the vehicle names; slot and brk CR_NONE: none. */
static cr_stop find_stop(const finder *f, int32_t v, const json_t *step)
{
    const char *kind = json_string_value(json_object_get(step, "type"));
    int64_t id = (int64_t)json_number_value(json_object_get(step, "id"));
    cr_stop stop = {.slot = CR_NONE, .brk = CR_NONE};
    const vroom_task *task = kind ? find_task(f->sorted, f->in->n_tasks, kind, id) : NULL;
    const cr_range breaks = f->q->problem->shifts[v].breaks;
    if (task)
        stop.slot = (int32_t)(task - f->in->tasks);
    for (int32_t b = breaks.first; kind && strcmp(kind, "break") == 0 && b < breaks.first + breaks.n; b++)
        if ((int64_t)json_number_value(json_object_get(f->q->breaks[b], "id")) == id)
            stop.brk = b;
    return stop;
}

/* Of a given route every step must name something that is there once. */
static cr_status name_fault(const vroom_vehicle *v, const json_t *step, size_t i, bool is_twice, vroom_message *message)
{
    const char *kind = json_string_value(json_object_get(step, "type"));
    snprintf(message->text, sizeof message->text, "vehicle %lld: steps[%zu], %.20s %lld, %s", (long long)v->id, i,
             kind ? kind : "", (long long)json_number_value(json_object_get(step, "id")),
             is_twice ? "is in a route twice" : "is not in the input");
    return CR_E_INPUT;
}

static bool is_end(const json_t *step)
{
    const char *kind = json_string_value(json_object_get(step, "type"));
    return kind && (strcmp(kind, "start") == 0 || strcmp(kind, "end") == 0);
}

/* To begin from, breaks and steps that name no task, or one that was named before, do not count. */
static cr_status take_steps(finder *f, int32_t v, vroom_message *message)
{
    size_t i;
    const json_t *step, *steps = json_object_get(f->in->vehicles[v].given, "steps");
    cr_plan *plan = f->plan;
    cr_round *round = &plan->rounds[plan->n_rounds];
    *round = (cr_round){.shift = v, .stops = {plan->n_stops, 0}};
    json_array_foreach(steps, i, step)
    {
        cr_stop stop = find_stop(f, v, step);
        int32_t at = stop.slot != CR_NONE ? stop.slot : f->q->problem->n_slots + stop.brk;
        bool is_none = stop.slot == CR_NONE && stop.brk == CR_NONE, is_twice = !is_none && f->used[at];
        if (f->in->chooses_times && !is_end(step) && (is_none || is_twice))
            return name_fault(&f->in->vehicles[v], step, i, is_twice, message);
        if (is_none || is_twice || (stop.slot == CR_NONE && !f->in->chooses_times))
            continue;
        f->used[at] = true;
        stop.start = plan->n_stops; /* in this order */
        plan->stops[plan->n_stops++] = stop;
        round->stops.n++;
    }
    plan->n_rounds += round->stops.n > 0;
    return CR_OK;
}

static void list_unassigned(finder *f)
{
    f->plan->n_unallocated = 0;
    for (int32_t t = 0; t < f->in->n_tasks; t++)
        if (!f->used[t])
            f->plan->unallocated[f->plan->n_unallocated++] = t;
}

static cr_status find_plan(finder *f, vroom_message *message)
{
    const vroom_input *in = f->in;
    cr_status st = CR_OK;
    for (int32_t t = 0; t < in->n_tasks; t++)
        f->sorted[t] = &in->tasks[t];
    qsort(f->sorted, (size_t)in->n_tasks, sizeof *f->sorted, compare_task_ids);
    f->plan->n_rounds = f->plan->n_stops = 0;
    for (int32_t v = 0; !st && v < in->n_vehicles; v++)
        st = take_steps(f, v, message);
    if (!st)
        list_unassigned(f);
    return st;
}

cr_status vroom_first_plan(const vroom_input *in, const vroom_question *question, cr_plan **ret_plan,
                           vroom_message *message)
{
    cr_auto(cr_plan) plan = NULL;
    int32_t n_stops = question->problem->n_slots + question->problem->n_breaks;
    finder f = {.in = in, .q = question};
    f.sorted = calloc((size_t)in->n_tasks + 1, sizeof *f.sorted);
    f.used = calloc((size_t)n_stops + 1, sizeof *f.used);
    cr_status st = f.sorted && f.used ? cr_plan_new(in->n_vehicles, n_stops, in->n_tasks, &plan) : CR_E_NOMEM;
    f.plan = plan;
    if (!st)
        st = find_plan(&f, message);
    if (!st)
        *ret_plan = plan->n_rounds > 0 || in->chooses_times ? cr_plan_take(&plan) : NULL;
    free(f.sorted);
    free(f.used);
    return st;
}
