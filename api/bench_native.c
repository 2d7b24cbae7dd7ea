/* Our own days under the benchmark's clock: pence, seconds, and the ids of the day beside the row numbers.
 *
 * The objective is the checker's sum, not the search's.
 */
#include "bench.h"

#include "careround/check.h"
#include "day.h"

#include <math.h>
#include <stdlib.h>

static void day_free(void *own)
{
    cr_day_free(own);
}

static const day_finding *first_error(const day_findings *findings)
{
    for (int32_t i = 0; i < findings->n; i++)
        if (findings->items[i].is_error)
            return &findings->items[i];
    return NULL;
}

/* "visits.csv, row 7, duration: ... (and 3 more errors)" */
static cr_status fault_of(const day_findings *findings, bench_message *message)
{
    const day_finding *f = findings ? first_error(findings) : NULL;
    if (!f)
        return bench_fault(message, "the day cannot be read");
    char row[32] = "", more[48] = "";
    if (f->row)
        snprintf(row, sizeof row, ", row %d", f->row);
    if (findings->n_errors > 1)
        snprintf(more, sizeof more, " (and %d more errors)", findings->n_errors - 1);
    return bench_fault(message, "%s%s%s%s: %s%s", f->file, row, *f->column ? ", " : "", f->column, f->text, more);
}

/* The problem moves from the day to the instance; the day keeps the names and the matrices. */
static cr_status instance_of(cr_day *day, bench_instance **ret_instance)
{
    cr_auto(bench_instance) instance = calloc(1, sizeof *instance);
    if (!instance)
        return CR_E_NOMEM;
    instance->node = calloc((size_t)day->problem->n_visits + 1, sizeof *instance->node);
    if (!instance->node)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < day->problem->n_visits; v++)
        instance->node[v] = v;
    instance->problem = cr_problem_take(&day->problem);
    *ret_instance = bench_instance_take(&instance);
    return CR_OK;
}

static cr_status native_read(const bench_source *source, bench_instance **ret_instance, bench_message *message)
{
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    day_read_options options = {.path = source->path, .gazetteer_path = source->gazetteer_path};
    cr_status st = cr_day_read(&options, &day, &findings);
    if (st)
        return st == CR_E_INPUT ? fault_of(findings, message) : st;
    st = instance_of(day, ret_instance);
    if (st)
        return st;
    (*ret_instance)->own = cr_day_take(&day);
    (*ret_instance)->own_free = day_free;
    return CR_OK;
}

static double native_objective(const bench_instance *instance, const cr_plan *plan, const double *start)
{
    cr_auto(cr_check) check = NULL;
    if (cr_check_plan(instance->problem, plan, &check))
        return NAN; /* no line is better than a wrong one */
    return (double)check->cost.total / (double)CR_COST_PENNY;
}

/* Whole pence, rounded down. */
static double native_bound(const bench_instance *instance, int64_t cost)
{
    return (double)(cost / CR_COST_PENNY);
}

static int name_route(const bench_instance *instance, const cr_round *round, json_t *route)
{
    const cr_day *day = instance->own;
    return json_object_set_new(route, "shift_id", json_string(day->shifts[round->shift].shift_id));
}

static int name_stop(const bench_instance *instance, int32_t slot, json_t *item)
{
    const cr_day *day = instance->own;
    int32_t visit = instance->problem->slots[slot].visit;
    return json_object_set_new(item, "visit_id", json_string(day->visits[visit].visit_id));
}

const bench_format bench_native = {
    .name = "native",
    .read = native_read,
    .objective = native_objective,
    .bound = native_bound,
    .name_route = name_route,
    .name_stop = name_stop,
};
