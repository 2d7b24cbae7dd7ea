/* From VROOM's problem to the engine's. Where the engine knows a rule in another form, what is kept here is never less
 * than what VROOM asks; docs/vroom.md says where it is more. */
#include "vroom.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HORIZON_S  300000000 /* the clock ends, as windows that never close do: below what the engine's times may be */
#define PRICE_MOST 1e15      /* of leaving one task out: as much as the engine counts, */
#define SUM_MOST   5e17      /* of leaving all out: a quarter of it */
#define OUTWEIGHS  16        /* so many tasks, if not all, must be outweighed by a step of priority */

typedef struct builder {
    const vroom_input *in;
    vroom_question *q;
    vroom_message *message;
    int64_t unserved_price; /* of a task without priority, */
    int64_t priority_price; /* and more for each step of it, */
    int32_t priority_step;  /* which all priorities are multiples of */
    int64_t dearest_care;   /* a tick */
    int32_t lead_s;         /* so long before tick 0 a vehicle of any time may set off */
    bool *shared;           /* by place: several tasks, or a vehicle's start */
} builder;

__attribute__((format(printf, 2, 3))) static cr_status fault(const builder *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(b->message->text, sizeof b->message->text, format, args);
    va_end(args);
    return CR_E_INPUT;
}

vroom_question *vroom_question_free(vroom_question *question)
{
    if (question) {
        cr_problem_free(question->problem);
        for (int32_t m = 0; m < CR_MODES_MAX; m++)
            cr_matrix_free(question->matrix[m]);
        free(question->mode);
        free(question->setup_in_care);
        free(question->breaks);
        free(question);
    }
    return NULL;
}

/* ---- the clock ---- */

/* When the first and the last opens of what has windows; -1: nothing has. */
typedef struct opening {
    int64_t first_s, last_s;
} opening;

static void note_time(opening *o, int64_t time_s)
{
    o->first_s = o->first_s < 0 || time_s < o->first_s ? time_s : o->first_s;
    o->last_s = time_s > o->last_s ? time_s : o->last_s;
}

static void note_windows(opening *o, const json_t *object)
{
    size_t i;
    const json_t *window, *list = json_object_get(object, "time_windows");
    json_array_foreach(list, i, window) note_time(o, (int64_t)json_number_value(json_array_get(window, 0)));
}

static void note_steps(opening *o, const json_t *vehicle)
{
    static const char *const keys[] = {"service_at", "service_after", "service_before"};
    size_t i;
    const json_t *step, *steps = json_object_get(vehicle, "steps");
    json_array_foreach(steps, i, step) for (int32_t k = 0; k < 3; k++)
    {
        const json_t *time = json_object_get(step, keys[k]);
        if (json_is_number(time))
            note_time(o, (int64_t)json_number_value(time));
    }
}

/* All but the vehicles' own windows. */
static opening note_work(const vroom_input *in)
{
    opening o = {-1, -1};
    size_t i;
    const json_t *brk;
    for (int32_t t = 0; t < in->n_tasks; t++)
        note_windows(&o, in->tasks[t].given);
    for (int32_t v = 0; v < in->n_vehicles; v++) {
        const json_t *given = in->vehicles[v].given, *breaks = json_object_get(given, "breaks");
        json_array_foreach(breaks, i, brk) note_windows(&o, brk);
        if (in->chooses_times)
            note_steps(&o, given);
    }
    return o;
}

/* Time stamps are large: tick 0 is the first time that is named. But where the clock does not reach from there to what
 * opens last, vehicles that are there long before (from 0 on, say) do not count: until one closes nobody needs it. */
static cr_status set_base(builder *b)
{
    const vroom_input *in = b->in;
    opening all = note_work(in), needed = all;
    for (int32_t v = 0; v < in->n_vehicles; v++) {
        const vroom_vehicle *vehicle = &in->vehicles[v];
        if (vehicle->close_s < 0)
            continue;
        note_time(&all, vehicle->open_s);
        note_time(&needed, vehicle->close_s);
    }
    b->q->base_s = all.first_s < 0 ? 0 : all.first_s;
    if (in->chooses_times || all.last_s - b->q->base_s <= HORIZON_S)
        return CR_OK;
    b->q->base_s = needed.first_s;
    return all.last_s - needed.first_s <= HORIZON_S
               ? CR_OK
               : fault(b, "the times from %lld to %lld are too far apart: %d seconds are possible",
                       (long long)needed.first_s, (long long)all.last_s, HORIZON_S);
}

