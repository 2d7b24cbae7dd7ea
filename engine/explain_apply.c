/* The problem with a change in it. */
#include "explain_internal.h"

#include <string.h>

/* Windows of a visit that touch become one, so that they stay apart and in order. */
static void merge_windows(cr_problem *p, cr_visit *visit)
{
    cr_window *w = p->windows + visit->windows.first;
    int32_t n = 1;
    for (int32_t k = 1; k < visit->windows.n; k++) {
        int32_t into = n - 1;
        if (w[k].open > w[into].close) {
            w[n++] = w[k];
            continue;
        }
        /* A window that opens earlier may reach over several that came before it. */
        while (into > 0 && w[into - 1].close >= w[k].open)
            into--;
        w[into].open = w[into].open < w[k].open ? w[into].open : w[k].open;
        w[into].close = w[n - 1].close > w[k].close ? w[n - 1].close : w[k].close;
        n = into + 1;
    }
    visit->windows.n = n;
}

/* A range with one element more; pools only grow, so it is copied to the end first. */
static cr_status add_skill(cr_problem *p, cr_carer *carer, cr_skill skill)
{
    cr_range grown = {p->n_skills, 0}, added;
    cr_range old = carer->skills;
    for (int32_t i = 0; i <= old.n; i++) {
        cr_skill one = i < old.n ? p->skills[old.first + i] : skill;
        cr_status st = cr_problem_add_skills(p, &one, 1, &added);
        if (st)
            return st;
        grown.n++;
    }
    carer->skills = grown;
    return CR_OK;
}

static cr_status add_attribute(cr_problem *p, cr_carer *carer, int32_t attribute)
{
    cr_range grown = {p->n_ids, 0}, added;
    cr_range old = carer->attributes;
    for (int32_t i = 0; i <= old.n; i++) {
        int32_t one = i < old.n ? p->ids[old.first + i] : attribute;
        cr_status st = cr_problem_add_ids(p, &one, 1, &added);
        if (st)
            return st;
        grown.n++;
    }
    carer->attributes = grown;
    return CR_OK;
}

void change_widen(cr_problem *p, const cr_change *change, int32_t ticks)
{
    if (change->kind == CR_CHANGE_WINDOW_EARLIER)
        p->windows[change->window].open -= ticks;
    else if (change->kind == CR_CHANGE_WINDOW_LATER)
        p->windows[change->window].close += ticks;
    else if (change->kind == CR_CHANGE_SHIFT_EARLIER)
        p->shifts[change->shift].begin -= ticks;
    else if (change->kind == CR_CHANGE_SHIFT_LATER)
        p->shifts[change->shift].end += ticks;
}

static cr_status apply(cr_problem *p, int32_t visit, const cr_change *change)
{
    if (change->kind == CR_CHANGE_SKILL)
        return add_skill(p, &p->carers[change->carer], (cr_skill){change->skill, change->level});
    if (change->kind == CR_CHANGE_ATTRIBUTE)
        return add_attribute(p, &p->carers[change->carer], change->attribute);
    p->n_concessions = 0; /* windows may get other indices, and nobody asks here what was accepted */
    change_widen(p, change, change->ticks);
    merge_windows(p, &p->visits[visit]);
    return CR_OK;
}

cr_status cr_explain_apply(const cr_problem *problem, int32_t visit, const cr_change *change, cr_problem **ret_problem)
{
    cr_auto(cr_problem) changed = NULL;
    char message[200];
    cr_status st = cr_problem_copy(problem, &changed);
    if (st || (st = apply(changed, visit, change)) || (st = cr_problem_validate(changed, message, sizeof message)))
        return st;
    *ret_problem = cr_problem_take(&changed);
    return CR_OK;
}
