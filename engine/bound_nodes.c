/* Compiling the relaxed problem: see bound_nodes.h. */
#include "bound_nodes.h"

#include "breaks.h"

#include <stdlib.h>

const char *cr_relaxed_name(cr_relaxed relaxed)
{
    static const char *const names[CR_RELAXED_N] = {"together", "gaps",        "most work", "breaks",   "shared prices",
                                                    "goods",    "most travel", "repeats",   "held back"};
    return names[relaxed];
}

bound_nodes *bound_nodes_free(bound_nodes *b)
{
    if (b) {
        free(b->rows);
        free(b->rows_of);
        free(b->moments_of);
        free(b->moments);
        free(b->moment_of);
        free(b->ends_of);
        free(b->ends);
        free(b->met);
        free(b->nodes);
        free(b->groups);
        free(b->group_of);
        free(b->has_row);
        free(b->ids);
        free(b->near);
        free(b);
    }
    return NULL;
}

/* ---- parts of a cost unit ---- */

#define PARTS      1024
#define RATE_SMALL 1000000           /* with prices up to so much a tick or metre, */
#define SUM_SMALL  100000000000000LL /* and all visits left out for no more than so much, no sum of parts overflows */

static bool is_small(const model *m)
{
    int64_t highest = 0, left_out = 0;
    for (int32_t r = 0; r < m->n_shifts; r++) {
        const model_shift *s = &m->shifts[r];
        const int64_t rates[] = {s->travel_rate, s->dist_rate, s->wage, s->waiting_rate};
        for (int k = 0; k < 4; k++)
            highest = rates[k] > highest ? rates[k] : highest;
        left_out = s->use_price > left_out ? s->use_price : left_out;
    }
    for (int32_t v = 0; v < m->n_visits && left_out <= SUM_SMALL; v++) {
        const int64_t rates[] = {m->starts[v].early, m->starts[v].late, m->starts[v].lateness};
        for (int k = 0; k < 3; k++)
            highest = rates[k] > highest ? rates[k] : highest;
        left_out += m->p->visits[v].unallocated_price * m->p->visits[v].slots.n;
    }
    for (int32_t s = 0; s < m->n_slots; s++)
        for (int32_t c = 0; c < m->n_carers; c++)
            if (model_is_carer_for(m, s, c) && model_slot_price(m, s, c) > SUM_SMALL)
                return false;
    return highest <= RATE_SMALL && left_out <= SUM_SMALL;
}

/* ---- rows ---- */

bool bound_slots_are_alike(const model *m, int32_t a, int32_t b)
{
    bool alike = true;
    for (int32_t c = 0; alike && c < m->n_carers; c++)
        alike = model_slot_price(m, a, c) == model_slot_price(m, b, c) &&
                cr_problem_duration(m->p, a, c) == cr_problem_duration(m->p, b, c) &&
                cr_problem_work(m->p, a, c) == cr_problem_work(m->p, b, c);
    return alike && m->p->slots[a].stay == m->p->slots[b].stay;
}

static bool could_be_served(const model *m, cr_range slots)
{
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        if (m->candidates[i].n == 0)
            return false;
    return true;
}

/* Time held back is relaxed: no round has it. Its wage is left to the rounds, which without it wait or end sooner. */
static int64_t least_of_held_back(const bound_nodes *b, int32_t v)
{
    const model *m = b->m;
    const int32_t slot = m->p->visits[v].slots.first;
    int64_t least = bound_left_out(b, v);
    for (int32_t i = 0; i < m->candidates[slot].n; i++) {
        const model_shift *shift = &m->shifts[m->candidate_pool[m->candidates[slot].first + i]];
        int64_t wage = b->parts * shift->wage * cr_problem_duration(m->p, slot, shift->carer);
        int64_t price = bound_slot_price(b, slot, shift->carer) - wage;
        least = price < least ? price : least;
    }
    return least;
}

