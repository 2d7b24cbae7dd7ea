/* Words: numbers as people say them. */
#include "words.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GAP_WORTH_TELLING 1000 /* 10 %; a bound that was cut short above it says nothing about the plan */

words words_clock(const cr_day *day, int32_t ticks)
{
    words w;
    day_time_text(day, ticks, w.text);
    return w;
}

words words_date(const cr_day *day, int32_t ticks)
{
    words w;
    day_date_text(day, ticks, w.text);
    return w;
}

words words_dates(const cr_day *day)
{
    words w;
    char last[16];
    if (day->n_days > 1)
        snprintf(w.text, sizeof w.text, "%.15s to %s", day->date,
                 day_date_text(day, day_ticks(day, day->n_days - 1, 0), last));
    else
        snprintf(w.text, sizeof w.text, "%s", day->date);
    return w;
}

/* 1234567 with groups of three. */
static char *put_grouped(char *at, uint64_t n)
{
    if (n >= 1000) {
        at = put_grouped(at, n / 1000);
        at += sprintf(at, ",%03u", (unsigned)(n % 1000));
    } else {
        at += sprintf(at, "%u", (unsigned)n);
    }
    return at;
}

static uint64_t magnitude(int64_t n)
{
    return n < 0 ? -(uint64_t)n : (uint64_t)n;
}

words words_count(int64_t n)
{
    words w;
    put_grouped(n < 0 ? stpcpy(w.text, "-") : w.text, magnitude(n));
    return w;
}

int64_t words_pence(int64_t cost)
{
    int64_t pence = (int64_t)((magnitude(cost) + CR_COST_PENNY / 2) / CR_COST_PENNY);
    return cost < 0 ? -pence : pence;
}

words words_money(int64_t cost)
{
    words w;
    int64_t pence = words_pence(cost);
    char *at = stpcpy(w.text, pence < 0 ? "-£" : "£");
    at = put_grouped(at, magnitude(pence) / 100);
    sprintf(at, ".%02u", (unsigned)(magnitude(pence) % 100));
    return w;
}

words words_money_round(int64_t cost)
{
    words w;
    int64_t pence = words_pence(cost);
    uint64_t pounds = (magnitude(pence) + 50) / 100;
    put_grouped(stpcpy(w.text, pence < 0 && pounds ? "-£" : "£"), pounds);
    return w;
}

words words_duration(int64_t ticks)
{
    words w;
    int64_t min = (ticks + 30) / 60;
    if (min < 60)
        sprintf(w.text, "%d min", (int)min);
    else
        sprintf(put_grouped(w.text, (uint64_t)(min / 60)), " h %02d min", (int)(min % 60));
    return w;
}

words words_fixed(int64_t value, int32_t decimals)
{
    words w;
    int64_t unit = 1;
    for (int32_t k = 0; k < decimals; k++)
        unit *= 10;
    uint64_t size = magnitude(value);
    char *at = value < 0 ? stpcpy(w.text, "-") : w.text;
    at += sprintf(at, "%" PRIu64, size / (uint64_t)unit);
    if (decimals > 0)
        sprintf(at, ".%0*" PRIu64, (int)decimals, size % (uint64_t)unit);
    return w;
}

/* A mile is 1609.344 m. Tenths matter to one carer, not to a team. */
words words_miles(int64_t dist_m)
{
    words w;
    const int64_t tenths = (dist_m * 10000 + 804672) / 1609344;
    if (tenths < 1000)
        sprintf(w.text, "%d.%d miles", (int)(tenths / 10), (int)(tenths % 10));
    else
        strcpy(put_grouped(w.text, (uint64_t)((tenths + 5) / 10)), " miles");
    return w;
}

bool words_knows_distance(const cr_day *day, int64_t dist_m)
{
    return dist_m > 0 || !day->lacks_distances;
}

words words_distance(const cr_day *day, int64_t dist_m)
{
    words miles = words_miles(dist_m), w;
    if (!day->lacks_distances)
        return miles;
    if (!words_knows_distance(day, dist_m))
        strcpy(w.text, "no distances given");
    else
        snprintf(w.text, sizeof w.text, "at least %.30s", miles.text);
    return w;
}

words words_percent(int64_t part, int64_t whole)
{
    words w;
    if (whole <= 0)
        strcpy(w.text, "-");
    else if (part < whole && part * 200 >= whole * 199)
        strcpy(w.text, "99 %"); /* never "100 %" of not quite all */
    else
        snprintf(w.text, sizeof w.text, "%" PRId64 " %%", (part * 200 + whole) / (2 * whole));
    return w;
}

words words_degrees(double deg)
{
    return words_fixed(llround(deg * 1e7), 7);
}

words words_capital(const char *text)
{
    words w;
    snprintf(w.text, sizeof w.text, "%s", text);
    if (w.text[0] >= 'a' && w.text[0] <= 'z')
        w.text[0] = (char)(w.text[0] - 'a' + 'A');
    return w;
}

bool words_is_money(cr_term term)
{
    return term == CR_TERM_MILEAGE || term == CR_TERM_WAGES || term == CR_TERM_OVERTIME || term == CR_TERM_SHORTFALL ||
           term == CR_TERM_SHIFT_USE || term == CR_TERM_CONTRACTS;
}

int64_t words_money_of(const cr_cost *cost, bool is_money)
{
    int64_t sum = 0;
    for (int term = 0; term < CR_TERM_N; term++)
        if (words_is_money((cr_term)term) == is_money)
            sum += cost->term[term];
    return sum;
}

int64_t words_gap(const cr_cost *cost, const cr_bound *bound)
{
    if (cost->total <= bound->cost)
        return 0;
    return (int64_t)ceil((double)(cost->total - bound->cost) / (double)cost->total * 10000);
}

bool words_bound_is_weak(const cr_cost *cost, const cr_bound *bound)
{
    return !bound->converged && words_gap(cost, bound) > GAP_WORTH_TELLING;
}
