/* Run sheets, one for each carer, and the calls of each client: the plan in words, on screen and on paper. */
#include "held_spans.h"
#include "html.h"

#include <stdlib.h>

#define RIDES_MOST 12 /* of one way */

/* ---- a carer's sheet ---- */

static void put_partners(const page *p, int32_t slot, FILE *out)
{
    const answer *a = p->a;
    const cr_problem *problem = a->day->problem;
    int32_t others[DAY_COMPANIONS_MOST], n = day_companions(a->day, slot, others);
    for (int32_t i = 0; i < n; i++) {
        const int32_t stop = a->itinerary->stop_of_slot[others[i]];
        if (stop == CR_NONE)
            continue;
        const itinerary_stop *s = &a->itinerary->stops[stop];
        html_put(out, " <span class=\"badge double\">with %s",
                 a->day->carers[problem->shifts[a->plan->rounds[s->round].shift].carer].name);
        if (problem->slots[others[i]].visit != problem->slots[slot].visit)
            html_put(out, " %s&#8211;%s", words_clock(a->day, s->start).text, words_clock(a->day, s->end).text);
        html_put(out, "</span>");
    }
}

static void put_goods(const cr_day *day, int32_t visit, FILE *out)
{
    char *text = day->problem->visits[visit].goods.n ? words_goods(day, visit) : NULL;
    if (text)
        html_put(out, " <span class=\"badge\">%s</span>", text);
    free(text);
}

/* What is on board as the round begins. */
static void put_load(const answer *a, const cr_round *round, FILE *out)
{
    char *text = a->day->n_goods ? words_load(a, round) : NULL;
    if (text && *text)
        html_put(out, ", with %s on board", text);
    free(text);
}

/* What the clock shows, of seconds that it counts from the first midnight. */
static const char *clock_of(int32_t wall_s, char buffer[8])
{
    snprintf(buffer, 8, "%02u:%02u", (unsigned)wall_s / 3600 % 24, (unsigned)wall_s / 60 % 60);
    return buffer;
}

/* Which bus from where, and when she is there if that is later than planned. */
static void put_rides(const cr_day *day, const itinerary_leg *leg, FILE *out)
{
    cr_transit_ride rides[RIDES_MOST];
    int32_t n, arrive_s;
    char from[8], to[8];
    if (day_transit_rides(day, leg, RIDES_MOST, rides, &n, &arrive_s))
        return;
    for (int32_t i = 0; i < n; i++)
        html_put(out, "<br><span class=\"ride\">%s <b>%s</b> %s &#8211; %s %s</span>", clock_of(rides[i].board_s, from),
                 rides[i].line, rides[i].from, clock_of(rides[i].alight_s, to), rides[i].to);
    if (arrive_s == CR_NO_WAY)
        html_put(out, " <span class=\"badge critical\">nothing goes there then</span>");
    else if (arrive_s > clock_wall(&day->change, leg->arrive))
        html_put(out, "%s <span class=\"badge critical\">there %s</span>", n == 0 ? " on foot" : "",
                 clock_of(arrive_s, to));
}

static void put_way_cell(const cr_day *day, const itinerary_leg *leg, FILE *out)
{
    const day_walk *walk = day_walk_between(day, leg->mode, leg->from, leg->to);
    if (leg->travel >= CR_NO_WAY)
        html_put(out, "<td data-label=\"Way there\" class=\"num\">no way known</td>");
    else if (walk && walk->walk_m == 0)
        html_put(out, "<td data-label=\"Way there\" class=\"num\">on foot, next door</td>");
    else if (walk)
        html_put(out, "<td data-label=\"Way there\" class=\"num\">on foot, %d m there and back</td>", walk->walk_m);
    else if (leg->travel == 0 && leg->dist_m == 0)
        html_put(out, "<td data-label=\"Way there\" class=\"num\">&#8211;</td>");
    else if (day_goes_by_transit(day, leg->mode)) {
        html_put(out, "<td data-label=\"Way there\" class=\"num\">%s", words_duration(leg->travel).text);
        put_rides(day, leg, out);
        html_put(out, "</td>");
    } else if (!words_knows_distance(day, leg->dist_m))
        html_put(out, "<td data-label=\"Way there\" class=\"num\">%s</td>", words_duration(leg->travel).text);
    else
        html_put(out, "<td data-label=\"Way there\" class=\"num\">%s, %s</td>", words_duration(leg->travel).text,
                 words_miles(leg->dist_m).text);
}

