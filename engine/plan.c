/* Plans as values: made, copied, freed. */
#include "careround/plan.h"

#include <stdlib.h>
#include <string.h>

const char *cr_term_name(cr_term term)
{
    static const char *const names[CR_TERM_N] = {
        [CR_TERM_TRAVEL] = "travel",
        [CR_TERM_MILEAGE] = "mileage",
        [CR_TERM_WAGES] = "wages",
        [CR_TERM_OVERTIME] = "overtime",
        [CR_TERM_SHORTFALL] = "shortfall",
        [CR_TERM_WAITING] = "waiting",
        [CR_TERM_OVERRUN] = "overrun",
        [CR_TERM_IDLE] = "idle time",
        [CR_TERM_IMBALANCE] = "imbalance",
        [CR_TERM_LATENESS] = "lateness",
        [CR_TERM_WORST_LATENESS] = "worst lateness",
        [CR_TERM_PREFERRED_TIME] = "preferred time",
        [CR_TERM_CONTINUITY] = "continuity",
        [CR_TERM_FACES] = "faces",
        [CR_TERM_PROVIDERS] = "several providers",
        [CR_TERM_ADDRESS] = "shared address",
        [CR_TERM_PREFERENCE] = "preference",
        [CR_TERM_PATCH] = "patch",
        [CR_TERM_SHIFT_USE] = "shift use",
        [CR_TERM_CONTRACTS] = "contracts",
        [CR_TERM_CHANGES] = "changes",
        [CR_TERM_UNALLOCATED] = "unallocated",
    };
    return term >= 0 && term < CR_TERM_N ? names[term] : "?";
}

cr_plan *cr_plan_free(cr_plan *plan)
{
    if (plan) {
        free(plan->rounds);
        free(plan->stops);
        free(plan->unallocated);
        free(plan);
    }
    return NULL;
}

cr_status cr_plan_new(int32_t n_rounds, int32_t n_stops, int32_t n_unallocated, cr_plan **ret_plan)
{
    assert(n_rounds >= 0 && n_stops >= 0 && n_unallocated >= 0);
    cr_auto(cr_plan) plan = calloc(1, sizeof *plan);
    if (!plan)
        return CR_E_NOMEM;
    plan->rounds = calloc((size_t)n_rounds + 1, sizeof *plan->rounds);
    plan->stops = calloc((size_t)n_stops + 1, sizeof *plan->stops);
    plan->unallocated = calloc((size_t)n_unallocated + 1, sizeof *plan->unallocated);
    if (!plan->rounds || !plan->stops || !plan->unallocated)
        return CR_E_NOMEM;
    plan->n_rounds = n_rounds;
    plan->n_stops = n_stops;
    plan->n_unallocated = n_unallocated;
    *ret_plan = cr_plan_take(&plan);
    return CR_OK;
}

cr_status cr_plan_copy(const cr_plan *plan, cr_plan **ret_copy)
{
    cr_plan *copy;
    cr_status st = cr_plan_new(plan->n_rounds, plan->n_stops, plan->n_unallocated, &copy);
    if (st)
        return st;
    memcpy(copy->rounds, plan->rounds, (size_t)plan->n_rounds * sizeof *plan->rounds);
    memcpy(copy->stops, plan->stops, (size_t)plan->n_stops * sizeof *plan->stops);
    memcpy(copy->unallocated, plan->unallocated, (size_t)plan->n_unallocated * sizeof *plan->unallocated);
    copy->cost = plan->cost;
    *ret_copy = copy;
    return CR_OK;
}

void cr_problem_publish(cr_problem *p, const cr_plan *plan)
{
    for (int32_t v = 0; v < p->n_visits; v++)
        p->visits[v].published_start = CR_FREE;
    for (int32_t i = 0; i < p->n_slots; i++)
        p->slots[i].published_carer = CR_NONE;
    for (int32_t r = 0; plan && r < plan->n_rounds; r++)
        for (int32_t k = 0; k < plan->rounds[r].stops.n; k++) {
            const cr_stop *stop = &plan->stops[plan->rounds[r].stops.first + k];
            if (stop->slot == CR_NONE)
                continue;
            p->slots[stop->slot].published_carer = p->shifts[plan->rounds[r].shift].carer;
            p->visits[p->slots[stop->slot].visit].published_start = stop->start;
        }
}
