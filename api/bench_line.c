/* The line that `careround bench` prints for an instance: one JSON object, the contract of docs/benchmarks.md. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Doubles keep what a reader can check and no binary noise: 15.2, not 15.199999999999999. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15))

static char *dump(json_t *line)
{
    char *text = line ? json_dumps(line, DUMP_FLAGS) : NULL;
    json_decref(line);
    return text;
}

/* Files from outside, and their names, may be no UTF-8: then only what is ASCII is kept. */
static char *ascii_of(const char *text)
{
    char *ascii = strdup(text);
    for (char *c = ascii; c && *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    return ascii;
}

static json_t *text_json(const char *text)
{
    json_t *json = json_string(text);
    if (json)
        return json;
    char *ascii = ascii_of(text);
    json = ascii ? json_string(ascii) : NULL;
    free(ascii);
    return json;
}

char *bench_error_line(const char *instance_name, const char *error)
{
    return dump(json_pack("{s:o, s:o}", "instance", text_json(instance_name), "error", text_json(error)));
}

double *bench_starts(const bench_format *format, const bench_instance *instance, const cr_plan *plan)
{
    double *start = malloc(((size_t)plan->n_stops + 1) * sizeof *start);
    if (!start)
        return NULL;
    for (int32_t k = 0; k < plan->n_stops; k++)
        start[k] = (double)plan->stops[k].start / instance->problem->ticks_per_unit;
    if (format->settle_starts)
        format->settle_starts(instance, plan, start);
    return start;
}

/* Ticks that are the set's unit are whole numbers, and are printed so. */
static json_t *time_json(const bench_instance *instance, double time)
{
    return instance->problem->ticks_per_unit == 1 ? json_integer((json_int_t)time) : json_real(time);
}

/* The item; NULL, and the item gone, if the set's own names found no memory. */
static json_t *named(json_t *item, int failed)
{
    if (item && failed) {
        json_decref(item);
        return NULL;
    }
    return item;
}

static json_t *break_json(const bench_format *format, const bench_instance *instance, const cr_round *round,
                          const cr_stop *stop, int32_t slot_before)
{
    int32_t length = instance->problem->breaks[stop->brk].length;
    json_t *item = json_pack("{s:n, s:b, s:o, s:o}", "node", "break", 1, "start", time_json(instance, stop->start),
                             "end", time_json(instance, stop->start + length));
    return named(item, item && format->name_break && format->name_break(instance, round->shift, slot_before, item));
}

static json_t *visit_json(const bench_format *format, const bench_instance *instance, const cr_stop *stop, double start)
{
    int32_t service = instance->service ? instance->service[stop->slot] : 0;
    json_int_t node = bench_slot_node(instance, stop->slot);
    json_t *item = json_pack("{s:I, s:o, s:o}", "node", node, "service", service ? json_integer(service) : json_null(),
                             "start", time_json(instance, start));
    return named(item, item && format->name_stop && format->name_stop(instance, stop->slot, item));
}

static json_t *stops_json(const bench_format *format, const bench_instance *instance, const bench_result *result,
                          const cr_round *round)
{
    json_t *items = json_array();
    int32_t slot_before = CR_NONE;
    for (int32_t k = round->stops.first; items && k < round->stops.first + round->stops.n; k++) {
        const cr_stop *stop = &result->plan->stops[k];
        json_t *item = stop->slot == CR_NONE ? break_json(format, instance, round, stop, slot_before)
                                             : visit_json(format, instance, stop, result->start[k]);
        slot_before = stop->slot == CR_NONE ? slot_before : stop->slot;
        if (json_array_append_new(items, item)) {
            json_decref(items);
            return NULL;
        }
    }
    return items;
}

static json_t *route_json(const bench_format *format, const bench_instance *instance, const bench_result *result,
                          const cr_round *round)
{
    json_t *route = json_pack("{s:i}", "vehicle", (int)round->shift);
    return named(route, route && ((format->name_route && format->name_route(instance, round, route)) ||
                                  json_object_set_new(route, "stops", stops_json(format, instance, result, round))));
}

static json_t *routes_json(const bench_format *format, const bench_instance *instance, const bench_result *result)
{
    json_t *routes = json_array();
    for (int32_t r = 0; routes && r < result->plan->n_rounds; r++)
        if (json_array_append_new(routes, route_json(format, instance, result, &result->plan->rounds[r]))) {
            json_decref(routes);
            return NULL;
        }
    return routes;
}

/* The node once for each carer missing. */
static json_t *unserved_json(const bench_instance *instance, const cr_plan *plan)
{
    json_t *unserved = json_array();
    for (int32_t u = 0; unserved && u < plan->n_unallocated; u++) {
        cr_range slots = instance->problem->visits[plan->unallocated[u]].slots;
        for (int32_t k = slots.first; k < slots.first + slots.n; k++)
            if (json_array_append_new(unserved, json_integer(bench_slot_node(instance, k)))) {
                json_decref(unserved);
                return NULL;
            }
    }
    return unserved;
}

static json_t *objective_json(const bench_instance *instance, double objective)
{
    bool whole = instance->problem->ticks_per_unit == 1 && fabs(objective) < 1e15 && objective == floor(objective);
    return whole ? json_integer((json_int_t)objective) : json_real(objective);
}

void bench_trace_add(bench_trace *trace, double seconds, int64_t cost)
{
    if (trace->n == trace->room) {
        size_t room = 2 * trace->room + 64;
        bench_trace_point *points = realloc(trace->points, room * sizeof *points);
        if (!points) {
            trace->out_of_memory = true;
            return;
        }
        trace->points = points;
        trace->room = room;
    }
    trace->points[trace->n++] = (bench_trace_point){seconds, cost};
}

void bench_trace_done(bench_trace *trace)
{
    free(trace->points);
    *trace = (bench_trace){0};
}

/* Pairs of seconds and cost, the cost as a multiple of the last best plan's: the sets sum in units of their own. */
static json_t *trace_json(const bench_trace *trace)
{
    json_t *pairs = json_array();
    int64_t last = trace->n ? trace->points[trace->n - 1].cost : 0;
    for (size_t i = 0; pairs && i < trace->n; i++) {
        double ratio = last ? (double)trace->points[i].cost / (double)last : 1;
        if (json_array_append_new(pairs, json_pack("[f, f]", trace->points[i].seconds, ratio))) {
            json_decref(pairs);
            return NULL;
        }
    }
    return pairs;
}

static int add_trace(json_t *line, const bench_trace *trace)
{
    return trace->out_of_memory || json_object_set_new(line, "trace", trace_json(trace)) ? -1 : 0;
}

char *bench_line(const bench_format *format, const bench_instance *instance, const bench_result *result)
{
    json_t *first = result->first_feasible_s < 0 ? json_null() : json_real(result->first_feasible_s);
    json_t *line = json_pack("{s:o, s:s, s:o, s:o, s:b, s:o, s:f, s:o, s:f, s:I, s:i, s:o}",       //
                             "instance", text_json(result->instance_name), "format", format->name, //
                             "objective", objective_json(instance, result->objective),             //
                             "bound", result->bound > 0 ? objective_json(instance, result->bound) : json_null(),
                             "feasible", (int)result->feasible,                            //
                             "unserved", unserved_json(instance, result->plan),            //
                             "seconds", result->seconds, "first_feasible_s", first,        //
                             "iterations_per_s", result->iterations_per_s,                 //
                             "seed", (json_int_t)result->seed, "threads", result->threads, //
                             "routes", routes_json(format, instance, result));
    if (line && ((format->name_line && format->name_line(instance, result->plan, line)) ||
                 (result->trace && add_trace(line, result->trace)))) {
        json_decref(line);
        return NULL;
    }
    return dump(line);
}