static void compile_rows(bound_nodes *b)
{
    const model *m = b->m;
    for (int32_t v = 0; v < m->n_visits; v++) {
        const cr_range slots = m->p->visits[v].slots;
        b->rows_of[v] = (cr_range){b->n_rows, 0};
        if (m->starts[v].is_anywhere) {
            b->unserved_cost += least_of_held_back(b, v);
            continue;
        }
        if (!could_be_served(m, slots)) {
            b->unserved_cost += bound_left_out(b, v);
            continue;
        }
        b->n_visits++;
        for (int32_t i = slots.first; i < slots.first + slots.n; i++) {
            int32_t r = b->rows_of[v].first;
            while (r < b->n_rows && !bound_slots_are_alike(m, b->rows[r].slot, i))
                r++;
            if (r == b->n_rows) {
                b->rows[b->n_rows++] = (bound_row){.visit = v, .slot = i};
                b->rows_of[v].n++;
            }
            b->rows[r].need++;
        }
    }
}

/* ---- nodes ---- */

/* A visit's prices of its start, shared out among its slots; what does not divide is left out. */
static shape_price price_of_start(const bound_nodes *b, const model_start *start, int32_t n_slots)
{
    return (shape_price){.early = start->prefer_open == CR_FREE ? 0 : b->parts * start->early / n_slots,
                         .late = start->prefer_close == CR_FREE ? 0 : b->parts * start->late / n_slots,
                         .lateness = start->due == CR_FREE ? 0 : b->parts * start->lateness / n_slots,
                         .early_until = start->prefer_open == CR_FREE ? INT32_MIN : start->prefer_open,
                         .late_from = start->prefer_close == CR_FREE ? INT32_MAX : start->prefer_close,
                         .due = start->due == CR_FREE ? INT32_MAX : start->due};
}

