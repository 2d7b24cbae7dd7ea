/* Gaps of a random problem, and second carers who come for a part of the visit. */
#include "random_maker.h"

static void add_gap(maker *m, int32_t first, int32_t second)
{
    cr_gap gap = CR_GAP_INIT;
    gap.first = first;
    gap.second = second;
    gap.from = chance(m, 50) ? CR_GAP_END_TO_START : CR_GAP_START_TO_START;
    int32_t least = minutes(m, chance(m, 20) ? -60 : 0, 150), most = least + (chance(m, 20) ? 0 : minutes(m, 0, 120));
    gap.min = chance(m, 70) ? least : CR_FREE;
    gap.max = chance(m, 60) ? most : CR_FREE;
    gap.carers = chance(m, 60) ? CR_GAP_ANY : chance(m, 50) ? CR_GAP_SAME : CR_GAP_DIFFERENT;
    gap.same_provider = m->has.agencies && dice_chance(&m->firm, 30);
    must(cr_problem_add_gap(m->p, &gap));
}

void random_gaps(maker *m)
{
    if (!m->has.gaps || m->n_visits < 2)
        return;
    int32_t n = between(m, 1, 1 + m->n_visits / 3);
    for (int32_t g = 0; g < n; g++) {
        int32_t first = between(m, 0, m->n_visits - 1), second = between(m, 0, m->n_visits - 2);
        second += second >= first;
        add_gap(m, first, second);
        if (chance(m, 8)) { /* each after the other: only one of the two can be served */
            cr_gap back = {.first = second, .second = first, .min = 1, .max = CR_FREE};
            must(cr_problem_add_gap(m->p, &back));
        }
    }
}

/* The second carer of a visit comes later, or sooner, and is gone when she has done her part: a visit of its own at the
 * same place, at a time from the first one's. */
static void make_part(maker *m, int32_t first, int32_t second)
{
    cr_visit *whole = &m->p->visits[first], *part = &m->p->visits[second];
    cr_gap gap = {.first = first, .second = second, .carers = CR_GAP_DIFFERENT, .both = true};
    gap.min = dice_between(&m->later, -10 * m->unit, 30 * m->unit);
    gap.max = gap.min + (dice_chance(&m->later, 50) ? 0 : dice_between(&m->later, 0, 20 * m->unit));
    part->client = whole->client;
    part->place = whole->place;
    part->locked_start = CR_FREE;
    if (whole->windows.n == 1 && part->windows.n == 1) {
        const cr_window *of_whole = &m->p->windows[whole->windows.first];
        m->p->windows[part->windows.first] = (cr_window){of_whole->open + gap.min, of_whole->close + gap.max};
    }
    gap.same_provider = whole->same_provider;
    must(cr_problem_add_gap(m->p, &gap));
}

void random_parts(maker *m)
{
    for (int32_t v = 0; m->has.parts && v + 1 < m->n_visits; v += 2)
        if (dice_chance(&m->later, 50))
            make_part(m, v, v + 1);
}
