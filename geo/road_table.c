/* Tables: from many sources to many targets by restricted downward sweeps (RPHAST: Delling, Goldberg and Werneck 2011,
 * "Faster batched shortest paths in road networks").
 *
 * A shortest way goes up the hierarchy and then down. The part that leads down to any target is taken out once, in the
 * order of importance. Then for sixteen sources at a time, neighbours if possible: their ways up, together; a sweep
 * down over the part, sixteen ways in one go; and the row of each source is read off. Two places on one piece of road
 * may be nearest along it, which the hierarchy does not know.
 */
#include "road_table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef struct table_job {
    roads_look look;
    const cr_road_snap *sources, *targets;
    int32_t n_sources, n_targets;
    const uint32_t *order; /* of the sources: neighbours one after the other */
    const table_targets *t;
    int32_t *time_s, *dist_m;
    atomic_int_least32_t next; /* of the order, to be taken by a worker */
    atomic_int_least32_t n_done;
    atomic_bool lacks_memory, is_stopped;
    const cr_road_table_options *options;
    const sweep_loops *loops;
} table_job;

/* One worker's room. */
typedef struct table_worker {
    table_job *job;
    sweep_lanes *down;  /* of each state of the sweep */
    uint8_t *has_start; /* of these; 0 between batches */
    sweep_lanes *up;    /* of each state met upwards */
    uint32_t *place;    /* of a state of the map in `up`; NO_STATE between batches */
    uint32_t *met;      /* states in the order met last to first: a state comes before those it leads to */
    uint32_t *path, *cursor;
    uint32_t *heads; /* of one state's arcs, as places in `up` */
    double *costs;
    uint32_t n_met, arcs_room;
    sweep_lanes *cells; /* one for each target */
    int lane;           /* whose starts are being set */
} table_worker;

/* ---- upwards ---- */

/* Meets a state and all that it leads up to, depth first; the state itself is met after them. */
static void meet(table_worker *w, uint32_t start)
{
    const roads_metric_view *m = w->job->look.metric;
    uint32_t n_path = 0;
    if (w->place[start] != NO_STATE)
        return;
    w->place[start] = 0;
    w->path[n_path] = start;
    w->cursor[n_path++] = m->up_first[start];
    while (n_path > 0) {
        uint32_t v = w->path[n_path - 1], *at = &w->cursor[n_path - 1];
        while (*at < m->up_first[v + 1] && w->place[m->up_head[*at]] != NO_STATE)
            (*at)++;
        if (*at == m->up_first[v + 1]) {
            w->place[v] = w->n_met;
            w->met[w->n_met++] = v;
            n_path--;
            continue;
        }
        uint32_t u = m->up_head[(*at)++];
        w->place[u] = 0;
        w->path[n_path] = u;
        w->cursor[n_path++] = m->up_first[u];
    }
}

static void meet_start(void *user, uint32_t state, road_cost cost)
{
    (void)cost;
    meet(user, state);
}

static void set_start(void *user, uint32_t state, road_cost cost)
{
    table_worker *w = user;
    double *lane = &w->up[w->place[state]].at[w->lane];
    *lane = (double)cost < *lane ? (double)cost : *lane;
}

static void relax_up(table_worker *w, uint32_t v)
{
    const roads_metric_view *m = w->job->look.metric;
    uint32_t n = m->up_first[v + 1] - m->up_first[v];
    for (uint32_t i = 0; i < n; i++) {
        w->heads[i] = w->place[m->up_head[m->up_first[v] + i]];
        w->costs[i] = (double)m->up_cost[m->up_first[v] + i];
    }
    w->job->loops->up(n, w->heads, w->costs, &w->up[w->place[v]], w->up);
}