static int compare_nodes(const void *a, const void *b)
{
    const bound_node *x = a, *y = b;
    if (x->stop.hi != y->stop.hi)
        return x->stop.hi < y->stop.hi ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* The moments of a visit lie evenly over its windows, the ends among them. */
static int32_t n_steps_of(const bound_nodes *b, int32_t v, int32_t lo, int32_t hi)
{
    int32_t most = bound_is_met(b, v) ? b->n_steps : 0;
    return hi - lo < most ? hi - lo : most;
}

static void add_moment(bound_nodes *b, int32_t v, int32_t t)
{
    b->moments[b->n_moments++] = t;
    b->moments_of[v].n++;
}

static void add_ends(bound_nodes *b, int32_t v, int32_t piece, int n)
{
    for (int k = 0; k < n; k++)
        b->ends[b->n_ends++] = (bound_end){piece + k, piece};
    b->ends_of[v].n += n;
}

static void add_nodes(bound_nodes *b, int32_t v, int32_t moment, int32_t lo, int32_t hi, int32_t span)
{
    const model_start *start = &b->m->starts[v];
    for (int32_t r = b->rows_of[v].first; r < b->rows_of[v].first + b->rows_of[v].n; r++)
        b->nodes[b->n_nodes++] =
            (bound_node){.row = r,
                         .visit = v,
                         .place = start->place,
                         .door = start->door,
                         .load = start->load,
                         .slot = b->rows[r].slot,
                         .moment = moment,
                         .span = span,
                         .stop = {.lo = lo, .hi = hi, .price = price_of_start(b, start, b->m->p->visits[v].slots.n)}};
}

static void compile_window(bound_nodes *b, int32_t v, int32_t lo, int32_t hi)
{
    int32_t n = n_steps_of(b, v, lo, hi);
    int32_t first = b->moments_of[v].n;
    if (bound_is_met(b, v) || first == 0) {
        add_moment(b, v, lo);
        if (n == 0)
            add_ends(b, v, first, 1);
    } else {
        first = 0;
    }
    if (n == 0)
        add_nodes(b, v, first, lo, hi, 0);
    for (int32_t k = 0, from = lo; k < n; k++) {
        int32_t next = (int32_t)(lo + ((int64_t)hi - lo) * (k + 1) / n);
        add_nodes(b, v, first + k, from, k + 1 < n ? next - 1 : next, next - from);
        add_ends(b, v, first + k, 2);
        add_moment(b, v, next);
        from = next;
    }
}

static void compile_nodes(bound_nodes *b)
{
    const model *m = b->m;
    for (int32_t v = 0; v < m->n_visits; v++) {
        const model_start *start = &m->starts[v];
        b->moments_of[v] = (cr_range){b->n_moments, 0};
        b->ends_of[v] = (cr_range){b->n_ends, 0};
        b->met[v] = b->rows_of[v].n > 0 && bound_is_met(b, v) ? b->n_met++ : CR_NONE;
        for (int32_t k = 0; k < start->n_windows && b->rows_of[v].n > 0; k++) {
            bool whole = start->n_windows == 1; /* a locked start, or the only window */
            compile_window(b, v, whole ? start->lo : start->windows[k].open,
                           whole ? start->hi : start->windows[k].close);
        }
        for (int32_t r = b->rows_of[v].first; r < b->rows_of[v].first + b->rows_of[v].n; r++) {
            b->rows[r].worth = b->n_worths;
            for (int32_t k = 0; k < b->moments_of[v].n; k++)
                b->moment_of[b->n_worths++] = b->moments_of[v].first + k;
        }
    }
    qsort(b->nodes, (size_t)b->n_nodes, sizeof *b->nodes, compare_nodes);
}

bound_between bound_start_between(const bound_nodes *b, int32_t visit, int32_t start)
{
    const cr_range all = b->moments_of[visit];
    const int32_t *moments = b->moments + all.first;
    int32_t k = 0;
    while (k + 1 < all.n && moments[k + 1] <= start)
        k++;
    bool is_told_once = b->n_steps == 0; /* for its window: the next moment is that of another */
    if (is_told_once || k + 1 == all.n || moments[k] >= start)
        return (bound_between){k, 0};
    return (bound_between){k, (double)(start - moments[k]) / (moments[k + 1] - moments[k])};
}

int32_t bound_piece_of(const bound_nodes *b, int32_t visit, int32_t start)
{
    const cr_range ends = b->ends_of[visit];
    const int32_t *moments = b->moments + b->moments_of[visit].first;
    int32_t piece = b->ends[ends.first].piece;
    for (int32_t e = ends.first; e < ends.first + ends.n && moments[b->ends[e].piece] <= start; e++)
        piece = b->ends[e].piece;
    return piece;
}

/* ---- what a round remembers ---- */

static int32_t fastest(const model *m, int32_t from, int32_t to)
{
    int32_t least = CR_NO_WAY;
    for (int32_t mode = 0; mode < m->p->n_modes; mode++)
        if (m->legs[mode]) {
            int32_t time = leg_in_table(m, m->legs[mode], from, to)->time;
            least = time < least ? time : least;
        }
    return least;
}

static int32_t shortest_slot(const model *m, int32_t v)
{
    const cr_range slots = m->p->visits[v].slots;
    int32_t least = INT32_MAX;
    for (int32_t i = slots.first; i < slots.first + slots.n; i++)
        least = m->length[i] < least ? m->length[i] : least;
    return least;
}

/* Could a round that forgets v on the way to u be back at v? If not, u need not remember it. */
static bool could_return(const model *m, int32_t v, int32_t u)
{
    const model_start *a = &m->starts[v], *b = &m->starts[u];
    if (a->place == CR_NONE || b->place == CR_NONE)
        return false;
    int64_t at_u = (int64_t)a->lo + shortest_slot(m, v) + fastest(m, a->place, b->place);
    at_u = at_u > b->lo ? at_u : b->lo;
    int64_t back = at_u + shortest_slot(m, u) + fastest(m, b->place, a->place);
    return at_u <= b->hi && back <= a->hi;
}

/* Each visit is remembered by the nearest visits from which a round could come back to it. */
static void compile_near(bound_nodes *b)
{
    const model *m = b->m;
    for (int32_t v = 0; v < m->n_visits; v++) {
        int32_t *near = b->near + (size_t)v * BOUND_NEAR;
        int32_t n = 0;
        near[n++] = v;
        for (int32_t k = 0; k < m->n_near && n < BOUND_NEAR; k++) {
            int32_t u = m->near[(size_t)v * (size_t)m->n_near + (size_t)k];
            if (u == CR_NONE)
                break;
            if (could_return(m, u, v))
                near[n++] = u;
        }
        while (n < BOUND_NEAR)
            near[n++] = CR_NONE;
    }
}

/* ---- groups ---- */

static bool same_breaks(const cr_problem *p, cr_range x, cr_range y)
{
    if (x.n != y.n)
        return false;
    for (int32_t i = 0; i < x.n; i++) {
        if (!breaks_are_alike(p, &p->breaks[x.first + i], &p->breaks[y.first + i]))
            return false;
    }
    return true;
}

static bool groups_are_alike(const bound_nodes *b, const bound_group *x, const bound_group *y)
{
    const model *m = b->m;
    const model_shift *s = &m->shifts[x->shift], *t = &m->shifts[y->shift];
    if (s->legs != t->legs || s->length != t->length || s->begin != t->begin || s->end != t->end ||
        s->start_place != t->start_place || s->end_place != t->end_place || s->travel_rate != t->travel_rate ||
        s->dist_rate != t->dist_rate || s->wage != t->wage || s->use_price != t->use_price ||
        x->waiting != y->waiting || x->max_work != y->max_work || x->max_load != y->max_load ||
        !same_breaks(m->p, x->breaks, y->breaks))
        return false;
    for (int32_t i = 0; i < m->n_slots; i++)
        if (model_slot_price(m, i, s->carer) != model_slot_price(m, i, t->carer))
            return false;
    return true;
}

static bound_group group_of_shift(bound_nodes *b, int32_t r)
{
    const cr_problem *p = b->m->p;
    const model_shift *shift = &b->m->shifts[r];
    const bool has_held_back = b->m->n_placed < b->m->n_slots; /* a round without it seems to wait in it */
    bound_group group = {.shift = r,
                         .count = 1,
                         .breaks = p->shifts[r].breaks,
                         .waiting = b->parts * (has_held_back ? shift->wage : shift->waiting_rate),
                         .max_work = INT32_MAX,
                         .max_load = shift->max_load};
    int32_t most = p->carers[shift->carer].max_work;
    if (most == CR_NONE || most > shift->day_most)
        most = shift->day_most;
    if (most < (int64_t)shift->end - shift->begin)
        group.max_work = most;
    for (int32_t i = group.breaks.first; i < group.breaks.first + group.breaks.n; i++)
        if (p->breaks[i].windows.n > 0)
            b->relaxed[CR_RELAXED_BREAKS] = true;
    if (group.breaks.n > CR_BOUND_BREAKS) {
        b->relaxed[CR_RELAXED_BREAKS] = true;
        group.breaks.n = 0;
        group.waiting = 0; /* a round without its breaks seems to wait in them */
    }
    return group;
}

static bool could_take(const bound_nodes *b, const bound_group *group, const bound_node *node)
{
    const model *m = b->m;
    const model_shift *shift = &m->shifts[group->shift];
    int32_t first = shift->begin > node->stop.lo ? shift->begin : node->stop.lo;
    int32_t last = shift->end - shift->length[node->slot];
    last = last < node->stop.hi ? last : node->stop.hi;
    return model_is_carer_for(m, node->slot, shift->carer) && first <= last && node->load <= group->max_load;
}

static cr_status compile_groups(bound_nodes *b)
{
    for (int32_t r = 0; r < b->m->n_shifts; r++) {
        bound_group group = group_of_shift(b, r);
        int32_t g = 0;
        while (g < b->n_groups && !groups_are_alike(b, &b->groups[g], &group))
            g++;
        b->group_of[r] = g;
        if (g < b->n_groups)
            b->groups[g].count++;
        else
            b->groups[b->n_groups++] = group;
    }
    b->has_row = calloc((size_t)b->n_groups * (size_t)b->n_rows + 1, sizeof *b->has_row);
    if (!b->has_row)
        return CR_E_NOMEM;
    size_t n = 0, room = 0;
    for (int32_t g = 0; g < b->n_groups; g++) {
        bound_group *group = &b->groups[g];
        group->nodes = (cr_range){(int32_t)n, 0};
        int64_t load = 0;
        for (int32_t k = 0; k < b->n_nodes; k++) {
            if (!could_take(b, group, &b->nodes[k]))
                continue;
            if (n == room) {
                room = 2 * room + 1024;
                int32_t *grown = room < INT32_MAX ? realloc(b->ids, room * sizeof *grown) : NULL;
                if (!grown)
                    return CR_E_NOMEM;
                b->ids = grown;
            }
            b->ids[n++] = k;
            b->has_row[(size_t)g * (size_t)b->n_rows + (size_t)b->nodes[k].row] = true;
            group->nodes.n++;
            load += b->nodes[k].load;
        }
        if (load <= group->max_load)
            group->max_load = INT32_MAX;
    }
    return CR_OK;
}

/* ---- all of it ---- */

static void note_relaxed(bound_nodes *b)
{
    const cr_problem *p = b->m->p;
    b->relaxed[CR_RELAXED_REPEATS] = b->n_visits > 1;
    b->relaxed[CR_RELAXED_GAPS] = p->n_gaps > 0;
    b->relaxed[CR_RELAXED_HELD_BACK] = b->m->n_placed < b->m->n_slots;
    b->relaxed[CR_RELAXED_GOODS] = b->m->n_goods > 0;
    b->relaxed[CR_RELAXED_WAYS] = b->m->has_way_limits;
    b->relaxed[CR_RELAXED_SHARED_PRICES] =
        b->m->has_worst || b->m->has_company || b->m->has_hours || b->m->has_contracts;
    for (int32_t v = 0; v < p->n_visits; v++)
        if (p->visits[v].slots.n > 1)
            b->relaxed[CR_RELAXED_TOGETHER] = true;
    b->relaxed[CR_RELAXED_MAX_WORK] = b->m->has_days;
    for (int32_t r = 0; r < p->n_shifts; r++)
        for (int32_t q = 0; q < r && p->carers[p->shifts[r].carer].max_work != CR_NONE; q++)
            if (p->shifts[q].carer == p->shifts[r].carer)
                b->relaxed[CR_RELAXED_MAX_WORK] = true;
}

static size_t most_nodes(const model *m, int32_t n_steps)
{
    size_t n = 1;
    for (int32_t v = 0; v < m->n_visits; v++)
        n += (size_t)m->p->visits[v].slots.n * (size_t)m->starts[v].n_windows *
             (m->p->visits[v].slots.n > 1 && n_steps > 1 ? (size_t)n_steps : 1);
    return n;
}

cr_status bound_nodes_new(const model *m, int32_t n_steps, bound_nodes **ret_nodes)
{
    cr_auto(bound_nodes) b = calloc(1, sizeof *b);
    if (!b)
        return CR_E_NOMEM;
    b->m = m;
    b->parts = is_small(m) ? PARTS : 1;
    b->n_steps = n_steps;
    b->rest_steps = BOUND_REST_STEPS;
    b->columns_each = BOUND_COLUMNS;
    b->ways_most = BOUND_WAYS_MOST;
    size_t most = most_nodes(m, n_steps);
    size_t n_slots = (size_t)m->n_slots + 1, n_visits = (size_t)m->n_visits + 1, n_shifts = (size_t)m->n_shifts + 1;
    b->rows = malloc(n_slots * sizeof *b->rows);
    b->rows_of = malloc(n_visits * sizeof *b->rows_of);
    b->nodes = malloc(most * sizeof *b->nodes);
    b->moments_of = malloc(n_visits * sizeof *b->moments_of);
    b->moments = malloc(2 * most * sizeof *b->moments);
    b->moment_of = malloc(2 * most * sizeof *b->moment_of);
    b->ends_of = malloc(n_visits * sizeof *b->ends_of);
    b->ends = malloc(2 * most * sizeof *b->ends);
    b->met = malloc(n_visits * sizeof *b->met);
    b->groups = malloc(n_shifts * sizeof *b->groups);
    b->group_of = malloc(n_shifts * sizeof *b->group_of);
    b->near = malloc(n_visits * BOUND_NEAR * sizeof *b->near);
    if (!b->rows || !b->rows_of || !b->nodes || !b->moments_of || !b->moments || !b->moment_of || !b->ends_of ||
        !b->ends || !b->met || !b->groups || !b->group_of || !b->near)
        return CR_E_NOMEM;
    compile_rows(b);
    compile_nodes(b);
    compile_near(b);
    note_relaxed(b);
    cr_status st = compile_groups(b);
    if (!st)
        *ret_nodes = bound_nodes_take(&b);
    return st;
}