static void put_visit_row(const page *p, int32_t k, FILE *out)
{
    const cr_day *day = p->a->day;
    const itinerary_stop *s = &p->a->itinerary->stops[k];
    const cr_visit *visit = &day->problem->visits[s->visit];
    const day_client *client = &day->clients[day->visits[s->visit].client];
    html_put(out, "<tr data-v=\"%d\">", s->visit);
    put_way_cell(day, &s->leg, out);
    html_put(out,
             "<td data-label=\"There\" class=\"num\">%s%s%s</td><td data-label=\"Care\" "
             "class=\"num\"><b>%s</b>&#8211;%s</td>",
             words_clock(day, s->leg.arrive).text, s->wait > 60 ? ", wait " : "",
             s->wait > 60 ? words_duration(s->wait).text : "", words_clock(day, s->start).text,
             words_clock(day, s->end).text);
    html_put(out, "<th scope=\"row\">%s", client->name);
    if (visit->time_critical)
        html_put(out, " <span class=\"badge critical\">time-critical</span>");
    put_partners(p, p->a->plan->stops[k].slot, out);
    put_goods(day, s->visit, out);
    html_put(out, "</th><td data-label=\"Address\">%s %s", client->address, client->postcode);
    if (client->place.quality <= CR_PLACE_SECTOR)
        html_put(out, " <span class=\"badge\">%s</span>", cr_place_quality_name(client->place.quality));
    html_put(out, "</td><td data-label=\"Notes\">%s</td></tr>\n", day->visits[s->visit].notes);
}

/* Time held back has no way and no address. */
static void put_held_row(const page *p, int32_t k, FILE *out)
{
    const cr_day *day = p->a->day;
    const itinerary_stop *s = &p->a->itinerary->stops[k];
    html_put(out,
             "<tr class=\"rest\" data-v=\"%d\"><td class=\"num\">&#8211;</td><td class=\"num\">%s</td><td "
             "class=\"num\"><b>%s</b>&#8211;%s</td><th scope=\"row\">%s</th><td>stays where she is</td><td>held back "
             "for what may come</td></tr>\n",
             s->visit, words_clock(day, s->leg.arrive).text, words_clock(day, s->start).text,
             words_clock(day, s->end).text, day->clients[day->visits[s->visit].client].name);
}

static void put_break_row(const page *p, int32_t k, FILE *out)
{
    const cr_day *day = p->a->day;
    const itinerary_stop *s = &p->a->itinerary->stops[k];
    html_put(out,
             "<tr class=\"rest\"><td class=\"num\">&#8211;</td><td class=\"num\">%s</td><td "
             "class=\"num\"><b>%s</b>&#8211;%s</td>"
             "<th scope=\"row\">%s</th><td>%s</td><td></td></tr>\n",
             words_clock(day, s->leg.arrive).text, words_clock(day, s->start).text, words_clock(day, s->end).text,
             day->problem->breaks[p->a->plan->stops[k].brk].kept_free ? "Kept free" : "Break",
             day->problem->breaks[p->a->plan->stops[k].brk].paid ? "paid" : "unpaid");
}

