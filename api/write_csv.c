/* CSV answers: run sheets by carer, calls by client, and what is not placed. */
#include "csv_out.h"
#include "explain_text.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define HEAD(csv, names) csv_head(csv, names, (int32_t)(sizeof(names) / sizeof *(names)))

static cr_status stream_status(FILE *out)
{
    return ferror(out) ? CR_E_UPSTREAM : CR_OK;
}

static int64_t minutes(int64_t ticks)
{
    return (ticks + 30) / 60;
}

/* "" where nobody knows. */
static void csv_minutes(csv_out *csv, int32_t ticks)
{
    if (ticks < CR_NO_WAY)
        csv_int(csv, minutes(ticks));
    else
        csv_value(csv, "");
}

/* Tenths of a mile; the heading has the unit. */
static void csv_miles(csv_out *csv, const cr_day *day, int32_t dist_m)
{
    if (dist_m < CR_NO_WAY && words_knows_distance(day, dist_m))
        csv_value(csv, words_fixed(((int64_t)dist_m * 10000 + 804672) / 1609344, 1).text);
    else
        csv_value(csv, "");
}

static void csv_clock(csv_out *csv, const cr_day *day, int32_t ticks)
{
    csv_value(csv, words_clock(day, ticks).text);
}

/* Names of the carers of these slots, as one field. */
static cr_status csv_carers(csv_out *csv, const answer *a, const int32_t *slots, int32_t n)
{
    const cr_problem *p = a->day->problem;
    char *names = NULL;
    size_t size;
    FILE *list = open_memstream(&names, &size);
    if (!list)
        return CR_E_NOMEM;
    const char *between = "";
    for (int32_t i = 0; i < n; i++) {
        const int32_t stop = a->itinerary->stop_of_slot[slots[i]];
        if (stop == CR_NONE)
            continue;
        const int32_t shift = a->plan->rounds[a->itinerary->stops[stop].round].shift;
        fprintf(list, "%s%s", between, a->day->carers[p->shifts[shift].carer].name);
        between = "; ";
    }
    if (fclose(list)) {
        free(names);
        return CR_E_NOMEM;
    }
    csv_text(csv, names);
    free(names);
    return CR_OK;
}

/* ---- by carer ---- */

static const char *const carer_head[] = {
    "Carer",           "Date",     "Set off",   "Travel minutes", "Travel miles", "Arrive",        "Start", "End",
    "Minutes to next", "Client",   "Address",   "Postcode",       "With",         "Time-critical", "Notes", "Position",
    "Carer ID",        "Shift ID", "Client ID", "Visit ID",
};

/* Two more columns are there where the day has a timetable, and where it has goods. */
static void put_carer_head(csv_out *csv, const cr_day *day)
{
    enum { N = sizeof carer_head / sizeof *carer_head };
    const char *head[N + 2];
    int32_t n = N;
    memcpy(head, carer_head, sizeof carer_head);
    if (day->transit)
        head[n++] = "Rides";
    if (day->n_goods > 0)
        head[n++] = "Goods";
    csv_head(csv, head, n);
}

/* "bring 2 x meals; take 1 x linen" */
static cr_status put_goods(csv_out *csv, const cr_day *day, int32_t visit)
{
    if (day->n_goods == 0)
        return CR_OK;
    char *text = visit != CR_NONE ? words_goods(day, visit) : NULL;
    bool ok = text || visit == CR_NONE;
    csv_text(csv, text ? text : "");
    free(text);
    return ok ? CR_OK : CR_E_NOMEM;
}

/* "31 from Abbey at 08:40, off at Bridge 08:50; ..." */
static cr_status put_rides(csv_out *csv, const cr_day *day, const itinerary_leg *leg)
{
    char *text = NULL;
    if (!day->transit)
        return CR_OK;
    cr_status st = words_rides(day, leg, &text);
    csv_text(csv, text ? text : "");
    free(text);
    return st;
}

/* How long she then drives: the leg of the next visit, or the way home. */
static int32_t travel_to_next(const answer *a, const cr_round *round, int32_t r, int32_t k)
{
    for (int32_t next = k + 1; next < round->stops.first + round->stops.n; next++)
        if (a->plan->stops[next].slot != CR_NONE)
            return a->itinerary->stops[next].leg.travel;
    return a->itinerary->way_home[r].travel;
}

static void put_leg_fields(csv_out *csv, const cr_day *day, const itinerary_leg *leg)
{
    csv_clock(csv, day, leg->leave);
    csv_minutes(csv, leg->travel);
    csv_miles(csv, day, leg->dist_m);
    csv_clock(csv, day, leg->arrive);
}

static void put_ids(csv_out *csv, const cr_day *day, int32_t shift, int32_t visit)
{
    csv_text(csv, day->carers[day->problem->shifts[shift].carer].carer_id);
    csv_text(csv, day->shifts[shift].shift_id);
    csv_text(csv, visit >= 0 ? day->clients[day->visits[visit].client].client_id : "");
    csv_text(csv, visit >= 0 ? day->visits[visit].visit_id : "");
}

