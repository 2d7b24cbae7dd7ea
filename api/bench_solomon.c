/* Solomon's vehicle routing instances with time windows, and Gehring & Homberger's larger ones.
 *
 * The DIMACS convention: distance and travel time are the Euclidean distance cut to one decimal, the sum of distances
 * is the objective, and the file's number of vehicles is a hard limit. One tick is a tenth, so everything is exact.
 *
 * The classic convention: distances in double precision, fewest vehicles, then least distance. A tick is as short as
 * the file's times allow and legs round up, so what holds in ticks holds in the file; a vehicle costs more than any
 * saving of distance.
 */
#include "bench.h"
#include "bench_words.h"

#include <math.h>
#include <stdlib.h>

#define DIMACS_TICKS   10
#define CLASSIC_TICKS  100000
#define TIME_TICKS     5e8 /* below the INT32_MAX / 4 that the problem allows */
#define CUSTOMERS_MOST 5000
#define VEHICLES_MOST  10000
#define COORD_MOST     1e5
#define TIME_MOST      1e6
#define LOAD_MOST      100000000

typedef struct solomon_node {
    double x, y, ready, due, service;
    int32_t demand;
} solomon_node;

typedef struct solomon {
    int32_t n_vehicles, capacity, n_nodes;
    int32_t ticks; /* of a unit */
    bool is_classic;
    solomon_node *nodes; /* 0 is the depot */
} solomon;

static void solomon_free(void *own)
{
    solomon *file = own;
    if (file)
        free(file->nodes);
    free(file);
}

/* Floor of ten times the distance. The added 1e-9 mends an exact tenth that hypot() put a hair below it. It never lifts
 * a true floor: for whole coordinates and 10 d = m - e, a leg not on m has e >= 1 / (2 m), and m < 3e6 here. */
static int32_t leg_tenths(const solomon_node *a, const solomon_node *b)
{
    return (int32_t)floor(10.0 * hypot(a->x - b->x, a->y - b->y) + 1e-9);
}

static double distance_of(const solomon_node *a, const solomon_node *b)
{
    return hypot(a->x - b->x, a->y - b->y);
}

/* ---- reading ---- */

static cr_status skip_to(bench_words *words, const char *heading)
{
    while (bench_words_next(words))
        if (bench_words_is(words, heading))
            return CR_OK;
    return bench_fault(words->message, "no heading %s", heading);
}

static cr_status read_node(bench_words *words, int32_t number_due, solomon_node *ret_node)
{
    solomon_node node;
    int32_t number;
    cr_status st;
    if ((st = bench_words_integer(words, "customer number", 0, CUSTOMERS_MOST, &number)))
        return st;
    if (number != number_due)
        return bench_fault(words->message, "line %d: customer %d stands where %d should", words->line, number,
                           number_due);
    if ((st = bench_words_number(words, "x", -COORD_MOST, COORD_MOST, &node.x)) ||
        (st = bench_words_number(words, "y", -COORD_MOST, COORD_MOST, &node.y)) ||
        (st = bench_words_integer(words, "demand", 0, LOAD_MOST, &node.demand)) ||
        (st = bench_words_number(words, "ready time", 0, TIME_MOST, &node.ready)) ||
        (st = bench_words_number(words, "due date", 0, TIME_MOST, &node.due)) ||
        (st = bench_words_number(words, "service time", 0, TIME_MOST, &node.service)))
        return st;
    if (node.due < node.ready)
        return bench_fault(words->message, "line %d: due date %g before ready time %g", words->line, node.due,
                           node.ready);
    *ret_node = node;
    return CR_OK;
}