static void put_round_rows(const page *p, int32_t r, FILE *out)
{
    const answer *a = p->a;
    const cr_day *day = a->day;
    const cr_round *round = &a->plan->rounds[r];
    const cr_shift *shift = &day->problem->shifts[round->shift];
    const itinerary_leg *home = &a->itinerary->way_home[r];
    int32_t crew = cr_problem_crew(day->problem, round->shift);
    html_put(out,
             "<tbody><tr class=\"turn\"><th scope=\"rowgroup\" colspan=\"6\">Shift %s&#8211;%s (%s%s%s): sets off at "
             "<b>%s</b>",
             words_clock(day, shift->begin).text, words_clock(day, shift->end).text, day->mode_name[shift->mode],
             crew == CR_NONE ? "" : ", together with ",
             crew == CR_NONE ? "" : day->carers[day->problem->shifts[crew].carer].name,
             words_clock(day, round->depart).text);
    put_load(a, round, out);
    html_put(out, "</th></tr>\n");
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
        if (a->plan->stops[k].slot == CR_NONE)
            put_break_row(p, k, out);
        else if (held_spans_has(a, k))
            put_held_row(p, k, out);
        else
            put_visit_row(p, k, out);
    }
    html_put(out, "<tr class=\"rest\">");
    put_way_cell(p->a->day, home, out);
    html_put(out, "<td class=\"num\">%s</td><td></td><th scope=\"row\">%s</th><td></td><td></td></tr></tbody>\n",
             words_clock(day, round->arrive).text, home->to >= 0 ? "Back" : "End of round");
}

/* Rounds by carer: indices of rounds, those of one page carer together and in order of time. */
static int32_t *rounds_by_carer(const page *p, int32_t *first)
{
    const answer *a = p->a;
    int32_t *rounds = calloc((size_t)a->plan->n_rounds + 1, sizeof *rounds);
    if (!rounds)
        return NULL;
    for (int32_t r = 0; r < a->plan->n_rounds; r++)
        first[p->place_of[a->day->problem->shifts[a->plan->rounds[r].shift].carer] + 1]++;
    for (int32_t i = 0; i < p->n_carers; i++)
        first[i + 1] += first[i];
    for (int32_t r = a->plan->n_rounds - 1; r >= 0; r--) {
        const int32_t place = p->place_of[a->day->problem->shifts[a->plan->rounds[r].shift].carer];
        rounds[--first[place + 1]] = r;
    }
    return rounds;
}

static int by_departure(const void *a, const void *b, void *plan)
{
    const cr_round *x = &((const cr_plan *)plan)->rounds[*(const int32_t *)a];
    const cr_round *y = &((const cr_plan *)plan)->rounds[*(const int32_t *)b];
    return x->depart != y->depart ? (x->depart < y->depart ? -1 : 1) : x->shift < y->shift ? -1 : x->shift > y->shift;
}

static void put_sheet(const page *p, int32_t place, int32_t *rounds, int32_t n, FILE *out)
{
    const cr_day *day = p->a->day;
    const page_carer *c = &p->carers[place];
    const day_carer *carer = &day->carers[c->carer];
    qsort_r(rounds, (size_t)n, sizeof *rounds, by_departure, (void *)(uintptr_t)p->a->plan);
    html_put(out,
             "<details class=\"sheet c%d\" id=\"sheet-%d\" data-c=\"%d\"><summary><span class=\"chip\">%d</span> "
             "<b>%s</b> <span class=\"note\">%s%s%s, %s, %d %s, %s of travel, %s</span></summary>\n",
             page_colour(place), place + 1, place, place + 1, carer->name,
             carer->provider >= 0 ? day->providers[carer->provider].name : "", *carer->team ? ", team " : "",
             carer->team, words_dates(day).text, c->n_visits, c->n_visits == 1 ? "visit" : "visits",
             words_duration(c->travel).text, words_distance(day, c->dist_m).text);
    html_put(out, "<div class=\"scroll\"><table class=\"run\"><thead><tr><th scope=\"col\">Way there</th><th "
                  "scope=\"col\">There</th><th scope=\"col\">Care</th><th scope=\"col\">Client</th><th "
                  "scope=\"col\">Address</th><th scope=\"col\">Notes</th></tr></thead>\n");
    for (int32_t i = 0; i < n; i++)
        put_round_rows(p, rounds[i], out);
    html_put(out, "</table></div></details>\n");
}

