/* Inside a matrix whose cells are computed when they are first asked for. */
#ifndef GEO_MATRIX_TILES_H
#define GEO_MATRIX_TILES_H

#include "careround/matrix.h"

typedef struct matrix_tiles matrix_tiles;

cr_status matrix_tiles_new(int32_t n, const cr_place *places, const cr_matrix_source *source, matrix_tiles **ret_tiles);
matrix_tiles *matrix_tiles_free(matrix_tiles *tiles);

/* Both outputs CR_NO_WAY, and matrix_tiles_lack_memory() from then on, if there is no memory for the answer. */
void matrix_tiles_get(matrix_tiles *tiles, int32_t from, int32_t to, int32_t *ret_time, int32_t *ret_dist_m);
void matrix_tiles_set(matrix_tiles *tiles, int32_t from, int32_t to, int32_t time, int32_t dist_m);
bool matrix_tiles_lack_memory(const matrix_tiles *tiles);
size_t matrix_tiles_bytes(const matrix_tiles *tiles);

#endif
