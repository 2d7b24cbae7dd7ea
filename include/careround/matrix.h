/* Travel-time matrix: how geo/ hands its work to engine/.
 *
 * From a place to a place, for one mode (car, bicycle, on foot, ...). Not assumed symmetric. Opaque, so that large days
 * may be kept in tiles or sparsely; search parts copy the dense block they need.
 */
#ifndef CAREROUND_MATRIX_H
#define CAREROUND_MATRIX_H

#include "careround/base.h"

typedef struct cr_matrix cr_matrix;

/* A matrix of n_places >= 0 places; 0 from a place to itself, CR_NO_WAY elsewhere until set.
 * CR_E_NOMEM leaves *ret_matrix untouched. */
cr_status cr_matrix_new(int32_t n_places, cr_matrix **ret_matrix);

/* NULL is welcome. Returns NULL. */
cr_matrix *cr_matrix_free(cr_matrix *matrix);
CR_AUTO_DEFINE(cr_matrix)

/* time in ticks >= 0 (or CR_NO_WAY), dist_m in metres >= 0 (or CR_NO_WAY). */
void cr_matrix_set(cr_matrix *matrix, int32_t from, int32_t to, int32_t time, int32_t dist_m);

int32_t cr_matrix_n_places(const cr_matrix *matrix);
int32_t cr_matrix_time(const cr_matrix *matrix, int32_t from, int32_t to);
int32_t cr_matrix_dist_m(const cr_matrix *matrix, int32_t from, int32_t to);

/* Copy the n x n block of the places listed, row = from. Either output may be NULL. */
void cr_matrix_copy_block(const cr_matrix *matrix, const int32_t *places, int32_t n, int32_t *ret_time,
                          int32_t *ret_dist_m);

#endif