cr_status html_sheets(const page *p, FILE *out)
{
    /* After rounds_by_carer(), the rounds of carer i are [first[i + 1], first[i + 2]), the last up to all rounds. */
    int32_t *first = calloc((size_t)p->n_carers + 2, sizeof *first);
    int32_t *rounds = first ? rounds_by_carer(p, first) : NULL;
    for (int32_t i = 0; rounds && i < p->n_carers; i++) {
        const int32_t end = i + 1 < p->n_carers ? first[i + 2] : p->a->plan->n_rounds;
        put_sheet(p, i, &rounds[first[i + 1]], end - first[i + 1], out);
    }
    bool ok = rounds;
    free(first);
    free(rounds);
    return ok ? CR_OK : CR_E_NOMEM;
}

/* ---- clients ---- */

/* Nobody comes: when somebody should. */
static void put_lost_call(const cr_day *day, int32_t v, FILE *out)
{
    const cr_range windows = day->problem->visits[v].windows;
    html_put(out, "<b class=\"alarm\">%s%snot placed</b>", day->visits[v].band, *day->visits[v].band ? " " : "");
    for (int32_t w = windows.first; w < windows.first + windows.n; w++)
        html_put(out, "%s%s&#8211;%s", w > windows.first ? ", " : ", due ",
                 words_clock(day, day->problem->windows[w].open).text,
                 words_clock(day, day->problem->windows[w].close).text);
    html_put(out, "</li>");
}

static void put_call(const page *p, int32_t v, FILE *out)
{
    const answer *a = p->a;
    const cr_day *day = a->day;
    const cr_visit *visit = &day->problem->visits[v];
    const int32_t first_stop = a->itinerary->stop_of_slot[visit->slots.first];
    html_put(out, "<li data-v=\"%d\">", v);
    if (first_stop == CR_NONE) {
        put_lost_call(day, v, out);
        return;
    }
    html_put(out, "<b>%s</b> ", words_clock(day, a->itinerary->stops[first_stop].start).text);
    for (int32_t i = visit->slots.first; i < visit->slots.first + visit->slots.n; i++) {
        const int32_t stop = a->itinerary->stop_of_slot[i];
        if (stop == CR_NONE)
            continue;
        const int32_t carer = day->problem->shifts[a->plan->rounds[a->itinerary->stops[stop].round].shift].carer;
        html_put(out, "%s%s", i > visit->slots.first ? " and " : "", day->carers[carer].name);
    }
    html_put(out, "</li>");
}

/* Visits of each client in the order of the input, which is the order of the day in any list that people keep. */
cr_status html_clients(const page *p, FILE *out)
{
    const cr_day *day = p->a->day;
    const int32_t n = day->problem->n_visits;
    int32_t *next = calloc((size_t)n + 1, sizeof *next);
    int32_t *head = calloc((size_t)day->n_clients + 1, sizeof *head);
    for (int32_t v = n - 1; next && head && v >= 0; v--) {
        next[v] = head[day->visits[v].client];
        head[day->visits[v].client] = v + 1; /* 0 ends the list */
    }
    if (next && head)
        html_put(out, "<div class=\"scroll\"><table class=\"clients\"><thead><tr><th scope=\"col\">Client</th><th "
                      "scope=\"col\">Address</th><th scope=\"col\">Calls</th></tr></thead><tbody>\n");
    for (int32_t c = 0; next && head && c < day->n_clients; c++) {
        if (day->clients[c].is_held_back)
            continue;
        html_put(out, "<tr data-k=\"%d\"><th scope=\"row\">%s</th><td>%s %s</td><td><ul class=\"calls\">", c,
                 day->clients[c].name, day->clients[c].address, day->clients[c].postcode);
        for (int32_t v = head[c]; v > 0; v = next[v - 1])
            put_call(p, v - 1, out);
        html_put(out, "</ul></td></tr>\n");
    }
    bool ok = next && head;
    if (ok)
        html_put(out, "</tbody></table></div>\n");
    free(next);
    free(head);
    return ok ? CR_OK : CR_E_NOMEM;
}