/* The ways up from the sources of a batch, put where the sweep begins. */
static void go_up(table_worker *w, const uint32_t *batch, int n_batch)
{
    table_job *job = w->job;
    w->n_met = 0;
    for (int i = 0; i < n_batch; i++)
        table_each_start(&job->look, &job->sources[batch[i]], meet_start, w);
    for (uint32_t i = 0; i < w->n_met; i++)
        for (int l = 0; l < SWEEP_LANES; l++)
            w->up[i].at[l] = SWEEP_NO_WAY;
    for (w->lane = 0; w->lane < n_batch; w->lane++)
        table_each_start(&job->look, &job->sources[batch[w->lane]], set_start, w);
    for (uint32_t i = w->n_met; i-- > 0;)
        relax_up(w, w->met[i]);
    for (uint32_t i = 0; i < w->n_met; i++) {
        uint32_t below = job->t->place_of[w->met[i]];
        if (below != NO_STATE) {
            w->down[below] = w->up[i];
            w->has_start[below] = 1;
        }
        w->place[w->met[i]] = NO_STATE;
    }
}

/* ---- rows ---- */

/* The first target in by_segment that is on the segment or on one after it. */
static int32_t first_on(const table_job *job, int32_t segment)
{
    int32_t low = 0, high = job->n_targets;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (job->targets[job->t->by_segment[middle]].segment < segment)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void try_direct_ways(table_worker *w, const uint32_t *batch, int n_batch)
{
    const table_job *job = w->job;
    for (int l = 0; l < n_batch; l++) {
        const cr_road_snap *from = &job->sources[batch[l]];
        for (int32_t i = first_on(job, from->segment); from->segment != CR_NONE && i < job->n_targets; i++) {
            uint32_t j = job->t->by_segment[i];
            if (job->targets[j].segment != from->segment)
                break;
            double cost = (double)table_direct_cost(&job->look, from, &job->targets[j]);
            w->cells[j].at[l] = cost < w->cells[j].at[l] ? cost : w->cells[j].at[l];
        }
    }
}

static void write_rows(table_worker *w, const uint32_t *batch, int n_batch)
{
    const table_job *job = w->job;
    sweep_lanes walk_ds = {{0}};
    int32_t *time_s[SWEEP_LANES], *dist_m[SWEEP_LANES];
    for (int l = 0; l < n_batch; l++) {
        size_t at = (size_t)batch[l] * (size_t)job->n_targets;
        walk_ds.at[l] = table_walk_ds(job->look.roads, &job->sources[batch[l]]);
        time_s[l] = job->time_s ? job->time_s + at : NULL;
        dist_m[l] = job->dist_m ? job->dist_m + at : NULL;
    }
    job->loops->rows((uint32_t)job->n_targets, w->cells, job->t->walk_ds, &walk_ds, n_batch, time_s, dist_m);
}

/* ---- workers ---- */

static bool take_room(table_worker *w)
{
    const table_job *job = w->job;
    const roads_metric_view *m = job->look.metric;
    size_t n = job->look.n_states;
    for (size_t v = 0; v < n; v++)
        if (m->up_first[v + 1] - m->up_first[v] > w->arcs_room)
            w->arcs_room = m->up_first[v + 1] - m->up_first[v];
    w->down = aligned_alloc(sizeof(sweep_lanes), ((size_t)job->t->n_states + 1) * sizeof *w->down);
    w->up = aligned_alloc(sizeof(sweep_lanes), (n + 1) * sizeof *w->up);
    w->cells = aligned_alloc(sizeof(sweep_lanes), ((size_t)job->n_targets + 1) * sizeof *w->cells);
    w->has_start = room_zeroed(job->t->n_states, sizeof *w->has_start);
    w->place = room_raw(n, sizeof *w->place);
    w->met = room_raw(n, sizeof *w->met);
    w->path = room_raw(n, sizeof *w->path);
    w->cursor = room_raw(n, sizeof *w->cursor);
    w->heads = room_raw(w->arcs_room, sizeof *w->heads);
    w->costs = room_raw(w->arcs_room, sizeof *w->costs);
    if (w->place)
        memset(w->place, 0xff, n * sizeof *w->place);
    return w->down && w->up && w->cells && w->has_start && w->place && w->met && w->path && w->cursor && w->heads &&
           w->costs;
}

static bool goes_on(const table_job *job)
{
    return !atomic_load(&job->lacks_memory) && !atomic_load(&job->is_stopped);
}

/* Only the calling thread asks. */
static void ask_to_go_on(table_job *job)
{
    const cr_road_table_options *o = job->options;
    if (o->go_on && !o->go_on(o->user, atomic_load(&job->n_done), job->n_sources))
        atomic_store(&job->is_stopped, true);
}

static void work(table_job *job, bool is_caller)
{
    table_worker w = {.job = job};
    if (!take_room(&w))
        atomic_store(&job->lacks_memory, true);
    while (goes_on(job)) {
        int32_t first = atomic_fetch_add(&job->next, SWEEP_LANES);
        if (first >= job->n_sources)
            break;
        int n = job->n_sources - first < SWEEP_LANES ? job->n_sources - first : SWEEP_LANES;
        go_up(&w, job->order + first, n);
        job->loops->down(job->t->n_states, job->t->first, job->t->tail, job->t->cost, w.has_start, w.down);
        job->loops->cells((uint32_t)job->n_targets, job->t->end_first, job->t->ends, w.down, w.cells);
        try_direct_ways(&w, job->order + first, n);
        write_rows(&w, job->order + first, n);
        atomic_fetch_add(&job->n_done, n);
        if (is_caller)
            ask_to_go_on(job);
    }
    void *arrays[] = {w.down, w.up, w.cells, w.has_start, w.place, w.met, w.path, w.cursor, w.heads, w.costs};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
}

static void *help(void *user)
{
    work(user, false);
    return NULL;
}

/* The others run beside this thread; one that cannot be had is done without. */
static void run_workers(table_job *job, int32_t n_threads)
{
    pthread_t threads[64];
    int n = 0, n_batches = (job->n_sources + SWEEP_LANES - 1) / SWEEP_LANES;
    for (int i = 1; i < n_threads && i < n_batches && n < 64; i++)
        n += pthread_create(&threads[n], NULL, help, job) == 0;
    work(job, true);
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

/* ---- the table ---- */

typedef struct source_place {
    uint32_t state; /* of its first start: neighbours have near numbers */
    uint32_t source;
} source_place;

static int by_state(const void *a, const void *b)
{
    const source_place *x = a, *y = b;
    if (x->state != y->state)
        return x->state < y->state ? -1 : 1;
    return x->source < y->source ? -1 : x->source > y->source;
}

static void note_state(void *user, uint32_t state, road_cost cost)
{
    (void)cost;
    uint32_t *least = user;
    *least = state < *least ? state : *least;
}

static uint32_t *order_sources(const table_job *job)
{
    source_place *list = room_raw((size_t)job->n_sources, sizeof *list);
    uint32_t *order = room_raw((size_t)job->n_sources, sizeof *order);
    for (int32_t i = 0; list && i < job->n_sources; i++) {
        list[i] = (source_place){NO_STATE, (uint32_t)i};
        table_each_start(&job->look, &job->sources[i], note_state, &list[i].state);
    }
    if (list)
        qsort(list, (size_t)job->n_sources, sizeof *list, by_state);
    for (int32_t i = 0; list && order && i < job->n_sources; i++)
        order[i] = list[i].source;
    if (!list) {
        free(order);
        order = NULL;
    }
    free(list);
    return order;
}

cr_status cr_roads_table(const cr_roads *roads, int32_t mode, const cr_road_snap *sources, int32_t n_sources,
                         const cr_road_snap *targets, int32_t n_targets, const cr_road_table_options *options,
                         int32_t *ret_time_s, int32_t *ret_dist_m)
{
    assert(cr_roads_has_mode(roads, mode));
    table_targets t;
    roads_look look = roads_look_at(roads, mode, options->period);
    cr_status st = table_targets_make(&look, targets, n_targets, &t);
    if (st)
        return st;
    table_job job = {look, sources, targets,    n_sources,  n_targets,
                     NULL, &t,      ret_time_s, ret_dist_m, 0,
                     0,    false,   false,      options,    sweep_loops_for(options->vector_bits)};
    uint32_t *order = order_sources(&job);
    job.order = order;
    if (order)
        run_workers(&job, options->n_threads);
    table_targets_done(&t);
    free(order);
    if (!order || atomic_load(&job.lacks_memory))
        return CR_E_NOMEM;
    return atomic_load(&job.is_stopped) ? CR_E_STOPPED : CR_OK;
}
