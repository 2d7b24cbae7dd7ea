/* The same problem told another way: what must not change the answer, or must change it in a known way. */
#ifndef TESTS_TWIN_PROBLEM_H
#define TESTS_TWIN_PROBLEM_H

#include "careround/problem.h"

/* All of these are valid problems of their own that borrow the matrices. They abort if memory runs out. */

/* Visits, carers and shifts in an order drawn from seed. */
cr_problem *twin_shuffled(const cr_problem *problem, uint64_t seed);

/* Without a visit, and the gaps that name it. */
cr_problem *twin_without_visit(const cr_problem *problem, int32_t visit);

/* Every price times factor. */
cr_problem *twin_dearer(const cr_problem *problem, int64_t factor);

/* Every time later by so much. */
cr_problem *twin_later(const cr_problem *problem, int32_t ticks);

/* With one carer more, who has one shift and may not come to anybody. */
cr_problem *twin_with_idle_carer(const cr_problem *problem);

/* Every window wider by so much on both sides, as far as the next. */
cr_problem *twin_wider(const cr_problem *problem, int32_t ticks);

#endif
