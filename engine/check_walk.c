/* Walking a round: see check_walk.h. */
#include "check_walk.h"

cr_walk cr_walk_begin(const cr_problem *problem, const cr_shift *shift)
{
    return (cr_walk){problem, shift, shift->start_place};
}

/* ---- one leg ---- */

static const cr_matrix *table(const cr_walk *walk, int32_t t)
{
    const cr_matrix *own = walk->problem->tables[walk->shift->mode][t];
    return t == 0 || !own ? walk->problem->matrix[walk->shift->mode] : own;
}

/* A way that is cut off in one table is cut off. */
static bool leads(const cr_walk *walk, int32_t place)
{
    bool all = cr_matrix_time(table(walk, 0), walk->at, place) < CR_NO_WAY;
    for (int32_t t = 1; t < CR_TABLES_MAX && walk->problem->n_periods > 0; t++)
        all = all && cr_matrix_time(table(walk, t), walk->at, place) < CR_NO_WAY;
    return all;
}

/* The period of a moment; CR_NONE where there are none. */
static int32_t period_of(const cr_walk *walk, int64_t at)
{
    const cr_problem *p = walk->problem;
    int32_t i = p->n_periods > 0 ? 0 : CR_NONE;
    while (i + 1 < p->n_periods && p->periods[i + 1].begin <= at)
        i++;
    return i;
}

/* Period after period: what is left of the way at each border, in the ticks of the new period. */
static int32_t ticks_from(const cr_walk *walk, int32_t place, int64_t leave)
{
    const cr_problem *p = walk->problem;
    int32_t i = period_of(walk, leave);
    int64_t whole = cr_matrix_time(table(walk, i == CR_NONE ? 0 : p->periods[i].table), walk->at, place);
    int64_t left = whole, since = leave;
    for (int32_t next = i + 1; i != CR_NONE && next < p->n_periods; next++) {
        int64_t until = p->periods[next].begin;
        if (left <= until - since)
            break;
        int64_t anew = cr_matrix_time(table(walk, p->periods[next].table), walk->at, place);
        int64_t undone = (left - (until - since)) * anew;
        left = undone / whole + (undone % whole != 0);
        whole = anew;
        since = until;
    }
    return (int32_t)(since + left - leave);
}

/* The leg to a place. Nobody gets to a visit without a position, not even from an open start. */
static cr_step leg_to(const cr_walk *walk, int32_t place, int64_t leave)
{
    cr_step step = {0};
    if (place == CR_NONE) {
        step.no_way = true;
    } else if (walk->at != CR_NONE) {
        step.no_way = !leads(walk, place);
        if (!step.no_way) {
            int32_t i = period_of(walk, leave);
            step.leg = ticks_from(walk, place, leave);
            if (!walk->shift->rides)
                step.dist_m =
                    cr_matrix_dist_m(table(walk, i == CR_NONE ? 0 : walk->problem->periods[i].table), walk->at, place);
        }
    }
    return step;
}

/* A slot takes as long as it says for the grade of who comes. */
static int32_t length_for(const cr_problem *problem, const cr_slot *slot, int32_t carer)
{
    int32_t length = slot->duration;
    for (int32_t i = 0; i < slot->by_grade.n; i++) {
        const cr_grade_duration *by_grade = &problem->durations[slot->by_grade.first + i];
        if (by_grade->grade == problem->carers[carer].grade)
            length = by_grade->duration;
    }
    return length;
}

cr_step cr_walk_to_slot(cr_walk *walk, int32_t slot, int64_t leave)
{
    const cr_slot *to = &walk->problem->slots[slot];
    const cr_visit *visit = &walk->problem->visits[to->visit];
    cr_step step = {0};
    if (visit->is_anywhere) { /* she is there already */
        step.length = length_for(walk->problem, to, walk->shift->carer);
        return step;
    }
    step = leg_to(walk, visit->place, leave);
    step.door = visit->place != walk->at ? visit->door : 0;
    step.length = length_for(walk->problem, to, walk->shift->carer);
    walk->at = visit->place;
    return step;
}

cr_step cr_walk_break(cr_walk *walk, int32_t brk)
{
    return (cr_step){.length = walk->problem->breaks[brk].length};
}

cr_step cr_walk_to_end(cr_walk *walk, int64_t leave)
{
    return walk->shift->end_place == CR_NONE ? (cr_step){0} : leg_to(walk, walk->shift->end_place, leave);
}