/* The table's headings have no numbers, so the table starts at the first one. */
static cr_status read_nodes(bench_words *words, solomon *file)
{
    cr_status st = skip_to(words, "CUSTOMER");
    if (st)
        return st;
    file->nodes = calloc(CUSTOMERS_MOST + 1, sizeof *file->nodes);
    if (!file->nodes)
        return CR_E_NOMEM;
    bench_words ahead = *words;
    int64_t load = 0;
    while (bench_words_next(&ahead)) {
        if (file->n_nodes == 0 && !bench_words_numeric(&ahead)) {
            *words = ahead;
            continue;
        }
        if (file->n_nodes > CUSTOMERS_MOST)
            return bench_fault(words->message, "more than %d customers", CUSTOMERS_MOST);
        st = read_node(words, file->n_nodes, &file->nodes[file->n_nodes]);
        if (st)
            return st;
        load += file->nodes[file->n_nodes++].demand;
        ahead = *words;
    }
    if (file->n_nodes < 1)
        return bench_fault(words->message, "no depot in the table of customers");
    if (load > LOAD_MOST)
        return bench_fault(words->message, "the demands add up to more than %d", LOAD_MOST);
    return CR_OK;
}

static cr_status read_file(bench_words *words, solomon *file)
{
    cr_status st;
    if ((st = skip_to(words, "VEHICLE")) || (st = skip_to(words, "NUMBER")) || (st = skip_to(words, "CAPACITY")) ||
        (st = bench_words_integer(words, "number of vehicles", 0, VEHICLES_MOST, &file->n_vehicles)) ||
        (st = bench_words_integer(words, "capacity", 0, LOAD_MOST, &file->capacity)))
        return st;
    return read_nodes(words, file);
}

/* ---- building ---- */

/* Opening and durations round up, closing rounds down: what ticks allow, the file allows. */
static int32_t ticks_up(const solomon *file, double units)
{
    return (int32_t)ceil(units * file->ticks - 1e-6);
}

static int32_t ticks_down(const solomon *file, double units)
{
    return (int32_t)floor(units * file->ticks + 1e-6);
}

static int32_t leg_ticks(const solomon *file, const solomon_node *a, const solomon_node *b)
{
    return file->is_classic ? ticks_up(file, distance_of(a, b)) : leg_tenths(a, b);
}

/* The classic tick: fine, but no time of the file may be too long. */
static int32_t classic_ticks(const solomon *file)
{
    double longest = 1;
    for (int32_t i = 0; i < file->n_nodes; i++) {
        const solomon_node *n = &file->nodes[i];
        longest = fmax(longest, fmax(fmax(n->due, n->service), 2 * distance_of(&file->nodes[0], n)));
    }
    return (int32_t)fmin(CLASSIC_TICKS, floor(TIME_TICKS / longest));
}

static int32_t fill_matrix(const solomon *file, cr_matrix *matrix)
{
    int32_t longest = 0;
    for (int32_t from = 0; from < file->n_nodes; from++)
        for (int32_t to = 0; to < file->n_nodes; to++) {
            int32_t leg = leg_ticks(file, &file->nodes[from], &file->nodes[to]);
            cr_matrix_set(matrix, from, to, leg, leg);
            longest = leg > longest ? leg : longest;
        }
    return longest;
}

static cr_status add_vehicles(const solomon *file, int64_t use_price, cr_problem *problem)
{
    cr_carer carer = CR_CARER_INIT;
    cr_shift shift = CR_SHIFT_INIT;
    shift.begin = ticks_up(file, file->nodes[0].ready);
    shift.end = ticks_down(file, file->nodes[0].due);
    shift.start_place = shift.end_place = 0;
    shift.max_load = file->capacity;
    shift.use_price = use_price;
    for (int32_t v = 0; v < file->n_vehicles; v++) {
        shift.carer = v;
        cr_status st = cr_problem_add_carer(problem, &carer);
        if (!st)
            st = cr_problem_add_shift(problem, &shift);
        if (st)
            return st;
    }
    return CR_OK;
}

