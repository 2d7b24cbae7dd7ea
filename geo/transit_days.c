/* From the rows of a feed to timetables: which trips run on which day, and which days are alike.
 *
 * Two days are alike when the same trips run in the time that is asked for, those of the evening before and of the next
 * morning among them. Then they share a timetable, and whoever uses it need not compute anything twice.
 */
#include "gtfs.h"
#include "transit.h"

#include <stdlib.h>
#include <string.h>

#define DAY_S      86400
#define MOST_TIMES 60000000 /* calls of all trips of a day and its neighbours: 840 MB */

/* What runs on a day. */
typedef struct day_runs {
    transit_run *runs;
    int32_t n, room;
    int64_t n_times;
} day_runs;

typedef struct gathering {
    gtfs_feed *feed;
    const cr_transit_options *options;
    cr_feed_fault_note note;
    void *user;
    int32_t n_faults;
    cr_range *calls_of; /* by trip */
    day_runs of_day[CR_TRANSIT_DAYS_MOST];
    cr_transit_days *days;
} gathering;

void cr_transit_days_done(cr_transit_days *days)
{
    for (int32_t i = 0; i < days->n_timetables; i++)
        cr_transit_free(days->timetables[i]);
    days->n_timetables = 0;
}

static void fault(gathering *g, const gtfs_call *call, const char *text)
{
    if (g->n_faults++ < GTFS_MOST_FAULTS)
        g->note(g->user, &(cr_feed_fault){"stop_times.txt", call->row, "", "", text});
}

/* ---- calls of each trip ---- */

