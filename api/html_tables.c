/* The tables of the page: what is not placed and why, what it costs, who does what, what is known of the places. */
#include "explain_text.h"
#include "html.h"

#include <stdlib.h>

/* ---- the unallocated, by risk ---- */

static void put_flags(const cr_visit *visit, FILE *out)
{
    if (visit->time_critical)
        html_put(out, " <span class=\"badge critical\">time-critical</span>");
    if (visit->slots.n > 1)
        html_put(out, " <span class=\"badge double\">%d carers</span>", visit->slots.n);
    if (visit->lives_alone)
        html_put(out, " <span class=\"badge\">lives alone</span>");
}

static void put_windows(const cr_day *day, const cr_visit *visit, FILE *out)
{
    for (int32_t w = visit->windows.first; w < visit->windows.first + visit->windows.n; w++)
        html_put(out, "%s%s&#8211;%s", w > visit->windows.first ? ", " : "",
                 words_clock(day, day->problem->windows[w].open).text,
                 words_clock(day, day->problem->windows[w].close).text);
}

static cr_status put_reasons(const cr_day *day, const cr_explanation *e, FILE *out)
{
    html_put(out, "<td data-label=\"Why\"><ul class=\"reasons\">");
    for (int reason = 0; reason < CR_REASON_N; reason++) {
        if (e->count[reason] == 0)
            continue;
        char *text = explain_text_reason(day, e, (cr_reason)reason);
        if (!text)
            return CR_E_NOMEM;
        html_put(out, "<li><b>%d</b> %s</li>", e->count[reason], text);
        free(text);
    }
    if (e->n_pairs > 0)
        html_put(out, "<li><b>%d</b> %s would do but for the time</li>", e->n_pairs,
                 e->n_pairs == 1 ? "pair" : "pairs");
    html_put(out, "</ul></td>");
    return CR_OK;
}

static cr_status put_change(const cr_day *day, const cr_explanation *e, FILE *out)
{
    char *text = explain_text_change(day, e);
    if (!text)
        return CR_E_NOMEM;
    html_put(out, "<td data-label=\"What would place it\">%s", text);
    if (e->change.kind != CR_CHANGE_NONE)
        html_put(out, " <span class=\"note\">checked: nobody else drops out</span>");
    html_put(out, "</td>");
    free(text);
    return CR_OK;
}

static cr_status put_lost_visit(const page *p, int32_t rank, int32_t v, const cr_explanation *e, FILE *out)
{
    const cr_day *day = p->a->day;
    const cr_visit *visit = &day->problem->visits[v];
    const day_client *client = &day->clients[day->visits[v].client];
    html_put(out, "<tr data-k=\"%d\"><td data-label=\"Risk\">%d</td><th scope=\"row\">%s", visit->client, rank,
             client->name);
    put_flags(visit, out);
    html_put(out, "<br><span class=\"note\">%s, priority %d</span></th><td data-label=\"When\">%s ",
             day->visits[v].visit_id, visit->priority, day->visits[v].band);
    put_windows(day, visit, out);
    html_put(out, "<br><span class=\"note\">%s</span></td>",
             words_duration(day->problem->slots[visit->slots.first].duration).text);
    cr_status st = CR_OK;
    if (e)
        st = put_reasons(day, e, out);
    if (e && !st)
        st = put_change(day, e, out);
    html_put(out, "</tr>\n");
    return st;
}

cr_status html_unallocated(const page *p, FILE *out)
{
    const cr_explanations *explained = p->a->explanations;
    const int32_t n = explained ? explained->n : p->a->plan->n_unallocated;
    if (n == 0) {
        html_put(out, "<p class=\"seal\">Every visit has its carers.</p>\n");
        return CR_OK;
    }
    html_put(out,
             "<p>%s</p>\n<div class=\"scroll\"><table class=\"lost\"><thead><tr><th scope=\"col\">Risk</th><th "
             "scope=\"col\">Visit</th><th scope=\"col\">When</th>",
             explained ? "Most at risk first. Each carer counts once, at the first rule that shuts her out."
                       : "In the order of the input; reasons were not asked for.");
    if (explained)
        html_put(out, "<th scope=\"col\">Why nobody can</th><th scope=\"col\">What would place it</th>");
    html_put(out, "</tr></thead><tbody>\n");
    cr_status st = CR_OK;
    for (int32_t i = 0; i < n && !st; i++) {
        const cr_explanation *e = explained ? &explained->items[i] : NULL;
        st = put_lost_visit(p, i + 1, e ? e->visit : p->a->plan->unallocated[i], e, out);
    }
    html_put(out, "</tbody></table></div>\n");
    return st;
}

/* ---- cost ---- */

