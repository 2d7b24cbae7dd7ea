/* Where places lie is known by the ways between them alone, so a group of visits is halved by how much nearer each is
 * to one of two places far apart than to the other. */
#include "districts.h"

#include "keyed.h"

#include <stdlib.h>

#define LARGE           600 /* visits; what fewer have to be read mostly fits into the caches */
#define DISTRICT_VISITS 128 /* of a district at most; it has more than half as many */

struct districts {
    int32_t *visits;  /* those of a district stand side by side */
    cr_range *ranges; /* of each district */
    int32_t n;
    int32_t now, n_left; /* the present one, and iterations that it still has */
};

districts *districts_free(districts *d)
{
    if (d) {
        free(d->visits);
        free(d->ranges);
        free(d);
    }
    return NULL;
}

/* Ticks of travel; 0 where one has no place. */
static int32_t apart(const model *m, int32_t v, int32_t w)
{
    return leg_time(m, &m->shifts[0], m->starts[v].place, m->starts[w].place);
}

static int32_t farthest_from(const model *m, const keyed *list, int32_t n, int32_t visit)
{
    int32_t found = list[0].visit;
    for (int32_t i = 1; i < n; i++)
        found = apart(m, visit, list[i].visit) > apart(m, visit, found) ? list[i].visit : found;
    return found;
}

/* n visits, those of the list, from `first` on. */
static void divide(districts *d, const model *m, keyed *list, int32_t first, int32_t n, int32_t most)
{
    if (n <= most) {
        d->ranges[d->n++] = (cr_range){first, n};
        for (int32_t i = 0; i < n; i++)
            d->visits[first + i] = list[i].visit;
        return;
    }
    int32_t one = farthest_from(m, list, n, list[0].visit), other = farthest_from(m, list, n, one);
    for (int32_t i = 0; i < n; i++)
        list[i].key = (double)apart(m, one, list[i].visit) - apart(m, other, list[i].visit);
    qsort(list, (size_t)n, sizeof *list, compare_keyed);
    divide(d, m, list, first, n / 2, most);
    divide(d, m, list + n / 2, first + n / 2, n - n / 2, most);
}

cr_status districts_new(const model *m, districts **ret_districts)
{
    const size_t n = (size_t)m->n_visits + 1;
    cr_auto(districts) d = calloc(1, sizeof *d);
    if (!d)
        return CR_E_NOMEM;
    d->visits = malloc(n * sizeof *d->visits);
    d->ranges = malloc(n * sizeof *d->ranges);
    keyed *list = malloc(n * sizeof *list);
    cr_status st = d->visits && d->ranges && list ? CR_OK : CR_E_NOMEM;
    for (int32_t v = 0; v < m->n_visits && !st; v++)
        list[v] = (keyed){0, v};
    if (!st)
        divide(d, m, list, 0, m->n_visits, m->n_visits >= LARGE && m->n_shifts > 0 ? DISTRICT_VISITS : m->n_visits);
    free(list);
    if (!st)
        *ret_districts = districts_take(&d);
    return st;
}

void districts_step(districts *d, rng *random)
{
    if (d->n == 1 || d->n_left-- > 0)
        return;
    d->now = rng_below(random, d->n);
    d->n_left = d->ranges[d->now].n - 1;
}

int32_t districts_draw(const districts *d, rng *random)
{
    const cr_range here = d->ranges[d->now];
    return d->visits[here.first + rng_below(random, here.n)];
}
