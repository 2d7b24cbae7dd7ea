/* Where the places lie, by travel time: see chart.h. */
#include "chart.h"

#include "keyed.h"

#include <math.h>
#include <stdlib.h>

#define SIDE 32768 /* of the square that the curve fills */

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

/* How far along the curve through a square of SIDE x SIDE this is. */
static int64_t along_curve(int32_t x, int32_t y)
{
    int64_t far = 0;
    for (int32_t side = SIDE / 2; side > 0; side /= 2) {
        int32_t right = (x & side) > 0, up = (y & side) > 0;
        far += (int64_t)side * side * ((3 * right) ^ up);
        if (up == 0) { /* the quarter is turned over */
            if (right == 1) {
                x = SIDE - 1 - x;
                y = SIDE - 1 - y;
            }
            int32_t swapped = x;
            x = y;
            y = swapped;
        }
    }
    return far;
}

static bool rank_places(chart *c, int32_t n)
{
    double low[2] = {0, 0}, most = 0;
    for (int32_t i = 0; i < n; i++)
        for (int a = 0; a < 2; a++)
            low[a] = c->at[i][a] < low[a] ? c->at[i][a] : low[a];
    for (int32_t i = 0; i < n; i++)
        for (int a = 0; a < 2; a++)
            most = fmax(most, c->at[i][a] - low[a]);
    c->rank = malloc(((size_t)n + 1) * sizeof *c->rank);
    keyed *list = malloc(((size_t)n + 1) * sizeof *list);
    for (int32_t i = 0; list && i < n; i++) {
        int32_t at[2] = {0, 0};
        for (int a = 0; a < 2 && most > 0; a++)
            at[a] = (int32_t)((c->at[i][a] - low[a]) / most * (SIDE - 1));
        list[i] = (keyed){(double)along_curve(at[0], at[1]), i};
    }
    if (list)
        qsort(list, (size_t)n, sizeof *list, compare_keyed);
    for (int32_t i = 0; list && c->rank && i < n; i++)
        c->rank[list[i].visit] = i;
    bool is_made = list && c->rank;
    free(list);
    return is_made;
}

cr_status chart_new(const cr_problem *p, chart **ret_chart)
{
    cr_auto(chart) c = calloc(1, sizeof *c);
    if (!c || !(c->at = calloc((size_t)p->n_places + 1, sizeof *c->at)))
        return CR_E_NOMEM;
    survey s = {p->n_shifts > 0 ? p->matrix[p->shifts[0].mode] : NULL, c->at, 0};
    while (s.matrix && p->n_places > 0 && s.n_axes < 2)
        lay_axis(&s, p->n_places);
    if (!rank_places(c, p->n_places))
        return CR_E_NOMEM;
    *ret_chart = chart_take(&c);
    return CR_OK;
}

chart *chart_free(chart *c)
{
    if (c) {
        free(c->at);
        free(c->rank);
        free(c);
    }
    return NULL;
}