/* What a vehicle is there for before the clock begins, and what closes after it has ended, is of no use to anybody. */
static int32_t tick_of(const builder *b, int64_t time_s)
{
    int64_t tick = time_s - b->q->base_s;
    return (int32_t)(tick > HORIZON_S ? HORIZON_S : tick < -b->lead_s ? -b->lead_s : tick);
}

static cr_window window_of(const builder *b, const json_t *window)
{
    return (cr_window){tick_of(b, (int64_t)json_number_value(json_array_get(window, 0))),
                       tick_of(b, (int64_t)json_number_value(json_array_get(window, 1)))};
}

/* ---- load ---- */

/* What a job delivers is on board from the start, what it picks up to the end; a shipment in between. */
static cr_status add_goods(builder *b, const vroom_task *task, cr_range *ret_range)
{
    cr_goods goods[CR_GOODS_MOST];
    bool is_job = task->kind == VROOM_JOB;
    for (int32_t a = 0; a < b->in->n_amounts; a++) {
        int32_t delivery = (int32_t)task->delivery[a], pickup = (int32_t)task->pickup[a];
        goods[a] = (cr_goods){a, is_job ? delivery : 0, is_job ? pickup : pickup - delivery};
    }
    return cr_problem_add_goods(b->q->problem, goods, b->in->n_amounts, ret_range);
}

static cr_status add_rooms(builder *b, const vroom_vehicle *vehicle, cr_range *ret_range)
{
    cr_room rooms[CR_GOODS_MOST];
    int32_t n = vehicle->capacity ? b->in->n_amounts : 0;
    for (int32_t a = 0; a < n; a++)
        rooms[a] = (cr_room){a, (int32_t)vehicle->capacity[a]};
    return cr_problem_add_rooms(b->q->problem, rooms, n, ret_range);
}

/* ---- vehicles ---- */

static cr_status add_skills(builder *b, const json_t *list, cr_range *ret_range)
{
    size_t n = json_array_size(list);
    int32_t n_kept = 0;
    cr_skill *skills = calloc(n + 1, sizeof *skills);
    if (!skills)
        return CR_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        int64_t id = (int64_t)json_number_value(json_array_get(list, i));
        int32_t low = 0, high = b->in->n_skills;
        while (low < high) {
            int32_t middle = low + (high - low) / 2;
            if (b->in->skills[middle] < id)
                low = middle + 1;
            else
                high = middle;
        }
        bool is_needed = low < b->in->n_skills && b->in->skills[low] == id;
        for (int32_t k = 0; k < n_kept; k++)
            is_needed = is_needed && skills[k].skill != low;
        if (is_needed)
            skills[n_kept++] = (cr_skill){low, 1};
    }
    cr_status st = cr_problem_add_skills(b->q->problem, skills, n_kept, ret_range);
    free(skills);
    return st;
}

/* A break of a vehicle, and when it may start there. */
typedef struct timed_break {
    const json_t *given;
    cr_window *windows; /* room for those given, and one */
    int32_t n_windows, length_s;
} timed_break;

static int compare_breaks(const void *a, const void *b)
{
    const timed_break *x = a, *y = b;
    int32_t x_s = x->windows[0].open, y_s = y->windows[0].open;
    if (x_s != y_s)
        return x_s < y_s ? -1 : 1;
    return x->windows < y->windows ? -1 : x->windows > y->windows; /* as listed */
}

/* As far as the break ends with the shift. */
static void add_break_window(timed_break *brk, const cr_shift *shift, cr_window window)
{
    window.open = window.open < shift->begin ? shift->begin : window.open;
    window.close = window.close > shift->end - brk->length_s ? shift->end - brk->length_s : window.close;
    if (window.open <= window.close)
        brk->windows[brk->n_windows++] = window;
}

