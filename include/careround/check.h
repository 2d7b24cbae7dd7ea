/* The checker: the only one who may call a plan valid and say what it costs.
 *
 * Written from docs/model.md, not from the search, and shares no code or structures with it. It trusts the input and,
 * of the plan, only who, in what order, and the starts, breaks and departures stated.
 */
#ifndef CAREROUND_CHECK_H
#define CAREROUND_CHECK_H

#include "careround/plan.h"

typedef enum cr_rule {
    CR_RULE_STRUCTURE, /* an index out of range, a slot twice, a visit served in part, a visit lost */
    CR_RULE_WINDOW,    /* start outside the hard windows */
    CR_RULE_LOCKED_START,
    CR_RULE_LOCKED_CARER,
    CR_RULE_TOGETHER,         /* the carers of a visit do not start together */
    CR_RULE_SAME_CARER_TWICE, /* one carer in two slots of a visit */
    CR_RULE_SAME_PROVIDER,    /* carers of several providers where they must be of one */
    CR_RULE_SKILL,
    CR_RULE_ATTRIBUTE,
    CR_RULE_FORBIDDEN,
    CR_RULE_PATCH,       /* in a patch that its carer, who keeps to hers, does not work */
    CR_RULE_TRAVEL,      /* starts before she can be there */
    CR_RULE_UNREACHABLE, /* no road */
    CR_RULE_SHIFT,       /* departs before the shift begins or is back after its end */
    CR_RULE_BREAK,       /* missing, twice, or outside its window */
    CR_RULE_GAP,
    CR_RULE_GAP_CARERS,
    CR_RULE_BOTH, /* served without the visit that it needs */
    CR_RULE_MAX_WORK,
    CR_RULE_MAX_DAY_WORK,
    CR_RULE_MAX_LOAD,
    CR_RULE_BREAK_LOAD,     /* more is on board at a break than there may be */
    CR_RULE_MAX_TRAVEL,     /* the legs of a round take more than its shift allows */
    CR_RULE_MAX_DISTANCE,   /* or go farther */
    CR_RULE_PROVIDER_CARE,  /* more care by one provider than its contract allows */
    CR_RULE_PROVIDER_SLOTS, /* more visits */
    CR_RULE_REST,           /* too little between two shifts of different days */
    CR_RULE_TWO_PLACES,     /* one carer in two rounds at once */
    CR_RULE_CREW,           /* the two rounds of a crew differ */
    CR_RULE_HELD,           /* what has begun is not as it was, or a visit comes where nothing can any more */
    CR_RULE_COST,           /* the cost claimed is not the cost */
    CR_RULE_N
} cr_rule;

/* "window", "locked start", ... in the words of docs/model.md. */
const char *cr_rule_name(cr_rule rule);

/* One broken rule. Indices that do not apply are CR_NONE.
 *
 *   rule              is                        should                    item
 *   structure         index or count found      bound or count expected   slot or break, if one is meant
 *   window            start of the visit        nearest allowed start
 *   locked start      start of the visit        the locked start
 *   locked carer      the carer                 the carer locked to
 *   together          start of this slot        start of the first slot   slot
 *   same carer twice  slots she has             1
 *   same provider     her provider              that of the first carer   gap, if it asks
 *   skill             her level, CR_NONE none   level needed              skill
 *   attribute         0                         1                         attribute
 *   forbidden         1                         0
 *   patch             the visit's patch         CR_NONE
 *   travel            start (or return)         earliest possible         break, if it is one
 *   unreachable       place from                place to (CR_NONE none)
 *   shift             departure or return       begin or end of shift
 *   break             start (or times taken)    nearest allowed (or 1)    break
 *   gap               ticks between             the bound broken          gap
 *   gap carers        carers in common          1 (same), 0 (different)   gap
 *   most work, load   ticks, load               the limit                 most work of a day: the day; of
 *                                                                         goods on board: their kind
 *   most travel,      ticks, metres             the limit
 *   most distance
 *   most care,        ticks, slots              the limit                 the provider
 *   most visits of a provider
 *   rest              ticks between             the least                 the earlier shift
 *   two places        departure                 return from other round   the other round's shift
 *   crew              visit at a stop, or       the other's there, or     the other's shift
 *                     start, departure, return  the other's
 *                     carers of the visit, if   2
 *                     that is other_visit too
 *   cost              as claimed                as recomputed             term; CR_TERM_N the total
 *   begun             start, CR_FREE not there  the start held            break, if it is one
 *                     start of a visit          CR_FREE: none may come
 *
 * A break's count of times taken is never 1, and is told from a start by `counts`. */
typedef struct cr_breach {
    cr_rule rule;
    int32_t visit, other_visit, shift, carer;
    int64_t is, should; /* ticks, counts or cost units, as the rule has it */
    int32_t item;
    bool counts; /* is and should are counts where the rule could also mean ticks */
} cr_breach;

typedef struct cr_check {
    int32_t n_breaches;
    cr_breach *breaches; /* in the order rounds, visits, gaps, carers, cost */
    int32_t n_accepted;
    cr_breach *accepted;                 /* those that the coordinator has accepted: no breach of the plan's */
    cr_cost cost;                        /* recomputed; meaningful if the structure holds */
    int64_t travel, waiting, care, door; /* ticks, summed over the rounds */
    int64_t dist_m;
} cr_check;

/* Check everything; a broken rule is an answer, not an error. CR_E_NOMEM otherwise. */
cr_status cr_check_plan(const cr_problem *problem, const cr_plan *plan, cr_check **ret_check);
cr_check *cr_check_free(cr_check *check);
CR_AUTO_DEFINE(cr_check)

#endif
