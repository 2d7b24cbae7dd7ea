/* Travel-time matrix: two dense tables behind the opaque type.
 *
 * The border between geo/ and engine/: written here, read there. Tiles or sparse rows for large days can come in here
 * without anybody outside noticing.
 */
#include "careround/matrix.h"

#include <stdlib.h>
#include <string.h>

struct cr_matrix {
    int32_t n;
    int32_t *time;
    int32_t *dist_m;
};

cr_matrix *cr_matrix_free(cr_matrix *matrix)
{
    if (matrix) {
        free(matrix->time);
        free(matrix->dist_m);
        free(matrix);
    }
    return NULL;
}

cr_status cr_matrix_new(int32_t n_places, cr_matrix **ret_matrix)
{
    assert(n_places >= 0);
    cr_auto(cr_matrix) matrix = calloc(1, sizeof *matrix);
    if (!matrix)
        return CR_E_NOMEM;
    size_t n_cells = (size_t)n_places * (size_t)n_places;
    matrix->n = n_places;
    matrix->time = malloc((n_cells ? n_cells : 1) * sizeof *matrix->time);
    matrix->dist_m = malloc((n_cells ? n_cells : 1) * sizeof *matrix->dist_m);
    if (!matrix->time || !matrix->dist_m)
        return CR_E_NOMEM;
    for (size_t i = 0; i < n_cells; i++)
        matrix->time[i] = matrix->dist_m[i] = CR_NO_WAY;
    for (int32_t i = 0; i < n_places; i++)
        cr_matrix_set(matrix, i, i, 0, 0);
    *ret_matrix = cr_matrix_take(&matrix);
    return CR_OK;
}

static size_t cell(const cr_matrix *matrix, int32_t from, int32_t to)
{
    assert(from >= 0 && from < matrix->n && to >= 0 && to < matrix->n);
    return (size_t)from * (size_t)matrix->n + (size_t)to;
}

void cr_matrix_set(cr_matrix *matrix, int32_t from, int32_t to, int32_t time, int32_t dist_m)
{
    assert(time >= 0 && time <= CR_NO_WAY && dist_m >= 0 && dist_m <= CR_NO_WAY);
    size_t at = cell(matrix, from, to);
    matrix->time[at] = time;
    matrix->dist_m[at] = dist_m;
}

int32_t cr_matrix_n_places(const cr_matrix *matrix)
{
    return matrix->n;
}

int32_t cr_matrix_time(const cr_matrix *matrix, int32_t from, int32_t to)
{
    return matrix->time[cell(matrix, from, to)];
}

int32_t cr_matrix_dist_m(const cr_matrix *matrix, int32_t from, int32_t to)
{
    return matrix->dist_m[cell(matrix, from, to)];
}

void cr_matrix_copy_block(const cr_matrix *matrix, const int32_t *places, int32_t n, int32_t *ret_time,
                          int32_t *ret_dist_m)
{
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            size_t from = cell(matrix, places[i], places[j]), to = (size_t)i * (size_t)n + (size_t)j;
            if (ret_time)
                ret_time[to] = matrix->time[from];
            if (ret_dist_m)
                ret_dist_m[to] = matrix->dist_m[from];
        }
}
