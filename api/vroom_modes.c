/* Ways and what they cost: each mode of the problem is a profile at a speed and a price.
 *
 * What VROOM's ways cost is one number each, which stands where the problem has metres, at a price of 1. But where a
 * vehicle may go only so far (max_distance), metres are metres, and time and metres have their prices; then all
 * vehicles must pay the same for an hour, since the problem has one price of travel.
 */
#include "vroom.h"

#include <math.h>
#include <stdio.h>

#define COST_FINE 100 /* of a cost that is not a whole number of VROOM's */

static cr_status fault(vroom_message *message, const vroom_vehicle *v, const char *text)
{
    snprintf(message->text, sizeof message->text, "vehicle %lld: %s", (long long)v->id, text);
    return CR_E_INPUT;
}

static bool same_mode(const vroom_vehicle *a, const vroom_vehicle *b)
{
    return a->profile == b->profile && a->speed_hundredths == b->speed_hundredths && a->per_hour == b->per_hour &&
           a->per_km == b->per_km;
}

/* Seconds at the vehicle's speed, rounded up; what takes longer than the clock reaches is no way. */
static int32_t duration_at(const vroom_vehicle *v, int32_t seconds)
{
    int64_t at_speed_s = ((int64_t)seconds * 100 + v->speed_hundredths - 1) / v->speed_hundredths;
    return seconds >= CR_NO_WAY || at_speed_s >= CR_NO_WAY ? CR_NO_WAY : (int32_t)at_speed_s;
}

/* What a way costs, in the problem's units; below 0: too much for a cell. */
static int64_t cost_of(const vroom_question *q, const vroom_table *table, const vroom_vehicle *v, size_t cell,
                       int32_t duration_s)
{
    double cost;
    if (table->cost)
        cost = (double)table->cost[cell] * (double)q->cost_scale;
    else if (v->per_km == 0 && v->per_hour == 3600)
        cost = (double)duration_s * (double)q->cost_scale;
    else
        cost = ((double)v->per_hour * duration_s / 3600 +
                (table->distance_m ? (double)v->per_km * table->distance_m[cell] / 1000 : 0)) *
               (double)q->cost_scale;
    return cost < CR_NO_WAY ? llround(cost) : -1;
}

/* What stands for the metres of a way; below 0: too much. */
static int64_t metres_of(const vroom_question *q, const vroom_table *table, const vroom_vehicle *v, size_t cell,
                         int32_t duration_s)
{
    return q->counts_metres ? table->distance_m[cell] : cost_of(q, table, v, cell, duration_s);
}

int64_t vroom_cost_of_way(const cr_problem *p, int32_t mode, int32_t from, int32_t to)
{
    return p->prices.travel * cr_matrix_time(p->matrix[mode], from, to) +
           p->prices.distance[mode] * cr_matrix_dist_m(p->matrix[mode], from, to);
}

static cr_status fill_mode(const vroom_input *in, const vroom_vehicle *v, vroom_question *q, int64_t *dearest,
                           vroom_message *message)
{
    const vroom_table *table = &in->tables[v->profile];
    int32_t n = in->n_places;
    for (int32_t from = 0; from < n; from++)
        for (int32_t to = 0; to < n; to++) {
            size_t cell = (size_t)from * (size_t)n + (size_t)to;
            int32_t duration_s = duration_at(v, table->duration_s[cell]);
            if (duration_s >= CR_NO_WAY)
                continue;
            int64_t metres = metres_of(q, table, v, cell, duration_s);
            if (metres < 0)
                return fault(message, v, "a way costs more than can be counted");
            cr_matrix_set(q->matrix[q->n_modes], from, to, duration_s, (int32_t)metres);
            int64_t cost = vroom_cost_of_way(q->problem, q->n_modes, from, to);
            *dearest = cost > *dearest ? cost : *dearest;
        }
    return CR_OK;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    return b == 0 ? a : common_divisor(b, a % b);
}

/* The least scale at which so much for each of `parts` is a whole number for each one, and at which the scale so far
 * is. */
static int64_t scale_for(int64_t scale, int64_t price, int64_t parts)
{
    int64_t asked = parts / common_divisor(parts, price);
    return scale / common_divisor(scale, asked) * asked;
}

/* Is there a vehicle with a most distance, and may metres then be metres? */
static cr_status choose_scale(const vroom_input *in, vroom_question *q, vroom_message *message)
{
    q->cost_scale = 1;
    for (int32_t v = 0; v < in->n_vehicles; v++) {
        const vroom_vehicle *vehicle = &in->vehicles[v];
        q->counts_metres = q->counts_metres || (vehicle->max_distance_m != CR_NONE && !in->chooses_times);
        if (vehicle->per_km != 0 || vehicle->per_hour != 3600 || vehicle->per_task_hour != 0)
            q->cost_scale = COST_FINE;
    }
    if (q->counts_metres)
        q->cost_scale = scale_for(1, in->vehicles[0].per_hour, 3600);
    for (int32_t v = 0; v < in->n_vehicles; v++)
        q->cost_scale = scale_for(q->cost_scale, in->vehicles[v].per_task_hour, 3600);
    if (!q->counts_metres)
        return CR_OK;
    for (int32_t v = 0; v < in->n_vehicles; v++) {
        const vroom_vehicle *vehicle = &in->vehicles[v];
        const vroom_table *table = &in->tables[vehicle->profile];
        if (!table->distance_m)
            return fault(message, vehicle, "max_distance needs distances beside durations in the matrices");
        if (table->cost)
            return fault(message, vehicle, "max_distance cannot be kept beside a matrix of costs");
        if (vehicle->per_hour != in->vehicles[0].per_hour)
            return fault(message, vehicle, "max_distance cannot be kept where vehicles differ in per_hour");
        q->cost_scale = scale_for(q->cost_scale, vehicle->per_km, 1000);
    }
    q->problem->prices.travel = in->vehicles[0].per_hour * q->cost_scale / 3600;
    return CR_OK;
}

cr_status vroom_add_modes(const vroom_input *in, vroom_question *q, int64_t *dearest, vroom_message *message)
{
    cr_status st = choose_scale(in, q, message);
    for (int32_t v = 0; !st && v < in->n_vehicles; v++) {
        const vroom_vehicle *vehicle = &in->vehicles[v];
        int32_t other = 0;
        while (other < v && !same_mode(&in->vehicles[other], vehicle))
            other++;
        q->mode[v] = other < v ? q->mode[other] : q->n_modes;
        if (other < v)
            continue;
        if (q->n_modes == CR_MODES_MAX) {
            snprintf(message->text, sizeof message->text,
                     "the vehicles have more than %d kinds of profile, speed and costs", CR_MODES_MAX);
            return CR_E_INPUT;
        }
        st = cr_matrix_new(in->n_places, &q->matrix[q->n_modes]);
        if (st)
            return st;
        q->problem->matrix[q->n_modes] = q->matrix[q->n_modes];
        q->problem->prices.distance[q->n_modes] = q->counts_metres ? vehicle->per_km * q->cost_scale / 1000 : 1;
        st = fill_mode(in, vehicle, q, dearest, message);
        q->n_modes++;
    }
    q->problem->n_modes = q->n_modes;
    q->problem->n_places = in->n_places;
    return st;
}
