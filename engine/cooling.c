/* How a search cools: see cooling.h. */
#include "cooling.h"

#include <math.h>

#define HOT              2    /* first temperature, in typical legs, */
#define COLD             0.05 /* and the last */
#define HOT_PRICED       5    /* the same where starts are priced, in tenths of what a visit costs, */
#define HOT_PRICED_MOST  10   /* at most; one more */
#define HOT_ITERATIONS   60   /* for so many iterations for each visit */
#define COLD_PRICED      0.3  /* and the last */
#define POWER_ITERATIONS 150  /* likewise, for one more of the power */
#define POWER_MOST       2    /* at most */
#define FALL_ITERATIONS  30   /* for each pair of visits: so many for each fall, */
#define FALLS_MOST       3    /* and at most so often */
#define ORDER_ITERATIONS 60   /* the same over one order, each of many moves */
#define ORDER_FALLS_MOST 6
#define ROUND_PREMIUM    2 /* temperatures; of 1 to 3 the best */

/* Small plans freeze soon, and one that froze badly is left by warming it up again, not by staying longer. */
static int32_t falls(const model *m, double n_iterations, double n_each, int32_t most)
{
    double n = n_iterations / (n_each * (double)m->n_visits * (double)m->n_visits);
    return n >= most ? most : n > 1 ? (int32_t)n : 1;
}

int32_t cooling_falls_of_order(const model *m, double n_iterations)
{
    return falls(m, n_iterations, ORDER_ITERATIONS, ORDER_FALLS_MOST);
}

static double within(double least, double value, double most)
{
    return value < least ? least : value > most ? most : value;
}

/* Where starts are priced iterations are few, so it falls once; and many a good plan lies behind a worse one. Who has
 * the iterations to come down from there begins hotter, and stays there for most of the course: which carers share
 * double-ups is settled while it is hot, and what is left then is soon done (measured at 150 to 3,500 for each visit).
 */
cooling cooling_of(const model *m, double n_iterations, bool falls_once)
{
    cooling c = {HOT, COLD, 1, 1};
    double n_each = n_iterations / fmax(1, m->n_visits);
    if (m->timing == TIMING_FREE && !falls_once)
        c.n_falls = falls(m, n_iterations, FALL_ITERATIONS, FALLS_MOST);
    if (m->timing == TIMING_PRICED) {
        c.hot = within(HOT_PRICED, n_each / HOT_ITERATIONS, HOT_PRICED_MOST);
        c.cold = COLD_PRICED;
        c.power = within(1, n_each / POWER_ITERATIONS, POWER_MOST);
    }
    return c;
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

double cooling_fallen(const cooling *c, double share)
{
    double behind = c->n_falls == 1 ? share : share * c->n_falls - floor(share * c->n_falls);
    return pow(behind, c->power);
}
