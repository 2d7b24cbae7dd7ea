/* Answers: a plan with all that is known about it. */
#include "write.h"

cr_status answer_init(answer *a, const cr_day *day, const cr_plan *plan, const cr_check *check, const cr_report *report,
                      const cr_explanations *explanations, const answer_run *run)
{
    itinerary *it;
    cr_status st = itinerary_new(day->problem, plan, &it);
    if (st)
        return st;
    *a = (answer){day, plan, check, report, explanations, run, it, NULL, NULL};
    return CR_OK;
}

void answer_done(answer *a)
{
    a->itinerary = itinerary_free(a->itinerary);
}

/* Ticks outside [open, close], either side of which may be free; -1 without any preference. */
static int32_t off_preferred(const cr_visit *visit, int32_t start)
{
    if (visit->prefer_open == CR_FREE && visit->prefer_close == CR_FREE)
        return -1;
    if (visit->prefer_open != CR_FREE && start < visit->prefer_open)
        return visit->prefer_open - start;
    if (visit->prefer_close != CR_FREE && start > visit->prefer_close)
        return start - visit->prefer_close;
    return 0;
}

int32_t answer_near_preferred(const answer *a, int32_t ticks)
{
    const cr_problem *p = a->day->problem;
    int32_t n = 0;
    for (int32_t v = 0; v < p->n_visits; v++) {
        const int32_t stop = a->itinerary->stop_of_slot[p->visits[v].slots.first];
        const int32_t off = stop >= 0 ? off_preferred(&p->visits[v], a->itinerary->stops[stop].start) : -1;
        n += off >= 0 && off <= ticks;
    }
    return n;
}
