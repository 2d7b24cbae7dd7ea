/* Places of a random problem, the ways between them, and how those change with the time of day. */
#include "random_maker.h"

static void fill_matrix(maker *m, cr_matrix *matrix, int32_t percent)
{
    int32_t n = m->p->n_places, x[64], y[64];
    for (int32_t i = 0; i < n; i++) {
        x[i] = between(m, 0, 25);
        y[i] = between(m, 0, 25);
    }
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            int32_t time = (abs(x[i] - x[j]) + abs(y[i] - y[j])) * m->unit / 2;
            if (m->has.wild_matrix) /* no triangle inequality, no symmetry */
                time = minutes(m, 0, 40);
            time = (time * percent + 99) / 100 + between(m, 0, 2);
            if (i == j)
                cr_matrix_set(matrix, i, j, 0, 0);
            else if (m->has.no_way && chance(m, 8))
                cr_matrix_set(matrix, i, j, CR_NO_WAY, CR_NO_WAY);
            else
                cr_matrix_set(matrix, i, j, time, time * 8 + between(m, 0, 9));
        }
}

void random_places(maker *m)
{
    m->p->n_places = m->has.shared_places ? 2 + m->n_visits / 2 : 2 + m->n_visits;
    m->p->n_modes = m->has.two_modes ? 2 : 1;
    for (int32_t mode = 0; mode < m->p->n_modes; mode++) {
        must(cr_matrix_new(m->p->n_places, &m->made->matrix[mode]));
        fill_matrix(m, m->made->matrix[mode], mode == 0 ? 100 : 180);
        m->p->matrix[mode] = m->made->matrix[mode];
    }
}

/* A mode's travel at another time: slower or faster all over, or each way on its own. */
static cr_matrix *other_table(maker *m, const cr_matrix *like)
{
    cr_matrix *table;
    must(cr_matrix_new(m->p->n_places, &table));
    bool is_wild = dice_chance(&m->hour, 30);
    int32_t percent = dice_between(&m->hour, 50, 220);
    for (int32_t i = 0; i < m->p->n_places; i++)
        for (int32_t j = 0; j < m->p->n_places; j++) {
            int32_t time = cr_matrix_time(like, i, j), dist_m = cr_matrix_dist_m(like, i, j);
            percent = is_wild ? dice_between(&m->hour, 0, 300) : percent;
            bool is_cut = i != j && m->has.no_way && dice_chance(&m->hour, 2);
            if (time >= CR_NO_WAY || is_cut)
                cr_matrix_set(table, i, j, i == j ? 0 : CR_NO_WAY, i == j ? 0 : CR_NO_WAY);
            else
                cr_matrix_set(table, i, j, (int32_t)((int64_t)time * percent / 100),
                              dist_m + dice_between(&m->hour, 0, i == j ? 0 : 9));
        }
    return table;
}

/* Some borders in the course of the day, often close to each other. */
void random_periods(maker *m)
{
    if (!m->has.periods)
        return;
    int32_t at = dice_between(&m->hour, 0, 60 * m->unit);
    for (int32_t n = dice_between(&m->hour, 1, 7); n > 0; n--) {
        must(cr_problem_add_period(m->p, at, dice_between(&m->hour, 0, RANDOM_TABLES)));
        at += dice_between(&m->hour, 1, (dice_chance(&m->hour, 30) ? 15 : 150) * m->unit);
    }
    for (int32_t mode = 0; mode < m->p->n_modes; mode++)
        for (int32_t t = 0; t < RANDOM_TABLES; t++)
            if (dice_chance(&m->hour, 80))
                m->p->tables[mode][t + 1] = m->made->tables[mode][t] = other_table(m, m->made->matrix[mode]);
}
