/* The figures of a plan, for the summary, the comparison and the page.
 *
 * Walks each round as the checker does (check_walk.c), then counts visits, and faces by client. A plan that names what
 * does not exist has no figures; one that breaks a rule has them all the same.
 */
#include "careround/report.h"

#include "check_contracts.h"
#include "check_walk.h"

#include <stdlib.h>

typedef struct reporting {
    const cr_problem *problem;
    const cr_plan *plan;
    cr_report *report;
    int32_t *carer; /* by slot; CR_NONE unserved */
    int32_t *start; /* by slot */
    bool *known;    /* by client: has any history */
    bool *used;     /* by carer */
} reporting;

cr_report *cr_report_free(cr_report *report)
{
    if (report) {
        free(report->rounds);
        free(report->contracts);
        free(report);
    }
    return NULL;
}

/* ---- rounds ---- */

static bool stop_exists(const cr_problem *p, const cr_stop *stop)
{
    if (stop->slot == CR_NONE)
        return stop->brk >= 0 && stop->brk < p->n_breaks;
    return stop->slot >= 0 && stop->slot < p->n_slots;
}

static bool plan_exists(const cr_problem *p, const cr_plan *plan)
{
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        const cr_round *round = &plan->rounds[r];
        if (round->shift < 0 || round->shift >= p->n_shifts || round->stops.first < 0 || round->stops.n < 0 ||
            round->stops.n > plan->n_stops - round->stops.first)
            return false;
        for (int32_t k = 0; k < round->stops.n; k++)
            if (!stop_exists(p, &plan->stops[round->stops.first + k]))
                return false;
    }
    return true;
}

static void add_step(cr_round_figures *figures, const cr_step *step)
{
    figures->travel += step->leg;
    figures->door += step->door;
    figures->dist_m += step->dist_m;
}

static void walk_round(reporting *rep, const cr_round *round, cr_round_figures *figures)
{
    const cr_shift *shift = &rep->problem->shifts[round->shift];
    cr_walk walk = cr_walk_begin(rep->problem, shift);
    int64_t leave = round->depart;
    for (int32_t k = 0; k < round->stops.n; k++) {
        const cr_stop *stop = &rep->plan->stops[round->stops.first + k];
        bool is_last = k + 1 == round->stops.n;
        if (stop->slot == CR_NONE) {
            int32_t length = cr_walk_break(&walk, stop->brk).length;
            figures->rest += length;
            leave = (int64_t)stop->start + length + (is_last ? 0 : rep->problem->breaks[stop->brk].stay);
            continue;
        }
        cr_step step = cr_walk_to_slot(&walk, stop->slot, leave);
        leave = (int64_t)stop->start + step.length + (is_last ? 0 : rep->problem->slots[stop->slot].stay);
        add_step(figures, &step);
        if (rep->problem->visits[rep->problem->slots[stop->slot].visit].is_anywhere) {
            figures->held_back += step.length;
            figures->n_held_back++;
        } else {
            figures->care += step.length;
            figures->n_visits++;
        }
        rep->carer[stop->slot] = shift->carer;
        rep->start[stop->slot] = stop->start;
    }
    cr_step home = cr_walk_to_end(&walk, leave);
    add_step(figures, &home);
    figures->span = (int64_t)round->arrive - round->depart;
    figures->waiting =
        figures->span - figures->travel - figures->door - figures->care - figures->rest - figures->held_back;
}

static void add_figures(cr_round_figures *sum, const cr_round_figures *figures)
{
    sum->care += figures->care;
    sum->travel += figures->travel;
    sum->door += figures->door;
    sum->waiting += figures->waiting;
    sum->rest += figures->rest;
    sum->dist_m += figures->dist_m;
    sum->held_back += figures->held_back;
    sum->n_visits += figures->n_visits;
    sum->n_held_back += figures->n_held_back;
    sum->span += figures->span;
}

static void count_rounds(reporting *rep)
{
    cr_report *report = rep->report;
    for (int32_t r = 0; r < rep->plan->n_rounds; r++) {
        const cr_round *round = &rep->plan->rounds[r];
        walk_round(rep, round, &report->rounds[r]);
        add_figures(&report->sum, &report->rounds[r]);
        if (report->rounds[r].n_visits == 0 && report->rounds[r].n_held_back == 0)
            continue;
        bool *used = &rep->used[rep->problem->shifts[round->shift].carer];
        report->n_shifts_used++;
        report->n_carers_used += !*used;
        *used = true;
    }
}

/* ---- visits ---- */

static int32_t count_slots(const reporting *rep, const cr_visit *visit)
{
    int32_t n = 0;
    for (int32_t i = visit->slots.first; i < visit->slots.first + visit->slots.n; i++)
        n += rep->carer[i] != CR_NONE;
    return n;
}

static void count_preference(const reporting *rep, const cr_visit *visit)
{
    if (visit->prefer_open == CR_FREE && visit->prefer_close == CR_FREE)
        return;
    int32_t start = rep->start[visit->slots.first];
    rep->report->n_with_preference++;
    rep->report->n_start_in_preferred += (visit->prefer_open == CR_FREE || start >= visit->prefer_open) &&
                                         (visit->prefer_close == CR_FREE || start <= visit->prefer_close);
}

