/* Travel, compiled for the search: tables of ways by mode, with a row and a column for an open end. */
#include "model_internal.h"

#define TURNED_MOST 4000 /* places; above, a second table costs more memory than the time it saves is worth */

/* The table with a row and a column of nothing in front. */
static leg *legs_of_mode(const cr_problem *p, int32_t mode)
{
    size_t row = (size_t)p->n_places + 1;
    leg *legs = room_for(row * row, sizeof(leg));
    for (int32_t i = 0; legs && i < p->n_places; i++)
        for (int32_t j = 0; j < p->n_places; j++)
            legs[((size_t)i + 1) * row + (size_t)j + 1] =
                (leg){cr_matrix_time(p->matrix[mode], i, j), cr_matrix_dist_m(p->matrix[mode], i, j)};
    return legs;
}

static bool are_alike_both_ways(const leg *legs, size_t row)
{
    for (size_t i = 1; i < row; i++)
        for (size_t j = 1; j < i; j++)
            if (legs[i * row + j].time != legs[j * row + i].time ||
                legs[i * row + j].dist_m != legs[j * row + i].dist_m)
                return false;
    return true;
}

static leg *turned_over(const leg *legs, size_t row)
{
    leg *into = room_for(row * row, sizeof(leg));
    for (size_t i = 0; into && i < row; i++)
        for (size_t j = 0; j < row; j++)
            into[i * row + j] = legs[j * row + i];
    return into;
}

/* All tables of a mode side by side, where they differ; a way that one of them does not have, none has. */
static cr_status compile_tables(model *m, int32_t mode)
{
    const cr_problem *p = m->p;
    bool is_one = true;
    for (int32_t t = 1; t < CR_TABLES_MAX; t++) /* also one that no period names may cut a way off */
        is_one = is_one && !p->tables[mode][t];
    if (p->n_periods == 0 || is_one)
        return CR_OK;
    size_t row = (size_t)p->n_places + 1, n_tables = (size_t)m->day.n_tables;
    m->times[mode] = room_for(row * row * n_tables, sizeof(int32_t));
    m->metres[mode] = room_for(row * row * n_tables, sizeof(int32_t));
    m->has_periods = true;
    if (!m->times[mode] || !m->metres[mode])
        return CR_E_NOMEM;
    for (int32_t i = 0; i < p->n_places; i++)
        for (int32_t j = 0; j < p->n_places; j++) {
            int32_t time[CR_TABLES_MAX];
            size_t at = ((size_t)i + 1) * row + (size_t)j + 1;
            travel_times(p, mode, i, j, time);
            m->legs[mode][at].time = time[0];
            for (size_t t = 0; t < n_tables; t++) {
                const cr_matrix *own = t > 0 && p->tables[mode][t] ? p->tables[mode][t] : p->matrix[mode];
                m->times[mode][at * n_tables + t] = time[t];
                m->metres[mode][at * n_tables + t] = cr_matrix_dist_m(own, i, j);
            }
        }
    return CR_OK;
}

cr_status model_compile_legs(model *m)
{
    const cr_problem *p = m->p;
    bool used[CR_MODES_MAX] = {false};
    for (int32_t r = 0; r < p->n_shifts; r++)
        used[p->shifts[r].mode] = true;
    size_t row = (size_t)p->n_places + 1;
    m->day = travel_day_of(p);
    for (int32_t mode = 0; mode < p->n_modes; mode++) {
        if (!used[mode])
            continue;
        if (!(m->legs[mode] = legs_of_mode(p, mode)))
            return CR_E_NOMEM;
        cr_status st = compile_tables(m, mode);
        if (st)
            return st;
        m->is_alike[mode] = are_alike_both_ways(m->legs[mode], row);
        if (!m->is_alike[mode] && p->n_places <= TURNED_MOST && !(m->into[mode] = turned_over(m->legs[mode], row)))
            return CR_E_NOMEM;
    }
    return CR_OK;
}

void model_point_to_legs(const model *m, model_shift *shift, int32_t mode)
{
    size_t row = (size_t)m->n_places + 1;
    bool is_turned = m->is_alike[mode] || m->into[mode];
    shift->legs = m->legs[mode];
    shift->times = m->times[mode];
    shift->metres = m->metres[mode];
    shift->into = m->into[mode] ? m->into[mode] : m->legs[mode];
    shift->into_row = is_turned ? row : 1;
    shift->into_step = is_turned ? 1 : row;
}
