/* How a search cools: see cooling.h. */
#include "cooling.h"

#include <math.h>

#define HOT_PRICED_MOST  4   /* first temperature where starts are priced, at most; one typical leg more */
#define HOT_ITERATIONS   150 /* for so many iterations for each visit */
#define FALL_ITERATIONS  30  /* for each pair of visits: so many for each fall, */
#define FALLS_MOST       3   /* and at most so often */
#define ORDER_ITERATIONS 60  /* the same over one order, each of many moves */
#define ORDER_FALLS_MOST 6
#define ROUND_PREMIUM    2 /* temperatures; of 1 to 3 the best */

/* Small plans freeze soon, and one that froze badly is left by warming it up again, not by staying longer. */
static int32_t falls(const model *m, double n_iterations, double n_each, int32_t most)
{
    double n = n_iterations / (n_each * (double)m->n_visits * (double)m->n_visits);
    return n >= most ? most : n > 1 ? (int32_t)n : 1;
}

/* Where starts are priced iterations are few. */
int32_t cooling_falls(const model *m, double n_iterations)
{
    return m->timing == TIMING_FREE ? falls(m, n_iterations, FALL_ITERATIONS, FALLS_MOST) : 1;
}

int32_t cooling_falls_of_order(const model *m, double n_iterations)
{
    return falls(m, n_iterations, ORDER_ITERATIONS, ORDER_FALLS_MOST);
}

/* Where starts are priced, many a good plan lies behind a worse one, and who has the iterations to come down from there
 * begins hotter (measured at 150 to 3,500 for each visit). */
double cooling_hot(const model *m, double n_iterations)
{
    double hot = n_iterations / (HOT_ITERATIONS * (double)m->n_visits);
    if (m->timing != TIMING_PRICED)
        return COOLING_HOT;
    return hot < COOLING_HOT ? COOLING_HOT : hot > HOT_PRICED_MOST ? HOT_PRICED_MOST : hot;
}

/* Visits are put in one after the other, and the first of a new round pays for its whole way: rounds close more easily
 * than they open, and the search goes on with too few. A premium evens that out, as a chemical potential does where
 * particles come and go (Norman and Filinov 1969, "Investigations of phase transitions by a Monte Carlo method", High
 * Temperature 7). It goes with the temperature, so that at last plans are compared by what they cost. Where shifts
 * differ, an empty one is not like any other, and where starts are priced it was not measured: nothing there. */
double cooling_premium_of_rounds(const model *m)
{
    for (int32_t r = 0; r < m->n_shifts; r++)
        if (m->shifts[r].twin != m->shifts[0].twin)
            return 0;
    return m->timing == TIMING_FREE ? ROUND_PREMIUM : 0;
}

double cooling_share_of_fall(double share, int32_t n_falls)
{
    return n_falls == 1 ? share : share * n_falls - floor(share * n_falls);
}
