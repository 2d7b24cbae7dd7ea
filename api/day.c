/* A day, given back. Reading it is day_read.c's. */
#include "day.h"

#include "arena.h"

#include <stdlib.h>
#include <string.h>

int32_t day_n_held_back(const cr_day *day)
{
    int32_t n = 0;
    for (int32_t c = 0; c < day->n_clients; c++)
        n += day->clients[c].is_held_back;
    return n;
}

int32_t day_find_visit(const cr_day *day, const char *visit_id)
{
    for (int32_t v = 0; visit_id && v < day->problem->n_visits; v++)
        if (strcmp(day->visits[v].visit_id, visit_id) == 0)
            return v;
    return CR_NONE;
}

static int32_t add_slots(const cr_problem *p, int32_t visit, int32_t but, int32_t n, int32_t *slots)
{
    for (int32_t i = 0; i < p->visits[visit].slots.n; i++)
        if (p->visits[visit].slots.first + i != but)
            slots[n++] = p->visits[visit].slots.first + i;
    return n;
}

int32_t day_companions(const cr_day *day, int32_t slot, int32_t *ret_slots)
{
    const cr_problem *p = day->problem;
    int32_t visit = p->slots[slot].visit;
    int32_t n = day->visits[visit].is_part ? add_slots(p, visit - 1, slot, 0, ret_slots) : 0;
    n = add_slots(p, visit, slot, n, ret_slots);
    bool has_part = visit + 1 < p->n_visits && day->visits[visit + 1].is_part;
    return has_part ? add_slots(p, visit + 1, slot, n, ret_slots) : n;
}

cr_day *cr_day_free(cr_day *day)
{
    if (day) {
        for (int32_t m = 0; m < CR_MODES_MAX; m++)
            cr_matrix_free(day->matrix[m]);
        for (int32_t m = 0; m < CR_MODES_MAX; m++)
            for (int32_t t = 1; t < CR_TABLES_MAX; t++)
                cr_matrix_free(day->tables[m][t]);
        cr_roads_free(day->roads);
        day_transit_free(day->transit);
        free(day->walks);
        cr_problem_free(day->problem);
        arena_free(day->strings);
        free(day);
    }
    return NULL;
}