static cr_status time_break(builder *b, const vroom_vehicle *v, const cr_shift *shift, const json_t *given,
                            timed_break *brk)
{
    size_t i;
    const json_t *window, *list = b->in->chooses_times ? NULL : json_object_get(given, "time_windows");
    brk->given = given;
    brk->n_windows = 0;
    brk->length_s = (int32_t)json_number_value(json_object_get(given, "service"));
    json_array_foreach(list, i, window) add_break_window(brk, shift, window_of(b, window));
    if (json_array_size(list) == 0)
        add_break_window(brk, shift, (cr_window){shift->begin, shift->end});
    return brk->n_windows > 0 ? CR_OK
                              : fault(b, "vehicle %lld: a break does not fit its time_window", (long long)v->id);
}

/* While it is taken no more than max_load is on board. */
static cr_status limit_load(builder *b, const timed_break *brk)
{
    size_t a;
    const json_t *most, *list = json_object_get(brk->given, "max_load");
    cr_problem *p = b->q->problem;
    cr_room rooms[CR_GOODS_MOST];
    json_array_foreach(list, a, most) rooms[a] = (cr_room){(int32_t)a, (int32_t)json_number_value(most)};
    return cr_problem_add_rooms(p, rooms, (int32_t)json_array_size(list), &p->breaks[p->n_breaks - 1].rooms);
}

static cr_status add_break(builder *b, const timed_break *brk)
{
    b->q->breaks[b->q->problem->n_breaks] = brk->given;
    cr_status st = cr_problem_add_break(b->q->problem, 0, 0, brk->length_s, false);
    if (!st)
        st = cr_problem_add_break_windows(b->q->problem, brk->windows, brk->n_windows);
    return st || b->in->chooses_times ? st : limit_load(b, brk);
}

static cr_status add_breaks(builder *b, const vroom_vehicle *v, const cr_shift *shift)
{
    timed_break breaks[VROOM_BREAKS_MOST];
    size_t i, n_windows = 0;
    const json_t *brk, *list = json_object_get(v->given, "breaks");
    json_array_foreach(list, i, brk) n_windows += json_array_size(json_object_get(brk, "time_windows")) + 1;
    cr_window *windows = calloc(n_windows + 1, sizeof *windows);
    cr_status st = windows ? CR_OK : CR_E_NOMEM;
    n_windows = 0;
    json_array_foreach(list, i, brk)
    {
        breaks[i].windows = windows + n_windows;
        n_windows += json_array_size(json_object_get(brk, "time_windows")) + 1;
        st = st ? st : time_break(b, v, shift, brk, &breaks[i]);
    }
    if (!st)
        qsort(breaks, json_array_size(list), sizeof *breaks, compare_breaks);
    for (i = 0; !st && i < json_array_size(list); i++)
        st = add_break(b, &breaks[i]);
    free(windows);
    return st;
}

/* A limit that nothing can reach is none. */
static int32_t most_of(int64_t limit, int32_t reachable)
{
    return limit > reachable ? CR_NONE : (int32_t)limit;
}

static cr_status add_vehicle(builder *b, int32_t v)
{
    const vroom_vehicle *vehicle = &b->in->vehicles[v];
    cr_carer carer = CR_CARER_INIT;
    cr_shift shift = CR_SHIFT_INIT;
    carer.grade = vehicle->type;
    carer.care_price = vehicle->per_task_hour * b->q->cost_scale / 3600;
    shift.carer = v;
    shift.mode = b->q->mode[v];
    shift.start_place = vehicle->start;
    shift.end_place = vehicle->end;
    bool is_open = vehicle->close_s < 0 || b->in->chooses_times;
    shift.begin = is_open ? -b->lead_s : tick_of(b, vehicle->open_s);
    shift.end = is_open ? HORIZON_S : tick_of(b, vehicle->close_s);
    shift.max_load = vehicle->max_tasks;
    if (!b->in->chooses_times) {
        shift.max_travel = most_of(vehicle->max_travel_s, HORIZON_S);
        shift.max_dist_m = most_of(vehicle->max_distance_m, INT32_MAX - 1);
    }
    shift.use_price = vehicle->fixed * b->q->cost_scale;
    cr_status st = add_skills(b, json_object_get(vehicle->given, "skills"), &carer.skills);
    if (!st)
        st = add_rooms(b, vehicle, &shift.rooms);
    if (!st)
        st = cr_problem_add_carer(b->q->problem, &carer);
    if (!st)
        st = cr_problem_add_shift(b->q->problem, &shift);
    return st ? st : add_breaks(b, vehicle, &shift);
}

