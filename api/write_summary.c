/* The summary: what a coordinator wants to know of a plan before opening anything. */
#include "explain_text.h"
#include "held_spans.h"
#include "providers.h"
#include "words.h"

#include <stdlib.h>

/* A list longer than this is for the page and plan.json, not for a terminal. */
#define MOST_UNALLOCATED_LINES 20
#define MOST_HOLDERS           12 /* rounds */

static void put_visits(const answer *a, FILE *out)
{
    const cr_report *r = a->report;
    fprintf(out, "  Visits       %s of %s placed", words_count(r->n_visits_served).text, words_count(r->n_visits).text);
    if (r->n_visits_served < r->n_visits)
        fprintf(out, ", %s not", words_count(r->n_visits - r->n_visits_served).text);
    fprintf(out, "\n");
    int32_t n_parts = 0, n_served = 0;
    for (int32_t v = 0; v < a->day->problem->n_visits; v++)
        if (a->day->visits[v].is_part) {
            n_parts++;
            n_served += a->itinerary->stop_of_slot[a->day->problem->visits[v].slots.first] != CR_NONE;
        }
    if (n_parts > 0)
        fprintf(out, "  For a part   %s of %s second carers placed\n", words_count(n_served).text,
                words_count(n_parts).text);
    if (r->n_double_ups > 0)
        fprintf(out, "  Double-ups   %s of %s placed\n", words_count(r->n_double_ups_served).text,
                words_count(r->n_double_ups).text);
}

static void put_carers(const answer *a, FILE *out)
{
    const cr_report *r = a->report;
    fprintf(out, "  Carers       %s of %s used, in %s of %s shifts\n", words_count(r->n_carers_used).text,
            words_count(a->day->problem->n_carers).text, words_count(r->n_shifts_used).text,
            words_count(a->day->problem->n_shifts).text);
}

/* What the service holds back, whether the shift is used or not. */
static void put_kept_free(const answer *a, FILE *out)
{
    const cr_problem *p = a->day->problem;
    int32_t n = 0, last = CR_NONE;
    int64_t ticks = 0;
    for (int32_t b = 0; b < p->n_breaks; b++)
        if (p->breaks[b].kept_free) {
            n += p->breaks[b].shift != last;
            last = p->breaks[b].shift;
            ticks += p->breaks[b].length;
        }
    if (n > 0)
        fprintf(out, "  Kept free    %s in %s shift%s\n", words_duration(ticks).text, words_count(n).text,
                n == 1 ? "" : "s");
}

/* Who holds time back, and when: "Ann Bell 09:00-10:00, 11:30-12:00; Bea Carr 09:00-09:30". The first of many. */
static void put_holders(const answer *a, FILE *out)
{
    held_span span;
    int32_t n = 0, last = CR_NONE;
    for (int32_t at = 0; held_spans_next(a, &at, &span); last = span.round) {
        bool is_new = span.round != last;
        n += is_new;
        if (n > MOST_HOLDERS)
            continue;
        if (is_new)
            fprintf(out, "%s%s", n == 1 ? ": " : "; ",
                    a->day->carers[a->day->problem->shifts[a->plan->rounds[span.round].shift].carer].name);
        fprintf(out, "%s %s-%s", is_new ? "" : ",", words_clock(a->day, span.start).text,
                words_clock(a->day, span.end).text);
    }
    if (n > MOST_HOLDERS)
        fprintf(out, "; %d more in plan.json", n - MOST_HOLDERS);
}

static void put_held_back(const answer *a, FILE *out)
{
    const cr_report *r = a->report;
    if (r->n_held_back == 0)
        return;
    fprintf(out, "  Held back    %s of %s", words_duration(r->sum.held_back).text, words_duration(r->held_back).text);
    put_holders(a, out);
    fputc('\n', out);
}

