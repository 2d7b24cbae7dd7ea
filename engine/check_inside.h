/* What the parts of the checker share: check.c leads, check_rounds.c walks the rounds, check_visits.c asks who and when
 * of each visit, check_contracts.c asks of each provider, check_cost.c and check_cost_shared.c sum.
 *
 * check_concessions.c lists what somebody has accepted, check_crews.c asks of those who share a car.
 *
 * Written from docs/model.md by reading the rules, not the search. Nothing of the plan is trusted: an index is looked
 * at before it is used, and sums are 64 bits wide and saturate, so the wildest plan gets a list of breaches.
 */
#ifndef ENGINE_CHECK_INSIDE_H
#define ENGINE_CHECK_INSIDE_H

#include "careround/check.h"

/* Who serves a slot, as the rounds have it; the first time if a broken plan has it twice. */
typedef struct cr_served {
    int32_t carer, shift; /* CR_NONE: in no round */
    int32_t start;
} cr_served;

/* What a round is made of, in ticks. */
typedef struct cr_round_sums {
    int64_t sleep, sleep_cost; /* ticks of care (among them) that the carer may sleep, and what is paid for it */
    int64_t care, travel, door, rest, paid_rest, waiting, dist_m, load;
    int64_t arrive; /* as the plan says */
    int32_t n_visits;
} cr_round_sums;

typedef struct cr_checking {
    const cr_problem *problem;
    const cr_plan *plan;
    cr_check *check;
    int32_t room, accepted_room;
    bool no_memory;
    cr_served *served;     /* by slot */
    bool *bank;            /* by visit: on the list of the unallocated */
    int32_t *shift_round;  /* by shift: its round; CR_NONE */
    cr_round_sums *rounds; /* by round; zero for a round that cannot be walked */
} cr_checking;

/* A breach with nothing named yet. */
#define CR_BREACH_INIT                                                                                                 \
    ((cr_breach){.visit = CR_NONE, .other_visit = CR_NONE, .shift = CR_NONE, .carer = CR_NONE, .item = CR_NONE})

/* Add to the list. Out of memory is remembered and told at the end. */
void cr_checking_add(cr_checking *c, const cr_breach *breach);

/* Add to those that the coordinator has accepted. */
void cr_checking_accept(cr_checking *c, const cr_breach *breach);

/* The start of the visit: that of its first slot that is in a round. False if none is. */
bool cr_checking_start(const cr_checking *c, int32_t visit, int32_t *ret_start);

/* The time in the windows that is nearest to start; start itself if it lies in one. */
int32_t cr_checking_nearest(const cr_problem *p, cr_range windows, int32_t start);

/* In a round or rounds with every slot. */
bool cr_checking_is_served(const cr_checking *c, int32_t visit);

/* Is the patch among hers? Everybody works what is in none, and who has none works everywhere. */
bool cr_checking_works_patch(const cr_problem *problem, int32_t carer, int32_t patch);

/* The round's shift if it exists, else NULL. */
const cr_shift *cr_checking_shift(const cr_checking *c, int32_t round);

/* On a day that is under way: the rest between two shifts of which something is held is as it was. */
static inline bool cr_checking_rest_is_over(const cr_shift *sooner, const cr_shift *later)
{
    return sooner->held.n > 0 && later->held.n > 0;
}

/* Sums that saturate: what the wildest plan costs is the largest number there is. */
void cr_checking_add_cost(int64_t *sum, int64_t amount);
void cr_checking_add_priced(int64_t *sum, int64_t price, int64_t amount);

void cr_checking_rounds(cr_checking *c);
void cr_checking_visits(cr_checking *c);
void cr_checking_gaps(cr_checking *c);

/* From the first visit of a gap to its second, as the gap counts, where both are served. */
bool cr_checking_between(const cr_checking *c, const cr_gap *gap, int64_t *ret_between);
int32_t cr_checking_in_common(const cr_checking *c, const cr_gap *gap); /* carers */

/* All work of a carer; of one day, or CR_NONE: of all. */
int64_t cr_checking_work(const cr_checking *c, int32_t carer, int32_t day);

void cr_checking_contracts(cr_checking *c);
void cr_checking_concessions(cr_checking *c);
void cr_checking_held(cr_checking *c);
void cr_checking_crews(cr_checking *c);
void cr_checking_cost(cr_checking *c);
void cr_checking_contract_cost(cr_checking *c, int64_t *term);
void cr_checking_shared_cost(cr_checking *c, int64_t *term); /* faces, providers, hours, idle time, imbalance */

#endif
