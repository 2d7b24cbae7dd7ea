/* Problems as values: built record by record, validated once, const from then on. */
#include "careround/problem.h"

#include <stdlib.h>
#include <string.h>

struct cr_problem_room {
    int32_t visits, slots, windows, skills, ids, durations, gaps, carers, shifts, breaks, familiar, providers,
        length_prices, concessions, held, periods, goods, rooms;
};

cr_status cr_problem_new(cr_problem **ret_problem)
{
    cr_problem *problem = calloc(1, sizeof *problem);
    if (!problem)
        return CR_E_NOMEM;
    problem->room = calloc(1, sizeof *problem->room);
    if (!problem->room) {
        free(problem);
        return CR_E_NOMEM;
    }
    problem->ticks_per_unit = 1;
    problem->as_of = CR_FREE;
    *ret_problem = problem;
    return CR_OK;
}

cr_problem *cr_problem_free(cr_problem *problem)
{
    if (problem) {
        free(problem->visits);
        free(problem->slots);
        free(problem->windows);
        free(problem->skills);
        free(problem->ids);
        free(problem->durations);
        free(problem->gaps);
        free(problem->carers);
        free(problem->shifts);
        free(problem->breaks);
        free(problem->familiar);
        free(problem->providers);
        free(problem->length_prices);
        free(problem->concessions);
        free(problem->held);
        free(problem->periods);
        free(problem->goods);
        free(problem->rooms);
        free(problem->room);
        free(problem);
    }
    return NULL;
}

/* Room for n more elements at the end of *array. */
static bool reserve(void **array, int32_t used, int32_t *room, int32_t n, size_t size)
{
    if (n > INT32_MAX / 2 - used)
        return false;
    if (used + n <= *room)
        return true;
    int32_t wanted = used + n > *room * 3 / 2 ? used + n : *room * 3 / 2;
    wanted = wanted < 16 ? 16 : wanted;
    void *grown = realloc(*array, (size_t)wanted * size);
    if (!grown)
        return false;
    *array = grown;
    *room = wanted;
    return true;
}