static cr_status add_customer(const solomon *file, int32_t node, int64_t unserved_price, bench_instance *instance)
{
    const solomon_node *n = &file->nodes[node];
    cr_visit visit = CR_VISIT_INIT;
    visit.client = node;
    visit.place = node;
    visit.load = n->demand;
    visit.unallocated_price = unserved_price;
    cr_slot slot = CR_SLOT_INIT;
    slot.duration = ticks_up(file, n->service);
    cr_window window = {ticks_up(file, n->ready), ticks_down(file, n->due)};
    cr_status st = bench_instance_add_visit(instance, &visit, window, node);
    return st ? st : bench_instance_add_slot(instance, &slot, 0);
}

static cr_status build(const solomon *file, bench_instance **ret_instance)
{
    cr_auto(bench_instance) instance = NULL;
    cr_status st = bench_instance_new(file->n_nodes, file->n_nodes, file->n_nodes, &instance);
    if (st)
        return st;
    /* More than the travel of any plan; and one customer left out costs more than all vehicles and their travel. */
    int64_t travel_most = (int64_t)(file->n_nodes + file->n_vehicles) * fill_matrix(file, instance->matrix) + 1;
    int64_t use_price = file->is_classic ? travel_most : 0;
    int64_t unserved_price = travel_most + file->n_vehicles * use_price;
    cr_problem *problem = instance->problem;
    problem->ticks_per_unit = file->ticks;
    problem->n_clients = file->n_nodes;
    problem->prices.travel = 1;
    instance->must_serve_all = true;
    st = add_vehicles(file, use_price, problem);
    for (int32_t node = 1; !st && node < file->n_nodes; node++)
        st = add_customer(file, node, unserved_price, instance);
    if (st)
        return st;
    *ret_instance = bench_instance_take(&instance);
    return CR_OK;
}

cr_status bench_solomon_parse(const char *text, size_t size, const bench_convention *convention,
                              bench_instance **ret_instance, bench_message *message)
{
    solomon *file = calloc(1, sizeof *file);
    if (!file)
        return CR_E_NOMEM;
    bench_words words;
    cr_status st = bench_words_init(&words, text, size, message);
    if (!st) {
        st = read_file(&words, file);
        bench_words_done(&words);
    }
    if (!st) {
        file->is_classic = convention->fewest_vehicles;
        file->ticks = file->is_classic ? classic_ticks(file) : DIMACS_TICKS;
        st = build(file, ret_instance);
    }
    if (st) {
        solomon_free(file);
        return st;
    }
    (*ret_instance)->own = file;
    (*ret_instance)->own_free = solomon_free;
    return CR_OK;
}

/* ---- the objective ---- */

static double leg_units(const solomon *file, int64_t from, int64_t to)
{
    const solomon_node *a = &file->nodes[from], *b = &file->nodes[to];
    return file->is_classic ? distance_of(a, b) : leg_tenths(a, b);
}

/* The node of a stop is its visit's place: the depot is 0 in both. Tenths are summed whole. */
static double solomon_objective(const bench_instance *instance, const cr_plan *plan, const double *start)
{
    const solomon *file = instance->own;
    double sum = 0;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        cr_range stops = plan->rounds[r].stops;
        int64_t at = 0;
        for (int32_t k = stops.first; k < stops.first + stops.n; k++) {
            int64_t node = bench_slot_node(instance, plan->stops[k].slot);
            sum += leg_units(file, at, node);
            at = node;
        }
        sum += leg_units(file, at, 0);
    }
    return file->is_classic ? sum : sum / DIMACS_TICKS;
}

/* Tenths are exact; the classic objective counts vehicles before distance, and is none of the engine's cost. */
static double solomon_bound(const bench_instance *instance, int64_t cost)
{
    const solomon *file = instance->own;
    return file->is_classic ? NAN : (double)cost / DIMACS_TICKS;
}

static int name_line(const bench_instance *instance, const cr_plan *plan, json_t *line)
{
    const solomon *file = instance->own;
    return file->is_classic ? json_object_set_new(line, "vehicles", json_integer(plan->n_rounds)) : 0;
}

const bench_format bench_solomon = {
    .name = "solomon",
    .parse = bench_solomon_parse,
    .objective = solomon_objective,
    .bound = solomon_bound,
    .name_line = name_line,
};
