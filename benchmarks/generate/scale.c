/* A made-up service grown or shrunk to another number of visits: as many of everybody in proportion, in the same towns.
 */
#include "service.h"
#include "sheet.h"

#include <stdlib.h>
#include <string.h>

typedef struct scale {
    int64_t to, from; /* visits */
} scale;

/* The nearest whole number. */
static int32_t scaled(scale s, int32_t n)
{
    return (int32_t)((2 * n * s.to + s.from) / (2 * s.from));
}

int32_t gen_spec_visits(const gen_spec *spec)
{
    int32_t n = 0;
    for (int32_t p = 0; p < spec->n_packages; p++)
        n += spec->packages[p].n_clients * __builtin_popcount(spec->packages[p].bands);
    return n;
}

static gen_package *scaled_packages(const gen_spec *spec, scale s)
{
    size_t n = (size_t)spec->n_packages;
    gen_package *packages = gen_room(n, sizeof *packages);
    int32_t *weights = gen_room(n, sizeof *weights), *shares = gen_room(n, sizeof *shares);
    int32_t n_clients = 0;
    for (int32_t p = 0; p < spec->n_packages; p++)
        n_clients += weights[p] = spec->packages[p].n_clients;
    gen_shares(weights, spec->n_packages, scaled(s, n_clients), shares);
    for (int32_t p = 0; p < spec->n_packages; p++)
        packages[p] = (gen_package){spec->packages[p].bands, shares[p]};
    free(weights);
    free(shares);
    return packages;
}

/* Fewer carers stand in for each other less well: a smaller service has the root of them more (the square-root staffing
 * rule of call centres), or its day could not be served. */
static int32_t scaled_carers(scale s, int32_t usual)
{
    int32_t n = scaled(s, usual), spare = 0;
    if (n >= usual)
        return n;
    while ((spare + 1) * spare < n) /* to the nearest */
        spare++;
    return n + spare < usual ? n + spare : usual;
}

gen_spec gen_spec_scaled(const gen_spec *spec, int32_t n_visits)
{
    scale s = {n_visits, gen_spec_visits(spec)};
    gen_spec made = *spec;
    made.packages = scaled_packages(spec, s);
    int32_t *const counts[] = {&made.n_double_all, &made.n_double_ends, &made.n_dementia,   &made.n_insulin,
                               &made.n_catheter,   &made.n_stoma,       &made.n_peg,        &made.n_sheltered,
                               &made.n_locks,      &made.n_same_carer,  &made.n_end_of_life};
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++)
        *counts[k] = scaled(s, *counts[k]);
    made.n_carers = scaled_carers(s, spec->n_carers);
    return made;
}