/* ---- tasks ---- */

static int32_t time_of_type(const vroom_task *task, const char *key, const char *type, int32_t otherwise_s)
{
    const json_t *of_type = json_object_get(json_object_get(task->given, key), type);
    return of_type ? (int32_t)json_number_value(of_type) : otherwise_s;
}

int32_t vroom_setup_s(const vroom_input *in, const vroom_task *task, const vroom_vehicle *vehicle)
{
    return vehicle->type == CR_NONE ? task->setup_s
                                    : time_of_type(task, "setup_per_type", in->types[vehicle->type], task->setup_s);
}

/* How long vehicles of each type take, where that is not as usual. */
static cr_status add_durations(builder *b, const vroom_task *task, bool with_setup, cr_range *ret_range)
{
    cr_grade_duration durations[CR_GRADES_MOST];
    int32_t n = 0, usual_s = task->service_s + (with_setup ? task->setup_s : 0);
    for (int32_t type = 0; type < b->in->n_types; type++) {
        int32_t duration_s = time_of_type(task, "service_per_type", b->in->types[type], task->service_s);
        if (with_setup)
            duration_s += time_of_type(task, "setup_per_type", b->in->types[type], task->setup_s);
        if (duration_s != usual_s)
            durations[n++] = (cr_grade_duration){type, duration_s};
    }
    return cr_problem_add_durations(b->q->problem, durations, n, ret_range);
}

static bool has_setup_by_type(const vroom_task *task)
{
    return json_object_size(json_object_get(task->given, "setup_per_type")) > 0;
}

/* The start of VROOM is before the setup, ours after it. So where the setup is door time, the windows are cut to hold
 * whether it is needed or not. */
static cr_status add_windows(builder *b, const vroom_task *task, int32_t door_s)
{
    size_t i, n = 0;
    const json_t *list = json_object_get(task->given, "time_windows"), *window;
    cr_status st = CR_OK;
    json_array_foreach(list, i, window)
    {
        cr_window open = window_of(b, window);
        if (st || b->in->chooses_times || open.open + door_s > open.close)
            continue;
        st = cr_problem_add_window(b->q->problem, open.open + door_s, open.close);
        n++;
    }
    if (!st && n == 0 && json_array_size(list) > 0 && !b->in->chooses_times)
        return fault(b, "%s %lld: its setup is longer than its time_windows, and it may not be needed there",
                     vroom_kind_name(task->kind), (long long)task->id);
    return st || n > 0 ? st : cr_problem_add_window(b->q->problem, -b->lead_s, HORIZON_S);
}

static cr_status add_task(builder *b, int32_t t)
{
    const vroom_task *task = &b->in->tasks[t];
    bool with_setup = task->place == CR_NONE || !b->shared[task->place];
    cr_visit visit = CR_VISIT_INIT;
    cr_slot slot = CR_SLOT_INIT;
    b->q->setup_in_care[t] = with_setup;
    if (!with_setup && has_setup_by_type(task))
        return fault(b, "%s %lld: setup_per_type cannot be kept where other tasks or a start are at the same place",
                     vroom_kind_name(task->kind), (long long)task->id);
    if (!with_setup && task->setup_s > 0 && b->dearest_care > 0 && !b->in->chooses_times)
        return fault(
            b, "%s %lld: its setup cannot be priced by per_task_hour where other tasks or a start are at its place",
            vroom_kind_name(task->kind), (long long)task->id);
    visit.client = t;
    visit.place = task->place;
    visit.door = with_setup ? 0 : task->setup_s;
    visit.load = 1; /* for max_tasks */
    visit.unallocated_price = b->unserved_price + task->priority / b->priority_step * b->priority_price;
    slot.duration = task->service_s + (with_setup ? task->setup_s : 0);
    cr_status st = add_goods(b, task, &visit.goods);
    if (!st)
        st = cr_problem_add_visit(b->q->problem, &visit);
    if (!st)
        st = add_windows(b, task, visit.door);
    if (!st)
        st = add_skills(b, task->skills, &slot.skills);
    if (!st)
        st = add_durations(b, task, with_setup, &slot.by_grade);
    return st ? st : cr_problem_add_slot(b->q->problem, &slot);
}

