/* Searching a large problem in parts: cut, search each part for a stretch of the temperature course, put together, and
 * again with other borders. The parts of a pass run on all threads; which they are depends on problem and seed alone.
 */
#ifndef ENGINE_DIVIDE_H
#define ENGINE_DIVIDE_H

#include "solve_run.h"

/* In how many parts this problem is best searched, with these threads or iterations; 1: whole; 0: in as many as its
 * visits make, of a size that pays. timing: of its starts. */
int32_t divide_parts(const solve_run *run, model_timing timing);

/* Has the plan rounds enough for two parts? */
bool divide_is_possible(const cr_plan *plan);

/* From this plan (timed; perhaps empty) to the end of the run's time or iterations; better plans are offered to the
 * run. scale: of the temperatures; 0: as the parts' first plans have it. CR_E_NOMEM, CR_E_INTERNAL. */
cr_status divide_run(solve_run *run, const cr_plan *start, double scale);

#endif
