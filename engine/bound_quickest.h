/* Travel by time of day, for the bound: a day that costs no plan more than it does.
 */
#ifndef ENGINE_BOUND_QUICKEST_H
#define ENGINE_BOUND_QUICKEST_H

#include "careround/problem.h"

/* Make p, a copy, the same day if every way always took the least that it ever does. What is gained on the road may be
 * waited instead, so waiting then costs no more than travel. quickest: its matrices, CR_MODES_MAX of them that were
 * NULL; free them also after an error. CR_E_NOMEM. */
cr_status bound_make_quickest(cr_problem *p, cr_matrix **quickest);
void bound_quickest_done(cr_matrix **quickest);

#endif
