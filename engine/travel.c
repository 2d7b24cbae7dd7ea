/* Travel by time of day: see travel.h.
 *
 * A way takes what the table of the period says; at a border what is left of it is turned into the next period's,
 * rounded up (Ichoua, Gendreau, Potvin 2003, "Vehicle dispatching with time-dependent travel times", European Journal
 * of Operational Research 144).
 */
#include "travel.h"

/* The period that holds at this time. */
static int32_t period_at(const travel_day *day, int32_t at)
{
    int32_t low = 0, high = day->n_periods - 1;
    while (low < high) {
        int32_t mid = (low + high + 1) / 2;
        if (day->periods[mid].begin <= at)
            low = mid;
        else
            high = mid - 1;
    }
    return low;
}

int32_t travel_table(const travel_day *day, int32_t at)
{
    return day->periods[period_at(day, at)].table;
}

static int32_t arrive_from(const travel_day *day, const int32_t *time, int32_t depart, int32_t i)
{
    int64_t now = depart, left = time[day->periods[i].table];
    for (; i + 1 < day->n_periods && now + left > day->periods[i + 1].begin; i++) {
        int64_t whole = time[day->periods[i].table], rest = left - (day->periods[i + 1].begin - now);
        left = (rest * time[day->periods[i + 1].table] + whole - 1) / whole;
        now = day->periods[i + 1].begin;
    }
    return (int32_t)(now + left);
}

int32_t travel_arrive(const travel_day *day, const int32_t *time, int32_t depart)
{
    return time[0] >= CR_NO_WAY ? depart + CR_NO_WAY : arrive_from(day, time, depart, period_at(day, depart));
}

/* Nobody who leaves at `low` is late, and everybody who leaves after `high` is. */
static int32_t search_leave(const travel_day *day, const int32_t *time, int32_t arrive)
{
    int32_t least = time[0], most = time[0];
    for (int32_t t = 1; t < day->n_tables; t++) {
        least = time[t] < least ? time[t] : least;
        most = time[t] > most ? time[t] : most;
    }
    int32_t low = arrive - most, high = arrive - least;
    while (travel_arrive(day, time, low) > arrive) /* rounding up at several borders adds up */
        low--;
    while (low < high) {
        int32_t mid = low + (high - low + 1) / 2;
        if (travel_arrive(day, time, mid) <= arrive)
            low = mid;
        else
            high = mid - 1;
    }
    return low;
}

int32_t travel_leave(const travel_day *day, const int32_t *time, int32_t arrive)
{
    if (time[0] >= CR_NO_WAY)
        return arrive - CR_NO_WAY;
    int32_t i = period_at(day, arrive), depart = arrive - time[day->periods[i].table];
    return i == 0 || depart >= day->periods[i].begin ? depart : search_leave(day, time, arrive);
}

/* ---- when it takes no longer ---- */

/* Do those who leave in this period arrive by the end of the next? Then the time that they take only rises, or only
 * falls, towards the border. */
static bool is_plain(const travel_day *day, const int32_t *time, int32_t i)
{
    return i + 2 >= day->n_periods ||
           day->periods[i + 1].begin + (int64_t)time[day->periods[i + 1].table] <= day->periods[i + 2].begin;
}

static int32_t takes(const travel_day *day, const int32_t *time, int32_t depart)
{
    return travel_arrive(day, time, depart) - depart;
}

/* Between two times of which the first is quick enough and the other is not, and in between it changes once. */
static int32_t last_quick(const travel_day *day, const int32_t *time, int32_t quick, int32_t slow, int32_t most)
{
    while (quick - slow > 1 || slow - quick > 1) {
        int32_t mid = quick + (slow - quick) / 2;
        if (takes(day, time, mid) <= most)
            quick = mid;
        else
            slow = mid;
    }
    return quick;
}

static int32_t last_no_slower(const travel_day *day, const int32_t *time, int32_t at, int32_t i, int32_t most)
{
    for (; i + 1 < day->n_periods; i++) {
        int32_t next = day->periods[i + 1].begin;
        if (!is_plain(day, time, i)) {
            int64_t flat = (int64_t)next - (time[day->periods[i].table] > 0 ? time[day->periods[i].table] : 1);
            return flat > at ? (int32_t)flat : at;
        }
        if (time[day->periods[i + 1].table] > most)
            return last_quick(day, time, at, next, most);
        at = next;
    }
    return INT32_MAX / 2;
}

