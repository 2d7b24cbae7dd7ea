/* A visit is no nearer than its place, so the others are looked at place by place, the nearest first, until enough are
 * known that are nearer than all places to come: on a county that is a small part of the pairs.
 */
#include "nearest.h"

#include <stdlib.h>
#include <string.h>

#define NEAR_MOST       256
#define LARGE           2000 /* visits; from here on memory and time count */
#define NEAR_MOST_LARGE 96
#define DRAWERS         1024 /* that places are put in by their way */
#define FEW_NEAR        12   /* sorted by insertion */

/* A visit and how far it is, in one number that sorts by both: the distance in the upper half. */
typedef uint64_t near_visit;

/* The places of visits, as they lie around one of them. */
typedef struct surroundings {
    const model *m;
    int32_t *first_at, *visits; /* of each place: its visits are visits[first_at[place]] to those of the next */
    int32_t *places, n_places;  /* those that have any, in their order */
    int64_t *way;               /* of each of these, to or from the present one, whichever is shorter */
    int32_t *by_drawer;         /* they again, the nearest drawer first */
    int32_t first[DRAWERS + 3]; /* of each drawer: where it begins in by_drawer */
    int shift;                  /* bits of a way that its drawer does not see */
    near_visit *nearest;        /* the nearest so far to the present visit, the farthest of them on top of the heap */
    int32_t n_nearest;
} surroundings;

int64_t nearest_apart(const model_start *a, const model_start *b, int64_t way)
{
    int64_t wait = 0;
    if (b->lo > (int64_t)a->hi + way)
        wait = (int64_t)b->lo - a->hi - way;
    else if (a->lo > (int64_t)b->hi + way)
        wait = (int64_t)a->lo - b->hi - way;
    return way + wait / 5;
}

/* ---- the nearest so far ---- */

/* Hoare 1961, "Algorithm 64: quicksort". */
static void sort_near(near_visit *list, int32_t n)
{
    while (n > FEW_NEAR) {
        near_visit pivot = list[n / 2];
        int32_t i = 0, j = n - 1;
        while (i <= j) {
            while (list[i] < pivot)
                i++;
            while (pivot < list[j])
                j--;
            if (i <= j) {
                near_visit swapped = list[i];
                list[i++] = list[j];
                list[j--] = swapped;
            }
        }
        if (j + 1 < n - i) { /* the shorter side first, so that the calls do not go deep */
            sort_near(list, j + 1);
            list += i;
            n -= i;
        } else {
            sort_near(list + i, n - i);
            n = j + 1;
        }
    }
    for (int32_t k = 1; k < n; k++) {
        near_visit moved = list[k];
        int32_t at = k;
        for (; at > 0 && moved < list[at - 1]; at--)
            list[at] = list[at - 1];
        list[at] = moved;
    }
}

