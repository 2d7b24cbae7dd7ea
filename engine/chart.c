/* Where the places lie, by travel time: see chart.h. */
#include "chart.h"

#include <math.h>
#include <stdlib.h>

typedef struct survey {
    const cr_matrix *matrix;
    double (*at)[2];
    int32_t n_axes; /* laid so far */
} survey;

/* What is left of the squared travel time between two places once the axes so far have had their share. */
static double rest_squared(const survey *s, int32_t i, int32_t j)
{
    int32_t there = cr_matrix_time(s->matrix, i, j), back = cr_matrix_time(s->matrix, j, i);
    int32_t time = there < back ? there : back;
    double rest = time < CR_NO_WAY ? (double)time * time : 0;
    for (int32_t a = 0; a < s->n_axes; a++)
        rest -= (s->at[i][a] - s->at[j][a]) * (s->at[i][a] - s->at[j][a]);
    return rest > 0 ? rest : 0;
}

static int32_t farthest_from(const survey *s, int32_t i, int32_t n)
{
    int32_t far = i;
    double most = 0;
    for (int32_t j = 0; j < n; j++)
        if (rest_squared(s, i, j) > most) {
            most = rest_squared(s, i, j);
            far = j;
        }
    return far;
}

static void lay_axis(survey *s, int32_t n)
{
    int32_t a = farthest_from(s, 0, n), b = farthest_from(s, a, n);
    double length_squared = rest_squared(s, a, b), length = sqrt(length_squared);
    for (int32_t i = 0; i < n; i++)
        s->at[i][s->n_axes] =
            length > 0 ? (rest_squared(s, a, i) + length_squared - rest_squared(s, b, i)) / (2 * length) : 0;
    s->n_axes++;
}

cr_status chart_new(const cr_problem *p, chart **ret_chart)
{
    cr_auto(chart) c = calloc(1, sizeof *c);
    if (!c || !(c->at = calloc((size_t)p->n_places + 1, sizeof *c->at)))
        return CR_E_NOMEM;
    survey s = {p->n_shifts > 0 ? p->matrix[p->shifts[0].mode] : NULL, c->at, 0};
    while (s.matrix && p->n_places > 0 && s.n_axes < 2)
        lay_axis(&s, p->n_places);
    *ret_chart = chart_take(&c);
    return CR_OK;
}

chart *chart_free(chart *c)
{
    if (c) {
        free(c->at);
        free(c);
    }
    return NULL;
}
