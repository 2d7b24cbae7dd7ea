/* Crews: two carers who share a car all shift, docs/model.md section 3; as the problem has them.
 *
 * Their two shifts have one round: the same stops in the same order at the same times, each with a slot of the visit.
 * So a crew serves visits of two carers that take both as long.
 */
#ifndef ENGINE_CREW_H
#define ENGINE_CREW_H

#include "starts.h"

/* What two shifts must have alike to have one round, and have not; NULL: nothing. */
const char *crew_difference(const cr_problem *p, const cr_shift *a, const cr_shift *b);

/* May the slot be in the shift, as far as its crew goes? True for who has none. */
bool crew_may_take(const cr_problem *p, int32_t shift, int32_t other, int32_t slot);

/* Of two slots of a visit, one before index k_a of round a, the other before k_b of round b: is one with a crew and the
 * other not with her, or at another of their stops? */
static inline bool crew_is_apart(int32_t crew_a, int32_t crew_b, int32_t b, int32_t k_a, int32_t k_b)
{
    return (crew_a != CR_NONE || crew_b != CR_NONE) && (crew_a != b || k_a != k_b);
}

/* Of stops of the two shifts of a crew: the same visit, or the same of their breaks? */
bool crew_has_same_stop(const cr_problem *p, int32_t a, int32_t shift_a, int32_t b, int32_t shift_b);

/* Which starts of breaks cost the least may be more than one answer; a crew has its breaks together. Of rounds that are
 * alike stop by stop, one takes over the other's. at: by start. */
void crew_align(const cr_problem *p, const round_view *rounds, int32_t n_rounds, int32_t *at);

#endif