/* A shipment: both ends by the same vehicle, the pickup first, both or neither. As short as the pickup takes for any
 * vehicle, since the round itself keeps the rest; but a second at least, which says which comes first. */
static cr_status add_shipment(builder *b, int32_t pickup)
{
    cr_gap gap = CR_GAP_INIT;
    const cr_slot *slot = &b->q->problem->slots[pickup];
    gap.first = pickup;
    gap.second = pickup + 1;
    gap.from = CR_GAP_START_TO_START;
    gap.min = slot->duration;
    for (int32_t i = 0; i < slot->by_grade.n; i++) {
        int32_t duration = b->q->problem->durations[slot->by_grade.first + i].duration;
        gap.min = duration < gap.min ? duration : gap.min;
    }
    gap.min = gap.min < 1 ? 1 : gap.min;
    gap.carers = CR_GAP_SAME;
    gap.both = true;
    return cr_problem_add_gap(b->q->problem, &gap);
}

/* ---- the whole ---- */

/* Setup and service, for whichever vehicle it takes longest. */
static int32_t longest_care_s(const vroom_input *in, const vroom_task *task)
{
    int32_t longest_s = task->setup_s + task->service_s;
    for (int32_t type = 0; type < in->n_types; type++) {
        int32_t care_s = time_of_type(task, "service_per_type", in->types[type], task->service_s) +
                         time_of_type(task, "setup_per_type", in->types[type], task->setup_s);
        longest_s = care_s > longest_s ? care_s : longest_s;
    }
    return longest_s;
}

/* All breaks of the vehicle that takes longest for them. */
static double longest_breaks_s(const vroom_input *in)
{
    size_t i;
    const json_t *brk;
    double longest_s = 0;
    for (int32_t v = 0; v < in->n_vehicles; v++) {
        double sum_s = 0;
        const json_t *breaks = json_object_get(in->vehicles[v].given, "breaks");
        json_array_foreach(breaks, i, brk) sum_s += json_number_value(json_object_get(brk, "service"));
        longest_s = fmax(longest_s, sum_s);
    }
    return longest_s;
}

/* Long enough before the first time that is named to do everything there is, but not before the clock begins. */
static int32_t lead_before_s(const builder *b)
{
    const vroom_input *in = b->in;
    double lead_s = longest_breaks_s(in), longest_s = 0;
    for (int32_t m = 0; m < b->q->n_modes; m++)
        for (int32_t from = 0; from < in->n_places; from++)
            for (int32_t to = 0; to < in->n_places; to++) {
                int32_t way_s = cr_matrix_time(b->q->matrix[m], from, to);
                longest_s = way_s < CR_NO_WAY ? fmax(longest_s, way_s) : longest_s;
            }
    for (int32_t t = 0; t < in->n_tasks; t++)
        lead_s += longest_care_s(in, &in->tasks[t]) + longest_s;
    return (int32_t)fmin(fmin(lead_s + longest_s, HORIZON_S), (double)b->q->base_s);
}

static int32_t common_divisor(int32_t a, int32_t b)
{
    return b == 0 ? a : common_divisor(b, a % b);
}

/* More than all ways, vehicles and care of any plan cost. */
static double more_than_any_cost(const builder *b, int64_t dearest)
{
    double all = ((double)b->in->n_tasks + b->in->n_vehicles) * (double)dearest + 1;
    for (int32_t v = 0; v < b->in->n_vehicles; v++)
        all += (double)b->in->vehicles[v].fixed * (double)b->q->cost_scale;
    for (int32_t t = 0; t < b->in->n_tasks; t++)
        all += (double)b->dearest_care * longest_care_s(b->in, &b->in->tasks[t]);
    return all;
}

