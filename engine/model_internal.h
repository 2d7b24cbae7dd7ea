/* What the parts of the compilation share: model.c leads and compiles starts and stops, model_prices.c what carers
 * cost, model_legs.c travel, model_gaps.c gaps, model_shifts.c shifts. All come once a problem, in the order that
 * model_new() has.
 */
#ifndef ENGINE_MODEL_INTERNAL_H
#define ENGINE_MODEL_INTERNAL_H

#include "model.h"

#include <stdlib.h>

/* Zeroed; NULL: no memory, never because n is 0. */
static inline void *room_for(size_t n, size_t size)
{
    return calloc(n ? n : 1, size);
}

/* What slots cost with carers. */
cr_status model_compile_prices(model *m);

/* The ways of each mode that a shift has. */
cr_status model_compile_legs(model *m);

/* The legs that end at a place stand in a row where they can. */
void model_point_to_legs(const model *m, model_shift *shift, int32_t mode);

/* Gaps as arcs between the starts of visits; these are compiled before. */
cr_status model_compile_gaps(model *m);

/* Shifts, which of them are twins, and crews; everything else of a stop is compiled before. */
cr_status model_compile_shifts(model *m);

/* Ticks of the visit's longest slot, as written. */
int32_t model_longest_slot(const cr_problem *p, int32_t visit);

/* How long the carer takes for each stop; how much of that is work. */
const int32_t *model_length_row(const model *m, int32_t carer);
const int32_t *model_work_row(const model *m, int32_t carer);

#endif