#define APPEND(problem, array, values, n)                                                                              \
    ((n) == 0 ? CR_OK /* of an array that may not be there yet */                                                      \
     : reserve((void **)&(problem)->array, (problem)->n_##array, &(problem)->room->array, (n),                         \
               sizeof *(problem)->array)                                                                               \
         ? (memcpy((problem)->array + (problem)->n_##array, (values), (size_t)(n) * sizeof *(problem)->array),         \
            (problem)->n_##array += (n), CR_OK)                                                                        \
         : CR_E_NOMEM)

cr_status cr_problem_add_skills(cr_problem *problem, const cr_skill *skills, int32_t n, cr_range *ret_range)
{
    cr_range range = {problem->n_skills, n};
    cr_status st = n ? APPEND(problem, skills, skills, n) : CR_OK;
    if (!st)
        *ret_range = range;
    return st;
}

cr_status cr_problem_add_ids(cr_problem *problem, const int32_t *ids, int32_t n, cr_range *ret_range)
{
    cr_range range = {problem->n_ids, n};
    cr_status st = n ? APPEND(problem, ids, ids, n) : CR_OK;
    if (!st)
        *ret_range = range;
    return st;
}

cr_status cr_problem_add_durations(cr_problem *problem, const cr_grade_duration *durations, int32_t n,
                                   cr_range *ret_range)
{
    cr_range range = {problem->n_durations, n};
    cr_status st = APPEND(problem, durations, durations, n);
    if (!st)
        *ret_range = range;
    return st;
}

cr_status cr_problem_add_goods(cr_problem *problem, const cr_goods *goods, int32_t n, cr_range *ret_range)
{
    cr_range range = {problem->n_goods, n};
    cr_status st = APPEND(problem, goods, goods, n);
    if (!st)
        *ret_range = range;
    return st;
}

cr_status cr_problem_add_rooms(cr_problem *problem, const cr_room *rooms, int32_t n, cr_range *ret_range)
{
    cr_range range = {problem->n_rooms, n};
    cr_status st = APPEND(problem, rooms, rooms, n);
    if (!st)
        *ret_range = range;
    return st;
}

cr_status cr_problem_add_length_prices(cr_problem *problem, const cr_length_price *prices, int32_t n,
                                       cr_range *ret_range)
{
    cr_range range = {problem->n_length_prices, n};
    cr_status st = APPEND(problem, length_prices, prices, n);
    if (!st)
        *ret_range = range;
    return st;
}

cr_status cr_problem_add_held(cr_problem *problem, const cr_held *held, int32_t n, cr_range *ret_range)
{
    cr_range range = {problem->n_held, n};
    cr_status st = APPEND(problem, held, held, n);
    if (!st)
        *ret_range = range;
    return st;
}

bool cr_problem_has_begun(const cr_problem *problem, int32_t visit)
{
    for (int32_t i = 0; i < problem->n_held; i++)
        if (problem->held[i].slot != CR_NONE && problem->slots[problem->held[i].slot].visit == visit)
            return true;
    return false;
}

cr_status cr_problem_add_provider(cr_problem *problem, const cr_provider *provider)
{
    return APPEND(problem, providers, provider, 1);
}

cr_status cr_problem_add_carer(cr_problem *problem, const cr_carer *carer)
{
    return APPEND(problem, carers, carer, 1);
}

cr_status cr_problem_add_shift(cr_problem *problem, const cr_shift *shift)
{
    cr_shift added = *shift;
    added.breaks = (cr_range){problem->n_breaks, 0};
    return APPEND(problem, shifts, &added, 1);
}

cr_status cr_problem_add_break(cr_problem *problem, int32_t open, int32_t close, int32_t length, bool paid)
{
    assert(problem->n_shifts > 0);
    cr_break added = {.shift = problem->n_shifts - 1, .open = open, .close = close, .length = length, .paid = paid};
    cr_status st = APPEND(problem, breaks, &added, 1);
    if (!st)
        problem->shifts[problem->n_shifts - 1].breaks.n++;
    return st;
}

cr_status cr_problem_add_break_windows(cr_problem *problem, const cr_window *windows, int32_t n)
{
    assert(problem->n_breaks > 0 && n > 0);
    cr_break *brk = &problem->breaks[problem->n_breaks - 1];
    cr_range range = {problem->n_windows, n > 1 ? n : 0}; /* one is said by open and close */
    cr_status st = APPEND(problem, windows, windows, range.n);
    if (st)
        return st;
    brk->open = windows[0].open;
    brk->close = windows[n - 1].close;
    brk->windows = range.n > 0 ? range : (cr_range){0, 0};
    return CR_OK;
}

cr_status cr_problem_add_visit(cr_problem *problem, const cr_visit *visit)
{
    cr_visit added = *visit;
    added.slots = (cr_range){problem->n_slots, 0};
    added.windows = (cr_range){problem->n_windows, 0};
    return APPEND(problem, visits, &added, 1);
}

cr_status cr_problem_add_window(cr_problem *problem, int32_t open, int32_t close)
{
    assert(problem->n_visits > 0);
    cr_window added = {open, close};
    cr_status st = APPEND(problem, windows, &added, 1);
    if (!st)
        problem->visits[problem->n_visits - 1].windows.n++;
    return st;
}

cr_status cr_problem_add_slot(cr_problem *problem, const cr_slot *slot)
{
    assert(problem->n_visits > 0);
    cr_slot added = *slot;
    added.visit = problem->n_visits - 1;
    cr_status st = APPEND(problem, slots, &added, 1);
    if (!st)
        problem->visits[problem->n_visits - 1].slots.n++;
    return st;
}

cr_status cr_problem_add_gap(cr_problem *problem, const cr_gap *gap)
{
    return APPEND(problem, gaps, gap, 1);
}

cr_status cr_problem_add_concession(cr_problem *problem, const cr_concession *concession)
{
    return APPEND(problem, concessions, concession, 1);
}

cr_status cr_problem_add_familiar(cr_problem *problem, int32_t client, int32_t carer, int32_t n_visits)
{
    cr_familiar added = {client, carer, n_visits, n_visits};
    return APPEND(problem, familiar, &added, 1);
}

cr_status cr_problem_add_period(cr_problem *problem, int32_t begin, int32_t table)
{
    cr_period added = {begin, table};
    return APPEND(problem, periods, &added, 1);
}

bool cr_problem_lacks_memory(const cr_problem *problem)
{
    for (int32_t m = 0; m < problem->n_modes; m++)
        for (int32_t t = 0; t < CR_TABLES_MAX; t++) {
            const cr_matrix *matrix = t > 0 ? problem->tables[m][t] : problem->matrix[m];
            if (matrix && cr_matrix_lacks_memory(matrix))
                return true;
        }
    return false;
}

cr_status cr_problem_copy(const cr_problem *problem, cr_problem **ret_copy)
{
    cr_auto(cr_problem) copy = NULL;
    cr_status st = cr_problem_new(&copy);
    if (st)
        return st;
    if ((st = APPEND(copy, visits, problem->visits, problem->n_visits)) ||
        (st = APPEND(copy, slots, problem->slots, problem->n_slots)) ||
        (st = APPEND(copy, windows, problem->windows, problem->n_windows)) ||
        (st = APPEND(copy, skills, problem->skills, problem->n_skills)) ||
        (st = APPEND(copy, ids, problem->ids, problem->n_ids)) ||
        (st = APPEND(copy, durations, problem->durations, problem->n_durations)) ||
        (st = APPEND(copy, gaps, problem->gaps, problem->n_gaps)) ||
        (st = APPEND(copy, carers, problem->carers, problem->n_carers)) ||
        (st = APPEND(copy, shifts, problem->shifts, problem->n_shifts)) ||
        (st = APPEND(copy, breaks, problem->breaks, problem->n_breaks)) ||
        (st = APPEND(copy, familiar, problem->familiar, problem->n_familiar)) ||
        (st = APPEND(copy, providers, problem->providers, problem->n_providers)) ||
        (st = APPEND(copy, length_prices, problem->length_prices, problem->n_length_prices)) ||
        (st = APPEND(copy, concessions, problem->concessions, problem->n_concessions)) ||
        (st = APPEND(copy, held, problem->held, problem->n_held)) ||
        (st = APPEND(copy, periods, problem->periods, problem->n_periods)) ||
        (st = APPEND(copy, goods, problem->goods, problem->n_goods)) ||
        (st = APPEND(copy, rooms, problem->rooms, problem->n_rooms)))
        return st;
    copy->ticks_per_unit = problem->ticks_per_unit;
    copy->n_clients = problem->n_clients;
    copy->n_places = problem->n_places;
    copy->n_modes = problem->n_modes;
    copy->as_of = problem->as_of;
    memcpy(copy->matrix, problem->matrix, sizeof copy->matrix);
    memcpy(copy->tables, problem->tables, sizeof copy->tables);
    copy->prices = problem->prices;
    *ret_copy = cr_problem_take(&copy);
    return CR_OK;
}

/* First row of familiar that is not before (client, carer). */
static int32_t familiar_lower_bound(const cr_problem *problem, int32_t client, int32_t carer)
{
    int32_t low = 0, high = problem->n_familiar;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        const cr_familiar *f = &problem->familiar[mid];
        if (f->client < client || (f->client == client && f->carer < carer))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static const cr_familiar *find_familiar(const cr_problem *problem, int32_t client, int32_t carer)
{
    int32_t at = familiar_lower_bound(problem, client, carer);
    bool found =
        at < problem->n_familiar && problem->familiar[at].client == client && problem->familiar[at].carer == carer;
    return found ? &problem->familiar[at] : NULL;
}

int32_t cr_problem_first_familiar(const cr_problem *problem, int32_t client)
{
    return familiar_lower_bound(problem, client, CR_NONE);
}

int32_t cr_problem_familiar(const cr_problem *problem, int32_t client, int32_t carer)
{
    const cr_familiar *found = find_familiar(problem, client, carer);
    return found ? found->n_visits : 0;
}

int32_t cr_problem_seen_lately(const cr_problem *problem, int32_t client, int32_t carer)
{
    const cr_familiar *found = find_familiar(problem, client, carer);
    return found ? found->n_lately : 0;
}

int32_t cr_problem_duration(const cr_problem *problem, int32_t slot, int32_t carer)
{
    const cr_slot *s = &problem->slots[slot];
    for (int32_t i = s->by_grade.first; i < s->by_grade.first + s->by_grade.n; i++)
        if (problem->durations[i].grade == problem->carers[carer].grade)
            return problem->durations[i].duration;
    return s->duration;
}

int32_t cr_problem_work(const cr_problem *problem, int32_t slot, int32_t carer)
{
    return problem->slots[slot].sleeps ? 0 : cr_problem_duration(problem, slot, carer);
}

int32_t cr_problem_crew(const cr_problem *p, int32_t shift)
{
    for (int32_t r = 0; p->shifts[shift].crew != CR_NONE && r < p->n_shifts; r++)
        if (r != shift && p->shifts[r].crew == p->shifts[shift].crew)
            return r;
    return CR_NONE;
}

int32_t cr_problem_contract_care(const cr_problem *problem, int32_t slot)
{
    return problem->slots[slot].sleeps ? 0 : problem->slots[slot].duration;
}