/* VROOM's order: the sum of priorities, then how many, then the cost. A task outweighs all costs, a step of priority
 * all tasks; where that is more than can be counted, as many tasks as can. */
static cr_status set_prices(builder *b, int64_t dearest)
{
    const int32_t n = b->in->n_tasks;
    const double all = more_than_any_cost(b, dearest);
    double outweighs = (double)n + 1, sum = 0;
    int32_t step = 0, highest = 0;
    for (int32_t t = 0; t < n; t++) {
        int32_t priority = b->in->tasks[t].priority;
        step = common_divisor(step, priority);
        highest = priority > highest ? priority : highest;
        sum += priority;
    }
    if (step > 0)
        outweighs =
            fmin(outweighs, floor(fmin((PRICE_MOST / all - 1) * step / highest, (SUM_MOST / all - n) * step / sum)));
    if (all > PRICE_MOST || n * all > SUM_MOST || outweighs < fmin((double)n + 1, OUTWEIGHS))
        return fault(b,
                     "the costs of ways and tasks are too high to be counted beside priorities and numbers of tasks");
    b->unserved_price = (int64_t)all;
    b->priority_price = (int64_t)outweighs * (int64_t)all;
    b->priority_step = step > 0 ? step : 1;
    return CR_OK;
}

static void note_shared(builder *b)
{
    const vroom_input *in = b->in;
    bool *seen = b->shared + in->n_places;
    for (int32_t v = 0; v < in->n_vehicles; v++)
        if (in->vehicles[v].start != CR_NONE)
            b->shared[in->vehicles[v].start] = true;
    for (int32_t t = 0; t < in->n_tasks; t++) {
        b->shared[in->tasks[t].place] = b->shared[in->tasks[t].place] || seen[in->tasks[t].place];
        seen[in->tasks[t].place] = true;
    }
}

/* Of given routes only who, what and where is asked: times, gaps and limits are judged as the answer is written. */
static cr_status build(builder *b)
{
    const vroom_input *in = b->in;
    int64_t dearest = 0;
    cr_status st = set_base(b);
    if (!st)
        st = vroom_add_modes(in, b->q, &dearest, b->message);
    if (st)
        return st;
    b->lead_s = lead_before_s(b);
    for (int32_t v = 0; v < in->n_vehicles; v++) {
        int64_t price = in->vehicles[v].per_task_hour * b->q->cost_scale / 3600;
        b->dearest_care = price > b->dearest_care ? price : b->dearest_care;
    }
    if ((st = set_prices(b, dearest)))
        return st;
    note_shared(b);
    b->q->problem->n_clients = in->n_tasks;
    for (int32_t v = 0; !st && v < in->n_vehicles; v++)
        st = add_vehicle(b, v);
    for (int32_t t = 0; !st && t < in->n_tasks; t++)
        st = add_task(b, t);
    for (int32_t t = in->n_jobs; !st && t < in->n_tasks && !in->chooses_times; t += 2)
        st = add_shipment(b, t);
    return st ? st : cr_problem_validate(b->q->problem, b->message->text, sizeof b->message->text);
}

cr_status vroom_build(const vroom_input *in, vroom_question **ret_question, vroom_message *message)
{
    cr_auto(vroom_question) q = calloc(1, sizeof *q);
    if (!q)
        return CR_E_NOMEM;
    cr_status st = cr_problem_new(&q->problem);
    q->mode = calloc((size_t)in->n_vehicles + 1, sizeof *q->mode);
    q->setup_in_care = calloc((size_t)in->n_tasks + 1, sizeof *q->setup_in_care);
    q->breaks = calloc((size_t)in->n_vehicles * VROOM_BREAKS_MOST + 1, sizeof *q->breaks);
    builder b = {.in = in, .q = q, .message = message, .shared = calloc(2 * (size_t)in->n_places + 1, sizeof(bool))};
    if (!st)
        st = q->mode && q->setup_in_care && q->breaks && b.shared ? build(&b) : CR_E_NOMEM;
    free(b.shared);
    if (!st)
        *ret_question = vroom_question_take(&q);
    return st;
}