static cr_status put_visit_row(csv_out *csv, const answer *a, int32_t r, int32_t k)
{
    const cr_day *day = a->day;
    const cr_round *round = &a->plan->rounds[r];
    const itinerary_stop *s = &a->itinerary->stops[k];
    const day_client *client = &day->clients[day->visits[s->visit].client];
    csv_text(csv, day->carers[day->problem->shifts[round->shift].carer].name);
    csv_value(csv, words_date(day, s->start).text);
    put_leg_fields(csv, day, &s->leg);
    csv_clock(csv, day, s->start);
    csv_clock(csv, day, s->end);
    csv_minutes(csv, travel_to_next(a, round, r, k));
    csv_text(csv, client->name);
    csv_text(csv, client->address);
    csv_text(csv, client->postcode);
    int32_t others[DAY_COMPANIONS_MOST], n = day_companions(day, a->plan->stops[k].slot, others);
    cr_status st = csv_carers(csv, a, others, n);
    csv_value(csv, day->problem->visits[s->visit].time_critical ? "yes" : "");
    csv_text(csv, day->visits[s->visit].notes);
    csv_value(csv, cr_place_quality_name(client->place.quality));
    put_ids(csv, day, round->shift, s->visit);
    if (!st)
        st = put_rides(csv, day, &s->leg);
    if (!st)
        st = put_goods(csv, day, s->visit);
    csv_end_row(csv);
    return st;
}

/* A row without a visit: a break, or the way home. */
static cr_status put_plain_row(csv_out *csv, const answer *a, int32_t r, const itinerary_leg *leg, int32_t start,
                               int32_t end, const char *what)
{
    const cr_day *day = a->day;
    const int32_t shift = a->plan->rounds[r].shift;
    csv_text(csv, day->carers[day->problem->shifts[shift].carer].name);
    csv_value(csv, words_date(day, start >= 0 ? start : leg->leave).text);
    put_leg_fields(csv, day, leg);
    csv_value(csv, start >= 0 ? words_clock(day, start).text : "");
    csv_value(csv, end >= 0 ? words_clock(day, end).text : "");
    csv_value(csv, ""); /* minutes to next */
    csv_value(csv, what);
    for (int i = 0; i < 6; i++)
        csv_value(csv, ""); /* address to position */
    put_ids(csv, day, shift, CR_NONE);
    cr_status st = put_rides(csv, day, leg);
    if (!st)
        st = put_goods(csv, day, CR_NONE);
    csv_end_row(csv);
    return st;
}

static cr_status put_round(csv_out *csv, const answer *a, int32_t r)
{
    const cr_round *round = &a->plan->rounds[r];
    cr_status st = CR_OK;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n && !st; k++) {
        const itinerary_stop *s = &a->itinerary->stops[k];
        if (s->visit == CR_NONE)
            st = put_plain_row(csv, a, r, &s->leg, s->start, s->end,
                               a->day->problem->breaks[a->plan->stops[k].brk].kept_free ? "(kept free)" : "(break)");
        else
            st = put_visit_row(csv, a, r, k);
    }
    return st ? st : put_plain_row(csv, a, r, &a->itinerary->way_home[r], CR_NONE, CR_NONE, "(end of round)");
}

cr_status write_carer_csv(const answer *a, int32_t carer, FILE *out)
{
    csv_out csv = csv_begin(out);
    put_carer_head(&csv, a->day);
    cr_status st = CR_OK;
    for (int32_t r = 0; r < a->plan->n_rounds && !st; r++)
        if (carer == CR_NONE || a->day->problem->shifts[a->plan->rounds[r].shift].carer == carer)
            st = put_round(&csv, a, r);
    return st ? st : stream_status(out);
}

/* ---- by client ---- */

static const char *const client_head[] = {
    "Client", "Date",        "Start",        "End",       "Minutes",  "Carers",
    "Band",   "Wished from", "Wished until", "Client ID", "Visit ID", "Status",
};

static cr_status put_call(csv_out *csv, const answer *a, int32_t v)
{
    const cr_day *day = a->day;
    const cr_visit *visit = &day->problem->visits[v];
    const cr_window *first = &day->problem->windows[visit->windows.first];
    const cr_window *last = first + visit->windows.n - 1;
    const int32_t stop = a->itinerary->stop_of_slot[visit->slots.first];
    const itinerary_stop *s = stop >= 0 ? &a->itinerary->stops[stop] : NULL;
    csv_text(csv, day->clients[day->visits[v].client].name);
    csv_value(csv, words_date(day, s ? s->start : first->open).text);
    csv_value(csv, s ? words_clock(day, s->start).text : "");
    csv_value(csv, s ? words_clock(day, s->end).text : "");
    csv_int(csv, minutes(day->problem->slots[visit->slots.first].duration));
    int32_t slots[CR_SLOTS_MOST];
    for (int32_t i = 0; i < visit->slots.n; i++)
        slots[i] = visit->slots.first + i;
    cr_status st = csv_carers(csv, a, slots, visit->slots.n);
    csv_text(csv, day->visits[v].band);
    csv_clock(csv, day, first->open);
    csv_clock(csv, day, last->close);
    csv_text(csv, day->clients[day->visits[v].client].client_id);
    csv_text(csv, day->visits[v].visit_id);
    csv_value(csv, s ? "placed" : "NOT PLACED");
    csv_end_row(csv);
    return st;
}