static void put_time(const answer *a, FILE *out)
{
    const cr_round_figures *sum = &a->report->sum;
    int64_t paid = sum->care + sum->travel + sum->door + sum->waiting;
    fprintf(out, "  Care         %s, %s of working time\n", words_duration(sum->care).text,
            words_percent(sum->care, paid).text);
    fprintf(out, "  Travel       %s, %s (%s)\n", words_duration(sum->travel).text,
            words_distance(a->day, sum->dist_m).text, a->day->travel_source);
    if (a->day->places_source)
        fprintf(out, "  Geocoder     %s\n", a->day->places_source);
    fprintf(out, "  At the door  %s\n", words_duration(sum->door).text);
    fprintf(out, "  Waiting      %s\n", words_duration(sum->waiting).text);
}

static words words_each(int64_t all, int32_t n)
{
    return words_fixed((all * 20 + n) / (2 * (int64_t)n), 1);
}

static void put_continuity(const answer *a, FILE *out)
{
    const cr_report *r = a->report;
    if (r->n_known_slots > 0)
        fprintf(out, "  Continuity   %s of %s carer visits by a familiar face (%s)\n",
                words_count(r->n_familiar_slots).text, words_count(r->n_known_slots).text,
                words_percent(r->n_familiar_slots, r->n_known_slots).text);
    if (r->n_clients_served > 0)
        fprintf(out, "  Faces        %s different carers a client, on average",
                words_each(r->n_faces, r->n_clients_served).text);
    if (r->n_faces_lately > r->n_faces)
        fprintf(out, "; %s with those of the history", words_each(r->n_faces_lately, r->n_clients_served).text);
    if (r->n_clients_served > 0)
        fputc('\n', out);
    if (r->n_with_preference > 0)
        fprintf(out, "  Punctual     %s of %s visits start within 15 min of their preferred time\n",
                words_count(answer_near_preferred(a, 15 * 60)).text, words_count(r->n_with_preference).text);
}

static void put_terms(const cr_cost *cost, bool is_money, FILE *out)
{
    for (int term = 0; term < CR_TERM_N; term++)
        if (cost->term[term] && words_is_money((cr_term)term) == is_money)
            fprintf(out, "    %-18s %14s\n", words_capital(cr_term_name((cr_term)term)).text,
                    words_money(cost->term[term]).text);
}

static void put_cost(const answer *a, FILE *out)
{
    const cr_cost *cost = &a->check->cost;
    fprintf(out, "  To pay       %s\n", words_money(words_money_of(cost, true)).text);
    put_terms(cost, true, out);
    if (words_money_of(cost, false)) {
        fprintf(out, "  Steering     %s set on what should rather not happen; nobody is paid this\n",
                words_money(words_money_of(cost, false)).text);
        put_terms(cost, false, out);
    }
}

static cr_status put_contracts(const answer *a, FILE *out)
{
    const char *heading = "  Contracts    ";
    for (int32_t i = 0; i < a->day->n_providers; i++) {
        if (!provider_has_contract(a->day, i))
            continue;
        char *text = provider_contract_text(a, i);
        if (!text)
            return CR_E_NOMEM;
        fprintf(out, "%s%s: %s\n", heading, a->day->providers[i].name, text);
        free(text);
        heading = "               ";
    }
    return CR_OK;
}

/* How much better any plan could be, from the proved bound. */
static void put_bound(const answer *a, FILE *out)
{
    if (!a->bound)
        return;
    if (a->bound->cost <= 0)
        fprintf(out, "  Bound        none was proved\n");
    else if (words_bound_is_weak(&a->check->cost, a->bound))
        fprintf(out, "  Bound        only %s was proved in the time, which says little (see --bound)\n",
                words_money(a->bound->cost).text);
    else
        fprintf(out, "  Bound        no plan costs less than %s; at most %s %% of this one's cost could be saved\n",
                words_money(a->bound->cost).text, words_fixed(words_gap(&a->check->cost, a->bound), 2).text);
}

