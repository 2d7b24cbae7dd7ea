/* A random problem while it is made: what random_problem.c and the files for parts of it share. */
#ifndef TESTS_RANDOM_MAKER_H
#define TESTS_RANDOM_MAKER_H

#include "dice.h"
#include "random_problem.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY RANDOM_TINY_DAY

/* Which features a problem has; drawn first. */
typedef struct features {
    bool double_ups, gaps, breaks, splits, many_windows, tight_windows, preferred, due, worst, skills, attributes,
        forbidden, lock_carers, lock_starts, max_work, max_load, open_ends, no_way, wild_matrix, two_modes, doors,
        grades, patches, published, faces, providers, hours, days, overruns, at_begin, idle, imbalance, late_ends,
        sleeps, parts, contracts, held, shared_places, history, wishes, wages, waiting, cheap_visits, periods, crews,
        agencies, own_miles, addresses, goods, most_ways, care_prices, anywhere, split_breaks;
} features;

typedef struct maker {
    dice dice;
    dice more;  /* for rules that came later, so that the days of old seeds stay what they were */
    dice told;  /* likewise, for the published rota */
    dice later; /* likewise, for what came after that */
    dice hour;  /* likewise, for travel by time of day */
    dice car;   /* likewise, for crews */
    dice firm;  /* likewise, for carers of one provider, and for what they are paid a mile */
    dice door;  /* likewise, for providers at an address */
    dice boot;  /* likewise, for goods */
    dice idle;  /* likewise, for time held back of whoever suits */
    dice seen;  /* likewise, for how lately somebody was there */
    dice road;  /* likewise, for the most travel and distance of a shift */
    dice paid;  /* likewise, for prices of care */
    dice rest;  /* likewise, for what else is asked of breaks */
    random_size size;
    features has;
    int32_t unit; /* ticks a minute */
    int64_t price_unit;
    int32_t n_visits, n_shifts;
    bool has_crew;
    random_problem *made;
    cr_problem *p;
} maker;

static inline void must(cr_status st)
{
    if (st) {
        fprintf(stderr, "random problem: status %d\n", (int)st);
        abort();
    }
}

static inline int32_t between(maker *m, int32_t least, int32_t most)
{
    return dice_between(&m->dice, least, most);
}

static inline bool chance(maker *m, int32_t percent)
{
    return dice_chance(&m->dice, percent);
}

/* So many minutes, not always whole. */
static inline int32_t minutes(maker *m, int32_t least, int32_t most)
{
    return between(m, least * m->unit, most * m->unit);
}

static inline int64_t price(maker *m, int32_t most)
{
    return chance(m, 25) ? 0 : m->price_unit * between(m, 1, most);
}

/* ---- parts, in their order; each draws only if the problem has the feature ---- */

void random_places(maker *m);  /* and their matrices */
void random_periods(maker *m); /* and other tables of the matrices */
void random_providers(maker *m);
int32_t random_provider(maker *m); /* of a carer; CR_NONE */
void random_gaps(maker *m);
void random_parts(maker *m); /* of second carers who come for a part only */
void random_goods(maker *m);
void random_history(maker *m);
void random_anywhere(maker *m); /* the last: time held back of whoever suits */

#endif
