/* The order of the states: nested dissection of the map by small cuts.
 *
 * A set of junctions is cut in two where few roads cross (road_cut.c). The arcs on the cut are the most important
 * states of the set, then the two sides are cut in turn. On a graph of turns this is the order of Buchhold, Wagner,
 * Zeitz and Zündorf 2020: cut the roads, not the turns. Any order gives right answers; a good one gives few arcs.
 *
 * The two sides know nothing of each other, so threads cut them at the same time: each set lists its states, and these
 * are numbered once all are listed. So the order is the same with any number of threads.
 */
#include "road_order.h"

#include "road_cut.h"

#include <math.h>
#include <pthread.h>

#define PART_LEAST   1000 /* junctions: smaller sets are cut by whoever has the set that they are part of */
#define THREADS_MOST 64

/* A set that a thread takes at once: what it has cut, and what was left. */
typedef struct part {
    uint32_t first, n;
    uint32_t *states; /* in order of importance */
    size_t n_states, states_room;
    struct part *sides[2]; /* less important than all of those; NULL: all is in states */
    struct part *next;     /* that waits */
} part;

typedef struct dissection {
    cut_map map;
    uint8_t *is_listed; /* by state */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    part *waiting;
    int32_t n_open; /* parts that wait or are being cut */
    bool lacks_memory;
} dissection;

/* A thread and what it is at. */
typedef struct cutter {
    dissection *d;
    cut_room room;
    part *part;
    bool lacks_memory;
} cutter;

static part *part_new(uint32_t first, uint32_t n)
{
    part *p = calloc(1, sizeof *p);
    if (p) {
        p->first = first;
        p->n = n;
    }
    return p;
}

static void part_free(part *p)
{
    if (!p)
        return;
    part_free(p->sides[0]);
    part_free(p->sides[1]);
    free(p->states);
    free(p);
}

/* ---- states of a set ---- */

static void list_state(cutter *c, uint32_t state)
{
    part *p = c->part;
    if (state == NO_STATE || c->d->is_listed[state])
        return;
    if (!room_for(&p->states, &p->states_room, p->n_states + 1, sizeof *p->states)) {
        c->lacks_memory = true;
        return;
    }
    c->d->is_listed[state] = 1;
    p->states[p->n_states++] = state;
}

static void list_segment(cutter *c, uint32_t segment)
{
    const road_graph *g = c->d->map.g;
    for (size_t back = 0; back < 2; back++)
        for (uint32_t a = g->arc_of[2 * (size_t)segment + back]; a != NO_ARC; a = g->arcs[a].next_copy)
            list_state(c, g->arcs[a].state);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* What a junction by itself still has. */
static void list_junction(cutter *c, uint32_t junction)
{
    const cut_map *map = &c->d->map;
    uint32_t *segments = map->seg_at + map->seg_first[junction];
    uint32_t n = map->seg_first[junction + 1] - map->seg_first[junction];
    qsort(segments, n, sizeof *segments, by_number);
    list_state(c, map->g->state_at[junction]);
    for (uint32_t k = 0; k < n; k++)
        list_segment(c, segments[k]);
}

/* What stands on the cut: both arcs of a road across it, or the junction at one end where its arcs share a state. */
static void list_cut(cutter *c, const uint32_t *junctions, uint32_t n)
{
    const cut_map *map = &c->d->map;
    uint8_t *side = c->room.best_side;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = map->seg_first[junctions[i]]; k < map->seg_end[junctions[i]]; k++) {
            uint32_t segment = map->seg_at[k], other = other_end(map->net, segment, junctions[i]);
            if (side[i] != CUT_FIRST || side[map->local[other]] != CUT_SECOND)
                continue;
            if (map->g->state_at[junctions[i]] == NO_STATE) {
                list_segment(c, segment);
                continue;
            }
            list_state(c, map->g->state_at[junctions[i]]);
            side[i] = CUT_DROPPED;
        }
}

/* ---- two sides of one set ---- */

/* Segments that stay inside come first at each junction, in the same order. */
static void leave_across(cutter *c, const uint32_t *junctions, uint32_t n)
{
    const cut_map *map = &c->d->map;
    const uint8_t *side = c->room.best_side;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t first = map->seg_first[junctions[i]], end = first;
        for (uint32_t k = first; k < map->seg_end[junctions[i]]; k++) {
            uint32_t segment = map->seg_at[k];
            if (side[map->local[other_end(map->net, segment, junctions[i])]] != side[i])
                continue;
            memmove(map->seg_at + end + 1, map->seg_at + end, (k - end) * sizeof *map->seg_at);
            map->seg_at[end++] = segment;
        }
        map->seg_end[junctions[i]] = end;
    }
}

