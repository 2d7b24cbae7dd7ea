/* A day, given back. Reading it is day_read.c's. */
#include "day.h"

#include "arena.h"

#include <stdlib.h>

cr_day *cr_day_free(cr_day *day)
{
    if (day) {
        for (int32_t m = 0; m < CR_MODES_MAX; m++)
            cr_matrix_free(day->matrix[m]);
        cr_roads_free(day->roads);
        cr_problem_free(day->problem);
        arena_free(day->strings);
        free(day);
    }
    return NULL;
}
