/* Travel-time matrix: two dense tables behind the opaque type, or tiles that are filled on demand.
 *
 * The border between geo/ and engine/: written here, read there.
 */
#include "matrix_tiles.h"

#include <stdlib.h>
#include <string.h>

struct cr_matrix {
    int32_t n;
    int32_t *time;
    int32_t *dist_m;
    matrix_tiles *tiles; /* instead of the tables */
};

cr_matrix *cr_matrix_free(cr_matrix *matrix)
{
    if (matrix) {
        free(matrix->time);
        free(matrix->dist_m);
        matrix_tiles_free(matrix->tiles);
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

cr_status cr_matrix_new_on_demand(int32_t n_places, const cr_place *places, const cr_matrix_source *source,
                                  cr_matrix **ret_matrix)
{
    cr_auto(cr_matrix) matrix = calloc(1, sizeof *matrix);
    if (!matrix)
        return CR_E_NOMEM;
    matrix->n = n_places;
    cr_status st = matrix_tiles_new(n_places, places, source, &matrix->tiles);
    if (st)
        return st;
    *ret_matrix = cr_matrix_take(&matrix);
    return CR_OK;
}

bool cr_matrix_is_on_demand(const cr_matrix *matrix)
{
    return matrix->tiles;
}

bool cr_matrix_lacks_memory(const cr_matrix *matrix)
{
    return matrix->tiles && matrix_tiles_lack_memory(matrix->tiles);
}

size_t cr_matrix_bytes(const cr_matrix *matrix)
{
    size_t n = (size_t)matrix->n;
    return matrix->tiles ? matrix_tiles_bytes(matrix->tiles) : n * n * (sizeof *matrix->time + sizeof *matrix->dist_m);
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
    if (matrix->tiles) {
        matrix_tiles_set(matrix->tiles, from, to, time, dist_m);
        return;
    }
    matrix->time[at] = time;
    matrix->dist_m[at] = dist_m;
}

int32_t cr_matrix_n_places(const cr_matrix *matrix)
{
    return matrix->n;
}

static void read_cell(const cr_matrix *matrix, int32_t from, int32_t to, int32_t *ret_time, int32_t *ret_dist_m)
{
    size_t at = cell(matrix, from, to);
    if (matrix->tiles) {
        matrix_tiles_get(matrix->tiles, from, to, ret_time, ret_dist_m);
    } else {
        *ret_time = matrix->time[at];
        *ret_dist_m = matrix->dist_m[at];
    }
}

int32_t cr_matrix_time(const cr_matrix *matrix, int32_t from, int32_t to)
{
    int32_t time, dist_m;
    read_cell(matrix, from, to, &time, &dist_m);
    return time;
}

int32_t cr_matrix_dist_m(const cr_matrix *matrix, int32_t from, int32_t to)
{
    int32_t time, dist_m;
    read_cell(matrix, from, to, &time, &dist_m);
    return dist_m;
}

void cr_matrix_copy_block(const cr_matrix *matrix, const int32_t *places, int32_t n, int32_t *ret_time,
                          int32_t *ret_dist_m)
{
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            size_t to = (size_t)i * (size_t)n + (size_t)j;
            int32_t time, dist_m;
            read_cell(matrix, places[i], places[j], &time, &dist_m);
            if (ret_time)
                ret_time[to] = time;
            if (ret_dist_m)
                ret_dist_m[to] = dist_m;
        }
}