static void count_visits(const reporting *rep)
{
    cr_report *report = rep->report;
    for (int32_t v = 0; v < rep->problem->n_visits; v++) {
        const cr_visit *visit = &rep->problem->visits[v];
        int32_t n_served = count_slots(rep, visit);
        if (visit->is_anywhere) {
            report->n_held_back++;
            report->n_held_back_served += n_served;
            report->held_back += rep->problem->slots[visit->slots.first].duration;
            continue;
        }
        report->n_visits++;
        report->n_slots += visit->slots.n;
        bool double_up = visit->slots.n > 1, served = n_served == visit->slots.n;
        report->n_slots_served += n_served;
        report->n_double_ups += double_up;
        report->n_visits_served += served;
        report->n_double_ups_served += double_up && served;
        if (served)
            count_preference(rep, visit);
    }
}

/* ---- faces ---- */

typedef struct face {
    int32_t client, carer;
} face;

static int compare_faces(const void *a, const void *b)
{
    const face *x = a, *y = b;
    if (x->client != y->client)
        return x->client < y->client ? -1 : 1;
    return x->carer < y->carer ? -1 : x->carer > y->carer;
}

static void mark_known(const reporting *rep)
{
    for (int32_t f = 0; f < rep->problem->n_familiar; f++)
        if (rep->problem->familiar[f].n_visits > 0 && rep->problem->familiar[f].carer != CR_NONE)
            rep->known[rep->problem->familiar[f].client] = true;
}

static void count_faces(const reporting *rep, face *faces)
{
    const cr_problem *p = rep->problem;
    cr_report *report = rep->report;
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_slots; i++) {
        if (rep->carer[i] == CR_NONE || p->visits[p->slots[i].visit].is_anywhere)
            continue;
        int32_t client = p->visits[p->slots[i].visit].client;
        report->n_familiar_slots += cr_problem_familiar(p, client, rep->carer[i]) > 0;
        report->n_known_slots += rep->known[client];
        faces[n++] = (face){client, rep->carer[i]};
    }
    qsort(faces, (size_t)n, sizeof *faces, compare_faces);
    for (int32_t i = 0; i < n; i++) {
        report->n_clients_served += i == 0 || faces[i].client != faces[i - 1].client;
        bool is_another = i == 0 || compare_faces(&faces[i], &faces[i - 1]) != 0;
        report->n_faces += is_another;
        report->n_faces_lately += is_another && cr_problem_seen_lately(p, faces[i].client, faces[i].carer) == 0;
    }
    /* To those who come and were not there lately, those who were: of clients who are served. */
    for (int32_t f = 0, i = 0; f < p->n_familiar; f++) {
        const cr_familiar *seen = &p->familiar[f];
        while (i < n && faces[i].client < seen->client)
            i++;
        if (i < n && faces[i].client == seen->client)
            report->n_faces_lately += seen->carer == CR_NONE ? seen->n_lately : seen->n_lately > 0;
    }
}

/* ---- contracts ---- */

static void count_contracts(const reporting *rep)
{
    const cr_problem *p = rep->problem;
    cr_contract_figures *figures = rep->report->contracts;
    for (int32_t i = 0; i < p->n_slots; i++) {
        int32_t provider =
            rep->carer[i] == CR_NONE || p->n_providers == 0 ? CR_NONE : p->carers[rep->carer[i]].provider;
        if (provider == CR_NONE)
            continue;
        int32_t care = cr_problem_contract_care(p, i);
        figures[provider].care += care;
        figures[provider].n_slots++;
        figures[provider].cost += cr_contract_price_of_length(p, p->providers[provider].by_length, care);
    }
    for (int32_t i = 0; i < p->n_providers; i++)
        figures[i].cost += cr_contract_price(&p->providers[i], figures[i].care);
}

/* ---- the whole ---- */

static cr_status count_all(reporting *rep)
{
    const cr_problem *p = rep->problem;
    cr_status st = CR_E_NOMEM;
    face *faces = malloc(((size_t)p->n_slots + 1) * sizeof *faces);
    rep->carer = malloc(((size_t)p->n_slots + 1) * sizeof *rep->carer);
    rep->start = malloc(((size_t)p->n_slots + 1) * sizeof *rep->start);
    rep->known = calloc((size_t)p->n_clients + 1, sizeof *rep->known);
    rep->used = calloc((size_t)p->n_carers + 1, sizeof *rep->used);
    if (faces && rep->carer && rep->start && rep->known && rep->used) {
        for (int32_t i = 0; i < p->n_slots; i++)
            rep->carer[i] = CR_NONE;
        mark_known(rep);
        count_rounds(rep);
        count_visits(rep);
        count_faces(rep, faces);
        count_contracts(rep);
        st = CR_OK;
    }
    free(faces);
    free(rep->carer);
    free(rep->start);
    free(rep->known);
    free(rep->used);
    return st;
}

cr_status cr_report_plan(const cr_problem *problem, const cr_plan *plan, cr_report **ret_report)
{
    if (!plan_exists(problem, plan))
        return CR_E_INPUT;
    cr_auto(cr_report) report = calloc(1, sizeof *report);
    if (!report)
        return CR_E_NOMEM;
    report->rounds = calloc((size_t)plan->n_rounds + 1, sizeof *report->rounds);
    report->contracts = calloc((size_t)problem->n_providers + 1, sizeof *report->contracts);
    if (!report->rounds || !report->contracts)
        return CR_E_NOMEM;
    reporting rep = {.problem = problem, .plan = plan, .report = report};
    cr_status st = count_all(&rep);
    if (st)
        return st;
    *ret_report = cr_report_take(&report);
    return CR_OK;
}