static const char *term_meaning(cr_term term)
{
    static const char *const meanings[CR_TERM_N] = {
        [CR_TERM_TRAVEL] = "a price on every minute of travel, on top of wages",
        [CR_TERM_MILEAGE] = "paid per mile, by way of travelling",
        [CR_TERM_WAGES] = "care, travel, door, waiting and paid breaks",
        [CR_TERM_OVERTIME] = "work above a carer's limit, on top of wages",
        [CR_TERM_SHORTFALL] = "contracted work that a carer does not get",
        [CR_TERM_WAITING] = "a price on every minute of waiting, on top of wages",
        [CR_TERM_OVERRUN] = "carers back after the paid end of a shift",
        [CR_TERM_IDLE] = "the longest time that a shift is idle",
        [CR_TERM_IMBALANCE] = "work above and below the mean of the carers",
        [CR_TERM_LATENESS] = "visits that start after they are due",
        [CR_TERM_WORST_LATENESS] = "the longest lateness of the day",
        [CR_TERM_PREFERRED_TIME] = "visits outside their preferred time",
        [CR_TERM_CONTINUITY] = "carers whom the client does not know",
        [CR_TERM_FACES] = "carers who are new to a client, each once",
        [CR_TERM_PROVIDERS] = "clients whom several providers visit",
        [CR_TERM_ADDRESS] = "visits at about which several providers are at the address",
        [CR_TERM_PREFERENCE] = "carers not on the client's wish list",
        [CR_TERM_PATCH] = "carers outside the patches they work",
        [CR_TERM_SHIFT_USE] = "paid for each shift that is used",
        [CR_TERM_CONTRACTS] = "what providers are paid by their contracts",
        [CR_TERM_CHANGES] = "other carers and moved starts than were published",
        [CR_TERM_UNALLOCATED] = "visits that are not placed, by priority",
    };
    return meanings[term];
}

static void put_term(const cr_cost *cost, cr_term term, int64_t most, FILE *out)
{
    html_put(
        out,
        "<tr><th scope=\"row\">%s<br><span class=\"note\">%s</span></th><td class=\"num\">%s</td><td class=\"bar\">"
        "<svg viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"%s\" "
        "width=\"%d\" height=\"20\"/></svg></td></tr>\n",
        words_capital(cr_term_name(term)).text, term_meaning(term), words_money(cost->term[term]).text,
        words_is_money(term) ? "money" : "price", most > 0 ? (int)(cost->term[term] / (most / 1000 + 1)) : 0);
}

static void put_terms(const cr_cost *cost, bool is_money, const char *title, const char *note, FILE *out)
{
    int64_t most = 0;
    for (int term = 0; term < CR_TERM_N; term++)
        if (words_is_money((cr_term)term) == is_money && cost->term[term] > most)
            most = cost->term[term];
    html_put(out,
             "<tbody><tr class=\"sum\"><th scope=\"rowgroup\">%s<br><span class=\"note\">%s</span></th><td "
             "class=\"num\">%s</td><td></td></tr>\n",
             title, note, words_money(words_money_of(cost, is_money)).text);
    for (int term = 0; term < CR_TERM_N; term++)
        if (words_is_money((cr_term)term) == is_money && cost->term[term] != 0)
            put_term(cost, (cr_term)term, most, out);
    html_put(out, "</tbody>\n");
}

cr_status html_costs(const page *p, FILE *out)
{
    const cr_cost *cost = &p->a->check->cost;
    html_put(out, "<div class=\"scroll\"><table class=\"costs\">\n");
    put_terms(cost, true, "To pay", "money that somebody is paid", out);
    put_terms(cost, false, "Steering prices",
              "set on what should rather not happen, so that the plan avoids it; nobody is paid this", out);
    html_put(out, "</table></div>\n");
    return CR_OK;
}

/* ---- providers ---- */

static void put_provider(const cr_day *day, const char *name, const char *note, const provider_figures *f, FILE *out)
{
    html_put(out,
             "<tr><th scope=\"row\">%s <span class=\"note\">%s</span></th><td class=\"num\">%d of %d</td><td "
             "class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td><td "
             "class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td></tr>\n",
             name, note, f->n_carers_used, f->n_carers, words_count(f->n_visits).text,
             words_count(f->n_double_ups).text, words_duration(f->sum.care).text, words_duration(f->sum.travel).text,
             words_distance(day, f->sum.dist_m).text, words_duration(f->sum.waiting).text,
             words_percent(f->n_familiar, f->n_known).text);
}