static int32_t first_no_slower(const travel_day *day, const int32_t *time, int32_t at, int32_t i, int32_t most)
{
    if (!is_plain(day, time, i) && at + (int64_t)time[day->periods[i].table] > day->periods[i + 1].begin)
        return at;
    for (;; i--) {
        int32_t begin = day->periods[i].begin;
        int64_t flat = i + 1 < day->n_periods ? (int64_t)day->periods[i + 1].begin - time[day->periods[i].table] : at;
        if (time[day->periods[i].table] > most) /* quick enough only near the border */
            return flat < at ? last_quick(day, time, at, (int32_t)(flat > begin || i == 0 ? flat : begin), most) : at;
        if (i == 0)
            return -(INT32_MAX / 2);
        at = begin;
        if (!is_plain(day, time, i - 1))
            return at;
    }
}

void travel_no_slower(const travel_day *day, const int32_t *time, int32_t at, int32_t *ret_first, int32_t *ret_last)
{
    int32_t i = period_at(day, at), most = takes(day, time, at);
    *ret_first = first_no_slower(day, time, at, i, most);
    *ret_last = last_no_slower(day, time, at, i, most);
}

/* ---- of a problem ---- */

void travel_times(const cr_problem *p, int32_t mode, int32_t from, int32_t to, int32_t *ret_time)
{
    bool is_open = from == CR_NONE || to == CR_NONE, no_way = false;
    for (int32_t t = 0; t < CR_TABLES_MAX; t++) {
        bool has_own = t > 0 && p->n_periods > 0 && p->tables[mode][t]; /* without periods nobody goes by the others */
        const cr_matrix *matrix = has_own ? p->tables[mode][t] : p->matrix[mode];
        ret_time[t] = is_open ? 0 : t > 0 && matrix == p->matrix[mode] ? ret_time[0] : cr_matrix_time(matrix, from, to);
        no_way = no_way || ret_time[t] >= CR_NO_WAY;
    }
    for (int32_t t = 0; no_way && t < CR_TABLES_MAX; t++)
        ret_time[t] = CR_NO_WAY;
}

int32_t cr_problem_travel(const cr_problem *p, int32_t mode, int32_t from, int32_t to, int32_t depart)
{
    if (p->n_periods == 0 || from == CR_NONE || to == CR_NONE)
        return from == CR_NONE || to == CR_NONE ? 0 : cr_matrix_time(p->matrix[mode], from, to);
    int32_t time[CR_TABLES_MAX];
    travel_day day = travel_day_of(p);
    travel_times(p, mode, from, to, time);
    return travel_arrive(&day, time, depart) - depart;
}

int32_t cr_problem_leave_by(const cr_problem *p, int32_t mode, int32_t from, int32_t to, int32_t arrive)
{
    if (p->n_periods == 0 || from == CR_NONE || to == CR_NONE)
        return arrive - cr_problem_travel(p, mode, from, to, arrive);
    int32_t time[CR_TABLES_MAX];
    travel_day day = travel_day_of(p);
    travel_times(p, mode, from, to, time);
    return travel_leave(&day, time, arrive);
}

int32_t cr_problem_metres(const cr_problem *p, int32_t mode, int32_t from, int32_t to, int32_t depart)
{
    if (from == CR_NONE || to == CR_NONE)
        return 0;
    travel_day day = travel_day_of(p);
    int32_t t = p->n_periods > 0 ? travel_table(&day, depart) : 0;
    return cr_matrix_dist_m(t > 0 && p->tables[mode][t] ? p->tables[mode][t] : p->matrix[mode], from, to);
}

int32_t cr_problem_fastest(const cr_problem *p, int32_t mode, int32_t from, int32_t to)
{
    int32_t time[CR_TABLES_MAX], n = p->n_periods > 0 ? CR_TABLES_MAX : 1;
    travel_times(p, mode, from, to, time);
    int32_t least = time[0];
    for (int32_t t = 1; t < n; t++)
        least = time[t] < least ? time[t] : least;
    return least;
}

int32_t cr_problem_shortest(const cr_problem *p, int32_t mode, int32_t from, int32_t to)
{
    if (from == CR_NONE || to == CR_NONE)
        return 0;
    int32_t least = cr_matrix_dist_m(p->matrix[mode], from, to);
    for (int32_t t = 1; p->n_periods > 0 && t < CR_TABLES_MAX; t++) {
        int32_t dist_m = p->tables[mode][t] ? cr_matrix_dist_m(p->tables[mode][t], from, to) : least;
        least = dist_m < least ? dist_m : least;
    }
    return least;
}