static cr_status put_unallocated_visit(const answer *a, int32_t v, const cr_explanation *e, FILE *out)
{
    const cr_day *day = a->day;
    const cr_visit *visit = &day->problem->visits[v];
    const cr_window *window = &day->problem->windows[visit->windows.first];
    fprintf(out, "  - %s, %s, %s-%s%s%s%s\n", day->clients[day->visits[v].client].name, day->visits[v].visit_id,
            words_clock(day, window->open).text, words_clock(day, window->close).text,
            visit->slots.n > 1 ? ", double-up" : "", visit->time_critical ? ", time-critical" : "",
            visit->lives_alone ? ", lives alone" : "");
    if (!e)
        return CR_OK;
    char *why = explain_text_reasons(day, e), *change = explain_text_change(day, e);
    bool ok = why && change;
    if (ok)
        fprintf(out, "    %s\n    %s\n", why, change);
    free(why);
    free(change);
    return ok ? CR_OK : CR_E_NOMEM;
}

static cr_status put_unallocated(const answer *a, FILE *out)
{
    int32_t n = a->explanations ? a->explanations->n : a->plan->n_unallocated;
    if (n == 0)
        return CR_OK;
    fprintf(out, "\nNot placed%s\n", a->explanations ? ", most at risk first" : "");
    for (int32_t i = 0; i < n && i < MOST_UNALLOCATED_LINES; i++) {
        const cr_explanation *e = a->explanations ? &a->explanations->items[i] : NULL;
        cr_status st = put_unallocated_visit(a, e ? e->visit : a->plan->unallocated[i], e, out);
        if (st)
            return st;
    }
    if (n > MOST_UNALLOCATED_LINES)
        fprintf(out, "  ... and %d more in plan.json\n", n - MOST_UNALLOCATED_LINES);
    return CR_OK;
}

static cr_status put_change(const answer *a, const cr_visit_change *change, FILE *out)
{
    const cr_day *day = a->day;
    int32_t was[CR_SLOTS_MOST], now[CR_SLOTS_MOST], n = words_change_carers(a, change, was, now);
    char *from = words_change_time(a, change->was, was, n), *to = words_change_time(a, change->now, now, n);
    char *why = words_change_reason(a, change);
    bool ok = from && to && why;
    if (ok)
        fprintf(out, "  - %s, %s: %s -> %s\n    %s\n", day->clients[day->visits[change->visit].client].name,
                day->visits[change->visit].visit_id, from, to, why);
    free(from);
    free(to);
    free(why);
    return ok ? CR_OK : CR_E_NOMEM;
}

/* Against the published rota: all of them, for each is a telephone call. */
static cr_status put_changes(const answer *a, FILE *out)
{
    const cr_replanned *x = a->replanned;
    if (!x)
        return CR_OK;
    int32_t n = words_changes_seen(a);
    fprintf(out, "\nFrom %s on: %s visits have begun and stay, %d change%s\n",
            words_clock(a->day, a->day->problem->as_of).text, words_count(x->n_frozen).text, n, n == 1 ? "" : "s");
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < x->n_changes; i++)
        if (words_change_is_seen(a, &x->changes[i]))
            st = put_change(a, &x->changes[i], out);
    return st;
}

static cr_status put_check(const answer *a, FILE *out)
{
    if (a->check->n_breaches > 0)
        fprintf(out, "\nBROKEN RULES: the checker found %d; `careround check` names them\n", a->check->n_breaches);
    else
        fprintf(out, "\nThe checker recomputed every time and cost: no rule is broken%s\n",
                a->check->n_accepted > 0 ? " but what the coordinator accepted:" : "");
    for (int32_t i = 0; i < a->check->n_accepted; i++) {
        char *text = words_accepted_breach(a->day, &a->check->accepted[i]);
        if (!text)
            return CR_E_NOMEM;
        fprintf(out, "  - %s\n", text);
        free(text);
    }
    return CR_OK;
}

cr_status write_summary(const answer *a, FILE *out)
{
    fprintf(out, "%s, %s\n\n", a->day->name, words_dates(a->day).text);
    put_visits(a, out);
    put_carers(a, out);
    put_kept_free(a, out);
    put_held_back(a, out);
    put_time(a, out);
    put_continuity(a, out);
    put_cost(a, out);
    cr_status st = put_contracts(a, out);
    if (st)
        return st;
    put_bound(a, out);
    st = put_changes(a, out);
    if (!st)
        st = put_unallocated(a, out);
    if (st)
        return st;
    st = put_check(a, out);
    return st ? st : ferror(out) ? CR_E_UPSTREAM : CR_OK;
}