static void add_to_heap(surroundings *s, near_visit one)
{
    near_visit *heap = s->nearest;
    int32_t at = s->n_nearest++;
    for (; at > 0 && heap[(at - 1) / 2] < one; at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = one;
}

/* In place of the farthest, which is farther. */
static void replace_farthest(surroundings *s, near_visit one)
{
    near_visit *heap = s->nearest;
    int32_t at = 0, n = s->n_nearest;
    for (int32_t below = 1; below < n; below = 2 * at + 1) {
        below += below + 1 < n && heap[below + 1] > heap[below];
        if (heap[below] <= one)
            break;
        heap[at] = heap[below];
        at = below;
    }
    heap[at] = one;
}

/* Are so many known that all are nearer than this way? */
static bool is_too_far(const surroundings *s, int64_t way)
{
    return s->n_nearest == s->m->n_near && way > (int64_t)(s->nearest[0] >> 32);
}

static void look_at_place(surroundings *s, int32_t visit, int32_t place, int64_t way)
{
    const model *m = s->m;
    const model_start *here = &m->starts[visit];
    for (int32_t i = s->first_at[place]; i < s->first_at[place + 1]; i++) {
        int32_t other = s->visits[i];
        if (other == visit)
            continue;
        near_visit one = (uint64_t)nearest_apart(here, &m->starts[other], way) << 32 | (uint32_t)other;
        if (s->n_nearest < m->n_near)
            add_to_heap(s, one);
        else if (one < s->nearest[0])
            replace_farthest(s, one);
    }
}

/* ---- the places around one ---- */

/* The last drawer is for those to which nothing leads. */
static int32_t drawer_of(const surroundings *s, int32_t i)
{
    return s->way[i] < CR_NO_WAY ? (int32_t)(s->way[i] >> s->shift) : DRAWERS;
}

static int64_t least_way(const surroundings *s, int32_t drawer)
{
    return drawer < DRAWERS ? (int64_t)drawer << s->shift : CR_NO_WAY;
}

static void put_into_drawers(surroundings *s, int32_t from)
{
    const model *m = s->m;
    const model_shift *shift = &m->shifts[0];
    const size_t here = (size_t)from + 1;
    const leg *there = shift->legs + here * ((size_t)m->n_places + 1), *back = shift->into + here * shift->into_row;
    int64_t most = 0;
    for (int32_t i = 0; i < s->n_places; i++) {
        size_t at = (size_t)s->places[i] + 1;
        int32_t one = there[at].time, other = back[at * shift->into_step].time;
        s->way[i] = one < other ? one : other;
        most = s->way[i] > most && s->way[i] < CR_NO_WAY ? s->way[i] : most;
    }
    s->shift = 0;
    while (most >> s->shift >= DRAWERS)
        s->shift++;
    memset(s->first, 0, sizeof s->first);
    for (int32_t i = 0; i < s->n_places; i++)
        s->first[drawer_of(s, i) + 2]++;
    for (int32_t d = 2; d <= DRAWERS + 1; d++)
        s->first[d + 1] += s->first[d];
    for (int32_t i = 0; i < s->n_places; i++)
        s->by_drawer[s->first[drawer_of(s, i) + 1]++] = i;
}

static void find_nearest(surroundings *s, int32_t visit)
{
    s->n_nearest = 0;
    for (int32_t d = 0; d <= DRAWERS && !is_too_far(s, least_way(s, d)); d++)
        for (int32_t k = s->first[d]; k < s->first[d + 1]; k++) {
            int32_t i = s->by_drawer[k];
            if (!is_too_far(s, s->way[i]))
                look_at_place(s, visit, s->places[i], s->way[i]);
        }
    sort_near(s->nearest, s->n_nearest);
}

/* ---- all of them ---- */

static void list_visits_by_place(surroundings *s)
{
    const model *m = s->m;
    for (int32_t v = 0; v < m->n_visits; v++)
        if (m->starts[v].place != CR_NONE)
            s->first_at[m->starts[v].place + 2]++;
    for (int32_t k = 0; k < m->n_places; k++) {
        if (s->first_at[k + 2] > 0)
            s->places[s->n_places++] = k;
        s->first_at[k + 2] += s->first_at[k + 1];
    }
    for (int32_t v = 0; v < m->n_visits; v++)
        if (m->starts[v].place != CR_NONE)
            s->visits[s->first_at[m->starts[v].place + 1]++] = v;
}

static bool surroundings_init(surroundings *s, const model *m)
{
    const size_t n_places = (size_t)m->n_places + 3;
    *s = (surroundings){.m = m,
                        .first_at = calloc(n_places, sizeof *s->first_at),
                        .visits = malloc(((size_t)m->n_visits + 1) * sizeof *s->visits),
                        .places = malloc(n_places * sizeof *s->places),
                        .way = malloc(n_places * sizeof *s->way),
                        .by_drawer = malloc(n_places * sizeof *s->by_drawer),
                        .nearest = malloc(((size_t)m->n_near + 1) * sizeof *s->nearest)};
    return s->first_at && s->visits && s->places && s->way && s->by_drawer && s->nearest;
}

static void surroundings_done(surroundings *s)
{
    free(s->first_at);
    free(s->visits);
    free(s->places);
    free(s->way);
    free(s->by_drawer);
    free(s->nearest);
}

static cr_status compile_near(model *m)
{
    const int32_t n = m->n_visits, most = n > LARGE ? NEAR_MOST_LARGE : NEAR_MOST;
    m->n_near = m->n_shifts == 0 || n < 2 ? 0 : n - 1 < most ? n - 1 : most;
    if (m->n_near == 0)
        return CR_OK;
    m->near = malloc(((size_t)n * (size_t)m->n_near + 1) * sizeof *m->near);
    surroundings s;
    bool has_room = surroundings_init(&s, m) && m->near;
    for (size_t i = 0; has_room && i < (size_t)n * (size_t)m->n_near; i++)
        m->near[i] = CR_NONE;
    if (has_room)
        list_visits_by_place(&s);
    for (int32_t k = 0; has_room && k < s.n_places; k++) {
        const int32_t place = s.places[k];
        put_into_drawers(&s, place);
        for (int32_t i = s.first_at[place]; i < s.first_at[place + 1]; i++) {
            int32_t *to = m->near + (size_t)s.visits[i] * (size_t)m->n_near;
            find_nearest(&s, s.visits[i]);
            for (int32_t j = 0; j < s.n_nearest; j++)
                to[j] = (int32_t)(uint32_t)s.nearest[j];
        }
    }
    surroundings_done(&s);
    return has_room ? CR_OK : CR_E_NOMEM;
}

static cr_status compile_near_slots(model *m)
{
    m->near_slots = calloc((size_t)m->n_visits * NEAR_SLOTS + 1, sizeof *m->near_slots);
    if (!m->near_slots)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < m->n_visits; v++) {
        int32_t *to = m->near_slots + (size_t)v * NEAR_SLOTS, n = 0;
        for (int32_t k = 0; k < m->n_near; k++) { /* a day without shifts has no list of near visits */
            int32_t near = m->near[(size_t)v * (size_t)m->n_near + (size_t)k];
            if (near == CR_NONE)
                break;
            const cr_range slots = m->p->visits[near].slots;
            for (int32_t i = 0; i < slots.n && n < NEAR_SLOTS; i++)
                to[n++] = slots.first + i;
        }
        while (n < NEAR_SLOTS)
            to[n++] = CR_NONE;
    }
    return CR_OK;
}

cr_status nearest_compile(model *m)
{
    cr_status st = compile_near(m);
    return st ? st : compile_near_slots(m);
}
