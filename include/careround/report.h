/* The figures of a plan: pure functions of problem and plan. Times in ticks, distances in metres, costs in cost units.
 */
#ifndef CAREROUND_REPORT_H
#define CAREROUND_REPORT_H

#include "careround/plan.h"

typedef struct cr_round_figures {
    int64_t care, travel, door, waiting, rest, dist_m; /* rest: breaks */
    int64_t held_back;                                 /* time held back, which is neither care nor waiting */
    int32_t n_visits, n_held_back;                     /* visits without the pieces held back; those */
    int64_t span;                                      /* departure to return */
} cr_round_figures;

/* What the carers of a provider do, as its contract counts it, and what it is paid. */
typedef struct cr_contract_figures {
    int64_t care, cost; /* ticks as written, cost units */
    int32_t n_slots;
} cr_contract_figures;

typedef struct cr_report {
    /* Visits are those of clients: time held back is counted for itself. */
    int32_t n_held_back, n_held_back_served; /* pieces; */
    int64_t held_back;                       /* all of them, ticks as written */
    int32_t n_visits, n_visits_served, n_slots, n_slots_served, n_double_ups, n_double_ups_served;
    int32_t n_shifts_used, n_carers_used;
    cr_round_figures sum;
    cr_round_figures *rounds;       /* one for each round of the plan */
    cr_contract_figures *contracts; /* one for each provider of the problem */
    int32_t n_familiar_slots;       /* served by a carer the client has seen in the history window; */
    int32_t n_known_slots;          /* out of so many served slots whose client has any history */
    int32_t n_clients_served;
    int64_t n_faces;        /* different carers, summed over the clients served */
    int64_t n_faces_lately; /* the same with those who were there in the history window that ends with the horizon */
    int32_t n_start_in_preferred, n_with_preference; /* visits served */
} cr_report;

/* Any plan whose indices exist has figures, broken rules or not; CR_E_INPUT otherwise. */
cr_status cr_report_plan(const cr_problem *problem, const cr_plan *plan, cr_report **ret_report);
cr_report *cr_report_free(cr_report *report);
CR_AUTO_DEFINE(cr_report)

#endif
