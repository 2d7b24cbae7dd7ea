/* The rounds that VROOM's vehicles come with, to begin from. */
#include "vroom.h"

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

/* Steps that name no task, or one that was named before, are not there to begin from. */
static void take_steps(const vroom_input *in, const vroom_task *const *sorted, int32_t v, bool *used, cr_plan *plan)
{
    size_t i;
    const json_t *step, *steps = json_object_get(in->vehicles[v].given, "steps");
    cr_round *round = &plan->rounds[plan->n_rounds];
    *round = (cr_round){.shift = v, .stops = {plan->n_stops, 0}};
    json_array_foreach(steps, i, step)
    {
        const char *kind = json_string_value(json_object_get(step, "type"));
        const vroom_task *task =
            kind ? find_task(sorted, in->n_tasks, kind, json_integer_value(json_object_get(step, "id"))) : NULL;
        int32_t t = task ? (int32_t)(task - in->tasks) : CR_NONE;
        if (t == CR_NONE || used[t])
            continue;
        used[t] = true;
        plan->stops[plan->n_stops] = (cr_stop){.slot = t, .brk = CR_NONE, .start = plan->n_stops}; /* in this order */
        plan->n_stops++;
        round->stops.n++;
    }
    plan->n_rounds += round->stops.n > 0;
}

cr_status vroom_first_plan(const vroom_input *in, const vroom_question *question, cr_plan **ret_plan)
{
    cr_auto(cr_plan) plan = NULL;
    const vroom_task **sorted = calloc((size_t)in->n_tasks + 1, sizeof *sorted);
    bool *used = calloc((size_t)in->n_tasks + 1, sizeof *used);
    cr_status st = sorted && used ? cr_plan_new(in->n_vehicles, question->problem->n_slots, 0, &plan) : CR_E_NOMEM;
    if (!st) {
        for (int32_t t = 0; t < in->n_tasks; t++)
            sorted[t] = &in->tasks[t];
        qsort(sorted, (size_t)in->n_tasks, sizeof *sorted, compare_task_ids);
        plan->n_rounds = plan->n_stops = 0;
        for (int32_t v = 0; v < in->n_vehicles; v++)
            take_steps(in, sorted, v, used, plan);
        *ret_plan = plan->n_rounds > 0 ? cr_plan_take(&plan) : NULL;
    }
    free(sorted);
    free(used);
    return st;
}
