/* Travel-time matrix: how geo/ hands its work to engine/.
 *
 * From a place to a place, for one mode (car, bicycle, on foot, ...). Not assumed symmetric. Opaque, so that large days
 * may be kept in tiles or sparsely; search parts copy the dense block they need.
 */
#ifndef CAREROUND_MATRIX_H
#define CAREROUND_MATRIX_H

#include "careround/base.h"
#include "careround/place.h"

typedef struct cr_matrix cr_matrix;

/* A matrix of n_places >= 0 places; 0 from a place to itself, CR_NO_WAY elsewhere until set.
 * CR_E_NOMEM leaves *ret_matrix untouched. */
cr_status cr_matrix_new(int32_t n_places, cr_matrix **ret_matrix);

/* Where the cells of a large matrix come from. */
typedef struct cr_matrix_source {
    /* Cells of the block from x to, row by row; CR_NO_WAY only where nothing leads. CR_OK or CR_E_NOMEM. One call at a
     * time, on whatever thread asks for a cell. */
    cr_status (*fill)(void *user, const int32_t *from, int32_t n_from, const int32_t *to, int32_t n_to,
                      int32_t *ret_time, int32_t *ret_dist_m);
    void (*free)(void *user); /* with the matrix; NULL: nothing to do */
    void *user;
} cr_matrix_source;

/* A matrix that computes its cells when they are first asked for, in tiles of neighbouring places, and keeps them. The
 * source belongs to the matrix if all goes well. Threads may read it together. */
cr_status cr_matrix_new_on_demand(int32_t n_places, const cr_place *places, const cr_matrix_source *source,
                                  cr_matrix **ret_matrix);

bool cr_matrix_is_on_demand(const cr_matrix *matrix);

/* A cell could not be computed for want of memory, and was said to be CR_NO_WAY: no answer that used it may be given.
 */
bool cr_matrix_lacks_memory(const cr_matrix *matrix);

/* Memory held for cells. */
size_t cr_matrix_bytes(const cr_matrix *matrix);

/* NULL is welcome. Returns NULL. */
cr_matrix *cr_matrix_free(cr_matrix *matrix);
CR_AUTO_DEFINE(cr_matrix)

/* time in ticks >= 0 (or CR_NO_WAY), dist_m in metres >= 0 (or CR_NO_WAY). Not while others read. */
void cr_matrix_set(cr_matrix *matrix, int32_t from, int32_t to, int32_t time, int32_t dist_m);

int32_t cr_matrix_n_places(const cr_matrix *matrix);
int32_t cr_matrix_time(const cr_matrix *matrix, int32_t from, int32_t to);
int32_t cr_matrix_dist_m(const cr_matrix *matrix, int32_t from, int32_t to);

/* Copy the n x n block of the places listed, row = from. Either output may be NULL. */
void cr_matrix_copy_block(const cr_matrix *matrix, const int32_t *places, int32_t n, int32_t *ret_time,
                          int32_t *ret_dist_m);

#endif