cr_status html_providers(const page *p, FILE *out)
{
    const cr_day *day = p->a->day;
    html_put(out,
             "<div class=\"scroll\"><table class=\"providers\"><thead><tr><th scope=\"col\">Provider</th><th "
             "scope=\"col\">Carers used</th><th scope=\"col\">Carer visits</th><th scope=\"col\">of double-ups</th>"
             "<th scope=\"col\">Care</th><th scope=\"col\">Travel</th><th scope=\"col\">Miles</th><th "
             "scope=\"col\">Waiting</th><th scope=\"col\">Familiar faces</th></tr></thead><tbody>\n");
    for (int32_t i = 0; i < day->n_providers; i++)
        put_provider(day, day->providers[i].name, day->providers[i].in_house ? "in-house" : "", &p->providers[i], out);
    if (p->providers[day->n_providers].n_carers > 0)
        put_provider(day, day->n_providers > 0 ? "No provider" : "All carers", "", &p->providers[day->n_providers],
                     out);
    html_put(out, "</tbody></table></div>\n");
    for (int32_t i = 0; i < day->n_providers; i++) {
        char *text = provider_has_contract(day, i) ? provider_contract_text(p->a, i) : NULL;
        if (!text && provider_has_contract(day, i))
            return CR_E_NOMEM;
        if (text)
            html_put(out, "<p class=\"note\">Contract with %s: %s</p>\n", day->providers[i].name, text);
        free(text);
    }
    return CR_OK;
}

/* ---- quality of places ---- */

cr_status html_quality(const page *p, FILE *out)
{
    const cr_day *day = p->a->day;
    html_put(out, "<ul class=\"qualities\">\n");
    for (int quality = CR_PLACE_ROOFTOP; quality >= CR_PLACE_NONE; quality--) {
        int32_t n = 0;
        for (int32_t c = 0; c < day->n_clients; c++)
            n += !day->clients[c].is_held_back && day->clients[c].place.quality == (cr_place_quality)quality;
        if (n == 0)
            continue;
        html_put(out, "<li><b>%s</b> %s: %s", words_count(n).text, n == 1 ? "client" : "clients",
                 cr_place_quality_name((cr_place_quality)quality));
        const char *between = " &#8211; ";
        for (int32_t c = 0; c < day->n_clients && quality <= CR_PLACE_SECTOR; c++) {
            if (day->clients[c].is_held_back || day->clients[c].place.quality != (cr_place_quality)quality)
                continue;
            fputs(between, out);
            html_put(out, "%s (%s)", day->clients[c].name,
                     *day->clients[c].postcode ? day->clients[c].postcode : "no postcode");
            between = ", ";
        }
        html_put(out, "</li>\n");
    }
    html_put(out, "</ul>\n");
    return CR_OK;
}

/* ---- assumptions ---- */

static void put_fact(FILE *out, const char *name, const char *value)
{
    html_put(out, "<dt>%s</dt><dd>%s</dd>\n", name, value);
}

static void put_run(const answer_run *run, FILE *out)
{
    html_put(out, "<dt>Made by</dt><dd>careround %s, seed %s", run->version, words_count((int64_t)run->seed).text);
    if (run->time_s >= 0)
        html_put(out, ", %s seconds of search", words_fixed((int64_t)(run->time_s * 10 + 0.5), 1).text);
    if (run->iterations >= 0)
        html_put(out, ", %s iterations", words_count(run->iterations).text);
    html_put(out, "</dd>\n");
}

static void put_bound(const answer *a, FILE *out)
{
    if (!a->bound)
        return;
    if (a->bound->cost <= 0)
        put_fact(out, "Bound", "none was proved");
    else if (words_bound_is_weak(&a->check->cost, a->bound))
        html_put(out, "<dt>Bound</dt><dd>only %s was proved in the time, which says little</dd>\n",
                 words_money(a->bound->cost).text);
    else
        html_put(out,
                 "<dt>Bound</dt><dd>no plan of this day costs less than %s; at most %s %% of this plan&#8217;s cost "
                 "could be saved</dd>\n",
                 words_money(a->bound->cost).text, words_fixed(words_gap(&a->check->cost, a->bound), 2).text);
}

cr_status html_assumptions(const page *p, FILE *out)
{
    const cr_day *day = p->a->day;
    char fingerprint[DAY_FINGERPRINT_SIZE];
    day_fingerprint(day, fingerprint);
    html_put(out, "<dl class=\"facts\">\n");
    put_fact(out, "Date", words_dates(day).text);
    put_fact(out, "Times", day->time_zone);
    put_fact(out, "Travel", day->travel_source);
    if (day->places_source)
        put_fact(out, "Geocoder", day->places_source);
    put_fact(out, "Setting off", "as soon as the visit before is done; early carers wait where they arrive");
    if (p->a->run)
        put_run(p->a->run, out);
    put_bound(p->a, out);
    put_fact(out, "Day as planned", fingerprint);
    put_fact(out, "Checked by",
             p->a->check->n_breaches == 0
                 ? "careround's own checker, which shares no code with the search: no rule is broken"
                 : "careround's own checker, which found broken rules");
    html_put(out, "</dl>\n");
    return CR_OK;
}