static int by_trip_and_sequence(const void *a, const void *b)
{
    const gtfs_call *x = a, *y = b;
    if (x->trip != y->trip)
        return x->trip < y->trip ? -1 : 1;
    if (x->sequence != y->sequence)
        return x->sequence < y->sequence ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Where times are left out, the bus is thought to go evenly between those that are given. */
static void interpolate(gtfs_call *calls, int32_t n)
{
    int32_t known = 0;
    for (int32_t i = 1; i < n; i++) {
        if (calls[i].arrive_s == CR_NONE)
            continue;
        for (int32_t k = known + 1; k < i; k++)
            calls[k].arrive_s = calls[k].depart_s =
                calls[known].depart_s +
                (int32_t)((int64_t)(calls[i].arrive_s - calls[known].depart_s) * (k - known) / (i - known));
        known = i;
    }
}

static void check_calls(gathering *g, gtfs_call *calls, int32_t n)
{
    if (calls[0].arrive_s == CR_NONE || calls[n - 1].arrive_s == CR_NONE) {
        fault(g, calls[0].arrive_s == CR_NONE ? &calls[0] : &calls[n - 1],
              "the first and the last stop of a trip need times");
        return;
    }
    interpolate(calls, n);
    for (int32_t i = 0; i < n; i++) {
        if (calls[i].depart_s < calls[i].arrive_s)
            fault(g, &calls[i], "departs before it arrives");
        if (i > 0 && calls[i].sequence == calls[i - 1].sequence)
            fault(g, &calls[i], "has the stop_sequence of another row of its trip");
        else if (i > 0 && calls[i].arrive_s < calls[i - 1].depart_s)
            fault(g, &calls[i], "arrives before it has left the stop before");
    }
}

static cr_status take_calls(gathering *g)
{
    gtfs_feed *f = g->feed;
    g->calls_of = calloc((size_t)f->n_trips + 1, sizeof *g->calls_of);
    if (!g->calls_of)
        return CR_E_NOMEM;
    if (f->n_calls)
        qsort(f->calls, (size_t)f->n_calls, sizeof *f->calls, by_trip_and_sequence);
    for (int32_t i = 0; i < f->n_calls;) {
        int32_t n = 1;
        while (i + n < f->n_calls && f->calls[i + n].trip == f->calls[i].trip)
            n++;
        if (n > 1) {
            check_calls(g, f->calls + i, n);
            g->calls_of[f->calls[i].trip] = (cr_range){i, n};
        }
        i += n;
    }
    return g->n_faults > 0 ? CR_E_INPUT : CR_OK;
}

/* ---- runs ---- */

/* k: 0 the day before, 1 the day itself, 2 the day after. */
static cr_status add_run(gathering *g, int32_t day, int32_t trip, int32_t k, int32_t later_s)
{
    day_runs *of_day = &g->of_day[day];
    cr_range calls = g->calls_of[trip];
    if (calls.n == 0)
        return CR_OK;
    g->days->n_on_day[day] += k == 1;
    later_s += (k - 1) * DAY_S;
    of_day->n_times += calls.n;
    if (of_day->n_times > MOST_TIMES) {
        fault(g, &g->feed->calls[calls.first], "is one of more trips in a day than there can be");
        return CR_E_INPUT;
    }
    if (g->feed->calls[calls.first + calls.n - 1].arrive_s + later_s < g->options->begin_s ||
        g->feed->calls[calls.first].depart_s + later_s >= g->options->end_s)
        return CR_OK;
    if (of_day->n == of_day->room) {
        int32_t room = of_day->room < 64 ? 64 : of_day->room + of_day->room / 2;
        transit_run *moved = realloc(of_day->runs, (size_t)room * sizeof *moved);
        if (!moved)
            return CR_E_NOMEM;
        of_day->runs = moved;
        of_day->room = room;
    }
    of_day->runs[of_day->n++] = (transit_run){calls.first, calls.n, later_s};
    return CR_OK;
}

static cr_status add_runs(gathering *g, int32_t day)
{
    const gtfs_feed *f = g->feed;
    cr_status st = CR_OK;
    for (int32_t t = 0; t < f->n_trips; t++)
        for (int32_t k = 0; !st && k < 3; k++)
            if (!f->trips[t].is_frequent && (f->trips[t].days >> day & 1 << k))
                st = add_run(g, day, t, k, 0);
    for (int32_t i = 0; i < f->n_frequencies; i++) {
        const gtfs_frequency *q = &f->frequencies[i];
        cr_range calls = g->calls_of[q->trip];
        for (int32_t k = 0; k < 3; k++)
            for (int32_t at = q->begin_s; !st && calls.n && (f->trips[q->trip].days >> day & 1 << k) && at < q->end_s;
                 at += q->every_s)
                st = add_run(g, day, q->trip, k, at - f->calls[calls.first].depart_s);
    }
    return st;
}

/* ---- days ---- */

/* The first day on which the same runs. They are still in the feed's order. */
static int32_t first_alike(const gathering *g, int32_t day)
{
    const day_runs *own = &g->of_day[day];
    for (int32_t d = 0; d < day; d++) {
        const day_runs *other = &g->of_day[d];
        if (other->n == own->n &&
            (own->n == 0 || memcmp(other->runs, own->runs, (size_t)own->n * sizeof *own->runs) == 0))
            return d;
    }
    return day;
}

static cr_status make_timetables(gathering *g)
{
    cr_transit_days *days = g->days;
    int32_t alike[CR_TRANSIT_DAYS_MOST];
    cr_status st = take_calls(g);
    for (int32_t d = 0; !st && d < g->options->n_days; d++)
        st = add_runs(g, d);
    for (int32_t d = 0; !st && d < g->options->n_days; d++)
        alike[d] = first_alike(g, d);
    for (int32_t d = 0; !st && d < g->options->n_days; d++) {
        days->of_day[d] = alike[d] < d ? days->of_day[alike[d]] : days->n_timetables;
        if (alike[d] < d)
            continue;
        st = transit_build(g->feed, g->options, g->of_day[d].runs, g->of_day[d].n,
                           &days->timetables[days->n_timetables]);
        days->n_timetables += st == CR_OK;
    }
    return st;
}

cr_status transit_read(const gtfs_source *source, const cr_transit_options *options, cr_feed_fault_note note,
                       void *user, cr_transit_days *ret_days)
{
    assert(options->n_days >= 1 && options->n_days <= CR_TRANSIT_DAYS_MOST && options->begin_s < options->end_s);
    cr_auto(gtfs_feed) feed = NULL;
    cr_status st = gtfs_read(source, options->day, options->n_days, note, user, &feed);
    if (st)
        return st;
    cr_transit_days days = {.first_day = feed->first_day, .last_day = feed->last_day};
    gathering g = {.feed = feed, .options = options, .note = note, .user = user, .days = &days};
    st = make_timetables(&g);
    free(g.calls_of);
    for (int32_t d = 0; d < options->n_days; d++)
        free(g.of_day[d].runs);
    if (st)
        cr_transit_days_done(&days);
    else
        *ret_days = days;
    return st;
}
