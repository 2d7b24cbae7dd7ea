/* Walking a round: see check_walk.h. */
#include "check_walk.h"

cr_walk cr_walk_begin(const cr_problem *problem, const cr_shift *shift)
{
    return (cr_walk){problem, shift, shift->start_place};
}

/* The leg to a place. Nobody gets to a visit without a position, not even from an open start. */
static cr_step leg_to(const cr_walk *walk, int32_t place)
{
    cr_step step = {0};
    if (place == CR_NONE) {
        step.no_way = true;
    } else if (walk->at != CR_NONE) {
        const cr_matrix *matrix = walk->problem->matrix[walk->shift->mode];
        int32_t time = cr_matrix_time(matrix, walk->at, place);
        step.no_way = time >= CR_NO_WAY;
        if (!step.no_way) {
            step.leg = time;
            step.dist_m = cr_matrix_dist_m(matrix, walk->at, place);
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

cr_step cr_walk_to_slot(cr_walk *walk, int32_t slot)
{
    const cr_slot *to = &walk->problem->slots[slot];
    const cr_visit *visit = &walk->problem->visits[to->visit];
    cr_step step = leg_to(walk, visit->place);
    step.door = visit->place != walk->at ? visit->door : 0;
    step.length = length_for(walk->problem, to, walk->shift->carer);
    walk->at = visit->place;
    return step;
}

cr_step cr_walk_break(cr_walk *walk, int32_t brk)
{
    return (cr_step){.length = walk->problem->breaks[brk].length};
}

cr_step cr_walk_to_end(cr_walk *walk)
{
    return walk->shift->end_place == CR_NONE ? (cr_step){0} : leg_to(walk, walk->shift->end_place);
}