/* Puts the junctions of the first side in front of the others, and leaves out the dropped; order is kept. */
static void part_range(cutter *c, uint32_t *range, uint32_t n, uint32_t *ret_n_first, uint32_t *ret_n_second)
{
    uint32_t n_first = 0, n_second = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint8_t side = c->room.best_side[c->d->map.local[range[i]]];
        if (side == CUT_FIRST)
            range[n_first++] = range[i];
        else if (side == CUT_SECOND)
            c->room.spare[n_second++] = range[i];
    }
    memcpy(range + n_first, c->room.spare, n_second * sizeof *range);
    *ret_n_first = n_first;
    *ret_n_second = n_second;
}

static void cut(cutter *c, uint32_t first, uint32_t n, uint32_t *ret_n_first, uint32_t *ret_n_second)
{
    const cut_map *map = &c->d->map;
    *ret_n_first = *ret_n_second = 0;
    if (cut_room_fit(map, &c->room, first, n)) {
        c->lacks_memory = true;
        return;
    }
    cut_find(map, &c->room, first, n);
    list_cut(c, map->sorted[0] + first, n);
    leave_across(c, map->sorted[0] + first, n);
    for (int direction = 0; direction < CUT_DIRECTIONS; direction++)
        part_range(c, map->sorted[direction] + first, n, ret_n_first, ret_n_second);
}

/* No cut leaves less than a quarter on a side, so this goes no deeper than some fifty calls. */
static void dissect(cutter *c, uint32_t first, uint32_t n)
{
    uint32_t n_first, n_second;
    if (n == 1)
        list_junction(c, c->d->map.sorted[0][first]);
    if (n <= 1)
        return;
    cut(c, first, n, &n_first, &n_second);
    dissect(c, first, n_first);
    dissect(c, first + n_first, n_second);
}

/* ---- threads ---- */

static void wait_for_a_cutter(dissection *d, part *p)
{
    p->next = d->waiting;
    d->waiting = p;
    d->n_open++;
}

/* A large part is cut once, and its sides wait for whoever is free. */
static void do_part(cutter *c, part *p)
{
    uint32_t n_first, n_second;
    c->part = p;
    if (p->n < PART_LEAST) {
        dissect(c, p->first, p->n);
        return;
    }
    cut(c, p->first, p->n, &n_first, &n_second);
    p->sides[0] = part_new(p->first, n_first);
    p->sides[1] = part_new(p->first + n_first, n_second);
    c->lacks_memory = c->lacks_memory || !p->sides[0] || !p->sides[1];
}

static void *work(void *user)
{
    dissection *d = user;
    cutter c = {.d = d};
    pthread_mutex_lock(&d->lock);
    while (d->n_open > 0 && !d->lacks_memory) {
        part *p = d->waiting;
        if (!p) {
            pthread_cond_wait(&d->changed, &d->lock);
            continue;
        }
        d->waiting = p->next;
        pthread_mutex_unlock(&d->lock);
        do_part(&c, p);
        pthread_mutex_lock(&d->lock);
        for (int i = 1; i >= 0; i--)
            if (p->sides[i])
                wait_for_a_cutter(d, p->sides[i]);
        d->n_open--;
        d->lacks_memory = d->lacks_memory || c.lacks_memory;
        pthread_cond_broadcast(&d->changed);
    }
    pthread_mutex_unlock(&d->lock);
    cut_room_done(&c.room);
    return NULL;
}

/* The others run beside this thread; one that cannot be had is done without. */
static void run_threads(dissection *d, part *all, int32_t n_threads)
{
    pthread_t threads[THREADS_MOST];
    int n = 0;
    wait_for_a_cutter(d, all);
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->changed, NULL);
    for (int32_t i = 1; i < n_threads && i < THREADS_MOST; i++)
        n += pthread_create(&threads[n], NULL, work, d) == 0;
    work(d);
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->lock);
}

static void number_states(const part *p, uint32_t *rank, uint32_t *n)
{
    for (size_t i = 0; i < p->n_states; i++)
        rank[p->states[i]] = (*n)++;
    for (int i = 0; i < 2; i++)
        if (p->sides[i])
            number_states(p->sides[i], rank, n);
}

/* ---- making ready ---- */

static bool is_open(const road_graph *g, size_t segment)
{
    return g->arc_of[2 * segment] != NO_ARC || g->arc_of[2 * segment + 1] != NO_ARC;
}