typedef struct call {
    int32_t client, start, visit;
} call;

static int by_client_start(const void *a, const void *b)
{
    const call *x = a, *y = b;
    if (x->client != y->client)
        return x->client < y->client ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->visit < y->visit ? -1 : x->visit > y->visit;
}

/* What is not placed stands where it was wished. */
static int32_t call_start(const answer *a, int32_t v)
{
    const cr_visit *visit = &a->day->problem->visits[v];
    const int32_t stop = a->itinerary->stop_of_slot[visit->slots.first];
    return stop >= 0 ? a->itinerary->stops[stop].start : a->day->problem->windows[visit->windows.first].open;
}

cr_status write_client_csv(const answer *a, int32_t client, FILE *out)
{
    const int32_t n_visits = a->day->problem->n_visits;
    call *calls = calloc((size_t)n_visits + 1, sizeof *calls);
    if (!calls)
        return CR_E_NOMEM;
    int32_t n = 0;
    for (int32_t v = 0; v < n_visits; v++)
        if (client == CR_NONE || a->day->visits[v].client == client)
            calls[n++] = (call){a->day->visits[v].client, call_start(a, v), v};
    qsort(calls, (size_t)n, sizeof *calls, by_client_start);
    csv_out csv = csv_begin(out);
    HEAD(&csv, client_head);
    cr_status st = CR_OK;
    for (int32_t i = 0; i < n && !st; i++)
        st = put_call(&csv, a, calls[i].visit);
    free(calls);
    return st ? st : stream_status(out);
}

/* ---- what is not placed ---- */

static const char *const unallocated_head[] = {
    "Risk",      "Client",        "Address",       "Postcode",    "Band",     "Wished from", "Wished until",
    "Minutes",   "Carers needed", "Time-critical", "Lives alone", "Priority", "Why",         "What would place it",
    "Client ID", "Visit ID",
};

static cr_status put_why(csv_out *csv, const cr_day *day, const cr_explanation *e)
{
    char *why = explain_text_reasons(day, e), *change = explain_text_change(day, e);
    const bool ok = why && change;
    if (ok) {
        csv_text(csv, why);
        csv_text(csv, change);
    }
    free(why);
    free(change);
    return ok ? CR_OK : CR_E_NOMEM;
}

static cr_status put_unallocated(csv_out *csv, const answer *a, int32_t rank, int32_t v, const cr_explanation *e)
{
    const cr_day *day = a->day;
    const cr_visit *visit = &day->problem->visits[v];
    const cr_window *first = &day->problem->windows[visit->windows.first];
    const day_client *client = &day->clients[day->visits[v].client];
    csv_int(csv, rank);
    csv_text(csv, client->name);
    csv_text(csv, client->address);
    csv_text(csv, client->postcode);
    csv_text(csv, day->visits[v].band);
    csv_clock(csv, day, first->open);
    csv_clock(csv, day, first[visit->windows.n - 1].close);
    csv_int(csv, minutes(day->problem->slots[visit->slots.first].duration));
    csv_int(csv, visit->slots.n);
    csv_value(csv, visit->time_critical ? "yes" : "");
    csv_value(csv, visit->lives_alone ? "yes" : "");
    csv_int(csv, visit->priority);
    cr_status st = CR_OK;
    if (e) {
        st = put_why(csv, day, e);
    } else {
        csv_value(csv, "");
        csv_value(csv, "");
    }
    csv_text(csv, client->client_id);
    csv_text(csv, day->visits[v].visit_id);
    csv_end_row(csv);
    return st;
}

cr_status write_unallocated_csv(const answer *a, FILE *out)
{
    const cr_explanations *explained = a->explanations;
    const int32_t n = explained ? explained->n : a->plan->n_unallocated;
    csv_out csv = csv_begin(out);
    HEAD(&csv, unallocated_head);
    cr_status st = CR_OK;
    for (int32_t i = 0; i < n && !st; i++) {
        const cr_explanation *e = explained ? &explained->items[i] : NULL;
        st = put_unallocated(&csv, a, i + 1, e ? e->visit : a->plan->unallocated[i], e);
    }
    return st ? st : stream_status(out);
}