/* Those that lead round to the same junction come last: they are not inside of anything. */
static bool list_segments(cut_map *map)
{
    const road_net *net = map->net;
    map->seg_first = room_zeroed(net->n_junctions + 2, sizeof *map->seg_first);
    map->seg_at = room_raw(net->n_segments * 2, sizeof *map->seg_at);
    if (!map->seg_first || !map->seg_at)
        return false;
    for (size_t s = 0; s < net->n_segments; s++) {
        map->seg_first[net->segments[s].from + 2] += is_open(map->g, s);
        map->seg_first[net->segments[s].to + 2] += is_open(map->g, s) && net->segments[s].to != net->segments[s].from;
    }
    for (size_t j = 0; j < net->n_junctions; j++)
        map->seg_first[j + 2] += map->seg_first[j + 1];
    for (size_t s = 0; s < net->n_segments; s++) {
        const road_segment *segment = &net->segments[s];
        if (!is_open(map->g, s) || segment->from == segment->to)
            continue;
        map->seg_at[map->seg_first[segment->from + 1]++] = (uint32_t)s;
        map->seg_at[map->seg_first[segment->to + 1]++] = (uint32_t)s;
    }
    for (size_t j = 0; j < net->n_junctions; j++)
        map->seg_end[j] = map->seg_first[j + 1];
    for (size_t s = 0; s < net->n_segments; s++)
        if (is_open(map->g, s) && net->segments[s].from == net->segments[s].to)
            map->seg_at[map->seg_first[net->segments[s].from + 1]++] = (uint32_t)s;
    return true;
}

typedef struct place_key {
    double key;
    uint32_t junction;
} place_key;

static int by_key(const void *a, const void *b)
{
    const place_key *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->junction < y->junction ? -1 : x->junction > y->junction;
}

/* Junctions with open segments, sorted along each direction; returns how many, or UINT32_MAX without memory. */
static uint32_t sort_places(cut_map *map)
{
    static const double directions[CUT_DIRECTIONS][2] = {{1, 0}, {0, 1}, {1, 1}, {1, -1}};
    const road_net *net = map->net;
    place_key *keys = room_raw(net->n_junctions, sizeof *keys);
    uint32_t n = 0;
    for (int k = 0; keys && k < CUT_DIRECTIONS; k++) {
        n = 0;
        for (uint32_t j = 0; j < net->n_junctions; j++) {
            double lat = net->junctions[j].at.lat_e7 * 1e-7, lon = net->junctions[j].at.lon_e7 * 1e-7;
            double east = lon * cos(lat * M_PI / 180);
            if (map->seg_first[j + 1] > map->seg_first[j])
                keys[n++] = (place_key){directions[k][0] * east + directions[k][1] * lat, j};
        }
        qsort(keys, n, sizeof *keys, by_key);
        for (uint32_t i = 0; i < n; i++)
            map->sorted[k][i] = keys[i].junction;
    }
    free(keys);
    return keys ? n : UINT32_MAX;
}

static bool take_room(dissection *d)
{
    cut_map *map = &d->map;
    size_t n = map->net->n_junctions;
    bool ok = true;
    for (int k = 0; k < CUT_DIRECTIONS; k++)
        ok = (map->sorted[k] = room_raw(n, sizeof *map->sorted[k])) && ok;
    map->local = room_raw(n, sizeof *map->local);
    map->seg_end = room_raw(n, sizeof *map->seg_end);
    map->edge_of = room_raw(map->net->n_segments * 2, sizeof *map->edge_of);
    d->is_listed = room_zeroed(map->g->n_states, sizeof *d->is_listed);
    return ok && map->local && map->seg_end && map->edge_of && d->is_listed;
}

static void give_back(dissection *d)
{
    free(d->map.seg_first);
    free(d->map.seg_end);
    free(d->map.seg_at);
    free(d->map.local);
    free(d->map.edge_of);
    free(d->is_listed);
    for (int k = 0; k < CUT_DIRECTIONS; k++)
        free(d->map.sorted[k]);
}

cr_status road_order_make(const road_net *net, const road_graph *graph, int32_t n_threads, uint32_t *ret_rank)
{
    dissection d = {.map = {.net = net, .g = graph}};
    uint32_t n = take_room(&d) && list_segments(&d.map) ? sort_places(&d.map) : UINT32_MAX, n_ranked = 0;
    part *all = n == UINT32_MAX ? NULL : part_new(0, n);
    if (all) {
        run_threads(&d, all, n_threads);
        number_states(all, ret_rank, &n_ranked);
    }
    cr_status st = all && !d.lacks_memory ? CR_OK : CR_E_NOMEM;
    assert(st || n_ranked == graph->n_states);
    part_free(all);
    give_back(&d);
    return st;
}
